//! What can go wrong while a file is read or written: one enum, with the file, the place in it and the names that
//! were possible, so that a front end can show more than a sentence.
//!
//! Problems of a configuration have their own type ([`crate::config::ConfigError`]), because many of them are
//! collected at a time.

use std::path::{Path, PathBuf};

/// An error of reading or writing a data file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Its reason.
        source: std::io::Error,
    },
    /// The HDF5 library refused.
    #[error("{file}: {object}: {message}")]
    Hdf5 {
        /// The file.
        file: PathBuf,
        /// The group, dataset or attribute.
        object: String,
        /// The library's reason.
        message: String,
    },
    /// A group, dataset or attribute that must be there is not.
    #[error("{file}: there is no {kind} {object}{}", crate::suggest::among(nearest, known))]
    NoObject {
        /// The file.
        file: PathBuf,
        /// What was looked for: "group", "dataset", "attribute".
        kind: &'static str,
        /// Its path in the file.
        object: String,
        /// The nearest name that is there.
        nearest: Option<String>,
        /// All names that are there.
        known: Vec<String>,
    },
    /// A dataset has another type or rank than can be used.
    #[error("{file}: {object}: expected {expected}, found {found}")]
    WrongKind {
        /// The file.
        file: PathBuf,
        /// The dataset or attribute.
        object: String,
        /// What is needed.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A dataset has another number of rows than the one it goes with.
    #[error("{file}: {object}: expected {expected} rows, found {found}")]
    WrongLength {
        /// The file.
        file: PathBuf,
        /// The dataset.
        object: String,
        /// The number of rows needed.
        expected: usize,
        /// The number of rows found.
        found: usize,
    },
    /// A value of a dataset makes no sense.
    #[error("{file}: {object}: row {row}: {message}")]
    BadRow {
        /// The file.
        file: PathBuf,
        /// The dataset.
        object: String,
        /// The row, counted from 0.
        row: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A line of a text table can't be read.
    #[error("{file}:{line}: {message}")]
    Table {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
    /// A JSON file can't be read.
    #[error("{file}:{line}:{column}: {message}")]
    Json {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A parameter of a JSON parameter file is missing or not of the needed kind.
    #[error("{file}: {key}: {message}")]
    Parameter {
        /// The file.
        file: PathBuf,
        /// The key.
        key: String,
        /// What is wrong with it.
        message: String,
    },
    /// Neither the group nor the types table has an attribute that is needed.
    #[error(transparent)]
    NoAttribute(#[from] Box<NoAttribute>),
    /// An attribute is not of the needed kind.
    #[error("{file}: {object}: row {row}: `{name}`: expected {expected}, found {found}")]
    BadAttribute {
        /// The file with the value: the HDF5 file, or the types table.
        file: PathBuf,
        /// The population, as a path in the file.
        object: String,
        /// The row, counted from 0.
        row: usize,
        /// The attribute.
        name: String,
        /// What is needed.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A node set can't be resolved.
    #[error("node set {set}: {message}{}", crate::suggest::among(nearest, known))]
    NodeSet {
        /// The node set: its name, or its text.
        set: String,
        /// What is wrong with it.
        message: String,
        /// The nearest name that would do.
        nearest: Option<String>,
        /// The names that would do.
        known: Vec<String>,
    },
}

/// Neither the group nor the type of a row has an attribute that is needed.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file}: {object}: row {row} has no `{name}`, neither in group {group} nor in {types}{}",
    crate::suggest::hint(nearest)
)]
pub struct NoAttribute {
    /// The file with the rows.
    pub file: PathBuf,
    /// The population, as a path in the file.
    pub object: String,
    /// The row, counted from 0.
    pub row: usize,
    /// The group of that row.
    pub group: u32,
    /// The types table and the type of that row.
    pub types: String,
    /// The attribute.
    pub name: String,
    /// The nearest attribute that is there.
    pub nearest: Option<String>,
}

impl Error {
    /// An operating system error about `path`.
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Error::Io { path: path.to_owned(), source }
    }

    /// A JSON syntax error in `file`.
    pub(crate) fn json(file: &Path, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        Error::Json { file: file.to_owned(), line, column, message: json_message(error) }
    }
}

/// The text of a JSON error without the position that serde_json appends to it.
pub(crate) fn json_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
