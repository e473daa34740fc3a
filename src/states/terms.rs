//! Phrases of state names, folded as `Words` folds them: English, German, French, Spanish, Italian,
//! Dutch, Portuguese, Japanese, and the fixed names of common ticket systems.
//!
//! Tables only; `lexicon` says in which order they are asked.

/// Words that say that somebody waits; on whom is told by the targets.
pub(in crate::states) const WAIT: &[&str] = &[
    "awaiting", "waiting", "wait", "waits", "pending", "on hold", "onhold", "hold", "held", "paused", "parked",
    "suspended", "stalled", "deferred", "postponed", "outstanding", "warten", "wartet", "wartend", "warte",
    "ausstehend", "aussteht", "steht aus", "angehalten", "pausiert", "zuruckgestellt", "wiedervorlage", "en attente",
    "attente", "en suspens", "suspendu", "en pause", "in attesa", "attesa", "sospeso", "sospesa", "in sospeso",
    "pendiente", "en espera", "a la espera", "esperando", "suspendido", "pendente", "aguardando", "aguarda",
    "em espera", "suspenso", "pausado", "wacht", "wachten", "wachtend", "in afwachting", "in de wacht", "opgeschort",
    "gepauzeerd", "待ち", "待", "保留", "ペンディング", "ожидание", "ожидает",
];

/// The person or firm that asked: waiting on them whatever else is said.
pub(in crate::states) const REQUESTER: &[&str] = &[
    "customer", "customers", "client", "user", "end user", "requester", "requestor", "caller", "reporter", "submitter",
    "applicant", "claimant", "student", "patient", "author", "contributor", "buyer", "borrower", "kunde", "kunden",
    "anwender", "benutzer", "antragsteller", "melder", "anforderer", "utilisateur", "demandeur", "usager", "cliente",
    "usuario", "solicitante", "utente", "richiedente", "klant", "gebruiker", "aanvrager", "requerente", "ユーザー", "ユーザ",
    "顧客", "お客様", "客先", "依頼者", "申請者",
];

/// Things that only the one who asked can give, unless somebody else is named.
pub(in crate::states) const ASKED_FOR: &[&str] = &[
    "info", "information", "details", "feedback", "input", "response", "reply", "clarification", "documents",
    "document", "documentation", "confirmation", "answer", "question", "payment", "paperwork", "signature",
    "ruckmeldung", "antwort", "ruckfrage", "unterlagen", "informationen", "klarung", "zahlung", "bestatigung",
    "reponse", "retour", "informations", "complement", "precisions", "paiement", "respuesta", "informacion",
    "documentacion", "pago", "risposta", "informazioni", "riscontro", "documenti", "reactie", "antwoord", "informatie",
    "terugkoppeling", "documenten", "resposta", "retorno", "informacoes", "informacao", "documentos", "pagamento",
    "回答", "返信", "返答", "情報", "入金", "書類",
];

/// Another organisation.
pub(in crate::states) const EXTERNAL: &[&str] = &[
    "vendor", "supplier", "third party", "3rd party", "external", "partner", "provider", "manufacturer", "carrier",
    "contractor", "subcontractor", "parts", "part", "spare parts", "delivery", "shipment", "hardware", "oem", "bank",
    "authority", "lieferant", "lieferanten", "hersteller", "extern", "externe", "externer", "dienstleister",
    "drittanbieter", "lieferung", "ersatzteil", "ersatzteile", "fournisseur", "prestataire", "tiers", "livraison",
    "proveedor", "tercero", "terceros", "externo", "entrega", "fornitore", "terzi", "esterno", "consegna",
    "leverancier", "derden", "levering", "fornecedor", "terceiro", "terceiros", "ベンダー", "業者", "外部", "仕入先", "納品",
    "メーカー",
];

