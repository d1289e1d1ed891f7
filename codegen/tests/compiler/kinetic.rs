//! KINETIC blocks: conservation, backward Euler and steady states against closed forms.

use crate::support::{Named, assert_close, both, codes, mechanism};
use codegen::ir::evaluate::Instance;
use codegen::ir::{Mechanism, Statement};

fn scheme(states: &str, initial: &str, solve: &str, reactions: &str) -> String {
    format!(
        "NEURON {{ SUFFIX x RANGE net }} PARAMETER {{ k = 0.3 }} ASSIGNED {{ net v }} STATE {{ {states} }}
        INITIAL {{ {initial} }} BREAKPOINT {{ SOLVE r {solve} }} KINETIC r {{ {reactions} }}"
    )
}

fn started(mechanism: &Mechanism) -> Instance {
    let mut x = Instance::new(mechanism);
    x.run(&mechanism.kernels.init);
    x
}

/// The count of statements, nested ones included.
fn size(body: &[Statement]) -> usize {
    body.iter().map(|one| 1 + one.blocks().iter().map(|block| size(block)).sum::<usize>()).sum()
}

#[test]
fn a_linear_scheme_takes_a_backward_euler_step() {
    for mechanism in both(&scheme("a b", "a = 1 b = 0.5", "METHOD sparse", "~ a <-> b (k, 0.1)")) {
        let mut x = started(&mechanism);
        x.run(&mechanism.kernels.state);
        // b' = k*(1.5 - b) - 0.1*b.
        let b = (0.5 + 0.025 * 0.3 * 1.5) / (1.0 + 0.025 * 0.4);
        assert_close(x.get(&mechanism, "b"), b, 1e-15);
        assert_close(x.get(&mechanism, "a"), 1.5 - b, 1e-15);
    }
}

#[test]
fn conserve_replaces_the_balance_of_its_last_state() {
    let text = scheme(
        "a b c",
        "a = 1 b = 1 c = 1",
        "METHOD sparse",
        "~ a <-> b (k, 0.1) ~ b <-> c (k, 0.1) CONSERVE a + b + c = 1",
    );
    for mechanism in both(&text) {
        let mut x = started(&mechanism);
        for _ in 0..100 {
            x.run(&mechanism.kernels.state);
            let total: f64 = ["a", "b", "c"].iter().map(|name| x.get(&mechanism, name)).sum();
            assert_close(total, 1.0, 4.0 * f64::EPSILON);
        }
        assert!(x.get(&mechanism, "a") > 0.0);
    }
}

#[test]
fn a_nonlinear_scheme_solves_its_implicit_equation() {
    let text = scheme("a b", "a = 1 b = 0.2", "METHOD sparse", "~ 2 a <-> b (k, 0.1) net = f_flux - b_flux");
    for mechanism in both(&text) {
        let mut x = started(&mechanism);
        x.dt = 1.0;
        x.run(&mechanism.kernels.state);
        let (a, b) = (x.get(&mechanism, "a"), x.get(&mechanism, "b"));
        let flux = 0.3 * a * a - 0.1 * b;
        assert_close(a, 1.0 - 2.0 * flux, 1e-9);
        assert_close(b, 0.2 + flux, 1e-9);
        // What the block assigns belongs to the new states.
        assert_close(x.get(&mechanism, "net"), flux, 1e-14);
    }
}

#[test]
fn volumes_weigh_the_balances() {
    let text = scheme(
        "a b",
        "a = 1 b = 0",
        "METHOD sparse",
        "COMPARTMENT 2 { a } COMPARTMENT 3 { b } ~ a <-> b (k, k) ~ b << (0.06)",
    );
    for mechanism in both(&text) {
        let mut x = started(&mechanism);
        for step in 1..=40 {
            x.run(&mechanism.kernels.state);
            let amount = 2.0 * x.get(&mechanism, "a") + 3.0 * x.get(&mechanism, "b");
            assert_close(amount, 2.0 + 0.06 * 0.025 * f64::from(step), 1e-14);
        }
    }
}

#[test]
fn conserved_totals_are_amounts() {
    let text =
        scheme("a b", "a = 1 b = 0", "METHOD sparse", "COMPARTMENT 2 { a b } ~ a <-> b (k, k) CONSERVE a + b = 6");
    let mechanism = mechanism(&text);
    let mut x = started(&mechanism);
    x.run(&mechanism.kernels.state);
    assert_close(x.get(&mechanism, "a") + x.get(&mechanism, "b"), 3.0, 1e-15);
}

