//! Copy propagation: a local that only repeats a number or another value, or its negative, is read as that value.

use super::flow;
use crate::ir::{Array, Expression, Function, Input, IonField, IonId, LocalId, Place, Statement, StatementKind};
use std::collections::{BTreeSet, HashMap};

/// Replaces loads of copies.
pub fn run(kernel: &mut Function) {
    block(&mut kernel.body, &mut Known::default());
}

/// What may change under a copy.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    Place(Place),
    Ion(IonId, IonField),
    V,
}

impl Source {
    fn of(value: &Expression) -> Option<Self> {
        match value {
            Expression::Load(place) => Some(Self::Place(*place)),
            Expression::Ion(ion, field) => Some(Self::Ion(*ion, *field)),
            Expression::Input(Input::V) => Some(Self::V),
            Expression::Negate(value) => Self::of(value),
            _ => None,
        }
    }
}

/// The locals that are copies here, and of what.
#[derive(Default)]
struct Known {
    of: HashMap<LocalId, Expression>,
    /// The copies of each source.
    copies: HashMap<Source, BTreeSet<LocalId>>,
    /// Entries replaced, to go back.
    replaced: Vec<(LocalId, Option<Expression>)>,
}

impl Known {
    fn set(&mut self, id: LocalId, value: Option<Expression>) {
        if value.is_none() && !self.of.contains_key(&id) {
            return;
        }
        let before = self.put(id, value);
        self.replaced.push((id, before));
    }

    fn put(&mut self, id: LocalId, value: Option<Expression>) -> Option<Expression> {
        if let Some(source) = value.as_ref().and_then(Source::of) {
            self.copies.entry(source).or_default().insert(id);
        }
        let before = match value {
            Some(value) => self.of.insert(id, value),
            None => self.of.remove(&id),
        };
        let now = self.of.get(&id).and_then(Source::of);
        if let Some(source) = before.as_ref().and_then(Source::of)
            && now != Some(source)
            && let Some(copies) = self.copies.get_mut(&source)
        {
            copies.remove(&id);
        }
        before
    }

    /// A source has changed: what was its copy is no more.
    fn forget(&mut self, source: Source) {
        for id in self.copies.get(&source).cloned().unwrap_or_default() {
            self.set(id, None);
        }
    }

    /// A place has changed.
    fn forget_place(&mut self, place: Place) {
        self.forget(Source::Place(place));
        if let Place::Local(id) = place {
            self.set(id, None);
        }
    }

    fn forget_array(&mut self, array: Array) {
        array.elements().for_each(|place| self.forget_place(place));
    }

    fn forget_written(&mut self, body: &[Statement]) {
        let writes = flow::writes(body);
        writes.places.into_iter().for_each(|place| self.forget_place(place));
        writes.ions.into_iter().for_each(|(ion, field)| self.forget(Source::Ion(ion, field)));
    }

    /// Goes back to the time when `replaced` had this length; gives what the locals changed since then held.
    fn go_back(&mut self, length: usize) -> HashMap<LocalId, Option<Expression>> {
        let mut left = HashMap::new();
        while self.replaced.len() > length
            && let Some((id, before)) = self.replaced.pop()
        {
            let after = self.put(id, before);
            left.entry(id).or_insert(after);
        }
        left
    }

    /// Works without leaving a trace.
    fn apart(&mut self, work: impl FnOnce(&mut Self)) -> HashMap<LocalId, Option<Expression>> {
        let length = self.replaced.len();
        work(self);
        self.go_back(length)
    }

    /// Keeps what holds after both of two branches, given what each has changed.
    fn join(&mut self, then: HashMap<LocalId, Option<Expression>>, other: HashMap<LocalId, Option<Expression>>) {
        let changed: BTreeSet<LocalId> = then.keys().chain(other.keys()).copied().collect();
        for id in changed {
            let after = |branch: &HashMap<LocalId, Option<Expression>>| {
                branch.get(&id).cloned().unwrap_or_else(|| self.of.get(&id).cloned())
            };
            let value = after(&then);
            let same = value == after(&other);
            self.set(id, value.filter(|_| same));
        }
    }
}

fn block(body: &mut [Statement], known: &mut Known) {
    for statement in body {
        match &mut statement.kind {
            StatementKind::If { condition, then, otherwise } => {
                replace(condition, known);
                let then = known.apart(|known| block(then, known));
                let other = known.apart(|known| block(otherwise, known));
                known.join(then, other);
            }
            StatementKind::While { condition, body } => {
                known.forget_written(body);
                replace(condition, known);
                known.apart(|known| block(body, known));
            }
            StatementKind::ForNetcons { body } => {
                known.forget_written(body);
                known.apart(|known| block(body, known));
            }
            StatementKind::Iterate { body, until, .. } => {
                known.forget_written(body);
                block(body, known);
                replace(until, known);
            }
            StatementKind::Solve { body, .. } => {
                known.forget_written(body);
                block(body, known);
            }
            StatementKind::Assign(place, value) => {
                replace(value, known);
                known.forget_place(*place);
                if let Some(alias) = place.alias() {
                    known.forget_place(alias);
                }
                if let Place::Local(id) = *place
                    && is_copy(value)
                    && Source::of(value) != Some(Source::Place(*place))
                {
                    known.set(id, Some(value.clone()));
                }
            }
            StatementKind::AssignElement(array, index, value) => {
                replace(index, known);
                replace(value, known);
                known.forget_array(*array);
            }
            StatementKind::Draw(draw) => {
                draw.arguments.iter_mut().for_each(|argument| replace(argument, known));
                draw.places().into_iter().for_each(|place| known.forget_place(place));
            }
            StatementKind::StoreIon(ion, field, value) | StatementKind::AddIon(ion, field, value) => {
                replace(value, known);
                known.forget(Source::Ion(*ion, *field));
            }
            StatementKind::StoreV(value) => {
                replace(value, known);
                known.forget(Source::V);
            }
            StatementKind::Derivative(_, value) | StatementKind::AddRhs(value) | StatementKind::AddDiagonal(value) => {
                replace(value, known);
            }
            StatementKind::NetSend { delay, flag } => {
                replace(delay, known);
                replace(flag, known);
            }
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => replace(t, known),
        }
    }
}

fn is_copy(e: &Expression) -> bool {
    match e {
        Expression::Negate(value) => value.operands().is_empty(),
        e => e.operands().is_empty(),
    }
}

fn replace(e: &mut Expression, known: &Known) {
    e.rewrite(&mut |inner| {
        if let Expression::Load(Place::Local(id)) = inner
            && let Some(value) = known.of.get(id)
        {
            *inner = value.clone();
        }
    });
}
