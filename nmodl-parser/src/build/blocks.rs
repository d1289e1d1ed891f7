//! Top-level items: declarations, the NEURON and UNITS blocks, heads of the other blocks.

use super::{Builder, Pair, Rule};
use crate::ast::{
    Argument, Ast, Block, Declaration, Item, ItemKind, LocalVariable, Name, NeuronStatement, NeuronStatementKind,
    Routine, SolvableKind, Unit, UnitDefinition, UnitDefinitionKind, UseIon,
};
use crate::{Diagnostic, codes};

impl<'a> Builder<'a> {
    /// The whole file.
    pub(super) fn file(&mut self, file: Pair<'a>) -> Ast {
        let mut items = Vec::new();
        for pair in file.into_inner() {
            let span = self.span(&pair);
            if let Some(kind) = self.item(pair) {
                items.push(Item { kind, span });
            }
        }
        self.warn_products();
        Ast { items }
    }

    fn item(&mut self, pair: Pair<'a>) -> Option<ItemKind> {
        Some(match pair.as_rule() {
            Rule::title => ItemKind::Title(self.child_text(pair)),
            Rule::neuron => ItemKind::Neuron(self.neuron(pair)),
            Rule::units => ItemKind::Units(self.units(pair)),
            Rule::parameter => ItemKind::Parameter(self.declarations(pair, "PARAMETER")),
            Rule::constant => ItemKind::Constant(self.declarations(pair, "CONSTANT")),
            Rule::assigned => ItemKind::Assigned(self.declarations(pair, "ASSIGNED")),
            Rule::state => ItemKind::State(self.declarations(pair, "STATE")),
            Rule::independent => ItemKind::Independent(self.independent(pair)),
            Rule::define => self.define(pair)?,
            Rule::include => ItemKind::Include(self.include(pair)?),
            Rule::units_switch => ItemKind::UnitsSwitch(Self::units_switch(pair)),
            Rule::local => ItemKind::Local(self.local(pair)),
            Rule::verbatim => ItemKind::Verbatim(self.verbatim(pair)),
            Rule::initial => ItemKind::Initial(self.only_block(pair, "INITIAL")),
            Rule::breakpoint => ItemKind::Breakpoint(self.only_block(pair, "BREAKPOINT")),
            Rule::constructor => ItemKind::Constructor(self.only_block(pair, "CONSTRUCTOR")),
            Rule::destructor => ItemKind::Destructor(self.only_block(pair, "DESTRUCTOR")),
            Rule::before_after => self.before_after(pair),
            Rule::solvable => self.solvable(pair),
            Rule::function => ItemKind::Function(self.routine(pair, "FUNCTION")),
            Rule::procedure => ItemKind::Procedure(self.routine(pair, "PROCEDURE")),
            Rule::function_table => {
                let head = self.head(pair, "FUNCTION_TABLE");
                ItemKind::FunctionTable { name: head.name, arguments: head.arguments, unit: head.unit }
            }
            Rule::net_receive => {
                let head = self.head(pair, "NET_RECEIVE");
                ItemKind::NetReceive { arguments: head.arguments, body: head.body }
            }
            Rule::bad_item => return self.bad_item(pair),
            Rule::stray_close => {
                let span = self.span(&pair);
                self.error(codes::STRAY_BRACE, "this `}` closes nothing", span, "no `{` is open here");
                return None;
            }
            // EOI.
            _ => return None,
        })
    }

    fn child_text(&self, pair: Pair<'a>) -> String {
        pair.into_inner().next().map_or_else(String::new, |text| text.as_str().trim().to_owned())
    }

    pub(super) fn verbatim(&self, pair: Pair<'a>) -> String {
        pair.into_inner().next().map_or_else(String::new, |text| text.as_str().to_owned())
    }

    pub(super) fn units_switch(pair: Pair<'a>) -> bool {
        pair.into_inner().next().is_some_and(|which| which.as_rule() == Rule::units_on)
    }

