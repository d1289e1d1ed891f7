//! The compile driver: source text to validated IR.

use crate::ir::Mechanism;
use crate::sema::report::Report;
use crate::{passes, sema, valid};
use nmodl_parser::{Diagnostic, SourceFile, Span};
use std::collections::HashMap;

/// What the compiler may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Simplify, share and remove code. Off, the kernels are as the modeller wrote them.
    pub optimise: bool,
    /// Let exponentials of the same variable become powers of one, and divisions products. Off, results are NEURON's to
    /// the last digits; only with `optimise`.
    pub rearrange: bool,
    /// Look values up in the tables that TABLE asks for. Off, every routine is computed, as by NEURON after
    /// `usetable_SUFFIX = 0`.
    pub tables: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { optimise: true, rearrange: true, tables: true }
    }
}

/// Compiles a `.mod` file. There is a mechanism exactly if no diagnostic is an error; it is valid in
/// the sense of [`valid::validate`].
pub fn compile(source: &SourceFile, options: &Options) -> (Option<Mechanism>, Vec<Diagnostic>) {
    let (ast, diagnostics) = nmodl_parser::parse(source);
    let mut report = Report::default();
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    for diagnostic in diagnostics {
        report.push(diagnostic);
    }
    // What follows a syntax error would only mislead.
    if broken {
        return (None, report.into_vec());
    }
    let draft = sema::analyse(source, &ast, options, &mut report);
    let mechanism = match draft {
        Some(draft) if !report.has_errors() => Some(passes::run(draft, options, &mut report)),
        _ => None,
    };
    let mechanism = mechanism.filter(|_| !report.has_errors()).filter(|mechanism| {
        let violations = valid::validate(mechanism).err().unwrap_or_default();
        for violation in &violations {
            let message = format!("defect of the compiler: {violation}");
            report.push(Diagnostic::error("M0999", message, Span::default(), "please report this file"));
        }
        violations.is_empty()
    });
    (mechanism, report.into_vec())
}

/// Compiles several files, each with its diagnostics. The mechanisms' names must differ.
pub fn compile_all(sources: &[SourceFile], options: &Options) -> Vec<(Option<Mechanism>, Vec<Diagnostic>)> {
    let mut first_of: HashMap<String, &str> = HashMap::new();
    sources
        .iter()
        .map(|source| {
            let (mut mechanism, mut diagnostics) = compile(source, options);
            if let Some(name) = mechanism.as_ref().map(|mechanism| mechanism.name.clone()) {
                if let Some(first) = first_of.get(&name) {
                    let message = format!("mechanism `{name}` is defined twice");
                    let at = source.text.find(&name).unwrap_or(0);
                    diagnostics.push(
                        Diagnostic::error("M0217", message, Span::new(at, at + name.len()), "second definition")
                            .help(format!("the first one is in {first}; rename one or remove its file")),
                    );
                    mechanism = None;
                } else {
                    first_of.insert(name, &source.name);
                }
            }
            (mechanism, diagnostics)
        })
        .collect()
}
