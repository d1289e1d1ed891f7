//! Constructors of expressions that drop zeros, ones and double signs.
//!
//! For expressions that the compiler makes itself (derivatives, linear forms), where a factor 0 is
//! structural: `0 * x` is 0 here, whatever `x`. All other rules are exact in IEEE arithmetic, up to
//! the sign of a zero.

use crate::ir::{BinaryOperator, Expression, Input, LocalId, Math, Place};

/// A literal.
pub fn number(value: f64) -> Expression {
    Expression::Number(value)
}

/// The value of a local.
pub fn local(id: LocalId) -> Expression {
    Expression::local(id)
}

/// The value of a place.
pub fn load(place: Place) -> Expression {
    Expression::Load(place)
}

/// The time step.
pub fn dt() -> Expression {
    Expression::Input(Input::Dt)
}

/// A function of one argument.
pub fn call(function: Math, argument: Expression) -> Expression {
    Expression::Call(function, vec![argument])
}

/// Whether it is the literal 0.
pub fn is_zero(e: &Expression) -> bool {
    is_number(e, 0.0)
}

/// Whether it is the literal `value`.
pub fn is_number(e: &Expression, value: f64) -> bool {
    matches!(e, Expression::Number(x) if *x == value)
}

/// `-a`.
pub fn negate(a: Expression) -> Expression {
    match a {
        Expression::Number(x) => number(if x == 0.0 { 0.0 } else { -x }),
        Expression::Negate(inner) => *inner,
        Expression::Binary(BinaryOperator::Subtract, x, y) => subtract(*y, *x),
        other => Expression::Negate(Box::new(other)),
    }
}

/// `a + b`.
pub fn add(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (Expression::Number(x), Expression::Number(y)) => number(x + y),
        (a, b) if is_zero(&a) => b,
        (a, b) if is_zero(&b) => a,
        (Expression::Negate(x), Expression::Negate(y)) => negate(add(*x, *y)),
        (a, Expression::Negate(y)) => subtract(a, *y),
        (Expression::Negate(x), b) => subtract(b, *x),
        (a, b) => Expression::binary(BinaryOperator::Add, a, b),
    }
}

/// `a - b`.
pub fn subtract(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (Expression::Number(x), Expression::Number(y)) => number(x - y),
        (a, b) if is_zero(&b) => a,
        (a, b) if is_zero(&a) => negate(b),
        (Expression::Negate(x), Expression::Negate(y)) => subtract(*y, *x),
        (a, Expression::Negate(y)) => add(a, *y),
        (Expression::Negate(x), b) => negate(add(*x, b)),
        (a, b) => Expression::binary(BinaryOperator::Subtract, a, b),
    }
}

/// `a * b`.
pub fn multiply(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (Expression::Number(x), Expression::Number(y)) => number(x * y),
        (a, b) if is_zero(&a) || is_zero(&b) => number(0.0),
        (a, b) if is_number(&a, 1.0) => b,
        (a, b) if is_number(&b, 1.0) => a,
        (a, b) if is_number(&a, -1.0) => negate(b),
        (a, b) if is_number(&b, -1.0) => negate(a),
        (Expression::Negate(x), Expression::Negate(y)) => multiply(*x, *y),
        (Expression::Negate(x), b) => negate(multiply(*x, b)),
        (a, Expression::Negate(y)) => negate(multiply(a, *y)),
        (a, b) => Expression::binary(BinaryOperator::Multiply, a, b),
    }
}

/// `a / b`.
pub fn divide(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (Expression::Number(x), Expression::Number(y)) if y != 0.0 => number(x / y),
        (a, b) if is_number(&b, 1.0) => a,
        (a, b) if is_number(&b, -1.0) => negate(a),
        (a, b) if is_zero(&a) && !is_zero(&b) => number(0.0),
        (Expression::Negate(x), Expression::Negate(y)) => divide(*x, *y),
        (Expression::Negate(x), b) => negate(divide(*x, b)),
        (a, Expression::Negate(y)) => negate(divide(a, *y)),
        (a, b) => Expression::binary(BinaryOperator::Divide, a, b),
    }
}
