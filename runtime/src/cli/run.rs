//! The course of a run: read, compile, build, simulate, write.

use super::args::{Args, Compat, Precision};
use super::journal::Journal;
use super::progress::Progress;
use super::summary::{Summary, Timing};
use crate::backend::{self, Choice};
use crate::build::{self, Model};
use crate::engine::TimeAxis;
use crate::layout::{self, Layout};
use crate::mechanisms::{Mechanisms, load_mechanisms};
use crate::problem::{Problem, Problems, count};
use crate::results::{Output, Recorder, write_spikes};
use crate::simulate::{Failure, simulate};
use sonata::config::{Config, ConfigError};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Cells of one kind that a CPU advances together: their arrays fit its cache, and lanes fill its vectors.
const CPU_GROUP_SIZE: usize = 16;
/// Cells of one kind whose arrays a GPU engine keeps together: many workgroups, far from the limit of a buffer.
const GPU_GROUP_SIZE: usize = 1024;
/// Temperature where a configuration gives none, as in NEURON, degC.
const CELSIUS: f64 = 6.3;
/// Initial membrane potential where a configuration gives none, as in NEURON, mV.
const V_INIT: f64 = -65.0;

/// Runs a configuration; gives the closing summary.
///
/// # Errors
/// All that is wrong with the model, or what went wrong with the run.
pub fn run(args: &Args, path: &Path, journal: &Journal) -> Result<String, Problems> {
    let mut timing = Timing::default();
    let mut config = timing.measure("load", || load(path))?;
    if let Some(directory) = &args.output {
        Output::redirect(&mut config, directory);
    }
    let mechanisms = timing.measure("compile", || load_mechanisms(&folders(args, &config)))?;
    let Model { network, recordings, .. } = timing.measure("build", || build::build(&config, &mechanisms))?;
    tell_refused(&mechanisms);

    let dt = config.run.dt;
    let steps = config.run.steps() as u64;
    let options = layout::Options {
        group_size: args
            .group_size
            .map_or(if args.gpu { GPU_GROUP_SIZE } else { CPU_GROUP_SIZE }, |size| size as usize),
        dt,
        celsius: config.conditions.celsius.unwrap_or(CELSIUS),
        v_init: config.conditions.v_init.unwrap_or(V_INIT),
    };
    let copies = args.copies as usize;
    let copied = (copies > 1).then(|| network.copied(copies));
    let all = copied.as_ref().unwrap_or(&network);
    let laid_out = timing.measure("build", || layout::build(all, &mechanisms.manifests, options));
    let layout = laid_out.map_err(|error| Problem::model(error.to_string()))?;
    let mut summary = Summary {
        simulated: steps as f64 * dt,
        cells: network.cells.len(),
        compartments: compartments(&layout) / copies,
        synapses: network.netcons.len(),
        ..Summary::default()
    };
    if args.check {
        summary.timing = timing;
        return Ok(format!("{}: nothing wrong was found\n{summary}", path.display()));
    }

    let mut output = Output::of(&config);
    output.prepare(&config, &recordings)?;
    if let Some(log) = &output.log {
        journal.open(log)?;
    }
    output.write_config(&config)?;

    let neuron = args.compat == Some(Compat::Neuron);
    let axis = if neuron { TimeAxis::accumulated(dt, steps) } else { TimeAxis::exact(dt) };
    let choice = Choice {
        gpu: args.gpu,
        adapter: args.adapter.clone(),
        single: args.precision.map(|precision| precision == Precision::F32),
        strict: args.strict || neuron,
        difference: neuron,
        threads: args.threads,
    };
    let mut engine = timing.measure("compile", || backend::open(&choice, &layout, &mechanisms, &axis))?;
    summary.engine = engine.describe();
    tracing::debug!("{} for {steps} steps of {dt} ms on {}", count(all.cells.len(), "cell"), summary.engine);

    let bar = Progress::new(journal.progress(), steps, dt, args.quiet);
    let mut spikes = 0;
    let (cells, probes) = (network.cells.len() as u32, network.probes.len());
    let mut recorder = Recorder::new(&recordings, cells, probes, args.copies, |step, new| {
        spikes += new;
        bar.set(step, spikes);
        ControlFlow::Continue(())
    })?;
    let outcome = timing.measure("simulate", || simulate(engine.as_mut(), &layout, all, &axis, steps, &mut recorder));
    bar.finish();
    let (spikes, difference) = timing.measure("write", || recorder.finish())?;
    // What there is up to a failure is written, too.
    let spike_delay = if neuron { SPIKE_DELAY } else { 0.0 };
    let time = |step| axis.begin(step) + spike_delay;
    timing.measure("write", || write_spikes(&output, &config, &network, &spikes, time))?;
    outcome.map_err(|failure| match failure {
        Failure::Engine(error) => Problem::model(error.to_string()),
        Failure::Observer(problem) => problem,
    })?;
    summary.spikes = spikes.len() as u64;
    summary.timing = timing;
    summary.files = written(&output, &recordings);
    let mut text = summary.to_string();
    if copies > 1 {
        match difference {
            None => text.push_str(&format!("\n{copies} copies: all bit-identical in spikes and recorded values")),
            Some(difference) => {
                return Err(Problem::run(format!("{copies} copies are not identical: {difference}")).into());
            }
        }
    }
    Ok(text)
}

