//! Exponentials of the same variable become powers of one: of `exp(v/20)`, `exp(-(v + 35)/10)` and `exp(v/80)` only the last
//! is computed.
//!
//! Two exponentials belong together where their arguments are `a*x + b` and `n*a*x + c` with literals `a`, `b`, `c` and a
//! whole number `n`: `e^(n*a*x + c)` is `(e^(a*x))^n` times `e^c`. Each power doubles an error of an ulp at most. Only
//! factors are taken that keep all powers far from overflow, in single precision too, for an `x` that is a potential in
//! mV. Where a GLOBAL scales the potential, `x = (v - vhalf)/k`, only `exp(x)` and `exp(-x)` belong together.
//!
//! Rates are often quotients in pairs, `y/(exp(x) - 1)` one way and `y/(exp(-x) - 1)` the other: with `p = exp(x)` and
//! `w = 1/(p - 1)` they are `y*w` and `-y*(p*w)`, and one division is enough.

use super::{flow, versions};
use crate::ir::{BinaryOperator, Expression, Function, Input, LocalId, Math, Place, Statement, StatementKind};
use crate::math::build::{add, call, divide, load, multiply, negate, number};
use crate::math::{Key, key};
use std::collections::{BTreeMap, BTreeSet};

/// Largest power, either sign.
const HIGHEST: i32 = 16;
/// Largest factor of `x`, 1/mV.
const STEEPEST: f64 = 0.5;
/// Largest offset.
const FARTHEST: f64 = 30.0;
/// Up to this potential, mV, a power with an offset is finite in single precision, too: its logarithm does not exceed the
/// other. (Without an offset it always is, for `exp` is.)
const HIGHEST_POTENTIAL: f64 = 200.0;
const LARGEST_EXPONENT: f64 = 87.0;
/// Most families merged; those that save most come first.
const MOST_FAMILIES: usize = 64;
/// Most exponentials of one variable that are tried as the base of a family.
const MOST_BASES: usize = 200;
/// How close a ratio must be to a whole number.
const TOLERANCE: f64 = 1e-13;

/// `a*x + b`.
#[derive(Clone, Debug)]
struct Affine {
    x: Expression,
    a: f64,
    b: f64,
    /// `x` is a potential that a GLOBAL scales.
    scaled: bool,
}

/// Merges the exponentials of a kernel.
pub fn run(kernel: &mut Function) {
    // Each round settles one family.
    for _ in 0..MOST_FAMILIES {
        let Some(family) = find(kernel) else { return };
        merge(kernel, &family);
    }
}

/// Exponentials that become powers of `e^(a*x)`.
struct Family {
    x: Expression,
    a: f64,
}

fn find(kernel: &Function) -> Option<Family> {
    let mut by_variable: BTreeMap<Key, Vec<Affine>> = BTreeMap::new();
    each_argument(kernel, &mut |affine| {
        by_variable.entry(key(&affine.x, &|_| 0)).or_default().push(affine);
    });
    let mut best: Option<(usize, Family)> = None;
    for affines in by_variable.values() {
        for base in affines.iter().take(MOST_BASES) {
            let mut members: Vec<(i32, u64)> =
                affines.iter().filter_map(|affine| power(affine.a, base.a).map(|n| (n, affine.b.to_bits()))).collect();
            members.sort_unstable();
            members.dedup();
            let saved = members.len().saturating_sub(1);
            if saved > 0 && best.as_ref().is_none_or(|(most, _)| saved > *most) {
                best = Some((saved, Family { x: base.x.clone(), a: base.a }));
            }
        }
    }
    best.map(|(_, family)| family)
}

/// The whole `n`, not 0, with `a = n*base`.
fn power(a: f64, base: f64) -> Option<i32> {
    let ratio = a / base;
    let n = ratio.round();
    let whole = (ratio - n).abs() <= TOLERANCE * n.abs() && n != 0.0 && n.abs() <= f64::from(HIGHEST);
    whole.then_some(n as i32)
}

