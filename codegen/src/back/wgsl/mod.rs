//! WGSL functions, one set per mechanism, composed into window kernels by the simulator.
//!
//! # Contract with the simulator
//! The composed shader declares, before any mechanism's functions (see `shaders/`):
//! ```wgsl
//! alias real = f64;                                   // or f32
//! @group(0) @binding(0) var<storage, read_write> values: array<real>;
//! struct Clock { t: real, dt: real, celsius: real }
//! /// One instance of a mechanism.
//! struct Instance {
//!     column: u32,   // index in `values` of column 0 of this instance
//!     stride: u32,   // distance between columns
//!     globals: u32,  // index in `values` of the mechanism's first global
//!     node: u32,     // flat node index
//! }
//! /// An ion at the instance's node: field f is values[at + f * stride].
//! struct IonAt { at: u32, stride: u32 }
//! /// Where node values lie in `values`; the flat node index is added.
//! struct Nodes { v: u32, rhs: u32, d: u32, area: u32, diam: u32 }
//! var<private> nodes: Nodes;
//! ```
//! and the functions of `shaders/math_f64.wgsl` or `math_f32.wgsl`, named `math_exp`, `math_log`, ...
//! (`math_` and [`Math::name`](crate::ir::Math::name)).
//!
//! A mechanism `hh` with ions `na`, `k` then gives functions
//! `hh_init(at: Instance, ion_na: IonAt, ion_k: IonAt, clock: Clock)`, likewise `hh_current`,
//! `hh_current_difference`, `hh_state`, and for point processes
//! `NAME_net_receive(at: Instance, ..ions.., clock: Clock, net: u32, flag: real)` and `NAME_net_init`,
//! where `net` is the index in `values` of the NetCon's first argument. A function exists exactly if
//! the kernel exists in the IR. Function names are made by [`crate::names::wgsl_function`].
