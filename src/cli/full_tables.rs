//! `--tables`: full tables as Parquet files, written as they are made.

use super::args::Table;
use super::output::OutputFolder;
use crate::assemble::Measured;
use crate::error::Result;

#[cfg(feature = "parquet")]
pub fn write(
    output: &mut OutputFolder,
    tables: &[Table],
    measured: &Measured,
    people: bool,
    threads: usize,
) -> Result<()> {
    use crate::assemble::full_tables::{self, Cases, FullTable};
    use crate::parallel;
    use crate::report::parquet::{TableWriter, encode};

    if tables.is_empty() {
        return Ok(());
    }
    let batches = full_tables::batches(measured);
    for table in tables {
        let table = match table {
            Table::Cases => FullTable::Cases,
            Table::Visits => FullTable::Visits,
            Table::Handoffs => FullTable::Handoffs,
        };
        let row_group = |cases: &Cases| encode(full_tables::batch(measured, table, cases, people));
        output.write_with(&format!("tables/{}.parquet", table.name()), 0, |out| {
            let mut writer = TableWriter::new(out);
            let jobs = batches.iter().collect();
            parallel::stream(threads, threads * AHEAD, jobs, row_group, |group| writer.write(&group?))?;
            writer.finish()
        })?;
    }
    Ok(())
}

/// Encoded batches that may wait per thread to be written: memory stays bounded.
#[cfg(feature = "parquet")]
const AHEAD: usize = 3;

#[cfg(not(feature = "parquet"))]
pub fn write(_: &mut OutputFolder, tables: &[Table], _: &Measured, _: bool, _: usize) -> Result<()> {
    if tables.is_empty() {
        return Ok(());
    }
    Err(crate::error::Problem::usage("this build of wcaf cannot write Parquet")
        .hint("build it with the default features, or leave out `--tables`"))
}
