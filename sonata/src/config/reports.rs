//! Recordings.

use super::error::Problem;
use super::inputs::node_set;
use super::object::Object;
use super::sections::{OutputFolder, Run};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// A recording.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Report {
    /// Variables of segments (`membrane_report`), or of synapses (`netcon_report`).
    Membrane(MembraneReport),
    /// Potentials outside cells (`extracellular`).
    Extracellular(ExtracellularReport),
    /// Synapses as they were made (`save_synapses`): the folder.
    Synapses(PathBuf),
    /// Any other kind, as written (with variables put in).
    Other {
        /// Its `module`.
        module: String,
        /// All of it.
        raw: Map<String, Value>,
    },
}

/// Variables of segments, or of synapses, of biophysical cells.
#[derive(Debug, Clone, PartialEq)]
pub struct MembraneReport {
    /// The cells: a name, or an inline node set. Default "biophysical".
    pub cells: Value,
    /// The variables. BMTK records all of a list into one dataset, so that the last one stays, under the name of the
    /// first.
    pub variables: Vec<String>,
    /// The kinds of sections, in lower case; "soma" alone means the middle of the soma. Default "all".
    pub sections: Vec<String>,
    /// For variables of synapses, whose: those of POINT_PROCESSes whose name begins so, where BMTK's default is
    /// `Exp2Syn`. `None` for variables of segments.
    pub synapses: Option<String>,
    /// The file. Default: the name of the report, in the output folder.
    pub file: PathBuf,
    /// How values are changed before they are written, as written; BMTK knows functions of Python here.
    pub transform: Option<Value>,
    /// Units to write into the file, if given.
    pub units: Option<String>,
    /// Time between rows, ms, a multiple of the time step. Default the time step.
    pub dt: f64,
    /// Start of recording, ms. Default 0.
    pub start_time: f64,
    /// End of recording, ms. Default the end of the simulation.
    pub end_time: f64,
    /// Only the middle of each section (`"compartments": "center"` of the SONATA extension).
    pub center: bool,
    /// Values of a cell are added up (`"type": "summation"` of the SONATA extension).
    pub sum: Option<Scaling>,
}

/// What values are multiplied by before they are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// Nothing.
    None,
    /// The area of the segment, so that currents by area become currents (`"area"`).
    Area,
}

impl MembraneReport {
    /// The number of rows, which BMTK takes as the whole part of the length over the step; a length that differs
    /// from a multiple by rounding only counts as that multiple.
    pub fn rows(&self) -> usize {
        ((self.end_time - self.start_time) / self.dt + 1e-6).floor().max(0.0) as usize
    }
}

/// Potentials at electrodes outside cells, caused by the currents through their membranes.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtracellularReport {
    /// The cells that cause them: a name, or an inline node set. Default "biophysical".
    pub cells: Value,
    /// The electrodes: a table with the columns `x_pos`, `y_pos`, `z_pos`, um.
    pub electrodes: PathBuf,
    /// How near to the axis of a segment an electrode is taken to be at most.
    pub nearest: Nearest,
    /// The file.
    pub file: PathBuf,
    /// A folder for files of what each cell contributes, if they are wanted.
    pub contributions: Option<PathBuf>,
}

/// The least distance of an electrode from the axis of a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Nearest {
    /// Any.
    Any,
    /// This far, um.
    Distance(f64),
    /// The radius of the segment (`"auto"`).
    Radius,
}

const SECTIONS: [&str; 9] = ["all", "soma", "somatic", "axon", "axonal", "dend", "basal", "apic", "apical"];

/// Reads the section `reports`.
pub fn read(o: Object<'_>, run: Option<&Run>, output: &OutputFolder) -> IndexMap<String, Report> {
    let mut reports = IndexMap::new();
    for (name, value) in o.map() {
        let Some(report) = Object::new(o.context(), o.file(), &o.pointer(name), value) else { continue };
        if report.flag("enabled") == Some(false) {
            continue;
        }
        let of_extension = report.get("module").is_none() && report.get("type").is_some();
        if of_extension {
            if let Some(report) = extension(report, name, run, output) {
                reports.insert(name.clone(), Report::Membrane(report));
            }
            continue;
        }
        let report = match report.need("module", "such as \"membrane_report\"", Object::text) {
            Some("membrane_report") => membrane(report, name, run, output, None).map(Report::Membrane),
            Some("netcon_report") => {
                let of = synapses(&report);
                membrane(report, name, run, output, Some(of)).map(Report::Membrane)
            }
            Some("save_synapses" | "SaveSynapses") => {
                let folder = report.need("network_dir", "a folder for the edges", Object::text);
                let _ = (report.flag("single_file"), report.get("cells"), report.get("variable_name"));
                report.finish();
                folder.map(|folder| Report::Synapses(output.beside(folder)))
            }
            Some("extracellular") => extracellular(report, name, output).map(Report::Extracellular),
            Some(module) => Some(Report::Other { module: module.to_owned(), raw: report.map().clone() }),
            None => None,
        };
        if let Some(report) = report {
            reports.insert(name.clone(), report);
        }
    }
    reports
}

