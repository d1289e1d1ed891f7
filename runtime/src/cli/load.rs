//! Reading a configuration, with its problems and warnings in the program's words.

use crate::problem::{Problem, Problems};
use sonata::config::{Config, ConfigError};
use std::path::Path;

/// Loads a configuration; what is odd about it is told at once.
///
/// # Errors
/// All that is wrong with it.
pub fn load(path: &Path) -> Result<Config, Problems> {
    let (config, warnings) = Config::load(path)
        .map_err(|errors| Problems(errors.into_iter().map(|error| problem(error, path)).collect()))?;
    for warning in warnings {
        let place = format!("{}: {}", warning.file.display(), warning.pointer);
        tracing::warn!(place = %place, "{}", warning.message);
    }
    Ok(config)
}

fn problem(error: ConfigError, config: &Path) -> Problem {
    match error {
        ConfigError::File(sonata::Error::Io { path, source }) if path == config => Problem::io("read", &path, &source),
        ConfigError::File(error) => error.into(),
        ConfigError::At { file, pointer, problem } => {
            Problem::model(problem.to_string()).at(format!("{}: {pointer}", file.display()))
        }
        other => Problem::model(other.to_string()),
    }
}