/// NEURON stamps a spike this much after the step at whose beginning it is found, ms.
const SPIKE_DELAY: f64 = 1e-10;

/// Lists the devices that simulations can run on.
///
/// # Errors
/// None so far.
pub fn list_devices() -> Result<String, Problems> {
    Ok(backend::devices())
}

fn load(path: &Path) -> Result<Config, Problems> {
    let (config, warnings) = Config::load(path)
        .map_err(|errors| Problems(errors.into_iter().map(|error| config_problem(error, path)).collect()))?;
    for warning in warnings {
        let place = format!("{}: {}", warning.file.display(), warning.pointer);
        tracing::warn!(place = %place, "{}", warning.message);
    }
    Ok(config)
}

fn config_problem(error: ConfigError, config: &Path) -> Problem {
    match error {
        ConfigError::File(sonata::Error::Io { path, source }) if path == config => Problem::io("read", &path, &source),
        ConfigError::File(error) => error.into(),
        ConfigError::At { file, pointer, problem } => {
            Problem::model(problem.to_string()).at(format!("{}: {pointer}", file.display()))
        }
        other => Problem::model(other.to_string()),
    }
}

/// Folders of `.mod` files: those of the command line, else those of the configuration.
fn folders(args: &Args, config: &Config) -> Vec<PathBuf> {
    if args.mechanisms.is_empty() { config.components.mechanisms_dir.clone() } else { args.mechanisms.clone() }
}

/// A file that cannot be compiled is no error where its mechanism is not needed.
fn tell_refused(mechanisms: &Mechanisms) {
    for refused in &mechanisms.refused {
        tracing::debug!("{}", refused.rendered.trim_end());
        // BMTK needs it to drive virtual cells, and its networks bring it; here they need no mechanism.
        if refused.name == "VecStim" {
            continue;
        }
        tracing::info!(place = %refused.place, "mechanism `{}` is not supported, and not needed here: {}", refused.name, refused.reason);
    }
}

/// Compartments with a membrane.
fn compartments(layout: &Layout) -> usize {
    let of_group = |group: &layout::Group| group.cm.iter().filter(|&&cm| cm > 0.0).count() * group.lanes;
    layout.groups.iter().map(of_group).sum()
}

fn written(output: &Output, recordings: &[build::Recording]) -> Vec<String> {
    let files: BTreeSet<&PathBuf> = [&output.spikes, &output.spikes_csv, &output.log]
        .into_iter()
        .flatten()
        .chain(recordings.iter().map(|recording| &recording.file))
        .collect();
    files.into_iter().map(|file| file.display().to_string()).collect()
}
