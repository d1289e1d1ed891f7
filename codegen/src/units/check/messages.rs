//! The wording of findings.

use super::super::show::{number, show};
use super::super::size::{Size, Unknown};
use super::Operand;
use nmodl_parser::ast::{Argument, Expression, ExpressionKind, Unit};
use nmodl_parser::{Diagnostic, Span, print_expression};

/// How two values meet.
#[derive(Clone, Copy)]
pub enum Meeting<'a> {
    /// `+`.
    Sum,
    /// `-`.
    Difference,
    /// `<`, `==` and the like.
    Comparison,
    /// Both sides of `~ a = b` or CONSERVE, or the two values of a choice.
    Equality,
    /// The left one is the target, named so.
    Assignment(&'a str),
    /// The left one is what an argument is declared in: function, argument.
    Argument(&'a str, &'a Argument),
    /// The left one is what is needed: of what.
    Needed(&'a str),
}

/// Two dimensions that cannot meet.
pub fn not_conformable(meeting: Meeting, left: (Size, Span), right: (Size, Span)) -> Diagnostic {
    let (a, b) = (show(left.0), show(right.0));
    let message = match meeting {
        Meeting::Sum => format!("{a} and {b} cannot be added"),
        Meeting::Difference => format!("{b} cannot be subtracted from {a}"),
        Meeting::Comparison => format!("{a} and {b} cannot be compared"),
        Meeting::Equality => format!("{a} and {b} cannot be equal"),
        Meeting::Assignment(name) => format!("`{name}` is in {a}, but is given a value in {b}"),
        Meeting::Argument(function, Argument { name, .. }) => {
            format!("argument `{}` of `{function}` is in {a}, but is given {b}", name.text)
        }
        Meeting::Needed(what) => format!("{what} is in {a}, but is given in {b}"),
    };
    let diagnostic = labelled(Diagnostic::warning("M0360", message, right.1, b.clone()), meeting, left.1, a);
    match meeting {
        Meeting::Argument(_, Argument { name, unit: None }) => {
            diagnostic.help(format!("give the argument its unit where it is declared: `{} {b}`", name.text))
        }
        _ => diagnostic,
    }
}

/// Two scales of one dimension.
pub fn scale(meeting: Meeting, left: (Size, Span), right: (Size, Operand)) -> Diagnostic {
    let (a, b) = (show(left.0), show(right.0));
    let factor = number(right.0.factor / left.0.factor);
    let message = match meeting {
        Meeting::Sum | Meeting::Difference | Meeting::Comparison | Meeting::Equality => {
            format!("{b} meets {a}: the factor {factor} is missing")
        }
        Meeting::Assignment(name) => format!("`{name}` is in {a}, its value in {b}: the factor {factor} is missing"),
        Meeting::Argument(function, Argument { name, .. }) => {
            format!(
                "argument `{}` of `{function}` is in {a}, but is given {b}: the factor {factor} is missing",
                name.text
            )
        }
        Meeting::Needed(what) => format!("{what} is in {a}, but is given in {b}: the factor {factor} is missing"),
    };
    let (size, operand) = right;
    labelled(Diagnostic::warning("M0361", message, operand.span, show(size)), meeting, left.1, a)
        .help(format!("write `({factor})*{}`", quoted(operand.expression)))
}

fn labelled(diagnostic: Diagnostic, meeting: Meeting, span: Span, text: String) -> Diagnostic {
    match meeting {
        Meeting::Needed(_) if span == Span::default() => diagnostic,
        Meeting::Argument(_, Argument { unit: None, .. }) => diagnostic.label(span, "declared without a unit"),
        Meeting::Argument(..) => diagnostic.label(span, format!("declared in {text}")),
        _ => diagnostic.label(span, text),
    }
}

/// The argument of a function, or an exponent, with a unit.
pub fn not_plain(what: &str, size: Size, operand: Operand) -> Diagnostic {
    let shown = show(size);
    if size.dimension == Size::ONE.dimension {
        let factor = number(size.factor);
        let message = format!("{what} is in {shown}: the factor {factor} is missing");
        return Diagnostic::warning("M0361", message, operand.span, shown)
            .help(format!("write `({factor})*{}`", quoted(operand.expression)));
    }
    let message = format!("{what} has to be a plain number, but is in {shown}");
    let help = match size.dimension {
        [0, 0, 0, 0, 1] => "divide it by 10 (degC), say",
        [2, 1, -2, -1, 0] => "divide it by a number in (mV)",
        _ => "divide it by a value in the same unit",
    };
    Diagnostic::warning("M0362", message, operand.span, shown).help(help)
}

/// A base with a unit whose exponent is no whole number.
pub fn base_not_plain(size: Size, span: Span) -> Diagnostic {
    let shown = show(size);
    let message = format!("the base of this power is in {shown}, so its exponent has to be a whole number");
    Diagnostic::warning("M0362", message, span, shown).help("divide the base by a value in the same unit")
}

/// A word that NEURON does not know.
pub fn unknown_unit(unit: &Unit, unknown: &Unknown) -> Diagnostic {
    let word = &unknown.word;
    let message = format!("unknown unit `{word}`");
    let diagnostic = Diagnostic::warning("M0363", message, unit.span, "used here");
    match &unknown.meaning {
        Some(meaning) => diagnostic.help(format!("add `({word}) = ({meaning})` to the UNITS block")),
        None if word.contains('*') => {
            diagnostic.help(format!("a blank multiplies: `({})`", unit.text.replace('*', " ")))
        }
        None => diagnostic.help(format!("define it in UNITS, say `({word}) = (millivolt)`")),
    }
}

/// A variable of the simulator, of an ion or a current, that is declared in another unit or none.
pub fn wrong_declaration(name: &str, needed: Size, declared: Option<Size>, span: Span) -> Diagnostic {
    let needed = show(needed);
    let (message, label) = match declared {
        Some(size) => (format!("`{name}` is in {needed}, but is declared in {}", show(size)), show(size)),
        None => (format!("`{name}` is in {needed}, but is declared without a unit"), "no unit".to_owned()),
    };
    Diagnostic::warning("M0364", message, span, label).help(format!("declare it as `{name} {needed}`"))
}

/// A reaction between amounts that are measured differently.
pub fn amounts(first: (Size, Span), other: (Size, Span)) -> Diagnostic {
    let (a, b) = (show(first.0), show(other.0));
    let message = format!("this reaction turns {a} into {b}");
    Diagnostic::warning("M0365", message, other.1, b)
        .label(first.1, a)
        .help("a COMPARTMENT statement with the volume or area makes amounts of concentrations and densities")
}

/// A unit name that is defined once more, with another meaning.
pub fn redefined(name: &Unit, first: Size, second: Size) -> Diagnostic {
    let message = format!("unit `{}` is already defined as {}", name.text, show(first));
    let label = format!("to be {}; NEURON ignores this", show(second));
    Diagnostic::warning("M0366", message, name.span, label).help("choose another name, and use that in the file")
}

/// `mV-1`.
pub fn negative_power(unit: &Unit, power: &str) -> Diagnostic {
    let message = format!("the `{power}` of `({})` is no exponent", unit.text);
    Diagnostic::warning("M0367", message, unit.span, "`-` joins two units as a blank does, and its digit is ignored")
        .help("write `(/mV)` for 1/mV")
}

/// Names the variables without a unit as the likely cause.
pub fn with_cause(diagnostic: Diagnostic, bare: &[&str]) -> Diagnostic {
    if bare.is_empty() || diagnostic.help.is_some() {
        return diagnostic;
    }
    let list = bare.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let verb = if bare.len() == 1 { "is" } else { "are" };
    diagnostic.help(format!("{list} {verb} declared without a unit and so taken for a plain number"))
}

/// An expression for advice, in parentheses where it needs them.
fn quoted(expression: Option<&Expression>) -> String {
    let Some(expression) = expression else { return "(...)".to_owned() };
    let text = print_expression(expression);
    match expression.kind {
        _ if text.len() > 60 => "(...)".to_owned(),
        ExpressionKind::Binary(..) | ExpressionKind::Unary(..) => format!("({text})"),
        ExpressionKind::Number(..)
        | ExpressionKind::Variable { .. }
        | ExpressionKind::Call { .. }
        | ExpressionKind::Text(_)
        | ExpressionKind::Parenthesis(_) => text,
    }
}
