//! The integration methods against closed forms and fine solutions.

use crate::support::{Named, assert_close, assert_text, both, codes, mechanism};
use codegen::ir::evaluate::Instance;

fn with(equations: &str, method: &str) -> String {
    format!(
        "NEURON {{ SUFFIX x }} PARAMETER {{ tau = 3 k = 0.2 }} ASSIGNED {{ minf }} STATE {{ a b }}
        INITIAL {{ a = 1 b = 0.5 }}
        BREAKPOINT {{ SOLVE s {method} }}
        DERIVATIVE s {{ {equations} }}"
    )
}

#[test]
fn cnexp_is_exact_for_relaxation() {
    for mechanism in both(&with("minf = 0.3 a' = (minf - a)/tau b' = -b/tau", "METHOD cnexp")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.state);
        let decay = (-0.025f64 / 3.0).exp();
        assert_close(x.get(&mechanism, "a"), 0.3 + 0.7 * decay, 1e-15);
        assert_close(x.get(&mechanism, "b"), 0.5 * decay, 1e-15);
    }
}

#[test]
fn cnexp_reduces_relaxation_to_one_expm1() {
    let mechanism = mechanism(&with("a' = (k - a)/tau b' = -b/tau", "METHOD cnexp"));
    assert_text(
        &mechanism,
        &mechanism.kernels.state,
        "expm1_dt = expm1(-dt/tau)
         a := fma(-expm1_dt, k - self.a, self.a)
         b := fma(expm1_dt, self.b, self.b)",
    );
}

#[test]
fn cnexp_handles_rates_sums_and_constants() {
    // a' = k*(1 - a) - tau*a has a = k/(k + tau) and rate k + tau; b' = 3 is an Euler step.
    for mechanism in both(&with("a' = k*(1 - a) - tau*a b' = 3", "METHOD cnexp")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.state);
        let rest = 0.2 / 3.2;
        assert_close(x.get(&mechanism, "a"), rest + (1.0 - rest) * (-0.025f64 * 3.2).exp(), 1e-15);
        assert_close(x.get(&mechanism, "b"), 0.575, 1e-15);
    }
    // A pool: influx and relaxation over different denominators.
    for mechanism in both(&with("a' = -(10)*(k/(2*tau)) - (a - minf)/tau", "METHOD cnexp")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.state);
        let rest = -10.0 * 0.2 / 6.0 * 3.0;
        assert_close(x.get(&mechanism, "a"), rest + (1.0 - rest) * (-0.025f64 / 3.0).exp(), 1e-14);
    }
}

#[test]
fn cnexp_advances_equations_one_after_the_other() {
    for mechanism in both(&with("a' = -a/tau b' = (a - b)/tau", "METHOD cnexp")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.state);
        let decay = (-0.025f64 / 3.0).exp();
        assert_close(x.get(&mechanism, "b"), decay + (0.5 - decay) * decay, 1e-15);
    }
}

#[test]
fn cnexp_leaves_other_equations_to_derivimplicit() {
    assert_eq!(codes(&with("a' = -exp(a)", "METHOD cnexp")), ["M0306"]);
    assert_eq!(codes(&with("a' = 1/(1 + a)", "METHOD cnexp")), ["M0306"]);
    assert_eq!(codes(&with("a' = -a^2", "METHOD cnexp")), ["M0306"]);
    let in_call = with("a' = -f(a)", "METHOD cnexp") + " FUNCTION f(x) { f = x*k }";
    assert_eq!(codes(&in_call), ["M0306"]);
    let elsewhere = with("a' = -f(b)*a", "METHOD cnexp") + " FUNCTION f(x) { f = x*k }";
    assert!(codes(&elsewhere).is_empty());
}

#[test]
fn cnexp_refuses_products_of_a_state() {
    assert_eq!(codes(&with("a' = -a*a", "METHOD cnexp")), ["M0212"]);
    assert_eq!(codes(&with("a' = a*(1 - a)", "METHOD cnexp")), ["M0212"]);
}

#[test]
fn a_variable_set_from_the_state_counts_as_constant_as_in_neuron() {
    for mechanism in both(&with("minf = k*a a' = -minf", "METHOD cnexp")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.state);
        assert_close(x.get(&mechanism, "a"), 1.0 - 0.025 * 0.2, 1e-15);
    }
}

#[test]
fn derivimplicit_solves_backward_euler() {
    // a' = -a^2: s + dt s^2 = 1.
    for mechanism in both(&with("a' = -a*a", "METHOD derivimplicit")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.state);
        let dt = 0.025f64;
        assert_close(x.get(&mechanism, "a"), ((1.0 + 4.0 * dt).sqrt() - 1.0) / (2.0 * dt), 1e-13);
    }
}

