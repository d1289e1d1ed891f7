//! The file-level names of a mechanism and where their values live.

use super::collect::{CurrentKind, Items, RoutineItem};
use super::draft::Current;
use super::ions::{self, IonVariable};
use super::refuse;
use super::report::Report;
use super::uses::Uses;
use crate::ir::{
    Array, Column, ColumnId, Expression, Global, GlobalId, Input, Ion, Kind, Missing, Place, Role, Stream, StreamKind,
};
use indexmap::IndexMap;
use nmodl_parser::ast::{Declaration, Name, Statement, StatementKind, UnitDefinitionKind};
use nmodl_parser::{Diagnostic, Span};

/// Where a name's value lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Symbol {
    /// A per-instance variable.
    Column(ColumnId),
    /// A shared value.
    Global(GlobalId),
    /// Columns or globals in a row.
    Array(Array),
    /// A number known now.
    Constant(f64),
    /// A value of the simulator.
    Input(Input),
    /// An ion variable: index in [`Symbols::ion_variables`].
    Ion(usize),
    /// A stream of random numbers: index in [`Symbols::streams`].
    Random(usize),
}

/// A STATE that INITIAL finds at its `name0`.
#[derive(Clone, Debug)]
pub struct State {
    /// Where it lives.
    pub place: Place,
    /// Its value before INITIAL's statements.
    pub start: Expression,
    /// Line of its declaration.
    pub span: Span,
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct StreamSymbol {
    /// Name and generator.
    pub stream: Stream,
    /// The first of its columns.
    pub first: ColumnId,
}

/// All file-level names.
#[derive(Debug, Default)]
pub struct Symbols {
    names: IndexMap<String, (Symbol, Span)>,
    /// Per-instance variables.
    pub columns: Vec<Column>,
    /// Shared values.
    pub globals: Vec<Global>,
    /// POINTERs that kernels use.
    pub pointers: Vec<String>,
    /// What else nothing gives to instances.
    pub missing: Vec<Missing>,
    /// Where the values of FUNCTION_TABLEs would come from.
    pub function_tables: IndexMap<String, ColumnId>,
    /// Streams of random numbers.
    pub streams: Vec<StreamSymbol>,
    /// First column of the stream of scop_random.
    pub scop: Option<ColumnId>,
    /// USEION.
    pub ions: Vec<Ion>,
    /// Reversal potentials, concentrations and read currents of ions.
    pub ion_variables: Vec<IonVariable>,
    /// STATEs, but for those that live in an ion.
    pub states: Vec<State>,
    /// Names of all STATEs.
    pub state_names: Vec<String>,
    /// Currents in declaration order.
    pub currents: Vec<Current>,
    /// The currents are ELECTRODE_CURRENTs.
    pub electrode: bool,
    /// Top-level LOCALs.
    pub locals: Vec<(ColumnId, Span)>,
    /// WATCH statements in textual order.
    pub watches: Vec<Watch>,
}

/// A WATCH statement.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// Where its state lives.
    pub place: Place,
    /// Where it stands.
    pub span: Span,
}

impl Symbols {
    /// The symbol of a name.
    pub fn get(&self, name: &str) -> Option<Symbol> {
        self.names.get(name).map(|(symbol, _)| *symbol)
    }

