// Elementary functions in f32: the twin of codegen/src/elementary/f32.rs, operation by operation.
// Do not edit: `SALTATORY_BLESS=1 cargo test -p codegen elementary` writes it anew.
//
// Equal bits on the CPU and on the GPU need a compiler that neither contracts nor re-associates (SPIR-V's
// NoContraction); without it the results stay within a few ulp, pow and log10 lose their extra digits.

// Infinity, from a variable so that no constant expression overflows.
fn math_inf() -> f32 {
    var bits: u32 = 0x7f800000u;
    return bitcast<f32>(bits);
}

// Not a number.
fn math_nan() -> f32 {
    var bits: u32 = 0x7fc00000u;
    return bitcast<f32>(bits);
}

// 3 * 2^22: adding it leaves the nearest integer in the low bits of the sum.
const math_ROUND: f32 = 12582912.0f;
// The same plus the exponent's bias.
const math_ROUND_EXPONENT: f32 = 12583039.0f;
// 2^23 + 127: 2^23 and the exponent bias.
const math_BIASED_EXPONENT: f32 = 8388735.0f;
const math_BIASED_EXPONENT_BITS: u32 = 0x4b000000u;
// Bits of the square root of 1/2.
const math_SQRT_HALF_BITS: u32 = 0x3f3504f3u;
const math_ONE_BITS: u32 = 0x3f800000u;
const math_MANTISSA: u32 = 0x007fffffu;
const math_SMALLEST_NORMAL: f32 = 1.1754944e-38f;
// What `bounded` leaves: four of them multiplied are finite.
const math_BOUND: f32 = 1e8f;
// Largest potential that counts, mV.
const math_POTENTIAL: f32 = 150.0f;
const math_LARGEST: f32 = 3.4028235e38f;
// 2^12 + 1, splits a number in two halves of 12 bits.
const math_SPLIT: f32 = 4097.0f;
const math_LOG2_E: f32 = 1.442695f;
// ln 2 in two parts; the first has 9 bits.
const math_LN2_HI: f32 = 0.6933594f;
const math_LN2_LO: f32 = -0.00021219444f;
// ln 2 in two parts; the first has 12 bits.
const math_LN2_LONG_HI: f32 = 0.69311523f;
const math_LN2_LONG_LO: f32 = 3.1946183e-05f;
const math_LOG10_E_HI: f32 = 0.4342945f;
const math_LOG10_E_LO: f32 = -1.010305e-08f;
const math_TWO_THIRDS_HI: f32 = 0.6666667f;
const math_TWO_THIRDS_LO: f32 = -1.9868215e-08f;
const math_TWO_OVER_PI: f32 = 0.63661975f;
// pi/2 in five parts; the first four have 8 bits.
const math_HALF_PI_1: f32 = 1.5703125f;
const math_HALF_PI_2: f32 = 0.0004825592f;
const math_HALF_PI_3: f32 = 1.2665987e-06f;
const math_HALF_PI_4: f32 = 9.895302e-10f;
const math_HALF_PI_5: f32 = 2.563344e-12f;
const math_HALF_PI_HI: f32 = 1.5707964f;
const math_HALF_PI_LO: f32 = -4.371139e-08f;
const math_QUARTER_PI_HI: f32 = 0.7853982f;
const math_QUARTER_PI_LO: f32 = -2.1855694e-08f;
const math_TAN_PI_8: f32 = 0.41421357f;
const math_TAN_3_PI_8: f32 = 2.4142137f;
// Beyond this e^x keeps its value there, and below the other it is 0. NEURON's own exp does so at 700 and -700, lest quotients
// of rates become undefined.
const math_EXP_HIGHEST: f32 = 88.0f;
const math_EXP_LOWEST: f32 = -87.0f;
// Beyond these a power e^x is infinite, or too small for a normal number.
const math_POWER_HIGHEST: f32 = 88.72284f;
const math_POWER_LOWEST: f32 = -87.0f;
// Beyond these e^x - 1 is infinite, or -1.
const math_EXPM1_HIGHEST: f32 = 88.37f;
const math_EXPM1_LOWEST: f32 = -25.0f;
// Up to this, either sign, e^x - 1 needs no range reduction: it is below ln 2 / 2.
const math_EXPM1_NEAR: f32 = 0.34f;
// Up to this, either sign, e^x - 1 is not taken from e^x; beyond, an error of e^x is at most 2.2 times as large beside it.
const math_EXPM1_OF_NEAR: f32 = 0.6f;

