//! Tests of the state lexicon.

use super::{Class, Classified, StateEvidence, classify};

/// Names alone, each in a log of its own, with nothing counted.
fn alone(name: &str) -> Classified {
    let state = StateEvidence { name, starts: 0, ends: 0, visits: 0, cases: 0 };
    classify(&[state], 0).remove(0)
}

/// Names together in one log, with nothing counted.
fn together(names: &[&str]) -> Vec<Class> {
    let states: Vec<StateEvidence> =
        names.iter().map(|name| StateEvidence { name, starts: 0, ends: 0, visits: 0, cases: 0 }).collect();
    classify(&states, 0).into_iter().map(|state| state.class).collect()
}

fn check(class: Class, names: &[&str]) {
    for name in names {
        let found = alone(name);
        assert!(found.known && found.class == class, "{name}: {found:?}");
    }
}

#[test]
fn queues() {
    check(
        Class::Queue,
        &[
            "New", "Backlog", "To Do", "Selected for Development", "Waiting for support", "Awaiting Assignment",
            "Queued", "Queued/Awaiting Assignment", "Reopened", "Logged", "Submitted", "Not Started", "Unassigned",
            "Ready for QA", "Ready for development", "Triage", "Proposed", "Scheduled", "Approved",
            "Waiting for support response", "Customer replied", "Neu", "Zu erledigen", "Wartet auf Zuweisung",
            "Wiedereröffnet", "Nouveau", "À faire", "En attente de prise en charge", "Nuevo", "Por hacer",
            "Pendiente de asignación", "Nuovo", "Da fare", "In attesa di presa in carico", "Nieuw", "Te doen",
            "Wacht op behandeling", "Novo", "Aguardando atendimento", "A fazer", "Reaberto", "新規", "未対応", "未着手", "受付",
            "対応待ち",
        ],
    );
}

#[test]
fn work() {
    check(
        Class::Active,
        &[
            "In Progress", "Active", "Work in progress", "WIP", "Doing", "Accepted/In Progress", "Under investigation",
            "Root Cause Analysis", "Implement", "Fix in Progress", "In Development", "Committed", "Working",
            "Escalated", "Open", "Assigned", "InProgress", "Take in charge ticket", "In Bearbeitung", "in Arbeit",
            "Offen", "Zugewiesen", "En cours", "En cours de traitement", "En progreso", "En curso", "En proceso",
            "In corso", "In lavorazione", "In behandeling", "In uitvoering", "Em andamento", "Em atendimento", "対応中",
            "作業中", "進行中", "処理中", "調査中",
        ],
    );
}

#[test]
fn decisions_awaited() {
    check(
        Class::Approval,
        &[
            "Awaiting approval", "Pending Approval", "Waiting for approval", "Awaiting CAB approval",
            "Submitted for approval", "Authorize", "In approval", "Waiting for manager", "To be approved", "Approval",
            "Peer review / change manager approval", "Wartet auf Genehmigung", "Zur Freigabe", "Freigabe ausstehend",
            "En attente d'approbation", "À valider", "Pendiente de aprobación", "In attesa di approvazione",
            "Da approvare", "Wacht op goedkeuring", "Aguardando aprovação", "承認待ち", "承認申請", "決裁中",
        ],
    );
}

#[test]
fn waits_for_the_one_who_asked() {
    check(
        Class::WaitingRequester,
        &[
            "Awaiting User Info", "Waiting for customer", "Pending Customer", "Awaiting requester", "Waiting on user",
            "On Hold - Customer", "Accepted/Wait - User", "Needs more info", "Information requested",
            "Awaiting information", "Waiting for reply", "Pending client response", "Incomplete", "Sent back",
            "Customer Response", "Awaiting payment", "Wartet auf Kunde", "Warten auf Rückmeldung", "Rückfrage",
            "En attente client", "En attente utilisateur", "Attente retour demandeur", "Pendiente de cliente",
            "Esperando al usuario", "In attesa cliente", "In attesa di risposta dal cliente", "Wacht op klant",
            "Wacht op gebruiker", "Aguardando cliente", "Aguardando retorno do usuário", "ユーザー回答待ち", "顧客確認待ち", "差戻",
            "差し戻し",
        ],
    );
}

