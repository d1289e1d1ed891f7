//! What INITIAL computes once for each instance.

use super::support::{Named, assert_close, both, mechanism, text};
use codegen::ir::evaluate::Instance;
use codegen::ir::{Function, Mechanism};

/// Exponentials in a kernel.
fn exponentials(mechanism: &Mechanism, kernel: &Option<Function>) -> usize {
    text(mechanism, kernel).matches("exp").count()
}

const SYNAPSE: &str = "NEURON { POINT_PROCESS s RANGE tau, e, i NONSPECIFIC_CURRENT i }
    PARAMETER { tau = 2 e = 0 } ASSIGNED { v i } STATE { g }
    INITIAL { g = 1 if (tau < 0.1) { tau = 0.1 } }
    BREAKPOINT { SOLVE states METHOD cnexp i = g*(v - e) }
    DERIVATIVE states { g' = -g/tau }
    NET_RECEIVE(w) { g = g + w }";

#[test]
fn factors_of_decay_are_computed_once() {
    let mechanism = mechanism(SYNAPSE);
    assert_eq!(
        (exponentials(&mechanism, &mechanism.kernels.state), exponentials(&mechanism, &mechanism.kernels.init)),
        (0, 1)
    );
    assert_eq!(mechanism.settled_by, ["tau"]);
    for mechanism in both(SYNAPSE) {
        let mut x = Instance::new(&mechanism);
        let tau = mechanism.column("tau").expect("a parameter").0 as usize;
        x.columns[tau] = 0.05;
        x.run(&mechanism.kernels.init);
        for step in 1..4 {
            x.run(&mechanism.kernels.state);
            let expected = (-f64::from(step) * x.dt / 0.1).exp();
            assert_close(x.get(&mechanism, "g"), expected, 1e-14);
        }
    }
}

#[test]
fn what_an_event_changes_is_not_settled() {
    let changed = SYNAPSE.replace("g = g + w }", "g = g + w tau = 2*tau }");
    let mechanism = mechanism(&changed);
    assert_eq!(exponentials(&mechanism, &mechanism.kernels.state), 1);
    assert!(mechanism.settled_by.is_empty());
}

#[test]
fn what_all_instances_share_stays_with_the_kernel() {
    let shared =
        SYNAPSE.replace("RANGE tau, e, i", "RANGE e, i GLOBAL tau").replace("if (tau < 0.1) { tau = 0.1 }", "");
    let mechanism = mechanism(&shared);
    assert_eq!(exponentials(&mechanism, &mechanism.kernels.state), 1);
    assert!(mechanism.settled_by.is_empty());
}

#[test]
fn large_expressions_take_no_long_time() {
    let sum = "+ exp(-g/tau)".repeat(20) + &"+ tau".repeat(180);
    let large = SYNAPSE.replace("g' = -g/tau", &format!("g' = -g*(1 {sum})"));
    let begin = std::time::Instant::now();
    mechanism(&large);
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}
