//! Who reads and writes what, and in which order.

use crate::ir::{Array, ColumnId, Expression, Function, IonField, IonId, Mechanism, Place, Statement, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// What a statement list does first with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Untouched,
    /// May read it before writing it.
    ReadFirst,
    /// Writes it on all paths, before any read.
    Written,
    /// Writes it on some paths, and reads it only after that.
    MaybeWritten,
}

/// How `body` uses `place`.
pub fn access(body: &[Statement], place: Place) -> Access {
    let mut maybe = false;
    for statement in body {
        if statement.expressions().iter().any(|e| reads(e, place)) && !is_until(statement) {
            return Access::ReadFirst;
        }
        match &statement.kind {
            StatementKind::Assign(to, _) if *to == place => return Access::Written,
            StatementKind::AssignElement(array, ..) if array.contains(place) => maybe = true,
            StatementKind::Derivative(to, _) if *to == place => return Access::ReadFirst,
            StatementKind::Draw(draw) if draw.places().contains(&place) => return Access::Written,
            StatementKind::If { then, otherwise, .. } => match (access(then, place), access(otherwise, place)) {
                (Access::ReadFirst, _) | (_, Access::ReadFirst) => return Access::ReadFirst,
                (Access::Written, Access::Written) => return Access::Written,
                (Access::Untouched, Access::Untouched) => {}
                _ => maybe = true,
            },
            StatementKind::While { body, .. } | StatementKind::ForNetcons { body } => match access(body, place) {
                Access::ReadFirst => return Access::ReadFirst,
                Access::Untouched => {}
                Access::Written | Access::MaybeWritten => maybe = true,
            },
            StatementKind::Solve { body, .. } => match access(body, place) {
                Access::ReadFirst => return Access::ReadFirst,
                Access::Written => return Access::Written,
                Access::Untouched => {}
                Access::MaybeWritten => maybe = true,
            },
            StatementKind::Iterate { body, until, .. } => match access(body, place) {
                Access::ReadFirst => return Access::ReadFirst,
                Access::Written => return Access::Written,
                _ if reads(until, place) => return Access::ReadFirst,
                Access::Untouched => {}
                Access::MaybeWritten => maybe = true,
            },
            StatementKind::Assign(..)
            | StatementKind::AssignElement(..)
            | StatementKind::Derivative(..)
            | StatementKind::Draw(_)
            | StatementKind::StoreIon(..)
            | StatementKind::AddIon(..)
            | StatementKind::StoreV(_)
            | StatementKind::AddRhs(_)
            | StatementKind::AddDiagonal(_)
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_) => {}
        }
    }
    if maybe { Access::MaybeWritten } else { Access::Untouched }
}

/// The condition of Iterate is read after its body.
fn is_until(statement: &Statement) -> bool {
    matches!(statement.kind, StatementKind::Iterate { .. })
}

/// Whether an expression reads a place.
pub fn reads(e: &Expression, place: Place) -> bool {
    let mut found = false;
    e.visit(&mut |inner| found |= leaf_reads(inner, place));
    found
}

/// The same without looking at operands.
pub fn leaf_reads(e: &Expression, place: Place) -> bool {
    match e {
        Expression::Load(from) => *from == place,
        Expression::Element(array, _) => array.contains(place),
        _ => false,
    }
}

/// What a statement list may change.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    /// Places.
    pub places: BTreeSet<Place>,
    /// Ion values.
    pub ions: BTreeSet<(IonId, IonField)>,
}

/// All that `body` may change.
pub fn writes(body: &[Statement]) -> Writes {
    let mut writes = Writes::default();
    collect_writes(body, &mut writes);
    let aliases: Vec<Place> = writes.places.iter().filter_map(|place| place.alias()).collect();
    writes.places.extend(aliases);
    writes
}

/// The places that `body` may assign, by the names that it has for them.
pub fn assigned(body: &[Statement]) -> BTreeSet<Place> {
    let mut writes = Writes::default();
    collect_writes(body, &mut writes);
    writes.places
}

fn collect_writes(body: &[Statement], writes: &mut Writes) {
    for statement in body {
        match &statement.kind {
            StatementKind::Assign(place, _) | StatementKind::Derivative(place, _) => {
                writes.places.insert(*place);
            }
            StatementKind::AssignElement(array, ..) => writes.places.extend(array.elements()),
            StatementKind::Draw(draw) => writes.places.extend(draw.places()),
            StatementKind::StoreIon(ion, field, _) | StatementKind::AddIon(ion, field, _) => {
                writes.ions.insert((*ion, *field));
            }
            StatementKind::If { .. }
            | StatementKind::While { .. }
            | StatementKind::Iterate { .. }
            | StatementKind::ForNetcons { .. }
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_)
            | StatementKind::StoreV(_)
            | StatementKind::Solve { .. }
            | StatementKind::AddRhs(_)
            | StatementKind::AddDiagonal(_) => {}
        }
        for block in statement.blocks() {
            collect_writes(block, writes);
        }
    }
}

/// How many statements assign a place.
pub fn assignments(body: &[Statement], place: Place) -> usize {
    let mut count = 0;
    visit_statements(body, &mut |statement| {
        count += usize::from(matches!(&statement.kind, StatementKind::Assign(to, _) if *to == place));
    });
    count
}

/// The places whose values may depend on those in `seeds`, through values or through branches taken;
/// `seeds` among them.
pub fn dependents(body: &[Statement], seeds: &BTreeSet<Place>) -> BTreeSet<Place> {
    let mut found = seeds.clone();
    loop {
        let before = found.len();
        spread(body, false, &mut found);
        if found.len() == before {
            return found;
        }
    }
}

