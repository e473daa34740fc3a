//! Bit masks of delimiters, newlines and quotes, 64 bytes at a time.
//!
//! The one module with `unsafe`: the scalar form takes twice the time of the whole read, and the
//! intrinsics can only be called under a detected (AVX2) or architecturally guaranteed (SSE2) feature.
#![allow(unsafe_code)]

/// Masks of one 64-byte block; bit `i` belongs to byte `i`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// Delimiters and newlines.
    pub ends: u64,
    /// Newlines.
    pub newlines: u64,
    /// Double quotes.
    pub quotes: u64,
    /// Not 0 where some byte is no ASCII; which one is not said.
    pub beyond_ascii: u64,
}

/// Which implementation to use, decided once per process run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 256-bit vectors.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 128-bit vectors, on every x86-64.
    #[cfg(target_arch = "x86_64")]
    Sse2,
    /// Eight bytes in one integer, everywhere.
    #[cfg_attr(target_arch = "x86_64", allow(dead_code, reason = "chosen on other processors, tested on all"))]
    Portable,
}

impl Level {
    /// The best level of this processor.
    #[must_use]
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("bmi1")
            {
                return Level::Avx2;
            }
            Level::Sse2
        }
        #[cfg(not(target_arch = "x86_64"))]
        Level::Portable
    }
}

/// Takes the masks of one 64-byte block after the other. Implementations are inlined into every level, so that
/// each can use the instructions of its own.
pub trait Visit {
    /// Takes the masks of the block at `offset`.
    fn step(&mut self, offset: usize, masks: Masks);
}

/// Hands `visit` the offset and masks of each 64-byte block of `bytes`; the last one is padded with zeros.
#[inline]
pub fn scan(level: Level, bytes: &[u8], delimiter: u8, visit: &mut impl Visit) {
    let (blocks, tail) = bytes.as_chunks::<64>();
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `Level::Avx2` is only made after the features were detected.
        Level::Avx2 => unsafe { scan_avx2(blocks, delimiter, visit) },
        #[cfg(target_arch = "x86_64")]
        Level::Sse2 => {
            blocks.iter().enumerate().for_each(|(i, block)| visit.step(i * 64, masks_sse2(block, delimiter)));
        }
        Level::Portable => {
            blocks.iter().enumerate().for_each(|(i, block)| visit.step(i * 64, masks_portable(block, delimiter)));
        }
    }
    if !tail.is_empty() {
        let mut block = [0; 64];
        block[..tail.len()].copy_from_slice(tail);
        visit.step(blocks.len() * 64, masks_portable(&block, delimiter));
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
#[expect(clippy::cast_ptr_alignment, reason = "the loads are unaligned ones")]
unsafe fn scan_avx2(blocks: &[[u8; 64]], delimiter: u8, visit: &mut impl Visit) {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    };
    let splat = |byte: u8| _mm256_set1_epi8(i8::from_ne_bytes([byte]));
    let (delimiters, newlines, quotes) = (splat(delimiter), splat(b'\n'), splat(b'"'));
    let bits = |low: __m256i, high: __m256i, wanted: __m256i| {
        let low = _mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)).cast_unsigned();
        let high = _mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)).cast_unsigned();
        u64::from(low) | u64::from(high) << 32
    };
    for (i, block) in blocks.iter().enumerate() {
        // SAFETY: a block is 64 bytes long and the loads are unaligned ones.
        let (low, high) = unsafe {
            let at = block.as_ptr().cast::<__m256i>();
            (_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(1)))
        };
        let newlines = bits(low, high, newlines);
        let beyond_ascii = u64::from(_mm256_movemask_epi8(_mm256_or_si256(low, high)).cast_unsigned());
        let (ends, quotes) = (bits(low, high, delimiters) | newlines, bits(low, high, quotes));
        visit.step(i * 64, Masks { ends, newlines, quotes, beyond_ascii });
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[expect(clippy::cast_ptr_alignment, reason = "the loads are unaligned ones")]
fn masks_sse2(block: &[u8; 64], delimiter: u8) -> Masks {
    use std::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_set1_epi8};
    let mut masks = Masks::default();
    for part in 0..4 {
        // SAFETY: SSE2 belongs to every x86-64, and the four loads stay within the 64 bytes.
        let bits = |wanted: u8| unsafe {
            let bytes = _mm_loadu_si128(block.as_ptr().add(part * 16).cast::<__m128i>());
            let equal = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(i8::from_ne_bytes([wanted])));
            u64::from(_mm_movemask_epi8(equal).cast_unsigned()) << (part * 16)
        };
        let newlines = bits(b'\n');
        masks.newlines |= newlines;
        masks.ends |= bits(delimiter) | newlines;
        masks.quotes |= bits(b'"');
        // SAFETY: as above.
        masks.beyond_ascii |= unsafe {
            let bytes = _mm_loadu_si128(block.as_ptr().add(part * 16).cast::<__m128i>());
            u64::from(_mm_movemask_epi8(bytes).cast_unsigned())
        };
    }
    masks
}