    /// All names, for suggestions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// The simulator's variables.
pub const INPUTS: [(&str, Input); 6] = [
    ("v", Input::V),
    ("t", Input::T),
    ("dt", Input::Dt),
    ("celsius", Input::Celsius),
    ("area", Input::Area),
    ("diam", Input::Diam),
];

/// Declares all names of a file. `tables`: tables are used where it asks for TABLE.
pub fn declare(items: &Items, uses: &Uses, tables: bool, report: &mut Report) -> Symbols {
    let mut builder =
        Builder { items, uses, report, symbols: Symbols::default(), promoted: vec![], undeclared: vec![] };
    builder.inputs();
    builder.ions();
    builder.externals();
    builder.streams();
    builder.constants();
    builder.parameters();
    builder.states();
    builder.assigned();
    builder.listed();
    builder.pointers();
    builder.function_tables();
    builder.currents();
    builder.locals();
    builder.usetable(tables);
    builder.initial_values();
    builder.ranges();
    builder.watches();
    builder.report_promoted();
    builder.symbols
}

struct Builder<'a, 'r> {
    items: &'r Items<'a>,
    uses: &'r Uses<'a>,
    report: &'r mut Report,
    symbols: Symbols,
    /// Shared variables that the mechanism assigns, and where first.
    promoted: Vec<(String, Span)>,
    /// What GLOBAL lists and nothing declares.
    undeclared: Vec<&'r str>,
}

impl Builder<'_, '_> {
    fn insert(&mut self, name: &str, symbol: Symbol, span: Span) {
        self.symbols.names.insert(name.to_owned(), (symbol, span));
    }

    /// Whether the name is already taken by an input or an ion; complains if by anything else.
    fn is_taken(&mut self, declaration: &Declaration) -> bool {
        let name = &declaration.name;
        match self.symbols.names.get(&name.text) {
            None => false,
            Some((Symbol::Input(_) | Symbol::Ion(_), _)) => true,
            Some((Symbol::Global(at), _)) if self.symbols.globals[at.0 as usize].external => true,
            Some((
                Symbol::Column(_) | Symbol::Global(_) | Symbol::Array(_) | Symbol::Constant(_) | Symbol::Random(_),
                first,
            )) => {
                let message = format!("`{}` is declared twice", name.text);
                self.report.push(
                    Diagnostic::error("M0204", message, name.span, "second declaration").label(*first, "first one"),
                );
                true
            }
        }
    }

    fn inputs(&mut self) {
        let membrane = self.items.kind() != Kind::ArtificialCell;
        for (name, input) in INPUTS {
            // As in NEURON, an artificial cell may have variables of its own with these names.
            if !membrane && matches!(input, Input::V | Input::Area | Input::Diam) {
                continue;
            }
            self.insert(name, Symbol::Input(input), Span::default());
        }
    }

    fn ions(&mut self) {
        let (ions, variables) = ions::declare(self.items, self.uses, self.report);
        for (at, variable) in variables.iter().enumerate() {
            self.insert(&variable.name, Symbol::Ion(at), variable.span);
        }
        self.symbols.ions = ions;
        self.symbols.ion_variables = variables;
    }

    /// GLOBALs of other mechanisms.
    fn externals(&mut self) {
        for name in &self.items.externals {
            if self.symbols.get(&name.text).is_some() || !self.uses.named.contains(name.text.as_str()) {
                continue;
            }
            if self.uses.written.contains_key(name.text.as_str()) {
                self.report.push(refuse::EXTERNAL.at(name.span));
            }
            let id = GlobalId(self.symbols.globals.len() as u32);
            let (unit, limits) = (String::new(), None);
            self.symbols.globals.push(Global { name: name.text.clone(), unit, default: 0.0, limits, external: true });
            self.insert(&name.text, Symbol::Global(id), name.span);
        }
    }

    /// No table is ever given: calls read a column that nothing sets, in instances that do not run.
    fn function_tables(&mut self) {
        for (name, span) in &self.uses.function_tables {
            let id = ColumnId(self.symbols.columns.len() as u32);
            self.symbols.columns.push(Column {
                name: format!("FUNCTION_TABLE {name}"),
                unit: String::new(),
                role: Role::Assigned,
                range: false,
                default: f64::NAN,
                limits: None,
            });
            self.symbols.function_tables.insert((*name).to_owned(), id);
            let help = format!("write it as a FUNCTION `{name}` that computes the curve");
            self.symbols.missing.push(Missing { what: format!("a table for its FUNCTION_TABLE `{name}`"), help });
            let message = format!("FUNCTION_TABLE `{name}` must be given before the mechanism can run");
            self.report.push(Diagnostic::warning("M0355", message, *span, "its table is set by HOC").help(
                "nothing sets tables here: the simulator refuses models that hold an instance; write the formula of \
                 the curve as a FUNCTION",
            ));
        }
    }

