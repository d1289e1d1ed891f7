// Elementary functions in f64: the twin of codegen/src/elementary/f64.rs, operation by operation.
// Do not edit: `SALTATORY_BLESS=1 cargo test -p codegen elementary` writes it anew.
//
// Equal bits on the CPU and on the GPU need a compiler that neither contracts nor re-associates (SPIR-V's
// NoContraction); without it the results stay within a few ulp, pow and log10 lose their extra digits.

// Infinity, from a variable so that no constant expression overflows.
fn math_inf() -> f64 {
    var bits: u64 = 0x7ff0000000000000lu;
    return bitcast<f64>(bits);
}

// Not a number.
fn math_nan() -> f64 {
    var bits: u64 = 0x7ff8000000000000lu;
    return bitcast<f64>(bits);
}

// 3 * 2^51: adding it leaves the nearest integer in the low bits of the sum.
const math_ROUND: f64 = 6755399441055744.0lf;
// The same plus the exponent's bias.
const math_ROUND_EXPONENT: f64 = 6755399441056767.0lf;
// 2^52 + 1023: 2^52 and the exponent bias.
const math_BIASED_EXPONENT: f64 = 4503599627371519.0lf;
const math_BIASED_EXPONENT_BITS: u64 = 0x4330000000000000lu;
// Bits of the square root of 1/2.
const math_SQRT_HALF_BITS: u64 = 0x3fe6a09e667f3bcdlu;
const math_ONE_BITS: u64 = 0x3ff0000000000000lu;
const math_MANTISSA: u64 = 0x000ffffffffffffflu;
const math_SMALLEST_NORMAL: f64 = 2.2250738585072014e-308lf;
// What `bounded` leaves: four of them multiplied are finite.
const math_BOUND: f64 = 1e60lf;
// Largest potential that counts, mV.
const math_POTENTIAL: f64 = 750.0lf;
const math_LARGEST: f64 = 1.7976931348623157e308lf;
// 2^27 + 1, splits a number in two halves of 26 bits.
const math_SPLIT: f64 = 134217729.0lf;
const math_LOG2_E: f64 = 1.4426950408889634lf;
// ln 2 in two parts; the first has 32 bits.
const math_LN2_HI: f64 = 0.6931471806019545lf;
const math_LN2_LO: f64 = -4.2009150726810846e-11lf;
// ln 2 in two parts; the first has 42 bits.
const math_LN2_LONG_HI: f64 = 0.6931471805598903lf;
const math_LN2_LONG_LO: f64 = 5.497923018708371e-14lf;
const math_LOG10_E_HI: f64 = 0.4342944819032518lf;
const math_LOG10_E_LO: f64 = 1.098319650216765e-17lf;
const math_TWO_THIRDS_HI: f64 = 0.6666666666666666lf;
const math_TWO_THIRDS_LO: f64 = 3.700743415417188e-17lf;
const math_TWO_OVER_PI: f64 = 0.6366197723675814lf;
// pi/2 in three parts; the first two have 33 bits.
const math_HALF_PI_1: f64 = 1.5707963267341256lf;
const math_HALF_PI_2: f64 = 6.077100506303966e-11lf;
const math_HALF_PI_3: f64 = 2.0222662487959506e-21lf;
const math_HALF_PI_HI: f64 = 1.5707963267948966lf;
const math_HALF_PI_LO: f64 = 6.123233995736766e-17lf;
const math_QUARTER_PI_HI: f64 = 0.7853981633974483lf;
const math_QUARTER_PI_LO: f64 = 3.061616997868383e-17lf;
const math_TAN_PI_8: f64 = 0.41421356237309503lf;
const math_TAN_3_PI_8: f64 = 2.414213562373095lf;
// Beyond this e^x keeps its value there, and below the other it is 0. NEURON's own exp does so, lest quotients
// of rates become undefined.
const math_EXP_HIGHEST: f64 = 700.0lf;
const math_EXP_LOWEST: f64 = -700.0lf;
// Beyond these a power e^x is infinite, or too small for a normal number.
const math_POWER_HIGHEST: f64 = 709.782712893384lf;
const math_POWER_LOWEST: f64 = -708.0lf;
// Beyond these e^x - 1 is infinite, or -1.
const math_EXPM1_HIGHEST: f64 = 709.436lf;
const math_EXPM1_LOWEST: f64 = -50.0lf;
// Up to this, either sign, e^x - 1 needs no range reduction: it is below ln 2 / 2.
const math_EXPM1_NEAR: f64 = 0.34lf;