#[test]
fn waits_for_others() {
    check(
        Class::WaitingExternal,
        &[
            "Awaiting Vendor", "Waiting for third party", "Pending Supplier", "Waiting on 3rd party",
            "Accepted/Wait - Vendor", "On Hold - Parts", "Awaiting delivery", "Pending external partner",
            "Wartet auf Lieferant", "Warten auf externen Dienstleister", "En attente fournisseur",
            "En attente de tiers", "Pendiente de proveedor", "In attesa fornitore", "Wacht op leverancier",
            "Aguardando fornecedor", "ベンダー待ち", "業者回答待ち",
        ],
    );
}

#[test]
fn blocks() {
    check(
        Class::Blocked,
        &[
            "Awaiting Problem", "Awaiting Evidence", "Awaiting Change", "Blocked", "Impediment", "On Hold", "Wait",
            "Waiting", "Pending", "Suspended", "Waiting for other team", "Pending development", "Blockiert",
            "Zurückgestellt", "Wartend", "Bloqué", "En attente", "Bloqueado", "En espera", "Pendiente", "Bloccato",
            "In attesa", "Sospeso", "Geblokkeerd", "Wacht", "Bloqueado", "Pendente", "Aguardando", "保留",
            "Accepted/Wait",
        ],
    );
}

#[test]
fn checks() {
    check(
        Class::Review,
        &[
            "In Review", "Code Review", "Under Review", "UAT", "Testing", "In Test", "QA", "Pending review",
            "Awaiting verification", "Waiting for testing", "User acceptance testing", "Verification", "In Prüfung",
            "En revue", "En revisión", "In revisione", "In verifica", "Ter beoordeling", "Em revisão", "レビュー中", "検証",
            "確認待ち",
        ],
    );
}

#[test]
fn ends() {
    check(
        Class::Done,
        &[
            "Closed", "Resolved", "Done", "Completed", "Solved", "Closed Complete", "Fixed", "Completed/Closed",
            "Completed/In Call", "Closed - awaiting confirmation", "Resolve ticket", "Close case", "Closed Won",
            "Closed by requester", "Resolved (workaround)", "Fulfilled", "Verified", "Gelöst", "Geschlossen",
            "Erledigt", "Abgeschlossen", "Résolu", "Clôturé", "Fermé", "Terminé", "Resuelto", "Cerrado", "Finalizado",
            "Risolto", "Chiuso", "Completato", "Opgelost", "Gesloten", "Afgerond", "Resolvido", "Fechado", "Encerrado",
            "Concluído", "完了", "クローズ", "解決", "対応済み", "Закрыто",
        ],
    );
    check(
        Class::Cancelled,
        &[
            "Cancelled", "Canceled", "Withdrawn", "Won't Do", "Won't Fix", "Duplicate", "Removed", "Closed Incomplete",
            "Closed Skipped", "Rejected", "Declined", "Abandoned", "Completed/Cancelled", "Invalid", "Storniert",
            "Abgebrochen", "Abgelehnt", "Annulé", "Refusé", "Cancelado", "Rechazado", "Annullato", "Rifiutato",
            "Geannuleerd", "Afgewezen", "Cancelado", "キャンセル", "取消", "却下", "Closed - duplicate", "Closed Lost",
        ],
    );
}

#[test]
fn unknown_names_are_active_and_flagged() {
    for name in ["-100", "3", "", "Blue", "X7", "Foobar", "?"] {
        let found = alone(name);
        assert!(!found.known && found.class == Class::Active, "{name}: {found:?}");
    }
}

