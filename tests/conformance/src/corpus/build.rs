//! The emitted Rust through rustc, many mechanisms in a crate.

use super::{Status, Verdict};
use crate::guard::caught;
use anyhow::{Context, Result, bail};
use codegen::back::{Sources, rust};
use codegen::ir::Mechanism;
use codegen::{Options, compile, names};
use nmodl_parser::SourceFile;
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// Most mechanisms in one crate.
const BATCH: usize = 80;

/// The mechanism of the verdict with this index.
type Numbered = (usize, Mechanism);

/// Compiles the emitted Rust of all accepted files and notes what rustc refuses. Warnings count as refusals: generated code
/// must have none.
///
/// # Errors
/// When rustc cannot be run or files cannot be written.
pub fn check(verdicts: &mut [Verdict]) -> Result<()> {
    let compiled: Vec<Numbered> = verdicts
        .par_iter()
        .enumerate()
        .filter(|(_, verdict)| verdict.status == Status::Accepted)
        .filter_map(|(index, verdict)| {
            let source = SourceFile::read(&verdict.path).ok()?;
            let mechanism = caught(|| compile(&source, &Options::default()).0).ok()??;
            Some((index, mechanism))
        })
        .collect();
    let refused: Mutex<Vec<(usize, String)>> = Mutex::default();
    batches(compiled).into_par_iter().try_for_each(|batch| -> Result<()> {
        let found = check_batch(batch, rustc)?;
        if let Ok(mut refused) = refused.lock() {
            refused.extend(found);
        }
        Ok(())
    })?;
    for (index, message) in refused.into_inner().unwrap_or_default() {
        verdicts[index].rust = Some(message);
    }
    Ok(())
}

/// Groups in which no name occurs twice.
fn batches(compiled: Vec<Numbered>) -> Vec<Vec<Numbered>> {
    let mut batches: Vec<(HashSet<String>, Vec<Numbered>)> = Vec::new();
    for (index, mechanism) in compiled {
        let fits = |names: &HashSet<String>| names.len() < BATCH && !names.contains(&mechanism.name);
        let at = batches.iter().position(|(names, _)| fits(names)).unwrap_or_else(|| {
            batches.push(Default::default());
            batches.len() - 1
        });
        batches[at].0.insert(mechanism.name.clone());
        batches[at].1.push((index, mechanism));
    }
    batches.into_iter().map(|(_, batch)| batch).collect()
}

/// Leaves out the modules that rustc names until the rest compiles.
fn check_batch(
    mut batch: Vec<Numbered>,
    compile: impl Fn(&[Numbered]) -> Result<Option<String>>,
) -> Result<Vec<(usize, String)>> {
    let mut refused = Vec::new();
    while !batch.is_empty() {
        let Some(said) = compile(&batch)? else { break };
        let modules = names::modules(batch.iter().map(|(_, mechanism)| mechanism.name.as_str()));
        let mut at = 0;
        let before = batch.len();
        batch.retain(|(index, _)| {
            let place = format!("src/{}.rs:", modules[at]);
            at += 1;
            let first = said.split("\n\n").find(|message| message.contains(&place));
            refused.extend(first.map(|message| (*index, message.trim().to_owned())));
            first.is_none()
        });
        if batch.len() == before {
            bail!("rustc refuses the generated crate, and no mechanism of it:\n{said}");
        }
    }
    Ok(refused)
}

/// What rustc says of the crate of some mechanisms; nothing if it is content.
fn rustc(batch: &[Numbered]) -> Result<Option<String>> {
    let directory = tempfile::tempdir().context("a temporary directory")?;
    let mechanisms: Vec<Mechanism> = batch.iter().map(|(_, mechanism)| mechanism.clone()).collect();
    codegen::build::write_files(directory.path(), &rust::emit_crate(&mechanisms, &Sources::new()))?;
    let output = compiler(directory.path()).output().context("cannot run rustc")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((!output.status.success() || !said.trim().is_empty()).then_some(said))
}

fn compiler(directory: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command
        .current_dir(directory)
        .env_remove("RUSTFLAGS")
        .args(["--edition", "2024", "--crate-type", "lib", "--crate-name", "mechanisms"])
        .args(["--emit", "metadata", "--cfg", "fused", "src/lib.rs"]);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mechanism(name: &str) -> Mechanism {
        let source = SourceFile::new("a.mod", format!("NEURON {{ SUFFIX {name} }}"));
        compile(&source, &Options::default()).0.expect("it compiles")
    }

    #[test]
    fn what_rustc_names_is_left_out_and_the_rest_compiled_again() {
        let batch: Vec<_> = ["a", "b", "c"].map(mechanism).into_iter().enumerate().collect();
        assert_eq!(check_batch(batch.clone(), rustc).expect("rustc"), []);
        let refusing = |batch: &[Numbered]| {
            let bad = batch.iter().any(|(_, mechanism)| mechanism.name == "b");
            Ok(bad.then(|| "error: no\n --> src/b.rs:3:4\n\nerror: aborting".to_owned()))
        };
        let refused = check_batch(batch.clone(), refusing).expect("an answer");
        assert_eq!(refused, [(1, "error: no\n --> src/b.rs:3:4".to_owned())]);
        let error = check_batch(batch, |_| Ok(Some("error: elsewhere".to_owned()))).expect_err("nobody's fault");
        assert!(error.to_string().contains("elsewhere"));
    }

    #[test]
    fn equal_names_go_to_different_crates() {
        let batches = batches(["a", "b", "a"].map(mechanism).into_iter().enumerate().collect());
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }
}
