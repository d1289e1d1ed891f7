//! Names, calls, constants, events.

use crate::support::{Named, assert_close, assert_text, both, codes, diagnostics, mechanism};
use codegen::ir::Role;
use codegen::ir::evaluate::Instance;

#[test]
fn parameters_are_range_or_global() {
    let mechanism = mechanism(
        "NEURON { SUFFIX x RANGE a } PARAMETER { a = 1 (mV) <0, 5> b = 2 c }
        BREAKPOINT { } ",
    );
    assert_eq!(mechanism.columns[0].default, 1.0);
    assert_eq!(mechanism.columns[0].limits, Some((0.0, 5.0)));
    assert_eq!(mechanism.columns[0].unit, "mV");
    let globals: Vec<_> = mechanism.globals.iter().map(|global| (global.name.as_str(), global.default)).collect();
    assert_eq!(globals, [("b", 2.0), ("c", 0.0)]);
}

#[test]
fn written_globals_become_variables_of_each_instance() {
    let text = "NEURON { SUFFIX x GLOBAL minf RANGE y } PARAMETER { p = 2 } ASSIGNED { minf y v }
        BREAKPOINT { minf = v y = minf + p p = 3 }";
    assert_eq!(codes(text), ["M0301"]);
    assert!(diagnostics(text)[0].message.starts_with("`minf` and `p` are shared"));
    let mechanism = mechanism(text);
    let p = &mechanism.columns[mechanism.column("p").unwrap().0 as usize];
    assert_eq!((p.role, p.default), (Role::Assigned, 2.0));
    assert_eq!(mechanism.column("minf"), None);
}

#[test]
fn states_start_at_their_initial_parameter() {
    for mechanism in both(
        "NEURON { SUFFIX x } PARAMETER { m0 = 0.3 } STATE { m h n START 0.7 } ASSIGNED { y }
        INITIAL { h = m + h0 }",
    ) {
        assert!(mechanism.global("h0").is_some());
        let mut x = Instance::new(&mechanism);
        x.globals[mechanism.global("h0").unwrap().0 as usize] = 0.1;
        x.run(&mechanism.kernels.init);
        assert_eq!(["m", "h", "n"].map(|name| x.get(&mechanism, name)), [0.3, 0.4, 0.7]);
    }
}

#[test]
fn routines_are_expanded_with_arguments_by_value() {
    for mechanism in both(
        "NEURON { SUFFIX x RANGE y, z } ASSIGNED { y z }
        BREAKPOINT { y = 5 z = twice(y) + twice(twice(1)) set(y) }
        FUNCTION twice(a) { a = 2*a twice = a }
        PROCEDURE set(y) { LOCAL k  k = y  y = 100  z = z + k }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.state);
        assert_eq!(["y", "z"].map(|name| x.get(&mechanism, name)), [5.0, 19.0]);
    }
}

#[test]
fn names_of_a_routine_are_its_own() {
    // `k` of BREAKPOINT is not seen in `f`, which means the parameter.
    for mechanism in both(
        "NEURON { SUFFIX x RANGE y } PARAMETER { k = 7 } ASSIGNED { y }
        BREAKPOINT { LOCAL k  k = 1  y = f() + k }
        FUNCTION f() { f = k }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.state);
        assert_eq!(x.get(&mechanism, "y"), 8.0);
    }
}

#[test]
fn truth_values_are_numbers_and_back() {
    for mechanism in both(
        "NEURON { SUFFIX x RANGE a, b, c } ASSIGNED { a b c v }
        BREAKPOINT { a = (v > 1)*2 + !v  if (v) { b = 1 } else { b = 2 }  c = v && !(a == 0) || v < -100 }",
    ) {
        let mut x = Instance::new(&mechanism);
        for (v, expected) in [(5.0, [2.0, 1.0, 1.0]), (0.0, [1.0, 2.0, 0.0]), (-200.0, [0.0, 1.0, 1.0])] {
            x.v = v;
            x.run(&mechanism.kernels.state);
            assert_eq!(["a", "b", "c"].map(|name| x.get(&mechanism, name)), expected);
        }
    }
}

