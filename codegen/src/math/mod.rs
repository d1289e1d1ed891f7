//! A small symbolic kit on IR expressions: simplifying constructors, derivatives, linear forms and
//! elimination. Nothing here knows NMODL.

pub mod build;
mod differentiate;
mod eliminate;
mod key;
mod linear;
mod pivoted;
mod pivots;
mod sparse;
mod unrolled;

pub use differentiate::{Direction, Tangents, derivative, tangents};
pub use eliminate::solve_dense;
pub use key::{Key, Numbered, Numbering, key};
pub use linear::{Linear, Nonlinear, linear_in};
pub use pivoted::solve_pivoted;
pub use pivots::Choice;
pub use sparse::{Sparse, solve_sparse};
