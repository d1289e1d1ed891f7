//! NetCons by where they end.

use super::partition::bucket;
use crate::layout::{Layout, Target};

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
}
