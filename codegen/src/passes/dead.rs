//! Dead code elimination: assignments to locals that nobody reads, branches without content.

use crate::ir::{Expression, Function, LocalId, Place, Statement, StatementKind};
use crate::math::build::is_zero;
use std::collections::HashMap;

/// Removes what has no effect.
pub fn run(kernel: &mut Function) {
    block(&mut kernel.body, &mut Live::default());
}

/// The locals that are read later: a bit for each.
#[derive(Clone, Debug, Default)]
struct Live(Vec<u64>);

impl Live {
    fn contains(&self, id: LocalId) -> bool {
        self.0.get(id.0 as usize / 64).is_some_and(|word| word & (1 << (id.0 % 64)) != 0)
    }

    fn insert(&mut self, id: LocalId) {
        let at = id.0 as usize / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (id.0 % 64);
    }

    fn remove(&mut self, id: LocalId) {
        if let Some(word) = self.0.get_mut(id.0 as usize / 64) {
            *word &= !(1 << (id.0 % 64));
        }
    }

    fn read(&mut self, e: &Expression) {
        e.visit(&mut |inner| match inner {
            Expression::Load(Place::Local(id)) => self.insert(*id),
            Expression::Element(array, _) => array.elements().for_each(|element| {
                if let Place::Local(id) = element {
                    self.insert(id);
                }
            }),
            _ => {}
        });
    }

    /// Adds all of another; gives whether there was one to add.
    fn extend(&mut self, other: &Live) -> bool {
        let mut grown = false;
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            grown |= other & !*word != 0;
            *word |= other;
        }
        grown
    }
}

/// Walks backwards; `live` holds the locals read later.
fn block(body: &mut Vec<Statement>, live: &mut Live) {
    let mut kept = Vec::with_capacity(body.len());
    for mut statement in std::mem::take(body).into_iter().rev() {
        if keep(&mut statement, live) {
            kept.push(statement);
        }
    }
    kept.reverse();
    *body = kept;
}

fn keep(statement: &mut Statement, live: &mut Live) -> bool {
    match &mut statement.kind {
        StatementKind::If { condition, then, otherwise } => {
            let mut other = live.clone();
            block(then, live);
            block(otherwise, &mut other);
            if then.is_empty() && otherwise.is_empty() {
                return false;
            }
            live.extend(&other);
            live.read(condition);
            true
        }
        StatementKind::While { condition, body } => {
            live.read(condition);
            Needs::default().settle(body, live);
            block(body, &mut live.clone());
            true
        }
        StatementKind::Iterate { body, until, .. } => {
            live.read(until);
            Needs::default().settle(body, live);
            block(body, live);
            !body.is_empty()
        }
        StatementKind::Solve { body, .. } => {
            Needs::default().settle(body, live);
            block(body, live);
            true
        }
        StatementKind::ForNetcons { body } => {
            Needs::default().settle(body, live);
            block(body, &mut live.clone());
            !body.is_empty()
        }
        StatementKind::Assign(..)
        | StatementKind::AssignElement(..)
        | StatementKind::Derivative(..)
        | StatementKind::Draw(_)
        | StatementKind::StoreIon(..)
        | StatementKind::AddIon(..)
        | StatementKind::StoreV(_)
        | StatementKind::AddRhs(_)
        | StatementKind::AddDiagonal(_)
        | StatementKind::NetSend { .. }
        | StatementKind::NetEvent(_)
        | StatementKind::NetMove(_) => simple(statement, live),
    }
}

/// A statement that holds no others.
fn simple(statement: &Statement, live: &mut Live) -> bool {
    match &statement.kind {
        StatementKind::Assign(place, value) => {
            if *value == Expression::Load(*place) {
                return false;
            }
            if let Place::Local(id) = place {
                if !live.contains(*id) {
                    return false;
                }
                live.remove(*id);
            }
        }
        StatementKind::AssignElement(array, ..) => {
            let is_live = |element| matches!(element, Place::Local(id) if live.contains(id));
            if matches!(array.first, Place::Local(_)) && !array.elements().any(is_live) {
                return false;
            }
        }
        // The stream moves on even if nobody reads the number.
        StatementKind::Draw(draw) => {
            for place in draw.places() {
                if let Place::Local(id) = place {
                    live.remove(id);
                }
            }
        }
        StatementKind::StoreIon(ion, field, value) if *value == Expression::Ion(*ion, *field) => return false,
        StatementKind::AddIon(_, _, value) | StatementKind::AddRhs(value) | StatementKind::AddDiagonal(value)
            if is_zero(value) =>
        {
            return false;
        }
        StatementKind::Derivative(place, _) => live.read(&Expression::Load(*place)),
        StatementKind::StoreIon(..)
        | StatementKind::AddIon(..)
        | StatementKind::StoreV(_)
        | StatementKind::AddRhs(_)
        | StatementKind::AddDiagonal(_)
        | StatementKind::NetSend { .. }
        | StatementKind::NetEvent(_)
        | StatementKind::NetMove(_)
        | StatementKind::If { .. }
        | StatementKind::While { .. }
        | StatementKind::Iterate { .. }
        | StatementKind::Solve { .. }
        | StatementKind::ForNetcons { .. } => {}
    }
    statement.expressions().into_iter().for_each(|e| live.read(e));
    true
}

/// What loops need, without removing anything yet.
#[derive(Default)]
struct Needs {
    /// What is live at the end of each loop's body, as far as known. While the loop around it is being settled that only
    /// grows, and each time it goes on from here: otherwise work would double with every loop around a loop.
    at_end: HashMap<*const Statement, Live>,
}

impl Needs {
    /// What a further round of a loop's body needs is live at its end too.
    fn settle(&mut self, body: &[Statement], live: &mut Live) {
        // Lists without content have no address of their own.
        if body.is_empty() {
            return;
        }
        if let Some(known) = self.at_end.get(&body.as_ptr()) {
            live.extend(known);
        }
        loop {
            let mut before = live.clone();
            self.block(body, &mut before);
            if !live.extend(&before) {
                break;
            }
        }
        self.at_end.insert(body.as_ptr(), live.clone());
    }

    /// As [`block`]; gives whether something stays.
    fn block(&mut self, body: &[Statement], live: &mut Live) -> bool {
        let mut any = false;
        for statement in body.iter().rev() {
            any |= self.keep(statement, live);
        }
        any
    }

    /// As [`keep`].
    fn keep(&mut self, statement: &Statement, live: &mut Live) -> bool {
        match &statement.kind {
            StatementKind::If { condition, then, otherwise } => {
                let mut other = live.clone();
                let kept = self.block(then, live);
                if !(self.block(otherwise, &mut other) || kept) {
                    return false;
                }
                live.extend(&other);
                live.read(condition);
                true
            }
            StatementKind::While { condition, body } => {
                live.read(condition);
                self.settle(body, live);
                true
            }
            StatementKind::Iterate { body, until, .. } => {
                live.read(until);
                self.settle(body, live);
                self.block(body, live)
            }
            StatementKind::Solve { body, .. } => {
                self.settle(body, live);
                self.block(body, live);
                true
            }
            StatementKind::ForNetcons { body } => {
                self.settle(body, live);
                self.block(body, &mut live.clone())
            }
            StatementKind::Assign(..)
            | StatementKind::AssignElement(..)
            | StatementKind::Derivative(..)
            | StatementKind::Draw(_)
            | StatementKind::StoreIon(..)
            | StatementKind::AddIon(..)
            | StatementKind::StoreV(_)
            | StatementKind::AddRhs(_)
            | StatementKind::AddDiagonal(_)
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_) => simple(statement, live),
        }
    }
}
