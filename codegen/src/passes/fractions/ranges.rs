//! Between what values an expression lies.

use super::known::Known;
use crate::ir::{BinaryOperator, Expression, Input, LocalId, Math, Place};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What numbers of a precision have room for.
pub(super) struct Room {
    /// What [`Math::Bounded`] leaves of an exponential.
    bound: f64,
    /// An exponential up to this need not be bounded where potentials are confined.
    large: f64,
    /// What [`Math::Confined`] leaves of a potential, mV.
    potential: f64,
    /// Least denominator, if no exponential in it is bounded.
    least: f64,
    /// Most that denominators may come to, multiplied.
    pub most: f64,
}

/// Single precision, and double precision.
pub(super) const ROOMS: [Room; 2] = [
    Room { bound: 1e8, large: 1e18, potential: 150.0, least: 1e-30, most: 1e36 },
    Room { bound: 1e60, large: 1e90, potential: 750.0, least: 1e-150, most: 1e290 },
];

/// Least denominator with exponentials that are bounded, either precision.
const LEAST: f64 = 1e-6;

/// Least and largest value.
pub(super) type Range = [f64; 2];

/// Nothing is known.
const ANY: Range = [f64::NEG_INFINITY, f64::INFINITY];

/// Ranges of locals in each precision.
pub(super) type Ranges = RefCell<BTreeMap<(usize, LocalId), Range>>;

/// What is known, in one precision.
#[derive(Clone, Copy)]
pub(super) struct Within<'k> {
    pub known: &'k Known,
    /// Its number among [`ROOMS`].
    room: usize,
    /// Potentials, mV, if they are not all that there are.
    between: Option<Range>,
}

impl Known {
    /// In either precision.
    pub fn within(&self) -> [Within<'_>; 2] {
        [0, 1].map(|room| Within { known: self, room, between: None })
    }

    /// Whether it is an exponential, or a local that holds one: what is positive and may become very large.
    pub fn grows(&self, e: &Expression) -> bool {
        match e {
            Expression::Call(Math::Exp, arguments) => self.within().iter().any(|within| {
                let Room { bound, large, .. } = ROOMS[within.room];
                within.range(&arguments[0])[1].exp() > if self.confined { large } else { bound }
            }),
            Expression::Call(Math::Bounded, arguments) => self.grows(&arguments[0]),
            Expression::Load(Place::Local(id)) => self.definitions.get(id).is_some_and(|e| self.grows(e)),
            _ => false,
        }
    }

    /// Whether it cannot come near 0.
    pub fn is_away_from_zero(&self, e: &Expression) -> bool {
        self.within().iter().all(|within| within.range(e)[0] >= LEAST)
    }

    /// Whether it is known to be small enough to be multiplied.
    pub fn is_finite(&self, e: &Expression) -> bool {
        self.within().iter().all(|within| within.range(e).iter().all(|end| end.is_finite()))
    }

    /// Most that a denominator can be, if it is neither too small nor too large; `bounds` if exponentials in it are bounded.
    pub fn most(&self, denominator: &Expression, bounds: bool) -> Option<[f64; 2]> {
        let mut most = [0.0; 2];
        for (within, most) in self.within().iter().zip(&mut most) {
            let [low, high] = within.magnitude(denominator)?;
            let room = &ROOMS[within.room];
            if low < if bounds { LEAST } else { room.least } || high > room.most {
                return None;
            }
            *most = high;
        }
        Some(most)
    }
}

impl Within<'_> {
    /// Least and largest value, with bounded exponentials.
    pub fn range(self, e: &Expression) -> Range {
        let Expression::Load(Place::Local(id)) = e else { return self.range_of(e) };
        let Some(definition) = self.known.definitions.get(id) else { return ANY };
        if self.between.is_some() {
            return self.range_of(definition);
        }
        let key = (self.room, *id);
        if let Some(range) = self.known.ranges.borrow().get(&key) {
            return *range;
        }
        let range = self.range_of(definition);
        self.known.ranges.borrow_mut().insert(key, range);
        range
    }

    /// The same where the potential is between two.
    pub fn range_between(self, e: &Expression, potentials: Range) -> Range {
        Self { between: Some(potentials), ..self }.range(e)
    }

    fn range_of(self, e: &Expression) -> Range {
        let Room { bound, potential, .. } = ROOMS[self.room];
        if self.known.grows(e) {
            return [0.0, bound];
        }
        let range = match e {
            Expression::Number(c) => [*c, *c],
            Expression::Input(Input::V) if self.known.confined => self.between.unwrap_or([-potential, potential]),
            Expression::Load(Place::Local(_)) => self.range(e),
            Expression::Negate(a) => negated(self.range(a)),
            Expression::Call(Math::Exp, arguments) => self.range(&arguments[0]).map(f64::exp),
            Expression::Call(Math::Expm1 | Math::Expm1Of, arguments) => self.range(&arguments[0]).map(f64::exp_m1),
            Expression::Call(Math::Bounded, arguments) => self.range(&arguments[0]),
            Expression::Select(_, a, b) => hull(self.range(a), self.range(b)),
            Expression::Binary(operator, a, b) => {
                let (a, b) = (self.range(a), self.range(b));
                match operator {
                    BinaryOperator::Add => sum(a, b),
                    BinaryOperator::Subtract => sum(a, negated(b)),
                    BinaryOperator::Multiply => product(a, b),
                    BinaryOperator::Divide => ANY,
                }
            }
            _ => ANY,
        };
        if range.iter().any(|end| end.is_nan()) { ANY } else { range }
    }
}

pub(super) fn negated([low, high]: Range) -> Range {
    [-high, -low]
}

pub(super) fn sum(a: Range, b: Range) -> Range {
    [a[0] + b[0], a[1] + b[1]]
}

/// All products.
pub(super) fn product(a: Range, b: Range) -> Range {
    let products = a.map(|a| b.map(|b| a * b)).concat();
    if products.iter().any(|product| product.is_nan()) {
        return ANY;
    }
    let least = products.iter().copied().fold(f64::INFINITY, f64::min);
    [least, products.into_iter().fold(f64::NEG_INFINITY, f64::max)]
}

/// Both, and what is between them.
pub(super) fn hull(a: Range, b: Range) -> Range {
    [a[0].min(b[0]), a[1].max(b[1])]
}
