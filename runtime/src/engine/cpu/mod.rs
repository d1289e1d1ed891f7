//! The CPU engine: groups of cells advance through a window independently, on several threads.

mod aligned;
mod block;
mod columns;
mod common;
mod diffusion;
mod gathered;
mod group;
mod hines;
mod ion;
mod outbox;
mod pending;
mod schedule;
mod spans;
mod width;

use super::{Engine, EngineError, Event, Footprint, Output, Real, TimeAxis, Window};
use crate::allocation::counted;
use crate::layout::{Layout, Target};
use crate::mechanisms::{KernelLibrary, LibraryError};
use common::Common;
use group::CpuGroup;
use rayon::prelude::*;

/// More threads than any machine has cores.
const MOST_THREADS: usize = 1024;

/// Choices of the CPU engine.
#[derive(Clone, Copy, Debug, Default)]
pub struct CpuOptions {
    /// Evaluate dI/dv by NEURON's difference quotient instead of analytically, and assemble the equations in its order.
    pub difference: bool,
    /// Threads; 0 means one per core.
    pub threads: usize,
    /// Keep all values for [`Engine::snapshot`], also those that neither kernels nor probes read.
    pub complete: bool,
}

/// Runs the kernels of a [`KernelLibrary`].
pub struct CpuEngine<R: Real> {
    groups: Vec<CpuGroup<R>>,
    footprint: Footprint,
    time: TimeAxis,
    pool: rayon::ThreadPool,
    // Declared last: the groups call into it.
    kernels: KernelLibrary<R>,
}

impl<R: Real> CpuEngine<R> {
    /// Copies a layout into arrays of `R`.
    ///
    /// # Errors
    /// When the library lacks a mechanism of the layout.
    pub fn new(
        layout: &Layout,
        kernels: KernelLibrary<R>,
        time: TimeAxis,
        options: CpuOptions,
    ) -> Result<Self, LibraryError> {
        let make = || -> Result<Vec<CpuGroup<R>>, LibraryError> {
            let mut common = Common::default();
            let mut targets: Vec<Vec<Target>> = vec![Vec::new(); layout.groups.len()];
            for &target in &layout.targets {
                targets[target.group as usize].push(target);
            }
            let groups = targets.into_iter().enumerate();
            groups
                .map(|(group, targets)| CpuGroup::new(layout, group, targets, &kernels, &mut common, options))
                .collect()
        };
        let (groups, bytes) = counted(make);
        let groups = groups?;
        let synapses = groups.iter().map(|group| group.synapse_bytes).sum();
        let footprint = Footprint { compartments: bytes.saturating_sub(synapses), synapses };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads.min(MOST_THREADS))
            .build()
            .unwrap_or_else(|error| unreachable!("a thread pool can always be made: {error}"));
        Ok(Self { groups, footprint, time, pool, kernels })
    }
}

/// Runs `work` on every group, in parallel when there are several, and gathers spikes and samples.
fn each_group<R: Real>(
    groups: &mut [CpuGroup<R>],
    pool: &rayon::ThreadPool,
    work: impl Fn(usize, &mut CpuGroup<R>) -> Result<GroupOutput, EngineError> + Sync,
) -> Result<Output, EngineError> {
    let outputs: Result<Vec<GroupOutput>, EngineError> = match groups {
        [single] => work(0, single).map(|output| vec![output]),
        groups => pool.install(|| groups.par_iter_mut().enumerate().map(|(index, group)| work(index, group)).collect()),
    };
    let mut gathered = Output::default();
    for output in outputs? {
        gathered.spikes.extend(output.spikes);
        gathered.emissions.extend(output.emissions);
        gathered.samples.push(output.samples);
    }
    gathered.spikes.sort_unstable();
    gathered.emissions.sort_by(|a, b| a.sent.total_cmp(&b.sent).then(a.instance.cmp(&b.instance)));
    Ok(gathered)
}

/// What one group gave in a window.
#[derive(Debug, Default)]
struct GroupOutput {
    spikes: Vec<super::Spike>,
    emissions: Vec<super::Emission>,
    samples: Vec<f64>,
}

impl<R: Real> Engine for CpuEngine<R> {
    fn initialise(&mut self) -> Result<Output, EngineError> {
        let Self { groups, pool, time, .. } = self;
        each_group(groups, pool, |_, group| {
            let mut output = GroupOutput::default();
            group.initialise(time)?;
            group.detect(0, &mut output.spikes);
            output.emissions = group.take_emissions();
            Ok(output)
        })
    }

    fn advance(&mut self, window: Window<'_>) -> Result<Output, EngineError> {
        let Self { groups, pool, time, .. } = self;
        each_group(groups, pool, |index, group| {
            let mut output = GroupOutput::default();
            let mut events = window.events[index].as_slice();
            for step in window.first..window.first + u64::from(window.steps) {
                group.step(step, time, &mut events)?;
                group.sample(&mut output.samples);
                group.detect(step + 1, &mut output.spikes);
            }
            output.emissions = group.take_emissions();
            let end = window.first + u64::from(window.steps);
            match group.not_finite() {
                Some(cell) => Err(EngineError::NotFinite { cell, t: time.begin(end) }),
                None => Ok(output),
            }
        })
    }

    fn deliver(&mut self, step: u64, until: f64, watch: bool, events: &[Vec<Event>]) -> Result<Output, EngineError> {
        let Self { groups, pool, time, .. } = self;
        each_group(groups, pool, |index, group| {
            if watch {
                group.watch(step, time)?;
            }
            group.deliver(until, &mut events[index].as_slice())?;
            Ok(GroupOutput { emissions: group.take_emissions(), ..GroupOutput::default() })
        })
    }

    fn next_event(&self) -> Option<f64> {
        Some(self.groups.iter().filter_map(CpuGroup::next_event).fold(f64::INFINITY, f64::min))
    }

    fn snapshot(&mut self, group: usize) -> Result<Vec<f64>, EngineError> {
        Ok(self.groups[group].snapshot())
    }

    fn footprint(&self) -> Option<Footprint> {
        (self.footprint != Footprint::default()).then_some(self.footprint)
    }

    fn describe(&self) -> String {
        let threads = self.pool.current_num_threads();
        let kernels = if self.kernels.is_evaluated() { "evaluated kernels, " } else { "" };
        format!("CPU, {}, {kernels}{threads} thread{}", R::NAME, if threads == 1 { "" } else { "s" })
    }
}
