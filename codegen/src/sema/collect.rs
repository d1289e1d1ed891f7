//! Gathers the items of a file by kind. Blocks may repeat and stand in any order.

use super::refuse;
use super::report::Report;
use crate::ir::Kind;
use indexmap::IndexMap;
use nmodl_parser::ast::{
    Argument, Ast, Block, Declaration, Expression, ExpressionKind, ItemKind, LocalVariable, Name, NeuronStatement,
    NeuronStatementKind, Routine, SolvableKind, StatementKind, UnitDefinition, UseIon,
};
use nmodl_parser::{Diagnostic, Span};

/// A FUNCTION or PROCEDURE.
#[derive(Clone, Copy, Debug)]
pub struct RoutineItem<'a> {
    /// Its text.
    pub routine: &'a Routine,
    /// FUNCTION rather than PROCEDURE.
    pub is_function: bool,
}

/// A block that SOLVE names.
#[derive(Clone, Copy, Debug)]
pub struct SolvableItem<'a> {
    /// Which kind.
    pub kind: SolvableKind,
    /// Body.
    pub body: &'a Block,
    /// SOLVEFOR: the states that the block solves for; empty for all.
    pub solve_for: &'a [Name],
}

/// How a current enters the membrane equation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurrentKind {
    /// `USEION ... WRITE ina`: index of the ion.
    Ion(usize),
    /// NONSPECIFIC_CURRENT.
    Nonspecific,
    /// ELECTRODE_CURRENT.
    Electrode,
}

/// When a BEFORE or AFTER block runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// BEFORE INITIAL.
    BeforeInitial,
    /// AFTER INITIAL.
    AfterInitial,
    /// BEFORE BREAKPOINT.
    BeforeBreakpoint,
    /// AFTER SOLVE.
    AfterSolve,
    /// BEFORE STEP.
    BeforeStep,
}

impl Hook {
    /// The moment that the words name; NEURON knows these five.
    fn of(before: bool, what: &str) -> Option<Self> {
        match (before, what) {
            (true, "INITIAL") => Some(Hook::BeforeInitial),
            (false, "INITIAL") => Some(Hook::AfterInitial),
            (true, "BREAKPOINT") => Some(Hook::BeforeBreakpoint),
            (false, "SOLVE") => Some(Hook::AfterSolve),
            (true, "STEP") => Some(Hook::BeforeStep),
            _ => None,
        }
    }
}

