//! Parquet that is broken, hostile or odd.

use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, Series, TimeUnit, TimeZone};
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};

use super::Outcome::{Read, Refused};
use super::{Container, Odd, odd};
use crate::run::{folder_with, gzip, wcaf, zip};

const FIRST_MS: i64 = 1_709_287_200_000;

fn states() -> Column {
    Series::new("state".into(), (0..9).map(|i| ["New", "Work", "Closed"][i % 3]).collect::<Vec<_>>()).into_column()
}

fn cases() -> Column {
    Series::new("case".into(), (0..9).map(|i| format!("C{}", i / 3)).collect::<Vec<_>>()).into_column()
}

fn twice(column: &Column) -> Column {
    let mut both = column.clone();
    both.append(column).unwrap();
    both
}

/// Times in a unit, with a zone or without one.
fn times(unit: TimeUnit, zone: Option<TimeZone>) -> Column {
    let per_ms = match unit {
        TimeUnit::Milliseconds => 1,
        TimeUnit::Microseconds => 1_000,
        TimeUnit::Nanoseconds => 1_000_000,
    };
    let values: Vec<i64> = (0..9).map(|i| (FIRST_MS + i * 3_600_000) * per_ms).collect();
    Series::new("time".into(), values).cast(&DataType::Datetime(unit, zone)).unwrap().into_column()
}

fn file(columns: Vec<Column>, group: Option<usize>, compression: ParquetCompression) -> Vec<u8> {
    let mut bytes = Vec::new();
    let rows = columns[0].len();
    let mut frame = DataFrame::new(rows, columns).unwrap();
    ParquetWriter::new(&mut bytes).with_compression(compression).with_row_group_size(group).finish(&mut frame).unwrap();
    bytes
}

fn with(columns: Vec<Column>) -> Vec<u8> {
    file(columns, None, ParquetCompression::Snappy)
}

/// The log as it should be.
pub fn log() -> Vec<u8> {
    with(vec![cases(), times(TimeUnit::Milliseconds, Some(TimeZone::UTC)), states()])
}

fn refused(fault: &str, bytes: impl Into<Vec<u8>>, parts: &'static [&'static str]) -> Odd {
    odd(format!("Parquet: {fault}"), bytes, Refused(3, parts))
}

fn read(fault: &str, bytes: impl Into<Vec<u8>>, used: u64, rejected: u64) -> Odd {
    odd(format!("Parquet: {fault}"), bytes, Read(used, rejected, &[]))
}

pub fn table() -> Vec<Odd> {
    let mut table = broken();
    table.extend(sound());
    table
}

fn broken() -> Vec<Odd> {
    let log = log();
    let end = log.len();
    let footer = |length: u32, magic: &[u8]| {
        let mut bytes = log[..end - 8].to_vec();
        bytes.extend(length.to_le_bytes());
        bytes.extend(magic);
        bytes
    };
    let length = u32::from_le_bytes(log[end - 8..end - 4].try_into().unwrap());
    let mut zeros = log.clone();
    zeros[end - 8 - length as usize..end - 8].fill(0);
    let mut ones = log.clone();
    ones[end - 8 - length as usize..end - 8].fill(0xFF);
    let mut data = log.clone();
    data[4..40].fill(0xFF);
    let wide = (0..4_100).map(|i| Series::new(format!("k{i}").into(), vec![1i64]).into_column()).collect();
    let bytes = Series::new("case".into(), vec![b"\xff\xfe".as_slice(); 9]).into_column();
    vec![
        refused("only its first bytes", "PAR1", &["does not end as Parquet does", "cut off"]),
        refused("only both ends", "PAR1PAR1", &["does not end as Parquet does"]),
        refused("cut in its data", &log[..end / 3], &["does not end as Parquet does"]),
        refused("cut in its metadata", &log[..end - 20], &["does not end as Parquet does"]),
        refused("cut in its last bytes", &log[..end - 1], &["does not end as Parquet does"]),
        refused("text behind it", [&log[..], b"and more"].concat(), &["does not end as Parquet does"]),
        refused("metadata longer than the file", footer(0x0FFF_FFFF, b"PAR1"), &["damaged", "268435455 bytes"]),
        refused("metadata of no length", footer(0, b"PAR1"), &["damaged"]),
        refused("metadata too short", footer(length / 2, b"PAR1"), &["damaged"]),
        refused("encrypted", footer(length, b"PARE"), &["encrypted"]),
        refused("metadata of zeros", zeros, &["damaged"]),
        refused("metadata of ones", ones, &["damaged"]),
        refused("data of ones", data, &["damaged"]),
        refused("no row", with(vec![cases().clear(), states().clear()]), &["hint: "]),
        refused("no time", with(vec![cases(), states()]), &["no time column"]),
        refused("no case", with(vec![times(TimeUnit::Milliseconds, None)]), &["hint: "]),
        refused("too many columns", with(wide), &["has 4100 columns, more than 4096"]),
        refused(
            "bytes that are no text",
            with(vec![bytes, times(TimeUnit::Milliseconds, None)]),
            &["no UTF-8 text", "`case`"],
        ),
        refused("in gzip", gzip(&log), &["within gzip", "gunzip"]).inside(Container::AsIs),
        refused("in a zip", zip(&[("log.csv", &log)]), &["within a zip archive", "unpack it"]).inside(Container::AsIs),
        refused("on standard input", log, &["cannot be read from standard input", "hint: write it"])
            .inside(Container::Stdin),
    ]
}

