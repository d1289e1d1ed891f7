//! Arrays and loops: indices are integers as in C, and a `FROM` whose bounds are known is written out, so that its
//! counter is a number and most indices are constant.

use super::{Binding, Context, Lower, MOST_CALLED_STATEMENTS, MOST_STATEMENTS};
use crate::ir::{Array, BinaryOperator, Comparison, Expression, Math, Place, StatementKind as Kind};
use crate::math::build::number;
use crate::passes::fold;
use crate::sema::symbols::Symbol;
use nmodl_parser::ast::{self, Block, ExpressionKind, Name, StatementKind, UnaryOperator};
use nmodl_parser::{Diagnostic, Span};

/// Most statements that the loops of one kernel are written out to, where there are equations in them.
const MOST_WRITTEN_OUT: usize = 20_000;
/// The same where there are none: such a loop can also run as a loop.
const MOST_PLAIN_STATEMENTS: usize = 2_000;
/// The same with those of the routines that are called there, and that are expanded each time.
const MOST_EXPANDED_STATEMENTS: usize = 4_000;
/// What the solution of a block counts for there.
const SOLVED: usize = 100;
/// Largest expression that is repeated where it is needed again.
const LARGEST_REPEATED: usize = 20;

/// What `name[index]` refers to.
#[derive(Clone, Debug)]
pub(in crate::sema) enum Reference {
    /// A variable, or an element known now.
    Place(Place),
    /// An element that the index tells at run time.
    Element(Array, Expression),
}

impl Reference {
    /// Its value.
    pub fn load(self) -> Expression {
        match self {
            Reference::Place(place) => Expression::Load(place),
            Reference::Element(array, index) => Expression::Element(array, Box::new(index)),
        }
    }
}

impl Lower<'_, '_> {
    /// The array that a name stands for.
    pub(in crate::sema) fn array(&self, name: &str) -> Option<Array> {
        match self.bound(name) {
            Some(Binding::Array(array)) => Some(array),
            Some(Binding::Place(_) | Binding::Input(_) | Binding::Constant(_) | Binding::Counter(_)) => None,
            None => match self.source.symbols.get(name) {
                Some(Symbol::Array(array)) => Some(array),
                _ => None,
            },
        }
    }

    /// The element `name[index]`; reports a name that is no array and an index outside it.
    pub(in crate::sema) fn element(&mut self, name: &Name, index: &ast::Expression) -> Option<Reference> {
        let Some(array) = self.array(&name.text) else {
            if self.bound(&name.text).is_none() && self.source.symbols.get(&name.text).is_none() {
                self.undeclared(name);
            } else {
                let message = format!("`{}` is not an array", name.text);
                self.report.push(
                    Diagnostic::error("M0241", message, name.span.to(index.span), "has an index")
                        .help(format!("declare it with its length, `{}[4]`, or remove the index", name.text)),
                );
            }
            return None;
        };
        match self.integer(index) {
            Expression::Number(at) if at >= 0.0 && at < f64::from(array.length) => {
                Some(Reference::Place(array.element(array.position(at))))
            }
            Expression::Number(at) => {
                let message = format!("index {at} is outside `{}[{}]`", name.text, array.length);
                self.report.push(
                    Diagnostic::error("M0243", message, index.span, "no such element")
                        .help(format!("indices go from 0 to {}", array.length - 1)),
                );
                None
            }
            at => Some(Reference::Element(array, at)),
        }
    }

    /// An array's name where a number is wanted.
    pub(super) fn bare_array(&mut self, name: &Name) {
        let message = format!("array `{}` stands without an index", name.text);
        self.report.push(
            Diagnostic::error("M0241", message, name.span, "which element?")
                .help(format!("write `{}[0]` for the first element", name.text)),
        );
    }

