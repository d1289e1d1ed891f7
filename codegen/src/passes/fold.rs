//! Constant folding and algebraic simplification.
//!
//! Only rules that keep the value of every IEEE operation, up to the sign of a zero: `x*1`, `x + 0`,
//! `-(-x)`, arithmetic on literals, known conditions; and `x^2`, `x^3`, `x^4` as products, `x^0.5` as
//! a square root. `exp(x) - 1` becomes `expm1(x)`, which does not lose digits where `x` is small: in
//! `x/(exp(x/y) - 1)` that is the whole difference between use and nonsense in single precision.
//! `0*x` stays, for `x` may be infinite; `a/b` stays a division.

use crate::ir::{BinaryOperator, Comparison, Expression, Function, Math, Statement, StatementKind};
use crate::math::build::{add, call, divide, is_number, is_zero, multiply, negate, number, subtract};

/// Largest expression that is repeated to write a power as a product.
const LARGEST_FACTOR: usize = 100;

/// Simplifies a kernel.
pub fn run(kernel: &mut Function) {
    block(&mut kernel.body);
}

fn block(body: &mut Vec<Statement>) {
    let mut out = Vec::with_capacity(body.len());
    for mut statement in std::mem::take(body) {
        for e in statement.expressions_mut() {
            e.rewrite(&mut simplify);
        }
        for inner in statement.blocks_mut() {
            block(inner);
        }
        match statement.kind {
            StatementKind::If { condition, then, otherwise } => match truth(&condition) {
                Some(true) => out.extend(then),
                Some(false) => out.extend(otherwise),
                None => {
                    let kind = StatementKind::If { condition, then, otherwise };
                    out.push(Statement::new(kind, statement.line));
                }
            },
            StatementKind::While { condition, body } => {
                if truth(&condition) != Some(false) {
                    out.push(Statement::new(StatementKind::While { condition, body }, statement.line));
                }
            }
            StatementKind::AssignElement(array, Expression::Number(index), value) => {
                let place = array.element(array.position(index));
                out.push(Statement::new(StatementKind::Assign(place, value), statement.line));
            }
            kind => out.push(Statement::new(kind, statement.line)),
        }
    }
    *body = out;
}

/// Simplifies one node whose operands are simple already.
fn simplify(e: &mut Expression) {
    let taken = std::mem::replace(e, Expression::Number(0.0));
    *e = match taken {
        Expression::Element(array, index) => match *index {
            Expression::Number(index) => Expression::Load(array.element(array.position(index))),
            index => Expression::Element(array, Box::new(index)),
        },
        Expression::Negate(a) => negate(*a),
        Expression::Binary(operator, a, b) => binary(operator, *a, *b),
        Expression::Call(Math::Pow, arguments) => power(arguments),
        Expression::Call(function, arguments) => of_number(function, arguments),
        Expression::Select(condition, a, b) => match truth(&condition) {
            Some(true) => *a,
            Some(false) => *b,
            None if a == b => *a,
            None => Expression::Select(condition, a, b),
        },
        Expression::Not(a) => not(*a),
        Expression::And(a, b) => match (truth(&a), truth(&b)) {
            (Some(true), _) | (_, Some(false)) => *b,
            (_, Some(true)) | (Some(false), _) => *a,
            (None, None) => Expression::And(a, b),
        },
        Expression::Or(a, b) => match (truth(&a), truth(&b)) {
            (Some(false), _) | (_, Some(true)) => *b,
            (_, Some(false)) | (Some(true), _) => *a,
            (None, None) => Expression::Or(a, b),
        },
        Expression::Compare(Comparison::NotEqual, a, b) => match (*a, *b) {
            // A truth value made a number and tested again.
            (Expression::Select(condition, yes, no), zero)
                if is_zero(&zero) && is_number(&yes, 1.0) && is_zero(&no) =>
            {
                *condition
            }
            (a, b) => Expression::Compare(Comparison::NotEqual, Box::new(a), Box::new(b)),
        },
        other => other,
    };
}

