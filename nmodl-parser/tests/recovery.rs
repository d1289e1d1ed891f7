//! Errors: their codes, places and words, and going on behind them.
#![allow(missing_docs)]

mod common;

use common::{codes, report, statements};
use nmodl_parser::{SourceFile, parse};

/// The only error of a text: code, text under the caret, message.
fn only(text: &str) -> (&'static str, &str, String) {
    let all = report(text);
    assert_eq!(all.len(), 1, "{text}\n{all:?}");
    all.into_iter().next().expect("one")
}

/// The only error of a statement in a block.
#[track_caller]
fn statement(text: &str, code: &str, place: &str, message: &str) {
    let file = format!("INITIAL {{\n  before = 1\n  {text}\n  after = 2\n}}");
    let (found, found_place, found_message) = only(&file);
    assert_eq!((found, found_place, found_message.as_str()), (code, place, message), "{text}");
}

#[test]
fn a_missing_expression_is_named_after_what_it_follows() {
    statement("a =", "M0002", "=", "expected an expression after `=`");
    statement("a = b + * c", "M0002", "*", "expected an expression after `+`");
    statement("a = b +", "M0002", "+", "expected an expression after `+`");
    statement("a = (b *)", "M0002", ")", "expected an expression after `*`");
    statement("a = f(b,)", "M0002", ")", "expected an expression after `,`");
    statement("if (a > ) { x = 1 } else { y = 2 }", "M0002", ")", "expected an expression after `>`");
    statement("~ a <-> b (kf, )", "M0002", ")", "expected an expression after `,`");
}

#[test]
fn a_missing_equals_sign() {
    statement("x 3", "M0003", "3", "`=` missing after `x`");
    statement("x", "M0003", "x", "`x` alone is not a statement");
}

#[test]
fn brackets() {
    statement("a = exp(b", "M0004", "(", "this `(` is not closed");
    statement("a = (b + c", "M0004", "(", "this `(` is not closed");
    statement("a = b + (c", "M0004", "(", "this `(` is not closed");
    statement("a = b + f(c d) * 2", "M0004", "d", "an operator or `)` is missing before `d`");
    statement("a = b)", "M0004", ")", "this `)` closes nothing");
    statement("a = b[2", "M0004", "[", "this `[` is not closed");
    statement("if (a > 3 c = 1", "M0004", "c", "an operator or `)` is missing before `c`");
}

#[test]
fn slips_of_the_pen_get_a_suggestion() {
    statement("SOLV states", "M0001", "SOLV", "unknown statement `SOLV`; did you mean `SOLVE`?");
    statement("Table a", "M0001", "Table", "unknown statement `Table`; did you mean `TABLE`?");
    assert_eq!(only("BREAKPONT { SOLVE x }").2, "unknown block `BREAKPONT`; did you mean `BREAKPOINT`?");
    assert_eq!(only("PARAMTER { x = 1 (mV) y }").2, "unknown block `PARAMTER`; did you mean `PARAMETER`?");
    assert_eq!(only("NEURON { SUFIX x }").2, "unknown statement `SUFIX`; did you mean `SUFFIX`?");
}

#[test]
fn other_statements() {
    statement("a = 1;", "M0001", ";", "NMODL has no `;`");
    statement("a = b = c", "M0001", "=", "a second `=` in one statement");
    statement("a = 3 b", "M0001", "b", "unexpected `b` after the end of a statement");
    statement("if (a) x = 1", "M0001", "x", "`{` missing after the condition of `if`");
    statement("if a > 1 { x = 1 }", "M0001", "a", "`(` missing after `if`");
    statement("else { x = 1 }", "M0001", "else", "`else` without `if` before it");
    statement("if (a) { x = 1 } else if b { x = 1 }", "M0001", "if", "expected `{` or `if (condition) {` after `else`");
    statement("elseif (b) { x = 1 }", "M0001", "elseif", "unknown statement `elseif`; did you mean `else if`?");
    statement("a = 1 // one", "M0002", "/", "expected an expression after `/`");
    statement("# one", "M0001", "#", "unexpected `#`");
    statement("f(a) = 3", "M0023", "f(a)", "the call `f(...)` cannot be assigned to");
    statement("WATCH (v) 3", "M0020", "(v)".trim_matches(['(', ')']), "WATCH needs a comparison by `>` or `<`");
    statement("a = \u{201c}x\u{201d}", "M0022", "\u{201c}", "the character `\u{201c}` cannot stand here");
    statement("p = \"abc", "M0001", "\"", "this string does not end on its line");
    statement("~+ a = 2", "M0024", "~+", "the addition of equations by `~+` is not supported");
    statement("RESET", "M0008", "RESET", "the statement `RESET` is obsolete");
}

