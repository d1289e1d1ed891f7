//! Random numbers in single precision.

#[allow(clippy::duplicate_mod, reason = "with another `Real`")]
#[path = "random.rs"]
pub mod random;

/// The type of all values in [`random`].
type Real = f32;
