//! The real type of an engine.

use codegen::ir::IonField;

/// `f64` or `f32`, with the few functions that engines need besides arithmetic.
pub trait Real:
    Copy
    + Default
    + PartialOrd
    + Send
    + Sync
    + std::fmt::Debug
    + std::ops::Add<Output = Self>
    + std::ops::Sub<Output = Self>
    + std::ops::Mul<Output = Self>
    + std::ops::Div<Output = Self>
    + std::ops::Neg<Output = Self>
    + std::ops::AddAssign
    + std::ops::SubAssign
    + std::ops::MulAssign
    + std::ops::DivAssign
    + evaluator::Real
    + 'static
{
    /// `f64` or `f32`.
    const NAME: &'static str;
    /// Rounds to this type.
    fn new(value: f64) -> Self;
    /// Widens to `f64`.
    fn get(self) -> f64;
    /// Natural logarithm: the compiler's own, the same on every engine.
    fn log(self) -> Self;
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;
}

/// Fields of an ion, by position in its values.
pub(crate) const EREV: usize = IonField::Erev as usize;
pub(crate) const CONCI: usize = IonField::Conci as usize;
pub(crate) const CONCO: usize = IonField::Conco as usize;
pub(crate) const CURRENT: usize = IonField::Current as usize;
pub(crate) const DIDV: usize = IonField::Didv as usize;

/// Faraday's constant times 1 / (gas constant), K/mV: kT/e = `MILLIVOLT_PER_KELVIN` * (celsius + 273.15).
///
/// e, N_A and k as fixed by the SI (2019); NEURON 9 uses the same.
pub const MILLIVOLT_PER_KELVIN: f64 = 1000.0 * 1.380_649e-23 / 1.602_176_634e-19;

/// Reversal potential of an ion, mV: `factor * log(co / ci)`, with `factor` = kT/ze in mV.
///
/// As NEURON's `nernst` (`nrn/src/nrnoc/eion.cpp`): 1e6 without inside, -1e6 without outside
/// concentration.
#[inline(always)]
pub fn nernst<R: Real>(conci: R, conco: R, factor: R) -> R {
    let zero = R::new(0.0);
    // Before it is known whether it is wanted: loops then have no branches.
    let reversal = factor * (conco / conci).log();
    if conci <= zero {
        R::new(1e6)
    } else if conco <= zero {
        R::new(-1e6)
    } else {
        reversal
    }
}

macro_rules! real {
    ($type:ident) => {
        impl Real for $type {
            const NAME: &'static str = stringify!($type);
            #[inline(always)]
            fn new(value: f64) -> Self {
                value as $type
            }
            #[inline(always)]
            fn get(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn log(self) -> Self {
                codegen::elementary::$type::log(self)
            }
            fn is_finite(self) -> bool {
                <$type>::is_finite(self)
            }
        }
    };
}

real!(f32);
real!(f64);
