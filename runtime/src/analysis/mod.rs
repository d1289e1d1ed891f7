//! Looking at results: comparison of two runs, pictures, what a file holds.

mod compare;
mod files;
mod groups;
mod ids;
mod info;
mod plot;
pub(crate) mod table;

pub use compare::{Comparison, Divergence, FileComparison, Tolerances, compare};
pub use files::ResultFiles;
pub use groups::{Group, Groups, Wanted};
pub use ids::Ids;
pub use info::{Content, FileInfo};
pub use plot::{Elements, Kind, Options, plot};

use crate::problem::list;
use std::path::PathBuf;

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
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Nothing to look at.
    #[error("{path} has no {what}; give the output folder of a run, or an .h5 file of one")]
    Nothing {
        /// The folder or file.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// There are results, but none of those that were asked for.
    #[error(
        "nothing of what was asked for is there{}{}{}",
        named(" as", kinds),
        named("; the populations are", populations),
        named("; the variables are", variables)
    )]
    NothingChosen {
        /// Kinds of pictures.
        kinds: Vec<String>,
        /// What there is.
        populations: Vec<String>,
        /// What there is.
        variables: Vec<String>,
    },
    /// No node has such an attribute.
    #[error("no node has the attribute `{attribute}`{}", named("; the attributes are", known))]
    NoAttribute {
        /// The attribute.
        attribute: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// It is not known who the nodes are.
    #[error(
        "node sets and attributes are known from a configuration: give it in place of the results, or with --config"
    )]
    NeedsConfig,
    /// The picture cannot be drawn.
    #[error("cannot draw {path}: {reason}")]
    Draw {
        /// The picture.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

fn named(before: &str, names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("{before} {}", list(names)) }
}

/// A number with as many digits as matter to a reader.
pub(crate) fn short(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{}", if (rounded - value).abs() < 1e-9 { rounded } else { value })
}

#[cfg(test)]
mod tests;
