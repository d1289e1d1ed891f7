//! Rust kernels.

pub mod abi;
