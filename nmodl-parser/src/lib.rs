//! NMODL text to a syntax tree.
//!
//! [`parse`] takes a [`SourceFile`] and gives an [`ast::Ast`] and the
//! [`Diagnostic`]s found on the way, many per file. It never panics, whatever
//! the bytes. The meaning of the tree is the business of the `codegen` crate.
//!
//! ```
//! use nmodl_parser::{SourceFile, ast::ItemKind, parse};
//!
//! let source = SourceFile::new("leak.mod", "NEURON { SUFFIX leak  NONSPECIFIC_CURRENT i }");
//! let (ast, diagnostics) = parse(&source);
//! assert!(diagnostics.is_empty());
//! assert!(matches!(&ast.items[0].kind, ItemKind::Neuron(statements) if statements.len() == 2));
//! ```
#![forbid(unsafe_code)]

pub mod ast;
mod build;
pub mod codes;
mod diagnostic;
mod format;
mod include;
mod lexer;
mod print;
mod scan;
mod source;
mod span;
mod suggest;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use format::format;
pub use print::{print, print_expression, print_statement};
pub use source::{Place, SourceFile};
pub use span::Span;

/// Larger files are refused; spans could not hold their offsets beyond 4 GiB.
const MAX_BYTES: usize = 64 << 20;

/// The word at or just before a byte of a text, with the primes of a derivative; nothing in comments, C text, titles and
/// strings.
pub fn word_at(text: &str, offset: usize) -> Option<std::ops::Range<usize>> {
    lexer::Lexer::new(text)
        .take_while(|token| token.range.start <= offset)
        .filter(|token| token.kind == lexer::TokenKind::Word && offset <= token.range.end)
        .map(|token| token.range)
        .last()
}

/// The words of a text, without primes, and where they stand; none of comments, C text, titles and strings.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    lexer::Lexer::new(text)
        .filter(|token| token.kind == lexer::TokenKind::Word)
        .map(|token| (token.range.start, text[token.range].trim_end_matches('\'')))
}

/// Parses a file.
///
/// The tree holds all that was understood; where there are errors among the
/// diagnostics it is incomplete and not to be compiled. Diagnostics are in the
/// order of the text.
pub fn parse(source: &SourceFile) -> (ast::Ast, Vec<Diagnostic>) {
    if source.text.len() > MAX_BYTES {
        let message = format!("the file has more than {} MiB", MAX_BYTES >> 20);
        let diagnostic = Diagnostic::error(codes::TOO_LARGE, message, Span::new(0, 0), "this is no mechanism");
        return (ast::Ast::default(), vec![diagnostic]);
    }
    let scan = scan::scan(&source.text);
    let (ast, mut diagnostics) =
        if scan.too_deep { (ast::Ast::default(), Vec::new()) } else { build::build(&source.text, &scan) };
    diagnostics.extend(scan.diagnostics);
    diagnostics.extend(source.problems.iter().cloned());
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map_or(0, |label| label.span.start));
    (ast, diagnostics)
}
