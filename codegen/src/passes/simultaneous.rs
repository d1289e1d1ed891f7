//! LINEAR and NONLINEAR blocks: the states for which all equations hold at once.
//!
//! Equations `left = right` are residuals `left - right`. Their derivatives by the states come from
//! forward differentiation of the whole block; the linear system is eliminated with pivoting.
//!
//! A LINEAR block is solved from the residuals at states 0. A NONLINEAR block is iterated from the
//! present states until no state changes by more than `CHANGE` of itself and no residual is above
//! `RESIDUAL` (NEURON: scopmath newton.hpp). States that still change by more than `DIVERGED` of
//! themselves after `LIMIT` rounds become NaN, which the simulator reports.

use super::sparse::{LARGEST, too_large};
use crate::ir::{BinaryOperator, Comparison, Expression, Function, Math, Mechanism, Place, Statement, StatementKind};
use crate::math::build::{call, divide, load, local, negate, number, subtract};
use crate::math::{Direction, Tangents, solve_pivoted, tangents};
use crate::passes::flow;
use crate::sema::draft::{Equations, Solve};
use crate::sema::report::Report;
use nmodl_parser::Diagnostic;
use std::collections::BTreeSet;

/// Largest relative change of a state in the last round; NEURON's CONVERGE.
const CHANGE: f64 = 1e-6;
/// Largest residual after it; NEURON's ZERO. States below it do not count.
const RESIDUAL: f64 = 1e-8;
/// Most rounds; NEURON's MAXITERS.
const LIMIT: u32 = 50;
/// Relative change that counts as failure after all rounds.
const DIVERGED: f64 = 1e-4;

/// The statements that solve the block.
pub fn run(mechanism: &Mechanism, function: &mut Function, solve: &Solve, report: &mut Report) -> Vec<Statement> {
    let Some(equations) = &solve.simultaneous else { return vec![] };
    let result = differentiated(mechanism, function, solve, equations).and_then(|(evaluation, slopes)| {
        if !equations.linear {
            return newton(function, solve, equations, evaluation, &slopes);
        }
        if let Some(name) = nonlinear(&evaluation, equations, &slopes) {
            report.push(not_linear(solve, name));
            return Ok(vec![]);
        }
        linear(function, solve, equations, evaluation, &slopes)
    });
    result.unwrap_or_else(|count| {
        report.push(too_large(solve, equations.states.len(), count));
        vec![]
    })
}

/// The block with the derivatives of its residuals.
fn differentiated(
    mechanism: &Mechanism,
    function: &mut Function,
    solve: &Solve,
    equations: &Equations,
) -> Result<(Vec<Statement>, Vec<Tangents>), usize> {
    let directions: Vec<Direction> =
        equations.states.iter().map(|(state, name)| Direction { leaf: load(*state), name: name.clone() }).collect();
    let name_of = |function: &Function, place| mechanism.place_name(function, place).to_owned();
    tangents(function, solve.body.clone(), &directions, LARGEST, &name_of)
}

/// The first state on which the coefficient of a state depends.
fn nonlinear<'a>(evaluation: &[Statement], equations: &'a Equations, slopes: &[Tangents]) -> Option<&'a str> {
    equations.states.iter().find_map(|(state, name)| {
        let dependent = flow::dependents(evaluation, &BTreeSet::from([*state]));
        let coefficients =
            slopes.iter().flat_map(|slope| equations.residuals.iter().map(|id| slope.of(Place::Local(*id))));
        coefficients
            .into_iter()
            .any(|slope| matches!(slope, Expression::Load(place) if dependent.contains(&place)))
            .then_some(name.as_str())
    })
}

fn matrix(equations: &Equations, slopes: &[Tangents]) -> Vec<Vec<Expression>> {
    let row = |id| slopes.iter().map(|slope: &Tangents| slope.of(Place::Local(id))).collect();
    equations.residuals.iter().map(|id| row(*id)).collect()
}