// The unevaluated sum `hi + lo`, or the quotient `n` and the remainder `hi + lo` of a range reduction.
struct math_Parts {
    n: f64,
    hi: f64,
    lo: f64,
}

// The nearest integer, ties to even, for |x| < 2^51, plus `ROUND`: the integer is in the low bits.
fn math_round_biased(x: f64) -> f64 {
    return round(x) + math_ROUND;
}

// x, but not outside `low..high`; NaN stays.
fn math_clamp(x: f64, low: f64, high: f64) -> f64 {
    let above = select(x, low, x < low);
    return select(above, high, above > high);
}

// a * b without rounding (Dekker 1971).
fn math_two_product(a: f64, b: f64) -> math_Parts {
    let product = a * b;
    let wide_a = math_SPLIT * a;
    let high_a = wide_a - (wide_a - a);
    let low_a = a - high_a;
    let wide_b = math_SPLIT * b;
    let high_b = wide_b - (wide_b - b);
    let low_b = b - high_b;
    let error = ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b;
    return math_Parts(0.0lf, product, error);
}

// a + b without rounding (Knuth).
fn math_two_sum(a: f64, b: f64) -> math_Parts {
    let sum = a + b;
    let of_b = sum - a;
    let of_a = sum - of_b;
    return math_Parts(0.0lf, sum, (a - of_a) + (b - of_b));
}

// The integer nearest to a / ln 2, plus `ROUND`.
fn math_exponent(x: f64) -> f64 {
    return math_round_biased(x * math_LOG2_E);
}

// x less the multiple of ln 2.
fn math_remainder(x: f64, biased: f64) -> f64 {
    let n = biased - math_ROUND;
    return n * -math_LN2_LO + (n * -math_LN2_HI + x);
}

// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2.
fn math_exp_series(r: f64) -> f64 {
    let r2 = r * r;
    let c2 = 0.16666666666666602lf * r + 0.5lf;
    let c4 = 0.008333333333388895lf * r + 0.04166666666661958lf;
    let c6 = 0.0001984126970842523lf * r + 0.0013888888920714634lf;
    let c8 = 2.755742557247062e-06lf * r + 2.480151604008238e-05lf;
    let c10 = 2.5045881585714068e-08lf * r + 2.76223679792107e-07lf;
    return (((c10 * r2 + c8) * r2 + c6) * r2 + c4) * r2 + c2;
}

// 2^n, for an integer n by `round_biased`, times a normal number; the product must be normal.
fn math_scale(p: f64, biased: f64) -> f64 {
    return bitcast<f64>(bitcast<u64>(p) + (bitcast<u64>(biased) << 52u));
}

// `inside` if x is not too large for an exponential, else infinity or NaN.
fn math_below(x: f64, highest: f64, inside: f64) -> f64 {
    return select(x + math_inf(), inside, x <= highest);
}

// x, but not above `EXP_HIGHEST`; NaN stays.
fn math_limited(x: f64) -> f64 {
    return select(x, math_EXP_HIGHEST, x > math_EXP_HIGHEST);
}

// The integer that was rounded by adding `ROUND_EXPONENT`.
fn math_without_exponent(biased: f64) -> f64 {
    return f64(i32(bitcast<u64>(biased) - bitcast<u64>(math_ROUND_EXPONENT)));
}

