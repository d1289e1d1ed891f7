//! TABLE: which routines are looked up, with which numbers.

use crate::support::{Named, assert_close, both, codes, mechanism};
use codegen::ir::Mechanism;
use codegen::ir::evaluate::Instance;
use codegen::{Options, compile};
use nmodl_parser::SourceFile;

const CHANNEL: &str = "NEURON { SUFFIX x RANGE y, z } PARAMETER { k = 20 } ASSIGNED { y z v celsius }
    BREAKPOINT { rates(v) }
    PROCEDURE rates(u) { LOCAL q  TABLE y, z DEPEND celsius FROM -100 TO 100 WITH 40
        q = celsius / 10  y = q * exp(u / k)  z = u }";

fn at(mechanism: &Mechanism, v: f64) -> Instance {
    let mut x = Instance::new(mechanism);
    x.v = v;
    x.run(&mechanism.kernels.state);
    x
}

#[test]
fn values_are_interpolated_between_entries() {
    for mechanism in both(CHANNEL) {
        let y = |v: f64| at(&mechanism, v).get(&mechanism, "y");
        let exact = |v: f64| 0.63 * (v / 20.0).exp();
        for entry in [-100.0, -95.0, 0.0, 95.0, 100.0] {
            assert_close(y(entry), exact(entry), 1e-14);
        }
        assert_close(y(2.0), exact(0.0) + 0.4 * (exact(5.0) - exact(0.0)), 1e-14);
        assert_eq!((y(-1e6), y(f64::INFINITY)), (y(-100.0), y(100.0)), "no extrapolation");
        assert!(y(f64::NAN).is_nan());
        assert_eq!(mechanism.globals_size(), mechanism.globals.len() + 2 + 2 * 41);
    }
}

#[test]
fn tables_can_be_left_out() {
    let exact = compile(&SourceFile::new("x.mod", CHANNEL), &Options { tables: false, ..Options::default() });
    let exact = exact.0.unwrap();
    assert!(exact.tables.is_empty());
    assert_close(at(&exact, 2.0).get(&exact, "y"), 0.63 * 0.1_f64.exp(), 1e-14);
}

#[test]
fn a_function_is_looked_up_and_has_a_slope() {
    let mechanism = mechanism(
        "NEURON { SUFFIX x NONSPECIFIC_CURRENT i } ASSIGNED { v i } DEFINE N 10 PARAMETER { low = -50 high = 50 }
        BREAKPOINT { i = f(v) } FUNCTION f(u) { TABLE FROM low TO high + 50 WITH N  f = u * u }",
    );
    let table = &mechanism.tables[0];
    assert_eq!((table.intervals, table.outputs.as_slice()), (10, &["f".to_owned()][..]));
    let mut x = Instance::new(&mechanism);
    x.v = -45.0;
    x.run(&mechanism.kernels.current);
    let (a, b) = (2500.0, 35.0 * 35.0);
    assert_close(x.rhs, -(a + 5.0 / 15.0 * (b - a)), 1e-13);
    assert_close(x.d, (b - a) / 15.0, 1e-13);
}

#[test]
fn arrays_are_tabulated_element_by_element() {
    for mechanism in both(
        "NEURON { SUFFIX x RANGE a } ASSIGNED { a[3] v } BREAKPOINT { f(v) }
        PROCEDURE f(u) { TABLE a FROM 0 TO 10 WITH 2  FROM i = 0 TO 2 { a[i] = i * u } }",
    ) {
        let x = at(&mechanism, 7.5);
        assert_eq!(["a[0]", "a[1]", "a[2]"].map(|name| x.get(&mechanism, name)), [0.0, 7.5, 15.0]);
    }
}

#[test]
fn what_varies_is_computed() {
    let with =
        |text: &str| format!("NEURON {{ SUFFIX x RANGE y, g }} PARAMETER {{ g = 1 }} ASSIGNED {{ y w v }} {text}");
    let varying = [
        "INITIAL { w = v } BREAKPOINT { f(v) } PROCEDURE f(u) { TABLE y FROM 0 TO 1 WITH 9  y = u * w }",
        "BREAKPOINT { f(1) } PROCEDURE f(u) { TABLE y FROM 0 TO 1 WITH 9  y = u * v }",
        "BREAKPOINT { f(v) } PROCEDURE f(u) { TABLE y FROM 0 TO 1 WITH 9  y = u * t }",
        "BREAKPOINT { f(v) } PROCEDURE f(u) { TABLE y FROM 0 TO 1 WITH 9  y = y + u }",
    ];
    for text in varying {
        assert_eq!(codes(&with(text)), ["M0352"], "{text}");
        assert!(mechanism(&with(text)).tables.is_empty());
    }
    let shared = "BREAKPOINT { f(v) } PROCEDURE f(u) { TABLE y FROM 0 TO 1 WITH 9  y = u * g }";
    assert_eq!(codes(&with(shared)), ["M0353"]);
    assert_eq!(mechanism(&with(shared)).tables[0].shared, ["g"]);
}