// The unevaluated sum `hi + lo`, or the quotient `n` and the remainder `hi + lo` of a range reduction.
struct math_Parts {
    n: f32,
    hi: f32,
    lo: f32,
}

// The nearest integer, ties to even, for |x| < 2^22, plus `ROUND`: the integer is in the low bits.
fn math_round_biased(x: f32) -> f32 {
    return round(x) + math_ROUND;
}

// x, but not outside `low..high`; NaN stays.
fn math_clamp(x: f32, low: f32, high: f32) -> f32 {
    let above = select(x, low, x < low);
    return select(above, high, above > high);
}

// a * b without rounding (Dekker 1971).
fn math_two_product(a: f32, b: f32) -> math_Parts {
    let product = a * b;
    let wide_a = math_SPLIT * a;
    let high_a = wide_a - (wide_a - a);
    let low_a = a - high_a;
    let wide_b = math_SPLIT * b;
    let high_b = wide_b - (wide_b - b);
    let low_b = b - high_b;
    let error = ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b;
    return math_Parts(0.0f, product, error);
}

// a + b without rounding (Knuth).
fn math_two_sum(a: f32, b: f32) -> math_Parts {
    let sum = a + b;
    let of_b = sum - a;
    let of_a = sum - of_b;
    return math_Parts(0.0f, sum, (a - of_a) + (b - of_b));
}

// The integer nearest to a / ln 2, plus `ROUND`.
fn math_exponent(x: f32) -> f32 {
    return math_round_biased(x * math_LOG2_E);
}

// x less the multiple of ln 2.
fn math_remainder(x: f32, biased: f32) -> f32 {
    let n = biased - math_ROUND;
    return n * -math_LN2_LO + (n * -math_LN2_HI + x);
}

// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2.
fn math_exp_series(r: f32) -> f32 {
    let r2 = r * r;
    let c2 = 0.16666548f * r + 0.5f;
    let c4 = 0.008366114f * r + 0.041666854f;
    return (0.0013898244f * r2 + c4) * r2 + c2;
}

// The same for |r| <= `EXPM1_OF_NEAR`.
fn math_longer_exp_series(r: f32) -> f32 {
    let r2 = r * r;
    let c2 = 0.16666657f * r + 0.5f;
    let c4 = 0.008334103f * r + 0.041665018f;
    let c6 = 0.00019790826f * r + 0.0014021873f;
    return (c6 * r2 + c4) * r2 + c2;
}

// 2^n, for an integer n by `round_biased`, times a normal number; the product must be normal.
fn math_scale(p: f32, biased: f32) -> f32 {
    return bitcast<f32>(bitcast<u32>(p) + (bitcast<u32>(biased) << 23u));
}

// `inside` if x is not too large for an exponential, else infinity or NaN.
fn math_below(x: f32, highest: f32, inside: f32) -> f32 {
    return select(x + math_inf(), inside, x <= highest);
}

// x, but not above `EXP_HIGHEST`; NaN stays.
fn math_limited(x: f32) -> f32 {
    return select(x, math_EXP_HIGHEST, x > math_EXP_HIGHEST);
}

// The integer that was rounded by adding `ROUND_EXPONENT`.
fn math_without_exponent(biased: f32) -> f32 {
    return f32(i32(bitcast<u32>(biased) - bitcast<u32>(math_ROUND_EXPONENT)));
}

// e^x as n (1 + hi), where n is a power of 2 and not too large or small for a normal number; hi is NaN if x is.
fn math_exp_parts(x: f32) -> math_Parts {
    let biased = x * math_LOG2_E + math_ROUND_EXPONENT;
    let n = math_without_exponent(biased);
    let r = n * -math_LN2_LO + (n * -math_LN2_HI + x);
    return math_Parts(bitcast<f32>(bitcast<u32>(biased) << 23u), (r * r * math_exp_series(r) + r), 0.0f);
}

// e^x; see `EXP_HIGHEST` for its limits.
fn math_exp(x: f32) -> f32 {
    let parts = math_exp_parts(math_limited(x));
    let value = parts.hi * parts.n + parts.n;
    return select(value, 0.0f, x < math_EXP_LOWEST);
}

// e^x / 2 for x >= 0, finite a little longer than e^x.
fn math_half_exp(x: f32) -> f32 {
    let n = math_exponent(x);
    let r = math_remainder(x, n);
    let value = math_scale(0.5f + 0.5f * (r * r * math_exp_series(r) + r), n);
    return math_below(x, 89.41f, value);
}