// e^x as n (1 + hi), where n is a power of 2 and not too large or small for a normal number; hi is NaN if x is.
fn math_exp_parts(x: f64) -> math_Parts {
    let biased = x * math_LOG2_E + math_ROUND_EXPONENT;
    let n = math_without_exponent(biased);
    let r = n * -math_LN2_LO + (n * -math_LN2_HI + x);
    return math_Parts(bitcast<f64>(bitcast<u64>(biased) << 52u), (r * r * math_exp_series(r) + r), 0.0lf);
}

// e^x; see `EXP_HIGHEST` for its limits.
fn math_exp(x: f64) -> f64 {
    let parts = math_exp_parts(math_limited(x));
    let value = parts.hi * parts.n + parts.n;
    return select(value, 0.0lf, x < math_EXP_LOWEST);
}

// e^x / 2 for x >= 0, finite a little longer than e^x.
fn math_half_exp(x: f64) -> f64 {
    let n = math_exponent(x);
    let r = math_remainder(x, n);
    let value = math_scale(0.5lf + 0.5lf * (r * r * math_exp_series(r) + r), n);
    return math_below(x, 710.475lf, value);
}

// e^x - 1 for x not above `EXPM1_HIGHEST`.
fn math_power_less_one(x: f64) -> f64 {
    let parts = math_exp_parts(select(x, math_EXPM1_LOWEST, x < math_EXPM1_LOWEST));
    return parts.hi * parts.n + (parts.n - 1.0lf);
}

// e^x - 1, limited as e^x is.
fn math_expm1(x: f64) -> f64 {
    return math_power_less_one(math_limited(x));
}

// `expm1` of x not beyond `EXPM1_NEAR`, where there is nothing to reduce: the same number.
fn math_expm1_near(x: f64) -> f64 {
    return (x * x * math_exp_series(x) + x) + 0.0lf;
}

// e^x - 1 with e^x given.
fn math_expm1_of(_x: f64, power: f64) -> f64 {
    return power - 1.0lf;
}

// x, but at most `BOUND`; NaN stays.
fn math_bounded(x: f64) -> f64 {
    return select(x, math_BOUND, x > math_BOUND);
}

// x, but not beyond `POTENTIAL`, either sign; NaN stays.
fn math_confined(x: f64) -> f64 {
    return math_clamp(x, -math_POTENTIAL, math_POTENTIAL);
}

// x / (e^x - 1), 1 at 0.
fn math_exprelr(x: f64) -> f64 {
    let bounded = select(x, math_POWER_HIGHEST, x > math_POWER_HIGHEST);
    let quotient = bounded / math_below(x, math_EXPM1_HIGHEST, math_power_less_one(x));
    return select(quotient, 1.0lf, x == 0.0lf);
}

// x = 2^n (1 + hi) with 1 + hi between the roots of 1/2 and 2, for positive finite x.
fn math_split(x: f64) -> math_Parts {
    let tiny = x < math_SMALLEST_NORMAL;
    let scaled = select(x, x * 18014398509481984.0lf, tiny);
    let shifted = (bitcast<u64>(scaled) - math_SQRT_HALF_BITS) + math_ONE_BITS;
    let exponent = bitcast<f64>((shifted >> 52u) | math_BIASED_EXPONENT_BITS) - math_BIASED_EXPONENT;
    let significand = bitcast<f64>((shifted & math_MANTISSA) + math_SQRT_HALF_BITS);
    return math_Parts(select(exponent, exponent - 54.0lf, tiny), significand - 1.0lf, 0.0lf);
}

// `inside` if x is positive and finite, else the limit of a logarithm there.
fn math_log_limits(x: f64, inside: f64) -> f64 {
    let finite = select(inside, x, x > math_LARGEST);
    let at_zero = select(math_nan(), -math_inf(), x == 0.0lf);
    return select(at_zero, finite, x > 0.0lf);
}