#[test]
fn loops_run() {
    for mechanism in both(
        "DEFINE N 4 NEURON { SUFFIX x RANGE y, z } ASSIGNED { y z }
        BREAKPOINT { y = 0 FROM i = 1 TO N { y = y + i } z = 0 while (less(z)) { z = z + 1 } }
        FUNCTION less(a) { less = a < N + 3 }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.state);
        assert_eq!(["y", "z"].map(|name| x.get(&mechanism, name)), [10.0, 7.0]);
    }
}

#[test]
fn constants_are_folded() {
    let mechanism = mechanism(
        "NEURON { SUFFIX x RANGE y } UNITS { FARADAY = (faraday) (kilocoulombs) R = (k-mole) (joule/degC) Q = 2.5 (1) }
        CONSTANT { four = 4 } DEFINE N 3 ASSIGNED { y }
        BREAKPOINT { y = FARADAY + R + Q*four*N + 10^-6 }",
    );
    let mut x = Instance::new(&mechanism);
    x.run(&mechanism.kernels.state);
    assert_close(x.get(&mechanism, "y"), 96.48533212331001 + 8.31446261815324 + 30.0 + 1e-6, 1e-15);
    assert!(mechanism.globals.is_empty());
}

#[test]
fn net_receive_knows_weights_and_flag() {
    for mechanism in both(
        "NEURON { POINT_PROCESS s RANGE g, last } ASSIGNED { last v } STATE { g }
        NET_RECEIVE(w, r, n) {
            INITIAL { r = 1 n = 7 }
            if (flag == 0) { state_discontinuity(g, g + w*r) n = n + 1 r = r*exp(-(t - last)) last = t }
        }",
    ) {
        assert_eq!(mechanism.net_arguments, ["w", "r", "n"]);
        let mut x = Instance::new(&mechanism);
        x.net = vec![0.5, 0.0, 0.0];
        x.run(&mechanism.kernels.net_init);
        assert_eq!(x.net, [0.5, 1.0, 7.0]);
        x.t = 2.0;
        x.run(&mechanism.kernels.net_receive);
        assert_eq!(x.get(&mechanism, "g"), 0.5);
        assert_close(x.net[1], (-2f64).exp(), 1e-15);
        assert_eq!(x.net[2], 8.0);
        x.flag = 1.0;
        x.run(&mechanism.kernels.net_receive);
        assert_eq!(x.get(&mechanism, "g"), 0.5);
    }
}

#[test]
fn a_cached_top_level_local_is_kept_per_instance() {
    let text = "NEURON { SUFFIX x RANGE y } LOCAL q, seen ASSIGNED { y }
        BREAKPOINT { if (seen != celsius) { seen = celsius q = 3^((celsius - 6.3)/10) } y = q }";
    assert!(codes(text).is_empty());
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.celsius = 16.3;
        x.run(&mechanism.kernels.state);
        x.run(&mechanism.kernels.state);
        assert_close(x.get(&mechanism, "y"), 3.0, 1e-14);
    }
    let scratch = "NEURON { SUFFIX x RANGE y } LOCAL a ASSIGNED { y v } BREAKPOINT { a = v y = a }";
    assert!(codes(scratch).is_empty());
    assert_eq!(mechanism(scratch).columns.len(), 1);
    let counter = "NEURON { SUFFIX x RANGE y } LOCAL n ASSIGNED { y } BREAKPOINT { n = n + 1 y = n }";
    assert_eq!(codes(counter), ["M0302"]);
    let carried = "NEURON { SUFFIX x RANGE y } LOCAL a ASSIGNED { y v } INITIAL { a = v } BREAKPOINT { y = a }";
    assert_eq!(codes(carried), ["M0302"]);
}

#[test]
fn a_local_copy_of_v_may_change() {
    for mechanism in both(
        "NEURON { SUFFIX x NONSPECIFIC_CURRENT i } ASSIGNED { v i }
        BREAKPOINT { if (v == -65) { v = v + 1 } i = 2*v }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.current);
        assert_eq!((x.rhs, x.d, x.v), (128.0, 2.0, -65.0));
    }
}

