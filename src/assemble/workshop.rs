//! What people guessed in a workshop, beside what the log says.

use super::Reasons;
use crate::config::Config;
use crate::report::model::{GuessFound, Kpis, Question, WorkshopFound};

/// The guesses that were made; nothing where there is none.
pub fn workshop(config: &Config, kpis: &Kpis, questions: &[Question], unknown: &mut Reasons) -> Option<WorkshopFound> {
    let guesses: Vec<GuessFound> = config
        .workshop
        .guess
        .all()
        .into_iter()
        .filter_map(|made| {
            let measured = measured(made.metric, kpis, questions);
            Some(GuessFound { key: made.key, metric: made.metric, guess: made.value?, measured })
        })
        .collect();
    for (index, guess) in guesses.iter().enumerate().filter(|(_, guess)| guess.measured.is_none()) {
        let message = format!("the log cannot tell `{}`", guess.metric);
        unknown.add(format!("/workshop/guesses/{index}/measured"), "not_known", message);
    }
    if guesses.is_empty() {
        let message = "nobody guessed: fill `workshop.toml`, which `-o` writes, and give it with `--workshop`";
        unknown.add("/workshop", "no_guesses", message);
        return None;
    }
    Some(WorkshopFound { guesses })
}

/// The value of a findings key that can be guessed.
#[expect(clippy::cast_precision_loss, reason = "durations are below 2^53 ms")]
fn measured(metric: &str, kpis: &Kpis, questions: &[Question]) -> Option<f64> {
    let answer =
        |id: &str, key: &str| questions.iter().find(|question| question.id == id)?.values.get(key).copied().flatten();
    let wall = &kpis.cycle_time_ms.wall;
    match metric {
        "kpis.handoffs_per_case.mean" => kpis.handoffs_per_case.as_ref().map(|found| found.mean),
        "questions[D41].values.share_of_cases" => answer("D41", "share_of_cases"),
        "questions[D42].values.p50_ms" => answer("D42", "p50_ms"),
        "questions[D42].values.p90_ms" => answer("D42", "p90_ms"),
        "kpis.status_chases_per_case" => kpis.status_chases_per_case,
        "kpis.escalation_rate" => kpis.escalation_rate,
        "kpis.cycle_time_ms.wall.p50" => wall.p50.map(|ms| ms as f64),
        "kpis.cycle_time_ms.wall.p90" => wall.p90.map(|ms| ms as f64),
        "kpis.reopen_rate" => kpis.reopen_rate,
        _ => None,
    }
}