// e^x - 1 for x not above `EXPM1_HIGHEST`.
fn math_power_less_one(x: f32) -> f32 {
    let parts = math_exp_parts(select(x, math_EXPM1_LOWEST, x < math_EXPM1_LOWEST));
    return parts.hi * parts.n + (parts.n - 1.0f);
}

// e^x - 1, limited as e^x is.
fn math_expm1(x: f32) -> f32 {
    return math_power_less_one(math_limited(x));
}

// `expm1` of x not beyond `EXPM1_NEAR`, where there is nothing to reduce: the same number.
fn math_expm1_near(x: f32) -> f32 {
    return (x * x * math_exp_series(x) + x) + 0.0f;
}

// e^x - 1 with e^x given, which would lose digits near 0.
fn math_expm1_of(x: f32, power: f32) -> f32 {
    let near = x * x * math_longer_exp_series(x) + x;
    return select(power - 1.0f, near, abs(x) < math_EXPM1_OF_NEAR);
}

// x, but at most `BOUND`; NaN stays.
fn math_bounded(x: f32) -> f32 {
    return select(x, math_BOUND, x > math_BOUND);
}

// x, but not beyond `POTENTIAL`, either sign; NaN stays.
fn math_confined(x: f32) -> f32 {
    return math_clamp(x, -math_POTENTIAL, math_POTENTIAL);
}

// x / (e^x - 1), 1 at 0.
fn math_exprelr(x: f32) -> f32 {
    let bounded = select(x, math_POWER_HIGHEST, x > math_POWER_HIGHEST);
    let quotient = bounded / math_below(x, math_EXPM1_HIGHEST, math_power_less_one(x));
    return select(quotient, 1.0f, x == 0.0f);
}

// x = 2^n (1 + hi) with 1 + hi between the roots of 1/2 and 2, for positive finite x.
fn math_split(x: f32) -> math_Parts {
    let tiny = x < math_SMALLEST_NORMAL;
    let scaled = select(x, x * 33554432.0f, tiny);
    let shifted = (bitcast<u32>(scaled) - math_SQRT_HALF_BITS) + math_ONE_BITS;
    let exponent = bitcast<f32>((shifted >> 23u) | math_BIASED_EXPONENT_BITS) - math_BIASED_EXPONENT;
    let significand = bitcast<f32>((shifted & math_MANTISSA) + math_SQRT_HALF_BITS);
    return math_Parts(select(exponent, exponent - 25.0f, tiny), significand - 1.0f, 0.0f);
}

// `inside` if x is positive and finite, else the limit of a logarithm there.
fn math_log_limits(x: f32, inside: f32) -> f32 {
    let finite = select(inside, x, x > math_LARGEST);
    let at_zero = select(math_nan(), -math_inf(), x == 0.0f);
    return select(at_zero, finite, x > 0.0f);
}

// Natural logarithm.
fn math_log(x: f32) -> f32 {
    let parts = math_split(x);
    let f = parts.hi;
    let s = f / (2.0f + f);
    let z = s * s;
    let c0 = 0.40000123f * z + 0.6666667f;
    let c2 = 0.23330964f * z + 0.28550804f;
    let r = z * (c2 * (z * z) + c0);
    let half_square = 0.5f * f * f;
    let correction = s * (half_square + r) + (parts.n * math_LN2_LO);
    return math_log_limits(x, parts.n * math_LN2_HI + (f - (half_square - correction)));
}

// Natural logarithm of a positive finite number to about 36 bits.
fn math_log_parts(x: f32) -> math_Parts {
    let parts = math_split(x);
    let f = parts.hi;
    let denominator = 2.0f + f;
    let denominator_low = f - (denominator - 2.0f);
    let s = f / denominator;
    let product = math_two_product(s, denominator);
    let s_low = (((f - product.hi) - product.lo) - s * denominator_low) / denominator;
    let square = math_two_product(s, s);
    let square_low = square.lo + 2.0f * s * s_low;
    let two_thirds = math_two_product(s, math_TWO_THIRDS_HI);
    let two_thirds_low = two_thirds.lo + (s * math_TWO_THIRDS_LO + s_low * math_TWO_THIRDS_HI);
    let cube = math_two_product(two_thirds.hi, square.hi);
    let cube_low = cube.lo + (two_thirds.hi * square_low + two_thirds_low * square.hi);
    let z = square.hi;
    let rest = s * z * z * ((0.23048522f * z + 0.2856223f) * z + 0.40000015f);
    let first = math_two_sum(parts.n * math_LN2_LONG_HI, 2.0f * s);
    let second = math_two_sum(first.hi, cube.hi);
    let low = (first.lo + second.lo) + ((cube_low + 2.0f * s_low) + (parts.n * math_LN2_LONG_LO + rest));
    let sum = second.hi + low;
    return math_Parts(0.0f, sum, (second.hi - sum) + low);
}

