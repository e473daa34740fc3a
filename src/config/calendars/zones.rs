//! Time zones by the names of Zendesk, which are those of Ruby on Rails.

use crate::time::Zone;

/// Names that are no IANA name and not the city of one, or not of the one that is meant.
const NAMES: [(&str, &str); 49] = [
    ("Abu Dhabi", "Asia/Dubai"),
    ("Alaska", "America/Juneau"),
    ("American Samoa", "Pacific/Pago_Pago"),
    ("Arizona", "America/Phoenix"),
    ("Astana", "Asia/Dhaka"),
    ("Atlantic Time (Canada)", "America/Halifax"),
    ("Beijing", "Asia/Shanghai"),
    ("Bern", "Europe/Zurich"),
    ("Brasilia", "America/Sao_Paulo"),
    ("Cape Verde Is.", "Atlantic/Cape_Verde"),
    ("Central America", "America/Guatemala"),
    ("Central Time (US & Canada)", "America/Chicago"),
    ("Chatham Is.", "Pacific/Chatham"),
    ("Chennai", "Asia/Kolkata"),
    ("Eastern Time (US & Canada)", "America/New_York"),
    ("Edinburgh", "Europe/London"),
    ("Ekaterinburg", "Asia/Yekaterinburg"),
    ("Georgetown", "America/Guyana"),
    ("Greenland", "America/Godthab"),
    ("Guadalajara", "America/Mexico_City"),
    ("Hanoi", "Asia/Bangkok"),
    ("Hawaii", "Pacific/Honolulu"),
    ("Indiana (East)", "America/Indiana/Indianapolis"),
    ("International Date Line West", "Pacific/Midway"),
    ("Islamabad", "Asia/Karachi"),
    ("Kyiv", "Europe/Kiev"),
    ("Marshall Is.", "Pacific/Majuro"),
    ("Mid-Atlantic", "Atlantic/South_Georgia"),
    ("Midway Island", "Pacific/Midway"),
    ("Mountain Time (US & Canada)", "America/Denver"),
    ("Mumbai", "Asia/Kolkata"),
    ("New Caledonia", "Pacific/Noumea"),
    ("New Delhi", "Asia/Kolkata"),
    ("Newfoundland", "America/St_Johns"),
    ("Nuku'alofa", "Pacific/Tongatapu"),
    ("Osaka", "Asia/Tokyo"),
    ("Pacific Time (US & Canada)", "America/Los_Angeles"),
    ("Pretoria", "Africa/Johannesburg"),
    ("Quito", "America/Lima"),
    ("Rangoon", "Asia/Yangon"),
    ("Samoa", "Pacific/Apia"),
    ("Sapporo", "Asia/Tokyo"),
    ("Saskatchewan", "America/Regina"),
    ("Solomon Is.", "Pacific/Guadalcanal"),
    ("Sri Jayawardenepura", "Asia/Colombo"),
    ("St. Petersburg", "Europe/Moscow"),
    ("Tokelau Is.", "Pacific/Fakaofo"),
    ("Wellington", "Pacific/Auckland"),
    ("West Central Africa", "Africa/Algiers"),
];

/// Finds the zone of a name: an IANA name, one of Zendesk, or the city of an IANA name; in any case.
pub(super) fn zone(name: &str) -> Option<Zone> {
    let name = name.trim();
    if let Some((_, iana)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Zone::parse(iana).ok();
    }
    if let Ok(zone) = Zone::parse(name) {
        return Some(zone);
    }
    let city = name.replace(' ', "_");
    let near = Zone::near_names(name).into_iter();
    let is_city = |near: &&str| near.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&city));
    Zone::parse(near.filter(is_city).min()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{NAMES, zone};

    #[test]
    fn names_of_zendesk_are_iana_zones() {
        for (name, iana) in NAMES {
            assert!(zone(name).is_some(), "{name}: {iana}");
        }
        for (name, iana) in [
            ("Pacific Time (US & Canada)", "America/Los_Angeles"),
            ("eastern time (us & canada)", "America/New_York"),
            ("Europe/Berlin", "Europe/Berlin"),
            ("London", "Europe/London"),
            ("Dublin", "Europe/Dublin"),
            ("Montevideo", "America/Montevideo"),
            ("Cairo", "Africa/Cairo"),
            ("La Paz", "America/La_Paz"),
            ("Mexico City", "America/Mexico_City"),
            ("Canberra", "Australia/Canberra"),
            ("UTC", "UTC"),
            ("Hong Kong", "Asia/Hong_Kong"),
            ("Puerto Rico", "America/Puerto_Rico"),
            ("Samoa", "Pacific/Apia"),
        ] {
            assert_eq!(zone(name).unwrap().name(), iana, "{name}");
        }
        assert!(["", "Nowhere", "Berln"].iter().all(|name| zone(name).is_none()));
    }
}
