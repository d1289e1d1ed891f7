//! Elementary functions of all values of a row.

use crate::rows::TILE;
use crate::{Real, madd, math};
use std::mem::MaybeUninit;

/// Rows of values between the parts of a kernel.
///
/// They begin where the rows of columns begin, by the low digits of their addresses: a processor takes a value that is
/// loaded for one that has just been stored if their addresses have the same last 12 bits, and waits.
#[repr(C, align(512))]
pub struct Between<const COUNT: usize>([[MaybeUninit<Real>; TILE]; COUNT]);

impl<const COUNT: usize> Between<COUNT> {
    /// Memory for them.
    #[inline(always)]
    pub fn new() -> Self {
        Self([[MaybeUninit::uninit(); TILE]; COUNT])
    }

    /// The rows, with `lanes` values, at most [`TILE`]; all are 0.
    #[inline(always)]
    pub fn rows(&mut self, lanes: usize) -> [&mut [Real]; COUNT] {
        self.0.each_mut().map(|row| {
            let row = &mut row[..lanes.min(TILE)];
            row.fill(MaybeUninit::new(0.0));
            // SAFETY: all of its values have just been set.
            unsafe { &mut *(&raw mut *row as *mut [Real]) }
        })
    }
}

/// `math::exp` of each.
#[inline(never)]
pub fn exp(row: &mut [Real]) {
    for x in row {
        *x = math::exp(*x);
    }
}

/// `math::expm1` of each.
#[inline(never)]
pub fn expm1(row: &mut [Real]) {
    for x in row {
        *x = math::expm1(*x);
    }
}

/// `math::log` of each.
#[inline(never)]
pub fn log(row: &mut [Real]) {
    for x in row {
        *x = math::log(*x);
    }
}

/// Moves states towards their targets: `state - expm1(exponent)*(target - state)`.
#[inline(never)]
pub fn relax(states: &mut [Real], exponents: &[Real], targets: &[Real]) {
    let targets = &targets[..states.len()];
    relax_to(states, exponents, |lane| targets[lane]);
}

/// The same towards quotients: a division takes next to no time of its own beside an exponential.
#[inline(never)]
pub fn relax_to_ratio(states: &mut [Real], exponents: &[Real], numerators: &[Real], denominators: &[Real]) {
    let (numerators, denominators) = (&numerators[..states.len()], &denominators[..states.len()]);
    relax_to(states, exponents, |lane| numerators[lane] / denominators[lane]);
}

/// Steps are short beside most time constants: without large exponents there is less to do.
#[inline(always)]
fn relax_to(states: &mut [Real], exponents: &[Real], target: impl Fn(usize) -> Real) {
    let lanes = states.len();
    let (states, exponents) = (&mut states[..lanes], &exponents[..lanes]);
    if exponents.iter().fold(true, |near, x| near & (math::abs(*x) <= math::EXPM1_NEAR)) {
        for lane in 0..lanes {
            states[lane] = madd(-math::expm1_near(exponents[lane]), target(lane) - states[lane], states[lane]);
        }
    } else {
        for lane in 0..lanes {
            states[lane] = madd(-math::expm1(exponents[lane]), target(lane) - states[lane], states[lane]);
        }
    }
}
