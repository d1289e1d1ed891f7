//! Elementary functions in single precision, without branches, libm or fused operations.
//!
//! `madd(a, b, c)` of the parent module is `a * b + c`, or its fused form in fused builds.

// Constants are spelled out for the WGSL twin; `a == a` asks for NaN.
#![allow(clippy::approx_constant, clippy::eq_op)]

use super::madd;

/// 3 * 2^22: adding it leaves the nearest integer in the low bits of the sum.
const ROUND: f32 = 12582912.0;
/// The same plus the exponent's bias.
const ROUND_EXPONENT: f32 = 12583039.0;
/// 2^23 + 127: 2^23 and the exponent bias.
const BIASED_EXPONENT: f32 = 8388735.0;
const BIASED_EXPONENT_BITS: u32 = 0x4b000000;
/// Bits of the square root of 1/2.
const SQRT_HALF_BITS: u32 = 0x3f3504f3;
const ONE_BITS: u32 = 0x3f800000;
const MANTISSA: u32 = 0x007fffff;
const SMALLEST_NORMAL: f32 = 1.1754944e-38;
/// What `bounded` leaves: four of them multiplied are finite.
const BOUND: f32 = 1e8;
/// Largest potential that counts, mV.
const POTENTIAL: f32 = 150.0;
const LARGEST: f32 = 3.4028235e38;
/// 2^12 + 1, splits a number in two halves of 12 bits.
const SPLIT: f32 = 4097.0;
const LOG2_E: f32 = 1.442695;
/// ln 2 in two parts; the first has 9 bits.
const LN2_HI: f32 = 0.6933594;
const LN2_LO: f32 = -0.00021219444;
/// ln 2 in two parts; the first has 12 bits.
const LN2_LONG_HI: f32 = 0.69311523;
const LN2_LONG_LO: f32 = 3.1946183e-05;
const LOG10_E_HI: f32 = 0.4342945;
const LOG10_E_LO: f32 = -1.010305e-08;
const TWO_THIRDS_HI: f32 = 0.6666667;
const TWO_THIRDS_LO: f32 = -1.9868215e-08;
const TWO_OVER_PI: f32 = 0.63661975;
/// pi/2 in five parts; the first four have 8 bits.
const HALF_PI_1: f32 = 1.5703125;
const HALF_PI_2: f32 = 0.0004825592;
const HALF_PI_3: f32 = 1.2665987e-06;
const HALF_PI_4: f32 = 9.895302e-10;
const HALF_PI_5: f32 = 2.563344e-12;
const HALF_PI_HI: f32 = 1.5707964;
const HALF_PI_LO: f32 = -4.371139e-08;
const QUARTER_PI_HI: f32 = 0.7853982;
const QUARTER_PI_LO: f32 = -2.1855694e-08;
const TAN_PI_8: f32 = 0.41421357;
const TAN_3_PI_8: f32 = 2.4142137;

/// Beyond this e^x keeps its value there, and below the other it is 0. NEURON's own exp does so at 700 and -700, lest quotients
/// of rates become undefined.
const EXP_HIGHEST: f32 = 88.0;
const EXP_LOWEST: f32 = -87.0;
/// Beyond these a power e^x is infinite, or too small for a normal number.
const POWER_HIGHEST: f32 = 88.72284;
const POWER_LOWEST: f32 = -87.0;
/// Beyond these e^x - 1 is infinite, or -1.
const EXPM1_HIGHEST: f32 = 88.37;
const EXPM1_LOWEST: f32 = -25.0;
/// Up to this, either sign, e^x - 1 needs no range reduction: it is below ln 2 / 2.
pub const EXPM1_NEAR: f32 = 0.34;
/// Up to this, either sign, e^x - 1 is not taken from e^x; beyond, an error of e^x is at most 2.2 times as large beside it.
const EXPM1_OF_NEAR: f32 = 0.6;

/// The unevaluated sum `hi + lo`, or the quotient `n` and the remainder `hi + lo` of a range reduction.
#[derive(Clone, Copy)]
struct Parts {
    n: f32,
    hi: f32,
    lo: f32,
}

/// The nearest integer, ties to even, for |x| < 2^22, plus `ROUND`: the integer is in the low bits.
#[inline(always)]
fn round_biased(x: f32) -> f32 {
    x + ROUND
}

/// x, but not outside `low..high`; NaN stays.
#[inline(always)]
fn clamp(x: f32, low: f32, high: f32) -> f32 {
    let above = if x < low { low } else { x };
    if above > high { high } else { above }
}

