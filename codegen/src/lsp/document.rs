//! An open document: its text, and places in it.
//!
//! The protocol counts lines from 0 and columns in UTF-16 units; spans are bytes.

use lsp_types::{Position, Range, TextEdit, Uri};
use nmodl_parser::{SourceFile, Span, format};
use std::path::PathBuf;

/// A document as the editor has it.
pub struct Document {
    /// Its address.
    pub uri: Uri,
    /// Its own text, INCLUDEs as they are.
    pub own: SourceFile,
    /// The same with what it includes.
    pub source: SourceFile,
    /// Where its lines begin.
    lines: Vec<usize>,
}

impl Document {
    /// A document at an address.
    pub fn new(uri: Uri, text: String) -> Self {
        let path = path(&uri);
        let source = SourceFile::with_includes(&path, text.as_str());
        let lines = line_starts(&text);
        Self { uri, own: SourceFile::new(path.display().to_string(), text), source, lines }
    }

    /// The byte at a position; past the end of a line it is that line's end.
    pub fn offset(&self, position: Position) -> usize {
        let text = &self.own.text;
        let Some(start) = self.lines.get(position.line as usize).copied() else { return text.len() };
        let line = &text[start..];
        let line = &line[..line.find(['\n', '\r']).unwrap_or(line.len())];
        let mut units = 0;
        for (at, character) in line.char_indices() {
            if units >= position.character as usize {
                return start + at;
            }
            units += character.len_utf16();
        }
        start + line.len()
    }

    /// The position of a byte.
    pub fn position(&self, offset: usize) -> Position {
        position(&self.own.text, &self.lines, offset)
    }

    /// The range of a span of the document's own text.
    pub fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start as usize), self.position(span.end as usize))
    }

    /// The edit that formats the document; nothing if it cannot be parsed.
    pub fn formatted(&self) -> Option<Vec<TextEdit>> {
        let formatted = format(&self.own).ok()?;
        if formatted == self.own.text {
            return Some(Vec::new());
        }
        let all = Range::new(Position::new(0, 0), self.position(self.own.text.len()));
        Some(vec![TextEdit { range: all, new_text: formatted }])
    }
}

/// The range of some bytes of another file's text.
pub fn range_in(text: &str, bytes: std::ops::Range<usize>) -> Range {
    let lines = line_starts(text);
    Range::new(position(text, &lines, bytes.start), position(text, &lines, bytes.end))
}

fn position(text: &str, lines: &[usize], offset: usize) -> Position {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let line = lines.partition_point(|start| *start <= offset).saturating_sub(1);
    let start = lines.get(line).copied().unwrap_or(0);
    let column = text[start..offset].encode_utf16().count();
    Position::new(line as u32, column as u32)
}

/// Lines end with LF, CR LF or CR, for the protocol as for NEURON.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = |at: &usize| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect()
}

/// The path of a `file:` address; of others the address itself.
fn path(uri: &Uri) -> PathBuf {
    let text = uri.as_str();
    let Some(rest) = text.strip_prefix("file://") else { return PathBuf::from(text) };
    let mut bytes = Vec::with_capacity(rest.len());
    let mut at = 0;
    while at < rest.len() {
        let code = rest.get(at..at + 3).filter(|code| code.starts_with('%'));
        match code.and_then(|code| u8::from_str_radix(&code[1..], 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                at += 3;
            }
            None => {
                bytes.push(rest.as_bytes()[at]);
                at += 1;
            }
        }
    }
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}

/// The address of a file, if it has one.
pub fn file_uri(path: &str) -> Option<Uri> {
    let absolute = std::path::absolute(path).ok()?;
    let mut text = "file://".to_owned();
    for byte in absolute.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => text.push(byte as char),
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Document, file_uri, path};
    use lsp_types::Position;

    fn document(text: &str) -> Document {
        Document::new("file:///x.mod".parse().expect("an address"), text.to_owned())
    }

    #[test]
    fn columns_count_utf16_units() {
        // One unit each for `:`, blank and `µ`, two for the emoji.
        let text = ": µ😀x\r\ny\rz";
        let document = document(text);
        let x = text.find('x').expect("there");
        assert_eq!(document.position(x), Position::new(0, 5));
        assert_eq!(document.offset(Position::new(0, 5)), x);
        assert_eq!(document.position(text.find('y').expect("there")), Position::new(1, 0));
        assert_eq!(document.offset(Position::new(2, 0)), text.find('z').expect("there"));
        assert_eq!(document.offset(Position::new(0, 99)), x + 1);
        assert_eq!(document.offset(Position::new(99, 0)), text.len());
        // Inside of a character.
        assert_eq!(document.position(3), Position::new(0, 2));
    }

    #[test]
    fn addresses_become_paths_and_back() {
        let uri = file_uri("/a b/µ.mod").expect("an address");
        assert_eq!(uri.as_str(), "file:///a%20b/%C2%B5.mod");
        assert_eq!(path(&uri).display().to_string(), "/a b/µ.mod");
        assert_eq!(path(&"untitled:1".parse().expect("an address")).display().to_string(), "untitled:1");
    }
}