    fn streams(&mut self) {
        for name in &self.items.random {
            if let Some((_, first)) = self.symbols.names.get(&name.text) {
                let message = format!("`{}` is declared twice", name.text);
                self.report.push(
                    Diagnostic::error("M0204", message, name.span, "second declaration").label(*first, "first one"),
                );
                continue;
            }
            let at = self.symbols.streams.len();
            self.stream(&name.text, StreamKind::Random123);
            self.insert(&name.text, Symbol::Random(at), name.span);
        }
        if let Some(span) = self.uses.scop {
            self.symbols.scop = Some(self.stream("scop_random", StreamKind::Scop));
            let message = "each instance draws from its own stretch of the sequence of scop_random";
            self.report.push(
                Diagnostic::warning("M0348", message, span, "NEURON's one sequence serves all instances in turn").help(
                    "a model with one such instance gets NEURON's numbers; use a RANDOM variable for streams that do \
                     not depend on the rest of the model",
                ),
            );
        }
    }

    /// The columns of a stream.
    fn stream(&mut self, name: &str, kind: StreamKind) -> ColumnId {
        let first = ColumnId(self.symbols.columns.len() as u32);
        for (at, (part, default)) in kind.columns().iter().enumerate() {
            self.symbols.columns.push(Column {
                name: format!("{name}.{part}"),
                unit: String::new(),
                role: if at < 2 { Role::Assigned } else { Role::Parameter },
                range: true,
                default: *default,
                limits: None,
            });
        }
        self.symbols.streams.push(StreamSymbol { stream: Stream { name: name.to_owned(), kind }, first });
        first
    }

    fn constants(&mut self) {
        for (name, value) in &self.items.defines {
            self.insert(&name.text, Symbol::Constant(*value as f64), name.span);
        }
        for declaration in &self.items.constants {
            if !self.is_taken(declaration) {
                let value = declaration.value.as_ref().map_or(0.0, |number| number.value);
                self.insert(&declaration.name.text, Symbol::Constant(value), declaration.name.span);
            }
        }
        self.unit_constants();
    }

    fn unit_constants(&mut self) {
        let mut units = crate::units::Units::default();
        for line in &self.items.units {
            match &line.kind {
                // Unknown words matter only where a size is asked for.
                UnitDefinitionKind::Alias { name, unit } => drop(units.alias(&name.text, &unit.text)),
                UnitDefinitionKind::Constant { name, value, .. } => {
                    self.insert(&name.text, Symbol::Constant(value.value), name.span);
                }
                UnitDefinitionKind::Factor { name, from, to } => {
                    let value = match (units.size(&from.text), units.size(&to.text)) {
                        (Ok(from), Ok(to)) => {
                            if from.dimension != to.dimension {
                                let message = format!("the units of `{}` do not conform", name.text);
                                self.report.push(
                                    Diagnostic::warning("M0315", message, line.span, "different dimensions")
                                        .help("the ratio of the sizes in SI units is used"),
                                );
                            }
                            from.factor / to.factor
                        }
                        (Err(word), _) | (_, Err(word)) => {
                            let message = format!("unknown unit `{word}`");
                            self.report
                                .push(Diagnostic::error("M0216", message, line.span, "in this definition").help(
                                "define the unit in UNITS, or give the constant's value: `FARADAY = 96485.3 (coulomb)`",
                            ));
                            1.0
                        }
                    };
                    self.insert(&name.text, Symbol::Constant(value), name.span);
                }
            }
        }
    }

