//! A named piece of NMODL text, and the files that it includes.

use crate::{Diagnostic, Span, include};
use std::ops::Range;
use std::path::Path;

/// A source file: its name as shown in diagnostics, and its text.
///
/// [`SourceFile::read`] puts the texts of `INCLUDE`d files in their places, as NEURON does; spans are
/// ranges of the whole text, and [`SourceFile::place`] tells which file they belong to.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path as the user gave it.
    pub name: String,
    /// The text, included texts in it. Bytes that are not UTF-8 have been replaced by U+FFFD.
    pub text: String,
    /// The files of which the text is made, this one first; empty if this one is all.
    files: Vec<Member>,
    /// The stretches of the text, in order; empty if they all are this file's.
    stretches: Vec<Stretch>,
    /// What is wrong with its INCLUDEs.
    pub(crate) problems: Vec<Diagnostic>,
}

/// A file that is part of a source.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Its path as found.
    pub name: String,
    /// Its own text.
    pub text: String,
}

/// A stretch of a source's text, up to the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    /// Where it begins in the whole text.
    pub start: usize,
    /// Index of the file it comes from.
    pub file: usize,
    /// Where it begins in that file.
    pub at: usize,
}

/// A span as a range of the file that it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file's name.
    pub file: &'a str,
    /// The file's text.
    pub text: &'a str,
    /// Bytes of that text.
    pub range: Range<usize>,
}

impl Place<'_> {
    /// One-based line of its beginning. Lines end with LF, CR LF or CR, as NEURON reads them.
    pub fn line(&self) -> u32 {
        let bytes = self.text.as_bytes();
        let ends_line = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        1 + (0..self.range.start).filter(|&at| ends_line(at)).count() as u32
    }

    /// One-based column of its beginning, in characters.
    pub fn column(&self) -> usize {
        let bytes = &self.text.as_bytes()[..self.range.start];
        let line = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
        1 + String::from_utf8_lossy(&bytes[line..]).chars().count()
    }
}

impl SourceFile {
    /// A source from text in memory. Its INCLUDEs are left as they are.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), files: vec![], stretches: vec![], problems: vec![] }
    }

    /// A source from text in memory that stands for the file `path`: the files that it includes are
    /// looked for beside it, in the working directory, in that one's parent, and in the directories of
    /// `$MODL_INCLUDE`. What goes wrong is reported by [`crate::parse`].
    pub fn with_includes(path: &Path, text: impl Into<String>) -> Self {
        let mut source = Self::new(path.display().to_string(), text);
        if let Some(expanded) = include::expand(path, &source.text) {
            source.text = expanded.text;
            source.files = expanded.files;
            source.stretches = expanded.stretches;
            source.problems = expanded.problems;
        }
        source
    }

    /// Reads a file and what it includes; bytes that are not UTF-8 become U+FFFD.
    ///
    /// # Errors
    /// The I/O error when the file itself cannot be read.
    pub fn read(path: &Path) -> std::io::Result<Self> {
        let bytes = std::fs::read(path)?;
        Ok(Self::with_includes(path, String::from_utf8_lossy(&bytes)))
    }

    /// The text of the file itself, with its INCLUDEs as they were written.
    pub fn own_text(&self) -> &str {
        self.files.first().map_or(&self.text, |file| &file.text)
    }

    /// The files that it is made of: name and text, itself first.
    pub fn files(&self) -> Vec<(&str, &str)> {
        match self.files.as_slice() {
            [] => vec![(&self.name, &self.text)],
            files => files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect(),
        }
    }

    /// Where a span lies; it is cut where another file begins.
    pub fn place(&self, span: Span) -> Place<'_> {
        let end = self.text.len();
        let (from, to) = (span.range().start.min(end), span.range().end.min(end));
        let next = self.stretches.partition_point(|stretch| stretch.start <= from);
        let Some(stretch) = next.checked_sub(1).map(|index| self.stretches[index]) else {
            return Place { file: &self.name, text: &self.text, range: from..to.max(from) };
        };
        let to = self.stretches.get(next).map_or(to, |following| to.min(following.start)).max(from);
        let file = &self.files[stretch.file];
        let local = |at: usize| (at - stretch.start + stretch.at).min(file.text.len());
        Place { file: &file.name, text: &file.text, range: local(from)..local(to) }
    }

    /// One-based line of a byte offset, in the file that it belongs to.
    pub fn line(&self, offset: u32) -> u32 {
        self.place(Span { start: offset, end: offset }).line()
    }

    /// Whether a byte offset belongs to the file itself, not to one that it includes.
    pub fn is_own(&self, offset: u32) -> bool {
        let next = self.stretches.partition_point(|stretch| stretch.start <= offset as usize);
        next.checked_sub(1).is_none_or(|index| self.stretches[index].file == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::SourceFile;

    #[test]
    fn lines_end_in_three_ways() {
        let source = SourceFile::new("x", "a\nb\r\nc\rd");
        assert_eq!([0, 2, 5, 7, 99].map(|offset| source.line(offset)), [1, 2, 3, 4, 4]);
    }
}
