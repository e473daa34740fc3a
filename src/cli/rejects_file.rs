//! The rejected rows as CSV, for `--rejects`.

use crate::ingest::SourceFacts;
use crate::ingest::rejects::Rejects;

/// One line per rejected row: file, line, column, reason, value. Cells that a spreadsheet would run are guarded.
///
/// # Panics
/// Never: writing to memory cannot fail.
#[must_use]
pub fn render(rejects: &Rejects, sources: &[SourceFacts]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut put = |record: [&str; 5]| writer.write_record(record).expect("memory can be written");
    put(["file", "line", "column", "reason", "value"]);
    for reject in &rejects.rows {
        let line = reject.line.to_string();
        let value = guarded(reject.value.raw());
        put([&sources[reject.source].name, &line, &guarded(&reject.column), reject.reason.as_str(), &value]);
    }
    writer.into_inner().unwrap_or_default()
}

fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
