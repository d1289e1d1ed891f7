//! NMODL text to a syntax tree.
//!
//! [`parse`] takes a [`SourceFile`] and gives an [`ast::Ast`] and the
//! [`Diagnostic`]s found on the way, many per file. It never panics, whatever
//! the bytes. The meaning of the tree is the business of the `codegen` crate.
#![forbid(unsafe_code)]

pub mod ast;
mod diagnostic;
mod source;
mod span;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use source::SourceFile;
pub use span::Span;
