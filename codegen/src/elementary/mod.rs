//! Elementary functions: one algorithm each, written once for both precisions and both languages.
//!
//! [`f64`](mod@f64) and [`f32`](mod@f32) are compiled here, in their strict form, for the simulator's own use; their text is
//! copied into every generated crate as its `math` module; and their transliteration into WGSL is `shaders/math_f64.wgsl`
//! and `shaders/math_f32.wgsl` (a test holds the shaders to the Rust text). They use nothing but `+ - * /`, square root,
//! rounding to integers, bit operations and selections in the order written, so that a CPU and a GPU that round these
//! operations correctly give equal bits. There is no branch in them: LLVM vectorises them over lanes.
//!
//! The only freedom is `madd`, `a * b + c`: not contracted here and in strict builds, fused in fused builds.
//!
//! [`fused`] and [`single`] are the same texts compiled once more, fused and for `f32`: the simulator's evaluator uses
//! them.
//!
//! Conventions: overflow gives infinity, a result below the normal numbers 0, NaN propagates, `log(0)` is minus
//! infinity, `log` of a negative number NaN. Polynomial coefficients are made by
//! `codegen/tests/reference/elementary_coefficients.py`.

use std::ops::{Add, Mul};

pub mod f32;
pub mod f64;
pub mod fused;
pub mod random;
pub mod single;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod transliterate;

/// Text of [`f64`](mod@f64), for the generated crate.
pub const F64_SOURCE: &str = include_str!("f64.rs");
/// Text of [`f32`](mod@f32), for the generated crate.
pub const F32_SOURCE: &str = include_str!("f32.rs");

/// Text of [`random`], for the generated crate.
pub const RANDOM_SOURCE: &str = include_str!("random.rs");

/// The type of all values in [`random`], as the evaluator of the IR computes them.
type Real = f64;

/// `a * b + c`, rounded twice.
#[inline(always)]
fn madd<T: Mul<Output = T> + Add<Output = T>>(a: T, b: T, c: T) -> T {
    a * b + c
}
