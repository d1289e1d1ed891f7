//! How many steps fit into one dispatch on a software device.
//!
//! Mesa's llvmpipe counts the rounds of all loops of an invocation, nested or not, and leaves every
//! loop after 65535 of them (`LP_MAX_TGSI_LOOP_ITERATIONS` in `gallivm/lp_bld_limits.h`), without an
//! error. So a dispatch asks for fewer there; the kernel reports if it was stopped all the same.

use crate::layout::{Block, Group, Layout};
use std::collections::HashMap;

/// Rounds after which loops are left.
const LIMIT: usize = 65535;
/// Rounds taken to be in a loop within a mechanism: iterative solvers mostly.
const INNER: usize = 64;

/// Most steps of a dispatch in which each invocation runs a whole cell. `wgsl` holds the functions of
/// each mechanism; `copied` are the rounds in which its data come and go.
pub(super) fn most_steps(layout: &Layout, wgsl: &[String], copied: usize) -> u32 {
    let loops: Vec<bool> =
        wgsl.iter().map(|text| ["for (", "loop {", "while "].iter().any(|word| text.contains(word))).collect();
    let rounds = layout.groups.iter().map(|group| per_step(group, &loops)).max().unwrap_or(0);
    // Half is left for events.
    (LIMIT.saturating_sub(copied) / (2 * rounds + 1)).max(1) as u32
}

/// Rounds of all loops in one step of a cell: one more than its items for each loop.
fn per_step(group: &Group, loops: &[bool]) -> usize {
    let tree = 6 * (group.nodes() + 1);
    let ions: usize = group.ions.iter().map(|ion| 2 * (ion.rows + 1) + 1).sum();
    let kernels: usize = group
        .blocks
        .iter()
        .map(|block| 2 * (1 + instances(block) * if loops[block.mechanism] { 1 + INNER } else { 1 }))
        .sum();
    let probes = 2 * group.probes.len().div_ceil(group.lanes.max(1));
    tree + ions + kernels + probes + 4
}

/// Instances in one cell at most.
fn instances(block: &Block) -> usize {
    if !block.is_point() {
        return block.rows;
    }
    let mut of_cell = HashMap::new();
    block.cell_of.iter().for_each(|cell| *of_cell.entry(cell).or_insert(0) += 1);
    of_cell.into_values().max().unwrap_or(0)
}
