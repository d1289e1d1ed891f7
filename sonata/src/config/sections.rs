//! The sections of a configuration other than inputs and reports.

use super::error::Problem;
use super::merge::{Section, merged};
use super::object::{Context, Object};
use super::{Config, inputs, paths, read_json, reports};
use crate::h5::Compression;
use crate::spikes::SortOrder;
use crate::suggest;
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// Time and space steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The end of the simulation, ms.
    pub tstop: f64,
    /// The time step, ms. Default 0.1.
    pub dt: f64,
    /// The greatest length of a segment, um: each section gets `1 + 2 floor(L / (2 dL))` segments. Default 20;
    /// `None` (written `null`) keeps the cells' own numbers.
    pub dl: Option<f64>,
    /// The potential at which a cell spikes, mV. Default -15.
    pub spike_threshold: f64,
    /// Steps between writes, at most all. Default all.
    pub nsteps_block: usize,
    /// Whether old results may be replaced, where `/output` says nothing of it.
    pub overwrite: Option<bool>,
    /// The seed of random stimuli: `stimulus_seed`, added to `random_seed`. Default 0.
    pub stimulus_seed: u32,
}

impl Run {
    /// In place of one that is wrong, so that the rest can be looked at.
    const PLACEHOLDER: Run = Run {
        tstop: 1.0,
        dt: 0.1,
        dl: Some(20.0),
        spike_threshold: -15.0,
        nsteps_block: 10,
        overwrite: None,
        stimulus_seed: 0,
    };

    /// The number of steps.
    pub fn steps(&self) -> usize {
        (self.tstop / self.dt).round() as usize
    }
}

/// The state at the start.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conditions {
    /// Temperature, degC.
    pub celsius: Option<f64>,
    /// Membrane potential, mV.
    pub v_init: Option<f64>,
}

/// Where the parts of models are. The folders need not exist.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Components {
    /// Morphologies (`.swc`).
    pub morphologies_dir: Option<PathBuf>,
    /// Parameters and templates of biophysical cells.
    pub biophysical_neuron_models_dir: Option<PathBuf>,
    /// Parameters of point neurons.
    pub point_neuron_models_dir: Option<PathBuf>,
    /// Parameters of synapses.
    pub synaptic_models_dir: Option<PathBuf>,
    /// Mechanisms (`.mod`).
    pub mechanisms_dir: Vec<PathBuf>,
    /// Cell templates (`.hoc`): folders or files.
    pub templates_dir: Vec<PathBuf>,
}

/// The network's files.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Networks {
    /// Nodes, in the order of the file.
    pub nodes: Vec<NodesFiles>,
    /// Edges, in the order of the file, without those that are not enabled.
    pub edges: Vec<EdgesFiles>,
    /// Gap junctions.
    pub gap_juncs: Vec<PathBuf>,
}

/// The files of node populations.
#[derive(Debug, Clone, PartialEq)]
pub struct NodesFiles {
    /// HDF5.
    pub nodes_file: PathBuf,
    /// The types table.
    pub node_types_file: Option<PathBuf>,
}

/// The files of edge populations.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgesFiles {
    /// HDF5.
    pub edges_file: PathBuf,
    /// The types table.
    pub edge_types_file: Option<PathBuf>,
}

/// Where results go.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The folder of all results. Default: beside the configuration.
    pub output_dir: PathBuf,
    /// Whether old results may be replaced, if `/output` says. (BMTK replaces them whatever it says.)
    pub overwrite: Option<bool>,
    /// The log.
    pub log_file: Option<PathBuf>,
    /// Spikes, HDF5.
    pub spikes_file: Option<PathBuf>,
    /// Spikes, text.
    pub spikes_file_csv: Option<PathBuf>,
    /// How spikes are sorted.
    pub spikes_sort_order: SortOrder,
    /// Compression of spikes and reports.
    pub compression: Compression,
}

/// More steps than any machine will do.
const MOST_STEPS: f64 = 1e12;
/// degC.
const ABSOLUTE_ZERO: f64 = -273.15;

/// Top-level keys; `network` and `simulation` are gone by now.
const TOP: [&str; 9] =
    ["run", "conditions", "components", "networks", "node_sets", "node_sets_file", "inputs", "reports", "output"];

/// Top-level keys without consequences here.
const TOP_IGNORED: [(&str, &str); 7] = [
    ("config_path", ""),
    ("config_dir", ""),
    ("version", ""),
    ("metadata", ""),
    ("name", ""),
    ("description", ""),
    ("gid_mapping_file", "BMTK does not use this key either"),
];

