//! Unrolled elimination of sparse linear systems whose diagonal may serve as pivots.

use super::build::{divide, is_zero, multiply, subtract};
use super::unrolled::Unrolled;
use crate::ir::{Expression, Function, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// Entries of a square matrix that are not structurally 0, by row and column.
pub type Sparse = BTreeMap<(usize, usize), Expression>;

/// Statements that solve `matrix * x = right`, and the solution's expressions (each a leaf).
///
/// The pivot is always a diagonal entry; each time one is chosen whose elimination fills in least
/// (Markowitz' product of the counts of its row and column), rows in `last` after all others. New
/// locals go to `function`, statements get line `line`.
///
/// # Errors
/// The count of statements so far if it exceeds `limit`.
pub fn solve_sparse(
    function: &mut Function,
    mut matrix: Sparse,
    mut right: Vec<Expression>,
    last: &BTreeSet<usize>,
    limit: usize,
    line: u32,
) -> Result<(Vec<Statement>, Vec<Expression>), usize> {
    let mut unrolled = Unrolled::new(function, line);
    let mut keep = |name: String, value: Expression| unrolled.keep_within(limit, name, value);
    matrix.retain(|_, value| !is_zero(value));
    let mut open: BTreeSet<usize> = (0..right.len()).collect();
    let mut order = Vec::new();
    while let Some(pivot) = choose(&matrix, &open, last) {
        open.remove(&pivot);
        order.push(pivot);
        let diagonal = matrix.get(&(pivot, pivot)).cloned().unwrap_or(Expression::Number(0.0));
        let diagonal = keep(format!("pivot_{pivot}"), diagonal)?;
        matrix.insert((pivot, pivot), diagonal.clone());
        let row: Vec<(usize, Expression)> = entries(&matrix, pivot, &open);
        for i in &open {
            let Some(entry) = matrix.remove(&(*i, pivot)) else { continue };
            let factor = keep(format!("factor_{i}_{pivot}"), divide(entry, diagonal.clone()))?;
            for (j, above) in &row {
                let before = matrix.get(&(*i, *j)).cloned().unwrap_or(Expression::Number(0.0));
                let value = subtract(before, multiply(factor.clone(), above.clone()));
                let value = keep(format!("entry_{i}_{j}"), value)?;
                matrix.insert((*i, *j), value);
            }
            let value = subtract(right[*i].clone(), multiply(factor, right[pivot].clone()));
            right[*i] = keep(format!("right_{i}"), value)?;
        }
    }
    let mut solution = right.clone();
    let mut solved = BTreeSet::new();
    for pivot in order.into_iter().rev() {
        let mut value = right[pivot].clone();
        for (j, entry) in entries(&matrix, pivot, &solved) {
            value = subtract(value, multiply(entry, solution[j].clone()));
        }
        let diagonal = matrix.get(&(pivot, pivot)).cloned().unwrap_or(Expression::Number(0.0));
        solution[pivot] = keep(format!("step_{pivot}"), divide(value, diagonal))?;
        solved.insert(pivot);
    }
    Ok((unrolled.statements, solution))
}

/// The entries of a row in some columns.
fn entries(matrix: &Sparse, row: usize, columns: &BTreeSet<usize>) -> Vec<(usize, Expression)> {
    matrix
        .range((row, 0)..(row + 1, 0))
        .filter(|((_, column), _)| columns.contains(column))
        .map(|((_, column), value)| (*column, value.clone()))
        .collect()
}

/// The next pivot, `None` when nothing is left.
fn choose(matrix: &Sparse, open: &BTreeSet<usize>, last: &BTreeSet<usize>) -> Option<usize> {
    let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
    let mut columns: BTreeMap<usize, usize> = BTreeMap::new();
    for (row, column) in matrix.keys() {
        if open.contains(row) && open.contains(column) {
            *rows.entry(*row).or_default() += 1;
            *columns.entry(*column).or_default() += 1;
        }
    }
    let count = |of: &BTreeMap<usize, usize>, at: &usize| of.get(at).copied().unwrap_or(1).saturating_sub(1);
    open.iter().copied().min_by_key(|at| (last.contains(at), count(&rows, at) * count(&columns, at), *at))
}
