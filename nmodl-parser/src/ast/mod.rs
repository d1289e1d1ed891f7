//! The syntax tree: what was written, with a span on every node.
//!
//! Nothing here is resolved: names are names, units are text. The meaning is
//! made from it by the `codegen` crate, which is the only reader of this tree.

mod expression;
mod statement;

pub use expression::{BinaryOperator, Expression, ExpressionKind, Number, UnaryOperator};
pub use statement::{
    Block, ConserveTerm, LocalVariable, Reaction, ReactionArrow, ReactionTerm, Statement, StatementKind,
};

use crate::Span;

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The text of the name.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// The text between the parentheses of a unit, blanks trimmed: `mA/cm2`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Without the parentheses.
    pub text: String,
    /// With the parentheses.
    pub span: Span,
}

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ast {
    /// All items in textual order; blocks may repeat and stand in any order.
    pub items: Vec<Item>,
}

/// One top-level item.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The whole item.
    pub span: Span,
}

/// The kinds of top-level items.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `TITLE` and the rest of its line.
    Title(String),
    /// `NEURON { ... }`.
    Neuron(Vec<NeuronStatement>),
    /// `UNITS { ... }`.
    Units(Vec<UnitDefinition>),
    /// `PARAMETER { ... }`.
    Parameter(Vec<Declaration>),
    /// `CONSTANT { ... }`.
    Constant(Vec<Declaration>),
    /// `ASSIGNED { ... }`.
    Assigned(Vec<Declaration>),
    /// `STATE { ... }`.
    State(Vec<Declaration>),
    /// `INDEPENDENT { ... }` (legacy; the text is kept).
    Independent(String),
    /// `DEFINE name integer`.
    Define {
        /// The macro's name.
        name: Name,
        /// Its integer value.
        value: i64,
    },
    /// `INCLUDE "file"`.
    Include(Name),
    /// `LOCAL a, b[3]` at top level: one static shared by all instances.
    Local(Vec<LocalVariable>),
    /// `INITIAL { ... }`.
    Initial(Block),
    /// `BREAKPOINT { ... }` (also the legacy `EQUATION`).
    Breakpoint(Block),
    /// A named block that `SOLVE` names: DERIVATIVE, KINETIC, LINEAR, NONLINEAR, DISCRETE.
    Solvable {
        /// Which of the five.
        kind: SolvableKind,
        /// The block's name.
        name: Name,
        /// `SOLVEFOR a, b`, if any.
        solve_for: Vec<Name>,
        /// The body.
        body: Block,
    },
    /// `FUNCTION name(args) (unit) { ... }`.
    Function(Routine),
    /// `PROCEDURE name(args) { ... }`.
    Procedure(Routine),
    /// `FUNCTION_TABLE name(args) (unit)`.
    FunctionTable {
        /// Name.
        name: Name,
        /// Arguments.
        arguments: Vec<Argument>,
        /// Unit of the result.
        unit: Option<Unit>,
    },
    /// `NET_RECEIVE(args) { ... }`.
    NetReceive {
        /// The arguments; the first is the weight.
        arguments: Vec<Argument>,
        /// The body; an `INITIAL` block inside is a statement of it.
        body: Block,
    },
    /// `CONSTRUCTOR { ... }`.
    Constructor(Block),
    /// `DESTRUCTOR { ... }`.
    Destructor(Block),
    /// `BEFORE what { ... }` or `AFTER what { ... }`.
    BeforeAfter {
        /// True for BEFORE.
        before: bool,
        /// `INITIAL`, `BREAKPOINT`, `SOLVE` or `STEP`.
        what: Name,
        /// The body.
        body: Block,
    },
    /// `VERBATIM ... ENDVERBATIM` at top level; the C text.
    Verbatim(String),
    /// `UNITSON` or `UNITSOFF` at top level.
    UnitsSwitch(bool),
    /// An obsolete block kept only to be refused by name (`TERMINAL`, `PLOT`, `MATCH`, ...).
    Legacy(Name),
}

/// The kinds of block that `SOLVE` may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SolvableKind {
    /// DERIVATIVE.
    Derivative,
    /// KINETIC.
    Kinetic,
    /// LINEAR.
    Linear,
    /// NONLINEAR.
    Nonlinear,
    /// DISCRETE.
    Discrete,
}