/// Reads a configuration. Problems are noted; `None` or a partial configuration if there are some.
pub fn read(context: &Context, file: &Path, variables: &IndexMap<String, Value>) -> Option<Config> {
    context.set_root(file);
    let sections = merged(context, file, variables)?;
    top_keys(context, &sections);
    let object = |key: &str| {
        let section = sections.get(key).filter(|s| !s.value.is_null())?;
        Object::new(context, &section.file, &format!("/{key}"), &section.value)
    };
    let needed = |key: &str, help: &'static str| {
        if !sections.contains_key(key) {
            context.problem(file, &format!("/{key}"), Problem::Missing { help });
        }
        object(key)
    };
    let run = needed("run", "\"run\": { \"tstop\": ..., \"dt\": ... }").and_then(run);
    let conditions = object("conditions").map(conditions).unwrap_or_default();
    let components = object("components").map(components).unwrap_or_default();
    let help = "give \"networks\" here, or a file with it as \"network\": \"circuit_config.json\"";
    let networks = needed("networks", help).map(networks).unwrap_or_default();
    let node_sets = node_sets(context, &sections, object("node_sets"));
    let output = output(context, file, object("output"));
    let inputs = object("inputs").map(inputs::read).unwrap_or_default();
    let reports = object("reports").map(|o| reports::read(o, run.as_ref(), &output.0)).unwrap_or_default();
    let resolved: Map<String, Value> = sections.into_iter().map(|(key, section)| (key, section.value)).collect();
    Some(Config {
        file: file.to_owned(),
        // What is wrong with it has been told.
        run: run.unwrap_or(Run::PLACEHOLDER),
        conditions,
        components,
        networks,
        node_sets,
        inputs,
        reports,
        output: output.1,
        resolved: Value::Object(resolved),
    })
}

fn top_keys(context: &Context, sections: &IndexMap<String, Section>) {
    for (key, section) in sections {
        let pointer = format!("/{key}");
        if key == "target_simulator" {
            if !section.value.is_string() && !section.value.is_null() {
                context.wrong_type(&section.file, &pointer, "text", &section.value);
            }
            let written = section.value.as_str().unwrap_or_default();
            if !["", "NEURON", "CORENEURON"].contains(&written.to_uppercase().as_str()) {
                let message = format!("written for {written}; it is simulated as NEURON would");
                context.warn(&section.file, &pointer, message);
            }
        } else if let Some((_, message)) = TOP_IGNORED.iter().find(|(k, _)| k == key) {
            if !message.is_empty() {
                context.warn(&section.file, &pointer, (*message).to_owned());
            }
        } else if key.starts_with(['_', '#']) || key.starts_with("//") || key == "comment" {
            context.warn(&section.file, &pointer, "taken as a comment".to_owned());
        } else if !TOP.contains(&key.as_str()) {
            let known = ["manifest", "network", "simulation"].into_iter().chain(TOP);
            let nearest = suggest::nearest(key, known.clone());
            let known = known.map(str::to_owned).collect();
            context.problem(&section.file, &pointer, Problem::UnknownKey { nearest, known });
        }
    }
}

fn run(o: Object<'_>) -> Option<Run> {
    let tstop = o.need("tstop", "the end of the simulation, ms", Object::positive);
    let dt = if o.get("dt").is_some() { o.positive("dt") } else { Some(0.1) };
    if o.number("tstart").is_some_and(|t| t != 0.0) {
        o.problem("tstart", Problem::Unsupported("simulations start at 0 ms (BMTK passes over this key)".to_owned()));
    }
    let dl = match o.get("dL") {
        Some(_) => o.positive("dL"),
        None => (!o.is_null("dL")).then_some(20.0),
    };
    let spike_threshold = o.number("spike_threshold").unwrap_or(-15.0);
    let block = o.count("nsteps_block");
    let overwrite = o.flag("overwrite_output_dir");
    if o.flag("use_old_import3d") == Some(true) {
        o.problem("use_old_import3d", Problem::Unsupported("there is one reader of morphologies".to_owned()));
    }
    let seed = |key: &str| o.get(key).map_or(Some(0), |_| o.count(key)).unwrap_or(0) as u32;
    let stimulus_seed = seed("random_seed").wrapping_add(seed("stimulus_seed"));
    let text = "not used: random places of synapses are seeded with the gid of each cell, as in BMTK";
    o.ignored(&["ionchannel_seed", "minis_seed", "synapse_seed"], text);
    let method = o.get("integration_method");
    if method.is_some_and(|method| method.as_str() != Some("euler") && method.as_f64() != Some(0.0)) {
        let text = "there is the fixed step backward Euler method (\"euler\", or 0) only, as in BMTK";
        o.problem("integration_method", Problem::Unsupported(text.to_owned()));
    }
    o.unsupported(&[("electrodes_file", "give electrodes with a report of the module `extracellular`")]);
    let sound = tstop.zip(dt).and_then(|(tstop, dt)| check_steps(&o, tstop / dt));
    o.finish();
    let (tstop, dt, ()) = (tstop?, dt?, sound?);
    let mut run = Run { tstop, dt, dl, spike_threshold, nsteps_block: 0, overwrite, stimulus_seed };
    let steps = run.steps();
    run.nsteps_block = block.filter(|&b| b > 0).unwrap_or(steps).min(steps).max(1);
    Some(run)
}

