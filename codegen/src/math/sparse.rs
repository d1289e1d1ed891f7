//! Unrolled elimination of sparse linear systems whose diagonal may serve as pivots.

use super::build::{divide, is_zero, multiply, subtract};
use super::pivots::{Choice, Pattern, order};
use super::unrolled::Unrolled;
use crate::ir::{Expression, Function, Statement};
use std::collections::BTreeMap;

/// Entries of a square matrix that are not structurally 0, by row and column.
pub type Sparse = BTreeMap<(usize, usize), Expression>;

/// Statements that solve `matrix * x = right`, and the solution's expressions (each a leaf).
///
/// The pivot is always a diagonal entry, in the order of `choice`. New locals go to `function`, statements get line
/// `line`.
///
/// # Errors
/// The count of statements so far if it exceeds `limit`.
pub fn solve_sparse(
    function: &mut Function,
    mut matrix: Sparse,
    mut right: Vec<Expression>,
    choice: Choice,
    limit: usize,
    line: u32,
) -> Result<(Vec<Statement>, Vec<Expression>), usize> {
    let mut unrolled = Unrolled::new(function, line);
    let mut keep = |name: String, value: Expression| unrolled.keep_within(limit, name, value);
    matrix.retain(|_, value| !is_zero(value));
    let pattern: Pattern = matrix.keys().copied().collect();
    let order = order(right.len(), pattern, choice, limit)?;
    for (at, pivot) in order.iter().enumerate() {
        let diagonal = matrix.get(&(*pivot, *pivot)).cloned().unwrap_or(Expression::Number(0.0));
        let diagonal = keep(format!("pivot_{pivot}"), diagonal)?;
        matrix.insert((*pivot, *pivot), diagonal.clone());
        let row = entries(&matrix, *pivot, &order[at + 1..]);
        for i in &order[at + 1..] {
            let Some(entry) = matrix.remove(&(*i, *pivot)) else { continue };
            let factor = keep(format!("factor_{i}_{pivot}"), divide(entry, diagonal.clone()))?;
            for (j, above) in &row {
                let before = matrix.get(&(*i, *j)).cloned().unwrap_or(Expression::Number(0.0));
                let value = subtract(before, multiply(factor.clone(), above.clone()));
                let value = keep(format!("entry_{i}_{j}"), value)?;
                matrix.insert((*i, *j), value);
            }
            let value = subtract(right[*i].clone(), multiply(factor, right[*pivot].clone()));
            right[*i] = keep(format!("right_{i}"), value)?;
        }
    }
    let mut solution = right.clone();
    for (at, pivot) in order.iter().enumerate().rev() {
        let mut value = right[*pivot].clone();
        for (j, entry) in entries(&matrix, *pivot, &order[at + 1..]) {
            value = subtract(value, multiply(entry, solution[j].clone()));
        }
        let diagonal = matrix.get(&(*pivot, *pivot)).cloned().unwrap_or(Expression::Number(0.0));
        solution[*pivot] = keep(format!("step_{pivot}"), divide(value, diagonal))?;
    }
    Ok((unrolled.statements, solution))
}

/// The entries of a row in some columns, in their order.
fn entries(matrix: &Sparse, row: usize, columns: &[usize]) -> Vec<(usize, Expression)> {
    let entry = |column: &usize| matrix.get(&(row, *column)).map(|value| (*column, value.clone()));
    columns.iter().filter_map(entry).collect()
}
