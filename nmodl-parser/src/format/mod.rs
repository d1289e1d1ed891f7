//! The formatter: the same file in house style.
//!
//! Tokens, comments, C text, line breaks and blank lines (of several in a row at most two) stay as they are. What changes
//! is the indentation (four blanks a level), the blanks between tokens, and the columns of declarations and of comments
//! behind code. The result is parsed again and compared before it is given out, so the formatter cannot change a file's
//! meaning. Formatting a second time changes nothing.

mod align;
mod lines;
mod pieces;
mod spacing;

use crate::ast::Ast;
use crate::{Diagnostic, SourceFile, Span, codes, parse, print, scan};

/// A file in house style; what it includes stays where it is.
///
/// # Errors
/// The diagnostics of a file that cannot be parsed, which is left as it is.
pub fn format(source: &SourceFile) -> Result<String, Vec<Diagnostic>> {
    let source = &SourceFile::new(source.name.as_str(), source.own_text());
    let (ast, diagnostics) = parse(source);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics);
    }
    let scan = scan::scan(&source.text);
    let (text, rest) = source.text.split_at(scan.end);
    let pieces = pieces::pieces(text);
    let mut lines = lines::lines(&pieces);
    align::align(&mut lines);
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = lines::render(&lines, ending);
    out.push_str(rest);
    let formatted = SourceFile::new(source.name.as_str(), out);
    if same(source, &ast, &formatted) {
        return Ok(formatted.text);
    }
    let message = "this file would not keep its meaning when formatted; it is left as it is";
    Err(vec![Diagnostic::error(codes::NOT_FORMATTED, message, Span::default(), "please report this file")])
}

/// Whether two files have the same tree and the same comments.
fn same(source: &SourceFile, ast: &Ast, formatted: &SourceFile) -> bool {
    let comments = |source: &SourceFile| -> Vec<String> {
        let ranges = scan::scan(&source.text).comments;
        ranges.into_iter().map(|range| source.text[range].trim_end().to_owned()).collect()
    };
    let (again, diagnostics) = parse(formatted);
    !diagnostics.iter().any(Diagnostic::is_error)
        && print(ast) == print(&again)
        && comments(source) == comments(formatted)
}
