//! Rates with a gap: `x/(exp(x) - 1)`, and where that is 0/0 another number.
//!
//! Such a rate becomes a quotient of two locals that each hold one value near the gap and another elsewhere, so that it takes
//! part in what is done with fractions. Its denominator has either sign, but does not come near 0, and the quotient is
//! positive.

use super::known::Known;
use super::ranges::{Range, Within, hull, negated, product, sum};
use crate::ir::{BinaryOperator, Comparison, Expression, Function, Input, Math, Place, Statement, StatementKind};
use crate::math::build::{call, divide, load, negate, number};
use crate::passes::flow;

/// How far from each other two zeros may be that are the same but for round-off, mV.
const SAME: f64 = 1e-9;

/// Makes quotients of such rates.
pub(super) fn run(kernel: &mut Function, known: &Known) {
    for mut statement in std::mem::take(&mut kernel.body) {
        if let Some(rate) = rate(&statement, known) {
            let mut keep = |name: &str, near: Expression, beyond: Expression| {
                let value = Expression::Select(Box::new(rate.condition.clone()), Box::new(near), Box::new(beyond));
                let local = Place::Local(kernel.add_local(name));
                kernel.body.push(Statement::new(StatementKind::Assign(local, value), statement.line));
                load(local)
            };
            let numerator = keep("numerator", rate.near, rate.numerator);
            let denominator = keep("denominator", number(1.0), rate.denominator);
            statement.kind = StatementKind::Assign(rate.place, divide(numerator, denominator));
        }
        kernel.body.push(statement);
    }
}

/// `if (condition) { place = near } else { place = numerator/denominator }`.
struct Rate {
    place: Place,
    condition: Expression,
    near: Expression,
    numerator: Expression,
    denominator: Expression,
}

fn rate(statement: &Statement, known: &Known) -> Option<Rate> {
    let StatementKind::If { condition, then, otherwise } = &statement.kind else { return None };
    let assigned = |branch: &[Statement]| match branch {
        [Statement { kind: StatementKind::Assign(place @ Place::Local(_), value), .. }] => {
            Some((*place, value.clone()))
        }
        _ => None,
    };
    let ((place, near), (other, beyond)) = (assigned(then)?, assigned(otherwise)?);
    let form = known.form(&beyond);
    let (numerator, denominator) = (form.numerator, form.denominator?);
    let one = number(1.0);
    let fits = place == other
        && known.is_set_once(place)
        && !flow::loads(std::slice::from_ref(statement)).contains(&place)
        && [condition, &near, &numerator, &denominator].into_iter().all(|e| known.is_lasting(e))
        && known.gap(Choice { condition, near: &one, beyond: &denominator }).is_some();
    let denominator = known.nearer(condition, denominator);
    fits.then(|| Rate { place, condition: condition.clone(), near, numerator, denominator })
}

/// From now on no potential counts that is farther from 0 than any is.
pub(super) fn confine(kernel: &mut Function) {
    flow::rewrite(&mut kernel.body, &mut |e| {
        if *e == Expression::Input(Input::V) {
            *e = call(Math::Confined, e.clone());
        }
    });
}

/// One value near a gap and another elsewhere.
#[derive(Clone, Copy)]
struct Choice<'k> {
    condition: &'k Expression,
    near: &'k Expression,
    beyond: &'k Expression,
}

/// The gap of a denominator.
struct Gap<'k> {
    /// The argument of the exponential less 1 that the denominator is.
    argument: &'k Expression,
    /// Its least absolute value beyond the gap.
    least: f64,
}

impl Known {
    fn choice<'k>(&'k self, e: &'k Expression) -> Option<Choice<'k>> {
        match self.resolved(e) {
            Expression::Select(condition, near, beyond) => Some(Choice { condition, near, beyond }),
            _ => None,
        }
    }

