//! Functions defined in C outside all blocks.

use super::code::block;
use super::parse::Held;
use super::token::{Kind, Token};
use nmodl_parser::Span;
use nmodl_parser::ast::{Argument, Item, ItemKind, Name, Routine, Statement};
use std::collections::HashMap;

/// A definition.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// It returns a number.
    pub has_value: bool,
    /// Parameters.
    parameters: Vec<(Name, Held)>,
    /// Its statements, without the braces.
    pub body: Vec<Token>,
}

impl Function {
    /// Its parameters as C variables.
    pub fn scope(&self) -> HashMap<String, Held> {
        self.parameters.iter().map(|(name, held)| (name.text.clone(), *held)).collect()
    }

    /// As a routine of NMODL.
    pub fn item(self, statements: Vec<Statement>) -> Item {
        let span = self.name.span;
        let argument = |(name, _): (Name, Held)| Argument { name, unit: None };
        let routine = Routine {
            name: self.name,
            arguments: self.parameters.into_iter().map(argument).collect(),
            unit: None,
            body: block(statements, span),
        };
        let kind = if self.has_value { ItemKind::Function(routine) } else { ItemKind::Procedure(routine) };
        Item { kind, span }
    }
}

/// The functions of numbers that a text defines: `double f(double x) { ... }`.
pub fn find(tokens: Vec<Token>) -> Vec<Function> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at].kind {
            Kind::Sign("{") => depth += 1,
            Kind::Sign("}") => depth = depth.saturating_sub(1),
            Kind::Name(kind) if depth == 0 && matches!(kind.as_str(), "double" | "float" | "int" | "void") => {
                if let Some((function, end)) = definition(&tokens, at) {
                    found.push(function);
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn sign(tokens: &[Token], at: usize, wanted: &str) -> bool {
    matches!(tokens.get(at), Some(Token { kind: Kind::Sign(sign), .. }) if *sign == wanted)
}

/// A definition that begins with its type at `at`, and where it ends.
fn definition(tokens: &[Token], at: usize) -> Option<(Function, usize)> {
    let Kind::Name(kind) = &tokens[at].kind else { return None };
    let name = name(tokens.get(at + 1)?)?;
    if !sign(tokens, at + 2, "(") {
        return None;
    }
    let mut parameters = Vec::new();
    let mut at = at + 3;
    while !sign(tokens, at, ")") {
        let mut words = Vec::new();
        while let Some(Token { kind: Kind::Name(word), span }) = tokens.get(at) {
            words.push((word.as_str(), *span));
            at += 1;
        }
        match words.as_slice() {
            [("void", _)] if parameters.is_empty() => {}
            [("double" | "float", _), (name, span)] => parameters.push((named(name, *span), Held::Real)),
            [("int" | "long", _), (name, span)] => parameters.push((named(name, *span), Held::Integer)),
            // Pointers and structures.
            _ => return None,
        }
        at += usize::from(sign(tokens, at, ","));
    }
    if !sign(tokens, at + 1, "{") {
        return None;
    }
    let start = at + 2;
    let mut depth = 1;
    let mut end = start;
    while depth > 0 {
        match tokens.get(end)?.kind {
            Kind::Sign("{") => depth += 1,
            Kind::Sign("}") => depth -= 1,
            _ => {}
        }
        end += 1;
    }
    let body = tokens[start..end - 1].to_vec();
    Some((Function { name, has_value: kind != "void", parameters, body }, end))
}

fn name(token: &Token) -> Option<Name> {
    match &token.kind {
        Kind::Name(text) => Some(named(text, token.span)),
        _ => None,
    }
}

fn named(text: &str, span: Span) -> Name {
    Name { text: text.to_owned(), span }
}
