//! Checks of a layout before it is given to a device, whose shaders do not check indices.

use super::GpuError;
use crate::layout::{Address, Block, DiffusionTree, Group, Layout, NO_PARENT};
use codegen::ir::IonField;
use codegen::manifest::{DiffusingManifest, MechanismManifest};

/// Every index that a kernel follows points into the array it is meant for.
pub(super) fn check(layout: &Layout) -> Result<(), GpuError> {
    for (index, group) in layout.groups.iter().enumerate() {
        let fail = |what: &str| Err(GpuError::Layout(format!("group {index}: {what}")));
        if !tree_is_sound(group) {
            return fail("the tree");
        }
        if !group.ions.iter().all(|ion| {
            ion.style.len() == ion.rows
                && ion.node.len() == ion.rows
                && ion.node.iter().all(|&node| (node as usize) < group.nodes())
                && ion.values.len() == 5 * ion.rows * group.lanes
                && ion.species < layout.species.len()
        }) {
            return fail("an ion");
        }
        if !group.blocks.is_sorted_by(|a, b| a.mechanism < b.mechanism) {
            return fail("the order of its mechanisms");
        }
        for block in &group.blocks {
            if !block_is_sound(layout, group, block) {
                return fail(&format!("block of mechanism number {}", block.mechanism));
            }
        }
        if !group.probes.iter().all(|&probe| probe_is_sound(group, probe)) {
            return fail("a probe");
        }
    }
    let sound = layout.targets.iter().all(|target| {
        layout.groups.get(target.group as usize).is_some_and(|group| {
            let arguments = |block: &Block| layout.mechanisms[block.mechanism].net_arguments.len();
            (target.lane as usize) < group.lanes
                && group.blocks.get(target.block as usize).is_some_and(|block| {
                    (target.row as usize) < block.rows
                        && block.is_point()
                        && target.argument as usize + arguments(block) <= group.arguments.len()
                })
        })
    });
    if !sound {
        return Err(GpuError::Layout("a NetCon's target".to_owned()));
    }
    let group = |index: u32| layout.groups.get(index as usize);
    let is_column = |(of, block, index)| {
        let address = Address::Column { block, index };
        group(of).is_some_and(|group| probe_is_sound(group, address) && group.blocks[block as usize].is_point())
    };
    let is_potential = |(of, node)| group(of).is_some_and(|group| probe_is_sound(group, Address::Voltage(node)));
    let courses = layout.courses.len();
    let sound = layout.transfers.iter().all(|transfer| is_potential(transfer.from) && is_column(transfer.to))
        && layout
            .played
            .iter()
            .all(|column| is_column(column.to) && column.terms.iter().all(|&(_, course)| (course as usize) < courses));
    if sound { Ok(()) } else { Err(GpuError::Layout("a column that is set from outside".to_owned())) }
}

fn tree_is_sound(group: &Group) -> bool {
    let (nodes, lanes) = (group.nodes(), group.lanes);
    let detectors = if nodes > 0 { lanes } else { 0 };
    lanes > 0
        && [&group.a, &group.b, &group.area, &group.diam, &group.cm].iter().all(|values| values.len() == nodes)
        && (1..nodes).all(|node| (group.parent[node] as usize) < node)
        && group.cells.len() == lanes
        && group.thresholds.len() == detectors
        && group.detectors.len() == detectors
        && group.detectors.iter().all(|&node| (node as usize) < nodes * lanes)
}

fn block_is_sound(layout: &Layout, group: &Group, block: &Block) -> bool {
    let Some(mechanism) = layout.mechanisms.get(block.mechanism) else { return false };
    let point = mechanism.kind != codegen::ir::Kind::Density;
    let has_node = mechanism.kind != codegen::ir::Kind::ArtificialCell;
    let lanes = if point { 1 } else { group.lanes };
    let within = |first: &[u32], size: usize| {
        first.len() == block.rows && first.iter().all(|&first| first as usize + lanes <= size)
    };
    let tree = block.diffusion.as_ref();
    block.lanes == lanes
        && mechanism.diffusions.is_empty() == tree.is_none()
        && tree.is_none_or(|tree| diffusion_is_sound(mechanism, block, tree))
        && block.columns.len() == mechanism.columns.len() * block.rows * lanes
        && block.globals.len() == mechanism.globals.len() + mechanism.table_size
        && (!has_node || within(&block.node, group.nodes() * group.lanes))
        && block.node.len() == block.rows
        && block.instances.len() == if point { block.rows } else { 0 }
        && block.ions.len() == mechanism.ions.len()
        && block.ions.iter().all(|reference| {
            group.ions.get(reference.ion).is_some_and(|ion| within(&reference.row, ion.rows * group.lanes))
        })
        && block.cell_of.len() == if point { block.rows } else { 0 }
        && block.cell_of.iter().all(|&cell| (cell as usize) < group.lanes)
}

fn diffusion_is_sound(mechanism: &MechanismManifest, block: &Block, tree: &DiffusionTree) -> bool {
    let concentration = |field| matches!(field, IonField::Conci | IonField::Conco);
    [&tree.a, &tree.b].iter().all(|values| values.len() == block.rows)
        && tree.parent.len() == block.rows
        && (0..).zip(&tree.parent).all(|(row, &parent)| parent == NO_PARENT || parent < row)
        && mechanism.diffusions.iter().all(|diffusion| {
            diffusion.volume.max(diffusion.coefficient) < mechanism.columns.len()
                && match diffusion.state {
                    DiffusingManifest::Column(column) => column < mechanism.columns.len(),
                    DiffusingManifest::Ion(ion, field) => ion < mechanism.ions.len() && concentration(field),
                }
        })
}

fn probe_is_sound(group: &Group, probe: Address) -> bool {
    match probe {
        Address::Voltage(node) => (node as usize) < group.nodes() * group.lanes,
        Address::Column { block, index } => {
            group.blocks.get(block as usize).is_some_and(|block| (index as usize) < block.columns.len())
        }
        Address::Ion { ion, index } => {
            group.ions.get(ion as usize).is_some_and(|ion| (index as usize) < ion.values.len())
        }
    }
}
