//! Headers of many systems, with made-up rows.

use super::made::{PEOPLE, act, at, log, one_of, state, team, who};
use super::{Mapping, Overrides, Role, Sample, expect, guess, is_date, mapped, names, shown};
use crate::config::Family;

#[test]
fn disco_export() {
    let log = log("Case ID,Activity,Resource,Start Timestamp,Complete Timestamp,Variant,Variant index", ',', |c, s| {
        format!("{c},{},{},{},{},Variant {},{}", act(s), who(c, s), at(c, s), at(c, s + 1), c % 3, c % 3)
    });
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::StartEnd);
    expect(
        &mapping,
        &[
            (Role::Case, "Case ID"), (Role::Activity, "Activity"), (Role::Start, "Start Timestamp"),
            (Role::Time, "Complete Timestamp"), (Role::State, ""), (Role::Actor, "Resource"),
            (Role::Assignee, "Resource"),
        ],
    );
    assert_eq!(mapping.leaky.len(), 2, "{}", shown(&mapping));
}

#[test]
fn mining_export_with_prefixed_names() {
    let log = log(
        "case:concept:name,concept:name,time:timestamp,org:resource,org:group,case:channel,lifecycle:transition",
        ',',
        |c, s| {
            format!(
                "A{c},{},{},{},{},{},complete",
                act(s),
                at(c, s),
                who(c, s),
                team(c, s),
                one_of(&["web", "desk"], c)
            )
        },
    );
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::Activity);
    expect(
        &mapping,
        &[
            (Role::Case, "case:concept:name"), (Role::Activity, "concept:name"), (Role::Time, "time:timestamp"),
            (Role::Group, "org:group"), (Role::Actor, "org:resource"), (Role::State, ""),
        ],
    );
    assert_eq!(names(&mapping, Role::Segment), ["case:channel"]);
    assert!(!mapping.missing_owner_unassigned);
    assert!(mapping.role(Role::Assignee).unwrap().why.contains("stands in for the owner"));
}

#[test]
fn warehouse_export_in_capitals() {
    let log = log("_CASE_KEY,ACTIVITY_EN,EVENTTIME,_SORTING,USER_NAME", ',', |c, s| {
        format!("1000{c},{},{},{s},{}", act(s), at(c, s), who(c, s))
    });
    let mapping = mapped(&log);
    expect(
        &mapping,
        &[
            (Role::Case, "_CASE_KEY"), (Role::Activity, "ACTIVITY_EN"), (Role::Time, "EVENTTIME"),
            (Role::TieBreak, "_SORTING"), (Role::Actor, "USER_NAME"),
        ],
    );
}

#[test]
fn zendesk_like_updates() {
    let log = log(
        "Ticket ID,Update ID,Updated at,Status,Assignee,Group,Priority,Requester,Updated by,Comment,Public,Channel",
        ',',
        |c, s| {
            format!(
                "{},{},{},{},{},{},{},{},{},please have a look at item {c}-{s} again,{},{}",
                7000 + c,
                90_000 + c * 10 + s,
                at(c, s),
                one_of(&["new", "open", "open", "solved"], s),
                if s > 0 { who(c, 0) } else { "-" },
                team(c, s),
                one_of(&["high", "low"], c),
                PEOPLE[c % 4],
                who(c, s),
                s % 2 == 0,
                one_of(&["web", "mail"], c)
            )
        },
    );
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::Snapshot);
    expect(
        &mapping,
        &[
            (Role::Case, "Ticket ID"), (Role::Time, "Updated at"), (Role::State, "Status"),
            (Role::Assignee, "Assignee"), (Role::Group, "Group"), (Role::Actor, "Updated by"),
            (Role::Requester, "Requester"), (Role::Comment, "Comment"), (Role::CommentVisibility, "Public"),
            (Role::Priority, "Priority"),
        ],
    );
    assert_eq!(names(&mapping, Role::Segment), ["Priority", "Channel"]);
    let null = mapping.nulls.iter().find(|null| null.literal == "-").unwrap();
    assert!(null.applied && null.column == 4, "{null:?}");
    assert!(!mapping.visible.contains(&1), "a row number is no visible change");
}

