//! A named piece of NMODL text.

use std::path::Path;

/// A source file: its name as shown in diagnostics, and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path as the user gave it.
    pub name: String,
    /// The text. Bytes that are not UTF-8 have been replaced by U+FFFD.
    pub text: String,
}

impl SourceFile {
    /// A source from text in memory.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Reads a file; bytes that are not UTF-8 become U+FFFD.
    ///
    /// # Errors
    /// The I/O error when the file cannot be read.
    pub fn read(path: &Path) -> std::io::Result<Self> {
        let bytes = std::fs::read(path)?;
        Ok(Self::new(path.display().to_string(), String::from_utf8_lossy(&bytes)))
    }

    /// One-based line of a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        let end = (offset as usize).min(self.text.len());
        1 + self.text.as_bytes()[..end].iter().filter(|&&b| b == b'\n').count() as u32
    }
}
