//! Which files of a run hold spikes, which reports.

use super::AnalysisError;
use sonata::ecp::Ecp;
use sonata::{Report, Spikes};
use std::path::{Path, PathBuf};

/// The results in an output folder, or one result file.
#[derive(Debug, Default)]
pub struct ResultFiles {
    /// Spike files with their contents.
    pub spikes: Vec<(PathBuf, Vec<Spikes>)>,
    /// Report files.
    pub reports: Vec<(PathBuf, Report)>,
    /// Files of potentials at electrodes.
    pub fields: Vec<(PathBuf, Ecp)>,
}

impl ResultFiles {
    /// Finds the results at `path`: a folder (its `.h5` files; its tables of spikes if none of them has any) or a file.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, or holds no results.
    pub fn find(path: &Path) -> Result<Self, AnalysisError> {
        let mut found = Self::default();
        if !path.is_dir() {
            found.open(path)?;
        } else {
            for file in files(path, "h5")? {
                found.open(&file)?;
            }
            if found.spikes.is_empty() {
                // Other tables may be there, too.
                for file in files(path, "csv")?.into_iter().filter(|file| named_spikes(file)) {
                    found.open(&file)?;
                }
            }
        }
        if found.spikes.is_empty() && found.reports.is_empty() && found.fields.is_empty() {
            return Err(AnalysisError::Nothing { path: path.to_owned(), what: "spikes or reports" });
        }
        Ok(found)
    }

    fn open(&mut self, file: &Path) -> Result<(), AnalysisError> {
        if file.extension().is_some_and(|extension| extension == "csv") {
            self.spikes.push((file.to_owned(), sonata::spikes::read_csv(file)?));
            return Ok(());
        }
        let h5 = sonata::h5::File::open(file)?;
        if h5.exists("/report") {
            self.reports.push((file.to_owned(), Report::open(file)?));
        } else if h5.exists("/spikes") {
            self.spikes.push((file.to_owned(), sonata::spikes::read_h5(file)?));
        } else if h5.exists("/ecp/data") {
            self.fields.push((file.to_owned(), Ecp::open(file)?));
        }
        Ok(())
    }
}

fn named_spikes(file: &Path) -> bool {
    file.file_stem().is_some_and(|name| name.to_string_lossy().contains("spikes"))
}

fn files(folder: &Path, wanted: &str) -> Result<Vec<PathBuf>, AnalysisError> {
    let failed = |source| AnalysisError::List { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == wanted) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
