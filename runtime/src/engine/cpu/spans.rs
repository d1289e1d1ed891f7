//! Over which instances a kernel runs, in rows of how many lanes.
//!
//! A row of the layout holds one compartment of all cells of a group. But where the nodes of successive rows follow each
//! other in memory, lanes of several rows make one longer row of [`TILE`] lanes: fewer rows, and the machine's vectors are
//! filled whatever the count of cells.

use super::super::Real;
use super::columns::{Columns, TILE, Views};
use super::ion::CpuIon;
use crate::layout::{Block, IonReference};
use std::ops::Range;

/// Instances that follow each other.
pub(super) struct Span<R> {
    pub(super) rows: usize,
    /// Of each row.
    pub(super) lanes: usize,
    pub(super) columns: Views<R>,
    /// Index of lane 0 of each row among node values.
    pub(super) node: Vec<u32>,
    /// The same in a field of each ion of the mechanism.
    pub(super) ions: Vec<Vec<u32>>,
}

/// Instances for which a span of its own pays.
const WORTHWHILE: usize = 2 * TILE;

impl<R: Real> Span<R> {
    /// All instances in the rows of the layout.
    pub(super) fn rows(block: &Block, ions: &[CpuIon<R>], columns: &mut Columns<R>) -> Self {
        let of_ion = |reference: &IonReference| match ions[reference.ion].is_shared() {
            true => vec![0; block.rows],
            false => reference.row.clone(),
        };
        Self {
            rows: block.rows,
            lanes: block.lanes,
            columns: columns.views(0, block.lanes),
            node: block.node.clone(),
            ions: block.ions.iter().map(of_ion).collect(),
        }
    }
}

/// Instances whose node values are gathered at once.
const GATHERED: usize = 8 * TILE;

/// Some instances in rows of [`TILE`] lanes, and a shorter one.
pub(super) struct Piece<R> {
    pub(super) instances: Range<usize>,
    pub(super) spans: Vec<Span<R>>,
    /// The spans are not on the nodes themselves: node values and ions are to be gathered in order of instances.
    pub(super) gathered: bool,
}

/// The instances in pieces; none if the rows of the layout are best. Where many nodes follow each other, the spans are on
/// these; the others are gathered, if they may be.
pub(super) fn pieces<R: Real>(
    block: &Block,
    ions: &[CpuIon<R>],
    may_gather: bool,
    columns: &mut Columns<R>,
) -> Vec<Piece<R>> {
    let (lanes, shared) = (block.lanes, shared(block, ions));
    if lanes >= TILE || block.node.is_empty() {
        return Vec::new();
    }
    let own = || block.ions.iter().zip(&shared).filter(|(_, shared)| !**shared).map(|(ion, _)| &ion.row);
    let follows = |rows: &[u32], row: usize| rows[row] as usize == rows[row - 1] as usize + lanes;
    let begins: Vec<usize> = (0..block.rows)
        .filter(|&row| row == 0 || !follows(&block.node, row) || !own().all(|rows| follows(rows, row)))
        .collect();
    let few = begins.len() == 1 || block.rows * lanes >= begins.len() * WORTHWHILE;
    if !few && !may_gather {
        return Vec::new();
    }
    let none = vec![0; block.ions.len()];
    let gather = |instances: Range<usize>, columns: &mut Columns<R>| -> Vec<Piece<R>> {
        let end = instances.end;
        let some = instances.step_by(GATHERED).map(|first| first..end.min(first + GATHERED));
        let piece = |instances: Range<usize>| {
            let spans = cut(instances.clone(), 0, &none, &shared, columns);
            Piece { instances, spans, gathered: true }
        };
        some.map(piece).collect()
    };
    let mut pieces = Vec::new();
    let mut done = 0;
    for (&begin, &end) in begins.iter().zip(begins[1..].iter().chain([&block.rows])) {
        let instances = begin * lanes..end * lanes;
        if few || instances.len() >= TILE {
            pieces.extend(gather(done..instances.start, columns));
            done = instances.end;
            let starts: Vec<u32> = block.ions.iter().map(|ion| ion.row[begin]).collect();
            let spans = cut(instances.clone(), block.node[begin], &starts, &shared, columns);
            pieces.push(Piece { instances, spans, gathered: false });
        }
    }
    pieces.extend(gather(done..block.rows * lanes, columns));
    pieces
}

/// Whether all nodes share a row of each ion of the mechanism.
fn shared<R: Real>(block: &Block, ions: &[CpuIon<R>]) -> Vec<bool> {
    block.ions.iter().map(|reference| ions[reference.ion].is_shared()).collect()
}

/// Instances in rows of [`TILE`] lanes and a shorter one. `node` and `starts`: where the first of them is among node
/// values and in a field of each ion.
fn cut<R: Real>(
    instances: Range<usize>,
    node: u32,
    starts: &[u32],
    shared: &[bool],
    columns: &mut Columns<R>,
) -> Vec<Span<R>> {
    let (count, whole) = (instances.len(), instances.len() / TILE);
    let mut span = |first: usize, rows: usize, lanes: usize| {
        let from = |start: u32| -> Vec<u32> { (0..rows).map(|row| start + (first + row * lanes) as u32).collect() };
        let of_ion = |(&start, &shared): (&u32, &bool)| if shared { vec![0; rows] } else { from(start) };
        Span {
            rows,
            lanes,
            columns: columns.views(instances.start + first, lanes),
            node: from(node),
            ions: starts.iter().zip(shared).map(of_ion).collect(),
        }
    };
    let mut spans = Vec::new();
    if whole > 0 {
        spans.push(span(0, whole, TILE));
    }
    if !count.is_multiple_of(TILE) {
        spans.push(span(whole * TILE, 1, count % TILE));
    }
    spans
}
