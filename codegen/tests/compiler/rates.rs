//! Fewer exponentials and divisions, and what all instances share.

use crate::support::{Named, assert_close, assert_text, with};
use codegen::Options;
use codegen::ir::Mechanism;
use codegen::ir::evaluate::Instance;

fn breakpoint(declarations: &str, body: &str) -> Mechanism {
    let text = format!("NEURON {{ SUFFIX x {declarations} }} BREAKPOINT {{ {body} }}");
    with(&text, Options::default())
}

#[test]
fn exponentials_of_multiples_become_powers() {
    let mechanism =
        breakpoint("RANGE y } ASSIGNED { y v", "y = exp(v/20) + exp(-(v + 10)/80) + exp(v*0.3) + exp(-(v - 40)/40)");
    let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
    assert_eq!(text.matches("exp(").count(), 2, "{text}");
}

#[test]
fn a_difference_from_1_uses_the_same_power() {
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", "y = exp(v/20)*v/(exp(v/10) - 1)");
    let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
    assert_eq!((text.matches("expm1_of(").count(), text.matches(" exp(").count()), (1, 1), "{text}");
}

#[test]
fn steep_exponentials_are_left_alone() {
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", "y = exp(v) + exp(2*v)");
    let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
    assert_eq!(text.matches("exp(").count(), 2, "{text}");
}

#[test]
fn a_time_constant_that_is_a_reciprocal_is_not_divided_by() {
    let mechanism = breakpoint(
        "RANGE a, b, y } PARAMETER { a = 1 b = 2 } ASSIGNED { y v",
        "LOCAL tau, rate rate = a + b*v tau = 1/rate y = dt/tau",
    );
    assert_text(&mechanism, &mechanism.kernels.state, "rate = fma(self.b, v, self.a)\n y := dt*rate");
}

#[test]
fn inverses_of_powers_of_time_constants_stay_small() {
    let squares: String = (1..60).map(|n| format!("LOCAL t{n}\n")).collect();
    let body: String = (2..60).map(|n| format!("t{n} = t{m}*t{m}\n", m = n - 1)).collect();
    let text = format!("{squares} t1 = 1/(2 + v) {body} y = dt/t59");
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", &text);
    assert!(mechanism.function_text(mechanism.kernels.state.as_ref().unwrap()).len() < 5000);
}

#[test]
fn literals_are_not_divided_by() {
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", "y = v/8");
    assert_text(&mechanism, &mechanism.kernels.state, "y := v*0.125");
}

#[test]
fn what_instances_share_is_computed_first() {
    let mechanism = breakpoint("RANGE y } PARAMETER { celsius } ASSIGNED { y v", "y = v*3^((celsius - 6.3)/10)");
    assert_text(&mechanism, &mechanism.kernels.state, "uniform = pow(3, (celsius - 6.3)/10)\n y := v*uniform");
}

/// Two rates of a gate as many models write them; its widths are GLOBALs.
const PAIR: &str = "NEURON { SUFFIX x RANGE m GLOBAL vhalf, k }
    PARAMETER { vhalf = -40 k = 6 celsius = 34 } ASSIGNED { v minf mtau alpha beta } STATE { m }
    INITIAL { m = 0.3 }
    BREAKPOINT { SOLVE states METHOD cnexp }
    DERIVATIVE states { rates() m' = (minf - m)/mtau }
    PROCEDURE rates() { LOCAL qt
        qt = 2.3^((celsius - 23)/10)
        alpha = 0.182*trap(-(v - vhalf), k)
        beta = 0.124*trap(v - vhalf, k)
        minf = alpha/(alpha + beta)
        mtau = (1/(alpha + beta))/qt
    }
    FUNCTION trap(x, y) {
        if (fabs(x/y) < 1e-6) { trap = y*(1 - x/y/2) } else { trap = x/(exp(x/y) - 1) }
    }";

#[test]
fn opposite_rates_share_an_exponential_and_a_division() {
    let mechanism = with(PAIR, Options::default());
    let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
    let instances =
        text.lines().filter(|line| !line.contains("uniform =") && !line.contains("qt =")).collect::<Vec<_>>();
    let count = |part: &str| instances.iter().map(|line| line.matches(part).count()).sum::<usize>();
    assert_eq!((count(" exp("), count("expm1("), count("/")), (1, 1, 2), "{text}");
}

#[test]
fn opposite_rates_keep_their_values() {
    let rearranged = with(PAIR, Options::default());
    let written = with(PAIR, Options { optimise: false, ..Options::default() });
    for v in [-6000.0, -900.0, -100.0, -65.0, -40.00001, -40.0, -39.999, -10.0, 60.0, 900.0, 6000.0] {
        let m = [&rearranged, &written].map(|mechanism| {
            let mut instance = Instance::new(mechanism);
            instance.run(&mechanism.kernels.init);
            instance.v = v;
            instance.run(&mechanism.kernels.state);
            instance.get(mechanism, "m")
        });
        // Where exp(x) - 1 is small it has few digits, as written.
        assert_close(m[0], m[1], 1e-9);
    }
}