    fn independent(&mut self, pair: Pair<'a>) -> String {
        let mut text = String::new();
        let block = pair.clone();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::unclosed => self.unclosed(&block, "INDEPENDENT"),
                _ => text = part.as_str().trim().to_owned(),
            }
        }
        text
    }

    fn define(&mut self, pair: Pair<'a>) -> Option<ItemKind> {
        let mut name = None;
        let mut negative = false;
        let mut value = 0;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::sign => negative = part.as_str() == "-",
                _ => value = self.integer(&part),
            }
        }
        let name = name?;
        let value = if negative { -value } else { value };
        self.defines.insert(name.text.clone(), value);
        Some(ItemKind::Define { name, value })
    }

    fn include(&mut self, pair: Pair<'a>) -> Option<Name> {
        let string = pair.into_inner().next()?;
        let text = string.as_str();
        Some(Name { text: text[1..text.len() - 1].to_owned(), span: self.span(&string) })
    }

    /// The variables of a LOCAL.
    pub(super) fn local(&mut self, pair: Pair<'a>) -> Vec<LocalVariable> {
        pair.into_inner()
            .map(|variable| {
                let mut local = LocalVariable { name: self.name(&variable), length: None };
                for part in variable.into_inner() {
                    match part.as_rule() {
                        Rule::name => local.name = self.name(&part),
                        _ => local.length = Some(self.name(&part)),
                    }
                }
                self.declared.insert(local.name.text.clone());
                local
            })
            .collect()
    }

    fn only_block(&mut self, pair: Pair<'a>, what: &str) -> Block {
        self.head(pair, what).body
    }

    fn before_after(&mut self, pair: Pair<'a>) -> ItemKind {
        let mut before = false;
        let mut what = Name { text: String::new(), span: self.span(&pair) };
        let mut body = Block::default();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::before_or_after => before = part.as_str() == "BEFORE",
                Rule::before_what => what = self.name(&part),
                _ => body = self.block(part, if before { "BEFORE" } else { "AFTER" }),
            }
        }
        ItemKind::BeforeAfter { before, what, body }
    }

    fn solvable(&mut self, pair: Pair<'a>) -> ItemKind {
        let mut kind = (SolvableKind::Derivative, "DERIVATIVE");
        let mut solve_for = Vec::new();
        let mut name = Name { text: String::new(), span: self.span(&pair) };
        let mut body = Block::default();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::solvable_kind => {
                    kind = match part.as_str() {
                        "KINETIC" => (SolvableKind::Kinetic, "KINETIC"),
                        "LINEAR" => (SolvableKind::Linear, "LINEAR"),
                        "NONLINEAR" => (SolvableKind::Nonlinear, "NONLINEAR"),
                        "DISCRETE" => (SolvableKind::Discrete, "DISCRETE"),
                        _ => kind,
                    }
                }
                Rule::name => name = self.name(&part),
                Rule::solve_for => solve_for = part.into_inner().flat_map(|names| self.names(names)).collect(),
                _ => body = self.block(part, &format!("{} {}", kind.1, name.text)),
            }
        }
        ItemKind::Solvable { kind: kind.0, name, solve_for, body }
    }

    fn routine(&mut self, pair: Pair<'a>, what: &str) -> Routine {
        let Head { name, arguments, unit, body } = self.head(pair, what);
        Routine { name, arguments, unit, body }
    }

    /// What blocks with statements have in common.
    fn head(&mut self, pair: Pair<'a>, what: &str) -> Head {
        let name = Name { text: String::new(), span: self.span(&pair) };
        let mut head = Head { name, arguments: Vec::new(), unit: None, body: Block::default() };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => head.name = self.name(&part),
                Rule::formals => head.arguments = self.formals(part),
                Rule::unit => head.unit = Some(self.unit(&part)),
                _ => head.body = self.block(part, format!("{what} {}", head.name.text).trim_end()),
            }
        }
        head
    }

    fn neuron(&mut self, pair: Pair<'a>) -> Vec<NeuronStatement> {
        use NeuronStatementKind as Kind;
        let mut statements = Vec::new();
        let block = pair.clone();
        for pair in pair.into_inner() {
            let span = self.span(&pair);
            let rule = pair.as_rule();
            let kind = match rule {
                Rule::unclosed => {
                    self.unclosed(&block, "NEURON");
                    continue;
                }
                Rule::bad => {
                    self.bad_neuron(&pair);
                    continue;
                }
                Rule::use_ion => Kind::UseIon(self.use_ion(pair)),
                Rule::suffix | Rule::point_process | Rule::artificial_cell | Rule::represents => {
                    let Some(name) = pair.into_inner().next().map(|name| self.name(&name)) else { continue };
                    match rule {
                        Rule::suffix => Kind::Suffix(name),
                        Rule::point_process => Kind::PointProcess(name),
                        Rule::artificial_cell => Kind::ArtificialCell(name),
                        _ => Kind::Represents(name),
                    }
                }
                _ => {
                    let names: Vec<Name> = pair.into_inner().flat_map(|names| self.names(names)).collect();
                    self.declared.extend(names.iter().map(|name| name.text.clone()));
                    match rule {
                        Rule::nonspecific_current => Kind::NonspecificCurrent(names),
                        Rule::electrode_current => Kind::ElectrodeCurrent(names),
                        Rule::range => Kind::Range(names),
                        Rule::global => Kind::Global(names),
                        Rule::pointer => Kind::Pointer(names),
                        Rule::bbcore_pointer => Kind::BbcorePointer(names),
                        Rule::external => Kind::External(names),
                        Rule::random => Kind::Random(names),
                        _ => Kind::Threadsafe,
                    }
                }
            };
            statements.push(NeuronStatement { kind, span });
        }
        statements
    }

    fn use_ion(&mut self, pair: Pair<'a>) -> UseIon {
        let ion = Name { text: String::new(), span: self.span(&pair) };
        let mut ion = UseIon { ion, read: Vec::new(), write: Vec::new(), valence: None, represents: None };
        for part in pair.into_inner() {
            let rule = part.as_rule();
            if rule == Rule::name {
                ion.ion = self.name(&part);
                continue;
            }
            let Some(child) = part.into_inner().next() else { continue };
            match rule {
                Rule::read => ion.read.extend(self.names(child)),
                Rule::write => ion.write.extend(self.names(child)),
                Rule::valence => ion.valence = Some(self.signed(child)),
                _ => ion.represents = Some(self.name(&child)),
            }
        }
        let used = ion.read.iter().chain(&ion.write);
        self.declared.extend(used.map(|name| name.text.clone()));
        ion
    }

    fn units(&mut self, pair: Pair<'a>) -> Vec<UnitDefinition> {
        let mut lines = Vec::new();
        let block = pair.clone();
        for pair in pair.into_inner() {
            let span = self.span(&pair);
            let rule = pair.as_rule();
            match rule {
                Rule::unclosed => self.unclosed(&block, "UNITS"),
                Rule::bad => self.bad_units(&pair),
                _ => lines.extend(self.unit_definition(pair).map(|kind| UnitDefinition { kind, span })),
            }
        }
        lines
    }

    fn unit_definition(&mut self, pair: Pair<'a>) -> Option<UnitDefinitionKind> {
        let rule = pair.as_rule();
        let (mut name, mut value, mut units) = (None, None, Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::unit => units.push(self.unit(&part)),
                Rule::name => name = Some(self.name(&part)),
                _ => value = Some(self.signed(part)),
            }
        }
        let mut units = units.into_iter();
        Some(match rule {
            Rule::unit_alias => {
                let (name, unit) = (units.next()?, units.next()?);
                self.unit_aliases.insert(name.text.clone());
                UnitDefinitionKind::Alias { name, unit }
            }
            Rule::unit_factor => UnitDefinitionKind::Factor { name: name?, from: units.next()?, to: units.next()? },
            _ => UnitDefinitionKind::Constant { name: name?, value: value?, unit: units.next() },
        })
    }

    fn declarations(&mut self, pair: Pair<'a>, what: &'static str) -> Vec<Declaration> {
        let mut declarations = Vec::new();
        let block = pair.clone();
        for pair in pair.into_inner() {
            match pair.as_rule() {
                Rule::unclosed => self.unclosed(&block, what),
                Rule::bad => self.bad_declaration(&pair, what),
                _ => declarations.push(self.declaration(pair, what)),
            }
        }
        declarations
    }

    fn declaration(&mut self, pair: Pair<'a>, what: &'static str) -> Declaration {
        let span = self.span(&pair);
        let mut declaration = Declaration {
            name: self.name(&pair),
            length: None,
            value: None,
            unit: None,
            limits: None,
            range: None,
            start: None,
            tolerance: None,
            span,
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => declaration.name = self.name(&part),
                Rule::length => declaration.length = Some(self.name(&part)),
                Rule::signed_number => declaration.value = Some(self.signed(part)),
                Rule::unit => declaration.unit = Some(self.unit(&part)),
                rule => {
                    let numbers: Vec<_> = part.into_inner().map(|number| self.signed(number)).collect();
                    let mut numbers = numbers.into_iter();
                    let (first, second) = (numbers.next(), numbers.next());
                    match rule {
                        Rule::limits => declaration.limits = first.zip(second),
                        Rule::value_range => declaration.range = first.zip(second),
                        Rule::start => declaration.start = first,
                        _ => declaration.tolerance = first,
                    }
                }
            }
        }
        self.check_value(&declaration, what);
        self.declared.insert(declaration.name.text.clone());
        declaration
    }

    fn check_value(&mut self, declaration: &Declaration, what: &'static str) {
        let name = &declaration.name;
        match (&declaration.value, what) {
            (Some(value), "ASSIGNED" | "STATE") => {
                let message = format!("`{}` is given a value in {what}", name.text);
                let diagnostic = Diagnostic::error(codes::BAD_VALUE, message, value.span, "no value may stand here")
                    .help(format!("assign it in INITIAL, or declare `{}` in PARAMETER", name.text));
                self.diagnostics.push(diagnostic);
            }
            (None, "CONSTANT") => {
                let message = format!("the constant `{}` has no value", name.text);
                self.error(codes::BAD_VALUE, message, name.span, "expected `= number` after this name");
            }
            _ => {}
        }
    }

    /// Warns where the unit of a number looks like a factor.
    fn warn_products(&mut self) {
        for unit in std::mem::take(&mut self.unit_literals) {
            if self.unit_aliases.contains(&unit.text) {
                continue;
            }
            let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
            let variable = unit
                .text
                .split(|character| !is_word(character))
                .find(|word| self.declared.contains(*word) && !self.unit_aliases.contains(*word));
            let label = match variable {
                Some(name) => format!("`{name}` is a variable, but here it is read as a unit"),
                None if unit.text.contains(['+', '[']) => "read as a unit".to_owned(),
                None => continue,
            };
            let message = format!("`({})` after a number is a unit, not a factor", unit.text);
            let diagnostic = Diagnostic::warning(codes::UNIT_OR_PRODUCT, message, unit.span, label)
                .help(format!("for a product write `*({})`", unit.text));
            self.diagnostics.push(diagnostic);
        }
    }
}

/// The parts of a block's head, and its body.
struct Head {
    name: Name,
    arguments: Vec<Argument>,
    unit: Option<Unit>,
    body: Block,
}
