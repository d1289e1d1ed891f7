//! METHOD euler: the block runs once, then every state moves by dt times its derivative.
//!
//! After a KINETIC block, what it assigns is computed again from the new states, as in NEURON.

use crate::ir::{Function, LocalId, Mechanism, Place, Statement, StatementKind};
use crate::math::build::{add, dt, load, multiply, number};
use crate::sema::draft::{Equation, Solve};

/// The statements that advance the block by dt; `again`: the block runs once more at the end.
pub fn run(mechanism: &Mechanism, function: &mut Function, solve: &Solve, again: bool) -> Vec<Statement> {
    let rates = Rates::new(mechanism, function, solve);
    let mut statements = rates.reset(solve.line);
    statements.extend(rates.replace(&solve.body));
    for (state, rate) in &rates.list {
        let next = add(load(*state), multiply(dt(), load(Place::Local(*rate))));
        statements.push(Statement::new(StatementKind::Assign(*state, next), solve.line));
    }
    if again {
        statements.extend(rates.replace(&solve.body));
    }
    statements
}

/// A local for the derivative of each state of a block.
#[derive(Debug)]
pub struct Rates {
    /// States in textual order of their equations.
    pub list: Vec<(Place, LocalId)>,
}

impl Rates {
    /// New locals, named `m_rate` for a state `m`.
    pub fn new(mechanism: &Mechanism, function: &mut Function, solve: &Solve) -> Self {
        let mut list: Vec<(Place, LocalId)> = Vec::new();
        for Equation { state, .. } in &solve.equations {
            if !list.iter().any(|(known, _)| known == state) {
                let name = format!("{}_rate", mechanism.place_name(function, *state));
                list.push((*state, function.add_local(name)));
            }
        }
        Self { list }
    }

    /// Statements that set the derivatives to 0, for equations inside an `if`.
    pub fn reset(&self, line: u32) -> Vec<Statement> {
        let zero = |(_, rate): &(Place, LocalId)| StatementKind::Assign(Place::Local(*rate), number(0.0));
        self.list.iter().map(|rate| Statement::new(zero(rate), line)).collect()
    }

    /// The block with `m' = f` replaced by `m_rate = f`.
    pub fn replace(&self, body: &[Statement]) -> Vec<Statement> {
        body.iter()
            .map(|statement| {
                let mut statement = statement.clone();
                for block in statement.blocks_mut() {
                    *block = self.replace(block);
                }
                if let StatementKind::Derivative(state, value) = &statement.kind
                    && let Some((_, rate)) = self.list.iter().find(|(known, _)| known == state)
                {
                    statement.kind = StatementKind::Assign(Place::Local(*rate), value.clone());
                }
                statement
            })
            .collect()
    }
}
