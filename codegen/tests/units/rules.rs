//! What is found, and what is not.

use crate::support::{codes, statements, with};

#[test]
fn what_agrees_is_accepted() {
    for text in [
        "ik = g*(v - ek)",
        "il = g*m*m*(v - e)",
        "q = (v + 40)/10 (mV)",
        "minf = 1/(1 + exp((v + 40 (mV))/5 (mV)))",
        "q = 3^((celsius - 22 (degC))/10 (degC))",
        "q = m^3",
        "c = 5e-5",
        "width = (10000)*len",
        "LOCAL a a = g*v  ik = a",
        "if (v > -20) { q = 1 } else { q = 0 }",
        "q = fabs(v - ek)/10 (mV)  q = sqrt(g*g)/g  q = pow(v, 2)/e^2",
        "UNITSOFF  ik = v + tau  UNITSON  ik = g*v",
        "q = v/10 (mV) + !m + (m > 0.5)",
        "e = (1e3)*R*(celsius + 273.15 (degC))/F",
        "printf(\"%g\", v) net_send(tau, 1) at_time(tau)",
    ] {
        assert_eq!(statements(text), [""; 0], "{text}");
    }
}

#[test]
fn what_does_not_agree_is_found() {
    for (text, code) in [
        ("ik = g*v*v", "M0360"),
        ("ik = v + tau", "M0360"),
        ("q = v - bare", "M0360"),
        ("q = bare*v + 1(ms)", "M0360"),
        ("if (v > tau) { q = 1 }", "M0360"),
        ("q = m*(v > 3) + v", "M0360"),
        ("width = len", "M0361"),
        ("q = v*g + ik*(1000)", "M0361"),
        ("q = exp(v)", "M0362"),
        ("q = 3^celsius", "M0362"),
        ("q = v^bare", "M0362"),
        ("q = 2 (furlong)", "M0363"),
        ("q = 2 (mV*ms)", "M0363"),
        ("net_send(v, 1)", "M0360"),
        ("LOCAL a a = v  ik = a", "M0360"),
    ] {
        let found = statements(text);
        assert!(found.contains(&code), "{text}: {found:?}");
    }
}

#[test]
fn a_statement_has_one_finding() {
    assert_eq!(statements("q = exp(v) + exp(tau) + v + ik"), ["M0362"]);
    assert_eq!(statements("q = exp(v) ik = v"), ["M0362", "M0360"]);
}

#[test]
fn derivatives_are_per_ms() {
    let block = |text: &str| codes(&with(&format!("DERIVATIVE d {{ {text} }}")));
    assert_eq!(block("m' = (minf - m)/tau"), [""; 0]);
    assert_eq!(block("m' = (minf - m)/q"), ["M0360"]);
    assert_eq!(block("c' = -ik/F/width"), ["M0361"]);
    assert_eq!(block("c' = (1e4)*ik/F/width"), [""; 0]);
}

#[test]
fn routines_have_units() {
    let call = |head: &str| codes(&with(&format!("INITIAL {{ minf = f(v) }} {head} {{ f = 0 }}")));
    assert_eq!(call("FUNCTION f(u (mV))"), [""; 0]);
    assert_eq!(call("FUNCTION f(u)"), ["M0360"]);
    assert_eq!(call("FUNCTION f(u (volt))"), ["M0361"]);
    assert_eq!(call("FUNCTION f(u (mV)) (ms)"), ["M0360"]);
    let body = |text: &str| codes(&with(&format!("FUNCTION f(u (mV)) (/ms) {{ f = {text} }}")));
    assert_eq!(body("u/10 (mV)/tau"), [""; 0]);
    assert_eq!(body("u"), ["M0360"]);
}

#[test]
fn the_simulator_and_its_ions_have_units() {
    let file = |declared: &str| codes(&format!("NEURON {{ SUFFIX x USEION ca READ cai }} ASSIGNED {{ {declared} }}"));
    assert_eq!(file("v (millivolt) cai (milli/liter)"), [""; 0]);
    assert_eq!(file(""), [""; 0]);
    assert_eq!(file("v"), ["M0364"]);
    assert_eq!(file("v (volt)"), ["M0364"]);
    assert_eq!(file("cai (milli/meter3)"), ["M0364"]);
    let point = "NEURON { POINT_PROCESS x NONSPECIFIC_CURRENT i } ASSIGNED { i (milliamp/cm2) }";
    assert_eq!(codes(point), ["M0364"]);
}

#[test]
fn units_are_defined_once_and_without_negative_powers() {
    let file = |units: &str| codes(&format!("NEURON {{ SUFFIX x }} UNITS {{ {units} }} PARAMETER {{ a (mV) }}"));
    assert_eq!(file("(mV) = (millivolt)"), [""; 0]);
    assert_eq!(file(""), ["M0363"]);
    assert_eq!(file("(mV) = (millivolt) (mV) = (volt)"), ["M0366"]);
    assert_eq!(file("(mV) = (millivolt) (ms) = (millisec)"), [""; 0]);
    assert_eq!(codes("NEURON { SUFFIX x } PARAMETER { a (volt-1) }"), ["M0367"]);
}

#[test]
fn reactions_keep_amounts() {
    let block = |text: &str| codes(&with(&format!("STATE {{ b (mM) d }} KINETIC k {{ {text} }}")));
    assert_eq!(block("~ c <-> b (1/tau, 1/tau)"), [""; 0]);
    assert_eq!(block("~ c <-> b (g, 1/tau)"), ["M0360"]);
    assert_eq!(block("~ c + b <-> b (1/tau, 1/tau)"), ["M0360"]);
    assert_eq!(block("~ c <-> d (1/tau, 1/tau)"), ["M0365"]);
    assert_eq!(block("~ c << (c/tau)"), [""; 0]);
    assert_eq!(block("~ c << (v)"), ["M0360"]);
    assert_eq!(block("COMPARTMENT width*width {c} ~ c <-> b (1/tau, 1/tau)"), ["M0365"]);
    assert_eq!(block("CONSERVE c + b = 1 (mM)"), [""; 0]);
    assert_eq!(block("CONSERVE c + b = v"), ["M0360"]);
    assert_eq!(block("COMPARTMENT width*width {c} LONGITUDINAL_DIFFUSION width*width*1(um2/ms) {c}"), [""; 0]);
    assert_eq!(block("COMPARTMENT width {c} LONGITUDINAL_DIFFUSION width*width*1(um2/ms) {c}"), ["M0360"]);
}