fn spread(body: &[Statement], inherited: bool, found: &mut BTreeSet<Place>) {
    for statement in body {
        let depends = inherited
            || statement.expressions().iter().any(|e| {
                let mut depends = false;
                e.visit(&mut |inner| {
                    depends |= match inner {
                        Expression::Load(place) => found.contains(place),
                        Expression::Element(array, _) => array.elements().any(|element| found.contains(&element)),
                        _ => false,
                    };
                });
                depends
            });
        match &statement.kind {
            StatementKind::Assign(place, _) if depends => {
                found.insert(*place);
            }
            StatementKind::AssignElement(array, ..) if depends => found.extend(array.elements()),
            StatementKind::Draw(draw) if depends => found.extend(draw.places()),
            _ => {}
        }
        for block in statement.blocks() {
            spread(block, depends, found);
        }
    }
}

/// Visits every expression of a statement list, nested statements included.
pub fn visit(body: &[Statement], visitor: &mut impl FnMut(&Expression)) {
    for statement in body {
        for e in statement.expressions() {
            e.visit(visitor);
        }
        for block in statement.blocks() {
            visit(block, visitor);
        }
    }
}

/// Calls `visit` with every expression that stands in a statement, nested statements included, without its operands.
pub fn each(body: &mut [Statement], visit: &mut impl FnMut(&mut Expression)) {
    for statement in body {
        statement.expressions_mut().into_iter().for_each(&mut *visit);
        statement.blocks_mut().into_iter().for_each(|block| each(block, visit));
    }
}

/// Rewrites every expression of a statement list bottom-up.
pub fn rewrite(body: &mut [Statement], rewriter: &mut impl FnMut(&mut Expression)) {
    for statement in body {
        for e in statement.expressions_mut() {
            e.rewrite(rewriter);
        }
        for block in statement.blocks_mut() {
            rewrite(block, rewriter);
        }
    }
}

/// The places that the statements read; of an array with a run-time index, all elements.
pub fn loads(body: &[Statement]) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    visit(body, &mut |e| match e {
        Expression::Load(place) => {
            places.insert(*place);
        }
        Expression::Element(array, _) => places.extend(array.elements()),
        _ => {}
    });
    places
}

/// The columns that kernels hand from one to another, or from one step to the next: whose value some kernel may need
/// before it writes it, and what diffuses.
pub fn carried(mechanism: &Mechanism) -> BTreeSet<Place> {
    let columns = || (0..mechanism.columns.len() as u32).map(|id| Place::Column(ColumnId(id)));
    let needed = |kernel: &Function, column: Place| {
        let first = access(&kernel.body, column);
        matches!(first, Access::ReadFirst | Access::MaybeWritten)
            || arrays(&kernel.body).iter().any(|array| array.contains(column))
    };
    let diffuses = |column: Place| {
        mechanism.diffusions.iter().any(|diffusion| diffusion.columns().any(|id| column == Place::Column(id)))
    };
    let handed_on =
        |column: &Place| diffuses(*column) || mechanism.kernels.iter().any(|(_, kernel)| needed(kernel, *column));
    columns().filter(handed_on).collect()
}

/// The arrays that a run-time index reaches.
pub fn arrays(body: &[Statement]) -> BTreeSet<Array> {
    let mut arrays = BTreeSet::new();
    visit_statements(body, &mut |statement| {
        if let StatementKind::AssignElement(array, ..) = &statement.kind {
            arrays.insert(*array);
        }
    });
    visit(body, &mut |e| {
        if let Expression::Element(array, _) = e {
            arrays.insert(*array);
        }
    });
    arrays
}

/// Visits every statement, nested ones included.
pub fn visit_statements(body: &[Statement], visitor: &mut impl FnMut(&Statement)) {
    for statement in body {
        visitor(statement);
        for block in statement.blocks() {
            visit_statements(block, visitor);
        }
    }
}

/// Visits every statement to change it, nested ones included.
pub fn each_statement(body: &mut [Statement], visit: &mut impl FnMut(&mut Statement)) {
    for statement in body {
        visit(statement);
        statement.blocks_mut().into_iter().for_each(|block| each_statement(block, visit));
    }
}

/// Renames the places that a map names.
pub fn rename_by(body: &mut [Statement], names: &BTreeMap<Place, Place>) {
    if !names.is_empty() {
        rename(body, &mut |place| names.get(&place).copied().unwrap_or(place));
    }
}

/// Renames places that are assigned or read. Of an array with a run-time index all elements must keep their order.
pub fn rename(body: &mut [Statement], rename_place: &mut impl FnMut(Place) -> Place) {
    for statement in body.iter_mut() {
        if let StatementKind::Assign(place, _) | StatementKind::Derivative(place, _) = &mut statement.kind {
            *place = rename_place(*place);
        }
        if let StatementKind::AssignElement(array, ..) = &mut statement.kind {
            array.first = rename_place(array.first);
        }
        if let StatementKind::Draw(draw) = &mut statement.kind {
            draw.places_mut().into_iter().for_each(|place| *place = rename_place(*place));
        }
        for e in statement.expressions_mut() {
            e.rewrite(&mut |inner| {
                if let Expression::Load(place) | Expression::Element(Array { first: place, .. }, _) = inner {
                    *place = rename_place(*place);
                }
            });
        }
        for block in statement.blocks_mut() {
            rename(block, rename_place);
        }
    }
}
