//! The CPU engine: groups of cells advance through a window independently, on several threads.

mod aligned;
mod block;
mod columns;
mod common;
mod coupled;
mod diffusion;
mod driven;
mod gathered;
mod group;
mod hines;
mod ion;
mod outbox;
mod pending;
mod schedule;
mod spans;
mod stopwatch;
mod width;

use super::profile::{Phase, Profile};
use super::{Engine, EngineError, Event, Footprint, Output, Real, TimeAxis, Window};
use crate::allocation::counted;
use crate::layout::{Layout, Target};
use crate::mechanisms::{KernelLibrary, LibraryError};
use common::Common;
use group::CpuGroup;
use rayon::prelude::*;
use std::time::{Duration, Instant};
use stopwatch::Unwatched;

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
    /// Potentials that columns of other cells follow, as they are handed on in a step.
    potentials: Vec<R>,
    /// Time spent in windows, if somebody looks.
    watched: Option<Duration>,
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
        let potentials = vec![R::new(layout.v_init); layout.transfers.len()];
        Ok(Self { groups, footprint, potentials, watched: None, time, pool, kernels })
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
    Ok(gather(outputs?))
}

/// Puts together what groups gave.
fn gather(outputs: Vec<GroupOutput>) -> Output {
    let mut gathered = Output::default();
    for output in outputs {
        gathered.spikes.extend(output.spikes);
        gathered.emissions.extend(output.emissions);
        gathered.samples.push(output.samples);
    }
    gathered.spikes.sort_unstable();
    gathered.emissions.sort_by(|a, b| a.sent.total_cmp(&b.sent).then(a.instance.cmp(&b.instance)));
    gathered
}

/// What one group gave in a window.
#[derive(Debug, Default)]
struct GroupOutput {
    spikes: Vec<super::Spike>,
    emissions: Vec<super::Emission>,
    samples: Vec<f64>,
}

impl GroupOutput {
    /// At the end of a window: what was sent, and whether all potentials are finite.
    fn finish<R: Real>(
        mut self,
        group: &mut CpuGroup<R>,
        window: &Window<'_>,
        time: &TimeAxis,
    ) -> Result<Self, EngineError> {
        self.emissions = group.take_emissions();
        let end = window.first + u64::from(window.steps);
        match group.not_finite() {
            Some(cell) => Err(EngineError::NotFinite { cell, t: time.begin(end) }),
            None => Ok(self),
        }
    }
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
        let begin = self.watched.map(|_| Instant::now());
        let Self { groups, pool, time, potentials, .. } = self;
        let output = if potentials.is_empty() {
            each_group(groups, pool, |index, group| {
                let mut output = GroupOutput::default();
                let (steps, events) = ((window.first, u64::from(window.steps)), window.events[index].as_slice());
                let found = (&mut output.spikes, &mut output.samples);
                match group.laps.take() {
                    None => group.advance(steps, time, events, found, &mut Unwatched)?,
                    Some(mut laps) => {
                        laps.begin(steps.1, events.len());
                        group.advance(steps, time, events, found, &mut *laps)?;
                        group.laps = Some(laps);
                    }
                }
                output.finish(group, &window, time)
            })
        } else {
            coupled::advance(groups, pool, time, potentials, &window)
        };
        if let (Some(begin), Some(watched)) = (begin, &mut self.watched) {
            *watched += begin.elapsed();
        }
        output
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

    fn watch_time(&mut self) -> bool {
        self.watched = Some(Duration::ZERO);
        self.groups.iter_mut().for_each(CpuGroup::watch_time);
        true
    }

    fn profile(&self) -> Option<Profile> {
        let wall = self.watched?.as_secs_f64();
        let threads = self.pool.current_num_threads();
        let mut profile = Profile { real: size_of::<R>(), threads, wall, ..Profile::default() };
        for group in &self.groups {
            let Some(laps) = &group.laps else { continue };
            let (currents, states) = group.kernel_times();
            for (seconds, time) in profile.phases.iter_mut().zip(laps.phases) {
                *seconds += time.as_secs_f64();
            }
            profile.phases[Phase::Currents as usize] += laps.currents.iter().sum::<Duration>().as_secs_f64();
            profile.phases[Phase::States as usize] += laps.states.iter().sum::<Duration>().as_secs_f64();
            currents.into_iter().for_each(|time| time.add_to(&mut profile.currents));
            states.into_iter().for_each(|time| time.add_to(&mut profile.states));
            profile.nodes += group.node_count() as u64 * laps.steps;
            profile.compartments += group.compartments as u64 * laps.steps;
            profile.events += laps.events;
        }
        Some(profile)
    }

    fn describe(&self) -> String {
        let threads = self.pool.current_num_threads();
        let kernels = if self.kernels.is_evaluated() { "evaluated kernels, " } else { "" };
        format!("CPU, {}, {kernels}{threads} thread{}", R::NAME, if threads == 1 { "" } else { "s" })
    }
}
