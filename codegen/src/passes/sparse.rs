//! METHOD sparse: backward Euler of a reaction scheme by Newton's iteration (NEURON: scopmath
//! sparse_thread.hpp, ssimplic_thread.hpp).
//!
//! A state `s` in a volume `w` obeys `w*(s - s_old)/dt = flux(s)`; where CONSERVE replaces that
//! balance, `sum of coefficients times states = total`. The unknown of the linear systems is the
//! change of the states. Schemes whose fluxes are linear in the states take one round. Others are
//! iterated, with negative states set to 0, until the sum of all changes is below `TOLERANCE`.
//!
//! STEADYSTATE is a step of 1e9 ms. Linear schemes are iterated like nonlinear ones; nonlinear ones
//! first take single rounds until no state is markedly negative.
//!
//! NEURON takes no notice of an iteration that has not converged. Here states that still change by
//! more than `DIVERGED` of their sum become NaN, which the simulator reports.

use super::solve::set_dt;
use super::{flow, invariant};
use crate::Options;
use crate::ir::{BinaryOperator, Comparison, Expression, Function, LocalId, Math, Place, Statement, StatementKind};
use crate::math::build::{add, call, divide, dt, load, local, multiply, negate, number, subtract};
use crate::math::{Choice, Sparse, solve_sparse};
use crate::sema::draft::{Scheme, Solve};
use crate::sema::report::Report;
use nmodl_parser::Diagnostic;
use std::collections::BTreeSet;

/// Sum of the states' changes in the last round; NEURON's CONVERGE.
const TOLERANCE: f64 = 1e-6;
/// Most rounds; NEURON's MAXSTEPS and one.
const LIMIT: u32 = 21;
/// Sum of the changes, relative to that of the states, that counts as failure after all rounds.
const DIVERGED: f64 = 1e-4;
/// The step of STEADYSTATE, ms.
const STEADY: f64 = 1e9;
/// Most single rounds before a nonlinear steady state is iterated.
const STEADY_TRIES: u32 = 7;
/// A state below this is set to 0 between those rounds.
const NEGATIVE: f64 = -1e-6;
/// Most statements of one unrolled elimination.
pub const LARGEST: usize = 20_000;

/// The statements that advance the scheme by dt, or find its steady state.
pub fn run(function: &mut Function, solve: &Solve, options: &Options, report: &mut Report) -> Vec<Statement> {
    let Some(scheme) = &solve.scheme else { return vec![] };
    let neuron = !options.rearrange;
    let step = |iterate, clamp| Step { solve, scheme, iterate, clamp, neuron };
    let mut out = match (solve.steady, scheme.nonlinear) {
        (false, nonlinear) => step(nonlinear, nonlinear).run(function),
        (true, false) => step(true, true).run(function),
        (true, true) => steady_nonlinear(function, &step(false, false), &step(true, true)),
    };
    if let Ok(statements) = &mut out {
        statements.extend(last_evaluation(solve, scheme));
        if solve.steady {
            set_dt(statements, STEADY);
        }
    }
    out.unwrap_or_else(|count| {
        report.push(too_large(solve, scheme.species.len(), count));
        vec![]
    })
}

/// One backward Euler step.
struct Step<'a> {
    solve: &'a Solve,
    scheme: &'a Scheme,
    iterate: bool,
    clamp: bool,
    /// Add up and eliminate in NEURON's order of rounding.
    neuron: bool,
}

