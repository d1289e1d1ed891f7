//! What sema hands to the passes: a mechanism whose solved blocks and currents are still as the
//! modeller wrote them.

use crate::ir::{Expression, Function, IonId, Local, LocalId, Mechanism, Place, Statement, StatementKind};
use nmodl_parser::Span;
use std::collections::BTreeMap;

/// A mechanism before the passes.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Columns, globals, ions, and the kernels `init`, `net_receive` and `net_init`.
    pub mechanism: Mechanism,
    /// The blocks solved where their SOLVE stands, by the number of their [`crate::ir::StatementKind::Solve`];
    /// their bodies are in those statements.
    pub in_place: Vec<Solve>,
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
    /// A block to integrate over dt.
    Solve(Box<Solve>),
}

/// A block and how to solve it.
#[derive(Clone, Debug)]
pub struct Solve {
    /// The block's name.
    pub block: String,
    /// How.
    pub method: Method,
    /// STEADYSTATE.
    pub steady: bool,
    /// Its statements, with [`crate::ir::StatementKind::Derivative`].
    pub body: Vec<Statement>,
    /// The equations of a DERIVATIVE block in textual order.
    pub equations: Vec<Equation>,
    /// What the statements of a KINETIC block compute.
    pub scheme: Option<Scheme>,
    /// What the statements of a LINEAR or NONLINEAR block compute.
    pub simultaneous: Option<Equations>,
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

/// The equations of a LINEAR or NONLINEAR block.
#[derive(Clone, Debug, Default)]
pub struct Equations {
    /// The block is LINEAR.
    pub linear: bool,
    /// The states solved for, with their names.
    pub states: Vec<(Place, String)>,
    /// Locals with left side minus right side of each equation.
    pub residuals: Vec<LocalId>,
}

/// The reaction scheme of a KINETIC block. The block's statements add up, in locals, the net flux into
/// each state and the negative derivatives of that flux; the locals must be 0 before.
#[derive(Clone, Debug, Default)]
pub struct Scheme {
    /// The states solved for, in order of appearance.
    pub species: Vec<Species>,
    /// Local with `-d(flux of i)/d(state j)` by (i, j).
    pub slopes: BTreeMap<(usize, usize), LocalId>,
    /// CONSERVE statements in textual order.
    pub conservations: Vec<Conservation>,
    /// A rate of change is a product that holds several states: NEURON iterates, and clamps at 0.
    pub nonlinear: bool,
    /// Locals from here on belong to the block alone.
    pub first_local: usize,
}

impl Scheme {
    /// Statements that set to 0 what the block's statements add to.
    pub fn reset(&self, line: u32) -> Vec<Statement> {
        let fluxes = self.species.iter().map(|species| species.flux);
        let missing = self.conservations.iter().map(|conservation| conservation.missing);
        fluxes
            .chain(self.slopes.values().copied())
            .chain(missing)
            .map(|id| Statement::new(StatementKind::Assign(Place::Local(id), Expression::Number(0.0)), line))
            .collect()
    }
}

/// A state of a reaction scheme.
#[derive(Clone, Debug)]
pub struct Species {
    /// Where it lives.
    pub state: Place,
    /// Its name.
    pub name: String,
    /// Local with the net flux into it, amount per ms.
    pub flux: LocalId,
    /// Local with the COMPARTMENT's volume.
    pub volume: Option<LocalId>,
    /// Its place among the species in NEURON: those whose balances CONSERVE replaces come first.
    pub rank: usize,
}

/// `CONSERVE a + b = total`: stands in for the balance of one of its states.
#[derive(Clone, Debug)]
pub struct Conservation {
    /// The state whose balance it replaces: index of the species.
    pub row: usize,
    /// Coefficients, volume included, by species: numbers or locals.
    pub coefficients: BTreeMap<usize, Expression>,
    /// Local with what is missing: total minus sum.
    pub missing: LocalId,
}

/// How a block is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Exact for each equation that is linear in its state.
    Cnexp,
    /// Backward Euler by Newton's iteration.
    Derivimplicit,
    /// Forward Euler.
    Euler,
    /// The classical fourth-order Runge-Kutta method.
    Runge,
    /// Backward Euler of a KINETIC block by Newton's iteration on its reactions.
    Sparse,
    /// Simultaneous equations of a LINEAR or NONLINEAR block: elimination or Newton's iteration.
    Simultaneous,
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
