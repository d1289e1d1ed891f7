//! What is wrong with a configuration, and where.

use crate::suggest;
use std::path::PathBuf;

/// Something wrong in a configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file of the configuration can't be read, or is not JSON.
    #[error(transparent)]
    File(#[from] crate::Error),
    /// A value can't be used.
    #[error("{file}: {pointer}: {problem}")]
    At {
        /// The file.
        file: PathBuf,
        /// The place in it: a JSON pointer, such as `/run/dt`.
        pointer: String,
        /// What is wrong there.
        problem: Problem,
    },
}

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nobody knows this key.
    #[error("unknown key{}", suggest::among(nearest, known))]
    UnknownKey {
        /// The nearest key that is known here.
        nearest: Option<String>,
        /// The keys that are known here.
        known: Vec<String>,
    },
    /// This key must be there.
    #[error("this key is missing{}", hint(help))]
    Missing {
        /// What to write.
        help: &'static str,
    },
    /// The value is of another type.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What is needed.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// The value is of the right type, but makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// The value is a word, but not one of those that mean something.
    #[error("`{found}` is not known{}", suggest::among(nearest, known))]
    UnknownWord {
        /// The word.
        found: String,
        /// The nearest word that is known.
        nearest: Option<String>,
        /// The words that are known.
        known: Vec<String>,
    },
    /// This means something to others, but is not supported here.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// A variable of the manifest is not defined.
    #[error("the variable `${name}` is not defined{}", suggest::among(nearest, known))]
    UndefinedVariable {
        /// The variable.
        name: String,
        /// The nearest variable that is defined.
        nearest: Option<String>,
        /// The variables that are defined.
        known: Vec<String>,
    },
    /// Variables of the manifest are defined by each other.
    #[error("the variable `${name}` is defined by itself")]
    CircularVariable {
        /// The variable.
        name: String,
    },
    /// A file that is needed is not there.
    #[error("there is no file {}", list(tried))]
    NotFound {
        /// Where it was looked for.
        tried: Vec<PathBuf>,
    },
}

/// Something in a configuration that the user should know about.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The file.
    pub file: PathBuf,
    /// The place in it: a JSON pointer.
    pub pointer: String,
    /// What to know.
    pub message: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.file.display(), self.pointer, self.message)
    }
}

fn hint(help: &str) -> String {
    if help.is_empty() { String::new() } else { format!(": {help}") }
}

fn list(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    paths.join(", nor ")
}