/// A decision.
pub(in crate::states) const APPROVAL: &[&str] = &[
    "approval", "approvals", "approver", "sign off", "signoff", "authorization", "authorisation", "authorize", "cab",
    "manager", "supervisor", "decision", "budget owner", "genehmigung", "freigabe", "entscheidung", "zustimmung",
    "approbation", "accord", "autorisation", "aprobacion", "autorizacion", "visto bueno", "approvazione",
    "autorizzazione", "decisione", "goedkeuring", "akkoord", "besluit", "aprovacao", "autorizacao", "decisao", "承認",
    "決裁", "稟議", "согласование",
];

/// Something of our own that must come first.
pub(in crate::states) const DEPENDENCY: &[&str] = &[
    "problem", "change", "rfc", "evidence", "dependency", "dependencies", "other team", "another team", "other ticket",
    "parent", "upstream", "development", "developer", "engineering", "fix", "bug fix", "bugfix", "abhangigkeit",
    "anderes team", "dependance", "dependencia", "dipendenza", "afhankelijkheid", "他部署", "他チーム", "開発",
];

/// Us: somebody must pick it up.
pub(in crate::states) const US: &[&str] = &[
    "assignment", "support", "agent", "triage", "pickup", "pick up", "us", "team", "dispatch", "assignee", "owner",
    "processing", "deployment", "release", "implementation", "start", "work", "queue", "scheduling", "schedule",
    "planning", "resource", "resources", "handover", "technician", "zuweisung", "bearbeitung", "zuordnung",
    "umsetzung", "attribution", "affectation", "prise en charge", "traitement", "asignacion", "atencion",
    "tratamiento", "assegnazione", "presa in carico", "lavorazione", "toewijzing", "behandeling", "inplanning",
    "atribuicao", "atendimento", "tratamento", "割当", "割り当て", "対応", "着手", "処理", "作業", "担当",
];

/// A check of work that is done.
pub(in crate::states) const REVIEW: &[&str] = &[
    "review", "code review", "peer review", "in review", "under review", "testing", "test", "in test", "qa",
    "quality assurance", "verification", "verify", "verifying", "validation", "validating", "uat", "acceptance",
    "inspection", "closure", "audit", "quality check", "prufung", "in prufung", "uberprufung", "in uberprufung",
    "abnahme", "verifizierung", "revue", "en revue", "recette", "en recette", "relecture", "revision", "en revision",
    "prueba", "pruebas", "en pruebas", "verificacion", "revisione", "in revisione", "verifica", "in verifica",
    "collaudo", "in collaudo", "beoordeling", "ter beoordeling", "ter controle", "controle", "revisao", "em revisao",
    "em teste", "teste", "homologacao", "em homologacao", "レビュー", "検証", "検収", "審査", "テスト", "確認中", "確認待ち", "проверка",
    "тестирование",
];

/// Waiting on the one who asked without a word for waiting.
pub(in crate::states) const NEEDS_INFO: &[&str] = &[
    "needs info", "need info", "needs information", "need information", "needs more info", "need more info",
    "more info", "more information", "more info required", "info required", "information required", "info requested",
    "information requested", "needinfo", "information needed", "info needed", "customer action", "user action",
    "customer response", "client response", "customer pending", "returned to requester", "returned to customer",
    "sent back", "send back", "returned", "incomplete", "incomplete information", "with customer", "with client",
    "with requester", "missing information", "missing info", "question to customer", "ruckfrage", "in ruckfrage",
    "ruckfrage an kunde", "beim kunden", "unvollstandig", "zuruckgewiesen an", "incomplet", "retour demandeur",
    "incompleto", "incompleta", "devuelto", "faltan datos", "restituito", "onvolledig", "teruggestuurd", "devolvido",
    "差戻", "差し戻し", "返却", "問い合わせ中", "照会中",
];

/// Stuck, or waiting on nobody in particular.
pub(in crate::states) const BLOCKED: &[&str] = &[
    "blocked", "impediment", "impeded", "stuck", "on ice", "frozen", "blockiert", "gesperrt", "bloque", "bloquee",
    "bloqueado", "bloqueada", "bloccato", "bloccata", "geblokkeerd", "ブロック", "中断", "停止中", "在庫不足", "заблокировано",
];