fn sound() -> Vec<Odd> {
    let utc = || Some(TimeZone::UTC);
    let naive = odd(
        "Parquet: local times",
        with(vec![cases(), times(TimeUnit::Microseconds, None), states()]),
        Read(9, 0, &["timezone_assumed"]),
    );
    let texts = (0..9).map(|i| format!("2024-03-{:02}T10:00:00Z", i + 1)).collect::<Vec<_>>();
    let texts = Series::new("time".into(), texts).into_column();
    let ids = Series::new("case".into(), (0..9).map(|i| i / 3 + 9_007_199_254_740_993i64).collect::<Vec<_>>());
    let some = Series::new("case".into(), (0..9).map(|i| (i != 4).then(|| format!("C{}", i / 3))).collect::<Vec<_>>());
    // few enough to be a time column still
    let late = (0..18).map(|i| if i == 4 { 9_000_000_000_000_000 } else { FIRST_MS + i }).collect::<Vec<i64>>();
    let late = Series::new("time".into(), late).cast(&DataType::Datetime(TimeUnit::Milliseconds, utc())).unwrap();
    let numbers = vec![
        Series::new("amount".into(), vec![0.1f64; 9]).into_column(),
        Series::new("open".into(), vec![true; 9]).into_column(),
        Series::new("took".into(), vec![90_500i64; 9])
            .cast(&DataType::Duration(TimeUnit::Milliseconds))
            .unwrap()
            .into_column(),
    ];
    let ms = || times(TimeUnit::Milliseconds, utc());
    let columns = || vec![cases(), ms(), states()];
    vec![
        read("as it should be", log(), 9, 0),
        naive,
        read("nanoseconds", with(vec![cases(), times(TimeUnit::Nanoseconds, utc()), states()]), 9, 0),
        read("times as texts", with(vec![cases(), texts, states()]), 9, 0),
        read("ids as numbers", with(vec![ids.into_column(), ms(), states()]), 9, 0),
        read("an id missing", with(vec![some.into_column(), ms(), states()]), 8, 1),
        read("a time out of range", with(vec![twice(&cases()), late.into_column(), twice(&states())]), 17, 1),
        read("other types", with([columns(), numbers].concat()), 9, 0),
        read("a row group per row", file(columns(), Some(1), ParquetCompression::Snappy), 9, 0),
        read("not compressed", file(columns(), None, ParquetCompression::Uncompressed), 9, 0),
        read("zstd", file(columns(), None, ParquetCompression::Zstd(None)), 9, 0),
    ]
}

#[test]
fn a_changed_bit_is_read_or_refused_and_never_a_panic() {
    let log = log();
    let folder = folder_with(&[]);
    let (mut read, mut refused) = (0, 0);
    // an odd step meets every part of the file and every place within a byte
    for bit in (0..log.len() * 8).step_by(13) {
        let mut changed = log.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(folder.path().join("t.parquet"), &changed).unwrap();
        let ran = wcaf(folder.path(), &["analyze", "t.parquet", "--format", "json", "--threads", "1"]);
        match ran.code {
            Some(0) => read += 1,
            Some(3) => {
                assert!(ran.err.starts_with("error: ") && ran.err.contains("\nhint: "), "bit {bit}: {}", ran.err);
                refused += 1;
            }
            code => panic!("bit {bit}: {code:?}\n{}", ran.err),
        }
    }
    assert!(read > 0 && refused > 100, "{read} read, {refused} refused");
}
