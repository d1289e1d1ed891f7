//! `break` and `continue`, and a return out of a loop, as branches.
//!
//! What follows a branch that may jump moves into its other branch; a loop that may be left asks a flag in its condition.

use super::code::{Code, variable};
use super::parse::{binary, number};
use nmodl_parser::Span;
use nmodl_parser::ast::{
    BinaryOperator, Expression, ExpressionKind, LocalVariable, Name, Statement, StatementKind, UnaryOperator,
};

/// A jump within a loop or `switch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// Out of it.
    Break,
    /// To its next round.
    Continue,
}

/// Whether a jump of the enclosing loop stands in the code.
pub fn jumps(body: &[Code], jump: Jump) -> bool {
    body.iter().any(|code| match code {
        Code::Plain(_) | Code::Return(..) | Code::While { .. } | Code::From { .. } => false,
        Code::If { then, otherwise, .. } => jumps(then, jump) || jumps(otherwise, jump),
        Code::Block(body, _) => jumps(body, jump),
        Code::Jump(own, _) => *own == jump,
    })
}

/// The code with jumps of one kind to its end made branches.
pub fn to_the_end(body: Vec<Code>, jump: Jump) -> Vec<Code> {
    let mut out = Vec::new();
    let mut rest = body.into_iter();
    while let Some(code) = rest.next() {
        if !jumps(std::slice::from_ref(&code), jump) {
            out.push(code);
            continue;
        }
        match code {
            Code::Jump(..) => return out,
            Code::If { condition, mut then, mut otherwise, span } => {
                let rest: Vec<Code> = rest.collect();
                let then_ends = then.iter().any(Code::ends);
                if !otherwise.iter().any(Code::ends) {
                    otherwise.extend(rest.iter().cloned());
                }
                if !then_ends {
                    then.extend(rest);
                }
                let (then, otherwise) = (to_the_end(then, jump), to_the_end(otherwise, jump));
                out.push(Code::If { condition, then, otherwise, span });
                return out;
            }
            Code::Block(body, _) => {
                out.extend(to_the_end(body.into_iter().chain(rest).collect(), jump));
                return out;
            }
            Code::Plain(_) | Code::Return(..) | Code::While { .. } | Code::From { .. } => out.push(code),
        }
    }
    out
}

/// Makes `Break`s, and returns, of a loop's body set flags. `function` takes the value of a return.
pub struct Leaving<'a> {
    /// 1 as long as the loop goes on.
    going: Name,
    /// 1 once the routine is to be left.
    returned: Option<Name>,
    function: Option<&'a Name>,
}

impl<'a> Leaving<'a> {
    /// For a loop with breaks or returns in its body; `number` makes names.
    pub fn new(body: &[Code], function: Option<&'a Name>, number: usize, span: Span) -> Option<Self> {
        let returns = body.iter().any(|code| code.returns().is_some());
        if !returns && !jumps(body, Jump::Break) {
            return None;
        }
        let name = |text: &str| Name { text: format!("{text}_{number}"), span };
        Some(Self { going: name("going"), returned: returns.then(|| name("returned")), function })
    }

    /// The body: its jumps set flags and go to its end.
    pub fn body(&self, body: Vec<Code>) -> Vec<Code> {
        to_the_end(self.flagged(body), Jump::Break)
    }

    fn flagged(&self, body: Vec<Code>) -> Vec<Code> {
        let mut out = Vec::new();
        for code in body {
            match code {
                Code::Jump(Jump::Break, span) => {
                    out.push(set(&self.going, 0.0, span));
                    out.push(Code::Jump(Jump::Break, span));
                }
                Code::Return(value, span) => {
                    if let (Some(name), Some(value)) = (self.function, value) {
                        out.push(Code::Plain(super::code::assign(name, value, span)));
                    }
                    out.extend(self.returned.as_ref().map(|returned| set(returned, 1.0, span)));
                    out.push(set(&self.going, 0.0, span));
                    out.push(Code::Jump(Jump::Break, span));
                }
                Code::If { condition, then, otherwise, span } => {
                    let (then, otherwise) = (self.flagged(then), self.flagged(otherwise));
                    out.push(Code::If { condition, then, otherwise, span });
                }
                Code::Block(body, span) => out.push(Code::Block(self.flagged(body), span)),
                Code::Plain(_) | Code::While { .. } | Code::From { .. } | Code::Jump(Jump::Continue, _) => {
                    out.push(code)
                }
            }
        }
        out
    }

    /// Declares and sets the flags, before the loop.
    pub fn before(&self, span: Span) -> Vec<Code> {
        let mut out = vec![local(&self.going, span), set(&self.going, 1.0, span)];
        if let Some(returned) = &self.returned {
            out.extend([local(returned, span), set(returned, 0.0, span)]);
        }
        out
    }

    /// The loop's condition.
    pub fn condition(&self, condition: Expression) -> Expression {
        binary(BinaryOperator::And, self.is_going(), condition)
    }

    /// Whether the loop has not been left.
    pub fn is_going(&self) -> Expression {
        variable(&self.going.text, None, self.going.span)
    }

    /// Leaves the routine, after the loop.
    pub fn after(&self, span: Span) -> Option<Code> {
        self.returned.as_ref().map(|returned| Code::If {
            condition: variable(&returned.text, None, span),
            then: vec![Code::Return(None, span)],
            otherwise: Vec::new(),
            span,
        })
    }
}

/// Whether a condition holds always.
pub fn is_true(condition: &Expression) -> bool {
    matches!(&condition.kind, ExpressionKind::Number(number, _) if number.value != 0.0)
}

/// Leaves a loop unless a condition holds.
pub fn break_unless(condition: Expression, span: Span) -> Code {
    let condition = super::parse::unary(UnaryOperator::Not, condition);
    Code::If { condition, then: vec![Code::Jump(Jump::Break, span)], otherwise: Vec::new(), span }
}

/// The declaration of a local.
pub fn local(name: &Name, span: Span) -> Code {
    let local = LocalVariable { name: name.clone(), length: None };
    Code::Plain(Statement { kind: StatementKind::Local(vec![local]), span })
}

/// `name = value`.
pub fn set(name: &Name, value: f64, span: Span) -> Code {
    Code::Plain(super::code::assign(name, number(value, span), span))
}

/// `switch`: what each case runs, its labels compared with a value that has been computed once. A case without
/// `break` goes on with the next.
pub fn switch(value: &Expression, arms: Vec<Arm>, span: Span) -> Vec<Code> {
    let run = |from: usize| {
        let mut body: Vec<Code> = Vec::new();
        for arm in &arms[from..] {
            body.extend(arm.body.iter().cloned());
            if arm.body.iter().any(Code::ends) {
                break;
            }
        }
        to_the_end(body, Jump::Break)
    };
    let default = arms.iter().position(|arm| arm.default);
    let mut code = default.map_or(Vec::new(), run);
    for (at, arm) in arms.iter().enumerate().rev() {
        let equal = |label: &Expression| binary(BinaryOperator::Equal, value.clone(), label.clone());
        let conditions = arm.labels.iter().map(equal);
        if let Some(condition) = conditions.reduce(|a, b| binary(BinaryOperator::Or, a, b)) {
            code = vec![Code::If { condition, then: run(at), otherwise: code, span }];
        }
    }
    code
}

/// A stretch of a `switch` between labels.
#[derive(Debug, Default)]
pub struct Arm {
    /// The values of its cases.
    pub labels: Vec<Expression>,
    /// It is the default.
    pub default: bool,
    /// Its statements.
    pub body: Vec<Code>,
}
