//! Connections between cells and from virtual cells, and which inputs there are.

use super::Builder;
use super::edges::Wiring;
use super::gap;
use super::populations::{Node, Populations};
use crate::model::{Instance, Source};
use crate::problem::{Problem, list};
use serde_json::Value;
use sonata::config::{Input, Replay, Report, SpikeFormat, SpikeInput};
use sonata::edges::{EdgePopulation, read_edges};
use sonata::nwb;
use sonata::spikes::{self, Spikes};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Node ids by population.
type NodeIds = HashMap<String, HashSet<u64>>;

fn has(nodes: &NodeIds, population: &str, id: u64) -> bool {
    nodes.get(population).is_some_and(|ids| ids.contains(&id))
}

/// An input that gives spikes to synapses.
enum Driven<'c> {
    /// Virtual nodes of these populations, and the cells whose synapses are driven, if not all.
    Spikes(&'c str, &'c SpikeInput, Vec<String>, Option<NodeIds>),
    /// Cells of an earlier run: sources and targets.
    Replay(&'c str, &'c Replay, [NodeIds; 2]),
}

/// Synapses that are driven at given times; all others are silent.
struct Spontaneous {
    sources: NodeIds,
    targets: Option<NodeIds>,
    times: Vec<f64>,
}

/// An edge population and its file.
type Edges = (PathBuf, EdgePopulation);

