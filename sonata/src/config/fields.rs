//! Stimulation from outside (`xstim`) and voltage clamps.

use super::error::Problem;
use super::inputs::{Place, node_set, place};
use super::object::{Object, shown};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// A potential outside cells that electrodes make.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldStimulus {
    /// The electrodes: a table.
    pub electrodes: PathBuf,
    /// Where the files of their meshes are. Default: beside the table.
    pub meshes: PathBuf,
    /// Resistivity of the medium, ohm cm.
    pub resistivity: f64,
    /// The course in time of their current.
    pub waveform: Waveform,
    /// The cells that it reaches; `None` for all.
    pub cells: Option<Value>,
}

/// The course of a current in time.
#[derive(Debug, Clone, PartialEq)]
pub enum Waveform {
    /// A pulse.
    Pulse {
        /// Current, mA.
        amp: f64,
        /// Start, ms.
        delay: f64,
        /// Length, ms.
        duration: f64,
    },
    /// A sine, cut off before and behind: amp sin(2 pi freq t + phase) + offset.
    Sine {
        /// Current, mA.
        amp: f64,
        /// Start, ms.
        delay: f64,
        /// Length, ms.
        duration: f64,
        /// Frequency, Hz.
        freq: f64,
        /// Phase, rad.
        phase: f64,
        /// Offset, mA.
        offset: f64,
    },
    /// Straight lines between the points of a table with the columns `time`, ms, and `amplitude`, mA.
    Table(PathBuf),
}

impl Waveform {
    /// Reads a course from an object; numbers may be written as text.
    fn read(map: &Map<String, Value>) -> Result<Self, String> {
        let optional = |key: &str| match map.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => {
                text.trim().parse().map(Some).map_err(|_| format!("{key} of the waveform is `{text}`, not a number"))
            }
            Some(value) => value.as_f64().map(Some).ok_or_else(|| format!("{key} of the waveform is {}", shown(value))),
        };
        let number = |key: &str, what: &str| optional(key)?.ok_or(format!("the waveform has no `{key}`: {what}"));
        let shape = map.get("shape").and_then(Value::as_str).ok_or("the waveform has no `shape`: \"dc\" or \"sin\"")?;
        let known: &[&str] = match shape.to_lowercase().as_str() {
            "dc" => &["shape", "amp", "del", "dur"],
            "sin" => &["shape", "amp", "del", "dur", "freq", "phase", "offset"],
            _ => return Err(format!("the shape `{shape}` is not known; there are: dc, sin")),
        };
        if let Some(key) = map.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(format!("unknown key `{key}` of the waveform; known are: {}", known.join(", ")));
        }
        let amp = number("amp", "current, mA")?;
        let (delay, duration) = (number("del", "start, ms")?, number("dur", "length, ms")?);
        if known.len() == 4 {
            return Ok(Self::Pulse { amp, delay, duration });
        }
        let freq = number("freq", "frequency, Hz")?;
        let phase = optional("phase")?.unwrap_or(std::f64::consts::PI);
        let offset = optional("offset")?.unwrap_or(0.0);
        Ok(Self::Sine { amp, delay, duration, freq, phase, offset })
    }
}

pub(super) fn stimulus(o: Object<'_>) -> Option<FieldStimulus> {
    let electrodes = o.need("positions_file", "the table of electrodes", Object::file_path);
    let meshes = match o.get("mesh_files_dir") {
        Some(_) => o.path("mesh_files_dir"),
        None => electrodes.as_ref().and_then(|file| Some(file.parent()?.to_owned())),
    };
    let resistivity = if o.get("resistance").is_some() { o.positive("resistance") } else { Some(300.0) };
    let waveform = o.need("waveform", "an object such as {\"shape\": \"dc\", ...}, or a file", |o, key| o.get(key));
    let waveform = waveform.and_then(|value| waveform_of(&o, value));
    let cells = o.get("cells").map(|_| node_set(&o, "cells", "all"));
    let _ = o.flag("set_nrn_mechanisms");
    if o.get("node_set").is_some_and(|set| set.as_str() != Some("all")) {
        o.warn("node_set", "has no effect, as in BMTK: the field reaches all cells; choose some by `cells`");
    }
    o.finish();
    let (electrodes, meshes) = (electrodes?, meshes?);
    Some(FieldStimulus { electrodes, meshes, resistivity: resistivity?, waveform: waveform?, cells })
}

fn waveform_of(o: &Object<'_>, value: &Value) -> Option<Waveform> {
    let read = match value {
        Value::Object(map) => Waveform::read(map),
        Value::String(_) => {
            let file = o.file_path("waveform")?;
            match file.extension().and_then(|extension| extension.to_str()) {
                Some("csv") => Ok(Waveform::Table(file)),
                _ => std::fs::read_to_string(&file)
                    .map_err(|error| format!("{}: {error}", file.display()))
                    .and_then(|text| crate::json::parse(&text).map_err(|error| format!("{}: {error}", file.display())))
                    .and_then(|value| match value.as_object() {
                        Some(map) => Waveform::read(map),
                        None => Err(format!("{}: expected an object", file.display())),
                    }),
            }
        }
        other => {
            let expected = "an object, or the name of a file";
            o.problem("waveform", Problem::WrongType { expected, found: shown(other) });
            return None;
        }
    };
    read.map_err(|message| o.invalid("waveform", message)).ok()
}

