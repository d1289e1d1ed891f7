//! Checks on whole mechanisms.

use super::draft::{Draft, Part};
use super::lower::{Context, Lower, Source};
use super::report::Report;
use super::symbols::Symbols;
use super::uses::Uses;
use super::verbatim::Found;
use crate::ir::{Expression, Function, Input, Place, Statement, StatementKind};
use crate::passes::flow::{self, Access};
use nmodl_parser::ast::{self, Block, ExpressionKind};
use nmodl_parser::{Diagnostic, Severity, Span};
use std::collections::BTreeSet;

/// Checks routines that no kernel calls. What is not supported there does not matter, mistakes do; in a file with C, what
/// looks like one may be C's. `c`: what its C has, if any.
pub fn unreached_routines(source: Source, uses: &Uses, c: Option<&Found>, report: &mut Report) {
    for (name, item) in &source.items.routines {
        if uses.routines.contains(name) || c.is_some_and(|c| c.functions.contains(*name)) {
            continue;
        }
        let mut own = Report::default();
        let mut lower = Lower::new(source, Context::Routine, &mut own);
        lower.routine_alone(item);
        let (unsupported, other): (Vec<_>, Vec<_>) = own.into_vec().into_iter().partition(|diagnostic| {
            diagnostic.code.starts_with("M01")
                || (c.is_some() && matches!(diagnostic.code, "M0201" | "M0202" | "M0219" | "M0241" | "M0242"))
        });
        if let Some(first) = unsupported.first() {
            let routine = if item.is_function { "FUNCTION" } else { "PROCEDURE" };
            let message = format!("{routine} `{name}` is left out: {}", first.message);
            report.push(
                Diagnostic::warning("M0310", message, item.routine.name.span, "not called by the simulation")
                    .help("nothing to do unless HOC or Python code of the model calls it"),
            );
        }
        for diagnostic in other {
            if diagnostic.severity == Severity::Error {
                report.push(diagnostic);
            }
        }
    }
}

/// Warns of FUNCTIONs that never say what their value is.
pub fn results(source: Source, uses: &Uses, report: &mut Report) {
    for (name, item) in &source.items.routines {
        if item.is_function && uses.routines.contains(name) && !sets(&item.routine.body, name) {
            let message = format!("FUNCTION `{name}` is never given a value");
            report.push(
                Diagnostic::warning("M0356", message, item.routine.name.span, "its value is 0")
                    .help(format!("assign it: `{name} = ...`; or make it a PROCEDURE")),
            );
        }
    }
}

/// Whether a statement assigns `name`; C code may.
fn sets(block: &Block, name: &str) -> bool {
    block.statements.iter().any(|statement| match &statement.kind {
        ast::StatementKind::Assign { target, .. } => {
            matches!(&target.kind, ExpressionKind::Variable { name: to, .. } if to.text == name)
        }
        ast::StatementKind::Verbatim(_) | ast::StatementKind::Table { .. } => true,
        ast::StatementKind::If { then, otherwise, .. } => {
            sets(then, name) || otherwise.iter().any(|block| sets(block, name))
        }
        ast::StatementKind::While { body, .. } | ast::StatementKind::From { body, .. } => sets(body, name),
        ast::StatementKind::Block(body) => sets(body, name),
        ast::StatementKind::Protect(inner) => {
            matches!(&inner.kind, ast::StatementKind::Assign { target, .. }
                if matches!(&target.kind, ExpressionKind::Variable { name: to, .. } if to.text == name))
        }
        _ => false,
    })
}

/// Warns of currents that BREAKPOINT does not assign.
pub fn currents(draft: &Draft, source: Source, uses: &Uses, report: &mut Report) {
    let Some(current) = &draft.current else { return };
    for ((name, _), one) in source.items.currents.iter().zip(&current.currents) {
        if assigns(&current.function.body, one.place) {
            continue;
        }
        report.push(if uses.written.contains_key(name.text.as_str()) {
            let message = format!("current `{}` is not assigned in BREAKPOINT", name.text);
            Diagnostic::warning("M0305", message, name.span, "acts one step late and without conductance").help(
                "as in NEURON, the value of the last state update is used; \
                 assign the current in BREAKPOINT for an accurate and stable result",
            )
        } else {
            let message = format!("current `{}` is never assigned", name.text);
            Diagnostic::warning("M0304", message, name.span, "always 0").help("assign it in BREAKPOINT")
        });
    }
}

fn assigns(body: &[Statement], place: Place) -> bool {
    body.iter().any(|statement| {
        matches!(&statement.kind, StatementKind::Assign(to, _) if *to == place)
            || matches!(&statement.kind, StatementKind::AssignElement(array, ..) if array.contains(place))
            || statement.blocks().iter().any(|block| assigns(block, place))
    })
}

