//! Expressions.

use super::{Name, Unit};
use crate::Span;

/// A number as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Its text, sign included: `1.`, `.5`, `-1e-3`.
    pub text: String,
    /// Its value.
    pub value: f64,
    /// Where.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A number with an optional unit. A `(` after a number always starts a unit.
    Number(Number, Option<Unit>),
    /// A variable, `m`, or the derivative `m'` when `primes` is not zero.
    Variable {
        /// Name.
        name: Name,
        /// Array index.
        index: Option<Box<Expression>>,
        /// Count of `'`.
        primes: u8,
        /// `@1` of a DISCRETE block.
        at: Option<i64>,
    },
    /// `f(a, b)`.
    Call {
        /// Function or procedure.
        name: Name,
        /// Arguments.
        arguments: Vec<Expression>,
    },
    /// `-a`, `!a`.
    Unary(UnaryOperator, Box<Expression>),
    /// `a + b`.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// A string, only as an argument of a call.
    Text(String),
    /// `(expr)` is transparent; kept so that the printer gives back what was written.
    Parenthesis(Box<Expression>),
}

impl Expression {
    /// The expressions directly inside, an array's index included.
    pub fn operands(&self) -> Vec<&Expression> {
        match &self.kind {
            ExpressionKind::Number(..) | ExpressionKind::Text(_) => vec![],
            ExpressionKind::Variable { index, .. } => index.iter().map(|index| &**index).collect(),
            ExpressionKind::Call { arguments, .. } => arguments.iter().collect(),
            ExpressionKind::Unary(_, a) | ExpressionKind::Parenthesis(a) => vec![a],
            ExpressionKind::Binary(_, a, b) => vec![a, b],
        }
    }
}

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-a`.
    Minus,
    /// `!a`.
    Not,
}

/// Infix operators, comparison and logic giving 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `a + b`.
    Add,
    /// `a - b`.
    Subtract,
    /// `a * b`.
    Multiply,
    /// `a / b`.
    Divide,
    /// `a ^ b`, right-associative, tighter than unary minus.
    Power,
    /// `a < b`.
    Less,
    /// `a <= b`.
    LessEqual,
    /// `a > b`.
    Greater,
    /// `a >= b`.
    GreaterEqual,
    /// `a == b`.
    Equal,
    /// `a != b`.
    NotEqual,
    /// `a && b`.
    And,
    /// `a || b`.
    Or,
}