fn binary(operator: BinaryOperator, a: Expression, b: Expression) -> Expression {
    match operator {
        BinaryOperator::Add => match (exponent(&a), exponent(&b)) {
            (Some(x), None) if is_number(&b, -1.0) => call(Math::Expm1, x),
            (None, Some(x)) if is_number(&a, -1.0) => call(Math::Expm1, x),
            _ => add(a, b),
        },
        BinaryOperator::Subtract => match (exponent(&a), exponent(&b)) {
            (Some(x), None) if is_number(&b, 1.0) => call(Math::Expm1, x),
            (None, Some(x)) if is_number(&a, 1.0) => negate(call(Math::Expm1, x)),
            _ => subtract(a, b),
        },
        // A factor 0 of the modeller's own is not structural.
        BinaryOperator::Multiply if literal_zero(&a, &b) => Expression::binary(operator, a, b),
        BinaryOperator::Multiply => multiply(a, b),
        BinaryOperator::Divide if literal_zero(&a, &b) => Expression::binary(operator, a, b),
        BinaryOperator::Divide => divide(a, b),
    }
}

/// The `x` of `exp(x)`.
fn exponent(e: &Expression) -> Option<Expression> {
    match e {
        Expression::Call(Math::Exp, arguments) => arguments.first().cloned(),
        _ => None,
    }
}

/// The count of nodes.
pub fn size(e: &Expression) -> usize {
    let mut count = 0;
    e.visit(&mut |_| count += 1);
    count
}

/// One is the literal 0, the other no literal.
fn literal_zero(a: &Expression, b: &Expression) -> bool {
    let both = matches!((a, b), (Expression::Number(_), Expression::Number(_)));
    (is_zero(a) || is_zero(b)) && !both
}

fn power(arguments: Vec<Expression>) -> Expression {
    let [x, Expression::Number(exponent)] = arguments.as_slice() else {
        return Expression::Call(Math::Pow, arguments);
    };
    if let Expression::Number(base) = x {
        let value = base.powf(*exponent);
        if value.is_finite() {
            return number(value);
        }
    }
    let product = |count: usize| std::iter::repeat_n(x.clone(), count).reduce(multiply);
    if size(x) > LARGEST_FACTOR {
        return Expression::Call(Math::Pow, arguments);
    }
    let result = match *exponent {
        0.0 => Some(number(1.0)),
        0.5 => Some(Expression::Call(Math::Sqrt, vec![x.clone()])),
        1.0 => product(1),
        2.0 => product(2),
        3.0 => product(3),
        4.0 => product(4),
        -1.0 => Some(divide(number(1.0), x.clone())),
        _ => None,
    };
    result.unwrap_or(Expression::Call(Math::Pow, arguments))
}

/// Functions of literals that are exact on every machine.
fn of_number(function: Math, arguments: Vec<Expression>) -> Expression {
    let value = match (function, arguments.as_slice()) {
        (Math::Abs, [Expression::Number(x)]) => Some(x.abs()),
        (Math::Floor, [Expression::Number(x)]) => Some(x.floor()),
        (Math::Ceil, [Expression::Number(x)]) => Some(x.ceil()),
        (Math::Sqrt, [Expression::Number(x)]) if *x >= 0.0 => Some(x.sqrt()),
        (Math::Abs, [Expression::Negate(x)]) => return call(Math::Abs, x.as_ref().clone()),
        (Math::Exp, [x]) if is_zero(x) => Some(1.0),
        (Math::Expm1 | Math::Sin | Math::Tan | Math::Sinh | Math::Tanh | Math::Atan, [x]) if is_zero(x) => Some(0.0),
        (Math::Log, [x]) if is_number(x, 1.0) => Some(0.0),
        _ => None,
    };
    value.map_or(Expression::Call(function, arguments), number)
}

fn not(a: Expression) -> Expression {
    match a {
        Expression::Not(inner) => *inner,
        // `!x` of a number: x == 0.
        Expression::Compare(Comparison::NotEqual, x, y) => Expression::Compare(Comparison::Equal, x, y),
        Expression::Compare(Comparison::Equal, x, y) => Expression::Compare(Comparison::NotEqual, x, y),
        other => Expression::Not(Box::new(other)),
    }
}

/// The value of a condition on literals.
pub fn truth(condition: &Expression) -> Option<bool> {
    match condition {
        Expression::Compare(comparison, a, b) => match (a.as_ref(), b.as_ref()) {
            (Expression::Number(a), Expression::Number(b)) => Some(match comparison {
                Comparison::Less => a < b,
                Comparison::LessEqual => a <= b,
                Comparison::Greater => a > b,
                Comparison::GreaterEqual => a >= b,
                Comparison::Equal => a == b,
                Comparison::NotEqual => a != b,
            }),
            _ => None,
        },
        Expression::Not(a) => truth(a).map(|value| !value),
        _ => None,
    }
}
