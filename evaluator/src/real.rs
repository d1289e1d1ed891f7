//! The real types and their elementary functions, rounded as a strict or as a fused build of kernels rounds them.

use crate::code::Code;
use crate::operation::Level;
use crate::program::Program;
use crate::run::Scratch;
use codegen::ir::Generator;
use std::cell::RefCell;

/// `f64` or `f32`.
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
    + Sized
    + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// A number of the IR: what a compiler makes of its literal.
    fn literal(value: f64) -> Self;
    /// From a whole number that the type holds exactly.
    fn whole(value: u32) -> Self;
    /// From a number of 0 to 2^31 that the type holds exactly.
    fn signed(value: i32) -> Self;
    /// As an index: truncated, NaN is 0, limited below.
    fn index(self) -> usize;
    /// Truncated; for 0 to 2^31 only.
    ///
    /// # Safety
    /// The value is in that range.
    unsafe fn truncate(self) -> i32;
    /// A number below 2^32 kept in the bits of a real, to be moved but not computed with.
    fn offset(value: u32) -> Self;
    /// It again.
    fn as_offset(self) -> usize;
    /// Whether it is NaN.
    fn is_nan(self) -> bool;
    /// The larger, or the one that is not NaN.
    fn larger(self, other: Self) -> Self;
    /// The smaller, or the one that is not NaN.
    fn smaller(self, other: Self) -> Self;
    /// Value, and low and high part of the state, of a random number.
    fn draw(generator: Generator, x: &[Self; 8]) -> [Self; 3];
    /// Memory of this thread to work in.
    #[doc(hidden)]
    fn with_scratch<T>(work: impl FnOnce(&mut Scratch<Self>) -> T) -> T;
    #[doc(hidden)]
    fn program(code: &Code, fused: bool, level: Level) -> Program<Self>;
}

macro_rules! real {
    ($type:ident, $random:path) => {
        impl Real for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            fn literal(value: f64) -> Self {
                // Rounded once, from the decimal digits; every f64 prints as a number.
                format!("{value:?}").parse().unwrap_or($type::NAN)
            }
            #[inline(always)]
            fn whole(value: u32) -> Self {
                value as $type
            }
            #[inline(always)]
            fn signed(value: i32) -> Self {
                value as $type
            }
            #[inline(always)]
            fn index(self) -> usize {
                self as usize
            }
            #[inline(always)]
            unsafe fn truncate(self) -> i32 {
                // SAFETY: promised by the caller.
                unsafe { self.to_int_unchecked() }
            }
            #[inline(always)]
            fn offset(value: u32) -> Self {
                $type::from_bits(value.into())
            }
            #[inline(always)]
            fn as_offset(self) -> usize {
                self.to_bits() as usize
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                $type::is_nan(self)
            }
            #[inline(always)]
            fn larger(self, other: Self) -> Self {
                self.max(other)
            }
            #[inline(always)]
            fn smaller(self, other: Self) -> Self {
                self.min(other)
            }
            fn draw(generator: Generator, x: &[Self; 8]) -> [Self; 3] {
                use $random as random;
                let drawn = match generator {
                    Generator::Random123Uniform => {
                        random::random123_uniform(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7])
                    }
                    Generator::Random123Integer => {
                        random::random123_integer(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7])
                    }
                    Generator::ScopRandom => random::scop_random(x[0], x[1]),
                    Generator::ScopSeed => random::scop_seed(x[0], x[1], x[2], x[3], x[4]),
                };
                [drawn.value, drawn.low, drawn.high]
            }
            fn with_scratch<T>(work: impl FnOnce(&mut Scratch<Self>) -> T) -> T {
                thread_local! {
                    static SCRATCH: RefCell<Scratch<$type>> = RefCell::default();
                }
                SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
                    Ok(mut scratch) => work(&mut scratch),
                    // A kernel within a kernel.
                    Err(_) => work(&mut Scratch::default()),
                })
            }
            fn program(code: &Code, fused: bool, level: Level) -> Program<Self> {
                if fused { Program::new::<Fused>(code, level) } else { Program::new::<Strict>(code, level) }
            }
        }
    };
}
real!(f64, codegen::elementary::random);
real!(f32, codegen::elementary::single::random);

/// How `a * b + c` is rounded: [`Strict`] or [`Fused`].
pub trait Arithmetic<R: std::ops::Neg<Output = R>>: 'static {
    fn madd(a: R, b: R, c: R) -> R;
    /// a * b - c.
    #[inline(always)]
    fn madd_negative(a: R, b: R, c: R) -> R {
        Self::madd(a, b, -c)
    }
    /// c - a * b.
    #[inline(always)]
    fn negative_madd(a: R, b: R, c: R) -> R {
        Self::madd(-a, b, c)
    }
    fn exp(x: R) -> R;
    fn expm1(x: R) -> R;
    fn bounded(x: R) -> R;
    fn confined(x: R) -> R;
    fn exprelr(x: R) -> R;
    fn log(x: R) -> R;
    fn log10(x: R) -> R;
    fn sqrt(x: R) -> R;
    fn abs(x: R) -> R;
    fn floor(x: R) -> R;
    fn ceil(x: R) -> R;
    fn sin(x: R) -> R;
    fn cos(x: R) -> R;
    fn tan(x: R) -> R;
    fn sinh(x: R) -> R;
    fn cosh(x: R) -> R;
    fn tanh(x: R) -> R;
    fn atan(x: R) -> R;
    fn expm1_of(x: R, power: R) -> R;
    fn pow(x: R, y: R) -> R;
    fn min(x: R, y: R) -> R;
    fn max(x: R, y: R) -> R;
    fn fmod(x: R, y: R) -> R;
}

/// Twice, as written.
pub struct Strict;
/// Once.
pub struct Fused;

macro_rules! arithmetic {
    ($name:ident, $type:ident, $math:path, |$a:ident, $b:ident, $c:ident| $madd:expr) => {
        arithmetic!($name, $type, $math, |$a, $b, $c| $madd,
            exp expm1 bounded confined exprelr log log10 sqrt abs floor ceil sin cos tan sinh cosh tanh atan, expm1_of pow min max fmod);
    };
    ($name:ident, $type:ident, $math:path, |$a:ident, $b:ident, $c:ident| $madd:expr,
     $($unary:ident)*, $($binary:ident)*) => {
        impl Arithmetic<$type> for $name {
            #[inline(always)]
            fn madd($a: $type, $b: $type, $c: $type) -> $type {
                $madd
            }
            $(#[inline(always)]
            fn $unary(x: $type) -> $type {
                use $math as math;
                math::$unary(x)
            })*
            $(#[inline(always)]
            fn $binary(x: $type, y: $type) -> $type {
                use $math as math;
                math::$binary(x, y)
            })*
        }
    };
}
arithmetic!(Strict, f64, codegen::elementary::f64, |a, b, c| a * b + c);
arithmetic!(Strict, f32, codegen::elementary::f32, |a, b, c| a * b + c);
arithmetic!(Fused, f64, codegen::elementary::fused::f64, |a, b, c| a.mul_add(b, c));
arithmetic!(Fused, f32, codegen::elementary::fused::f32, |a, b, c| a.mul_add(b, c));