// Natural logarithm.
fn math_log(x: f64) -> f64 {
    let parts = math_split(x);
    let f = parts.hi;
    let s = f / (2.0lf + f);
    let z = s * s;
    let w = z * z;
    let c0 = 0.3999999999989924lf * z + 0.666666666666667lf;
    let c2 = 0.2222221111514416lf * z + 0.2857142862609589lf;
    let c4 = 0.1533167403016786lf * z + 0.18182890556695602lf;
    let c6 = 0.1461703754879165lf * w + c4;
    let r = z * ((c6 * w + c2) * w + c0);
    let half_square = 0.5lf * f * f;
    let correction = s * (half_square + r) + (parts.n * math_LN2_LO);
    return math_log_limits(x, parts.n * math_LN2_HI + (f - (half_square - correction)));
}

// Natural logarithm of a positive finite number to about 65 bits.
fn math_log_parts(x: f64) -> math_Parts {
    let parts = math_split(x);
    let f = parts.hi;
    let denominator = 2.0lf + f;
    let denominator_low = f - (denominator - 2.0lf);
    let s = f / denominator;
    let product = math_two_product(s, denominator);
    let s_low = (((f - product.hi) - product.lo) - s * denominator_low) / denominator;
    let square = math_two_product(s, s);
    let square_low = square.lo + 2.0lf * s * s_low;
    let two_thirds = math_two_product(s, math_TWO_THIRDS_HI);
    let two_thirds_low = two_thirds.lo + (s * math_TWO_THIRDS_LO + s_low * math_TWO_THIRDS_HI);
    let cube = math_two_product(two_thirds.hi, square.hi);
    let cube_low = cube.lo + (two_thirds.hi * square_low + two_thirds_low * square.hi);
    let z = square.hi;
    let c6 = (0.11723603622905411lf * z + 0.11706195689881364lf) * z + 0.13334806212100603lf;
    let c3 = ((c6 * z + 0.15384594934597917lf) * z + 0.1818181833565416lf) * z + 0.22222222221654733lf;
    let rest = s * z * z * ((c3 * z + 0.2857142857142937lf) * z + 0.4lf);
    let first = math_two_sum(parts.n * math_LN2_LONG_HI, 2.0lf * s);
    let second = math_two_sum(first.hi, cube.hi);
    let low = (first.lo + second.lo) + ((cube_low + 2.0lf * s_low) + (parts.n * math_LN2_LONG_LO + rest));
    let sum = second.hi + low;
    return math_Parts(0.0lf, sum, (second.hi - sum) + low);
}

// Logarithm to base 10.
fn math_log10(x: f64) -> f64 {
    let log = math_log_parts(x);
    let product = math_two_product(log.hi, math_LOG10_E_HI);
    let low = product.lo + (log.hi * math_LOG10_E_LO + log.lo * math_LOG10_E_HI);
    return math_log_limits(x, product.hi + low);
}

// x^y.
fn math_pow(x: f64, y: f64) -> f64 {
    let magnitude = abs(x);
    let log = math_log_parts(magnitude);
    let power = math_clamp(y, -1e20lf, 1e20lf);
    let product = math_two_product(power, log.hi);
    let n = math_exponent(product.hi);
    let whole = n - math_ROUND;
    let reduced = whole * -math_LN2_HI + product.hi;
    let tail = whole * -math_LN2_LO + (power * log.lo + product.lo);
    let hi = reduced + tail;
    let rest = hi * hi * math_exp_series(hi) + ((reduced - hi) + tail);
    let sum = 1.0lf + hi;
    let value = math_scale(sum + (((1.0lf - sum) + hi) + rest), n);
    let above = select(value, 0.0lf, product.hi < math_POWER_LOWEST);
    let finite = math_below(product.hi, math_POWER_HIGHEST, above);
    let grows = select(0.0lf, math_inf(), magnitude > 1.0lf);
    let shrinks = select(math_inf(), 0.0lf, magnitude > 1.0lf);
    let negative_power = select(y, shrinks, y < 0.0lf);
    let extreme = select(negative_power, grows, y > 0.0lf);
    let ordinary = select(extreme, finite, magnitude > 0.0lf);
    let infinite = select(x + y, extreme, magnitude > math_LARGEST);
    let positive = select(infinite, ordinary, magnitude <= math_LARGEST);
    let half = y * 0.5lf;
    let odd = select(-positive, positive, floor(half) == half);
    let negative = select(math_nan(), odd, floor(y) == y);
    let signed = select(positive, negative, x < 0.0lf);
    return select(signed, 1.0lf, y == 0.0lf);
}

