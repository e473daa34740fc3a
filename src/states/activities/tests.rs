//! Tests of activity names.

use super::{ActivityMeans, EventKind, activity_means, asks_for_decision, event_kind, is_decision};

#[test]
fn names_of_states_are_entries() {
    for value in [
        "In Progress", "Waiting for customer", "Assigned", "Closed", "Resolved", "Wait", "Open", "New", "On Hold",
        "Awaiting approval", "Under review", "Queued", "Accepted", "Completed", "Escalated to tier 2", "Pending",
        "Approval pending", "Investigating", "VERIFIED", "DUPLICATE", "INVALID", "Ready for QA", "Reopened",
        "In Bearbeitung", "Wartet auf Kunde", "Offen", "En cours", "En attente client", "Pendiente", "In attesa",
        "Wacht op leverancier", "Em andamento", "対応中", "承認待ち", "クローズ", "保留", "Customer Response", "Not started",
        "Blocked", "Unmatched",
    ] {
        let (means, why) = activity_means(value, false);
        assert_eq!(means, ActivityMeans::Entry, "{value}: {why}");
        assert_eq!(activity_means(value, true).0, ActivityMeans::Entry, "{value}");
    }
}

#[test]
fn names_of_acts_are_completed() {
    for value in [
        "Check application", "Declaration APPROVED by BUDGET OWNER", "Payment Handled", "Request Payment",
        "Take in charge ticket", "Assign seriousness", "Resolve ticket", "Require upgrade", "Insert ticket",
        "Create SW anomaly", "Confirmation of receipt", "T06 Determine necessity of stop advice",
        "T07-1 Draft intern advice aspect 1", "AML check", "Permit SUBMITTED by EMPLOYEE", "Order shipped",
        "Invoice sent", "Register Claim", "Antrag prüfen", "Rechnung gebucht", "Radicar Solicitud Homologacion",
        "請求書作成", "承認申請", "承認完了", "サポート割当", "Put on hold", "Submit", "T16 Report reasons to hold request", "Advice to hold for type 4", "Approve", "Send reminder after waiting", "",
    ] {
        let (means, why) = activity_means(value, false);
        assert_eq!(means, ActivityMeans::Completed, "{value}: {why}");
    }
}

#[test]
fn decisions_and_what_only_sounds_like_one() {
    for value in [
        "Declaration APPROVED by BUDGET OWNER", "Permit FINAL_APPROVED by SUPERVISOR",
        "Request For Payment REJECTED by EMPLOYEE", "Reject claim", "Approve request", "Authorize payment",
        "Genehmigt", "Antrag ablehnen", "Aprobado", "Approvazione negata: rifiutato", "承認", "承認完了", "却下", "Decision",
        "Declined",
    ] {
        assert!(is_decision(value) && !asks_for_decision(value), "{value}");
    }
    for value in [
        "Request Payment", "Permit SUBMITTED by EMPLOYEE", "Submit for approval", "Approval requested",
        "Awaiting approval", "承認申請", "承認待ち", "Payment Handled", "Closed", "Zur Genehmigung", "Check approval form",
        "Proven",
    ] {
        assert!(!is_decision(value), "{value}");
    }
}

#[test]
fn asking_for_a_decision_takes_none() {
    for value in ["Request For Payment FOR_APPROVAL by ADMINISTRATION", "Submit for approval", "Approval requested"] {
        assert!(asks_for_decision(value), "{value}");
    }
    for value in ["Payment Handled", "Request Payment", "Reject claim"] {
        assert!(!asks_for_decision(value), "{value}");
    }
}

#[test]
fn kinds_of_communication() {
    let cases = [
        ("Status check", Some(EventKind::StatusCheck)), ("Follow-up call", Some(EventKind::StatusCheck)),
        ("Any update?", Some(EventKind::StatusCheck)), ("Nachfrage", Some(EventKind::StatusCheck)),
        ("Relance", Some(EventKind::StatusCheck)), ("Status update sent", Some(EventKind::StakeholderUpdate)),
        ("Notify customer", Some(EventKind::StakeholderUpdate)), ("Send reminder", Some(EventKind::StakeholderUpdate)),
        ("Advise Claimant on Reimbursement", Some(EventKind::StakeholderUpdate)),
        ("通知", Some(EventKind::StakeholderUpdate)), ("Request information", Some(EventKind::InformationRequest)),
        ("Request missing documents", Some(EventKind::InformationRequest)),
        ("Rückfrage", Some(EventKind::InformationRequest)), ("Escalate to manager", Some(EventKind::Escalation)),
        ("Eskalation", Some(EventKind::Escalation)), ("Escalated", Some(EventKind::Escalation)), ("In Progress", None),
        ("Register Claim", None), ("Shipping", None), ("Update record", None), ("Request Payment", None),
    ];
    for (value, kind) in cases {
        assert_eq!(event_kind(value), kind, "{value}");
    }
}
