//! Reading a configuration, with its problems and warnings in the program's words.

use crate::problem::{Problem, Problems};
use indexmap::IndexMap;
use sonata::config::{Config, ConfigError, Warning};
use std::path::Path;

/// Loads a configuration; what is odd about it is told at once.
///
/// # Errors
/// All that is wrong with it.
pub fn load(path: &Path) -> Result<Config, Problems> {
    match inspect(path) {
        (Some(config), problems) if problems.is_empty() => Ok(config),
        (_, problems) => Err(Problems(problems)),
    }
}

/// Loads a configuration as far as it makes sense, with all that is wrong with it; what is odd about it is told at once.
pub fn inspect(path: &Path) -> (Option<Config>, Vec<Problem>) {
    let (config, errors, warnings) = Config::inspect(path, &IndexMap::new());
    warnings.iter().for_each(tell);
    (config, errors.into_iter().map(|error| problem(error, path)).collect())
}

/// Loads the configuration of a run that is over, without a word on what is odd about it.
///
/// # Errors
/// All that is wrong with it.
pub fn load_quietly(path: &Path) -> Result<Config, Problems> {
    let loaded = Config::load(path).map(|(config, _)| config);
    loaded.map_err(|errors| Problems(errors.into_iter().map(|error| problem(error, path)).collect()))
}

fn tell(warning: &Warning) {
    let place = format!("{}: {}", warning.file.display(), warning.pointer);
    tracing::warn!(place = %place, "{}", warning.message);
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
