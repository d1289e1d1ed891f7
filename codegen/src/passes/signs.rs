//! `c - v` becomes `-(v - c)` where a kernel has both, so that all that is computed of one is that of the other.
//!
//! Rates are often written so: `trap(v + 40, 9)` one way, `trap(-(v + 40), 9)` the other. Signs are exact.

use super::flow;
use crate::ir::{BinaryOperator, Expression, Function, Input, Place, Statement, StatementKind};
use crate::math::build::{load, negate, subtract};
use crate::math::{Key, key};
use std::collections::{BTreeMap, BTreeSet};

/// Rewrites the differences of a kernel.
pub fn run(kernel: &mut Function) {
    let written = flow::writes(&kernel.body).places;
    let mut found: [BTreeMap<Key, Expression>; 2] = Default::default();
    flow::visit(&kernel.body, &mut |e| {
        if let Some((from, side)) = shifted(e, &written) {
            found[side].insert(key(from, &|_| 0), from.clone());
        }
    });
    let [minuends, subtrahends] = found;
    let both = subtrahends.into_iter().filter(|(key, _)| minuends.contains_key(key));
    let places: BTreeMap<Key, (Place, Expression)> =
        both.map(|(key, from)| (key, (Place::Local(kernel.add_local("shifted")), from))).collect();
    flow::rewrite(&mut kernel.body, &mut |e| {
        if let Some((from, side)) = shifted(e, &written)
            && let Some((place, _)) = places.get(&key(from, &|_| 0))
        {
            *e = if side == 0 { load(*place) } else { negate(load(*place)) };
        }
    });
    let differences = places.into_values().map(|(place, from)| {
        let value = subtract(Expression::Input(Input::V), from);
        Statement::new(StatementKind::Assign(place, value), 0)
    });
    kernel.body.splice(0..0, differences);
}

/// The `c` of `v - c`, and 0; or that of `c - v`, and 1. It stays the same all through the kernel.
fn shifted<'e>(e: &'e Expression, written: &BTreeSet<Place>) -> Option<(&'e Expression, usize)> {
    let Expression::Binary(BinaryOperator::Subtract, a, b) = e else { return None };
    let stays = |e: &Expression| match e {
        Expression::Number(_) => true,
        Expression::Load(place @ (Place::Global(_) | Place::Column(_))) => !written.contains(place),
        _ => false,
    };
    let is_v = |e: &Expression| *e == Expression::Input(Input::V);
    if is_v(a) && stays(b) {
        Some((b, 0))
    } else if is_v(b) && stays(a) {
        Some((a, 1))
    } else {
        None
    }
}
