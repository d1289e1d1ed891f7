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

/// `condition ? a : b`, both evaluated.
#[inline(always)]
pub fn select(condition: bool, a: Real, b: Real) -> Real {
    if condition { a } else { b }
}