/// A FUNCTION or PROCEDURE.
#[derive(Clone, Debug, PartialEq)]
pub struct Routine {
    /// Name.
    pub name: Name,
    /// Arguments.
    pub arguments: Vec<Argument>,
    /// Unit of a function's result.
    pub unit: Option<Unit>,
    /// The body.
    pub body: Block,
}

/// A formal argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Name.
    pub name: Name,
    /// Unit, if given.
    pub unit: Option<Unit>,
}

/// A statement of the NEURON block.
#[derive(Clone, Debug, PartialEq)]
pub struct NeuronStatement {
    /// What it is.
    pub kind: NeuronStatementKind,
    /// The whole statement.
    pub span: Span,
}

/// The kinds of statements in the NEURON block.
#[derive(Clone, Debug, PartialEq)]
pub enum NeuronStatementKind {
    /// `SUFFIX name`.
    Suffix(Name),
    /// `POINT_PROCESS name`.
    PointProcess(Name),
    /// `ARTIFICIAL_CELL name`.
    ArtificialCell(Name),
    /// `USEION ...`.
    UseIon(UseIon),
    /// `NONSPECIFIC_CURRENT a, b`.
    NonspecificCurrent(Vec<Name>),
    /// `ELECTRODE_CURRENT a, b`.
    ElectrodeCurrent(Vec<Name>),
    /// `RANGE a, b`.
    Range(Vec<Name>),
    /// `GLOBAL a, b`.
    Global(Vec<Name>),
    /// `POINTER a, b`.
    Pointer(Vec<Name>),
    /// `BBCOREPOINTER a, b`.
    BbcorePointer(Vec<Name>),
    /// `EXTERNAL a, b`.
    External(Vec<Name>),
    /// `RANDOM a, b`.
    Random(Vec<Name>),
    /// `THREADSAFE` (the names that may follow are dropped, as NEURON does).
    Threadsafe,
    /// `REPRESENTS curie` for the mechanism.
    Represents(Name),
    /// `SECTION`-like obsolete statements, refused by name.
    Legacy(Name),
}

/// `USEION ca READ cai, eca WRITE ica VALENCE 2 REPRESENTS CHEBI:29108`.
#[derive(Clone, Debug, PartialEq)]
pub struct UseIon {
    /// The ion: `ca`.
    pub ion: Name,
    /// Variables read.
    pub read: Vec<Name>,
    /// Variables written.
    pub write: Vec<Name>,
    /// VALENCE or CHARGE.
    pub valence: Option<Number>,
    /// Ontology term.
    pub represents: Option<Name>,
}

/// One line of the UNITS block.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitDefinition {
    /// What it is.
    pub kind: UnitDefinitionKind,
    /// The whole line.
    pub span: Span,
}

/// The kinds of lines in the UNITS block.
#[derive(Clone, Debug, PartialEq)]
pub enum UnitDefinitionKind {
    /// `(mV) = (millivolt)`.
    Alias {
        /// New name.
        name: Unit,
        /// Meaning.
        unit: Unit,
    },
    /// `FARADAY = (faraday) (coulomb)`: the size of the first unit in the second.
    Factor {
        /// The constant's name.
        name: Name,
        /// From.
        from: Unit,
        /// To.
        to: Unit,
    },
    /// `FARADAY = 96520 (coul)`: a constant with a unit.
    Constant {
        /// The constant's name.
        name: Name,
        /// Its value, sign included.
        value: Number,
        /// Its unit.
        unit: Option<Unit>,
    },
}

/// A declaration in PARAMETER, CONSTANT, ASSIGNED or STATE.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The name, e.g. `gbar`.
    pub name: Name,
    /// Array length as written: an integer or a DEFINEd name.
    pub length: Option<Name>,
    /// `= value`, sign included.
    pub value: Option<Number>,
    /// Unit.
    pub unit: Option<Unit>,
    /// `<low, high>` limits.
    pub limits: Option<(Number, Number)>,
    /// STATE `FROM low TO high` (NEURON parses and ignores it).
    pub range: Option<(Number, Number)>,
    /// STATE `START value`.
    pub start: Option<Number>,
    /// STATE `<tolerance>`.
    pub tolerance: Option<Number>,
    /// The whole declaration.
    pub span: Span,
}
