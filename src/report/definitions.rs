//! What every number means, from `docs/METRICS.md`, and the way from a name to a definition.
//!
//! A heading of that page names one place of the findings or several (`kpis.near_breach.n, met`): `[]` stands for the
//! entries of a list, `*` for any key, `A|B` for either. A name is found by any run of its parts, so
//! `handoffs_per_case` is `kpis.handoffs_per_case`, and what a unit adds (`_ms`) may be left out.

/// The page.
const PAGE: &str = include_str!("../../docs/METRICS.md");

/// Other names of the key figures and of the questions.
const ALIASES: [(&str, &str); 14] = [
    ("aging", "items.age"),
    ("chases", "kpis.status_chases_per_case"),
    ("d40", "questions"),
    ("d41", "questions"),
    ("d42", "questions"),
    ("d43", "questions"),
    ("d44", "questions"),
    ("lead_time", "kpis.cycle_time"),
    ("mttr", "kpis.exception_mttr"),
    ("ping_pong", "handoffs.ping_pong"),
    ("sla", "kpis.sla_breach_rate"),
    ("throughput_time", "kpis.cycle_time"),
    ("time_in_state", "states.completed"),
    ("time_to_next_step", "states.next_step"),
];

/// One definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its heading, such as `kpis.near_breach.n, met`.
    pub heading: &'static str,
    /// The places it names, such as `kpis.near_breach.n` and `kpis.near_breach.met`.
    pub paths: Vec<String>,
    /// Markdown.
    pub text: &'static str,
}

/// What a name was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// One definition.
    One(Definition),
    /// Several that the name fits equally well, by heading.
    Several(Vec<&'static str>),
    /// None; headings that share a word with it.
    Nothing(Vec<&'static str>),
}

/// All definitions, in the order of the page.
#[must_use]
pub fn all() -> Vec<Definition> {
    let mut found = Vec::new();
    let starts: Vec<usize> = PAGE.match_indices("\n#").map(|(at, _)| at + 1).chain([PAGE.len()]).collect();
    for pair in starts.windows(2) {
        let section = &PAGE[pair[0]..pair[1]];
        let (line, text) = section.split_once('\n').unwrap_or((section, ""));
        let heading = line.trim_start_matches('#').trim();
        let paths = paths(heading);
        if !paths.is_empty() {
            found.push(Definition { heading, paths, text: text.trim() });
        }
    }
    found
}

/// The definitions of the parts of a section that has no definition of its own.
#[must_use]
pub fn parts_of(section: &Definition) -> Vec<Definition> {
    let inside = |definition: &Definition| {
        definition.paths.iter().any(|path| path.strip_prefix(section.heading).is_some_and(|rest| rest.starts_with('.')))
    };
    if section.text.is_empty() { all().into_iter().filter(inside).collect() } else { Vec::new() }
}

/// The places that a heading names; none where it is a title in words.
fn paths(heading: &str) -> Vec<String> {
    let heading = heading.split(" of ").next().unwrap_or_default();
    let heading = heading.rsplit(": ").next().unwrap_or_default();
    let mut paths = Vec::new();
    for group in heading.split("; ") {
        let mut parent = "";
        for (place, part) in group.split(", ").enumerate() {
            if !is_path(part) {
                return Vec::new();
            }
            if place == 0 {
                parent = part.rsplit_once('.').map_or("", |(parent, _)| parent);
                paths.push(part.to_owned());
            } else if parent.is_empty() {
                paths.push(part.to_owned());
            } else {
                paths.push(format!("{parent}.{part}"));
            }
        }
    }
    paths
}

fn is_path(part: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'|' | b'*' | b'[' | b']');
    !part.is_empty() && part.bytes().all(known) && part.starts_with(|first: char| first.is_ascii_lowercase())
}

/// Finds the definition of a name; what stands in `[...]` is not looked at.
#[must_use]
pub fn find(name: &str) -> Found {
    let wanted = parts(name);
    let wanted = match ALIASES.iter().find(|(alias, _)| wanted == [*alias]) {
        Some((_, path)) => parts(path),
        None => wanted,
    };
    let definitions = all();
    let ranked = definitions.iter().filter_map(|definition| {
        let ranks = definition.paths.iter().filter_map(|path| rank(&wanted, &parts(path)));
        Some((ranks.min()?, definition))
    });
    let ranked: Vec<(u8, &Definition)> = ranked.collect();
    let best = ranked.iter().map(|(rank, _)| *rank).min();
    let best: Vec<&Definition> =
        ranked.iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, definition)| *definition).collect();
    // of equally good ones a key figure is meant, or what has the name for itself
    let figures: Vec<&&Definition> = best.iter().filter(|definition| definition.heading.starts_with("kpis.")).collect();
    let own: Vec<&&Definition> = best.iter().filter(|definition| parts(definition.heading) == wanted).collect();
    match (best.as_slice(), figures.as_slice(), own.as_slice()) {
        ([one], _, _) => Found::One((*one).clone()),
        (_, [one], _) | (_, _, [one]) => Found::One((**one).clone()),
        ([], _, _) => Found::Nothing(near(&wanted, &definitions)),
        (several, _, _) => Found::Several(several.iter().map(|definition| definition.heading).collect()),
    }
}

