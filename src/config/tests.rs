//! Tests of the configuration file.

use super::{Bound, Config, Encoding, Family, HandoffKind, Means, Milli, MissingOwner, Source};

const FULL: &str = r#"
family = "snapshot"
encoding = "windows-1252"
date_format = "%d/%m/%Y %H:%M"
timezone = "Europe/Berlin"
missing_owner = "unassigned"
touch_window = "2m"

[mapping]
case = "number"
time = "sys_updated_at"
start = "begin"
enabled = "ready"
activity = ""
state = "incident_state"
group = "assignment_group"
assignee = "assigned_to"
actor = "sys_updated_by"
comment = "comments"
comment_visibility = "public"
priority = "priority"
requester = "caller_id"
outcome = "closed_code"
tie_break = "sys_mod_count"
segments = ["priority", "category"]

[mapping.counters]
reassignment_count = "reassignment_count"
reopens = "reopen_count"
updates = "sys_mod_count"

[mapping.nulls]
default = ["?"]
assigned_to = ["-", "none"]

[activity_means]
default = "completed"
"In Progress" = "entry"

[states]
"On Hold" = "waiting_requester"

[values.state]
"WIP" = "In Progress"

[bots]
names = ["Updated by 908"]
not = ["Abbott"]

[handoff]
definition = "group_or_unassigned"

[assumptions]
currency = "EUR"
rate_per_hour = { low = 40, base = 55.5, high = 70, source = "client" }

[assumptions.minutes_per_touch]
A = { low = 2, base = 4, high = 8, source = "default" }
B = { low = 1, base = 2.5, high = 5 }

[choke_points]
min_stays = 30
weights = { variability = 0.2 }

[levels]
automate_confidence = 0.95
money_at_risk = 12.5
regulatory = false
customer_impact = "low"

[limits]
cell = "2MiB"
record = 5000
ratio = 300
"#;

#[test]
fn a_full_file_is_read() {
    let config = Config::parse(FULL, "wcaf.toml").unwrap();
    assert_eq!(config.family, Some(Family::Snapshot));
    assert_eq!(config.missing_owner, Some(MissingOwner::Unassigned));
    assert_eq!(config.touch_window.ms, 120_000);
    assert_eq!(config.encoding, Some(Encoding::Windows1252));
    let limits = [Bound::Cell, Bound::Record, Bound::Ratio, Bound::Depth].map(|bound| config.limits.get(bound));
    assert_eq!(limits, [Some(2 << 20), Some(5_000), Some(300), None]);
    assert_eq!(config.mapping.activity.as_deref(), Some(""));
    assert_eq!(config.mapping.nulls["assigned_to"], ["-", "none"]);
    assert_eq!(config.activity_means.default, Some(Means::Completed));
    assert_eq!(config.activity_means.values["In Progress"], Means::Entry);
    assert_eq!(config.handoff.definition, Some(HandoffKind::GroupOrUnassigned));
    let rate = config.assumptions.rate_per_hour.unwrap();
    assert_eq!((rate.base, rate.source), (Milli(55_500), Source::Client));
    assert_eq!(config.assumptions.minutes_per_touch.b.unwrap().base, Milli(2_500));
    assert_eq!((config.choke_points.min_stays, config.choke_points.weights.variability), (30, Milli(200)));
    assert_eq!((config.levels.automate_confidence, config.levels.readiness), (Milli(950), Milli(600)));
    assert_eq!((config.levels.money_at_risk, config.levels.regulatory), (Some(Milli(12_500)), Some(false)));
    assert_eq!(config.levels.customer_impact, Some(super::CustomerImpact::Low));
}

#[test]
fn an_empty_file_is_the_default() {
    assert_eq!(Config::parse("", "wcaf.toml").unwrap(), Config::default());
    let short = Config::parse("activity_means = \"entry\"", "wcaf.toml").unwrap();
    assert_eq!(short.activity_means.default, Some(Means::Entry));
}

