//! Dead code elimination: assignments to locals that nobody reads, branches without content.

use super::flow::locals_of;
use crate::ir::{Expression, Function, LocalId, Place, Statement, StatementKind};
use crate::math::build::is_zero;
use std::collections::BTreeSet;

type Live = BTreeSet<LocalId>;

/// Removes what has no effect.
pub fn run(kernel: &mut Function) {
    block(&mut kernel.body, &mut Live::new());
}

/// Walks backwards; `live` holds the locals read later.
fn block(body: &mut Vec<Statement>, live: &mut Live) {
    let mut kept = Vec::with_capacity(body.len());
    for mut statement in std::mem::take(body).into_iter().rev() {
        if keep(&mut statement, live) {
            kept.push(statement);
        }
    }
    kept.reverse();
    *body = kept;
}

fn keep(statement: &mut Statement, live: &mut Live) -> bool {
    match &mut statement.kind {
        StatementKind::Assign(place, value) => {
            if *value == Expression::Load(*place) {
                return false;
            }
            if let Place::Local(id) = place {
                if !live.contains(id) {
                    return false;
                }
                live.remove(id);
            }
            locals_of(value, live);
            true
        }
        StatementKind::AssignElement(array, index, value) => {
            if matches!(array.first, Place::Local(_))
                && !array.elements().any(|element| matches!(element, Place::Local(id) if live.contains(&id)))
            {
                return false;
            }
            locals_of(index, live);
            locals_of(value, live);
            true
        }
        // The stream moves on even if nobody reads the number.
        StatementKind::Draw(draw) => {
            for place in draw.places() {
                if let Place::Local(id) = place {
                    live.remove(&id);
                }
            }
            draw.arguments.iter().for_each(|argument| locals_of(argument, live));
            true
        }
        StatementKind::If { condition, then, otherwise } => {
            let mut other = live.clone();
            block(then, live);
            block(otherwise, &mut other);
            if then.is_empty() && otherwise.is_empty() {
                return false;
            }
            live.extend(other);
            locals_of(condition, live);
            true
        }
        StatementKind::While { condition, body } => {
            locals_of(condition, live);
            settle(body, live);
            block(body, &mut live.clone());
            true
        }
        StatementKind::Iterate { body, until, .. } => {
            locals_of(until, live);
            settle(body, live);
            block(body, live);
            !body.is_empty()
        }
        StatementKind::Solve { body, .. } => {
            settle(body, live);
            block(body, live);
            true
        }
        StatementKind::StoreIon(ion, field, value) => {
            if *value == Expression::Ion(*ion, *field) {
                return false;
            }
            locals_of(value, live);
            true
        }
        StatementKind::StoreV(value) => {
            locals_of(value, live);
            true
        }
        StatementKind::AddIon(_, _, value) | StatementKind::AddRhs(value) | StatementKind::AddDiagonal(value) => {
            locals_of(value, live);
            !is_zero(value)
        }
        StatementKind::NetSend { delay, flag } => {
            locals_of(delay, live);
            locals_of(flag, live);
            true
        }
        StatementKind::NetEvent(t) | StatementKind::NetMove(t) => {
            locals_of(t, live);
            true
        }
        StatementKind::ForNetcons { body } => {
            settle(body, live);
            block(body, &mut live.clone());
            !body.is_empty()
        }
        StatementKind::Derivative(place, value) => {
            locals_of(value, live);
            locals_of(&Expression::Load(*place), live);
            true
        }
    }
}

/// What a further round of a loop's body needs is live at its end too.
fn settle(body: &[Statement], live: &mut Live) {
    loop {
        let mut before = live.clone();
        block(&mut body.to_vec(), &mut before);
        let size = live.len();
        live.extend(before);
        if live.len() == size {
            return;
        }
    }
}
