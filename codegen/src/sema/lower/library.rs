//! Functions of the simulator's library as formulas: inverse trigonometric functions, the error function, the
//! constant-field current, and SCoP's curves and forcing functions, as NEURON computes them.

use super::Lower;
use crate::ir::{BinaryOperator, Comparison, Expression, Input, Math, Place};
use crate::math::build::{add, call, divide, multiply, negate, number, subtract};
use nmodl_parser::ast::{self, Name};
use std::f64::consts::{FRAC_PI_2, PI};

/// The library's pi.
#[expect(clippy::approx_constant, reason = "NEURON's library has this many digits")]
const SCOP_PI: f64 = 3.14159265;
/// Faraday's constant, C/mol, and the gas constant, J/(mol K) (CODATA 2018), of NEURON's `nrn_ghk`.
const FARADAY: f64 = 96_485.332_123_310_01;
const GAS: f64 = 8.314_462_618_153_24;
/// Largest number whose factorial is a product; above it NEURON takes Stirling's formula.
const LARGEST_PRODUCT: f64 = 19.0;

type Formula = fn(&mut Lower, &[Expression]) -> Expression;

/// Names, counts of arguments, and formulas.
const LIBRARY: &[(&str, usize, Formula)] = &[
    ("asin", 1, |_, a| asin(a)),
    ("acos", 1, |_, a| acos(a)),
    ("atan2", 2, |_, a| atan2(a)),
    ("erf", 1, erf),
    ("nrn_ghk", 4, ghk),
    ("hyperbol", 3, |_, a| divide(multiply(a[1].clone(), a[0].clone()), add(a[2].clone(), a[0].clone()))),
    ("revhyperbol", 3, |_, a| divide(multiply(a[1].clone(), a[2].clone()), add(a[2].clone(), a[0].clone()))),
    ("sigmoid", 4, |lower, a| hill(lower, a, false)),
    ("revsigmoid", 4, |lower, a| hill(lower, a, true)),
    ("factorial", 1, |lower, a| factorial(lower, &a[0])),
    ("poisson", 2, poisson),
    ("gauss", 3, gauss),
    ("harmonic", 4, harmonic),
    ("squarewave", 3, squarewave),
    ("sawtooth", 3, |lower, a| multiply(a[2].clone(), phase(lower, &a[0], &a[1]))),
    ("revsawtooth", 3, |lower, a| {
        let phase = phase(lower, &a[0], &a[1]);
        multiply(a[2].clone(), subtract(number(1.0), phase))
    }),
    ("ramp", 4, ramp),
    ("pulse", 4, |_, a| pulse(subtract(a[0].clone(), a[1].clone()), &a[2], &a[3])),
    ("perpulse", 5, perpulse),
    ("step", 3, |_, a| choose(at_least(&a[0], &a[1]), a[2].clone(), number(0.0))),
    ("perstep", 4, perstep),
];

impl Lower<'_, '_> {
    /// The value of a function of the library, or `None` if it has none of this name.
    pub(super) fn library_call(&mut self, name: &Name, arguments: &[ast::Expression]) -> Option<Expression> {
        let (_, arity, formula) = LIBRARY.iter().find(|(known, ..)| *known == name.text)?;
        if !self.check_arity(name, arguments.len(), *arity) {
            return Some(number(0.0));
        }
        let values: Vec<Expression> = arguments
            .iter()
            .map(|argument| {
                let value = self.value(argument);
                self.held(value, &name.text)
            })
            .collect();
        Some(formula(self, &values))
    }

    /// A value that may be repeated: a leaf, or a local that holds it.
    pub(super) fn held(&mut self, value: Expression, name: &str) -> Expression {
        if value.operands().is_empty() {
            return value;
        }
        let local = Place::Local(self.function.add_local(format!("{name}_x")));
        self.assign(local, value);
        Expression::Load(local)
    }
}

/// The names of the library's functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    LIBRARY.iter().map(|(name, ..)| *name)
}

fn compare(comparison: Comparison, a: &Expression, b: &Expression) -> Expression {
    Expression::Compare(comparison, Box::new(a.clone()), Box::new(b.clone()))
}

fn at_least(a: &Expression, b: &Expression) -> Expression {
    compare(Comparison::GreaterEqual, a, b)
}

fn choose(condition: Expression, a: Expression, b: Expression) -> Expression {
    Expression::Select(Box::new(condition), Box::new(a), Box::new(b))
}

/// `1 - x` and `1 + x`, both exact near the ends of [-1, 1].
fn ends(x: &Expression) -> (Expression, Expression) {
    (subtract(number(1.0), x.clone()), add(number(1.0), x.clone()))
}

/// `asin x = atan(x / sqrt((1 - x)(1 + x)))`.
fn asin(a: &[Expression]) -> Expression {
    let (below, above) = ends(&a[0]);
    call(Math::Atan, divide(a[0].clone(), call(Math::Sqrt, multiply(below, above))))
}

