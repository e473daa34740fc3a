//! One array of a column as cells: what makes two of them the same, and their text.

use polars_arrow::array::{Array, BinaryViewArray, BooleanArray, FixedSizeBinaryArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::{ArrowDataType, TimeUnit};
use polars_arrow::types::NativeType;

use super::file::damaged;
use super::texts;
use crate::error::{Problem, Result};

/// What the numbers of a column stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A whole number.
    Whole,
    /// The bits of a whole number that is never negative.
    Unsigned,
    /// The bits of a number of four bytes.
    Float,
    /// The bits of a number of eight bytes.
    Double,
    /// The bits of a number of eight bytes that is whole, or none (NaN).
    WholeDouble,
    /// 0 or 1.
    Flag,
    /// Days since 1970.
    Day,
    /// An instant in so many parts of a second since 1970, of a local clock where it `is_naive`.
    Instant {
        /// Parts of a second.
        per_second: i64,
        /// Whether no zone is known.
        is_naive: bool,
    },
    /// A time of day in so many parts of a second.
    Clock(i64),
    /// A duration in so many parts of a second.
    Duration(i64),
    /// A number with so many decimal places.
    Decimal(usize),
    /// The sixteen bytes of a UUID, the first one highest.
    Uuid,
}

/// What floating-point numbers have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floats {
    /// All are whole, and every digit of them counts.
    Whole,
    /// Some have a fraction, or the values are no floating-point numbers.
    Fractions,
    /// That of this row is so large that its neighbours are not told apart from it.
    TooLarge(usize),
}

/// From here on a number of eight bytes does not tell neighbouring whole numbers apart: 2^53.
const END_OF_DOUBLES: f64 = 9_007_199_254_740_992.0;

/// The same for four bytes: 2^24.
const END_OF_FLOATS: f64 = 16_777_216.0;

fn of_double(bits: i64) -> f64 {
    f64::from_bits(bits.cast_unsigned())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bits of four bytes were widened")]
fn of_float(bits: i64) -> f64 {
    f64::from(f32::from_bits(bits as u32))
}

/// One array, ready to be looked at cell by cell.
pub struct Cells {
    values: Values,
    validity: Option<Bitmap>,
}

enum Values {
    Texts(Utf8ViewArray),
    Bytes(BinaryViewArray),
    Numbers(Vec<i64>, Form),
    Wide(Vec<i128>, Form),
    Nothing,
}

impl Cells {
    /// Takes an array of a column.
    ///
    /// # Errors
    /// When it is not of the type its column has.
    pub fn new(array: &dyn Array) -> Result<Cells> {
        let values = values(array).ok_or_else(|| damaged("a column has values of another type than it says"))?;
        Ok(Cells { values, validity: array.validity().filter(|validity| validity.unset_bits() > 0).cloned() })
    }

    /// Whether the cell has no value.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        self.validity.as_ref().is_some_and(|validity| !validity.get_bit(row)) || matches!(self.values, Values::Nothing)
    }

    /// Bits that two cells of this array with a value share only if they have the same text.
    #[inline]
    pub fn token(&self, row: usize) -> u128 {
        match &self.values {
            Values::Texts(texts) => texts.views()[row].as_u128(),
            Values::Bytes(bytes) => bytes.views()[row].as_u128(),
            Values::Numbers(numbers, _) => u128::from(numbers[row].cast_unsigned()),
            Values::Wide(numbers, _) => numbers[row].cast_unsigned(),
            Values::Nothing => 0,
        }
    }

    /// What its floating-point numbers have in common, those that are none (NaN) left aside.
    pub fn floats(&self) -> Floats {
        let Values::Numbers(numbers, form) = &self.values else { return Floats::Fractions };
        let (number, end): (fn(i64) -> f64, f64) = match form {
            Form::Float => (of_float, END_OF_FLOATS),
            Form::Double | Form::WholeDouble => (of_double, END_OF_DOUBLES),
            Form::Whole
            | Form::Unsigned
            | Form::Flag
            | Form::Day
            | Form::Instant { .. }
            | Form::Clock(_)
            | Form::Duration(_)
            | Form::Decimal(_)
            | Form::Uuid => return Floats::Fractions,
        };
        for (row, &bits) in numbers.iter().enumerate() {
            let value = number(bits);
            if value.is_nan() || self.is_null(row) {
                continue;
            }
            if value.fract() != 0.0 || value.is_infinite() {
                return Floats::Fractions;
            }
            if value.abs() >= end {
                return Floats::TooLarge(row);
            }
        }
        Floats::Whole
    }

    /// Reads floating-point numbers as the whole numbers that they are.
    #[must_use]
    pub fn into_whole(mut self) -> Cells {
        if let Values::Numbers(numbers, form) = &mut self.values {
            if *form == Form::Float {
                for bits in numbers.iter_mut() {
                    *bits = of_float(*bits).to_bits().cast_signed();
                }
            }
            if matches!(form, Form::Float | Form::Double) {
                *form = Form::WholeDouble;
            }
        }
        self
    }

    /// What the values stand for, where they are numbers of eight bytes.
    pub fn numbers(&self) -> Option<(&[i64], Form)> {
        match &self.values {
            Values::Numbers(numbers, form) => Some((numbers, *form)),
            Values::Texts(_) | Values::Bytes(_) | Values::Wide(..) | Values::Nothing => None,
        }
    }

    /// Replaces `out` by the text of a cell; a missing value has none.
    ///
    /// # Errors
    /// When the cell holds bytes that are no text.
    pub fn text(&self, row: usize, out: &mut Vec<u8>) -> Result<()> {
        out.clear();
        if self.is_null(row) {
            return Ok(());
        }
        match &self.values {
            Values::Texts(texts) => out.extend_from_slice(texts.value(row).as_bytes()),
            Values::Bytes(bytes) => {
                let bytes = bytes.value(row);
                if std::str::from_utf8(bytes).is_err() {
                    return Err(Problem::input("a cell holds bytes that are no UTF-8 text")
                        .hint("export the column as text, or leave it out"));
                }
                out.extend_from_slice(bytes);
            }
            Values::Numbers(numbers, form) => texts::number(i128::from(numbers[row]), *form, out),
            Values::Wide(numbers, form) => texts::number(numbers[row], *form, out),
            Values::Nothing => {}
        }
        Ok(())
    }
}

