//! Names, declarations, and what each block may do with them.

use crate::support::{Named, assert_close, both, codes, mechanism, text};
use codegen::ir::evaluate::Instance;

#[test]
fn arguments_and_locals_hide_names_of_the_file() {
    let text = "NEURON { SUFFIX s RANGE x, y } PARAMETER { y = 5 } ASSIGNED { x v } STATE { m }
        INITIAL { LOCAL y y = 2 m = f(3, 4) x = g(y) + y + m p(1) }
        FUNCTION f(y, m) { f = y + m }
        FUNCTION g(v) { LOCAL x x = v*2 g = x }
        PROCEDURE p(x) { x = x + 1 y = x }";
    assert_eq!(codes(text), Vec::<&str>::new());
    for mechanism in both(text) {
        let mut instance = Instance::new(&mechanism);
        instance.run(&mechanism.kernels.init);
        assert_eq!(instance.get(&mechanism, "m"), 7.0);
        assert_eq!(instance.get(&mechanism, "x"), 13.0);
        assert_eq!(instance.get(&mechanism, "y"), 2.0);
    }
}

#[test]
fn a_function_without_a_value_is_0() {
    let text = "NEURON { SUFFIX s RANGE x } ASSIGNED { x } INITIAL { x = 3 x = f(2) } FUNCTION f(a) { LOCAL b b = a }";
    assert_eq!(codes(text), ["M0356"]);
    let mechanism = mechanism(text);
    let mut instance = Instance::new(&mechanism);
    instance.run(&mechanism.kernels.init);
    assert_eq!(instance.get(&mechanism, "x"), 0.0);
}

#[test]
fn useion_statements_of_one_ion_are_joined() {
    let text = "NEURON { SUFFIX s USEION ca READ eca, ica USEION ca READ cai WRITE ica VALENCE 2 }
        ASSIGNED { eca ica cai v } BREAKPOINT { ica = (v - eca)*cai }";
    assert_eq!(codes(text), Vec::<&str>::new());
    let mechanism = mechanism(text);
    assert_eq!((mechanism.ions.len(), mechanism.ions[0].valence), (1, Some(2.0)));
    let two = "NEURON { SUFFIX s USEION x READ ex VALENCE 1 USEION x WRITE ix VALENCE 2 }
        ASSIGNED { ex ix v } BREAKPOINT { ix = v - ex }";
    assert_eq!(codes(two), ["M0242"]);
}

#[test]
fn a_conductance_may_be_a_constant() {
    let text = "NEURON { SUFFIX s NONSPECIFIC_CURRENT i } CONSTANT { g = 0.5 } ASSIGNED { i v }
        BREAKPOINT { CONDUCTANCE g i = g*(v + 70)*v }";
    for mechanism in both(text) {
        for kernel in [&mechanism.kernels.current, &mechanism.kernels.current_difference] {
            let mut instance = Instance::new(&mechanism);
            instance.run(kernel);
            assert_eq!(instance.d, 0.5);
        }
    }
}

#[test]
fn the_start_of_an_ion_s_state_is_the_ion_s() {
    let file = |parameter: &str| {
        format!(
            "NEURON {{ SUFFIX s USEION ca READ cai WRITE cai RANGE z }} PARAMETER {{ {parameter} }} ASSIGNED {{ z }}
             STATE {{ cai }} INITIAL {{ z = cai0 }} BREAKPOINT {{ SOLVE d METHOD cnexp }} DERIVATIVE d {{ cai' = -cai }}"
        )
    };
    for (parameter, expected, diagnostics) in [("", 0.0, vec!["M0340"]), ("cai0 = 2", 2.0, vec![])] {
        let text = file(parameter);
        assert_eq!(codes(&text), diagnostics);
        let mechanism = mechanism(&text);
        let mut instance = Instance::new(&mechanism);
        instance.ions[0][1] = 3.0;
        instance.run(&mechanism.kernels.init);
        assert_eq!(instance.get(&mechanism, "z"), expected);
        assert_eq!(instance.ions[0][1], 3.0);
    }
}

#[test]
fn net_receive_may_set_the_potential() {
    let file = "NEURON { POINT_PROCESS s NONSPECIFIC_CURRENT i RANGE x } ASSIGNED { x v i } BREAKPOINT { i = 0 }
        INITIAL { v = v + 1 x = v }
        NET_RECEIVE(w) { if (w > 1) { v = v + w } x = v }";
    assert_eq!(codes(file), Vec::<&str>::new());
    for mechanism in both(file) {
        let mut instance = Instance::new(&mechanism);
        instance.run(&mechanism.kernels.init);
        assert_eq!((instance.v, instance.get(&mechanism, "x")), (-65.0, -64.0));
        instance.net[0] = 5.0;
        instance.run(&mechanism.kernels.net_receive);
        assert_eq!((instance.v, instance.get(&mechanism, "x")), (-60.0, -60.0));
        assert!(!text(&mechanism, &mechanism.kernels.init).contains("v :="));
    }
}

#[test]
fn two_letters_of_different_case_are_two_names() {
    let text = "NEURON { SUFFIX s RANGE a, A } ASSIGNED { a A } INITIAL { a = 1 A = 2*a }";
    let mechanism = mechanism(text);
    let mut instance = Instance::new(&mechanism);
    instance.run(&mechanism.kernels.init);
    assert_close(instance.get(&mechanism, "A"), 2.0, 0.0);
}
