//! Accuracy, limits, and the WGSL twins.

use super::{F32_SOURCE, F64_SOURCE, f32 as single, f64 as double, transliterate::transliterate};
use std::path::PathBuf;

fn shader(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shaders").join(name)
}

#[test]
fn shaders_are_the_twins_of_the_rust_text() {
    for (name, source, real) in [("math_f64.wgsl", F64_SOURCE, "f64"), ("math_f32.wgsl", F32_SOURCE, "f32")] {
        let text = transliterate(source, real);
        if std::env::var_os("SALTATORY_BLESS").is_some() {
            std::fs::write(shader(name), &text).expect("shaders/ can be written");
        }
        let committed = std::fs::read_to_string(shader(name)).expect("the shader exists");
        assert!(committed == text, "shaders/{name} is stale: run SALTATORY_BLESS=1 cargo test -p codegen elementary");
    }
}

#[test]
fn shaders_are_valid() {
    use naga::valid::{Capabilities, ValidationFlags, Validator};
    for name in ["math_f64.wgsl", "math_f32.wgsl"] {
        let text = std::fs::read_to_string(shader(name)).expect("the shader exists");
        let module = naga::front::wgsl::parse_str(&text).unwrap_or_else(|e| panic!("{}", e.emit_to_string(&text)));
        let capabilities = if name.contains("64") {
            Capabilities::FLOAT64 | Capabilities::SHADER_INT64
        } else {
            Capabilities::empty()
        };
        let result = Validator::new(ValidationFlags::all(), capabilities).validate(&module);
        result.unwrap_or_else(|e| panic!("{}", e.emit_to_string(&text)));
    }
}

/// Distance of `value` from the exact `high + low` in units of the last place of `high`.
fn ulp_error(value: f64, high: f64, low: f64) -> f64 {
    if value == high && !high.is_normal() {
        return 0.0;
    }
    let magnitude = high.abs().max(f64::MIN_POSITIVE);
    let unit = f64::from_bits(magnitude.to_bits() + 1) - magnitude;
    ((value - high) - low).abs() / unit
}

fn apply_f64(name: &str, x: f64, y: f64) -> f64 {
    match name {
        "exp" => double::exp(x),
        "expm1" => double::expm1(x),
        "exprelr" => double::exprelr(x),
        "log" => double::log(x),
        "log10" => double::log10(x),
        "sin" => double::sin(x),
        "cos" => double::cos(x),
        "tan" => double::tan(x),
        "sinh" => double::sinh(x),
        "cosh" => double::cosh(x),
        "tanh" => double::tanh(x),
        "atan" => double::atan(x),
        "pow" => double::pow(x, y),
        "fmod" => double::fmod(x, y),
        other => panic!("{other}"),
    }
}

/// Largest error in ulp that each function may have; a little above the largest seen in 20 000 points in f64 and f32.
const ALLOWED: [(&str, f64); 14] = [
    ("exp", 1.0),
    ("expm1", 2.0),
    ("exprelr", 2.4),
    ("log", 0.85),
    ("log10", 0.55),
    ("sin", 0.9),
    ("cos", 0.9),
    ("tan", 2.3),
    ("sinh", 2.4),
    ("cosh", 1.3),
    ("tanh", 2.7),
    ("atan", 1.9),
    ("pow", 0.7),
    ("fmod", 0.0),
];

fn allowed(name: &str) -> f64 {
    ALLOWED.iter().find(|(of, _)| *of == name).expect("a bound").1
}

#[test]
fn f64_against_references_of_100_bits() {
    let table = include_str!("../../tests/reference/elementary.tsv");
    for line in table.lines() {
        let mut fields = line.split('\t');
        let name = fields.next().expect("a name");
        let mut number = || f64::from_bits(u64::from_str_radix(fields.next().expect("a field"), 16).expect("hex"));
        let (x, y, high, low) = (number(), number(), number(), number());
        let value = apply_f64(name, x, y);
        let error = ulp_error(value, high, low);
        assert!(error <= allowed(name), "{name}({x:e}, {y:e}) = {value:e}, not {high:e}: {error} ulp");
    }
}

/// A fixed sequence of numbers between 0 and 1.
fn samples(count: usize) -> impl Iterator<Item = f64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..count).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    })
}