/// Ended without a result.
pub(in crate::states) const CANCELLED: &[&str] = &[
    "cancelled", "canceled", "cancel", "aborted", "withdrawn", "withdraw", "abandoned", "voided", "void", "won t do",
    "wont do", "won t fix", "wont fix", "not planned", "removed", "deleted", "duplicate", "invalid", "not a bug",
    "cannot reproduce", "works as designed", "obsolete", "expired", "dropped", "closed incomplete", "closed skipped",
    "closed lost", "closed unsuccessful", "skipped", "discarded", "suspected spam", "spam", "terminated",
    "not applicable", "closed as duplicate", "revoked", "storniert", "abgebrochen", "annulliert", "zuruckgezogen",
    "verworfen", "duplikat", "ungultig", "hinfallig", "annule", "annulee", "abandonne", "abandonnee", "doublon",
    "sans suite", "cancelado", "cancelada", "anulado", "anulada", "desistido", "duplicado", "descartado", "annullato",
    "annullata", "ritirato", "abbandonato", "duplicato", "geannuleerd", "ingetrokken", "vervallen", "dubbel",
    "anulado", "desistencia", "キャンセル", "取消", "取り消し", "取下げ", "中止", "破棄", "отменено", "отменена",
];

/// Refused; an end where it ends cases, else sent back.
pub(in crate::states) const REJECTED: &[&str] = &[
    "rejected", "declined", "denied", "refused", "disapproved", "not approved", "abgelehnt", "zuruckgewiesen",
    "nicht genehmigt", "rejete", "rejetee", "refuse", "refusee", "rechazado", "rechazada", "denegado", "rifiutato",
    "rifiutata", "respinto", "respinta", "afgewezen", "geweigerd", "afgekeurd", "rejeitado", "rejeitada", "recusado",
    "indeferido", "reprovado", "却下", "否認", "拒否", "отклонено",
];

/// Granted; an end where it ends cases, else the next one must pick it up.
pub(in crate::states) const APPROVED: &[&str] = &[
    "approved", "authorized", "authorised", "granted", "genehmigt", "freigegeben", "bewilligt", "approuve",
    "approuvee", "valide", "validee", "autorise", "aprobado", "aprobada", "autorizado", "approvato", "approvata",
    "autorizzato", "goedgekeurd", "akkoord bevonden", "aprovado", "aprovada", "deferido", "承認済み", "承認済", "承認完了", "決裁済",
    "согласовано",
];

/// The case is over.
pub(in crate::states) const DONE: &[&str] = &[
    "closed", "close", "resolved", "done", "completed", "complete", "solved", "finished", "fixed", "fulfilled",
    "closed complete", "closed successful", "closed won", "shipped", "released", "deployed", "live", "delivered",
    "archived", "merged", "paid", "settled", "implemented", "verified", "ended", "end", "finalized", "finalised",
    "success", "succeeded", "resolution provided", "geschlossen", "gelost", "erledigt", "abgeschlossen", "beendet",
    "fertig", "behoben", "bezahlt", "ausgeliefert", "archiviert", "fertiggestellt", "umgesetzt", "resolu", "resolue",
    "clos", "close", "cloture", "cloturee", "ferme", "fermee", "termine", "terminee", "acheve", "traite", "traitee",
    "livre", "paye", "fini", "resuelto", "resuelta", "cerrado", "cerrada", "finalizado", "finalizada", "completado",
    "completada", "terminado", "terminada", "solucionado", "hecho", "entregado", "pagado", "concluido", "concluida",
    "risolto", "risolta", "chiuso", "chiusa", "completato", "completata", "terminato", "concluso", "evaso", "pagato",
    "fatto", "consegnato", "opgelost", "gesloten", "afgerond", "afgesloten", "gereed", "voltooid", "klaar",
    "afgehandeld", "betaald", "geleverd", "resolvido", "resolvida", "fechado", "fechada", "encerrado", "encerrada",
    "finalizada", "feito", "entregue", "pago", "クローズ", "完了", "解決", "終了", "対応済", "対応済み", "処理済", "処理済み", "解決済み", "解決済",
    "完了済み", "済み", "закрыто", "закрыта", "решено", "выполнено", "завершено", "完成", "已关闭", "已解决",
];

