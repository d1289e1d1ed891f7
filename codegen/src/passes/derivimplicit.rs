//! METHOD derivimplicit: backward Euler, `s = s_old + dt*f(s)`, by Newton's iteration.
//!
//! The Jacobian comes from forward differentiation of the whole block, whatever its statements; the
//! linear systems are eliminated in unrolled form. The iteration stops when no state changes by more
//! than `TOLERANCE` of itself (convergence is quadratic, so the error left is far smaller); states
//! that have not converged after `LIMIT` rounds become NaN, which the simulator reports.

use super::euler::Rates;
use super::sparse::LARGEST;
use crate::ir::{Comparison, Expression, Function, Math, Mechanism, Place, Statement, StatementKind};
use crate::math::build::{call, divide, dt, load, multiply, number, subtract};
use crate::math::{Direction, solve_dense, solve_pivoted, tangents};
use crate::sema::draft::Solve;

/// Largest relative change of a state in the last round; NEURON's CONVERGE.
const TOLERANCE: f64 = 1e-6;
/// Most rounds; NEURON's MAXSTEPS.
const LIMIT: u32 = 50;
/// States below this size count as if they had it.
const SMALL: f64 = 1e-8;

/// Most states for which rows change places by size; pivoting makes more code than the elimination itself, and is
/// needed only where `1 - dt*df/ds` of a growing state comes near 0.
const MOST_PIVOTED: usize = 6;

/// The statements that advance the block by dt.
///
/// # Errors
/// A count of statements beyond what is allowed.
pub fn run(mechanism: &Mechanism, function: &mut Function, solve: &Solve) -> Result<Vec<Statement>, usize> {
    let rates = Rates::new(mechanism, function, solve);
    let line = solve.line;
    let assign = |place: Place, value: Expression| Statement::new(StatementKind::Assign(place, value), line);
    let states: Vec<Place> = rates.list.iter().map(|(state, _)| *state).collect();
    let names: Vec<String> = states.iter().map(|state| mechanism.place_name(function, *state).to_owned()).collect();

    let mut out = Vec::new();
    let mut old = Vec::new();
    for (state, name) in states.iter().zip(&names) {
        let id = Place::Local(function.add_local(format!("{name}_old")));
        out.push(assign(id, load(*state)));
        old.push(id);
    }

    let directions: Vec<Direction> =
        states.iter().zip(&names).map(|(state, name)| Direction { leaf: load(*state), name: name.clone() }).collect();
    let mut evaluation = rates.reset(line);
    evaluation.extend(rates.replace(&solve.body));
    let name_of = |function: &Function, place| mechanism.place_name(function, place).to_owned();
    let (mut round, slopes) = tangents(function, evaluation.clone(), &directions, LARGEST, &name_of)?;

    // F_i = s_i - old_i - dt*f_i = 0, dF_i/ds_j = [i = j] - dt*df_i/ds_j.
    let mut matrix = Vec::new();
    let mut right = Vec::new();
    for (i, (state, rate)) in rates.list.iter().enumerate() {
        let row = slopes.iter().enumerate().map(|(j, slope)| {
            let identity = number(if i == j { 1.0 } else { 0.0 });
            subtract(identity, multiply(dt(), slope.of(Place::Local(*rate))))
        });
        matrix.push(row.collect());
        let moved = subtract(load(*state), load(old[i]));
        right.push(subtract(moved, multiply(dt(), load(Place::Local(*rate)))));
    }
    let (elimination, steps) = match states.len() {
        2..=MOST_PIVOTED => solve_pivoted(function, matrix, right, LARGEST, line)?,
        _ => solve_dense(function, matrix, right, LARGEST, line)?,
    };
    round.extend(elimination);

    let change = Place::Local(function.add_local("change"));
    round.push(assign(change, number(0.0)));
    for (state, step) in states.iter().zip(steps) {
        let size = Expression::Call(Math::Max, vec![call(Math::Abs, load(*state)), number(SMALL)]);
        let relative = divide(call(Math::Abs, step.clone()), size);
        // Not max(): a NaN has to stay.
        round.push(assign(change, larger(load(change), relative)));
        round.push(assign(*state, subtract(load(*state), step)));
    }
    let converged = compare(Comparison::LessEqual, load(change), number(TOLERANCE));
    out.push(Statement::new(StatementKind::Iterate { limit: LIMIT, body: round, until: converged }, line));

    let undefined = subtract_as_written(load(change), load(change));
    let undefined = Expression::binary(crate::ir::BinaryOperator::Divide, undefined.clone(), undefined);
    out.push(Statement::new(
        StatementKind::If {
            condition: compare(Comparison::Greater, load(change), number(TOLERANCE)),
            then: states.iter().map(|state| assign(*state, undefined.clone())).collect(),
            otherwise: vec![],
        },
        line,
    ));
    // What the block assigns besides its states belongs to their final values.
    out.extend(evaluation);
    Ok(out)
}

/// 0, or NaN, of run-time values: not to be simplified.
fn subtract_as_written(a: Expression, b: Expression) -> Expression {
    Expression::binary(crate::ir::BinaryOperator::Subtract, a, b)
}

fn compare(comparison: Comparison, a: Expression, b: Expression) -> Expression {
    Expression::Compare(comparison, Box::new(a), Box::new(b))
}

/// `a` if it is the larger, otherwise `b`, NaN included.
fn larger(a: Expression, b: Expression) -> Expression {
    Expression::Select(Box::new(compare(Comparison::GreaterEqual, a.clone(), b.clone())), Box::new(a), Box::new(b))
}
