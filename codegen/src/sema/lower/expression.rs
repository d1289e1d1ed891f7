//! Expressions: numbers where a number is wanted, booleans where a condition is wanted.

use super::Lower;
use super::array::Reference;
use crate::ir::{BinaryOperator, Comparison, Expression, Math};
use crate::sema::refuse;
use nmodl_parser::ast;
use nmodl_parser::ast::{ExpressionKind, UnaryOperator};

impl Lower<'_, '_> {
    /// A number. Comparisons and logic become 0 or 1.
    pub(super) fn value(&mut self, e: &ast::Expression) -> Expression {
        match &e.kind {
            ExpressionKind::Number(number, _) => Expression::Number(number.value),
            ExpressionKind::Variable { name, index, primes, at } => {
                if at.is_some() {
                    self.report.push(refuse::HISTORY.at(e.span));
                }
                if *primes > 0 {
                    self.report.push(
                        nmodl_parser::Diagnostic::error(
                            "M0211",
                            format!("`{}'` is not a value", name.text),
                            e.span,
                            "derivatives stand on the left of `=` only",
                        )
                        .help("repeat the right side of its equation here"),
                    );
                }
                match index {
                    Some(index) => self.element(name, index).map_or(Expression::Number(0.0), Reference::load),
                    None => self.read(name),
                }
            }
            ExpressionKind::Call { name, arguments } => self.call_value(name, arguments, e.span),
            ExpressionKind::Unary(UnaryOperator::Minus, a) => match self.value(a) {
                Expression::Number(x) => Expression::Number(-x),
                a => Expression::Negate(Box::new(a)),
            },
            ExpressionKind::Binary(operator, a, b) => match arithmetic(*operator) {
                Some(operator) => {
                    let a = self.value(a);
                    let b = self.value(b);
                    Expression::binary(operator, a, b)
                }
                None if *operator == ast::BinaryOperator::Power => {
                    let a = self.value(a);
                    let b = self.value(b);
                    Expression::Call(Math::Pow, vec![a, b])
                }
                None => self.truth_as_number(e),
            },
            ExpressionKind::Unary(UnaryOperator::Not, _) => self.truth_as_number(e),
            ExpressionKind::Parenthesis(inner) => self.value(inner),
            ExpressionKind::Text(_) => {
                self.report.push(refuse::TEXT.at(e.span));
                Expression::Number(0.0)
            }
        }
    }

    fn truth_as_number(&mut self, e: &ast::Expression) -> Expression {
        let condition = self.condition(e);
        Expression::Select(Box::new(condition), Box::new(Expression::Number(1.0)), Box::new(Expression::Number(0.0)))
    }

    /// A boolean. A number is true if it is not 0.
    pub(super) fn condition(&mut self, e: &ast::Expression) -> Expression {
        match &e.kind {
            ExpressionKind::Parenthesis(inner) => self.condition(inner),
            ExpressionKind::Unary(UnaryOperator::Not, a) => Expression::Not(Box::new(self.condition(a))),
            ExpressionKind::Binary(ast::BinaryOperator::And, a, b) => {
                let a = self.condition(a);
                let b = self.condition(b);
                Expression::And(Box::new(a), Box::new(b))
            }
            ExpressionKind::Binary(ast::BinaryOperator::Or, a, b) => {
                let a = self.condition(a);
                let b = self.condition(b);
                Expression::Or(Box::new(a), Box::new(b))
            }
            ExpressionKind::Binary(operator, a, b) if comparison(*operator).is_some() => {
                let a = self.value(a);
                let b = self.value(b);
                // The guard has seen that there is one.
                let comparison = comparison(*operator).unwrap_or(Comparison::NotEqual);
                Expression::Compare(comparison, Box::new(a), Box::new(b))
            }
            ExpressionKind::Number(..)
            | ExpressionKind::Variable { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Unary(UnaryOperator::Minus, _)
            | ExpressionKind::Binary(..)
            | ExpressionKind::Text(_) => {
                let value = self.value(e);
                Expression::Compare(Comparison::NotEqual, Box::new(value), Box::new(Expression::Number(0.0)))
            }
        }
    }
}

fn arithmetic(operator: ast::BinaryOperator) -> Option<BinaryOperator> {
    match operator {
        ast::BinaryOperator::Add => Some(BinaryOperator::Add),
        ast::BinaryOperator::Subtract => Some(BinaryOperator::Subtract),
        ast::BinaryOperator::Multiply => Some(BinaryOperator::Multiply),
        ast::BinaryOperator::Divide => Some(BinaryOperator::Divide),
        ast::BinaryOperator::Power
        | ast::BinaryOperator::Less
        | ast::BinaryOperator::LessEqual
        | ast::BinaryOperator::Greater
        | ast::BinaryOperator::GreaterEqual
        | ast::BinaryOperator::Equal
        | ast::BinaryOperator::NotEqual
        | ast::BinaryOperator::And
        | ast::BinaryOperator::Or => None,
    }
}

fn comparison(operator: ast::BinaryOperator) -> Option<Comparison> {
    match operator {
        ast::BinaryOperator::Less => Some(Comparison::Less),
        ast::BinaryOperator::LessEqual => Some(Comparison::LessEqual),
        ast::BinaryOperator::Greater => Some(Comparison::Greater),
        ast::BinaryOperator::GreaterEqual => Some(Comparison::GreaterEqual),
        ast::BinaryOperator::Equal => Some(Comparison::Equal),
        ast::BinaryOperator::NotEqual => Some(Comparison::NotEqual),
        ast::BinaryOperator::Add
        | ast::BinaryOperator::Subtract
        | ast::BinaryOperator::Multiply
        | ast::BinaryOperator::Divide
        | ast::BinaryOperator::Power
        | ast::BinaryOperator::And
        | ast::BinaryOperator::Or => None,
    }
}
