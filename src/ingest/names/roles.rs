//! Header phrases of every role but the case.

use super::Lexicon;

/// When the event happened.
pub const TIME: Lexicon = &[
    ("time timestamp", 100), ("timestamp", 95), ("event time", 96), ("eventtime", 96), ("event timestamp", 97),
    ("event date", 92), ("event datetime", 96), ("time stamp", 95), ("time", 80), ("date", 78), ("datetime", 85),
    ("date time", 85), ("sys updated at", 94), ("sys updated on", 94), ("updated at", 90), ("updated on", 90),
    ("updated", 88), ("updated date", 88), ("update time", 88), ("update timestamp", 92), ("update date", 86),
    ("last updated", 86), ("last modified date", 88), ("last modified", 86), ("modified", 84), ("modified at", 86),
    ("modified on", 86), ("changed at", 92), ("changed on", 92), ("changed date", 90), ("change date", 88),
    ("status changed at", 93), ("status change date", 92), ("status time", 90), ("status date", 86), ("edit date", 90),
    ("transition date", 90), ("occurred at", 90), ("recorded at", 80), ("logged at", 75), ("reported at", 65),
    ("action date", 88), ("activity date", 80), ("activity time", 88), ("created at", 62), ("created on", 62),
    ("created", 60), ("created date", 62), ("creation date", 58), ("sys created on", 50), ("sys created at", 50),
    ("opened at", 20), ("opened", 20), ("start time", 50), ("when", 80), ("complete timestamp", 90),
    ("completion timestamp", 90), ("completion time", 86), ("complete time", 86), ("end time", 84),
    ("end timestamp", 86), ("end date", 70), ("zeitstempel", 95), ("zeitpunkt", 92), ("datum", 78),
    ("datum uhrzeit", 88), ("geandert am", 90), ("aktualisiert am", 90), ("aktualisiert", 86), ("anderungsdatum", 88),
    ("erstellt am", 60), ("erstellt", 58), ("endzeit", 84), ("uhrzeit", 40), ("horodatage", 95), ("date heure", 88),
    ("date de modification", 88), ("date de mise a jour", 90), ("mis a jour le", 90), ("modifie le", 90),
    ("cree le", 60), ("date de creation", 58), ("heure", 60), ("marca de tiempo", 95), ("fecha", 78),
    ("fecha hora", 88), ("fecha y hora", 88), ("fecha de actualizacion", 90), ("actualizado", 86),
    ("fecha de modificacion", 88), ("fecha de creacion", 58), ("data ora", 88), ("data e ora", 88), ("data", 74),
    ("marca temporale", 95), ("data aggiornamento", 90), ("data modifica", 88), ("aggiornato il", 90),
    ("data creazione", 58), ("tijdstempel", 95), ("tijdstip", 92), ("datum tijd", 88), ("gewijzigd op", 90),
    ("bijgewerkt op", 90), ("laatst gewijzigd", 86), ("aangemaakt op", 60), ("data hora", 88), ("data e hora", 88),
    ("carimbo de data hora", 95), ("carimbo de tempo", 95), ("atualizado em", 90), ("data de atualizacao", 90),
    ("criado em", 60), ("日時", 88), ("タイムスタンプ", 95), ("更新日時", 92), ("変更日時", 92), ("更新日", 86), ("発生日時", 92),
    ("処理日時", 92), ("実施日時", 92), ("作成日時", 60), ("登録日時", 60), ("時刻", 85), ("data zdarzenia", 90), ("tidspunkt", 90),
    ("tidsstampel", 95), ("дата", 78), ("время", 80), ("时间", 85),
];

/// When the work of an activity began.
pub const START: Lexicon = &[
    ("start timestamp", 95), ("start time", 95), ("start datetime", 95), ("started at", 92), ("started", 88),
    ("start", 88), ("start date", 82), ("starttime", 95), ("begin", 85), ("begin time", 90), ("begin timestamp", 92),
    ("activity start", 90), ("beginn", 88), ("startzeit", 95), ("startzeitpunkt", 95), ("anfang", 85),
    ("gestartet am", 88), ("debut", 88), ("date debut", 90), ("date de debut", 90), ("heure de debut", 92),
    ("inicio", 88), ("fecha inicio", 90), ("fecha de inicio", 90), ("hora de inicio", 92), ("inizio", 88),
    ("data inizio", 90), ("ora inizio", 92), ("starttijd", 95), ("begintijd", 92), ("aanvang", 85),
    ("data inicio", 90), ("data de inicio", 90), ("開始", 85), ("開始日時", 95), ("開始時刻", 95),
];