impl Builder<'_> {
    /// Makes all synapses: first those between cells, then those of each spike input.
    pub(super) fn connections(&mut self) {
        let edges = self.read_edges();
        let driven: Vec<Driven<'_>> =
            self.config.inputs.iter().filter_map(|(name, input)| self.drive(name, input)).collect();
        let spontaneous = self.spontaneous();
        let gap_junctions = self.collector.keep(gap::read_files(&self.config.networks.gap_juncs)).unwrap_or_default();
        let mut wiring = Wiring::new(
            &mut self.network,
            &self.mechanisms.manifests,
            self.config.components.synaptic_models_dir.as_deref(),
            &mut self.sites,
            &mut self.collector,
            &mut self.missing,
        );
        let saved = self.config.reports.values().any(|report| matches!(report, Report::Synapses(_)));
        wiring.origins = saved.then(Vec::new);
        wiring.gap_junctions = gap_junctions;
        let spontaneous = spontaneous.map(|chosen| {
            let trains = &mut wiring.network.trains;
            trains.extend([chosen.times, Vec::new()]);
            (chosen.sources, chosen.targets, [trains.len() - 2, trains.len() - 1])
        });
        for (file, edges) in &edges {
            let onto = edges.target_population();
            let outcome = wiring.connect(edges, file, &self.populations, |_, population, id, target| {
                let source = match population.node(id) {
                    Some(Node::Cell(cell)) => Source::Cell(cell as usize),
                    Some(Node::Artificial(cell)) => Source::Instance(Instance::Artificial(cell as usize)),
                    // The network is given up; what its edges are is looked at all the same.
                    Some(Node::Unmade) => Source::Train(0),
                    Some(Node::Virtual) | None => return None,
                };
                let Some((sources, targets, [times, never])) = &spontaneous else { return Some(source) };
                let chosen = has(sources, population.nodes.name(), id)
                    && targets.as_ref().is_none_or(|targets| has(targets, onto, target));
                Some(Source::Train(if chosen { *times } else { *never }))
            });
            if let Err(problem) = outcome {
                wiring.collector.push(problem);
            }
        }
        let mut replayed = HashMap::new();
        for input in &driven {
            match input {
                Driven::Spikes(name, input, populations, onto) => {
                    for population in populations {
                        let driven = (population.as_str(), onto.as_ref());
                        spike_input(&mut wiring, name, input, driven, &self.populations, &edges);
                    }
                }
                Driven::Replay(name, replay, chosen) => {
                    replay_input(&mut wiring, name, replay, chosen, &self.populations, &mut replayed);
                }
            }
        }
        self.origins = wiring.take_origins().unwrap_or_default();
        let driven = driven.iter().flat_map(|input| match input {
            Driven::Spikes(_, _, populations, _) => populations.as_slice(),
            Driven::Replay(..) => &[],
        });
        let driven: Vec<&String> = driven.collect();
        warn_of_silent_edges(&edges, &self.populations, &driven);
    }

    /// What an input of spikes drives; nothing if it is of another kind.
    fn drive<'c>(&mut self, name: &'c str, input: &'c Input) -> Option<Driven<'c>> {
        match input {
            Input::Spikes(spikes) => match &spikes.onto {
                None => Some(Driven::Spikes(name, spikes, self.driven(name, spikes)?, None)),
                Some((targets, _)) => {
                    let onto = self.nodes_of(targets, name)?;
                    Some(Driven::Spikes(name, spikes, self.replayed(name, spikes)?, Some(onto)))
                }
            },
            Input::Replay(replay) => {
                let sources = self.nodes_of(&replay.sources, name)?;
                let targets = self.nodes_of(&replay.targets, name)?;
                Some(Driven::Replay(name, replay, [sources, targets]))
            }
            _ => None,
        }
    }

    /// The ids of a node set by population.
    fn nodes_of(&mut self, set: &Value, user: &str) -> Option<NodeIds> {
        let resolved = self.node_sets.resolve(set, self.populations.nodes());
        let resolved = resolved.map_err(|error| Problem::from(error).note(format!("needed by `{user}`")));
        let selection = self.collector.keep(resolved)?;
        Some(selection.into_iter().map(|(name, ids)| (name, ids.into_iter().collect())).collect())
    }

    /// The synapses that are driven at given times, if there is such an input; the last one counts, as in BMTK.
    fn spontaneous(&mut self) -> Option<Spontaneous> {
        let mut chosen = None;
        for (name, input) in &self.config.inputs {
            let Input::SynapticActivity(activity) = input else { continue };
            let place = format!("/inputs/{name} of the configuration");
            if chosen.is_some() {
                tracing::warn!(place = %place, "as in BMTK only the last input of this kind counts");
            }
            let sources = self.nodes_of(&activity.sources, name)?;
            let targets = match &activity.targets {
                None => None,
                Some(targets) => Some(self.nodes_of(targets, name)?),
            };
            if let Some(time) = activity.timestamps.iter().find(|time| !time.is_finite() || **time < 0.0) {
                let text =
                    format!("input `{name}`: {time} ms is not a time of a spike; it must be finite and not negative");
                self.collector.push(Problem::model(text).at(place));
            }
            let mut times = activity.timestamps.clone();
            times.sort_by(f64::total_cmp);
            chosen = Some(Spontaneous { sources, targets, times });
        }
        chosen
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

    /// The virtual populations whose spikes a file has that is replayed onto synapses.
    fn replayed(&mut self, name: &str, input: &SpikeInput) -> Option<Vec<String>> {
        let place = format!("/inputs/{name} of the configuration");
        let sources = self.nodes_of(&input.node_set, name)?;
        let read = read_spikes(input).map_err(|problem| problem.note(format!("needed by {place}")));
        let mut found = Vec::new();
        for population in self.collector.keep(read)?.into_iter().map(|spikes| spikes.population) {
            let known = self.populations.named(&population).map(|known| known.is_virtual());
            match self
                .collector
                .keep(known.map_err(|problem| problem.in_file(&input.file).note(format!("needed by {place}"))))?
            {
                true if sources.contains_key(&population) => found.push(population),
                true => {}
                false => self.collector.push(
                    Problem::model(format!(
                        "`{population}` has cells, whose spikes are not replayed onto their synapses"
                    ))
                    .at(&place)
                    .help(
                        "use the module `replay` (input_type replay_spikes), which makes synapses for recorded spikes",
                    ),
                ),
            }
        }
        Some(found)
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

    /// Makes clamps and fields; names the inputs that are not supported.
    pub(super) fn stimuli(&mut self) {
        for (name, input) in &self.config.inputs {
            match input {
                Input::Spikes(_) | Input::Replay(_) | Input::SynapticActivity(_) => {}
                Input::CurrentTable(table) => self.current_table(name, table),
                Input::Stimulus(stimulus) => self.stimulus(name, stimulus),
                Input::CurrentSweep(sweep) => self.current_sweep(name, sweep),
                Input::Field(field) => self.field_stimulus(name, field),
                Input::Comsol(comsol) => self.comsol(name, comsol),
                Input::VoltageClamp(clamp) => self.voltage_clamp(name, clamp),
                Input::CurrentClamp(clamp) => self.current_clamp(name, clamp),
                Input::Other { input_type, module, .. } => self.collector.push(
                    Problem::model(format!("input `{name}`: {input_type} by {module} is not supported"))
                        .at(format!("/inputs/{name} of the configuration"))
                        .help(instead_of(module)),
                ),
                _ => self.collector.push(Problem::model(format!("input `{name}` is of a kind that is not supported"))),
            }
        }
    }
}

/// What to do without a module.
fn instead_of(module: &str) -> &'static str {
    match module {
        "function" => {
            "functions of Python are not run: write the spikes that it gives into a file (BMTK's \
             SpikeTrains does), and read that with the module `sonata`"
        }
        "ecephys_probe" => {
            "spikes of probes are not chosen here: write those of each virtual node into a file (BMTK does with \
             SpikeTrains.to_sonata), and read that with the module `sonata`; the table of units of an NWB file is read \
             by the module `nwb`"
        }
        _ => "set \"enabled\": false in it to run without",
    }
}

