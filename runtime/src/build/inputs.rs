//! Connections between cells and from virtual cells, and current clamps.

use super::Builder;
use super::edges::Wiring;
use super::populations::{Node, Population, Populations};
use super::sites::section_named;
use crate::model::{Instance, PointProcess, Source};
use crate::problem::{Problem, list};
use cell::SectionId;
use sonata::config::{CurrentClamp, Input, Place, SpikeFormat, SpikeInput};
use sonata::edges::{EdgePopulation, read_edges};
use sonata::spikes::{self, Spikes};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// An edge population and its file.
type Edges = (PathBuf, EdgePopulation);

impl Builder<'_> {
    /// Makes all synapses: first those between cells, then those of each spike input.
    pub(super) fn connections(&mut self) {
        let edges = self.read_edges();
        let selected: Vec<(&str, &SpikeInput, Vec<String>)> = self
            .config
            .inputs
            .iter()
            .filter_map(|(name, input)| match input {
                Input::Spikes(spikes) => Some((name.as_str(), spikes)),
                _ => None,
            })
            .filter_map(|(name, input)| Some((name, input, self.driven(name, input)?)))
            .collect();
        let mut wiring = Wiring::new(
            &mut self.network,
            &self.mechanisms.manifests,
            self.config.components.synaptic_models_dir.as_deref(),
            &mut self.sites,
            &mut self.collector,
            &mut self.missing,
        );
        let from_cells = |population: Population<'_>, id: u64| match population.node(id) {
            Some(Node::Cell(cell)) => Some(Source::Cell(cell as usize)),
            Some(Node::Artificial(cell)) => Some(Source::Instance(Instance::Artificial(cell as usize))),
            Some(Node::Virtual) | None => None,
        };
        for (file, edges) in &edges {
            if let Err(problem) =
                wiring.connect(edges, file, &self.populations, |_, population, id| from_cells(population, id))
            {
                wiring.collector.push(problem);
            }
        }
        for (name, input, populations) in &selected {
            for population in populations {
                spike_input(&mut wiring, name, input, population, &self.populations, &edges);
            }
        }
        let driven: Vec<&String> = selected.iter().flat_map(|(.., populations)| populations).collect();
        warn_of_silent_edges(&edges, &self.populations, &driven);
    }

    /// The populations whose virtual nodes an input drives. As in BMTK a node set only chooses
    /// populations, not nodes.
    fn driven(&mut self, name: &str, input: &SpikeInput) -> Option<Vec<String>> {
        let selected = self.select(&input.node_set, name)?.populations;
        let mut driven = Vec::new();
        for (population, nodes) in selected {
            let Ok(all) = self.populations.named(&population) else { continue };
            if !all.members.kinds.contains(&Node::Virtual) {
                continue;
            }
            if nodes < all.nodes.len() {
                tracing::warn!(
                    place = %format!("/inputs/{name} of the configuration"),
                    "node_set selects {nodes} of {} nodes of `{population}`; as in BMTK the spikes of all of them are used",
                    all.nodes.len()
                );
            }
            driven.push(population);
        }
        if driven.is_empty() {
            tracing::warn!(place = %format!("/inputs/{name} of the configuration"), "input `{name}` drives nothing: its node set has no virtual nodes");
        }
        Some(driven)
    }

    fn read_edges(&mut self) -> Vec<Edges> {
        let mut populations = Vec::new();
        for files in &self.config.networks.edges {
            let read = read_edges(&files.edges_file, files.edge_types_file.as_deref()).map_err(Problem::from);
            let read = self.collector.keep(read);
            if read.as_ref().is_some_and(Vec::is_empty) {
                tracing::warn!(place = %files.edges_file.display(), "there is no population under /edges");
            }
            let read = read.unwrap_or_default();
            for edges in &read {
                if populations
                    .iter()
                    .any(|(file, other): &Edges| *file == files.edges_file && other.name() == edges.name())
                {
                    tracing::warn!(
                        place = %files.edges_file.display(),
                        help = "name the file once in networks.edges",
                        "edges {} are read twice; as in BMTK all their synapses are made twice",
                        edges.name()
                    );
                }
            }
            populations.extend(read.into_iter().map(|edges| (files.edges_file.clone(), edges)));
        }
        populations
    }

    /// Makes the current clamps; names the inputs that are not supported.
    pub(super) fn stimuli(&mut self) {
        for (name, input) in &self.config.inputs {
            match input {
                Input::Spikes(_) => {}
                Input::CurrentClamp(clamp) => self.current_clamp(name, clamp),
                Input::Other { input_type, module, .. } => self.collector.push(
                    Problem::model(format!("input `{name}`: {input_type} by {module} is not supported yet"))
                        .at(format!("/inputs/{name} of the configuration"))
                        .help("set \"enabled\": false in it to run without"),
                ),
                _ => self
                    .collector
                    .push(Problem::model(format!("input `{name}` is of a kind that is not supported yet"))),
            }
        }
    }

    fn current_clamp(&mut self, name: &str, clamp: &CurrentClamp) {
        let place = format!("/inputs/{name} of the configuration");
        let Place::Section { name: section, index, dist } = &clamp.place else {
            self.collector.push(
                Problem::model(format!(
                    "input `{name}`: a random place (section_index with two distances) is not supported yet"
                ))
                .at(place),
            );
            return;
        };
        let Some(selection) = self.select(&clamp.node_set, name) else { return };
        let cells = selection.cells;
        if cells.is_empty() {
            tracing::warn!(place = %place, "input `{name}` reaches no cell: its node set has none with a membrane");
        }
        let mut sections: HashMap<usize, Option<SectionId>> = HashMap::new();
        for cell in cells {
            let kind = &self.network.cells[cell].cell;
            let found = sections.entry(Arc::as_ptr(kind) as usize).or_insert_with(|| {
                let found = section_named(kind, section, *index).map_err(|problem| problem.at(&place));
                self.collector.keep(found)
            });
            let Some(section) = *found else { continue };
            for pulse in &clamp.pulses {
                let parameters = [("del", pulse.delay), ("dur", pulse.duration), ("amp", pulse.amp)];
                self.network.point_processes.push(PointProcess {
                    cell,
                    section,
                    x: *dist,
                    mechanism: "IClamp".into(),
                    parameters: parameters.map(|(name, value)| (name.to_owned(), value)).into(),
                });
            }
        }
    }
}