/// `acos x = 2 atan(sqrt((1 - x)/(1 + x)))`.
fn acos(a: &[Expression]) -> Expression {
    let (below, above) = ends(&a[0]);
    multiply(number(2.0), call(Math::Atan, call(Math::Sqrt, divide(below, above))))
}

/// The angle of (x, y), given y first.
fn atan2(a: &[Expression]) -> Expression {
    let (y, x, zero) = (&a[0], &a[1], number(0.0));
    let angle = call(Math::Atan, Expression::binary(BinaryOperator::Divide, y.clone(), x.clone()));
    let turn = |half: f64| choose(compare(Comparison::Less, y, &zero), number(-half), number(half));
    let vertical = choose(compare(Comparison::Equal, y, &zero), number(0.0), turn(FRAC_PI_2));
    choose(
        compare(Comparison::Equal, x, &zero),
        vertical,
        choose(compare(Comparison::Less, x, &zero), add(angle.clone(), turn(PI)), angle),
    )
}

/// `p[0] + x (p[1] + x (p[2] + ...))`.
fn polynomial(x: &Expression, coefficients: &[f64]) -> Expression {
    let mut terms = coefficients.iter().rev().map(|c| number(*c));
    let last = terms.next().unwrap_or(number(0.0));
    terms.fold(last, |sum, term| add(term, multiply(x.clone(), sum)))
}

/// Cody's rational approximations (Math. Comp. 23, 1969): of erf up to 0.5, of exp(x^2) erfc beyond.
#[expect(clippy::excessive_precision, reason = "the coefficients as published")]
fn erf(lower: &mut Lower, a: &[Expression]) -> Expression {
    const SMALL: [[f64; 5]; 2] = [
        [
            3.20937758913846947e3,
            3.77485237685302021e2,
            1.13864154151050156e2,
            3.16112374387056560,
            1.85777706184603153e-1,
        ],
        [2.84423683343917062e3, 1.28261652607737228e3, 2.44024637934444173e2, 2.36012909523441209e1, 1.0],
    ];
    const LARGE: [[f64; 9]; 2] = [
        [
            1.23033935479799725e3,
            2.05107837782607147e3,
            1.71204761263407058e3,
            8.81952221241769090e2,
            2.98635138197400131e2,
            6.61191906371416295e1,
            8.88314979438837594,
            5.64188496988670089e-1,
            2.15311535474403846e-8,
        ],
        [
            1.23033935480374942e3,
            3.43936767414372164e3,
            4.36261909014324716e3,
            3.29079923573345963e3,
            1.62138957456669019e3,
            5.37181101862009858e2,
            1.17693950891312499e2,
            1.57449261107098347e1,
            1.0,
        ],
    ];
    let x = &a[0];
    let size = lower.held(call(Math::Abs, x.clone()), "erf");
    let square = lower.held(multiply(x.clone(), x.clone()), "erf");
    let [p, q] = SMALL.map(|coefficients| polynomial(&square, &coefficients));
    let near = multiply(x.clone(), divide(p, q));
    // The second form holds up to 4; the little that is left of 1 there is smaller than what it makes of it wrong.
    let [p, q] = LARGE.map(|coefficients| polynomial(&size, &coefficients));
    let rest = multiply(call(Math::Exp, negate(square)), divide(p, q));
    let far = subtract(number(1.0), rest);
    let far = choose(at_least(&size, &number(6.0)), number(1.0), far);
    let far = choose(compare(Comparison::Less, x, &number(0.0)), negate(far.clone()), far);
    choose(compare(Comparison::LessEqual, &size, &number(0.5)), near, far)
}

/// Goldman, Hodgkin and Katz: the current density of an ion of charge z, mA/cm2 for a permeability of 1 cm/s.
fn ghk(lower: &mut Lower, a: &[Expression]) -> Expression {
    let [v, inside, outside, z] = [&a[0], &a[1], &a[2], &a[3]];
    let kelvin = add(Expression::Input(Input::Celsius), number(273.15));
    let thermal = multiply(number(1000.0 * GAS / FARADAY), kelvin);
    let x = lower.held(divide(multiply(z.clone(), v.clone()), thermal), "nrn_ghk");
    let out = multiply(outside.clone(), call(Math::Exprelr, x.clone()));
    let into = multiply(inside.clone(), call(Math::Exprelr, negate(x)));
    multiply(multiply(number(0.001 * FARADAY), z.clone()), subtract(into, out))
}

/// `max x^n / (K^n + x^n)`, or with `K^n` above.
fn hill(lower: &mut Lower, a: &[Expression], reversed: bool) -> Expression {
    let [x, max, k, n] = [&a[0], &a[1], &a[2], &a[3]];
    let mut power = |base: &Expression| {
        let power = Expression::Call(Math::Pow, vec![base.clone(), n.clone()]);
        lower.held(power, "sigmoid")
    };
    let (x, k) = (power(x), power(k));
    let above = if reversed { k.clone() } else { x.clone() };
    divide(multiply(max.clone(), above), add(k, x))
}