/// When the work of an activity ended; only beside a start.
pub const END: Lexicon = &[
    ("end timestamp", 95), ("end time", 95), ("end datetime", 95), ("endtime", 95), ("end", 85), ("end date", 82),
    ("ended at", 92), ("complete timestamp", 96), ("completion timestamp", 95), ("complete time", 94),
    ("completion time", 94), ("completed at", 88), ("completed", 84), ("complete", 84), ("finish time", 92),
    ("finished at", 90), ("finish", 85), ("time timestamp", 92), ("stop time", 90), ("timestamp", 80), ("ende", 88),
    ("endzeit", 95), ("endzeitpunkt", 95), ("beendet am", 90), ("fin", 88), ("date fin", 90), ("date de fin", 90),
    ("heure de fin", 92), ("fecha fin", 90), ("fecha de fin", 90), ("hora de fin", 92), ("fine", 88),
    ("data fine", 90), ("ora fine", 92), ("einde", 88), ("eindtijd", 95), ("fim", 88), ("data fim", 90),
    ("data de fim", 90), ("終了", 85), ("終了日時", 95), ("終了時刻", 95), ("完了日時", 92),
];

/// When an activity could have begun.
pub const ENABLED: Lexicon = &[
    ("enabled time", 95), ("enabled timestamp", 95), ("enabled at", 92), ("enabled", 85), ("enable time", 92),
    ("ready time", 85), ("ready at", 85), ("available at", 80), ("queued at", 85), ("enablement time", 92),
];

/// What was done, or which kind of event it was.
pub const ACTIVITY: Lexicon = &[
    ("concept name", 100), ("activity", 96), ("activity name", 98), ("activity en", 96), ("event name", 92),
    ("event type", 90), ("event", 88), ("event kind", 90), ("task name", 90), ("task", 78), ("action", 86),
    ("action type", 84), ("step", 80), ("step name", 88), ("operation", 84), ("process step", 90), ("transition", 72),
    ("workflow step", 90), ("aktivitat", 96), ("tatigkeit", 92), ("ereignis", 88), ("prozessschritt", 92),
    ("schritt", 80), ("arbeitsschritt", 92), ("aktion", 86), ("vorgang", 40), ("activite", 96), ("evenement", 88),
    ("etape", 82), ("tache", 80), ("actividad", 96), ("evento", 88), ("tarea", 80), ("paso", 78), ("accion", 84),
    ("attivita", 96), ("fase lavorazione", 80), ("activiteit", 96), ("gebeurtenis", 88), ("stap", 80),
    ("handeling", 84), ("atividade", 96), ("etapa", 80), ("acao", 84), ("アクティビティ", 96), ("作業", 84), ("作業名", 92),
    ("イベント", 88), ("工程", 84), ("処理内容", 86), ("czynnosc", 92), ("aktivitet", 94), ("действие", 90), ("событие", 88),
    ("活动", 94),
];

/// The state the case is in.
pub const STATE: Lexicon = &[
    ("status", 96), ("state", 94), ("status name", 97), ("state name", 95), ("incident state", 96),
    ("ticket status", 96), ("issue status", 96), ("case status", 95), ("case state", 94), ("new status", 94),
    ("to status", 94), ("status to", 93), ("new state", 93), ("to state", 93), ("current status", 90),
    ("workflow state", 94), ("stage", 80), ("stage name", 84), ("phase", 76), ("status label", 92),
    ("system state", 94), ("column", 50), ("swimlane", 50), ("zustand", 92), ("bearbeitungsstatus", 95),
    ("bearbeitungsstand", 92), ("statut", 95), ("etat", 90), ("estado", 93), ("situacion", 76), ("stato", 95),
    ("fase", 74), ("toestand", 90), ("situacao", 88), ("estagio", 80), ("ステータス", 95), ("状態", 95), ("状況", 85),
    ("進捗", 76), ("状态", 95), ("статус", 95), ("состояние", 92), ("stan", 80), ("tilstand", 90),
];