/// a * b without rounding (Dekker 1971).
#[inline(always)]
fn two_product(a: f32, b: f32) -> Parts {
    let product = a * b;
    let wide_a = SPLIT * a;
    let high_a = wide_a - (wide_a - a);
    let low_a = a - high_a;
    let wide_b = SPLIT * b;
    let high_b = wide_b - (wide_b - b);
    let low_b = b - high_b;
    let error = ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b;
    Parts { n: 0.0, hi: product, lo: error }
}

/// a + b without rounding (Knuth).
#[inline(always)]
fn two_sum(a: f32, b: f32) -> Parts {
    let sum = a + b;
    let of_b = sum - a;
    let of_a = sum - of_b;
    Parts { n: 0.0, hi: sum, lo: (a - of_a) + (b - of_b) }
}

/// The integer nearest to a / ln 2, plus `ROUND`.
#[inline(always)]
fn exponent(x: f32) -> f32 {
    round_biased(x * LOG2_E)
}

/// x less the multiple of ln 2.
#[inline(always)]
fn remainder(x: f32, biased: f32) -> f32 {
    let n = biased - ROUND;
    madd(n, -LN2_LO, madd(n, -LN2_HI, x))
}

/// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2.
#[inline(always)]
fn exp_series(r: f32) -> f32 {
    let r2 = r * r;
    let c2 = madd(0.16666548, r, 0.5);
    let c4 = madd(0.008366114, r, 0.041666854);
    madd(madd(0.0013898244, r2, c4), r2, c2)
}

/// The same for |r| <= `EXPM1_OF_NEAR`.
#[inline(always)]
fn longer_exp_series(r: f32) -> f32 {
    let r2 = r * r;
    let c2 = madd(0.16666657, r, 0.5);
    let c4 = madd(0.008334103, r, 0.041665018);
    let c6 = madd(0.00019790826, r, 0.0014021873);
    madd(madd(c6, r2, c4), r2, c2)
}

/// 2^n, for an integer n by `round_biased`, times a normal number; the product must be normal.
#[inline(always)]
fn scale(p: f32, biased: f32) -> f32 {
    f32::from_bits(p.to_bits().wrapping_add(biased.to_bits() << 23))
}

/// `inside` if x is not too large for an exponential, else infinity or NaN.
#[inline(always)]
fn below(x: f32, highest: f32, inside: f32) -> f32 {
    if x <= highest { inside } else { x + f32::INFINITY }
}

/// x, but not above `EXP_HIGHEST`; NaN stays.
#[inline(always)]
fn limited(x: f32) -> f32 {
    if x > EXP_HIGHEST { EXP_HIGHEST } else { x }
}

/// The integer that was rounded by adding `ROUND_EXPONENT`.
#[inline(always)]
fn without_exponent(biased: f32) -> f32 {
    biased - ROUND_EXPONENT
}

/// e^x as n (1 + hi), where n is a power of 2 and not too large or small for a normal number; hi is NaN if x is.
#[inline(always)]
fn exp_parts(x: f32) -> Parts {
    let biased = madd(x, LOG2_E, ROUND_EXPONENT);
    let n = without_exponent(biased);
    let r = madd(n, -LN2_LO, madd(n, -LN2_HI, x));
    Parts { n: f32::from_bits(biased.to_bits() << 23), hi: madd(r * r, exp_series(r), r), lo: 0.0 }
}

/// e^x; see `EXP_HIGHEST` for its limits.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let parts = exp_parts(limited(x));
    let value = madd(parts.hi, parts.n, parts.n);
    if x < EXP_LOWEST { 0.0 } else { value }
}

/// e^x / 2 for x >= 0, finite a little longer than e^x.
#[inline(always)]
fn half_exp(x: f32) -> f32 {
    let n = exponent(x);
    let r = remainder(x, n);
    let value = scale(0.5 + 0.5 * madd(r * r, exp_series(r), r), n);
    below(x, 89.41, value)
}

/// e^x - 1 for x not above `EXPM1_HIGHEST`.
#[inline(always)]
fn power_less_one(x: f32) -> f32 {
    let parts = exp_parts(if x < EXPM1_LOWEST { EXPM1_LOWEST } else { x });
    madd(parts.hi, parts.n, parts.n - 1.0)
}