/// `floor(n)!`, 1 for negative numbers.
fn factorial(lower: &mut Lower, n: &Expression) -> Expression {
    let whole = lower.held(call(Math::Floor, n.clone()), "factorial");
    let product = Place::Local(lower.function.add_local("factorial"));
    let factor = Place::Local(lower.function.add_local("factor"));
    lower.assign(product, number(1.0));
    // The loop is never needed beyond.
    let most = Expression::Call(Math::Min, vec![whole.clone(), number(LARGEST_PRODUCT)]);
    lower.assign(factor, most);
    let (load_product, load_factor) = (Expression::Load(product), Expression::Load(factor));
    let body = lower.nested(|lower| {
        lower.assign(product, multiply(load_product.clone(), load_factor.clone()));
        lower.assign(factor, subtract(load_factor.clone(), number(1.0)));
    });
    lower.emit_while(compare(Comparison::Greater, &load_factor, &number(1.0)), body);
    let root = call(Math::Sqrt, multiply(number(2.0 * SCOP_PI), whole.clone()));
    let power = Expression::Call(Math::Pow, vec![divide(whole.clone(), number(std::f64::consts::E)), whole.clone()]);
    choose(compare(Comparison::Greater, &whole, &number(LARGEST_PRODUCT)), multiply(root, power), load_product)
}

/// `exp(-mean) mean^x / x!`.
fn poisson(lower: &mut Lower, a: &[Expression]) -> Expression {
    let [x, mean] = [&a[0], &a[1]];
    let factorial = factorial(lower, x);
    let power = Expression::Call(Math::Pow, vec![mean.clone(), x.clone()]);
    divide(multiply(call(Math::Exp, negate(mean.clone())), power), factorial)
}

/// The density of the normal distribution.
fn gauss(lower: &mut Lower, a: &[Expression]) -> Expression {
    let [x, mean, deviation] = [&a[0], &a[1], &a[2]];
    let z = lower.held(divide(subtract(x.clone(), mean.clone()), deviation.clone()), "gauss");
    let bell = call(Math::Exp, divide(multiply(z.clone(), z), number(-2.0)));
    divide(bell, multiply(deviation.clone(), number((2.0 * SCOP_PI).sqrt())))
}

/// `amplitude sin(2 pi (t + offset) / period)`.
fn harmonic(_: &mut Lower, a: &[Expression]) -> Expression {
    let angle = divide(multiply(number(2.0 * SCOP_PI), add(a[0].clone(), a[3].clone())), a[1].clone());
    multiply(a[2].clone(), call(Math::Sin, angle))
}

/// The part of the period that has passed, 0 to 1.
fn phase(lower: &mut Lower, t: &Expression, period: &Expression) -> Expression {
    let periods = lower.held(divide(t.clone(), period.clone()), "phase");
    subtract(periods.clone(), call(Math::Floor, periods))
}

/// `amplitude` in the first half of each period, `-amplitude` in the second.
fn squarewave(lower: &mut Lower, a: &[Expression]) -> Expression {
    let phase = phase(lower, &a[0], &a[1]);
    choose(compare(Comparison::Less, &phase, &number(0.5)), a[2].clone(), negate(a[2].clone()))
}

/// 0 up to `lag`, then a slope of `duration` up to `height`.
fn ramp(_: &mut Lower, a: &[Expression]) -> Expression {
    let [t, lag, height, duration] = [&a[0], &a[1], &a[2], &a[3]];
    let since = subtract(t.clone(), lag.clone());
    let slope = multiply(divide(height.clone(), duration.clone()), since.clone());
    let after = choose(at_least(&since, duration), height.clone(), slope);
    choose(compare(Comparison::Less, &since, &number(0.0)), number(0.0), after)
}

/// `height` from 0 to `duration`.
fn pulse(since: Expression, height: &Expression, duration: &Expression) -> Expression {
    let on = compare(Comparison::Less, &since, duration);
    let condition = Expression::And(Box::new(at_least(&since, &number(0.0))), Box::new(on));
    choose(condition, height.clone(), number(0.0))
}

/// Pulses of `duration`, `delay` apart, the first at `lag`.
fn perpulse(lower: &mut Lower, a: &[Expression]) -> Expression {
    let [t, lag, height, duration, delay] = [&a[0], &a[1], &a[2], &a[3], &a[4]];
    let since = lower.held(subtract(t.clone(), lag.clone()), "perpulse");
    let period = add(duration.clone(), delay.clone());
    let within = lower.held(Expression::Call(Math::Fmod, vec![since.clone(), period]), "perpulse");
    let before = compare(Comparison::Less, &since, &number(0.0));
    choose(before, number(0.0), pulse(within, height, duration))
}

/// A staircase: `jump` more at `lag` and every `period` after it.
fn perstep(lower: &mut Lower, a: &[Expression]) -> Expression {
    let [t, lag, period, jump] = [&a[0], &a[1], &a[2], &a[3]];
    let since = lower.held(subtract(t.clone(), lag.clone()), "perstep");
    let steps = add(call(Math::Floor, divide(since.clone(), period.clone())), number(1.0));
    let before = compare(Comparison::Less, &since, &number(0.0));
    choose(before, number(0.0), multiply(jump.clone(), steps))
}
