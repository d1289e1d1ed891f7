//! Random numbers of mechanisms: NEURON's two generators, one draw at a time.
//!
//! All state is kept in numbers of the real type that are whole and so small (at most 18 bits) that every type holds them
//! exactly: a 32-bit word `w` is a *low* part and a *high* part with `w = low + 65536 high`, modulo 2^32. The low part may
//! exceed 16 bits where the type is exact beyond: whoever sets `low` to a whole word and `high` to 0 means the same.
//!
//! * Random123 is Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), key 0, counter (block, id3, id1, id2); a block gives four
//!   words. The state is the position 4 block + word, 34 bits.
//! * scop_random is the congruential generator of SCoP: state <- 2147437301 state + 453816981 modulo 2^32.
//!
//! `shaders/random.wgsl` is the same in WGSL. Whole numbers and divisions are exact or correctly rounded in the order
//! written, so that a CPU and a GPU give equal bits.

use super::Real;

/// A number, and the state after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// The number.
    pub value: Real,
    /// Low part of the state.
    pub low: Real,
    /// High part of the state.
    pub high: Real,
}

/// A word from its parts.
fn word(low: Real, high: Real) -> u32 {
    (low as u32).wrapping_add((high as u32) << 16)
}

/// The low part of a word.
fn low_of(word: u32) -> Real {
    (word & 0xffff) as Real
}

/// The high part of a word.
fn high_of(word: u32) -> Real {
    (word >> 16) as Real
}

/// Both halves of a 64-bit product, high first.
fn product(a: u32, b: u32) -> (u32, u32) {
    let whole = u64::from(a) * u64::from(b);
    ((whole >> 32) as u32, whole as u32)
}

/// Philox4x32-10 with key 0.
fn philox(counter: [u32; 4]) -> [u32; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let (mut k0, mut k1) = (0u32, 0u32);
    for _ in 0..10 {
        let (high0, low0) = product(0xd2511f53, c0);
        let (high1, low1) = product(0xcd9e8d57, c2);
        (c0, c1, c2, c3) = (high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0);
        k0 = k0.wrapping_add(0x9e3779b9);
        k1 = k1.wrapping_add(0xbb67ae85);
    }
    [c0, c1, c2, c3]
}

/// The word at a position of a stream, and the next position.
fn random123(low: Real, high: Real, ids: [Real; 6]) -> (u32, Real, Real) {
    let below = low as u32;
    let above = (high as u32).wrapping_add(below >> 16) & 0x3ffff;
    let below = below & 0xffff;
    let [id1, id1_high, id2, id2_high, id3, id3_high] = ids;
    let counter = [(above << 14) | (below >> 2), word(id3, id3_high), word(id1, id1_high), word(id2, id2_high)];
    let next = below + 1;
    let above = (above + (next >> 16)) & 0x3ffff;
    (philox(counter)[(below & 3) as usize], (next & 0xffff) as Real, above as Real)
}

/// A uniform number in (0, 1): (word + 1) / (2^32 + 1). Below 1 in single precision too.
#[allow(clippy::too_many_arguments)]
pub fn random123_uniform(
    low: Real,
    high: Real,
    id1: Real,
    id1_high: Real,
    id2: Real,
    id2_high: Real,
    id3: Real,
    id3_high: Real,
) -> Drawn {
    let (word, low, high) = random123(low, high, [id1, id1_high, id2, id2_high, id3, id3_high]);
    let scale = 1.0 / 4294967297.0;
    let value = (high_of(word) * 65536.0 + (low_of(word) + 1.0)) * scale;
    let below_one = 1.0 - Real::EPSILON / 2.0;
    Drawn { value: if value < below_one { value } else { below_one }, low, high }
}

/// A word as a number, 0 to 2^32 - 1.
#[allow(clippy::too_many_arguments)]
pub fn random123_integer(
    low: Real,
    high: Real,
    id1: Real,
    id1_high: Real,
    id2: Real,
    id2_high: Real,
    id3: Real,
    id3_high: Real,
) -> Drawn {
    let (word, low, high) = random123(low, high, [id1, id1_high, id2, id2_high, id3, id3_high]);
    Drawn { value: high_of(word) * 65536.0 + low_of(word), low, high }
}

/// A uniform number in [0, 1]: the next state / (2^32 - 1).
pub fn scop_random(low: Real, high: Real) -> Drawn {
    let state = word(low, high).wrapping_mul(2147437301).wrapping_add(453816981);
    let value = (high_of(state) * 65536.0 + low_of(state)) / 4294967295.0;
    Drawn { value, low: low_of(state), high: high_of(state) }
}

/// The state that a seed gives an instance: `factor * seed + offset`, its own stretch of the sequence. A negative or broken
/// seed counts as 0. The value is the seed.
pub fn scop_seed(seed: Real, factor: Real, factor_high: Real, offset: Real, offset_high: Real) -> Drawn {
    let state = (seed as u32).wrapping_mul(word(factor, factor_high)).wrapping_add(word(offset, offset_high));
    Drawn { value: seed, low: low_of(state), high: high_of(state) }
}
