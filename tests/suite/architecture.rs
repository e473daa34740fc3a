//! The arrows between modules are those of `docs/ARCHITECTURE.md`, and what only some modules may touch, only they touch.
//!
//! Reads the syntax of every file, not its lines: `use` trees and paths, with `crate`, `self`, `super` and imported
//! names resolved. Modules under `#[cfg(test)]` are exempt.

mod source;

use std::collections::{BTreeMap, BTreeSet};

use crate::run::package;
use source::{Seen, seen_in_package};

/// The word for all modules in a row of the page.
const EVERYTHING: &str = "everything";

/// The modules of the page and what each may use.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let page = std::fs::read_to_string(package().join("docs/ARCHITECTURE.md")).unwrap();
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<Vec<&str>> =
        page.lines().filter(|line| line.starts_with("| `")).map(|line| line.split('|').collect()).collect();
    assert!(
        rows.iter().all(|cells| cells.len() == 5 && !cells[3].trim().is_empty()),
        "not rows of three cells: {rows:?}"
    );
    let modules: BTreeSet<String> = rows.iter().map(|cells| names(cells[1]).concat()).collect();
    let allowed = |cells: &[&str]| match cells[2].trim() {
        EVERYTHING => modules.iter().filter(|module| **module != names(cells[1]).concat()).cloned().collect(),
        _ => names(cells[2]).into_iter().collect(),
    };
    rows.iter().map(|cells| (names(cells[1]).concat(), allowed(cells))).collect()
}

/// Every violation that `wrong` finds, one line each.
fn violations(wrong: impl Fn(&Seen) -> Vec<String>) -> String {
    let seen = seen_in_package();
    assert!(seen.len() > 80, "only {} files were read", seen.len());
    let found = seen.iter().flat_map(|file| wrong(file).into_iter().map(move |what| format!("{}: {what}", file.file)));
    found.collect::<Vec<_>>().join("\n")
}

/// The paths of a file that start with one of `prefixes`.
fn starting_with(file: &Seen, prefixes: &[&str]) -> Vec<String> {
    let starts = |path: &str, prefix: &str| {
        path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"))
    };
    file.paths.iter().filter(|path| prefixes.iter().any(|prefix| starts(path, prefix))).cloned().collect()
}

#[track_caller]
fn none(found: &str) {
    assert!(found.is_empty(), "\n{found}");
}

#[test]
fn only_the_arrows_of_the_page_exist() {
    let table = table();
    none(&violations(|file| {
        let Some(module) = file.module.first() else { return Vec::new() };
        let Some(allowed) = table.get(module) else {
            return vec![format!("`{module}` is not in docs/ARCHITECTURE.md")];
        };
        let used = file.paths.iter().filter_map(|path| path.strip_prefix("crate::")?.split("::").next());
        let modules = used.filter(|used| table.contains_key(*used) && used != module);
        let wrong: BTreeSet<&str> = modules.filter(|used| !allowed.contains(*used)).collect();
        wrong.into_iter().map(|used| format!("`{module}` may not use `{used}`")).collect()
    }));
}

#[test]
fn every_arrow_of_the_page_is_needed() {
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in seen_in_package() {
        let Some(module) = file.module.first() else { continue };
        let of_module = used.entry(module.clone()).or_default();
        of_module.extend(
            file.paths.iter().filter_map(|path| Some(path.strip_prefix("crate::")?.split("::").next()?.to_owned())),
        );
    }
    for (module, allowed) in table().into_iter().filter(|(module, _)| module != "cli") {
        let of_module = used.get(&module).unwrap_or_else(|| panic!("there is no module `{module}`"));
        let idle: Vec<_> = allowed.difference(of_module).collect();
        assert!(idle.is_empty(), "`{module}` does not use {idle:?}; take them out of docs/ARCHITECTURE.md");
    }
}

#[test]
fn the_arrows_of_the_page_have_no_cycle() {
    let mut left = table();
    while !left.is_empty() {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, uses)| uses.iter().all(|used| !left.contains_key(used)))
            .map(|(name, _)| name.clone())
            .collect();
        assert!(!free.is_empty(), "these use each other in a circle: {:?}", left.keys());
        left.retain(|name, _| !free.contains(name));
    }
}

#[test]
fn only_the_shell_touches_the_surroundings() {
    let streams = ["std::io::stdout", "std::io::stderr", "std::io::IsTerminal", "terminal_size", "indicatif", "clap"];
    let surroundings = ["std::env", "std::process", "std::time::SystemTime", "std::time::Instant", "std::net"];
    none(&violations(|file| match file.module.first().map(String::as_str) {
        Some("cli") | None => Vec::new(),
        Some(_) => [starting_with(file, &streams), starting_with(file, &surroundings)].concat(),
    }));
    none(&violations(|file| {
        let printing = ["print", "println", "eprint", "eprintln", "dbg"];
        file.macros.iter().filter(|name| printing.contains(&name.as_str())).map(|name| format!("{name}!")).collect()
    }));
}

#[test]
fn only_the_shell_and_ingest_touch_files_and_formats() {
    none(&violations(|file| match file.module.first().map(String::as_str) {
        Some("cli" | "ingest") => Vec::new(),
        Some(_) | None => starting_with(file, &["std::fs", "std::io::stdin", "flate2", "zip", "quick_xml", "glob"]),
    }));
    none(&violations(|file| match file.module.first().map(String::as_str) {
        Some("states" | "metrics") => starting_with(file, &["serde", "serde_json"]),
        Some(_) | None => Vec::new(),
    }));
}

#[test]
fn unsafe_code_lives_in_one_file() {
    none(&violations(|file| match file.file.as_str() {
        "ingest/csv/simd.rs" => Vec::new(),
        _ => vec!["unsafe".to_owned(); file.unsafes],
    }));
}

#[test]
fn nothing_panics_without_a_reason() {
    none(&violations(|file| {
        let giving_up = ["panic", "todo", "unimplemented", "unreachable"];
        let macros =
            file.macros.iter().filter(|name| giving_up.contains(&name.as_str())).map(|name| format!("{name}!"));
        macros.chain(file.unwraps.iter().cloned()).collect()
    }));
}

#[test]
fn the_reader_of_syntax_sees_every_way_to_name_a_module() {
    let text = "
        use crate::{alpha::{self, A}, beta as other};
        use std::io::{self as streams, Write};
        use super::super::gamma::C;
        mod inner { use super::super::super::delta; fn f() -> super::Local { crate::epsilon::f() } }
        #[cfg(test)]
        mod tests { use crate::hidden::H; fn g() { None::<u8>.unwrap(); } }
        #[cfg(all(test, unix))]
        fn h() { crate::hidden::f(); }
        fn i() { other::f(); streams::stdout(); println!(\"{}\", crate::zeta::Z); x.expect(\"\"); y.expect(\"a reason\"); }
        fn j() -> impl Fn(crate::eta::E) { matches!(v, crate::theta::T | crate::iota::I); self::Local::f; z.unwrap() }
    ";
    let seen = Seen::of_text(text, &["top", "file"]);
    let modules: BTreeSet<&str> =
        seen.paths.iter().filter_map(|path| path.strip_prefix("crate::")?.split("::").next()).collect();
    let expected = ["alpha", "beta", "delta", "epsilon", "eta", "gamma", "iota", "theta", "top", "zeta"];
    assert_eq!(modules, BTreeSet::from(expected), "{:?}", seen.paths);
    assert!(seen.paths.contains("std::io::stdout"), "{:?}", seen.paths);
    assert!(seen.macros.contains("println"));
    assert_eq!(seen.unwraps, ["expect without a reason", "unwrap"]);
}
