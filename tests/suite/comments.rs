//! How well comments are recognised: measured on labelled ones, and held against the tables of `docs/COMMENTS.md`.
//!
//! `INSTA_UPDATE=always` writes the tables anew.

use std::collections::BTreeMap;
use std::path::Path;

use wcaf::comments::behaviour::{Said, behaviour};
use wcaf::comments::lexicon::{CHASES_INVENTED, CHASES_REAL, Measured, on_by_default};
use wcaf::comments::{Context, Lexicon, Marks, Recogniser, Scratch, Visibility, Writer};

use wcaf::config::Config;

use crate::run::package;

const LANGUAGES: [&str; 8] = ["en", "de", "nl", "fr", "es", "it", "pt", "ja"];

/// Right, wrong and missed.
type Counts = [u32; 3];

/// Counts by some key, such as the name of a mark.
type Tally = BTreeMap<String, Counts>;

fn recogniser(languages: &[&str]) -> Recogniser {
    let mut lexicons = Lexicon::built_in().unwrap();
    lexicons.retain(|lexicon| languages.contains(&lexicon.language.as_str()));
    Recogniser::new(&lexicons).unwrap()
}

fn rows(path: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(path).unwrap().records().map(|row| row.unwrap()).collect()
}

fn data(file: &str) -> Vec<csv::StringRecord> {
    rows(&package().join("tests/data/comments").join(file))
}

fn labels(cell: &str) -> Marks {
    cell.split_whitespace().fold(Marks::NONE, |marks, name| marks.and(Marks::named(name).unwrap()))
}

fn count(tally: &mut Tally, key: &str, found: bool, wanted: bool) {
    let counts = tally.entry(key.to_owned()).or_default();
    match (found, wanted) {
        (true, true) => counts[0] += 1,
        (true, false) => counts[1] += 1,
        (false, true) => counts[2] += 1,
        (false, false) => {}
    }
}

fn count_all(tally: &mut Tally, found: Marks, wanted: Marks) {
    Marks::NAMED.iter().for_each(|(name, mark)| count(tally, name, found.has(*mark), wanted.has(*mark)));
}

/// By mark, and chases by language, over invented comments; `blind` hides who wrote and who reads.
fn invented(file: &str, blind: bool) -> (Tally, Tally) {
    let recogniser = recogniser(&LANGUAGES);
    let (mut marks, mut chases) = (Tally::new(), Tally::new());
    for row in data(file) {
        let [writer, visibility, label, text] = [4, 3, 2, 1].map(|back| row.get(row.len() - back).unwrap());
        let known = Context {
            writer: if writer == "requester" { Writer::Requester } else { Writer::Team },
            visibility: if visibility == "public" { Visibility::Public } else { Visibility::Private },
            opens_case: false,
        };
        let context = if blind { Context::default() } else { known };
        let found = recogniser.marks(text, context, &mut Scratch::default());
        count_all(&mut marks, found, labels(label));
        count(&mut chases, &row[0], found.has(Marks::CHASE), labels(label).has(Marks::CHASE));
    }
    (marks, chases)
}

/// What the analysis uses where nobody chooses languages.
fn by_default() -> Recogniser {
    Recogniser::with(&Lexicon::built_in().unwrap(), on_by_default).unwrap()
}

/// The comments of the real log, by case, in order; nothing where the log is not at hand.
fn real_cases() -> Option<Vec<Vec<csv::StringRecord>>> {
    let file = crate::harness::public_log("helpdesk-comments")?.join("comments.csv");
    let mut cases: BTreeMap<String, Vec<csv::StringRecord>> = BTreeMap::new();
    for row in rows(&file) {
        cases.entry(row[0].to_owned()).or_default().push(row);
    }
    for case in cases.values_mut() {
        case.sort_by_key(|row| (row[4].to_owned(), row[1].parse::<u64>().unwrap()));
    }
    Some(cases.into_values().collect())
}

