//! `documents`: writes the documents that are made from the compiler's own answers.

use anyhow::{Context, Result};
use clap::Parser;
use conformance::{documents, mistakes};
use std::path::PathBuf;

/// Writes docs/MISTAKES.md and docs/NMODL.md.
#[derive(Debug, Parser)]
struct Arguments {
    /// NEURON's translator, to ask it about tests/mistakes again
    #[arg(long, value_name = "PROGRAM")]
    nocmodl: Option<PathBuf>,
}

fn main() -> Result<()> {
    if let Some(nocmodl) = Arguments::parse().nocmodl {
        mistakes::ask_nocmodl(&nocmodl)?;
    }
    for document in documents::all()? {
        std::fs::write(&document.path, document.text).with_context(|| document.path.display().to_string())?;
    }
    Ok(())
}
