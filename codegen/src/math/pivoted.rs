//! Unrolled elimination of dense linear systems with partial pivoting at run time.

use super::build::{call, divide, is_zero, multiply, number, subtract};
use super::unrolled::Unrolled;
use crate::ir::{Comparison, Expression, Function, Math, Statement};

/// Statements that solve `matrix * x = right`, and the solution's expressions (each a leaf).
///
/// Of the rows that may hold an entry of a column, the one with the largest becomes the pivot; rows
/// change places by selections, so that the code has no branches. Entries that are the literal 0 cost
/// nothing. New locals go to `function`, statements get line `line`.
///
/// # Errors
/// The count of statements so far if it exceeds `limit`.
pub fn solve_pivoted(
    function: &mut Function,
    mut matrix: Vec<Vec<Expression>>,
    right: Vec<Expression>,
    limit: usize,
    line: u32,
) -> Result<(Vec<Statement>, Vec<Expression>), usize> {
    let n = right.len();
    let mut unrolled = Unrolled::new(function, line);
    let mut keep = |name: String, value: Expression| unrolled.keep_within(limit, name, value);
    // The right-hand side is the last column.
    for (row, value) in matrix.iter_mut().zip(right) {
        row.push(value);
    }
    for row in &mut matrix {
        for (j, entry) in row.iter_mut().enumerate() {
            *entry = keep(format!("entry_{j}"), entry.clone())?;
        }
    }
    for k in 0..n {
        for i in k + 1..n {
            if is_zero(&matrix[i][k]) {
                continue;
            }
            if is_zero(&matrix[k][k]) {
                matrix.swap(i, k);
                continue;
            }
            let (below, above) = (matrix[i][k].clone(), matrix[k][k].clone());
            let larger = compare(Comparison::Greater, call(Math::Abs, below), call(Math::Abs, above));
            let swap = select(larger, number(1.0), number(0.0));
            let swap = keep(format!("swap_{i}_{k}"), swap)?;
            let pairs: Vec<_> = matrix[k].iter().cloned().zip(matrix[i].iter().cloned()).enumerate().skip(k).collect();
            for (j, (above, below)) in pairs {
                if above == below {
                    continue;
                }
                let swapped = || compare(Comparison::NotEqual, swap.clone(), number(0.0));
                let pivot = select(swapped(), below.clone(), above.clone());
                matrix[i][j] = keep(format!("entry_{i}_{j}"), select(swapped(), above, below))?;
                matrix[k][j] = keep(format!("entry_{k}_{j}"), pivot)?;
            }
        }
        let pivot_row = matrix[k].clone();
        for (i, row) in matrix.iter_mut().enumerate().skip(k + 1) {
            if is_zero(&row[k]) {
                continue;
            }
            let factor = keep(format!("factor_{i}_{k}"), divide(row[k].clone(), pivot_row[k].clone()))?;
            for (j, above) in pivot_row.iter().enumerate().skip(k + 1) {
                let value = subtract(row[j].clone(), multiply(factor.clone(), above.clone()));
                row[j] = keep(format!("entry_{i}_{j}"), value)?;
            }
        }
    }
    let mut solution = vec![number(0.0); n];
    for i in (0..n).rev() {
        let mut value = matrix[i][n].clone();
        for j in i + 1..n {
            value = subtract(value, multiply(matrix[i][j].clone(), solution[j].clone()));
        }
        solution[i] = keep(format!("solution_{i}"), divide(value, matrix[i][i].clone()))?;
    }
    Ok((unrolled.statements, solution))
}

fn select(condition: Expression, a: Expression, b: Expression) -> Expression {
    Expression::Select(Box::new(condition), Box::new(a), Box::new(b))
}

fn compare(comparison: Comparison, a: Expression, b: Expression) -> Expression {
    Expression::Compare(comparison, Box::new(a), Box::new(b))
}
