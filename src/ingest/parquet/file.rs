//! A Parquet file: its metadata, its limits, and the columns of a row group as arrays.

use std::cell::Cell;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

use polars_arrow::array::{Array, StructArray};
use polars_buffer::Buffer;
use polars_parquet::parquet::page::CompressedPage;
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, Filter, PageReader, RowGroupMetadata, column_iter_to_arrays,
    infer_schema, read_metadata,
};

use super::leaves::{self, Leaf, Unread};
use crate::error::{Problem, Result};
use crate::ingest::limits::{Limits, RATIO_FREE};
use crate::log::text::shown;

/// Most rows of one row group.
const MOST_GROUP_ROWS: usize = 1 << 26;

/// Most bytes of one page, packed or not.
const MOST_PAGE_BYTES: usize = 1 << 30;

/// Most bytes of the metadata.
const MOST_METADATA_BYTES: u64 = 256 << 20;

/// A file whose metadata was read.
pub struct ParquetFile {
    file: File,
    bytes: u64,
    metadata: Arc<FileMetadata>,
    /// The columns that can be read.
    pub leaves: Vec<Leaf>,
    /// Columns of lists and the like, which are not read.
    pub unread: Vec<Unread>,
    limits: Limits,
    /// Bytes unpacked so far.
    unpacked: u64,
}

/// The bytes of one column of one row group.
pub struct Packed {
    bytes: Buffer<u8>,
    metadata: Arc<FileMetadata>,
    /// Numbers of the row group and of the column in it.
    place: (usize, usize),
    leaf: Leaf,
    rows: usize,
}

impl ParquetFile {
    /// Reads the metadata.
    ///
    /// # Errors
    /// When they are damaged or beyond a limit.
    pub fn open(mut file: File, limits: &Limits) -> Result<ParquetFile> {
        let bytes = file.seek(SeekFrom::End(0)).map_err(|error| unreadable(&error))?;
        check_footer(&mut file, bytes)?;
        let metadata = guarded(|| read_metadata(&mut file))?;
        let schema = guarded(|| infer_schema(&metadata))?;
        let (leaves, unread) = leaves::of(&schema, &metadata);
        let columns = metadata.schema().columns().len().max(leaves.len());
        if columns > limits.columns {
            return Err(Problem::input(format!("the file has {columns} columns, more than {}", limits.columns))
                .hint("export only the columns that the analysis needs"));
        }
        let file =
            ParquetFile { file, bytes, metadata: Arc::new(metadata), leaves, unread, limits: *limits, unpacked: 0 };
        file.check_rows()?;
        Ok(file)
    }

    /// Refuses more rows than can be numbered or held.
    fn check_rows(&self) -> Result<()> {
        let rows: usize =
            self.metadata.row_groups.iter().map(RowGroupMetadata::num_rows).fold(0, usize::saturating_add);
        if u32::try_from(rows).is_err() {
            return Err(Problem::input(format!(
                "the file says that it has {rows} rows; at most 4,294,967,295 are read"
            ))
            .hint("split the log, or export it again if it is smaller"));
        }
        if let Some(group) = self.metadata.row_groups.iter().find(|group| group.num_rows() > MOST_GROUP_ROWS) {
            let rows = group.num_rows();
            return Err(Problem::input(format!("a row group has {rows} rows, more than {MOST_GROUP_ROWS}"))
                .hint("write the file again with smaller row groups"));
        }
        Ok(())
    }

    /// Rows of each row group.
    #[must_use]
    pub fn groups(&self) -> Vec<usize> {
        self.metadata.row_groups.iter().map(RowGroupMetadata::num_rows).collect()
    }

    /// Reads the bytes of a column of a row group.
    ///
    /// # Errors
    /// When they are not where the metadata says, or beyond a limit.
    pub fn packed(&mut self, group: usize, column: usize) -> Result<Packed> {
        let leaf = self.leaves[column].clone();
        let rows = self.metadata.row_groups[group].num_rows();
        let chunks = self.metadata.row_groups[group].parquet_columns();
        let columns = self.metadata.row_groups[group].columns_idxs_under_root_iter(&leaf.field.name);
        let mut columns =
            columns.unwrap_or(&[]).iter().filter(|&&at| chunks[at].descriptor().path_in_schema == leaf.path);
        let (Some(&column), None) = (columns.next(), columns.next()) else {
            return Err(damaged("a row group lacks a column"));
        };
        let chunk = &chunks[column];
        let range = guarded_value(|| chunk.byte_range())?;
        if range.end > self.bytes || range.start > range.end {
            return Err(damaged("a column lies beyond the end of the file"));
        }
        if usize::try_from(chunk.num_values()).ok() != Some(rows) {
            return Err(damaged("a column has another number of values than its row group has rows"));
        }
        let length = usize::try_from(range.end - range.start).map_err(|_| damaged("a column is too large"))?;
        let mut bytes = vec![0; length];
        self.file.seek(SeekFrom::Start(range.start)).map_err(|error| unreadable(&error))?;
        self.file.read_exact(&mut bytes).map_err(|error| unreadable(&error))?;
        let packed = Packed {
            bytes: Buffer::from_vec(bytes),
            metadata: Arc::clone(&self.metadata),
            place: (group, column),
            leaf,
            rows,
        };
        self.unpacked = self.unpacked.saturating_add(packed.unpacked()?);
        self.check_unpacked()?;
        Ok(packed)
    }