fn extracellular(o: Object<'_>, name: &str, output: &OutputFolder) -> Option<ExtracellularReport> {
    let cells = match o.numbers("cell_bounds").as_deref() {
        None => node_set(&o, "cells", "biophysical"),
        // Ids from the first to the last.
        Some(&[first, last]) if 0.0 <= first && first <= last && last < 1e9 => {
            Value::Array((first as u64..=last as u64).map(Value::from).collect())
        }
        Some(_) => {
            o.invalid("cell_bounds", "expected the first and the last id");
            Value::Null
        }
    };
    let _ = o.get("cells");
    let electrodes = o.need("electrode_positions", "the table of electrodes", Object::file_path);
    let nearest = match o.get("minimum_distance") {
        None => Nearest::Any,
        Some(Value::String(word)) if word == "auto" => Nearest::Radius,
        Some(value) => match value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()) {
            Some(distance) if distance > 0.0 => Nearest::Distance(distance),
            Some(_) => Nearest::Any,
            None => {
                o.invalid("minimum_distance", "expected a distance in um, or \"auto\"");
                Nearest::Any
            }
        },
    };
    let file = file(&o, name, output);
    let contributions = o.text("contributions_dir").map(|folder| output.file(folder));
    let _ = (o.get("variable_name"), o.get("tmp_dir"));
    if o.get("electrode_channels").is_some_and(|channels| channels.as_str() != Some("all")) {
        o.warn("electrode_channels", "has no effect, as in BMTK: all electrodes of the table are recorded");
    }
    o.unsupported(&[("file_name_nwb", "files of NWB are not written: leave it out, and use the HDF5 file")]);
    o.finish();
    Some(ExtracellularReport { cells, electrodes: electrodes?, nearest, file, contributions })
}

fn file(o: &Object<'_>, name: &str, output: &OutputFolder) -> PathBuf {
    match o.text("file_name") {
        Some(file) => output.file(file),
        None if [".h5", ".hdf", ".hdf5"].iter().any(|end| name.ends_with(end)) => output.file(name),
        None => output.file(&format!("{name}.h5")),
    }
}

/// What the names of the synapses begin with that are recorded.
fn synapses(o: &Object<'_>) -> String {
    // BMTK takes null for all of them.
    let default = if o.is_null("syn_type") { "" } else { "Exp2Syn" };
    let of = o.text("syn_type").unwrap_or(default);
    if of == "netcon" {
        let text = "variables of NetCons themselves are not recorded: give the name of a synapse mechanism";
        o.problem("syn_type", Problem::Unsupported(text.to_owned()));
    }
    of.to_owned()
}

fn membrane(
    o: Object<'_>,
    name: &str,
    run: Option<&Run>,
    output: &OutputFolder,
    synapses: Option<String>,
) -> Option<MembraneReport> {
    let cells = node_set(&o, "cells", "biophysical");
    let variables = o.need("variable_name", "such as \"v\"", Object::texts);
    let sections: Vec<String> = match o.texts("sections") {
        Some(names) => names.iter().map(|s| s.to_lowercase()).collect(),
        None => vec!["all".to_owned()],
    };
    let known = sections.iter().all(|s| o.known_word("sections", s, &SECTIONS));
    let file = file(&o, name, output);
    let _ = o.flag("buffer");
    let transform = o.get("transform").filter(|t| !t.as_object().is_some_and(Map::is_empty)).cloned();
    let units = o.text("units").or_else(|| o.text("unit")).map(str::to_owned);
    let _ = o.get("unit");
    if variables.as_ref().is_some_and(Vec::is_empty) {
        o.invalid("variable_name", "the list is empty");
    }
    // They are known even where there is no time step to compare them with.
    let _ = ["dt", "start_time", "end_time"].map(|key| o.get(key));
    let times = run.and_then(|run| times(&o, run));
    o.finish();
    let ([start_time, end_time, dt], variables) = (times?, variables?);
    known.then_some(MembraneReport {
        cells,
        variables,
        sections,
        synapses,
        file,
        transform,
        units,
        dt,
        start_time,
        end_time,
        center: false,
        sum: None,
    })
}

