//! BEFORE and AFTER blocks, INCLUDE.

use crate::support::{Named, both, codes};
use codegen::ir::evaluate::Instance;
use codegen::{Options, compile};
use nmodl_parser::SourceFile;

#[test]
fn each_block_is_a_kernel() {
    for mechanism in both(
        "NEURON { SUFFIX x USEION ca READ cai WRITE ica RANGE a, b, c, d, e } ASSIGNED { a b c d e v cai ica }
        BREAKPOINT { ica = 0 }
        BEFORE INITIAL { a = a + 1 } AFTER INITIAL { b = t + 1 } BEFORE BREAKPOINT { c = v + cai }
        AFTER SOLVE { LOCAL k  k = dt  d = twice(k) } BEFORE STEP { e = e + 1 }
        FUNCTION twice(x) { twice = 2*x }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.ions[0][1] = 5.0;
        let kernels = &mechanism.kernels;
        for kernel in [&kernels.before_initial, &kernels.after_initial, &kernels.before_breakpoint] {
            assert!(kernel.is_some());
            x.run(kernel);
        }
        x.run(&kernels.after_solve);
        x.run(&kernels.before_step);
        x.run(&kernels.before_step);
        assert_eq!(["a", "b", "c", "d", "e"].map(|name| x.get(&mechanism, name)), [1.0, 1.0, -60.0, 0.05, 2.0]);
    }
}

#[test]
fn blocks_of_one_moment_run_in_their_order() {
    for mechanism in both(
        "NEURON { SUFFIX x USEION ca READ cai WRITE cai RANGE y } ASSIGNED { y cai }
        BEFORE STEP { LOCAL k  k = 3  y = k  cai = cai + 1 }
        BEFORE STEP { LOCAL k  k = 2  y = y * k  cai = cai * 2 }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.ions[0][1] = 5.0;
        x.run(&mechanism.kernels.before_step);
        assert_eq!((x.get(&mechanism, "y"), x.ions[0][1]), (6.0, 12.0));
    }
}

#[test]
fn what_a_block_keeps_is_stored() {
    let [_, mechanism] = both(
        "NEURON { SUFFIX x RANGE y } ASSIGNED { y count v }
        BEFORE BREAKPOINT { count = count + 1 } AFTER SOLVE { y = count }",
    );
    assert!(mechanism.column("count").is_some());
}

#[test]
fn moments_that_neuron_does_not_have_are_refused() {
    for moment in ["AFTER BREAKPOINT", "BEFORE SOLVE", "AFTER STEP"] {
        assert_eq!(codes(&format!("NEURON {{ SUFFIX x }} {moment} {{ }}")), ["M0119"]);
    }
    assert_eq!(codes("NEURON { SUFFIX x } STATE { s } BEFORE STEP { SOLVE d } DERIVATIVE d { s' = 1 }"), ["M0218"]);
}

#[test]
fn included_text_counts() {
    let folder = tempfile::tempdir().unwrap();
    let compiled = |included: &str| {
        std::fs::write(folder.path().join("a.mod"), "NEURON { SUFFIX a RANGE y }\nINCLUDE \"a.inc\"\nASSIGNED { y }\n")
            .unwrap();
        std::fs::write(folder.path().join("a.inc"), included).unwrap();
        let source = SourceFile::read(&folder.path().join("a.mod")).unwrap();
        let (mechanism, diagnostics) = compile(&source, &Options { optimise: false, ..Options::default() });
        mechanism.unwrap_or_else(|| panic!("{diagnostics:?}"))
    };
    let (one, two) = (compiled("INITIAL { y = 1 }"), compiled("INITIAL { y = 2 }"));
    assert_ne!(one.hash, two.hash);
    let lines: Vec<u32> = one.kernels.init.iter().flat_map(|init| &init.body).map(|statement| statement.line).collect();
    assert_eq!(lines, [0], "lines of other files are not those of this one");
    assert_eq!(codes("NEURON { SUFFIX x } INCLUDE \"a.inc\""), ["M0267"]);
}

#[test]
fn a_function_table_that_nothing_calls_does_no_harm() {
    let text =
        |body: &str| format!("NEURON {{ SUFFIX x RANGE y }} ASSIGNED {{ y }} FUNCTION_TABLE f(x (mV)) (ms) {body}");
    assert!(codes(&text("INITIAL { y = 1 }")).is_empty());
    assert_eq!(codes(&text("INITIAL { y = f(1) }")), ["M0355"]);
    assert_eq!(codes(&text("INITIAL { y = f(1, 2) }")), ["M0355", "M0203"]);
    for mechanism in both(&text("INITIAL { y = f(1) }")) {
        assert!(mechanism.missing[0].what.contains("FUNCTION_TABLE `f`"), "{:?}", mechanism.missing);
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert!(x.get(&mechanism, "y").is_nan(), "nothing is made up");
    }
}
