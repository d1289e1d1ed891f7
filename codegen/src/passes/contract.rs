//! `a*b + c`, `c - a*b` and the like become [`Expression::MulAdd`], which builds that allow it print
//! as one fused operation. In other builds it is printed as written, with the same value. Signs move into constants.

use super::flow;
use crate::ir::{BinaryOperator, Expression, Function, Input};
use crate::math::build::negate;

/// Contracts all expressions of a kernel.
pub fn run(kernel: &mut Function) {
    flow::rewrite(&mut kernel.body, &mut contract);
}

fn contract(e: &mut Expression) {
    match e {
        Expression::Binary(operator, left, right) => {
            if let Some(contracted) = contracted(*operator, left, right) {
                *e = contracted;
            }
        }
        Expression::Negate(a) => {
            if let Some(negative) = negative(a) {
                *e = negative;
            }
        }
        _ => {}
    }
}

fn contracted(operator: BinaryOperator, left: &Expression, right: &Expression) -> Option<Expression> {
    let product = |e: &Expression| match e {
        Expression::Binary(BinaryOperator::Multiply, a, b) => Some((a.clone(), b.clone())),
        _ => None,
    };
    let (a, b, c) = match (operator, product(left), product(right)) {
        (BinaryOperator::Add, Some((a, b)), _) => (a, b, right.clone()),
        (BinaryOperator::Add, None, Some((a, b))) => (a, b, left.clone()),
        (BinaryOperator::Subtract, Some((a, b)), _) => (a, b, negate(right.clone())),
        (BinaryOperator::Subtract, None, Some((a, b))) if is_constant(&b) => (a, negate(*b).into(), left.clone()),
        (BinaryOperator::Subtract, None, Some((a, b))) => (negate(*a).into(), b, left.clone()),
        _ => return None,
    };
    Some(Expression::MulAdd(a, b, c.into()))
}

/// `-a` with the sign moved into a constant, if there is one; the same value.
fn negative(a: &Expression) -> Option<Expression> {
    let Expression::Binary(operator, left, right) = a else { return None };
    let (left, right) = (|| (**left).clone(), || (**right).clone());
    let binary = |operator, a, b| Some(Expression::binary(operator, a, b));
    use BinaryOperator::{Add, Divide, Multiply, Subtract};
    match operator {
        Add if is_constant(&right()) => binary(Subtract, negate(right()), left()),
        Add if is_constant(&left()) => binary(Subtract, negate(left()), right()),
        Multiply | Divide if is_constant(&right()) => binary(*operator, left(), negate(right())),
        Multiply | Divide if is_constant(&left()) => binary(*operator, negate(left()), right()),
        Add | Subtract | Multiply | Divide => None,
    }
}

/// Whether all instances have the same value in all steps.
fn is_constant(e: &Expression) -> bool {
    matches!(e, Expression::Number(_) | Expression::Input(Input::Dt | Input::Celsius))
}