    /// `name = value` or `name[index] = value`.
    pub(super) fn store(&mut self, name: &Name, index: Option<&ast::Expression>, value: Expression) {
        let Some(index) = index else {
            if let Some(place) = self.target(name) {
                self.assign(place, value);
            }
            return;
        };
        match self.element(name, index) {
            // A routine that nothing calls.
            Some(Reference::Place(Place::Global(_)) | Reference::Element(Array { first: Place::Global(_), .. }, _)) => {
            }
            Some(Reference::Place(place)) => self.assign(place, value),
            Some(Reference::Element(array, index)) => self.emit(Kind::AssignElement(array, index, value)),
            None => {}
        }
    }

    /// An index or a bound: C's integer arithmetic, every variable truncated before it is used.
    pub(in crate::sema) fn integer(&mut self, e: &ast::Expression) -> Expression {
        match &e.kind {
            ExpressionKind::Parenthesis(inner) => self.integer(inner),
            ExpressionKind::Unary(UnaryOperator::Minus, a) => match self.integer(a) {
                Expression::Number(x) => number(-x),
                a => Expression::Negate(Box::new(a)),
            },
            ExpressionKind::Binary(operator, a, b) => {
                let operator = match operator {
                    ast::BinaryOperator::Add => BinaryOperator::Add,
                    ast::BinaryOperator::Subtract => BinaryOperator::Subtract,
                    ast::BinaryOperator::Multiply => BinaryOperator::Multiply,
                    ast::BinaryOperator::Divide => BinaryOperator::Divide,
                    _ => {
                        let value = self.value(e);
                        return self.truncated(value);
                    }
                };
                let (a, b) = (self.integer(a), self.integer(b));
                match (operator, &a, &b) {
                    (BinaryOperator::Add, Expression::Number(x), Expression::Number(y)) => number(x + y),
                    (BinaryOperator::Subtract, Expression::Number(x), Expression::Number(y)) => number(x - y),
                    (BinaryOperator::Multiply, Expression::Number(x), Expression::Number(y)) => number(x * y),
                    (BinaryOperator::Divide, ..) => self.truncated(Expression::binary(operator, a, b)),
                    _ => Expression::binary(operator, a, b),
                }
            }
            ExpressionKind::Variable { name, index: None, .. } => match self.bound(&name.text) {
                Some(Binding::Counter(counter)) => Expression::local(counter),
                _ => {
                    let value = self.value(e);
                    self.truncated(value)
                }
            },
            ExpressionKind::Number(..)
            | ExpressionKind::Variable { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Unary(UnaryOperator::Not, _)
            | ExpressionKind::Text(_) => {
                let value = self.value(e);
                self.truncated(value)
            }
        }
    }

    /// `FROM i = first TO last BY step`, `last` included. The last value is looked up in every round, as in C.
    pub(super) fn counted_loop(&mut self, variable: &Name, bounds: [Option<&ast::Expression>; 3], body: &Block) {
        let line = self.line;
        let [first, last, step] = bounds;
        let first = first.map_or(number(0.0), |first| self.integer(first));
        let step = step.map_or(number(1.0), |step| self.integer(step));
        let mut end = number(0.0);
        let before = self.nested(|lower| end = last.map_or(number(0.0), |last| lower.integer(last)));
        if let (Expression::Number(first), Expression::Number(last), Expression::Number(step)) = (&first, &end, &step)
            && self.write_out(&variable.text, [*first, *last, *step], body)
        {
            return;
        }
        if let Some(span) = equation_in(body) {
            let message = "a loop around an equation whose rounds are not known to the compiler";
            self.report.push(
                Diagnostic::error("M0244", message, span, "how often?")
                    .help("give FROM and TO as numbers, DEFINEs or constants; loops may make up to 20000 statements"),
            );
            return;
        }
        let counter = self.function.add_local(&variable.text);
        self.assign(Place::Local(counter), first);
        self.frame().push([(variable.text.clone(), Binding::Counter(counter))].into());
        let mut body = self.nested(|lower| lower.block(body));
        self.frame().pop();
        self.line = line;
        let next = Expression::binary(BinaryOperator::Add, Expression::local(counter), step);
        body.extend(self.nested(|lower| lower.assign(Place::Local(counter), next)));
        if !self.is_too_large(MOST_CALLED_STATEMENTS, variable.span) {
            body.extend(self.again(&before));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.extend(before);
        }
        let condition = Expression::Compare(Comparison::LessEqual, Box::new(Expression::local(counter)), Box::new(end));
        self.emit_while(condition, body);
    }

    /// Lowers the body once for every value of the counter, unless that makes too many statements.
    fn write_out(&mut self, variable: &str, [first, last, step]: [f64; 3], body: &Block) -> bool {
        if first > last {
            return true;
        }
        let rounds = (last - first) / step;
        let limit = if equation_in(body).is_some() { MOST_WRITTEN_OUT } else { MOST_PLAIN_STATEMENTS };
        // A step of 0 or less never ends.
        if !(step > 0.0 && (rounds + 1.0) * statements(body) as f64 <= limit as f64) {
            return false;
        }
        let rounds = rounds as usize + 1;
        if self.written_out + rounds * statements(body) > limit {
            return false;
        }
        let expanded = rounds.saturating_mul(self.expanded(body, true)).saturating_add(self.written_out_expanded);
        if limit == MOST_PLAIN_STATEMENTS && expanded > MOST_EXPANDED_STATEMENTS {
            return false;
        }
        for round in 0..rounds {
            if self.is_too_large(MOST_STATEMENTS, body.span) {
                break;
            }
            let counter = first + round as f64 * step;
            self.frame().push([(variable.to_owned(), Binding::Constant(counter))].into());
            self.block(body);
            self.frame().pop();
        }
        self.written_out += rounds * own_statements(body);
        self.written_out_expanded += rounds.saturating_mul(self.expanded(body, false));
        true
    }

    /// The count of statements with those of the routines that they call; without those in loops, if these count for
    /// themselves.
    fn expanded(&mut self, block: &Block, loops: bool) -> usize {
        let mut count: usize = 0;
        for statement in &block.statements {
            let calls = statement.kind.expressions().into_iter().map(|e| self.called(e)).fold(1, usize::saturating_add);
            count = count.saturating_add(calls);
            if matches!(statement.kind, StatementKind::Solve { .. }) {
                count = count.saturating_add(SOLVED);
            }
            if loops || !matches!(statement.kind, StatementKind::From { .. }) {
                for block in statement.kind.blocks() {
                    count = count.saturating_add(self.expanded(block, loops));
                }
            }
        }
        count
    }

    /// The statements of the routines that an expression calls.
    fn called(&mut self, e: &ast::Expression) -> usize {
        let own = match &e.kind {
            ExpressionKind::Call { name, .. } => self.routine_size(&name.text),
            _ => 0,
        };
        e.operands().into_iter().fold(own, |sum, operand| sum.saturating_add(self.called(operand)))
    }

    fn routine_size(&mut self, name: &str) -> usize {
        if let Some(size) = self.sizes.get(name) {
            return *size;
        }
        let Some(item) = self.source.items.routines.get(name).copied() else { return 0 };
        // What calls itself is refused elsewhere.
        self.sizes.insert(name.to_owned(), 0);
        let size = self.expanded(&item.routine.body, true).saturating_add(1);
        self.sizes.insert(name.to_owned(), size);
        size
    }

    /// A value that may be repeated: small, or a local that holds it.
    pub(super) fn repeatable(&mut self, value: Expression) -> Expression {
        if fold::size(&value) <= LARGEST_REPEATED { value } else { self.held(value, "value") }
    }

    /// Towards 0.
    fn truncated(&mut self, value: Expression) -> Expression {
        match value {
            Expression::Number(x) => number(x.trunc()),
            Expression::Binary(BinaryOperator::Divide, a, b) => match (*a, *b) {
                (Expression::Number(a), Expression::Number(b)) => number((a / b).trunc()),
                (a, b) => self.towards_zero(Expression::binary(BinaryOperator::Divide, a, b)),
            },
            value => self.towards_zero(value),
        }
    }

    fn towards_zero(&mut self, value: Expression) -> Expression {
        let value = self.repeatable(value);
        let negative = Expression::Compare(Comparison::Less, Box::new(value.clone()), Box::new(number(0.0)));
        let up = Expression::Call(Math::Ceil, vec![value.clone()]);
        let down = Expression::Call(Math::Floor, vec![value]);
        Expression::Select(Box::new(negative), Box::new(up), Box::new(down))
    }

    /// The branch of an `if` that is taken, if the compiler knows. Only written-out loops make such conditions.
    pub(super) fn decided(&self, condition: &Expression) -> Option<bool> {
        let in_loop = self
            .frames
            .last()?
            .iter()
            .any(|scope| scope.values().any(|binding| matches!(binding, Binding::Constant(_))));
        if in_loop { fold::truth(condition) } else { None }
    }

    /// The state on the left of an equation.
    pub(super) fn state_of(&mut self, name: &Name, index: Option<&ast::Expression>) -> Option<Place> {
        let Some(index) = index else { return self.target(name) };
        match self.element(name, index)? {
            Reference::Place(place) => Some(place),
            Reference::Element(..) => {
                let message = format!("an equation of `{}` at an index that only the run knows", name.text);
                self.report.push(
                    Diagnostic::error("M0244", message, index.span, "which element?")
                        .help("use a number, a DEFINE, or the counter of a FROM with constant bounds"),
                );
                None
            }
        }
    }

    /// The name of a column, with the index of an element.
    pub(super) fn place_name(&self, place: Place, name: &str) -> String {
        match place {
            Place::Column(id) => self.source.symbols.columns.get(id.0 as usize).map(|column| column.name.clone()),
            Place::Global(_) | Place::Local(_) | Place::NetArgument(_) | Place::EachArgument(_) => None,
        }
        .unwrap_or_else(|| name.to_owned())
    }

    /// Declares a LOCAL array.
    pub(super) fn local_array(&mut self, name: &Name, length: u32) {
        for at in 0..length {
            let id = self.function.add_local(format!("{}[{at}]", name.text));
            if at == 0 {
                self.bind(&name.text, Binding::Array(Array { first: Place::Local(id), length }));
            }
        }
    }

    /// Whether equations are allowed here.
    pub(super) fn in_equations(&self) -> bool {
        self.context == Context::Derivative && self.calls.is_empty()
    }
}

/// The first equation or reaction in a block, which only a written-out loop can hold.
fn equation_in(block: &Block) -> Option<Span> {
    block.statements.iter().find_map(|statement| match &statement.kind {
        StatementKind::Assign { target, .. } => {
            matches!(&target.kind, ExpressionKind::Variable { primes, .. } if *primes > 0).then_some(statement.span)
        }
        StatementKind::Reaction(_)
        | StatementKind::Equation { .. }
        | StatementKind::Conserve { .. }
        | StatementKind::Compartment { .. }
        | StatementKind::LongitudinalDiffusion { .. } => Some(statement.span),
        _ => inner_blocks(&statement.kind).into_iter().find_map(equation_in),
    })
}

fn inner_blocks(kind: &StatementKind) -> Vec<&Block> {
    match kind {
        StatementKind::If { then, otherwise, .. } => [then].into_iter().chain(otherwise.as_ref()).collect(),
        StatementKind::While { body, .. }
        | StatementKind::From { body, .. }
        | StatementKind::ForNetcons { body, .. }
        | StatementKind::Block(body) => vec![body],
        _ => vec![],
    }
}

/// The count of statements as written, nested ones included.
fn statements(block: &Block) -> usize {
    block.statements.iter().map(|one| 1 + inner_blocks(&one.kind).into_iter().map(statements).sum::<usize>()).sum()
}

/// The same without inner loops, which count for themselves.
fn own_statements(block: &Block) -> usize {
    let inner = |kind: &StatementKind| match kind {
        StatementKind::From { .. } => 0,
        kind => inner_blocks(kind).into_iter().map(own_statements).sum::<usize>(),
    };
    block.statements.iter().map(|one| 1 + inner(&one.kind)).sum()
}