fn values(array: &dyn Array) -> Option<Values> {
    use ArrowDataType as D;
    let any = array.as_any();
    Some(match array.dtype() {
        D::Null => Values::Nothing,
        D::Utf8View => Values::Texts(any.downcast_ref::<Utf8ViewArray>()?.clone()),
        D::BinaryView => Values::Bytes(any.downcast_ref::<BinaryViewArray>()?.clone()),
        D::Boolean => {
            let flags = any.downcast_ref::<BooleanArray>()?;
            Values::Numbers(flags.values().iter().map(i64::from).collect(), Form::Flag)
        }
        D::Int8 => numbers::<i8>(array, Form::Whole, i64::from)?,
        D::Int16 => numbers::<i16>(array, Form::Whole, i64::from)?,
        D::Int32 => numbers::<i32>(array, Form::Whole, i64::from)?,
        D::Int64 => numbers::<i64>(array, Form::Whole, |value| value)?,
        D::UInt8 => numbers::<u8>(array, Form::Whole, i64::from)?,
        D::UInt16 => numbers::<u16>(array, Form::Whole, i64::from)?,
        D::UInt32 => numbers::<u32>(array, Form::Whole, i64::from)?,
        D::UInt64 => numbers::<u64>(array, Form::Unsigned, u64::cast_signed)?,
        D::Float32 => numbers::<f32>(array, Form::Float, |value| i64::from(value.to_bits()))?,
        D::Float64 => numbers::<f64>(array, Form::Double, |value| value.to_bits().cast_signed())?,
        D::Date32 => numbers::<i32>(array, Form::Day, i64::from)?,
        D::Timestamp(unit, zone) => {
            let form = Form::Instant { per_second: per_second(*unit), is_naive: zone.is_none() };
            numbers::<i64>(array, form, |value| value)?
        }
        D::Time32(unit) => numbers::<i32>(array, Form::Clock(per_second(*unit)), i64::from)?,
        D::Time64(unit) => numbers::<i64>(array, Form::Clock(per_second(*unit)), |value| value)?,
        D::Duration(unit) => numbers::<i64>(array, Form::Duration(per_second(*unit)), |value| value)?,
        D::FixedSizeBinary(16) => {
            let uuids = any.downcast_ref::<FixedSizeBinaryArray>()?;
            let number = |bytes: &[u8]| bytes.try_into().map(i128::from_be_bytes).ok();
            Values::Wide(uuids.values_iter().map(number).collect::<Option<_>>()?, Form::Uuid)
        }
        D::Decimal(_, scale) => {
            let array = any.downcast_ref::<PrimitiveArray<i128>>()?;
            Values::Wide(array.values().iter().copied().collect(), Form::Decimal(*scale))
        }
        _ => return None,
    })
}

fn numbers<T: NativeType>(array: &dyn Array, form: Form, number: impl Fn(T) -> i64) -> Option<Values> {
    let array = array.as_any().downcast_ref::<PrimitiveArray<T>>()?;
    Some(Values::Numbers(array.values().iter().map(|&value| number(value)).collect(), form))
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}
