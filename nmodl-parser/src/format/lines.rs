//! The pieces in lines with their indentation.

use super::pieces::{Kind, Piece};
use super::spacing::{blank_between, continues};

/// A line of the result.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    /// Levels.
    pub indent: usize,
    /// Empty lines before it.
    pub blank: usize,
    /// Pieces, each with the count of blanks before it.
    pub pieces: Vec<(usize, &'a Piece<'a>)>,
}

impl Line<'_> {
    /// Characters before the piece of an index.
    pub fn width(&self, until: usize) -> usize {
        let pieces = &self.pieces[..until];
        pieces.iter().map(|(blanks, piece)| blanks + piece.text.chars().count()).sum()
    }

    /// The comment behind the code of this line.
    pub fn comment(&self) -> Option<usize> {
        let last = self.pieces.len().checked_sub(1).filter(|last| *last > 0)?;
        (self.pieces[last].1.kind == Kind::Comment).then_some(last)
    }
}

/// A bracket that is open: which one, and the indentation of what it holds.
struct Open {
    parenthesis: bool,
    indent: usize,
    /// Where its line begins, for what closes it.
    outer: usize,
}

/// Breaks where the author broke.
pub(super) fn lines<'a>(pieces: &'a [Piece<'a>]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // The last piece that is no comment.
    let mut last: Option<&Piece> = None;
    let mut rates = false;
    for (at, piece) in pieces.iter().enumerate() {
        let closes = matches!(piece.text, "}" | ")" | "]") && piece.kind == Kind::Symbol;
        match lines.last_mut().filter(|_| piece.newlines == 0) {
            Some(line) => {
                let before = line.pieces.last().map(|(_, before)| *before);
                let blank = before.is_some_and(|before| blank_between(before, piece, pieces.get(at + 1), rates));
                let blanks = if piece.kind == Kind::Comment { 2 } else { usize::from(blank) };
                line.pieces.push((blanks, piece));
            }
            None => {
                let indent = match open.last() {
                    Some(inner) if closes => inner.outer,
                    Some(inner) if inner.parenthesis => inner.indent,
                    inner => {
                        let goes_on = last.is_some_and(|last| continues(last, piece));
                        inner.map_or(0, |inner| inner.indent) + usize::from(goes_on)
                    }
                };
                let blank = if lines.is_empty() { 0 } else { piece.newlines.saturating_sub(1).min(2) };
                lines.push(Line { indent, blank, pieces: vec![(0, piece)] });
            }
        }
        if piece.kind == Kind::Arrow {
            rates = true;
        }
        if piece.kind == Kind::Symbol {
            let outer = lines.last().map_or(0, |line| line.indent);
            match piece.text {
                "{" | "(" | "[" => {
                    rates &= piece.text != "(";
                    open.push(Open { parenthesis: piece.text != "{", indent: outer + 1, outer });
                }
                "}" | ")" | "]" => drop(open.pop()),
                _ => {}
            }
        }
        if piece.kind != Kind::Comment {
            last = Some(piece);
        }
    }
    lines
}

/// The lines as text.
pub(super) fn render(lines: &[Line], ending: &str) -> String {
    let mut out = String::new();
    for line in lines {
        out.push_str(&ending.repeat(line.blank));
        out.push_str(&"    ".repeat(line.indent));
        for (blanks, piece) in &line.pieces {
            out.push_str(&" ".repeat(*blanks));
            // A unit's inner margins, and blanks at the end of a comment, mean nothing.
            match piece.kind {
                Kind::Unit => {
                    out.push('(');
                    out.push_str(piece.text.trim_start_matches('(').trim_end_matches(')').trim());
                    out.push(')');
                }
                Kind::Comment => out.push_str(piece.text.trim_end()),
                _ => out.push_str(piece.text),
            }
        }
        out.push_str(ending);
    }
    out
}
