//! What the tests across crates share: running a configuration in this process on any engine, and
//! looking at everything that comes out.

use anyhow::{Context, Result, anyhow};
use runtime::backend::{self, Choice};
use runtime::build::build;
use runtime::engine::{Emission, Engine, Spike, TimeAxis};
use runtime::layout::{self, Grouping, Layout};
use runtime::mechanisms::load_mechanisms;
use runtime::model::{Instance, NetCon, Probe, Site, Source};
use runtime::simulate::{Observer, Progress, simulate};
use sonata::Config;
use std::convert::Infallible;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A file of this repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// How to run a configuration.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Engine and precision.
    pub choice: Choice,
    /// Copies of the network side by side; 0 counts as 1.
    pub copies: usize,
    /// How cells become groups; by default all of one shape.
    pub grouping: Option<Grouping>,
    /// Deliver events time by time, as where instances send events without a delay.
    pub time_by_time: bool,
    /// End before the configuration's `tstop`, ms.
    pub until: Option<f64>,
    /// Probe a variable of all point processes of a mechanism as well: their names.
    pub watch: Option<(&'static str, &'static str)>,
}

/// What a run gave.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Spikes, by step, then cell.
    pub spikes: Vec<Spike>,
    /// Time, ms, and node id of the spikes of artificial cells, those of one time by id.
    pub artificial_spikes: Vec<(f64, u64)>,
    /// For each probe its value after each step.
    pub samples: Vec<Vec<f64>>,
    /// Names of the variables of the probes.
    pub variables: Vec<String>,
    /// All values of each group at the end.
    pub snapshots: Vec<Vec<f64>>,
    /// What it ran on.
    pub engine: String,
}

impl Run {
    /// The traces of a variable, one per cell.
    pub fn traces(&self, variable: &str) -> Vec<&[f64]> {
        let named = self.variables.iter().zip(&self.samples).filter(|(name, _)| *name == variable);
        named.map(|(_, trace)| trace.as_slice()).collect()
    }

    /// The largest absolute difference of the traces of a variable.
    pub fn largest_difference(&self, other: &Run, variable: &str) -> f64 {
        let pairs = self.traces(variable).into_iter().zip(other.traces(variable));
        pairs.flat_map(|(a, b)| a.iter().zip(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    /// The first value of the snapshots whose bits differ.
    pub fn first_different_bits(&self, other: &Run) -> Option<String> {
        if self.snapshots.len() != other.snapshots.len() {
            return Some(format!("{} and {} groups", self.snapshots.len(), other.snapshots.len()));
        }
        for (group, (a, b)) in self.snapshots.iter().zip(&other.snapshots).enumerate() {
            if a.len() != b.len() {
                return Some(format!("group {group}: {} and {} values", a.len(), b.len()));
            }
            if let Some(at) = a.iter().zip(b).position(|(x, y)| x.to_bits() != y.to_bits()) {
                return Some(format!("group {group}, value {at} of {}: {:e} and {:e}", a.len(), a[at], b[at]));
            }
        }
        None
    }
}

/// Runs a configuration.
///
/// # Errors
/// When it cannot be built or run.
pub fn run(config: &Path, settings: &Settings) -> Result<Run> {
    let (config, _) = Config::load(config).map_err(|errors| anyhow!("{errors:?}"))?;
    let mechanisms = load_mechanisms(&config.components.mechanisms_dir).map_err(|problems| anyhow!("{problems}"))?;
    let model = build(&config, &mechanisms).map_err(|problems| anyhow!("{problems}"))?;
    let copies = settings.copies.max(1);
    let mut network = model.network;
    if let Some((mechanism, variable)) = settings.watch {
        let points = (0..).zip(&network.point_processes).filter(|(_, point)| &*point.mechanism == mechanism);
        let probe = |(point, _)| Probe { site: Site::Point(point), variable: variable.into() };
        let probes: Vec<Probe> = points.map(probe).collect();
        network.probes.extend(probes);
    }
    if copies > 1 {
        network = network.copied(copies);
    }
    if settings.time_by_time {
        // A connection without weight or delay.
        let cell = Instance::Artificial(0);
        network.netcons.push(NetCon { source: Source::Instance(cell), target: cell, weight: 0.0, delay: 0.0 });
    }
    let dt = config.run.dt;
    let options = layout::Options {
        grouping: settings.grouping.unwrap_or(Grouping::Cells(0)),
        dt,
        celsius: config.conditions.celsius.context("celsius")?,
        v_init: config.conditions.v_init.context("v_init")?,
        superpose: true,
    };
    let layout = layout::build(&network, &mechanisms.manifests, options)?;
    let steps = (settings.until.unwrap_or(config.run.tstop) / dt).round() as u64;
    let axis = TimeAxis::new(dt);
    let mut engine = backend::open(&Choice { complete: true, ..settings.choice.clone() }, &layout, &mechanisms, &axis)
        .map_err(|problem| anyhow!("{problem}"))?;
    let samples = vec![Vec::new(); network.probes.len()];
    let mut collector = Collector { samples, spikes: Vec::new(), emissions: Vec::new() };
    simulate(engine.as_mut(), &layout, &network, &axis, steps, &mut collector).map_err(|error| anyhow!("{error:?}"))?;
    let artificial = |emission: &Emission| {
        let cell = (emission.instance as usize).checked_sub(network.point_processes.len())?;
        Some((emission.time, network.artificial_cells[cell].node_id))
    };
    let mut artificial_spikes: Vec<(f64, u64)> = collector.emissions.iter().filter_map(artificial).collect();
    artificial_spikes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    Ok(Run {
        spikes: collector.spikes,
        artificial_spikes,
        samples: collector.samples,
        variables: network.probes.iter().map(|probe| probe.variable.to_string()).collect(),
        snapshots: snapshots(engine.as_mut(), &layout)?,
        engine: engine.describe(),
    })
}

fn snapshots(engine: &mut dyn Engine, layout: &Layout) -> Result<Vec<Vec<f64>>> {
    (0..layout.groups.len()).map(|group| Ok(engine.snapshot(group)?)).collect()
}

struct Collector {
    samples: Vec<Vec<f64>>,
    spikes: Vec<Spike>,
    emissions: Vec<Emission>,
}

impl Observer for Collector {
    type Error = Infallible;

    fn window(&mut self, progress: Progress<'_>) -> Result<ControlFlow<()>, Infallible> {
        self.spikes.extend_from_slice(progress.spikes);
        self.emissions.extend_from_slice(progress.emissions);
        for offset in 0..progress.steps {
            for (probe, trace) in self.samples.iter_mut().enumerate() {
                trace.push(progress.sample(offset, probe));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Whether there is a GPU, hardware or software. If not, the test that asks is skipped loudly: the
/// skip is printed, noted in the file that `SALTATORY_SKIPS` names, and an error if
/// `SALTATORY_REQUIRE_GPU` is set.
pub fn gpu_or_skip(test: &str) -> bool {
    if !runtime::engine::gpu::list_adapters().is_empty() {
        return true;
    }
    assert!(std::env::var_os("SALTATORY_REQUIRE_GPU").is_none(), "{test}: no GPU adapter");
    eprintln!("skipped: {test}: no GPU adapter");
    if let Some(path) = std::env::var_os("SALTATORY_SKIPS") {
        let noted = std::fs::OpenOptions::new().create(true).append(true).open(path);
        if let Ok(mut file) = noted {
            let _ = writeln!(file, "{test}");
        }
    }
    false
}
