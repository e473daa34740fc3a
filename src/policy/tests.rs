//! The example of the design is read, mistakes are refused with a way out, and what is written reads back.

use super::*;
use crate::config::{Config, Milli};
use crate::time::Duration;

/// Every table of the form, as a person would write it.
const FULL: &str = r#"
schema = "wcaf.policy/1"
name   = "procurement-watchdog"
default_calendar = "office"

[calendar.office]
timezone = "Europe/Berlin"
day      = "8h"
mon_fri  = ["09:00-17:00"]
holidays = ["2025-04-18", "2025-04-21", "2025-05-01"]

[[sla]]
id = "approval-3bd"
when = { type = "purchase" }
start = { state = "Pending Approval" }
pause = { state_class = "waiting_external" }
stop  = { state_class = "done" }
target = "24bh"
calendar = "office"

[[router]]
id = "intake"
at = "case_created"
target = "resolver_group"
features = ["category", "subcategory", "location"]
refit = "4w"
[router.tiers]
auto    = { min_precision = 0.90, confidence = 0.95, min_support = 30, latency = "2min" }
suggest = { top_k = 3, accept_rate = 0.7, latency = "15min" }
[router.effect]
credit = "pass_through_hops"
wrong_route_cost = "empirical_bounce"

[[watchdog]]
id = "approval-aging"
when = { state = "Pending Approval" }
wait_for_quiet = "4h"
suppress = { if_paused = true }
deliver  = { calendar = "office", min_gap = "4h" }
stop_on  = ["state_change", "done"]
on_reassign = "restart"
[[watchdog.step]]
after = "48h"
action = "nudge"
to = "assignee"
effect = "nudge_owner"
[[watchdog.step]]
at = "80%"
sla = "approval-3bd"
action = "escalate"
to = "manager_of(assignee)"
effect = "escalation"
[watchdog.limits]
per_person_per_day = 4
per_case = 3
on_limit = "digest"

[effect.nudge_owner]
model   = "response"
respond = { low = 0.05, base = 0.15, high = 0.35 }
delay   = { dist = "lognormal", median = "3bh", p90 = "16bh" }
fatigue = { low = 0.6, base = 0.8, high = 1.0 }
slope   = { low = 1.0, base = 0.5, high = 0.0 }
cost    = { recipient_minutes = 2.0 }
source  = "assumed"

[effect.update]
chases_avoided = { low = 0.1, base = 0.4, high = 0.8 }
source = "assumed"

[effect.packet]
clarifications_avoided = { low = 0.1, base = 0.3, high = 0.6 }
source = "assumed"

[effect.escalation]
model   = "response"
respond = { low = 0.10, base = 0.30, high = 0.60 }
delay   = { dist = "lognormal", median = "4bh", p90 = "24bh" }
cost    = { recipient_minutes = 6.0 }
source  = "assumed"

[[stop]]
when = { no_progress = "5bd", conflicting_signals = true, missing_approval = true, customer_impacting = true }
action = "human"

[[concierge]]
id = "requester-updates"
on = ["state_change", "owner_change"]
audience = "requester"
min_gap = "1bd"
digest_after = "3bd"
effect = "update"

[[clerk]]
id = "handoff-packet"
on = "group_handoff"
requires = ["category", "summary", "last_question"]
ask_if_missing = { to = "requester", at = "once" }
effect = "packet"

[replay]
window = { from = "2025-01-01", to = "2025-06-30", warmup = "4w", cooldown = "4w" }
seed = 20250120
monte_carlo = 200

[[assert]]
id = "p90-no-regress"
metric = "kpis.cycle_time_ms.wall.p90"
vs = "baseline"
fail_if = "rel > +5%"

[[test]]
name = "weekend deferral"
events = ["2025-01-09T10:00Z state=Pending Approval assignee=ann", "2025-01-14T12:00Z state=Resolved"]
calendar_override = { office = "UTC" }
expect = [{ at = "2025-01-13T09:00Z", action = "nudge", to = "ann", deferred_from = "2025-01-11T10:00Z" },
          { at = "2025-01-13T13:00Z", action = "escalate", why = "min_gap after nudge" }]
