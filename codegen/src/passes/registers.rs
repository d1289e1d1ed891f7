//! A kernel works on locals and writes each column once, at its end.
//!
//! Every column that a kernel assigns gets a local of the same name: loaded at the start if its old
//! value may be needed, stored at the end. Later passes then see values, not memory. After them,
//! [`settle`] takes back the locals that were not needed.

use super::flow::{self, Access};
use crate::ir::{Expression, Function, Mechanism, Place, Statement, StatementKind};
use crate::math::build::load;
use std::collections::BTreeMap;

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
    let mut renamed = BTreeMap::new();
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
        renamed.insert(place, local);
        stores.push(Statement::new(StatementKind::Assign(place, load(local)), line));
    }
    flow::rename_by(&mut kernel.body, &renamed);
    kernel.body.splice(0..0, loads);
    kernel.body.extend(stores);
}

/// Assigns columns directly where the old value is no longer read after the first assignment.
pub fn settle(mechanism: &mut Mechanism) {
    for kernel in mechanism.kernels.iter_mut() {
        let arrays = flow::arrays(&kernel.body);
        let touched = Touched::by(&kernel.body);
        let mut settled = BTreeMap::new();
        for (at, statement) in kernel.body.iter().enumerate().rev() {
            if let StatementKind::Assign(column @ Place::Column(_), Expression::Load(local @ Place::Local(_))) =
                statement.kind
                && !settled.contains_key(&local)
                && !arrays.iter().any(|array| array.contains(local) || array.contains(column))
                && touched.may_settle(&kernel.body, at, column, local)
            {
                settled.insert(local, column);
            }
        }
        flow::rename_by(&mut kernel.body, &settled);
        kernel.body.retain(|statement| match &statement.kind {
            StatementKind::Assign(column @ Place::Column(_), Expression::Load(from)) => column != from,
            _ => true,
        });
    }
}

/// Which statements of a body, with all in them, read and write a place; in order.
struct Touched {
    reads: BTreeMap<Place, Vec<usize>>,
    writes: BTreeMap<Place, Vec<usize>>,
}

impl Touched {
    fn by(body: &[Statement]) -> Self {
        let mut touched = Self { reads: BTreeMap::new(), writes: BTreeMap::new() };
        for (at, statement) in body.iter().enumerate() {
            let one = std::slice::from_ref(statement);
            for place in flow::loads(one) {
                touched.reads.entry(place).or_default().push(at);
            }
            for place in flow::writes(one).places {
                touched.writes.entry(place).or_default().push(at);
            }
        }
        touched
    }

    /// Whether all assignments of `local` may go to `column`, which statement `store` copies it to.
    fn may_settle(&self, body: &[Statement], store: usize, column: Place, local: Place) -> bool {
        let of = |map: &BTreeMap<Place, Vec<usize>>, place| map.get(&place).cloned().unwrap_or_default();
        let (reads, writes) = (of(&self.reads, local), of(&self.writes, local));
        // The only assignment of the column, the last use of the local.
        if of(&self.writes, column) != [store] || reads.iter().chain(&writes).any(|at| *at > store) {
            return false;
        }
        let Some(first) = writes.first().copied().filter(|first| *first < store) else {
            return false;
        };
        let is_plain = matches!(body[first].kind, StatementKind::Assign(..));
        let old_needed = if is_plain { first + 1 } else { first };
        let unset = flow::access(&body[..store], local) == Access::ReadFirst;
        !unset && of(&self.reads, column).iter().all(|at| *at < old_needed)
    }
}

/// Line of the last statement that writes a place.
fn last_write(body: &[Statement], place: Place) -> Option<u32> {
    body.iter().rev().find_map(|statement| match &statement.kind {
        StatementKind::Assign(to, _) if *to == place => Some(statement.line),
        StatementKind::Draw(draw) if draw.places().contains(&place) => Some(statement.line),
        _ => statement.blocks().iter().rev().find_map(|block| last_write(block, place)),
    })
}
