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

/// The instances in rows of [`TILE`] lanes, and a shorter one, from where node values and ions have been gathered in order
/// of instances, [`GATHERED`] at a time: these, too.
pub(super) fn tiles<R: Real>(
    block: &Block,
    ions: &[CpuIon<R>],
    columns: &mut Columns<R>,
) -> Vec<(Range<usize>, Vec<Span<R>>)> {
    let (starts, shared) = (vec![0; block.ions.len()], shared(block, ions));
    let count = block.rows * block.lanes;
    let pieces = (0..count).step_by(GATHERED).map(|first| first..count.min(first + GATHERED));
    pieces.map(|piece| (piece.clone(), cut(piece, 0, &starts, &shared, columns))).collect()
}

/// The instances in such rows on the nodes themselves, if few of the rows of the layout end where the next does not begin.
pub(super) fn runs<R: Real>(block: &Block, ions: &[CpuIon<R>], columns: &mut Columns<R>) -> Option<Vec<Span<R>>> {
    let (lanes, shared) = (block.lanes, shared(block, ions));
    if lanes >= TILE || block.node.is_empty() || block.is_point() {
        return None;
    }
    let own = || block.ions.iter().zip(&shared).filter(|(_, shared)| !**shared).map(|(ion, _)| &ion.row);
    let follows = |rows: &[u32], row: usize| rows[row] as usize == rows[row - 1] as usize + lanes;
    let begins: Vec<usize> = (0..block.rows)
        .filter(|&row| row == 0 || !follows(&block.node, row) || !own().all(|rows| follows(rows, row)))
        .collect();
    if begins.len() > 1 && block.rows * lanes < begins.len() * WORTHWHILE {
        return None;
    }
    let ends = begins[1..].iter().copied().chain([block.rows]);
    let of_run = |(&begin, end): (&usize, usize)| {
        let starts: Vec<u32> = block.ions.iter().map(|ion| ion.row[begin]).collect();
        cut(begin * lanes..end * lanes, block.node[begin], &starts, &shared, columns)
    };
    Some(begins.iter().zip(ends).flat_map(of_run).collect())
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
