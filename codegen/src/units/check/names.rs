//! The units of a file's names.

use super::super::size::{Size, Units};
use super::{PLAIN, Quantity, messages};
use nmodl_parser::ast::{
    Argument, Ast, Declaration, ItemKind, NeuronStatementKind, Unit, UnitDefinition, UnitDefinitionKind, UseIon,
};
use nmodl_parser::{Diagnostic, Span};
use std::collections::{HashMap, HashSet};

/// A FUNCTION, PROCEDURE or FUNCTION_TABLE.
pub struct Routine<'a> {
    /// Its arguments as written.
    pub arguments: &'a [Argument],
    /// Their units.
    pub quantities: Vec<Quantity>,
    /// The unit of its value.
    pub result: Quantity,
}

/// A name of the file.
struct Known {
    quantity: Quantity,
    /// Declared without a unit, which may be a mistake.
    bare: bool,
}

/// All names at file level.
pub struct Names<'a> {
    units: Units,
    known: HashMap<&'a str, Known>,
    routines: HashMap<&'a str, Routine<'a>>,
    /// Unit of the independent variable.
    pub time: Size,
    /// Top-level LOCALs, which take units like those of a block.
    pub locals: HashMap<&'a str, Quantity>,
    unknown: HashSet<String>,
    /// The file includes others, which may define its units.
    includes: bool,
}

/// The simulator's variables and their units.
const SIMULATOR: [(&str, &str); 6] =
    [("v", "millivolt"), ("t", "ms"), ("dt", "ms"), ("celsius", "degC"), ("diam", "micron"), ("area", "micron2")];

impl<'a> Names<'a> {
    /// Reads all declarations.
    pub fn collect(ast: &'a Ast, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self {
            units: Units::default(),
            known: HashMap::new(),
            routines: HashMap::new(),
            time: Size { factor: 1e-3, dimension: [0, 0, 1, 0, 0] },
            locals: HashMap::new(),
            unknown: HashSet::new(),
            includes: ast.items.iter().any(|item| matches!(item.kind, ItemKind::Include(_))),
        };
        for item in &ast.items {
            if let ItemKind::Units(lines) = &item.kind {
                lines.iter().for_each(|line| names.alias(line, diagnostics));
            }
        }
        names.simulator_variables(ast, diagnostics);
        for item in &ast.items {
            names.item(&item.kind, diagnostics);
        }
        names
    }

    /// The unit of a file-level name.
    pub fn quantity(&self, name: &str) -> Quantity {
        if let Some(local) = self.locals.get(name) {
            return *local;
        }
        let initial = || self.known.get(name.strip_suffix('0')?);
        self.known.get(name).or_else(initial).map_or(Quantity::Any, |known| known.quantity)
    }

    /// Whether a name is declared without a unit, which may be a mistake.
    pub fn is_bare(&self, name: &str) -> bool {
        self.known.get(name).is_some_and(|known| known.bare)
    }

    /// A routine of the file.
    pub fn routine(&self, name: &str) -> Option<&Routine<'a>> {
        self.routines.get(name)
    }

    /// What a unit of the file means; a word that is not known is reported once.
    pub fn unit(&mut self, unit: &Unit, diagnostics: &mut Vec<Diagnostic>) -> Quantity {
        if let Some(power) = negative_power(&unit.text) {
            diagnostics.push(messages::negative_power(unit, power));
        }
        match self.units.strict_size(&unit.text) {
            Ok(size) => Quantity::Size(size),
            Err(unknown) => {
                if self.unknown.insert(unknown.word.clone()) && !self.includes {
                    diagnostics.push(messages::unknown_unit(unit, &unknown));
                }
                self.units.size(&unit.text).map_or(Quantity::Any, Quantity::Size)
            }
        }
    }

    fn optional(&mut self, unit: Option<&Unit>, diagnostics: &mut Vec<Diagnostic>) -> Quantity {
        unit.map_or(PLAIN, |unit| self.unit(unit, diagnostics))
    }

    fn alias(&mut self, line: &UnitDefinition, diagnostics: &mut Vec<Diagnostic>) {
        let UnitDefinitionKind::Alias { name, unit } = &line.kind else { return };
        let Quantity::Size(size) = self.unit(unit, diagnostics) else {
            // Further complaints about a name that was to be defined would only mislead.
            self.unknown.insert(name.text.clone());
            return;
        };
        match self.units.defined(&name.text) {
            // NEURON keeps the first meaning.
            Some(first) => {
                if first.dimension != size.dimension || !first.same_factor(size) {
                    diagnostics.push(messages::redefined(name, first, size));
                }
            }
            // The size is known, so the definition cannot fail.
            None => drop(self.units.alias(&name.text, &unit.text)),
        }
    }

    fn declare(&mut self, name: &'a str, quantity: Quantity, bare: bool) {
        self.known.entry(name).or_insert(Known { quantity, bare });
    }

    fn item(&mut self, item: &'a ItemKind, diagnostics: &mut Vec<Diagnostic>) {
        match item {
            ItemKind::Parameter(list) | ItemKind::Constant(list) | ItemKind::Assigned(list) | ItemKind::State(list) => {
                // A gate has no unit, so a STATE without one is hardly a mistake's cause.
                let is_state = matches!(item, ItemKind::State(_));
                for Declaration { name, unit, .. } in list {
                    if !self.known.contains_key(name.text.as_str()) {
                        let quantity = self.optional(unit.as_ref(), diagnostics);
                        self.declare(&name.text, quantity, unit.is_none() && !is_state);
                    }
                }
            }
            ItemKind::Units(lines) => {
                for line in lines {
                    let (name, unit) = match &line.kind {
                        UnitDefinitionKind::Alias { .. } => continue,
                        UnitDefinitionKind::Factor { name, from, to } => {
                            self.unit(from, diagnostics);
                            (name, Some(to))
                        }
                        UnitDefinitionKind::Constant { name, unit, .. } => (name, unit.as_ref()),
                    };
                    let quantity = self.optional(unit, diagnostics);
                    self.declare(&name.text, quantity, unit.is_none());
                }
            }
            ItemKind::Define { name, .. } => self.declare(&name.text, Quantity::Number, false),
            ItemKind::Local(variables) => {
                self.locals.extend(variables.iter().map(|variable| (variable.name.text.as_str(), PLAIN)));
            }
            ItemKind::Function(routine) | ItemKind::Procedure(routine) => {
                self.routine_of(&routine.name.text, &routine.arguments, routine.unit.as_ref(), diagnostics);
            }
            ItemKind::FunctionTable { name, arguments, unit } => {
                self.routine_of(&name.text, arguments, unit.as_ref(), diagnostics);
            }
            _ => {}
        }
    }

    fn routine_of(
        &mut self,
        name: &'a str,
        arguments: &'a [Argument],
        unit: Option<&Unit>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let quantities = arguments.iter().map(|argument| self.optional(argument.unit.as_ref(), diagnostics)).collect();
        let result = self.optional(unit, diagnostics);
        self.routines.insert(name, Routine { arguments, quantities, result });
    }

    /// Gives the variables of the simulator and the ions their units, and checks those of their declarations.
    fn simulator_variables(&mut self, ast: &'a Ast, diagnostics: &mut Vec<Diagnostic>) {
        let mut given: Vec<(&'a str, &'static str)> = SIMULATOR.to_vec();
        given.extend(membrane_variables(ast));
        for (name, text) in given {
            let declared = ast.items.iter().find_map(|item| declaration(&item.kind, name));
            let needed = Units::default().size(text).unwrap_or(Size::ONE);
            let quantity = match declared {
                None if name == "t" => Quantity::Size(self.independent(ast)),
                None => Quantity::Size(needed),
                // One finding for the missing unit is enough.
                Some((unit, span)) => self.declared(name, needed, unit, span, diagnostics),
            };
            if let (true, Quantity::Size(size)) = (name == "t", quantity) {
                self.time = size;
            }
            self.declare(name, quantity, false);
        }
    }

    fn declared(
        &mut self,
        name: &str,
        needed: Size,
        unit: Option<&Unit>,
        span: Span,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Quantity {
        let Some(unit) = unit else {
            diagnostics.push(messages::wrong_declaration(name, needed, None, span));
            return Quantity::Any;
        };
        let quantity = self.unit(unit, diagnostics);
        if let Quantity::Size(size) = quantity
            && (size.dimension != needed.dimension || !size.same_factor(needed))
        {
            diagnostics.push(messages::wrong_declaration(name, needed, Some(size), unit.span));
        }
        quantity
    }

    /// The unit in `INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }`.
    fn independent(&self, ast: &Ast) -> Size {
        let unit = ast.items.iter().find_map(|item| match &item.kind {
            ItemKind::Independent(text) => text.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')),
            _ => None,
        });
        unit.and_then(|(text, _)| self.units.size(text).ok()).unwrap_or(self.time)
    }
}

