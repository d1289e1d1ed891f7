//! Which files of a run hold spikes, which reports.

use super::AnalysisError;
use sonata::{Report, Spikes};
use std::path::{Path, PathBuf};

/// The HDF5 results in an output folder, or one result file.
#[derive(Debug, Default)]
pub struct ResultFiles {
    /// Spike files with their contents.
    pub spikes: Vec<(PathBuf, Vec<Spikes>)>,
    /// Report files.
    pub reports: Vec<(PathBuf, Report)>,
}

impl ResultFiles {
    /// Finds the results at `path`: a folder (its `.h5` files) or a file.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, or holds no results.
    pub fn find(path: &Path) -> Result<Self, AnalysisError> {
        let files = if path.is_dir() { h5_files(path)? } else { vec![path.to_owned()] };
        let mut found = Self::default();
        for file in files {
            let h5 = sonata::h5::File::open(&file)?;
            if h5.exists("/report") {
                found.reports.push((file.clone(), Report::open(&file)?));
            } else if h5.exists("/spikes") {
                found.spikes.push((file.clone(), sonata::spikes::read_h5(&file)?));
            }
        }
        if found.spikes.is_empty() && found.reports.is_empty() {
            return Err(AnalysisError::Nothing { path: path.to_owned(), what: "spikes or reports" });
        }
        Ok(found)
    }
}

fn h5_files(folder: &Path) -> Result<Vec<PathBuf>, AnalysisError> {
    let failed = |source| AnalysisError::List { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "h5") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
