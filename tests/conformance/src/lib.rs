//! The compiler against many `.mod` files.
//!
//! [`corpus`] compiles folders of mechanisms and counts what is refused and why (program `corpus`); [`fuzz`] runs random
//! texts (program `fuzz`); [`mistakes`] and [`support`] hold what users read about in `docs/` (program `documents`).
#![forbid(unsafe_code)]

pub mod corpus;
pub mod documents;
pub mod fuzz;
pub mod guard;
pub mod mistakes;
pub mod shader;
pub mod support;
