//! Fewer exponentials and divisions, and what all instances share.

use crate::support::{assert_text, with};
use codegen::Options;
use codegen::ir::Mechanism;

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
fn literals_are_not_divided_by() {
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", "y = v/8");
    assert_text(&mechanism, &mechanism.kernels.state, "y := v*0.125");
}

#[test]
fn what_instances_share_is_computed_first() {
    let mechanism = breakpoint("RANGE y } PARAMETER { celsius } ASSIGNED { y v", "y = v*3^((celsius - 6.3)/10)");
    assert_text(&mechanism, &mechanism.kernels.state, "uniform = pow(3, (celsius - 6.3)*0.1)\n y := v*uniform");
}
