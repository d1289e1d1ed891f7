//! Stimuli.

use super::error::Problem;
use super::extension::{self, Stimulus};
use super::fields::{self, Comsol, FieldStimulus, VoltageClamp};
use super::object::Object;
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// A stimulus.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Input {
    /// Current pulses (`current_clamp` by `IClamp`).
    CurrentClamp(CurrentClamp),
    /// A current from a table (`csv` or `file` by `IClamp`).
    CurrentTable(CurrentTable),
    /// A current that was injected in an experiment (`nwb` or `allen` by `IClamp`).
    CurrentSweep(CurrentSweep),
    /// Synapses driven at given times (`syn_activity`).
    SynapticActivity(SynapticActivity),
    /// Recorded spikes of cells in place of the cells (`replay_spikes` by `replay`).
    Replay(Replay),
    /// A potential outside cells (`lfp` by `xstim`).
    Field(FieldStimulus),
    /// A potential outside cells from a finite-element model (`lfp` by `comsol`).
    Comsol(Comsol),
    /// A current by the SONATA extension (`current_clamp` by `linear`, `noise` and others).
    Stimulus(Stimulus),
    /// Voltage clamps (`voltage_clamp` by `SEClamp`).
    VoltageClamp(VoltageClamp),
    /// Recorded spikes of virtual cells (`spikes` from a file).
    Spikes(SpikeInput),
    /// Any other kind, as written (with variables put in).
    Other {
        /// Its `input_type`.
        input_type: String,
        /// Its `module`.
        module: String,
        /// All of it.
        raw: Map<String, Value>,
    },
}

/// Current pulses into each cell of a node set.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrentClamp {
    /// The cells: a name, or an inline node set. Default "all".
    pub node_set: Value,
    /// The pulses; each is a current clamp of its own.
    pub pulses: Vec<Pulse>,
    /// Where in each cell.
    pub place: Place,
}

/// A current pulse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    /// Current, nA; positive depolarises.
    pub amp: f64,
    /// Its start, ms.
    pub delay: f64,
    /// Its length, ms.
    pub duration: f64,
}

/// A current from a table, into each cell of a node set.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrentTable {
    /// The table: times, ms, and currents, nA.
    pub file: PathBuf,
    /// What separates columns. Default a space.
    pub separator: String,
    /// Name of the column of times. Default "timestamps".
    pub times: String,
    /// Name of the column of currents. Default "amps".
    pub amplitudes: String,
    /// The cells: a name, or an inline node set. Default "all".
    pub node_set: Value,
    /// Where in each cell.
    pub place: Place,
}

/// A current from a file of NWB, into each cell of a node set.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrentSweep {
    /// The file.
    pub file: PathBuf,
    /// The sweep.
    pub sweep: String,
    /// Before it the clamp is off, ms; the current's course begins at 0 all the same. Default 0.
    pub delay: f64,
    /// If given, the time between values that are used, ms; no shorter than in the file.
    pub downsample: Option<f64>,
    /// If given, the part that is used, ms.
    pub window: Option<[f64; 2]>,
    /// The cells: a name, or an inline node set. Default "all".
    pub node_set: Value,
    /// Where in each cell.
    pub place: Place,
}

/// Synapses between cells are driven at given times, and not by their sources.
#[derive(Debug, Clone, PartialEq)]
pub struct SynapticActivity {
    /// The sources of synapses that are driven; all others are silent.
    pub sources: Value,
    /// The cells whose synapses are driven; `None` for all.
    pub targets: Option<Value>,
    /// When, ms.
    pub timestamps: Vec<f64>,
}

/// Cells' spikes of an earlier run drive synapses in this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// The spikes.
    pub spikes: PathBuf,
    /// The edges.
    pub edges: PathBuf,
    /// Their types.
    pub edge_types: Option<PathBuf>,
    /// The cells whose spikes are used. Default "all".
    pub sources: Value,
    /// The cells whose synapses are driven. Default "all".
    pub targets: Value,
}

/// A place in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// `name[index](dist)`. Default `soma[0](0.5)`.
    Section {
        /// The name of the section array.
        name: String,
        /// Which of its sections.
        index: usize,
        /// The place along the section, 0 to 1.
        dist: f64,
    },
    /// A random section of these kinds, at a distance from the soma within a range, um.
    Random {
        /// Kinds of sections.
        names: Vec<String>,
        /// The nearest and farthest distance, um.
        distance: [f64; 2],
    },
}

/// Spikes of virtual cells from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct SpikeInput {
    /// The file.
    pub file: PathBuf,
    /// Its format.
    pub format: SpikeFormat,
    /// The cells: a name, or an inline node set. Default "all".
    pub node_set: Value,
    /// The population in the file, if it is given.
    pub population: Option<String>,
    /// The trial in a file of NWB, if it is given.
    pub trial: Option<String>,
    /// If only some synapses are driven (`synapse_replay`): those onto these cells, from `node_set`, within a time from
    /// start to end, ms.
    pub onto: Option<(Value, [f64; 2])>,
}

/// The format of a file of spikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpikeFormat {
    /// SONATA's HDF5.
    H5,
    /// Text.
    Csv,
    /// NWB.
    Nwb,
}