"#;

#[test]
fn every_table_of_the_form_is_read() {
    let policy = Policy::parse(FULL, "p.toml").unwrap();
    assert_eq!(policy.watchdog[0].step[1].to, Recipient::ManagerOf("assignee".to_owned()));
    assert_eq!(policy.watchdog[0].step[0].after.map(|after| after.0), Some(Duration::parse("48h").unwrap()));
    assert_eq!(policy.effect["nudge_owner"].respond.unwrap().base, Milli(150));
    assert!(policy.stop[0].when.missing_approval);
    assert_eq!(policy.test[0].expect[0].deferred_from.as_deref(), Some("2025-01-11T10:00Z"));
    assert!(policy.test[0].events.iter().all(|event| TestEvent::parse(event).is_ok()));
}

#[test]
fn mistakes_name_their_line_and_what_to_write() {
    let cases = [
        ("on_reassign = \"restart\"", "on_reassing = \"restart\"", true, "did you mean `on_reassign`?"),
        ("after = \"48h\"", "after = \"48\"", true, "write `\"48h\"`"),
        ("action = \"nudge\"", "action = \"nag\"", true, "nudge"),
        ("to = \"assignee\"", "to = \"boss\"", true, "manager_of(assignee)"),
        ("seed = 20250120", "seed = -1", true, "-1"),
        ("effect = \"nudge_owner\"", "effect = \"nudge_owners\"", false, "did you mean `nudge_owner`?"),
        ("after = \"48h\"", "after = \"48h\"\nat = \"50%\"", false, "needs one of `after` and `at`"),
        ("default_calendar = \"office\"", "default_calendar = \"offce\"", false, "did you mean `office`?"),
        ("wcaf.policy/1", "wcaf.policy/2", false, "write `schema = \"wcaf.policy/1\"`"),
    ];
    for (right, wrong, has_line, part) in cases {
        let line = FULL.lines().position(|line| line.contains(right)).unwrap() + 1;
        let place = if has_line { format!("p.toml:{line}") } else { "p.toml".to_owned() };
        let shown = Policy::parse(&FULL.replacen(right, wrong, 1), "p.toml").unwrap_err().to_string();
        assert!(shown.contains(&place) && shown.contains(part), "{wrong}\n{shown}");
    }
}

/// A configuration with everything that a policy takes over.
const CONFIG: &str = r#"
[calendar.office]
timezone = "Europe/Berlin"
day = "8h"
mon_thu = ["09:00-12:30", "13:00-17:30"]
fri = "09:00-15:00"
holidays = ["de-by", { on = "12-24", closed = "12:00-24:00" }]
extra = ["2024-06-15 09:00-13:00"]

[[sla]]
id = "re\"solution"
kind = "all"
when = { type = ["a", "b\\c"] }
start = [{ state = "New" }, { group = true }]
pause = { state_class = "waiting_external" }
stop = { state_class = "done" }
target = { by = "priority", values = { "1" = "4bh" }, default = "3bd" }
calendar = "office"
"#;

fn duration(text: &str) -> Duration {
    Duration::parse(text).unwrap()
}

fn draft(config: &Config, rule: DraftRule) -> Draft<'_> {
    let event = |at: &str, state: &str| TestEvent {
        at: at.to_owned(),
        fields: vec![("state".to_owned(), state.to_owned()), ("assignee".to_owned(), "ann".to_owned())],
    };
    Draft {
        heading: vec!["Written for\u{202e} a test\nof hostile text".to_owned()],
        name: "watchdog.new".to_owned(),
        calendars: &config.calendars,
        days: (19_723, 20_088), // 2024
        levels: &config.service_levels,
        rule,
        when: vec![("state", Some("Ne\"w\u{202e}\n=1".to_owned())), ("group", None)],
        effect: DraftEffect { share: [Milli(50), Milli(150), Milli(300)], delay: [duration("4bh"), duration("24bh")] },
        no_progress: duration("5bd"),
        has_approvals: true,
        window: Some(("2024-01-01".to_owned(), "2024-06-30".to_owned(), 4)),
        guardrail: ("kpis.reopen_rate".to_owned(), "rel > +10%".to_owned()),
        tests: vec![DraftTest {
            name: "left alone".to_owned(),
            events: vec![event("2025-01-06T09:00Z", "a = b"), event("2025-01-06T10:00Z", "Done")],
            in_utc: true,
            expect: vec![("2025-01-06T09:30Z".to_owned(), Action::Nudge, "ann".to_owned())],
        }],
    }
}

