//! `findings.json`: the contract other programs read.

use std::fmt::Write;

use super::model::Findings;
use crate::log::text::push_visible;

/// The findings as indented JSON with a final line end.
///
/// A float that is not finite would be a bug and becomes `null`. Characters that could mislead a terminal
/// stand as `\u` escapes, which read back as the same text.
///
/// # Panics
///
/// Never for this type: its keys are strings and no serializer of its parts fails.
#[must_use]
pub fn findings_json(findings: &Findings) -> String {
    let mut json = serde_json::to_string_pretty(findings).expect("findings hold string keys only");
    json.push('\n');
    escape_deceptive(&json)
}

/// Escapes what `serde_json` leaves raw inside strings: DEL, C1 controls, bidirectional and invisible characters.
pub(super) fn escape_deceptive(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut shown = String::new();
    for character in json.chars() {
        if matches!(character, '\n' | ' '..='~') {
            out.push(character);
            continue;
        }
        shown.clear();
        push_visible(&mut shown, character);
        if shown.chars().eq([character]) {
            out.push(character);
        } else {
            let mut units = [0_u16; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::log::LogText;
    use crate::report::fixture;

    #[test]
    fn unknown_values_are_null_and_floats_finite() {
        let mut findings = fixture::findings();
        findings.kpis.reopen_rate = Some(f64::NAN);
        findings.readiness.score = f64::INFINITY;
        let json = findings_json(&findings);
        assert!(json.ends_with("}\n") && json.starts_with("{\n  \"schema\": \"wcaf.findings/1\",\n"));
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["kpis"]["reopen_rate"], Value::Null);
        assert_eq!(value["readiness"]["score"], Value::Null);
        assert_eq!(value["ageing"], Value::Null);
        assert_eq!(value["sla"][0]["worst"][0]["ended"], Value::Null);
        assert_eq!(value["mapping"]["case"]["column"], "number");
    }

    #[test]
    fn text_reads_back_exactly_and_never_steers_a_terminal() {
        let nasty = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{2028}é東\u{1F469}\u{200d}\"\\\n";
        let mut findings = fixture::findings();
        findings.states[0].state = LogText::new(nasty);
        let json = findings_json(&findings);
        assert!(json.chars().all(|character| character == '\n' || !character.is_control()));
        assert!(!json.contains('\u{202e}') && json.contains('東'));
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["states"][0]["state"], nasty);
    }
}