// Square root.
fn math_sqrt(x: f64) -> f64 {
    return sqrt(x);
}

// Absolute value.
fn math_abs(x: f64) -> f64 {
    return abs(x);
}

// Largest integer not above x.
fn math_floor(x: f64) -> f64 {
    return floor(x);
}

// Smallest integer not below x.
fn math_ceil(x: f64) -> f64 {
    return ceil(x);
}

// x = n pi/2 + hi + lo, `ROUND` added to n, with |hi| <= pi/4; exact products for |x| < 1.6e6.
fn math_reduce_angle(x: f64) -> math_Parts {
    let biased = math_round_biased(x * math_TWO_OVER_PI);
    let n = biased - math_ROUND;
    let a = n * -math_HALF_PI_1 + x;
    let b = n * math_HALF_PI_2;
    let near = a - b;
    let tail = ((a - near) - b) - n * math_HALF_PI_3;
    let hi = near + tail;
    return math_Parts(biased, hi, (near - hi) + tail);
}

// sin(hi + lo) for |hi| <= pi/4.
fn math_sin_reduced(hi: f64, lo: f64) -> f64 {
    let z = hi * hi;
    let c3 = (1.5917988979397435e-10lf * z + -2.5051129896450185e-08lf) * z + 2.7557316093198404e-06lf;
    let c0 = ((c3 * z + -0.00019841269836740532lf) * z + 0.008333333333330936lf) * z + -0.16666666666666666lf;
    return hi + (hi * z * c0 + lo);
}

// cos(hi + lo) for |hi| <= pi/4.
fn math_cos_reduced(hi: f64, lo: f64) -> f64 {
    let z = hi * hi;
    let c3 = (-1.138254464534925e-11lf * z + 2.087614504941318e-09lf) * z + -2.755731726587808e-07lf;
    let c0 = ((c3 * z + 2.48015872987544e-05lf) * z + -0.0013888888888887389lf) * z + 0.041666666666666664lf;
    let half = 0.5lf * z;
    let near = 1.0lf - half;
    return near + (((1.0lf - near) - half) + (z * z * c0 + -(hi * lo)));
}

// `inside` where an angle means something, else NaN.
fn math_angle_limits(x: f64, inside: f64) -> f64 {
    return select(math_nan(), inside, abs(x) < 1e15lf);
}

// Sine; NaN for |x| >= 1e15.
fn math_sin(x: f64) -> f64 {
    let r = math_reduce_angle(x);
    let quadrant = bitcast<u64>(r.n);
    let s = math_sin_reduced(r.hi, r.lo);
    let c = math_cos_reduced(r.hi, r.lo);
    let value = select(c, s, (quadrant & 1lu) == 0lu);
    return math_angle_limits(x, select(-value, value, (quadrant & 2lu) == 0lu));
}

// Cosine; NaN for |x| >= 1e15.
fn math_cos(x: f64) -> f64 {
    let r = math_reduce_angle(x);
    let quadrant = bitcast<u64>(r.n);
    let s = math_sin_reduced(r.hi, r.lo);
    let c = math_cos_reduced(r.hi, r.lo);
    let value = select(-s, c, (quadrant & 1lu) == 0lu);
    return math_angle_limits(x, select(-value, value, (quadrant & 2lu) == 0lu));
}

