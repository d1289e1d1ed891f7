//! How findings are worded.

use crate::support::{findings, with};

fn first(statement: &str) -> (String, Vec<String>, String) {
    let text = with(&format!("INITIAL {{ {statement} }}"));
    let finding = findings(&text).swap_remove(0);
    let labels =
        finding.labels.iter().map(|label| format!("{}: {}", &text[label.span.range()], label.message)).collect();
    (finding.message, labels, finding.help.unwrap_or_default())
}

#[test]
fn both_units_are_shown_at_their_places() {
    let (message, labels, help) = first("q = v + g");
    assert_eq!(message, "(mV) and (S/cm2) cannot be added");
    assert_eq!(labels, ["g: (S/cm2)", "v: (mV)"]);
    assert_eq!(help, "");
    let (message, labels, _) = first("ik = g*v*v");
    assert_eq!(message, "`ik` is in (mA/cm2), but is given a value in (mA mV/cm2)");
    assert_eq!(labels, ["g*v*v: (mA mV/cm2)", "ik: (mA/cm2)"]);
}

#[test]
fn the_missing_factor_is_given() {
    let (message, _, help) = first("width = len + 2");
    assert_eq!(message, "`width` is in (um), its value in (cm): the factor 10000 is missing");
    assert_eq!(help, "write `(10000)*(len + 2)`");
}

#[test]
fn the_variable_without_a_unit_is_named() {
    let (_, _, help) = first("q = v - bare");
    assert_eq!(help, "`bare` is declared without a unit and so taken for a plain number");
    let text = with("INITIAL { minf = f(v) } FUNCTION f(u) { f = u }");
    assert_eq!(findings(&text)[0].help.as_deref(), Some("give the argument its unit where it is declared: `u (mV)`"));
}

#[test]
fn the_missing_definition_is_given() {
    let (message, _, help) = first("q = 2 (nA)/1 (nA)");
    assert_eq!(message, "unknown unit `nA`");
    assert_eq!(help, "add `(nA) = (nanoampere)` to the UNITS block");
}
