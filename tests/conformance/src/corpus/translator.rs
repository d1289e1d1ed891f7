//! NEURON's own translator, asked whether it accepts a file.

use anyhow::{Context, Result};
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether `nocmodl` translates the file to C++ with exit status 0. The file's folder is where it finds INCLUDEs.
///
/// # Errors
/// When the program cannot be run.
pub fn accepts(nocmodl: &Path, file: &Path) -> Result<bool> {
    let out = tempfile::tempdir().context("a temporary directory")?;
    Ok(translate(nocmodl, file, out.path())?.0)
}

/// Runs `nocmodl` on a file, with its output in `out`; whether it succeeded, and what it said.
///
/// # Errors
/// When the program cannot be run.
pub fn translate(nocmodl: &Path, file: &Path, out: &Path) -> Result<(bool, String)> {
    let file = file.canonicalize().with_context(|| format!("cannot find {}", file.display()))?;
    let mut command = Command::new(nocmodl);
    command.arg(file.file_name().unwrap_or_default()).arg("-o").arg(out).stdin(Stdio::null());
    if let Some(folder) = file.parent() {
        command.current_dir(folder);
    }
    // Beside the program in NEURON's distributions.
    let units = nocmodl.parent().map(|bin| bin.join("../share/nrn/lib/nrnunits.lib"));
    if let Some(units) = units.filter(|units| units.is_file()) {
        command.env("MODLUNIT", units);
    }
    let output = command.output().with_context(|| format!("cannot run {}", nocmodl.display()))?;
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Ok((output.status.success(), said))
}
