//! Assist, automate or enforce: the rule that decides, and the values it decided on.

/// How far an intervention may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A person decides.
    Assist,
    /// The program acts, validated.
    Automate,
    /// A gate that cannot be passed by.
    Enforce,
}

impl Level {
    /// The name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Assist => "assist",
            Level::Automate => "automate",
            Level::Enforce => "enforce",
        }
    }
}

/// What a level is decided on. Unknown values never speak for more than assistance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Values {
    /// Lower bound of the confidence, 0 to 1.
    pub confidence: Option<f64>,
    /// Money at risk per case, major units.
    pub money_at_risk: Option<f64>,
    /// Subject to regulation.
    pub regulatory: Option<bool>,
    /// Customers notice a mistake.
    pub high_customer_impact: Option<bool>,
    /// Share of cases that violate the deterministic rule it would enforce.
    pub violation_share: Option<f64>,
}

/// Thresholds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Least confidence for `automate`.
    pub confidence: f64,
    /// Most money at risk per case for `automate`.
    pub money_at_risk: f64,
    /// Least share of violating cases for `enforce`.
    pub violation_share: f64,
    /// Below this readiness nothing goes beyond `assist`.
    pub readiness: f64,
}

/// The level and the rule that decided, in words.
#[must_use]
pub fn decide(values: Values, thresholds: Thresholds, readiness: f64) -> (Level, String) {
    if readiness < thresholds.readiness {
        let why =
            format!("readiness {readiness:.2} is below {:.2}, which caps every level at assist", thresholds.readiness);
        return (Level::Assist, why);
    }
    if let Some(share) = values.violation_share
        && share >= thresholds.violation_share
    {
        return (
            Level::Enforce,
            format!("a deterministic rule, such as a service level, is broken {:.0} % of the time", share * 100.0),
        );
    }
    let Some(confidence) = values.confidence else {
        return (Level::Assist, "the confidence is not measured yet".to_owned());
    };
    let risky = [
        (
            confidence < thresholds.confidence,
            format!("confidence {confidence:.2} is below {:.2}", thresholds.confidence),
        ),
        (values.regulatory != Some(false), "it is or may be subject to regulation".to_owned()),
        (values.high_customer_impact != Some(false), "its customer impact is or may be high".to_owned()),
        (
            values.money_at_risk.is_none_or(|money| money > thresholds.money_at_risk),
            format!("the money at risk per case is unknown or above {:.0}", thresholds.money_at_risk),
        ),
    ];
    match risky.into_iter().find(|(applies, _)| *applies) {
        Some((_, why)) => (Level::Assist, why),
        None => (Level::Automate, format!("confidence {confidence:.2} with low risk on all four values")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THRESHOLDS: Thresholds =
        Thresholds { confidence: 0.9, money_at_risk: 1000.0, violation_share: 0.1, readiness: 0.6 };
    const SAFE: Values = Values {
        confidence: Some(0.95),
        money_at_risk: Some(10.0),
        regulatory: Some(false),
        high_customer_impact: Some(false),
        violation_share: None,
    };

    #[test]
    fn high_risk_is_never_automated() {
        assert_eq!(decide(SAFE, THRESHOLDS, 1.0).0, Level::Automate);
        let risks = [
            Values { confidence: Some(0.89), ..SAFE },
            Values { confidence: None, ..SAFE },
            Values { money_at_risk: Some(1000.01), ..SAFE },
            Values { money_at_risk: None, ..SAFE },
            Values { regulatory: Some(true), ..SAFE },
            Values { regulatory: None, ..SAFE },
            Values { high_customer_impact: Some(true), ..SAFE },
            Values { high_customer_impact: None, ..SAFE },
        ];
        for risk in risks {
            assert_eq!(decide(risk, THRESHOLDS, 1.0).0, Level::Assist, "{risk:?}");
        }
    }

    #[test]
    fn low_readiness_caps_everything_and_violations_enforce() {
        assert_eq!(decide(SAFE, THRESHOLDS, 0.59).0, Level::Assist);
        let violated = Values { violation_share: Some(0.1), ..Values::default() };
        assert_eq!(decide(violated, THRESHOLDS, 0.6).0, Level::Enforce);
        assert_eq!(decide(violated, THRESHOLDS, 0.5).0, Level::Assist);
    }
}
