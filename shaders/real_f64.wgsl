// The real type, 64-bit.

alias real = f64;

/// Words of a real in `window`.
const REAL_WORDS: u32 = 2u;

/// The real that begins at a word of `window`, low word first.
fn window_real(at: u32) -> real {
    return bitcast<f64>(u64(window[at]) | (u64(window[at + 1u]) << 32u));
}

/// Neither infinite nor NaN. Tested on the bits, which no compiler may assume away.
fn is_finite(x: real) -> bool {
    return (bitcast<u64>(x) & 0x7ff0000000000000lu) != 0x7ff0000000000000lu;
}