fn rules() -> Vec<DraftRule> {
    let steps = vec![
        (duration("16bh"), Action::Nudge, Recipient::Assignee),
        (duration("40bh"), Action::Escalate, Recipient::Group),
    ];
    vec![
        DraftRule::Router { features: vec!["category".to_owned(), "a \"b\"".to_owned()] },
        DraftRule::Watchdog { steps, wait_for_quiet: duration("4h"), min_gap: duration("4h") },
        DraftRule::Concierge { min_gap: duration("1bd"), digest_after: duration("3bd") },
        DraftRule::Clerk { on: ClerkMoment::GroupHandoff, requires: vec!["category".to_owned()] },
    ]
}

#[test]
fn what_is_written_reads_back() {
    let config = Config::parse(CONFIG, "wcaf.toml").unwrap();
    for rule in rules() {
        let text = draft(&config, rule).text();
        let policy = Policy::parse(&text, "p.toml").unwrap_or_else(|problem| panic!("{problem}\n{text}"));
        let all = policy.router.len() + policy.watchdog.len() + policy.concierge.len() + policy.clerk.len();
        assert_eq!((all, policy.test.len(), policy.sla.len()), (1, 1, 1));
        let event = TestEvent::parse(&policy.test[0].events[0]).unwrap();
        assert_eq!(event.fields[0].1, "a = b");
        assert_eq!(policy.default_calendar.as_deref(), Some("office"));
        let hidden = |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
        assert!(!text.chars().any(hidden), "{text}");
        if let Some(rule) = policy.watchdog.first() {
            use crate::config::sla::WantedSection;
            assert_eq!(rule.when.0["state"], WantedSection::Texts(vec!["Ne\"w\u{202e}\n=1".to_owned()]));
            assert_eq!(rule.when.0["group"], WantedSection::Known(false));
            assert_eq!(rule.step[1].action, Action::Escalate);
        }
    }
}

/// The calendars and service levels of a policy are those of the configuration, for the time of the log.
#[test]
fn calendars_and_service_levels_keep_their_meaning() {
    let config = Config::parse(CONFIG, "wcaf.toml").unwrap();
    let text = draft(&config, rules().remove(1)).text();
    let sections: Vec<&str> = text
        .split("\n\n")
        .filter(|part| ["default_calendar", "[calendar", "[[sla]]"].iter().any(|start| part.starts_with(start)))
        .collect();
    let again = Config::parse(&sections.join("\n\n"), "p.toml").unwrap();
    let (ours, theirs) = (&config.calendars.all()[0], &again.calendars.all()[0]);
    let hour_ms = 3_600_000;
    for hour in 19_723 * 24..20_088 * 24 {
        let span = |calendar: &crate::time::Calendar| calendar.working_time(hour * hour_ms, (hour + 1) * hour_ms);
        assert_eq!(span(ours), span(theirs), "hour {hour}");
    }
    assert_eq!(ours.day_ms(), theirs.day_ms());
    let (ours, theirs) = (&config.service_levels[0], &again.service_levels[0]);
    assert_eq!((&ours.id, &ours.when, &ours.start), (&theirs.id, &theirs.when, &theirs.start));
    assert_eq!((&ours.pause, &ours.stop, &ours.target), (&theirs.pause, &theirs.stop, &theirs.target));
}