#[test]
fn repeated_blocks_are_merged() {
    for mechanism in both(
        "BREAKPOINT { y = y + 1 } NEURON { SUFFIX x } NEURON { RANGE y, z } ASSIGNED { y } ASSIGNED { z }
        INITIAL { y = 1 } INITIAL { z = y + 1 } BREAKPOINT { z = 5*y }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.get(&mechanism, "z"), 2.0);
        x.run(&mechanism.kernels.state);
        assert_eq!(x.get(&mechanism, "z"), 10.0);
    }
}

#[test]
fn compiling_twice_gives_the_same_ir() {
    let text = "NEURON { SUFFIX x RANGE a, b } ASSIGNED { a b v } STATE { p q }
        BREAKPOINT { SOLVE s METHOD derivimplicit a = exp(v)*exp(v) b = exp(v) + a }
        DERIVATIVE s { p' = q*a - p*p q' = p - q*b }";
    assert_eq!(mechanism(text), mechanism(text));
}

#[test]
fn verbatim_without_effect_is_accepted() {
    let mechanism = mechanism(
        "NEURON { SUFFIX x RANGE y } ASSIGNED { y }
VERBATIM
#include <stdlib.h>
extern double drand48();
ENDVERBATIM
        BREAKPOINT { y = 2 f() }
        PROCEDURE f() { y = y + 1
VERBATIM
        return 0;
ENDVERBATIM
        }",
    );
    assert_text(&mechanism, &mechanism.kernels.state, "y := 3");
}

#[test]
fn a_solve_in_a_loop_is_solved() {
    for mechanism in both(
        "NEURON { SUFFIX x } STATE { s } INITIAL { s = 1 }
        BREAKPOINT { FROM i = 0 TO 1 { SOLVE st METHOD euler } }
        DERIVATIVE st { s' = -s }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.state);
        assert_eq!(x.get(&mechanism, "s"), 1.0 - 0.025);
    }
}

/// As in NEURON, where it is a number that HOC does not see.
#[test]
fn what_global_lists_need_not_be_declared() {
    let text = "NEURON { SUFFIX x RANGE y GLOBAL a, b } ASSIGNED { y v } INITIAL { a = 3 y = a + b }";
    assert_eq!(codes(text), ["M0307", "M0307", "M0301"]);
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.get(&mechanism, "y"), 3.0);
    }
}

#[test]
fn a_constructor_gives_the_values_to_begin_with() {
    let text = "NEURON { POINT_PROCESS x RANGE a, b, c GLOBAL made } PARAMETER { a = 2 b = 3 } ASSIGNED { c made }
        CONSTRUCTOR { made = made + 1 if (a > 1) { b = twice(a) } FROM i = 1 TO 3 { c = c + i } }
        DESTRUCTOR { made = made - 1 } INITIAL { c = c + 1 } FUNCTION twice(x) { twice = 2*x }";
    assert_eq!(codes(text), ["M0301"]);
    for mechanism in both(text) {
        let default = |name: &str| mechanism.columns[mechanism.column(name).unwrap().0 as usize].default;
        assert_eq!(["b", "c"].map(default), [4.0, 6.0]);
    }
    let refused = |body: &str| {
        codes(&format!("NEURON {{ POINT_PROCESS x RANGE y }} ASSIGNED {{ y v }} CONSTRUCTOR {{ {body} }}"))
    };
    for body in ["y = t", "y = v", "net_send(1, 1)", "y = scop_random()"] {
        assert!(refused(body).contains(&"M0120"), "{body}: {:?}", refused(body));
    }
}

#[test]
fn external_variables_are_shared_values() {
    let text =
        "NEURON { SUFFIX x EXTERNAL n_other, unused RANGE y } ASSIGNED { y n_other v } INITIAL { y = 2*n_other }";
    assert!(codes(text).is_empty());
    for mechanism in both(text) {
        assert_eq!(mechanism.globals.len(), 1);
        assert!(mechanism.globals[0].external);
    }
}