/// Wires the edges of a virtual population to the spikes of a file.
fn spike_input(
    wiring: &mut Wiring<'_>,
    name: &str,
    input: &SpikeInput,
    population: &str,
    populations: &Populations,
    edges: &[Edges],
) {
    let place = format!("/inputs/{name} of the configuration");
    let times = read_times(input, population).map_err(|problem| problem.note(format!("needed by {place}")));
    let Some(mut times) = wiring.collector.keep(times) else { return };
    if let Ok(known) = populations.named(population)
        && let Some(stranger) = times.keys().filter(|id| known.node(**id).is_none()).min()
    {
        tracing::warn!(
            place = %input.file.display(),
            "there are spikes of node {stranger}, which is not in population {population}; they have no effect"
        );
    }
    let mut trains: HashMap<u64, usize> = HashMap::new();
    for (file, edges) in edges.iter().filter(|(_, edges)| edges.source_population() == population) {
        let outcome = wiring.connect(edges, file, populations, |network, population, id| {
            if population.node(id) != Some(Node::Virtual) {
                return None;
            }
            let train = *trains.entry(id).or_insert_with(|| {
                network.trains.push(times.remove(&id).unwrap_or_default());
                network.trains.len() - 1
            });
            Some(Source::Train(train))
        });
        if let Err(problem) = outcome {
            wiring.collector.push(problem);
        }
    }
}

/// Spike times of each node, ms, ascending.
fn read_times(input: &SpikeInput, population: &str) -> Result<HashMap<u64, Vec<f64>>, Problem> {
    let read = match input.format {
        SpikeFormat::H5 => spikes::read_h5(&input.file)?,
        SpikeFormat::Csv => spikes::read_csv(&input.file)?,
    };
    let spikes =
        choose(&read, input.population.as_deref(), population).map_err(|problem| problem.in_file(&input.file))?;
    let mut times: HashMap<u64, Vec<f64>> = HashMap::new();
    for (row, (&time, &node)) in spikes.timestamps.iter().zip(&spikes.node_ids).enumerate() {
        if !time.is_finite() || time < 0.0 {
            let problem = Problem::model(format!("spike {row} of population `{}` is at {time} ms", spikes.population));
            return Err(problem.in_file(&input.file).help("spike times must be finite and not negative"));
        }
        times.entry(node).or_default().push(time);
    }
    times.values_mut().for_each(|times| times.sort_by(f64::total_cmp));
    Ok(times)
}

/// The population of a spikes file that is meant: the one asked for, the one of the nodes' name, or
/// the only one.
fn choose<'a>(read: &'a [Spikes], asked: Option<&str>, population: &str) -> Result<&'a Spikes, Problem> {
    let named = |name: &str| read.iter().find(|spikes| spikes.population == name);
    let names: Vec<&str> = read.iter().map(|spikes| spikes.population.as_str()).collect();
    match (asked, read) {
        (Some(name), _) => named(name).ok_or_else(|| {
            Problem::model(format!("there is no population `{name}` in the spikes file"))
                .help(format!("it has: {}", list(&names)))
        }),
        (None, [only]) => Ok(only),
        (None, _) => named(population).ok_or_else(|| {
            Problem::model(format!("there is no population `{population}` in the spikes file"))
                .help(format!("name one with \"population\"; it has: {}", list(&names)))
        }),
    }
}

/// BMTK makes no synapses for virtual cells that no input drives, and does not say so.
fn warn_of_silent_edges(edges: &[Edges], populations: &Populations, driven: &[&String]) {
    for (file, edges) in edges {
        let source = edges.source_population();
        let virtual_source = populations.named(source).is_ok_and(|population| population.is_virtual());
        if virtual_source && !edges.is_empty() && !driven.iter().any(|name| *name == source) {
            tracing::info!(
                place = %file.display(),
                "edges {} have no effect: no input gives spikes to the virtual population `{source}`",
                edges.name()
            );
        }
    }
}
