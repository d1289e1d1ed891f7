//! The compiler against many `.mod` files.
//!
//! [`corpus`] compiles folders of mechanisms and counts what is refused and why (program `corpus`); [`fuzz`] runs random
//! texts (program `fuzz`).
#![forbid(unsafe_code)]

pub mod corpus;
pub mod fuzz;
pub mod guard;
pub mod shader;
