//! Common subexpression elimination.
//!
//! A first walk finds which expressions stand again where an earlier evaluation is still valid; a
//! second, identical walk gives those a local. Values are told apart by *versions*: an assignment
//! starts a new version of its place, so equal text means equal value. What is computed inside a
//! branch or loop is not used after it.

use super::flow;
use crate::ir::{BinaryOperator, Expression, Function, IonField, IonId, Math, Place, Statement, StatementKind};
use crate::math::build::load;
use crate::math::{Numbered, Numbering};
use std::collections::HashMap;

/// Shares repeated expressions of a kernel.
pub fn run(kernel: &mut Function) {
    let mut finder = Walk::new(None);
    finder.block(&mut kernel.body.clone());
    if finder.values.iter().all(|value| value.uses == 0) {
        return;
    }
    let mut writer = Walk::new(Some((kernel.locals.len(), finder.values)));
    writer.names = kernel.locals.iter().map(|local| local.name.clone()).collect();
    writer.block(&mut kernel.body);
    for name in writer.new_locals {
        kernel.add_local(name);
    }
}

/// An evaluation of an expression.
#[derive(Clone, Debug)]
struct Value {
    /// How often it stands again.
    uses: usize,
    /// Where its result is: a place and the version it must still have.
    held: Option<(Place, u64)>,
}

/// What has versions.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Variable {
    Place(Place),
    Ion(IonId, IonField),
}

/// The versions of places and ion values; 0 where there is no entry.
#[derive(Default)]
struct Versions {
    of: HashMap<Variable, u64>,
    /// Entries replaced, to go back.
    replaced: Vec<(Variable, u64)>,
    last: u64,
}

impl Versions {
    fn get(&self, variable: Variable) -> u64 {
        self.of.get(&variable).copied().unwrap_or(0)
    }

    fn of_leaf(&self, leaf: &Expression) -> u64 {
        match leaf {
            Expression::Load(place) => self.get(Variable::Place(*place)),
            Expression::Ion(ion, field) => self.get(Variable::Ion(*ion, *field)),
            _ => 0,
        }
    }

    fn touch(&mut self, variable: Variable) {
        self.last += 1;
        let before = self.of.insert(variable, self.last).unwrap_or(0);
        self.replaced.push((variable, before));
    }

    /// Goes back to the time when `replaced` had this length.
    fn go_back(&mut self, length: usize) {
        while self.replaced.len() > length
            && let Some((variable, before)) = self.replaced.pop()
        {
            self.of.insert(variable, before);
        }
    }
}

struct Walk {
    values: Vec<Value>,
    /// Evaluations valid here, by scope.
    scopes: Vec<HashMap<u32, usize>>,
    numbering: Numbering,
    versions: Versions,
    /// In the second walk: what the first one found, and the count of locals before.
    plan: Option<(usize, Vec<Value>)>,
    new_locals: Vec<String>,
    names: Vec<String>,
}

impl Walk {
    fn new(plan: Option<(usize, Vec<Value>)>) -> Self {
        Self {
            values: Vec::new(),
            scopes: vec![HashMap::new()],
            numbering: Numbering::default(),
            versions: Versions::default(),
            plan,
            new_locals: Vec::new(),
            names: Vec::new(),
        }
    }

    fn version(&self, place: Place) -> u64 {
        self.versions.get(Variable::Place(place))
    }

    fn parts(&mut self, e: &Expression) -> Vec<Numbered> {
        self.numbering.parts(e, &|leaf| self.versions.of_leaf(leaf))
    }

    fn touch(&mut self, place: Place) {
        self.versions.touch(Variable::Place(place));
    }

    fn touch_all(&mut self, writes: &flow::Writes) {
        for place in &writes.places {
            self.touch(*place);
        }
        for (ion, field) in &writes.ions {
            self.versions.touch(Variable::Ion(*ion, *field));
        }
    }

    fn find(&self, number: u32) -> Option<usize> {
        let at = self.scopes.iter().rev().find_map(|scope| scope.get(&number).copied())?;
        match self.values[at].held {
            Some((place, version)) if self.version(place) != version => None,
            _ => Some(at),
        }
    }

    fn block(&mut self, body: &mut Vec<Statement>) {
        let mut out = Vec::with_capacity(body.len());
        for mut statement in std::mem::take(body) {
            self.statement(&mut statement, &mut out);
            out.push(statement);
        }
        *body = out;
    }

