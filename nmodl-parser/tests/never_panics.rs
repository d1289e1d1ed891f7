//! Whatever the bytes, the parser gives an answer, and its spans lie in the text.
#![allow(missing_docs)]

mod common;

use common::shape;
use nmodl_parser::{Diagnostic, SourceFile, parse, print};
use proptest::prelude::*;

/// Pieces of NMODL that random texts are made of.
const PIECES: [&str; 78] = [
    "NEURON",
    "UNITS",
    "PARAMETER",
    "ASSIGNED",
    "STATE",
    "INITIAL",
    "BREAKPOINT",
    "DERIVATIVE s",
    "KINETIC k",
    "FUNCTION f",
    "PROCEDURE p",
    "NET_RECEIVE",
    "INDEPENDENT",
    "CONSTANT",
    "DEFINE n 3",
    "INCLUDE \"a\"",
    "LOCAL a",
    "TITLE",
    "VERBATIM",
    "ENDVERBATIM",
    "COMMENT",
    "ENDCOMMENT",
    "\nENDVERBATIM\n",
    "\nENDCOMMENT\n",
    "SUFFIX",
    "USEION ca READ cai",
    "REPRESENTS",
    "a:b",
    "RANGE",
    "if",
    "else",
    "while",
    "FROM",
    "TO",
    "SOLVE",
    "METHOD",
    "TABLE",
    "WITH",
    "WATCH",
    "FOR_NETCONS",
    "CONSERVE",
    "COMPARTMENT",
    "~",
    "<->",
    "<<",
    "->",
    "{",
    "}",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "=",
    "=",
    "+",
    "-",
    "*",
    "/",
    "^",
    "<",
    ">",
    "&&",
    "!",
    ",",
    "'",
    "@",
    "\"",
    ":",
    "?",
    "\n",
    "\r",
    "x",
    "y",
    "1.5e3",
    "2",
    "\u{e9}",
];

fn check(text: &str) -> Result<(), TestCaseError> {
    let source = SourceFile::new("random.mod", text);
    let (ast, diagnostics) = parse(&source);
    for diagnostic in &diagnostics {
        prop_assert!(!diagnostic.labels.is_empty());
        for label in &diagnostic.labels {
            prop_assert!(source.text.get(label.span.range()).is_some(), "{diagnostic:?}");
        }
        diagnostic.render(&source, false);
    }
    let printed = print(&ast);
    if !diagnostics.iter().any(Diagnostic::is_error) {
        let (again, more) = parse(&SourceFile::new("printed.mod", printed.as_str()));
        prop_assert!(!more.iter().any(Diagnostic::is_error), "{printed}\n{more:?}");
        prop_assert_eq!(shape(&ast), shape(&again), "{}", printed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn random_characters(text in "\\PC{0,200}") {
        check(&text)?;
    }

    #[test]
    fn random_pieces(pieces in prop::collection::vec((prop::sample::select(&PIECES[..]), any::<bool>()), 0..80)) {
        let text: String = pieces.iter().map(|(piece, blank)| format!("{piece}{}", if *blank { " " } else { "" })).collect();
        check(&text)?;
    }

    #[test]
    fn random_statements(pieces in prop::collection::vec(prop::sample::select(&PIECES[24..]), 0..40)) {
        check(&format!("NET_RECEIVE(w) {{ {} }}\nSTATE {{ m }}", pieces.join(" ")))?;
    }
}