/// A potential outside cells from a finite-element model (`comsol`).
#[derive(Debug, Clone, PartialEq)]
pub struct Comsol {
    /// Files that COMSOL has exported: stationary solutions, as many as there are waveforms, or one in time.
    pub files: Vec<PathBuf>,
    /// Tables of the courses in time of stationary solutions.
    pub waveforms: Option<Vec<PathBuf>>,
    /// What each solution is multiplied by, or one factor for all. Default 1.
    pub amplitudes: Vec<f64>,
    /// The cells that it reaches; `None` for all.
    pub cells: Option<Value>,
}

pub(super) fn comsol(o: Object<'_>) -> Option<Comsol> {
    // Older versions of BMTK, and its examples, have the names of one file.
    let either = |key: &'static str, older: &'static str| {
        if o.get(older).is_some() && o.get(key).is_none() { older } else { key }
    };
    let files = either("comsol_files", "comsol_file");
    let files = o.need(files, "a file, or a list of files, that COMSOL has exported", Object::file_paths);
    let waveforms = either("waveforms", "waveform");
    let waveforms = o.get(waveforms).map(|_| o.file_paths(waveforms));
    let amplitudes = either("amplitudes", "amplitude");
    let amplitudes = if o.get(amplitudes).is_some() { o.numbers(amplitudes) } else { Some(vec![1.0]) };
    let cells = o.get("cells").map(|_| node_set(&o, "cells", "all"));
    let _ = o.flag("set_nrn_mechanisms");
    if o.get("node_set").is_some_and(|set| set.as_str() != Some("all")) {
        o.warn("node_set", "has no effect, as in BMTK: the field reaches all cells; choose some by `cells`");
    }
    let counts = [&files, &waveforms.clone().flatten()].map(|list| list.as_ref().map_or(0, Vec::len));
    let [count, courses] = counts;
    let amounts = amplitudes.as_ref().map_or(1, Vec::len);
    if count > 0 && waveforms.is_some() && courses > 0 && courses != count {
        o.invalid("waveforms", format!("there are {count} files and {courses} waveforms; each file needs one"));
    } else if count > 1 && waveforms.is_none() {
        o.invalid("comsol_files", "without waveforms there is one file, of a solution in time");
    } else if amounts != 1 && amounts != count {
        o.invalid("amplitudes", format!("there are {count} files and {amounts} amplitudes"));
    }
    o.ignored(&["ip_method"], "not used, as in BMTK since 1.1: linear with a waveform, else the nearest point");
    o.finish();
    let waveforms = match waveforms {
        None => None,
        Some(waveforms) => Some(waveforms?),
    };
    let (files, amplitudes) = (files?, amplitudes?);
    Some(Comsol { files, waveforms, amplitudes, cells })
}

/// A voltage clamp of each cell of a node set.
#[derive(Debug, Clone, PartialEq)]
pub struct VoltageClamp {
    /// The cells: a name, or an inline node set. Default "all".
    pub node_set: Value,
    /// The potential, mV.
    pub amp: f64,
    /// Its start, ms.
    pub delay: f64,
    /// Its length, ms.
    pub duration: f64,
    /// Resistance of the electrode, MOhm.
    pub resistance: f64,
    /// Where in each cell.
    pub place: Place,
    /// It is on from start to end, and at no other time; BMTK's also in the first step.
    pub exact: bool,
}

pub(super) fn voltage_clamp(o: Object<'_>) -> Option<VoltageClamp> {
    let node_set = node_set(&o, "node_set", "all");
    let amp = o.need("amp", "potential, mV", Object::number);
    let delay = o.need("delay", "start, ms", Object::number);
    let duration = o.need("duration", "length, ms", Object::number);
    let resistance = if o.get("resistance").is_some() { o.positive("resistance") } else { Some(1.0) };
    let place = place(&o);
    o.ignored(&["vc"], "has no effect: the potential is amp");
    o.finish();
    let (amp, delay, duration) = (amp?, delay?, duration?);
    let exact = false;
    Some(VoltageClamp { node_set, amp, delay, duration, resistance: resistance?, place: place?, exact })
}

/// A voltage clamp by the SONATA extension.
pub(super) fn voltage_clamp_of_extension(o: Object<'_>) -> Option<VoltageClamp> {
    let node_set = node_set(&o, "node_set", "all");
    let amp = o.need("voltage", "potential, mV", Object::number);
    let delay = o.need("delay", "start, ms", Object::number);
    let duration = o.need("duration", "length, ms", Object::number);
    let resistance = if o.get("series_resistance").is_some() { o.positive("series_resistance") } else { Some(0.01) };
    o.unsupported(&[
        ("duration_levels", "give an input for each level"),
        ("voltage_levels", "give an input for each level"),
    ]);
    let _ = o.flag("represents_physical_electrode");
    o.finish();
    let place = Place::Section { name: "soma".to_owned(), index: 0, dist: 0.5 };
    let (amp, delay, duration) = (amp?, delay?, duration?);
    Some(VoltageClamp { node_set, amp, delay, duration, resistance: resistance?, place, exact: true })
}
