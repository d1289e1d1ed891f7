//! From an edge type's `model_template` and parameter file to a point process and its parameters.
//!
//! The template is the name of a POINT_PROCESS. Every number of the parameter file sets the variable
//! of its name; numbers may be written as text. BMTK does this with a Python function for each
//! template; those of its stock synapses rename a few parameters, which is done here likewise.

use crate::problem::{Problem, list};
use codegen::ir::{Kind, Role};
use codegen::manifest::MechanismManifest;
use sonata::dynamics::{DynamicsParams, Parameter};
use std::path::Path;
use std::sync::Arc;

/// A synapse as all edges of a type share it.
#[derive(Clone, Debug, PartialEq)]
pub struct SynapseModel {
    /// The POINT_PROCESS.
    pub mechanism: Arc<str>,
    /// Parameters that the file sets.
    pub parameters: Arc<[(String, f64)]>,
}

/// Mechanisms that BMTK has functions for: these take what they know of a parameter file.
const STOCK: [&str; 11] = [
    "Exp2Syn", "ExpSyn", "exp1isyn", "exp1syn", "stp1syn", "stp2syn", "stp3syn", "stp4syn", "stp5isyn", "stp5syn",
    "tmgsyn",
];

/// Finds the mechanism of a template: its exact name, or the only one that differs in case.
///
/// # Errors
/// When it is not a synapse. `Ok(None)` means that there is none at all.
pub fn mechanism<'a>(
    template: &str,
    mechanisms: &'a [MechanismManifest],
) -> Result<Option<&'a MechanismManifest>, Problem> {
    let exact = mechanisms.iter().find(|mechanism| mechanism.name == template);
    let found = exact.or_else(|| {
        let mut alike = mechanisms
            .iter()
            .filter(|mechanism| mechanism.kind == Kind::PointProcess && mechanism.name.eq_ignore_ascii_case(template));
        let only = alike.next().filter(|_| alike.next().is_none());
        // BMTK's own functions are called `exp2syn` and the like.
        if let Some(mechanism) = only
            && !matches!(mechanism.name.as_str(), "Exp2Syn" | "ExpSyn")
        {
            tracing::info!("synapse template `{template}` is taken to be the POINT_PROCESS {}", mechanism.name);
        }
        only
    });
    let Some(mechanism) = found else { return Ok(None) };
    let problem = match mechanism.kind {
        Kind::Density => "it is a density mechanism, not a POINT_PROCESS",
        Kind::ArtificialCell => "it is an ARTIFICIAL_CELL, not a POINT_PROCESS",
        Kind::PointProcess if !mechanism.has("net_receive") => "it has no NET_RECEIVE block",
        Kind::PointProcess => return Ok(Some(mechanism)),
    };
    Err(Problem::model(format!("{} cannot be a synapse: {problem}", mechanism.name)))
}

/// Reads the parameter file of a synapse. What looks like no parameter of the mechanism is left out, with a warning:
/// projects keep other things there, for Python functions of their own.
///
/// # Errors
/// When the file cannot be read, a value is not a number, or a name resembles that of a parameter.
pub fn parameters(mechanism: &MechanismManifest, file: &Path) -> Result<Vec<(String, f64)>, Problem> {
    let read = DynamicsParams::read(file)?;
    // Texts that are no numbers are left out, as in BMTK, but not where a number is meant.
    for (key, value) in read.iter() {
        if let Parameter::Text(text) = value
            && settable(mechanism, key).is_some()
        {
            return Err(Problem::model(format!("{key}: expected a number, found \"{text}\"")).in_file(file));
        }
    }
    let numbers = read.numbers()?;
    let mut values = Vec::with_capacity(numbers.len());
    let mut unknown = Vec::new();
    for (key, value) in numbers {
        let Some(name) = settable(mechanism, &key) else {
            unknown.push(key);
            continue;
        };
        let column = mechanism.columns.iter().find(|column| column.name == name);
        let default = column.map_or(0.0, |column| column.default);
        if value == 0.0 && default != 0.0 && name == key {
            tracing::info!(
                place = %file.display(),
                "`{key}` is set to 0; a Python synapse function that tests `if params.get('{key}')` would leave the default, {default}"
            );
        }
        values.push((name.to_owned(), value));
    }
    if unknown.is_empty() {
        return Ok(values);
    }
    if STOCK.contains(&mechanism.name.as_str()) {
        tracing::info!(
            place = %file.display(),
            "{} has no {}; as with BMTK's function for it, these have no effect",
            mechanism.name,
            list(&unknown)
        );
        return Ok(values);
    }
    let names: Vec<&str> = settables(mechanism).collect();
    let (near, far): (Vec<_>, Vec<_>) = unknown
        .into_iter()
        .map(|key| (sonata::suggest::nearest(&key, names.iter().copied()), key))
        .partition(|(nearest, _)| nearest.is_some());
    let quoted = |keys: &[(Option<String>, String)]| {
        let quoted: Vec<String> = keys.iter().map(|(_, key)| format!("`{key}`")).collect();
        let plural = if keys.len() == 1 { "parameter" } else { "parameters" };
        format!("{plural} {}", list(&quoted))
    };
    if !far.is_empty() {
        tracing::warn!(
            place = %file.display(),
            "{} has no {}; without effect, unless a project's own Python function has a use for it",
            mechanism.name,
            quoted(&far)
        );
    }
    if near.is_empty() {
        return Ok(values);
    }
    let meant: Vec<String> =
        near.iter().filter_map(|(nearest, key)| Some(format!("`{}` for `{key}`", nearest.as_ref()?))).collect();
    Err(Problem::model(format!("{} has no {}", mechanism.name, quoted(&near)))
        .in_file(file)
        .note(format!("its parameters are: {}", list(&names)))
        .help(format!("did you mean {}?", meant.join(", "))))
}