#[test]
fn derivimplicit_follows_a_coupled_system_through_procedures_and_branches() {
    let text = "NEURON { SUFFIX x RANGE r } PARAMETER { mu = 5 } ASSIGNED { r } STATE { p q }
        INITIAL { p = 2 q = 0 }
        BREAKPOINT { SOLVE s }
        DERIVATIVE s { force(p, q) p' = q  if (q > 100) { q' = 0 } else { q' = r } }
        PROCEDURE force(x, y) { LOCAL d  d = 1 - x^2  r = mu*d*y - x }";
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.dt = 1e-4;
        for _ in 0..20_000 {
            x.run(&mechanism.kernels.state);
        }
        // van der Pol, mu = 5, by RK4 with a step of 1e-4.
        let (mut p, mut q) = (2.0f64, 0.0f64);
        let f = |p: f64, q: f64| (q, 5.0 * (1.0 - p * p) * q - p);
        let h = 1e-4;
        for _ in 0..20_000 {
            let k1 = f(p, q);
            let k2 = f(p + h / 2.0 * k1.0, q + h / 2.0 * k1.1);
            let k3 = f(p + h / 2.0 * k2.0, q + h / 2.0 * k2.1);
            let k4 = f(p + h * k3.0, q + h * k3.1);
            p += h / 6.0 * (k1.0 + 2.0 * k2.0 + 2.0 * k3.0 + k4.0);
            q += h / 6.0 * (k1.1 + 2.0 * k2.1 + 2.0 * k3.1 + k4.1);
        }
        assert_close(x.get(&mechanism, "p"), p, 1e-4);
        // The assigned variable belongs to the final states.
        let (p, q) = (x.get(&mechanism, "p"), x.get(&mechanism, "q"));
        assert_close(x.get(&mechanism, "r"), 5.0 * (1.0 - p * p) * q - p, 1e-12);
    }
}

#[test]
fn derivimplicit_survives_a_zero_on_the_diagonal() {
    // With dt = 1 the matrix is [[0, -1], [1, 1]].
    for mechanism in both(&with("a' = a + b b' = -a", "METHOD derivimplicit")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.dt = 1.0;
        x.run(&mechanism.kernels.state);
        // a = 1 + a + b, b = 0.5 - a.
        assert_close(x.get(&mechanism, "b"), -1.0, 1e-12);
        assert_close(x.get(&mechanism, "a"), 1.5, 1e-12);
    }
}

#[test]
fn derivimplicit_gives_nan_where_it_cannot_converge() {
    // s = s_old + dt*(2 + s^2) has no real solution for a large dt.
    for mechanism in both(&with("a' = 2 + a*a", "METHOD derivimplicit")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.dt = 10.0;
        x.run(&mechanism.kernels.state);
        assert!(x.get(&mechanism, "a").is_nan());
    }
}

#[test]
fn a_solve_without_method_is_derivimplicit() {
    let explicit = mechanism(&with("a' = -a*a", "METHOD derivimplicit"));
    let implicit = mechanism(&with("a' = -a*a", ""));
    assert_eq!(explicit.kernels, implicit.kernels);
    assert_eq!(codes(&with("a' = -a*a", "METHOD sparse")), ["M0313"]);
}

#[test]
fn euler_evaluates_all_derivatives_first() {
    for mechanism in both(&with("a' = b b' = -a", "METHOD euler")) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.state);
        assert_close(x.get(&mechanism, "a"), 1.0 + 0.025 * 0.5, 1e-15);
        assert_close(x.get(&mechanism, "b"), 0.5 - 0.025, 1e-15);
    }
}

#[test]
fn factors_of_the_state_may_cancel() {
    for right in ["(a*0 + 5)/2 + 1 - a", "(a + 5)/2 - a/2 + 1 - a"] {
        for mechanism in both(&with(&format!("a' = {right}"), "METHOD cnexp")) {
            let mut x = Instance::new(&mechanism);
            x.run(&mechanism.kernels.init);
            x.dt = 100.0;
            x.run(&mechanism.kernels.state);
            assert_close(x.get(&mechanism, "a"), 3.5, 1e-12);
        }
    }
}

#[test]
fn a_derivative_block_called_in_initial_is_a_step() {
    for (method, expected) in [("cnexp", (-0.025f64).exp()), ("derivimplicit", 1.0 / 1.025)] {
        let text = format!(
            "NEURON {{ SUFFIX x }} STATE {{ m }} INITIAL {{ m = 1 states() }}
            BREAKPOINT {{ SOLVE states METHOD {method} }} DERIVATIVE states {{ m' = -m }}"
        );
        assert!(codes(&text).contains(&"M0343"));
        for mechanism in both(&text) {
            let mut x = Instance::new(&mechanism);
            x.run(&mechanism.kernels.init);
            assert_close(x.get(&mechanism, "m"), expected, 1e-9);
        }
    }
}