#[test]
fn declarations() {
    assert_eq!(only("PARAMETER { a = 2*3 (mV)\n b = 1 }").1, "*");
    assert_eq!(only("PARAMETER { a =\n b = 1 }").2, "expected a number after `=`");
    assert_eq!(only("PARAMETER { a = 1, b = 2 }").2, "no `,` between declarations");
    assert_eq!(only("PARAMETER { a = q }").2, "expected a number, found `q`");
    assert_eq!(only("PARAMETER { a = 1 (mV\n b = 2 }").1, "(");
    assert_eq!(only("ASSIGNED { a = 1 }").0, "M0021");
    assert_eq!(only("CONSTANT { a }").0, "M0021");
    assert_eq!(only("PARAMETER { a = 1e999 }").0, "M0016");
    assert_eq!(only("DEFINE n 99999999999999999999").0, "M0016");
    assert_eq!(only("UNITS { (mV) = millivolt }").0, "M0014");
}

#[test]
fn the_neuron_block() {
    assert_eq!(only("NEURON { RANGE a b }").2, "`,` missing before `b`");
    assert_eq!(only("NEURON { RANGE a,\n GLOBAL b }").2, "a name must follow this `,`");
    assert_eq!(only("NEURON { USEION ca\n RANGE b }").2, "USEION needs READ or WRITE");
}

#[test]
fn heads_of_blocks() {
    assert_eq!(only("FUNCTION f(a b) { f = 1 }").1, "b");
    assert_eq!(only("BREAKPOINT SOLVE x }").2, "unexpected `SOLVE` in the head of `BREAKPOINT`");
    assert_eq!(only("STATE").2, "`{` missing after `STATE`");
    // The statements of a block with a bad head are read for their own errors.
    assert_eq!(codes("FUNCTION f { f = } INITIAL { a = }"), ["M0015", "M0002", "M0002"]);
    assert_eq!(only("TERMINAL { a = }").0, "M0008");
    assert_eq!(codes("NEURON { JUNCTION_PROCESS gj } WHITE_NOISE { w }"), ["M0025", "M0025"]);
    assert_eq!(only("some words, not code\nSTATE { m }").0, "M0007");
    assert_eq!(only("ENDCOMMENT").2, "ENDCOMMENT without COMMENT");
}

#[test]
fn braces_and_raw_blocks_without_end() {
    assert_eq!(only("INITIAL { if (a) { x = 1 }\nSTATE { m }").0, "M0005");
    assert_eq!(only("INITIAL { a = 1").0, "M0005");
    assert_eq!(only("INITIAL { a = 1 } }\nSTATE { m }").0, "M0006");
    assert_eq!(only("INITIAL { VERBATIM\n x(}\n"), ("M0009", "VERBATIM", "VERBATIM without ENDVERBATIM".into()));
    assert_eq!(only("INITIAL { a = 1 }\nCOMMENT x ENDCOMMENT\n").0, "M0010");
}

#[test]
fn all_errors_of_a_file_are_found_in_order() {
    let text = "NEURON { SUFIX x }\nPARAMETER { a = }\nINITIAL {\n a =\n b = 1\n c 3\n while (x { d = 1 }\n}\nFUNCTON f() { }\nSTATE { m }";
    let (ast, diagnostics) = parse(&SourceFile::new("test.mod", text));
    let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["M0013", "M0012", "M0002", "M0003", "M0004", "M0007"]);
    assert_eq!(ast.items.len(), 4);
    assert_eq!(statements(&ast).len(), 2);
}

#[test]
fn depth_is_limited_without_overflow() {
    let deep = |open: &str, close: &str, count: usize| format!("{}{}", open.repeat(count), close.repeat(count));
    assert_eq!(codes(&format!("INITIAL {{ a = {} }}", deep("(", ")", 100_000))), ["M0011"]);
    assert_eq!(codes(&format!("INITIAL {{ a = {}1{} }}", "(".repeat(90), ")".repeat(90))), [""; 0]);
    assert_eq!(codes(&format!("INITIAL {}", deep("{", "}", 100_000))), ["M0011"]);
    assert_eq!(codes(&format!("INITIAL {}", deep("{ ) ", "}", 100_000))), ["M0011"]);
    assert_eq!(codes(&format!("INITIAL {{ a = {}1 }}", "-".repeat(100_000))), ["M0011"]);
    assert_eq!(codes(&format!("INITIAL {{ a = {}1 }}", "1^".repeat(100_000))), ["M0011"]);
    assert_eq!(codes(&format!("INITIAL {{ a = {}1 }}", "1+".repeat(100_000))), ["M0011"]);
    assert_eq!(codes(&format!("INITIAL {{ a = {}1 }}", "1+".repeat(400))), [""; 0]);
    let chain = "else if (a) { } ".repeat(10_000);
    assert_eq!(codes(&format!("INITIAL {{ if (a) {{ }} {chain} }}")), ["M0011"]);
    // A bracket in a comment, a unit or a string is none.
    assert_eq!(codes(&format!("INITIAL {{ }} : {}\n", "(".repeat(1000))), [""; 0]);
}

#[test]
fn every_code_is_explained_once() {
    let codes = nmodl_parser::codes::CODES;
    for (index, code) in codes.iter().enumerate() {
        assert_eq!(code.code, format!("M{:04}", index + 1));
        assert!(!code.title.is_empty() && code.explanation.len() > 20, "{}", code.code);
    }
    assert_eq!(nmodl_parser::codes::explain("m0005").map(|code| code.code), Some("M0005"));
    assert_eq!(nmodl_parser::codes::explain("M9999"), None);
}