impl Step<'_> {
    fn run(&self, function: &mut Function) -> Result<Vec<Statement>, usize> {
        let line = self.solve.line;
        let assign = |place, value| Statement::new(StatementKind::Assign(place, value), line);
        let states: Vec<Place> = self.scheme.species.iter().map(|species| species.state).collect();
        let mut out = Vec::new();
        let old: Vec<Option<LocalId>> = self
            .scheme
            .species
            .iter()
            .map(|species| {
                self.iterate.then(|| {
                    let id = function.add_local(format!("{}_old", species.name));
                    out.push(assign(Place::Local(id), load(species.state)));
                    id
                })
            })
            .collect();
        let (body, matrix, right) = match self.neuron {
            true => self.system_of_neuron(function, &old),
            false => self.system(&old),
        };
        let (before, mut round) = self.split(&body);
        out.extend(before);
        let last: BTreeSet<usize> = self.scheme.conservations.iter().map(|conservation| conservation.row).collect();
        let rank: Vec<usize> = self.scheme.species.iter().map(|species| species.rank).collect();
        let choice = match self.neuron {
            true => Choice::FewestEntries { rank: &rank },
            false => Choice::LeastFill { last: &last },
        };
        let (elimination, steps) = solve_sparse(function, matrix, right, choice, LARGEST, line)?;
        round.extend(elimination);
        let change = function.add_local("change");
        if self.iterate {
            round.push(assign(Place::Local(change), number(0.0)));
        }
        for (state, step) in states.iter().zip(steps) {
            let next = add(load(*state), step.clone());
            round.push(assign(*state, next));
            if self.clamp {
                round.push(assign(*state, not_negative(load(*state))));
            }
            if self.iterate {
                round.push(assign(Place::Local(change), add(local(change), call(Math::Abs, step))));
            }
        }
        if !self.iterate {
            out.extend(round);
            return Ok(out);
        }
        let converged = compare(Comparison::LessEqual, local(change), number(TOLERANCE));
        out.push(Statement::new(StatementKind::Iterate { limit: LIMIT, body: round, until: converged }, line));
        let size = states.iter().fold(number(1e-2), |size, state| add(size, call(Math::Abs, load(*state))));
        let failed = compare(Comparison::Greater, local(change), multiply(number(DIVERGED), size));
        let nothing = Expression::binary(BinaryOperator::Subtract, local(change), local(change));
        let undefined = Expression::binary(BinaryOperator::Divide, nothing.clone(), nothing);
        out.push(Statement::new(
            StatementKind::If {
                condition: failed,
                then: states.iter().map(|state| assign(*state, undefined.clone())).collect(),
                otherwise: vec![],
            },
            line,
        ));
        Ok(out)
    }

    /// The block's statements: those that may run before the iteration, and those of each round.
    fn split(&self, body: &[Statement]) -> (Vec<Statement>, Vec<Statement>) {
        let mut round = self.scheme.reset(self.solve.line);
        if !self.iterate {
            round.extend(body.iter().cloned());
            return (vec![], round);
        }
        let mut varying = accumulators(self.scheme);
        varying.extend(self.scheme.species.iter().map(|species| species.state));
        let (before, rest) = invariant::split(body, &varying);
        round.extend(rest);
        (before, round)
    }

    /// The equation that CONSERVE puts in the place of a balance.
    fn conserved(&self, i: usize, matrix: &mut Sparse) -> Option<Expression> {
        let conservation = self.scheme.conservations.iter().find(|conservation| conservation.row == i)?;
        for (column, coefficient) in &conservation.coefficients {
            matrix.insert((i, *column), coefficient.clone());
        }
        Some(local(conservation.missing))
    }

    /// The block's statements, and the matrix and right-hand side for the change of the states, as NEURON adds them up:
    /// what the step contributes comes first, then the reactions.
    fn system_of_neuron(
        &self,
        function: &mut Function,
        old: &[Option<LocalId>],
    ) -> (Vec<Statement>, Sparse, Vec<Expression>) {
        let scheme = self.scheme;
        let assign = |id, value| Statement::new(StatementKind::Assign(Place::Local(id), value), self.solve.line);
        let mut first = Vec::new();
        let mut matrix: Sparse = scheme.slopes.iter().map(|(at, slope)| (*at, local(*slope))).collect();
        let mut right = Vec::new();
        for (i, species) in scheme.species.iter().enumerate() {
            if scheme.conservations.iter().any(|conservation| conservation.row == i) {
                matrix.retain(|(row, _), _| *row != i);
                right.extend(self.conserved(i, &mut matrix));
                continue;
            }
            let scaled = |value: Expression| match species.volume {
                Some(volume) => multiply(value, local(volume)),
                None => value,
            };
            let rate = divide(number(1.0), dt());
            let diagonal = scheme.slopes.get(&(i, i)).copied();
            let diagonal = diagonal.unwrap_or_else(|| function.add_local(format!("slope_{i}_{i}")));
            first.push(assign(diagonal, scaled(rate.clone())));
            matrix.insert((i, i), local(diagonal));
            if let Some(old) = old[i] {
                let change = subtract(load(species.state), local(old));
                first.push(assign(species.flux, scaled(multiply(negate(rate), change))));
            }
            right.push(local(species.flux));
        }
        // Behind the volumes, which the block computes first.
        let volumes: BTreeSet<Place> =
            scheme.species.iter().filter_map(|species| species.volume).map(Place::Local).collect();
        let is_volume = |statement: &Statement| matches!(&statement.kind, StatementKind::Assign(place, _) if volumes.contains(place));
        let mut body = self.solve.body.clone();
        let at = body.iter().rposition(is_volume).map_or(0, |last| last + 1);
        body.splice(at..at, first);
        (body, matrix, right)
    }

    /// The block's statements, and the matrix and right-hand side for the change of the states.
    fn system(&self, old: &[Option<LocalId>]) -> (Vec<Statement>, Sparse, Vec<Expression>) {
        let scheme = self.scheme;
        let mut matrix = Sparse::new();
        let mut right = Vec::new();
        for (i, species) in scheme.species.iter().enumerate() {
            if let Some(missing) = self.conserved(i, &mut matrix) {
                right.push(missing);
                continue;
            }
            let size = match species.volume {
                Some(volume) => divide(local(volume), dt()),
                None => divide(number(1.0), dt()),
            };
            for ((row, column), slope) in scheme.slopes.range((i, 0)..(i + 1, 0)) {
                matrix.insert((*row, *column), local(*slope));
            }
            let diagonal = matrix.remove(&(i, i)).unwrap_or(number(0.0));
            matrix.insert((i, i), add(size.clone(), diagonal));
            right.push(match old[i] {
                Some(old) => subtract(local(species.flux), multiply(size, subtract(load(species.state), local(old)))),
                None => local(species.flux),
            });
        }
        (self.solve.body.clone(), matrix, right)
    }
}