/// Whether a simulation can have this many steps; `None`, and a problem, if not.
fn check_steps(o: &Object<'_>, steps: f64) -> Option<()> {
    if steps.round() < 1.0 {
        o.invalid("tstop", "the simulation is shorter than half a time step");
        return None;
    }
    if steps > MOST_STEPS {
        o.invalid("dt", format!("the simulation has {steps:.1e} steps; at most {MOST_STEPS:.0e} are possible"));
        return None;
    }
    if (steps - steps.round()).abs() > 1e-6 {
        let message = format!("not a multiple of dt; the simulation has {} steps", steps.round());
        o.context().warn(o.file(), &o.pointer("tstop"), message);
    }
    Some(())
}

fn conditions(o: Object<'_>) -> Conditions {
    let conditions = Conditions { celsius: o.number("celsius"), v_init: o.number("v_init") };
    if conditions.celsius.is_some_and(|celsius| celsius <= ABSOLUTE_ZERO) {
        o.invalid("celsius", format!("temperatures are in degC, above {ABSOLUTE_ZERO}"));
    }
    o.unsupported(&[
        ("extracellular_calcium", "set it in the synapses' parameters"),
        ("mechanisms", "set parameters in the cells' and synapses' parameter files"),
        ("modifications", "change the cells' parameter files"),
    ]);
    if o.get("spike_location").is_some_and(|place| place.as_str() != Some("soma")) {
        let text = "spikes are detected in the middle of the soma (\"soma\"), as in BMTK";
        o.problem("spike_location", Problem::Unsupported(text.to_owned()));
    }
    o.finish();
    conditions
}

fn components(o: Object<'_>) -> Components {
    let components = Components {
        morphologies_dir: o.path("morphologies_dir"),
        biophysical_neuron_models_dir: o.path("biophysical_neuron_models_dir"),
        point_neuron_models_dir: o.path("point_neuron_models_dir"),
        synaptic_models_dir: o.path("synaptic_models_dir"),
        mechanisms_dir: o.path_list("mechanisms_dir"),
        templates_dir: o.path_list("templates_dir"),
    };
    o.ignored(
        &["filter_models_dir", "population_models_dir", "custom_neuron_models"],
        "these models are not of biophysical networks; not used",
    );
    let (context, file, pointer) = (o.context(), o.file(), o.pointer(""));
    // Configurations name further folders here, for their own variables and scripts.
    o.finish_with(|key, nearest| {
        let further = nearest.is_none() && (key.ends_with("_dir") || key.ends_with("_file"));
        if further {
            context.warn(file, &format!("{pointer}{key}"), "not used".to_owned());
        }
        further
    });
    components
}

fn networks(o: Object<'_>) -> Networks {
    let nodes = list(&o, "nodes", |item| {
        let types = item.get("node_types_file").and_then(|_| item.file_path("node_types_file"));
        let nodes_file = item.need("nodes_file", "the HDF5 file of the nodes", Object::file_path);
        common(item);
        Some(NodesFiles { nodes_file: nodes_file?, node_types_file: types })
    });
    if nodes.is_empty() && o.get("nodes").is_none_or(|v| v.as_array().is_some_and(Vec::is_empty)) {
        o.problem("nodes", Problem::Missing { help: "a network needs at least one nodes file" });
    }
    let edges = list(&o, "edges", |item| {
        let enabled = item.flag("enabled").unwrap_or(true);
        common(item);
        if !enabled {
            let _ = (item.get("edges_file"), item.get("edge_types_file"));
            return None;
        }
        let types = item.get("edge_types_file").and_then(|_| item.file_path("edge_types_file"));
        let edges_file = item.need("edges_file", "the HDF5 file of the edges", Object::file_path);
        Some(EdgesFiles { edges_file: edges_file?, edge_types_file: types })
    });
    let gap_juncs = list(&o, "gap_juncs", |item| {
        common(item);
        item.need("gap_juncs_file", "the HDF5 file of the gap junctions", Object::file_path)
    });
    o.finish();
    Networks { nodes, edges, gap_juncs }
}