    /// The gap, if it is one, and the denominator is 1 in it.
    fn gap<'k>(&'k self, choice: Choice<'k>) -> Option<Gap<'k>> {
        let Expression::Call(Math::Expm1 | Math::Expm1Of, arguments) = self.resolved(choice.beyond) else {
            return None;
        };
        let ([from, to], [slope, zero]) = (self.extent(choice.condition)?, self.line(&arguments[0])?);
        let is_inside = (from + to - 2.0 * zero).abs() < 2.0 * SAME && *choice.near == Expression::Number(1.0);
        is_inside.then(|| Gap { argument: &arguments[0], least: 0.5 * (to - from) * slope.abs() })
    }

    /// The same denominator, of what is compared: where exponentials have been merged, its argument is another sum, which may
    /// have been rounded to 0 where that is not near it.
    fn nearer(&self, condition: &Expression, denominator: Expression) -> Expression {
        let (Expression::Compare(_, compared, _), Expression::Call(Math::Expm1Of, arguments)) =
            (self.resolved(condition), self.resolved(&denominator))
        else {
            return denominator;
        };
        let Expression::Call(Math::Abs, compared) = self.resolved(compared) else { return denominator };
        let lines = (self.line(&arguments[0]), self.line(&compared[0]));
        let (Some([slope, _]), Some([of, _])) = lines else { return denominator };
        let argument = match slope / of {
            ratio if (ratio - 1.0).abs() < SAME => compared[0].clone(),
            ratio if (ratio + 1.0).abs() < SAME => negate(compared[0].clone()),
            _ => return denominator,
        };
        Expression::Call(Math::Expm1Of, vec![argument, arguments[1].clone()])
    }

    /// The potentials between which a gap lies: `fabs(x) < c`, where `x` is a straight line over the potential.
    fn extent(&self, condition: &Expression) -> Option<Range> {
        let Expression::Compare(Comparison::Less, compared, limit) = self.resolved(condition) else { return None };
        match (self.resolved(compared), self.resolved(limit)) {
            (Expression::Call(Math::Abs, arguments), Expression::Number(limit)) if *limit > 0.0 => {
                let [slope, zero] = self.line(&arguments[0])?;
                let reach = (limit / slope).abs();
                Some([zero - reach, zero + reach])
            }
            _ => None,
        }
    }

    /// The denominators of such rates.
    fn denominators(&self) -> impl Iterator<Item = Expression> {
        let has_gap = |local: &Expression| self.choice(local).is_some_and(|choice| self.gap(choice).is_some());
        self.definitions.keys().map(|id| Expression::local(*id)).filter(has_gap)
    }

    /// The definition of a local, if that is known.
    fn resolved<'k>(&'k self, e: &'k Expression) -> &'k Expression {
        match e {
            Expression::Load(Place::Local(id)) => self.definitions.get(id).map_or(e, |of| self.resolved(of)),
            _ => e,
        }
    }

    /// Slope and zero of a straight line over the potential.
    fn line(&self, e: &Expression) -> Option<[f64; 2]> {
        let [slope, offset] = self.affine(e)?;
        (slope != 0.0).then(|| [slope, -offset / slope])
    }

