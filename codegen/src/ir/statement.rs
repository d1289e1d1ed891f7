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

/// What a [`Draw`] computes; see [`crate::elementary::random`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// A uniform number of a Random123 stream. Arguments: state, and the parts of three ids.
    Random123Uniform,
    /// A 32-bit word of a Random123 stream, likewise.
    Random123Integer,
    /// A uniform number of SCoP's generator. Arguments: state.
    ScopRandom,
    /// A new state of SCoP's generator. Arguments: seed, and the parts of the instance's factor and offset.
    ScopSeed,
}

impl Generator {
    /// Name of the function in both back ends.
    pub fn name(self) -> &'static str {
        match self {
            Generator::Random123Uniform => "random123_uniform",
            Generator::Random123Integer => "random123_integer",
            Generator::ScopRandom => "scop_random",
            Generator::ScopSeed => "scop_seed",
        }
    }

    /// Count of arguments.
    pub fn arity(self) -> usize {
        match self {
            Generator::Random123Uniform | Generator::Random123Integer => 8,
            Generator::ScopRandom => 2,
            Generator::ScopSeed => 5,
        }
    }
}

/// A random number: `place, low, high = generator(arguments)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// The function.
    pub generator: Generator,
    /// Where the number goes.
    pub place: Place,
    /// Where the low and high part of the stream's new state go.
    pub state: [Place; 2],
    /// What the function is given.
    pub arguments: Vec<Expression>,
}

impl Draw {
    /// All places that it writes; no two are the same.
    pub fn places(&self) -> [Place; 3] {
        [self.place, self.state[0], self.state[1]]
    }

    /// The same, to be changed.
    pub fn places_mut(&mut self) -> [&mut Place; 3] {
        let [low, high] = &mut self.state;
        [&mut self.place, low, high]
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

/// Most rounds of a While: a GPU must not hang. A loop that needs more is taken for endless; sema sets what it computes to
/// NaN.
pub const WHILE_LIMIT: u32 = 1_000_000;

/// The kinds of statements.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `place = value`.
    Assign(Place, Expression),
    /// `array[index] = value` at a run-time index.
    AssignElement(Array, Expression, Expression),
    /// `state' = derivative` of a DERIVATIVE block. Gone after the solver passes.
    Derivative(Place, Expression),
    /// A random number.
    Draw(Draw),
    /// `SOLVE` of a block, here: `body` is the block as written, not yet solved. Gone after the solver passes.
    Solve {
        /// Which of the draft's solves it is.
        number: u32,
        /// The block's statements.
        body: Vec<Statement>,
    },
    /// Branch on a boolean.
    If {
        /// Boolean.
        condition: Expression,
        /// Then.
        then: Vec<Statement>,
        /// Else.
        otherwise: Vec<Statement>,
    },
    /// Loop while a boolean holds, at most [`WHILE_LIMIT`] rounds.
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
    /// Sets the membrane potential of the node, mV; the last use of it in `net_receive`.
    StoreV(Expression),
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
            | StatementKind::StoreV(e)
            | StatementKind::AddRhs(e)
            | StatementKind::AddDiagonal(e) => vec![e],
            StatementKind::AssignElement(_, index, value) => vec![index, value],
            StatementKind::Draw(draw) => draw.arguments.iter().collect(),
            StatementKind::If { condition, .. } | StatementKind::While { condition, .. } => {
                vec![condition]
            }
            StatementKind::Iterate { until, .. } => vec![until],
            StatementKind::NetSend { delay, flag } => vec![delay, flag],
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => vec![t],
            StatementKind::ForNetcons { .. } => vec![],
            StatementKind::Solve { .. } => vec![],
        }
    }

    /// The same, to be changed.
    pub fn expressions_mut(&mut self) -> Vec<&mut Expression> {
        match &mut self.kind {
            StatementKind::Assign(_, e)
            | StatementKind::Derivative(_, e)
            | StatementKind::StoreIon(_, _, e)
            | StatementKind::AddIon(_, _, e)
            | StatementKind::StoreV(e)
            | StatementKind::AddRhs(e)
            | StatementKind::AddDiagonal(e) => vec![e],
            StatementKind::AssignElement(_, index, value) => vec![index, value],
            StatementKind::Draw(draw) => draw.arguments.iter_mut().collect(),
            StatementKind::If { condition, .. } | StatementKind::While { condition, .. } => {
                vec![condition]
            }
            StatementKind::Iterate { until, .. } => vec![until],
            StatementKind::NetSend { delay, flag } => vec![delay, flag],
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => vec![t],
            StatementKind::ForNetcons { .. } => vec![],
            StatementKind::Solve { .. } => vec![],
        }
    }

    /// The nested statement lists.
    pub fn blocks(&self) -> Vec<&Vec<Statement>> {
        match &self.kind {
            StatementKind::If { then, otherwise, .. } => vec![then, otherwise],
            StatementKind::While { body, .. }
            | StatementKind::Iterate { body, .. }
            | StatementKind::ForNetcons { body }
            | StatementKind::Solve { body, .. } => vec![body],
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
            | StatementKind::NetMove(_) => vec![],
        }
    }

    /// The nested statement lists, to be changed.
    pub fn blocks_mut(&mut self) -> Vec<&mut Vec<Statement>> {
        match &mut self.kind {
            StatementKind::If { then, otherwise, .. } => vec![then, otherwise],
            StatementKind::While { body, .. }
            | StatementKind::Iterate { body, .. }
            | StatementKind::ForNetcons { body }
            | StatementKind::Solve { body, .. } => vec![body],
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
            | StatementKind::NetMove(_) => vec![],
        }
    }
}