/// Currents, concentrations and potentials that the NEURON block names, with their units.
fn membrane_variables(ast: &Ast) -> Vec<(&str, &'static str)> {
    let statements: Vec<&NeuronStatementKind> = ast
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Neuron(statements) => Some(statements),
            _ => None,
        })
        .flatten()
        .map(|statement| &statement.kind)
        .collect();
    let is_point = |kind: &&NeuronStatementKind| {
        matches!(kind, NeuronStatementKind::PointProcess(_) | NeuronStatementKind::ArtificialCell(_))
    };
    let current = if statements.iter().any(is_point) { "nanoamp" } else { "milliamp/cm2" };
    let mut found = Vec::new();
    for statement in statements {
        match statement {
            NeuronStatementKind::NonspecificCurrent(list) | NeuronStatementKind::ElectrodeCurrent(list) => {
                found.extend(list.iter().map(|name| (name.text.as_str(), current)));
            }
            NeuronStatementKind::UseIon(UseIon { ion, read, write, .. }) => {
                let kind = |name: &str| match name {
                    name if name.strip_prefix('i') == Some(&ion.text) => Some(current),
                    name if name.strip_prefix('e') == Some(&ion.text) => Some("millivolt"),
                    name if name.strip_suffix(['i', 'o']) == Some(&ion.text) => Some("milli/liter"),
                    _ => None,
                };
                let names = read.iter().chain(write);
                found.extend(names.filter_map(|name| Some((name.text.as_str(), kind(&name.text)?))));
            }
            _ => {}
        }
    }
    found
}

/// Where a name is declared, and its unit.
fn declaration<'a>(item: &'a ItemKind, name: &str) -> Option<(Option<&'a Unit>, Span)> {
    match item {
        ItemKind::Parameter(list) | ItemKind::Constant(list) | ItemKind::Assigned(list) | ItemKind::State(list) => {
            let found = list.iter().find(|declaration| declaration.name.text == name)?;
            Some((found.unit.as_ref(), found.name.span))
        }
        _ => None,
    }
}

/// The `-1` of `mV-1`, which looks like an exponent and is none.
fn negative_power(text: &str) -> Option<&str> {
    let at = text.match_indices('-').map(|(at, _)| at).find(|at| {
        let before = text[..*at].trim_start();
        before.contains(|c: char| c.is_ascii_alphabetic()) && text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    })?;
    let end = text[at + 1..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |end| at + 1 + end);
    Some(&text[at..end])
}