    /// Forgets what was unpacked for a look at the beginning.
    pub fn start_again(&mut self) {
        self.unpacked = 0;
    }

    fn check_unpacked(&self) -> Result<()> {
        let (limits, unpacked) = (&self.limits, self.unpacked);
        let message = if unpacked > limits.decompressed {
            format!("more than {} bytes come out of the compressed columns", limits.decompressed)
        } else if unpacked > RATIO_FREE && unpacked / limits.ratio > self.bytes {
            format!("the compressed columns expand more than {}-fold", limits.ratio)
        } else {
            return Ok(());
        };
        Err(Problem::input(message).hint("if the file is sound, write it again with less compression"))
    }

    /// The whole file, from its beginning.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn whole(&mut self) -> Result<&mut File> {
        self.file.rewind().map_err(|error| unreadable(&error))?;
        Ok(&mut self.file)
    }
}

impl Packed {
    fn chunk(&self) -> &ColumnChunkMetadata {
        &self.metadata.row_groups[self.place.0].parquet_columns()[self.place.1]
    }

    /// Bytes that the metadata or the pages, whichever say more, unpack to.
    fn unpacked(&self) -> Result<u64> {
        let said = u64::try_from(self.chunk().uncompressed_size()).unwrap_or(0);
        guarded(|| {
            let mut sum = 0u64;
            for page in self.pages() {
                // the size of a dictionary is private; it comes before the data, which name its values
                if let CompressedPage::Data(page) = page? {
                    sum = sum.saturating_add(page.uncompressed_size() as u64);
                }
            }
            Ok::<_, polars_parquet::read::ParquetError>(sum.max(said))
        })
    }

    fn pages(&self) -> PageReader {
        PageReader::new(Cursor::new(self.bytes.clone()), self.chunk(), Vec::new(), MOST_PAGE_BYTES)
    }

    /// Unpacks the first `most` values of the column.
    ///
    /// # Errors
    /// When the column is damaged.
    pub fn arrays(&self, most: usize) -> Result<Vec<Box<dyn Array>>> {
        let filter = (most < self.rows).then(|| Filter::new_ranged(0, most));
        let arrays = guarded(|| {
            let pages = BasicDecompressor::new(self.pages(), Vec::new());
            let kind = &self.chunk().descriptor().descriptor.primitive_type;
            column_iter_to_arrays(vec![pages], vec![kind], self.leaf.field.clone(), filter).map(|(arrays, _)| arrays)
        });
        let arrays = arrays.map_err(|problem| problem.in_column(shown(&self.leaf.name)))?;
        let values: usize = arrays.iter().map(|array| array.len()).sum();
        if values != most.min(self.rows) {
            return Err(damaged("a column has another number of values than its row group has rows")
                .in_column(shown(&self.leaf.name)));
        }
        Ok(arrays.into_iter().map(innermost).collect())
    }

    /// Its size as it lies in the file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Rows of its row group.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }
}

/// The values within records of one field each; where a record has no value, they have none.
fn innermost(mut array: Box<dyn Array>) -> Box<dyn Array> {
    while let Some(record) = array.as_any().downcast_ref::<StructArray>() {
        let [values] = record.values() else { return array };
        let validity = match (record.validity(), values.validity()) {
            (Some(outer), Some(inner)) => Some(outer & inner),
            (one, None) | (None, one) => one.cloned(),
        };
        array = values.with_validity(validity);
    }
    array
}

/// Checks the end of the file, which says how long the metadata are.
fn check_footer(file: &mut File, bytes: u64) -> Result<()> {
    let cut =
        || Problem::input("the file does not end as Parquet does").hint("the file is cut off; copy or export it again");
    let mut footer = [0; 8];
    if bytes < 12 {
        return Err(cut());
    }
    file.seek(SeekFrom::End(-8)).and_then(|_| file.read_exact(&mut footer)).map_err(|error| unreadable(&error))?;
    if &footer[4..] == b"PARE" {
        return Err(Problem::input("the file is encrypted").hint("export the log without encryption"));
    }
    if &footer[4..] != b"PAR1" {
        return Err(cut());
    }
    let length = u64::from(u32::from_le_bytes([footer[0], footer[1], footer[2], footer[3]]));
    if length > MOST_METADATA_BYTES || length + 12 > bytes {
        return Err(damaged(format!("its metadata are said to take {length} bytes")));
    }
    file.rewind().map_err(|error| unreadable(&error))
}

/// The refusal of a damaged file.
pub fn damaged(why: impl Into<String>) -> Problem {
    Problem::input("the Parquet file is damaged").note(why).hint("copy or export it again")
}

fn unreadable(error: &std::io::Error) -> Problem {
    Problem::input(format!("cannot read the input: {error}")).hint("copy the file to another place and name that")
}

/// Runs the foreign reader; an error or a panic in it refuses the file.
pub fn guarded<T, E: std::fmt::Display>(read: impl FnOnce() -> std::result::Result<T, E>) -> Result<T> {
    match guarded_value(read)? {
        Ok(value) => Ok(value),
        Err(error) => {
            let why = error.to_string();
            Err(damaged(shown(why.lines().next().unwrap_or(""))))
        }
    }
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

fn guarded_value<T>(read: impl FnOnce() -> T) -> Result<T> {
    static QUIET: Once = Once::new();
    // a panic that is caught is no message for the person
    QUIET.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                usual(info);
            }
        }));
    });
    GUARDED.set(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    result.map_err(|_| damaged("its parts contradict each other"))
}