/// A top-level LOCAL is one value for all instances in NEURON; here each instance has its own, and a
/// warning says so. Nothing needs to be said if no kernel reads what another run has left, or if what is left is equal for all
/// instances (`LOCAL q10`, computed when celsius changes).
pub fn static_locals(draft: &Draft, symbols: &Symbols, report: &mut Report) {
    if symbols.locals.is_empty() {
        return;
    }
    let kernels = bodies(draft);
    let statics: BTreeSet<Place> = symbols.locals.iter().map(|(column, _)| Place::Column(*column)).collect();
    let individual = Individual::find(&kernels, &statics);
    let mut carried: Vec<(&str, Span)> = Vec::new();
    for (column, span) in &symbols.locals {
        let place = Place::Column(*column);
        let name = symbols.columns[column.0 as usize].name.as_str();
        let reads_first = |body: &Vec<Statement>| flow::access(body, place) == Access::ReadFirst;
        // An array is named once.
        let name = name.split('[').next().unwrap_or(name);
        if kernels.iter().any(reads_first)
            && individual.contains(place)
            && !carried.iter().any(|(known, _)| *known == name)
        {
            carried.push((name, *span));
        }
    }
    let Some((_, first)) = carried.first() else { return };
    let names: Vec<&str> = carried.iter().map(|(name, _)| *name).collect();
    let message = format!(
        "top-level LOCAL {} keeps a value from block to block; each instance gets its own",
        super::suggest::list(&names)
    );
    report.push(
        Diagnostic::warning("M0302", message, *first, "shared by all instances in NEURON")
            .help("there the last instance's value is seen by the next; declare it in ASSIGNED to say what is meant"),
    );
}

/// The statements of the kernels, INITIAL first.
fn bodies(draft: &Draft) -> Vec<Vec<Statement>> {
    let kernels = &draft.mechanism.kernels;
    let body = |function: &Option<Function>| function.as_ref().map_or(vec![], |function| function.body.clone());
    let state = draft.state.iter().flat_map(|state| &state.parts).flat_map(|part| match part {
        Part::Plain(body) => body.clone(),
        Part::Solve(solve) => solve.body.clone(),
    });
    vec![
        body(&kernels.init),
        state.collect(),
        draft.current.as_ref().map_or(vec![], |current| current.function.body.clone()),
        body(&kernels.diffusion),
        body(&kernels.net_receive),
        body(&kernels.net_init),
        body(&kernels.watch),
        body(&kernels.before_initial),
        body(&kernels.after_initial),
        body(&kernels.before_breakpoint),
        body(&kernels.after_solve),
        body(&kernels.before_step),
    ]
}

/// The places whose values may differ between instances, or depend on how often a kernel has run.
struct Individual<'a> {
    statics: &'a BTreeSet<Place>,
    /// Locals by kernel, static columns by kernel 0.
    places: BTreeSet<(usize, Place)>,
}

impl<'a> Individual<'a> {
    fn find(kernels: &[Vec<Statement>], statics: &'a BTreeSet<Place>) -> Self {
        let mut found = Self { statics, places: BTreeSet::new() };
        loop {
            let before = found.places.len();
            for (kernel, body) in kernels.iter().enumerate() {
                found.spread(kernel, body, false);
            }
            if found.places.len() == before {
                return found;
            }
        }
    }

    fn contains(&self, place: Place) -> bool {
        self.places.contains(&(0, place))
    }

    fn key(&self, kernel: usize, place: Place) -> (usize, Place) {
        (if self.statics.contains(&place) { 0 } else { kernel }, place)
    }

    fn spread(&mut self, kernel: usize, body: &[Statement], inherited: bool) {
        for statement in body {
            let mut individual = inherited;
            for e in statement.expressions() {
                individual |= self.is_individual(kernel, e);
            }
            if let StatementKind::Assign(place, value) = &statement.kind {
                // `n = n + 1` counts instances.
                if individual || (self.statics.contains(place) && flow::reads(value, *place)) {
                    self.places.insert(self.key(kernel, *place));
                }
            }
            if let (StatementKind::AssignElement(array, ..), true) = (&statement.kind, individual) {
                for place in array.elements() {
                    self.places.insert(self.key(kernel, place));
                }
            }
            for block in statement.blocks() {
                self.spread(kernel, block, individual);
            }
        }
    }

    fn is_individual(&self, kernel: usize, e: &Expression) -> bool {
        let mut individual = false;
        let of_place = |place: Place| match place {
            Place::Global(_) => false,
            Place::Local(_) => self.places.contains(&self.key(kernel, place)),
            place if self.statics.contains(&place) => self.contains(place),
            Place::Column(_) | Place::NetArgument(_) | Place::EachArgument(_) => true,
        };
        e.visit(&mut |inner| {
            individual |= match inner {
                Expression::Load(place) => of_place(*place),
                Expression::Element(array, _) => array.elements().any(of_place),
                Expression::Ion(..) => true,
                Expression::Input(input) => !matches!(input, Input::T | Input::Dt | Input::Celsius),
                _ => false,
            };
        });
        individual
    }
}
