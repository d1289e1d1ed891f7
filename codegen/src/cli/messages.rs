//! Diagnostics on the terminal or as JSON, and the closing line.

use super::args::MessageFormat;
use nmodl_parser::{Diagnostic, Place, SourceFile};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::time::Instant;

/// Writes diagnostics and counts.
pub struct Messages {
    format: MessageFormat,
    color: bool,
    begin: Instant,
    accepted: usize,
    refused: usize,
    warnings: usize,
}

impl Messages {
    /// Colour is used on a terminal unless `NO_COLOR` is set.
    pub fn new(format: MessageFormat) -> Self {
        let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
        Self { format, color, begin: Instant::now(), accepted: 0, refused: 0, warnings: 0 }
    }

    /// Count of files refused.
    pub fn refused(&self) -> usize {
        self.refused
    }

    /// Writes the diagnostics of one file.
    pub fn report(&mut self, source: &SourceFile, accepted: bool, diagnostics: &[Diagnostic]) {
        *(if accepted { &mut self.accepted } else { &mut self.refused }) += 1;
        for diagnostic in diagnostics {
            self.warnings += usize::from(!diagnostic.is_error());
            match self.format {
                MessageFormat::Human => eprint!("{}", diagnostic.render(source, self.color)),
                MessageFormat::Json => line(&object(source, diagnostic)),
            }
        }
    }

    /// Writes the closing line: what was done with how many files.
    pub fn summary(&self, done: &str, place: &str) {
        let count = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        match self.format {
            MessageFormat::Human => {
                let warnings = match self.warnings {
                    0 => String::new(),
                    some => format!(", {}", count(some, "warning")),
                };
                let accepted = count(self.accepted, "mechanism");
                let seconds = self.begin.elapsed().as_secs_f64();
                eprintln!("{done} {accepted}, refused {}{warnings} in {seconds:.2} s{place}", self.refused);
            }
            MessageFormat::Json => line(&json!({
                "summary": { "accepted": self.accepted, "refused": self.refused, "warnings": self.warnings }
            })),
        }
    }
}

/// One line on standard output; nobody listens any more if it fails.
fn line(value: &Value) {
    let _ = writeln!(std::io::stdout(), "{value}");
}

/// A diagnostic with lines and columns (one-based, in characters, the end exclusive) besides its byte offsets; a label
/// may lie in an included file. `docs/DIAGNOSTICS.md` describes the format.
fn object(source: &SourceFile, diagnostic: &Diagnostic) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let place = source.place(label.span);
            let end = Place { range: place.range.end..place.range.end, ..place.clone() };
            json!({
                "message": label.message,
                "file": place.file,
                "start": place.range.start,
                "end": place.range.end,
                "line": place.line(),
                "column": place.column(),
                "end_line": end.line(),
                "end_column": end.column(),
            })
        })
        .collect();
    json!({
        "file": source.name,
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "labels": labels,
        "help": diagnostic.help,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nmodl_parser::Span;

    #[test]
    fn json_tells_line_and_column() {
        let source = SourceFile::new("a.mod", "NEURON {\n  ärger\n}");
        let at = source.text.find("rger").expect("there");
        let value = object(&source, &Diagnostic::error("M0201", "no", Span::new(at, at + 4), "here").help("try"));
        assert_eq!(value["labels"][0]["line"], 2);
        assert_eq!(value["labels"][0]["column"], 4);
        assert_eq!((&value["labels"][0]["end_line"], &value["labels"][0]["end_column"]), (&json!(2), &json!(8)));
        assert_eq!((value["severity"].as_str(), value["help"].as_str()), (Some("error"), Some("try")));
    }
}