#[test]
fn f32_against_f64() {
    type Case = (&'static str, fn(f32) -> f32, fn(f64) -> f64, f64, f64);
    let of_power = |x: f32| single::expm1_of(x, f64::from(x).exp() as f32);
    let cases: [Case; 14] = [
        ("exp", single::exp, f64::exp, -87.0, 88.0),
        ("exp", single::exp, f64::exp, -1.0, 1.0),
        ("expm1", single::expm1, f64::exp_m1, -2.0, 2.0),
        ("expm1", of_power, f64::exp_m1, -2.0, 2.0),
        ("exprelr", single::exprelr, |x| if x == 0.0 { 1.0 } else { x / x.exp_m1() }, -20.0, 20.0),
        ("log", single::log, f64::ln, 0.01, 10.0),
        ("log10", single::log10, f64::log10, 0.01, 1000.0),
        ("sin", single::sin, f64::sin, -1000.0, 1000.0),
        ("cos", single::cos, f64::cos, -1000.0, 1000.0),
        ("tan", single::tan, f64::tan, -1000.0, 1000.0),
        ("sinh", single::sinh, f64::sinh, -5.0, 5.0),
        ("cosh", single::cosh, f64::cosh, -80.0, 80.0),
        ("tanh", single::tanh, f64::tanh, -5.0, 5.0),
        ("atan", single::atan, f64::atan, -5.0, 5.0),
    ];
    let error = |value: f32, exact: f64| {
        let magnitude = (exact.abs() as f32).max(f32::MIN_POSITIVE);
        (f64::from(value) - exact).abs() / f64::from(f32::from_bits(magnitude.to_bits() + 1) - magnitude)
    };
    for (name, function, exact, low, high) in cases {
        for sample in samples(20_000) {
            let x = (low + sample * (high - low)) as f32;
            let error = error(function(x), exact(f64::from(x)));
            assert!(error <= allowed(name), "{name}({x:e}) = {:e}: {error} ulp", function(x));
        }
    }
    for (x, y) in samples(20_000).zip(samples(20_001).skip(1)) {
        let (x, y) = ((0.01 + 20.0 * x) as f32, (20.0 * y - 10.0) as f32);
        let error = error(single::pow(x, y), f64::from(x).powf(f64::from(y)));
        assert!(error <= allowed("pow"), "pow({x:e}, {y:e}): {error} ulp");
    }
}

#[test]
fn limits_are_those_of_the_mathematics_and_of_neurons_exp() {
    let (infinity, nan) = (f64::INFINITY, f64::NAN);
    let cases: [(&str, f64, f64, f64); 45] = [
        ("exp", 0.0, 0.0, 1.0),
        ("exp", 700.5, 0.0, 1.0142320547350045e304),
        ("exp", infinity, 0.0, 1.0142320547350045e304),
        ("exp", -infinity, 0.0, 0.0),
        ("exp", -700.5, 0.0, 0.0),
        ("exp", nan, 0.0, nan),
        ("expm1", -infinity, 0.0, -1.0),
        ("expm1", 800.0, 0.0, 1.0142320547350045e304),
        ("expm1", 1e-310, 0.0, 1e-310),
        ("expm1", nan, 0.0, nan),
        ("exprelr", 0.0, 0.0, 1.0),
        ("exprelr", -0.0, 0.0, 1.0),
        ("exprelr", 1e-300, 0.0, 1.0),
        ("exprelr", infinity, 0.0, 0.0),
        ("exprelr", -800.0, 0.0, 800.0),
        ("exprelr", nan, 0.0, nan),
        ("log", 0.0, 0.0, -infinity),
        ("log", -1.0, 0.0, nan),
        ("log", 1.0, 0.0, 0.0),
        ("log", infinity, 0.0, infinity),
        ("log", nan, 0.0, nan),
        ("log10", 0.0, 0.0, -infinity),
        ("log10", 1000.0, 0.0, 3.0),
        ("log10", 1e-5, 0.0, -5.0),
        ("log10", -1.0, 0.0, nan),
        ("pow", 0.0, 0.0, 1.0),
        ("pow", 0.0, 2.0, 0.0),
        ("pow", 0.0, -2.0, infinity),
        ("pow", -2.0, 3.0, -8.0),
        ("pow", -2.0, 2.0, 4.0),
        ("pow", -2.0, 0.5, nan),
        ("pow", 10.0, 5.0, 1e5),
        ("pow", 3.0, 4.0, 81.0),
        ("pow", infinity, 0.5, infinity),
        ("pow", 1e200, 2.0, infinity),
        ("pow", 1e-200, 2.0, 0.0),
        ("pow", nan, 2.0, nan),
        ("sinh", 711.0, 0.0, infinity),
        ("cosh", -711.0, 0.0, infinity),
        ("tanh", infinity, 0.0, 1.0),
        ("tanh", -50.0, 0.0, -1.0),
        ("sin", infinity, 0.0, nan),
        ("atan", -infinity, 0.0, -std::f64::consts::FRAC_PI_2),
        ("fmod", 5.0, 0.0, nan),
        ("fmod", -5.0, 3.0, -2.0),
    ];
    for (name, x, y, expected) in cases {
        let value = apply_f64(name, x, y);
        assert!(value == expected || (value.is_nan() && expected.is_nan()), "{name}({x}, {y}) = {value}");
    }
}

#[test]
fn f32_limits() {
    assert_eq!(single::exp(89.0), single::exp(88.0));
    assert_eq!(single::exp(-104.0), 0.0);
    assert!(single::exp(f32::NAN).is_nan());
    assert_eq!(single::expm1(1e-42), 1e-42);
    assert_eq!(single::exprelr(0.0), 1.0);
    assert_eq!(single::log(0.0), f32::NEG_INFINITY);
    assert!(single::log(-1.0).is_nan());
    assert_eq!(single::pow(-2.0, 3.0), -8.0);
    assert_eq!(single::pow(10.0, 3.0), 1000.0);
}

#[test]
fn minimum_and_maximum_pass_nan_on() {
    assert_eq!(double::min(1.0, 2.0), 1.0);
    assert_eq!(double::max(1.0, 2.0), 2.0);
    assert!(double::min(f64::NAN, 1.0).is_nan() && double::min(1.0, f64::NAN).is_nan());
    assert!(double::max(f64::NAN, 1.0).is_nan() && double::max(1.0, f64::NAN).is_nan());
}
