//! Compartment reports: one value a row of time for each recorded element (a segment of a cell).
//!
//! The file holds, for each population, `/report/<population>/data` (rows x elements) and the `mapping` that says
//! which columns belong to which node. [`ReportWriter`] streams rows into it, [`Report`] reads it back.

mod reader;
mod writer;

pub use reader::{Report, ReportPopulation};
pub use writer::{ReportWriter, Settings};

/// Which elements the columns of a report's population stand for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    /// The population.
    pub population: String,
    /// The recorded nodes.
    pub node_ids: Vec<u64>,
    /// Node `i` has the columns `index_pointer[i]..index_pointer[i + 1]`; one longer than `node_ids`.
    pub index_pointer: Vec<u64>,
    /// The section of each column: its place in the cell's list of sections.
    pub element_ids: Vec<u64>,
    /// The place along that section of each column, 0 to 1.
    pub element_pos: Vec<f64>,
    /// Further datasets with a value for each column, which are written and not read: name and values.
    pub further: Vec<(&'static str, Vec<i64>)>,
}

impl Mapping {
    /// A mapping without nodes.
    pub fn new(population: &str) -> Mapping {
        Mapping { population: population.to_owned(), index_pointer: vec![0], ..Mapping::default() }
    }

    /// Adds a node with its elements: section and place along it.
    pub fn push(&mut self, node_id: u64, elements: impl IntoIterator<Item = (u64, f64)>) {
        self.node_ids.push(node_id);
        for (id, pos) in elements {
            self.element_ids.push(id);
            self.element_pos.push(pos);
        }
        self.index_pointer.push(self.element_ids.len() as u64);
    }

    /// Whether both name the same nodes and elements; places may differ by round-off.
    pub fn agrees(&self, other: &Mapping) -> bool {
        let places = self.element_pos.iter().zip(&other.element_pos);
        (&self.population, &self.node_ids, &self.index_pointer)
            == (&other.population, &other.node_ids, &other.index_pointer)
            && self.element_ids == other.element_ids
            && self.element_pos.len() == other.element_pos.len()
            && places.into_iter().all(|(a, b)| (a - b).abs() < 1e-9)
    }

    /// The number of columns.
    pub fn elements(&self) -> usize {
        self.element_ids.len()
    }

    /// What does not fit in the mapping, if anything.
    fn problem(&self) -> Option<&'static str> {
        let ascending = self.index_pointer.windows(2).all(|w| w[0] <= w[1]);
        if self.index_pointer.len() != self.node_ids.len() + 1 || !ascending {
            return Some("index_pointer must ascend, and have one entry more than node_ids");
        }
        if self.index_pointer.first() != Some(&0) || self.index_pointer.last() != Some(&(self.elements() as u64)) {
            return Some("index_pointer must go from 0 to the number of elements");
        }
        let further = self.further.iter().map(|(_, values)| values.len());
        let mut lengths = further.chain([self.element_pos.len()]);
        lengths.any(|length| length != self.elements()).then_some("element_ids and element_pos must be equally long")
    }
}

#[cfg(test)]
mod tests;
