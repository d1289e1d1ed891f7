//! Morphologies from SWC files, by the rules of NEURON's Import3d.
//!
//! A file is a list of points `id type x y z radius parent` (um; Cannon et al. 1998). Rows without branches and of one
//! type become a section; what is left to decide is the soma and what is connected to it, where NEURON's rules are:
//!
//! - A soma of one point is a cylinder whose length is its diameter; all branches leave from its middle.
//! - So is a soma of three points in the customary notation for a sphere: two points at one radius from the first.
//! - A branch from the soma begins with a copy of the soma's point, whose diameter is that of the branch's next point.
//!   Where the soma goes on from there, or that point is inside it, the branch begins at its own first point instead.
//! - Branches from the first point of the root section are connected to its beginning, from an inner point of the soma to
//!   its middle, all others to the end of their parent.
//! - Sections without length are left out, and their branches connected where they were.
//!
//! Sections are `soma`, `axon`, `dend`, `apic` (types 1 to 4) and `dend_5` and so on for others, each an array, created in
//! the order of types. The lists are `all`, `somatic`, `axonal`, `basal` and `apical`.

pub(crate) mod instantiate;
mod read;
pub(crate) mod sections;

pub(crate) use sections::Branch;

use crate::{Cell, SectionId};

/// A morphology that cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct SwcError {
    /// The line, from 1; 0 where it is about the file.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl SwcError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// A row of an SWC file and where it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SwcRow {
    /// Its id.
    pub id: i64,
    /// The section that it is a point of; none for points of sections without length, which are left out.
    pub section: Option<SectionId>,
}

impl Cell {
    /// Makes a cell from the text of an SWC file. Its sections have one segment each and no mechanisms.
    ///
    /// # Errors
    /// When a line is no point, an id occurs twice, a parent is missing or is not before its child, there is more than one
    /// tree, or a number is not finite.
    pub fn from_swc(text: &str) -> Result<Cell, SwcError> {
        Ok(Cell::from_swc_with_rows(text)?.0)
    }

    /// Makes a cell from the text of an SWC file, and tells which section each row is in, by ascending id.
    ///
    /// # Errors
    /// Those of [`Cell::from_swc`].
    pub fn from_swc_with_rows(text: &str) -> Result<(Cell, Vec<SwcRow>), SwcError> {
        let points = read::points(text)?;
        let branches = sections::of(&points)?;
        let (cell, ids) = instantiate::cell(&branches);
        let mut rows: Vec<SwcRow> = points.iter().map(|point| SwcRow { id: point.id, section: None }).collect();
        for (branch, id) in branches.iter().zip(ids) {
            rows[branch.rows()].iter_mut().for_each(|row| row.section = Some(id));
        }
        Ok((cell, rows))
    }
}

#[cfg(test)]
mod tests;