/// e^x - 1, limited as e^x is.
#[inline(always)]
pub fn expm1(x: f32) -> f32 {
    power_less_one(limited(x))
}

/// `expm1` of x not beyond `EXPM1_NEAR`, where there is nothing to reduce: the same number.
#[inline(always)]
pub fn expm1_near(x: f32) -> f32 {
    madd(x * x, exp_series(x), x) + 0.0
}

/// e^x - 1 with e^x given, which would lose digits near 0.
#[inline(always)]
pub fn expm1_of(x: f32, power: f32) -> f32 {
    let near = madd(x * x, longer_exp_series(x), x);
    if x.abs() < EXPM1_OF_NEAR { near } else { power - 1.0 }
}

/// x, but at most `BOUND`; NaN stays.
#[inline(always)]
pub fn bounded(x: f32) -> f32 {
    if x > BOUND { BOUND } else { x }
}

/// x, but not beyond `POTENTIAL`, either sign; NaN stays.
#[inline(always)]
pub fn confined(x: f32) -> f32 {
    clamp(x, -POTENTIAL, POTENTIAL)
}

/// x / (e^x - 1), 1 at 0.
#[inline(always)]
pub fn exprelr(x: f32) -> f32 {
    let bounded = if x > POWER_HIGHEST { POWER_HIGHEST } else { x };
    let quotient = bounded / below(x, EXPM1_HIGHEST, power_less_one(x));
    if x == 0.0 { 1.0 } else { quotient }
}

/// x = 2^n (1 + hi) with 1 + hi between the roots of 1/2 and 2, for positive finite x.
#[inline(always)]
fn split(x: f32) -> Parts {
    let tiny = x < SMALLEST_NORMAL;
    let scaled = if tiny { x * 33554432.0 } else { x };
    let shifted = scaled.to_bits().wrapping_sub(SQRT_HALF_BITS).wrapping_add(ONE_BITS);
    let exponent = f32::from_bits((shifted >> 23) | BIASED_EXPONENT_BITS) - BIASED_EXPONENT;
    let significand = f32::from_bits((shifted & MANTISSA).wrapping_add(SQRT_HALF_BITS));
    Parts { n: if tiny { exponent - 25.0 } else { exponent }, hi: significand - 1.0, lo: 0.0 }
}

/// `inside` if x is positive and finite, else the limit of a logarithm there.
#[inline(always)]
fn log_limits(x: f32, inside: f32) -> f32 {
    let finite = if x > LARGEST { x } else { inside };
    let at_zero = if x == 0.0 { -f32::INFINITY } else { f32::NAN };
    if x > 0.0 { finite } else { at_zero }
}

/// Natural logarithm.
#[inline(always)]
pub fn log(x: f32) -> f32 {
    let parts = split(x);
    let f = parts.hi;
    let s = f / (2.0 + f);
    let z = s * s;
    let c0 = madd(0.40000123, z, 0.6666667);
    let c2 = madd(0.23330964, z, 0.28550804);
    let r = z * madd(c2, z * z, c0);
    let half_square = 0.5 * f * f;
    let correction = madd(s, half_square + r, parts.n * LN2_LO);
    log_limits(x, madd(parts.n, LN2_HI, f - (half_square - correction)))
}

/// Natural logarithm of a positive finite number to about 36 bits.
#[inline(always)]
fn log_parts(x: f32) -> Parts {
    let parts = split(x);
    let f = parts.hi;
    // s = f / (2 + f)
    let denominator = 2.0 + f;
    let denominator_low = f - (denominator - 2.0);
    let s = f / denominator;
    let product = two_product(s, denominator);
    let s_low = (((f - product.hi) - product.lo) - s * denominator_low) / denominator;
    // 2/3 s^3
    let square = two_product(s, s);
    let square_low = square.lo + 2.0 * s * s_low;
    let two_thirds = two_product(s, TWO_THIRDS_HI);
    let two_thirds_low = two_thirds.lo + (s * TWO_THIRDS_LO + s_low * TWO_THIRDS_HI);
    let cube = two_product(two_thirds.hi, square.hi);
    let cube_low = cube.lo + (two_thirds.hi * square_low + two_thirds_low * square.hi);
    // s^5 (2/5 + 2/7 s^2 + ...)
    let z = square.hi;
    let rest = s * z * z * madd(madd(0.23048522, z, 0.2856223), z, 0.40000015);
    let first = two_sum(parts.n * LN2_LONG_HI, 2.0 * s);
    let second = two_sum(first.hi, cube.hi);
    let low = (first.lo + second.lo) + ((cube_low + 2.0 * s_low) + madd(parts.n, LN2_LONG_LO, rest));
    let sum = second.hi + low;
    Parts { n: 0.0, hi: sum, lo: (second.hi - sum) + low }
}

