//! Back ends: they print validated IR, and decide nothing.
//!
//! What the two languages have in common is here: infix expressions (`expression`), which variable is loaded, stored and
//! declared where ([`variables`]), and statements (`body`). [`rust`] and [`wgsl`] put the rest around it.

mod body;
mod expression;
pub mod rust;
pub mod variables;
pub mod wgsl;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

/// The real type of a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Real {
    /// 32-bit.
    F32,
    /// 64-bit.
    F64,
}

impl Real {
    /// Name of the type, `f32` or `f64`, in Rust as in WGSL.
    pub fn name(self) -> &'static str {
        match self {
            Real::F32 => "f32",
            Real::F64 => "f64",
        }
    }
}

/// NMODL texts by the `source` of their mechanisms; generated code quotes their lines.
pub type Sources = BTreeMap<String, String>;

/// The generator as named in generated files.
pub fn generator() -> String {
    format!("modgen {}", env!("CARGO_PKG_VERSION"))
}

/// What a kernel does, for a comment above it.
fn kernel_title(kernel: &str) -> &'static str {
    match kernel {
        "init" => "INITIAL: parameters and states at the start.",
        "current" => "BREAKPOINT: currents and their derivative with respect to v.",
        "current_difference" => "BREAKPOINT: currents and their difference quotient over v + 0.001 mV.",
        "state" => "One time step of the states.",
        "diffusion" => "LONGITUDINAL_DIFFUSION: volumes and coefficients.",
        "net_receive" => "NET_RECEIVE: an event arrives at one instance.",
        "net_init" => "INITIAL of NET_RECEIVE, for one NetCon.",
        "watch" => "The conditions of WATCH: sends the events of those that became true.",
        "before_initial" => "BEFORE INITIAL: before any mechanism's INITIAL.",
        "after_initial" => "AFTER INITIAL: after every mechanism's INITIAL.",
        "before_breakpoint" => "BEFORE BREAKPOINT: before any mechanism's currents.",
        "after_solve" => "AFTER SOLVE: after every mechanism's states.",
        "before_step" => "BEFORE STEP: before values are recorded.",
        _ => "A kernel.",
    }
}