/// A report by the SONATA extension of the Blue Brain Project, which has a `type` instead of a `module`.
fn extension(o: Object<'_>, name: &str, run: Option<&Run>, output: &OutputFolder) -> Option<MembraneReport> {
    let kind = o.word("type", &["compartment", "summation", "synapse"])?;
    let cells = node_set(&o, "cells", "all");
    let variables = o.need("variable_name", "such as \"v\"", Object::text)?;
    let variables = variables.split(',').map(|name| variable_of_extension(name.trim()));
    let mut variables: Vec<(Option<String>, String)> = variables.collect();
    let sections = o.text("sections").unwrap_or("soma").to_lowercase();
    let known = o.known_word("sections", &sections, &SECTIONS);
    let default = if sections == "soma" { "center" } else { "all" };
    let center = o.word("compartments", &["center", "all"]).unwrap_or(default) == "center";
    let scaling = match o.word("scaling", &["none", "area"]) {
        Some("none") => Scaling::None,
        _ => Scaling::Area,
    };
    let file = file(&o, name, output);
    let units = o.text("unit").map(str::to_owned);
    let _ = ["dt", "start_time", "end_time"].map(|key| o.get(key));
    let times = run.and_then(|run| times(&o, run));
    o.unsupported(&[("electrodes_file", "use the module `extracellular`")]);
    if variables.len() > 1 {
        let text = "several variables are not added up in one report: ask for each in a report of its own";
        o.problem("variable_name", Problem::Unsupported(text.to_owned()));
    }
    o.finish();
    let [start_time, end_time, dt] = times?;
    let (mechanism, variable) = variables.pop()?;
    let (synapses, variable) = match (kind, mechanism) {
        ("synapse", mechanism) => (Some(mechanism.unwrap_or_default()), variable),
        (_, Some(mechanism)) => (None, format!("{variable}_{mechanism}")),
        (_, None) => (None, variable),
    };
    // As BMTK names the middle of the soma, and all segments of somata.
    let sections = if sections == "soma" && !center { "somatic".to_owned() } else { sections };
    known.then(|| MembraneReport {
        cells,
        variables: vec![variable],
        center: center && sections != "soma",
        sections: vec![sections],
        synapses,
        file,
        transform: None,
        units,
        dt,
        start_time,
        end_time,
        sum: (kind == "summation").then_some(scaling),
    })
}

/// Mechanism, if it is named, and variable: `mechanism.variable`.
fn variable_of_extension(name: &str) -> (Option<String>, String) {
    match name.split_once('.') {
        Some((mechanism, variable)) => (Some(mechanism.to_owned()), variable.to_owned()),
        None => (None, name.to_owned()),
    }
}

/// Start, end and step of recording, ms.
fn times(o: &Object<'_>, run: &Run) -> Option<[f64; 3]> {
    let multiple = |x: f64, of: f64| ((x / of).round() - x / of).abs() < 1e-6;
    let given = |key: &str, default: f64| if o.get(key).is_some() { o.number(key) } else { Some(default) };
    let (dt, start, end) = (given("dt", run.dt), given("start_time", 0.0), given("end_time", run.tstop));
    let (dt, start, end) = (dt?, start?, end?);
    let mut fine = true;
    let mut check = |holds: bool, key: &str, message: String| {
        if !holds && fine {
            o.problem(key, Problem::Invalid(message));
            fine = false;
        }
    };
    let step = run.dt;
    check(dt > 0.0 && dt > step - 1e-9, "dt", format!("{dt} ms is shorter than the time step, {step} ms"));
    check(multiple(dt, step), "dt", format!("{dt} ms is not a multiple of the time step, {step} ms"));
    check(start >= 0.0, "start_time", format!("{start} ms is before the start of the simulation"));
    check(end > start, "end_time", format!("{end} ms is not after start_time, {start} ms"));
    check(
        end <= run.tstop + 1e-9,
        "end_time",
        format!("{end} ms is after the end of the simulation, {} ms", run.tstop),
    );
    if o.get("start_time").is_some() {
        check(multiple(start, dt), "start_time", format!("{start} ms is not a multiple of the report's dt, {dt} ms"));
    }
    if o.get("end_time").is_some() {
        check(multiple(end, dt), "end_time", format!("{end} ms is not a multiple of the report's dt, {dt} ms"));
    }
    fine.then_some([start, end, dt])
}
