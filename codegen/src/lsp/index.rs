//! The names of a file: what each is, and where it is declared.

use super::document::{Document, file_uri, range_in};
use lsp_types::Location;
use nmodl_parser::ast::{
    Argument, Ast, Block, Declaration, ItemKind, Name, NeuronStatementKind, SolvableKind, StatementKind, Unit,
    UnitDefinitionKind,
};
use nmodl_parser::{SourceFile, Span, parse, word_at};

/// A name where it is declared.
#[derive(Debug)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// `PARAMETER`, `FUNCTION`, `LOCAL variable`.
    pub kind: &'static str,
    /// Its unit, without parentheses.
    pub unit: Option<String>,
    /// Its declared value.
    pub value: Option<String>,
    /// The block it is known in; everywhere if none.
    pub scope: Option<Span>,
}

/// The names of a file, declarations before mentions in the NEURON block.
#[derive(Debug, Default)]
pub struct Index {
    /// All of them.
    pub definitions: Vec<Definition>,
    /// RANGE and GLOBAL names.
    pub attributes: Vec<(String, &'static str)>,
    mentions: Vec<Definition>,
}

impl Index {
    /// The names of a tree.
    pub fn new(ast: &Ast) -> Self {
        let mut index = Self::default();
        for item in &ast.items {
            index.item(&item.kind, item.span);
        }
        let mentions = std::mem::take(&mut index.mentions);
        index.definitions.extend(mentions);
        index
    }

    /// What a name means at an offset: the innermost declaration that reaches there.
    pub fn find(&self, name: &str, offset: usize) -> Option<&Definition> {
        let reaches = |scope: &Span| scope.range().contains(&offset);
        let named = || self.definitions.iter().filter(|definition| definition.name == name);
        let local = named().filter(|definition| definition.scope.as_ref().is_some_and(reaches));
        local
            .min_by_key(|definition| definition.scope.map_or(0, |scope| scope.end - scope.start))
            .or_else(|| named().find(|definition| definition.scope.is_none()))
    }

    fn add(&mut self, name: &Name, kind: &'static str, unit: Option<&Unit>, value: Option<&str>, scope: Option<Span>) {
        self.definitions.push(Definition {
            name: name.text.clone(),
            span: name.span,
            kind,
            unit: unit.map(|unit| unit.text.clone()),
            value: value.map(str::to_owned),
            scope,
        });
    }

    fn mention(&mut self, names: &[Name], kind: &'static str) {
        self.mentions.extend(names.iter().map(|name| Definition {
            name: name.text.clone(),
            span: name.span,
            kind,
            unit: None,
            value: None,
            scope: None,
        }));
    }

    fn item(&mut self, item: &ItemKind, span: Span) {
        match item {
            ItemKind::Neuron(statements) => statements.iter().for_each(|statement| self.neuron(&statement.kind)),
            ItemKind::Units(lines) => {
                for line in lines {
                    match &line.kind {
                        UnitDefinitionKind::Alias { .. } => {}
                        UnitDefinitionKind::Factor { name, from, to } => {
                            let value = format!("({})", from.text);
                            self.add(name, "constant of UNITS", Some(to), Some(&value), None);
                        }
                        UnitDefinitionKind::Constant { name, value, unit } => {
                            self.add(name, "constant of UNITS", unit.as_ref(), Some(&value.text), None);
                        }
                    }
                }
            }
            ItemKind::Parameter(list) => self.declarations("PARAMETER", list),
            ItemKind::Constant(list) => self.declarations("CONSTANT", list),
            ItemKind::Assigned(list) => self.declarations("ASSIGNED", list),
            ItemKind::State(list) => self.declarations("STATE", list),
            ItemKind::Define { name, value } => self.add(name, "DEFINE", None, Some(&value.to_string()), None),
            ItemKind::Local(variables) => {
                variables.iter().for_each(|variable| self.add(&variable.name, "LOCAL at top level", None, None, None));
            }
            ItemKind::Solvable { kind, name, body, .. } => {
                self.add(name, solvable(*kind), None, None, None);
                self.block(body);
            }
            ItemKind::Function(routine) => {
                self.add(&routine.name, "FUNCTION", routine.unit.as_ref(), None, None);
                self.arguments(&routine.arguments, span);
                self.block(&routine.body);
            }
            ItemKind::Procedure(routine) => {
                self.add(&routine.name, "PROCEDURE", None, None, None);
                self.arguments(&routine.arguments, span);
                self.block(&routine.body);
            }
            ItemKind::FunctionTable { name, unit, .. } => self.add(name, "FUNCTION_TABLE", unit.as_ref(), None, None),
            ItemKind::NetReceive { arguments, body } => {
                self.arguments(arguments, span);
                self.block(body);
            }
            ItemKind::Initial(body)
            | ItemKind::Breakpoint(body)
            | ItemKind::Constructor(body)
            | ItemKind::Destructor(body)
            | ItemKind::BeforeAfter { body, .. } => self.block(body),
            ItemKind::Title(_)
            | ItemKind::Independent(_)
            | ItemKind::Include(_)
            | ItemKind::Verbatim(_)
            | ItemKind::UnitsSwitch(_)
            | ItemKind::Legacy(_) => {}
        }
    }

