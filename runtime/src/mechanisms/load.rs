//! All mechanisms of a model: found, compiled to IR, and put in order.

use super::find::{Origin, declared_name, mod_files};
use super::order::execution_order;
use super::stock::stock_files;
use crate::problem::{Collector, Problem, Problems, count, list};
use codegen::ir::Mechanism;
use codegen::manifest::MechanismManifest;
use nmodl_parser::{Diagnostic, SourceFile};
use rayon::prelude::*;
use std::path::PathBuf;

/// The mechanisms that a model may use.
#[derive(Debug, Default)]
pub struct Mechanisms {
    /// Those that could be compiled, in order of execution.
    pub compiled: Vec<Mechanism>,
    /// Their manifests.
    pub manifests: Vec<MechanismManifest>,
    /// Those that could not.
    pub refused: Vec<Refused>,
    /// Whether tables are used where the files ask for TABLE.
    pub tables: bool,
    /// Where `.mod` files were looked for.
    pub folders: Vec<PathBuf>,
    /// Names of those that are part of this program.
    pub stock: Vec<String>,
}

/// A `.mod` file that could not be compiled: an error only if the model needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The mechanism that it declares.
    pub name: String,
    /// The file, and the line of the first error.
    pub place: String,
    /// The first error in one line.
    pub reason: String,
    /// All errors with the lines they point at.
    pub rendered: String,
}

/// A source with the name that it declares.
struct Candidate {
    source: SourceFile,
    origin: Origin,
    name: String,
}

/// Compiles the `.mod` files of some folders, and the stock mechanisms that these do not replace.
///
/// # Errors
/// When folders or files cannot be read, or two files declare the same mechanism.
pub fn load_mechanisms(folders: &[PathBuf]) -> Result<Mechanisms, Problems> {
    load_mechanisms_with(folders, &codegen::Options::default())
}

/// The same with options of the compiler.
///
/// # Errors
/// As [`load_mechanisms`].
pub fn load_mechanisms_with(folders: &[PathBuf], options: &codegen::Options) -> Result<Mechanisms, Problems> {
    let candidates = candidates(folders)?;
    let outcomes: Vec<(Option<Mechanism>, Vec<Diagnostic>)> =
        candidates.par_iter().map(|candidate| codegen::compile(&candidate.source, options)).collect();
    let mut mechanisms = Mechanisms { folders: folders.to_vec(), tables: options.tables, ..Mechanisms::default() };
    let of_program = candidates.iter().filter(|candidate| candidate.origin == Origin::Stock);
    mechanisms.stock = of_program.map(|candidate| candidate.name.clone()).collect();
    let mut compiled: Vec<(Mechanism, MechanismManifest, &Origin)> = Vec::new();
    for (candidate, (mechanism, diagnostics)) in candidates.iter().zip(outcomes) {
        for warning in diagnostics.iter().filter(|diagnostic| !diagnostic.is_error()) {
            tracing::debug!("{}", warning.render(&candidate.source, false).trim_end());
        }
        match mechanism {
            Some(mechanism) => {
                let manifest = MechanismManifest::of(&mechanism);
                compiled.push((mechanism, manifest, &candidate.origin));
            }
            None => mechanisms.refused.push(refused(candidate, &diagnostics)),
        }
    }
    let keys: Vec<(&MechanismManifest, &Origin)> =
        compiled.iter().map(|(_, manifest, origin)| (manifest, *origin)).collect();
    let order = execution_order(&keys);
    let mut slots: Vec<Option<(Mechanism, MechanismManifest)>> =
        compiled.into_iter().map(|(mechanism, manifest, _)| Some((mechanism, manifest))).collect();
    for (mechanism, manifest) in order.into_iter().filter_map(|index| slots[index].take()) {
        mechanisms.compiled.push(mechanism);
        mechanisms.manifests.push(manifest);
    }
    tracing::debug!(
        "{} compiled, {} refused; in order of execution: {}",
        count(mechanisms.compiled.len(), "mechanism"),
        mechanisms.refused.len(),
        mechanisms.manifests.iter().map(|manifest| manifest.name.as_str()).collect::<Vec<_>>().join(", ")
    );
    Ok(mechanisms)
}

/// The SUFFIX of files that have functions for HOC and no mechanism.
const NO_MECHANISM: &str = "nothing";

/// The model's files, then stock ones of other names.
fn candidates(folders: &[PathBuf]) -> Result<Vec<Candidate>, Problems> {
    let mut collector = Collector::default();
    let mut candidates: Vec<Candidate> = Vec::new();
    for path in mod_files(folders)? {
        let Some(source) = collector.keep(SourceFile::read(&path).map_err(|error| Problem::io("read", &path, &error)))
        else {
            continue;
        };
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = declared_name(&source.text, &stem);
        if name == NO_MECHANISM {
            tracing::debug!("{} has functions for HOC and no mechanism", path.display());
            continue;
        }
        if let Some(other) = candidates.iter().find(|other| other.name == name) {
            collector.push(
                Problem::model(format!("mechanism `{name}` is declared twice"))
                    .in_file(&path)
                    .note(format!("also in {}", other.source.name))
                    .help("rename one of them, or remove its file"),
            );
            continue;
        }
        candidates.push(Candidate { source, origin: Origin::File(path), name });
    }
    let mut replaced = Vec::new();
    let own = candidates.len();
    for source in stock_files() {
        let stem = source.name.trim_end_matches(".mod").to_owned();
        let name = declared_name(&source.text, &stem);
        if let Some(candidate) = candidates[..own].iter().find(|candidate| candidate.name == name) {
            if candidate.source.text != source.text {
                replaced.push(name);
            }
        } else {
            candidates.push(Candidate { source, origin: Origin::Stock, name });
        }
    }
    if !replaced.is_empty() {
        tracing::info!(
            "the model's own files are used for {}, not the stock mechanisms of these names",
            list(&replaced)
        );
    }
    collector.finish(candidates)
}

fn refused(candidate: &Candidate, diagnostics: &[Diagnostic]) -> Refused {
    let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    let first = errors.first();
    let place = first.and_then(|error| error.labels.first()).map_or_else(
        || candidate.source.name.clone(),
        |label| {
            let place = candidate.source.place(label.span);
            format!("{}:{}", place.file, place.line())
        },
    );
    let rendered: Vec<String> = errors.iter().map(|error| error.render(&candidate.source, false)).collect();
    Refused {
        name: candidate.name.clone(),
        place,
        reason: first.map_or_else(String::new, |error| error.message.clone()),
        rendered: rendered.join("\n"),
    }
}
