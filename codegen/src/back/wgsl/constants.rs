//! Constant expressions whose value is infinite or NaN, which WGSL does not allow.
//!
//! WGSL evaluates `1.0 / 0.0` when the shader is compiled, and refuses it. Such an expression becomes the number that it
//! is; [`super::kernel`] prints that without a constant. All other expressions stay as they are.

use crate::back::Real;
use crate::ir::{BinaryOperator, Expression, Function, Statement};

/// The function with numbers for constant expressions that are not finite.
pub(super) fn replace_non_finite(function: &Function, real: Real) -> Function {
    let mut function = function.clone();
    block(&mut function.body, real);
    function
}

fn block(body: &mut [Statement], real: Real) {
    for statement in body {
        for expression in statement.expressions_mut() {
            expression.rewrite(&mut |part| {
                if let Some(value) = operation(part, real)
                    && !value.is_finite()
                {
                    *part = Expression::Number(value);
                }
            });
        }
        for inner in statement.blocks_mut() {
            block(inner, real);
        }
    }
}

/// The value of an expression of numbers, in the real type; the expression's own number is not one.
fn operation(expression: &Expression, real: Real) -> Option<f64> {
    match expression {
        Expression::Negate(a) => Some(-value(a, real)?),
        Expression::Binary(operator, a, b) => Some(binary(*operator, value(a, real)?, value(b, real)?, real)),
        Expression::MulAdd(a, b, c) => {
            let product = binary(BinaryOperator::Multiply, value(a, real)?, value(b, real)?, real);
            match value(c, real) {
                Some(c) => Some(binary(BinaryOperator::Add, product, c, real)),
                // Only the product is constant; it decides if it is not finite.
                None => (!product.is_finite()).then_some(product),
            }
        }
        _ => None,
    }
}

fn value(expression: &Expression, real: Real) -> Option<f64> {
    match expression {
        Expression::Number(value) => Some(round(*value, real)),
        other => operation(other, real),
    }
}

fn binary(operator: BinaryOperator, a: f64, b: f64, real: Real) -> f64 {
    let exact = match operator {
        BinaryOperator::Add => a + b,
        BinaryOperator::Subtract => a - b,
        BinaryOperator::Multiply => a * b,
        BinaryOperator::Divide => a / b,
    };
    round(exact, real)
}

fn round(value: f64, real: Real) -> f64 {
    match real {
        Real::F32 => f64::from(value as f32),
        Real::F64 => value,
    }
}
