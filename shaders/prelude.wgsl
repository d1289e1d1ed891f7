// What the functions of every mechanism see: the contract of `codegen/src/back/wgsl/mod.rs`.
// Before this text stands `real_f32.wgsl` or `real_f64.wgsl`, which says what `real` is.

/// All real data of a batch of cell groups.
@group(0) @binding(0) var<storage, read_write> values: array<real>;

/// Time as a kernel sees it: ms, ms, degC.
struct Clock { t: real, dt: real, celsius: real }

/// One instance of a mechanism.
struct Instance {
    /// Index in `values` of column 0.
    column: u32,
    /// Distance between columns.
    stride: u32,
    /// Index in `values` of the mechanism's first global.
    globals: u32,
    /// Flat node index.
    node: u32,
}

/// An ion at the instance's node: field f is `values[at + f * stride]`.
struct IonAt { at: u32, stride: u32 }

/// Where node values lie in `values`; the flat node index is added.
struct Nodes { v: u32, rhs: u32, d: u32, area: u32, diam: u32 }

var<private> nodes: Nodes;

/// The element that an index means: truncated, and limited to an array of `length`; NaN is 0.
fn array_element(index: real, length: u32) -> u32 {
    let last = length - 1u;
    let limited = select(real(0), select(index, real(last), index >= real(last)), index > real(0));
    return min(u32(limited), last);
}
