//! Statements of a loop that give the same in every round.

use super::flow::{self, Access};
use crate::ir::{Place, Statement, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// Splits the body of a loop into statements that may run once before it, and the rest, both in order.
///
/// `varying` are places that the loop changes besides the body. A statement may move if what it reads
/// is written by moved statements only, and what it writes by no other statement.
pub fn split(body: &[Statement], varying: &BTreeSet<Place>) -> (Vec<Statement>, Vec<Statement>) {
    let mut writers: BTreeMap<Place, usize> = varying.iter().map(|place| (*place, 2)).collect();
    for statement in body {
        for place in flow::writes(std::slice::from_ref(statement)).places {
            *writers.entry(place).or_default() += 1;
        }
    }
    let (mut before, mut rest) = (Vec::new(), Vec::new());
    let mut settled: BTreeSet<Place> = BTreeSet::new();
    let mut read: BTreeSet<Place> = BTreeSet::new();
    for statement in body {
        let one = std::slice::from_ref(statement);
        let writes = flow::writes(one);
        let reads = flow::loads(one);
        let own = |place: &Place| writes.places.contains(place) && flow::access(one, *place) != Access::ReadFirst;
        let constant = |place: &Place| !writers.contains_key(place) || settled.contains(place) || own(place);
        let free = |place: &Place| writers.get(place) == Some(&1) && !read.contains(place);
        if is_plain(statement) && writes.ions.is_empty() && reads.iter().all(constant) && writes.places.iter().all(free)
        {
            settled.extend(writes.places);
            before.push(statement.clone());
        } else {
            read.extend(reads);
            rest.push(statement.clone());
        }
    }
    (before, rest)
}

/// Only assignments, and branches and loops around them.
fn is_plain(statement: &Statement) -> bool {
    let own = matches!(
        statement.kind,
        StatementKind::Assign(..)
            | StatementKind::AssignElement(..)
            | StatementKind::If { .. }
            | StatementKind::While { .. }
            | StatementKind::Iterate { .. }
    );
    own && statement.blocks().iter().all(|block| block.iter().all(is_plain))
}
