//! The output directory and the files in it.
//!
//! BMTK empties the directory. Here only files that are about to be written are replaced, and not
//! even these where the configuration says `"overwrite_output_dir": false`.

use crate::build::Recording;
use crate::problem::{Problem, Problems, list};
use sonata::config::{Config, Report};
use std::path::{Path, PathBuf};

/// Where results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The directory.
    pub directory: PathBuf,
    /// The log.
    pub log: Option<PathBuf>,
    /// The copy of the resolved configuration.
    pub config: PathBuf,
    /// All spikes, HDF5.
    pub spikes: Option<PathBuf>,
    /// All spikes, text.
    pub spikes_csv: Option<PathBuf>,
}

impl Output {
    /// The files of a configuration.
    pub fn of(config: &Config) -> Self {
        let output = &config.output;
        let name = config.file.file_name().unwrap_or_else(|| "config.json".as_ref());
        Self {
            directory: output.output_dir.clone(),
            log: output.log_file.clone(),
            config: output.output_dir.join(name),
            spikes: output.spikes_file.clone(),
            spikes_csv: output.spikes_file_csv.clone(),
        }
    }

    /// Sends what would go to the output directory to another one.
    pub fn redirect(config: &mut Config, directory: &Path) {
        let old = std::mem::replace(&mut config.output.output_dir, directory.to_owned());
        let moved = |path: &Path| path.strip_prefix(&old).map_or_else(|_| path.to_owned(), |rest| directory.join(rest));
        let output = &mut config.output;
        for path in [&mut output.log_file, &mut output.spikes_file, &mut output.spikes_file_csv].into_iter().flatten() {
            *path = moved(path);
        }
        for report in config.reports.values_mut() {
            if let Report::Membrane(report) = report {
                report.file = moved(&report.file);
            }
        }
    }

    /// Creates the directories of all files. The configuration's own file is never replaced.
    ///
    /// # Errors
    /// When they cannot be created, or when files exist and must not be replaced.
    pub fn prepare(&mut self, config: &Config, recordings: &[Recording]) -> Result<(), Problems> {
        if same_file(&self.config, &config.file) {
            self.config = self.config.with_extension("resolved.json");
        }
        let reports = recordings.iter().map(|recording| &recording.file);
        let files: Vec<&PathBuf> = [&self.log, &self.spikes, &self.spikes_csv]
            .into_iter()
            .flatten()
            .chain([&self.config])
            .chain(reports)
            .collect();
        if config.output.overwrite == Some(false) {
            let there: Vec<String> =
                files.iter().filter(|file| file.exists()).map(|file| file.display().to_string()).collect();
            if !there.is_empty() {
                return Err(Problem::run("results of an earlier run would be replaced")
                    .in_file(&self.directory)
                    .note(format!("these files exist: {}", list(&there)))
                    .help("the configuration says \"overwrite_output_dir\": false; remove them, or choose another directory with --output")
                    .into());
            }
        }
        for folder in files.iter().filter_map(|file| file.parent()).chain([self.directory.as_path()]) {
            std::fs::create_dir_all(folder).map_err(|error| Problem::io("create the folder", folder, &error))?;
        }
        Ok(())
    }

    /// Writes the configuration with all variables put in.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_config(&self, config: &Config) -> Result<(), Problem> {
        let text = format!("{:#}\n", config.resolved);
        std::fs::write(&self.config, text).map_err(|error| Problem::io("write", &self.config, &error))
    }
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
