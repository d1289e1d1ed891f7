//! Diagnostics for the editor.

use super::document::{Document, file_uri, range_in};
use crate::{Options, compile, units};
use lsp_types::{DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range};
use nmodl_parser::{Diagnostic, Severity, Span, parse};

/// All that is wrong with a document; findings of the check of units are hints.
pub fn diagnostics(document: &Document) -> Vec<lsp_types::Diagnostic> {
    let (_, mut found) = compile(&document.source, &Options::default());
    let mut hints = Vec::new();
    let (ast, errors) = parse(&document.source);
    if !errors.iter().any(Diagnostic::is_error) {
        hints = units::check(&ast);
    }
    // What the compiler reports it has found first.
    found.sort_by_key(|diagnostic| primary(diagnostic).start);
    let severity = |diagnostic: &Diagnostic| match diagnostic.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
    };
    let ordinary = found.iter().map(|diagnostic| convert(document, diagnostic, severity(diagnostic)));
    ordinary.chain(hints.iter().map(|hint| convert(document, hint, DiagnosticSeverity::HINT))).collect()
}

fn primary(diagnostic: &Diagnostic) -> Span {
    diagnostic.labels.first().map_or(Span::default(), |label| label.span)
}

fn convert(document: &Document, diagnostic: &Diagnostic, severity: DiagnosticSeverity) -> lsp_types::Diagnostic {
    let source = &document.source;
    let location = |span: Span| {
        let place = source.place(span);
        let uri = if source.is_own(span.start) { Some(document.uri.clone()) } else { file_uri(place.file) };
        uri.map(|uri| Location { uri, range: range_in(place.text, place.range) })
    };
    let span = primary(diagnostic);
    let place = source.place(span);
    let mut message = diagnostic.message.clone();
    let range = if source.is_own(span.start) {
        range_in(place.text, place.range)
    } else {
        // The message shows at the top of the document; its place is among the related ones.
        message = format!("in {}: {message}", place.file);
        Range::default()
    };
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\nhelp: {help}");
    }
    let related = diagnostic.labels.iter().filter_map(|label| {
        Some(DiagnosticRelatedInformation { location: location(label.span)?, message: label.message.clone() })
    });
    lsp_types::Diagnostic {
        range,
        severity: Some(severity),
        code: Some(NumberOrString::String(diagnostic.code.to_owned())),
        source: Some("modgen".to_owned()),
        message,
        related_information: Some(related.collect()),
        ..lsp_types::Diagnostic::default()
    }
}