/// Logarithm to base 10.
#[inline(always)]
pub fn log10(x: f32) -> f32 {
    let log = log_parts(x);
    let product = two_product(log.hi, LOG10_E_HI);
    let low = product.lo + (log.hi * LOG10_E_LO + log.lo * LOG10_E_HI);
    log_limits(x, product.hi + low)
}

/// x^y.
#[inline(always)]
pub fn pow(x: f32, y: f32) -> f32 {
    let magnitude = x.abs();
    let log = log_parts(magnitude);
    let power = clamp(y, -1e10, 1e10);
    let product = two_product(power, log.hi);
    let n = exponent(product.hi);
    let whole = n - ROUND;
    let reduced = madd(whole, -LN2_HI, product.hi);
    let tail = madd(whole, -LN2_LO, madd(power, log.lo, product.lo));
    let hi = reduced + tail;
    let rest = madd(hi * hi, exp_series(hi), (reduced - hi) + tail);
    let sum = 1.0 + hi;
    let value = scale(sum + (((1.0 - sum) + hi) + rest), n);
    let above = if product.hi < POWER_LOWEST { 0.0 } else { value };
    let finite = below(product.hi, POWER_HIGHEST, above);
    // 0 and infinity
    let grows = if magnitude > 1.0 { f32::INFINITY } else { 0.0 };
    let shrinks = if magnitude > 1.0 { 0.0 } else { f32::INFINITY };
    let negative_power = if y < 0.0 { shrinks } else { y };
    let extreme = if y > 0.0 { grows } else { negative_power };
    let ordinary = if magnitude > 0.0 { finite } else { extreme };
    let infinite = if magnitude > LARGEST { extreme } else { x + y };
    let positive = if magnitude <= LARGEST { ordinary } else { infinite };
    // a negative base
    let half = y * 0.5;
    let odd = if half.floor() == half { positive } else { -positive };
    let negative = if y.floor() == y { odd } else { f32::NAN };
    let signed = if x < 0.0 { negative } else { positive };
    if y == 0.0 { 1.0 } else { signed }
}

/// Square root.
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    x.sqrt()
}

/// Absolute value.
#[inline(always)]
pub fn abs(x: f32) -> f32 {
    x.abs()
}

/// Largest integer not above x.
#[inline(always)]
pub fn floor(x: f32) -> f32 {
    x.floor()
}

/// Smallest integer not below x.
#[inline(always)]
pub fn ceil(x: f32) -> f32 {
    x.ceil()
}

/// x = n pi/2 + hi + lo, `ROUND` added to n, with |hi| <= pi/4; exact products for |x| < 1e5.
#[inline(always)]
fn reduce_angle(x: f32) -> Parts {
    let biased = round_biased(x * TWO_OVER_PI);
    let n = biased - ROUND;
    let a = madd(n, -HALF_PI_2, madd(n, -HALF_PI_1, x));
    let b = n * HALF_PI_3;
    let near = a - b;
    let tail = (((a - near) - b) - n * HALF_PI_4) - n * HALF_PI_5;
    let hi = near + tail;
    Parts { n: biased, hi, lo: (near - hi) + tail }
}

/// sin(hi + lo) for |hi| <= pi/4.
#[inline(always)]
fn sin_reduced(hi: f32, lo: f32) -> f32 {
    let z = hi * hi;
    let c0 = madd(madd(madd(2.724962e-06, z, -0.00019840084), z, 0.008333332), z, -0.16666667);
    hi + madd(hi * z, c0, lo)
}

/// cos(hi + lo) for |hi| <= pi/4.
#[inline(always)]
fn cos_reduced(hi: f32, lo: f32) -> f32 {
    let z = hi * hi;
    let c0 = madd(madd(2.454769e-05, z, -0.0013888301), z, 0.041666664);
    let half = 0.5 * z;
    let near = 1.0 - half;
    near + (((1.0 - near) - half) + madd(z * z, c0, -(hi * lo)))
}

/// `inside` where an angle means something, else NaN.
#[inline(always)]
fn angle_limits(x: f32, inside: f32) -> f32 {
    if x.abs() < 4e6 { inside } else { f32::NAN }
}

