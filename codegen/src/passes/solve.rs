//! Puts the `state` kernel together.

use super::{cnexp, derivimplicit, euler};
use crate::ir::{Function, Mechanism};
use crate::sema::draft::{Method, Part, Solve, StateDraft};
use crate::sema::report::Report;
use nmodl_parser::Diagnostic;

/// The `state` kernel: its parts in order, each DERIVATIVE block replaced by its solution.
pub fn run(mechanism: &Mechanism, draft: StateDraft, report: &mut Report) -> Function {
    let mut function = Function { locals: draft.locals, body: Vec::new() };
    for part in draft.parts {
        let statements = match part {
            Part::Plain(statements) => statements,
            Part::Solve(solve) => match solve.method {
                Method::Cnexp => match cnexp::run(&solve, report) {
                    Some(statements) => statements,
                    None => {
                        report.push(fallback(&solve));
                        derivimplicit::run(mechanism, &mut function, &solve)
                    }
                },
                Method::Derivimplicit => derivimplicit::run(mechanism, &mut function, &solve),
                Method::Euler => euler::run(mechanism, &mut function, &solve),
            },
        };
        function.body.extend(statements);
    }
    function
}

fn fallback(solve: &Solve) -> Diagnostic {
    let message = format!("cnexp cannot solve block `{}`", solve.block);
    Diagnostic::warning("M0306", message, solve.span, "solved by derivimplicit, as in NEURON").help(
        "cnexp is for equations that are linear in their own state, \
         where the state stands in no function's argument and no denominator",
    )
}
