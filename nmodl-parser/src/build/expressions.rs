//! Expressions: precedence, calls, units behind numbers.

use super::{Builder, Pair, Rule};
use crate::ast::{BinaryOperator, Expression, ExpressionKind, Name, Number, UnaryOperator};
use crate::{Diagnostic, Span, codes};
use std::iter::Peekable;

/// A tree deeper than this is refused: every later pass walks it recursively.
const MAX_DEPTH: usize = 500;

// Binding powers, loosest first. NEURON: parse1.ypp. A prefix operator binds tighter
// than `*` and looser than `^`, so `-a^2` is -(a^2) and `!a == b` is (!a) == b.
const COMPARISON: u8 = 3;
const POWER: u8 = 7;

fn binary(rule: Rule) -> Option<(BinaryOperator, u8)> {
    Some(match rule {
        Rule::or => (BinaryOperator::Or, 1),
        Rule::and => (BinaryOperator::And, 2),
        Rule::less => (BinaryOperator::Less, COMPARISON),
        Rule::less_equal => (BinaryOperator::LessEqual, COMPARISON),
        Rule::greater => (BinaryOperator::Greater, COMPARISON),
        Rule::greater_equal => (BinaryOperator::GreaterEqual, COMPARISON),
        Rule::equal => (BinaryOperator::Equal, COMPARISON),
        Rule::not_equal => (BinaryOperator::NotEqual, COMPARISON),
        Rule::add => (BinaryOperator::Add, 4),
        Rule::subtract => (BinaryOperator::Subtract, 4),
        Rule::multiply => (BinaryOperator::Multiply, 5),
        Rule::divide => (BinaryOperator::Divide, 5),
        Rule::power => (BinaryOperator::Power, POWER),
        _ => return None,
    })
}

/// An expression and the depth of its tree.
struct Deep {
    expression: Expression,
    depth: usize,
}

type Parts<'a> = Peekable<pest::iterators::Pairs<'a, Rule>>;

impl<'a> Builder<'a> {
    /// The expression of an `expression` pair; a too deep one becomes 0 with an error.
    pub(super) fn expression(&mut self, pair: Pair<'a>) -> Expression {
        self.deep_expression(pair).expression
    }

