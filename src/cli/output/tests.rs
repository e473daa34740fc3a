//! What never happens: a half file, a lost report, a leftover.

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(io::Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(names(&entry.path()).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

fn list(files: &[OutputFile]) -> String {
    let lines: Vec<String> =
        files.iter().map(|file| format!("{} {} {}\n", file.name, file.bytes_len, file.guarded)).collect();
    lines.concat()
}

fn report(folder: &Path, text: &str) -> Result<Vec<OutputFile>> {
    let mut out = OutputFolder::create(folder)?;
    out.write("tables/states.csv", text.as_bytes(), 3)?;
    out.write("findings.json", text.as_bytes(), 0)?;
    out.finish(list)
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_folder_holds_the_files_and_their_manifest() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("a/b");
    let files = report(&folder, "abc").unwrap();
    assert_eq!(names(&folder), ["findings.json", "manifest.json", "tables/states.csv"]);
    assert_eq!(read(&folder, "manifest.json"), "findings.json 3 0\ntables/states.csv 3 3\n");
    assert_eq!(files[0].hash, format!("blake3:{}", blake3::hash(b"abc").to_hex()));
    report(&folder, "newer").unwrap();
    assert_eq!(read(&folder, "findings.json"), "newer");
}

#[test]
fn nothing_changes_before_the_end() {
    let place = tempfile::tempdir().unwrap();
    report(place.path(), "old").unwrap();
    let mut out = OutputFolder::create(place.path()).unwrap();
    out.write("findings.json", b"new", 0).unwrap();
    out.write("tables/more.csv", b"new", 0).unwrap();
    assert_eq!(read(place.path(), "findings.json"), "old");
    drop(out);
    assert_eq!(names(place.path()), ["findings.json", "manifest.json", "tables/states.csv"]);
    assert_eq!(read(place.path(), "tables/states.csv"), "old");
}

#[test]
fn a_fault_at_any_write_leaves_the_old_report() {
    let place = tempfile::tempdir().unwrap();
    report(place.path(), "old").unwrap();
    let before = names(place.path());
    for fault in 0..20 {
        let mut out = OutputFolder::create(place.path()).unwrap();
        out.write("tables/states.csv", b"new", 0).unwrap();
        let failed = out.write_with("findings.json", 0, |file| {
            (0..fault).try_for_each(|_| file.write_all(b"some bytes"))?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        let problem = failed.unwrap_err();
        assert_eq!((problem.kind(), problem.kind().exit_code()), (Kind::Output, 4));
        assert!(problem.to_string().contains("findings.json") && !problem.hints().is_empty());
        drop(out);
        assert_eq!(names(place.path()), before);
        assert_eq!(read(place.path(), "findings.json"), "old");
    }
}

#[test]
fn a_finished_file_is_taken_over() {
    let place = tempfile::tempdir().unwrap();
    let finished = place.path().join("elsewhere.parquet");
    let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(&finished, &bytes).unwrap();
    let folder = place.path().join("out");
    let mut out = OutputFolder::create(&folder).unwrap();
    out.take_file("tables/cases.parquet", &finished, 0).unwrap();
    let files = out.finish(list).unwrap();
    assert_eq!(fs::read(folder.join("tables/cases.parquet")).unwrap(), bytes);
    assert_eq!(files[0].hash, format!("blake3:{}", blake3::hash(&bytes).to_hex()));
    assert!(!finished.exists());
}

#[test]
fn leftovers_of_a_killed_run_go_and_other_files_stay() {
    let place = tempfile::tempdir().unwrap();
    for name in [".wcaf-12-0.tmp", ".wcaf-12-0.tmp2", ".wcaf-notes.tmp", "mine.txt"] {
        fs::write(place.path().join(name), "x").unwrap();
    }
    drop(OutputFolder::create(place.path()).unwrap());
    assert_eq!(names(place.path()), [".wcaf-12-0.tmp2", ".wcaf-notes.tmp", "mine.txt"]);
}

#[test]
fn a_name_stays_inside_the_folder() {
    let place = tempfile::tempdir().unwrap();
    let mut out = OutputFolder::create(place.path()).unwrap();
    for name in ["", "/etc/x", "../x", "a/../x", "a//x", "a\\x", "c:x", ".hidden", "a/.x", "x.", "a b", "é", "x\u{1b}"]
    {
        let problem = out.write(name, b"", 0).unwrap_err();
        assert_eq!(problem.kind(), Kind::SelfCheck, "{name}");
        assert!(!problem.message().contains('\u{1b}'));
    }
    out.write("x.csv", b"", 0).unwrap();
    assert_eq!(out.write("X.csv", b"", 0).unwrap_err().kind(), Kind::SelfCheck);
}

#[test]
fn what_is_in_the_way_is_named() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "x").unwrap();
    let problem = OutputFolder::create(&file).unwrap_err();
    assert_eq!(problem.kind(), Kind::Output);
    assert!(problem.to_string().contains("a file stands where a folder is needed"), "{problem}");
    fs::create_dir(place.path().join("findings.json")).unwrap();
    assert_eq!(report(place.path(), "new").unwrap_err().kind(), Kind::Output);
    assert!(names(place.path()).iter().all(|name| !name.contains(".wcaf-")));
}

#[test]
fn a_single_file_is_replaced_as_a_whole() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("out.json");
    write_file_atomically(&path, b"one").unwrap();
    write_file_atomically(&path, b"two").unwrap();
    assert_eq!(names(place.path()), ["out.json"]);
    assert_eq!(read(place.path(), "out.json"), "two");
    let missing = write_file_atomically(place.path().join("no/out.json"), b"x").unwrap_err();
    assert!(missing.to_string().contains("its folder does not exist"), "{missing}");
    assert_eq!(write_file_atomically(place.path(), b"x").unwrap_err().kind(), Kind::Output);
}

#[test]
fn a_full_device_is_a_problem_and_stays_a_device() {
    let device = Path::new("/dev/full");
    if device.exists() {
        let problem = write_file_atomically(device, b"x").unwrap_err();
        assert!(problem.to_string().contains("the disk is full"), "{problem}");
        assert!(!fs::metadata(device).unwrap().is_file());
    }
}
