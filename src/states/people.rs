//! Names of actors that are no people.
//!
//! Names only; behaviour (round the clock, many cases in a minute) is judged elsewhere.

use crate::words::Words;

/// Words that make a name a machine's.
const MACHINE: &[&str] = &[
    "system",
    "bot",
    "chatbot",
    "robot",
    "automation",
    "automated",
    "automatic",
    "automatically",
    "auto",
    "svc",
    "workflow",
    "integration",
    "rpa",
    "daemon",
    "scheduler",
    "cron",
    "webhook",
    "noreply",
    "no reply",
    "donotreply",
    "do not reply",
    "service account",
    "serviceaccount",
    "batch job",
    "batchuser",
    "batch user",
    "script",
    "api",
    "mid server",
    "midserver",
    "jenkins",
    "dependabot",
    "renovate",
    "github actions",
    "answer bot",
    "autoresponder",
    "etl",
    "interface",
    "schnittstelle",
    "connector",
    "systembenutzer",
    "automatik",
    "automatisch",
    "hintergrundjob",
    "systeme",
    "automate",
    "automatique",
    "sistema",
    "automatico",
    "systeem",
    "automatisch",
    "システム",
    "自動",
    "自動処理",
    "ボット",
    "система",
    "робот",
];

/// Words that make a person of a name with a machine's word: a system engineer is no system.
const PERSON: &[&str] = &[
    "administrator",
    "admin",
    "engineer",
    "manager",
    "analyst",
    "architect",
    "specialist",
    "owner",
    "operator",
    "team",
    "support",
    "lead",
    "developer",
    "consultant",
    "administratorin",
    "techniker",
];

/// The pattern by which a name is a machine's; `None` for people.
#[must_use]
pub fn bot_name(name: &str) -> Option<&'static str> {
    let lower = name.trim().to_lowercase();
    if lower.ends_with("[bot]") {
        return Some("[bot]");
    }
    for (prefix, pattern) in [
        ("svc_", "svc_"),
        ("svc-", "svc-"),
        ("svc.", "svc."),
        ("sa_", "sa_"),
        ("bot_", "bot_"),
        ("bot-", "bot-"),
        ("sys_", "sys_"),
        ("srv_", "srv_"),
    ] {
        if lower.starts_with(prefix) {
            return Some(pattern);
        }
    }
    for (suffix, pattern) in [
        ("_svc", "_svc"),
        ("-svc", "-svc"),
        ("_bot", "_bot"),
        ("-bot", "-bot"),
        ("_batch", "_batch"),
        ("_system", "_system"),
        ("-sync", "-sync"),
        ("_sync", "_sync"),
        ("-export", "-export"),
        ("_export", "_export"),
        ("-import", "-import"),
        ("_import", "_import"),
    ] {
        if lower.ends_with(suffix) {
            return Some(pattern);
        }
    }
    let words = Words::new(name);
    let pattern = words.first_of(MACHINE)?;
    words.first_of(PERSON).is_none().then_some(pattern)
}

#[cfg(test)]
mod tests {
    use super::bot_name;

    #[test]
    fn machines_are_found_with_their_pattern() {
        let machines = [
            ("SYSTEM", "system"),
            ("system", "system"),
            ("Automation for Jira", "automation"),
            ("svc_deploy", "svc_"),
            ("jira-bot", "-bot"),
            ("HelpBot", "bot"),
            ("dependabot[bot]", "[bot]"),
            ("Workflow Engine", "workflow"),
            ("crm-sync", "-sync"),
            ("HR_EXPORT", "_export"),
            ("Schnittstelle SAP", "schnittstelle"),
            ("integration.user", "integration"),
            ("SystemUser", "system"),
            ("no-reply@example.com", "no reply"),
            ("RPA 03", "rpa"),
            ("Auto-close", "auto"),
            ("システム", "システム"),
            ("Batch User", "batch user"),
            ("API", "api"),
            ("service account 7", "service account"),
            ("Sistema", "sistema"),
            ("mid.server.prod", "mid server"),
        ];
        for (name, pattern) in machines {
            assert_eq!(bot_name(name), Some(pattern), "{name}");
        }
    }

    #[test]
    fn people_are_left_alone() {
        for name in [
            "Abbott",
            "Robotham",
            "Talbot",
            "Cabot",
            "STAFF MEMBER",
            "Updated by 908",
            "Ann-Charlotte",
            "Export Desk",
            "Otto",
            "Botha",
            "Systems Engineer 3",
            "System Administrator",
            "Workflow Manager",
            "EMP-015",
            "Resource01",
            "admin1",
            "Svetlana",
            "Autumn Scripts",
            "Value 2",
            "Apinya",
            "",
            "?",
            "Clerk-000001",
            "Scripture",
            "Integra",
        ] {
            assert_eq!(bot_name(name), None, "{name}");
        }
    }
}
