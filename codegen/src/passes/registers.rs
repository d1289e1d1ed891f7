//! A kernel works on locals and writes each column once, at its end.
//!
//! Every column that a kernel assigns gets a local of the same name: loaded at the start if its old
//! value may be needed, stored at the end. Later passes then see values, not memory.

use super::flow::{self, Access};
use crate::ir::{Function, Mechanism, Place, Statement, StatementKind};
use crate::math::build::load;

/// Rewrites all kernels.
pub fn run(mechanism: &mut Mechanism) {
    let names: Vec<String> = mechanism.columns.iter().map(|column| column.name.clone()).collect();
    for kernel in mechanism.kernels.iter_mut() {
        function(kernel, &names);
    }
}

fn function(kernel: &mut Function, names: &[String]) {
    let mut loads = Vec::new();
    let mut stores = Vec::new();
    for place in flow::writes(&kernel.body).places {
        let Place::Column(id) = place else { continue };
        let name = names.get(id.0 as usize).map_or("", String::as_str);
        let local = Place::Local(kernel.add_local(name));
        if flow::access(&kernel.body, place) != Access::Written {
            loads.push(Statement::new(StatementKind::Assign(local, load(place)), 0));
        }
        let line = last_write(&kernel.body, place).unwrap_or(0);
        flow::rename(&mut kernel.body, &mut |other| if other == place { local } else { other });
        stores.push(Statement::new(StatementKind::Assign(place, load(local)), line));
    }
    kernel.body.splice(0..0, loads);
    kernel.body.extend(stores);
}

/// Line of the last statement that writes a place.
fn last_write(body: &[Statement], place: Place) -> Option<u32> {
    body.iter().rev().find_map(|statement| match &statement.kind {
        StatementKind::Assign(to, _) if *to == place => Some(statement.line),
        _ => statement.blocks().iter().rev().find_map(|block| last_write(block, place)),
    })
}
