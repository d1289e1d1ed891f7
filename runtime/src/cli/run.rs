//! The course of a run: read, compile, build, simulate, write.

use super::args::{Args, Check, KernelKind, Precision};
use super::check;
use super::interruption::Interruption;
use super::journal::Journal;
use super::load::load;
use super::memory::check_copies;
use super::profile::{self, Timed};
use super::progress::Progress;
use super::summary::{Summary, Timing};
use crate::allocation::counted;
use crate::backend::{self, Choice, KernelsOfCpu};
use crate::build::{self, Field, Model, Recording, SavedSynapses};
use crate::engine::{Engine, Footprint, TimeAxis};
use crate::events::{Router, SPIKE_TIME_OFFSET};
use crate::layout::{self, Grouping, Layout};
use crate::mechanisms::{Mechanisms, load_mechanisms_with};
use crate::model::Network;
use crate::problem::{Problem, Problems, count};
use crate::results::{Counts, Output, Recorder, SpikeStream};
use crate::simulate::{Failure, simulate_routed};
use sonata::config::Config;
use sonata::h5::Stored;
use sonata::saved_edges;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Temperature where a configuration gives none, as in NEURON, degC.
const CELSIUS: f64 = 6.3;
/// Initial membrane potential where a configuration gives none, as in NEURON, mV.
const V_INIT: f64 = -65.0;

/// The threads that a count stands for: 0 means one for each core.
fn threads(count: usize) -> usize {
    if count > 0 { count } else { std::thread::available_parallelism().map_or(1, usize::from) }
}

/// What a run has to say at its end.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The closing words.
    pub text: String,
    /// Whether the user ended it early.
    pub interrupted: bool,
}

impl From<String> for Outcome {
    fn from(text: String) -> Self {
        Self { text, interrupted: false }
    }
}

/// Runs a configuration; gives the closing summary.
///
/// # Errors
/// All that is wrong with the model, or what went wrong with the run.
pub fn run(args: &Args, path: &Path, journal: &Journal) -> Result<Outcome, Problems> {
    // Whether copies fit is known after the network is laid out only.
    if args.check && args.copies == 1 {
        let (config, mechanisms, output) = (path.to_owned(), args.mechanisms.clone(), args.output.clone());
        let check = Check { config, json: false, gpu: args.gpu, mechanisms, output };
        return check::check(&check, journal).map(Outcome::from);
    }
    let mut timing = Timing::default();
    let mut job = Job::prepare(args, path, &mut timing)?;
    let mut summary = Summary {
        cells: job.network.cells.len() + job.network.artificial_cells.len(),
        compartments: job.layout.compartments() / args.copies as usize,
        synapses: job.counts.netcons,
        ..Summary::default()
    };
    if args.check {
        return Ok(format!("{}: nothing wrong was found; {}", path.display(), summary.size()).into());
    }

    let mut output = Output::of(&job.config);
    output.prepare(&job.config, &job.files(), args.overwrite)?;
    let axis = TimeAxis::new(job.config.run.dt);
    // Files of an earlier run stay when there is no such device.
    let choice = choice(args);
    let kernels = timing.measure("compile", || backend::kernels(&choice, &job.layout, &job.mechanisms))?;
    let engine = timing.measure("engine", || backend::engine(kernels, &choice, &job.layout, &job.mechanisms, &axis));
    let mut engine = engine?;
    job.layout.release();
    timing.note_memory("engine");
    summary.footprint = engine.footprint().map(|of_engine| Footprint {
        compartments: of_engine.compartments / args.copies as usize,
        synapses: (of_engine.synapses + job.router_bytes) / args.copies as usize,
    });
    if let Some(log) = &output.log {
        journal.open(log)?;
    }
    output.write_config(&job.config)?;
    summary.engine = engine.describe();
    tracing::debug!("{} steps of {} ms on {}", job.steps, job.config.run.dt, summary.engine);
    let done = job.simulate(engine.as_mut(), &axis, &output, journal, &mut timing)?;

    summary.simulated = done.steps as f64 * job.config.run.dt;
    summary.spikes = done.spikes;
    let profile = profile::report(args, engine.as_ref(), &timing, &output.directory)?;
    summary.timing = timing;
    summary.files = written(&output, &job.files());
    let mut text = String::new();
    if let Some((table, files)) = profile {
        text = format!("{table}\n");
        summary.files.extend(files.iter().map(|file| file.display().to_string()));
    }
    text += &summary.to_string();
    if args.copies > 1 {
        match done.difference {
            None => text += &format!("\n{} copies: all bit-identical in spikes and recorded values", args.copies),
            Some(difference) => return Err(Problem::run(format!("copies are not identical: {difference}")).into()),
        }
    }
    if done.interrupted {
        text = format!("interrupted at t = {} ms; the results so far are written\n{text}", summary.simulated);
    }
    Ok(Outcome { text, interrupted: done.interrupted })
}

