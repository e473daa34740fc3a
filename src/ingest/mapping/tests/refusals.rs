//! What is refused, and the hint that gets further; flags and configuration.

use super::{Mapping, Overrides, Role, Sample, expect, is_date, shown, table};
use crate::config::{Config, Family};
use crate::error::Problem;
use crate::ingest::mapping::{How, guess};

fn refused(text: &str) -> Problem {
    let problem = guess(&table(text, ','), &Overrides::default(), "log.csv", &is_date).unwrap_err();
    assert_eq!(problem.kind().exit_code(), 3, "{problem}");
    problem
}

fn repeat(header: &str, row: impl Fn(usize) -> String) -> String {
    (0..60).fold(header.to_owned(), |text, at| format!("{text}\n{}", row(at)))
}

#[test]
fn two_equally_good_cases() {
    let text = repeat("order_id,invoice_id,activity,timestamp", |at| {
        format!("O-{},I-{},Check,2024-01-01 10:{at:02}:00", at / 4, at % 15)
    });
    let shown = refused(&text).to_string();
    assert_eq!(
        shown,
        "error: two columns could be the case: `order_id` and `invoice_id`\n  --> log.csv: `order_id` has 4.0 rows per value; `invoice_id` has 4.0 rows per value\n\nhint: add `--case order_id` or `--case invoice_id`"
    );
}

#[test]
fn two_equally_good_times() {
    let text = repeat("case_id,activity,event_time,timestamp", |at| {
        format!("{},Check,2024-01-01 10:{at:02}:00,2024-01-02 11:{at:02}:00", at / 4)
    });
    let problem = refused(&text);
    assert!(problem.message().starts_with("two columns could be the time: `event_time` and `timestamp`"), "{problem}");
    assert_eq!(problem.hints(), ["add `--time event_time` or `--time timestamp`"]);
    let text = repeat("Ticket,State,Created at,Updated at", |at| {
        format!("T{},New,2024-01-01 10:{at:02}:00,2024-01-02 11:{at:02}:00", at / 4)
    });
    assert_eq!(refused(&text).hints(), ["add `--time \"Updated at\"` or `--time \"Created at\"`"]);
}

#[test]
fn no_case_and_no_time() {
    let text = repeat("first name,score,timestamp", |at| format!("ann,{at}.5,2024-01-01 10:{at:02}:00"));
    let problem = refused(&text);
    assert_eq!(problem.message(), "no case column recognised");
    assert!(problem.hints()[0].contains("--case"), "{problem}");
    let text = repeat("case_id,activity,when it was", |at| format!("{},Check,sometime", at / 4));
    let problem = refused(&text);
    assert_eq!(problem.message(), "no time column recognised");
    assert!(problem.hints()[0].contains("--time"), "{problem}");
    let text = repeat("case_id,activity,opened_at,deadline", |at| {
        format!("{},Check,2024-01-{:02} 10:00:00,2024-02-01 10:{at:02}:00", at / 4, at / 4 + 1)
    });
    assert_eq!(refused(&text).message(), "no time column recognised", "a constant and a planned date are no time");
    let text = repeat("issue_id,label,_fivetran_synced", |at| format!("{},bug,2024-01-01 10:{at:02}:00", at / 4));
    assert!(!refused(&text).to_string().contains("--time _fivetran_synced"));
    let text = repeat("Kto,Ile,Gdzie", |at| format!("A-{},B-{},2024-01-01 10:{at:02}:00", at / 4, at / 5));
    assert_eq!(refused(&text).hints(), ["add `--case Kto` or `--case Ile`"]);
}

#[test]
fn advice_never_makes_a_case_of_a_state_or_a_group() {
    let text = repeat("status,assignment group,assignee,priority,activity,wert,timestamp", |at| {
        let of = |names: [&str; 3], every: usize| names[at / every % 3].to_owned();
        format!(
            "{},{},{},{},{},{at}.5,2024-01-01 10:{at:02}:00",
            of(["New 1", "Work 2", "Done 3"], 1),
            of(["Team 1", "Team 2", "Team 3"], 2),
            of(["a1", "b2", "c3"], 3),
            of(["P1", "P2", "P3"], 4),
            of(["Check 1", "Pay 2", "File 3"], 5)
        )
    });
    let problem = refused(&text);
    assert_eq!(problem.message(), "no case column recognised");
    for name in ["status", "\"assignment group\"", "assignee", "priority", "activity"] {
        assert!(!problem.to_string().contains(&format!("--case {name}")), "{problem}");
    }
    let text = repeat("status,wert,timestamp", |at| format!("New,{at}.5,2024-01-01 10:{at:02}:00"));
    assert!(!refused(&text).to_string().contains("--case status"));
}

#[test]
fn whole_numbers_with_a_point_are_ids() {
    let text = repeat("case_id,assignee_id,activity,timestamp", |at| {
        format!("{}.0,{}.0,Check {},2024-01-01 10:{at:02}:00", 741_005 + at / 4, 17 + at % 3, at % 4)
    });
    let mapping = guess(&table(&text, ','), &Overrides::default(), "log.csv", &is_date).unwrap();
    expect(&mapping, &[(Role::Case, "case_id"), (Role::Assignee, "assignee_id")]);
}

