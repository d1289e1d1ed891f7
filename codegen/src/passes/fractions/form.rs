//! Expressions as one numerator and one denominator.

use super::known::Known;
use crate::ir::{BinaryOperator, Expression, Place, Statement};
use crate::math::build::{add, divide, multiply, negate, number, subtract};
use crate::passes::fold::size;
use crate::passes::{flow, uniform};

/// Largest numerator or denominator.
const LARGEST: usize = 400;

/// An expression as a fraction.
pub(super) struct Form {
    pub numerator: Expression,
    pub denominator: Option<Expression>,
    /// How many divisions were in it.
    divisions: usize,
}

impl Form {
    fn whole(e: &Expression) -> Self {
        Self { numerator: e.clone(), denominator: None, divisions: 0 }
    }

    fn new(numerator: Expression, denominator: Option<Expression>, divisions: usize) -> Self {
        Self { numerator, denominator, divisions }
    }
}

/// A fraction whose exponentials are bounded.
pub(super) struct Bounded {
    pub numerator: Expression,
    pub denominator: Expression,
    /// Those that are to be bounded wherever they are.
    pub exponentials: Vec<Expression>,
    /// Most that the denominator can be in single and in double precision, if it is known to be neither 0 nor infinite.
    pub most: Option<[f64; 2]>,
    /// Whether it comes near 0 as an exponential grows: nearer if that were not bounded.
    pub vanishes: bool,
    /// Whether it is the same then but for that.
    pub same: bool,
}

impl Known {
    /// Makes the fractions of fractions in an expression plain; adds the exponentials that are to be bounded.
    pub fn flatten(&self, e: &mut Expression, exponentials: &mut Vec<Expression>) {
        if matches!(e, Expression::Binary(..) | Expression::Negate(_)) {
            let Form { numerator, denominator, divisions } = self.form(e);
            let plain = match denominator {
                None => (divisions > 0).then_some(numerator),
                Some(denominator) if divisions > 1 || (self.confined && divisions == 1 && !divides(e)) => {
                    let fraction = self.bounded(numerator, denominator);
                    (self.fits(&fraction) && !fraction.vanishes).then(|| {
                        exponentials.extend(fraction.exponentials);
                        divide(fraction.numerator, fraction.denominator)
                    })
                }
                Some(_) => None,
            };
            if let Some(plain) = plain {
                *e = plain;
                return;
            }
        }
        e.operands_mut().into_iter().for_each(|operand| self.flatten(operand, exponentials));
    }

    /// An expression as a fraction, with the definitions of locals in their places.
    pub fn form(&self, e: &Expression) -> Form {
        if uniform::is_uniform(e, &self.uniform) {
            return Form::whole(e);
        }
        let form = match e {
            Expression::Load(Place::Local(id)) if !self.grows(e) => match self.definitions.get(id) {
                Some(definition @ (Expression::Binary(..) | Expression::Negate(_))) => {
                    let form = self.form(definition);
                    // Somebody else would compute its divisions again.
                    let alone = form.divisions == 0 || self.uses.get(id).is_none_or(|uses| *uses <= 1);
                    (alone || self.confined).then_some(form)
                }
                _ => None,
            },
            Expression::Negate(a) => {
                let a = self.form(a);
                Some(Form { numerator: negate(a.numerator), ..a })
            }
            Expression::Binary(operator, a, b) => self.binary(*operator, self.form(a), self.form(b)),
            _ => None,
        };
        let small = |e: &Expression| size(e) <= LARGEST;
        form.filter(|form| small(&form.numerator) && form.denominator.as_ref().is_none_or(small))
            .unwrap_or_else(|| Form::whole(e))
    }

