//! Fewer divisions: a fraction of fractions becomes one, and several divisions share one.
//!
//! `dt/(a + b/(1 + exp(x)))` is `dt*(1 + exp(x))/(a*(1 + exp(x)) + b)`; and with `w = 1/(p*q)` the quotients `1/p` and
//! `1/q` are `q*w` and `p*w`. A processor takes as long for a division as for ten to twenty products.
//!
//! That is done where denominators are polynomials of exponentials which are known not to come near 0, as sums of positive
//! numbers and exponentials do not. What is multiplied must stay finite, so exponentials in such a denominator count as
//! [`Math::Bounded`](crate::ir::Math::Bounded) says: only where a quotient is so small that it is nothing beside 1, it is
//! another number.
//!
//! More is known where potentials count as [`Math::Confined`](crate::ir::Math::Confined) says, for then exponentials of
//! potentials have a range; so rates with a gap (`guards`) and powers of exponentials take part. Both are tried.

mod bounds;
mod form;
mod guards;
mod known;
mod pairs;
mod ranges;

use super::{flow, improve};
use crate::ir::{BinaryOperator, Expression, Function, Place};
use known::Known;
use std::collections::BTreeSet;

/// Most divisions of a kernel that is looked at: the solution of a reaction scheme has many, each of which holds those before.
const MOST: usize = 24;

/// Divisions for which confining potentials pays: what they are replaced by is some operations more.
const WORTHWHILE: usize = 2;

/// Rewrites the divisions of a kernel; `carried` are the columns that kernels need.
pub fn run(kernel: &mut Function, carried: &BTreeSet<Place>) {
    let mut divisions = 0;
    flow::visit(&kernel.body, &mut |e| {
        divisions += usize::from(matches!(e, Expression::Binary(BinaryOperator::Divide, ..)));
    });
    if divisions > MOST {
        return;
    }
    let mut confined = kernel.clone();
    guards::run(&mut confined, &Known::of(&kernel.body, carried, true));
    improve(&mut confined);
    for (kernel, confines) in [(&mut *kernel, false), (&mut confined, true)] {
        rewrite(kernel, carried, confines);
    }
    let divisions = |kernel: &Function, confines| Known::of(&kernel.body, carried, confines).divisions(&kernel.body);
    if divisions(&confined, true) + WORTHWHILE <= divisions(kernel, false) {
        guards::confine(&mut confined);
        improve(&mut confined);
        *kernel = confined;
    }
}

fn rewrite(kernel: &mut Function, carried: &BTreeSet<Place>, confines: bool) {
    let known = |kernel: &Function| Known::of(&kernel.body, carried, confines);
    let of_fractions = known(kernel);
    let mut exponentials = Vec::new();
    for (statement, needed) in kernel.body.iter_mut().zip(&of_fractions.needed) {
        if *needed {
            statement.expressions_mut().into_iter().for_each(|e| of_fractions.flatten(e, &mut exponentials));
        }
    }
    bounds::run(kernel, exponentials);
    improve(kernel);
    // What two divisions share may be shared again.
    while let Some(exponentials) = pairs::run(kernel, &known(kernel)) {
        bounds::run(kernel, exponentials);
        improve(kernel);
    }
}
