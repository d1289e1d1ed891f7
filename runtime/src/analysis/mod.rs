//! Looking at results: comparison of two runs, and pictures of traces.

mod compare;
mod files;
mod plot;

pub use compare::{Comparison, FileComparison, compare};
pub use files::ResultFiles;
pub use plot::plot;

/// Why results cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// A file cannot be read.
    #[error(transparent)]
    Sonata(#[from] sonata::Error),
    /// A folder cannot be listed.
    #[error("cannot list {path}: {source}")]
    List {
        /// The folder.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Nothing to look at.
    #[error("{path} has no {what}; give the output folder of a run, or an .h5 file of one")]
    Nothing {
        /// The folder or file.
        path: std::path::PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// The picture cannot be drawn.
    #[error("cannot draw {path}: {reason}")]
    Draw {
        /// The picture.
        path: std::path::PathBuf,
        /// Why.
        reason: String,
    },
}

#[cfg(test)]
mod tests;