/// Lists the devices that simulations can run on.
pub fn list_devices() -> String {
    backend::devices()
}

/// A model that is ready to be simulated.
struct Job<'a> {
    args: &'a Args,
    config: Config,
    mechanisms: Mechanisms,
    /// The network of the configuration, but for what nobody needs any more.
    network: Network,
    /// Given spike times of all copies.
    trains: Vec<Vec<f64>>,
    counts: Counts,
    recordings: Vec<Recording>,
    fields: Vec<Field>,
    synapses: Vec<SavedSynapses>,
    layout: Layout,
    router: Router,
    router_bytes: usize,
    steps: u64,
}

/// What a simulation gave.
struct Done {
    steps: u64,
    spikes: u64,
    difference: Option<String>,
    interrupted: bool,
}

impl<'a> Job<'a> {
    fn prepare(args: &'a Args, path: &Path, timing: &mut Timing) -> Result<Self, Problems> {
        let mut config = timing.measure("load", || load(path))?;
        if let Some(directory) = &args.output {
            Output::redirect(&mut config, directory);
        }
        let neuron = args.is_neuron();
        let options = codegen::Options { rearrange: !neuron, tables: !args.no_tables, ..codegen::Options::default() };
        let mechanisms =
            timing.measure("compile", || load_mechanisms_with(&folders(&args.mechanisms, &config), &options))?;
        let Model { mut network, recordings, fields, synapses, .. } =
            timing.measure("build", || build::build(&config, &mechanisms))?;
        timing.note_memory("build");
        tell_refused(&mechanisms);
        let real = if args.precision == Some(Precision::F32) { 4 } else { 8 };
        let grouping = match args.group_size {
            Some(most) => Grouping::Cells(most as usize),
            None if args.gpu => Grouping::Device { real },
            None => Grouping::Cache { threads: threads(args.threads), real },
        };
        let options = layout_options(&config, grouping, !neuron);
        let mut lay_out = |network: &Network| {
            let layout = timing.measure("layout", || layout::build(network, &mechanisms.manifests, options));
            layout.map_err(|error| Problem::model(error.to_string()))
        };
        let mut layout = lay_out(&network)?;
        tracing::debug!(
            "{}, artificial cells among them, computed as {}",
            count(network.instances(), "point process"),
            layout.point_rows()
        );
        let counts = Counts::of(&network);
        let ((router, router_bytes), trains);
        if args.copies > 1 {
            check_copies(&network, &layout, args.copies)?;
            let all = network.copied(args.copies as usize);
            layout = lay_out(&all)?;
            ((router, router_bytes), trains) = (counted(|| Router::new(&all, &layout)), all.trains);
        } else {
            (router, router_bytes) = timing.measure("layout", || counted(|| Router::new(&network, &layout)));
            trains = std::mem::take(&mut network.trains);
        }
        network.release();
        timing.note_memory("layout");
        let steps = config.run.steps() as u64;
        Ok(Self {
            args,
            config,
            mechanisms,
            network,
            trains,
            counts,
            recordings,
            fields,
            synapses,
            layout,
            router,
            router_bytes,
            steps,
        })
    }

    /// The files of all reports.
    fn files(&self) -> Vec<&PathBuf> {
        let fields = self.fields.iter().map(|field| &field.file);
        let synapses = self.synapses.iter().map(|saved| &saved.file);
        self.recordings.iter().map(|recording| &recording.file).chain(fields).chain(synapses).collect()
    }

    /// The time of a spike in files, ms: that of its step, or as NEURON has it.
    fn spike_time(&self, axis: &TimeAxis, step: u64) -> f64 {
        if self.args.is_neuron() { axis.begin(step) + SPIKE_TIME_OFFSET } else { step as f64 * axis.dt() }
    }

