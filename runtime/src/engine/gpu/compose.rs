//! The window kernel's text: hand-written WGSL, the mechanisms' functions, and the calls that apply
//! each mechanism to the rows of its block.

use super::GpuError;
use super::arena::WORKGROUP;
use codegen::back::{Real, wgsl};
use codegen::ir::{IonField, Kind};
use codegen::manifest::{EventsManifest, MechanismManifest};
use codegen::names::wgsl_function;
use std::fmt::Write;

macro_rules! shader {
    ($name:literal) => {
        include_str!(concat!("../../../../shaders/", $name))
    };
}

/// The whole module. `functions` has one text per mechanism.
/// `threads` invocations run each cell.
pub(super) fn compose(
    mechanisms: &[MechanismManifest],
    functions: &[String],
    real: Real,
    difference: bool,
    threads: u32,
) -> Result<String, GpuError> {
    if functions.len() != mechanisms.len() {
        let counts = format!("{} shader texts for {} mechanisms", functions.len(), mechanisms.len());
        return Err(GpuError::Layout(counts));
    }
    if let Some(cell) = mechanisms.iter().find(|mechanism| mechanism.kind == Kind::ArtificialCell) {
        let reason = "artificial cells have no membrane".to_owned();
        return Err(GpuError::Unsupported { mechanism: cell.name.clone(), reason });
    }
    if let Some(sender) = mechanisms.iter().find(|mechanism| mechanism.events != EventsManifest::default()) {
        let reason = "it sends events (net_send, net_event, WATCH) or visits NetCons".to_owned();
        return Err(GpuError::Unsupported { mechanism: sender.name.clone(), reason });
    }
    let real_text = match real {
        Real::F32 => shader!("real_f32.wgsl"),
        Real::F64 => shader!("real_f64.wgsl"),
    };
    let sizes = format!(
        "const WORKGROUP: u32 = {WORKGROUP}u;\nconst THREADS: u32 = {threads}u;\nconst CELLS: u32 = {}u;\n",
        WORKGROUP / threads
    );
    let tree = if threads == 1 { shader!("tree_serial.wgsl") } else { shader!("tree_levels.wgsl") };
    let mut parts = vec![real_text, wgsl::PRELUDE, wgsl::math(real), &sizes, shader!("group.wgsl")];
    parts.extend(functions.iter().map(String::as_str));
    parts.extend([tree, shader!("ions.wgsl"), shader!("events.wgsl"), shader!("spikes.wgsl"), shader!("window.wgsl")]);
    let mut text = parts.join("\n");
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
    text += &over_blocks(mechanisms, "initialise_mechanisms", |m| m.has("init").then_some("init"), true);
    text += &over_blocks(mechanisms, "run_currents", current, false);
    text += &over_blocks(mechanisms, "run_states", |m| m.has("state").then_some("state"), false);
    for kernel in ["before_initial", "after_initial", "before_breakpoint", "after_solve", "before_step"] {
        text += &over_blocks(mechanisms, &format!("run_{kernel}"), |m| m.has(kernel).then_some(kernel), false);
    }
    text += &on_instance(mechanisms, "net_receive", "net_receive");
    text += &on_instance(mechanisms, "net_initialise", "net_init");
    text
}

/// A function that applies one kernel of every mechanism, in order, to the items of this thread; if it
/// initialises, the reversal potentials of ions whose concentrations a mechanism writes follow at once.
fn over_blocks<'a>(
    mechanisms: &'a [MechanismManifest],
    function: &str,
    kernel: impl Fn(&'a MechanismManifest) -> Option<&'static str>,
    initialises: bool,
) -> String {
    let mut body = String::new();
    for (index, mechanism) in mechanisms.iter().enumerate() {
        let mut inner = kernel(mechanism).map_or_else(String::new, |kernel| items(mechanism, kernel));
        if initialises {
            for ion in (0..mechanism.ions.len()).filter(|&ion| writes_concentration(mechanism, ion)) {
                let _ = writeln!(inner, "        update_reversal(ion_index(block, {ion}u), INITIALISES);");
            }
        }
        if !inner.is_empty() {
            let _ = write!(
                body,
                "    block = block_of({index}u);  // {}\n    if block.present != 0u {{\n{inner}    }}\n",
                mechanism.name
            );
        }
    }
    format!("\nfn {function}(clock: Clock) {{\n    var block: Block;\n{body}}}\n")
}

fn writes_concentration(mechanism: &MechanismManifest, ion: usize) -> bool {
    mechanism.ions[ion].write.iter().any(|field| matches!(field, IonField::Conci | IonField::Conco))
}

/// The loop over the items of a thread.
fn items(mechanism: &MechanismManifest, kernel: &str) -> String {
    let (slot, offset) = match mechanism.kind {
        Kind::Density => ("thread", "lane"),
        Kind::PointProcess | Kind::ArtificialCell => ("lane * THREADS + thread", "0u"),
    };
    let name = wgsl_function(&mechanism.name, kernel);
    let (ions, arguments) = (ion_lookups(mechanism), ion_arguments(mechanism, offset));
    format!(
        "{ions}        let slot = block.start + {slot};
        let end = tables[slot + 1u];
        for (var item = tables[slot]; item < end; item++) {{
            {name}(instance_at(block, item, {offset}){arguments}, clock);
        }}
"
    )
}

/// The ions of a block, looked up once for all its items.
fn ion_lookups(mechanism: &MechanismManifest) -> String {
    let lookup = |ion: usize| format!("        let ion_{ion} = ion_of_block(block, {ion}u);\n");
    (0..mechanism.ions.len()).map(lookup).collect()
}

fn ion_arguments(mechanism: &MechanismManifest, offset: &str) -> String {
    (0..mechanism.ions.len()).map(|ion| format!(", ion_at(ion_{ion}, item, {offset})")).collect()
}

/// A function that applies a NET_RECEIVE kernel to one instance of a mechanism chosen by number.
fn on_instance(mechanisms: &[MechanismManifest], function: &str, kernel: &str) -> String {
    let mut cases = String::new();
    for (index, mechanism) in mechanisms.iter().enumerate().filter(|(_, m)| m.has(kernel)) {
        let name = wgsl_function(&mechanism.name, kernel);
        let (ions, arguments) = (ion_lookups(mechanism), ion_arguments(mechanism, "0u"));
        let _ = write!(
            cases,
            "        case {index}u: {{
        let block = block_of({index}u);
{ions}        {name}(instance_at(block, item, 0u){arguments}, clock, net, real(0.0));
        }}
"
        );
    }
    format!(
        "\nfn {function}(mechanism: u32, item: u32, net: u32, clock: Clock) {{
    switch mechanism {{
{cases}        default: {{}}
    }}
}}
"
    )
}
