//! The worlds as they are made: what is planted, and that the logs are what was planted.

use std::collections::{BTreeMap, BTreeSet};

use wcaf::synth::{PlantedCause, StayTruth, Summary, World, write_csv};

use super::{all_seeds, folder, rows_are_committed};

/// A world, the text of its recipe, and what the recipe says of its office.
pub struct Known {
    pub world: World,
    pub text: String,
    pub recipe: toml::Table,
}

impl Known {
    pub fn read(path: &std::path::Path) -> Known {
        let text = std::fs::read_to_string(path).unwrap();
        let world = World::from_toml(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let recipe = text.parse().unwrap();
        Known { world, text, recipe }
    }

    /// Seeds to run now.
    pub fn seeds(&self) -> Vec<u64> {
        let seeds = &self.world.planted().unwrap().seeds;
        if all_seeds() { seeds.clone() } else { seeds[..1].to_vec() }
    }

    /// Months in which cases arrive.
    #[expect(clippy::cast_precision_loss, reason = "a few months")]
    pub fn months(&self) -> f64 {
        self.recipe["cases"]["months"].as_integer().unwrap() as f64
    }

    pub fn made(&self, seed: u64) -> (Vec<u8>, Summary) {
        made(&self.world, seed)
    }

    /// Hours a month, here rounded to a tenth, that a reminder could have removed at the planted choke point.
    pub fn removable(&self, summary: &Summary) -> f64 {
        (hours(self.choke_point(summary).unseen_ms) / self.months() * 10.0).round() / 10.0
    }

    /// What is known of the planted choke point.
    pub fn choke_point<'a>(&self, summary: &'a Summary) -> &'a StayTruth {
        let place = &self.world.planted().unwrap().choke_point;
        summary.truth.stays.iter().find(|stay| stay.state == place.state && stay.group == place.group).unwrap()
    }
}

/// Milliseconds as hours.
#[expect(clippy::cast_precision_loss, reason = "hours of a log")]
pub fn hours(ms: i64) -> f64 {
    ms as f64 / 3_600_000.0
}

fn made(world: &World, seed: u64) -> (Vec<u8>, Summary) {
    let mut bytes = Vec::new();
    let summary = write_csv(world, seed, &mut bytes).unwrap();
    (bytes, summary)
}

/// All worlds, by name of file.
pub fn known() -> Vec<Known> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    paths.sort();
    paths.iter().map(|path| Known::read(path)).collect()
}

fn one(name: &str) -> Known {
    Known::read(&folder().join(format!("{name}.toml")))
}

#[test]
fn twenty_worlds_with_ten_seeds_each_and_decoys() {
    let all = known();
    assert_eq!(all.len(), 20);
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    for known in &all {
        let planted = known.world.planted().unwrap();
        assert_eq!(planted.seeds, (1..=10).collect::<Vec<u64>>(), "{}", known.world.name());
        assert!(planted.decoy.len() >= 2, "{}", known.world.name());
        *causes.entry(planted.cause.as_str()).or_default() += 1;
    }
    assert!(causes.len() == 5 && causes.values().all(|worlds| *worlds == 4), "{causes:?}");
}

#[test]
fn the_worlds_make_the_bytes_and_the_truth_that_is_committed() {
    let mut rows = Vec::new();
    for known in known() {
        for seed in known.seeds() {
            let (bytes, summary) = known.made(seed);
            let hash = &blake3::hash(&bytes).to_hex()[..16];
            let removable = known.removable(&summary);
            let (name, log, cases) = (known.world.name(), summary.rows, summary.cases);
            rows.push(format!("{name},{seed},{log},{cases},{hash},{removable:.1}"));
        }
    }
    rows_are_committed("TRUTH.csv", "world,seed,rows,cases,blake3,removable_hours_per_month", &rows);
}

#[test]
fn cases_are_overlooked_at_the_choke_point_alone_and_nowhere_where_only_hands_are_missing() {
    for known in known() {
        let (_, summary) = known.made(1);
        let stays = &summary.truth.stays;
        assert!(stays.iter().all(|stay| (0..=stay.total_ms).contains(&stay.unseen_ms)), "{}", known.world.name());
        let all_ms: i64 = stays.iter().map(|stay| stay.unseen_ms).sum();
        assert_eq!(known.choke_point(&summary).unseen_ms, all_ms, "{}", known.world.name());
        assert_eq!(all_ms > 0, known.world.planted().unwrap().cause != PlantedCause::Capacity);
    }
}

