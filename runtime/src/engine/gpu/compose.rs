//! The window kernel's text: hand-written WGSL, the mechanisms' functions, and the calls that apply
//! each mechanism to the rows of its block.

use super::GpuError;
use codegen::back::Real;
use codegen::ir::{IonField, Kind};
use codegen::manifest::MechanismManifest;
use codegen::names::wgsl_function;
use std::fmt::Write;

macro_rules! shader {
    ($name:literal) => {
        include_str!(concat!("../../../../shaders/", $name))
    };
}

/// The whole module. `functions` has one text per mechanism.
pub(super) fn compose(
    mechanisms: &[MechanismManifest],
    functions: &[String],
    real: Real,
    difference: bool,
) -> Result<String, GpuError> {
    if functions.len() != mechanisms.len() {
        let counts = format!("{} shader texts for {} mechanisms", functions.len(), mechanisms.len());
        return Err(GpuError::Layout(counts));
    }
    if let Some(cell) = mechanisms.iter().find(|mechanism| mechanism.kind == Kind::ArtificialCell) {
        let reason = "artificial cells have no membrane".to_owned();
        return Err(GpuError::Unsupported { mechanism: cell.name.clone(), reason });
    }
    let (real_text, math_text) = match real {
        Real::F32 => (shader!("real_f32.wgsl"), shader!("math_f32.wgsl")),
        Real::F64 => (shader!("real_f64.wgsl"), shader!("math_f64.wgsl")),
    };
    let mut text = [real_text, shader!("prelude.wgsl"), math_text, shader!("group.wgsl")].join("\n");
    for part in functions {
        text.push('\n');
        text.push_str(part);
    }
    for part in [shader!("hines.wgsl"), shader!("ions.wgsl"), shader!("events.wgsl"), shader!("spikes.wgsl")] {
        text.push('\n');
        text.push_str(part);
    }
    text.push('\n');
    text.push_str(shader!("window.wgsl"));
    text.push('\n');
    text.push_str(&calls(mechanisms, difference));
    Ok(text)
}

/// Functions that call the mechanisms' functions.
fn calls(mechanisms: &[MechanismManifest], difference: bool) -> String {
    let current = |mechanism: &MechanismManifest| {
        let name = if difference && mechanism.has("current_difference") { "current_difference" } else { "current" };
        mechanism.has(name).then_some(name)
    };
    let mut text = String::new();
    text += &over_blocks(mechanisms, "initialise_mechanisms", |m| m.has("init").then_some("init"), Some("INITIALISES"));
    text += &over_blocks(mechanisms, "run_currents", current, None);
    text += &over_blocks(mechanisms, "run_states", |m| m.has("state").then_some("state"), Some("ADVANCES"));
    text += &on_instance(mechanisms, "net_receive", "net_receive");
    text += &on_instance(mechanisms, "net_initialise", "net_init");
    text
}

/// A function that applies one kernel of every mechanism, in order, to all rows of the cell; then
/// updates the reversal potentials of the ions whose concentrations the mechanism writes.
fn over_blocks<'a>(
    mechanisms: &'a [MechanismManifest],
    function: &str,
    kernel: impl Fn(&'a MechanismManifest) -> Option<&'static str>,
    reversals: Option<&str>,
) -> String {
    let mut body = String::new();
    for (index, mechanism) in mechanisms.iter().enumerate() {
        let written: Vec<usize> = match reversals {
            Some(_) => (0..mechanism.ions.len()).filter(|&ion| writes_concentration(mechanism, ion)).collect(),
            None => vec![],
        };
        let kernel = kernel(mechanism);
        if kernel.is_none() && written.is_empty() {
            continue;
        }
        let mut inner = String::new();
        if let Some(kernel) = kernel {
            inner += &rows(mechanism, kernel);
        }
        for ion in written {
            let when = reversals.unwrap_or_default();
            let _ = writeln!(inner, "        update_reversal(ion_index(block, {ion}u), {when}, lane);");
        }
        let _ = write!(
            body,
            "    // {}\n    {{\n        let block = block_of({index}u);\n        if block.present != 0u {{\n{inner}        }}\n    }}\n",
            mechanism.name
        );
    }
    format!("\nfn {function}(lane: u32, clock: Clock) {{\n{body}}}\n")
}

fn writes_concentration(mechanism: &MechanismManifest, ion: usize) -> bool {
    mechanism.ions[ion].write.iter().any(|field| matches!(field, IonField::Conci | IonField::Conco))
}

/// The loop over the rows of a cell.
fn rows(mechanism: &MechanismManifest, kernel: &str) -> String {
    let (first, last, instance, lane) = match mechanism.kind {
        Kind::Density => ("0u", "block.rows", "density_instance(block, row, lane)", "lane"),
        Kind::PointProcess | Kind::ArtificialCell => (
            "tables[block.lane_start + lane]",
            "tables[block.lane_start + lane + 1u]",
            "point_instance(block, row)",
            "0u",
        ),
    };
    let name = wgsl_function(&mechanism.name, kernel);
    let ions = ion_arguments(mechanism, lane);
    format!(
        "        let last = {last};\n        for (var row = {first}; row < last; row++) {{\n            {name}({instance}{ions}, clock);\n        }}\n"
    )
}

fn ion_arguments(mechanism: &MechanismManifest, lane: &str) -> String {
    (0..mechanism.ions.len()).map(|ion| format!(", ion_at(block, {ion}u, row, {lane})")).collect()
}

/// A function that applies a NET_RECEIVE kernel to one instance of a mechanism chosen by number.
fn on_instance(mechanisms: &[MechanismManifest], function: &str, kernel: &str) -> String {
    let mut cases = String::new();
    for (index, mechanism) in mechanisms.iter().enumerate().filter(|(_, m)| m.has(kernel)) {
        let name = wgsl_function(&mechanism.name, kernel);
        let ions = ion_arguments(mechanism, "0u");
        let _ = write!(
            cases,
            "        case {index}u: {{\n            let block = block_of({index}u);\n            {name}(point_instance(block, row){ions}, clock, net, real(0.0));\n        }}\n"
        );
    }
    format!(
        "\nfn {function}(mechanism: u32, row: u32, net: u32, clock: Clock) {{\n    switch mechanism {{\n{cases}        default: {{}}\n    }}\n}}\n"
    )
}
