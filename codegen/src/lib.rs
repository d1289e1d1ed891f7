//! NMODL syntax tree to mechanism IR, and IR to Rust and WGSL.
//!
//! `AST -> sema -> IR -> passes -> validation -> back ends`. The AST and the IR are different types;
//! nothing after [`sema`] sees the AST.

pub mod back;
pub mod build;
pub mod cli;
pub mod codes;
mod compile;
pub mod cost;
pub mod elementary;
pub mod examples;
pub mod ir;
pub mod lsp;
pub mod manifest;
pub mod math;
pub mod names;
pub mod passes;
pub mod sema;
pub mod superposition;
pub mod units;
pub mod valid;

pub use back::rust::abi;
pub use compile::{Options, compile, compile_all};