/// Somebody must pick it up.
pub(in crate::states) const QUEUE: &[&str] = &[
    "new", "submitted", "logged", "registered", "received", "queued", "queue", "in queue", "backlog", "to do", "todo",
    "selected for development", "reopened", "re opened", "reopen", "unassigned", "not started", "not assigned",
    "untriaged", "triage", "in triage", "needs triage", "proposed", "requested", "created", "raised", "reported",
    "scheduled", "planned", "acknowledged", "triaged", "dispatched", "routed", "transferred", "waiting room", "inbox",
    "intake", "accepted for work", "unstarted", "initial", "registered request", "groomed", "refined", "icebox",
    "funnel", "customer replied", "customer responded", "user replied", "client replied", "client responded", "neu",
    "eingegangen", "erfasst", "gemeldet", "angelegt", "in warteschlange", "zu erledigen", "wiedereroffnet",
    "wieder geoffnet", "nicht zugewiesen", "eingang", "eingereicht", "weitergeleitet", "geplant", "nouveau",
    "nouvelle", "recu", "recue", "enregistre", "cree", "a faire", "reouvert", "rouvert", "soumis", "soumise",
    "non assigne", "planifie", "a traiter", "nuevo", "nueva", "recibido", "recibida", "registrado", "registrada",
    "creado", "por hacer", "reabierto", "reabierta", "enviado", "sin asignar", "programado", "planificado", "nuovo",
    "nuova", "ricevuto", "registrato", "creato", "da fare", "riaperto", "riaperta", "inviato", "non assegnato",
    "pianificato", "in coda", "nieuw", "ontvangen", "geregistreerd", "aangemaakt", "te doen", "heropend", "ingediend",
    "niet toegewezen", "ingepland", "gepland", "in wachtrij", "novo", "nova", "recebido", "recebida", "criado",
    "a fazer", "reaberto", "reaberta", "na fila", "planejado", "nao atribuido", "新規", "未対応", "未着手", "受付", "受領", "起票",
    "登録", "報告", "再オープン", "再開", "未割当", "新建", "待处理", "новая", "новый", "новое", "переоткрыто",
];

/// Whole names for what was ordered and has not come yet, unless the case ends there.
pub(in crate::states) const ORDERED: &[&str] = &[
    "ordered", "order placed", "order sent", "on order", "purchase order sent", "purchase order issued",
    "purchase order placed", "po sent", "po issued", "po placed", "sent to supplier", "sent to vendor", "backordered",
    "back ordered", "on backorder", "in transit", "bestellt", "besteld", "commande passee", "commande envoyee",
    "pedido realizado", "pedido enviado", "ordinato", "発注済", "発注済み",
];

/// Somebody works on it, or should.
pub(in crate::states) const ACTIVE: &[&str] = &[
    "in progress", "inprogress", "active", "work in progress", "wip", "working", "working on it", "doing", "started",
    "in development", "in dev", "developing", "development", "coding", "investigating", "investigation",
    "under investigation", "in investigation", "root cause analysis", "analysis", "in analysis", "analyzing",
    "analysing", "diagnosis", "diagnosing", "assess", "assessment", "implement", "implementing", "implementation",
    "fix in progress", "processing", "in process", "in work", "being processed", "in handling", "ongoing", "underway",
    "committed", "executing", "execution", "in execution", "drafting", "draft", "accepted", "picked up",
    "in treatment", "deploying", "rework", "take in charge", "taken in charge", "in service",
    "monitoring", "troubleshooting", "responding", "preparing", "preparation", "in bearbeitung", "bearbeitung",
    "in arbeit", "laufend", "lauft", "aktiv", "in umsetzung", "in entwicklung", "in analyse", "analyse", "angenommen",
    "begonnen", "gestartet", "en cours", "en cours de traitement", "traitement", "en traitement",
    "encours", "actif", "demarre", "en developpement", "pris en charge", "en progreso", "en curso",
    "en proceso", "en tramite", "en desarrollo", "en analisis", "activo", "trabajando", "iniciado",
    "aceptado", "in corso", "in lavorazione", "in esecuzione", "in sviluppo", "attivo", "iniziato", "preso in carico",
    "in gestione", "accettato", "in behandeling", "in uitvoering", "bezig", "mee bezig", "in ontwikkeling", "actief",
    "gestart", "geaccepteerd", "onderhanden", "em andamento", "em progresso", "em atendimento",
    "em execucao", "em tratamento", "em desenvolvimento", "em analise", "em processamento", "ativo", "em curso", "対応中",
    "進行中", "作業中", "処理中", "調査中", "実施中", "着手", "初期調査", "調査", "開発中", "解決策適用", "修正", "エスカレーション", "в работе", "в процессе", "处理中", "进行中",
];