/// The items of a file.
#[derive(Debug, Default)]
pub struct Items<'a> {
    /// TITLE.
    pub title: Option<String>,
    /// SUFFIX or POINT_PROCESS, and the name.
    pub identity: Option<(Kind, &'a Name)>,
    /// USEION statements, merged by ion.
    pub ions: Vec<&'a UseIon>,
    /// Currents in declaration order.
    pub currents: Vec<(&'a Name, CurrentKind)>,
    /// RANGE names.
    pub range: IndexMap<&'a str, Span>,
    /// GLOBAL names.
    pub global: IndexMap<&'a str, Span>,
    /// POINTER names.
    pub pointers: Vec<&'a Name>,
    /// CONSTRUCTOR.
    pub constructors: Vec<(&'a Block, Span)>,
    /// EXTERNAL.
    pub externals: Vec<&'a Name>,
    /// RANDOM names.
    pub random: Vec<&'a Name>,
    /// UNITS lines.
    pub units: Vec<&'a UnitDefinition>,
    /// PARAMETER.
    pub parameters: Vec<&'a Declaration>,
    /// CONSTANT.
    pub constants: Vec<&'a Declaration>,
    /// ASSIGNED.
    pub assigned: Vec<&'a Declaration>,
    /// STATE.
    pub states: Vec<&'a Declaration>,
    /// DEFINE.
    pub defines: Vec<(&'a Name, i64)>,
    /// LOCAL at top level.
    pub locals: Vec<&'a LocalVariable>,
    /// INITIAL blocks.
    pub initial: Vec<&'a Block>,
    /// BREAKPOINT blocks.
    pub breakpoint: Vec<&'a Block>,
    /// Blocks for SOLVE.
    pub solvables: IndexMap<&'a str, SolvableItem<'a>>,
    /// FUNCTIONs and PROCEDUREs.
    pub routines: IndexMap<&'a str, RoutineItem<'a>>,
    /// NET_RECEIVE.
    pub net_receive: Option<(&'a [Argument], &'a Block)>,
    /// FUNCTION_TABLEs, whose data HOC gives.
    pub function_tables: Vec<(&'a Name, usize)>,
    /// BEFORE and AFTER blocks.
    pub hooks: Vec<(Hook, &'a Block)>,
}

/// Longest array: kernels hold those with a run-time index in their own memory.
pub const LONGEST_ARRAY: u32 = 4096;

impl<'a> Items<'a> {
    /// The length of an array: a positive number or a DEFINEd name; reports anything else.
    pub fn length(&self, length: &Name, report: &mut Report) -> Option<u32> {
        let defined = self.defines.iter().find(|(name, _)| name.text == length.text).map(|(_, value)| *value);
        let value = defined.or_else(|| length.text.parse().ok());
        let known = value.and_then(|value| u32::try_from(value).ok());
        if let Some(known) = known.filter(|known| (1..=LONGEST_ARRAY).contains(known)) {
            return Some(known);
        }
        let message = match value {
            Some(value) => format!("an array of length {value}"),
            None => format!("the length `{}` is not known", length.text),
        };
        report.push(
            Diagnostic::error("M0240", message, length.span, "not a length")
                .help(format!("give a number from 1 to {LONGEST_ARRAY}, or DEFINE the name")),
        );
        None
    }

    /// Gathers, refusing what is refused at top level.
    pub fn collect(ast: &'a Ast, report: &mut Report) -> Self {
        let mut items = Self::default();
        for item in &ast.items {
            items.item(&item.kind, item.span, report);
        }
        items.check_kind(report);
        items
    }

    /// The kind of the mechanism.
    pub fn kind(&self) -> Kind {
        self.identity.map_or(Kind::Density, |(kind, _)| kind)
    }

    /// Refuses what the kind of the mechanism cannot have, and drops what has no effect.
    fn check_kind(&mut self, report: &mut Report) {
        match self.kind() {
            Kind::PointProcess => {}
            Kind::Density => {
                if let Some((_, body)) = self.net_receive {
                    let message = "a mechanism that is inserted into sections has no NET_RECEIVE";
                    report.push(
                        Diagnostic::error("M0257", message, body.span, "receives events")
                            .help("write POINT_PROCESS instead of SUFFIX"),
                    );
                }
            }
            Kind::ArtificialCell => {
                let currents = self.currents.iter().map(|(name, _)| *name);
                for name in currents.chain(self.ions.iter().map(|ion| &ion.ion)) {
                    let message = format!("an ARTIFICIAL_CELL has no membrane, so no `{}`", name.text);
                    report.push(
                        Diagnostic::error("M0258", message, name.span, "current or ion")
                            .help("write POINT_PROCESS instead of ARTIFICIAL_CELL"),
                    );
                }
                self.currents.clear();
                for block in std::mem::take(&mut self.breakpoint) {
                    let message = "BREAKPOINT of an ARTIFICIAL_CELL never runs";
                    report.push(
                        Diagnostic::warning("M0345", message, block.span, "left out")
                            .help("an artificial cell changes at events only, in NET_RECEIVE; NEURON does the same"),
                    );
                }
            }
        }
    }

    /// The WATCH statements of NET_RECEIVE in textual order: where, condition, flag.
    pub fn watches(&self) -> Vec<(Span, &'a Expression, &'a Expression)> {
        let mut found = Vec::new();
        if let Some((_, body)) = self.net_receive {
            find_watches(body, &mut found);
        }
        found
    }

    fn item(&mut self, kind: &'a ItemKind, span: Span, report: &mut Report) {
        match kind {
            ItemKind::Title(text) => self.title = Some(text.trim().to_owned()),
            ItemKind::Neuron(statements) => {
                for statement in statements {
                    self.neuron(statement, report);
                }
            }
            ItemKind::Units(lines) => self.units.extend(lines),
            ItemKind::Parameter(declarations) => self.parameters.extend(declarations),
            ItemKind::Constant(declarations) => self.constants.extend(declarations),
            ItemKind::Assigned(declarations) => self.assigned.extend(declarations),
            ItemKind::State(declarations) => self.states.extend(declarations),
            ItemKind::Define { name, value } => self.defines.push((name, *value)),
            ItemKind::Local(variables) => self.locals.extend(variables),
            ItemKind::Initial(block) => self.initial.push(block),
            ItemKind::Breakpoint(block) => self.breakpoint.push(block),
            ItemKind::Solvable { kind, name, body, solve_for } => {
                let item = SolvableItem { kind: *kind, body, solve_for };
                if self.solvables.insert(&name.text, item).is_some() {
                    report.push(duplicate(name, "block"));
                }
            }
            ItemKind::Function(routine) | ItemKind::Procedure(routine) => {
                let item = RoutineItem { routine, is_function: matches!(kind, ItemKind::Function(_)) };
                if self.routines.insert(&routine.name.text, item).is_some() {
                    report.push(duplicate(&routine.name, "routine"));
                }
            }
            ItemKind::NetReceive { arguments, body } => {
                if self.net_receive.replace((arguments, body)).is_some() {
                    report.push(Diagnostic::error("M0204", "NET_RECEIVE is given twice", span, "the second one"));
                }
            }
            ItemKind::FunctionTable { name, arguments, .. } => self.function_tables.push((name, arguments.len())),
            // Files that were read have their INCLUDEs in place.
            ItemKind::Include(name) => report.push(
                Diagnostic::error("M0267", "INCLUDE in a text that is no file", name.span, "cannot be followed")
                    .help("save the text, so that there is a directory to look in"),
            ),
            ItemKind::Constructor(block) => self.constructors.push((block, span)),
            // Nothing comes after it.
            ItemKind::Destructor(_) => {}
            ItemKind::BeforeAfter { before, what, body } => match Hook::of(*before, &what.text) {
                Some(hook) => self.hooks.push((hook, body)),
                None => report.push(refuse::BEFORE_AFTER.at(what.span)),
            },
            // Gone: `verbatim` has translated what the blocks need of it.
            ItemKind::Verbatim(_) => {}
            ItemKind::Legacy(name) => report.push(refuse::LEGACY.at(name.span)),
            ItemKind::Independent(_) | ItemKind::UnitsSwitch(_) => {}
        }
    }

    fn neuron(&mut self, statement: &'a NeuronStatement, report: &mut Report) {
        match &statement.kind {
            NeuronStatementKind::Suffix(name) => self.identify(Kind::Density, name, report),
            NeuronStatementKind::PointProcess(name) => self.identify(Kind::PointProcess, name, report),
            NeuronStatementKind::ArtificialCell(name) => self.identify(Kind::ArtificialCell, name, report),
            NeuronStatementKind::UseIon(use_ion) => {
                let ion = self.ions.len();
                let current = format!("i{}", use_ion.ion.text);
                for name in use_ion.write.iter().filter(|name| name.text == current) {
                    if !self.currents.iter().any(|(known, _)| known.text == name.text) {
                        self.currents.push((name, CurrentKind::Ion(ion)));
                    }
                }
                self.ions.push(use_ion);
            }
            NeuronStatementKind::NonspecificCurrent(names) => {
                self.currents.extend(names.iter().map(|name| (name, CurrentKind::Nonspecific)));
            }
            NeuronStatementKind::ElectrodeCurrent(names) => {
                self.currents.extend(names.iter().map(|name| (name, CurrentKind::Electrode)));
            }
            NeuronStatementKind::Range(names) => {
                self.range.extend(names.iter().map(|name| (name.text.as_str(), name.span)));
            }
            NeuronStatementKind::Global(names) => {
                self.global.extend(names.iter().map(|name| (name.text.as_str(), name.span)));
            }
            NeuronStatementKind::Pointer(names) => self.pointers.extend(names),
            // Of use to C only.
            NeuronStatementKind::BbcorePointer(_) => {}
            NeuronStatementKind::External(names) => self.externals.extend(names),
            NeuronStatementKind::Random(names) => self.random.extend(names),
            NeuronStatementKind::Threadsafe | NeuronStatementKind::Represents(_) => {}
            NeuronStatementKind::Legacy(name) => report.push(refuse::LEGACY.at(name.span)),
        }
    }

    /// Whether PARAMETER declares a name.
    pub fn is_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|declaration| declaration.name.text == name)
    }

    /// Whether a DERIVATIVE block has an equation for a name.
    pub fn has_equation(&self, name: &str) -> bool {
        fn equation(block: &Block, wanted: &str) -> bool {
            block.statements.iter().any(|statement| match &statement.kind {
                StatementKind::Assign { target, .. } => {
                    matches!(&target.kind, ExpressionKind::Variable { name, primes: 1.., .. } if name.text == wanted)
                }
                kind => kind.blocks().into_iter().any(|block| equation(block, wanted)),
            })
        }
        self.solvables.values().any(|solvable| equation(solvable.body, name))
    }

    /// The last name holds, as in NEURON, and what is a point process once stays one.
    fn identify(&mut self, kind: Kind, name: &'a Name, report: &mut Report) {
        let Some((earlier, first)) = self.identity.replace((kind, name)) else { return };
        if kind == Kind::Density {
            self.identity = Some((earlier, name));
        }
        report.push(
            Diagnostic::warning("M0390", "the mechanism is named twice", name.span, "this name is used")
                .label(first.span, "first name")
                .help("a file holds one mechanism: keep one SUFFIX or POINT_PROCESS"),
        );
    }
}

fn find_watches<'a>(block: &'a Block, found: &mut Vec<(Span, &'a Expression, &'a Expression)>) {
    for statement in &block.statements {
        match &statement.kind {
            StatementKind::Watch { condition, flag } => found.push((statement.span, condition, flag)),
            StatementKind::If { then, otherwise, .. } => {
                find_watches(then, found);
                otherwise.iter().for_each(|block| find_watches(block, found));
            }
            StatementKind::Block(body)
            | StatementKind::While { body, .. }
            | StatementKind::From { body, .. }
            | StatementKind::ForNetcons { body, .. } => find_watches(body, found),
            _ => {}
        }
    }
}

fn duplicate(name: &Name, what: &str) -> Diagnostic {
    let message = format!("{what} `{}` is defined twice", name.text);
    Diagnostic::error("M0204", message, name.span, "the second one")
}
