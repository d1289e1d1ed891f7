//! Statements and functions of the IR.

use super::{Array, Expression, IonField, IonId, LocalId, Place};

/// A local variable; a real.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// The NMODL name where there is one; names of one function may repeat, back ends make them unique.
    pub name: String,
}

/// A kernel's body, run once per instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Function {
    /// Its locals; all are 0 before their first assignment.
    pub locals: Vec<Local>,
    /// What it does.
    pub body: Vec<Statement>,
}

impl Function {
    /// A new local.
    pub fn add_local(&mut self, name: impl Into<String>) -> LocalId {
        self.locals.push(Local { name: name.into() });
        LocalId(self.locals.len() as u32 - 1)
    }
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// One-based line of the `.mod` file it comes from; 0 if from none.
    pub line: u32,
}

/// The kinds of statements.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `place = value`.
    Assign(Place, Expression),
    /// `array[index] = value` at a run-time index.
    AssignElement(Array, Expression, Expression),
    /// `state' = derivative` of a DERIVATIVE block. Gone after the solver passes.
    Derivative(Place, Expression),
    /// Branch on a boolean.
    If {
        /// Boolean.
        condition: Expression,
        /// Then.
        then: Vec<Statement>,
        /// Else.
        otherwise: Vec<Statement>,
    },
    /// Loop while a boolean holds.
    While {
        /// Boolean.
        condition: Expression,
        /// Body.
        body: Vec<Statement>,
    },
    /// Runs `body`, then stops if `until` holds, at most `limit` times.
    Iterate {
        /// Most rounds.
        limit: u32,
        /// Body.
        body: Vec<Statement>,
        /// Boolean.
        until: Expression,
    },
    /// Sets an ion's value at the node.
    StoreIon(IonId, IonField, Expression),
    /// Adds to an ion's value at the node (current and its derivative).
    AddIon(IonId, IonField, Expression),
    /// `rhs += value` at the node, mA/cm2.
    AddRhs(Expression),
    /// `d += value` at the node, S/cm2 (times 1e-3 by unit: mA/cm2/mV).
    AddDiagonal(Expression),
    /// Sends this instance an event `delay` ms from now, with the arguments of the NetCon whose event is handled.
    NetSend {
        /// Delay, ms, not negative.
        delay: Expression,
        /// Its flag; 1 makes it movable.
        flag: Expression,
    },
    /// Sends an event at time t, ms, to the NetCons whose source is this instance.
    NetEvent(Expression),
    /// Moves the pending event that was sent last with flag 1 to time t, ms.
    NetMove(Expression),
    /// Runs `body` for each NetCon that ends in this instance; its arguments are [`Place::EachArgument`].
    ForNetcons {
        /// Body.
        body: Vec<Statement>,
    },
}

impl Statement {
    /// A statement from a source line.
    pub fn new(kind: StatementKind, line: u32) -> Self {
        Self { kind, line }
    }

    /// The expressions directly in the statement, not those of nested statements.
    pub fn expressions(&self) -> Vec<&Expression> {
        match &self.kind {
            StatementKind::Assign(_, e)
            | StatementKind::Derivative(_, e)
            | StatementKind::StoreIon(_, _, e)
            | StatementKind::AddIon(_, _, e)
            | StatementKind::AddRhs(e)
            | StatementKind::AddDiagonal(e) => vec![e],
            StatementKind::AssignElement(_, index, value) => vec![index, value],
            StatementKind::If { condition, .. } | StatementKind::While { condition, .. } => {
                vec![condition]
            }
            StatementKind::Iterate { until, .. } => vec![until],
            StatementKind::NetSend { delay, flag } => vec![delay, flag],
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => vec![t],
            StatementKind::ForNetcons { .. } => vec![],
        }
    }

    /// The same, to be changed.
    pub fn expressions_mut(&mut self) -> Vec<&mut Expression> {
        match &mut self.kind {
            StatementKind::Assign(_, e)
            | StatementKind::Derivative(_, e)
            | StatementKind::StoreIon(_, _, e)
            | StatementKind::AddIon(_, _, e)
            | StatementKind::AddRhs(e)
            | StatementKind::AddDiagonal(e) => vec![e],
            StatementKind::AssignElement(_, index, value) => vec![index, value],
            StatementKind::If { condition, .. } | StatementKind::While { condition, .. } => {
                vec![condition]
            }
            StatementKind::Iterate { until, .. } => vec![until],
            StatementKind::NetSend { delay, flag } => vec![delay, flag],
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => vec![t],
            StatementKind::ForNetcons { .. } => vec![],
        }
    }

    /// The nested statement lists.
    pub fn blocks(&self) -> Vec<&Vec<Statement>> {
        match &self.kind {
            StatementKind::If { then, otherwise, .. } => vec![then, otherwise],
            StatementKind::While { body, .. }
            | StatementKind::Iterate { body, .. }
            | StatementKind::ForNetcons { body } => vec![body],
            StatementKind::Assign(..)
            | StatementKind::AssignElement(..)
            | StatementKind::Derivative(..)
            | StatementKind::StoreIon(..)
            | StatementKind::AddIon(..)
            | StatementKind::AddRhs(_)
            | StatementKind::AddDiagonal(_)
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_) => vec![],
        }
    }

    /// The nested statement lists, to be changed.
    pub fn blocks_mut(&mut self) -> Vec<&mut Vec<Statement>> {
        match &mut self.kind {
            StatementKind::If { then, otherwise, .. } => vec![then, otherwise],
            StatementKind::While { body, .. }
            | StatementKind::Iterate { body, .. }
            | StatementKind::ForNetcons { body } => vec![body],
            StatementKind::Assign(..)
            | StatementKind::AssignElement(..)
            | StatementKind::Derivative(..)
            | StatementKind::StoreIon(..)
            | StatementKind::AddIon(..)
            | StatementKind::AddRhs(_)
            | StatementKind::AddDiagonal(_)
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_) => vec![],
        }
    }
}
