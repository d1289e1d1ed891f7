//! The compiler against many `.mod` files.
//!
//! [`corpus`] compiles folders of mechanisms and counts what is refused and why (program `corpus`).
#![forbid(unsafe_code)]

pub mod corpus;
pub mod guard;
pub mod shader;
