//! Line numbers of byte offsets.

use nmodl_parser::{SourceFile, Span};

/// Where the lines of a file start.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    source: &'a SourceFile,
    starts: Vec<u32>,
}

impl<'a> Lines<'a> {
    /// The lines of a file.
    pub fn new(source: &'a SourceFile) -> Self {
        let newlines = source.own_text().bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { source, starts: newlines.map(|(at, _)| at as u32 + 1).collect() }
    }

    /// One-based line of a span's start; 0 in a file that this one includes.
    pub fn of(&self, span: Span) -> u32 {
        if !self.source.is_own(span.start) {
            return 0;
        }
        let at = self.source.place(span).range.start as u32;
        self.starts.partition_point(|start| *start <= at) as u32 + 1
    }
}
