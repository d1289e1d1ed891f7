//! Simulation configurations: `config.json`, alone or with the files that its `network` and `simulation` name.
//!
//! [`Config::load`] reads the JSON, puts in the variables of the manifest, finds the files that paths mean, and gives
//! typed sections. It looks at everything before it gives up, so that all problems of a configuration come at once.
//! Unlike BMTK, which passes over keys that it does not know, it names them: a key that BMTK reads and we do not
//! understand, or that nobody reads, is an error; a key that BMTK itself has no use for is a [`Warning`].
//!
//! Relative paths mean files beside the configuration; where there is nothing of that name, files under the working
//! directory (where BMTK looks). Backslashes separate folders where the name as written does not exist. What is
//! written by the simulation goes beside the configuration.

mod error;
mod extension;
mod fields;
mod inputs;
mod manifest;
mod merge;
mod object;
mod paths;
mod reports;
mod sections;

pub use error::{ConfigError, Problem, Warning};
pub use extension::{Level, Shape, Shots, Stimulus};
pub use fields::{Comsol, FieldStimulus, VoltageClamp, Waveform};
pub use inputs::{
    CurrentClamp, CurrentSweep, CurrentTable, Input, Place, Pulse, Replay, SpikeFormat, SpikeInput, SynapticActivity,
};
pub use reports::{ExtracellularReport, MembraneReport, Nearest, Report, Scaling};
pub use sections::{Components, Conditions, EdgesFiles, Networks, NodesFiles, Output, Run};

use crate::error::Error;
use indexmap::IndexMap;
use object::Context;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A configuration, resolved and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file.
    pub file: PathBuf,
    /// Time and space steps.
    pub run: Run,
    /// The state at the start.
    pub conditions: Conditions,
    /// Where the parts of models are.
    pub components: Components,
    /// The network's files.
    pub networks: Networks,
    /// Node sets as written; see [`crate::node_sets`].
    pub node_sets: IndexMap<String, Value>,
    /// Stimuli, in the order of the file, without those that are not enabled.
    pub inputs: IndexMap<String, Input>,
    /// Recordings, in the order of the file, without those that are not enabled.
    pub reports: IndexMap<String, Report>,
    /// Where results go.
    pub output: Output,
    /// The whole configuration with variables put in and child files merged, as BMTK copies it to the output folder.
    pub resolved: Value,
}

impl Config {
    /// Loads a configuration; gives it with what should be known about it, or all that is wrong with it.
    pub fn load(file: &Path) -> Result<(Config, Vec<Warning>), Vec<ConfigError>> {
        Config::load_with(file, &IndexMap::new())
    }

    /// Loads a configuration with variables that go before those of the manifest.
    pub fn load_with(
        file: &Path,
        variables: &IndexMap<String, Value>,
    ) -> Result<(Config, Vec<Warning>), Vec<ConfigError>> {
        match Config::inspect(file, variables) {
            (Some(config), errors, warnings) if errors.is_empty() => Ok((config, warnings)),
            (_, errors, _) => Err(errors),
        }
    }

    /// Reads a configuration as far as it makes sense, with all that is wrong with it, so that the rest can be checked
    /// besides. With errors it is not to be simulated.
    pub fn inspect(
        file: &Path,
        variables: &IndexMap<String, Value>,
    ) -> (Option<Config>, Vec<ConfigError>, Vec<Warning>) {
        let context = Context::default();
        let config = sections::read(&context, file, variables);
        let (errors, warnings) = context.into_parts();
        (config, errors, warnings)
    }
}

/// Reads a file of JSON.
fn read_json(file: &Path) -> Result<Value, Error> {
    let text = std::fs::read_to_string(file).map_err(|e| Error::io(file, e))?;
    crate::json::parse(&text).map_err(|e| Error::json(file, &e))
}

#[cfg(test)]
mod tests;
