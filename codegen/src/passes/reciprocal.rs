//! Divisions that cost less: `x/c` by a literal becomes a product, and so does `x/y` where `y` is `n/e`.
//!
//! A division takes as long as ten products. `tau = 1/(alpha + beta)` and then `dt/tau` is how channels are written; with
//! `dt*(alpha + beta)` nobody needs `tau` unless it is recorded.

use super::{flow, versions};
use crate::ir::{BinaryOperator, Expression, Function, LocalId, Place};
use crate::math::build::{multiply, number};
use std::collections::{BTreeMap, BTreeSet};

/// Largest denominator that is repeated.
const LARGEST: usize = 8;

/// Rewrites the divisions of a kernel.
pub fn run(kernel: &mut Function) {
    let definitions = versions::single(&kernel.body);
    let written = flow::writes(&kernel.body);
    let inverses: BTreeMap<LocalId, (f64, Expression)> = definitions
        .iter()
        .filter_map(|(id, value)| match value {
            Expression::Binary(BinaryOperator::Divide, n, e) => match n.as_ref() {
                Expression::Number(n) if inverse(*n).is_some() && is_lasting(e, &definitions, &written.places) => {
                    Some((*id, (*n, e.as_ref().clone())))
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    flow::rewrite(&mut kernel.body, &mut |e| {
        let Expression::Binary(BinaryOperator::Divide, x, y) = e else { return };
        let product = match y.as_ref() {
            Expression::Number(c) => inverse(*c).map(|inverse| multiply(x.as_ref().clone(), number(inverse))),
            Expression::Load(Place::Local(id)) => inverses.get(id).and_then(|(n, denominator)| {
                let product = multiply(x.as_ref().clone(), denominator.clone());
                inverse(*n).map(|inverse| multiply(product, number(inverse)))
            }),
            _ => None,
        };
        if let Some(product) = product {
            *e = product;
        }
    });
}

/// 1/c, unless single precision has no such number.
fn inverse(c: f64) -> Option<f64> {
    let inverse = 1.0 / c;
    ((inverse as f32).is_normal() && (c as f32).is_normal()).then_some(inverse)
}

/// A small product or sum of values that stay the same all through the kernel.
fn is_lasting(e: &Expression, definitions: &BTreeMap<LocalId, Expression>, written: &BTreeSet<Place>) -> bool {
    let (mut size, mut lasting) = (0, true);
    e.visit(&mut |part| {
        size += 1;
        lasting &= match part {
            Expression::Number(_) | Expression::Input(_) => true,
            Expression::Load(Place::Local(id)) => definitions.contains_key(id),
            Expression::Load(place @ (Place::Column(_) | Place::Global(_))) => !written.contains(place),
            Expression::Load(Place::NetArgument(_) | Place::EachArgument(_)) => false,
            Expression::Negate(_) => true,
            Expression::Binary(operator, ..) => *operator != BinaryOperator::Divide,
            Expression::Element(..)
            | Expression::Lookup(..)
            | Expression::LookupSlope(..)
            | Expression::Ion(..)
            | Expression::MulAdd(..)
            | Expression::Call(..)
            | Expression::Select(..)
            | Expression::Compare(..)
            | Expression::And(..)
            | Expression::Or(..)
            | Expression::Not(_) => false,
        };
    });
    lasting && size <= LARGEST
}
