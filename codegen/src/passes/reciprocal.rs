//! Divisions that cost less: `x/y` becomes a product where the inverse of `y` needs no division of its own, or one that is
//! the same for all instances.
//!
//! A division takes as long as ten products. Widths of rates are literals or GLOBALs, whose inverses are computed once.
//! `tau = 1/(alpha + beta)/q` and then `dt/tau` is how channels are written; with `dt*(alpha + beta)*q` nobody needs `tau`
//! unless it is recorded.

use super::{flow, versions};
use crate::ir::{BinaryOperator, Expression, Function, Input, LocalId, Place};
use crate::math::build::{divide, multiply, negate, number};
use std::collections::{BTreeMap, BTreeSet};

/// Largest denominator that is repeated.
const LARGEST: usize = 8;

/// Rewrites the divisions of a kernel.
pub fn run(kernel: &mut Function) {
    let known = Known { definitions: versions::single(&kernel.body), written: flow::writes(&kernel.body).places };
    flow::rewrite(&mut kernel.body, &mut |e| {
        if known.is_uniform(e) {
            return;
        }
        if let Expression::Binary(BinaryOperator::Divide, x, y) = e
            && let Some(inverse) = known.inverse(y)
        {
            *e = multiply(x.as_ref().clone(), inverse);
        }
    });
}

/// What stays the same all through a kernel.
struct Known {
    definitions: BTreeMap<LocalId, Expression>,
    written: BTreeSet<Place>,
}

impl Known {
    /// `1/y`, if its divisions are the same for all instances.
    fn inverse(&self, y: &Expression) -> Option<Expression> {
        if let Expression::Number(c) = y {
            return literal(*c);
        }
        if self.is_uniform(y) {
            return Some(divide(number(1.0), y.clone()));
        }
        match y {
            Expression::Load(Place::Local(id)) => self.inverse(self.definitions.get(id)?),
            Expression::Negate(y) => self.inverse(y).map(negate),
            Expression::Binary(BinaryOperator::Multiply, a, b) => Some(multiply(self.inverse(a)?, self.inverse(b)?)),
            Expression::Binary(BinaryOperator::Divide, n, d) if self.is_lasting(d) => {
                Some(multiply(d.as_ref().clone(), self.inverse(n)?))
            }
            _ => None,
        }
    }

    /// Whether all instances have the same value.
    fn is_uniform(&self, e: &Expression) -> bool {
        match e {
            Expression::Number(_) => true,
            Expression::Load(place @ Place::Global(_)) => !self.written.contains(place),
            Expression::Load(Place::Local(id)) => self.definitions.get(id).is_some_and(|e| self.is_uniform(e)),
            Expression::Input(input) => matches!(input, Input::Dt | Input::Celsius),
            Expression::Negate(e) => self.is_uniform(e),
            Expression::Binary(_, a, b) => self.is_uniform(a) && self.is_uniform(b),
            Expression::Call(_, arguments) => arguments.iter().all(|e| self.is_uniform(e)),
            _ => false,
        }
    }

    /// A small product or sum of values that stay the same all through the kernel.
    fn is_lasting(&self, e: &Expression) -> bool {
        let (mut size, mut lasting) = (0, true);
        e.visit(&mut |part| {
            size += 1;
            lasting &= match part {
                Expression::Number(_) | Expression::Input(_) => true,
                Expression::Load(Place::Local(id)) => self.definitions.contains_key(id),
                Expression::Load(place @ (Place::Column(_) | Place::Global(_))) => !self.written.contains(place),
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
}

/// 1/c, unless single precision has no such number.
fn literal(c: f64) -> Option<Expression> {
    let inverse = 1.0 / c;
    ((inverse as f32).is_normal() && (c as f32).is_normal()).then(|| number(inverse))
}
