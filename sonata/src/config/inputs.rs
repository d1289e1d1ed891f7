//! Stimuli.

use super::error::Problem;
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
}

/// The format of a file of spikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpikeFormat {
    /// SONATA's HDF5.
    H5,
    /// Text.
    Csv,
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

fn place(o: &Object<'_>) -> Option<Place> {
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
    o.ignored(&["trial"], "only used with NWB files");
    o.finish();
    Some(SpikeInput { file: file?, format, node_set, population })
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
