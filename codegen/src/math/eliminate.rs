//! Unrolled Gaussian elimination: statements that solve a small dense linear system.

use super::build::{divide, is_zero, multiply, subtract};
use super::unrolled::Unrolled;
use crate::ir::{Expression, Function, Statement};

/// Statements that solve `matrix * x = right`, and the solution's expressions (each a leaf).
///
/// Rows are eliminated in order with the diagonal as pivot, which suits `1 - dt*J` of a stable
/// system; entries that are the literal 0 cost nothing. New locals go to `function`, statements get
/// line `line`.
///
/// # Errors
/// The count of statements so far if it exceeds `limit`.
pub fn solve_dense(
    function: &mut Function,
    mut matrix: Vec<Vec<Expression>>,
    mut right: Vec<Expression>,
    limit: usize,
    line: u32,
) -> Result<(Vec<Statement>, Vec<Expression>), usize> {
    let n = right.len();
    let mut unrolled = Unrolled::new(function, line);
    let mut keep = |name: String, value: Expression| unrolled.keep_within(limit, name, value);
    for k in 0..n {
        for i in k + 1..n {
            if is_zero(&matrix[i][k]) {
                continue;
            }
            let factor = divide(matrix[i][k].clone(), matrix[k][k].clone());
            let factor = keep(format!("factor_{i}_{k}"), factor)?;
            let pivot_row = matrix[k].clone();
            for (j, above) in pivot_row.into_iter().enumerate().skip(k + 1) {
                if !is_zero(&above) {
                    let value = subtract(matrix[i][j].clone(), multiply(factor.clone(), above));
                    matrix[i][j] = keep(format!("entry_{i}_{j}"), value)?;
                }
            }
            let value = subtract(right[i].clone(), multiply(factor, right[k].clone()));
            right[i] = keep(format!("right_{i}"), value)?;
        }
    }
    let mut solution = right.clone();
    for i in (0..n).rev() {
        let mut value = right[i].clone();
        for j in i + 1..n {
            value = subtract(value, multiply(matrix[i][j].clone(), solution[j].clone()));
        }
        solution[i] = keep(format!("step_{i}"), divide(value, matrix[i][i].clone()))?;
    }
    Ok((unrolled.statements, solution))
}
