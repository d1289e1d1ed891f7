//! Compiled mechanisms: finding, building and loading their kernels.

mod cache;
mod find;
mod library;
mod load;
mod order;
mod stock;

pub use cache::cache_folder;
pub use find::Origin;
pub use library::{Kernel, KernelLibrary, Kernels, LibraryError, NetKernel};
pub use load::{Mechanisms, Refused, load_mechanisms, load_mechanisms_with};
