//! `a*b + c`, `c - a*b` and the like become [`Expression::MulAdd`], which builds that allow it print
//! as one fused operation. In other builds it is printed as written, with the same value.

use super::flow;
use crate::ir::{BinaryOperator, Expression, Function};
use crate::math::build::negate;

/// Contracts all expressions of a kernel.
pub fn run(kernel: &mut Function) {
    flow::rewrite(&mut kernel.body, &mut contract);
}

fn contract(e: &mut Expression) {
    let Expression::Binary(operator, left, right) = e else { return };
    let product = |e: &Expression| match e {
        Expression::Binary(BinaryOperator::Multiply, a, b) => Some((a.clone(), b.clone())),
        _ => None,
    };
    let negative = |e: &Expression| Box::new(negate(e.clone()));
    let (a, b, c) = match (*operator, product(left), product(right)) {
        (BinaryOperator::Add, Some((a, b)), _) => (a, b, right.clone()),
        (BinaryOperator::Add, None, Some((a, b))) => (a, b, left.clone()),
        (BinaryOperator::Subtract, Some((a, b)), _) => (a, b, negative(right)),
        (BinaryOperator::Subtract, None, Some((a, b))) => (negative(&a), b, left.clone()),
        _ => return,
    };
    *e = Expression::MulAdd(a, b, c);
}
