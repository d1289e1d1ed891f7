//! Arrays, indices and loops.

use crate::support::{Named, assert_close, assert_text, both, codes, mechanism};
use codegen::ir::Mechanism;
use codegen::ir::evaluate::Instance;

/// A mechanism whose INITIAL is `initial`.
fn with(declarations: &str, initial: &str) -> String {
    format!(
        "NEURON {{ SUFFIX a RANGE x, y, n }} DEFINE N 3 ASSIGNED {{ v x y n }} {declarations} INITIAL {{ {initial} }}"
    )
}

/// Runs INITIAL as written and optimised; both must leave the same values.
fn run(text: &str, check: impl Fn(&Mechanism, &Instance)) {
    for mechanism in both(text) {
        let mut instance = Instance::new(&mechanism);
        instance.run(&mechanism.kernels.init);
        check(&mechanism, &instance);
    }
}

#[track_caller]
fn gives(text: &str, x: f64) {
    run(text, |mechanism, instance| assert_close(instance.get(mechanism, "x"), x, 1e-15));
}

#[test]
fn a_loop_with_known_bounds_is_written_out() {
    let text = with("STATE { s[N] }", "FROM i = 0 TO N-1 { s[i] = 10*i + i/2 }");
    let mechanism = mechanism(&text);
    let names: Vec<&str> = mechanism.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["s[0]", "s[1]", "s[2]", "x", "y", "n"]);
    assert_text(&mechanism, &mechanism.kernels.init, "s[0] := 0\ns[1] := 10.5\ns[2] := 21");
}

#[test]
fn a_counter_is_a_number_in_indices_branches_and_bounds() {
    let text = with(
        "ASSIGNED { a[N] }",
        "FROM i = 0 TO N-1 { a[i] = 1  FROM j = 0 TO i { if (j > 0) { a[i] = a[i] + a[j-1] } } }  x = a[2]",
    );
    gives(&text, 4.0);
}

#[test]
fn indices_are_integers_as_in_c() {
    let declarations = "ASSIGNED { a[6] }";
    let set = "FROM i = 0 TO 5 { a[i] = 10 + i }";
    // Every variable is truncated before it is used; division is that of integers.
    for (index, element) in
        [("y", 1.0), ("y*2", 2.0), ("(y + 6)/2", 3.0), ("-y + 3", 2.0), ("5/2", 2.0), ("2*5/3", 3.0)]
    {
        gives(&with(declarations, &format!("{set} y = 1.9  x = a[{index}]")), 10.0 + element);
        gives(&with(declarations, &format!("{set} y = 1.9  a[{index}] = 77  x = a[{element}]")), 77.0);
    }
}

#[test]
fn a_run_time_index_stays_within_the_array() {
    let set = "a[0] = 5  a[1] = 6  a[2] = 7";
    for (index, value) in [("-1", 5.0), ("3", 7.0), ("1e30", 7.0), ("-1e30", 5.0), ("log(-1)", 5.0)] {
        gives(&with("ASSIGNED { a[N] }", &format!("{set}  y = {index}  x = a[y]")), value);
    }
}

#[test]
fn a_loop_with_run_time_bounds_runs() {
    let text = with(
        "ASSIGNED { a[N] }",
        "y = 2.9  x = 0  FROM i = 0 TO y { a[i] = i + 1  x = x + i }  FROM i = 0 TO y BY 2 { x = x + 10*a[i] }",
    );
    gives(&text, 3.0 + 10.0 * (1.0 + 3.0));
    // The last value is looked up every round.
    gives(&with("", "n = 5  x = 0  FROM i = 0 TO n { x = x + 1  n = n - 1 }"), 3.0);
    // From 2 to 1 there is nothing.
    gives(&with("", "x = 4  FROM i = 2 TO 1 { x = 0 }"), 4.0);
}

#[test]
fn local_arrays_and_arrays_of_the_file_hold_values() {
    gives(&with("", "LOCAL a[N], b  b = 1  a[0] = 3  a[1] = a[0] + b  x = a[1]"), 4.0);
    gives(&with("", "LOCAL a[N], b  b = 1  a[0] = 3  a[b] = a[0] + b  x = a[b] + a[0]"), 7.0);
    gives(&with("LOCAL a[N]", "a[1] = 3  x = a[1]"), 3.0);
}

#[test]
fn states_of_an_array_start_at_one_value() {
    let text = with("STATE { s[N] } PARAMETER { s0 = 2.5 }", "x = s[0] + s[2]");
    gives(&text, 5.0);
}

