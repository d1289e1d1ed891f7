//! Node sets to cells.

use super::Builder;
use super::populations::Node;
use crate::problem::Problem;
use serde_json::Value;

/// The nodes of a node set.
#[derive(Clone, Debug, Default)]
pub struct Selected {
    /// Populations that have nodes in it, and how many.
    pub populations: Vec<(String, usize)>,
    /// Network cells in it, in order of populations and node ids.
    pub cells: Vec<usize>,
    /// Whether there would be more of them, had they been made.
    pub unmade: bool,
}

impl Builder<'_> {
    /// The nodes of a node set; nothing when it makes no sense, which is told. `user` names the
    /// input or report that needs it.
    pub(super) fn select(&mut self, set: &Value, user: &str) -> Option<Selected> {
        let resolved = self.node_sets.resolve(set, self.populations.nodes());
        let selection =
            self.collector.keep(resolved.map_err(|error| Problem::from(error).note(format!("needed by `{user}`"))))?;
        let mut selected = Selected::default();
        for (name, ids) in selection {
            let population = self.collector.keep(self.populations.named(&name))?;
            let cells = ids.iter().filter_map(|&id| match population.node(id) {
                Some(Node::Cell(cell)) => Some(cell as usize),
                _ => None,
            });
            selected.cells.extend(cells);
            selected.unmade |= ids.iter().any(|&id| population.node(id) == Some(Node::Unmade));
            selected.populations.push((name, ids.len()));
        }
        Some(selected)
    }
}
