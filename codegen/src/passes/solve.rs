//! Replaces SOLVEd blocks by their solutions; puts the `state` kernel together.

use super::{cnexp, derivimplicit, euler, flow, runge, simultaneous, sparse};
use crate::Options;
use crate::ir::{Expression, Function, Input, Mechanism, Statement, StatementKind};
use crate::math::build::{divide, local, number};
use crate::sema::draft::{Equation, Method, Part, Solve, StateDraft};
use crate::sema::report::Report;
use nmodl_parser::{Diagnostic, Span};

/// Most statements that the solutions of a mechanism come to, those in BREAKPOINT and those elsewhere.
const MOST_STATEMENTS: usize = 60_000;
/// The step of STEADYSTATE derivimplicit, ms; as in NEURON's ssimplic.
const STEADY_DERIVIMPLICIT: f64 = 1e-9;

/// The `state` kernel: its parts in order, each block replaced by its solution.
pub fn run(mechanism: &Mechanism, draft: StateDraft, options: &Options, report: &mut Report) -> Function {
    let mut function = Function { locals: draft.locals, body: Vec::new() };
    let mut room = MOST_STATEMENTS;
    for part in draft.parts {
        let statements = match part {
            Part::Plain(statements) => statements,
            Part::Solve(solve) => solution(mechanism, &mut function, *solve, options, &mut room, report),
        };
        function.body.extend(statements);
    }
    function
}

/// Solves blocks where their SOLVE stands: in INITIAL, in routines.
#[derive(Debug)]
pub struct InPlace {
    solves: Vec<Solve>,
    options: Options,
    /// Statements that they may still come to.
    room: usize,
}

impl InPlace {
    /// The blocks by number.
    pub fn new(solves: Vec<Solve>, options: Options) -> Self {
        Self { solves, options, room: MOST_STATEMENTS }
    }

    /// Replaces the SOLVE statements of all kernels there are.
    pub fn kernels(&mut self, mechanism: &mut Mechanism, report: &mut Report) {
        let mut kernels = std::mem::take(&mut mechanism.kernels);
        for kernel in kernels.iter_mut() {
            self.function(mechanism, kernel, report);
        }
        mechanism.kernels = kernels;
    }

    /// Replaces the SOLVE statements of a function.
    pub fn function(&mut self, mechanism: &Mechanism, function: &mut Function, report: &mut Report) {
        if !self.solves.is_empty() {
            let body = std::mem::take(&mut function.body);
            function.body = self.replace(mechanism, function, body, report);
        }
    }

    fn replace(
        &mut self,
        mechanism: &Mechanism,
        function: &mut Function,
        body: Vec<Statement>,
        report: &mut Report,
    ) -> Vec<Statement> {
        let mut out = Vec::with_capacity(body.len());
        for mut statement in body {
            if let StatementKind::Solve { number, body } = statement.kind {
                // Statements may have been copied: a loop's condition is.
                if let Some(mut solve) = self.solves.get(number as usize).cloned() {
                    solve.body = body;
                    out.extend(solution(mechanism, function, solve, &self.options, &mut self.room, report));
                }
                continue;
            }
            for block in statement.blocks_mut() {
                *block = self.replace(mechanism, function, std::mem::take(block), report);
            }
            out.push(statement);
        }
        out
    }
}

/// The statements that solve a block, if there is room for them.
fn solution(
    mechanism: &Mechanism,
    function: &mut Function,
    solve: Solve,
    options: &Options,
    room: &mut usize,
    report: &mut Report,
) -> Vec<Statement> {
    if *room == 0 {
        return vec![];
    }
    let (block, span) = (solve.block.clone(), solve.span);
    let statements = advance(mechanism, function, solve, options, report);
    let mut count = 0;
    flow::visit_statements(&statements, &mut |_| count += 1);
    if count > *room {
        report.push(no_room(&block, span));
        *room = 0;
        return vec![];
    }
    *room -= count;
    statements
}

/// The same, whatever the room.
fn advance(
    mechanism: &Mechanism,
    function: &mut Function,
    solve: Solve,
    options: &Options,
    report: &mut Report,
) -> Vec<Statement> {
    if solve.method == Method::Sparse {
        return sparse::run(function, &solve, options, report);
    }
    if solve.method == Method::Simultaneous {
        return simultaneous::run(mechanism, function, &solve, report);
    }
    let is_kinetic = solve.scheme.is_some();
    let solve = as_derivative(solve);
    let derivimplicit = |function: &mut Function, report: &mut Report| {
        derivimplicit::run(mechanism, function, &solve).unwrap_or_else(|count| {
            report.push(sparse::too_large(&solve, solve.equations.len(), count));
            vec![]
        })
    };
    let mut statements = match solve.method {
        Method::Cnexp => match cnexp::run(&solve, report) {
            Some(statements) => statements,
            None => {
                report.push(fallback(&solve));
                derivimplicit(function, report)
            }
        },
        Method::Derivimplicit => derivimplicit(function, report),
        Method::Euler => euler::run(mechanism, function, &solve, is_kinetic),
        // The others have been dealt with.
        Method::Runge | Method::Sparse | Method::Simultaneous => runge::run(mechanism, function, &solve),
    };
    if solve.steady {
        set_dt(&mut statements, STEADY_DERIVIMPLICIT);
    }
    statements
}

/// A KINETIC block as the DERIVATIVE block of its balances; CONSERVE is ignored, as in NEURON.
fn as_derivative(mut solve: Solve) -> Solve {
    let Some(scheme) = solve.scheme.take() else { return solve };
    let mut body = scheme.reset(solve.line);
    body.append(&mut solve.body);
    for species in scheme.species {
        let rate = match species.volume {
            Some(volume) => divide(local(species.flux), local(volume)),
            None => local(species.flux),
        };
        body.push(Statement::new(StatementKind::Derivative(species.state, rate), solve.line));
        let (state, name, span) = (species.state, species.name, solve.span);
        solve.equations.push(Equation { state, name, in_call: false, span });
    }
    solve.body = body;
    solve
}

fn no_room(block: &str, span: Span) -> Diagnostic {
    let message = format!("block `{block}` is solved so often, or is so long, that it comes to too many statements");
    Diagnostic::error("M0248", message, span, "once more here")
        .help("the solution is written out wherever the block is SOLVEd; SOLVE it in fewer places")
}

/// Replaces the time step by a number.
pub fn set_dt(body: &mut [Statement], dt: f64) {
    flow::rewrite(body, &mut |e| {
        if *e == Expression::Input(Input::Dt) {
            *e = number(dt);
        }
    });
}

fn fallback(solve: &Solve) -> Diagnostic {
    let message = format!("cnexp cannot solve block `{}`", solve.block);
    Diagnostic::warning("M0306", message, solve.span, "solved by derivimplicit, as in NEURON").help(
        "cnexp is for equations that are linear in their own state, \
         where the state stands in no function's argument and no denominator",
    )
}
