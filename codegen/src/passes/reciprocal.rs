//! Divisions that cost less: `x/y` becomes a product where the inverse of `y` needs no division of its own, or one that is
//! the same for all instances.
//!
//! A division takes as long as ten products. Widths of rates are literals or GLOBALs, whose inverses are computed once.
//! `tau = 1/(alpha + beta)/q` and then `dt/tau` is how channels are written; with `dt*(alpha + beta)*q` nobody needs `tau`
//! unless it is recorded.

use super::fold::size;
use super::{flow, uniform, versions};
use crate::ir::{BinaryOperator, Expression, Function, LocalId, Place};
use crate::math::build::{divide, multiply, negate, number};
use std::collections::{BTreeMap, BTreeSet};

/// Largest denominator that is repeated, and largest inverse: products of products of locals grow with powers of two.
const LARGEST: usize = 8;

/// Rewrites the divisions of a kernel.
pub fn run(kernel: &mut Function) {
    let definitions = versions::single(&kernel.body);
    let uniform = uniform::locals(&kernel.body, &definitions);
    let known = Known { definitions, uniform, written: flow::writes(&kernel.body).places };
    flow::rewrite(&mut kernel.body, &mut |e| {
        if uniform::is_uniform(e, &known.uniform) {
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
    /// The locals that all instances share.
    uniform: BTreeSet<LocalId>,
    written: BTreeSet<Place>,
}

impl Known {
    /// `1/y`, if it is small and its divisions are the same for all instances.
    fn inverse(&self, y: &Expression) -> Option<Expression> {
        if let Expression::Number(c) = y {
            return literal(*c);
        }
        if uniform::is_uniform(y, &self.uniform) {
            return Some(divide(number(1.0), y.clone()));
        }
        let inverse = match y {
            Expression::Load(Place::Local(id)) => self.inverse(self.definitions.get(id)?),
            Expression::Negate(y) => self.inverse(y).map(negate),
            Expression::Binary(BinaryOperator::Multiply, a, b) => Some(multiply(self.inverse(a)?, self.inverse(b)?)),
            Expression::Binary(BinaryOperator::Divide, n, d) if self.is_lasting(d) => {
                Some(multiply(d.as_ref().clone(), self.inverse(n)?))
            }
            _ => None,
        };
        inverse.filter(|inverse| size(inverse) <= LARGEST)
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
