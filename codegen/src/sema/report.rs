//! Collects diagnostics, each place reported once.

use nmodl_parser::{Diagnostic, Span};
use std::collections::HashSet;

/// Diagnostics in the order found. A routine that is inlined twice reports its errors once.
#[derive(Debug, Default)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    seen: HashSet<(&'static str, Span, String)>,
    undeclared: HashSet<String>,
}

impl Report {
    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let span = diagnostic.labels.first().map_or(Span::default(), |label| label.span);
        if self.seen.insert((diagnostic.code, span, diagnostic.message.clone())) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds a diagnostic about a name that nothing declares, once for each name: one declaration mends all uses.
    pub fn push_undeclared(&mut self, name: &str, diagnostic: Diagnostic) {
        if self.undeclared.insert(name.to_owned()) {
            self.push(diagnostic);
        }
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The diagnostics.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}
