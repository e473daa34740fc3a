//! Full tables as Parquet, one row group per batch. Opens nothing: bytes go to the writer that is handed in.

use std::io::{self, Write};

use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, Series, TimeUnit};
use polars_io::parquet::write::{BatchedWriter, ParquetCompression, ParquetWriter};

use super::batch::{Batch, Values};

/// Writes a table batch by batch.
pub struct TableWriter<W: Write> {
    out: Option<W>,
    writer: Option<BatchedWriter<W>>,
}

impl<W: Write> TableWriter<W> {
    /// A writer of an empty table.
    pub fn new(out: W) -> Self {
        TableWriter { out: Some(out), writer: None }
    }

    /// Appends a batch as one row group. All batches have the same columns.
    ///
    /// # Errors
    /// When the bytes cannot be written.
    pub fn write(&mut self, batch: Batch) -> io::Result<()> {
        let frame = frame(batch).map_err(io::Error::other)?;
        if let Some(out) = self.out.take() {
            let writer = ParquetWriter::new(out).with_compression(ParquetCompression::Snappy);
            self.writer = Some(writer.batched(frame.schema()).map_err(io::Error::other)?);
        }
        match &mut self.writer {
            Some(writer) => writer.write_batch(&frame).map_err(io::Error::other),
            None => Ok(()),
        }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When the bytes cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self.writer {
            Some(writer) => writer.finish().map(|_| ()).map_err(io::Error::other),
            None => Ok(()),
        }
    }
}

fn frame(batch: Batch) -> polars::prelude::PolarsResult<DataFrame> {
    let columns =
        batch.columns.into_iter().map(|(name, values)| column(&name, values)).collect::<Result<Vec<_>, _>>()?;
    let rows = columns.first().map_or(0, Column::len);
    DataFrame::new(rows, columns)
}

fn column(name: &str, values: Values) -> polars::prelude::PolarsResult<Column> {
    let series = match values {
        Values::Text(texts) => Series::new(name.into(), texts),
        Values::Count(counts) => Series::new(name.into(), counts),
        Values::Ms(durations) => Series::new(name.into(), durations),
        Values::Instant(instants) => Series::new(name.into(), instants)
            .cast(&DataType::Datetime(TimeUnit::Milliseconds, Some(polars::prelude::TimeZone::UTC)))?,
        Values::Flag(flags) => Series::new(name.into(), flags),
    };
    Ok(series.into_column())
}
