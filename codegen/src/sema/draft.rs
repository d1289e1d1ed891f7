//! What sema hands to the passes: a mechanism whose solved blocks and currents are still as the
//! modeller wrote them.

use crate::ir::{Function, IonId, Local, Mechanism, Place, Statement};
use nmodl_parser::Span;

/// A mechanism before the passes.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Columns, globals, ions, and the kernels `init`, `net_receive` and `net_init`.
    pub mechanism: Mechanism,
    /// The SOLVEd blocks.
    pub state: Option<StateDraft>,
    /// BREAKPOINT with its currents.
    pub current: Option<CurrentDraft>,
}

/// The `state` kernel to be: its parts in order.
#[derive(Clone, Debug, Default)]
pub struct StateDraft {
    /// Locals of all parts.
    pub locals: Vec<Local>,
    /// Parts.
    pub parts: Vec<Part>,
}

/// A stretch of the `state` kernel.
#[derive(Clone, Debug)]
pub enum Part {
    /// Ordinary statements.
    Plain(Vec<Statement>),
    /// A DERIVATIVE block to integrate over dt.
    Solve(Solve),
}

/// A DERIVATIVE block and how to integrate it.
#[derive(Clone, Debug)]
pub struct Solve {
    /// The block's name.
    pub block: String,
    /// How.
    pub method: Method,
    /// Its statements, with [`crate::ir::StatementKind::Derivative`].
    pub body: Vec<Statement>,
    /// Its equations in textual order.
    pub equations: Vec<Equation>,
    /// The SOLVE statement.
    pub span: Span,
    /// Line of the SOLVE statement.
    pub line: u32,
}

/// One `state' = ...`.
#[derive(Clone, Debug)]
pub struct Equation {
    /// The state.
    pub state: Place,
    /// Its name.
    pub name: String,
    /// Whether the state stands in an argument of a FUNCTION of the file (inlined by now).
    pub in_call: bool,
    /// Where.
    pub span: Span,
}

/// How a DERIVATIVE block is integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Exact for each equation that is linear in its state.
    Cnexp,
    /// Backward Euler by Newton's iteration.
    Derivimplicit,
    /// Forward Euler.
    Euler,
}

/// The `current` kernels to be.
#[derive(Clone, Debug)]
pub struct CurrentDraft {
    /// Ion variables copied in, then BREAKPOINT without its SOLVEs.
    pub function: Function,
    /// What comes last: ion variables copied out.
    pub epilogue: Vec<Statement>,
    /// The currents in declaration order.
    pub currents: Vec<Current>,
    /// CONDUCTANCE hints in textual order.
    pub conductances: Vec<Conductance>,
    /// Currents are injected (ELECTRODE_CURRENT), not membrane currents.
    pub electrode: bool,
    /// Line of BREAKPOINT.
    pub line: u32,
}

/// A current of the mechanism.
#[derive(Clone, Debug)]
pub struct Current {
    /// Where BREAKPOINT leaves it.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// The ion that carries it.
    pub ion: Option<IonId>,
}

/// `CONDUCTANCE g USEION na`.
#[derive(Clone, Debug)]
pub struct Conductance {
    /// The variable.
    pub place: Place,
    /// The ion, if named.
    pub ion: Option<IonId>,
}
