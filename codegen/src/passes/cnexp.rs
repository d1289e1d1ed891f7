//! METHOD cnexp: each equation `s' = a*s + b` is solved exactly over dt, with `a`, `b` held constant.
//!
//! `s(t + dt) = s + (1 - exp(a*dt)) * (-b/a - s)`, written with expm1, which does not lose digits when
//! `a*dt` is small. Equations are advanced one after the other in textual order, later ones seeing
//! the new values of earlier ones, as NEURON does. Where `a` is 0 the step is `s + dt*b`.

use crate::ir::{Expression, Math, Statement, StatementKind};
use crate::math::build::{call, divide, dt, is_zero, load, multiply, subtract};
use crate::math::{Nonlinear, linear_in};
use crate::sema::draft::{Equation, Solve};
use crate::sema::report::Report;
use nmodl_parser::Diagnostic;

/// The statements that advance the block by dt, or `None` if an equation is not linear.
pub fn run(solve: &Solve, report: &mut Report) -> Option<Vec<Statement>> {
    if solve.equations.iter().any(|equation| equation.in_call) {
        return None;
    }
    statements(&solve.body, &solve.equations, report)
}

fn statements(body: &[Statement], equations: &[Equation], report: &mut Report) -> Option<Vec<Statement>> {
    body.iter()
        .map(|statement| {
            let mut statement = statement.clone();
            for block in statement.blocks_mut() {
                *block = statements(block, equations, report)?;
            }
            if let StatementKind::Derivative(state, right) = &statement.kind {
                let next = match linear_in(right, *state) {
                    Ok(linear) if is_zero(&linear.p) => {
                        crate::math::build::add(load(*state), multiply(dt(), linear.rest()))
                    }
                    Ok(linear) => {
                        let scaled = multiply(linear.p.clone(), dt());
                        let exponent = match &linear.r {
                            Some(r) => divide(scaled, r.clone()),
                            None => scaled,
                        };
                        advance(load(*state), exponent, linear.root())
                    }
                    Err(Nonlinear::Product) => {
                        report.push(trap(equations.iter().find(|equation| equation.state == *state)?));
                        load(*state)
                    }
                    Err(Nonlinear::Other) => return None,
                };
                statement.kind = StatementKind::Assign(*state, next);
            }
            Some(statement)
        })
        .collect()
}

/// `s - expm1(exponent) * (target - s)`.
fn advance(state: Expression, exponent: Expression, target: Expression) -> Expression {
    let factor = call(Math::Expm1, exponent);
    subtract(state.clone(), multiply(factor, subtract(target, state)))
}

fn trap(equation: &Equation) -> Diagnostic {
    let message = format!("the equation of `{}` is not linear: cnexp would solve another equation", equation.name);
    Diagnostic::error("M0212", message, equation.span, "a product of factors that both hold the state").help(
        "NEURON accepts this without a message and drops part of the equation \
         (x' = -x*x decays twice too fast); use METHOD derivimplicit",
    )
}
