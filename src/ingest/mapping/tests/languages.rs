//! Headers of other languages, and of none that is known.

use super::made::{PEOPLE, act, at, german, log, one_of, team, who};
use super::{Role, expect, mapped, names, shown};
use crate::config::Family;

#[test]
fn german_tickets() {
    let log = log("Vorgang;Status;Zeitstempel;Bearbeiter", ';', |c, s| {
        format!(
            "V-{c};{};{};{}",
            one_of(&["Neu", "In Bearbeitung", "Wartet auf Kunde", "Erledigt"], s),
            german(c, s),
            who(c, s)
        )
    });
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::Activity);
    expect(
        &mapping,
        &[
            (Role::Case, "Vorgang"), (Role::State, "Status"), (Role::Time, "Zeitstempel"), (Role::Actor, "Bearbeiter"),
            (Role::Assignee, "Bearbeiter"), (Role::Activity, ""),
        ],
    );
}

#[test]
fn german_orders_whose_vorgang_is_the_activity() {
    let log = log("Auftragsnummer;Tätigkeit;Datum/Uhrzeit;Mitarbeiter;Abteilung;Priorität", ';', |c, s| {
        format!(
            "47{c};{};{};{};{};{}",
            one_of(&["Auftrag erfassen", "Ware prüfen", "Rechnung senden"], s),
            german(c, s),
            who(c, s),
            team(c, 0),
            one_of(&["Hoch", "Mittel"], c)
        )
    });
    let mapping = mapped(&log);
    expect(
        &mapping,
        &[
            (Role::Case, "Auftragsnummer"), (Role::Activity, "Tätigkeit"), (Role::Time, "Datum/Uhrzeit"),
            (Role::Actor, "Mitarbeiter"), (Role::Group, ""), (Role::Priority, "Priorität"),
        ],
    );
    assert_eq!(names(&mapping, Role::Segment), ["Priorität", "Abteilung"]);
}

#[test]
fn french_record_history() {
    let log = log(
        "Numéro de dossier;Statut;Date de modification;Groupe d'affectation;Assigné à;Modifié par;Priorité;Demandeur;Catégorie",
        ';',
        |c, s| {
            let owner = if s == 0 { "" } else { who(c, 0) };
            format!(
                "D{c};{};{};{};{owner};{};{};{};{}",
                one_of(&["Nouveau", "En cours", "En cours", "Clos"], s),
                at(c, s),
                team(c, s),
                who(c, s + 1),
                one_of(&["Haute", "Basse"], c),
                PEOPLE[c % 4],
                one_of(&["Réseau", "Poste"], c)
            )
        },
    );
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::Snapshot, "{}", shown(&mapping));
    assert!(mapping.missing_owner_unassigned);
    expect(
        &mapping,
        &[
            (Role::Case, "Numéro de dossier"), (Role::State, "Statut"), (Role::Time, "Date de modification"),
            (Role::Group, "Groupe d'affectation"), (Role::Assignee, "Assigné à"), (Role::Actor, "Modifié par"),
            (Role::Priority, "Priorité"), (Role::Requester, "Demandeur"),
        ],
    );
    assert_eq!(names(&mapping, Role::Segment), ["Priorité", "Catégorie"]);
}

#[test]
fn spanish_italian_dutch_and_portuguese() {
    let spanish =
        log("Caso,Actividad,Fecha y hora,Usuario", ',', |c, s| format!("C{c},{},{},{}", act(s), at(c, s), who(c, s)));
    expect(
        &mapped(&spanish),
        &[(Role::Case, "Caso"), (Role::Activity, "Actividad"), (Role::Time, "Fecha y hora"), (Role::Actor, "Usuario")],
    );
    let italian = log("Pratica;Stato;Data e ora;Assegnatario;Priorità", ';', |c, s| {
        format!(
            "P{c};{};{};{};{}",
            one_of(&["Nuovo", "In corso", "Chiuso"], s),
            at(c, s),
            who(c, s),
            one_of(&["Alta", "Bassa"], c)
        )
    });
    expect(
        &mapped(&italian),
        &[
            (Role::Case, "Pratica"), (Role::State, "Stato"), (Role::Time, "Data e ora"),
            (Role::Assignee, "Assegnatario"), (Role::Actor, ""), (Role::Priority, "Priorità"),
        ],
    );
    let dutch = log("Zaaknummer;Activiteit;Tijdstip;Medewerker;Behandelgroep", ';', |c, s| {
        format!("Z{c};{};{};{};{}", act(s), at(c, s), who(c, s), team(c, s))
    });
    expect(
        &mapped(&dutch),
        &[
            (Role::Case, "Zaaknummer"), (Role::Activity, "Activiteit"), (Role::Time, "Tijdstip"),
            (Role::Actor, "Medewerker"), (Role::Group, "Behandelgroep"),
        ],
    );
    let portuguese = log("ID chamado;Situação;Data/hora;Responsável;Fila", ';', |c, s| {
        format!(
            "{c};{};{};{};{}",
            one_of(&["Aberto", "Em andamento", "Fechado"], s),
            german(c, s),
            who(c, s),
            team(c, s)
        )
    });
    expect(
        &mapped(&portuguese),
        &[
            (Role::Case, "ID chamado"), (Role::State, "Situação"), (Role::Time, "Data/hora"),
            (Role::Assignee, "Responsável"), (Role::Group, "Fila"),
        ],
    );
}

#[test]
fn japanese_record_history() {
    let log = log(
        "案件番号,ステータス,更新日時,担当者,担当グループ,更新者,優先度",
        ',',
        |c, s| {
            format!(
                "案件-{c},{},{},{},{},{},{}",
                one_of(&["新規", "対応中", "対応中", "完了"], s),
                at(c, s),
                who(c, 0),
                team(c, s),
                who(c, s),
                one_of(&["高", "低"], c)
            )
        },
    );
    let mapping = mapped(&log);
    assert_eq!(mapping.family, Family::Snapshot, "{}", shown(&mapping));
    expect(
        &mapping,
        &[
            (Role::Case, "案件番号"), (Role::State, "ステータス"), (Role::Time, "更新日時"), (Role::Assignee, "担当者"),
            (Role::Group, "担当グループ"), (Role::Actor, "更新者"), (Role::Priority, "優先度"),
        ],
    );
}

#[test]
fn unknown_words_fall_back_on_the_content() {
    let log = log("Zqx,Vbn,Plm,Wrt", ',', |c, s| format!("K-{c:04},{},{},{}", act(s), at(c, s), c * 7 + s));
    let mapping = mapped(&log);
    expect(&mapping, &[(Role::Case, "Zqx"), (Role::Activity, "Vbn"), (Role::Time, "Plm"), (Role::Assignee, "")]);
    assert!(mapping.role(Role::Case).unwrap().why.starts_with("the only column of repeating ids"));
}

#[test]
fn polish_headers() {
    let log = log("Numer sprawy;Czynność;Kiedy;Wykonawca", ';', |c, s| {
        format!("SPR/{c};{};{};{}", act(s), at(c, s), who(c, s))
    });
    expect(
        &mapped(&log),
        &[
            (Role::Case, "Numer sprawy"), (Role::Activity, "Czynność"), (Role::Time, "Kiedy"),
            (Role::Actor, "Wykonawca"),
        ],
    );
}