// Logarithm to base 10.
fn math_log10(x: f32) -> f32 {
    let log = math_log_parts(x);
    let product = math_two_product(log.hi, math_LOG10_E_HI);
    let low = product.lo + (log.hi * math_LOG10_E_LO + log.lo * math_LOG10_E_HI);
    return math_log_limits(x, product.hi + low);
}

// x^y.
fn math_pow(x: f32, y: f32) -> f32 {
    let magnitude = abs(x);
    let log = math_log_parts(magnitude);
    let power = math_clamp(y, -1e10f, 1e10f);
    let product = math_two_product(power, log.hi);
    let n = math_exponent(product.hi);
    let whole = n - math_ROUND;
    let reduced = whole * -math_LN2_HI + product.hi;
    let tail = whole * -math_LN2_LO + (power * log.lo + product.lo);
    let hi = reduced + tail;
    let rest = hi * hi * math_exp_series(hi) + ((reduced - hi) + tail);
    let sum = 1.0f + hi;
    let value = math_scale(sum + (((1.0f - sum) + hi) + rest), n);
    let above = select(value, 0.0f, product.hi < math_POWER_LOWEST);
    let finite = math_below(product.hi, math_POWER_HIGHEST, above);
    let grows = select(0.0f, math_inf(), magnitude > 1.0f);
    let shrinks = select(math_inf(), 0.0f, magnitude > 1.0f);
    let negative_power = select(y, shrinks, y < 0.0f);
    let extreme = select(negative_power, grows, y > 0.0f);
    let ordinary = select(extreme, finite, magnitude > 0.0f);
    let infinite = select(x + y, extreme, magnitude > math_LARGEST);
    let positive = select(infinite, ordinary, magnitude <= math_LARGEST);
    let half = y * 0.5f;
    let odd = select(-positive, positive, floor(half) == half);
    let negative = select(math_nan(), odd, floor(y) == y);
    let signed = select(positive, negative, x < 0.0f);
    return select(signed, 1.0f, y == 0.0f);
}

// Square root.
fn math_sqrt(x: f32) -> f32 {
    return sqrt(x);
}

// Absolute value.
fn math_abs(x: f32) -> f32 {
    return abs(x);
}

// Largest integer not above x.
fn math_floor(x: f32) -> f32 {
    return floor(x);
}

// Smallest integer not below x.
fn math_ceil(x: f32) -> f32 {
    return ceil(x);
}

// x = n pi/2 + hi + lo, `ROUND` added to n, with |hi| <= pi/4; exact products for |x| < 1e5.
fn math_reduce_angle(x: f32) -> math_Parts {
    let biased = math_round_biased(x * math_TWO_OVER_PI);
    let n = biased - math_ROUND;
    let a = n * -math_HALF_PI_2 + (n * -math_HALF_PI_1 + x);
    let b = n * math_HALF_PI_3;
    let near = a - b;
    let tail = (((a - near) - b) - n * math_HALF_PI_4) - n * math_HALF_PI_5;
    let hi = near + tail;
    return math_Parts(biased, hi, (near - hi) + tail);
}

// sin(hi + lo) for |hi| <= pi/4.
fn math_sin_reduced(hi: f32, lo: f32) -> f32 {
    let z = hi * hi;
    let c0 = ((2.724962e-06f * z + -0.00019840084f) * z + 0.008333332f) * z + -0.16666667f;
    return hi + (hi * z * c0 + lo);
}

// cos(hi + lo) for |hi| <= pi/4.
fn math_cos_reduced(hi: f32, lo: f32) -> f32 {
    let z = hi * hi;
    let c0 = (2.454769e-05f * z + -0.0013888301f) * z + 0.041666664f;
    let half = 0.5f * z;
    let near = 1.0f - half;
    return near + (((1.0f - near) - half) + (z * z * c0 + -(hi * lo)));
}

