//! Drops columns that neither the user nor a kernel can see, locals that nothing uses, and kernels
//! without statements. An empty NET_RECEIVE stays: NetCons may end there.

use super::flow;
use crate::ir::{ColumnId, Diffusion, Function, LocalId, Mechanism, Place, Role, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// Drops and renumbers.
pub fn run(mechanism: &mut Mechanism) {
    for kernel in mechanism.kernels.iter_mut() {
        locals(kernel);
    }
    let kernels = &mut mechanism.kernels;
    for kernel in [
        &mut kernels.init,
        &mut kernels.current,
        &mut kernels.current_difference,
        &mut kernels.state,
        &mut kernels.diffusion,
        &mut kernels.net_init,
        &mut kernels.watch,
        &mut kernels.before_initial,
        &mut kernels.after_initial,
        &mut kernels.before_breakpoint,
        &mut kernels.after_solve,
        &mut kernels.before_step,
    ] {
        if kernel.as_ref().is_some_and(|kernel| kernel.body.is_empty()) {
            *kernel = None;
        }
    }
    columns(mechanism);
}

fn used(body: &[Statement]) -> BTreeSet<Place> {
    let mut places = flow::writes(body).places;
    places.extend(flow::loads(body));
    places
}

fn locals(kernel: &mut Function) {
    let used = used(&kernel.body);
    let mut renumbered = BTreeMap::new();
    let mut kept = Vec::new();
    for (at, local) in std::mem::take(&mut kernel.locals).into_iter().enumerate() {
        let old = LocalId(at as u32);
        if used.contains(&Place::Local(old)) {
            renumbered.insert(old, LocalId(kept.len() as u32));
            kept.push(local);
        }
    }
    kernel.locals = kept;
    flow::rename(&mut kernel.body, &mut |place| match place {
        Place::Local(id) => Place::Local(renumbered.get(&id).copied().unwrap_or(id)),
        other => other,
    });
}

fn columns(mechanism: &mut Mechanism) {
    let mut seen = BTreeSet::new();
    for (_, kernel) in mechanism.kernels.iter() {
        seen.extend(used(&kernel.body));
    }
    for table in &mechanism.tables {
        seen.extend(used(&table.function.body));
    }
    seen.extend(mechanism.diffusions.iter().flat_map(Diffusion::columns).map(Place::Column));
    let mut renumbered = BTreeMap::new();
    let mut kept = Vec::new();
    for (at, column) in std::mem::take(&mut mechanism.columns).into_iter().enumerate() {
        let old = ColumnId(at as u32);
        if column.range || column.role != Role::Assigned || seen.contains(&Place::Column(old)) {
            renumbered.insert(old, ColumnId(kept.len() as u32));
            kept.push(column);
        }
    }
    mechanism.columns = kept;
    for column in mechanism.diffusions.iter_mut().flat_map(Diffusion::columns_mut) {
        *column = renumbered.get(column).copied().unwrap_or(*column);
    }
    let functions = mechanism.tables.iter_mut().map(|table| &mut table.function);
    for kernel in mechanism.kernels.iter_mut().chain(functions) {
        flow::rename(&mut kernel.body, &mut |place| match place {
            Place::Column(id) => Place::Column(renumbered.get(&id).copied().unwrap_or(id)),
            other => other,
        });
    }
}
