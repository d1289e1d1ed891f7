//! What of a network anybody needs.

use crate::layout::{Address, Group, Layout};
use codegen::ir::IonField;

/// Whether anybody needs the current of an ion of a group, and whether anything else of it changes.
pub(super) fn uses_of_ion(layout: &Layout, group: &Group, index: usize) -> (bool, bool) {
    let is_current = |field: &IonField| matches!(field, IonField::Current | IonField::Didv);
    let block = &group.ions[index];
    let field = block.rows * group.lanes;
    let probes = group.probes.iter().filter_map(|probe| match probe {
        Address::Ion { ion, index: at } if *ion as usize == index => IonField::ALL.get(*at as usize / field),
        _ => None,
    });
    let (mut summed, mut changes) = (false, block.style.iter().any(|style| style.advances_reversal()));
    for field in probes {
        summed |= is_current(field);
    }
    for block in &group.blocks {
        for (ion, reference) in layout.mechanisms[block.mechanism].ions.iter().zip(&block.ions) {
            if reference.ion == index {
                summed |= ion.read.iter().any(is_current);
                changes |= ion.write.iter().any(|field| !is_current(field));
            }
        }
    }
    (summed, changes)
}
