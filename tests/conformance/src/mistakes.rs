//! Usual mistakes: a file of each in `tests/mistakes`, what the compiler says, and what NEURON's translator says.
//!
//! `docs/MISTAKES.md` is made from them. NEURON's answers lie beside the files (`NAME.nocmodl`), so that the document can be
//! made without NEURON.

use crate::corpus::translator;
use anyhow::{Context, Result};
use codegen::{Options, compile};
use nmodl_parser::SourceFile;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A file with a mistake.
pub struct Mistake {
    /// The file.
    pub path: PathBuf,
    /// Its text; the first line is `TITLE` and says what is wrong.
    pub source: SourceFile,
    /// What the compiler says, as a user sees it.
    pub said: String,
    /// Whether there is a mechanism nevertheless.
    pub accepted: bool,
}

/// The folder of the repository that holds the files.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../mistakes")
}

/// All mistakes, in order of their names.
///
/// # Errors
/// When a file cannot be read.
pub fn all() -> Result<Vec<Mistake>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder()).context("tests/mistakes")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "mod") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> Result<Mistake> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let source = SourceFile::new(name, text);
    let (mechanism, diagnostics) = compile(&source, &Options::default());
    let said = diagnostics.iter().map(|diagnostic| diagnostic.render(&source, false)).collect();
    Ok(Mistake { path, source, said, accepted: mechanism.is_some() })
}

/// Asks NEURON's translator about each file and keeps its answers.
///
/// # Errors
/// When it cannot be run or a file cannot be written.
pub fn ask_nocmodl(nocmodl: &Path) -> Result<()> {
    for mistake in all()? {
        let out = tempfile::tempdir()?;
        let (accepted, said) = translator::translate(nocmodl, &mistake.path, out.path())?;
        let lines = said.lines().filter(|line| !line.starts_with("Translating ") && *line != "Thread Safe");
        let said: Vec<&str> = lines.map(str::trim_end).collect();
        let said = said.join("\n");
        let answer = match (accepted, said.trim().is_empty()) {
            (true, true) => "(accepted without a message)\n".to_owned(),
            (true, false) => format!("{said}\n(accepted)\n"),
            (false, _) => format!("{said}\n"),
        };
        std::fs::write(mistake.path.with_extension("nocmodl"), answer)?;
    }
    Ok(())
}

const HEAD: &str = "\
# Usual mistakes

What `modgen check` says about mistakes that are often made, beside the answer of NEURON 9's translator `nocmodl` to the same
file. The files lie in `tests/mistakes`. This document is made by `cargo run -p conformance --bin documents`.

";

/// `docs/MISTAKES.md`.
///
/// # Errors
/// When a file cannot be read.
pub fn document() -> Result<String> {
    let mut out = HEAD.to_owned();
    for mistake in all()? {
        let text = &mistake.source.text;
        let title = text.lines().next().unwrap_or_default().trim_start_matches("TITLE").trim();
        let nocmodl = mistake.path.with_extension("nocmodl");
        let nocmodl = std::fs::read_to_string(&nocmodl).with_context(|| nocmodl.display().to_string())?;
        let accepted = if mistake.accepted { "(accepted)\n" } else { "" };
        // A blank at the end of a line would be lost in many editors.
        let said: String = mistake.said.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        let _ = write!(
            out,
            "## {title}\n\n`modgen`:\n\n```text\n{said}{accepted}```\n\n`nocmodl`:\n\n```text\n{}\n```\n\n",
            nocmodl.trim_end()
        );
    }
    Ok(out.trim_end().to_owned() + "\n")
}
