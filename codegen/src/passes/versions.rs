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
    // The local that a local has become, so far.
    let mut names: BTreeMap<Place, Place> = BTreeMap::new();
    let mut body = std::mem::take(&mut kernel.body);
    for statement in &mut body {
        let written = match &statement.kind {
            StatementKind::Assign(place, _) => Some(*place),
            _ => None,
        };
        flow::rename_by(std::slice::from_mut(statement), &names);
        let place = match &mut statement.kind {
            StatementKind::Assign(place @ Place::Local(_), _) => place,
            _ => {
                let places = flow::writes(std::slice::from_ref(statement)).places;
                places.into_iter().for_each(|place| mark(&mut seen, place));
                continue;
            }
        };
        let Place::Local(LocalId(id)) = *place else { continue };
        if seen[id as usize] && !arrays.iter().any(|array| array.contains(*place)) {
            let name = kernel.locals[id as usize].name.clone();
            *place = Place::Local(kernel.add_local(name));
            seen.push(true);
            names.extend(written.map(|written| (written, *place)));
        } else {
            seen[id as usize] = true;
        }
    }
    kernel.body = body;
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
    let mut first_reader: BTreeMap<Place, usize> = BTreeMap::new();
    let arrays = flow::arrays(body);
    for (at, statement) in body.iter().enumerate() {
        for place in flow::writes(std::slice::from_ref(statement)).places {
            *writers.entry(place).or_default() += 1;
        }
        for place in flow::loads(std::slice::from_ref(statement)) {
            first_reader.entry(place).or_insert(at);
        }
    }
    body.iter()
        .enumerate()
        .filter_map(|(at, statement)| match &statement.kind {
            StatementKind::Assign(place @ Place::Local(id), value)
                if writers.get(place) == Some(&1)
                    && !arrays.iter().any(|array| array.contains(*place))
                    && first_reader.get(place).is_none_or(|reader| *reader > at) =>
            {
                Some((*id, value.clone()))
            }
            _ => None,
        })
        .collect()
}
