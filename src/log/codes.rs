//! Columns of dictionary codes in the narrowest integers that hold them.

/// Code of a missing value in every dictionary-coded column.
pub const NONE: u32 = 0;

/// A column of codes, one, two or four bytes wide.
#[derive(Clone, Debug)]
pub enum Codes {
    /// Codes below 256.
    Narrow(Vec<u8>),
    /// Codes below 65,536.
    Middle(Vec<u16>),
    /// Any code.
    Wide(Vec<u32>),
}

/// Runs one expression over whichever width a column has.
macro_rules! each_width {
    ($codes:expr, $column:ident => $body:expr) => {
        match $codes {
            $crate::log::codes::Codes::Narrow($column) => $body,
            $crate::log::codes::Codes::Middle($column) => $body,
            #[allow(clippy::useless_conversion, reason = "the widest codes need none")]
            $crate::log::codes::Codes::Wide($column) => $body,
        }
    };
}
pub(crate) use each_width;

impl Codes {
    /// `len` missing values, wide enough for codes up to `largest`.
    #[must_use]
    pub fn zeroed(len: usize, largest: u32) -> Self {
        if u8::try_from(largest).is_ok() {
            Codes::Narrow(vec![0; len])
        } else if u16::try_from(largest).is_ok() {
            Codes::Middle(vec![0; len])
        } else {
            Codes::Wide(vec![0; len])
        }
    }

    /// Packs codes up to `largest`, taken in the order `order` gives.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the width was chosen from the largest code")]
    pub fn gather(codes: &[u32], order: &[u32], largest: u32) -> Self {
        match largest {
            0..=0xFF => Codes::Narrow(order.iter().map(|&row| codes[row as usize] as u8).collect()),
            0x100..=0xFFFF => Codes::Middle(order.iter().map(|&row| codes[row as usize] as u16).collect()),
            _ => Codes::Wide(order.iter().map(|&row| codes[row as usize]).collect()),
        }
    }

    /// The code at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> u32 {
        each_width!(self, column => u32::from(column[index]))
    }

    /// Number of known values.
    #[must_use]
    pub fn known(&self) -> usize {
        // Short counts in one byte each can be added many at a time.
        each_width!(self, column => column.chunks(255).map(|codes| {
            usize::from(codes.iter().map(|&code| u8::from(u32::from(code) != NONE)).sum::<u8>())
        }).sum())
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        each_width!(self, column => column.len())
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Replaces `out` by the codes of `range`.
    pub fn copy_into(&self, range: std::ops::Range<usize>, out: &mut Vec<u32>) {
        out.clear();
        each_width!(self, column => out.extend(column[range].iter().map(|&code| u32::from(code))));
    }
}
