//! The window kernel's text: hand-written WGSL, the mechanisms' functions, and the calls that apply
//! each mechanism to the rows of its block.

use super::GpuError;
use super::arena::Largest;
use super::kept::Kept;
use super::mapping::Mapping;
use crate::layout::Layout;
use codegen::back::{Real, wgsl};
use codegen::ir::{IonField, Kind};
use codegen::manifest::MechanismManifest;
use codegen::names::wgsl_function;
use std::fmt::Write;

macro_rules! shader {
    ($name:literal) => {
        include_str!(concat!("../../../../shaders/", $name))
    };
}

/// Events that may wait at one instance.
pub(super) const SLOTS: usize = 8;

/// The count of arguments that any mechanism's NET_RECEIVE has, at least 1.
pub(super) fn most_arguments(mechanisms: &[MechanismManifest]) -> usize {
    mechanisms.iter().map(|mechanism| mechanism.net_arguments.len()).max().unwrap_or(0).max(1)
}

/// The whole module, for a layout. `functions` has one text per mechanism; `largest` are the sizes of what is to be
/// resident.
pub(super) fn compose(
    layout: &Layout,
    functions: &[String],
    kept: &Kept,
    real: Real,
    difference: bool,
    (mapping, largest): (Mapping, Largest),
) -> Result<String, GpuError> {
    let mechanisms = &layout.mechanisms;
    if functions.len() != mechanisms.len() {
        let counts = format!("{} shader texts for {} mechanisms", functions.len(), mechanisms.len());
        return Err(GpuError::Layout(counts));
    }
    let real_text = match real {
        Real::F32 => shader!("real_f32.wgsl"),
        Real::F64 => shader!("real_f64.wgsl"),
    };
    let threads = mapping.threads;
    let sizes = format!(
        "const WORKGROUP: u32 = {}u;
const THREADS: u32 = {threads}u;
const CELLS: u32 = {}u;
const IMAGE: u32 = {}u;
const PLACES: u32 = {}u;
const SLOTS: u32 = {SLOTS}u;
const MOST_ARGUMENTS: u32 = {}u;
const SENDS: bool = {};
const WATCHES: bool = {};
const DIFFUSES: bool = {};
const ASSEMBLED: bool = {difference};
const PLAYS: bool = {};
",
        mapping.workgroup,
        mapping.cells(),
        largest.image.max(1),
        largest.places.max(1),
        most_arguments(mechanisms),
        mechanisms.iter().any(|mechanism| mechanism.events.to_itself),
        mechanisms.iter().any(|mechanism| mechanism.has("watch")),
        mechanisms.iter().any(|mechanism| !mechanism.diffusions.is_empty()),
        !layout.played.is_empty(),
    );
    let tree = if threads == 1 { shader!("tree_serial.wgsl") } else { shader!("tree_levels.wgsl") };
    let memory = if mapping.resident { shader!("resident.wgsl") } else { shader!("streamed.wgsl") };
    let storage = kept.text(mechanisms);
    let mut parts = vec![real_text, wgsl::PRELUDE, wgsl::math(real), &sizes, shader!("group.wgsl"), memory, &storage];
    parts.extend(functions.iter().map(String::as_str));
    parts.extend([tree, shader!("diffusion.wgsl"), shader!("ions.wgsl"), shader!("events.wgsl")]);
    parts.extend([shader!("spikes.wgsl"), shader!("window.wgsl")]);
    if !layout.transfers.is_empty() {
        parts.push(shader!("coupled.wgsl"));
    }
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
    text += &over_blocks(mechanisms, "run_watch", |m| m.has("watch").then_some("watch"), false);
    text += &run_diffusions(mechanisms);
    text += &find_own(mechanisms);
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
        let mut inner = kernel(mechanism).map_or_else(String::new, |kernel| items(index, mechanism, kernel));
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

/// A function for one thread of a cell, in which all states diffuse that do.
fn run_diffusions(mechanisms: &[MechanismManifest]) -> String {
    let mut body = String::new();
    for (index, mechanism) in mechanisms.iter().enumerate().filter(|(_, m)| !m.diffusions.is_empty()) {
        let name = wgsl_function(&mechanism.name, "diffusion");
        let (ions, arguments) = (ion_lookups(mechanism), ion_arguments(mechanism, "lane"));
        // The items of all threads stand one after the other.
        let kernel = format!(
            "        for (var item = place(block.start); item < place(block.start + THREADS); item++) {{
            {name}(instance_at(block, item, lane){arguments}, clock);
        }}
"
        );
        let steps = mechanism.diffusions.iter().enumerate().map(|(which, diffusion)| {
            let kernel = if diffusion.fresh { kernel.as_str() } else { "" };
            format!("{kernel}        diffuse(tree, {which}u, clock.dt);\n")
        });
        let _ = write!(
            body,
            "    block = block_of({index}u);  // {}
    if block.present != 0u {{
        let tree = place(group.diffusions + {index}u);
{ions}{}    }}
",
            mechanism.name,
            steps.collect::<String>()
        );
    }
    format!("\nfn run_diffusions(clock: Clock) {{\n    var block: Block;\n{body}}}\n")
}

fn writes_concentration(mechanism: &MechanismManifest, ion: usize) -> bool {
    mechanism.ions[ion].write.iter().any(|field| matches!(field, IonField::Conci | IonField::Conco))
}

/// A function that finds the next event of a cell to one of its instances.
fn find_own(mechanisms: &[MechanismManifest]) -> String {
    let look = |(index, _): (usize, &MechanismManifest)| format!("    look_for_own({index}u);\n");
    let body: String = mechanisms.iter().enumerate().filter(|(_, m)| m.events.to_itself).map(look).collect();
    format!("\nfn find_own() {{\n{body}}}\n")
}

/// The loop over the items of a thread.
fn items(index: usize, mechanism: &MechanismManifest, kernel: &str) -> String {
    let (slot, offset) = match mechanism.kind {
        Kind::Density => ("thread", "lane"),
        Kind::PointProcess | Kind::ArtificialCell => ("lane * THREADS + thread", "0u"),
    };
    let name = wgsl_function(&mechanism.name, kernel);
    let (ions, arguments) = (ion_lookups(mechanism), ion_arguments(mechanism, offset));
    let posts = match kernel {
        "init" | "watch" if mechanism.events.to_itself => {
            format!("            take_posts({index}u, item, NO_NETCON, clock.t, {});\n", kernel == "init")
        }
        _ => String::new(),
    };
    format!(
        "{ions}        let slot = block.start + {slot};
        let end = place(slot + 1u);
        for (var item = place(slot); item < end; item++) {{
            {name}(instance_at(block, item, {offset}){arguments}, clock);
{posts}        }}
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
        let events = mechanism.events;
        let visit = if events.visits_netcons { "        visit_netcons_of(block, item);\n" } else { "" };
        let posts = match events.sends() {
            true => format!("        take_posts({index}u, item, argument, clock.t, true);\n"),
            false => String::new(),
        };
        let _ = write!(
            cases,
            "        case {index}u: {{
        let block = block_of({index}u);
{ions}{visit}        {name}(instance_at(block, item, 0u){arguments}, clock, arguments_at(argument), flag);
{posts}        }}
"
        );
    }
    format!(
        "\nfn {function}(mechanism: u32, item: u32, argument: u32, flag: real, clock: Clock) {{
    switch mechanism {{
{cases}        default: {{}}
    }}
}}
"
    )
}
