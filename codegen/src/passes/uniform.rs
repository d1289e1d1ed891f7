//! What is the same for all instances is computed before them: temperature factors, mostly.
//!
//! Expressions of dt, time, temperature, globals and literals alone move into locals at the beginning of a kernel.
//! [`prefix`] tells back ends how many statements there are that they may run once for all instances.

use super::{flow, versions};
use crate::ir::{Expression, Function, Input, LocalId, Place, Statement, StatementKind};
use crate::math::build::load;
use crate::math::{Key, key};
use std::collections::{BTreeMap, BTreeSet};

/// Moves uniform expressions of a kernel to its beginning.
pub fn run(kernel: &mut Function) {
    let mut found: BTreeMap<Key, Place> = BTreeMap::new();
    let known = locals(&kernel.body, &versions::single(&kernel.body));
    let body = std::mem::take(&mut kernel.body);
    let (mut statements, mut body): (Vec<Statement>, Vec<Statement>) =
        body.into_iter().partition(|statement| match &statement.kind {
            StatementKind::Assign(Place::Local(id), _) => known.contains(id),
            _ => false,
        });
    flow::each(&mut body, &mut |e| extract(e, &known, kernel, &mut found, &mut statements));
    statements.append(&mut body);
    kernel.body = statements;
}

/// Replaces the largest uniform parts of an expression.
fn extract(
    e: &mut Expression,
    known: &BTreeSet<LocalId>,
    kernel: &mut Function,
    found: &mut BTreeMap<Key, Place>,
    statements: &mut Vec<Statement>,
) {
    if e.operands().is_empty() {
        return;
    }
    if is_uniform(e, known) && !e.is_boolean() && has_input(e) {
        let place = *found.entry(key(e, &|_| 0)).or_insert_with(|| {
            let place = Place::Local(kernel.add_local("uniform"));
            statements.push(Statement::new(StatementKind::Assign(place, e.clone()), 0));
            place
        });
        *e = load(place);
        return;
    }
    for operand in e.operands_mut() {
        extract(operand, known, kernel, found, statements);
    }
}

/// Not a literal, and not only its sign.
fn has_input(e: &Expression) -> bool {
    if let Expression::Negate(inner) = e {
        return !inner.operands().is_empty() && has_input(inner);
    }
    let mut found = false;
    e.visit(&mut |part| found |= matches!(part, Expression::Input(_) | Expression::Load(_)));
    found
}

/// The locals that are the same for all instances, of those with one definition.
pub fn locals(body: &[Statement], single: &BTreeMap<LocalId, Expression>) -> BTreeSet<LocalId> {
    let mut known = BTreeSet::new();
    for statement in body {
        if let StatementKind::Assign(Place::Local(id), value) = &statement.kind
            && single.contains_key(id)
            && is_uniform(value, &known)
        {
            known.insert(*id);
        }
    }
    known
}

/// Whether all instances have the same value, given the locals of which that is known.
pub fn is_uniform(e: &Expression, known: &BTreeSet<LocalId>) -> bool {
    let mut uniform = true;
    e.visit(&mut |part| {
        uniform &= match part {
            Expression::Load(Place::Global(_)) | Expression::Input(Input::T | Input::Dt | Input::Celsius) => true,
            Expression::Load(Place::Local(id)) => known.contains(id),
            Expression::Load(_) | Expression::Input(_) | Expression::Ion(..) => false,
            // Back ends load arrays and tables lane by lane.
            Expression::Element(..) | Expression::Lookup(..) | Expression::LookupSlope(..) => false,
            Expression::Number(_)
            | Expression::Negate(_)
            | Expression::Binary(..)
            | Expression::MulAdd(..)
            | Expression::Call(..)
            | Expression::Select(..)
            | Expression::Compare(..)
            | Expression::And(..)
            | Expression::Or(..)
            | Expression::Not(_) => true,
        };
    });
    uniform
}

/// The count of statements at the beginning of a kernel that give every instance the same.
pub fn prefix(kernel: &Function) -> usize {
    let mut known = BTreeSet::new();
    for (count, statement) in kernel.body.iter().enumerate() {
        match &statement.kind {
            StatementKind::Assign(place @ Place::Local(id), value)
                if is_uniform(value, &known) && !flow::writes(&kernel.body[count + 1..]).places.contains(place) =>
            {
                known.insert(*id);
            }
            _ => return count,
        }
    }
    kernel.body.len()
}
