//! Full tables as Parquet, one row group per batch. Opens nothing: bytes go to the writer that is handed in.
//!
//! Batches are encoded and compressed apart from writing, so that threads can share that work. Texts are written
//! as the dictionary they already are; the schema calls them plain text, as readers expect.

use std::io::{self, Write};

use polars_arrow::array::{Array, BooleanArray, DictionaryArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field, TimeUnit};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter, StatisticsOptions,
    Version, WriteOptions, array_to_columns, compress, fallible_streaming_iterator, to_parquet_schema,
};

use super::batch::{Batch, NO_TEXT, Values};

const OPTIONS: WriteOptions = WriteOptions {
    statistics: StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: None,
    },
    version: Version::V1,
    compression: CompressionOptions::Snappy,
    data_page_size: None,
};

/// A batch, ready to be written.
pub struct RowGroup {
    schema: ArrowSchema,
    rows: u64,
    columns: Vec<Vec<CompressedPage>>,
}

/// Encodes and compresses a batch.
///
/// # Errors
/// When the library refuses a column, which it does for none of ours.
pub fn encode(batch: Batch) -> io::Result<RowGroup> {
    let named = batch.columns.into_iter().map(|(name, values)| Ok((name, array(values)?)));
    let arrays: Vec<(String, Box<dyn Array>)> = named.collect::<io::Result<_>>()?;
    let rows = arrays.first().map_or(0, |(_, array)| array.len()) as u64;
    let fields = arrays.iter().map(|(name, array)| Field::new(name.as_str().into(), shown_type(array.dtype()), true));
    let schema: ArrowSchema = fields.map(|field| (field.name.clone(), field)).collect();
    let types = to_parquet_schema(&schema).map_err(io::Error::other)?;
    let mut columns = Vec::with_capacity(arrays.len());
    for ((_, array), parquet_type) in arrays.iter().zip(types.fields()) {
        let encoding = match array.dtype() {
            ArrowDataType::Dictionary(..) => Encoding::RleDictionary,
            // Packs numbers faster than a compressor finds their zeros.
            ArrowDataType::Int64 | ArrowDataType::UInt32 | ArrowDataType::Timestamp(..) => Encoding::DeltaBinaryPacked,
            _ => Encoding::Plain,
        };
        let mut pages = Vec::new();
        for leaf in array_to_columns(array, parquet_type.clone(), OPTIONS, &[encoding]).map_err(io::Error::other)? {
            for page in leaf {
                let page = page.map_err(io::Error::other)?;
                pages.push(compress(page, Vec::new(), OPTIONS.compression).map_err(io::Error::other)?);
            }
        }
        columns.push(pages);
    }
    Ok(RowGroup { schema, rows, columns })
}

/// The type that the schema gives: texts are no dictionaries to readers.
fn shown_type(dtype: &ArrowDataType) -> ArrowDataType {
    match dtype {
        ArrowDataType::Dictionary(_, values, _) => (**values).clone(),
        other => other.clone(),
    }
}

fn array(values: Values) -> io::Result<Box<dyn Array>> {
    Ok(match values {
        Values::Text(texts) => {
            let mut places = texts.places;
            let validity = validity(&places, |&place| place != NO_TEXT);
            if validity.is_some() {
                // What stands under a missing text must be a place nonetheless.
                places.iter_mut().filter(|place| **place == NO_TEXT).for_each(|place| *place = 0);
            }
            let keys = PrimitiveArray::<u32>::from_vec(places).with_validity(validity);
            let values = Utf8ViewArray::from_slice_values(&texts.texts).boxed();
            DictionaryArray::try_from_keys(keys, values, false).map_err(io::Error::other)?.boxed()
        }
        Values::Count(counts) => PrimitiveArray::from_vec(counts).boxed(),
        Values::Ms(durations) => numbers(durations).boxed(),
        Values::Instant(instants) => {
            let dtype = ArrowDataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
            numbers(instants).to(dtype).boxed()
        }
        Values::Flag(flags) => BooleanArray::from_slice(flags).boxed(),
    })
}

fn numbers(values: Vec<Option<i64>>) -> PrimitiveArray<i64> {
    let validity = validity(&values, Option::is_some);
    PrimitiveArray::from_vec(values.into_iter().map(Option::unwrap_or_default).collect()).with_validity(validity)
}

/// Which values are known; `None` where all are.
fn validity<T>(values: &[T], is_known: impl Fn(&T) -> bool) -> Option<Bitmap> {
    if values.iter().all(&is_known) { None } else { Some(values.iter().map(is_known).collect()) }
}

/// Writes a table row group by row group.
pub struct TableWriter<W: Write> {
    out: Option<W>,
    writer: Option<FileWriter<W>>,
}

impl<W: Write> TableWriter<W> {
    /// A writer of an empty table.
    pub fn new(out: W) -> Self {
        TableWriter { out: Some(out), writer: None }
    }

    /// Appends a row group. All of them have the same columns.
    ///
    /// # Errors
    /// When the bytes cannot be written.
    pub fn write(&mut self, group: &RowGroup) -> io::Result<()> {
        if let Some(out) = self.out.take() {
            self.writer = Some(FileWriter::try_new(out, group.schema.clone(), OPTIONS).map_err(io::Error::other)?);
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let columns = group
            .columns
            .iter()
            .map(|pages| Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(pages.iter().map(Ok)))));
        writer.write(group.rows, DynIter::new(columns)).map_err(io::Error::other)
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When the bytes cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self.writer {
            Some(mut writer) => writer.end(None).map(|_| ()).map_err(io::Error::other),
            None => Ok(()),
        }
    }
}
