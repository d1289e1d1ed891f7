//! Infix text of IR expressions, with no more parentheses than needed; common to the back ends.

use super::variables::Variable;
use crate::ir::{Array, BinaryOperator, Comparison, Expression, Generator, Input, Math, TableColumn};

/// What differs between the languages.
pub(super) trait Dialect {
    /// A finite or infinite number or NaN; a sign only in front, a blank if an operator is in it.
    fn number(&self, value: f64) -> String;
    /// The name of a variable.
    fn variable(&self, variable: Variable) -> String;
    /// The name of an array with a run-time index.
    fn array(&self, array: Array) -> String;
    /// Text of the element of an array at a run-time index.
    fn element(&self, array: Array, index: &str) -> String;
    /// Text of a table's value, or of its slope, at an argument.
    fn lookup(&self, table: TableColumn, slope: bool, x: &str) -> String;
    /// The name of a value of the simulator.
    fn input(&self, input: Input) -> String;
    /// The name of a mathematical function.
    fn function(&self, function: Math) -> String;
    /// The name of a generator of random numbers.
    fn generator(&self, generator: Generator) -> String;
    /// Text of a selection between two values.
    fn select(&self, condition: &str, a: &str, b: &str) -> String;
    /// The function for `a * b + c`, or `None` to write it so.
    fn mul_add(&self) -> Option<&'static str>;
}

/// How tightly the outermost operator of a text binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Sign,
    Atom,
}

struct Text {
    text: String,
    binding: Binding,
}

impl Text {
    fn new(text: String, binding: Binding) -> Self {
        Self { text, binding }
    }

    /// The text, in parentheses unless it binds at least as tightly as `least`.
    fn within(self, least: Binding) -> String {
        if self.binding >= least { self.text } else { format!("({})", self.text) }
    }
}

/// The text of an expression.
pub(super) fn print(dialect: &impl Dialect, expression: &Expression) -> String {
    text(dialect, expression).text
}

fn text(dialect: &impl Dialect, expression: &Expression) -> Text {
    let of = |operand: &Expression| text(dialect, operand);
    match expression {
        Expression::Number(value) => {
            let text = dialect.number(*value);
            let binding = match () {
                () if text.contains(' ') => Binding::Or,
                () if text.starts_with('-') => Binding::Sign,
                () => Binding::Atom,
            };
            Text::new(text, binding)
        }
        Expression::Load(place) => Text::new(dialect.variable((*place).into()), Binding::Atom),
        Expression::Element(array, index) => Text::new(dialect.element(*array, &of(index).text), Binding::Atom),
        Expression::Lookup(table, x) => Text::new(dialect.lookup(*table, false, &of(x).text), Binding::Atom),
        Expression::LookupSlope(table, x) => Text::new(dialect.lookup(*table, true, &of(x).text), Binding::Atom),
        Expression::Ion(ion, field) => Text::new(dialect.variable(Variable::Ion(*ion, *field)), Binding::Atom),
        Expression::Input(input) => Text::new(dialect.input(*input), Binding::Atom),
        Expression::Negate(a) => Text::new(format!("-{}", of(a).within(Binding::Atom)), Binding::Sign),
        Expression::Binary(operator, a, b) => binary(*operator, of(a), of(b)),
        Expression::MulAdd(a, b, c) => match dialect.mul_add() {
            Some(function) => {
                Text::new(format!("{function}({}, {}, {})", of(a).text, of(b).text, of(c).text), Binding::Atom)
            }
            None => binary(BinaryOperator::Add, binary(BinaryOperator::Multiply, of(a), of(b)), of(c)),
        },
        Expression::Call(function, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(|argument| of(argument).text).collect();
            Text::new(format!("{}({})", dialect.function(*function), arguments.join(", ")), Binding::Atom)
        }
        Expression::Select(condition, a, b) => {
            Text::new(dialect.select(&of(condition).text, &of(a).text, &of(b).text), Binding::Atom)
        }
        Expression::Compare(comparison, a, b) => {
            let (a, b) = (of(a).within(Binding::Sum), of(b).within(Binding::Sum));
            Text::new(format!("{a} {} {b}", sign(*comparison)), Binding::Comparison)
        }
        Expression::And(a, b) => logical("&&", Binding::And, of(a), of(b)),
        Expression::Or(a, b) => logical("||", Binding::Or, of(a), of(b)),
        Expression::Not(a) => Text::new(format!("!{}", of(a).within(Binding::Atom)), Binding::Sign),
    }
}

fn binary(operator: BinaryOperator, a: Text, b: Text) -> Text {
    let (sign, binding, right) = match operator {
        BinaryOperator::Add => ("+", Binding::Sum, Binding::Product),
        BinaryOperator::Subtract => ("-", Binding::Sum, Binding::Product),
        BinaryOperator::Multiply => ("*", Binding::Product, Binding::Sign),
        BinaryOperator::Divide => ("/", Binding::Product, Binding::Sign),
    };
    Text::new(format!("{} {sign} {}", a.within(binding), b.within(right)), binding)
}

/// WGSL wants parentheses around `&&` beside `||`; Rust is glad of them.
fn logical(sign: &str, binding: Binding, a: Text, b: Text) -> Text {
    let left = if a.binding == binding { a.text } else { a.within(Binding::Comparison) };
    Text::new(format!("{left} {sign} {}", b.within(Binding::Comparison)), binding)
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
    }
}
