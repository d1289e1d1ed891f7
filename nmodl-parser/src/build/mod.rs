//! Pest pairs to the syntax tree: the only place that sees a `Pair`.
//!
//! The grammar is total, so building never fails. Nodes that stand for something not
//! understood (`bad`, `bad_item`, `unclosed`) become diagnostics here; their words are
//! made in [`explain`].

mod blocks;
mod explain;
mod expressions;
mod forms;
mod kinetic;
mod line;
mod marks;
mod statements;

pub(crate) use marks::{Mark, marks};

use crate::ast::{Argument, Ast, Name, Number, Unit};
use crate::scan::Scan;
use crate::{Diagnostic, Span, codes};
use pest::Parser;
use std::collections::{HashMap, HashSet};

/// The pest parser of `nmodl.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "nmodl.pest"]
struct Grammar;

type Pair<'a> = pest::iterators::Pair<'a, Rule>;

/// Parses the scanned part of `text`.
pub(crate) fn build(text: &str, scan: &Scan) -> (Ast, Vec<Diagnostic>) {
    let text = &text[..scan.end];
    let mut builder = Builder::new(text, scan);
    let ast = match Grammar::parse(Rule::file, text) {
        Ok(mut pairs) => pairs.next().map(|file| builder.file(file)).unwrap_or_default(),
        // The grammar is total; should it not be, say so instead of giving up.
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
            };
            let message = "this text cannot be parsed";
            let span = Span::new(at, at + 1);
            builder.diagnostics.push(Diagnostic::error(codes::BAD_STATEMENT, message, span, "from here on"));
            Ast::default()
        }
    };
    (ast, builder.diagnostics)
}

struct Builder<'a> {
    text: &'a str,
    scan: &'a Scan,
    diagnostics: Vec<Diagnostic>,
    /// DEFINEd names and their values, so far.
    defines: HashMap<String, i64>,
    /// Numbers with units in expressions, for the warning about products.
    unit_literals: Vec<Unit>,
    /// All declared names and arguments.
    declared: HashSet<String>,
    /// Units of the UNITS block.
    unit_aliases: HashSet<String>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, scan: &'a Scan) -> Self {
        Self {
            text,
            scan,
            diagnostics: Vec::new(),
            defines: HashMap::new(),
            unit_literals: Vec::new(),
            declared: ["v", "t", "dt", "celsius", "area", "diam"].map(str::to_owned).into(),
            unit_aliases: HashSet::new(),
        }
    }

    fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span, label: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, message, span, label));
    }

    /// The span of a pair without the blanks and comments that pest leaves at its end.
    fn span(&self, pair: &Pair) -> Span {
        let span = pair.as_span();
        self.tight(span.start(), span.end())
    }

    fn tight(&self, start: usize, mut end: usize) -> Span {
        loop {
            end = start + self.text[start..end].trim_end_matches(is_blank).len();
            let comments = &self.scan.comments;
            let index = comments.partition_point(|comment| comment.end < end);
            match comments.get(index) {
                Some(comment) if comment.end == end && comment.start > start => end = comment.start,
                _ => return Span::new(start, end),
            }
        }
    }

    /// The error for a block that has no `}`.
    fn unclosed(&mut self, block: &Pair, what: &str) {
        // The text was cut before its end: the missing brace is no news.
        let whole = block.as_span();
        if self.scan.cut && self.text[whole.end()..].trim().is_empty() {
            return;
        }
        let lonely = |found: &&mut Diagnostic| {
            let at = found.labels.first().map_or(0, |label| label.span.start as usize);
            found.message == explain::LONELY_ELSE && (whole.start()..whole.end()).contains(&at)
        };
        if let Some(found) = self.diagnostics.iter_mut().find(lonely) {
            found.code = codes::OPEN_BLOCK;
            found.message = "`}` missing before `else`".to_owned();
            found.help = Some("close the block of the `if` first".to_owned());
            return;
        }
        let open = whole.start() + whole.as_str().find('{').unwrap_or(0);
        let end = self.span(block).end as usize;
        let last = self.text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        let diagnostic = Diagnostic::error(
            codes::OPEN_BLOCK,
            format!("the `{{` of {what} is not closed"),
            Span::new(open, open + 1),
            "opened here",
        )
        .label(Span::new(last, end), "no `}` up to here");
        self.diagnostics.push(diagnostic);
    }

    fn name(&self, pair: &Pair) -> Name {
        Name { text: pair.as_str().to_owned(), span: self.span(pair) }
    }

    fn names(&self, pair: Pair<'a>) -> Vec<Name> {
        pair.into_inner().map(|name| self.name(&name)).collect()
    }

    /// A unit of a pair `(text)`.
    fn unit(&self, pair: &Pair) -> Unit {
        let text = pair.as_str();
        Unit { text: text[1..text.len() - 1].trim().to_owned(), span: self.span(pair) }
    }

    fn number(&mut self, pair: &Pair) -> Number {
        let (text, span) = (pair.as_str(), self.span(pair));
        let value = text.parse::<f64>().unwrap_or(f64::NAN);
        if !value.is_finite() {
            let message = format!("the number `{text}` is too large for a double");
            self.error(codes::BAD_NUMBER, message, span, "beyond 1.8e308");
        }
        Number { text: text.to_owned(), value, span }
    }

    /// A `signed_number`: a number or a DEFINEd name with an optional sign.
    fn signed(&mut self, pair: Pair<'a>) -> Number {
        let span = self.span(&pair);
        let mut sign = "";
        let mut number = Number { text: "0".into(), value: 0.0, span };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::sign => sign = if part.as_str() == "-" { "-" } else { "" },
                Rule::number => number = self.number(&part),
                _ => number = self.defined(&part),
            }
        }
        let value = if sign == "-" { -number.value } else { number.value };
        Number { text: format!("{sign}{}", number.text), value, span }
    }

    /// A name that must be DEFINEd as a number.
    fn defined(&mut self, pair: &Pair) -> Number {
        let (text, span) = (pair.as_str(), self.span(pair));
        let value = self.defines.get(text).copied();
        if value.is_none() {
            let diagnostic = Diagnostic::error(
                codes::NOT_A_NUMBER,
                format!("expected a number, found `{text}`"),
                span,
                "not a number, and no DEFINE before gives it one",
            );
            self.diagnostics.push(diagnostic);
        }
        Number { text: text.to_owned(), value: value.unwrap_or(0) as f64, span }
    }

    fn formals(&mut self, pair: Pair<'a>) -> Vec<Argument> {
        pair.into_inner()
            .map(|formal| {
                let mut argument = Argument { name: self.name(&formal), unit: None };
                for part in formal.into_inner() {
                    match part.as_rule() {
                        Rule::name => argument.name = self.name(&part),
                        _ => argument.unit = Some(self.unit(&part)),
                    }
                }
                self.declared.insert(argument.name.text.clone());
                argument
            })
            .collect()
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{FEFF}')
}