/// The team that holds the case.
pub const GROUP: Lexicon = &[
    ("assignment group", 100), ("org group", 97), ("assigned group", 96), ("assigned team", 96), ("support group", 94),
    ("owner group", 94), ("owning team", 94), ("resolver group", 95), ("group", 90), ("group name", 92),
    ("group id", 88), ("team", 90), ("team name", 92), ("team id", 86), ("queue", 88), ("queue name", 88),
    ("organization involved", 82), ("organisation involved", 82), ("involved organization", 82), ("involved team", 92),
    ("involved group", 92), ("support organization", 80), ("area path", 80), ("support team", 94), ("responsible group", 94), ("org role", 60), ("role", 58),
    ("org unit", 70), ("department", 45), ("gruppe", 90), ("bearbeitergruppe", 96), ("zustandige gruppe", 96),
    ("zuweisungsgruppe", 97), ("teamname", 90), ("warteschlange", 84), ("rolle", 58), ("abteilung", 45),
    ("groupe", 90), ("equipe", 90), ("groupe d affectation", 97), ("groupe daffectation", 97), ("service", 40),
    ("grupo", 90), ("grupo de asignacion", 97), ("equipo", 90), ("cola", 80), ("gruppo", 90),
    ("gruppo di assegnazione", 97), ("squadra", 85), ("reparto", 45), ("groep", 90), ("behandelgroep", 96),
    ("oplosgroep", 96), ("afdeling", 45), ("rol", 58), ("grupo de atribuicao", 97), ("fila", 84), ("setor", 45),
    ("担当グループ", 97), ("担当チーム", 96), ("グループ", 88), ("チーム", 88), ("担当部署", 92), ("担当部門", 92), ("部署", 60), ("部門", 45),
    ("группа", 90),
];

/// The person who owns the case.
pub const ASSIGNEE: Lexicon = &[
    ("assigned to", 100), ("assignee", 98), ("assignee id", 97), ("assignee name", 98), ("assigned user", 96), ("assignee display name", 98),
    ("assigned agent", 96), ("assigned person", 96), ("assigned", 80), ("owner", 92), ("owner id", 92),
    ("owner name", 93), ("case owner", 95), ("ticket owner", 95), ("responsible", 90), ("responsible person", 92),
    ("responsible user", 92), ("new assignee", 94), ("assignedto", 98), ("resolver", 80), ("zugewiesen an", 98),
    ("zugewiesen", 85), ("zustandig", 92), ("zustandiger", 92), ("verantwortlich", 92), ("verantwortlicher", 94),
    ("besitzer", 85), ("eigentumer", 85), ("assigne a", 98), ("assigne", 92), ("affecte a", 98), ("attribue a", 96),
    ("responsable", 92), ("proprietaire", 88), ("asignado a", 98), ("asignado", 90), ("propietario", 88),
    ("assegnato a", 98), ("assegnatario", 96), ("responsabile", 92), ("proprietario", 88), ("toegewezen aan", 98),
    ("eigenaar", 90), ("verantwoordelijke", 92), ("atribuido a", 98), ("responsavel", 94), ("担当者", 95), ("担当", 85),
    ("担当者名", 95), ("исполнитель", 92), ("ответственный", 92), ("负责人", 92),
];

/// The person who made this update.
pub const ACTOR: Lexicon = &[
    ("sys updated by", 100), ("updated by", 98), ("changed by", 98), ("modified by", 96), ("last modified by", 95),
    ("last modified by id", 95), ("edited by", 96), ("performed by", 96), ("updater", 92), ("updater name", 94),
    ("actor", 96), ("actor id", 95), ("author", 92), ("author id", 92), ("author name", 92), ("author display name", 92), ("update author", 94),
    ("action by", 94), ("created by", 60), ("sys created by", 40), ("entered by", 80), ("geandert von", 98),
    ("aktualisiert von", 98), ("erfasst von", 85), ("modifie par", 98), ("mis a jour par", 98), ("auteur", 90),
    ("modificado por", 98), ("actualizado por", 98), ("autor", 90), ("modificato da", 98), ("aggiornato da", 98),
    ("autore", 90), ("gewijzigd door", 98), ("bijgewerkt door", 98), ("alterado por", 98), ("atualizado por", 98),
    ("更新者", 97), ("変更者", 97), ("実施者", 94), ("автор", 90),
];

