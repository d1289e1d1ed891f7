//! What is the same for an instance in every step is computed once, by INITIAL.
//!
//! `exp(-dt/tau)` of a synapse whose `tau` is a parameter is one number for each instance. Where the kernels of a step hold
//! such an expression it becomes a column: `init` sets it at its end, they load it. It may depend on dt, temperature,
//! geometry, GLOBALs, and on columns that only `init` writes, or none. So do quotients of the geometry in point processes,
//! whose currents are divided by the area.

use super::{flow, fold, versions};
use crate::ir::{
    BinaryOperator, Column, ColumnId, Expression, Function, Input, Kind, LocalId, Math, Mechanism, Place, Role,
    Statement, StatementKind,
};
use crate::math::build::load;
use crate::math::{Key, key};
use std::collections::{BTreeMap, BTreeSet};

/// Larger expressions stay where they are, counted with the definitions of their locals.
const LARGEST: usize = 200;

/// Moves expressions of the kernels of a step to `init`.
pub fn run(mechanism: &mut Mechanism) {
    let settled = settled(mechanism);
    let mut columns = Columns {
        first: mechanism.columns.len(),
        point: mechanism.kind == Kind::PointProcess,
        found: BTreeMap::new(),
        statements: Vec::new(),
    };
    for kernel in [&mut mechanism.kernels.current, &mut mechanism.kernels.state].into_iter().flatten() {
        let known = Known::of(&kernel.body, &settled);
        flow::each(&mut kernel.body, &mut |e| columns.extract(e, &known));
    }
    if columns.statements.is_empty() {
        return;
    }
    for number in 0..columns.statements.len() {
        mechanism.columns.push(Column {
            name: format!("settled_{number}"),
            unit: String::new(),
            role: Role::Assigned,
            range: false,
            default: 0.0,
            limits: None,
        });
    }
    let read = flow::loads(&columns.statements);
    let name = |(id, column): (usize, &Column)| {
        read.contains(&Place::Column(ColumnId(id as u32))).then(|| column.name.clone())
    };
    mechanism.settled_by = mechanism.columns.iter().enumerate().filter_map(name).collect();
    mechanism.kernels.init.get_or_insert_with(Function::default).body.append(&mut columns.statements);
}

/// Columns that no kernel but `init` writes, and that no run-time index reaches.
fn settled(mechanism: &Mechanism) -> BTreeSet<Place> {
    let initialised =
        mechanism.kernels.init.as_ref().map_or_else(BTreeSet::new, |init| flow::writes(&init.body).places);
    let mut columns: BTreeSet<Place> = BTreeSet::new();
    for (id, column) in mechanism.columns.iter().enumerate() {
        let place = Place::Column(ColumnId(id as u32));
        // What INITIAL does not set and is no parameter may be a POINTER.
        if column.role == Role::Parameter || initialised.contains(&place) {
            columns.insert(place);
        }
    }
    for (name, kernel) in mechanism.kernels.iter() {
        if name != "init" {
            let written = flow::writes(&kernel.body).places;
            columns.retain(|column| !written.contains(column));
        }
        let arrays = flow::arrays(&kernel.body);
        columns.retain(|column| !arrays.iter().any(|array| array.contains(*column)));
    }
    for diffusion in &mechanism.diffusions {
        for id in diffusion.columns() {
            columns.remove(&Place::Column(id));
        }
    }
    columns
}

/// What is the same in every step of a kernel.
struct Known<'a> {
    settled: &'a BTreeSet<Place>,
    /// Locals, and what they hold.
    locals: BTreeMap<LocalId, Expression>,
}

impl<'a> Known<'a> {
    fn of(body: &[Statement], settled: &'a BTreeSet<Place>) -> Self {
        let mut definitions = versions::single(body);
        let mut known = Self { settled, locals: BTreeMap::new() };
        for statement in body {
            if let StatementKind::Assign(Place::Local(id), _) = &statement.kind
                && let Some(definition) = definitions.remove(id)
                && known.is_constant(&definition)
            {
                known.locals.insert(*id, definition);
            }
        }
        known
    }

    fn is_constant(&self, e: &Expression) -> bool {
        all(e, &|part| match part {
            Expression::Load(Place::Local(id)) => self.locals.contains_key(id),
            Expression::Load(place @ Place::Column(_)) => self.settled.contains(place),
            Expression::Load(place) => matches!(place, Place::Global(_)),
            Expression::Input(input) => matches!(input, Input::Dt | Input::Celsius | Input::Area | Input::Diam),
            Expression::Ion(..) | Expression::Element(..) | Expression::Lookup(..) | Expression::LookupSlope(..) => {
                false
            }
            _ => true,
        })
    }

    /// The expression with definitions in place of locals; nothing if it has more than `room` parts.
    fn whole(&self, e: &Expression, room: &mut usize) -> Option<Expression> {
        if fold::size(e) > *room {
            return None;
        }
        *room -= 1;
        if let Expression::Load(Place::Local(id)) = e {
            return self.whole(self.locals.get(id)?, room);
        }
        let mut whole = e.clone();
        for operand in whole.operands_mut() {
            *operand = self.whole(operand, room)?;
        }
        Some(whole)
    }
}

/// The new columns.
struct Columns {
    first: usize,
    /// Of a point process.
    point: bool,
    found: BTreeMap<Key, Place>,
    statements: Vec<Statement>,
}

impl Columns {
    /// Replaces the largest parts that are worth it.
    fn extract(&mut self, e: &mut Expression, known: &Known<'_>) {
        let mut room = LARGEST;
        if !e.is_boolean()
            && known.is_constant(e)
            && let Some(whole) = known.whole(e, &mut room)
            && self.is_worth(&whole)
        {
            let place = *self.found.entry(key(&whole, &|_| 0)).or_insert_with(|| {
                let place = Place::Column(ColumnId((self.first + self.statements.len()) as u32));
                self.statements.push(Statement::new(StatementKind::Assign(place, whole), 0));
                place
            });
            *e = load(place);
            return;
        }
        for operand in e.operands_mut() {
            self.extract(operand, known);
        }
    }

    /// Whether an expression takes long and differs between instances; if not, it is computed once for all of them.
    fn is_worth(&self, e: &Expression) -> bool {
        let is_column = |part: &Expression| matches!(part, Expression::Load(Place::Column(_)));
        let is_geometry = |part: &Expression| matches!(part, Expression::Input(Input::Area | Input::Diam));
        let is_function = |part: &Expression| matches!(part, Expression::Call(function, _) if !matches!(function, Math::Abs | Math::Min | Math::Max));
        let is_quotient = |part: &Expression| matches!(part, Expression::Binary(BinaryOperator::Divide, ..));
        let own = any(e, &is_column);
        (any(e, &is_function) && (own || any(e, &is_geometry)))
            // Columns may be set from outside in each step, as the current of an electrode is.
            || (self.point && !own && any(e, &is_geometry) && any(e, &is_quotient))
    }
}

fn all(e: &Expression, holds: &impl Fn(&Expression) -> bool) -> bool {
    let mut all = true;
    e.visit(&mut |part| all &= holds(part));
    all
}

fn any(e: &Expression, holds: &impl Fn(&Expression) -> bool) -> bool {
    !all(e, &|part| !holds(part))
}