fn masks_portable(block: &[u8; 64], delimiter: u8) -> Masks {
    let mut masks = Masks::default();
    let (words, _) = block.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let newlines = equal_bits(word, b'\n') << (i * 8);
        masks.newlines |= newlines;
        masks.ends |= equal_bits(word, delimiter) << (i * 8) | newlines;
        masks.quotes |= equal_bits(word, b'"') << (i * 8);
        masks.beyond_ascii |= word & 0x8080_8080_8080_8080;
    }
    masks
}

/// One bit for each of the eight bytes of `word` that equals `byte`.
#[inline]
fn equal_bits(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const SEVEN: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let difference = word ^ (LOW * u64::from(byte));
    // The high bit of each byte that is zero; exact, unlike the borrow-propagating form.
    let zero = !(((difference & SEVEN) + SEVEN) | difference | SEVEN);
    // Gathers the eight high bits into one byte.
    ((zero >> 7).wrapping_mul(0x0102_0408_1020_4080)) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(bytes: &[u8], delimiter: u8) -> Vec<Masks> {
        let block = |chunk: &[u8]| {
            let mut masks = Masks::default();
            for (i, &byte) in chunk.iter().enumerate() {
                masks.newlines |= u64::from(byte == b'\n') << i;
                masks.ends |= u64::from(byte == b'\n' || byte == delimiter) << i;
                masks.quotes |= u64::from(byte == b'"') << i;
                masks.beyond_ascii |= u64::from(!byte.is_ascii());
            }
            masks
        };
        bytes.chunks(64).map(block).collect()
    }

    struct Seen(Vec<Masks>);

    impl Visit for Seen {
        fn step(&mut self, offset: usize, masks: Masks) {
            assert_eq!(offset, self.0.len() * 64);
            self.0.push(masks);
        }
    }

    #[test]
    fn every_level_sees_what_a_plain_loop_sees() {
        let mut state = 7u64;
        let alphabet = b",;\"\n\rab\x00\x7f\x80\x8a\xac\xff0|";
        let bytes: Vec<u8> = (0..10_000)
            .map(|i| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let byte = alphabet[(state >> 33) as usize % alphabet.len()];
                // Some steps are ASCII throughout, some but for one byte.
                if i % 1_000 < 700 && i % 333 != 0 { byte & 0x7F } else { byte }
            })
            .collect();
        let mut levels = vec![Level::Portable, Level::detect()];
        #[cfg(target_arch = "x86_64")]
        levels.push(Level::Sse2);
        for length in [0, 1, 63, 64, 65, 127, 128, 9_999] {
            for &level in &levels {
                let mut seen = Seen(Vec::new());
                scan(level, &bytes[..length], b';', &mut seen);
                for masks in &mut seen.0 {
                    masks.beyond_ascii = u64::from(masks.beyond_ascii != 0);
                }
                assert_eq!(seen.0, plain(&bytes[..length], b';'), "{level:?} {length}");
            }
        }
    }
}
