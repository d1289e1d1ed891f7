//! Places on one kind of cell: SONATA's section ids, segments, and candidates for random placement.

use crate::placement::{self, Candidates, SectionType, Segment};
use crate::problem::Problem;
use cell::{Cell, SectionId};
use std::collections::HashMap;
use std::sync::Arc;

/// The sections and segments of a kind of cell, as SONATA addresses them.
#[derive(Debug)]
pub struct Sites {
    /// Sections by SONATA's section id: the order of the cell's list `all`.
    pub sections: Vec<SectionId>,
    /// Segments, section by section, by increasing position.
    pub segments: Vec<Segment>,
    candidates: HashMap<(Vec<SectionType>, [u64; 2]), Arc<Candidates>>,
}

impl Sites {
    /// Measures a cell.
    ///
    /// # Errors
    /// When it has no soma, from which distances are measured.
    pub fn new(cell: &Cell) -> Result<Self, Problem> {
        let measured = placement::segments(cell, soma(cell)?).map_err(|error| Problem::model(error.to_string()))?;
        Ok(Self { sections: cell.all(), segments: measured, candidates: HashMap::new() })
    }

    /// Segments of some types that overlap a range of distances, um.
    pub fn candidates(&mut self, kinds: &[SectionType], range: [f64; 2]) -> Arc<Candidates> {
        let key = (kinds.to_vec(), range.map(f64::to_bits));
        let segments = &self.segments;
        let make = || Arc::new(Candidates::of(segments, kinds, (range[0], range[1])));
        self.candidates.entry(key).or_insert_with(make).clone()
    }
}

/// The first soma section of a cell.
///
/// # Errors
/// When there is none.
pub fn soma(cell: &Cell) -> Result<SectionId, Problem> {
    section_named(cell, "soma", 0).map_err(|problem| {
        problem.note("spikes are detected at soma[0](0.5), and distances are measured from soma[0](0)")
    })
}

/// A section by the name of its array (or its own name) and its index in it.
///
/// # Errors
/// When there is none.
pub fn section_named(cell: &Cell, name: &str, index: usize) -> Result<SectionId, Problem> {
    let own = || {
        let base = |id: &SectionId| {
            let section = cell.section(*id).name();
            section.owner.is_none() && section.base == name
        };
        cell.ids().filter(base).collect::<Vec<_>>()
    };
    let found = cell.arrays.get(name).cloned().unwrap_or_else(own);
    found.get(index).copied().ok_or_else(|| match found.len() {
        0 => {
            let mut names: Vec<&str> = cell.sections().iter().map(|section| section.name().base.as_str()).collect();
            names.dedup();
            Problem::model(format!("the cell has no section `{name}`"))
                .help(format!("its sections are: {}", crate::problem::list(&names)))
        }
        count => Problem::model(format!("the cell has no section `{name}[{index}]`, only {count} of that name")),
    })
}