fn merge(kernel: &mut Function, family: &Family) {
    let base_at = match &family.x {
        Expression::Load(place) => kernel
            .body
            .iter()
            .position(|statement| matches!(&statement.kind, StatementKind::Assign(to, _) if to == place))
            .map_or(0, |at| at + 1),
        _ => 0,
    };
    let definitions = versions::single(&kernel.body);
    let mut powers =
        Powers { function: kernel, known: BTreeMap::new(), pairs: BTreeMap::new(), statements: Vec::new() };
    let argument = multiply(family.x.clone(), number(family.a));
    let base = powers.keep("exp", call(Math::Exp, argument.clone()));
    powers.known.insert(1, base);
    let mut body = std::mem::take(&mut powers.function.body);
    let member = |e: &Expression| {
        let affine = affine(e, &definitions).filter(|affine| affine.x == family.x && is_tame(affine))?;
        Some((power(affine.a, family.a)?, affine.b))
    };
    // `b` of exp(-x - b) - 1 below a fraction line.
    let mut opposite: BTreeSet<u64> = BTreeSet::new();
    flow::visit(&body, &mut |e| {
        if let Some((-1, b)) = denominator(e).and_then(|(_, e)| member(e))
            && (b == 0.0 || family.a.abs() * HIGHEST_POTENTIAL + b.abs() <= LARGEST_EXPONENT)
        {
            opposite.insert((-b).to_bits());
        }
    });
    if !opposite.is_empty() {
        flow::rewrite(&mut body, &mut |e| {
            if let Some((y, (n @ (1 | -1), b))) = denominator(e).and_then(|(y, e)| Some((y, member(e)?)))
                && let b = b * f64::from(n)
                && opposite.contains(&b.to_bits())
            {
                let [power, inverse] = powers.pair(&argument, b);
                let y = y.clone();
                *e = if n == 1 { multiply(y, inverse) } else { negate(multiply(y, multiply(power, inverse))) };
            }
        });
    }
    flow::rewrite(&mut body, &mut |e| {
        let Expression::Call(function @ (Math::Exp | Math::Expm1), arguments) = e else { return };
        let Some((n, b)) = member(&arguments[0]) else { return };
        let power = multiply(powers.power(n), number(b.exp()));
        *e = match function {
            Math::Expm1 => Expression::Call(Math::Expm1Of, vec![arguments[0].clone(), power]),
            _ => power,
        };
    });
    let Powers { function, statements, .. } = powers;
    body.splice(base_at..base_at, statements);
    function.body = body;
}

/// The parts of `y/(exp(x) - 1)`.
fn denominator(e: &Expression) -> Option<(&Expression, &Expression)> {
    let Expression::Binary(BinaryOperator::Divide, y, divisor) = e else { return None };
    match divisor.as_ref() {
        Expression::Call(Math::Expm1, arguments) => Some((y, &arguments[0])),
        _ => None,
    }
}

/// Powers of a base, computed once each.
struct Powers<'f> {
    function: &'f mut Function,
    known: BTreeMap<i32, Expression>,
    /// For the bits of `b`: `e^(a*x + b)`, and the inverse of this less 1.
    pairs: BTreeMap<u64, [Expression; 2]>,
    statements: Vec<Statement>,
}

impl Powers<'_> {
    fn keep(&mut self, name: &str, value: Expression) -> Expression {
        let place = Place::Local(self.function.add_local(name));
        self.statements.push(Statement::new(StatementKind::Assign(place, value), 0));
        load(place)
    }

    /// `e^(argument + b)`, and the inverse of this less 1.
    fn pair(&mut self, argument: &Expression, b: f64) -> [Expression; 2] {
        if let Some(known) = self.pairs.get(&b.to_bits()) {
            return known.clone();
        }
        let power = multiply(self.power(1), number(b.exp()));
        let power = self.keep("power", power);
        let less_one = vec![add(argument.clone(), number(b)), power.clone()];
        let inverse = self.keep("inverse", divide(number(1.0), Expression::Call(Math::Expm1Of, less_one)));
        self.pairs.insert(b.to_bits(), [power.clone(), inverse.clone()]);
        [power, inverse]
    }

    fn power(&mut self, n: i32) -> Expression {
        if let Some(known) = self.known.get(&n) {
            return known.clone();
        }
        let value = if n < 0 {
            divide(number(1.0), self.power(-n))
        } else {
            let half = self.power(n / 2);
            let square = multiply(half.clone(), half);
            if n % 2 == 0 { square } else { multiply(square, self.power(1)) }
        };
        let kept = self.keep("power", value);
        self.known.insert(n, kept.clone());
        kept
    }
}

