// The real type, 32-bit.

alias real = f32;

/// Words of a real in `window`.
const REAL_WORDS: u32 = 1u;

/// The real that begins at a word of `window`.
fn window_real(at: u32) -> real {
    return bitcast<f32>(window[at]);
}

/// Neither infinite nor NaN. Tested on the bits, which no compiler may assume away.
fn is_finite(x: real) -> bool {
    return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}
