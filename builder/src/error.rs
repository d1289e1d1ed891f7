//! What can go wrong while a network is built: the message names the call and the argument.

use std::path::PathBuf;

/// An error of building or saving a network.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument of a call makes no sense.
    #[error("{call}: {argument}: {message}")]
    Argument {
        /// The method.
        call: &'static str,
        /// The argument.
        argument: String,
        /// What is wrong with it, and what would do.
        message: String,
    },
    /// A rule gave a result that can't be used.
    #[error("{network}: edge type {edge_type_id}: {argument}: {message}")]
    Rule {
        /// The network that is built.
        network: String,
        /// The edge type that the rule belongs to.
        edge_type_id: i64,
        /// The argument that holds the rule: `connection_rule`, or the name of a property.
        argument: String,
        /// What is wrong.
        message: String,
    },
    /// A rule written in another language failed with an error of that language.
    #[error("{0}")]
    Foreign(Box<dyn std::error::Error + Send + Sync>),
    /// The building was stopped; see [`crate::Progress::stop`].
    #[error("the building was stopped")]
    Stopped,
    /// A SONATA file can't be read or written.
    #[error(transparent)]
    Sonata(#[from] sonata::Error),
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Its reason.
        source: std::io::Error,
    },
}

impl Error {
    /// A wrong argument.
    pub fn argument(call: &'static str, argument: impl Into<String>, message: impl Into<String>) -> Error {
        Error::Argument { call, argument: argument.into(), message: message.into() }
    }

    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Error {
        Error::Io { path: path.into(), source }
    }
}

/// The result of a step of building.
pub type Result<T> = std::result::Result<T, Error>;