    fn parameters(&mut self) {
        for declaration in &self.items.parameters {
            let name = &declaration.name;
            if self.is_taken(declaration) {
                self.ignored_value(declaration);
                continue;
            }
            let written = self.uses.written.get(name.text.as_str()).copied();
            let range = self.items.range.contains_key(name.text.as_str());
            let value = self.kept_value(declaration);
            let is_current = self.items.currents.iter().any(|(current, _)| current.text == name.text);
            // A POINTER is of the instance, even if PARAMETER declares it.
            let range = range || self.items.pointers.iter().any(|pointer| pointer.text == name.text);
            if range || written.is_some() || is_current {
                if let (Some(span), false, false) = (written, range, is_current) {
                    self.promoted.push((name.text.clone(), span));
                }
                let role = if written.is_some() { Role::Assigned } else { Role::Parameter };
                self.column(declaration, role, range || !is_current, value);
            } else {
                self.global(declaration, value);
            }
        }
    }

    /// The value of a PARAMETER as NEURON keeps it: with six digits.
    fn kept_value(&mut self, declaration: &Declaration) -> f64 {
        let Some(number) = &declaration.value else { return 0.0 };
        let kept = six_digits(number.value);
        if kept != number.value {
            let (name, value) = (&declaration.name.text, number.value);
            let message = format!("`{name}` is {kept}, not {value}: a PARAMETER has six digits in NEURON");
            self.report.push(
                Diagnostic::warning("M0393", message, number.span, "rounded")
                    .help(format!("declare `{name}` in CONSTANT to keep all digits")),
            );
        }
        kept
    }

    /// A simulator or ion variable that PARAMETER gives a value.
    fn ignored_value(&mut self, declaration: &Declaration) {
        let name = &declaration.name.text;
        let Some(value) = &declaration.value else { return };
        let (owner, code) = match self.symbols.get(name) {
            Some(Symbol::Input(_)) => ("the simulator", "M0316"),
            Some(Symbol::Ion(_)) => ("the ion", "M0317"),
            _ => return,
        };
        let message = format!("the value of `{name}` is ignored: it comes from {owner}");
        self.report.push(
            Diagnostic::warning(code, message, value.span, "not used")
                .help(format!("declare `{name}` in ASSIGNED, without a value")),
        );
    }

    /// One warning for all shared variables that became each instance's own.
    fn report_promoted(&mut self) {
        self.promoted.sort_by_key(|(_, span)| span.start);
        let Some((_, first)) = self.promoted.first() else { return };
        let names: Vec<&str> = self.promoted.iter().map(|(name, _)| name.as_str()).collect();
        let (be, own) = if names.len() == 1 { ("is", "its own") } else { ("are", "its own of each") };
        let message = format!(
            "{} {be} shared by all instances but assigned by the mechanism; each instance gets {own}",
            super::suggest::list(&names)
        );
        self.report.push(
            Diagnostic::warning("M0301", message, *first, "first assigned here")
                .help("declare in RANGE what each instance computes, and in ASSIGNED what is no parameter"),
        );
    }

    fn states(&mut self) {
        for declaration in &self.items.states {
            let name = &declaration.name.text;
            if !self.is_taken(declaration) {
                let start = declaration.start.as_ref().map_or(0.0, |number| number.value);
                self.column(declaration, Role::State, true, start);
            }
            self.symbols.state_names.push(name.clone());
        }
    }

    /// POINTERs are columns that the user sees; most files declare them in ASSIGNED too.
    fn pointers(&mut self) {
        for name in &self.items.pointers {
            if !self.uses.named.contains(name.text.as_str()) {
                continue;
            }
            let id = match self.symbols.get(&name.text) {
                Some(Symbol::Column(id)) => id,
                None => match self.hidden(name, None, true).first() {
                    Some(id) => *id,
                    None => continue,
                },
                Some(_) => {
                    let message = format!("POINTER `{}` is something else too", name.text);
                    self.report.push(
                        Diagnostic::error("M0204", message, name.span, "declared as a POINTER here")
                            .help("declare it in ASSIGNED, and not as an ion variable or a GLOBAL"),
                    );
                    continue;
                }
            };
            self.symbols.columns[id.0 as usize].range = true;
            self.symbols.pointers.push(name.text.clone());
            let message = format!("POINTER `{}` must be set before the mechanism can run", name.text);
            self.report.push(Diagnostic::warning("M0339", message, name.span, "a variable of another place").help(
                "there is no setpointer yet: the simulator refuses cells that hold this mechanism; use an ion, or \
                     NET_RECEIVE, to pass values",
            ));
        }
    }

