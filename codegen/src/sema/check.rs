//! Checks on whole mechanisms.

use super::draft::{Draft, Part};
use super::lower::{Context, Lower, Source};
use super::refuse;
use super::report::Report;
use super::symbols::Symbols;
use super::uses::Uses;
use crate::ir::{Place, Statement, StatementKind};
use crate::passes::flow::{self, Access};
use nmodl_parser::{Diagnostic, Severity};

/// Checks routines that no kernel calls. What is not supported there does not matter, mistakes do.
pub fn unreached_routines(source: Source, uses: &Uses, report: &mut Report) {
    for (name, item) in &source.items.routines {
        if uses.routines.contains(name) {
            continue;
        }
        let mut own = Report::default();
        let mut lower = Lower::new(source, Context::Routine, &mut own);
        lower.routine_alone(item);
        let (unsupported, other): (Vec<_>, Vec<_>) =
            own.into_vec().into_iter().partition(|diagnostic| diagnostic.code.starts_with("M01"));
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
            || statement.blocks().iter().any(|block| assigns(block, place))
    })
}

/// A top-level LOCAL is one value for all instances in NEURON. As a value of each instance it means
/// the same if a kernel never reads what another instance has left.
pub fn static_locals(draft: &Draft, symbols: &Symbols, report: &mut Report) {
    let state = draft.state.as_ref().map(|state| {
        state
            .parts
            .iter()
            .flat_map(|part| match part {
                Part::Plain(body) => body.iter(),
                Part::Solve(solve) => solve.body.iter(),
            })
            .cloned()
            .collect::<Vec<_>>()
    });
    let kernels = &draft.mechanism.kernels;
    let init = kernels.init.as_ref().map(|init| init.body.clone()).unwrap_or_default();
    let others = [
        state,
        draft.current.as_ref().map(|current| current.function.body.clone()),
        kernels.net_receive.as_ref().map(|kernel| kernel.body.clone()),
        kernels.net_init.as_ref().map(|kernel| kernel.body.clone()),
    ];
    for (column, span) in &symbols.locals {
        let place = Place::Column(*column);
        let name = &symbols.columns[column.0 as usize].name;
        let reads_first = |body: &Vec<Statement>| flow::access(body, place) == Access::ReadFirst;
        if reads_first(&init) {
            report.push(refuse::STATIC_LOCAL.at(*span));
        } else if others.iter().flatten().any(reads_first) {
            if flow::access(&init, place) != Access::Written {
                report.push(refuse::STATIC_LOCAL.at(*span));
                continue;
            }
            let message = format!("top-level LOCAL `{name}` keeps a value of INITIAL; each instance gets its own");
            report.push(
                Diagnostic::warning("M0302", message, *span, "shared by all instances in NEURON")
                    .help("declare it in ASSIGNED"),
            );
        }
    }
}
