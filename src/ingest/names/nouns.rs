//! The nouns of cases, and the words around them.

use super::Lexicon;

/// Things a case can be, with the weight of the bare noun plus an id word.
pub(super) const CASE_NOUNS: Lexicon = &[
    ("case", 100), ("trace", 98), ("process instance", 98), ("workflow instance", 96), ("instance", 70),
    ("ticket", 95), ("issue", 95), ("incident", 95), ("work item", 95), ("workitem", 95), ("case concept", 100),
    ("request", 90), ("order", 90), ("sales order", 92), ("purchase order", 92), ("invoice", 90), ("claim", 90),
    ("application", 90), ("permit", 90), ("loan", 90), ("bill", 90), ("document", 80), ("task", 72), ("bug", 90),
    ("defect", 90), ("story", 80), ("problem", 78), ("change request", 90), ("record", 75), ("opportunity", 85),
    ("enquiry", 90), ("inquiry", 90), ("vorgang", 95), ("fall", 95), ("auftrag", 90), ("antrag", 90), ("anfrage", 90),
    ("storung", 92), ("meldung", 90), ("rechnung", 88), ("bestellung", 88), ("akte", 88), ("beschwerde", 88),
    ("schadensfall", 92), ("schaden", 85), ("dossier", 92), ("demande", 92), ("billet", 88), ("commande", 88),
    ("facture", 88), ("reclamation", 88), ("affaire", 85), ("caso", 95), ("expediente", 92), ("solicitud", 92),
    ("incidencia", 94), ("pedido", 88), ("factura", 88), ("reclamo", 88), ("pratica", 92), ("richiesta", 92),
    ("segnalazione", 90), ("ordine", 88), ("fattura", 88), ("zaak", 95), ("melding", 92), ("aanvraag", 92),
    ("verzoek", 90), ("bestelling", 88), ("factuur", 88), ("chamado", 95), ("solicitacao", 92), ("processo", 88),
    ("protocolo", 88), ("fatura", 88), ("ocorrencia", 90), ("sprawa", 92), ("zgloszenie", 92), ("arende", 92),
    ("sak", 92), ("sag", 92), ("案件", 95), ("チケット", 95), ("課題", 90), ("インシデント", 94), ("申請", 88), ("受付", 85), ("注文", 88),
    ("請求", 85), ("伝票", 85), ("依頼", 85), ("問い合わせ", 90), ("ケース", 95), ("工单", 95), ("заявка", 92), ("обращение", 90),
    ("дело", 90),
];

/// Words that make an id of a noun.
pub(super) const ID_WORDS: &[&str] = &[
    "id", "key", "no", "nr", "number", "num", "ref", "reference", "identifier", "uuid", "gid", "iid", "nummer",
    "kennung", "numero", "identifiant", "identificador", "identificativo", "codigo", "code", "番号", "名", "concept name",
];

/// Nouns whose ids never name a case: people, places, attributes and parts of a history.
pub(super) const NOT_A_CASE: &[&str] = &[
    "user", "actor", "author", "employee", "assignee", "assigned", "owner", "agent", "resource", "requester",
    "customer", "client", "caller", "account", "group", "team", "queue", "organization", "organisation", "company",
    "label", "tag", "brand", "form", "field", "location", "product", "project", "category", "priority", "status",
    "state", "type", "parent", "external", "by", "role", "processor", "operator", "vendor", "supplier", "contact",
    "session", "message", "comment", "commit", "event", "activity", "step", "row", "line", "log", "audit", "update",
    "history", "schedule", "policy", "sla", "metric", "reviewer", "repository", "milestone", "source", "target",
    "related", "duplicate", "submitter", "variant", "phone", "postal", "department", "kunde", "benutzer", "status no",
    "sub",
];

/// Whole names that need no noun, or join it with its id word.
pub(super) const BARE: Lexicon = &[
    ("caseid", 100), ("ticketid", 95), ("issueid", 95), ("orderid", 90), ("traceid", 98), ("documentkey", 85),
    ("number", 65), ("key", 60), ("id", 55), ("sys id", 45), ("nummer", 62), ("numero", 62), ("nr", 60), ("no", 55),
    ("reference", 60), ("ref", 55), ("aktenzeichen", 92), ("番号", 62), ("管理番号", 80), ("受付番号", 88),
];