    fn assigned(&mut self) {
        for declaration in &self.items.assigned {
            if self.is_taken(declaration) {
                continue;
            }
            let name = declaration.name.text.as_str();
            let range = self.items.range.contains_key(name);
            let written = self.uses.written.get(name).copied();
            match (self.items.global.contains_key(name) && !range, written) {
                (true, None) => self.global(declaration, 0.0),
                (true, Some(span)) => {
                    self.promoted.push((name.to_owned(), span));
                    self.column(declaration, Role::Assigned, false, 0.0);
                }
                (false, _) => self.column(declaration, Role::Assigned, range, 0.0),
            }
        }
    }

    /// What GLOBAL lists and nothing declares is shared all the same; [`Self::ranges`] warns of it.
    fn listed(&mut self) {
        for (name, span) in &self.items.global {
            if self.symbols.get(name).is_some() || !self.uses.named.contains(name) {
                continue;
            }
            self.undeclared.push(name);
            let name = Name { text: (*name).to_owned(), span: *span };
            if let Some(written) = self.uses.written.get(name.text.as_str()) {
                self.promoted.push((name.text.clone(), *written));
                self.hidden(&name, None, false);
            } else {
                let declaration = Declaration {
                    name,
                    length: None,
                    value: None,
                    unit: None,
                    limits: None,
                    range: None,
                    start: None,
                    tolerance: None,
                    span: *span,
                };
                self.global(&declaration, 0.0);
            }
        }
    }

    fn column(&mut self, declaration: &Declaration, role: Role, range: bool, default: f64) {
        let column = Column {
            name: String::new(),
            unit: declaration.unit.as_ref().map_or(String::new(), |unit| unit.text.clone()),
            role,
            range,
            default,
            limits: declaration.limits.as_ref().map(|(low, high)| (low.value, high.value)),
        };
        self.columns(&declaration.name, declaration.length.as_ref(), column);
    }

    /// Declares a variable as `column`, or one column for every element of an array.
    fn columns(&mut self, name: &Name, length: Option<&Name>, column: Column) -> Vec<ColumnId> {
        let Some(elements) = self.elements(name, length) else { return vec![] };
        let first = self.symbols.columns.len() as u32;
        let count = elements.len() as u32;
        self.symbols.columns.extend(elements.into_iter().map(|name| Column { name, ..column.clone() }));
        let symbol = match length {
            None => Symbol::Column(ColumnId(first)),
            Some(_) => Symbol::Array(Array { first: Place::Column(ColumnId(first)), length: count }),
        };
        self.insert(&name.text, symbol, name.span);
        (first..first + count).map(ColumnId).collect()
    }

    fn global(&mut self, declaration: &Declaration, default: f64) {
        let name = &declaration.name;
        let Some(elements) = self.elements(name, declaration.length.as_ref()) else { return };
        let id = GlobalId(self.symbols.globals.len() as u32);
        let symbol = match declaration.length {
            None => Symbol::Global(id),
            Some(_) => Symbol::Array(Array { first: Place::Global(id), length: elements.len() as u32 }),
        };
        self.symbols.globals.extend(elements.into_iter().map(|name| Global {
            name,
            unit: declaration.unit.as_ref().map_or(String::new(), |unit| unit.text.clone()),
            default,
            limits: declaration.limits.as_ref().map(|(low, high)| (low.value, high.value)),
            external: false,
        }));
        self.insert(&name.text, symbol, name.span);
    }

    /// The names of a variable's elements: its own, or `ca[0]` and so on.
    fn elements(&mut self, name: &Name, length: Option<&Name>) -> Option<Vec<String>> {
        let Some(length) = length else { return Some(vec![name.text.clone()]) };
        let length = self.items.length(length, self.report)?;
        Some((0..length).map(|at| format!("{}[{at}]", name.text)).collect())
    }

