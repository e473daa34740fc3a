//! Random numbers that are the same on every machine: splitmix64 seeding xoshiro256** (Blackman and Vigna, 2018).
//!
//! Every case has one stream per [`Purpose`], so that a change in one part of a recipe (say, more comments) leaves the
//! other draws of the same case, and all other cases, as they were. Nothing here reads entropy from outside.

/// What a stream of random numbers is used for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// Arrival instants of one month; the key is the month's number, not a case.
    Arrivals = 1,
    /// Attributes and people of a case.
    Intake = 2,
    /// Which state comes next.
    Route = 3,
    /// How long each visit lasts.
    Wait = 4,
    /// What happens during a visit, and when.
    During = 5,
    /// Who picks a case up.
    People = 6,
    /// Which words a comment uses.
    Text = 7,
    /// When status checks are made and answered.
    Checks = 8,
    /// Which visits nobody looks at, and for how long.
    Unseen = 9,
    /// When a person begins in the morning; the key is the person's number, not a case.
    Desk = 10,
}

/// One stream of random numbers.
pub(super) struct Stream([u64; 4]);

/// Steps splitmix64 and returns the next value.
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Stream {
    /// Opens the stream of one purpose for one key (a case or a month) under a seed.
    pub(super) fn new(seed: u64, key: u32, purpose: Purpose) -> Self {
        let mut state = seed;
        let mixed = splitmix(&mut state) ^ (u64::from(key) << 8) ^ (purpose as u64);
        let mut state = mixed;
        Self([(); 4].map(|()| splitmix(&mut state)))
    }

    /// Returns 32 random bits: the upper half of one xoshiro256** step.
    fn bits(&mut self) -> u32 {
        let state = &mut self.0;
        let result = state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        let [a, b, c, d, ..] = result.to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// Returns a whole number in `0..n`; 0 when `n` is 0. The bias of at most n/2³² is accepted.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        let wide = (u64::from(self.bits()) * u64::from(n)) >> 32;
        u32::try_from(wide).unwrap_or(0)
    }

    /// Returns an index into a list of `len` items; 0 when the list is empty.
    pub(super) fn index(&mut self, len: usize) -> usize {
        self.below(u32::try_from(len).unwrap_or(u32::MAX)) as usize
    }

    /// Returns a number strictly between 0 and 1, on a grid of 2³².
    pub(super) fn fraction(&mut self) -> f64 {
        (f64::from(self.bits()) + 0.5) / 4_294_967_296.0
    }

    /// Returns true with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.fraction() < p
    }

    /// Returns the index of one weight, drawn in proportion; none when all weights are 0.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> Option<usize> {
        let mut left = self.below(weights.iter().fold(0, |sum, weight| sum.saturating_add(*weight)));
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return Some(index);
            }
            left -= weight;
        }
        None
    }

    /// Returns a standard normal number cut at ±4 (Marsaglia's polar method).
    pub(super) fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.fraction() - 1.0, 2.0 * self.fraction() - 1.0);
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return (u * (-2.0 * libm::log(s) / s).sqrt()).clamp(-4.0, 4.0);
            }
        }
    }
}
