//! CONSTRUCTOR: run once here, so that what it assigns are the values with which instances begin.
//!
//! NEURON runs it when an instance is made, before anything of the model is set: it sees the declared values, whatever
//! the model sets later stands, and INITIAL comes after. A DESTRUCTOR runs when a simulation is over.

use super::lower::{Context, Lower, Source};
use super::refuse;
use super::report::Report;
use super::tables::effect;
use crate::ir::evaluate::Instance;
use crate::ir::{Expression, Mechanism, Place, StatementKind};
use crate::passes::flow;

/// Runs the CONSTRUCTORs of a mechanism whose columns have their declared values.
pub fn run(source: Source, mechanism: &mut Mechanism, report: &mut Report) {
    for (block, span) in &source.items.constructors {
        let mut own = Report::default();
        let mut lower = Lower::new(source, Context::Routine, &mut own);
        lower.block(block);
        let mut function = lower.finish().function;
        let failed = own.has_errors();
        own.into_vec().into_iter().for_each(|diagnostic| report.push(diagnostic));
        if failed {
            continue;
        }
        let used = flow::loads(&function.body);
        // Every kernel copies all variables of its ions.
        function.body.retain(|statement| match &statement.kind {
            StatementKind::Assign(place @ Place::Local(_), _) => used.contains(place),
            _ => true,
        });
        let mut outside = effect(&function.body).is_some();
        flow::visit(&function.body, &mut |e| outside |= matches!(e, Expression::Input(_) | Expression::Ion(..)));
        if outside {
            report.push(refuse::CONSTRUCTOR.at(*span));
            continue;
        }
        let mut instance = Instance::new(mechanism);
        instance.run(&Some(function));
        for (column, value) in mechanism.columns.iter_mut().zip(instance.columns) {
            column.default = value;
        }
    }
}
