//! Statements.

use super::{Argument, Expression, Name, Number, Unit};
use crate::Span;

/// `{ ... }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// The statements.
    pub statements: Vec<Statement>,
    /// With the braces.
    pub span: Span,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// Where.
    pub span: Span,
}

/// A variable of a LOCAL statement.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalVariable {
    /// Name.
    pub name: Name,
    /// Array length as written: an integer or a DEFINEd name.
    pub length: Option<Name>,
}

/// The kinds of statements.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `LOCAL a, b[3]`.
    Local(Vec<LocalVariable>),
    /// `target = value`; `target` is a Variable expression, `m' = ...` included.
    Assign {
        /// Left side.
        target: Expression,
        /// Right side.
        value: Expression,
    },
    /// A call as a statement.
    Call(Expression),
    /// `IF (c) { } ELSE { }`; an `else if` is an If inside `otherwise`.
    If {
        /// Condition.
        condition: Expression,
        /// Then.
        then: Block,
        /// Else.
        otherwise: Option<Block>,
    },
    /// `WHILE (c) { }`.
    While {
        /// Condition.
        condition: Expression,
        /// Body.
        body: Block,
    },
    /// `FROM i = a TO b BY c { }`.
    From {
        /// Loop variable.
        variable: Name,
        /// First value.
        first: Expression,
        /// Last value, included.
        last: Expression,
        /// Step.
        step: Option<Expression>,
        /// Body.
        body: Block,
    },
    /// `SOLVE name METHOD method`.
    Solve {
        /// The block solved.
        block: Name,
        /// METHOD (or STEADYSTATE).
        method: Option<Name>,
        /// Whether it was `STEADYSTATE`.
        steady_state: bool,
        /// IFERROR body.
        if_error: Option<Block>,
    },
    /// `CONDUCTANCE g USEION na`.
    Conductance {
        /// The conductance.
        conductance: Name,
        /// The ion.
        ion: Option<Name>,
    },
    /// `~ a + b <-> c (kf, kb)`, `~ a << (e)`, `~ a -> (k)`.
    Reaction(Reaction),
    /// `~ left = right` of LINEAR and NONLINEAR.
    Equation {
        /// Left side.
        left: Expression,
        /// Right side.
        right: Expression,
    },
    /// `CONSERVE a + 2 b = total`.
    Conserve {
        /// Sum of terms.
        terms: Vec<ConserveTerm>,
        /// Total.
        total: Expression,
    },
    /// `COMPARTMENT i, volume { a b }`.
    Compartment {
        /// Index variable for arrays.
        index: Option<Name>,
        /// Volume.
        volume: Expression,
        /// States.
        states: Vec<Name>,
    },
    /// `LONGITUDINAL_DIFFUSION i, D { a b }`.
    LongitudinalDiffusion {
        /// Index variable for arrays.
        index: Option<Name>,
        /// Diffusion constant times area.
        coefficient: Expression,
        /// States.
        states: Vec<Name>,
    },
    /// `TABLE a, b DEPEND c FROM lo TO hi WITH n`.
    Table {
        /// Tabled names; empty in a FUNCTION.
        names: Vec<Name>,
        /// DEPEND names.
        depend: Vec<Name>,
        /// FROM.
        from: Expression,
        /// TO.
        to: Expression,
        /// WITH: count of intervals, a number or a DEFINEd name.
        with: Name,
    },
    /// `WATCH (expr > threshold) flag`.
    Watch {
        /// The comparison.
        condition: Expression,
        /// The flag sent.
        flag: Expression,
    },
    /// `FOR_NETCONS(args) { }`.
    ForNetcons {
        /// Names for the NetCon's arguments.
        arguments: Vec<Argument>,
        /// Body.
        body: Block,
    },
    /// `INITIAL { }` inside NET_RECEIVE.
    Initial(Block),
    /// `PROTECT statement`.
    Protect(Box<Statement>),
    /// `MUTEXLOCK` (true) or `MUTEXUNLOCK` (false).
    Mutex(bool),
    /// `LAG name BY delay`.
    Lag {
        /// The variable.
        name: Name,
        /// The delay.
        by: Expression,
    },
    /// `VERBATIM ... ENDVERBATIM`: the C text.
    Verbatim(String),
    /// `UNITSON` or `UNITSOFF`.
    UnitsSwitch(bool),
    /// A nested `{ }`.
    Block(Block),
    /// `name (unit)` as a statement has no meaning; kept to be refused by name.
    Bare {
        /// What was written.
        name: Name,
        /// A unit after it.
        unit: Option<Unit>,
    },
    /// An obsolete statement (`RESET`, `SWEEP`, `MATCH`, `PRINT`, ...), refused by name.
    Legacy(Name),
}

