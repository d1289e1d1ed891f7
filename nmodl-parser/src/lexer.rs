//! A small lexer for what the grammar takes as one piece.
//!
//! It serves the scan before the parse (nesting depth, unterminated COMMENT and
//! VERBATIM) and the words of error messages. It must agree with `nmodl.pest` on
//! where comments, VERBATIM, TITLE, strings and ontology terms begin and end.

use std::ops::Range;

/// A lexical element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Byte range in the text.
    pub range: Range<usize>,
}

/// The kinds of lexical elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name or keyword, with the primes behind it.
    Word,
    /// A number without sign.
    Number,
    /// A string that ends on its line.
    Text,
    /// An operator or bracket.
    Symbol,
    /// A line or block comment.
    Comment,
    /// `VERBATIM ... ENDVERBATIM`, or `TITLE` and its line.
    Raw,
    /// The term behind REPRESENTS.
    Ontology,
    /// COMMENT without ENDCOMMENT; the range is that of the word.
    UnclosedComment,
    /// VERBATIM without ENDVERBATIM; the range is that of the word.
    UnclosedVerbatim,
    /// Any other character.
    Other,
}

/// Tokens of a text, blanks left out.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    after_represents: bool,
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, after_represents: false }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn run_of(&self, mut at: usize, test: impl Fn(u8) -> bool) -> usize {
        while at < self.text.len() && test(self.byte(at)) {
            at += 1;
        }
        at
    }

    fn line_end(&self, at: usize) -> usize {
        self.run_of(at, |byte| byte != b'\n' && byte != b'\r')
    }

    fn next_line(&self, at: usize) -> usize {
        let end = self.line_end(at);
        match (self.byte(end), self.byte(end + 1)) {
            (b'\r', b'\n') => end + 2,
            _ => (end + 1).min(self.text.len()),
        }
    }

    /// The end of the line whose first word is `word`, looking from `at` on.
    fn closing_line(&self, mut at: usize, word: &str) -> Option<usize> {
        loop {
            let first = self.run_of(at, |byte| byte == b' ' || byte == b'\t');
            if self.text[first..].starts_with(word) && !self.byte(first + word.len()).is_ascii_alphabetic() {
                return Some(self.line_end(first));
            }
            if self.line_end(at) == self.text.len() {
                return None;
            }
            at = self.next_line(at);
        }
    }

    fn number_end(&self, at: usize) -> usize {
        let digits = |at| self.run_of(at, |byte| byte.is_ascii_digit());
        let mut end = digits(at);
        if self.byte(end) == b'.' {
            end = digits(end + 1);
        }
        if matches!(self.byte(end), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            if self.byte(end + 1 + sign).is_ascii_digit() {
                end = digits(end + 1 + sign);
            }
        }
        end
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        let end = self.run_of(start, is_word);
        let word = &self.text[start..end];
        let raw = |kind, end| Token { kind, range: start..end };
        match word {
            "COMMENT" => match self.closing_line(end, "ENDCOMMENT") {
                Some(close) => raw(TokenKind::Comment, close),
                None => raw(TokenKind::UnclosedComment, end),
            },
            "VERBATIM" => match self.closing_line(end, "ENDVERBATIM") {
                Some(close) => raw(TokenKind::Raw, close),
                None => raw(TokenKind::UnclosedVerbatim, end),
            },
            "TITLE" => raw(TokenKind::Raw, self.line_end(end)),
            _ => {
                self.after_represents = word == "REPRESENTS";
                raw(TokenKind::Word, self.run_of(end, |byte| byte == b'\''))
            }
        }
    }

    fn ontology_end(&self, at: usize) -> Option<usize> {
        let bracket = usize::from(self.byte(at) == b'[');
        if !self.byte(at + bracket).is_ascii_alphabetic() {
            return None;
        }
        let colon = self.run_of(at + bracket, is_word);
        if self.byte(colon) != b':' {
            return None;
        }
        let end = self.run_of(colon + 1, is_word);
        match (bracket, self.byte(end)) {
            (0, _) => Some(end),
            (_, b']') => Some(end + 1),
            _ => None,
        }
    }

    fn symbol(&self) -> usize {
        const LONG: [&str; 10] = ["<->", "<=", ">=", "==", "!=", "&&", "||", "<<", "->", "~+"];
        let rest = &self.text[self.at..];
        LONG.iter().find(|symbol| rest.starts_with(**symbol)).map_or(1, |symbol| symbol.len())
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if std::mem::take(&mut self.after_represents) {
            let start = self.run_of(self.at, |byte| byte == b' ' || byte == b'\t');
            if let Some(end) = self.ontology_end(start) {
                self.at = end;
                return Some(Token { kind: TokenKind::Ontology, range: start..end });
            }
        }
        while let Some(character) = self.text[self.at..].chars().next() {
            if !matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{FEFF}') {
                break;
            }
            self.at += character.len_utf8();
        }
        let start = self.at;
        let first = self.text[start..].chars().next()?;
        let second = self.byte(start + 1);
        let token = |kind, end| Token { kind, range: start..end };
        let token = match first {
            ':' | '?' => token(TokenKind::Comment, self.line_end(start)),
            '"' => {
                let close = self.run_of(start + 1, |byte| !matches!(byte, b'"' | b'\n' | b'\r'));
                if self.byte(close) == b'"' {
                    token(TokenKind::Text, close + 1)
                } else {
                    token(TokenKind::Other, start + 1)
                }
            }
            '0'..='9' => token(TokenKind::Number, self.number_end(start)),
            '.' if second.is_ascii_digit() => token(TokenKind::Number, self.number_end(start)),
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            '!'..='~' => token(TokenKind::Symbol, start + self.symbol()),
            other => token(TokenKind::Other, start + other.len_utf8()),
        };
        self.at = token.range.end;
        Some(token)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
