//! Every unconditional assignment of a local starts a local of its own.
//!
//! What a name means then no longer depends on where it stands: later passes may look through the definition of a local
//! that [`single`] knows.

use super::flow;
use crate::ir::{Expression, Function, LocalId, Place, Statement, StatementKind};
use std::collections::BTreeMap;

/// Renames the locals of a kernel.
pub fn run(kernel: &mut Function) {
    let arrays = flow::arrays(&kernel.body);
    let mut seen = vec![false; kernel.locals.len()];
    for at in 0..kernel.body.len() {
        let written = flow::writes(std::slice::from_ref(&kernel.body[at])).places;
        let StatementKind::Assign(place @ Place::Local(LocalId(id)), _) = kernel.body[at].kind else {
            written.into_iter().for_each(|place| mark(&mut seen, place));
            continue;
        };
        if seen[id as usize] && !arrays.iter().any(|array| array.contains(place)) {
            let name = kernel.locals[id as usize].name.clone();
            let own = Place::Local(kernel.add_local(name));
            seen.push(true);
            if let StatementKind::Assign(to, _) = &mut kernel.body[at].kind {
                *to = own;
            }
            flow::rename(&mut kernel.body[at + 1..], &mut |other| if other == place { own } else { other });
        } else {
            seen[id as usize] = true;
        }
    }
}

fn mark(seen: &mut [bool], place: Place) {
    if let Place::Local(LocalId(id)) = place {
        seen[id as usize] = true;
    }
}

/// The definitions of the locals that are assigned once, unconditionally, and not read before: what each holds wherever
/// it is read.
pub fn single(body: &[Statement]) -> BTreeMap<LocalId, Expression> {
    let mut writers: BTreeMap<Place, usize> = BTreeMap::new();
    let arrays = flow::arrays(body);
    for statement in body {
        for place in flow::writes(std::slice::from_ref(statement)).places {
            *writers.entry(place).or_default() += 1;
        }
    }
    body.iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Assign(place @ Place::Local(id), value)
                if writers.get(place) == Some(&1)
                    && !arrays.iter().any(|array| array.contains(*place))
                    && flow::access(body, *place) == flow::Access::Written =>
            {
                Some((*id, value.clone()))
            }
            _ => None,
        })
        .collect()
}
