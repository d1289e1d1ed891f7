//! What is in a model.

use crate::build::{Field, Recording, Values};
use crate::cli::examine::Built;
use crate::cli::memory::bytes_of_run;
use crate::model::{Instance, Source};
use crate::problem::{Problem, Problems};
use crate::simulate::longest_window;
use cell::Cell;
use codegen::ir::Kind;
use serde::Serialize;
use sonata::config::{Config, Input};
use sonata::nodes::{NodePopulation, read_nodes};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

/// A model in numbers.
#[derive(Debug, Serialize)]
pub struct ModelInfo {
    /// Its configuration.
    pub config: PathBuf,
    /// Time.
    pub run: Run,
    /// Node populations, in the order of the configuration.
    pub populations: Vec<Population>,
    /// Compartments with a membrane, of all cells.
    pub compartments: usize,
    /// Mechanisms in use, in order of execution.
    pub mechanisms: Vec<Mechanism>,
    /// Connections by populations and what they end in.
    pub connections: Vec<Connections>,
    /// Inputs, by name: what they are.
    pub inputs: BTreeMap<String, String>,
    /// Reports.
    pub reports: Vec<Report>,
    /// The memory that a run takes at least, bytes: arrays, events and connections, without programs and libraries.
    pub memory: usize,
}

/// Time and how it is divided.
#[derive(Debug, Serialize)]
pub struct Run {
    /// The end, ms.
    pub tstop: f64,
    /// A step, ms.
    pub dt: f64,
    /// Steps.
    pub steps: u64,
    /// Temperature, degC, if it is given.
    pub celsius: Option<f64>,
    /// Initial potential, mV, if it is given.
    pub v_init: Option<f64>,
    /// Steps between two exchanges of spikes, at most.
    pub window: u64,
}

/// A population of nodes.
#[derive(Debug, Serialize)]
pub struct Population {
    /// Its name.
    pub name: String,
    /// Its nodes.
    pub nodes: usize,
    /// Its kinds of nodes.
    pub types: Vec<NodeType>,
}

/// Nodes of one type.
#[derive(Debug, Serialize)]
pub struct NodeType {
    /// Its id, if there are types.
    pub id: Option<i64>,
    /// `biophysical`, `virtual`, ...
    pub model_type: String,
    /// `hoc:NAME`, ...
    pub template: Option<String>,
    /// A name that tells users more: `model_name`, `pop_name`, `cell_name` or `ei`.
    pub name: Option<String>,
    /// Their number.
    pub nodes: usize,
    /// Sections of one; 0 where there is no membrane.
    pub sections: usize,
    /// Segments of one.
    pub segments: usize,
}

/// A mechanism in use.
#[derive(Debug, Serialize)]
pub struct Mechanism {
    /// Its name.
    pub name: String,
    /// `density`, `point process` or `artificial cell`.
    pub kind: &'static str,
    /// Compartments that have it, or point processes, or cells.
    pub instances: usize,
}

/// Connections of one kind.
#[derive(Debug, Serialize)]
pub struct Connections {
    /// Population of the sources, or `spike trains`, `events`.
    pub source: String,
    /// Population of the targets.
    pub target: String,
    /// The synapse.
    pub mechanism: String,
    /// Their number.
    pub number: usize,
    /// Least and greatest delay, ms.
    pub delay: (f64, f64),
    /// Least and greatest weight.
    pub weight: (f64, f64),
}

/// A report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Its file.
    pub file: PathBuf,
    /// What is recorded.
    pub variable: String,
    /// Nodes that it is recorded of, or channels.
    pub nodes: usize,
    /// Columns.
    pub elements: usize,
    /// Rows.
    pub rows: usize,
    /// Bytes of the values in the file.
    pub bytes: usize,
}

impl ModelInfo {
    /// Of a model that was built.
    ///
    /// # Errors
    /// When nodes cannot be read.
    pub fn of(config: &Config, built: &Built) -> Result<Self, Problems> {
        let Built { model, layout, router } = built;
        let run = Run {
            tstop: config.run.tstop,
            dt: config.run.dt,
            steps: config.run.steps() as u64,
            celsius: config.conditions.celsius,
            v_init: config.conditions.v_init,
            window: longest_window(router, layout).min(config.run.steps() as u64),
        };
        let inputs = config.inputs.iter().map(|(name, input)| (name.clone(), kind_of(input)));
        let reports = model.recordings.iter().map(Report::of).chain(model.fields.iter().map(Report::of_field));
        Ok(Self {
            config: config.file.clone(),
            run,
            populations: populations(config, built)?,
            compartments: layout.compartments(),
            mechanisms: mechanisms(built),
            connections: connections(built),
            inputs: inputs.collect(),
            reports: reports.collect(),
            memory: bytes_of_run(&model.network, layout),
        })
    }
}

fn populations(config: &Config, built: &Built) -> Result<Vec<Population>, Problems> {
    let cells: HashMap<(&str, u64), &Arc<Cell>> =
        built.model.network.cells.iter().map(|cell| ((&*cell.population, cell.node_id), &cell.cell)).collect();
    let mut found = Vec::new();
    for files in &config.networks.nodes {
        let read = read_nodes(&files.nodes_file, files.node_types_file.as_deref()).map_err(Problem::from)?;
        for nodes in &read {
            found.push(population(nodes, &cells).map_err(Problem::from)?);
        }
    }
    Ok(found)
}

