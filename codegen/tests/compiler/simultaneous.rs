//! LINEAR and NONLINEAR blocks.

use crate::support::{Named, assert_close, both, codes};
use codegen::ir::Mechanism;
use codegen::ir::evaluate::Instance;

fn block(kind: &str, states: &str, initial: &str, equations: &str) -> String {
    format!(
        "NEURON {{ SUFFIX x }} PARAMETER {{ k = 2 }} ASSIGNED {{ z v }} STATE {{ {states} }}
        INITIAL {{ {initial} }} {kind} l {{ {equations} }}"
    )
}

fn started(mechanism: &Mechanism) -> Instance {
    let mut x = Instance::new(mechanism);
    x.run(&mechanism.kernels.init);
    x
}

#[test]
fn a_linear_block_is_solved_from_scratch() {
    // The first equation has no term in a: rows must change places.
    let text = block("LINEAR", "a b c", "a = 7 SOLVE l", "z = k ~ b - z*c = 1 ~ a + k*b = 3 ~ 2*a + b + c = 0");
    for mechanism in both(&text) {
        let x = started(&mechanism);
        let [a, b, c] = ["a", "b", "c"].map(|name| x.get(&mechanism, name));
        assert_close(b - 2.0 * c, 1.0, 1e-14);
        assert_close(a + 2.0 * b, 3.0, 1e-14);
        assert_close(2.0 * a + c, -b, 1e-14);
    }
}

#[test]
fn small_pivots_are_avoided() {
    // With 1e-20 as the pivot b would be right, and a 0.
    for mechanism in both(&block("LINEAR", "a b", "SOLVE l", "~ 1e-20*a + b = 1 ~ a + b = 2")) {
        let x = started(&mechanism);
        assert_close(x.get(&mechanism, "a"), 1.0, 1e-15);
        assert_close(x.get(&mechanism, "b"), 1.0, 1e-15);
    }
}

#[test]
fn a_markov_chain_in_equilibrium() {
    let equations = "FROM i = 0 TO 8 { ~ k*s[i] = (i + 1)*s[i+1] }
        ~ s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7] + s[8] + s[9] = 1";
    for mechanism in both(&block("LINEAR", "s[10]", "SOLVE l", equations)) {
        let x = started(&mechanism);
        // Poisson's distribution, cut off: s[i] = 2^i/i!.
        let weights: Vec<f64> =
            (0..10).map(|i| (1..=i).fold(1.0, |product, factor| product * 2.0 / f64::from(factor))).collect();
        let total: f64 = weights.iter().sum();
        for (i, weight) in weights.iter().enumerate() {
            assert_close(x.get(&mechanism, &format!("s[{i}]")), weight / total, 1e-13);
        }
    }
}

#[test]
fn a_nonlinear_block_is_iterated_from_the_present_states() {
    let equations = "~ a*a + b*b = k ~ a - b = f(a)*0";
    for (start, root) in [("a = 0.5 b = 0.3", 1.0), ("a = -0.5 b = -0.3", -1.0)] {
        let text = block("NONLINEAR", "a b", &format!("{start} SOLVE l METHOD newton"), equations)
            + " FUNCTION f(x) { f = exp(x) }";
        for mechanism in both(&text) {
            let x = started(&mechanism);
            assert_close(x.get(&mechanism, "a"), root, 1e-12);
            assert_close(x.get(&mechanism, "b"), root, 1e-12);
        }
    }
}

#[test]
fn a_block_may_be_solved_in_a_routine() {
    let text = block("LINEAR", "a", "start(3)", "~ k*a = z") + " PROCEDURE start(x) { z = x SOLVE l }";
    for mechanism in both(&text) {
        assert_close(started(&mechanism).get(&mechanism, "a"), 1.5, 1e-15);
    }
}

#[test]
fn equations_without_a_root_leave_nan() {
    for mechanism in both(&block("NONLINEAR", "a", "a = 0.3 SOLVE l", "~ a*a = -1")) {
        assert!(started(&mechanism).get(&mechanism, "a").is_nan());
    }
}

#[test]
fn mistakes_in_equations_have_their_codes() {
    assert_eq!(codes(&block("LINEAR", "a b", "SOLVE l", "~ a + b = 1")), ["M0249"]);
    assert_eq!(codes(&block("LINEAR", "a b", "SOLVE l", "~ a*b = 1 ~ a - b = 0")), ["M0249"]);
    assert_eq!(codes(&block("LINEAR", "a", "SOLVE l METHOD newton", "~ a = 1")), ["M0123"]);
    assert_eq!(codes(&block("LINEAR", "a", "SOLVE l STEADYSTATE simeq", "~ a = 1")), ["M0247"]);
}
