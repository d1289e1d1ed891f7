//! Identifiers of generated code, and the words they must avoid.

/// Name of the WGSL function of a mechanism's kernel, e.g. `hh_current`.
pub fn wgsl_function(mechanism: &str, kernel: &str) -> String {
    format!("{mechanism}_{kernel}")
}