#[test]
fn tables_that_make_no_sense_are_refused() {
    let with = |text: &str| format!("NEURON {{ SUFFIX x RANGE y }} ASSIGNED {{ y z v }} BREAKPOINT {{ y = v }} {text}");
    let cases = [
        "INITIAL { f(1, 2) } PROCEDURE f(a, b) { TABLE y FROM 0 TO 1 WITH 9  y = a }",
        "INITIAL { f(1) } PROCEDURE f(a) { TABLE FROM 0 TO 1 WITH 9  y = a }",
        "INITIAL { y = f(1) } FUNCTION f(a) { TABLE y FROM 0 TO 1 WITH 9  f = a }",
        "INITIAL { f(1) } PROCEDURE f(a) { TABLE y FROM 0 TO 1 WITH 0  y = a }",
        "INITIAL { f(1) } PROCEDURE f(a) { TABLE z FROM 0 TO 1 WITH 9  y = a }",
        "INITIAL { f(1) } PROCEDURE f(a) { TABLE v FROM 0 TO 1 WITH 9  y = a }",
    ];
    for text in cases {
        assert_eq!(codes(&with(text)), ["M0268"], "{text}");
    }
    assert_eq!(codes(&with("INITIAL { TABLE y FROM 0 TO 1 WITH 9 }")), ["M0218"]);
}

/// NEURON makes `usetable` for a file with TABLE.
#[test]
fn the_switch_of_tables_is_known() {
    let text =
        "NEURON { SUFFIX x RANGE y, z } ASSIGNED { y z v } INITIAL { if (usetable == 0) { z = 1 } else { z = 2 } }
        BREAKPOINT { rates(v) } PROCEDURE rates(u) { TABLE y FROM -100 TO 100 WITH 40  y = u }";
    for (tables, expected) in [(true, 2.0), (false, 1.0)] {
        let mechanism = compile(&SourceFile::new("x.mod", text), &Options { tables, ..Options::default() }).0.unwrap();
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.get(&mechanism, "z"), expected);
    }
}

/// What only the branch without tables reads need not be in the table.
#[test]
fn a_branch_without_tables_does_not_count() {
    let text = |condition: &str| {
        format!(
            "NEURON {{ SUFFIX x RANGE y, z }} ASSIGNED {{ y z inf v }} INITIAL {{ if ({condition}) {{ z = inf }} }}
            BREAKPOINT {{ rates(v) }} PROCEDURE rates(u) {{ TABLE y FROM -100 TO 100 WITH 40  y = u inf = 2*u }}"
        )
    };
    for condition in ["usetable == 0", "!usetable", "(usetable != 1)"] {
        assert_eq!(mechanism(&text(condition)).tables.len(), 1, "{condition}");
    }
    assert!(codes(&text("!usetable")).is_empty());
    assert_eq!(codes(&text("usetable")), ["M0359"]);
}

#[test]
fn a_parameter_in_table_keeps_its_value() {
    let text = "NEURON { SUFFIX x RANGE y } PARAMETER { tau = 5 } ASSIGNED { y v } BREAKPOINT { rates(v) }
        PROCEDURE rates(u) { TABLE y, tau FROM -100 TO 100 WITH 40  y = u/tau }";
    assert_eq!(codes(text), ["M0358"]);
    for mechanism in both(text) {
        assert_close(at(&mechanism, 10.0).get(&mechanism, "y"), 2.0, 1e-15);
    }
}

#[test]
fn what_the_table_does_not_list_keeps_what_filling_it_leaves() {
    let text = "NEURON { SUFFIX x RANGE y, z, a GLOBAL w } ASSIGNED { y z w a v celsius } BREAKPOINT { f(v) z = w }
        PROCEDURE f(u) { TABLE y FROM 0 TO 10 WITH 5  g(u) }
        PROCEDURE g(u) { a = u * celsius  w = a + 1  y = u }";
    assert_eq!(codes(text), ["M0301", "M0359"]);
    for mechanism in both(text) {
        let x = at(&mechanism, 4.0);
        assert_eq!(["y", "z", "a"].map(|name| x.get(&mechanism, name)), [4.0, 63.0 + 1.0, 63.0]);
    }
}
