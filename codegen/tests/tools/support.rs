//! Running `modgen`.

use std::path::Path;
use std::process::{Command, Output};

/// A file with a mistake in its units.
pub const LEAK: &str = "NEURON { SUFFIX leak NONSPECIFIC_CURRENT i RANGE g, e }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { g = .001 (S/cm2) e = -70 (mV) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g*(v - e)*v }
";

/// Runs `modgen`.
pub fn modgen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_modgen")).args(arguments).output().expect("modgen runs")
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// What was written to standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
