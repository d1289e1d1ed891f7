//! One configuration from one, two or three files.
//!
//! A file may name child files by its keys `network` and `simulation`. Each has its own manifest. The top-level keys
//! of a child replace those of the file that names it.

use super::error::{ConfigError, Problem};
use super::manifest::Manifest;
use super::object::Context;
use super::{paths, read_json};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// A top-level key: its value, with variables put in, and the file it comes from.
pub struct Section {
    /// The file.
    pub file: PathBuf,
    /// The value.
    pub value: Value,
}

/// Reads a configuration file and its children. `None` if a file can't be read or is no JSON object.
pub fn merged(
    context: &Context,
    file: &Path,
    variables: &IndexMap<String, Value>,
) -> Option<IndexMap<String, Section>> {
    merge_file(context, file, variables, &mut Vec::new())
}

fn merge_file(
    context: &Context,
    file: &Path,
    variables: &IndexMap<String, Value>,
    parents: &mut Vec<PathBuf>,
) -> Option<IndexMap<String, Section>> {
    let object = match read_json(file) {
        Ok(Value::Object(object)) => object,
        Ok(other) => {
            context.wrong_type(file, "", "an object", &other);
            return None;
        }
        Err(error) => {
            context.error(ConfigError::File(error));
            return None;
        }
    };
    parents.push(file.to_owned());
    let manifest = manifest(context, file, &object, variables);
    let mut sections = IndexMap::new();
    for (key, value) in object.iter().filter(|(k, _)| *k != "manifest") {
        for problem in manifest.undefined_in(value) {
            context.warn(file, &format!("/{key}"), format!("{problem}; it is left as it is"));
        }
        sections.insert(key.clone(), Section { file: file.to_owned(), value: manifest.substitute(value) });
    }
    for key in ["network", "simulation"] {
        let Some(section) = sections.shift_remove(key) else { continue };
        let pointer = format!("/{key}");
        let Value::String(path) = &section.value else {
            context.wrong_type(file, &pointer, "the path of a configuration file", &section.value);
            continue;
        };
        let child = match paths::existing(path, &[file]) {
            Ok(child) => child,
            Err(tried) => {
                context.problem(file, &pointer, Problem::NotFound { tried });
                continue;
            }
        };
        if parents.contains(&child) {
            context.problem(file, &pointer, Problem::Invalid(format!("{} includes itself", child.display())));
            continue;
        }
        for (key, section) in merge_file(context, &child, variables, parents)? {
            if sections.get(&key).is_some_and(|own| own.value != section.value) {
                let message = format!("replaced by the one of {}", child.display());
                context.warn(file, &format!("/{key}"), message);
            }
            sections.insert(key, section);
        }
    }
    parents.pop();
    Some(sections)
}

fn manifest(
    context: &Context,
    file: &Path,
    object: &Map<String, Value>,
    variables: &IndexMap<String, Value>,
) -> Manifest {
    let written = match object.get("manifest") {
        Some(Value::Object(written)) => Some(written),
        Some(other) => {
            context.wrong_type(file, "/manifest", "an object", other);
            None
        }
        None => None,
    };
    let (manifest, problems) = Manifest::resolve(written, variables, file);
    for (key, problem) in problems {
        context.problem(file, &format!("/manifest/{key}"), problem);
    }
    manifest
}