fn population(nodes: &NodePopulation, cells: &HashMap<(&str, u64), &Arc<Cell>>) -> Result<Population, sonata::Error> {
    let attributes = nodes.attributes();
    let mut types: Vec<NodeType> = Vec::new();
    // A type may be several: attributes of groups decide, too.
    let mut known: HashMap<(Option<i64>, String, Option<String>, usize), usize> = HashMap::new();
    for (row, &id) in nodes.ids().iter().enumerate() {
        let model_type = attributes.text(row, "model_type")?.to_owned();
        let template = attributes.opt_text(row, "model_template")?.map(str::to_owned);
        let cell = cells.get(&(nodes.name(), id)).copied();
        let address = cell.map_or(0, |cell| Arc::as_ptr(cell) as usize);
        let key = (attributes.type_id(row), model_type, template, address);
        if let Some(&at) = known.get(&key) {
            types[at].nodes += 1;
            continue;
        }
        known.insert(key.clone(), types.len());
        let (id, model_type, template, _) = key;
        let mut name = None;
        for attribute in ["model_name", "pop_name", "cell_name", "ei"] {
            name = name.or(attributes.opt_text(row, attribute).ok().flatten().map(str::to_owned));
        }
        let sections = cell.map_or(0, |cell| cell.sections().len());
        let segments = cell.map_or(0, |cell| cell.sections().iter().map(|section| section.nseg()).sum());
        types.push(NodeType { id, model_type, template, name, nodes: 1, sections, segments });
    }
    Ok(Population { name: nodes.name().to_owned(), nodes: nodes.len(), types })
}

fn mechanisms(built: &Built) -> Vec<Mechanism> {
    let layout = &built.layout;
    let mut instances = vec![0; layout.mechanisms.len()];
    for block in layout.groups.iter().flat_map(|group| &group.blocks) {
        instances[block.mechanism] += block.rows * block.lanes;
    }
    let used = layout.mechanisms.iter().zip(instances).filter(|(_, instances)| *instances > 0);
    let kind = |kind| match kind {
        Kind::Density => "density",
        Kind::ArtificialCell => "artificial cell",
        _ => "point process",
    };
    used.map(|(manifest, instances)| Mechanism { name: manifest.name.clone(), kind: kind(manifest.kind), instances })
        .collect()
}

fn connections(built: &Built) -> Vec<Connections> {
    let network = &built.model.network;
    let mut found: BTreeMap<(&str, &str, &str), Connections> = BTreeMap::new();
    for netcon in &network.netcons {
        let source = match netcon.source {
            Source::Cell(cell) => &*network.cells[cell].population,
            Source::Instance(Instance::Artificial(cell)) => &*network.artificial_cells[cell].population,
            Source::Train(_) => "given spikes",
            Source::Instance(Instance::Point(_)) => "point processes",
        };
        let (target, mechanism) = match netcon.target {
            Instance::Point(point) => {
                let point = &network.point_processes[point];
                (&*network.cells[point.cell].population, &*point.mechanism)
            }
            Instance::Artificial(cell) => {
                let cell = &network.artificial_cells[cell];
                (&*cell.population, &*cell.mechanism)
            }
        };
        let of = found.entry((source, target, mechanism)).or_insert_with(|| Connections {
            source: source.to_owned(),
            target: target.to_owned(),
            mechanism: mechanism.to_owned(),
            number: 0,
            delay: (f64::INFINITY, f64::NEG_INFINITY),
            weight: (f64::INFINITY, f64::NEG_INFINITY),
        });
        of.number += 1;
        let widened = |range: (f64, f64), value: f64| (range.0.min(value), range.1.max(value));
        (of.delay, of.weight) = (widened(of.delay, netcon.delay), widened(of.weight, netcon.weight));
    }
    found.into_values().collect()
}

impl Report {
    fn of(recording: &Recording) -> Self {
        let elements: usize = recording.mappings.iter().map(|mapping| mapping.elements()).sum();
        let variable = match recording.values {
            Values::Probes(_) | Values::Membranes(_) => recording.variable.clone(),
        };
        Self {
            file: recording.file.clone(),
            variable,
            nodes: recording.mappings.iter().map(|mapping| mapping.node_ids.len()).sum(),
            elements,
            rows: recording.rows,
            bytes: recording.rows * elements * size_of::<f64>(),
        }
    }

    fn of_field(field: &Field) -> Self {
        let Field { file, channels, rows, .. } = field;
        Self {
            file: file.clone(),
            variable: "potential at electrodes".to_owned(),
            nodes: field.sources.len(),
            elements: *channels,
            rows: *rows,
            bytes: rows * channels * size_of::<f64>(),
        }
    }
}

/// What an input is, in a few words.
fn kind_of(input: &Input) -> String {
    match input {
        Input::CurrentClamp(clamp) => format!("current clamp, {}", crate::problem::count(clamp.pulses.len(), "pulse")),
        Input::CurrentTable(table) => format!("current from {}", table.file.display()),
        Input::SynapticActivity(activity) => {
            format!("synapses driven {}", crate::problem::count(activity.timestamps.len(), "time"))
        }
        Input::Replay(replay) => format!("replay of {}", replay.spikes.display()),
        Input::Field(_) => "potential outside cells (xstim)".to_owned(),
        Input::CurrentSweep(_) => "current of an experiment (NWB)".to_owned(),
        Input::Comsol(_) => "potential outside cells by a finite-element model (comsol)".to_owned(),
        Input::Stimulus(_) => "current by the SONATA extension".to_owned(),
        Input::VoltageClamp(_) => "voltage clamp (SEClamp)".to_owned(),
        Input::Spikes(spikes) => format!("spikes from {}", spikes.file.display()),
        Input::Other { input_type, module, .. } => format!("{input_type} by {module}"),
        _ => "of another kind".to_owned(),
    }
}