/// Keys of all entries of a network.
fn common(item: &Object<'_>) {
    item.ignored(&["name"], "not used; populations are named in the HDF5 files");
    item.unsupported(&[("populations", "properties of populations are read from /components")]);
}

/// Reads a list of objects.
fn list<T>(o: &Object<'_>, key: &str, read: impl Fn(&Object<'_>) -> Option<T>) -> Vec<T> {
    let Some(value) = o.get(key) else { return Vec::new() };
    let Value::Array(items) = value else {
        o.context().wrong_type(o.file(), &o.pointer(key), "a list of objects", value);
        return Vec::new();
    };
    let mut out = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if let Some(item) = Object::new(o.context(), o.file(), &format!("{}/{i}", o.pointer(key)), item) {
            out.extend(read(&item));
            item.finish();
        }
    }
    out
}

fn node_sets(
    context: &Context,
    sections: &IndexMap<String, Section>,
    inline: Option<Object<'_>>,
) -> IndexMap<String, Value> {
    let sets = |map: &Map<String, Value>| map.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    if let Some(inline) = inline {
        // As in BMTK the file is read only without node sets in the configuration itself.
        if let Some(unused) = sections.get("node_sets_file") {
            context.warn(&unused.file, "/node_sets_file", "not read, since there are /node_sets".to_owned());
        }
        return sets(inline.map());
    }
    let Some(section) = sections.get("node_sets_file").filter(|s| !s.value.is_null()) else {
        return IndexMap::new();
    };
    let holder = Value::Object(Map::from_iter([("node_sets_file".to_owned(), section.value.clone())]));
    let path = Object::new(context, &section.file, "", &holder).and_then(|o| o.file_path("node_sets_file"));
    let Some(path) = path else { return IndexMap::new() };
    match read_json(&path) {
        Ok(Value::Object(map)) => sets(&map),
        Ok(other) => {
            context.wrong_type(&path, "", "an object of node sets", &other);
            IndexMap::new()
        }
        Err(error) => {
            context.error(error.into());
            IndexMap::new()
        }
    }
}

/// Where a file of the output folder goes.
pub struct OutputFolder {
    written: String,
    folder: PathBuf,
    beside: PathBuf,
}

impl OutputFolder {
    /// A path beside the configuration, whatever the output folder is.
    pub fn beside(&self, name: &str) -> PathBuf {
        paths::planned(name, &self.beside)
    }

    /// The path of a file: in the output folder, unless it is absolute or names that folder itself.
    pub fn file(&self, name: &str) -> PathBuf {
        let own = Path::new(name).is_absolute() || (self.written != "." && name.starts_with(&self.written));
        let beside = if own { self.beside.clone() } else { self.folder.join("file") };
        paths::planned(name, &beside)
    }
}

fn output(context: &Context, file: &Path, o: Option<Object<'_>>) -> (OutputFolder, Output) {
    let empty = Value::Object(Map::new());
    let Some(o) = o.or_else(|| Object::new(context, file, "/output", &empty)) else {
        unreachable!("an object is an object")
    };
    let written = o.text("output_dir").unwrap_or(".").to_owned();
    let folder = OutputFolder { folder: paths::planned(&written, o.file()), written, beside: o.file().to_owned() };
    let in_folder = |key: &str| o.text(key).map(|name| folder.file(name));
    let order = o.text("spikes_sort_order").and_then(|name| {
        let words = ["none", "time", "id", "by_time", "by_id", "node_id", "gid", "na"];
        o.known_word("spikes_sort_order", name, &words).then(|| SortOrder::from_name(name))?
    });
    // Uncompressed unless asked for: libsonata, as PyPI has it, cannot read compressed files.
    let compression = match o.word("compression", &["gzip", "none", "None"]) {
        Some("gzip") => Compression::Gzip,
        _ => Compression::None,
    };
    let output = Output {
        overwrite: o.flag("overwrite_output_dir"),
        log_file: in_folder("log_file"),
        spikes_file: in_folder("spikes_file"),
        spikes_file_csv: in_folder("spikes_file_csv"),
        spikes_sort_order: order.unwrap_or_default(),
        compression,
        output_dir: folder.folder.clone(),
    };
    o.unsupported(&[("spikes_file_nwb", "write spikes with /output/spikes_file (HDF5) or /output/spikes_file_csv")]);
    let housekeeping = ["cache_to_disk", "log_level", "log_format", "log_to_console", "quiet_simulator"];
    o.ignored(&housekeeping, "not used here");
    o.finish();
    (folder, output)
}
