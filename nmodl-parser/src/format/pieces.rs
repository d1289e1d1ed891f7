//! The text in pieces that are never broken.

use crate::build::{Mark, marks};
use crate::lexer::{Lexer, TokenKind};
use crate::scan::ITEM_KEYWORDS;
use std::collections::HashMap;

/// A token, or several that stay together.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Line ends before it.
    pub newlines: usize,
    /// Blanks or line ends before it.
    pub apart: bool,
    /// It begins an entry of a block of declarations.
    pub declares: bool,
}

/// The kinds of pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A reserved word.
    Keyword,
    /// A name, number, string or ontology term.
    Word,
    /// `(mV)`.
    Unit,
    /// A prefix operator or sign.
    Prefix,
    /// `<` that opens limits.
    OpenLimits,
    /// `>` that closes limits.
    CloseLimits,
    /// `<->`, `<<` or `->` of a reaction.
    Arrow,
    /// Any other symbol.
    Symbol,
    /// `: text` or `? text` to the end of its line.
    Comment,
    /// COMMENT, VERBATIM, TITLE, INDEPENDENT: lines kept as they are.
    Raw,
}

/// Cuts a text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut kinds: HashMap<usize, (Kind, usize)> = HashMap::new();
    let mut declarations: Vec<usize> = Vec::new();
    for (mark, range) in marks(text) {
        let trimmed = text[range.clone()].trim_end();
        let end = range.start + trimmed.len();
        match mark {
            Mark::Unit => drop(kinds.insert(range.start, (Kind::Unit, end))),
            Mark::Raw if trimmed.is_empty() => {}
            Mark::Raw => drop(kinds.insert(range.start, (Kind::Raw, end))),
            Mark::Prefix => drop(kinds.insert(range.start, (Kind::Prefix, range.start + 1))),
            Mark::Arrow => drop(kinds.insert(range.start, (Kind::Arrow, end))),
            Mark::Limits => {
                kinds.insert(range.start, (Kind::OpenLimits, range.start + 1));
                if let Some(at) = trimmed.rfind('>') {
                    kinds.insert(range.start + at, (Kind::CloseLimits, range.start + at + 1));
                }
            }
            Mark::Declaration => declarations.push(range.start),
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut behind = 0;
    for token in Lexer::new(text) {
        // Inside of a unit or raw text that has been taken as a whole.
        if token.range.start < behind {
            continue;
        }
        let (kind, end) = kinds.get(&token.range.start).copied().unwrap_or_else(|| {
            let word = &text[token.range.clone()];
            let kind = match token.kind {
                TokenKind::Comment if word.starts_with([':', '?']) => Kind::Comment,
                TokenKind::Comment | TokenKind::Raw => Kind::Raw,
                TokenKind::Word if is_keyword(word) => Kind::Keyword,
                TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::Ontology => Kind::Word,
                // Unclosed ones are errors, and such files are not formatted.
                _ => Kind::Symbol,
            };
            (kind, token.range.end)
        });
        let gap = &text[behind..token.range.start];
        pieces.push(Piece {
            kind,
            text: &text[token.range.start..end],
            newlines: line_ends(gap),
            apart: !gap.is_empty(),
            declares: declarations.binary_search(&token.range.start).is_ok(),
        });
        behind = end;
    }
    pieces
}

fn line_ends(gap: &str) -> usize {
    let bytes = gap.as_bytes();
    let ends = |at: &usize| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(ends).count()
}

/// All reserved words are in capitals, but for three.
fn is_keyword(word: &str) -> bool {
    const OTHERS: [&str; 67] = [
        "AFTER",
        "LOCAL",
        "UNITSON",
        "UNITSOFF",
        "SOLVE",
        "CONDUCTANCE",
        "CONSERVE",
        "COMPARTMENT",
        "LONGITUDINAL_DIFFUSION",
        "TABLE",
        "WATCH",
        "FOR_NETCONS",
        "PROTECT",
        "MUTEXLOCK",
        "MUTEXUNLOCK",
        "LAG",
        "FROM",
        "IF",
        "if",
        "ELSE",
        "else",
        "WHILE",
        "while",
        "SOLVEFOR",
        "METHOD",
        "STEADYSTATE",
        "STEP",
        "WITH",
        "TO",
        "BY",
        "START",
        "INT",
        "DEL2",
        "DEL",
        "VS",
        "SWEEP",
        "DEPEND",
        "SUFFIX",
        "POINT_PROCESS",
        "ARTIFICIAL_CELL",
        "NONSPECIFIC_CURRENT",
        "ELECTRODE_CURRENT",
        "RANGE",
        "RANDOM",
        "USEION",
        "READ",
        "WRITE",
        "VALENCE",
        "CHARGE",
        "GLOBAL",
        "POINTER",
        "BBCOREPOINTER",
        "EXTERNAL",
        "THREADSAFE",
        "REPRESENTS",
        "IFERROR",
        "VERBATIM",
        "COMMENT",
        "PLOT",
        "TERMINAL",
        "MATCH",
        "SENS",
        "SECTION",
        "PARTIAL",
        "PRINT",
        "RESET",
        "FORALL",
    ];
    ITEM_KEYWORDS.contains(&word) || OTHERS.contains(&word)
}
