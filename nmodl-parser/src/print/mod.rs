//! The syntax tree back to NMODL text.
//!
//! Parsing what is printed gives the same tree, but for the spans. Comments are not in
//! the tree and so are lost.

mod expression;
mod statement;

use crate::ast::{
    Argument, Ast, Declaration, ItemKind, LocalVariable, Name, NeuronStatement, NeuronStatementKind, Routine,
    SolvableKind, Statement, Unit, UnitDefinition, UnitDefinitionKind, UseIon,
};
pub use expression::print_expression;

/// Prints a whole file.
pub fn print(ast: &Ast) -> String {
    let mut printer = Printer::default();
    for (index, item) in ast.items.iter().enumerate() {
        if index > 0 {
            printer.out.push('\n');
        }
        printer.item(&item.kind);
    }
    printer.out
}

/// Prints one statement, without indentation and with a newline at its end.
pub fn print_statement(statement: &Statement) -> String {
    let mut printer = Printer::default();
    printer.statement(&statement.kind);
    printer.out
}

/// Lines with indentation.
#[derive(Default)]
struct Printer {
    out: String,
    depth: usize,
}

impl Printer {
    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("    ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A line, `{`, the inner lines and `}`.
    fn braces(&mut self, head: &str, inner: impl FnOnce(&mut Self)) {
        self.line(format!("{head} {{").trim_start());
        self.depth += 1;
        inner(self);
        self.depth -= 1;
        self.line("}");
    }

    fn item(&mut self, item: &ItemKind) {
        match item {
            ItemKind::Title(text) => self.line(format!("TITLE {text}").trim_end()),
            ItemKind::Neuron(statements) => self.braces("NEURON", |printer| {
                statements.iter().for_each(|statement| printer.line(&neuron_statement(statement)));
            }),
            ItemKind::Units(lines) => self.braces("UNITS", |printer| {
                lines.iter().for_each(|line| printer.line(&unit_definition(line)));
            }),
            ItemKind::Parameter(list) => self.declarations("PARAMETER", list),
            ItemKind::Constant(list) => self.declarations("CONSTANT", list),
            ItemKind::Assigned(list) => self.declarations("ASSIGNED", list),
            ItemKind::State(list) => self.declarations("STATE", list),
            ItemKind::Independent(text) => self.braces("INDEPENDENT", |printer| printer.line(text)),
            ItemKind::Define { name, value } => self.line(&format!("DEFINE {} {value}", name.text)),
            ItemKind::Include(file) => self.line(&format!("INCLUDE \"{}\"", file.text)),
            ItemKind::Local(variables) => self.line(&format!("LOCAL {}", locals(variables))),
            ItemKind::Initial(body) => self.block("INITIAL", body),
            ItemKind::Breakpoint(body) => self.block("BREAKPOINT", body),
            ItemKind::Solvable { kind, name, solve_for, body } => {
                let mut head = format!("{} {}", solvable(*kind), name.text);
                if !solve_for.is_empty() {
                    head.push_str(&format!(" SOLVEFOR {}", names(solve_for)));
                }
                self.block(&head, body);
            }
            ItemKind::Function(routine) => self.routine("FUNCTION", routine),
            ItemKind::Procedure(routine) => self.routine("PROCEDURE", routine),
            ItemKind::FunctionTable { name, arguments, unit } => {
                self.line(&format!("FUNCTION_TABLE {}({}){}", name.text, formals(arguments), optional_unit(unit)));
            }
            ItemKind::NetReceive { arguments, body } => {
                self.block(&format!("NET_RECEIVE({})", formals(arguments)), body);
            }
            ItemKind::Constructor(body) => self.block("CONSTRUCTOR", body),
            ItemKind::Destructor(body) => self.block("DESTRUCTOR", body),
            ItemKind::BeforeAfter { before, what, body } => {
                self.block(&format!("{} {}", if *before { "BEFORE" } else { "AFTER" }, what.text), body);
            }
            ItemKind::Verbatim(text) => self.verbatim(text),
            ItemKind::UnitsSwitch(on) => self.line(units_switch(*on)),
            ItemKind::Legacy(name) => self.line(&name.text),
        }
    }

    fn declarations(&mut self, head: &str, list: &[Declaration]) {
        self.braces(head, |printer| list.iter().for_each(|entry| printer.line(&declaration(entry))));
    }

    fn routine(&mut self, head: &str, routine: &Routine) {
        let Routine { name, arguments, unit, body } = routine;
        let head = format!("{head} {}({}){}", name.text, formals(arguments), optional_unit(unit));
        self.block(&head, body);
    }

    /// C text, kept byte for byte; ENDVERBATIM must begin a line.
    fn verbatim(&mut self, text: &str) {
        let head = if text.is_empty() { "VERBATIM " } else { "VERBATIM" };
        let end = if text.is_empty() || text.ends_with(['\n', '\r']) { "" } else { "\n" };
        self.out.push_str(&format!("{head}{text}{end}ENDVERBATIM\n"));
    }
}

fn solvable(kind: SolvableKind) -> &'static str {
    match kind {
        SolvableKind::Derivative => "DERIVATIVE",
        SolvableKind::Kinetic => "KINETIC",
        SolvableKind::Linear => "LINEAR",
        SolvableKind::Nonlinear => "NONLINEAR",
        SolvableKind::Discrete => "DISCRETE",
    }
}

