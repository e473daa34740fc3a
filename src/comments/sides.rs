//! What columns of an export say of a comment: on which side its writer stands, and who may read it.

use super::{Visibility, Writer};
use crate::words::Words;

/// Words for the one who asked.
const REQUESTER: &[&str] = &[
    "requester", "requestor", "reporter", "customer", "client", "end user", "enduser", "caller", "submitter", "kunde",
    "melder", "antragsteller", "anforderer", "demandeur", "solicitante", "cliente", "richiedente", "aanvrager", "klant",
    "requerente", "依頼者", "申請者", "顧客",
];

/// Words for those who do the work.
const TEAM: &[&str] = &[
    "assignee", "agent", "staff", "team", "technician", "support", "admin", "analyst", "operator", "engineer",
    "bearbeiter", "mitarbeiter", "techniker", "technicien", "tecnico", "agente", "operatore", "medewerker",
    "behandelaar", "atendente", "担当者",
];

/// Words for what everybody may read.
const PUBLIC: &[&str] = &[
    "public", "external", "visible", "extern", "offentlich", "publique", "externe", "publico", "externo", "pubblico",
    "esterno", "openbaar", "公開",
];

/// Words for what the team alone may read.
const PRIVATE: &[&str] = &[
    "private", "internal", "hidden", "intern", "privat", "interne", "prive", "privado", "interno", "privato", "非公開",
    "社内",
];

/// The side that a value such as `reporter` or `agent` names.
#[must_use]
pub fn writer_of(value: &str) -> Writer {
    let words = Words::new(value);
    if words.first_of(REQUESTER).is_some() {
        Writer::Requester
    } else if words.first_of(TEAM).is_some() {
        Writer::Team
    } else {
        Writer::Unknown
    }
}

/// Who may read a comment, by a value such as `true` or `internal` of a column with that header.
#[must_use]
pub fn visibility_of(header: &str, value: &str) -> Visibility {
    let words = Words::new(value);
    if words.first_of(PRIVATE).is_some() {
        return Visibility::Private;
    }
    if words.first_of(PUBLIC).is_some() {
        return Visibility::Public;
    }
    let holds = match value.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "t" | "ja" | "j" | "oui" | "si" | "sim" => true,
        "false" | "no" | "n" | "0" | "f" | "nein" | "nee" | "non" | "nao" => false,
        _ => return Visibility::Unknown,
    };
    if (Words::new(header).first_of(PRIVATE).is_some()) == holds { Visibility::Private } else { Visibility::Public }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_name_sides() {
        for (value, writer) in [
            ("reporter", Writer::Requester),
            ("End-User", Writer::Requester),
            ("Support agent", Writer::Team),
            ("assignee", Writer::Team),
            ("others", Writer::Unknown),
            ("", Writer::Unknown),
        ] {
            assert_eq!(writer_of(value), writer, "{value}");
        }
    }

    #[test]
    fn headers_say_what_yes_means() {
        for (header, value, visibility) in [
            ("private", "true", Visibility::Private),
            ("private", "false", Visibility::Public),
            ("jsdPublic", "true", Visibility::Public),
            ("is_public", "0", Visibility::Private),
            ("Sichtbarkeit", "intern", Visibility::Private),
            ("visibility", "Public", Visibility::Public),
            ("visibility", "team 4", Visibility::Unknown),
        ] {
            assert_eq!(visibility_of(header, value), visibility, "{header} {value}");
        }
    }
}
