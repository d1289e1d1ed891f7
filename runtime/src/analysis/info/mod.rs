//! What a file of SONATA holds.

mod network;
mod results;

use super::AnalysisError;
use network::{Edges, Nodes};
use results::{Field, Report, Spikes};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// What there is in a file.
#[derive(Clone, Debug, Serialize)]
pub struct FileInfo {
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What it holds.
    #[serde(flatten)]
    pub content: Content,
}

/// What a file holds, population by population.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Nodes.
    Nodes(Vec<Nodes>),
    /// Edges.
    Edges(Vec<Edges>),
    /// Spikes.
    Spikes(Vec<Spikes>),
    /// Values of elements of cells.
    Reports(Vec<Report>),
    /// Potentials at electrodes.
    Ecp(Field),
}

impl FileInfo {
    /// Looks into a file; `types` is the table of its types.
    ///
    /// # Errors
    /// When it cannot be read, or is no file of SONATA.
    pub fn read(file: &Path, types: Option<&Path>) -> Result<Vec<Self>, AnalysisError> {
        let bytes = std::fs::metadata(file).map_or(0, |data| data.len());
        let of = |content| Self { file: file.to_owned(), bytes, content };
        if file.extension().is_some_and(|ending| ending == "csv") {
            return Ok(vec![of(Content::Spikes(results::spikes(&sonata::spikes::read_csv(file)?)))]);
        }
        let h5 = sonata::h5::File::open(file)?;
        let mut found = Vec::new();
        if h5.exists("/nodes") {
            found.push(of(Content::Nodes(network::nodes(file, types)?)));
        }
        if h5.exists("/edges") {
            found.push(of(Content::Edges(network::edges(file, types)?)));
        }
        if h5.exists("/spikes") {
            found.push(of(Content::Spikes(results::spikes(&sonata::spikes::read_h5(file)?))));
        }
        if h5.exists("/report") {
            found.push(of(Content::Reports(results::reports(&sonata::Report::open(file)?)?)));
        }
        if h5.exists("/ecp/data") {
            found.push(of(Content::Ecp(results::field(&sonata::ecp::Ecp::open(file)?)?)));
        }
        if found.is_empty() {
            let what = "nodes, edges, spikes, reports or potentials";
            return Err(AnalysisError::Nothing { path: file.to_owned(), what });
        }
        Ok(found)
    }
}

impl fmt::Display for FileInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({})", self.file.display(), super::table::bytes(self.bytes as f64))?;
        match &self.content {
            Content::Nodes(all) => all.iter().try_for_each(|one| one.fmt(f)),
            Content::Edges(all) => all.iter().try_for_each(|one| one.fmt(f)),
            Content::Spikes(all) if all.is_empty() => writeln!(f, "no spikes"),
            Content::Spikes(all) => all.iter().try_for_each(|one| one.fmt(f)),
            Content::Reports(all) => all.iter().try_for_each(|one| one.fmt(f)),
            Content::Ecp(field) => field.fmt(f),
        }
    }
}