impl StatementKind {
    /// The blocks directly inside.
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::If { then, otherwise, .. } => std::iter::once(then).chain(otherwise).collect(),
            Self::While { body, .. } | Self::From { body, .. } | Self::ForNetcons { body, .. } => vec![body],
            Self::Solve { if_error, .. } => if_error.iter().collect(),
            Self::Initial(body) | Self::Block(body) => vec![body],
            Self::Protect(inner) => inner.kind.blocks(),
            Self::Local(_)
            | Self::Assign { .. }
            | Self::Call(_)
            | Self::Conductance { .. }
            | Self::Reaction(_)
            | Self::Equation { .. }
            | Self::Conserve { .. }
            | Self::Compartment { .. }
            | Self::LongitudinalDiffusion { .. }
            | Self::Table { .. }
            | Self::Watch { .. }
            | Self::Mutex(_)
            | Self::Lag { .. }
            | Self::Verbatim(_)
            | Self::UnitsSwitch(_)
            | Self::Bare { .. }
            | Self::Legacy(_) => vec![],
        }
    }

    /// The expressions directly inside: those that are read, not the target of an assignment.
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Assign { value, .. } => vec![value],
            Self::Call(call) => vec![call],
            Self::If { condition, .. } | Self::While { condition, .. } => vec![condition],
            Self::From { first, last, step, .. } => [first, last].into_iter().chain(step).collect(),
            Self::Reaction(reaction) => std::iter::once(&reaction.forward).chain(&reaction.backward).collect(),
            Self::Equation { left, right } => vec![left, right],
            Self::Conserve { total, .. } => vec![total],
            Self::Compartment { volume, .. } => vec![volume],
            Self::LongitudinalDiffusion { coefficient, .. } => vec![coefficient],
            Self::Table { from, to, .. } => vec![from, to],
            Self::Watch { condition, flag } => vec![condition, flag],
            Self::Lag { by, .. } => vec![by],
            Self::Protect(inner) => inner.kind.expressions(),
            Self::Local(_)
            | Self::Solve { .. }
            | Self::Conductance { .. }
            | Self::ForNetcons { .. }
            | Self::Initial(_)
            | Self::Mutex(_)
            | Self::Verbatim(_)
            | Self::UnitsSwitch(_)
            | Self::Block(_)
            | Self::Bare { .. }
            | Self::Legacy(_) => vec![],
        }
    }
}

/// A reaction statement of a KINETIC block.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    /// Left side.
    pub reactants: Vec<ReactionTerm>,
    /// What kind of arrow.
    pub arrow: ReactionArrow,
    /// Right side; empty for `<<` and `->`.
    pub products: Vec<ReactionTerm>,
    /// Forward rate, or the flux of `<<`.
    pub forward: Expression,
    /// Backward rate of `<->`.
    pub backward: Option<Expression>,
}

/// The arrow of a reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReactionArrow {
    /// `<->`.
    Reversible,
    /// `<<`: a flux into the state.
    Influx,
    /// `->`: decay.
    Outflow,
}

/// `2 ca[i]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ReactionTerm {
    /// Stoichiometry.
    pub coefficient: Option<Number>,
    /// The state (a Variable expression).
    pub state: Expression,
}

/// A term of CONSERVE.
#[derive(Clone, Debug, PartialEq)]
pub struct ConserveTerm {
    /// Coefficient, sign included.
    pub coefficient: Option<Expression>,
    /// True when the term is subtracted.
    pub negative: bool,
    /// The state (a Variable expression).
    pub state: Expression,
}