    /// Simulates and writes results. Where the simulation fails, those up to there are written, too.
    fn simulate(
        &self,
        engine: &mut dyn Engine,
        axis: &TimeAxis,
        output: &Output,
        journal: &Journal,
        timing: &mut Timing,
    ) -> Result<Done, Problem> {
        for SavedSynapses { file, populations: [source, target], edges } in &self.synapses {
            saved_edges::write(file, source, target, edges).map_err(Problem::writing)?;
        }
        // Where results are worked on in parallel; a second run in this process has the pool of the first.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads(self.args.threads)).build_global();
        let interruption = Interruption::listen();
        let bar = Progress::new(journal.progress(), self.steps, self.config.run.dt, self.args.quiet);
        let mut spikes_so_far = 0;
        let progress = |step, spikes| {
            spikes_so_far += spikes;
            bar.set(step, spikes_so_far);
            if interruption.happened() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let time = |step| self.spike_time(axis, step);
        let spikes = SpikeStream::create(output, &self.config, &self.network, time)?;
        let reports = (&self.recordings[..], &self.fields[..]);
        let single = self.args.precision == Some(Precision::F32);
        let stored = Stored { single, compression: self.config.output.compression };
        let mut recorder = Recorder::new(spikes, reports, stored, self.counts, self.args.copies, progress)?;
        let Self { layout, router, trains, steps, .. } = self;
        let outcome = if self.args.profile && engine.watch_time() {
            let mut timed = Timed { observer: &mut recorder, time: Duration::ZERO };
            let outcome = timing
                .measure("simulate", || simulate_routed(engine, layout, router, trains, axis, *steps, &mut timed));
            timing.add(profile::REPORTS, timed.time);
            outcome
        } else {
            timing.measure("simulate", || simulate_routed(engine, layout, router, trains, axis, *steps, &mut recorder))
        };
        bar.finish();
        let written = timing.measure("write", || recorder.finish());
        let statistics = outcome.map_err(|failure| match failure {
            Failure::Engine(error) => Problem::model(error.to_string()),
            Failure::Observer(problem) => problem,
        })?;
        let (spikes, difference) = written?;
        let interrupted = statistics.stopped && statistics.steps < self.steps;
        Ok(Done { steps: statistics.steps, spikes, difference, interrupted })
    }
}

fn choice(args: &Args) -> Choice {
    let neuron = args.is_neuron();
    Choice {
        gpu: args.gpu,
        adapter: args.adapter.clone(),
        single: args.precision.map(|precision| precision == Precision::F32),
        strict: args.strict || neuron,
        difference: neuron,
        threads: args.threads,
        kernels: match args.kernels {
            None => KernelsOfCpu::Any,
            Some(KernelKind::Compiled) => KernelsOfCpu::Compiled,
            Some(KernelKind::Evaluated) => KernelsOfCpu::Evaluated,
        },
        complete: false,
    }
}

/// Folders of `.mod` files: those of the command line, else those of the configuration. Where it names none, the folder of
/// the configuration or the working directory, if there are such files: NEURON takes what was compiled there.
pub fn folders(given: &[PathBuf], config: &Config) -> Vec<PathBuf> {
    let of_config = &config.components.mechanisms_dir;
    if !given.is_empty() {
        return given.to_vec();
    }
    if !of_config.is_empty() {
        return of_config.clone();
    }
    let beside = config.file.parent().map(Path::to_owned).filter(|folder| !folder.as_os_str().is_empty());
    let found = [beside, Some(PathBuf::from("."))].into_iter().flatten().find(|folder| has_mechanisms(folder));
    if let Some(folder) = &found {
        tracing::info!("the configuration names no mechanisms_dir; mechanisms are taken from {}", folder.display());
    }
    found.into_iter().collect()
}

fn has_mechanisms(folder: &Path) -> bool {
    let is_mod = |entry: std::fs::DirEntry| entry.path().extension().is_some_and(|extension| extension == "mod");
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(is_mod)))
}

/// How a network is laid out.
pub fn layout_options(config: &Config, grouping: Grouping, superpose: bool) -> layout::Options {
    layout::Options {
        grouping,
        dt: config.run.dt,
        celsius: config.conditions.celsius.unwrap_or(CELSIUS),
        v_init: config.conditions.v_init.unwrap_or(V_INIT),
        superpose,
    }
}

/// A file that cannot be compiled is no error where its mechanism is not needed.
pub fn tell_refused(mechanisms: &Mechanisms) {
    let number = mechanisms.refused.len();
    if number > 0 {
        tracing::debug!("{} refused, none of them needed", count(number, "mechanism"));
    }
    for refused in &mechanisms.refused {
        tracing::debug!("{}", refused.rendered.trim_end());
        // BMTK needs it to drive virtual cells, and its networks bring it; here they need no mechanism.
        if refused.name == "VecStim" {
            continue;
        }
        tracing::info!(
            place = %refused.place,
            "mechanism `{}` is not supported, and not needed here: {}",
            refused.name,
            refused.reason
        );
    }
}

fn written(output: &Output, reports: &[&PathBuf]) -> Vec<String> {
    let files: BTreeSet<&PathBuf> = [&output.spikes, &output.spikes_csv, &output.log]
        .into_iter()
        .flatten()
        .chain(reports.iter().copied())
        .collect();
    files.into_iter().map(|file| file.display().to_string()).collect()
}
