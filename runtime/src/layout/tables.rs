//! The tables of mechanisms, filled for the first instance of each: the one of the lowest cell, as in
//! NEURON, where a table is shared by all instances.

use super::{Block, Group, Shared};
use codegen::ir::Mechanism;
use codegen::ir::evaluate::Instance;
use codegen::manifest::MechanismManifest;

/// Puts the tables behind the globals of each block, and what filling them has set besides into the columns.
pub(super) fn fill(groups: &mut [Group], mechanisms: &[MechanismManifest], dt: f64, celsius: f64) {
    for (index, manifest) in mechanisms.iter().enumerate() {
        let Some(mechanism) = &manifest.tabulated else { continue };
        let Some(mut first) = first_instance(groups, index, mechanism) else { continue };
        (first.dt, first.celsius) = (dt, celsius);
        let filled = mechanism.fill_tables(&first);
        let globals = Shared::from(filled.globals);
        for block in groups.iter_mut().flat_map(|group| &mut group.blocks).filter(|block| block.mechanism == index) {
            block.globals = globals.clone();
            tell_differences(block, mechanism, &first);
            let size = block.rows * block.lanes;
            for (column, value) in &filled.left {
                block.columns[column.0 as usize * size..][..size].fill(*value);
            }
        }
    }
}

/// The instance on the first node of the lowest cell, of several there the one that was made first.
fn first_instance(groups: &[Group], index: usize, mechanism: &Mechanism) -> Option<Instance> {
    let blocks = groups.iter().flat_map(|group| {
        group.blocks.iter().filter(|block| block.mechanism == index).map(move |block| (group, block))
    });
    let firsts =
        blocks.filter_map(|(group, block)| first_of_block(group, block).map(|(key, at)| (key, at, group, block)));
    let (_, [row, lane], group, block) = firsts.min_by_key(|(key, ..)| *key)?;
    let at = row * block.lanes + lane;
    let mut instance = Instance::new(mechanism);
    let count = block.rows * block.lanes;
    for (column, value) in instance.columns.iter_mut().enumerate() {
        *value = block.columns[column * count + at];
    }
    instance.globals = block.globals.to_vec();
    if let Some(node) = block.node.get(row).map(|&node| node as usize / group.lanes)
        && let (Some(&area), Some(&diam)) = (group.area.get(node), group.diam.get(node))
    {
        (instance.area, instance.diam) = (area, diam);
    }
    Some(instance)
}

/// Cell, node and number of the first instance of a block, by these, and its row and lane.
fn first_of_block(group: &Group, block: &Block) -> Option<((u32, u32, u32), [usize; 2])> {
    if !block.is_point() {
        let (lane, &cell) = group.cells.iter().enumerate().min_by_key(|(_, cell)| **cell)?;
        return block.node.first().map(|&node| ((cell, node, 0), [0, lane]));
    }
    let key = |row: usize| (group.cells[block.cell_of[row] as usize], block.node[row], block.instances[row]);
    (0..block.rows).map(|row| (key(row), [row, 0])).min()
}

/// Warns where the table is not that of an instance.
fn tell_differences(block: &Block, mechanism: &Mechanism, first: &Instance) {
    let count = block.rows * block.lanes;
    for table in &mechanism.tables {
        for name in &table.shared {
            let Some(column) = mechanism.column(name).map(|id| id.0 as usize) else { continue };
            let values = &block.columns[column * count..(column + 1) * count];
            if values.iter().any(|value| *value != first.columns[column]) {
                tracing::warn!(
                    "the table of {} in {} is made with the first instance's {name} = {} for all instances, \
                     as in NEURON; others have other values; --no-tables computes each exactly",
                    table.routine,
                    mechanism.name,
                    first.columns[column]
                );
            }
        }
    }
}
