//! Printing a tree and parsing it again.
#![allow(missing_docs)]

mod common;

use common::{clean, round_trip, shape};
use nmodl_parser::{SourceFile, parse, print};

const FILE: &str = r#"TITLE everything : that is in the tree
NEURON {
    POINT_PROCESS all
    USEION ca READ cai, eca WRITE ica VALENCE 2 REPRESENTS CHEBI:29108
    NONSPECIFIC_CURRENT i, j ELECTRODE_CURRENT k
    RANGE a, b GLOBAL c POINTER p BBCOREPOINTER q EXTERNAL e RANDOM r THREADSAFE REPRESENTS [A:b]
}
UNITS { (mV) = (millivolt) F = (faraday) (coulomb) G = -96520 (coul) H = 3 }
DEFINE n -3
INCLUDE "x.inc"
LOCAL top, arr[n]
PARAMETER { a = -1e-3 (mV) <-1, 1e9> b[3] (ms) c <0, 1> }
CONSTANT { k0 = 3. }
ASSIGNED { v (mV) w[4] (mM) }
STATE { m FROM 0 TO 1 START .5 (1) <1e-3> h }
INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }
UNITSOFF
INITIAL { LOCAL x, y[2] x = -a^-2^b y[0] = !(x < 1) && 2 (mV) == 3 || f (x) }
BREAKPOINT { SOLVE states METHOD sparse SOLVE other { z = (1 + 2)*3 } UNITSON }
DERIVATIVE states { m' = (1-m)/tau h'' = h@2[i] }
KINETIC kin { ~ a + 2 b[i] <-> c (kf, kb*2) ~ a << (f_flux - b_flux) ~ a -> (k)
    CONSERVE a + 2 b - c = 1 COMPARTMENT i, vol[i] { a b } LONGITUDINAL_DIFFUSION D { a } }
LINEAR lin SOLVEFOR a, b { ~ a + b = 2 }
FUNCTION f(v (mV), x) (/ms) { TABLE FROM 0 TO 10 WITH 20
    if (v > 1) { f = 1 } else if (v < 0) { f = 2 } else { f = 3 }
    while (x) { x = x - 1 } FROM i = 0 TO n-1 BY 2 { arr[i] = i }
    VERBATIM
  return 0; }
ENDVERBATIM
    printf("%g {\n", x) PROTECT x = x + 1 MUTEXLOCK MUTEXUNLOCK CONDUCTANCE g USEION ca LAG x BY tau }
FUNCTION_TABLE tab(v (mV)) (mV)
NET_RECEIVE(w (uS), u) { INITIAL { u = 0 } WATCH (v > th) 2, (v < 3) 4 FOR_NETCONS(w, z) { z = 1 } SOLVE b METHOD c IFERROR { } }
BEFORE STEP { } AFTER SOLVE { } CONSTRUCTOR { } DESTRUCTOR { }
VERBATIM ENDVERBATIM
"#;

#[test]
fn everything_survives() {
    let ast = clean(FILE);
    round_trip(&ast);
    // Printing is stable.
    let printed = print(&ast);
    assert_eq!(print(&clean(&printed)), printed);
}

#[test]
fn needed_parentheses_are_added() {
    use nmodl_parser::ast::{BinaryOperator, Expression, ExpressionKind, Name, UnaryOperator};
    let span = nmodl_parser::Span::default();
    let name = |text: &str| Expression {
        kind: ExpressionKind::Variable { name: Name { text: text.into(), span }, index: None, primes: 0, at: None },
        span,
    };
    let binary = |operator, left: Expression, right: Expression| Expression {
        kind: ExpressionKind::Binary(operator, left.into(), right.into()),
        span,
    };
    let minus =
        |inner: Expression| Expression { kind: ExpressionKind::Unary(UnaryOperator::Minus, inner.into()), span };
    use BinaryOperator::{Add, Multiply, Power, Subtract};
    let print = |expression: Expression| nmodl_parser::print_expression(&expression);
    assert_eq!(print(binary(Multiply, binary(Add, name("a"), name("b")), name("c"))), "(a + b) * c");
    assert_eq!(print(binary(Subtract, name("a"), binary(Subtract, name("b"), name("c")))), "a - (b - c)");
    assert_eq!(print(binary(Power, minus(name("a")), name("b"))), "(-a)^b");
    assert_eq!(print(binary(Power, binary(Power, name("a"), name("b")), name("c"))), "(a^b)^c");
    assert_eq!(print(binary(Multiply, name("a"), minus(name("b")))), "a * -b");
    assert_eq!(print(minus(binary(Add, name("a"), name("b")))), "-(a + b)");
}

/// Set `NMODL_CORPUS` to a folder of `.mod` files to check them all: no errors, and the
/// same tree after printing. Files named in `NMODL_CORPUS_REJECTS` (by a part of their
/// path, separated by `:`) may have errors.
#[test]
fn corpus() {
    let Some(root) = std::env::var_os("NMODL_CORPUS") else {
        eprintln!("skipped: NMODL_CORPUS is not set");
        return;
    };
    let rejects = std::env::var("NMODL_CORPUS_REJECTS").unwrap_or_default();
    let (mut folders, mut files, mut failed) = (vec![std::path::PathBuf::from(root)], 0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let shown = path.display().to_string();
            if path.extension().is_none_or(|extension| extension != "mod")
                || rejects.split(':').any(|part| !part.is_empty() && shown.contains(part))
            {
                continue;
            }
            files += 1;
            let (ast, diagnostics) = parse(&SourceFile::read(&path).expect("a readable file"));
            let again = parse(&SourceFile::new("printed.mod", print(&ast))).0;
            if diagnostics.iter().any(nmodl_parser::Diagnostic::is_error) || shape(&ast) != shape(&again) {
                failed.push(shown);
            }
        }
    }
    eprintln!("{files} files");
    assert!(failed.is_empty(), "{} of {files} files failed:\n{}", failed.len(), failed.join("\n"));
}