/// The person who did the work: actor, and owner where none is named.
pub const PERFORMER: Lexicon = &[
    ("org resource", 100), ("resource", 96), ("resource id", 92), ("resource name", 94), ("performer", 96),
    ("employee", 88), ("employee id", 90), ("employee name", 90), ("processor", 90), ("processor id", 92),
    ("agent", 90), ("agent id", 90), ("agent name", 92), ("operator", 90), ("handler", 92), ("handled by", 92),
    ("executed by", 94), ("executor", 92), ("worker", 88), ("technician", 90), ("clerk", 84), ("staff", 80),
    ("user", 84), ("user id", 82), ("user name", 84), ("username", 84), ("participant", 80), ("originator", 70),
    ("bearbeiter", 95), ("sachbearbeiter", 95), ("bearbeitet von", 95), ("mitarbeiter", 90), ("ressource", 94),
    ("benutzer", 84), ("ausfuhrender", 90), ("utilisateur", 80), ("intervenant", 90), ("agent traitant", 94),
    ("operateur", 90), ("technicien", 90), ("traite par", 94), ("recurso", 94), ("usuario", 82), ("agente", 90),
    ("ejecutor", 92), ("tecnico", 88), ("risorsa", 94), ("operatore", 92), ("utente", 78), ("addetto", 88),
    ("medewerker", 90), ("behandelaar", 95), ("uitvoerder", 92), ("gebruiker", 78), ("atendente", 92), ("処理者", 94),
    ("作業者", 94), ("実行者", 94), ("社員", 86), ("従業員", 86), ("リソース", 94), ("ユーザー", 78), ("オペレーター", 88), ("wykonawca", 92),
    ("pracownik", 88), ("handlaggare", 92),
];

/// What people wrote.
pub const COMMENT: Lexicon = &[
    ("comments and work notes", 100), ("comment", 88), ("comments", 92), ("comment text", 97), ("comment body", 97),
    ("work notes", 94), ("work note", 92), ("body", 78), ("text", 76), ("message", 76), ("message text", 84),
    ("note", 82), ("notes", 84), ("note text", 88), ("remark", 82), ("remarks", 84), ("kommentar", 90),
    ("kommentare", 90), ("notiz", 84), ("bemerkung", 86), ("commentaire", 90), ("commentaires", 90), ("remarque", 84),
    ("comentario", 90), ("comentarios", 90), ("nota", 80), ("observacion", 80), ("commento", 90), ("commenti", 90),
    ("note interne", 82), ("opmerking", 88), ("toelichting", 80), ("observacao", 82), ("コメント", 90), ("備考", 80),
    ("メモ", 80), ("комментарий", 90),
];

/// Whether the requester can read a comment.
pub const COMMENT_VISIBILITY: Lexicon = &[
    ("public", 88), ("is public", 92), ("private", 88), ("is private", 92), ("internal", 84), ("is internal", 88),
    ("visibility", 84), ("comment visibility", 98), ("jsd public", 96), ("sichtbarkeit", 84), ("intern", 76),
    ("visibilite", 84), ("visibilidad", 84), ("visibilita", 84), ("zichtbaarheid", 84), ("visibilidade", 84),
    ("公開", 84),
];

/// On which side the writer of a comment stands.
pub const COMMENT_WRITER: Lexicon = &[
    ("author role", 98), ("author type", 96), ("comment author role", 98), ("commenter role", 96), ("writer role", 96),
    ("comment writer", 98), ("user role", 84), ("role", 70), ("author kind", 90), ("rolle", 70), ("rol", 66),
    ("ruolo", 66), ("papel", 60), ("役割", 66),
];

