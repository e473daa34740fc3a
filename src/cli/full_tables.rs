//! `--tables`: full tables as Parquet files, written as they are made.

use super::args::Table;
use super::output::OutputFolder;
use crate::assemble::Measured;
use crate::error::Result;

#[cfg(feature = "parquet")]
pub fn write(output: &mut OutputFolder, table: Table, measured: &Measured, people: bool, threads: usize) -> Result<()> {
    use crate::assemble::full_tables::{self, FullTable};
    use crate::parallel;
    use crate::report::parquet::TableWriter;

    let table = match table {
        Table::Cases => FullTable::Cases,
        Table::Visits => FullTable::Visits,
        Table::Handoffs => FullTable::Handoffs,
    };
    output.write_with(&format!("tables/{}.parquet", table.name()), 0, |out| {
        let mut writer = TableWriter::new(out);
        let batches = full_tables::batches(measured);
        // As many batches at a time as there are threads: memory stays bounded, the order fixed.
        for wave in batches.chunks(threads.max(1)) {
            let jobs: Vec<&Vec<u32>> = wave.iter().collect();
            for batch in parallel::map(threads, jobs, |_, cases| full_tables::batch(measured, table, cases, people)) {
                writer.write(batch)?;
            }
        }
        writer.finish()
    })
}

#[cfg(not(feature = "parquet"))]
pub fn write(_: &mut OutputFolder, _: Table, _: &Measured, _: bool, _: usize) -> Result<()> {
    Err(crate::error::Problem::usage("this build of wcaf cannot write Parquet")
        .hint("build it with the default features, or leave out `--tables`"))
}