/// By mark over the labelled real comments: from words alone, with behaviour, and with behaviour and the languages that
/// are on by default. Nothing where the log is not at hand.
fn real() -> Option<[Tally; 3]> {
    let cases = real_cases()?;
    let labelled: BTreeMap<String, Marks> =
        data("helpdesk-labels.csv").iter().map(|row| (row[1].to_owned(), labels(&row[2]))).collect();
    let mut tallies = [Tally::new(), Tally::new(), Tally::new()];
    let (all, default) = (recogniser(&LANGUAGES), by_default());
    let mut authors: BTreeMap<String, u32> = BTreeMap::new();
    let mut seen = 0;
    for case in cases {
        let mut read = |recogniser: &Recogniser| -> Vec<Said> {
            case.iter().enumerate().map(|(place, row)| said(recogniser, row, place == 0, &mut authors)).collect()
        };
        let (said, by_default) = (read(&all), read(&default));
        let (added, added_by_default) = (behaviour(&said), behaviour(&by_default));
        for (place, row) in case.iter().enumerate() {
            let Some(wanted) = labelled.get(&row[1]) else { continue };
            seen += 1;
            count_all(&mut tallies[0], said[place].marks, *wanted);
            count_all(&mut tallies[1], said[place].marks.and(added[place]), *wanted);
            count_all(&mut tallies[2], by_default[place].marks.and(added_by_default[place]), *wanted);
        }
    }
    assert_eq!(seen, labelled.len(), "every label has its comment");
    Some(tallies)
}

fn said(
    recogniser: &Recogniser,
    row: &csv::StringRecord,
    opens_case: bool,
    authors: &mut BTreeMap<String, u32>,
) -> Said {
    let private = &row[5] == "true";
    let writer = match (&row[3], private) {
        ("reporter", _) => Writer::Requester,
        ("assignee", _) | (_, true) => Writer::Team,
        // Others who write in public may stand on either side.
        _ => Writer::Unknown,
    };
    let visibility = if private { Visibility::Private } else { Visibility::Public };
    let context = Context { writer, visibility, opens_case };
    let next = u32::try_from(authors.len()).unwrap();
    Said {
        at_ms: chrono::DateTime::parse_from_str(&row[4], "%Y-%m-%d %H:%M:%S%:z").unwrap().timestamp_millis(),
        author: *authors.entry(row[2].to_owned()).or_insert(next),
        writer,
        visibility,
        automatic: false,
        state_changed: false,
        marks: recogniser.marks(&row[6], context, &mut Scratch::default()),
    }
}

fn share(part: u32, of: u32) -> String {
    if of == 0 { "–".to_owned() } else { format!("{:.2}", f64::from(part) / f64::from(of)) }
}

fn precision_and_recall(counts: Counts) -> String {
    let [right, wrong, missed] = counts;
    format!("{} | {}", share(right, right + wrong), share(right, right + missed))
}

/// One row per key with precision and recall in each of several tallies.
fn table(head: &str, keys: &[&str], tallies: &[&Tally]) -> String {
    let columns = head.split('|').count();
    let mut out = format!("|{head}|\n|---|{}\n", "--:|".repeat(columns - 1));
    for key in keys {
        let of = |tally: &&Tally| tally.get(*key).copied().unwrap_or_default();
        let mut labelled: Vec<String> =
            tallies.iter().map(of).map(|[right, _, missed]| (right + missed).to_string()).collect();
        labelled.dedup();
        let cells: Vec<String> = tallies.iter().map(|tally| precision_and_recall(of(tally))).collect();
        out.push_str(&format!("| `{key}` | {} | {} |\n", labelled.join(" + "), cells.join(" | ")));
    }
    out
}

/// Holds the block of the page that `name` marks against what was measured.
#[track_caller]
fn published(name: &str, measured: &str) {
    let path = package().join("docs/COMMENTS.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- measured: {name} -->\n\n"), "\n<!-- end -->".to_owned());
    let from = page.find(&begin).unwrap_or_else(|| panic!("{begin} is missing")) + begin.len();
    let to = from + page[from..].find(&end).unwrap();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, format!("{}{measured}{}", &page[..from], &page[to..])).unwrap();
    } else {
        assert_eq!(&page[from..to], measured, "run with INSTA_UPDATE=always and read the difference");
    }
}