#[test]
fn jira_transitions() {
    let log = log("Issue key,Issue id,Changed at,From status,To status,Author,Assignee,Issue Type", ',', |c, s| {
        format!(
            "AB-{c},{},{},{},{},{},{},{}",
            10_000 + c,
            at(c, s),
            state(s + 4),
            state(s),
            who(c, s),
            who(c, 0),
            one_of(&["Bug", "Task"], c)
        )
    });
    let mapping = mapped(&log);
    expect(
        &mapping,
        &[
            (Role::Case, "Issue key"), (Role::Time, "Changed at"), (Role::State, "To status"), (Role::Actor, "Author"),
            (Role::Assignee, "Assignee"),
        ],
    );
    assert_eq!(names(&mapping, Role::Segment), ["Issue Type"]);
    assert!(
        mapping.notes.iter().any(|note| note.message.contains("`Issue id` splits the rows into the same cases")),
        "{}",
        shown(&mapping)
    );
}

#[test]
fn salesforce_case_history() {
    let log = log("Id,CaseId,LastModifiedDate,LastModifiedById,Status,OwnerId,Priority,PreviousUpdate", ',', |c, s| {
        format!(
            "017{c}{s}XX,500{c}AA,{},005{},{},005{},{},{}",
            at(c, s),
            who(c, s),
            one_of(&["New", "Working", "Working", "Closed"], s),
            who(c, s / 2),
            one_of(&["High", "Low"], c),
            at(c, s)
        )
    });
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::Snapshot, "{}", shown(&mapping));
    expect(
        &mapping,
        &[
            (Role::Case, "CaseId"), (Role::Time, "LastModifiedDate"), (Role::Actor, "LastModifiedById"),
            (Role::State, "Status"), (Role::Assignee, "OwnerId"), (Role::Priority, "Priority"),
        ],
    );
}

#[test]
fn github_events() {
    let log = log("issue_number,event,created_at,actor,assignee,label", ',', |c, s| {
        format!(
            "{c},{},{},{},{},{}",
            one_of(&["opened", "assigned", "labeled", "closed"], s),
            at(c, s),
            who(c, s),
            if s == 1 { who(c, 1) } else { "" },
            if s == 2 { "bug" } else { "" }
        )
    });
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::Activity);
    expect(
        &mapping,
        &[
            (Role::Case, "issue_number"), (Role::Activity, "event"), (Role::Time, "created_at"),
            (Role::Actor, "actor"), (Role::Assignee, "assignee"),
        ],
    );
    assert!(!mapping.missing_owner_unassigned);
}

#[test]
fn azure_devops_revisions() {
    let log = log(
        "WorkItemId,Rev,System.ChangedDate,System.State,System.AssignedTo,System.AreaPath,System.ChangedBy,System.Reason",
        ',',
        |c, s| {
            format!("{c},{},{},{},{},Shop\\{},{},Moved", s + 1, at(c, s), state(s), who(c, 0), team(c, s), who(c, s))
        },
    );
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::Snapshot, "{}", shown(&mapping));
    expect(
        &mapping,
        &[
            (Role::Case, "WorkItemId"), (Role::Time, "System.ChangedDate"), (Role::State, "System.State"),
            (Role::Assignee, "System.AssignedTo"), (Role::Group, "System.AreaPath"), (Role::Actor, "System.ChangedBy"),
            (Role::UpdateCount, "Rev"),
        ],
    );
}

#[test]
fn a_lifecycle_with_states_of_its_own() {
    let log = log("case id,concept:name,lifecycle:transition,time:timestamp,org:group,org:resource", ',', |c, s| {
        format!(
            "1-{c},{},{},{},{},{}",
            one_of(&["Queued", "Accepted", "Completed"], s),
            one_of(&["Awaiting Assignment", "In Progress", "Closed"], s),
            at(c, s),
            team(c, s),
            who(c, s)
        )
    });
    expect(
        &mapped(&log),
        &[
            (Role::Case, "case id"), (Role::Activity, "concept:name"), (Role::State, "lifecycle:transition"),
            (Role::Group, "org:group"), (Role::Actor, "org:resource"),
        ],
    );
}

