//! Translated code before its returns are resolved.

use super::token::Failure;
use nmodl_parser::Span;
use nmodl_parser::ast::{Block, Expression, ExpressionKind, Name, Statement, StatementKind};

/// A statement of NMODL or C.
#[derive(Clone, Debug)]
pub enum Code {
    /// One without inner statements that may return.
    Plain(Statement),
    /// A branch.
    If { condition: Expression, then: Vec<Code>, otherwise: Vec<Code>, span: Span },
    /// A loop.
    While { condition: Expression, body: Vec<Code>, span: Span },
    /// `FROM`, with its body to be put back.
    From { head: Statement, body: Vec<Code> },
    /// A block with names of its own.
    Block(Vec<Code>, Span),
    /// The end of the routine, with its value.
    Return(Option<Expression>, Span),
}

impl Code {
    fn returns(&self) -> Option<Span> {
        let any = |body: &[Code]| body.iter().find_map(Code::returns);
        match self {
            Code::Plain(_) => None,
            Code::If { then, otherwise, .. } => any(then).or_else(|| any(otherwise)),
            Code::While { body, .. } | Code::From { body, .. } | Code::Block(body, _) => any(body),
            Code::Return(_, span) => Some(*span),
        }
    }

    /// Whether nothing after it runs.
    fn ends(&self) -> bool {
        let last = |body: &[Code]| body.iter().any(Code::ends);
        match self {
            Code::Plain(_) | Code::While { .. } | Code::From { .. } => false,
            Code::If { then, otherwise, .. } => last(then) && last(otherwise),
            Code::Block(body, _) => last(body),
            Code::Return(..) => true,
        }
    }
}

/// Largest routine that the branches of a return may grow it to.
const MOST_STATEMENTS: usize = 5000;

/// Statements without returns: what follows a branch that may return moves into its other branch. `function` takes the
/// value.
pub fn resolve(body: Vec<Code>, function: Option<&Name>, count: &mut usize) -> Result<Vec<Statement>, Failure> {
    let mut out = Vec::new();
    let mut rest = body.into_iter();
    while let Some(code) = rest.next() {
        *count += 1;
        if let Some(span) = code.returns()
            && *count > MOST_STATEMENTS
        {
            return Err(Failure::new(span, "a return among so many branches"));
        }
        let may_return = code.returns();
        match code {
            Code::Plain(statement) => out.push(statement),
            Code::Return(value, span) => {
                if let (Some(name), Some(value)) = (function, value) {
                    out.push(assign(name, value, span));
                }
                return Ok(out);
            }
            Code::If { condition, mut then, mut otherwise, span } => {
                if may_return.is_some() {
                    let rest: Vec<Code> = rest.by_ref().collect();
                    let then_ends = then.iter().any(Code::ends);
                    if !otherwise.iter().any(Code::ends) {
                        otherwise.extend(rest.iter().cloned());
                    }
                    if !then_ends {
                        then.extend(rest);
                    }
                }
                let then = block(resolve(then, function, count)?, span);
                let otherwise = resolve(otherwise, function, count)?;
                let otherwise = (!otherwise.is_empty()).then(|| block(otherwise, span));
                out.push(Statement { kind: StatementKind::If { condition, then, otherwise }, span });
            }
            Code::Block(body, span) => {
                if may_return.is_some() {
                    let all: Vec<Code> = body.into_iter().chain(rest.by_ref()).collect();
                    out.extend(resolve(all, function, count)?);
                } else {
                    let body = block(resolve(body, function, count)?, span);
                    out.push(Statement { kind: StatementKind::Block(body), span });
                }
            }
            Code::While { condition, body, span } => {
                if let Some(at) = may_return {
                    return Err(Failure::new(at, "a return out of a loop"));
                }
                let body = block(resolve(body, function, count)?, span);
                out.push(Statement { kind: StatementKind::While { condition, body }, span });
            }
            Code::From { mut head, body } => {
                if let Some(at) = may_return {
                    return Err(Failure::new(at, "a return out of a loop"));
                }
                let resolved = resolve(body, function, count)?;
                if let StatementKind::From { body, .. } = &mut head.kind {
                    body.statements = resolved;
                }
                out.push(head);
            }
        }
    }
    Ok(out)
}

/// A block of statements.
pub fn block(statements: Vec<Statement>, span: Span) -> Block {
    Block { statements, span }
}

/// `name = value`.
pub fn assign(name: &Name, value: Expression, span: Span) -> Statement {
    let target = variable(&name.text, None, span);
    Statement { kind: StatementKind::Assign { target, value }, span }
}

/// A variable, or an element of one.
pub fn variable(name: &str, index: Option<Expression>, span: Span) -> Expression {
    let name = Name { text: name.to_owned(), span };
    let kind = ExpressionKind::Variable { name, index: index.map(Box::new), primes: 0, at: None };
    Expression { kind, span }
}
