//! Source texts and places in them.

use std::{fmt, path::PathBuf, sync::Arc};

use super::ast::Span;

/// A text that was loaded.
#[derive(Debug)]
pub(crate) struct Source {
    pub path: PathBuf,
    pub text: String,
}

impl Source {
    pub fn place(self: &Arc<Self>, span: Span) -> Place {
        let start = (span.start as usize).min(self.text.len());
        let line_start = self.text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |i| start + i);
        let end = (span.end as usize).clamp(start, line_end.max(start));
        Place {
            file: self.path.clone(),
            line: self.text[..start].matches('\n').count() + 1,
            column: self.text[line_start..start].chars().count() + 1,
            length: self.text[start..end].trim_end().chars().count().max(1),
            excerpt: self.text[line_start..line_end].trim_end().to_string(),
        }
    }
}

/// Where in a HOC file something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// Number of characters on that line.
    pub length: usize,
    /// The line itself.
    pub excerpt: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}

impl Place {
    /// The line with the place underlined.
    pub fn marked(&self) -> String {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        // tabs are kept, so that the mark stands under what it marks
        let blank: String =
            self.excerpt.chars().take(self.column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        format!("{number} | {}\n{margin} | {blank}{}", self.excerpt, "^".repeat(self.length))
    }
}
