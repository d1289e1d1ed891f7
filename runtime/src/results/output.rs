//! The output directory and the files in it.
//!
//! BMTK empties the directory. Here only files that are about to be written are replaced, and these only where the
//! configuration says `"overwrite_output_dir": true` or the user `--overwrite`.

use crate::problem::{Problem, Problems, list};
use sonata::config::{Config, Input, Report};
use std::fs::OpenOptions;
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
            match report {
                Report::Membrane(report) => report.file = moved(&report.file),
                Report::Extracellular(report) => {
                    report.file = moved(&report.file);
                    report.contributions = report.contributions.as_deref().map(moved);
                }
                _ => {}
            }
        }
    }

    /// Creates the directories of all files and looks whether the files can be written. The files of
    /// the model are never replaced, those of an earlier run if the configuration or `overwrite` allows it.
    ///
    /// # Errors
    /// When they cannot be written, when two of them are the same or one belongs to the model, or when
    /// files exist and must not be replaced.
    pub fn prepare(&mut self, config: &Config, reports: &[&PathBuf], overwrite: bool) -> Result<(), Problems> {
        self.keep_config(config);
        let files = self.files(reports);
        if !overwrite {
            check_kept(&files, config, &self.directory)?;
        }
        for folder in files.iter().filter_map(|file| file.parent()).chain([self.directory.as_path()]) {
            std::fs::create_dir_all(folder).map_err(|error| Problem::io("create the folder", folder, &error))?;
        }
        check_distinct(&files, config)?;
        files.iter().try_for_each(|file| check_writable(file)).map_err(Problems::from)
    }

    /// What is wrong with the files of results, as far as that can be said without writing anything.
    pub fn problems(&mut self, config: &Config) -> Vec<Problem> {
        self.keep_config(config);
        let mut reports: Vec<&PathBuf> = Vec::new();
        for report in config.reports.values() {
            match report {
                // Reports of several variables share a file.
                Report::Membrane(report) if reports.contains(&&report.file) => {}
                Report::Membrane(report) => reports.push(&report.file),
                Report::Extracellular(report) => reports.push(&report.file),
                _ => {}
            }
        }
        let files = self.files(&reports);
        if check_kept(&files, config, &self.directory).is_err() {
            tracing::info!(place = %self.directory.display(), "there are results of an earlier run; to replace them run with --overwrite");
        }
        let distinct = check_distinct(&files, config);
        let folders = files.iter().filter_map(|file| file.ancestors().skip(1).find(|folder| folder.exists()));
        let no_folder = folders
            .filter(|folder| !folder.is_dir())
            .map(|file| Problem::run("results cannot be written there: it is a file and no folder").in_file(file));
        let folder = files.iter().filter(|file| file.is_dir());
        let no_file =
            folder.map(|folder| Problem::run("results cannot be written there: it is a folder").in_file(folder));
        distinct.err().into_iter().chain(no_folder).chain(no_file).collect()
    }

    /// The copy of the configuration does not replace it.
    fn keep_config(&mut self, config: &Config) {
        if same_file(&self.config, &config.file) {
            self.config = self.config.with_extension("resolved.json");
        }
    }

    fn files<'a>(&'a self, reports: &[&'a PathBuf]) -> Vec<&'a PathBuf> {
        let own = [&self.log, &self.spikes, &self.spikes_csv].into_iter().flatten();
        own.chain([&self.config]).chain(reports.iter().copied()).collect()
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

/// Refuses to replace results of an earlier run, unless the configuration allows it.
fn check_kept(files: &[&PathBuf], config: &Config, directory: &Path) -> Result<(), Problem> {
    let there: Vec<String> =
        files.iter().filter(|file| file.is_file()).map(|file| file.display().to_string()).collect();
    if config.output.overwrite.or(config.run.overwrite) == Some(true) || there.is_empty() {
        return Ok(());
    }
    Err(Problem::run("results of an earlier run would be replaced")
        .in_file(directory)
        .note(format!("these files exist: {}", list(&there)))
        .help("to replace them run with --overwrite, or write \"overwrite_output_dir\": true under /output of the configuration; --output chooses another directory"))
}

/// Refuses results that would replace each other or a file of the model. Links are followed as far as folders exist.
fn check_distinct(results: &[&PathBuf], config: &Config) -> Result<(), Problem> {
    let networks = &config.networks;
    let nodes = networks.nodes.iter().flat_map(|files| [Some(&files.nodes_file), files.node_types_file.as_ref()]);
    let edges = networks.edges.iter().flat_map(|files| [Some(&files.edges_file), files.edge_types_file.as_ref()]);
    let spikes = config.inputs.values().map(|input| match input {
        Input::Spikes(spikes) => Some(&spikes.file),
        Input::Replay(replay) => Some(&replay.spikes),
        Input::CurrentTable(table) => Some(&table.file),
        _ => None,
    });
    let of_model: Vec<PathBuf> = [Some(&config.file)]
        .into_iter()
        .chain(nodes)
        .chain(edges)
        .chain(spikes)
        .flatten()
        .map(|file| place(file))
        .collect();
    let mut seen: Vec<PathBuf> = Vec::with_capacity(results.len());
    for file in results {
        let place = place(file);
        let problem = if of_model.contains(&place) {
            "a file of the model would be replaced by results"
        } else if seen.contains(&place) {
            "two kinds of results would be written to one file"
        } else {
            seen.push(place);
            continue;
        };
        let help = "give log_file, spikes_file, spikes_file_csv and each report's file_name names of their own";
        return Err(Problem::model(problem).in_file(file).help(help));
    }
    Ok(())
}

/// Whether a file can be written; leaves it as it is.
fn check_writable(file: &Path) -> Result<(), Problem> {
    let new = !file.exists();
    OpenOptions::new().append(true).create(true).open(file).map_err(|error| Problem::io("write", file, &error))?;
    if new {
        // It is made anew when there are results.
        let _ = std::fs::remove_file(file);
    }
    Ok(())
}

/// A file's path without links and `..`, as far as there are such folders.
fn place(file: &Path) -> PathBuf {
    if let Ok(place) = file.canonicalize() {
        return place;
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    file.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