    /// An undeclared per-instance variable.
    fn hidden(&mut self, name: &Name, length: Option<&Name>, range: bool) -> Vec<ColumnId> {
        let column = Column {
            name: String::new(),
            unit: String::new(),
            role: Role::Assigned,
            range,
            default: 0.0,
            limits: None,
        };
        self.columns(name, length, column)
    }

    fn watches(&mut self) {
        for (at, (span, ..)) in self.items.watches().into_iter().enumerate() {
            let id = ColumnId(self.symbols.columns.len() as u32);
            // The code cannot name it.
            self.symbols.columns.push(Column {
                name: format!("WATCH {}", at + 1),
                unit: String::new(),
                role: Role::Assigned,
                range: false,
                default: 0.0,
                limits: None,
            });
            self.symbols.watches.push(Watch { place: Place::Column(id), span });
        }
    }

    fn currents(&mut self) {
        let currents = &self.items.currents;
        self.symbols.electrode = currents.iter().any(|(_, kind)| *kind == CurrentKind::Electrode);
        for (at, (name, kind)) in currents.iter().enumerate() {
            if let Some((first, _)) = currents[..at].iter().find(|(first, _)| first.text == name.text) {
                let message = format!("current `{}` is declared twice", name.text);
                self.report.push(
                    Diagnostic::error("M0204", message, name.span, "second declaration")
                        .label(first.span, "first one")
                        .help("give each current a name of its own"),
                );
                continue;
            }
            let range = self.items.range.contains_key(name.text.as_str());
            let id = match self.symbols.get(&name.text) {
                Some(Symbol::Column(id)) => id,
                None => match self.hidden(name, None, range)[..] {
                    [id] => id,
                    _ => continue,
                },
                Some(_) => {
                    let message = format!("`{}` cannot be a current", name.text);
                    self.report.push(
                        Diagnostic::error("M0204", message, name.span, "declared as a current here")
                            .help("a current is declared in ASSIGNED"),
                    );
                    continue;
                }
            };
            if self.symbols.electrode && *kind != CurrentKind::Electrode {
                self.report.push(refuse::MIXED_CURRENTS.at(name.span));
            }
            let ion = match kind {
                CurrentKind::Ion(at) => Some(ions::id_of(&self.symbols.ions, &self.items.ions[*at].ion.text)),
                CurrentKind::Nonspecific | CurrentKind::Electrode => None,
            };
            self.symbols.currents.push(Current { place: Place::Column(id), name: name.text.clone(), ion });
        }
    }

    fn locals(&mut self) {
        for variable in &self.items.locals {
            let name = &variable.name;
            if self.symbols.get(&name.text).is_none() && self.uses.named.contains(name.text.as_str()) {
                let ids = self.hidden(name, variable.length.as_ref(), false);
                self.symbols.locals.extend(ids.into_iter().map(|id| (id, name.span)));
            }
        }
    }

    /// The switch that NEURON makes for a file with TABLE.
    fn usetable(&mut self, tables: bool) {
        let is_table = |statement: &Statement| matches!(statement.kind, StatementKind::Table { .. });
        let has_table = |item: &RoutineItem| item.routine.body.statements.iter().any(is_table);
        let name = super::tables::USETABLE;
        if self.symbols.get(name).is_none()
            && self.uses.named.contains(name)
            && !self.uses.written.contains_key(name)
            && self.items.routines.values().any(has_table)
        {
            self.insert(name, Symbol::Constant(f64::from(u8::from(tables))), Span::default());
        }
    }