/// Where nobody overlooks anything, the same cases wait about so much less.
#[test]
fn what_is_called_removable_goes_away_when_everybody_looks() {
    for name in ["access-requests", "facility-maintenance", "vendor-invoices"] {
        let known = one(name);
        let parts: Vec<&str> = known.text.split("[[state.unseen]]").collect();
        let looks: Vec<String> =
            parts[1..].iter().map(|part| part.replacen("share = 0.", "share = 0.0000000", 1)).collect();
        let text = format!("{}[[state.unseen]]{}", parts[0], looks.join("[[state.unseen]]"));
        let alert = Known { world: World::from_toml(&text).unwrap(), text, recipe: known.recipe.clone() };
        let (before, after) = (known.made(1).1, alert.made(1).1);
        let (old, new) = (known.choke_point(&before), alert.choke_point(&after));
        assert!(new.unseen_ms * 100 < old.unseen_ms, "{name}");
        assert!((old.total_ms - new.total_ms) * 10 > old.unseen_ms * 8, "{name}: {old:?} {new:?}");
    }
}

/// Cells of a line; the worlds have no comments, and no name holds a comma.
fn rows(bytes: &[u8]) -> Vec<Vec<&str>> {
    std::str::from_utf8(bytes).unwrap().lines().skip(1).map(|line| line.split(',').collect()).collect()
}

/// The notes of a person on one stay are not interrupted by notes on another.
#[test]
fn people_do_one_thing_after_the_other_in_office_hours() {
    for (name, event, hours) in [
        ("legal-contracts", "work note", "09".."17"),
        ("facility-maintenance", "work note", "06".."20"),
        ("abweichungen", "Bearbeitungsvermerk", "07".."16"),
    ] {
        let (bytes, _) = one(name).made(1);
        let rows = rows(&bytes);
        let mut stays: BTreeMap<&str, (u32, [&str; 2])> = BTreeMap::new();
        let mut done: BTreeMap<&str, Vec<(&str, u32)>> = BTreeMap::new();
        for row in &rows {
            let stay = stays.entry(row[0]).or_insert((0, [row[3], row[4]]));
            if stay.1 != [row[3], row[4]] {
                *stay = (stay.0 + 1, [row[3], row[4]]);
            }
            if row[2] == event {
                assert!(hours.contains(&&row[1][11..13]), "{name}: {row:?}");
                assert_eq!(row[5], row[6], "{name}: who works on a case owns it");
                done.entry(row[6]).or_default().push((row[0], stay.0));
            }
        }
        assert!(done.len() > 5, "{name}");
        for (person, mut work) in done {
            work.dedup();
            let apart = work.iter().collect::<BTreeSet<_>>().len();
            assert_eq!(work.len(), apart, "{name}: {person}");
        }
    }
}

#[test]
fn what_a_recipe_with_work_may_not_say() {
    let recipe = one("access-requests").text;
    for (from, to, says) in [
        (
            "group = \"Security Approvers\" }\ncause",
            "group = \"Security\" }\ncause",
            "planted: no group is called `Security`",
        ),
        ("cause       = \"missing_data\"", "cause       = \"bad_luck\"", "unknown variant `bad_luck`"),
        ("seeds       = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "seeds       = []", "planted: there are no seeds"),
        ("event = \"cancelled\" }", "event = \"cancelled\", by = \"auto-close\" }", "every way out is by the assignee"),
        (
            "by = \"requester\" }\n\n[[state]]\nname  = \"Awaiting",
            "by = \"requester\", owner = \"none\" }\n\n[[state]]\nname  = \"Awaiting",
            "no `response`, `group` or `owner`",
        ),
        (
            "class = \"waiting_requester\"",
            "class = \"waiting_requester\"\nunseen = [{ share = 0.1, lasts = { median = \"1h\" } }]",
            "`unseen` needs `work`",
        ),
        ("note_every = \"25min\"", "note_every = \"25bh\"", "counts office hours"),
        (
            "name    = \"Directory Team\"",
            "name    = \"Directory Team\"\ndays    = [\"sun\"]",
            "works on no day of the office",
        ),
    ] {
        assert!(recipe.contains(from), "{from}");
        let error = World::from_toml(&recipe.replacen(from, to, 1)).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}
