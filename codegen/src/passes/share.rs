//! Common subexpression elimination.
//!
//! A first walk finds which expressions stand again where an earlier evaluation is still valid; a
//! second, identical walk gives those a local. Values are told apart by *versions*: an assignment
//! starts a new version of its place, so equal text means equal value. What is computed inside a
//! branch or loop is not used after it.

use super::flow;
use crate::ir::{BinaryOperator, Expression, Function, Math, Place, Statement, StatementKind};
use crate::math::build::load;
use crate::math::{Key, key};
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

/// Keys of a version map: places and ion fields, by the leaf expression's unversioned key.
type Versions = HashMap<Key, u64>;

struct Walk {
    values: Vec<Value>,
    /// Evaluations valid here, by scope.
    scopes: Vec<HashMap<Key, usize>>,
    versions: Versions,
    next_version: u64,
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
            versions: HashMap::new(),
            next_version: 1,
            plan,
            new_locals: Vec::new(),
            names: Vec::new(),
        }
    }

    fn version(&self, leaf: &Expression) -> u64 {
        self.versions.get(&key(leaf, &|_| 0)).copied().unwrap_or(0)
    }

    fn key(&self, e: &Expression) -> Key {
        key(e, &|leaf| self.version(leaf))
    }

    fn touch(&mut self, leaf: &Expression) {
        self.versions.insert(key(leaf, &|_| 0), self.next_version);
        self.next_version += 1;
    }

    fn touch_all(&mut self, writes: &flow::Writes) {
        for place in &writes.places {
            self.touch(&load(*place));
        }
        for (ion, field) in &writes.ions {
            self.touch(&Expression::Ion(*ion, *field));
        }
    }

    fn find(&self, key: &Key) -> Option<usize> {
        let at = self.scopes.iter().rev().find_map(|scope| scope.get(key).copied())?;
        match self.values[at].held {
            Some((place, version)) if self.version(&load(place)) != version => None,
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
                let whole = (!value.operands().is_empty()).then(|| self.key(value));
                let known = self.expression(value, line, out, true);
                self.touch(&load(place));
                if let Some(alias) = place.alias() {
                    self.touch(&load(alias));
                }
                // The place now holds the value, unless it had been computed before.
                if let Some(whole) = whole
                    && !known
                {
                    let at = self.values.len();
                    self.values.push(Value { uses: 0, held: Some((place, self.version(&load(place)))) });
                    if let Some(scope) = self.scopes.last_mut() {
                        scope.insert(whole, at);
                    }
                }
            }
            StatementKind::AssignElement(array, index, value) => {
                let array = *array;
                self.expression(index, line, out, false);
                self.expression(value, line, out, false);
                for place in array.elements() {
                    self.touch(&load(place));
                }
            }
            StatementKind::Draw(draw) => {
                for argument in &mut draw.arguments {
                    self.expression(argument, line, out, false);
                }
                draw.places().into_iter().for_each(|place| self.touch(&load(place)));
            }
            StatementKind::If { condition, then, otherwise } => {
                self.expression(condition, line, out, false);
                let mut writes = flow::writes(then);
                let other = flow::writes(otherwise);
                writes.places.extend(other.places);
                writes.ions.extend(other.ions);
                let versions = self.versions.clone();
                self.inner(then);
                self.versions = versions;
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
                self.expression(delay, line, out, false);
                self.expression(flag, line, out, false);
            }
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => {
                self.expression(t, line, out, false);
            }
            StatementKind::StoreIon(ion, field, value) | StatementKind::AddIon(ion, field, value) => {
                let leaf = Expression::Ion(*ion, *field);
                self.expression(value, line, out, false);
                self.touch(&leaf);
            }
            StatementKind::Derivative(_, value)
            | StatementKind::StoreV(value)
            | StatementKind::AddRhs(value)
            | StatementKind::AddDiagonal(value) => {
                self.expression(value, line, out, false);
            }
        }
    }

    /// Visits an expression top-down; `whole` when a statement assigns it, so that it needs no local.
    /// Gives true where its value is there already.
    fn expression(&mut self, e: &mut Expression, line: u32, out: &mut Vec<Statement>, whole: bool) -> bool {
        if e.operands().is_empty() {
            return false;
        }
        let shareable = !e.is_boolean() && !is_cheap(e);
        let key = self.key(e);
        if shareable && let Some(at) = self.find(&key) {
            self.values[at].uses += 1;
            if self.plan.is_some()
                && let Some((place, _)) = self.values[at].held
            {
                *e = load(place);
            }
            return true;
        }
        for operand in e.operands_mut() {
            self.expression(operand, line, out, false);
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
            scope.insert(key, at);
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
