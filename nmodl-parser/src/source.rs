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

    /// One-based line of a byte offset. Lines end with LF, CR LF or CR, as NEURON reads them.
    pub fn line(&self, offset: u32) -> u32 {
        let bytes = self.text.as_bytes();
        let end = (offset as usize).min(bytes.len());
        let ends_line = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        1 + (0..end).filter(|&at| ends_line(at)).count() as u32
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
