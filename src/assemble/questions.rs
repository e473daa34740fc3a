//! The five questions of the framework, answered in sentences with the numbers in them.

use std::collections::BTreeMap;

use super::comments::why_unread;
use super::flow::NextStep;
use super::measure::Measured;
use super::share;
use crate::comments::Marks;
use crate::counts::{count, counted, decimal};
use crate::log::LogText;
use crate::report::model::{Buckets, Kpis, Question};

pub fn questions(measured: &Measured, kpis: &Kpis, buckets: &Buckets, next_step: &NextStep) -> Vec<Question> {
    vec![
        ownership(measured, kpis),
        information(measured),
        next(next_step),
        chases(measured, kpis, buckets),
        escalation(measured, kpis),
    ]
}

fn question(
    id: &'static str,
    question: &'static str,
    answer: Result<String, String>,
    values: &[(&str, Option<f64>)],
) -> Question {
    let (answer, missing) = match answer {
        Ok(answer) => (answer, None),
        Err(missing) => (format!("Not known: {missing}."), Some(missing)),
    };
    let values: BTreeMap<String, Option<f64>> =
        values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    Question { id, question, answer: LogText::new(answer), values, missing }
}

fn ownership(measured: &Measured, kpis: &Kpis) -> Question {
    let text = "How often does ownership change per case?";
    let (Some(per_case), Some(rate), Some(headline)) =
        (&kpis.handoffs_per_case, &kpis.reassignment_rate, measured.semantics.headline)
    else {
        return question("D40", text, Err("no column names an owner".to_owned()), &[]);
    };
    let answer = format!(
        "{:.2} times on average (definition `{}`; median {:.0}, 90 % of cases at most {:.0}, largest {}); {:.1} % of cases change owner at least once.",
        per_case.mean,
        headline.as_str(),
        per_case.p50,
        per_case.p90,
        per_case.max,
        rate.of_cases * 100.0
    );
    #[expect(clippy::cast_precision_loss, reason = "a count within one case")]
    let max = per_case.max as f64;
    let values = [
        ("mean", Some(per_case.mean)),
        ("p50", Some(per_case.p50)),
        ("p90", Some(per_case.p90)),
        ("max", Some(max)),
        ("share_of_cases", Some(rate.of_cases)),
    ];
    question("D40", text, Ok(answer), &values)
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn information(measured: &Measured) -> Question {
    let text = "How often is a case blocked for missing information?";
    let exceptions = &measured.swept.exceptions;
    let cases = measured.swept.totals.cases;
    let known = measured.semantics.states.iter().any(|state| state.class == crate::states::Class::WaitingRequester);
    if !known {
        let missing = "no state of the log means waiting for the requester".to_owned();
        return question("D41", text, Err(missing), &[]);
    }
    let of_cases = share(exceptions.information_cases, cases);
    let per_case = share(exceptions.information_waits, cases);
    let answer = format!(
        "{:.1} % of cases wait for the requester at least once; {} in {}.",
        of_cases.unwrap_or(0.0) * 100.0,
        counted(exceptions.information_waits, "such wait", "such waits"),
        counted(exceptions.information_cases, "case", "cases")
    );
    let values = [
        ("share_of_cases", of_cases),
        ("cases", Some(exceptions.information_cases as f64)),
        ("runs", Some(exceptions.information_waits as f64)),
        ("runs_per_case", per_case),
    ];
    question("D41", text, Ok(answer), &values)
}

#[expect(clippy::cast_precision_loss, reason = "durations in ms, shown in hours")]
fn next(next_step: &NextStep) -> Question {
    let text = "What are the median and 90th percentile of the time to the next step after a state change?";
    let n = next_step.n;
    let [Some(p50), Some(p90)] = next_step.p50_p90_ms else {
        return question("D42", text, Err("no case changes its state twice".to_owned()), &[]);
    };
    let hours = |ms: i64| ms as f64 / 3_600_000.0;
    let mut answer = format!(
        "Median {} h, 90th percentile {} h on the wall clock, over {}.",
        decimal(hours(p50), 1),
        decimal(hours(p90), 1),
        counted(n, "change of state", "changes of state")
    );
    let mut values = vec![("n", Some(n as f64)), ("p50_ms", Some(p50 as f64)), ("p90_ms", Some(p90 as f64))];
    if let Some([p50, p90]) = next_step.p50_p90_business_ms {
        if let (Some(p50), Some(p90)) = (p50, p90) {
            let (half, most) = (decimal(hours(p50), 1), decimal(hours(p90), 1));
            answer = format!("{answer} In working hours: median {half} h, 90th percentile {most} h.");
        }
        let float = |ms: Option<i64>| ms.map(|ms| ms as f64);
        values.extend([("p50_business_ms", float(p50)), ("p90_business_ms", float(p90))]);
    }
    question("D42", text, Ok(answer), &values)
}

fn chases(measured: &Measured, kpis: &Kpis, buckets: &Buckets) -> Question {
    let text = "How many pings, comments and meetings does a case take to get an update?";
    if let Some(chases) = kpis.status_chases_per_case {
        return question("D43", text, Ok(pings(measured, chases)), &[("chases_per_case", Some(chases))]);
    }
    let proxy = buckets.b.touches_per_case.filter(|_| buckets.b.proxy);
    let missing = match proxy {
        Some(bound) => format!(
            "the log has no comments and names no status checks. At most {bound:.2} touches per case changed nothing visible, an upper bound that also holds other silent updates"
        ),
        None if measured.log.actor.is_none() => {
            "no column says who acted, so neither status checks nor silent touches can be counted".to_owned()
        }
        None => format!("no event kind names a status check, and {}", why_unread(measured)),
    };
    question("D43", text, Err(missing), &[("chases_per_case", None), ("proxy_touches_per_case", proxy)])
}

/// How many pings a case takes, and of how many of them somebody had written before without an answer.
fn pings(measured: &Measured, chases: f64) -> String {
    let tally = &measured.swept.touches;
    let with = |mark: Marks| {
        let counts = Marks::NAMED.iter().zip(&tally.marks).filter(|((_, known), _)| *known == mark);
        counts.map(|(_, count)| *count).sum::<u64>()
    };
    let end = "meetings leave no trace in the log.";
    if measured.semantics.voices.is_none() {
        return format!("{chases:.2} status checks per case; {end}");
    }
    format!(
        "{chases:.2} status checks per case. {} and {} by people who had no reply to the one before; {end}",
        counted(with(Marks::CHASE), "comment asks how things stand", "comments ask how things stand"),
        counted(with(Marks::RE_PING), "comes again", "come again")
    )
}

fn escalation(measured: &Measured, kpis: &Kpis) -> Question {
    let text = "What share of cases escalates, and why?";
    let cases = measured.swept.totals.escalated;
    match kpis.escalation_rate {
        Some(rate) => {
            let answer = format!(
                "{:.1} % of cases ({}): their priority rose{}. The log names no reasons.",
                rate * 100.0,
                count(cases),
                if measured.semantics.voices.is_some() {
                    ", an event is named an escalation, or a comment raises them"
                } else {
                    " or an event is named an escalation"
                }
            );
            question("D44", text, Ok(answer), &[("share_of_cases", Some(rate))])
        }
        None => question(
            "D44",
            text,
            Err("no ranked priority, no escalation event and no comment that is read in the log".to_owned()),
            &[("share_of_cases", None)],
        ),
    }
}