    fn inner(&mut self, body: &mut Vec<Statement>) {
        self.scopes.push(HashMap::new());
        self.block(body);
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &mut Statement, out: &mut Vec<Statement>) {
        let line = statement.line;
        match &mut statement.kind {
            StatementKind::Assign(place, value) => {
                let place = *place;
                let is_leaf = value.operands().is_empty();
                let parts = self.parts(value);
                let known = self.part(value, &parts, line, out, true);
                self.touch(place);
                if let Some(alias) = place.alias() {
                    self.touch(alias);
                }
                // The place now holds the value, unless it had been computed before.
                if !is_leaf && !known {
                    let at = self.values.len();
                    self.values.push(Value { uses: 0, held: Some((place, self.version(place))) });
                    if let Some(scope) = self.scopes.last_mut() {
                        scope.insert(parts[0].number, at);
                    }
                }
            }
            StatementKind::AssignElement(array, index, value) => {
                let array = *array;
                self.expression(index, line, out);
                self.expression(value, line, out);
                for place in array.elements() {
                    self.touch(place);
                }
            }
            StatementKind::Draw(draw) => {
                for argument in &mut draw.arguments {
                    self.expression(argument, line, out);
                }
                draw.places().into_iter().for_each(|place| self.touch(place));
            }
            StatementKind::If { condition, then, otherwise } => {
                self.expression(condition, line, out);
                let mut writes = flow::writes(then);
                let other = flow::writes(otherwise);
                writes.places.extend(other.places);
                writes.ions.extend(other.ions);
                let before = self.versions.replaced.len();
                self.inner(then);
                self.versions.go_back(before);
                self.inner(otherwise);
                self.touch_all(&writes);
            }
            StatementKind::While { body, .. } => {
                // The condition is evaluated each round: nothing can be taken out of it here.
                let writes = flow::writes(body);
                self.touch_all(&writes);
                self.inner(body);
                self.touch_all(&writes);
            }
            StatementKind::Iterate { body, .. } | StatementKind::Solve { body, .. } => {
                let writes = flow::writes(body);
                self.touch_all(&writes);
                self.inner(body);
                self.touch_all(&writes);
            }
            StatementKind::ForNetcons { body } => {
                let writes = flow::writes(body);
                self.touch_all(&writes);
                self.inner(body);
                self.touch_all(&writes);
            }
            StatementKind::NetSend { delay, flag } => {
                self.expression(delay, line, out);
                self.expression(flag, line, out);
            }
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => {
                self.expression(t, line, out);
            }
            StatementKind::StoreIon(ion, field, value) | StatementKind::AddIon(ion, field, value) => {
                self.expression(value, line, out);
                self.versions.touch(Variable::Ion(*ion, *field));
            }
            StatementKind::Derivative(_, value)
            | StatementKind::StoreV(value)
            | StatementKind::AddRhs(value)
            | StatementKind::AddDiagonal(value) => {
                self.expression(value, line, out);
            }
        }
    }

    /// Visits an expression top-down.
    fn expression(&mut self, e: &mut Expression, line: u32, out: &mut Vec<Statement>) {
        let parts = self.parts(e);
        self.part(e, &parts, line, out, false);
    }

    /// The same with the numbers of its parts; `whole` when a statement assigns it, so that it needs no local.
    /// Gives true where its value is there already.
    fn part(
        &mut self,
        e: &mut Expression,
        parts: &[Numbered],
        line: u32,
        out: &mut Vec<Statement>,
        whole: bool,
    ) -> bool {
        let [Numbered { number, .. }, below @ ..] = parts else { return false };
        if below.is_empty() {
            return false;
        }
        let shareable = !e.is_boolean() && !is_cheap(e);
        if shareable && let Some(at) = self.find(*number) {
            self.values[at].uses += 1;
            if self.plan.is_some()
                && let Some((place, _)) = self.values[at].held
            {
                *e = load(place);
            }
            return true;
        }
        let mut below = below;
        for operand in e.operands_mut() {
            let (own, rest) = below.split_at(below[0].nodes);
            self.part(operand, own, line, out, false);
            below = rest;
        }
        if whole || !shareable {
            return false;
        }
        let at = self.values.len();
        let mut held = None;
        if let Some((count, plan)) = &self.plan
            && plan.get(at).is_some_and(|value| value.uses > 0)
        {
            let id = crate::ir::LocalId((count + self.new_locals.len()) as u32);
            let place = Place::Local(id);
            let name = self.name_of(e);
            self.new_locals.push(name);
            out.push(Statement::new(StatementKind::Assign(place, e.clone()), line));
            *e = load(place);
            held = Some((place, 0));
        }
        self.values.push(Value { uses: 0, held });
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(*number, at);
        }
        false
    }

    /// A name that says what the value is.
    fn name_of(&self, e: &Expression) -> String {
        let kind = match e {
            Expression::Call(function, _) => function.name(),
            Expression::Binary(BinaryOperator::Add, ..) | Expression::MulAdd(..) => "sum",
            Expression::Binary(BinaryOperator::Subtract, ..) => "difference",
            Expression::Binary(BinaryOperator::Multiply, ..) => "product",
            Expression::Binary(BinaryOperator::Divide, ..) => "ratio",
            Expression::Select(..) => "choice",
            Expression::Element(..) => "element",
            Expression::Lookup(..) => "table",
            Expression::LookupSlope(..) => "slope",
            _ => "value",
        };
        let mut of = None;
        e.visit(&mut |inner| match inner {
            Expression::Load(Place::Local(id)) if of.is_none() => {
                of = self.names.get(id.0 as usize).cloned();
            }
            Expression::Input(input) if of.is_none() => {
                of = Some(format!("{input:?}").to_lowercase());
            }
            _ => {}
        });
        match of {
            Some(of) => format!("{kind}_{of}"),
            None => kind.to_owned(),
        }
    }
}

/// Not worth a local: a sign.
fn is_cheap(e: &Expression) -> bool {
    matches!(e, Expression::Negate(a) if a.operands().is_empty())
        || matches!(e, Expression::Call(Math::Abs, arguments) if arguments.iter().all(|a| a.operands().is_empty()))
}