#[test]
fn event_kind_and_status_side_by_side() {
    let log = log("ticket,event type,status,timestamp,user,source system", ',', |c, s| {
        format!(
            "T{c},{},{},{},{},{}",
            one_of(&["created", "comment", "status check", "closed"], s),
            one_of(&["New", "New", "Open", "Closed"], s),
            at(c, s),
            who(c, s),
            one_of(&["CRM", "ERP"], s)
        )
    });
    expect(
        &mapped(&log),
        &[
            (Role::Case, "ticket"), (Role::Activity, "event type"), (Role::State, "status"), (Role::Time, "timestamp"),
            (Role::Actor, "user"),
        ],
    );
}

#[test]
fn columns_that_know_the_future() {
    let log = log(
        "request_id,status,changed_at,due_date,planned_end,closed_at,sla_breached,resolution,owner,expected_close",
        ',',
        |c, s| {
            format!(
                "R{c},{},{},2024-12-31,{},{},{},{},{},{}",
                state(s),
                at(c, s),
                at(c, 9),
                at(c, 6),
                c % 2 == 0,
                one_of(&["fixed", "workaround"], c),
                who(c, s),
                at(c, 8)
            )
        },
    );
    let mapping = mapped(&log);
    let leaky: Vec<&str> = mapping.leaky.iter().map(|leak| log.header[leak.column].as_str()).collect();
    assert_eq!(leaky, ["closed_at", "sla_breached", "resolution"], "{}", shown(&mapping));
    expect(
        &mapping,
        &[(Role::Outcome, "resolution"), (Role::Time, "changed_at"), (Role::Assignee, "owner")],
    );
    assert!(mapping.leaky.iter().all(|leak| !mapping.visible.contains(&leak.column)));
}

#[test]
fn one_row_per_case_has_no_history() {
    let mut text = "Issue key,Issue id,Summary,Status,Assignee,Reporter,Created,Updated,Resolved,Priority".to_owned();
    for case in 0..40 {
        let row = [format!("AB-{case},{},thing {case},{}", 500 + case, state(case)), who(case, 0).to_owned(), who(case, 1).to_owned()];
        text = format!("{text}\n{},{},{},,High", row.join(","), at(case, 0), at(case, 3));
    }
    let mapping = mapped(&super::table(&text, ','));
    assert_eq!(mapping.family, Family::Snapshot);
    expect(
        &mapping,
        &[(Role::Case, "Issue key"), (Role::Time, "Updated"), (Role::State, "Status"), (Role::Requester, "Reporter")],
    );
    assert!(mapping.leaky.is_empty() && mapping.notes.iter().any(|note| note.message.contains("no history")));
}

#[test]
fn null_literals_are_applied_to_owners_and_attributes_never_to_ids() {
    let log = log(
        "case_id,external_id,status,updated_at,assigned_to,assignment_group,category,resource_note",
        ',',
        |c, s| {
            let nothing = |text: &'static str, other: &'static str| if s == 0 { text } else { other };
            format!(
                "{},{},{},{},{},{},{},x",
                if c == 0 { "NA".to_owned() } else { format!("C{c}") },
                nothing("?", "E1"),
                state(s),
                at(c, s),
                nothing("NULL", who(c, 0)),
                nothing("EMPTY", team(c, 0)),
                nothing("N/A", "disk")
            )
        },
    );
    let mapping = mapped(&log);
    let found: Vec<(&str, &str, bool)> = mapping
        .nulls
        .iter()
        .map(|null| (log.header[null.column].as_str(), null.literal.as_str(), null.applied))
        .collect();
    assert_eq!(
        found,
        [
            ("assigned_to", "NULL", true),
            ("assigned_to", "N/A", true),
            ("assignment_group", "EMPTY", false),
            ("assignment_group", "N/A", true),
            ("assignment_group", "NULL", true),
            ("category", "N/A", true),
        ],
        "{}",
        shown(&mapping)
    );
}

fn update_log() -> Sample {
    log(
        "number,state,sys_updated_on,sys_updated_by,assignment_group,assigned_to,sys_mod_count,reassignment_count,made_sla",
        ',',
        |c, s| {
            format!(
                "INC{c:05},{},{},{},{},{},{s},{},{}",
                one_of(&["New", "Active", "Active", "Closed", "Closed"], s),
                at(c, s),
                who(c, s + 1),
                team(c, s),
                who(c, s / 2),
                s / 2,
                s + 1 < 3 + c % 3
            )
        },
    )
}

