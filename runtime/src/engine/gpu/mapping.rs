//! Which invocations run which cell, and in which memory.

use crate::layout::Layout;
use codegen::manifest::EventsManifest;

/// Invocations of a workgroup: as many as run in lock step on most GPUs.
pub(super) const WORKGROUP: u32 = 32;
/// Invocations that a GPU needs to be busy, roughly.
const BUSY: usize = 1 << 15;

/// How cells are spread over a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mapping {
    /// Invocations of a workgroup, a power of two.
    pub(super) workgroup: u32,
    /// Invocations that run one cell together, a power of two.
    pub(super) threads: u32,
    /// The cells of a workgroup are a whole group, and in its memory for as long as a window takes.
    pub(super) resident: bool,
}

impl Mapping {
    /// Cells of a workgroup.
    pub(super) fn cells(&self) -> u32 {
        self.workgroup / self.threads
    }

    /// With data in the device's memory; `threads` of 0 leaves the choice.
    pub(super) fn streamed(layout: &Layout, threads: u32, software: bool) -> Self {
        let threads = if threads == 0 { self::threads(layout, software) } else { allowed(layout, threads) };
        Self { workgroup: WORKGROUP, threads, resident: false }
    }

    /// With data in the memory of workgroups, if groups are small enough in cells, and a workgroup fills the vectors of
    /// a GPU; `threads` of 0 leaves the choice.
    pub(super) fn resident(layout: &Layout, threads: u32, software: bool) -> Option<Self> {
        if !layout.transfers.is_empty() {
            // Cells look at each other in every step.
            return None;
        }
        let widest = layout.groups.iter().map(|group| group.lanes).max()?;
        let cells = u32::try_from(widest).ok()?.next_power_of_two();
        if cells > WORKGROUP {
            return None;
        }
        let threads = match threads {
            0 if software => 1,
            0 => allowed(layout, WORKGROUP / cells),
            threads => allowed(layout, threads),
        };
        let workgroup = cells * threads;
        let fills = software || workgroup == WORKGROUP;
        (fills && workgroup <= WORKGROUP).then_some(Self { workgroup, threads, resident: true })
    }
}

/// As many as were asked for, if several may run a cell.
fn allowed(layout: &Layout, threads: u32) -> u32 {
    if sends(layout) { 1 } else { (1 << threads.ilog2()).min(WORKGROUP) }
}

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

#[cfg(test)]
mod tests {
    use super::super::tests::network;
    use super::*;

    #[test]
    fn few_big_cells_get_several_threads() {
        let layout = network();
        assert_eq!(threads(&layout, true), 1);
        assert_eq!(threads(&layout, false), 4, "8 nodes a cell on average");
    }

    #[test]
    fn only_small_groups_are_resident() {
        let mut layout = network();
        assert_eq!(Mapping::resident(&layout, 0, true), None, "37 cells in a group");
        layout.groups.remove(0);
        let of = |workgroup, threads| Some(Mapping { workgroup, threads, resident: true });
        assert_eq!(Mapping::resident(&layout, 0, true), of(8, 1), "5 cells");
        assert_eq!(Mapping::resident(&layout, 0, false), of(32, 4));
        assert_eq!(Mapping::resident(&layout, 2, true), of(16, 2));
        assert_eq!(Mapping::resident(&layout, 2, false), None, "half of the vectors would idle");
    }
}
