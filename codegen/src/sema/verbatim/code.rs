//! Translated code before its returns are resolved.

use super::jumps::{Jump, Leaving, is_true, to_the_end};
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
    /// To the end of the enclosing loop or `switch`, or of its round.
    Jump(Jump, Span),
}

impl Code {
    /// A return in it.
    pub fn returns(&self) -> Option<Span> {
        let any = |body: &[Code]| body.iter().find_map(Code::returns);
        match self {
            Code::Plain(_) | Code::Jump(..) => None,
            Code::If { then, otherwise, .. } => any(then).or_else(|| any(otherwise)),
            Code::While { body, .. } | Code::From { body, .. } | Code::Block(body, _) => any(body),
            Code::Return(_, span) => Some(*span),
        }
    }

    /// Whether nothing after it runs.
    pub fn ends(&self) -> bool {
        let last = |body: &[Code]| body.iter().any(Code::ends);
        match self {
            Code::Plain(_) | Code::While { .. } | Code::From { .. } => false,
            Code::If { then, otherwise, .. } => last(then) && last(otherwise),
            Code::Block(body, _) => last(body),
            Code::Return(..) | Code::Jump(..) => true,
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
                let body = inner(to_the_end(body, Jump::Continue), function, count);
                *count += 1;
                let Some(leaving) = Leaving::new(&body, function, *count, span) else {
                    let body = block(resolve(body, function, count)?, span);
                    out.push(Statement { kind: StatementKind::While { condition, body }, span });
                    continue;
                };
                out.extend(resolve(leaving.before(span), function, count)?);
                let going = leaving.is_going();
                let condition = if is_true(&condition) { going } else { leaving.condition(condition) };
                let body = block(resolve(leaving.body(body), function, count)?, span);
                out.push(Statement { kind: StatementKind::While { condition, body }, span });
                let after: Vec<Code> = leaving.after(span).into_iter().chain(rest.by_ref()).collect();
                out.extend(resolve(after, function, count)?);
            }
            Code::From { mut head, body } => {
                let span = head.span;
                let body = inner(to_the_end(body, Jump::Continue), function, count);
                *count += 1;
                let leaving = Leaving::new(&body, function, *count, span);
                let resolved = match &leaving {
                    None => resolve(body, function, count)?,
                    Some(leaving) => {
                        out.extend(resolve(leaving.before(span), function, count)?);
                        let then = block(resolve(leaving.body(body), function, count)?, span);
                        let kind = StatementKind::If { condition: leaving.is_going(), then, otherwise: None };
                        vec![Statement { kind, span }]
                    }
                };
                if let StatementKind::From { body, .. } = &mut head.kind {
                    body.statements = resolved;
                }
                out.push(head);
                if let Some(leaving) = leaving {
                    let after: Vec<Code> = leaving.after(span).into_iter().chain(rest.by_ref()).collect();
                    out.extend(resolve(after, function, count)?);
                }
            }
            Code::Jump(_, span) => return Err(Failure::new(span, "a jump out of no loop")),
        }
    }
    Ok(out)
}

/// Loops within a loop whose returns leave the outer one too: their flags are asked there.
fn inner(body: Vec<Code>, function: Option<&Name>, count: &mut usize) -> Vec<Code> {
    let mut out = Vec::new();
    for code in body {
        *count += 1;
        match code {
            Code::If { condition, then, otherwise, span } => {
                let (then, otherwise) = (inner(then, function, count), inner(otherwise, function, count));
                out.push(Code::If { condition, then, otherwise, span });
            }
            Code::Block(body, span) => out.push(Code::Block(inner(body, function, count), span)),
            Code::While { condition, body, span } if body.iter().any(|code| code.returns().is_some()) => {
                let body = inner(to_the_end(body, Jump::Continue), function, count);
                *count += 1;
                let Some(leaving) = Leaving::new(&body, function, *count, span) else { continue };
                out.extend(leaving.before(span));
                out.push(Code::While { condition: leaving.condition(condition), body: leaving.body(body), span });
                out.extend(leaving.after(span));
            }
            Code::From { head, body } if body.iter().any(|code| code.returns().is_some()) => {
                let span = head.span;
                let body = inner(to_the_end(body, Jump::Continue), function, count);
                *count += 1;
                let Some(leaving) = Leaving::new(&body, function, *count, span) else { continue };
                out.extend(leaving.before(span));
                let then = leaving.body(body);
                let body = vec![Code::If { condition: leaving.is_going(), then, otherwise: Vec::new(), span }];
                out.push(Code::From { head, body });
                out.extend(leaving.after(span));
            }
            Code::Plain(_) | Code::While { .. } | Code::From { .. } | Code::Return(..) | Code::Jump(..) => {
                out.push(code)
            }
        }
    }
    out
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