#[test]
fn update_histories_are_snapshots() {
    let mapping = mapped(&update_log());
    assert_eq!(mapping.family, Family::Snapshot, "{}", shown(&mapping));
    expect(
        &mapping,
        &[
            (Role::Case, "number"), (Role::Actor, "sys_updated_by"), (Role::UpdateCount, "sys_mod_count"),
            (Role::ReassignmentCount, "reassignment_count"), (Role::TieBreak, ""),
        ],
    );
    assert_eq!(mapping.leaky.iter().map(|leak| leak.column).collect::<Vec<_>>(), [8], "{}", shown(&mapping));
    assert_eq!(mapping.visible, [0, 1, 4, 5, 7], "{}", shown(&mapping));
}

#[test]
fn an_empty_table_is_mapped_by_its_names() {
    let sample = super::table("Case ID,Activity,Timestamp", ',');
    let mapping: Mapping = mapped(&sample);
    expect(&mapping, &[(Role::Case, "Case ID"), (Role::Time, "Timestamp")]);
}

#[test]
fn hits_of_a_search_index() {
    let log = log(
        "_index,_id,_score,_source.case_id,_source.@timestamp,_source.status,_source.assignee.displayName,_source.team",
        ',',
        |c, s| format!("tickets,x{c}y{s},,T-{c},{},{},{},{}", at(c, s), state(s), who(c, s), team(c, s)),
    );
    let mapping = mapped(&log);
    expect(
        &mapping,
        &[
            (Role::Case, "_source.case_id"), (Role::Time, "_source.@timestamp"), (Role::State, "_source.status"),
            (Role::Assignee, "_source.assignee.displayName"), (Role::Group, "_source.team"),
        ],
    );
    assert!(mapping.role(Role::Case).unwrap().why.contains("name `_source.case_id`"), "{}", shown(&mapping));
}

#[test]
fn fields_within_an_issue() {
    let log = log(
        "id,key,fields.updated,fields.status.name,fields.assignee.accountId,fields.assignee.displayName,fields.priority.name",
        ',',
        |c, s| format!("{c},AB-{c},{},{},77-{},{},{}", at(c, s), state(s), who(c, s), who(c, s), one_of(&["Low", "High"], c)),
    );
    expect(
        &mapped(&log),
        &[
            (Role::Time, "fields.updated"), (Role::State, "fields.status.name"),
            (Role::Assignee, "fields.assignee.displayName"), (Role::Priority, "fields.priority.name"),
        ],
    );
}

#[test]
fn an_id_of_every_row_is_not_chosen_silently_where_other_ids_repeat() {
    for (header, hint) in [
        ("_id,folio,timestamp,activity", "add `--case folio` or `--case _id`"),
        ("entry_ref_id,record.folio,data.timestamp,data.activity", "add `--case record.folio` or `--case entry_ref_id`"),
    ] {
        let rows = log(header, ',', |c, s| format!("d{c}x{s},P-{c},{},{}", at(c, s), act(s)));
        let refused = guess(&rows, &Overrides::default(), "log.csv", &is_date).unwrap_err();
        assert_eq!(refused.hints(), [hint]);
    }
    // where nothing else repeats it is the case, with a note
    let rows = log("_id,timestamp,status", ',', |c, s| format!("d{c}x{s},{},{}", at(c, s), state(s)));
    expect(&mapped(&rows), &[(Role::Case, "_id")]);
}

#[test]
fn dates_that_begin_like_an_envelope() {
    let log = log("data.ora,id.pratica,data.attivita,data.stato", ',', |c, s| {
        format!("{},P{c},{},{}", at(c, s), act(s), state(s))
    });
    expect(
        &mapped(&log),
        &[
            (Role::Time, "data.ora"), (Role::Case, "id.pratica"), (Role::Activity, "data.attivita"),
            (Role::State, "data.stato"),
        ],
    );
}

#[test]
fn long_numbers_are_ids_or_unix_times_by_their_name() {
    let rows = log("gid,ts,status", ',', |c, s| {
        format!("{},{},{}", 1_201_234_567_890_123_usize + c, 1_700_000_000_000_000_usize + c * 77 + s * 60_000_000, state(s))
    });
    let is_time = |text: &str| crate::time::looks_like_epoch(text.as_bytes());
    let mapping = guess(&rows, &Overrides::default(), "log.csv", &is_time).unwrap();
    expect(&mapping, &[(Role::Case, "gid"), (Role::Time, "ts"), (Role::State, "status")]);
}
