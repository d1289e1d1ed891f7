//! Functions of the simulator's library; the numbers are NEURON's.

use crate::support::{Named, assert_close, both, codes};
use codegen::ir::evaluate::Instance;

#[track_caller]
fn gives(call: &str, value: f64, tolerance: f64) {
    let text = format!("NEURON {{ SUFFIX s RANGE x }} ASSIGNED {{ x v y }} INITIAL {{ y = v + 65 x = {call} }}");
    for mechanism in both(&text) {
        let mut instance = Instance::new(&mechanism);
        instance.celsius = 20.0;
        instance.run(&mechanism.kernels.init);
        let x = instance.get(&mechanism, "x");
        assert!((x - value).abs() <= tolerance * value.abs().max(1e-3), "{call}: {x:e} is not {value:e}");
    }
}

#[test]
fn inverse_functions_and_curves() {
    for x in [-1.0, -0.999, -0.3, 0.0, 0.5, 0.75, 1.0_f64] {
        gives(&format!("asin(y + {x})"), x.asin(), 1e-14);
        gives(&format!("acos(y + {x})"), x.acos(), 1e-14);
    }
    for (y, x) in [(1.0, 2.0), (1.0, -2.0), (-1.0, -2.0), (-1.0, 2.0), (0.0, -1.0), (3.0, 0.0), (-3.0, 0.0_f64)] {
        gives(&format!("atan2({y}, {x})"), f64::atan2(y, x), 1e-15);
    }
    for (x, value) in [(0.3, 0.3286267594591274), (1.7, 0.9837904585907745), (-3.0, -0.9999779095030014), (9.0, 1.0)] {
        gives(&format!("erf(y + {x})"), value, 1e-15);
    }
    gives("hyperbol(2, 3, 4)", 1.0, 0.0);
    gives("revhyperbol(2, 3, 4)", 2.0, 0.0);
    gives("sigmoid(2, 3, 4, 1.5)", 0.7836116248912245, 1e-14);
    gives("revsigmoid(2, 3, 4, 1.5)", 2.216388375108776, 1e-14);
    gives("poisson(3, 2.5)", 0.21376301724973645, 1e-14);
    gives("poisson(3.7, 2.5)", 0.40596685473624944, 1e-14);
    gives("gauss(1, 0.5, 2)", 0.1933340585118828, 1e-14);
    for (n, value) in [(5.0, 120.0), (0.0, 1.0), (5.7, 120.0), (-1.0, 1.0), (30.0, 2.645170957718369e32)] {
        gives(&format!("factorial({n})"), value, 1e-8);
    }
}

#[test]
fn the_constant_field_current() {
    gives("nrn_ghk(-60, 1e-4, 2, 2)", -1849.3208237758718, 1e-12);
    gives("nrn_ghk(0, 1e-4, 2, 2)", -385.9220314268154, 1e-12);
    // NEURON takes the first two terms of a series near 0 mV.
    gives("nrn_ghk(1e-5, 1, 2, 1)", -96.48527483186614, 1e-9);
}

#[test]
fn forcing_functions() {
    let at = |name: &str, arguments: &str, values: &[(f64, f64)]| {
        for (t, value) in values {
            gives(&format!("{name}({t}, {arguments})"), *value, 1e-15);
        }
    };
    gives("harmonic(1.3, 5, 2, 0.7)", 1.175570509231672, 1e-14);
    at("squarewave", "5, 2", &[(0.0, 2.0), (2.4, 2.0), (2.5, -2.0), (4.5, -2.0), (5.0, 2.0)]);
    at("sawtooth", "5, 2", &[(0.0, 0.0), (2.5, 1.0), (4.5, 1.8), (5.0, 0.0), (9.0, 1.6)]);
    at("revsawtooth", "5, 2", &[(0.0, 2.0), (2.5, 1.0), (4.0, 0.4), (5.0, 2.0)]);
    at("ramp", "2, 3, 4", &[(1.0, 0.0), (2.0, 0.0), (3.0, 0.75), (6.0, 3.0), (9.0, 3.0)]);
    at("pulse", "2, 3, 4", &[(1.0, 0.0), (2.0, 3.0), (5.5, 3.0), (6.0, 0.0)]);
    at("perpulse", "2, 3, 1.5, 1", &[(1.0, 0.0), (2.0, 3.0), (3.5, 0.0), (4.5, 3.0), (6.0, 0.0), (7.0, 3.0)]);
    at("step", "3, 7", &[(2.9, 0.0), (3.0, 7.0), (10.0, 7.0)]);
    at("perstep", "2, 3, 5", &[(1.0, 0.0), (2.0, 5.0), (4.5, 5.0), (5.0, 10.0), (8.0, 15.0)]);
}

#[test]
fn a_library_function_of_a_state_is_no_linear_equation() {
    let text = "NEURON { SUFFIX s } STATE { m } BREAKPOINT { SOLVE d METHOD cnexp } DERIVATIVE d { m' = -erf(m) }";
    assert_eq!(codes(text), ["M0306"]);
}

#[test]
fn currents_of_the_constant_field_have_slopes() {
    let text =
        "NEURON { SUFFIX s NONSPECIFIC_CURRENT i } ASSIGNED { v i } BREAKPOINT { i = 1e-3*nrn_ghk(v, 1e-4, 2, 2) }";
    for mechanism in both(text) {
        let slope = [false, true].map(|difference| {
            let mut instance = Instance::new(&mechanism);
            let kernels = &mechanism.kernels;
            instance.run(if difference { &kernels.current_difference } else { &kernels.current });
            instance.d
        });
        assert_close(slope[0], slope[1], 1e-4);
    }
}