fn linear(
    function: &mut Function,
    solve: &Solve,
    equations: &Equations,
    evaluation: Vec<Statement>,
    slopes: &[Tangents],
) -> Result<Vec<Statement>, usize> {
    let assign = |place, value| Statement::new(StatementKind::Assign(place, value), solve.line);
    let mut out: Vec<Statement> = equations.states.iter().map(|(state, _)| assign(*state, number(0.0))).collect();
    out.extend(evaluation);
    let right = equations.residuals.iter().map(|id| negate(local(*id))).collect();
    let (elimination, solution) = solve_pivoted(function, matrix(equations, slopes), right, LARGEST, solve.line)?;
    out.extend(elimination);
    for ((state, _), value) in equations.states.iter().zip(solution) {
        out.push(assign(*state, value));
    }
    Ok(out)
}

fn newton(
    function: &mut Function,
    solve: &Solve,
    equations: &Equations,
    evaluation: Vec<Statement>,
    slopes: &[Tangents],
) -> Result<Vec<Statement>, usize> {
    let assign = |place, value| Statement::new(StatementKind::Assign(place, value), solve.line);
    let change = Place::Local(function.add_local("change"));
    let residual = Place::Local(function.add_local("residual"));
    let mut round = evaluation;
    let right = equations.residuals.iter().map(|id| local(*id)).collect();
    let (elimination, steps) = solve_pivoted(function, matrix(equations, slopes), right, LARGEST, solve.line)?;
    round.extend(elimination);
    round.push(assign(change, number(0.0)));
    for ((state, _), step) in equations.states.iter().zip(steps) {
        let counts = compare(Comparison::Greater, call(Math::Abs, load(*state)), number(RESIDUAL));
        let relative = call(Math::Abs, divide(step.clone(), load(*state)));
        round.push(assign(change, select(counts, larger(load(change), relative), load(change))));
        round.push(assign(*state, subtract(load(*state), step)));
    }
    round.extend(solve.body.iter().cloned());
    round.push(assign(residual, number(0.0)));
    for id in &equations.residuals {
        round.push(assign(residual, larger(load(residual), call(Math::Abs, local(*id)))));
    }
    let settled = compare(Comparison::LessEqual, load(change), number(CHANGE));
    let solved = compare(Comparison::LessEqual, load(residual), number(RESIDUAL));
    let until = Expression::And(Box::new(settled), Box::new(solved));
    let mut out = vec![Statement::new(StatementKind::Iterate { limit: LIMIT, body: round, until }, solve.line)];
    let nothing = Expression::binary(BinaryOperator::Subtract, load(change), load(change));
    let undefined = Expression::binary(BinaryOperator::Divide, nothing.clone(), nothing);
    out.push(Statement::new(
        StatementKind::If {
            condition: compare(Comparison::Greater, load(change), number(DIVERGED)),
            then: equations.states.iter().map(|(state, _)| assign(*state, undefined.clone())).collect(),
            otherwise: vec![],
        },
        solve.line,
    ));
    Ok(out)
}

/// `a` if it is the larger, otherwise `b`, NaN included.
fn larger(a: Expression, b: Expression) -> Expression {
    select(compare(Comparison::GreaterEqual, a.clone(), b.clone()), a, b)
}

fn select(condition: Expression, a: Expression, b: Expression) -> Expression {
    Expression::Select(Box::new(condition), Box::new(a), Box::new(b))
}

fn compare(comparison: Comparison, a: Expression, b: Expression) -> Expression {
    Expression::Compare(comparison, Box::new(a), Box::new(b))
}

fn not_linear(solve: &Solve, state: &str) -> Diagnostic {
    let message = format!("LINEAR block `{}` is not linear in `{state}`", solve.block);
    Diagnostic::error("M0249", message, solve.span, "solved here")
        .help("each term may hold one state; write a NONLINEAR block otherwise")
}
