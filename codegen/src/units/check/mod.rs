//! The check of units, by the rules of NEURON's `modlunit`.
//!
//! - A variable or argument that is declared without a unit is a plain number, `(1)`.
//! - A number without a unit takes any unit that its place asks for; in a product it is `(1)`.
//! - A number alone in parentheses is a conversion factor: `(1000)*x` is in a unit 1000 times smaller than that of `x`.
//! - What is added, compared, assigned or passed has to agree in dimension and scale.
//! - Exponents and arguments of functions like `exp` are plain numbers.
//! - `m'` is in the unit of `m` per ms; a LOCAL has the unit of what was last assigned to it.
//! - Between UNITSOFF and UNITSON nothing is reported.
//!
//! It is more lenient than `modlunit` where that is merely unable: fabs, fmin, fmax, sqrt, pow and negative powers keep
//! units, printf prints anything, v, t, dt, celsius, diam, area and ion variables need no declaration to have their units,
//! and what C code defines is not judged.

mod expression;
mod kinetic;
mod messages;
mod names;
mod statement;

use super::size::Size;
use names::Names;
use nmodl_parser::ast::{Ast, Expression, ItemKind};
use nmodl_parser::{Diagnostic, Span};
use std::collections::HashMap;

/// What is known of the unit of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Quantity {
    /// Nothing; nothing is reported of it.
    Any,
    /// A bare number, which takes the unit of its neighbour.
    Number,
    /// A unit.
    Size(Size),
}

/// A plain number that is not bare.
const PLAIN: Quantity = Quantity::Size(Size::ONE);

impl Quantity {
    /// As a factor of a product.
    fn size(self) -> Option<Size> {
        match self {
            Quantity::Any => None,
            Quantity::Number => Some(Size::ONE),
            Quantity::Size(size) => Some(size),
        }
    }
}

/// A name of a block.
#[derive(Clone, Copy)]
struct Local {
    quantity: Quantity,
    /// Declared with a unit: an argument, or a function's result. Others take that of what is assigned to them.
    fixed: bool,
}

/// A value at its place in the text.
#[derive(Clone, Copy)]
struct Operand<'a> {
    quantity: Quantity,
    span: Span,
    /// As written, to be quoted in advice.
    expression: Option<&'a Expression>,
}

/// Checks the units of a file; all findings are warnings, in the order of the text.
pub fn check(ast: &Ast) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let names = Names::collect(ast, &mut diagnostics);
    let mut checker = Checker {
        names,
        scopes: Vec::new(),
        compartments: HashMap::new(),
        on: true,
        found: None,
        mentioned: Vec::new(),
        diagnostics,
    };
    for item in &ast.items {
        checker.item(&item.kind);
    }
    let mut diagnostics = checker.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map_or(0, |label| label.span.start));
    // An argument's unit is read at its declaration and again in its body.
    diagnostics.dedup();
    diagnostics
}

/// The walk through a file in the order of its text.
struct Checker<'a> {
    names: Names<'a>,
    /// LOCALs and arguments, innermost last.
    scopes: Vec<HashMap<&'a str, Local>>,
    /// Volumes of the states of the KINETIC block under way.
    compartments: HashMap<&'a str, Size>,
    /// UNITSON.
    on: bool,
    /// The finding of the statement under way.
    found: Option<Diagnostic>,
    /// Variables without a unit that the statement under way has named.
    mentioned: Vec<&'a str>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn item(&mut self, item: &'a ItemKind) {
        match item {
            ItemKind::UnitsSwitch(on) => self.on = *on,
            ItemKind::Initial(body)
            | ItemKind::Breakpoint(body)
            | ItemKind::Constructor(body)
            | ItemKind::Destructor(body)
            | ItemKind::BeforeAfter { body, .. } => self.block(body),
            ItemKind::Solvable { body, .. } => {
                self.gather_compartments(body);
                self.block(body);
                self.compartments.clear();
            }
            ItemKind::Function(routine) => {
                self.open(&routine.arguments);
                let result = self.names.routine(&routine.name.text).map_or(Quantity::Any, |known| known.result);
                self.declare(&routine.name.text, Local { quantity: result, fixed: true });
                self.block(&routine.body);
                self.scopes.pop();
            }
            ItemKind::Procedure(routine) => {
                self.open(&routine.arguments);
                self.block(&routine.body);
                self.scopes.pop();
            }
            ItemKind::NetReceive { arguments, body } => {
                self.open(arguments);
                self.declare("flag", Local { quantity: Quantity::Any, fixed: false });
                self.block(body);
                self.scopes.pop();
            }
            ItemKind::Title(_)
            | ItemKind::Neuron(_)
            | ItemKind::Units(_)
            | ItemKind::Parameter(_)
            | ItemKind::Constant(_)
            | ItemKind::Assigned(_)
            | ItemKind::State(_)
            | ItemKind::Independent(_)
            | ItemKind::Define { .. }
            | ItemKind::Include(_)
            | ItemKind::Local(_)
            | ItemKind::FunctionTable { .. }
            | ItemKind::Verbatim(_)
            | ItemKind::Legacy(_) => {}
        }
    }

    /// Keeps the first finding of a statement, unless units are off, with the likely cause.
    fn find(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        if self.on && self.found.is_none() {
            self.found = Some(messages::with_cause(diagnostic(), &self.mentioned));
        }
    }

    /// Ends a statement: its finding is reported.
    fn end_statement(&mut self) {
        self.mentioned.clear();
        self.diagnostics.extend(self.found.take());
    }
}
