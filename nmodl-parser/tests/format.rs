//! The formatter: what it makes of text, and that it changes no meaning.
#![allow(missing_docs)]

mod common;

use common::{clean, shape};
use nmodl_parser::{SourceFile, format, parse};
use proptest::prelude::*;

fn formatted(text: &str) -> String {
    format(&SourceFile::new("test.mod", text)).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// Formats twice and checks the tree.
fn stable(text: &str) -> String {
    let once = formatted(text);
    assert_eq!(formatted(&once), once);
    assert_eq!(shape(&clean_or_warned(text)), shape(&clean_or_warned(&once)), "{once}");
    once
}

fn clean_or_warned(text: &str) -> nmodl_parser::ast::Ast {
    parse(&SourceFile::new("test.mod", text)).0
}

#[test]
fn blanks_and_indentation_follow_the_house_style() {
    let text = "\
NEURON{ SUFFIX x
RANGE a,b ,
c
}
PROCEDURE  rates( v(mV),u ){LOCAL q
  q=3^( ( celsius-22( degC ) )/10 ) : rate
if(v>1&&!u){ a = -b *-2(mV)+c[ i+1 ] }
  else{
a=b
 + c
}
}";
    let expected = "\
NEURON { SUFFIX x
    RANGE a, b,
        c
}
PROCEDURE rates(v (mV), u) { LOCAL q
    q = 3^((celsius - 22 (degC))/10)  : rate
    if (v > 1 && !u) { a = -b * -2 (mV) + c[i + 1] }
    else {
        a = b
            + c
    }
}
";
    assert_eq!(stable(text), expected);
}

#[test]
fn declarations_and_comments_stand_in_columns() {
    let text = "\
PARAMETER {
gbar=.1 (S/cm2) <0,1e9> : density
 e = -70 (mV) : reversal
\ttau (ms)

x = 1 y = 2
}
UNITS { (mV)=(millivolt)
}";
    let expected = "\
PARAMETER {
    gbar = .1  (S/cm2) <0, 1e9>  : density
    e    = -70 (mV)              : reversal
    tau        (ms)

    x = 1 y = 2
}
UNITS { (mV) = (millivolt)
}
";
    assert_eq!(stable(text), expected);
}

#[test]
fn comments_c_text_titles_and_blank_lines_are_kept() {
    let text = "TITLE  a : b\n\n\n\n\n: über\nCOMMENT\n  free   text\n ENDCOMMENT\nINITIAL {\n   VERBATIM\n  x  =  1;\nENDVERBATIM\n\n}\n";
    let expected = "TITLE  a : b\n\n\n: über\nCOMMENT\n  free   text\n ENDCOMMENT\nINITIAL {\n    VERBATIM\n  x  =  1;\nENDVERBATIM\n\n}\n";
    assert_eq!(stable(text), expected);
}

#[test]
fn reactions_and_odd_tokens_keep_their_meaning() {
    let text = "STATE{a b m}\nKINETIC k{~a+2 b[i]<->m(kf,kb)\n~a<<( f_flux-b_flux )\n~a->(k)\nCONSERVE a+2 b-m=1\nCOMPARTMENT i,vol[i]{a b}}\nINITIAL{ m=m'0 }";
    let out = stable(text);
    assert!(out.contains("~ a + 2 b[i] <-> m (kf, kb)\n"), "{out}");
    assert!(out.contains("~ a << (f_flux - b_flux)\n") && out.contains("m = m'0"), "{out}");
}

#[test]
fn line_ends_of_the_file_are_kept() {
    assert_eq!(stable("INITIAL {\r\nx=1\r\n}\r\n"), "INITIAL {\r\n    x = 1\r\n}\r\n");
    assert_eq!(stable("INITIAL {\n}\u{1A}rest"), "INITIAL {\n}\n\u{1A}rest");
    assert_eq!(stable(""), "");
}

#[test]
fn a_broken_file_is_left_alone() {
    let errors = format(&SourceFile::new("test.mod", "INITIAL { x = }")).unwrap_err();
    assert_eq!(errors[0].code, "M0002");
}

#[test]
fn files_of_this_project_are_stable() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../mod");
    for entry in std::fs::read_dir(folder).expect("the stock mechanisms").flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "mod") {
            stable(&SourceFile::read(&entry.path()).expect("a readable file").text);
        }
    }
}

/// Expressions, statements and blanks in any arrangement.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("a".to_owned()),
        Just("b[1]".to_owned()),
        Just("2".to_owned()),
        Just("1.5e-3(mV)".to_owned()),
        Just("10 ( /ms )".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let operator = prop::sample::select(vec!["+", " - ", "*", "/ ", " ^", "<", ">=", "&&", " ||", "\n-", "*\n"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(left, sign, right)| format!("{left}{sign}{right}")),
            inner.clone().prop_map(|inner| format!("( {inner})")),
            inner.clone().prop_map(|inner| format!("-{inner}")),
            inner.clone().prop_map(|inner| format!("!({inner} )")),
            (inner.clone(), inner).prop_map(|(first, second)| format!("f({first} ,{second})")),
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    let simple = prop_oneof![
        expression().prop_map(|value| format!("a={value}")),
        expression().prop_map(|value| format!("m'  = {value}")),
        expression().prop_map(|value| format!("f( {value},1 )")),
        Just(": a remark  ".to_owned()),
        Just("COMMENT\n  text\nENDCOMMENT".to_owned()),
        Just("VERBATIM\n  c  = 1;\nENDVERBATIM".to_owned()),
        Just("TABLE a,b DEPEND c FROM -100 TO 100 WITH 200".to_owned()),
        Just("SOLVE s METHOD cnexp".to_owned()),
    ];
    simple.prop_recursive(3, 12, 3, |inner| {
        let body = prop::collection::vec(inner, 0..3).prop_map(|list| list.join("\n"));
        prop_oneof![
            (expression(), body.clone()).prop_map(|(test, body)| format!("if({test}){{\n{body}\n}}")),
            (expression(), body.clone(), body.clone())
                .prop_map(|(test, then, other)| format!("if ({test}) {{\n{then}\n}} else{{\n{other}\n\n\n\n}}")),
            body.prop_map(|body| format!("FROM i=0 TO 3{{\n{body}\n}}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn generated_blocks_keep_their_meaning(list in prop::collection::vec(statement(), 0..6)) {
        let text = format!("INITIAL {{\n{}\n}}\n", list.join("\n"));
        let before = parse(&SourceFile::new("test.mod", text.as_str()));
        prop_assume!(before.1.iter().all(|diagnostic| !diagnostic.is_error()));
        let once = stable(&text);
        for word in ["a remark", "  text", "  c  = 1;"] {
            prop_assert_eq!(text.matches(word).count(), once.matches(word).count());
        }
    }

    #[test]
    fn any_text_is_formatted_or_refused(text in "[ a-z0-9(){}=:\n'\"<>~*/+.,\\-\\[\\]A-Zµ]{0,80}") {
        if let Ok(once) = format(&SourceFile::new("test.mod", text)) {
            prop_assert_eq!(formatted(&once), once);
        }
    }
}

#[test]
fn a_clean_file_is_the_same_tree() {
    let text = "PARAMETER { a = 1 (mV) }\nBREAKPOINT { i = g*(v - a) }";
    assert_eq!(shape(&clean(text)), shape(&clean(&formatted(text))));
}
