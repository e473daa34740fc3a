//! What coordination costs under stated assumptions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PerCase;

/// A range of estimates: cautious, expected, optimistic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Range<T> {
    /// Cautious.
    pub low: T,
    /// Expected.
    pub base: T,
    /// Optimistic.
    pub high: T,
}

/// The four buckets.
#[derive(Clone, Debug, Serialize)]
pub struct Buckets {
    /// Handoffs.
    #[serde(rename = "A")]
    pub a: Bucket,
    /// Status tracking.
    #[serde(rename = "B")]
    pub b: Bucket,
    /// Exceptions.
    #[serde(rename = "C")]
    pub c: Bucket,
    /// Communication.
    #[serde(rename = "D")]
    pub d: Bucket,
    /// Touches in no bucket; unknown without actors.
    pub work_touches: Option<u64>,
    /// All touches; unknown without actors.
    pub all_touches: Option<u64>,
}

/// One bucket over the whole log.
#[derive(Clone, Debug, Serialize)]
pub struct Bucket {
    /// What it holds, in words.
    pub name: &'static str,
    /// Touches; unknown where they cannot be seen.
    pub touches: Option<u64>,
    /// Touches per case.
    pub touches_per_case: Option<f64>,
    /// How they are spread over the cases; unknown for an upper bound too.
    pub per_case: Option<PerCase>,
    /// Working minutes.
    pub minutes: Option<Range<f64>>,
    /// Time of the ledger, ms; null for B and D.
    pub elapsed_ms: Option<i64>,
    /// Money in minor units of the currency.
    pub cost: Option<Range<i64>>,
    /// An upper bound stands in for the count.
    pub proxy: bool,
}

/// Money.
#[derive(Clone, Debug, Serialize)]
pub struct Roi {
    /// Currency code.
    pub currency: String,
    /// Cost of coordination per month in minor units: buckets A, C and D, and B where measured.
    pub baseline_per_month: Option<Range<i64>>,
    /// By bucket.
    pub baseline_by_bucket: BTreeMap<&'static str, Option<Range<i64>>>,
    /// Every number that was assumed.
    pub assumptions: Vec<Assumption>,
}

/// An assumed number.
#[derive(Clone, Debug, Serialize)]
pub struct Assumption {
    /// Name.
    pub name: String,
    /// Values.
    pub value: Range<f64>,
    /// Unit.
    pub unit: String,
    /// `measured`, `client` or `default`.
    pub source: String,
}