/// Named or raised to somebody; work, unless another state says that work has begun.
pub(in crate::states) const ASSIGNED: &[&str] = &[
    "assigned", "zugewiesen", "zugeteilt", "assigne", "assignee a", "affecte", "attribue", "asignado", "asignada",
    "assegnato", "assegnata", "toegewezen", "atribuido", "atribuida", "割当", "割り当て済み", "назначено", "назначена",
    "escalated", "eskaliert", "escalade", "escalado", "escalada", "escalonado", "escalonada", "geescaleerd",
];

/// Open; work, unless another state says that work has begun.
pub(in crate::states) const OPEN: &[&str] = &[
    "open", "opened", "offen", "eroffnet", "ouvert", "ouverte", "abierto", "abierta", "aperto", "aperta", "openstaand",
    "aberto", "aberta", "オープン", "открыто", "открыта",
];

/// Whole names for a decision that is awaited, beside those with a word for waiting.
pub(in crate::states) const IN_APPROVAL: &[&str] = &[
    "in approval", "for approval", "to approve", "to be approved", "submitted for approval", "approval requested",
    "approval required", "requires approval", "authorize", "authorise", "authorization", "zur genehmigung",
    "in genehmigung", "zur freigabe", "in freigabe", "a valider", "a approuver", "en validation", "en approbation",
    "en cours de validation", "en cours d approbation", "por aprobar", "en aprobacion", "para aprobacion",
    "da approvare", "in approvazione", "ter goedkeuring", "ter accordering", "para aprovacao", "em aprovacao",
    "a aprovar", "承認申請", "承認依頼", "承認中", "決裁中", "申請中", "稟議中", "на согласовании",
];

/// Verbs that end the case they take as object: `Resolve ticket`.
pub(in crate::states) const END_VERBS: &[&str] = &[
    "resolve", "close", "closing", "complete", "finish", "archive", "schliessen", "abschliessen", "cloturer", "fermer",
    "cerrar", "chiudi", "chiusura", "sluiten", "encerrar", "fechar",
];

/// Names of the case as an object.
pub(in crate::states) const CASE_OBJECTS: &[&str] = &[
    "ticket", "case", "incident", "request", "issue", "work order", "vorgang", "fall", "dossier", "demande", "caso",
    "incidencia", "pratica", "richiesta", "zaak", "melding", "chamado",
];

/// Words that say that something comes next to be taken.
pub(in crate::states) const READY: &[&str] = &[
    "ready for", "ready to", "bereit fur", "bereit zur", "pret pour", "pret a", "listo para", "pronto per",
    "klaar voor", "gereed voor", "pronto para",
];

/// The word for waiting in a name; a bare `hold` in a sentence is something else.
pub(in crate::states) fn wait_word(words: &crate::words::Words) -> Option<&'static str> {
    const BARE: &[&str] = &["hold", "held", "outstanding", "part"];
    WAIT.iter().copied().find(|wait| words.has(wait) && (!BARE.contains(wait) || words.count() <= 3 || words.starts(wait) || words.ends(wait)))
}