// Tangent; NaN for |x| >= 1e15.
fn math_tan(x: f64) -> f64 {
    let r = math_reduce_angle(x);
    let quadrant = bitcast<u64>(r.n);
    let s = math_sin_reduced(r.hi, r.lo);
    let c = math_cos_reduced(r.hi, r.lo);
    let even = (quadrant & 1lu) == 0lu;
    let numerator = select(-c, s, even);
    let denominator = select(s, c, even);
    return math_angle_limits(x, numerator / denominator);
}

// Hyperbolic sine.
fn math_sinh(x: f64) -> f64 {
    let magnitude = abs(x);
    let e = math_expm1(magnitude);
    let near = 0.5lf * (e + e / (e + 1.0lf));
    let value = select(near, math_half_exp(magnitude), magnitude > 22.0lf);
    return select(value, -value, x < 0.0lf);
}

// Hyperbolic cosine.
fn math_cosh(x: f64) -> f64 {
    let half = math_half_exp(abs(x));
    return half + 0.25lf / half;
}

// Hyperbolic tangent.
fn math_tanh(x: f64) -> f64 {
    let e = math_expm1(-2.0lf * abs(x));
    let value = -e / (e + 2.0lf);
    return select(value, -value, x < 0.0lf);
}

// Arc tangent.
fn math_atan(x: f64) -> f64 {
    let magnitude = abs(x);
    let middle = magnitude > math_TAN_PI_8;
    let large = magnitude > math_TAN_3_PI_8;
    let middle_numerator = select(magnitude, magnitude - 1.0lf, middle);
    let middle_denominator = select(1.0lf, magnitude + 1.0lf, middle);
    let t = select(middle_numerator, -1.0lf, large) / select(middle_denominator, magnitude, large);
    let z = t * t;
    let c8 = (0.01627194475162406lf * z + -0.034558092551413795lf) * z + 0.04551108126325172lf;
    let c5 = ((c8 * z + -0.052303478730160745lf) * z + 0.058789145444006215lf) * z + -0.06666423628069258lf;
    let c2 = ((c5 * z + 0.0769229630497447lf) * z + -0.09090908751076636lf) * z + 0.11111111105106705lf;
    let c0 = ((c2 * z + -0.14285714285659326lf) * z + 0.199999999999998lf) * z + -0.3333333333333333lf;
    let middle_base = select(0.0lf, math_QUARTER_PI_HI, middle);
    let middle_base_low = select(0.0lf, math_QUARTER_PI_LO, middle);
    let base = select(middle_base, math_HALF_PI_HI, large);
    let base_low = select(middle_base_low, math_HALF_PI_LO, large);
    let value = base + (t + (t * z * c0 + base_low));
    return select(value, -value, x < 0.0lf);
}

// Smaller of two; NaN if one is NaN.
fn math_min(a: f64, b: f64) -> f64 {
    let smaller = select(b, a, a < b);
    return select(a, smaller, a == a);
}

// Larger of two; NaN if one is NaN.
fn math_max(a: f64, b: f64) -> f64 {
    let larger = select(b, a, a > b);
    return select(a, larger, a == a);
}

// x - y * trunc(x / y), C's fmod; exact for |x / y| < 2^53.
fn math_fmod(x: f64, y: f64) -> f64 {
    let ratio = x / y;
    let quotient = select(floor(ratio), ceil(ratio), ratio < 0.0lf);
    let product = math_two_product(quotient, y);
    let remainder = (x - product.hi) - product.lo;
    let step = abs(y);
    let positive = select(remainder, remainder + step, remainder < 0.0lf);
    let negative = select(remainder, remainder - step, remainder > 0.0lf);
    let value = select(positive, negative, x < 0.0lf);
    return select(value, x, abs(x) < step);
}
