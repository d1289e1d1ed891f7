//! The statements of a kernel that is cut into parts, apart from the exponentials in them.

use crate::ir::{
    BinaryOperator, Column, ColumnId, Expression, IonField, IonId, Math, Mechanism, Place, Role, Statement,
    StatementKind,
};
use crate::math::build::multiply;
use crate::passes::flow;
use std::collections::{BTreeMap, BTreeSet};

/// What is done with rows after a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// A function of each element of a row, in place.
    Each(Math, ColumnId),
    /// A state comes nearer to its target: `state - expm1(exponent)*(target - state)`.
    Relax {
        /// The state.
        state: ColumnId,
        /// The row with the exponents.
        exponent: ColumnId,
        /// Where the targets are.
        target: Target,
    },
}

/// The targets of a relaxation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// They are in a row.
    Row(ColumnId),
    /// They are quotients of two rows.
    Ratio(ColumnId, ColumnId),
}

/// What statements read and write.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Place(Place),
    Ion(IonId, IonField),
}

/// A statement on its way to a part, or the call after it.
pub(super) struct Step {
    pub statement: Option<Statement>,
    pub call: Option<Call>,
    pub part: usize,
    pub reads: BTreeSet<Value>,
    pub writes: BTreeSet<Value>,
}

/// The mechanism whose columns become more.
pub(super) struct Cut {
    pub mechanism: Mechanism,
    /// The column of the first row.
    pub first_row: usize,
}

impl Cut {
    pub fn new(mechanism: &Mechanism) -> Self {
        Self { mechanism: mechanism.clone(), first_row: mechanism.columns.len() }
    }

    /// Whether it is one of the rows.
    pub fn is_row(&self, place: Place) -> bool {
        matches!(place, Place::Column(id) if id.0 as usize >= self.first_row)
    }

    /// A column for a row.
    pub fn add(&mut self, name: &str) -> ColumnId {
        self.mechanism.columns.push(Column {
            name: name.to_owned(),
            unit: String::new(),
            role: Role::Assigned,
            range: false,
            default: 0.0,
            limits: None,
        });
        ColumnId(self.mechanism.columns.len() as u32 - 1)
    }

    /// The statements, each after those that set the arguments of its exponentials.
    pub fn steps(&mut self, body: &[Statement]) -> Vec<Step> {
        let definitions = definitions(body);
        let mut steps = Vec::new();
        for statement in body {
            let line = statement.line;
            let relaxed = relaxation(&statement.kind);
            // What else assigns the state expects it where the kernel keeps its values.
            if let Some((state, exponent, target)) =
                relaxed.filter(|(state, ..)| flow::assignments(body, Place::Column(*state)) == 1)
            {
                let exponent = self.set("exponent", exponent, line, &mut steps);
                // An exponential in it would be computed twice.
                let defined = |place| definitions.get(place).copied().filter(|value| !has_calls(value));
                let definition = match &target {
                    Expression::Load(place) => defined(place).unwrap_or(&target),
                    target => target,
                };
                let target = match definition {
                    Expression::Binary(BinaryOperator::Divide, a, b)
                        if !a.operands().is_empty() || matches!(**a, Expression::Load(_)) =>
                    {
                        let numerator = self.set("numerator", a, line, &mut steps);
                        Target::Ratio(numerator, self.set("denominator", b, line, &mut steps))
                    }
                    _ => Target::Row(self.set("target", &target, line, &mut steps)),
                };
                steps.push(Step::relax(state, exponent, target));
                continue;
            }
            let mut statement = statement.clone();
            for expression in statement.expressions_mut() {
                self.take_calls(expression, line, &mut steps);
            }
            steps.push(Step::new(statement));
        }
        steps
    }

    /// A new row that a new statement sets.
    fn set(&mut self, name: &str, value: &Expression, line: u32, steps: &mut Vec<Step>) -> ColumnId {
        let mut value = value.clone();
        self.take_calls(&mut value, line, steps);
        let row = self.add(name);
        steps.push(Step::new(Statement::new(StatementKind::Assign(Place::Column(row), value), line)));
        row
    }

    /// Replaces exponentials by rows; inner ones come first.
    fn take_calls(&mut self, expression: &mut Expression, line: u32, steps: &mut Vec<Step>) {
        let Some((function, argument)) = call(expression) else {
            for operand in expression.operands_mut() {
                self.take_calls(operand, line, steps);
            }
            return;
        };
        let row = self.set(function.name(), argument, line, steps);
        if let Some(step) = steps.last_mut() {
            step.call = Some(Call::Each(function, row));
        }
        *expression = Expression::column(row);
    }
}

impl Value {
    pub fn place(&self) -> Option<Place> {
        match self {
            Value::Place(place) => Some(*place),
            Value::Ion(..) => None,
        }
    }
}