/// Reads the section `inputs`.
pub fn read(o: Object<'_>) -> IndexMap<String, Input> {
    let mut inputs = IndexMap::new();
    for (name, value) in o.map() {
        let Some(input) = Object::new(o.context(), o.file(), &o.pointer(name), value) else { continue };
        if input.flag("enabled") != Some(false)
            && let Some(input) = read_input(input)
        {
            inputs.insert(name.clone(), input);
        }
    }
    inputs
}

fn read_input(o: Object<'_>) -> Option<Input> {
    let input_type = o.need("input_type", "such as \"current_clamp\" or \"spikes\"", Object::text);
    let module = o.need("module", "such as \"IClamp\" or \"sonata\"", Object::text);
    match (input_type?, module?) {
        ("current_clamp", "IClamp") => current_clamp(o).map(Input::CurrentClamp),
        ("spikes", "sonata" | "h5") => spikes(o, SpikeFormat::H5).map(Input::Spikes),
        ("spikes", "nwb") => spikes(o, SpikeFormat::Nwb).map(Input::Spikes),
        ("nwb" | "allen", "IClamp") => current_sweep(o).map(Input::CurrentSweep),
        ("csv" | "file", "IClamp") => current_table(o).map(Input::CurrentTable),
        ("syn_activity", _) => synaptic_activity(o).map(Input::SynapticActivity),
        (_, "xstim") => fields::stimulus(o).map(Input::Field),
        (_, "comsol") => fields::comsol(o).map(Input::Comsol),
        (_, "SEClamp") => fields::voltage_clamp(o).map(Input::VoltageClamp),
        ("current_clamp", module) if extension::MODULES.contains(&module) => {
            extension::stimulus(o, module).map(Input::Stimulus)
        }
        ("voltage_clamp", "seclamp") => fields::voltage_clamp_of_extension(o).map(Input::VoltageClamp),
        ("spikes", "synapse_replay") => synapse_replay(o).map(Input::Spikes),
        (_, "replay") => replay(o).map(Input::Replay),
        ("spikes", "csv") => spikes(o, SpikeFormat::Csv).map(Input::Spikes),
        (input_type, module) => {
            let raw = o.map().clone();
            Some(Input::Other { input_type: input_type.to_owned(), module: module.to_owned(), raw })
        }
    }
}

fn current_clamp(o: Object<'_>) -> Option<CurrentClamp> {
    let node_set = node_set(&o, "node_set", "all");
    let amp = o.need("amp", "current, nA", Object::numbers);
    let delay = o.need("delay", "start, ms", Object::numbers);
    let duration = o.need("duration", "length, ms", Object::numbers);
    let pulses = match (amp, delay, duration) {
        (Some(amp), Some(delay), Some(duration)) if amp.len() == delay.len() && amp.len() == duration.len() => {
            let rest = delay.into_iter().zip(duration);
            Some(amp.into_iter().zip(rest).map(|(amp, (delay, duration))| Pulse { amp, delay, duration }).collect())
        }
        (Some(amp), Some(delay), Some(duration)) => {
            let lengths = (amp.len(), delay.len(), duration.len());
            o.invalid("amp", format!("amp, delay and duration must be equally long, not {lengths:?}"));
            None
        }
        _ => None,
    };
    let place = place(&o);
    o.finish();
    Some(CurrentClamp { node_set, pulses: pulses?, place: place? })
}

fn current_table(o: Object<'_>) -> Option<CurrentTable> {
    let file = o.need("file", "the table of times and currents", Object::file_path);
    let text = |key: &str, default: &str| o.text(key).unwrap_or(default).to_owned();
    let separator = text("separator", " ");
    let (times, amplitudes) = (text("timestamps_column", "timestamps"), text("amplitudes_column", "amps"));
    let node_set = node_set(&o, "node_set", "all");
    let place = place(&o);
    o.finish();
    Some(CurrentTable { file: file?, separator, times, amplitudes, node_set, place: place? })
}

fn current_sweep(o: Object<'_>) -> Option<CurrentSweep> {
    let file = o.need("file", "the file of NWB", Object::file_path);
    let sweep = o.need("sweep_id", "number or name of a sweep", |o, key| match o.get(key)? {
        Value::Number(number) => number.as_f64().map(|number| format!("{}", number.trunc())),
        Value::String(name) => Some(name.clone()),
        other => {
            o.problem(key, Problem::WrongType { expected: "a number or a name", found: super::object::shown(other) });
            None
        }
    });
    let delay = if o.get("delay").is_some() { o.number("delay") } else { Some(0.0) };
    let downsample = o.get("downsample").map(|_| o.positive("downsample"));
    let window = o.get("sweep_window").map(|_| match o.numbers("sweep_window")?[..] {
        [begin, end] if 0.0 <= begin && begin < end => Some([begin, end]),
        _ => {
            o.invalid("sweep_window", "expected [start, end] with 0 <= start < end, ms");
            None
        }
    });
    let node_set = node_set(&o, "node_set", "all");
    let place = place(&o);
    o.finish();
    let (downsample, window) =
        (downsample.map_or(Some(None), |given| given.map(Some))?, window.map_or(Some(None), |given| given.map(Some))?);
    Some(CurrentSweep { file: file?, sweep: sweep?, delay: delay?, downsample, window, node_set, place: place? })
}

