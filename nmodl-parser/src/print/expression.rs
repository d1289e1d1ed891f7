//! Expressions as text.

use crate::ast::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};

/// An expression as NMODL.
///
/// Parentheses of the source are in the tree; where a tree made otherwise lacks some
/// that its meaning needs, they are added.
pub fn print_expression(expression: &Expression) -> String {
    let mut out = String::new();
    write(&mut out, expression, 0);
    out
}

/// Binding power of the prefix operators: between `*` and `^`.
const PREFIX: u8 = 6;
const POWER: u8 = 7;

fn operator(operator: BinaryOperator) -> (&'static str, u8) {
    match operator {
        BinaryOperator::Or => ("||", 1),
        BinaryOperator::And => ("&&", 2),
        BinaryOperator::Less => ("<", 3),
        BinaryOperator::LessEqual => ("<=", 3),
        BinaryOperator::Greater => (">", 3),
        BinaryOperator::GreaterEqual => (">=", 3),
        BinaryOperator::Equal => ("==", 3),
        BinaryOperator::NotEqual => ("!=", 3),
        BinaryOperator::Add => ("+", 4),
        BinaryOperator::Subtract => ("-", 4),
        BinaryOperator::Multiply => ("*", 5),
        BinaryOperator::Divide => ("/", 5),
        BinaryOperator::Power => ("^", POWER),
    }
}

/// Writes `expression` where only operators of at least `least` may stand bare.
fn write(out: &mut String, expression: &Expression, least: u8) {
    let power = match &expression.kind {
        ExpressionKind::Binary(binary, ..) => operator(*binary).1,
        ExpressionKind::Unary(..) => PREFIX,
        _ => u8::MAX,
    };
    // A prefix operator needs no parentheses as a right operand: `a*-b`, `a^-b`.
    if power < least {
        out.push('(');
        write(out, expression, 0);
        out.push(')');
        return;
    }
    match &expression.kind {
        ExpressionKind::Number(number, unit) => {
            out.push_str(&number.text);
            if let Some(unit) = unit {
                out.push_str(&format!(" ({})", unit.text));
            }
        }
        ExpressionKind::Variable { name, index, primes, at } => {
            out.push_str(&name.text);
            out.push_str(&"'".repeat(usize::from(*primes)));
            if let Some(at) = at {
                out.push_str(&format!("@{at}"));
            }
            if let Some(index) = index {
                out.push('[');
                write(out, index, 0);
                out.push(']');
            }
        }
        ExpressionKind::Call { name, arguments } => {
            out.push_str(&name.text);
            out.push('(');
            for (index, argument) in arguments.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write(out, argument, 0);
            }
            out.push(')');
        }
        ExpressionKind::Unary(unary, operand) => {
            out.push(match unary {
                UnaryOperator::Minus => '-',
                UnaryOperator::Not => '!',
            });
            write(out, operand, PREFIX);
        }
        ExpressionKind::Binary(binary, left, right) => {
            let (symbol, power) = operator(*binary);
            let (left_least, right_least) = if power == POWER { (power + 1, power) } else { (power, power + 1) };
            write(out, left, left_least);
            if power == POWER {
                out.push_str(symbol);
            } else {
                out.push_str(&format!(" {symbol} "));
            }
            let is_prefix = matches!(right.kind, ExpressionKind::Unary(..));
            write(out, right, if is_prefix { 0 } else { right_least });
        }
        ExpressionKind::Text(text) => out.push_str(&format!("\"{text}\"")),
        ExpressionKind::Parenthesis(inner) => {
            out.push('(');
            write(out, inner, 0);
            out.push(')');
        }
    }
}
