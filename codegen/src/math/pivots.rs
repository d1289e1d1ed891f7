//! The order in which the unknowns of a sparse system are eliminated.

use std::collections::{BTreeMap, BTreeSet};

/// Rows and columns of the entries that are not structurally 0.
pub type Pattern = BTreeSet<(usize, usize)>;

/// How pivots are chosen.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'a> {
    /// Each time one whose elimination fills in least: Markowitz' product of the counts of its row and column. Rows in
    /// `last` come after all others.
    LeastFill {
        /// Rows that serve as pivots last.
        last: &'a BTreeSet<usize>,
    },
    /// Each time a row with fewest entries, as NEURON does (scopmath sparse_thread.hpp, `spar_minorder`).
    FewestEntries {
        /// The number of each row in NEURON, which decides between rows of as many entries.
        rank: &'a [usize],
    },
}

/// The pivots of a system of `size` equations in order.
///
/// # Errors
/// The count of changes of entries that the elimination comes to, if it exceeds `limit`.
pub fn order(size: usize, mut pattern: Pattern, choice: Choice, limit: usize) -> Result<Vec<usize>, usize> {
    // Every row has its diagonal, whether it was filled or not.
    pattern.extend((0..size).map(|at| (at, at)));
    match choice {
        Choice::LeastFill { last } => least_fill(size, pattern, last, limit),
        Choice::FewestEntries { rank } => fewest_entries(size, pattern, rank, limit),
    }
}

fn least_fill(size: usize, mut pattern: Pattern, last: &BTreeSet<usize>, limit: usize) -> Result<Vec<usize>, usize> {
    let mut changes = 0;
    let mut open: BTreeSet<usize> = (0..size).collect();
    let mut order = Vec::new();
    loop {
        let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
        let mut columns: BTreeMap<usize, usize> = BTreeMap::new();
        for (row, column) in pattern.iter().filter(|(row, column)| open.contains(row) && open.contains(column)) {
            *rows.entry(*row).or_default() += 1;
            *columns.entry(*column).or_default() += 1;
        }
        let count = |of: &BTreeMap<usize, usize>, at: &usize| of.get(at).copied().unwrap_or(1).saturating_sub(1);
        let key = |at: &usize| (last.contains(at), count(&rows, at) * count(&columns, at), *at);
        let Some(pivot) = open.iter().copied().min_by_key(key) else { return Ok(order) };
        open.remove(&pivot);
        order.push(pivot);
        changes += fill_in(&mut pattern, pivot, &open);
        if changes > limit {
            return Err(changes);
        }
    }
}

/// Adds the entries that the elimination of a pivot makes; the count of those that it changes.
fn fill_in(pattern: &mut Pattern, pivot: usize, open: &BTreeSet<usize>) -> usize {
    let below: Vec<usize> = open.iter().copied().filter(|row| pattern.contains(&(*row, pivot))).collect();
    let right: Vec<usize> = open.iter().copied().filter(|column| pattern.contains(&(pivot, *column))).collect();
    pattern.extend(below.iter().flat_map(|row| right.iter().map(move |column| (*row, *column))));
    below.len() * right.len()
}

fn fewest_entries(size: usize, mut pattern: Pattern, rank: &[usize], limit: usize) -> Result<Vec<usize>, usize> {
    let mut changes = 0;
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by_key(|row| rank.get(*row).copied());
    let mut queue = Queue::default();
    for row in &order {
        let count = pattern.range((*row, 0)..(*row + 1, 0)).count();
        queue.insert(*row, count);
    }
    for at in 0..size {
        let Some(pivot) = queue.pop() else { break };
        // The others move down by one.
        if let Some(from) = order.iter().position(|row| *row == pivot) {
            order[at..=from].rotate_right(1);
        }
        let below: Vec<usize> =
            order[at + 1..].iter().copied().filter(|row| pattern.contains(&(*row, pivot))).collect();
        for row in below {
            let mut count = queue.remove(row);
            for column in &order[at + 1..] {
                if pattern.contains(&(pivot, *column)) {
                    changes += 1;
                    count += usize::from(pattern.insert((row, *column)));
                }
            }
            if changes > limit {
                return Err(changes);
            }
            queue.insert(row, count - 1);
        }
    }
    Ok(order)
}

/// Rows by their counts of entries; of equal ones that which was put there last comes first.
#[derive(Debug, Default)]
struct Queue(Vec<(usize, usize)>);

impl Queue {
    fn insert(&mut self, row: usize, count: usize) {
        let at = self.0.iter().position(|(_, other)| *other >= count).unwrap_or(self.0.len());
        self.0.insert(at, (row, count));
    }

    fn pop(&mut self) -> Option<usize> {
        (!self.0.is_empty()).then(|| self.0.remove(0).0)
    }

    /// Takes a row out and gives its count.
    fn remove(&mut self, row: usize) -> usize {
        let at = self.0.iter().position(|(other, _)| *other == row);
        at.map_or(1, |at| self.0.remove(at).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain 0 - 1 - 2 - 3 and a conservation of all in row 3.
    fn chain() -> Pattern {
        let mut pattern: Pattern = (0..4).map(|at| (at, at)).collect();
        pattern.extend([(0, 1), (1, 0), (1, 2), (2, 1), (2, 3)]);
        pattern.extend((0..4).map(|column| (3, column)));
        pattern
    }

    #[test]
    fn rows_that_fill_in_least_come_first_and_conserved_ones_last() {
        let last = BTreeSet::from([3]);
        assert_eq!(order(4, chain(), Choice::LeastFill { last: &last }, 100), Ok(vec![0, 1, 2, 3]));
    }

    fn fewest(size: usize, pattern: Pattern, rank: &[usize]) -> Vec<usize> {
        order(size, pattern, Choice::FewestEntries { rank }, 100).expect("small")
    }

    #[test]
    fn of_rows_with_as_many_entries_the_last_put_there_comes_first() {
        assert_eq!(fewest(3, Pattern::new(), &[0, 1, 2]), [2, 1, 0]);
        assert_eq!(fewest(3, Pattern::new(), &[2, 1, 0]), [0, 1, 2]);
        // Rows have 2, 3, 3, 4 entries. Without row 0, row 1 has 2; without both, rows 3 and 2 have 2, of which row 2 has lost
        // its entry last.
        assert_eq!(fewest(4, chain(), &[1, 2, 3, 0]), [0, 1, 2, 3]);
        assert_eq!(fewest(4, chain(), &[1, 2, 0, 3]), [0, 1, 3, 2]);
    }

    #[test]
    fn a_long_elimination_is_given_up() {
        let full: Pattern = (0..20).flat_map(|row| (0..20).map(move |column| (row, column))).collect();
        let rank: Vec<usize> = (0..20).collect();
        assert!(order(20, full.clone(), Choice::FewestEntries { rank: &rank }, 100).is_err());
        assert!(order(20, full, Choice::LeastFill { last: &BTreeSet::new() }, 100).is_err());
    }
}
