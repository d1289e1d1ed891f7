//! What a step costs a device, modelled from the costs of kernels and from where their data lie.
//!
//! A value that all invocations of a workgroup read counts once for the workgroup. What neighbours in a cell hand on to
//! each other counts as often as the kernel's text says.

use super::super::account::{Account, StepAccount};
use super::arena::{Arena, GroupHeader, Largest, Plan};
use crate::layout::Group;
use codegen::back::wgsl::ColumnPlace;
use codegen::manifest::ColumnAccess;

/// Floating-point operations of the tree for a node, and values that it moves: potential, right-hand side and diagonal, each
/// read twice or so and written.
const TREE_FLOPS: u64 = 16;
const TREE_VALUES: u64 = 12;
/// Constants and indices of the tree for a node, the same for all cells of a workgroup.
const TREE_CONSTANTS: u64 = 3;
const TREE_INDICES: u64 = 4;
/// Meetings of the threads of a cell in a step, besides those of the tree and of diffusion.
const MEETINGS: u32 = 4;

/// The account of a network before its first step. `functions` has the text of each mechanism.
pub(super) fn account(plan: Plan<'_>, arenas: &[Arena], functions: &[String], difference: bool) -> Account {
    let Plan { layout, mapping, real, .. } = plan;
    let largest = Largest::of(arenas);
    let groups = || arenas.iter().flat_map(|arena| &arena.groups);
    let mut account = Account {
        real,
        workgroup: mapping.workgroup,
        threads: mapping.threads,
        resident: mapping.resident,
        workgroups: arenas.iter().map(|arena| arena.workgroups as u64).sum(),
        workgroup_memory: if mapping.resident { largest.bytes(real) } else { 0 },
        cells: groups().map(|group| group.lanes as u64).sum(),
        compartments: layout.compartments() as u64,
        state: groups().map(|group| 2 * (real * group.size.changing) as u64).sum(),
        ..Account::default()
    };
    let timed = functions.iter().any(|text| text.contains("clock.t"));
    if timed {
        account.step.times = account.workgroups * 2 * real as u64;
    }
    for (info, group) in groups().map(|info| (info, &layout.groups[info.index])) {
        let moved = add_group(&mut account.step, plan, group, difference);
        account.step.recorded += (real * info.probes) as u64;
        let header = size_of::<GroupHeader>() as u64;
        if mapping.resident {
            account.step.local += moved;
            // Ranges are looked at when data come and when they go.
            let indices = 4 * (info.size.places + 2 * info.size.ranges) as u64;
            account.dispatch[0] += header + indices + (real * (info.size.changing + info.size.fixed)) as u64;
            account.dispatch[1] += (real * info.size.changing) as u64;
        } else {
            account.step.streamed += moved;
            account.dispatch[0] += header * group.lanes.div_ceil(mapping.cells() as usize) as u64;
        }
    }
    if mapping.threads > 1 {
        let depth = arenas.iter().flat_map(|arena| &arena.headers).map(|header| header.depth).max().unwrap_or(0);
        let diffuses = layout.mechanisms.iter().any(|mechanism| !mechanism.diffusions.is_empty());
        // The depth of the trees is agreed on by two more.
        account.barriers = MEETINGS + 2 * (depth + 1) + 2 + if diffuses { 2 } else { 0 };
    }
    for (index, manifest) in layout.mechanisms.iter().enumerate() {
        let lookups = functions.get(index).map_or(0, |text| lookups(text, &manifest.name, difference));
        let instances = layout.groups.iter().flat_map(|group| &group.blocks).filter(|block| block.mechanism == index);
        let count: usize = instances.map(super::kept::size).sum();
        account.step.tables += (2 * real * lookups * count) as u64;
    }
    account
}

/// Values that the kernels of a step look up in tables, for an instance.
fn lookups(text: &str, mechanism: &str, difference: bool) -> usize {
    let of_step = |kernel: &str| {
        let begin = format!("fn {}(", codegen::names::wgsl_function(mechanism, kernel));
        let body = text.split(begin.as_str()).nth(1).and_then(|rest| rest.split("\nfn ").next()).unwrap_or("");
        body.matches("table_value(").count() + body.matches("table_slope(").count()
    };
    of_step("state") + of_step(if difference { "current_difference" } else { "current" })
}

/// Adds the arithmetic of a group; gives the bytes that its steps move, wherever its data are.
fn add_group(step: &mut StepAccount, plan: Plan<'_>, group: &Group, difference: bool) -> u64 {
    let Plan { layout, kept, mapping, real, .. } = plan;
    let workgroups = group.lanes.div_ceil(mapping.cells() as usize) as u64;
    let nodes = (group.nodes() * group.lanes) as u64;
    let mut bytes = real as u64 * (TREE_VALUES * nodes + workgroups * TREE_CONSTANTS * group.nodes() as u64)
        + 4 * workgroups * TREE_INDICES * group.nodes() as u64;
    step.flops += TREE_FLOPS * nodes;
    step.divisions += nodes;
    // Right-hand sides and diagonals are cleared.
    bytes += 2 * real as u64 * nodes;
    for block in &group.blocks {
        let manifest = &layout.mechanisms[block.mechanism];
        let of = kept.mechanism(block.mechanism);
        // What only users look at is stored once, if it is kept.
        let is_seen = |column: &&usize| manifest.columns[**column].access == ColumnAccess::Visible;
        bytes += (real * of.own.iter().filter(is_seen).count() * super::kept::size(block)) as u64;
        let current = if difference && manifest.has("current_difference") { "current_difference" } else { "current" };
        for cost in [current, "state"].iter().filter_map(|name| manifest.costs.get(*name)) {
            let instances = super::kept::size(block) as u64;
            step.flops += u64::from(cost.flops()) * instances;
            step.exponentials += u64::from(cost.exponentials) * instances;
            step.divisions += u64::from(cost.divisions) * instances;
            let own = |columns: &[u32]| {
                columns.iter().filter(|&&at| matches!(of.columns[at as usize], ColumnPlace::Own(_))).count() as u64
            };
            let sums = if of.adds_currents { 2 * u64::from(cost.currents) } else { 0 };
            let values = own(&cost.loads) + own(&cost.stores) + u64::from(cost.node_values) + sums;
            let ions = cost.ion_values.len() as u64;
            // Items have two words, and one for each ion.
            let rows = if block.is_point() { instances } else { workgroups * block.rows as u64 };
            bytes += real as u64 * (values + ions) * instances + 4 * rows * (2 + block.ions.len() as u64);
        }
    }
    bytes
}
