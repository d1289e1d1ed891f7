//! Line numbers of byte offsets.

use nmodl_parser::{SourceFile, Span};

/// Where the lines of a file start.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// The lines of a file.
    pub fn new(source: &SourceFile) -> Self {
        let newlines = source.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { starts: newlines.map(|(at, _)| at as u32 + 1).collect() }
    }

    /// One-based line of a span's start.
    pub fn of(&self, span: Span) -> u32 {
        self.starts.partition_point(|start| *start <= span.start) as u32 + 1
    }
}