/// How urgent the case is.
pub const PRIORITY: Lexicon = &[
    ("priority", 98), ("priority name", 96), ("prio", 92), ("severity", 84), ("urgency", 72), ("impact", 50),
    ("prioritat", 96), ("dringlichkeit", 74), ("schweregrad", 80), ("priorite", 96), ("urgence", 72), ("gravite", 76),
    ("prioridad", 96), ("urgencia", 70), ("priorita", 96), ("gravita", 74), ("prioriteit", 96), ("urgentie", 72),
    ("prioridade", 96), ("優先度", 96), ("重要度", 82), ("緊急度", 74), ("приоритет", 96), ("优先级", 96), ("priorytet", 96),
    ("prioritet", 96),
];

/// Who asked.
pub const REQUESTER: Lexicon = &[
    ("caller id", 96), ("caller", 94), ("requester", 98), ("requester id", 97), ("requested by", 94),
    ("requested for", 92), ("requestor", 96), ("reporter", 94), ("reporter display name", 94), ("submitter", 88), ("submitter id", 86),
    ("customer", 88), ("customer id", 88), ("customer name", 88), ("client", 84), ("client id", 84),
    ("contact id", 80), ("contact name", 82), ("opened by", 72), ("applicant", 86), ("claimant", 86), ("melder", 94),
    ("antragsteller", 94), ("anforderer", 94), ("auftraggeber", 88), ("kunde", 88), ("kundennummer", 88),
    ("demandeur", 96), ("appelant", 92), ("client id", 84), ("solicitante", 96), ("cliente", 86), ("richiedente", 96),
    ("aanvrager", 96), ("melder naam", 90), ("klant", 86), ("requerente", 90), ("依頼者", 96), ("申請者", 94), ("顧客", 84),
    ("заявитель", 94),
];

/// How the case ended.
pub const OUTCOME: Lexicon = &[
    ("outcome", 96), ("resolution", 88), ("resolution code", 92), ("close code", 92), ("closed code", 92),
    ("closure code", 92), ("disposition", 88), ("result", 84), ("ergebnis", 88), ("abschlusscode", 92),
    ("losungscode", 90), ("resultat", 84), ("code de cloture", 92), ("resultado", 84), ("codigo de cierre", 92),
    ("esito", 90), ("resultaat", 86), ("codigo de fechamento", 92), ("結果", 86), ("解決コード", 92),
];

/// Counters that the system keeps of reassignments.
pub const REASSIGNMENTS: Lexicon = &[
    ("reassignment count", 100), ("reassignments", 94), ("reassign count", 96), ("assignment count", 86),
    ("number of reassignments", 98), ("hop count", 80), ("group stations", 82), ("assignee stations", 80),
    ("anzahl zuweisungen", 90),
];

/// Counters that the system keeps of reopens.
pub const REOPENS: Lexicon = &[
    ("reopen count", 100), ("reopens", 94), ("reopened count", 96), ("times reopened", 94), ("number of reopens", 98),
    ("wiedereroffnungen", 90),
];

/// Counters that the system keeps of updates.
pub const UPDATES: Lexicon = &[
    ("sys mod count", 100), ("mod count", 94), ("update count", 96), ("updates", 80), ("revision", 80), ("rev", 78),
    ("revision number", 84), ("number of updates", 94), ("version", 60), ("anzahl anderungen", 88),
];

/// Attributes to cut numbers by, the most telling first.
pub const SEGMENT: Lexicon = &[
    ("priority", 98), ("prioritat", 98), ("priorite", 98), ("prioridad", 98), ("priorita", 98), ("prioriteit", 98),
    ("prioridade", 98), ("優先度", 98), ("severity", 96), ("prio", 96), ("category", 94), ("kategorie", 94),
    ("categorie", 94), ("categoria", 94), ("カテゴリ", 94), ("分類", 92), ("type", 92), ("issue type", 93),
    ("ticket type", 93), ("case type", 93), ("request type", 93), ("typ", 92), ("art", 86), ("tipo", 92), ("種別", 92),
    ("区分", 90), ("soort", 88), ("department", 90), ("abteilung", 90), ("departamento", 90), ("departement", 90),
    ("dipartimento", 90), ("reparto", 90), ("afdeling", 90), ("部門", 90), ("部署", 88), ("business unit", 88),
    ("channel", 88), ("contact type", 88), ("via channel", 88), ("kanal", 88), ("canal", 88), ("canale", 88),
    ("kanaal", 88), ("チャネル", 88), ("source", 78), ("origin", 80), ("subcategory", 70), ("product", 76),
    ("produkt", 76), ("produit", 76), ("producto", 76), ("prodotto", 76), ("service", 72), ("region", 72),
    ("country", 70), ("location", 68), ("standort", 68), ("land", 66), ("pays", 66), ("pais", 66), ("site", 62),
    ("urgency", 66), ("impact", 64), ("amount class", 60), ("segment", 74), ("class", 62), ("project", 60),
];