#[test]
fn mistakes_name_their_line_and_the_nearest_key() {
    let cases = [
        ("\n[mapping]\ncase = \"a\"\nasignee = \"b\"\n", "wcaf.toml:4", "did you mean `assignee`?"),
        ("date_fromat = \"x\"\n", "wcaf.toml:1", "did you mean `date_format`?"),
        ("[mapping.counters]\nqqq = \"x\"\n", "wcaf.toml:2", "the keys here are reassignment_count, reopens, updates"),
        ("[states]\n\"On Hold\" = \"waiting_requestor\"\n", "wcaf.toml", "write `\"On Hold\" = \"waiting_requester\"`"),
        ("touch_window = \"60\"\n", "wcaf.toml:1", "has no unit\n  --> wcaf.toml:1\n\nhint: write `\"60h\"`"),
        ("touch_window = \"2bh\"\n", "wcaf.toml:1", "\"2bh\" is business time"),
        ("family = \"snapshots\"\n", "wcaf.toml:1", "snapshot"),
        ("[mapping\n", "wcaf.toml:1", "error"),
        ("[assumptions]\nrate_per_hour = { low = 9, base = 5, high = 7 }\n", "wcaf.toml", "not in rising order"),
        ("[assumptions]\nrate_per_hour = { low = -9, base = 5, high = 7 }\n", "wcaf.toml:2", "a number from 0"),
        ("[choke_points]\nmin_stays = 0\n", "wcaf.toml", "at least"),
        ("encoding = \"cp437\"\n", "wcaf.toml:1", "windows-1252"),
        ("[limits]\ncell = \"1MB\"\n", "wcaf.toml:2", "a size such as \"16MiB\""),
        ("[limits]\nrecord = -1\n", "wcaf.toml:2", "a size such as \"16MiB\""),
        ("[limits]\ncolumns = 0\n", "wcaf.toml", "limits.columns is 0; it must lie between 1 and 65536"),
        ("[levels]\nreadiness = 60\n", "wcaf.toml", "levels.readiness is a share and lies between 0 and 1"),
        ("[choke_points.weights]\noutside = 2\n", "wcaf.toml", "choke_points.weights.outside is a share"),
    ];
    for (text, place, part) in cases {
        let problem = Config::parse(text, "wcaf.toml").unwrap_err();
        let shown = problem.to_string();
        assert_eq!(problem.kind().exit_code(), 2, "{shown}");
        assert!(shown.contains(place) && shown.contains(part), "{text}\n{shown}");
    }
}

#[test]
fn a_workshop_settles_what_it_says_and_keeps_the_rest() {
    let text = "[levels]\nmoney_at_risk = 5\nregulatory = true\n[assumptions]\ncurrency = \"EUR\"\n\
                [workshop.levels]\nregulatory = false\n[workshop.states]\nParked = \"blocked\"\n";
    let mut config = Config::parse(text, "wcaf.toml").unwrap();
    assert_eq!((config.levels.money_at_risk, config.levels.regulatory), (Some(Milli(5_000)), Some(false)));
    assert_eq!(config.states["Parked"], "blocked");
    let file = "[guess]\nhandoffs_per_case = 2\nescalated_percent = 12.5\nnext_step_median = \"8h\"\n\
                [assumptions]\nrate_per_hour = { low = 1, base = 2, high = 3 }\n";
    config.take_workshop(file, "workshop.toml").unwrap();
    assert_eq!(config.assumptions.currency.as_deref(), Some("EUR"));
    assert_eq!(config.assumptions.rate_per_hour.as_ref().unwrap().base, Milli(2_000));
    let made: Vec<(&str, f64)> =
        config.workshop.guess.all().iter().filter_map(|guess| Some((guess.key, guess.value?))).collect();
    assert_eq!(made, [("handoffs_per_case", 2.0), ("next_step_median", 28_800_000.0), ("escalated_percent", 0.125)]);
}

#[test]
fn mistakes_in_a_workshop_file_name_their_line() {
    let cases = [
        ("[guess]\nhandoff_per_case = 2\n", "workshop.toml:2", "did you mean `handoffs_per_case`?"),
        ("[guess]\nnext_step_median = \"8\"\n", "workshop.toml:2", "write `\"8h\"`"),
        ("[gues]\n", "workshop.toml:1", "did you mean `guess`?"),
        ("[levels]\ncustomer_impact = \"medium\"\n", "workshop.toml:2", "low"),
        ("[states]\nNew = \"que\"\n", "workshop.toml", "write `\"New\" = \"queue\"`"),
    ];
    for (text, place, part) in cases {
        let shown = Config::default().take_workshop(text, "workshop.toml").unwrap_err().to_string();
        assert!(shown.contains(place) && shown.contains(part), "{text}\n{shown}");
    }
}
