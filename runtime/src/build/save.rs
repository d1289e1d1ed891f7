//! Synapses as they were made, for `save_synapses`.

use super::Builder;
use super::synapse_report::middle;
use crate::model::Instance;
use sonata::config::Report;
use sonata::saved_edges::{SavedEdge, file_name};
use std::path::PathBuf;
use std::sync::Arc;

/// The synapses between two populations.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedSynapses {
    /// The file.
    pub file: PathBuf,
    /// Populations of sources and targets.
    pub populations: [Arc<str>; 2],
    /// The synapses, target by target.
    pub edges: Vec<SavedEdge>,
}

impl Builder<'_> {
    /// What the reports of synapses are to write.
    pub(super) fn saved(&self) -> Vec<SavedSynapses> {
        let mut all: Vec<SavedSynapses> = Vec::new();
        for report in self.config.reports.values() {
            let Report::Synapses(folder) = report else { continue };
            let first = all.len();
            for (netcon, origin) in self.network.netcons.iter().zip(&self.origins) {
                let place = match netcon.target {
                    Instance::Artificial(_) => None,
                    Instance::Point(point) => {
                        let point = &self.network.point_processes[point];
                        let cell = &self.network.cells[point.cell].cell;
                        let id = cell.all().iter().position(|section| *section == point.section);
                        id.map(|id| (id as u64, middle(point.x, cell.section(point.section).nseg())))
                    }
                };
                let [source, target] = origin.nodes;
                let edge = SavedEdge { source, target, edge_type: origin.edge_type, weight: netcon.weight, place };
                match all[first..].iter_mut().find(|saved| saved.populations == origin.populations) {
                    Some(saved) => saved.edges.push(edge),
                    None => all.push(SavedSynapses {
                        file: file_name(folder, &origin.populations[0], &origin.populations[1]),
                        populations: origin.populations.clone(),
                        edges: vec![edge],
                    }),
                }
            }
        }
        for saved in &mut all {
            saved.edges.sort_by_key(|edge| edge.target);
        }
        all
    }
}