    fn neuron(&mut self, statement: &NeuronStatementKind) {
        match statement {
            NeuronStatementKind::UseIon(ion) => {
                self.mention(&ion.read, "ion variable");
                self.mention(&ion.write, "ion variable");
                self.mention(std::slice::from_ref(&ion.ion), "ion");
            }
            NeuronStatementKind::NonspecificCurrent(list) => self.mention(list, "NONSPECIFIC_CURRENT"),
            NeuronStatementKind::ElectrodeCurrent(list) => self.mention(list, "ELECTRODE_CURRENT"),
            NeuronStatementKind::Pointer(list) => self.mention(list, "POINTER"),
            NeuronStatementKind::BbcorePointer(list) => self.mention(list, "BBCOREPOINTER"),
            NeuronStatementKind::External(list) => self.mention(list, "EXTERNAL"),
            NeuronStatementKind::Random(list) => self.mention(list, "RANDOM"),
            NeuronStatementKind::Range(list) => {
                self.attributes.extend(list.iter().map(|name| (name.text.clone(), "RANGE")));
            }
            NeuronStatementKind::Global(list) => {
                self.attributes.extend(list.iter().map(|name| (name.text.clone(), "GLOBAL")));
            }
            NeuronStatementKind::Suffix(name)
            | NeuronStatementKind::PointProcess(name)
            | NeuronStatementKind::ArtificialCell(name) => self.mention(std::slice::from_ref(name), "mechanism"),
            NeuronStatementKind::Threadsafe | NeuronStatementKind::Represents(_) | NeuronStatementKind::Legacy(_) => {}
        }
    }

    fn declarations(&mut self, kind: &'static str, list: &[Declaration]) {
        for Declaration { name, unit, value, .. } in list {
            self.add(name, kind, unit.as_ref(), value.as_ref().map(|value| value.text.as_str()), None);
        }
    }

    fn arguments(&mut self, arguments: &[Argument], scope: Span) {
        for argument in arguments {
            self.add(&argument.name, "argument", argument.unit.as_ref(), None, Some(scope));
        }
    }

    fn block(&mut self, block: &Block) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Local(variables) => {
                    for variable in variables {
                        self.add(&variable.name, "LOCAL variable", None, None, Some(block.span));
                    }
                }
                StatementKind::If { then, otherwise, .. } => {
                    self.block(then);
                    otherwise.iter().for_each(|block| self.block(block));
                }
                StatementKind::From { variable, body, .. } => {
                    self.add(variable, "loop counter", None, None, Some(body.span));
                    self.block(body);
                }
                StatementKind::ForNetcons { arguments, body } => {
                    self.arguments(arguments, body.span);
                    self.block(body);
                }
                StatementKind::While { body, .. } | StatementKind::Initial(body) | StatementKind::Block(body) => {
                    self.block(body);
                }
                _ => {}
            }
        }
    }
}

fn solvable(kind: SolvableKind) -> &'static str {
    match kind {
        SolvableKind::Derivative => "DERIVATIVE block",
        SolvableKind::Kinetic => "KINETIC block",
        SolvableKind::Linear => "LINEAR block",
        SolvableKind::Nonlinear => "NONLINEAR block",
        SolvableKind::Discrete => "DISCRETE block",
    }
}

/// The word at an offset, without the primes of a derivative.
pub fn word(document: &Document, offset: usize) -> Option<&str> {
    let range = word_at(&document.own.text, offset)?;
    Some(document.own.text[range].trim_end_matches('\''))
}

/// The names of a document's own text.
pub fn of(source: &SourceFile) -> Index {
    Index::new(&parse(source).0)
}

/// Where the name at an offset is declared, be it in an included file.
pub fn definition(document: &Document, offset: usize) -> Option<Location> {
    let name = word(document, offset)?;
    if let Some(found) = of(&document.own).find(name, offset) {
        return Some(Location { uri: document.uri.clone(), range: document.range(found.span) });
    }
    let all = of(&document.source);
    let place = document.source.place(all.find(name, usize::MAX)?.span);
    Some(Location { uri: file_uri(place.file)?, range: range_in(place.text, place.range) })
}