/// The field that a row of a field history changes.
pub const FIELD: Lexicon = &[
    ("field", 90), ("field name", 95), ("fieldname", 95), ("field id", 92), ("field event", 88), ("attribute", 75),
    ("changed field", 92), ("feld", 88), ("champ", 88), ("campo", 88), ("項目", 80),
];

/// The value a row of a field history writes.
pub const NEW_VALUE: Lexicon = &[
    ("new value", 95), ("newvalue", 95), ("value", 85), ("to value", 90), ("to string", 90), ("neuer wert", 92),
    ("nouvelle valeur", 92), ("nuevo valor", 92),
];

/// Names of columns that number the rows of a case.
pub const SEQUENCE: Lexicon = &[
    ("sequence", 90), ("sequence number", 95), ("sequence no", 95), ("seq", 88), ("seq no", 92), ("sorting", 90),
    ("sort order", 85), ("status no", 95), ("status number", 92), ("step no", 95), ("step number", 95),
    ("event no", 92), ("event number", 92), ("event index", 92), ("event order", 92), ("position", 75),
    ("row number", 80), ("line number", 75), ("event id", 75), ("history id", 70), ("laufende nummer", 90),
    ("lfd nr", 90), ("schritt", 60), ("reihenfolge", 85), ("ordre", 70), ("sequentie", 88), ("volgnummer", 90),
    ("secuencia", 88), ("sequenza", 88), ("sequencia", 88), ("順番", 85), ("順序", 85), ("連番", 85),
];

/// Words of a date that was planned and is therefore known early.
pub const PLANNED: &[&str] = &[
    "planned", "plan", "due", "deadline", "target", "expected", "estimated", "scheduled", "schedule", "sla due",
    "promised", "requested", "respond by", "eta", "geplant", "geplantes", "plan ende", "soll", "frist", "fallig",
    "falligkeit", "falligkeitsdatum", "termin", "wunschtermin", "echeance", "prevu", "prevue", "limite", "vencimiento",
    "previsto", "prevista", "plazo", "scadenza", "gepland", "verwacht", "vervaldatum", "prazo", "期限", "予定", "締切",
];

/// Words of columns that are determined at the end of a case.
pub const ENDING: &[&str] = &[
    "resolved", "closed", "close", "closure", "completed", "completion", "complete", "finished", "solved", "ended",
    "end", "enddate", "resolution", "disposition", "cancelled", "canceled", "variant", "cycle time", "lead time",
    "time to resolve", "total duration", "throughput", "final", "outcome", "gelost", "geschlossen", "abgeschlossen",
    "abschluss", "erledigt", "beendet", "ende", "losung", "durchlaufzeit", "ergebnis", "resolu", "resolue", "clos",
    "clos le", "cloture", "termine", "fermeture", "fin", "resultat", "resuelto", "cerrado", "cierre", "finalizado",
    "resultado", "risolto", "chiuso", "chiusura", "esito", "opgelost", "gesloten", "afgerond", "afgesloten",
    "resolvido", "fechado", "encerramento", "concluido", "完了", "終了", "解決",
];

/// Words of a verdict on a service level, written when the case ends.
pub const VERDICT: &[&str] = &[
    "made sla", "sla met", "met sla", "sla breached", "sla breach", "breached", "has breached", "breach", "sla missed",
    "missed sla", "sla verletzt", "sla eingehalten", "sla cumplido", "sla violated",
];
