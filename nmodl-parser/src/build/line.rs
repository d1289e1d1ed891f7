//! A line that the grammar did not understand, as tokens.

use super::forms::{ITEMS, STATEMENTS};
use super::{Grammar, Rule};
use crate::Span;
use crate::lexer::{Lexer, Token, TokenKind};
use pest::Parser;
use pest::error::InputLocation;

/// The tokens of a line that is not understood.
pub(super) struct Line<'a> {
    pub text: &'a str,
    /// Where the line begins in the file.
    pub start: usize,
    pub tokens: Vec<Token>,
    /// Index of the first token behind the statement that the line goes on from, or 0.
    pub boundary: usize,
}

impl<'a> Line<'a> {
    /// The line between two offsets of the file.
    pub fn new(file: &'a str, start: usize, end: usize) -> Self {
        let text = &file[start..end];
        let tokens = Lexer::new(text).filter(|token| token.kind != TokenKind::Comment).collect();
        Self { text, start, tokens, boundary: 0 }
    }

    /// The line with its boundary at an offset of the file.
    pub fn after(mut self, offset: usize) -> Self {
        let at = offset - self.start;
        self.boundary = self.tokens.iter().position(|token| token.range.start >= at).unwrap_or(0);
        self
    }

    /// Where the line ends in the file.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| &self.text[token.range.clone()])
    }

    pub fn words(&self) -> impl Iterator<Item = &'a str> {
        self.tokens.iter().map(|token| &self.text[token.range.clone()])
    }

    pub fn place(&self, token: &Token) -> Span {
        Span::new(self.start + token.range.start, self.start + token.range.end)
    }

    /// The span of a token, or of the last one for the end of the line.
    pub fn span(&self, index: usize) -> Span {
        match self.tokens.get(index).or(self.tokens.last()) {
            Some(token) => self.place(token),
            None => Span::new(self.start, self.start + self.text.len()),
        }
    }

    pub fn begins_with_word(&self) -> bool {
        self.tokens.first().is_some_and(|token| token.kind == TokenKind::Word)
    }

    /// Index of the token at which `rule` cannot go on; their count for the end.
    ///
    /// Pest notes the rules it tried, but not plain words and brackets: the token behind a
    /// keyword is the first that can be wrong.
    pub fn failure(&self, rule: Rule) -> usize {
        let at = match Grammar::parse(rule, self.text) {
            Ok(_) => self.text.len(),
            Err(error) => match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            },
        };
        let keyword = STATEMENTS.iter().chain(&ITEMS).any(|(word, _)| *word == self.word(0));
        let index = self.tokens.iter().position(|token| token.range.end > at).unwrap_or(self.tokens.len());
        index.max(usize::from(keyword))
    }

    /// Index of the innermost bracket that is open before token `index`.
    pub fn open_bracket(&self, index: usize) -> Option<usize> {
        let mut open = Vec::new();
        for (at, word) in self.words().enumerate().take(index) {
            match word {
                "(" | "[" => open.push(at),
                ")" | "]" => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }
}