/// Wires the edges of a virtual population to the spikes of a file.
fn spike_input(
    wiring: &mut Wiring<'_>,
    name: &str,
    input: &SpikeInput,
    (population, onto): (&str, Option<&NodeIds>),
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
        let targets = edges.target_population();
        let outcome = wiring.connect(edges, file, populations, |network, population, id, target| {
            let is_driven = onto.is_none_or(|onto| has(onto, targets, target));
            if population.node(id) != Some(Node::Virtual) || !is_driven {
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

/// Makes the synapses whose sources are replaced by their spikes in an earlier run. A node keeps the spikes of the
/// first input that has it, as in BMTK.
fn replay_input(
    wiring: &mut Wiring<'_>,
    name: &str,
    replay: &Replay,
    [sources, targets]: &[NodeIds; 2],
    populations: &Populations,
    trains: &mut HashMap<(String, u64), usize>,
) {
    let note = |problem: Problem| problem.note(format!("needed by /inputs/{name} of the configuration"));
    let edges = read_edges(&replay.edges, replay.edge_types.as_deref()).map_err(|error| note(Problem::from(error)));
    let Some(edges) = wiring.collector.keep(edges) else { return };
    for edges in &edges {
        let (from, onto) = (edges.source_population(), edges.target_population());
        if !sources.contains_key(from) || !targets.contains_key(onto) {
            continue;
        }
        let read = spikes::read(&replay.spikes).map_err(Problem::from);
        let times = read.and_then(|read| times_of(&read, None, from, &replay.spikes)).map_err(note);
        let Some(mut times) = wiring.collector.keep(times) else { return };
        let outcome = wiring.connect(edges, &replay.edges, populations, |network, _, id, target| {
            if !has(sources, from, id) || !has(targets, onto, target) {
                return None;
            }
            let train = *trains.entry((from.to_owned(), id)).or_insert_with(|| {
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
    let read = read_spikes(input)?;
    let Some((_, [begin, end])) = input.onto else {
        return times_of(&read, input.population.as_deref(), population, &input.file);
    };
    let mut times = times_of(&read, Some(population), population, &input.file)?;
    times.values_mut().for_each(|times| times.retain(|time| (begin..end).contains(time)));
    Ok(times)
}

fn read_spikes(input: &SpikeInput) -> Result<Vec<Spikes>, Problem> {
    Ok(match input.format {
        SpikeFormat::H5 => spikes::read_h5(&input.file)?,
        SpikeFormat::Csv => spikes::read_csv(&input.file)?,
        SpikeFormat::Nwb => nwb::read_spikes(&input.file, input.trial.as_deref())?,
    })
}

/// Spike times of each node of a population, ms, ascending.
fn times_of(
    read: &[Spikes],
    asked: Option<&str>,
    population: &str,
    file: &Path,
) -> Result<HashMap<u64, Vec<f64>>, Problem> {
    if read.is_empty() && asked.is_none() {
        return Ok(HashMap::new());
    }
    let spikes = choose(read, asked, population).map_err(|problem| problem.in_file(file))?;
    let mut times: HashMap<u64, Vec<f64>> = HashMap::new();
    for (row, (&time, &node)) in spikes.timestamps.iter().zip(&spikes.node_ids).enumerate() {
        if !time.is_finite() || time < 0.0 {
            let problem = Problem::model(format!("spike {row} of population `{}` is at {time} ms", spikes.population));
            return Err(problem.in_file(file).help("spike times must be finite and not negative"));
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