fn synaptic_activity(o: Object<'_>) -> Option<SynapticActivity> {
    let sources = o.need("precell_filter", "the sources of synapses, as a filter { ... }", |o, key| {
        Some(node_set(o, key, "all")).filter(|set| !set.is_null())
    });
    let targets = o.get("postcell_filter").filter(|filter| !filter.as_object().is_some_and(Map::is_empty)).cloned();
    let timestamps = o.need("timestamps", "when the synapses are driven, ms", Object::numbers);
    o.ignored(&["node_set"], "has no effect: the synapses are chosen by precell_filter and postcell_filter");
    o.finish();
    let timestamps = timestamps?;
    Some(SynapticActivity { sources: sources?, targets, timestamps })
}

fn replay(o: Object<'_>) -> Option<Replay> {
    let spikes = o.need("spikes_file", "the spikes of an earlier run", Object::file_path);
    let sources = node_set(&o, "source_node_set", "all");
    let targets = node_set(&o, "target_node_set", "all");
    let edges = o.need("edges", "{ edges_file, edge_types_file }", |o, key| o.get(key));
    let files = edges.and_then(|value| Object::new(o.context(), o.file(), &o.pointer("edges"), value));
    let files = files.and_then(|files| {
        let edges = files.need("edges_file", "the edges that are driven", Object::file_path);
        let types = files.get("edge_types_file").is_some().then(|| files.file_path("edge_types_file"));
        files.finish();
        Some((edges?, types.flatten()))
    });
    o.ignored(&["node_set"], "has no effect: use source_node_set and target_node_set");
    o.finish();
    let (edges, edge_types) = files?;
    Some(Replay { spikes: spikes?, edges, edge_types, sources, targets })
}

pub(super) fn place(o: &Object<'_>) -> Option<Place> {
    o.ignored(&["gids"], "has no effect, as in BMTK: cells are chosen by node_set");
    let names = if o.get("section_name").is_some() { o.texts("section_name")? } else { vec!["soma".to_owned()] };
    if o.get("section_index").is_some_and(Value::is_array) {
        let range = o.numbers("section_index")?;
        let [low, high] = range[..] else {
            o.invalid("section_index", "a range is a list of two distances from the soma, um");
            return None;
        };
        let _ = o.get("section_dist");
        return Some(Place::Random { names, distance: [low, high] });
    }
    let index = if o.get("section_index").is_some() { o.count("section_index")? } else { 0 };
    let dist = if o.get("section_dist").is_some() { o.number("section_dist")? } else { 0.5 };
    if !(0.0..=1.0).contains(&dist) {
        o.invalid("section_dist", format!("{dist} is not a place along a section, 0 to 1"));
        return None;
    }
    let [name] = &names[..] else {
        o.invalid("section_name", "a list of names needs a range of distances as section_index");
        return None;
    };
    Some(Place::Section { name: name.clone(), index, dist })
}

fn spikes(o: Object<'_>, format: SpikeFormat) -> Option<SpikeInput> {
    let file = o.need("input_file", "the file of the spikes", Object::file_path);
    let node_set = node_set(&o, "node_set", "all");
    let population = o.text("population").map(str::to_owned);
    let trial = match format {
        SpikeFormat::Nwb => o.text("trial").map(str::to_owned),
        SpikeFormat::H5 | SpikeFormat::Csv => {
            o.ignored(&["trial"], "only used with NWB files");
            None
        }
    };
    o.finish();
    Some(SpikeInput { file: file?, format, node_set, population, trial, onto: None })
}

/// Spikes that drive synapses onto a node set, by the SONATA extension.
fn synapse_replay(o: Object<'_>) -> Option<SpikeInput> {
    let file = o.need("spike_file", "the file of the spikes", Object::file_path);
    let targets = node_set(&o, "node_set", "all");
    let node_set = node_set(&o, "source", "all");
    let begin = if o.get("delay").is_some() { o.number("delay") } else { Some(0.0) };
    let length = if o.get("duration").is_some() { o.number("duration") } else { Some(f64::INFINITY) };
    o.finish();
    let (file, begin) = (file?, begin?);
    let is = |extension: &str| file.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension));
    let format = if is("csv") || is("dat") { SpikeFormat::Csv } else { SpikeFormat::H5 };
    let onto = Some((targets, [begin, begin + length?]));
    Some(SpikeInput { file, format, node_set, population: None, trial: None, onto })
}

/// A node set: a name, a filter, or a list.
pub fn node_set(o: &Object<'_>, key: &str, default: &str) -> Value {
    match o.get(key) {
        None => Value::String(default.to_owned()),
        Some(value @ (Value::String(_) | Value::Object(_) | Value::Array(_))) => value.clone(),
        Some(other) => {
            let expected = "a node set: a name, a filter { ... }, or a list";
            o.problem(key, Problem::WrongType { expected, found: super::object::shown(other) });
            Value::Null
        }
    }
}
