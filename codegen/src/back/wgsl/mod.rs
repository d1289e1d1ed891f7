//! WGSL functions, one set per mechanism, composed into window kernels by the simulator.
//!
//! # Contract with the simulator
//! The composed shader declares, before any mechanism's functions (see `shaders/`):
//! ```wgsl
//! alias real = f64;                                   // or f32
//! // In any memory: var<storage, read_write> or var<workgroup>.
//! var<storage, read_write> values: array<real>;
//! @group(0) @binding(7) var<storage, read> constants: array<real>;
//! struct Clock { t: real, dt: real, celsius: real }
//! /// One instance of a mechanism.
//! struct Instance {
//!     column: u32,   // index in `values` of column 0 of this instance
//!     stride: u32,   // distance between columns
//!     globals: u32,  // index in `values` of the mechanism's first global
//!     tables: u32,   // index in `constants` of the mechanism's tables
//!     node: u32,     // flat node index
//! }
//! /// An ion at the instance's node: field f is values[at + f * stride].
//! struct IonAt { at: u32, stride: u32 }
//! /// Where node values lie in `values`; the flat node index is added.
//! struct Nodes { v: u32, rhs: u32, d: u32, area: u32, diam: u32 }
//! var<private> nodes: Nodes;
//! // Events: `post_send(delay, flag)`, `post_event(t)`, `post_move_to(t)` add to the posts of the invocation, which the
//! // caller takes after the function has returned. FOR_NETCONS visits the NetCons of the range `netcons`, which the
//! // caller sets; `netcon_arguments` gives the index in `values` of the first argument of each.
//! var<private> netcons: vec2<u32>;
//! fn netcon_arguments(netcon: u32) -> u32
//! ```
//! and the functions of `shaders/math_f64.wgsl` or `math_f32.wgsl`, named `math_exp`, `math_log`, ...
//! (`math_` and [`Math::name`](crate::ir::Math::name)); further, for each mechanism, where its columns lie and which values
//! are kept: see [`storage()`].
//!
//! A mechanism `hh` with ions `na`, `k` then gives functions
//! `hh_init(at: Instance, ion_na: IonAt, ion_k: IonAt, clock: Clock)`, likewise `hh_current`,
//! `hh_current_difference`, `hh_state`, `hh_watch` and those of BEFORE and AFTER blocks, and for point processes
//! `NAME_net_receive(at: Instance, ..ions.., clock: Clock, net: u32, flag: real)` and `NAME_net_init`,
//! where `net` is the index in `values` of the NetCon's first argument. A function exists exactly if
//! the kernel exists in the IR. Function names are made by [`crate::names::wgsl_function`].

mod constants;
mod kernel;
mod storage;

pub use storage::{ColumnPlace, storage};

use super::{Real, Sources, generator};
use crate::ir::Mechanism;
use kernel::Kernel;
use std::fmt::Write;

/// The declarations of the contract, but for `alias real` and `values`.
pub const PRELUDE: &str = include_str!("../../../../shaders/prelude.wgsl");

/// The elementary functions, `math_exp` and so on, and the random numbers.
pub fn math(real: Real) -> &'static str {
    match real {
        Real::F32 => concat!(
            include_str!("../../../../shaders/math_f32.wgsl"),
            "\nconst math_RANDOM_ONE: real = 1.0f;\n",
            "const math_RANDOM_HIGH: real = 65536.0f;\n",
            "const math_RANDOM_SCALE: real = 2.3283064e-10f;\n",
            "const math_BELOW_ONE: real = 0.99999994f;\n",
            "const math_SCOP_RANGE: real = 4294967296.0f;\n",
            include_str!("../../../../shaders/random.wgsl"),
        ),
        Real::F64 => concat!(
            include_str!("../../../../shaders/math_f64.wgsl"),
            "\nconst math_RANDOM_ONE: real = 1.0lf;\n",
            "const math_RANDOM_HIGH: real = 65536.0lf;\n",
            "const math_RANDOM_SCALE: real = 2.3283064359965952e-10lf;\n",
            "const math_BELOW_ONE: real = 0.9999999999999999lf;\n",
            "const math_SCOP_RANGE: real = 4294967295.0lf;\n",
            include_str!("../../../../shaders/random.wgsl"),
        ),
    }
}

/// All that the functions of mechanisms need before them: `alias real`, `values`, [`PRELUDE`], [`math`].
pub fn prelude(real: Real) -> String {
    let values = "@group(0) @binding(0) var<storage, read_write> values: array<real>;";
    format!("alias real = {};\n{values}\n\n{PRELUDE}\n{}", real.name(), math(real))
}

/// The functions of one mechanism, without its [`storage()`].
pub fn emit_functions(mechanism: &Mechanism, real: Real) -> String {
    functions(mechanism, real, &Sources::new())
}

/// The functions of one mechanism, with a storage in which everything is kept, column after column.
pub fn emit_mechanism(mechanism: &Mechanism, real: Real) -> String {
    emit_mechanism_quoting(mechanism, real, &Sources::new())
}

/// The same, with the NMODL lines of `sources` as comments.
pub fn emit_mechanism_quoting(mechanism: &Mechanism, real: Real, sources: &Sources) -> String {
    let places: Vec<ColumnPlace> = (0..mechanism.columns.len() as u32).map(ColumnPlace::Own).collect();
    let text = functions(mechanism, real, sources);
    format!("{text}\n{}", storage(&mechanism.name, &places, true))
}

fn functions(mechanism: &Mechanism, real: Real, sources: &Sources) -> String {
    let mut out = String::new();
    let (name, source) = (&mechanism.name, &mechanism.source);
    let _ = writeln!(out, "// `{name}` from {source}. Generated by {}; do not edit.", generator());
    if let Some(title) = &mechanism.title {
        let _ = writeln!(out, "// {}", title.trim());
    }
    let _ = writeln!(out, "// SHA-256 of the source: {}", mechanism.hash);
    for (name, function) in mechanism.kernels.iter() {
        out.push('\n');
        out.push_str(&Kernel::new(mechanism, real, name, function).emit(sources));
    }
    out
}
