//! Back ends: they print validated IR, and decide nothing.

pub mod rust;
pub mod wgsl;

/// The real type of a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Real {
    /// 32-bit.
    F32,
    /// 64-bit.
    F64,
}
