//! Helpers of the parser's tests.
#![allow(dead_code, missing_docs)]

use nmodl_parser::ast::{Ast, Block, ItemKind, Statement};
use nmodl_parser::{SourceFile, parse, print, print_expression};

/// The codes of all diagnostics of `text`, in order.
pub fn codes(text: &str) -> Vec<&'static str> {
    parse(&SourceFile::new("test.mod", text)).1.iter().map(|diagnostic| diagnostic.code).collect()
}

/// Code, the text under the primary label, and the message of every diagnostic.
pub fn report(text: &str) -> Vec<(&'static str, &str, String)> {
    let (_, diagnostics) = parse(&SourceFile::new("test.mod", text));
    diagnostics
        .into_iter()
        .map(|diagnostic| (diagnostic.code, &text[diagnostic.labels[0].span.range()], diagnostic.message))
        .collect()
}

/// The tree of a text that must parse without any diagnostic.
pub fn clean(text: &str) -> Ast {
    let source = SourceFile::new("test.mod", text);
    let (ast, diagnostics) = parse(&source);
    let shown: String = diagnostics.iter().map(|diagnostic| diagnostic.render(&source, false)).collect();
    assert!(diagnostics.is_empty(), "{text}\n{shown}");
    ast
}

/// The statements of the first block of statements.
pub fn statements(ast: &Ast) -> &[Statement] {
    let body = |item: &ItemKind| -> Option<Block> {
        Some(match item {
            ItemKind::Initial(body) | ItemKind::Breakpoint(body) | ItemKind::Solvable { body, .. } => body.clone(),
            ItemKind::NetReceive { body, .. } => body.clone(),
            ItemKind::Function(routine) | ItemKind::Procedure(routine) => routine.body.clone(),
            _ => return None,
        })
    };
    let body = ast.items.iter().find_map(|item| body(&item.kind)).expect("a block of statements");
    Box::leak(body.statements.into_boxed_slice())
}

/// `text` as the body of INITIAL, each statement printed on a line.
pub fn body(text: &str) -> Vec<String> {
    let ast = clean(&format!("INITIAL {{ {text}\n}}"));
    statements(&ast).iter().map(|statement| nmodl_parser::print_statement(statement).trim_end().to_owned()).collect()
}

/// An expression with every operation in parentheses, to show how it was understood.
pub fn grouped(text: &str) -> String {
    use nmodl_parser::ast::{Expression, ExpressionKind, StatementKind};
    fn bare(expression: &Expression) -> Expression {
        let boxed = |inner: &Expression| Box::new(bare(inner));
        let parenthesis = |kind| ExpressionKind::Parenthesis(Box::new(Expression { kind, span: expression.span }));
        let kind = match &expression.kind {
            ExpressionKind::Parenthesis(inner) => return bare(inner),
            ExpressionKind::Unary(operator, inner) => parenthesis(ExpressionKind::Unary(*operator, boxed(inner))),
            ExpressionKind::Binary(operator, left, right) => {
                parenthesis(ExpressionKind::Binary(*operator, boxed(left), boxed(right)))
            }
            other => other.clone(),
        };
        Expression { kind, span: expression.span }
    }
    let ast = clean(&format!("INITIAL {{ x = {text} }}"));
    match &statements(&ast)[0].kind {
        StatementKind::Assign { value, .. } => print_expression(&bare(value)),
        other => panic!("not an assignment: {other:?}"),
    }
}

/// The tree as text, without spans.
pub fn shape(ast: &Ast) -> String {
    let text = format!("{ast:?}");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("Span { ") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[rest.find('}').map_or(rest.len(), |end| end + 1)..];
    }
    out + rest
}

/// Checks that printing and parsing again gives the same tree.
pub fn round_trip(ast: &Ast) {
    let printed = print(ast);
    let again = parse(&SourceFile::new("printed.mod", printed.as_str())).0;
    assert_eq!(shape(ast), shape(&again), "{printed}");
}