/// Sine; NaN for |x| >= 4e6.
#[inline(always)]
pub fn sin(x: f32) -> f32 {
    let r = reduce_angle(x);
    let quadrant = r.n.to_bits();
    let s = sin_reduced(r.hi, r.lo);
    let c = cos_reduced(r.hi, r.lo);
    let value = if (quadrant & 1) == 0 { s } else { c };
    angle_limits(x, if (quadrant & 2) == 0 { value } else { -value })
}

/// Cosine; NaN for |x| >= 4e6.
#[inline(always)]
pub fn cos(x: f32) -> f32 {
    let r = reduce_angle(x);
    let quadrant = r.n.to_bits();
    let s = sin_reduced(r.hi, r.lo);
    let c = cos_reduced(r.hi, r.lo);
    let value = if (quadrant & 1) == 0 { c } else { -s };
    angle_limits(x, if (quadrant & 2) == 0 { value } else { -value })
}

/// Tangent; NaN for |x| >= 4e6.
#[inline(always)]
pub fn tan(x: f32) -> f32 {
    let r = reduce_angle(x);
    let quadrant = r.n.to_bits();
    let s = sin_reduced(r.hi, r.lo);
    let c = cos_reduced(r.hi, r.lo);
    let even = (quadrant & 1) == 0;
    let numerator = if even { s } else { -c };
    let denominator = if even { c } else { s };
    angle_limits(x, numerator / denominator)
}

/// Hyperbolic sine.
#[inline(always)]
pub fn sinh(x: f32) -> f32 {
    let magnitude = x.abs();
    let e = expm1(magnitude);
    let near = 0.5 * (e + e / (e + 1.0));
    let value = if magnitude > 20.0 { half_exp(magnitude) } else { near };
    if x < 0.0 { -value } else { value }
}

/// Hyperbolic cosine.
#[inline(always)]
pub fn cosh(x: f32) -> f32 {
    let half = half_exp(x.abs());
    half + 0.25 / half
}

/// Hyperbolic tangent.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let e = expm1(-2.0 * x.abs());
    let value = -e / (e + 2.0);
    if x < 0.0 { -value } else { value }
}

/// Arc tangent.
#[inline(always)]
pub fn atan(x: f32) -> f32 {
    let magnitude = x.abs();
    let middle = magnitude > TAN_PI_8;
    let large = magnitude > TAN_3_PI_8;
    let middle_numerator = if middle { magnitude - 1.0 } else { magnitude };
    let middle_denominator = if middle { magnitude + 1.0 } else { 1.0 };
    let t = if large { -1.0 } else { middle_numerator } / if large { magnitude } else { middle_denominator };
    let z = t * t;
    let c2 = madd(madd(-0.06449835, z, 0.107430995), z, -0.14263897);
    let c0 = madd(madd(c2, z, 0.19999538), z, -0.3333333);
    let middle_base = if middle { QUARTER_PI_HI } else { 0.0 };
    let middle_base_low = if middle { QUARTER_PI_LO } else { 0.0 };
    let base = if large { HALF_PI_HI } else { middle_base };
    let base_low = if large { HALF_PI_LO } else { middle_base_low };
    let value = base + (t + madd(t * z, c0, base_low));
    if x < 0.0 { -value } else { value }
}

/// Smaller of two; NaN if one is NaN.
#[inline(always)]
pub fn min(a: f32, b: f32) -> f32 {
    let smaller = if a < b { a } else { b };
    if a == a { smaller } else { a }
}

/// Larger of two; NaN if one is NaN.
#[inline(always)]
pub fn max(a: f32, b: f32) -> f32 {
    let larger = if a > b { a } else { b };
    if a == a { larger } else { a }
}

/// x - y * trunc(x / y), C's fmod; exact for |x / y| < 2^24.
#[inline(always)]
pub fn fmod(x: f32, y: f32) -> f32 {
    let ratio = x / y;
    let quotient = if ratio < 0.0 { ratio.ceil() } else { ratio.floor() };
    let product = two_product(quotient, y);
    let remainder = (x - product.hi) - product.lo;
    let step = y.abs();
    let positive = if remainder < 0.0 { remainder + step } else { remainder };
    let negative = if remainder > 0.0 { remainder - step } else { remainder };
    let value = if x < 0.0 { negative } else { positive };
    if x.abs() < step { x } else { value }
}