// `inside` where an angle means something, else NaN.
fn math_angle_limits(x: f32, inside: f32) -> f32 {
    return select(math_nan(), inside, abs(x) < 4e6f);
}

// Sine; NaN for |x| >= 4e6.
fn math_sin(x: f32) -> f32 {
    let r = math_reduce_angle(x);
    let quadrant = bitcast<u32>(r.n);
    let s = math_sin_reduced(r.hi, r.lo);
    let c = math_cos_reduced(r.hi, r.lo);
    let value = select(c, s, (quadrant & 1u) == 0u);
    return math_angle_limits(x, select(-value, value, (quadrant & 2u) == 0u));
}

// Cosine; NaN for |x| >= 4e6.
fn math_cos(x: f32) -> f32 {
    let r = math_reduce_angle(x);
    let quadrant = bitcast<u32>(r.n);
    let s = math_sin_reduced(r.hi, r.lo);
    let c = math_cos_reduced(r.hi, r.lo);
    let value = select(-s, c, (quadrant & 1u) == 0u);
    return math_angle_limits(x, select(-value, value, (quadrant & 2u) == 0u));
}

// Tangent; NaN for |x| >= 4e6.
fn math_tan(x: f32) -> f32 {
    let r = math_reduce_angle(x);
    let quadrant = bitcast<u32>(r.n);
    let s = math_sin_reduced(r.hi, r.lo);
    let c = math_cos_reduced(r.hi, r.lo);
    let even = (quadrant & 1u) == 0u;
    let numerator = select(-c, s, even);
    let denominator = select(s, c, even);
    return math_angle_limits(x, numerator / denominator);
}

// Hyperbolic sine.
fn math_sinh(x: f32) -> f32 {
    let magnitude = abs(x);
    let e = math_expm1(magnitude);
    let near = 0.5f * (e + e / (e + 1.0f));
    let value = select(near, math_half_exp(magnitude), magnitude > 20.0f);
    return select(value, -value, x < 0.0f);
}

// Hyperbolic cosine.
fn math_cosh(x: f32) -> f32 {
    let half = math_half_exp(abs(x));
    return half + 0.25f / half;
}

// Hyperbolic tangent.
fn math_tanh(x: f32) -> f32 {
    let e = math_expm1(-2.0f * abs(x));
    let value = -e / (e + 2.0f);
    return select(value, -value, x < 0.0f);
}

// Arc tangent.
fn math_atan(x: f32) -> f32 {
    let magnitude = abs(x);
    let middle = magnitude > math_TAN_PI_8;
    let large = magnitude > math_TAN_3_PI_8;
    let middle_numerator = select(magnitude, magnitude - 1.0f, middle);
    let middle_denominator = select(1.0f, magnitude + 1.0f, middle);
    let t = select(middle_numerator, -1.0f, large) / select(middle_denominator, magnitude, large);
    let z = t * t;
    let c2 = (-0.06449835f * z + 0.107430995f) * z + -0.14263897f;
    let c0 = (c2 * z + 0.19999538f) * z + -0.3333333f;
    let middle_base = select(0.0f, math_QUARTER_PI_HI, middle);
    let middle_base_low = select(0.0f, math_QUARTER_PI_LO, middle);
    let base = select(middle_base, math_HALF_PI_HI, large);
    let base_low = select(middle_base_low, math_HALF_PI_LO, large);
    let value = base + (t + (t * z * c0 + base_low));
    return select(value, -value, x < 0.0f);
}

// Smaller of two; NaN if one is NaN.
fn math_min(a: f32, b: f32) -> f32 {
    let smaller = select(b, a, a < b);
    return select(a, smaller, a == a);
}

// Larger of two; NaN if one is NaN.
fn math_max(a: f32, b: f32) -> f32 {
    let larger = select(b, a, a > b);
    return select(a, larger, a == a);
}

// x - y * trunc(x / y), C's fmod; exact for |x / y| < 2^24.
fn math_fmod(x: f32, y: f32) -> f32 {
    let ratio = x / y;
    let quotient = select(floor(ratio), ceil(ratio), ratio < 0.0f);
    let product = math_two_product(quotient, y);
    let remainder = (x - product.hi) - product.lo;
    let step = abs(y);
    let positive = select(remainder, remainder + step, remainder < 0.0f);
    let negative = select(remainder, remainder - step, remainder > 0.0f);
    let value = select(positive, negative, x < 0.0f);
    return select(value, x, abs(x) < step);
}
