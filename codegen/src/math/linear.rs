//! Splitting an expression that is linear in one place.

use super::build::{add, divide, is_zero, load, multiply, negate, number, subtract};
use crate::ir::{BinaryOperator, Expression, Place};

/// `(p*x + q)/r + c`, none of the parts containing `x`. `r` is `None` for 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Factor of `x`.
    pub p: Expression,
    /// Rest over the same denominator.
    pub q: Expression,
    /// Denominator.
    pub r: Option<Expression>,
    /// Rest without the denominator.
    pub c: Expression,
}

/// Why an expression is not of that form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nonlinear {
    /// Two factors that both contain `x`.
    Product,
    /// `x` in a denominator, a function's argument, or a condition.
    Other,
}

impl Linear {
    fn constant(c: Expression) -> Self {
        Self { p: number(0.0), q: number(0.0), r: None, c }
    }

    fn depends(&self) -> bool {
        !is_zero(&self.p)
    }

    /// The slope `p/r`.
    pub fn slope(&self) -> Expression {
        self.over(self.p.clone())
    }

    /// The value at x = 0: `q/r + c`.
    pub fn rest(&self) -> Expression {
        add(self.over(self.q.clone()), self.c.clone())
    }

    /// The root in x: `-(q + c*r)/p`.
    pub fn root(&self) -> Expression {
        let scaled = match &self.r {
            Some(r) => multiply(self.c.clone(), r.clone()),
            None => self.c.clone(),
        };
        divide(add(self.q.clone(), scaled), negate(self.p.clone()))
    }

    fn over(&self, e: Expression) -> Expression {
        match &self.r {
            Some(r) => divide(e, r.clone()),
            None => e,
        }
    }

    /// A constant if the factors of `x` have cancelled, as in `(x - x + 5)/r`.
    fn settled(self) -> Self {
        if self.depends() { self } else { Self::constant(self.rest()) }
    }

    fn negated(self) -> Self {
        Self { p: negate(self.p), q: negate(self.q), r: self.r, c: negate(self.c) }
    }

    fn plus(self, other: Self) -> Self {
        if !other.depends() {
            return Self { c: add(self.c, other.c), ..self };
        }
        if !self.depends() {
            return Self { c: add(self.c, other.c), ..other };
        }
        let c = add(self.c.clone(), other.c.clone());
        if self.r == other.r {
            return Self { p: add(self.p, other.p), q: add(self.q, other.q), r: self.r, c };
        }
        let p = add(self.slope(), other.slope());
        let q = add(self.over(self.q.clone()), other.over(other.q.clone()));
        Self { p, q, r: None, c }
    }

    fn times(self, factor: &Expression, on_the_left: bool) -> Self {
        let scale = |part: Expression| match on_the_left {
            true => multiply(factor.clone(), part),
            false => multiply(part, factor.clone()),
        };
        Self { p: scale(self.p), q: scale(self.q), r: self.r, c: scale(self.c) }
    }

    fn divided(self, by: &Expression) -> Self {
        match self.r {
            None => Self { p: self.p, q: add(self.q, self.c), r: Some(by.clone()), c: number(0.0) },
            Some(r) => Self {
                p: self.p,
                q: self.q,
                r: Some(multiply(r, by.clone())),
                c: if is_zero(&self.c) { self.c } else { divide(self.c, by.clone()) },
            },
        }
    }
}

/// Writes `e` as a linear form in `x`.
///
/// # Errors
/// Says how the expression fails to be linear.
pub fn linear_in(e: &Expression, x: Place) -> Result<Linear, Nonlinear> {
    if !contains(e, x) {
        return Ok(Linear::constant(e.clone()));
    }
    let linear = match e {
        Expression::Load(place) if *place == x => {
            Ok(Linear { p: number(1.0), q: number(0.0), r: None, c: number(0.0) })
        }
        Expression::Negate(a) => Ok(linear_in(a, x)?.negated()),
        Expression::Binary(operator, a, b) => match operator {
            BinaryOperator::Add => Ok(linear_in(a, x)?.plus(linear_in(b, x)?)),
            BinaryOperator::Subtract => difference(linear_in(a, x)?, linear_in(b, x)?),
            BinaryOperator::Multiply => match (contains(a, x), contains(b, x)) {
                (true, true) => {
                    linear_in(a, x)?;
                    linear_in(b, x)?;
                    Err(Nonlinear::Product)
                }
                (true, false) => Ok(linear_in(a, x)?.times(b, false)),
                (false, _) => Ok(linear_in(b, x)?.times(a, true)),
            },
            BinaryOperator::Divide if contains(b, x) => Err(Nonlinear::Other),
            BinaryOperator::Divide => Ok(linear_in(a, x)?.divided(b)),
        },
        _ => Err(Nonlinear::Other),
    };
    linear.map(Linear::settled)
}

fn difference(a: Linear, b: Linear) -> Result<Linear, Nonlinear> {
    if !a.depends() && !b.depends() {
        return Ok(Linear::constant(subtract(a.c, b.c)));
    }
    Ok(a.plus(b.negated()))
}

fn contains(e: &Expression, x: Place) -> bool {
    let mut found = false;
    e.visit(&mut |inner| {
        found |= *inner == load(x) || matches!(inner, Expression::Element(array, _) if array.contains(x));
    });
    found
}