#[test]
fn hostile_headers_stay_text() {
    let text = repeat("order id \u{1b},invoice id,activity,timestamp", |at| {
        format!("O-{},I-{},Check,2024-01-01 10:{at:02}:00", at / 4, at % 15)
    });
    let shown = refused(&text).to_string();
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
    assert!(
        refused(&repeat("order \"id\",invoice id,activity,timestamp", |at| format!(
            "O-{},I-{},Check,2024-01-01 10:{at:02}:00",
            at / 4,
            at % 15
        )))
        .to_string()
        .contains("--case \"#1\"")
    );
}

fn two_ids() -> Sample {
    table(
        &repeat("order_id,invoice_id,activity,timestamp,timestamp2,user", |at| {
            format!(
                "O-{},I-{},Check {},2024-01-01 10:{at:02}:00,2024-01-03 10:{at:02}:00,{}",
                at / 4,
                at % 15,
                at % 7,
                ["ann", "bob"][at % 2]
            )
        }),
        ',',
    )
}

fn with(flags: &[(Role, &str)]) -> Result<Mapping, Problem> {
    let mut wanted = Overrides::default();
    for (role, column) in flags {
        wanted.flag(*role, column);
    }
    guess(&two_ids(), &wanted, "log.csv", &is_date)
}

#[test]
fn flags_decide() {
    let mapping = with(&[(Role::Case, "invoice_id"), (Role::Time, "#4")]).unwrap();
    expect(
        &mapping,
        &[(Role::Case, "invoice_id"), (Role::Time, "timestamp"), (Role::Activity, "activity"), (Role::Actor, "user")],
    );
    let case = mapping.role(Role::Case).unwrap();
    assert_eq!((case.how, case.why.as_str()), (How::Flag, "set by --case"));
    let mapping = with(&[(Role::Case, "ORDER_ID"), (Role::Actor, ""), (Role::Assignee, "")]).unwrap();
    expect(&mapping, &[(Role::Case, "order_id"), (Role::Actor, ""), (Role::Assignee, "")]);
}

#[test]
fn names_that_are_missing_or_doubled() {
    let problem = with(&[(Role::Case, "order_idd")]).unwrap_err();
    assert_eq!(problem.kind().exit_code(), 2);
    assert_eq!(problem.hints(), ["did you mean `--case order_id`?"]);
    assert!(with(&[(Role::Case, "#9")]).is_err() && with(&[(Role::Time, "")]).is_err());
    let doubled = table("id,Comment,Comment\n1,a,b\n", ',');
    let mut wanted = Overrides::default();
    wanted.flag(Role::Comment, "Comment");
    let problem = guess(&doubled, &wanted, "log.csv", &is_date).unwrap_err();
    assert_eq!(problem.hints(), ["give its position: `#2` or `#3`"]);
}

#[test]
fn configuration_is_below_flags_and_above_the_guess() {
    let config = Config::parse(
        "family = \"snapshot\"\nmissing_owner = \"unchanged\"\n[mapping]\ncase = \"order_id\"\nsegments = [\"user\"]\n[mapping.nulls]\nuser = [\"bob\"]\n",
        "wcaf.toml",
    );
    let mut wanted = Overrides::from_config(&config.unwrap());
    wanted.flag(Role::Case, "invoice_id");
    let mapping = guess(&two_ids(), &wanted, "log.csv", &is_date).unwrap();
    expect(&mapping, &[(Role::Case, "invoice_id"), (Role::Segment, "user")]);
    assert_eq!(mapping.role(Role::Segment).unwrap().how, How::Config);
    assert_eq!(
        (mapping.family, mapping.family_how, mapping.missing_owner_unassigned),
        (Family::Snapshot, How::Config, false)
    );
    assert_eq!(mapping.nulls.len(), 1, "{}", shown(&mapping));
    assert!(mapping.nulls[0].applied && mapping.nulls[0].how == How::Config);
}

#[test]
fn a_field_history_is_refused_with_a_way_out() {
    let text = repeat("ticket_id,field_name,value,updated,user_id", |at| {
        format!("{},{},v{},2024-01-01 10:{at:02}:00,u{}", at / 4, ["status", "priority"][at % 2], at % 5, at % 3)
    });
    let sample = table(&text, ',');
    let problem = guess(&sample, &Overrides::default(), "log.csv", &is_date).unwrap_err();
    assert!(problem.message().starts_with("this is a field history"), "{problem}");
    assert!(problem.hints()[1].contains("`--state value`"), "{problem}");
    let mut told = Overrides::default();
    told.flag(Role::State, "value");
    expect(&guess(&sample, &told, "log.csv", &is_date).unwrap(), &[(Role::Case, "ticket_id"), (Role::State, "value")]);
}
