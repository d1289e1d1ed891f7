//! A kernel works on locals and writes each column once, at its end.
//!
//! Every column that a kernel assigns gets a local of the same name: loaded at the start if its old
//! value may be needed, stored at the end. Later passes then see values, not memory. After them,
//! [`settle`] takes back the locals that were not needed.

use super::flow::{self, Access};
use crate::ir::{Expression, Function, Mechanism, Place, Statement, StatementKind};
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
    // Back ends keep an array with a run-time index in a local array of their own.
    let arrays = flow::arrays(&kernel.body);
    for place in flow::writes(&kernel.body).places {
        let Place::Column(id) = place else { continue };
        if arrays.iter().any(|array| array.contains(place)) {
            continue;
        }
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

/// Assigns columns directly where the old value is no longer read after the first assignment.
pub fn settle(mechanism: &mut Mechanism) {
    for kernel in mechanism.kernels.iter_mut() {
        let arrays = flow::arrays(&kernel.body);
        for at in (0..kernel.body.len()).rev() {
            // Settling one column may remove several statements.
            let kind = kernel.body.get(at).map(|statement| statement.kind.clone());
            if let Some(StatementKind::Assign(column @ Place::Column(_), Expression::Load(local @ Place::Local(_)))) =
                kind
                && !arrays.iter().any(|array| array.contains(local) || array.contains(column))
                && may_settle(&kernel.body, at, column, local)
            {
                kernel.body.remove(at);
                flow::rename(&mut kernel.body, &mut |place| if place == local { column } else { place });
                kernel.body.retain(|statement| statement.kind != StatementKind::Assign(column, load(column)));
            }
        }
    }
}

/// Whether all assignments of `local` may go to `column`, which statement `store` copies it to.
fn may_settle(body: &[Statement], store: usize, column: Place, local: Place) -> bool {
    let writes = |body: &[Statement], place| flow::writes(body).places.contains(&place);
    let reads = |body: &[Statement], place| {
        let mut found = false;
        flow::visit(body, &mut |e| found |= flow::leaf_reads(e, place));
        found
    };
    // The only assignment of the column, the last use of the local.
    let (before, after) = (&body[..store], &body[store + 1..]);
    if writes(before, column) || writes(after, column) || writes(after, local) || reads(after, local) {
        return false;
    }
    let Some(first) = before.iter().position(|statement| writes(std::slice::from_ref(statement), local)) else {
        return false;
    };
    let is_plain = matches!(before[first].kind, StatementKind::Assign(..));
    let old_needed = if is_plain { &before[first + 1..] } else { &before[first..] };
    let unset = flow::access(before, local) == Access::ReadFirst;
    !unset && !reads(old_needed, column) && !reads(after, column)
}

/// Line of the last statement that writes a place.
fn last_write(body: &[Statement], place: Place) -> Option<u32> {
    body.iter().rev().find_map(|statement| match &statement.kind {
        StatementKind::Assign(to, _) if *to == place => Some(statement.line),
        StatementKind::Draw(draw) if draw.places().contains(&place) => Some(statement.line),
        _ => statement.blocks().iter().rev().find_map(|block| last_write(block, place)),
    })
}
