//! Exponentials that count as [`Math::Bounded`] wherever they are: what is bounded in one place and not in another would
//! not cancel.

use crate::ir::{Expression, Function, Math, StatementKind};
use crate::math::build::{call, load};
use crate::passes::flow;

/// Bounds some exponentials, or locals that hold them, all through a kernel.
pub(super) fn run(kernel: &mut Function, exponentials: Vec<Expression>) {
    flow::rewrite(&mut kernel.body, &mut |e| {
        if matches!(e, Expression::Call(..)) && exponentials.contains(e) {
            *e = call(Math::Bounded, e.clone());
        }
    });
    flow::each_statement(&mut kernel.body, &mut |statement| {
        if let StatementKind::Assign(place, value) = &mut statement.kind
            && exponentials.contains(&load(*place))
        {
            *value = call(Math::Bounded, value.clone());
        }
    });
    flow::rewrite(&mut kernel.body, &mut |e| {
        if let Expression::Call(Math::Bounded, arguments) = e
            && let inner @ Expression::Call(Math::Bounded, _) = &arguments[0]
        {
            *e = inner.clone();
        }
    });
}
