//! The units of expressions.

use super::messages::{self, Meeting};
use super::{Checker, Operand, PLAIN, Quantity};
use crate::units::{Size, Units};
use nmodl_parser::Span;
use nmodl_parser::ast::{BinaryOperator, Expression, ExpressionKind, Name, UnaryOperator};

/// Functions of plain numbers.
const PLAIN_FUNCTIONS: [&str; 25] = [
    "exp",
    "log",
    "log10",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "erf",
    "expm1",
    "exprelr",
    "floor",
    "ceil",
    "fmod",
    "factorial",
    "hyperbol",
    "sigmoid",
    "expfit",
    "poisrand",
    "legendre",
    "gauss",
];

impl<'a> Checker<'a> {
    /// The unit of an expression with its place.
    pub(super) fn operand(&mut self, expression: &'a Expression) -> Operand<'a> {
        Operand { quantity: self.value(expression), span: expression.span, expression: Some(expression) }
    }

    /// The unit of an expression.
    pub(super) fn value(&mut self, expression: &'a Expression) -> Quantity {
        match &expression.kind {
            ExpressionKind::Number(_, None) => Quantity::Number,
            ExpressionKind::Number(_, Some(unit)) => self.names.unit(unit, &mut self.diagnostics),
            ExpressionKind::Variable { name, primes, .. } => self.variable(name, *primes),
            ExpressionKind::Call { name, arguments } => self.call(name, arguments),
            ExpressionKind::Unary(UnaryOperator::Minus, inner) => self.value(inner),
            ExpressionKind::Unary(UnaryOperator::Not, inner) => {
                self.value(inner);
                PLAIN
            }
            ExpressionKind::Binary(operator, left, right) => self.binary(*operator, left, right),
            ExpressionKind::Text(_) => Quantity::Any,
            ExpressionKind::Parenthesis(inner) => self.parenthesis(inner),
        }
    }

    fn variable(&mut self, name: &'a Name, primes: u8) -> Quantity {
        let text = name.text.as_str();
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(text)).map(|local| local.quantity);
        if local.is_none() && self.names.is_bare(text) && !self.mentioned.contains(&text) {
            self.mentioned.push(text);
        }
        let quantity = local.unwrap_or_else(|| self.names.quantity(text));
        match quantity {
            Quantity::Size(size) if primes > 0 => Quantity::Size(size.per(self.names.time.power(i32::from(primes)))),
            _ => quantity,
        }
    }

    /// A number alone in parentheses is a conversion factor.
    fn parenthesis(&mut self, inner: &'a Expression) -> Quantity {
        match &inner.kind {
            ExpressionKind::Number(number, None) if number.value != 0.0 => {
                Quantity::Size(Size { factor: 1.0 / number.value, ..Size::ONE })
            }
            _ => self.value(inner),
        }
    }

    fn binary(&mut self, operator: BinaryOperator, left: &'a Expression, right: &'a Expression) -> Quantity {
        if operator == BinaryOperator::Power {
            return self.power(left, right);
        }
        let (left, right) = (self.operand(left), self.operand(right));
        match operator {
            BinaryOperator::Add => self.meet(Meeting::Sum, left, right),
            BinaryOperator::Subtract => self.meet(Meeting::Difference, left, right),
            BinaryOperator::Multiply => product(left.quantity, right.quantity, Size::times),
            BinaryOperator::Divide => product(left.quantity, right.quantity, Size::per),
            BinaryOperator::Less
            | BinaryOperator::LessEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterEqual
            | BinaryOperator::Equal
            | BinaryOperator::NotEqual => {
                self.meet(Meeting::Comparison, left, right);
                PLAIN
            }
            BinaryOperator::And | BinaryOperator::Or => PLAIN,
            // Handled above.
            BinaryOperator::Power => Quantity::Any,
        }
    }

    /// `x^2` multiplies the unit; any other exponent needs a base without one.
    fn power(&mut self, base: &'a Expression, exponent: &'a Expression) -> Quantity {
        let base = self.operand(base);
        if let Some(power) = whole_number(exponent) {
            return match base.quantity {
                Quantity::Size(size) => Quantity::Size(size.power(power)),
                other => other,
            };
        }
        let exponent = self.operand(exponent);
        self.plain("an exponent", exponent);
        if let Quantity::Size(size) = base.quantity
            && (size.dimension != Size::ONE.dimension || !size.same_factor(Size::ONE))
        {
            self.find(|| messages::base_not_plain(size, base.span));
        }
        PLAIN
    }

