//! METHOD runge: the classical fourth-order Runge-Kutta step (NEURON: scopmath runge.hpp).
//!
//! The block runs at `t`, twice at `t + dt/2` and at `t + dt`, with `t` as the state kernel has it;
//! once more at the end, so that what it assigns belongs to the new states.

use super::euler::Rates;
use super::flow;
use crate::ir::{Expression, Function, Input, Mechanism, Place, Statement, StatementKind};
use crate::math::build::{add, divide, dt, load, local, multiply, number};
use crate::sema::draft::Solve;

/// The statements that advance the block by dt.
pub fn run(mechanism: &Mechanism, function: &mut Function, solve: &Solve) -> Vec<Statement> {
    let rates = Rates::new(mechanism, function, solve);
    let assign = |place, value| Statement::new(StatementKind::Assign(place, value), solve.line);
    let evaluation = |delay: Option<Expression>| {
        let mut body = rates.reset(solve.line);
        body.extend(rates.replace(&solve.body));
        if let Some(delay) = delay {
            let time = add(Expression::Input(Input::T), delay);
            flow::rewrite(&mut body, &mut |e| {
                if *e == Expression::Input(Input::T) {
                    *e = time.clone();
                }
            });
        }
        body
    };
    let half = || divide(dt(), number(2.0));
    let third = |step: Expression| divide(step, number(3.0));

    let mut out = Vec::new();
    let mut saved = Vec::new();
    for (state, _) in &rates.list {
        let name = mechanism.place_name(function, *state).to_owned();
        let old = Place::Local(function.add_local(format!("{name}_old")));
        let next = Place::Local(function.add_local(format!("{name}_next")));
        out.push(assign(old, load(*state)));
        saved.push((old, next));
    }
    let step = Place::Local(function.add_local("step"));
    // Time of the evaluation; step taken with it; from there to the next evaluation's state.
    let stages = [(None, half(), 1.0), (Some(half()), dt(), 2.0), (Some(half()), dt(), 1.0)];
    for (at, (delay, length, parts)) in stages.into_iter().enumerate() {
        out.extend(evaluation(delay));
        for ((state, rate), (old, next)) in rates.list.iter().zip(&saved) {
            out.push(assign(step, multiply(length.clone(), local(*rate))));
            out.push(assign(*state, add(load(*old), divide(load(step), number(parts)))));
            let so_far = if at == 0 { *old } else { *next };
            out.push(assign(*next, add(load(so_far), third(load(step)))));
        }
    }
    out.extend(evaluation(Some(dt())));
    for ((state, rate), (_, next)) in rates.list.iter().zip(&saved) {
        let last = multiply(divide(dt(), number(6.0)), local(*rate));
        out.push(assign(*state, add(load(*next), last)));
    }
    out.extend(evaluation(None));
    out
}
