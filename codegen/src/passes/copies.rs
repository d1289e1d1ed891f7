//! Copy propagation: a local that only repeats a number or another value is read as that value.

use super::flow;
use crate::ir::{Expression, Function, Input, LocalId, Place, Statement, StatementKind};
use std::collections::BTreeMap;

type Known = BTreeMap<LocalId, Expression>;

/// Replaces loads of copies.
pub fn run(kernel: &mut Function) {
    block(&mut kernel.body, &mut Known::new());
}

fn block(body: &mut [Statement], known: &mut Known) {
    for statement in body {
        match &mut statement.kind {
            StatementKind::If { condition, then, otherwise } => {
                replace(condition, known);
                let mut other = known.clone();
                block(then, known);
                block(otherwise, &mut other);
                known.retain(|id, value| other.get(id) == Some(value));
            }
            StatementKind::While { condition, body } => {
                forget_written(body, known);
                replace(condition, known);
                block(body, &mut known.clone());
            }
            StatementKind::ForNetcons { body } => {
                forget_written(body, known);
                block(body, &mut known.clone());
            }
            StatementKind::Iterate { body, until, .. } => {
                forget_written(body, known);
                block(body, known);
                replace(until, known);
            }
            StatementKind::Solve { body, .. } => {
                forget_written(body, known);
                block(body, known);
            }
            StatementKind::Assign(place, value) => {
                replace(value, known);
                let alias = place.alias();
                forget(known, |leaf| matches!(leaf, Expression::Load(from) if from == place || Some(*from) == alias));
                if let Place::Local(id) = *place {
                    known.remove(&id);
                    if is_leaf(value) && *value != Expression::Load(*place) {
                        known.insert(id, value.clone());
                    }
                }
            }
            StatementKind::AssignElement(array, index, value) => {
                replace(index, known);
                replace(value, known);
                forget(known, |leaf| matches!(leaf, Expression::Load(place) if array.contains(*place)));
                known.retain(|id, _| !array.contains(Place::Local(*id)));
            }
            StatementKind::Draw(draw) => {
                draw.arguments.iter_mut().for_each(|argument| replace(argument, known));
                for place in draw.places() {
                    forget(known, |leaf| *leaf == Expression::Load(place));
                    if let Place::Local(id) = place {
                        known.remove(&id);
                    }
                }
            }
            StatementKind::StoreIon(ion, field, value) | StatementKind::AddIon(ion, field, value) => {
                replace(value, known);
                let changed = Expression::Ion(*ion, *field);
                forget(known, |leaf| *leaf == changed);
            }
            StatementKind::StoreV(value) => {
                replace(value, known);
                forget(known, |leaf| *leaf == Expression::Input(Input::V));
            }
            StatementKind::Derivative(_, value) | StatementKind::AddRhs(value) | StatementKind::AddDiagonal(value) => {
                replace(value, known);
            }
            StatementKind::NetSend { delay, flag } => {
                replace(delay, known);
                replace(flag, known);
            }
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => replace(t, known),
        }
    }
}

fn is_leaf(e: &Expression) -> bool {
    matches!(e, Expression::Number(_) | Expression::Load(_) | Expression::Input(_) | Expression::Ion(..))
}

fn replace(e: &mut Expression, known: &Known) {
    e.rewrite(&mut |inner| {
        if let Expression::Load(Place::Local(id)) = inner
            && let Some(value) = known.get(id)
        {
            *inner = value.clone();
        }
    });
}

fn forget(known: &mut Known, changed: impl Fn(&Expression) -> bool) {
    known.retain(|_, value| !changed(value));
}

fn forget_written(body: &[Statement], known: &mut Known) {
    let writes = flow::writes(body);
    known.retain(|id, value| {
        let kept = match value {
            Expression::Load(place) => !writes.places.contains(place),
            Expression::Ion(ion, field) => !writes.ions.contains(&(*ion, *field)),
            _ => true,
        };
        kept && !writes.places.contains(&Place::Local(*id))
    });
}
