//! What the terminal shows, and that no line is too wide.

use super::{Style, render};
use crate::report::clocks::Clocks;
use crate::report::fixture;
use crate::report::visible::width;

fn style(width: usize) -> Style {
    Style { width, ..Style::default() }
}

#[test]
fn a_full_report_at_80_columns() {
    insta::assert_snapshot!(render(&fixture::findings(), style(80), Clocks::Both));
}

#[test]
fn a_full_report_at_120_columns() {
    insta::assert_snapshot!(render(&fixture::findings(), style(120), Clocks::Both));
}

#[test]
fn a_report_of_almost_nothing() {
    insta::assert_snapshot!(render(&fixture::empty(), style(80), Clocks::Both));
}

#[test]
fn no_line_is_wider_than_the_page() {
    for findings in [fixture::findings(), fixture::empty()] {
        for columns in [60, 72, 80, 81, 100, 110, 120, 200] {
            for unicode in [true, false] {
                let text = render(&findings, Style { width: columns, colour: false, unicode }, Clocks::Both);
                for line in text.lines() {
                    assert!(width(line) <= columns, "{columns}: {line}");
                    assert_eq!(line.trim_end(), line);
                }
            }
        }
    }
}

#[test]
fn huge_numbers_do_not_break_the_page() {
    let mut findings = fixture::findings();
    for state in &mut findings.states {
        (state.visits, state.total_ms, state.open_visits) = (u64::MAX, i64::MAX, u64::MAX);
        state.completed_ms.p50 = Some(i64::MAX);
    }
    for point in &mut findings.choke_points {
        (point.stays, point.p50_ms, point.p90_ms, point.total_ms) = (u64::MAX, i64::MIN, i64::MAX, i64::MAX);
    }
    findings.roi.assumptions[0].value.high = 1e300;
    findings.interventions[0].value_per_month = Some(crate::report::model::Range { low: 0, base: 1, high: i64::MAX });
    (findings.input.rows_read, findings.input.rows_rejected) = (0, u64::MAX);
    for columns in [60, 80, 120] {
        for line in render(&findings, style(columns), Clocks::Both).lines() {
            assert!(width(line) <= columns, "{columns}: {line}");
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let findings = fixture::findings();
    let plain = render(&findings, style(80), Clocks::Both);
    let coloured = render(&findings, Style { colour: true, ..style(80) }, Clocks::Both);
    let mut stripped = coloured.clone();
    for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[33m"] {
        stripped = stripped.replace(code, "");
    }
    assert_ne!(coloured, plain);
    assert_eq!(stripped, plain);
    assert!(!plain.contains('\u{1b}') && !plain.contains('\u{a0}'));
}

#[test]
fn without_unicode_only_log_text_is_not_ascii() {
    let mut findings = fixture::findings();
    findings.bots[0].evidence = fixture::t("many in one minute");
    let text = render(&findings, Style { unicode: false, ..style(80) }, Clocks::Both);
    let odd: String = text.chars().filter(|character| !character.is_ascii()).collect();
    assert_eq!(odd, "");
}

#[test]
fn every_unknown_value_has_its_reason() {
    let findings = fixture::findings();
    let text = render(&findings, style(200), Clocks::Both).split_whitespace().collect::<Vec<_>>().join(" ");
    for unknown in findings.unknown.values() {
        assert!(text.contains(&unknown.message), "{}", unknown.message);
    }
}