/// Whether a name fits a place.
pub(super) fn meets(name: &str, path: &str) -> bool {
    rank(&parts(name), &parts(path)).is_some()
}

/// The parts of a path in small letters, without list marks, what is chosen of lists, and units.
fn parts(path: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0;
    for character in path.chars() {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    let bare = |part: &str| part.strip_suffix("_ms").unwrap_or(part).to_lowercase().replace('-', "_");
    plain.split('.').filter(|part| !part.is_empty()).map(bare).collect()
}

/// How well a name fits a path: all of it, its end, its beginning, its middle; `None` where it does not.
fn rank(wanted: &[String], path: &[String]) -> Option<u8> {
    let fits = |part: &[String]| {
        let same = |(wanted, part): (&String, &String)| {
            part == wanted || part == "*" || part.split('|').any(|one| one.eq_ignore_ascii_case(wanted))
        };
        part.len() == wanted.len() && wanted.iter().zip(part).all(same)
    };
    let own = |part: &[String]| part.iter().any(|part| part != "*");
    let at = path.windows(wanted.len().max(1)).position(|part| fits(part) && own(part))?;
    match (at, at + wanted.len() == path.len()) {
        (0, true) => Some(0),
        (_, true) => Some(1),
        (0, false) => Some(2),
        (_, false) => Some(3),
    }
}

/// Up to eight headings that share a word with a name.
fn near(wanted: &[String], definitions: &[Definition]) -> Vec<&'static str> {
    let words: Vec<&str> = wanted.iter().flat_map(|part| part.split('_')).filter(|word| word.len() > 2).collect();
    let shares = |definition: &&Definition| words.iter().any(|word| definition.heading.to_lowercase().contains(word));
    definitions.iter().filter(shares).map(|definition| definition.heading).take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(name: &str) -> &'static str {
        match find(name) {
            Found::One(definition) => definition.heading,
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn names_are_found_by_any_run_of_their_parts() {
        for (name, expected) in [
            ("kpis.handoffs_per_case", "kpis.handoffs_per_case"),
            ("handoffs_per_case", "kpis.handoffs_per_case"),
            ("cycle_time", "kpis.cycle_time_ms.wall"),
            ("kpis.cycle_time_ms.wall", "kpis.cycle_time_ms.wall"),
            ("lead-time", "kpis.cycle_time_ms.wall"),
            ("states[In Progress].completed_ms", "states[].completed_ms"),
            ("time_in_state", "states[].completed_ms"),
            ("buckets.B.touches", "buckets.A|B|C|D.touches, touches_per_case, per_case; work_touches, all_touches"),
            ("handoffs", "handoffs"),
            ("choke_points.score", "choke_points[].score"),
            ("handoffs.returns", "handoffs.ping_pong.total, cases; handoffs.returns"),
            ("D41", "questions[].values"),
            ("age_ms", "items[].age_ms, case_age_ms, age_business_ms, case_age_business_ms"),
        ] {
            assert_eq!(heading(name), expected, "{name}");
        }
        assert!(matches!(find("share"), Found::Several(several) if several.len() > 1));
        assert!(matches!(find("handof_count"), Found::Nothing(_)));
        assert!(matches!(find("reopen_share"), Found::Nothing(near) if near.contains(&"kpis.reopen_rate")));
        assert!(matches!(find(""), Found::Nothing(_)));
    }

    #[test]
    fn every_alias_and_every_path_leads_to_a_definition() {
        for (alias, _) in ALIASES {
            assert!(matches!(find(alias), Found::One(_)), "{alias}");
        }
        for definition in all() {
            for path in &definition.paths {
                let found = find(path);
                let own = matches!(&found, Found::One(one) if one.paths.contains(path));
                let among = matches!(&found, Found::Several(several) if several.contains(&definition.heading));
                assert!(own || among, "{path}: {found:?}");
            }
        }
        assert!(all().len() > 60);
    }
}