    fn binary(&self, operator: BinaryOperator, a: Form, b: Form) -> Option<Form> {
        let divisions = a.divisions + b.divisions;
        let product = |a: Option<Expression>, b: Option<Expression>| match (a, b) {
            (Some(a), Some(b)) => Some(multiply(a, b)),
            (a, b) => a.or(b),
        };
        let times = |a: Expression, b: &Option<Expression>| match b {
            Some(b) => multiply(a, b.clone()),
            None => a,
        };
        match operator {
            BinaryOperator::Multiply => {
                let numerator = multiply(a.numerator, b.numerator);
                Some(Form::new(numerator, product(a.denominator, b.denominator), divisions))
            }
            BinaryOperator::Divide if a.denominator.is_some() && a.denominator == b.denominator => {
                Some(Form::new(a.numerator, Some(b.numerator), divisions + 1))
            }
            BinaryOperator::Divide => {
                let cancels = b.denominator.is_none() && self.grows(&b.numerator);
                if let Some(rest) = without(&a.numerator, &b.numerator).filter(|_| cancels) {
                    return Some(Form::new(rest, a.denominator, divisions + 1));
                }
                let numerator = times(a.numerator, &b.denominator);
                Some(match b.numerator {
                    Expression::Number(c) if c != 0.0 && b.divisions > 0 => {
                        Form::new(multiply(numerator, number(1.0 / c)), a.denominator, divisions + 1)
                    }
                    divisor => Form::new(numerator, product(a.denominator, Some(divisor)), divisions + 1),
                })
            }
            BinaryOperator::Add | BinaryOperator::Subtract => {
                let sum = if operator == BinaryOperator::Add { add } else { subtract };
                if a.denominator == b.denominator {
                    return Some(Form::new(sum(a.numerator, b.numerator), a.denominator, divisions));
                }
                // Of what is not known to be small a part would get lost.
                if !self.is_finite(&a.numerator) || !self.is_finite(&b.numerator) {
                    return None;
                }
                let left = times(a.numerator, &b.denominator);
                let right = times(b.numerator, &a.denominator);
                Some(Form::new(sum(left, right), product(a.denominator, b.denominator), divisions))
            }
        }
    }

    /// What becomes of a fraction if the exponentials in its denominator are bounded.
    pub fn bounded(&self, numerator: Expression, denominator: Expression) -> Bounded {
        let mut exponentials = Vec::new();
        self.exponentials(&denominator, &mut exponentials);
        // What grows faster than what it is divided by must not be bounded.
        let degrees = |e: &Expression| (degree(&numerator, e), degree(&denominator, e));
        let grows = |e: &Expression| degrees(e).0 > degrees(e).1;
        let vanishes = exponentials.iter().any(|e| degrees(e).0 < degrees(e).1);
        let mut above = Vec::new();
        self.exponentials(&numerator, &mut above);
        let apart = above.iter().any(|e| !exponentials.contains(e));
        let differs = exponentials.iter().any(grows) || (vanishes && apart);
        let most = self.most(&denominator, !exponentials.is_empty());
        Bounded { numerator, denominator, exponentials, most, vanishes, same: !differs }
    }

    /// Whether a fraction may be rewritten.
    pub fn fits(&self, fraction: &Bounded) -> bool {
        fraction.same && fraction.most.is_some() && !fraction.exponentials.iter().any(|e| self.unbounded.contains(e))
    }

    /// The exponentials in denominators of fractions that would not be the same, or not as good, if they were bounded.
    pub fn unbounded(&self, body: &[Statement]) -> Vec<Expression> {
        let mut unbounded = Vec::new();
        for (at, statement) in body.iter().enumerate().filter(|(at, _)| self.needed[*at]) {
            flow::visit(std::slice::from_ref(statement), &mut |e| {
                let Expression::Binary(BinaryOperator::Divide, ..) = e else { return };
                let Form { numerator, denominator, .. } = self.form(e);
                let Some(denominator) = denominator else { return };
                let fraction = self.bounded(numerator, denominator);
                if !fraction.same || (fraction.vanishes && !self.is_harmless(body, at, e)) {
                    unbounded.extend(fraction.exponentials);
                }
            });
        }
        unbounded
    }

    fn exponentials(&self, e: &Expression, found: &mut Vec<Expression>) {
        if self.grows(e) {
            if !found.contains(e) {
                found.push(e.clone());
            }
        } else if let Expression::Binary(..) | Expression::Negate(_) = e {
            e.operands().into_iter().for_each(|operand| self.exponentials(operand, found));
        }
    }
}

fn divides(e: &Expression) -> bool {
    match e {
        Expression::Negate(a) => divides(a),
        e => matches!(e, Expression::Binary(BinaryOperator::Divide, ..)),
    }
}

/// A product without one of its factors.
fn without(e: &Expression, factor: &Expression) -> Option<Expression> {
    match e {
        e if e == factor => Some(number(1.0)),
        Expression::Negate(a) => without(a, factor).map(negate),
        Expression::Binary(BinaryOperator::Multiply, a, b) => without(a, factor)
            .map(|a| multiply(a, (**b).clone()))
            .or_else(|| without(b, factor).map(|b| multiply((**a).clone(), b))),
        _ => None,
    }
}

/// The degree of a polynomial in one of its parts.
fn degree(e: &Expression, part: &Expression) -> usize {
    match e {
        e if e == part => 1,
        Expression::Negate(a) => degree(a, part),
        Expression::Binary(BinaryOperator::Multiply, a, b) => degree(a, part) + degree(b, part),
        Expression::Binary(BinaryOperator::Add | BinaryOperator::Subtract, a, b) => {
            degree(a, part).max(degree(b, part))
        }
        _ => 0,
    }
}