/// Calls `visit` with the argument of each exponential that could be merged with another.
fn each_argument(kernel: &Function, visit: &mut impl FnMut(Affine)) {
    let definitions = versions::single(&kernel.body);
    flow::visit(&kernel.body, &mut |e| {
        if let Expression::Call(Math::Exp | Math::Expm1, arguments) = e
            && let Some(affine) = affine(&arguments[0], &definitions)
            && is_tame(&affine)
        {
            visit(affine);
        }
    });
}

fn is_tame(affine: &Affine) -> bool {
    match affine.scaled {
        true => affine.a.abs() == 1.0 && affine.b == 0.0,
        false => affine.a != 0.0 && affine.a.abs() <= STEEPEST && affine.b.abs() <= FARTHEST,
    }
}

/// Writes `e` as `a*x + b`, where `x` is the potential or a local that is computed from it.
fn affine(e: &Expression, definitions: &BTreeMap<LocalId, Expression>) -> Option<Affine> {
    let scaled = |affine: Affine, by: f64| Affine { a: affine.a * by, b: affine.b * by, ..affine };
    match e {
        Expression::Input(Input::V) => Some(Affine { x: e.clone(), a: 1.0, b: 0.0, scaled: false }),
        Expression::Load(Place::Local(id)) => {
            let definition = definitions.get(id)?;
            let own = || {
                let scaled = scales_potential(definition, definitions);
                (scaled || reads_potential(definition)).then(|| Affine { x: e.clone(), a: 1.0, b: 0.0, scaled })
            };
            affine(definition, definitions).or_else(own)
        }
        Expression::Negate(a) => affine(a, definitions).map(|a| scaled(a, -1.0)),
        Expression::Binary(operator, a, b) => match (operator, a.as_ref(), b.as_ref()) {
            (BinaryOperator::Add, a, Expression::Number(c)) | (BinaryOperator::Add, Expression::Number(c), a) => {
                affine(a, definitions).map(|a| Affine { b: a.b + c, ..a })
            }
            (BinaryOperator::Subtract, a, Expression::Number(c)) => {
                affine(a, definitions).map(|a| Affine { b: a.b - c, ..a })
            }
            (BinaryOperator::Subtract, Expression::Number(c), a) => {
                affine(a, definitions).map(|a| Affine { a: -a.a, b: c - a.b, ..a })
            }
            (BinaryOperator::Multiply, a, Expression::Number(c))
            | (BinaryOperator::Multiply, Expression::Number(c), a) => affine(a, definitions).map(|a| scaled(a, *c)),
            (BinaryOperator::Divide, a, Expression::Number(c)) => {
                affine(a, definitions).map(|a| Affine { a: a.a / c, b: a.b / c, ..a })
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether an expression is a shifted potential in units of a GLOBAL.
fn scales_potential(e: &Expression, definitions: &BTreeMap<LocalId, Expression>) -> bool {
    let Expression::Binary(BinaryOperator::Divide, a, b) = e else { return false };
    let shifted = match a.as_ref() {
        Expression::Load(Place::Local(id)) => definitions.get(id).is_some_and(reads_potential),
        a => reads_potential(a),
    };
    shifted && matches!(b.as_ref(), Expression::Load(Place::Global(_)))
}

/// Whether an expression is the potential and something added: a shifted potential.
fn reads_potential(e: &Expression) -> bool {
    match e {
        Expression::Binary(BinaryOperator::Add | BinaryOperator::Subtract, a, b) => {
            let is_v = |e: &Expression| *e == Expression::Input(Input::V);
            let is_column = |e: &Expression| matches!(e, Expression::Load(Place::Column(_) | Place::Global(_)));
            (is_v(a) && is_column(b)) || (is_column(a) && is_v(b))
        }
        _ => false,
    }
}