    fn deep_expression(&mut self, pair: Pair<'a>) -> Deep {
        let span = self.span(&pair);
        let mut parts = pair.into_inner().peekable();
        self.climb(&mut parts, 0, 0).unwrap_or_else(|| {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::TOO_DEEP,
                    format!("this expression goes on for more than {MAX_DEPTH} operations"),
                    span,
                    "too long",
                )
                .help("split it over several assignments"),
            );
            Deep { expression: zero(span), depth: 0 }
        })
    }

    /// Precedence climbing over the flat list of an `expression` pair. None: too deep.
    fn climb(&mut self, parts: &mut Parts<'a>, least: u8, level: usize) -> Option<Deep> {
        if level > MAX_DEPTH {
            return None;
        }
        let mut left = self.prefixed(parts, level)?;
        while let Some((operator, power)) = parts.peek().and_then(|part| binary(part.as_rule())) {
            if power < least {
                break;
            }
            parts.next();
            let right = self.climb(parts, if power == POWER { power } else { power + 1 }, level + 1)?;
            let span = left.expression.span.to(right.expression.span);
            let depth = 1 + left.depth.max(right.depth);
            let kind = ExpressionKind::Binary(operator, left.expression.into(), right.expression.into());
            left = limited(Expression { kind, span }, depth)?;
        }
        Some(left)
    }

    fn prefixed(&mut self, parts: &mut Parts<'a>, level: usize) -> Option<Deep> {
        let mut signs = Vec::new();
        while let Some(sign) = parts.next_if(|part| matches!(part.as_rule(), Rule::minus | Rule::not)) {
            let operator = if sign.as_rule() == Rule::minus { UnaryOperator::Minus } else { UnaryOperator::Not };
            signs.push((operator, self.span(&sign)));
        }
        // The grammar puts an operand behind the signs.
        let operand = parts.next()?;
        let mut value = self.operand(operand)?;
        if !signs.is_empty() {
            while parts.peek().is_some_and(|part| part.as_rule() == Rule::power) {
                parts.next();
                let right = self.climb(parts, POWER, level + 1)?;
                let span = value.expression.span.to(right.expression.span);
                let depth = 1 + value.depth.max(right.depth);
                let kind =
                    ExpressionKind::Binary(BinaryOperator::Power, value.expression.into(), right.expression.into());
                value = limited(Expression { kind, span }, depth)?;
            }
        }
        for (operator, sign) in signs.into_iter().rev() {
            let span = sign.to(value.expression.span);
            let kind = ExpressionKind::Unary(operator, value.expression.into());
            value = limited(Expression { kind, span }, value.depth + 1)?;
        }
        Some(value)
    }

    fn operand(&mut self, pair: Pair<'a>) -> Option<Deep> {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::literal => {
                let mut number = Number { text: "0".into(), value: 0.0, span };
                let mut unit = None;
                for part in pair.into_inner() {
                    match part.as_rule() {
                        Rule::number => number = self.number(&part),
                        _ => unit = Some(self.unit(&part)),
                    }
                }
                self.unit_literals.extend(unit.clone());
                limited(Expression { kind: ExpressionKind::Number(number, unit), span }, 0)
            }
            Rule::parenthesis => {
                let inner = self.deep_expression(pair.into_inner().next()?);
                let kind = ExpressionKind::Parenthesis(inner.expression.into());
                limited(Expression { kind, span }, inner.depth + 1)
            }
            _ => Some(self.deep_reference(pair)),
        }
    }

    /// A `reference` pair: a variable or a call.
    pub(super) fn reference(&mut self, pair: Pair<'a>) -> Expression {
        self.deep_reference(pair).expression
    }

    fn deep_reference(&mut self, pair: Pair<'a>) -> Deep {
        let span = self.span(&pair);
        let mut name = Name { text: String::new(), span };
        let (mut primes, mut at, mut index, mut arguments) = (0, None, None, None);
        let mut depth = 0;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::primed_name => {
                    let (text, place) = (part.as_str(), self.span(&part));
                    let base = text.trim_end_matches('\'');
                    primes = u8::try_from(text.len() - base.len()).unwrap_or(u8::MAX);
                    let start = place.start as usize;
                    name = Name { text: base.to_owned(), span: Span::new(start, start + base.len()) };
                }
                Rule::at => at = part.into_inner().next().map(|integer| self.integer(&integer)),
                Rule::index => {
                    if let Some(inner) = part.into_inner().next() {
                        let inner = self.deep_expression(inner);
                        depth = inner.depth + 1;
                        index = Some(Box::new(inner.expression));
                    }
                }
                Rule::arguments => {
                    let mut list = Vec::new();
                    for argument in part.into_inner() {
                        let argument = self.argument(argument);
                        depth = depth.max(argument.depth + 1);
                        list.push(argument.expression);
                    }
                    arguments = Some(list);
                }
                _ => name = self.name(&part),
            }
        }
        let kind = match arguments {
            Some(arguments) => ExpressionKind::Call { name, arguments },
            None => ExpressionKind::Variable { name, index, primes, at },
        };
        Deep { expression: Expression { kind, span }, depth }
    }

    fn argument(&mut self, pair: Pair<'a>) -> Deep {
        if pair.as_rule() == Rule::string {
            let text = pair.as_str();
            let kind = ExpressionKind::Text(text[1..text.len() - 1].to_owned());
            return Deep { expression: Expression { kind, span: self.span(&pair) }, depth: 0 };
        }
        self.deep_expression(pair)
    }

    pub(super) fn integer(&mut self, pair: &Pair) -> i64 {
        pair.as_str().parse().unwrap_or_else(|_| {
            let message = format!("the integer `{}` is too large", pair.as_str());
            self.error(codes::BAD_NUMBER, message, self.span(pair), "beyond 64 bits");
            0
        })
    }
}

fn limited(expression: Expression, depth: usize) -> Option<Deep> {
    (depth <= MAX_DEPTH).then_some(Deep { expression, depth })
}

pub(super) fn zero(span: Span) -> Expression {
    let number = Number { text: "0".into(), value: 0.0, span };
    Expression { kind: ExpressionKind::Number(number, None), span }
}
