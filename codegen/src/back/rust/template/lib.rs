//! Mechanism kernels compiled from NMODL by GENERATOR. Do not edit.
//!
//! One module per mechanism; [`abi`] describes how the simulator calls them. The crate depends on nothing:
//!
//! ```text
//! rustc --edition 2024 --crate-type cdylib -O -C target-cpu=native src/lib.rs
//! ```
//!
//! `--cfg single` makes [`Real`] `f32`; `--cfg fused` lets [`madd`] round once (give it a target CPU that has
//! such an instruction).

pub mod abi;
#[cfg_attr(not(single), path = "math_f64.rs")]
#[cfg_attr(single, path = "math_f32.rs")]
pub mod math;
pub mod random;
pub mod rows;
pub mod wide;

/// The type of all values.
#[cfg(not(single))]
pub type Real = f64;
/// The type of all values.
#[cfg(single)]
pub type Real = f32;

/// `a * b + c`.
#[inline(always)]
pub fn madd(a: Real, b: Real, c: Real) -> Real {
    if cfg!(fused) { a.mul_add(b, c) } else { a * b + c }
}

/// The element that an index means: truncated, and limited to an array of `length`; NaN is 0.
#[inline(always)]
pub fn element(index: Real, length: usize) -> usize {
    (index as usize).min(length - 1)
}

/// The value of output `output` of a table at `x`. The table holds its lower bound, the inverse of its step, and `width`
/// outputs at each of its `intervals + 1` arguments; there is no extrapolation, and NaN gives NaN.
#[inline(always)]
pub fn lookup(table: &[Real], intervals: usize, width: usize, output: usize, x: Real) -> Real {
    let table = &table[..2 + (intervals + 1) * width];
    let position = (x - table[0]) * table[1];
    let limited = position.max(0.0).min(intervals as Real);
    // SAFETY: `limited` lies between 0 and `intervals`, which fit; NaN became 0 by `max`.
    let at = unsafe { limited.to_int_unchecked::<i32>() } as usize;
    let fraction = select(position.is_nan(), position, limited - at as i32 as Real);
    // SAFETY: `at` is at most `intervals`, so that both entries are in the table.
    let (a, b) = unsafe {
        let entry = |at: usize| *table.get_unchecked(2 + at * width + output);
        (entry(at), entry((at + 1).min(intervals)))
    };
    a + fraction * (b - a)
}

/// The slope of [`lookup`]; 0 outside the table.
#[inline(always)]
pub fn lookup_slope(table: &[Real], intervals: usize, width: usize, output: usize, x: Real) -> Real {
    let position = (x - table[0]) * table[1];
    if !(position > 0.0 && position < intervals as Real) {
        return 0.0;
    }
    let entry = |at: usize| table[2 + at * width + output];
    let at = position as usize;
    (entry(at + 1) - entry(at)) * table[1]
}

/// `condition ? a : b`, both evaluated.
#[inline(always)]
pub fn select(condition: bool, a: Real, b: Real) -> Real {
    if condition { a } else { b }
}
