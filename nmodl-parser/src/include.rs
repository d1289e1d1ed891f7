//! `INCLUDE "file"`: the file's text in place of the statement.
//!
//! NEURON's translator reads included text as if it stood in the file (`nrn/src/nocmodl/io.cpp`), and
//! so does this: a block may be split over files, and the same file may be included twice.

use crate::lexer::{Lexer, TokenKind};
use crate::source::{Member, Stretch};
use crate::{Diagnostic, MAX_BYTES, Span, codes};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Most INCLUDEs that one file may lead to.
const MAX_INCLUDES: usize = 1000;

/// A text with what it includes.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    /// The whole text.
    pub text: String,
    /// The files, the including one first.
    pub files: Vec<Member>,
    /// Which stretch comes from where.
    pub stretches: Vec<Stretch>,
    /// What went wrong.
    pub problems: Vec<Diagnostic>,
}

/// Follows the INCLUDEs of the file `path`; nothing if it has none.
pub(crate) fn expand(path: &Path, text: &str) -> Option<Expanded> {
    // Few files include any.
    if !text.contains("INCLUDE") || includes(text).is_empty() {
        return None;
    }
    let mut work = Work { expanded: Expanded::default(), open: vec![], count: 0 };
    work.file(path, text.to_owned());
    Some(work.expanded)
}

/// The INCLUDE statements at top level: the whole statement, and the file's name.
fn includes(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut word: Option<usize> = None;
    let mut depth = 0_usize;
    for token in Lexer::new(text) {
        let piece = &text[token.range.clone()];
        match (token.kind, word.take()) {
            (TokenKind::Comment, before) => word = before,
            (TokenKind::Word, _) if piece == "INCLUDE" && depth == 0 => word = Some(token.range.start),
            (TokenKind::Text, Some(start)) => found.push((start..token.range.end, piece.trim_matches('"'))),
            (TokenKind::Symbol, _) if piece == "{" => depth += 1,
            (TokenKind::Symbol, _) if piece == "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

struct Work {
    expanded: Expanded,
    /// The files being read, outermost first.
    open: Vec<PathBuf>,
    count: usize,
}

impl Work {
    fn file(&mut self, path: &Path, text: String) {
        let name = path.display().to_string();
        // A file that is included twice is one file.
        let file = self.expanded.files.iter().position(|file| file.name == name).unwrap_or_else(|| {
            self.expanded.files.push(Member { name, text: text.clone() });
            self.expanded.files.len() - 1
        });
        self.open.push(path.to_owned());
        let mut at = 0;
        for (statement, name) in includes(&text) {
            self.stretch(file, at, &text[at..statement.start]);
            self.statement(file, path, &text, statement.clone(), name);
            at = statement.end;
        }
        self.stretch(file, at, &text[at..]);
        self.open.pop();
    }

    fn stretch(&mut self, file: usize, at: usize, text: &str) {
        self.expanded.stretches.push(Stretch { start: self.expanded.text.len(), file, at });
        self.expanded.text.push_str(text);
    }

    fn statement(&mut self, file: usize, path: &Path, text: &str, statement: Range<usize>, name: &str) {
        let outcome = self.find(path, name).and_then(|(found, included)| {
            self.count += 1;
            if self.open.iter().any(|open| same(open, &found)) {
                let message = format!("the file {} includes itself", found.display());
                Err((codes::INCLUDE_CYCLE, message, "included again here", "remove the INCLUDE".to_owned()))
            } else if self.count > MAX_INCLUDES || self.expanded.text.len() + included.len() > MAX_BYTES {
                let message = "the included files are too many or too large".to_owned();
                Err((codes::TOO_LARGE, message, "included here", format!("at most {MAX_INCLUDES} are followed")))
            } else {
                Ok((found, included))
            }
        });
        match outcome {
            Ok((found, included)) => {
                self.file(&found, included);
                // The last line of the file may not be closed.
                self.stretch(file, statement.end, "\n");
            }
            Err((code, message, label, help)) => {
                // The statement stays, blank, so that the message has a place.
                let start = self.expanded.text.len();
                self.stretch(file, statement.start, &text[statement.clone()].replace(|c: char| c != '\n', " "));
                let span = Span::new(start, self.expanded.text.len());
                self.expanded.problems.push(Diagnostic::error(code, message, span, label).help(help));
            }
        }
    }

    /// The first file of that name among the places where NEURON looks, and its text.
    fn find(&self, from: &Path, name: &str) -> Result<(PathBuf, String), (&'static str, String, &'static str, String)> {
        let candidates = candidates(from, name);
        for candidate in &candidates {
            if let Ok(bytes) = std::fs::read(candidate) {
                let mut text = String::from_utf8_lossy(&bytes).into_owned();
                // NEURON reads ^Z and ^D as the end of the file.
                text.truncate(text.find(['\u{1A}', '\u{04}']).unwrap_or(text.len()));
                return Ok((candidate.clone(), text));
            }
        }
        let places: Vec<String> = candidates.iter().map(|place| place.display().to_string()).collect();
        let help = format!(
            "looked for {}; put the file beside the one that includes it, or name its directory in MODL_INCLUDE",
            places.join(", ")
        );
        Err((codes::INCLUDE_MISSING, format!("cannot read the included file `{name}`"), "not found", help))
    }
}

/// Where NEURON looks, as if it was started beside the file or here: there, one up, and in `$MODL_INCLUDE`.
fn candidates(from: &Path, name: &str) -> Vec<PathBuf> {
    if Path::new(name).is_absolute() {
        return vec![PathBuf::from(name)];
    }
    let beside = from.parent().map(|folder| [folder.join(name), folder.join("..").join(name)]);
    let listed = std::env::var_os("MODL_INCLUDE").unwrap_or_default();
    let listed = std::env::split_paths(&listed).filter(|folder| !folder.as_os_str().is_empty());
    let mut candidates: Vec<PathBuf> = beside
        .into_iter()
        .flatten()
        .chain([PathBuf::from(name), Path::new("..").join(name)])
        .chain(listed.map(|folder| folder.join(name)))
        .collect();
    let mut seen = std::collections::HashSet::new();
    candidates.retain(|path| seen.insert(path.clone()));
    candidates
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
