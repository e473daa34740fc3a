//! The order of priority names.

use crate::words::Words;

/// Names by urgency, the most urgent last.
const SCALE: [(i64, &[&str]); 6] = [
    (
        1,
        &[
            "lowest",
            "trivial",
            "very low",
            "planning",
            "niedrigste",
            "sehr niedrig",
            "tres basse",
            "muy baja",
            "molto bassa",
            "zeer laag",
            "muito baixa",
            "最低",
            "optional",
            "none urgent",
        ],
    ),
    (
        2,
        &[
            "low",
            "minor",
            "niedrig",
            "gering",
            "basse",
            "faible",
            "baja",
            "bajo",
            "bassa",
            "laag",
            "baixa",
            "低",
            "sev low",
            "niska",
            "lav",
            "lag",
            "низкий",
        ],
    ),
    (
        3,
        &[
            "medium",
            "moderate",
            "normal",
            "standard",
            "default",
            "average",
            "mittel",
            "moyenne",
            "moyen",
            "normale",
            "media",
            "medio",
            "gemiddeld",
            "normaal",
            "media",
            "中",
            "通常",
            "普通",
            "srednia",
            "middel",
            "средний",
        ],
    ),
    (
        4,
        &[
            "high",
            "major",
            "important",
            "hoch",
            "wichtig",
            "haute",
            "elevee",
            "eleve",
            "importante",
            "alta",
            "alto",
            "hoog",
            "belangrijk",
            "高",
            "重要",
            "wysoka",
            "hoj",
            "hog",
            "высокий",
        ],
    ),
    (
        5,
        &[
            "urgent",
            "very high",
            "highest",
            "immediate",
            "expedite",
            "dringend",
            "sehr hoch",
            "hochste",
            "tres haute",
            "urgente",
            "muy alta",
            "molto alta",
            "zeer hoog",
            "spoed",
            "muito alta",
            "最高",
            "緊急",
            "至急",
            "срочный",
        ],
    ),
    (
        6,
        &[
            "critical",
            "blocker",
            "emergency",
            "showstopper",
            "catastrophic",
            "kritisch",
            "notfall",
            "critique",
            "bloquant",
            "critica",
            "critico",
            "kritiek",
            "致命的",
            "критический",
        ],
    ),
];

/// Ranks of priority names: position and rank for every value that is not empty, a larger rank being more urgent.
///
/// Words decide; else numbers do, and then 1 is the most urgent, as in ITIL (`P1`, `Sev 2`, `1 - Critical`, `3`).
/// `None` where some value is on no scale, or where all are equal.
#[must_use]
pub fn priority_rank(values: &[&str]) -> Option<Vec<(usize, i64)>> {
    let filled = || values.iter().enumerate().filter(|(_, value)| !is_nothing(value));
    let by_words: Option<Vec<(usize, i64)>> = filled().map(|(at, value)| Some((at, word_rank(value)?))).collect();
    let by_numbers =
        || -> Option<Vec<(usize, i64)>> { filled().map(|(at, value)| Some((at, -level(value)?))).collect() };
    let ranks = match by_words {
        // two names on one step: the numbers tell them apart
        Some(words) if !has_doubles(&words, values) => words,
        Some(words) => by_numbers().unwrap_or(words),
        None => by_numbers()?,
    };
    let first = ranks.first()?.1;
    ranks.iter().any(|(_, rank)| *rank != first).then_some(ranks)
}

fn has_doubles(ranks: &[(usize, i64)], values: &[&str]) -> bool {
    ranks.iter().any(|(a, x)| ranks.iter().any(|(b, y)| x == y && values[*a] != values[*b]))
}

fn is_nothing(value: &str) -> bool {
    matches!(
        value.trim().to_lowercase().as_str(),
        "" | "?" | "-" | "null" | "none" | "n/a" | "not set" | "unknown" | "nan" | "(none)"
    )
}

fn word_rank(value: &str) -> Option<i64> {
    let words = Words::new(value);
    // the longest name wins: very high before high, 最高 before 高
    let hits = SCALE.iter().flat_map(|(rank, names)| names.iter().map(move |name| (name, *rank)));
    let best = hits.filter(|(name, _)| words.has(name)).max_by_key(|(name, _)| name.len());
    let extra = words.count() > 4;
    best.map(|(_, rank)| rank).filter(|_| !extra)
}

/// The number of `P1`, `Sev 2`, `S3`, `1 - x`, `Priority 4`, `2`; one digit only.
fn level(value: &str) -> Option<i64> {
    let words = Words::new(value);
    let first = words.each().next()?;
    let digit = |word: &str| (word.len() == 1).then(|| word.parse::<i64>().ok()).flatten();
    let marked = ["prio", "priority", "sev", "severity", "level", "p", "s"];
    let split = first
        .strip_prefix("prio")
        .or_else(|| first.strip_prefix("sev"))
        .or_else(|| first.strip_prefix('p'))
        .or_else(|| first.strip_prefix('s'));
    if let Some(number) = digit(first).or_else(|| split.and_then(digit)) {
        return Some(number);
    }
    if marked.contains(&first) { words.each().nth(1).and_then(digit) } else { None }
}

#[cfg(test)]
mod tests {
    use super::priority_rank;

    fn order(values: &[&str]) -> Option<Vec<usize>> {
        let mut ranks = priority_rank(values)?;
        ranks.sort_by_key(|(_, rank)| -rank);
        Some(ranks.into_iter().map(|(at, _)| at).collect())
    }

    #[test]
    fn scales_are_ordered_from_the_most_urgent() {
        let scales: [&[&str]; 14] = [
            &["1 - Critical", "2 - High", "3 - Moderate", "4 - Low", "5 - Planning"],
            &["1 - High", "2 - Medium", "3 - Low"],
            &["P1", "P2", "P3", "P4"],
            &["Sev 1", "Sev 2", "Sev 3"],
            &["Highest", "High", "Medium", "Low", "Lowest"],
            &["Blocker", "Major", "Minor", "Trivial"],
            &["Urgent", "High", "Normal", "Low"],
            &["1", "2", "3", "4", "5"],
            &["Kritisch", "Hoch", "Mittel", "Niedrig"],
            &["Critique", "Haute", "Normale", "Basse"],
            &["Urgente", "Alta", "Media", "Baja"],
            &["Spoed", "Hoog", "Normaal", "Laag"],
            &["緊急", "高", "中", "低"],
            &["Crítica", "Alta", "Média", "Baixa"],
        ];
        for scale in scales {
            assert_eq!(order(scale), Some((0..scale.len()).collect()), "{scale:?}");
        }
        assert_eq!(order(&["Low", "", "?", "High"]), Some(vec![3, 0]));
    }

    #[test]
    fn other_values_are_no_scale() {
        for values in [
            &["Network", "Software"][..],
            &["High", "Hardware"],
            &["High"],
            &[],
            &["10023", "10024"],
            &["Group 1", "Group 2"],
            &["", "?"],
            &["12", "15"],
        ] {
            assert_eq!(priority_rank(values), None, "{values:?}");
        }
    }
}
