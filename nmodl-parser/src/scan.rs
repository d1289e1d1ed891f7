//! A look over the text before it is parsed.
//!
//! Finds what the grammar can't say well: a COMMENT or VERBATIM without an end, and
//! nesting so deep that a recursive parser would run out of stack.

use crate::lexer::{Lexer, TokenKind};
use crate::{Diagnostic, Span, codes};
use std::ops::Range;

/// Brackets and braces may be nested this deep.
pub(crate) const MAX_NESTING: usize = 100;

/// What the scan found.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// The text to parse ends here: at the end, at a ^Z or ^D, or at an unterminated
    /// COMMENT or VERBATIM.
    pub end: usize,
    /// Whether an unterminated COMMENT or VERBATIM cut the text short.
    pub cut: bool,
    /// Nested too deep to be parsed.
    pub too_deep: bool,
    /// All comments, in order.
    pub comments: Vec<Range<usize>>,
    /// Errors found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Words that begin a top-level item, and so end whatever was open before them.
pub(crate) const ITEM_KEYWORDS: [&str; 25] = [
    "NEURON",
    "TITLE",
    "UNITS",
    "PARAMETER",
    "CONSTANT",
    "ASSIGNED",
    "STATE",
    "INDEPENDENT",
    "DEFINE",
    "INCLUDE",
    "INITIAL",
    "BREAKPOINT",
    "EQUATION",
    "DERIVATIVE",
    "KINETIC",
    "LINEAR",
    "NONLINEAR",
    "DISCRETE",
    "FUNCTION_TABLE",
    "FUNCTION",
    "PROCEDURE",
    "NET_RECEIVE",
    "CONSTRUCTOR",
    "DESTRUCTOR",
    "BEFORE",
];

/// Scans the text.
pub(crate) fn scan(text: &str) -> Scan {
    // NEURON reads ^Z and ^D as the end of the file.
    let end = text.find(['\u{1A}', '\u{04}']).unwrap_or(text.len());
    let text = &text[..end];
    let mut scan = Scan { end, ..Scan::default() };
    let (mut braces, mut parentheses) = (0_usize, 0_usize);
    for token in Lexer::new(text) {
        let span = Span::new(token.range.start, token.range.end);
        match token.kind {
            TokenKind::Comment => scan.comments.push(token.range),
            TokenKind::Word => {
                let word = &text[token.range];
                if word == "AFTER" || ITEM_KEYWORDS.contains(&word) {
                    (braces, parentheses) = (0, 0);
                }
            }
            TokenKind::Symbol => match &text[token.range] {
                "{" => (braces, parentheses) = (braces + 1, 0),
                "}" => (braces, parentheses) = (braces.saturating_sub(1), 0),
                "(" | "[" => parentheses += 1,
                ")" | "]" => parentheses = parentheses.saturating_sub(1),
                _ => {}
            },
            TokenKind::UnclosedComment | TokenKind::UnclosedVerbatim => {
                scan.end = token.range.start;
                scan.cut = true;
                scan.diagnostics.push(unterminated(token.kind, span));
                return scan;
            }
            TokenKind::Number | TokenKind::Text | TokenKind::Raw | TokenKind::Ontology | TokenKind::Other => {}
        }
        if braces + parentheses > MAX_NESTING {
            scan.too_deep = true;
            scan.diagnostics.push(
                Diagnostic::error(
                    codes::TOO_DEEP,
                    format!("brackets and braces are nested more than {MAX_NESTING} deep"),
                    span,
                    "here",
                )
                .help("move the inner part to a PROCEDURE or FUNCTION"),
            );
            return scan;
        }
    }
    scan
}

fn unterminated(kind: TokenKind, span: Span) -> Diagnostic {
    let (code, word, end) = match kind {
        TokenKind::UnclosedComment => (codes::OPEN_COMMENT, "COMMENT", "ENDCOMMENT"),
        _ => (codes::OPEN_VERBATIM, "VERBATIM", "ENDVERBATIM"),
    };
    Diagnostic::error(code, format!("{word} without {end}"), span, "begins here and goes to the end of the file")
        .help(format!("`{end}` must be the first word of its line"))
}