/// Single rounds until no state is markedly negative, then the iteration.
fn steady_nonlinear(function: &mut Function, single: &Step, iterated: &Step) -> Result<Vec<Statement>, usize> {
    let (solve, scheme) = (single.solve, single.scheme);
    let assign = |place, value| Statement::new(StatementKind::Assign(place, value), solve.line);
    let mut round = single.run(function)?;
    let negative = function.add_local("negative");
    round.push(assign(Place::Local(negative), number(0.0)));
    for species in &scheme.species {
        let below = || compare(Comparison::Less, load(species.state), number(NEGATIVE));
        round.push(assign(Place::Local(negative), select(below(), number(1.0), local(negative))));
        round.push(assign(species.state, select(below(), number(0.0), load(species.state))));
    }
    let until = compare(Comparison::Equal, local(negative), number(0.0));
    let tries = StatementKind::Iterate { limit: STEADY_TRIES, body: round, until };
    let mut out = vec![Statement::new(tries, solve.line)];
    out.extend(iterated.run(function)?);
    Ok(out)
}

/// The block once more, for what it assigns besides the fluxes, if that depends on the states.
fn last_evaluation(solve: &Solve, scheme: &Scheme) -> Vec<Statement> {
    let own = accumulators(scheme);
    let seeds: BTreeSet<Place> = scheme.species.iter().map(|species| species.state).collect();
    let dependent = flow::dependents(&solve.body, &seeds);
    let lasting = |place: &Place| !matches!(place, Place::Local(id) if id.0 as usize >= scheme.first_local);
    if !dependent.iter().filter(|place| !seeds.contains(place)).any(lasting) {
        return vec![];
    }
    without(&solve.body, &own)
}

/// A copy without the assignments to some places.
fn without(body: &[Statement], places: &BTreeSet<Place>) -> Vec<Statement> {
    let mut out = Vec::new();
    for statement in body {
        if matches!(&statement.kind, StatementKind::Assign(place, _) if places.contains(place)) {
            continue;
        }
        let mut statement = statement.clone();
        for block in statement.blocks_mut() {
            *block = without(block, places);
        }
        out.push(statement);
    }
    out
}

/// The locals that the block's statements add to.
fn accumulators(scheme: &Scheme) -> BTreeSet<Place> {
    let fluxes = scheme.species.iter().map(|species| species.flux);
    let missing = scheme.conservations.iter().map(|conservation| conservation.missing);
    fluxes.chain(scheme.slopes.values().copied()).chain(missing).map(Place::Local).collect()
}

fn not_negative(state: Expression) -> Expression {
    select(compare(Comparison::Less, state.clone(), number(0.0)), number(0.0), state)
}

fn select(condition: Expression, a: Expression, b: Expression) -> Expression {
    Expression::Select(Box::new(condition), Box::new(a), Box::new(b))
}

fn compare(comparison: Comparison, a: Expression, b: Expression) -> Expression {
    Expression::Compare(comparison, Box::new(a), Box::new(b))
}

/// The diagnostic of a block whose elimination is too long.
pub fn too_large(solve: &Solve, states: usize, count: usize) -> Diagnostic {
    let message = format!("block `{}` is too large: {states} states, more than {count} statements", solve.block);
    Diagnostic::error("M0248", message, solve.span, "unrolled here")
        .help("the equations are eliminated in unrolled form; split the scheme, or use fewer elements")
}
