//! Which groups go together into a batch, and how many invocations run a cell.

use super::arena::WORKGROUP;
use super::compose::{SLOTS, most_arguments};
use super::partition::bucket;
use super::words;
use crate::layout::{Group, Layout, Target};
use codegen::back::Real;
use codegen::manifest::EventsManifest;
use std::ops::Range;

/// Invocations that a GPU needs to be busy, roughly.
const BUSY: usize = 1 << 15;

/// Invocations for each cell: more where cells are few and big. Software devices pay for barriers and
/// gain nothing.
pub(super) fn threads(layout: &Layout, software: bool) -> u32 {
    let cells: usize = layout.groups.iter().map(|group| group.lanes).sum();
    let nodes: usize = layout.groups.iter().map(|group| group.lanes * group.nodes()).sum();
    let mut threads = 1;
    if sends(layout) {
        return threads;
    }
    while !software && threads < WORKGROUP {
        let twice = 2 * threads as usize;
        if cells * twice > BUSY || 2 * twice * cells > nodes {
            break;
        }
        threads *= 2;
    }
    threads
}

/// Whether a mechanism sends events or visits NetCons: then one invocation runs a cell.
pub(super) fn sends(layout: &Layout) -> bool {
    layout.mechanisms.iter().any(|mechanism| mechanism.events != EventsManifest::default())
}

/// NetCons by the group that they end in.
pub(super) struct Targets<'a> {
    layout: &'a Layout,
    starts: Vec<u32>,
    order: Vec<u32>,
}

impl<'a> Targets<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        let groups: Vec<u32> = layout.targets.iter().map(|target| target.group).collect();
        let (starts, order) = bucket(layout.groups.len(), &groups);
        Self { layout, starts, order }
    }

    /// Those of a group, in their order.
    pub(super) fn of(&self, group: usize) -> impl Iterator<Item = &'a Target> {
        let range = self.starts[group] as usize..self.starts[group + 1] as usize;
        self.order[range].iter().map(|&index| &self.layout.targets[index as usize])
    }

    fn count(&self, group: usize) -> usize {
        (self.starts[group + 1] - self.starts[group]) as usize
    }
}

/// Count of reals that a group takes.
pub(super) fn reals(layout: &Layout, group: &Group) -> usize {
    let nodes = group.nodes();
    let blocks: usize = group.blocks.iter().map(|block| block.columns.len() + block.globals.len()).sum();
    let ions: usize = group.ions.iter().map(|ion| ion.values.len() + 3).sum();
    let pending = |block: &crate::layout::Block| match layout.mechanisms[block.mechanism].events.to_itself {
        true => block.rows * (5 * SLOTS + 1),
        false => 0,
    };
    let pending: usize = group.blocks.iter().map(pending).sum();
    let diffusions: usize = group
        .blocks
        .iter()
        .filter(|block| block.diffusion.is_some())
        .map(|block| block.rows * (2 + 4 * group.lanes))
        .sum();
    let arguments = group.arguments.len() + most_arguments(&layout.mechanisms) * group.lanes;
    let detectors = group.thresholds.len();
    (5 * nodes + 4) * group.lanes + detectors + 4 * nodes + blocks + diffusions + ions + arguments + pending
}

/// Count of indices that a group takes at most.
fn indices(layout: &Layout, group: &Group, netcons: usize, threads: usize) -> usize {
    let (nodes, lanes) = (group.nodes(), group.lanes);
    let starts = |point: bool| if point { lanes * threads + 1 } else { threads + 1 };
    let block = |block: &crate::layout::Block| {
        block.rows * (4 + block.ions.len()) + 1 + starts(block.is_point()) + 2 * block.ions.len()
    };
    let blocks: usize = group.blocks.iter().map(block).sum();
    let diffusion = |block: &crate::layout::Block| {
        let states = layout.mechanisms[block.mechanism].diffusions.len();
        if block.diffusion.is_some() { block.rows * (2 + states) + 5 + 4 * states } else { 0 }
    };
    let diffusions: usize = group.blocks.iter().map(diffusion).sum();
    let ions: usize = group.ions.iter().map(|ion| 2 * ion.rows + threads + 6).sum();
    let tree = 6 * nodes + threads + 5;
    let entries = 4 * netcons + 2 * group.probes.len();
    1 + 6 * lanes + 4 + tree + 12 * layout.mechanisms.len() + blocks + diffusions + ions + entries
}

/// Groups in as few runs as fit into bindings of `limit` bytes.
pub(super) fn runs(layout: &Layout, targets: &Targets<'_>, real: Real, threads: u32, limit: u64) -> Vec<Range<usize>> {
    let mut driven = vec![0; layout.groups.len()];
    let columns =
        layout.transfers.iter().map(|transfer| transfer.to).chain(layout.played.iter().map(|column| column.to));
    columns.for_each(|(group, ..)| driven[group as usize] += 1);
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut used = [0; 2];
    for (index, group) in layout.groups.iter().enumerate() {
        let size = [
            (reals(layout, group) * words::size(real)) as u64,
            4 * (indices(layout, group, targets.count(index), threads as usize) + 2 * driven[index]) as u64,
        ];
        used = [used[0] + size[0], used[1] + size[1]];
        match runs.last_mut() {
            Some(run) if used.iter().all(|&used| used <= limit) => run.end = index + 1,
            _ => {
                used = size;
                runs.push(index..index + 1);
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::arena::Arena;
    use super::super::tests::network;
    use super::*;

    #[test]
    fn groups_are_split_by_size() {
        let layout = network();
        let targets = Targets::new(&layout);
        let runs = |limit| runs(&layout, &targets, Real::F64, 4, limit);
        assert_eq!(runs(u64::MAX).len(), 1);
        let two: u64 = layout.groups[..2].iter().map(|group| 8 * reals(&layout, group) as u64).sum();
        assert_eq!(runs(two), [0..2, 2..3]);
        assert_eq!(runs(1), [0..1, 1..2, 2..3]);
    }

    #[test]
    fn sizes_are_foreseen() {
        let layout = network();
        let targets = Targets::new(&layout);
        for threads in [1, 2, 32] {
            for (index, group) in layout.groups.iter().enumerate() {
                let arena = Arena::new(&layout, &targets, index..index + 1, threads, false);
                assert_eq!(arena.values.len(), reals(&layout, group));
                let foreseen = indices(&layout, group, targets.count(index), threads as usize);
                assert!((arena.tables.len()..arena.tables.len() * 2).contains(&foreseen), "{threads} {index}");
            }
        }
    }

    #[test]
    fn few_big_cells_get_several_threads() {
        let layout = network();
        assert_eq!(threads(&layout, true), 1);
        assert_eq!(threads(&layout, false), 4, "8 nodes a cell on average");
    }
}
