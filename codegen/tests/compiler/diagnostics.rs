//! What is refused, and how.

use crate::support::{codes, diagnostics};
use codegen::{Options, compile_all};
use nmodl_parser::SourceFile;

/// A mechanism with some top-level text.
fn with(text: &str) -> String {
    format!("NEURON {{ SUFFIX x RANGE y }} PARAMETER {{ k = 1 }} ASSIGNED {{ y v }} STATE {{ s }} {text}")
}

fn breakpoint(text: &str) -> String {
    with(&format!("BREAKPOINT {{ {text} }}"))
}

#[test]
fn unsupported_constructs_are_refused_by_name() {
    let cases = [
        (with("BREAKPOINT { SOLVE l } DISCRETE l { s = s@1 }"), "M0104"),
        (with("BREAKPOINT {\nVERBATIM\n y = gargstr(1);\nENDVERBATIM\n}"), "M0111"),
        ("NEURON { SUFFIX x EXTERNAL p } INITIAL { p = 1 }".to_owned(), "M0115"),
        (with("AFTER STEP { y = 1 }"), "M0119"),
        (with("CONSTRUCTOR { y = t }"), "M0120"),
        (breakpoint("y = random_poisson(1)"), "M0121"),
        (with("BREAKPOINT { SOLVE d METHOD adams } DERIVATIVE d { s' = 1 }"), "M0123"),
        (with("BREAKPOINT { y = f(1) } FUNCTION f(x) { f = g(x) } FUNCTION g(x) { g = f(x) }"), "M0126"),
        (with("BREAKPOINT { SOLVE d METHOD euler } DERIVATIVE d { s'' = 1 }"), "M0129"),
        (breakpoint("y = legendre(1, 2)"), "M0133"),
    ];
    for (text, code) in cases {
        let found = diagnostics(&text);
        let refusal = found.iter().find(|diagnostic| diagnostic.code == code);
        let Some(refusal) = refusal else { panic!("{code} missing for {text}: {found:#?}") };
        assert!(refusal.is_error() && refusal.help.is_some(), "{refusal:?}");
        assert!(refusal.message.contains("not supported") || code == "M0126", "{}", refusal.message);
    }
}

#[test]
fn mistakes_have_their_codes() {
    let cases = [
        (breakpoint("y = kk"), "M0201"),
        (breakpoint("y = exq(v)"), "M0202"),
        (breakpoint("y = exp(v, v)"), "M0203"),
        (with("BREAKPOINT { y = f() } FUNCTION f(a) { f = a }"), "M0203"),
        (with("ASSIGNED { k }"), "M0204"),
        (with("BREAKPOINT { SOLVE d METHOD cnexp } DERIVATIVE d { y' = 1 }"), "M0205"),
        (with("BREAKPOINT { SOLVE dd METHOD cnexp } DERIVATIVE d { s' = 1 }"), "M0206"),
        (with("BREAKPOINT { SOLVE d METHOD cnexpp } DERIVATIVE d { s' = 1 }"), "M0207"),
        (with("CONSTANT { c = 1 } BREAKPOINT { c = 2 }"), "M0208"),
        ("BREAKPOINT { }".to_owned(), "M0210"),
        ("NEURON { SUFFIX a SUFFIX b }".to_owned(), "M0390"),
        ("NEURON { RANGE x } ASSIGNED { x }".to_owned(), "M0391"),
        (breakpoint("s' = 1"), "M0211"),
        (with("BREAKPOINT { y = f(1) } PROCEDURE f(a) { y = a }"), "M0392"),
        (breakpoint("celsius = 30"), "M0215"),
        ("NEURON { SUFFIX x } UNITS { F = (furlong) (meter) }".to_owned(), "M0216"),
        (with("INITIAL { SOLVE d } DERIVATIVE d { SOLVE d }"), "M0218"),
        (breakpoint("y = k(v)"), "M0219"),
        (with("INITIAL { SOLVE d STEADYSTATE cnexp } DERIVATIVE d { s' = 1 }"), "M0247"),
    ];
    for (text, code) in cases {
        assert!(codes(&text).contains(&code), "{code} missing for {text}: {:#?}", diagnostics(&text));
    }
}

#[test]
fn suggestions_are_made() {
    let help = |text: &str| diagnostics(text)[0].help.clone().unwrap_or_default();
    assert_eq!(help(&breakpoint("y = celcius")), "did you mean `celsius`?");
    assert_eq!(help(&breakpoint("y = sqr(v)")), "did you mean `sqrt`?");
    let solve = with("BREAKPOINT { SOLVE stats METHOD cnexp } DERIVATIVE states { s' = 1 }");
    assert_eq!(help(&solve), "did you mean `states`?");
}

#[test]
fn many_errors_are_reported_each_once() {
    let text = with("BREAKPOINT { f() f() y = aa } PROCEDURE f() { y = bb y = cc }");
    assert_eq!(codes(&text), ["M0201", "M0201", "M0201"]);
}

#[test]
fn unused_routines_may_hold_anything_but_mistakes() {
    let c = with("PROCEDURE seed() {\nVERBATIM\n shuffle(3);\nENDVERBATIM\n}");
    assert_eq!(codes(&c), ["M0310"]);
    assert_eq!(codes(&with("PROCEDURE p() { y = nowhere }")), ["M0201"]);
}

#[test]
fn calls_that_multiply_are_bounded() {
    let mut text = breakpoint("y = f0(v)");
    for level in 0..20 {
        let next = level + 1;
        text += &format!(" FUNCTION f{level}(a) {{ f{level} = f{next}(a) + f{next}(a) }}");
    }
    text += " FUNCTION f20(a) { f20 = a }";
    assert_eq!(codes(&text), ["M0135"]);
}

#[test]
fn harmless_oddities_are_warned_of() {
    let cases = [
        (with("BREAKPOINT { f(1) } PROCEDURE f(a) { TABLE y FROM -100 TO 100 WITH 200  y = v }"), "M0352"),
        ("NEURON { SUFFIX x NONSPECIFIC_CURRENT i }".to_owned(), "M0304"),
        ("NEURON { SUFFIX x RANGE nowhere }".to_owned(), "M0307"),
        (breakpoint("printf(\"%g\", y)"), "M0308"),
        (with("UNITS { F = (faraday) (meter) }"), "M0315"),
        ("NEURON { SUFFIX x USEION ca READ cai } BREAKPOINT { cai = 2*cai }".to_owned(), "M0312"),
        (with("PARAMETER { celsius = 36 }"), "M0316"),
        (with("INITIAL { SOLVE d STEADYSTATE derivimplicit } DERIVATIVE d { s' = 1 }"), "M0341"),
    ];
    for (text, code) in cases {
        assert_eq!(codes(&text), [code], "{text}");
    }
}

#[test]
fn mechanisms_need_different_names() {
    let file = |name: &str| SourceFile::new(name, "NEURON { SUFFIX leak }");
    let results = compile_all(&[file("a.mod"), file("b.mod")], &Options::default());
    assert!(results[0].0.is_some() && results[0].1.is_empty());
    assert!(results[1].0.is_none());
    assert_eq!(results[1].1[0].code, "M0217");
    assert!(results[1].1[0].render(&file("b.mod"), false).contains("a.mod"));
}