fn units_switch(on: bool) -> &'static str {
    if on { "UNITSON" } else { "UNITSOFF" }
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ")
}

fn locals(variables: &[LocalVariable]) -> String {
    let print = |variable: &LocalVariable| format!("{}{}", variable.name.text, brackets(&variable.length));
    variables.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn formals(arguments: &[Argument]) -> String {
    let print = |argument: &Argument| format!("{}{}", argument.name.text, optional_unit(&argument.unit));
    arguments.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn brackets(length: &Option<Name>) -> String {
    length.as_ref().map_or_else(String::new, |length| format!("[{}]", length.text))
}

fn optional_unit(unit: &Option<Unit>) -> String {
    unit.as_ref().map_or_else(String::new, |unit| format!(" ({})", unit.text))
}

fn declaration(declaration: &Declaration) -> String {
    let Declaration { name, length, value, unit, limits, range, start, tolerance, span: _ } = declaration;
    let mut out = format!("{}{}", name.text, brackets(length));
    if let Some(value) = value {
        out.push_str(&format!(" = {}", value.text));
    }
    if let Some((low, high)) = range {
        out.push_str(&format!(" FROM {} TO {}", low.text, high.text));
    }
    if let Some(start) = start {
        out.push_str(&format!(" START {}", start.text));
    }
    out.push_str(&optional_unit(unit));
    if let Some((low, high)) = limits {
        out.push_str(&format!(" <{}, {}>", low.text, high.text));
    }
    if let Some(tolerance) = tolerance {
        out.push_str(&format!(" <{}>", tolerance.text));
    }
    out
}

fn unit_definition(line: &UnitDefinition) -> String {
    match &line.kind {
        UnitDefinitionKind::Alias { name, unit } => format!("({}) = ({})", name.text, unit.text),
        UnitDefinitionKind::Factor { name, from, to } => format!("{} = ({}) ({})", name.text, from.text, to.text),
        UnitDefinitionKind::Constant { name, value, unit } => {
            format!("{} = {}{}", name.text, value.text, optional_unit(unit))
        }
    }
}

fn neuron_statement(statement: &NeuronStatement) -> String {
    use NeuronStatementKind as Kind;
    match &statement.kind {
        Kind::Suffix(name) => format!("SUFFIX {}", name.text),
        Kind::PointProcess(name) => format!("POINT_PROCESS {}", name.text),
        Kind::ArtificialCell(name) => format!("ARTIFICIAL_CELL {}", name.text),
        Kind::UseIon(ion) => use_ion(ion),
        Kind::NonspecificCurrent(list) => format!("NONSPECIFIC_CURRENT {}", names(list)),
        Kind::ElectrodeCurrent(list) => format!("ELECTRODE_CURRENT {}", names(list)),
        Kind::Range(list) => format!("RANGE {}", names(list)),
        Kind::Global(list) => format!("GLOBAL {}", names(list)),
        Kind::Pointer(list) => format!("POINTER {}", names(list)),
        Kind::BbcorePointer(list) => format!("BBCOREPOINTER {}", names(list)),
        Kind::External(list) => format!("EXTERNAL {}", names(list)),
        Kind::Random(list) => format!("RANDOM {}", names(list)),
        Kind::Threadsafe => "THREADSAFE".to_owned(),
        Kind::Represents(term) => format!("REPRESENTS {}", term.text),
        Kind::Legacy(name) => name.text.clone(),
    }
}

fn use_ion(ion: &UseIon) -> String {
    let mut out = format!("USEION {}", ion.ion.text);
    if !ion.read.is_empty() {
        out.push_str(&format!(" READ {}", names(&ion.read)));
    }
    if !ion.write.is_empty() {
        out.push_str(&format!(" WRITE {}", names(&ion.write)));
    }
    if let Some(valence) = &ion.valence {
        out.push_str(&format!(" VALENCE {}", valence.text));
    }
    if let Some(term) = &ion.represents {
        out.push_str(&format!(" REPRESENTS {}", term.text));
    }
    out
}
