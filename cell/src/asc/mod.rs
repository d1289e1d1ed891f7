//! Morphologies from Neurolucida's text files (`.asc`, version 3), by the rules of NEURON's `Import3d_Neurolucida3`.
//!
//! A file has contours, of which those of the cell's body are kept, and trees of branches with points `x y z diameter` (um).
//! Branches become sections as they are; a branch whose first point is not its parent's last begins with a copy of that.
//! What is left to decide is the soma:
//!
//! - A contour becomes cylinders along its major axis, as wide as the contour is there.
//! - Contours that overlap, as seen from above, are one soma: a circle for each, of the contour's mean width.
//! - Trees that begin within the soma's bounding box, seen from above, and all others at the nearest soma, are connected to
//!   its middle by a line without membrane.

mod parse;
mod soma;

use crate::Cell;
use crate::swc::{Branch, instantiate, sections};

/// A morphology that cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct AscError {
    /// The line, from 1; 0 where it is about the file.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl AscError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// A point, um, and its diameter, um.
type Point = ([f64; 3], f64);

/// A branch of a tree or a contour, as the file has it.
#[derive(Debug, Clone, Default)]
struct Piece {
    /// 1 for contours of the soma; 2 axon, 3 dendrite, 4 apical dendrite, 0 anything else.
    kind: i64,
    points: Vec<Point>,
    parent: Option<usize>,
}

impl Cell {
    /// Makes a cell from the text of a Neurolucida file. Its sections have one segment each and no mechanisms.
    ///
    /// # Errors
    /// When the text is no such file, has no branches, or its soma has no width.
    pub fn from_asc(text: &str) -> Result<Cell, AscError> {
        Ok(instantiate::cell(&branches(text)?).0)
    }
}

/// The sections of a file, those of the soma first.
pub(crate) fn branches(text: &str) -> Result<Vec<Branch>, AscError> {
    let pieces = parse::pieces(text)?;
    if pieces.is_empty() {
        return Err(AscError::new(0, "there are neither branches nor a contour of the cell's body in the file"));
    }
    let somata = soma::somata(&pieces);
    let trees: Vec<usize> = (0..pieces.len()).filter(|&index| pieces[index].kind != 1).collect();
    let mut branches: Vec<Branch> = Vec::with_capacity(somata.len() + trees.len());
    for soma in &somata {
        let points = soma.cylinders()?;
        branches.push(Branch { kind: 1, parent: None, x: 1.0, points, wired: false, first: 0 });
    }
    let number = |piece: usize| trees.partition_point(|&other| other < piece) + somata.len();
    for &index in &trees {
        let Piece { kind, ref points, parent } = pieces[index];
        let branch =
            Branch { kind, parent: parent.map(number), x: 1.0, points: points.clone(), wired: false, first: 0 };
        branches.push(branch);
    }
    for branch in branches.iter_mut().skip(somata.len()).filter(|branch| branch.parent.is_none()) {
        if let Some(soma) = soma::of(&somata, branch.points[0].0) {
            (branch.parent, branch.x, branch.wired) = (Some(soma), 0.5, true);
            branch.points.insert(0, (somata[soma].centre, 0.01));
        }
    }
    sections::drop_empty(&mut branches);
    Ok(branches)
}

#[cfg(test)]
mod tests;
