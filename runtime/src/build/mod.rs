//! SONATA files and cell templates to a [`Network`].
//!
//! Everything is looked at before anything is given up, so that a user learns of many problems at a
//! time. The order of cells, synapses and stimuli is BMTK's.

mod biophysics;
mod cells;
mod clamps;
mod comsol;
mod coordinates;
mod courses;
mod csv;
mod edges;
mod extension;
mod extracellular;
mod field;
mod field_played;
mod gap;
mod inputs;
mod membrane;
mod missing;
mod populations;
mod recordings;
mod save;
mod scattered;
mod select;
mod sites;
mod synapse_report;
mod synapses;
mod tables;
mod units;
mod weights;

#[cfg(test)]
pub(crate) use cells::catalogue;
pub use extracellular::{Field, FieldSource};
pub use recordings::{OfCell, Recording, Values};
pub use save::SavedSynapses;

use crate::mechanisms::Mechanisms;
use crate::model::Network;
use crate::problem::{Collector, Problems};
use missing::Missing;
use populations::Populations;
use sites::Sites;
use sonata::config::Config;
use sonata::node_sets::NodeSets;
use std::collections::HashMap;

/// A network and what is to be recorded of it.
#[derive(Debug, Default)]
pub struct Model {
    /// The network.
    pub network: Network,
    /// Names of the populations that have cells, in order of the configuration.
    pub populations: Vec<String>,
    /// Reports to be written.
    pub recordings: Vec<Recording>,
    /// Synapses to be written: folder, populations of source and target, edges.
    pub synapses: Vec<SavedSynapses>,
    /// Potentials outside cells to be written.
    pub fields: Vec<Field>,
}

/// Builds the network of a configuration.
///
/// # Errors
/// All that is wrong with it.
pub fn build(config: &Config, mechanisms: &Mechanisms) -> Result<Model, Problems> {
    let mut builder = Builder::new(config, mechanisms);
    // Without their nodes all edges and node sets would be problems.
    if builder.nodes() {
        builder.connections();
        builder.stimuli();
        builder.recordings();
        builder.warn_of_node_sets();
    }
    builder.finish()
}

/// A network in the making.
struct Builder<'a> {
    config: &'a Config,
    mechanisms: &'a Mechanisms,
    network: Network,
    populations: Populations,
    node_sets: NodeSets,
    recordings: Vec<Recording>,
    fields: Vec<Field>,
    /// The edges that NetCons come from, where synapses are to be saved.
    origins: Vec<edges::Origin>,
    sites: HashMap<usize, Sites>,
    /// The point process that imposes the potential outside each segment.
    stimulated: HashMap<field::Reached, usize>,
    collector: Collector,
    missing: Missing,
}

impl<'a> Builder<'a> {
    fn new(config: &'a Config, mechanisms: &'a Mechanisms) -> Self {
        Self {
            config,
            mechanisms,
            network: Network::default(),
            populations: Populations::default(),
            node_sets: NodeSets::new(config.node_sets.clone()),
            recordings: Vec::new(),
            fields: Vec::new(),
            origins: Vec::new(),
            sites: HashMap::new(),
            stimulated: HashMap::new(),
            collector: Collector::default(),
            missing: Missing::default(),
        }
    }

    /// A node set that makes no sense is an error only where it is used.
    fn warn_of_node_sets(&self) {
        if !self.collector.is_empty() {
            return;
        }
        for name in self.config.node_sets.keys() {
            if let Err(error) = self.node_sets.resolve_name(name, self.populations.nodes()) {
                tracing::warn!(place = %format!("/node_sets/{name} of the configuration"), "not used, and wrong: {error}");
            }
        }
    }

    fn finish(mut self) -> Result<Model, Problems> {
        let folders: Vec<String> = self.mechanisms.folders.iter().map(|path| path.display().to_string()).collect();
        let folders = if folders.is_empty() {
            "a folder and name it in components.mechanisms_dir".to_owned()
        } else {
            folders.join(" or ")
        };
        for problem in self.missing.problems(&self.mechanisms.manifests, &self.mechanisms.refused, &folders) {
            self.collector.push(problem);
        }
        let with_cells = self.populations.iter().filter(|population| !population.is_virtual());
        let populations = with_cells.map(|population| population.nodes.name().to_owned());
        let populations = populations.collect();
        let synapses = if self.collector.is_empty() { self.saved() } else { Vec::new() };
        let Self { network, recordings, fields, .. } = self;
        self.collector.finish(Model { network, populations, recordings, synapses, fields })
    }
}
