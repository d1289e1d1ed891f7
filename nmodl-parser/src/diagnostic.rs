//! Diagnostics as plain data, and their rendering with a caret into the source.

use crate::{SourceFile, Span};
use serde::Serialize;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file cannot be compiled.
    Error,
    /// The file compiles, but something deserves attention.
    Warning,
}

/// A place in the source with a short remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there.
    pub message: String,
}

/// One message to the user about a source file.
///
/// The first label is the primary one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code such as `M0101`; `modgen explain CODE` tells more.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Places in the source.
    pub labels: Vec<Label>,
    /// What the user can do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error with one label.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label { span, message: label.into() }],
            help: None,
        }
    }

    /// A warning with one label.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span, label) }
    }

    /// The same diagnostic with another label.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// The same diagnostic with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether this is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Renders the diagnostic with the source lines it points at, as `rustc` does.
    pub fn render(&self, source: &SourceFile, color: bool) -> String {
        use ariadne::{Color, Config, IndexType, Label as Mark, Report, ReportKind};
        let kind = match self.severity {
            Severity::Error => ReportKind::Error,
            Severity::Warning => ReportKind::Warning,
        };
        let tint = match self.severity {
            Severity::Error => Color::Red,
            Severity::Warning => Color::Yellow,
        };
        let place = |span: Span| {
            let place = source.place(span);
            (place.file.to_owned(), place.range)
        };
        let primary = self.labels.first().map_or(Span::default(), |label| label.span);
        let config = Config::default().with_color(color).with_index_type(IndexType::Byte).with_compact(false);
        let mut report =
            Report::build(kind, place(primary)).with_config(config).with_code(self.code).with_message(&self.message);
        // In the order of the text; else a label that stands before another is shown as if in another file.
        let mut labels: Vec<&Label> = self.labels.iter().collect();
        labels.sort_by_key(|label| label.span.start);
        for label in labels {
            report = report.with_label(Mark::new(place(label.span)).with_message(&label.message).with_color(tint));
        }
        if let Some(help) = &self.help {
            report = report.with_help(help);
        }
        let mut out = Vec::new();
        let cache = ariadne::sources(source.files().into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())));
        match report.finish().write(cache, &mut out) {
            Ok(()) => String::from_utf8_lossy(&out).into_owned(),
            Err(_) => format!("{}: {}: {}\n", source.name, self.code, self.message),
        }
    }
}