impl Step {
    fn new(statement: Statement) -> Self {
        let body = std::slice::from_ref(&statement);
        let mut reads: BTreeSet<Value> = flow::loads(body).into_iter().map(Value::Place).collect();
        flow::visit(body, &mut |part| {
            if let Expression::Ion(ion, field) = part {
                reads.insert(Value::Ion(*ion, *field));
            }
        });
        let flow::Writes { places, ions } = flow::writes(body);
        let writes =
            places.into_iter().map(Value::Place).chain(ions.into_iter().map(|(ion, field)| Value::Ion(ion, field)));
        Self { call: None, part: 0, reads, writes: writes.collect(), statement: Some(statement) }
    }

    fn relax(state: ColumnId, exponent: ColumnId, target: Target) -> Self {
        let targets = match target {
            Target::Row(row) => [row, row],
            Target::Ratio(numerator, denominator) => [numerator, denominator],
        };
        let value = |column| Value::Place(Place::Column(column));
        Self {
            statement: None,
            call: Some(Call::Relax { state, exponent, target }),
            part: 0,
            reads: [state, exponent].into_iter().chain(targets).map(value).collect(),
            writes: BTreeSet::from([value(state)]),
        }
    }

    /// The first part that can use what it sets.
    pub fn ready(&self) -> usize {
        self.part + usize::from(self.call.is_some())
    }
}

/// Whether it is an assignment, or a choice between some.
pub(super) fn is_plain(statement: &Statement) -> bool {
    let indexed = |e: &Expression| {
        let mut indexed = false;
        e.visit(&mut |part| indexed |= matches!(part, Expression::Element(..)));
        indexed
    };
    let plain = match &statement.kind {
        StatementKind::Assign(..) => true,
        StatementKind::StoreIon(_, field, _) => matches!(field, IonField::Conci | IonField::Conco | IonField::Erev),
        StatementKind::If { then, otherwise, .. } => then.iter().chain(otherwise).all(is_plain),
        _ => false,
    };
    plain && !statement.expressions().into_iter().any(indexed)
}

/// A function that takes long, and its argument.
fn call(expression: &Expression) -> Option<(Math, &Expression)> {
    match expression {
        Expression::Call(function @ (Math::Exp | Math::Expm1 | Math::Log), arguments) => {
            Some((*function, &arguments[0]))
        }
        _ => None,
    }
}

fn has_calls(expression: &Expression) -> bool {
    let mut found = false;
    expression.visit(&mut |part| found |= call(part).is_some());
    found
}

/// The state of `state = madd(-expm1(exponent), target - state, state)`, its exponent and its target. A product less the
/// state may have become one operation.
fn relaxation(statement: &StatementKind) -> Option<(ColumnId, &Expression, Expression)> {
    let StatementKind::Assign(place @ Place::Column(state), Expression::MulAdd(factor, distance, from)) = statement
    else {
        return None;
    };
    let Expression::Negate(factor) = &**factor else { return None };
    let Expression::Call(Math::Expm1, arguments) = &**factor else { return None };
    let (target, state_again) = match &**distance {
        Expression::Binary(BinaryOperator::Subtract, target, state) => ((**target).clone(), state),
        Expression::MulAdd(a, b, less) => match &**less {
            Expression::Negate(state) => (multiply((**a).clone(), (**b).clone()), state),
            _ => return None,
        },
        _ => return None,
    };
    let is_state = |expression: &Expression| *expression == Expression::Load(*place);
    let fits = is_state(from) && is_state(state_again) && !flow::reads(&target, *place);
    (fits && !flow::reads(&arguments[0], *place)).then_some((*state, &arguments[0], target))
}

/// The expressions of the places that are assigned once, from what never changes after.
fn definitions(body: &[Statement]) -> BTreeMap<Place, &Expression> {
    let mut writers: BTreeMap<Place, usize> = BTreeMap::new();
    for place in body.iter().flat_map(|statement| flow::writes(std::slice::from_ref(statement)).places) {
        *writers.entry(place).or_default() += 1;
    }
    let stays = |place: &Place| match place {
        Place::Local(_) => writers.get(place).is_none_or(|count| *count == 1),
        _ => !writers.contains_key(place),
    };
    let of = |statement: &'_ Statement| match &statement.kind {
        StatementKind::Assign(..) => flow::loads(std::slice::from_ref(statement)).iter().all(stays),
        _ => false,
    };
    body.iter()
        .filter(|statement| of(statement))
        .filter_map(|statement| match &statement.kind {
            StatementKind::Assign(place, value) if writers[place] == 1 => Some((*place, value)),
            _ => None,
        })
        .collect()
}
