//! Small files to be checked.

use codegen::units::check;
use nmodl_parser::{Diagnostic, SourceFile, parse};

/// The findings of a file.
pub fn findings(text: &str) -> Vec<Diagnostic> {
    let source = SourceFile::new("test.mod", text);
    let (ast, diagnostics) = parse(&source);
    assert!(diagnostics.iter().all(|diagnostic| !diagnostic.is_error()), "{diagnostics:#?}");
    check(&ast)
}

/// The codes of the findings of a file.
pub fn codes(text: &str) -> Vec<&'static str> {
    findings(text).iter().map(|finding| finding.code).collect()
}

/// A mechanism with some more items.
pub fn with(items: &str) -> String {
    format!(
        "NEURON {{ SUFFIX x USEION k READ ek WRITE ik NONSPECIFIC_CURRENT il RANGE g }}
UNITS {{ (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) (um) = (micron) (molar) = (1/liter) (mM) = (millimolar)
    F = (faraday) (coulomb) R = (k-mole) (joule/degC) }}
PARAMETER {{ g = 1 (S/cm2) tau = 5 (ms) e = -70 (mV) bare = 2 len (cm) width (um) }}
ASSIGNED {{ v (mV) ek (mV) ik (mA/cm2) il (mA/cm2) celsius (degC) minf q }}
STATE {{ m c (mM) }}
{items}
"
    )
}

/// The codes of the findings in statements of INITIAL.
pub fn statements(text: &str) -> Vec<&'static str> {
    codes(&with(&format!("INITIAL {{ {text}\n}}")))
}