    /// Slope and value at 0 mV of what is a straight line over the potential.
    fn affine(&self, e: &Expression) -> Option<[f64; 2]> {
        match e {
            Expression::Number(c) => Some([0.0, *c]),
            Expression::Input(Input::V) => Some([1.0, 0.0]),
            Expression::Load(Place::Local(id)) => self.affine(self.definitions.get(id)?),
            Expression::Negate(a) => self.affine(a).map(|[slope, offset]| [-slope, -offset]),
            Expression::Binary(operator, a, b) => {
                let (a, b) = (self.affine(a)?, self.affine(b)?);
                match operator {
                    BinaryOperator::Add => Some([a[0] + b[0], a[1] + b[1]]),
                    BinaryOperator::Subtract => Some([a[0] - b[0], a[1] - b[1]]),
                    BinaryOperator::Multiply if a[0] == 0.0 => Some([a[1] * b[0], a[1] * b[1]]),
                    BinaryOperator::Multiply if b[0] == 0.0 => Some([a[0] * b[1], a[1] * b[1]]),
                    BinaryOperator::Divide if b[0] == 0.0 && b[1] != 0.0 => Some([a[0] / b[1], a[1] / b[1]]),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl Within<'_> {
    /// Least and largest absolute value, if 0 is not among them.
    pub fn magnitude(self, e: &Expression) -> Option<Range> {
        absolute(self.range(e)).or_else(|| match e {
            Expression::Negate(a) => self.magnitude(a),
            Expression::Binary(BinaryOperator::Multiply, a, b) => Some(product(self.magnitude(a)?, self.magnitude(b)?)),
            _ => self.known.denominators().find_map(|denominator| {
                let times = absolute(self.quotient(e, &denominator)?)?;
                Some(product(self.of_denominator(&denominator)?, times))
            }),
        })
    }

    /// The same of the denominator of a rate.
    fn of_denominator(self, e: &Expression) -> Option<Range> {
        let Gap { argument, least } = self.known.gap(self.known.choice(e)?)?;
        let [_, high] = self.range(argument);
        // |exp(x) - 1| is at least |x|/2 up to 1.
        Some([0.5 * least.min(1.0), high.exp().max(1.0)])
    }

    /// The range of `e/denominator`, if every term of `e` has the denominator or the numerator of one of its rates for a
    /// factor.
    fn quotient(self, e: &Expression, denominator: &Expression) -> Option<Range> {
        match e {
            e if e == denominator => Some([1.0, 1.0]),
            Expression::Load(Place::Local(id)) => {
                let of = |definition| self.quotient(definition, denominator);
                self.rate(e, denominator).or_else(|| self.known.definitions.get(id).and_then(of))
            }
            Expression::Negate(a) => self.quotient(a, denominator).map(negated),
            Expression::Binary(BinaryOperator::Multiply, a, b) => {
                let (factor, rest) = match self.quotient(a, denominator) {
                    Some(rest) => (b, rest),
                    None => (a, self.quotient(b, denominator)?),
                };
                Some(product(self.range(factor), rest))
            }
            Expression::Binary(BinaryOperator::Add, a, b) => {
                Some(sum(self.quotient(a, denominator)?, self.quotient(b, denominator)?))
            }
            Expression::Binary(BinaryOperator::Subtract, a, b) => {
                Some(sum(self.quotient(a, denominator)?, negated(self.quotient(b, denominator)?)))
            }
            _ => None,
        }
    }

    /// The range of a rate, if it is positive.
    fn rate(self, numerator: &Expression, denominator: &Expression) -> Option<Range> {
        let (above, below) = (self.known.choice(numerator)?, self.known.choice(denominator)?);
        let Gap { argument, .. } = self.known.gap(below)?;
        let extent = self.known.extent(above.condition)?;
        if extent != self.known.extent(below.condition)? {
            return None;
        }
        // x/(exp(x) - 1) is positive and falls.
        let quotient = |x: f64| if x == 0.0 { 1.0 } else { x / x.exp_m1() };
        let [high, low] = self.range(argument).map(quotient);
        let [slope, zero] = self.known.line(argument)?;
        let beyond = product([low, high], self.along(above.beyond, slope, zero)?);
        let near = self.range_between(above.near, extent);
        (beyond[0] > 0.0 && near[0] > 0.0).then(|| hull(near, beyond))
    }

    /// The range of `e/x`, where `x` is a potential less `zero`, times `slope`, and `e` is that times something positive.
    fn along(self, e: &Expression, slope: f64, zero: f64) -> Option<Range> {
        if let Some([of, at]) = self.known.line(e)
            && (at - zero).abs() < SAME
        {
            return Some([of / slope; 2]);
        }
        match self.known.resolved(e) {
            Expression::Negate(a) => self.along(a, slope, zero).map(negated),
            Expression::Binary(BinaryOperator::Multiply, a, b) => {
                let (factor, along) = match self.along(a, slope, zero) {
                    Some(along) => (b, along),
                    None => (a, self.along(b, slope, zero)?),
                };
                let factor = self.range(factor);
                (factor[0] > 0.0).then(|| product(factor, along))
            }
            _ => None,
        }
    }
}

fn absolute([low, high]: Range) -> Option<Range> {
    match (low > 0.0, high < 0.0) {
        (true, _) => Some([low, high]),
        (_, true) => Some([-high, -low]),
        _ => None,
    }
}
