//! Compiled mechanisms: finding, building and loading their kernels.

mod library;

pub use library::{KernelLibrary, Kernels, LibraryError};