#[test]
fn the_steady_state_is_that_of_detailed_balance() {
    let chain = "~ a <-> b (2, 1) ~ b <-> c (3, 1) CONSERVE a + b + c = 1";
    for mechanism in both(&scheme("a b c", "a = 1 SOLVE r STEADYSTATE sparse", "METHOD sparse", chain)) {
        let x = started(&mechanism);
        for (name, weight) in [("a", 1.0), ("b", 2.0), ("c", 6.0)] {
            assert_close(x.get(&mechanism, name), weight / 9.0, 1e-8);
        }
    }
    // Nonlinear: a*b = c with a + c = 1 and b + c = 1.
    let dimer = "~ a + b <-> c (1, 1) CONSERVE a + c = 1 CONSERVE b + c = 1";
    for mechanism in both(&scheme("a b c", "a = 1 b = 1 SOLVE r STEADYSTATE sparse", "METHOD sparse", dimer)) {
        let x = started(&mechanism);
        let a = (5.0f64.sqrt() - 1.0) / 2.0;
        assert_close(x.get(&mechanism, "a"), a, 1e-8);
        assert_close(x.get(&mechanism, "c"), 1.0 - a, 1e-8);
    }
}

#[test]
fn a_scheme_may_be_integrated_as_equations() {
    for (method, tolerance) in [("METHOD euler", 1e-2), ("METHOD runge", 1e-9)] {
        for mechanism in both(&scheme("a b", "a = 1 b = 0", method, "~ a <-> b (k, 0.1)")) {
            let mut x = started(&mechanism);
            for _ in 0..40 {
                x.run(&mechanism.kernels.state);
            }
            assert_close(x.get(&mechanism, "b"), 0.75 * (1.0 - (-0.4f64).exp()), tolerance);
        }
    }
}

#[test]
fn states_that_are_not_solved_for_are_constants() {
    let text = "NEURON { SUFFIX x USEION ca READ cai } PARAMETER { k = 0.3 } ASSIGNED { cai } STATE { a b fixed }
        INITIAL { a = 1 b = 0 fixed = 2 }
        BREAKPOINT { SOLVE r METHOD sparse }
        KINETIC r SOLVEFOR a, b { ~ a + fixed + cai <-> b (k, 0.1) }";
    for mechanism in both(text) {
        let mut x = started(&mechanism);
        x.ions[0][1] = 5.0;
        x.run(&mechanism.kernels.state);
        let rate = 0.3 * 2.0 * 5.0;
        assert_close(x.get(&mechanism, "b"), 0.025 * rate / (1.0 + 0.025 * (rate + 0.1)), 1e-12);
        assert_eq!(x.get(&mechanism, "fixed"), 2.0);
    }
}

#[test]
fn a_long_chain_stays_small() {
    let text = scheme(
        "s[50]",
        "s[0] = 1",
        "METHOD sparse",
        "FROM i = 0 TO 48 { ~ s[i] <-> s[i+1] (k, 0.1) } CONSERVE s[0] + s[49] = 1",
    );
    let mechanism = mechanism(&text);
    let state = mechanism.kernels.state.as_ref().map_or(0, |state| size(&state.body));
    assert!(state < 1000, "{state} statements");
}

#[test]
fn mistakes_in_schemes_have_their_codes() {
    let code = |solve: &str, reactions: &str| codes(&scheme("a b", "", solve, reactions));
    assert_eq!(code("METHOD sparse", "~ k << (1) ~ a <-> b (1, 1)"), ["M0245"]);
    assert_eq!(code("METHOD sparse", "net = 1"), ["M0245"]);
    assert_eq!(code("METHOD sparse", "~ a <-> b (1, 1) CONSERVE a + k = 1"), ["M0246"]);
    assert_eq!(code("METHOD sparse", "~ a <-> b (1, 1) ~ b << (1) CONSERVE a + b = 1"), ["M0246"]);
    assert_eq!(code("METHOD cnexp", "~ a <-> b (1, 1)"), ["M0247"]);
    assert_eq!(code("METHOD gear", "~ a <-> b (1, 1)"), ["M0123"]);
    assert_eq!(code("", "~ a <-> b (1, 1)"), ["M0342"]);
}

#[test]
fn a_dense_scheme_that_is_too_large_is_refused() {
    let text =
        scheme("s[60]", "", "METHOD sparse", "FROM i = 0 TO 58 { FROM j = i + 1 TO 59 { ~ s[i] <-> s[j] (k, 0.1) } }");
    assert_eq!(codes(&text), ["M0248"]);
}