#[test]
fn the_page_tells_how_well_comments_are_recognised() {
    let names = Marks::NAMED.map(|(name, _)| name);
    let held_out = invented("held-out.csv", false);
    let blind = invented("held-out.csv", true);
    let head = " mark | labelled | precision | recall | precision, writer unknown | recall, writer unknown ";
    published("held out by mark", &table(head, &names, &[&held_out.0, &blind.0]));

    let mut chases = "| language | chases | precision | recall | by default |\n|---|--:|--:|--:|---|\n".to_owned();
    for language in LANGUAGES {
        let [right, wrong, missed] = held_out.1[language];
        let known = CHASES_INVENTED.iter().find(|known| known.language == language).unwrap();
        assert_eq!(*known, Measured { language, right, wrong, missed }, "CHASES_INVENTED in src/comments/lexicon.rs");
        let on = if on_by_default(language) { "on" } else { "**off**" };
        let counts = precision_and_recall([right, wrong, missed]);
        chases.push_str(&format!("| `{language}` | {} | {counts} | {on} |\n", right + missed));
    }
    published("held out by language", &chases);

    let tuned = [invented("invented.csv", false).0, invented("indirect.csv", false).0];
    let head = " mark | labelled | precision, direct | recall, direct | precision, indirect | recall, indirect ";
    published("tuned on", &table(head, &names, &[&tuned[0], &tuned[1]]));
}

#[test]
fn the_page_tells_how_well_real_comments_are_recognised() {
    let Some([words, both, by_default]) = real() else { return };
    let [right, wrong, missed] = words["chase"];
    assert_eq!(
        CHASES_REAL,
        Measured { language: "en", right, wrong, missed },
        "CHASES_REAL in src/comments/lexicon.rs"
    );
    let head = " mark | labelled | precision | recall | precision, with behaviour | recall, with behaviour \
                | precision, English alone | recall, English alone ";
    published("real", &table(head, &Marks::NAMED.map(|(name, _)| name), &[&words, &both, &by_default]));
}

/// The whole way from the file to the findings, against plain loops that know the columns of the log.
#[test]
fn the_help_desk_is_counted_as_in_plain_loops() {
    let Some(cases) = real_cases() else { return };
    let file = crate::harness::public_log("helpdesk-comments").unwrap().join("comments.csv");
    let found = crate::harness::findings(&[file], &Config::default());
    let bots: Vec<&str> = found["bots"].as_array().unwrap().iter().map(|bot| bot["actor"].as_str().unwrap()).collect();
    let recogniser = by_default();
    let mut authors: BTreeMap<String, u32> = BTreeMap::new();
    let mut counts: BTreeMap<&str, u64> = Marks::NAMED.iter().map(|(name, _)| (*name, 0)).collect();
    for case in &cases {
        let of_row = |(place, row): (usize, &csv::StringRecord)| {
            let one = said(&recogniser, row, place == 0, &mut authors);
            let automatic = bots.contains(&&row[2]);
            Said { automatic, marks: if automatic { Marks::NONE } else { one.marks }, ..one }
        };
        // the first comment describes the case
        let said: Vec<Said> = case.iter().enumerate().map(of_row).skip(1).collect();
        for (one, added) in said.iter().zip(behaviour(&said)) {
            one.marks.and(added).names().for_each(|name| *counts.get_mut(name).unwrap() += 1);
        }
    }
    assert_eq!(found["comments"]["marks"], serde_json::json!(counts));
    assert_eq!(found["comments"]["comments"], 1_984);
    assert_eq!(found["comments"]["writers_told_by"], "column of parts");
    assert_eq!(found["mapping"]["comment_writer"]["column"], "role");
    assert_eq!(found["buckets"]["B"]["proxy"], false);
    let touches: u64 =
        ["A", "B", "C", "D"].iter().map(|bucket| found["buckets"][*bucket]["touches"].as_u64().unwrap()).sum();
    assert_eq!(touches + found["buckets"]["work_touches"].as_u64().unwrap(), found["buckets"]["all_touches"]);
}

#[test]
fn there_are_enough_labelled_comments() {
    for language in LANGUAGES {
        assert!(data("held-out.csv").iter().filter(|row| &row[0] == language).count() >= 25, "{language}");
    }
    for (name, mark) in Marks::NAMED {
        let labelled = data("held-out.csv").iter().filter(|row| labels(&row[4]).has(mark)).count();
        assert!(labelled >= 40, "{name}: {labelled}");
    }
    assert!(data("helpdesk-labels.csv").len() >= 300);
}
