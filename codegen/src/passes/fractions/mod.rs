//! Fewer divisions: a fraction of fractions becomes one, and several divisions share one.
//!
//! `dt/(a + b/(1 + exp(x)))` is `dt*(1 + exp(x))/(a*(1 + exp(x)) + b)`; and with `w = 1/(p*q)` the quotients `1/p` and
//! `1/q` are `q*w` and `p*w`. A processor takes as long for a division as for ten to twenty products.
//!
//! That is done where denominators are polynomials of exponentials which are known not to come near 0, as sums of positive
//! numbers and exponentials do not. What is multiplied must stay finite, so exponentials in such a denominator count as
//! [`Math::Bounded`](crate::ir::Math::Bounded) says: only where a quotient is so small that it is nothing beside 1, it is
//! another number.

mod bounds;
mod form;
mod known;
mod pairs;

use super::improve;
use crate::ir::{Function, Place};
use known::Known;
use std::collections::BTreeSet;

/// Rewrites the divisions of a kernel; `carried` are the columns that kernels need.
pub fn run(kernel: &mut Function, carried: &BTreeSet<Place>) {
    let known = Known::of(&kernel.body, carried);
    let mut exponentials = Vec::new();
    for (statement, needed) in kernel.body.iter_mut().zip(&known.needed) {
        if *needed {
            statement.expressions_mut().into_iter().for_each(|e| known.flatten(e, &mut exponentials));
        }
    }
    bounds::run(kernel, exponentials);
    improve(kernel);
    // What two divisions share may be shared again.
    while let Some(exponentials) = pairs::run(kernel, &Known::of(&kernel.body, carried)) {
        bounds::run(kernel, exponentials);
        improve(kernel);
    }
}
