//! A log cut off anywhere is refused, or read with a warning, or is the shorter log; it is never a panic.

use super::{HEADER, log_with, row};
use crate::run::{folder_with, wcaf};

#[test]
fn every_prefix_of_a_log_is_read_or_refused() {
    let quoted = log_with(&[(1, &row(1, "\"a, b\nc \"\"d\"\"\"")), (7, &row(7, "\u{e9}"))]);
    let text = quoted.replace('\n', "\r\n");
    let folder = folder_with(&[]);
    let mut outcomes = [0usize; 3];
    for end in 0..=text.len() {
        std::fs::write(folder.path().join("t.csv"), &text.as_bytes()[..end]).unwrap();
        let ran = wcaf(folder.path(), &["analyze", "t.csv", "--format", "json", "--threads", "1"]);
        let cut = format!("cut at byte {end}: {:?}\n{}", ran.code, ran.err);
        match ran.code {
            Some(0) => {
                let findings = ran.json();
                let warned =
                    findings["warnings"].as_array().unwrap().iter().any(|one| one["code"] == "no_final_newline");
                let whole = text.as_bytes()[..end].ends_with(b"\r\n");
                assert_eq!(warned, !whole, "{cut}");
                outcomes[usize::from(warned)] += 1;
            }
            Some(3) => {
                assert!(ran.err.starts_with("error: ") && ran.err.contains("\nhint: "), "{cut}");
                assert!(ran.out.is_empty(), "{cut}");
                outcomes[2] += 1;
            }
            _ => panic!("{cut}"),
        }
    }
    let [read, warned, refused] = outcomes;
    assert!(read >= 9, "the log is read after each of its 9 rows: {outcomes:?}");
    assert!(warned > 20 && refused > HEADER.len(), "{outcomes:?}");
}