/// Whether a parameter file may set a variable of this name.
pub fn is_parameter(mechanism: &MechanismManifest, name: &str) -> bool {
    settables(mechanism).any(|known| known == name)
}

/// Names that a parameter file may set.
fn settables(mechanism: &MechanismManifest) -> impl Iterator<Item = &str> {
    mechanism
        .columns
        .iter()
        .filter(|column| column.range && column.role != Role::State)
        .map(|column| column.name.as_str())
}

/// The variable that a key sets; the stock functions of BMTK have other names for some.
fn settable<'a>(mechanism: &'a MechanismManifest, key: &str) -> Option<&'a str> {
    let find = |name: &str| settables(mechanism).find(|known| *known == name);
    find(key).or_else(|| match (mechanism.name.as_str(), key) {
        (_, "erev") => find("e"),
        ("ExpSyn", "tau1") => find("tau"),
        (_, "tau_1") => find("tau"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use codegen::manifest::{ColumnAccess, ColumnManifest};

    fn point(name: &str, parameters: &[&str]) -> MechanismManifest {
        let column = |name: &&str| ColumnManifest {
            name: (*name).into(),
            unit: String::new(),
            role: Role::Parameter,
            range: true,
            access: ColumnAccess::Constant,
            default: 1.0,
            limits: None,
        };
        MechanismManifest {
            name: name.into(),
            kind: Kind::PointProcess,
            source: format!("{name}.mod"),
            hash: String::new(),
            columns: parameters.iter().map(column).collect(),
            globals: Vec::new(),
            ions: Vec::new(),
            streams: Vec::new(),
            pointers: Vec::new(),
            settled_by: Vec::new(),
            missing: Vec::new(),
            net_arguments: vec!["w".into()],
            table_size: 0,
            tabulated: None,
            electrode: None,
            diffusions: vec![],
            kernels: vec!["net_receive".into()],
            costs: Default::default(),
            geometry: false,
            events: codegen::manifest::EventsManifest::default(),
            superposes: false,
        }
    }

    fn read(mechanism: &MechanismManifest, text: &str) -> Result<Vec<(String, f64)>, Problem> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("syn.json");
        std::fs::write(&file, text).unwrap();
        parameters(mechanism, &file)
    }

    #[test]
    fn texts_are_numbers_and_other_texts_are_ignored() {
        let values =
            read(&point("inhsyn", &["esyn", "gmax"]), r#"{"esyn": "-80", "gmax": "40e-3", "level_of_detail": "x"}"#);
        assert_eq!(values.unwrap(), [("esyn".to_owned(), -80.0), ("gmax".to_owned(), 0.04)]);
    }

    #[test]
    fn parameters_are_finite_numbers() {
        for value in ["fast", "nan", "inf", ""] {
            let problem = read(&point("inhsyn", &["esyn"]), &format!(r#"{{"esyn": "{value}"}}"#)).unwrap_err();
            assert_eq!(problem.message, format!("esyn: expected a number, found \"{value}\""));
        }
    }

    #[test]
    fn stock_names_are_mapped() {
        let values = read(&point("ExpSyn", &["e", "tau"]), r#"{"erev": -70, "tau1": 2}"#).unwrap();
        assert_eq!(values, [("e".to_owned(), -70.0), ("tau".to_owned(), 2.0)]);
    }

    #[test]
    fn unknown_parameters_are_named_with_those_there_are() {
        let problem = read(&point("inhsyn", &["esyn", "gmax"]), r#"{"gmaxx": 1, "foo": 2}"#).unwrap_err();
        assert_eq!(problem.message, "inhsyn has no parameter `gmaxx`");
        assert_eq!(problem.notes, ["its parameters are: esyn, gmax"]);
        assert_eq!(problem.help.as_deref(), Some("did you mean `gmax` for `gmaxx`?"));
        let values = read(&point("inhsyn", &["esyn", "gmax"]), r#"{"gmax": 1, "level": 2}"#).unwrap();
        assert_eq!(values, [("gmax".to_owned(), 1.0)]);
    }

    #[test]
    fn templates_match_without_regard_to_case_when_that_is_clear() {
        let mechanisms = [point("Exp2Syn", &[]), point("inhsyn", &[])];
        assert_eq!(mechanism("exp2syn", &mechanisms).unwrap().unwrap().name, "Exp2Syn");
        assert_eq!(mechanism("InhSyn", &mechanisms).unwrap().unwrap().name, "inhsyn");
        assert!(mechanism("exp3syn", &mechanisms).unwrap().is_none());
    }
}