#[test]
fn parameter_arrays_are_shared_unless_range() {
    let shared = mechanism(&with("PARAMETER { p[2] }", "x = p[1]"));
    assert!(shared.global("p[0]").is_some() && shared.column("p[0]").is_none());
    let own = mechanism(&with("NEURON { RANGE p } PARAMETER { p[2] }", "x = p[1]"));
    assert!(own.column("p[1]").is_some_and(|id| own.columns[id.0 as usize].range));
    let written = mechanism(&with("NEURON { RANGE z } ASSIGNED { z } PARAMETER { p[2] }", "p[1] = v  z = p[v]"));
    assert!(written.column("p[1]").is_some());
}

#[test]
fn states_of_an_array_are_solved_together() {
    let text = "NEURON { SUFFIX a } DEFINE N 3 STATE { s[N] } INITIAL { s[0] = 1 }
        BREAKPOINT { SOLVE chain METHOD derivimplicit }
        DERIVATIVE chain {
            s'[0] = -s[0]
            FROM i = 1 TO N-1 { s'[i] = s[i-1] - s[i] }
        }";
    for mechanism in both(text) {
        let mut instance = Instance::new(&mechanism);
        instance.run(&mechanism.kernels.init);
        instance.run(&mechanism.kernels.state);
        // Backward Euler by hand.
        let dt = instance.dt;
        let mut above = 0.0;
        for (name, old) in [("s[0]", 1.0), ("s[1]", 0.0), ("s[2]", 0.0)] {
            above = (old + dt * above) / (1.0 + dt);
            assert_close(instance.get(&mechanism, name), above, 1e-9);
        }
    }
}

#[test]
fn currents_through_run_time_indices_have_slopes() {
    let text = include_str!("../mod/indexed.mod");
    for mechanism in both(text) {
        let d = [false, true].map(|difference| {
            let mut instance = Instance::new(&mechanism);
            instance.run(&mechanism.kernels.init);
            let kernels = &mechanism.kernels;
            instance.run(if difference { &kernels.current_difference } else { &kernels.current });
            instance.d
        });
        assert!(d[0] > 0.0);
        assert_close(d[0], d[1], 1e-3);
    }
}

#[test]
fn mistakes_have_their_codes() {
    let code = |declarations: &str, initial: &str| codes(&with(declarations, initial));
    assert_eq!(code("ASSIGNED { a[M] }", ""), ["M0240"]);
    assert_eq!(code("ASSIGNED { a[0] }", ""), ["M0240"]);
    assert_eq!(code("", "LOCAL a[M]"), ["M0240"]);
    assert_eq!(code("", "x = y[1]"), ["M0241"]);
    assert_eq!(code("ASSIGNED { a[N] }", "x = a"), ["M0241"]);
    assert_eq!(code("ASSIGNED { a[N] }", "a = 1"), ["M0241"]);
    assert_eq!(code("ASSIGNED { a[N] }", "x = a[3]"), ["M0243"]);
    assert_eq!(code("ASSIGNED { a[N] }", "FROM i = 0 TO 3 { a[i] = 1 }"), ["M0243"]);
    assert_eq!(code("", "FROM i = 0 TO 3 { i = 1 }"), ["M0208"]);
    assert_eq!(code("", "n = 3  FROM i = 0 TO n { i = 1 }"), ["M0208"]);
    let equation = |line: &str| {
        codes(&format!(
            "NEURON {{ SUFFIX a RANGE n }} ASSIGNED {{ n }} STATE {{ s[3] }}
             BREAKPOINT {{ SOLVE d METHOD derivimplicit }} DERIVATIVE d {{ {line} }}"
        ))
    };
    assert_eq!(equation("s'[n] = -1"), ["M0244"]);
    assert_eq!(equation("FROM i = 0 TO n { s'[i] = -1 }"), ["M0244"]);
    assert_eq!(equation("FROM i = 0 TO 2 { s'[i] = -1 }"), Vec::<&str>::new());
}

#[test]
fn a_loop_that_does_not_end_leaves_nan() {
    let text = "NEURON { SUFFIX x RANGE y, z } ASSIGNED { y z v }
        INITIAL { z = 1  y = 1  while (y > 0) { y = y + 1 } while (z < 5) { z = z + 1 } }";
    let mechanism = mechanism(text);
    let mut instance = Instance::new(&mechanism);
    instance.run(&mechanism.kernels.init);
    assert!(instance.get(&mechanism, "y").is_nan());
    assert_eq!(instance.get(&mechanism, "z"), 5.0);
}