#[test]
fn company_decides_ambiguous_names() {
    assert_eq!(together(&["Open", "In Progress", "Done"]), [Class::Queue, Class::Active, Class::Done]);
    assert_eq!(together(&["Open", "Closed"]), [Class::Active, Class::Done]);
    assert_eq!(
        together(&["Accepted/In Progress", "Accepted/Assigned", "Accepted/Wait"]),
        [Class::Active, Class::Queue, Class::Blocked]
    );
    assert_eq!(together(&["Assigned", "In Progress"]), [Class::Queue, Class::Active]);
    assert_eq!(together(&["In Progress", "Escalated to Tier Two"]), [Class::Active, Class::Queue]);
    assert_eq!(together(&["In Bearbeitung", "Eskaliert"]), [Class::Active, Class::Queue]);
    assert_eq!(
        together(&["Logged", "Assigned", "Customer Response", "UAT", "Closed"]),
        [Class::Queue, Class::Active, Class::WaitingRequester, Class::Review, Class::Done]
    );
    assert_eq!(
        together(&["new", "open", "pending", "hold", "solved", "closed"]),
        [Class::Queue, Class::Active, Class::WaitingRequester, Class::WaitingExternal, Class::Done, Class::Done]
    );
    assert_eq!(together(&["Offen", "In Bearbeitung", "Erledigt"]), [Class::Queue, Class::Active, Class::Done]);
    assert_eq!(
        together(&["New", "Assess", "Authorize", "Scheduled", "Implement", "Review", "Closed", "Canceled"]),
        [
            Class::Queue,
            Class::Active,
            Class::Approval,
            Class::Queue,
            Class::Active,
            Class::Review,
            Class::Done,
            Class::Cancelled
        ]
    );
}

#[test]
fn the_states_of_incidents() {
    let names = [
        "Active", "New", "Resolved", "Closed", "Awaiting User Info", "Awaiting Vendor", "Awaiting Problem",
        "Awaiting Evidence", "-100",
    ];
    let states: Vec<StateEvidence> =
        names.iter().map(|name| StateEvidence { name, starts: 1, ends: 0, visits: 10, cases: 10 }).collect();
    let found = classify(&states, 100);
    let classes: Vec<Class> = found.iter().map(|state| state.class).collect();
    let expected = [
        Class::Active,
        Class::Queue,
        Class::Done,
        Class::Done,
        Class::WaitingRequester,
        Class::WaitingExternal,
        Class::Blocked,
        Class::Blocked,
        Class::Active,
    ];
    assert_eq!(classes, expected);
    assert_eq!(found.iter().filter(|state| !state.known).count(), 1);
    assert_eq!(found[5].why, "named `awaiting` and `vendor`");
}

#[test]
fn structure_decides_where_the_name_does_not() {
    let evidence = |name, starts, ends, visits| StateEvidence { name, starts, ends, visits, cases: visits };
    let found = classify(
        &[
            evidence("Zyx", 95, 0, 100),
            evidence("Wvu", 0, 3, 80),
            evidence("Tsr", 0, 97, 100),
            evidence("Approved", 0, 90, 100),
            evidence("承認完了", 0, 0, 100),
        ],
        100,
    );
    let classes: Vec<Class> = found.iter().map(|state| state.class).collect();
    assert_eq!(classes, [Class::Queue, Class::Active, Class::Done, Class::Done, Class::Queue]);
    assert_eq!(found.iter().map(|state| state.known).collect::<Vec<_>>(), [true, false, true, true, true]);
    let tasks = [evidence("Check form", 100, 0, 100), evidence("Reject application", 0, 40, 40), evidence("Approve offer", 0, 0, 60), evidence("Advice to hold for type 4", 0, 0, 9)];
    let classes: Vec<Class> = classify(&tasks, 100).into_iter().map(|state| state.class).collect();
    assert_eq!(classes, [Class::Active, Class::Cancelled, Class::Approval, Class::Active]);
    let sent_back = classify(
        &[evidence("Rejected", 0, 2, 100), evidence("Payment completed", 0, 0, 50), evidence("入金確認", 0, 180, 180)],
        200,
    );
    assert_eq!(sent_back[0].class, Class::WaitingRequester);
    assert_eq!(sent_back[1].class, Class::Queue);
    assert_eq!(sent_back[2].class, Class::Done);
}

#[test]
fn class_names_are_those_of_the_configuration() {
    let names: Vec<&str> = Class::ALL.iter().map(|class| class.as_str()).collect();
    assert_eq!(names, crate::config::CLASS_NAMES);
    assert!(Class::ALL.iter().all(|class| Class::from_name(class.as_str()) == Some(*class)));
}