    /// `m0` of every STATE `m`: declared, or implicit where the code names it.
    fn initial_values(&mut self) {
        for declaration in &self.items.states {
            let name = &declaration.name;
            if let Some(Symbol::Ion(_)) = self.symbols.get(&name.text) {
                self.ion_start(declaration);
                continue;
            }
            let columns: Vec<ColumnId> = match self.symbols.get(&name.text) {
                Some(Symbol::Column(id)) => vec![id],
                Some(Symbol::Array(array)) => array.elements().filter_map(column_of).collect(),
                _ => continue,
            };
            let Some(id) = columns.first().copied() else { continue };
            let initial = format!("{}0", name.text);
            if self.symbols.get(&initial).is_none() && self.uses.named.contains(initial.as_str()) {
                let global = GlobalId(self.symbols.globals.len() as u32);
                let default = self.symbols.columns[id.0 as usize].default;
                self.symbols.globals.push(Global {
                    name: initial.clone(),
                    unit: self.symbols.columns[id.0 as usize].unit.clone(),
                    default,
                    limits: None,
                    external: false,
                });
                self.insert(&initial, Symbol::Global(global), name.span);
            }
            let (start, default) = match self.symbols.get(&initial) {
                Some(Symbol::Column(at)) => (Expression::column(at), Some(self.symbols.columns[at.0 as usize].default)),
                Some(Symbol::Global(at)) => {
                    (Expression::Load(Place::Global(at)), Some(self.symbols.globals[at.0 as usize].default))
                }
                Some(Symbol::Constant(value)) => (Expression::Number(value), Some(value)),
                Some(Symbol::Input(_) | Symbol::Ion(_) | Symbol::Array(_) | Symbol::Random(_)) | None => {
                    (Expression::Number(self.symbols.columns[id.0 as usize].default), None)
                }
            };
            for id in columns {
                if let Some(default) = default {
                    self.symbols.columns[id.0 as usize].default = default;
                }
                let (place, start) = (Place::Column(id), start.clone());
                self.symbols.states.push(State { place, start, span: declaration.span });
            }
        }
    }

    /// `cai0` of a STATE that is an ion's concentration: INITIAL does not use it, and unless declared it is 0.
    fn ion_start(&mut self, declaration: &Declaration) {
        let name = &declaration.name;
        let initial = format!("{}0", name.text);
        if self.symbols.get(&initial).is_some() || !self.uses.named.contains(initial.as_str()) {
            return;
        }
        if self.uses.written.contains_key(initial.as_str()) {
            self.hidden(&Name { text: initial, span: name.span }, None, false);
            return;
        }
        let start = declaration.start.as_ref().map_or(0.0, |number| number.value);
        let message = format!("`{initial}` is {start}, not the initial value of the ion");
        self.report.push(
            Diagnostic::warning("M0340", message, name.span, "starts at the ion's value")
                .help(format!("use `{}` in INITIAL, or declare `{initial}` in PARAMETER", name.text)),
        );
        self.insert(&initial, Symbol::Constant(start), name.span);
    }

    fn ranges(&mut self) {
        for (name, span) in self.items.range.iter().chain(&self.items.global) {
            if self.symbols.get(name).is_none() || self.undeclared.contains(name) {
                let message = format!("`{name}` is listed in the NEURON block but declared nowhere");
                let known = self.symbols.names.keys().map(String::as_str);
                let help = match super::suggest::nearest(name, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "declare it in PARAMETER or ASSIGNED, or remove it".to_owned(),
                };
                self.report.push(Diagnostic::warning("M0307", message, *span, "not declared").help(help));
            }
        }
    }
}

fn column_of(place: Place) -> Option<ColumnId> {
    match place {
        Place::Column(id) => Some(id),
        Place::Global(_) | Place::Local(_) | Place::NetArgument(_) | Place::EachArgument(_) => None,
    }
}

/// What C's `%g` keeps of a number.
fn six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::six_digits;

    #[test]
    fn six_digits_are_kept() {
        let cases =
            [(45.75992, 45.7599), (0.1424546, 0.142455), (1e-7, 1e-7), (123456789.0, 123457000.0), (-0.5, -0.5)];
        for (value, kept) in cases {
            assert_eq!(six_digits(value), kept);
        }
        // Ties go to even.
        assert_eq!((six_digits(1234565.0), six_digits(1234575.0)), (1234560.0, 1234580.0));
    }
}
