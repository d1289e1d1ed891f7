//! The documents that are made from the compiler's own answers, so that they cannot lie.

use crate::{mistakes, support};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// A document.
pub struct Document {
    /// Where it lies in the repository.
    pub path: PathBuf,
    /// What it must hold.
    pub text: String,
}

/// All of them.
///
/// # Errors
/// When a file they are made from cannot be read.
pub fn all() -> Result<Vec<Document>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    Ok(vec![
        Document { path: docs.join("MISTAKES.md"), text: mistakes::document()? },
        Document { path: docs.join("NMODL.md"), text: support::document() },
    ])
}
