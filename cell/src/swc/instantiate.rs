//! Sections with names, lists, connections and 3-d points: `instantiate` of NEURON's Import3d.

use super::sections::Branch;
use crate::{Cell, SectionId, SectionName};
use std::collections::BTreeSet;

/// Makes the cell, and tells which of its sections each branch became.
pub fn cell(branches: &[Branch]) -> (Cell, Vec<SectionId>) {
    let mut cell = Cell::new();
    for list in ["all", "somatic", "basal", "apical", "axonal"] {
        cell.lists.insert(list.to_owned(), Vec::new());
    }
    let kinds: BTreeSet<i64> = branches.iter().map(|branch| branch.kind).collect();
    let mut ids = vec![SectionId(0); branches.len()];
    for kind in kinds {
        let name = name_of(kind);
        let of_kind = branches.iter().enumerate().filter(|(_, branch)| branch.kind == kind);
        for (number, (index, _)) in of_kind.enumerate() {
            let id = cell.add_section(SectionName::element(&name, number));
            ids[index] = id;
            cell.arrays.entry(name.clone()).or_default().push(id);
            for list in ["all"].into_iter().chain(list_of(kind)) {
                cell.lists.entry(list.to_owned()).or_default().push(id);
            }
        }
    }
    for (branch, &id) in branches.iter().zip(&ids) {
        if let Some(parent) = branch.parent {
            let connected = cell.connect(id, 0.0, ids[parent], branch.x);
            debug_assert!(connected.is_ok(), "parents come before their branches");
        }
        let section = cell.section_mut(id);
        if branch.wired {
            let [x, y, z] = branch.points[0].0.map(written);
            section.set_logical_connection(x, y, z);
        }
        match branch.own() {
            [(at, diam)] => {
                for shift in [-diam / 2.0, 0.0, diam / 2.0] {
                    section.add_point(written(at[0] + shift), written(at[1]), written(at[2]), written(*diam));
                }
            }
            own => {
                for (at, diam) in own {
                    section.add_point(written(at[0]), written(at[1]), written(at[2]), written(*diam));
                }
            }
        }
    }
    (cell, ids)
}

fn name_of(kind: i64) -> String {
    match kind {
        1 => "soma".to_owned(),
        2 => "axon".to_owned(),
        3 => "dend".to_owned(),
        4 => "apic".to_owned(),
        other if other < 0 => format!("minus_{}", -other),
        other => format!("dend_{other}"),
    }
}

fn list_of(kind: i64) -> Option<&'static str> {
    match kind {
        1 => Some("somatic"),
        2 => Some("axonal"),
        3 => Some("basal"),
        4 => Some("apical"),
        _ => None,
    }
}

/// A number as NEURON hands it on: through text of eight digits.
fn written(value: f64) -> f64 {
    format!("{value:.7e}").parse().unwrap_or(value)
}
