//! Phrases of activity names, folded as `Words` folds them.

/// Verbs that begin the name of a task; alone they are acts as well.
pub(in crate::states) const VERBS: &[&str] = &[
    "accept", "add", "adjust", "advise", "analyze", "analyse", "appraise", "approve", "archive", "ask", "assess",
    "assign", "attach", "authorize", "authorise", "begin", "book", "calculate", "call", "cancel", "check", "clarify",
    "classify", "close", "collect", "complete", "compute", "confirm", "contact", "correct", "create", "decide",
    "decline", "deliver", "design", "determine", "diagnose", "dispatch", "draft", "edit", "enter", "escalate",
    "evaluate", "examine", "execute", "file", "fill", "find", "finish", "fix", "forward", "generate", "get", "grant",
    "handle", "identify", "implement", "inform", "initiate", "insert", "inspect", "investigate", "invite", "issue",
    "log", "make", "merge", "modify", "move", "notify", "obtain", "offer", "order", "pay", "perform", "pick", "place",
    "prepare", "print", "process", "provide", "publish", "put", "receive", "record", "refund", "register", "reject",
    "release", "remind", "remove", "reopen", "repair", "report", "reply", "request", "require", "resolve", "respond", "return",
    "review", "revise", "save", "scan", "schedule", "select", "send", "set", "ship", "sign", "simulate", "stop",
    "submit", "take", "test", "transfer", "update", "upload", "validate", "verify", "withdraw", "write", "re open",
];

/// Past participles that do not end in -ed.
pub(in crate::states) const IRREGULAR: &[&str] = &[
    "sent", "paid", "made", "taken", "given", "found", "begun", "put", "met", "written", "built", "sold", "bought",
    "withdrawn", "chosen", "drawn", "read", "left", "shut", "done", "resent",
];

/// Words after a participle that keep it a state: `Assigned to level 2`.
pub(in crate::states) const STILL_A_STATE: &[&str] = &["to", "for", "with", "in", "on", "at", "as", "until", "because", "due"];

/// Word stems of a decision.
pub(in crate::states) const DECISION_STEMS: &[&str] = &[
    "approv", "reject", "declin", "authoris", "authoriz", "denied", "deny", "refus", "grant", "disapprov", "genehmig",
    "freigegeben", "freigeben", "bewillig", "abgelehnt", "ablehn", "approuv", "rejet", "autoris", "aprob", "rechaz",
    "autoriz", "deneg", "rifiut", "respint", "goedgekeurd", "goedkeur", "afgewezen", "afwijz", "aprov", "rejeit",
    "indefer", "承認", "却下", "決裁", "否認",
];

/// Words that ask for a decision or wait for it.
pub(in crate::states) const NOT_YET: &[&str] = &[
    "request", "requested", "submit", "submitted", "apply", "applied", "ask", "await", "awaiting", "waiting",
    "pending", "for approval", "to approve", "send", "sent", "check", "prepare", "needed", "required", "remind",
    "reminder", "beantragt", "beantragen", "zur genehmigung", "wartet", "ausstehend", "demande d", "en attente",
    "pendiente", "in attesa", "aguardando", "wacht", "solicitar", "申請", "依頼", "待ち", "待",
];

/// Word stems of an escalation.
pub(in crate::states) const ESCALATION_STEMS: &[&str] = &["escalat", "eskal", "escalad", "escalon", "escalar", "エスカレ"];

/// Somebody asks how far it is.
pub(in crate::states) const CHECK: &[&str] = &[
    "status check", "status request", "status inquiry", "status enquiry", "status query", "check status",
    "request status", "ask status", "ask for status", "ask for update", "ask for an update", "request update",
    "update request", "update requested", "status requested", "any update", "any updates", "follow up", "followup",
    "followed up", "chase", "chased", "chaser", "chasing", "ping", "pinged", "nudge", "statusabfrage", "statusanfrage",
    "nachfrage", "nachgefragt", "nachfassen", "sachstandsanfrage", "relance", "relancer", "demande de statut",
    "seguimiento", "consulta de estado", "sollecito", "richiesta di stato", "rappel", "navraag", "statusvraag",
    "consulta de status", "cobranca de status", "進捗確認", "状況確認", "催促",
];

/// Somebody is asked for what is missing.
pub(in crate::states) const ASK: &[&str] = &[
    "request information", "request info", "request for information", "request more information",
    "request additional information", "request missing information", "request missing documents", "request documents",
    "request details", "information request", "information requested", "info request", "info requested",
    "ask customer", "ask user", "ask requester", "ask for information", "ask for details", "clarification", "clarify",
    "question", "query raised", "query sent", "ruckfrage", "informationen anfordern", "unterlagen anfordern",
    "nachforderung", "demande d information", "demande d informations", "demande de precisions",
    "solicitar informacion", "solicitud de informacion", "richiesta informazioni", "richiesta di informazioni",
    "informatie opvragen", "informatieverzoek", "solicitar informacoes", "solicitacao de informacoes", "情報依頼", "問い合わせ",
    "照会",
];

/// Somebody is told how far it is.
pub(in crate::states) const UPDATE: &[&str] = &[
    "status update", "update sent", "send update", "progress update", "customer update", "stakeholder update",
    "notify", "notified", "notification", "inform", "informed", "communicate", "communication", "summary sent",
    "send summary", "summary", "reminder", "remind", "send reminder", "reminder sent", "newsletter",
    "customer informed", "announce", "advise", "benachrichtigen", "benachrichtigung", "benachrichtigt", "informieren",
    "informiert", "erinnerung", "zwischenstand", "mitteilung", "notifier", "informer", "notifie", "informe",
    "notificar", "notificado", "notificacion", "informar", "recordatorio", "notifica", "informare", "avviso",
    "promemoria", "informeren", "herinnering", "notificacao", "lembrete", "通知", "連絡", "報告済",
];