    /// Two values that have to agree. The result is what they agree in.
    pub(super) fn meet(&mut self, meeting: Meeting, left: Operand, right: Operand) -> Quantity {
        match (left.quantity, right.quantity) {
            (quantity, Quantity::Number) | (Quantity::Number | Quantity::Any, quantity) => quantity,
            (quantity, Quantity::Any) => quantity,
            (Quantity::Size(a), Quantity::Size(b)) => {
                if a.dimension != b.dimension {
                    self.find(|| messages::not_conformable(meeting, (a, left.span), (b, right.span)));
                    return if self.on { Quantity::Any } else { left.quantity };
                }
                if !a.same_factor(b) {
                    self.find(|| messages::scale(meeting, (a, left.span), (b, right)));
                }
                left.quantity
            }
        }
    }

    /// A value that must not have a unit.
    fn plain(&mut self, what: &str, operand: Operand) {
        if let Quantity::Size(size) = operand.quantity
            && (size.dimension != Size::ONE.dimension || !size.same_factor(Size::ONE))
        {
            self.find(|| messages::not_plain(what, size, operand));
        }
    }

    fn call(&mut self, name: &'a Name, arguments: &'a [Expression]) -> Quantity {
        let operands: Vec<Operand<'a>> = arguments.iter().map(|argument| self.operand(argument)).collect();
        let function = name.text.as_str();
        if let Some(routine) = self.names.routine(function) {
            let (formals, quantities, result) = (routine.arguments, routine.quantities.clone(), routine.result);
            for ((formal, quantity), operand) in formals.iter().zip(quantities).zip(operands) {
                let declared = Operand { quantity, span: formal.name.span, expression: None };
                self.meet(Meeting::Argument(function, formal), declared, operand);
            }
            return result;
        }
        match (function, operands.as_slice()) {
            ("fabs", [x]) => x.quantity,
            ("fmin" | "fmax" | "state_discontinuity", [x, y]) => self.meet(Meeting::Equality, *x, *y),
            ("sqrt", [x]) => self.square_root(*x),
            ("pow", [_, _]) => self.power(&arguments[0], &arguments[1]),
            ("atan2", [y, x]) => {
                self.meet(Meeting::Equality, *y, *x);
                PLAIN
            }
            ("at_time" | "net_event" | "net_move", [time]) | ("net_send", [time, ..]) => {
                self.needed("the time", "ms", *time);
                PLAIN
            }
            ("nrn_ghk", [v, inside, outside, charge]) => {
                self.needed("the potential", "millivolt", *v);
                self.needed("the concentration", "milli/liter", *inside);
                self.needed("the concentration", "milli/liter", *outside);
                self.plain("the charge", *charge);
                Units::default().size("millicoulombs/cm3").map_or(Quantity::Any, Quantity::Size)
            }
            (function, operands) if PLAIN_FUNCTIONS.contains(&function) => {
                for operand in operands {
                    self.plain(&format!("the argument of `{function}`"), *operand);
                }
                PLAIN
            }
            // Defined in C, or printing: not judged.
            _ => Quantity::Any,
        }
    }

    /// `sqrt` halves the exponents where it can.
    fn square_root(&mut self, operand: Operand) -> Quantity {
        match operand.quantity {
            Quantity::Size(size) if size.dimension.iter().all(|exponent| exponent % 2 == 0) => Quantity::Size(Size {
                factor: size.factor.sqrt(),
                dimension: size.dimension.map(|exponent| exponent / 2),
            }),
            Quantity::Size(_) => {
                self.plain("the argument of `sqrt`", operand);
                PLAIN
            }
            other => other,
        }
    }

    /// A value for which the simulator asks in a unit.
    pub(super) fn needed(&mut self, what: &str, unit: &str, operand: Operand) {
        let size = Units::default().size(unit).map_or(Quantity::Any, Quantity::Size);
        let needed = Operand { quantity: size, span: Span::default(), expression: None };
        self.meet(Meeting::Needed(what), needed, operand);
    }
}

fn product(left: Quantity, right: Quantity, combine: impl Fn(Size, Size) -> Size) -> Quantity {
    match (left, right) {
        (Quantity::Number, Quantity::Number) => Quantity::Number,
        _ => left.size().zip(right.size()).map_or(Quantity::Any, |(left, right)| Quantity::Size(combine(left, right))),
    }
}

/// The value of `2`, `-1`, `(2)`.
fn whole_number(expression: &Expression) -> Option<i32> {
    match &expression.kind {
        ExpressionKind::Number(number, None) if number.value.fract() == 0.0 && number.value.abs() < 100.0 => {
            Some(number.value as i32)
        }
        ExpressionKind::Unary(UnaryOperator::Minus, inner) => Some(-whole_number(inner)?),
        ExpressionKind::Parenthesis(inner) => whole_number(inner),
        _ => None,
    }
}
