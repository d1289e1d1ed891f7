//! The time loop: windows, and the exchange of events between them.

use crate::engine::{Engine, EngineError, Event, Output, Spike, TimeAxis, Window};
use crate::events::{EventQueue, Router};
use crate::layout::Layout;
use crate::model::Network;
use std::ops::ControlFlow;

/// Most steps in one window: bounds the memory for samples and the wait for progress.
const LONGEST_WINDOW: u64 = 1000;
/// Most samples in one window.
const MOST_SAMPLES: u64 = 1 << 22;

/// What a run counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Steps done.
    pub steps: u64,
    /// Windows they were done in.
    pub windows: u64,
    /// Spikes of cells.
    pub spikes: u64,
    /// Events sent to point processes.
    pub events: u64,
    /// Whether the observer stopped the run before its end.
    pub stopped: bool,
}

/// One window's results.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// First step of the window.
    pub first: u64,
    /// Its count of steps; 0 for the state at t = 0.
    pub steps: u64,
    /// Spikes found, by step, then cell.
    pub spikes: &'a [Spike],
    samples: &'a [Vec<f64>],
    layout: &'a Layout,
}

impl Progress<'_> {
    /// The value of a probe after step `first + offset`, that is at time `(first + offset + 1) dt`.
    pub fn sample(&self, offset: u64, probe: usize) -> f64 {
        let (group, index) = self.layout.probes[probe];
        let group = group as usize;
        let probes = self.layout.groups[group].probes.len();
        self.samples[group][offset as usize * probes + index as usize]
    }
}

/// Receives results as they come.
pub trait Observer {
    /// What can go wrong while it stores them.
    type Error;

    /// Takes a window's results; `Break` ends the run.
    ///
    /// # Errors
    /// When they cannot be stored.
    fn window(&mut self, progress: Progress<'_>) -> Result<ControlFlow<()>, Self::Error>;
}

/// Why a run ended early.
#[derive(Debug)]
pub enum Failure<E> {
    /// The engine failed.
    Engine(EngineError),
    /// The observer failed.
    Observer(E),
}

impl<E> From<EngineError> for Failure<E> {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

/// Runs `steps` steps from t = 0.
///
/// A spike that would begin the step after the last one is not reported, as in NEURON, which looks
/// for spikes when a step begins.
///
/// # Errors
/// When the engine or the observer fails.
pub fn simulate<O: Observer>(
    engine: &mut dyn Engine,
    layout: &Layout,
    network: &Network,
    axis: &TimeAxis,
    steps: u64,
    observer: &mut O,
) -> Result<Statistics, Failure<O::Error>> {
    let router = Router::new(network, layout);
    let longest = longest_window(&router, layout);
    let mut queue = EventQueue::default();
    let mut events: Vec<Vec<Event>> = vec![Vec::new(); layout.groups.len()];
    let mut statistics = Statistics::default();

    router.send_trains(&network.trains, axis, &mut queue);
    let mut output = engine.initialise()?;
    let mut first = 0;
    loop {
        output.spikes.retain(|spike| spike.step < steps);
        for &spike in &output.spikes {
            router.send_spike(spike, axis, &mut queue);
        }
        statistics.spikes += output.spikes.len() as u64;
        statistics.events = queue.sent();
        let Output { spikes, samples } = &output;
        let progress = Progress { first, steps: statistics.steps - first, spikes, samples, layout };
        statistics.stopped = observer.window(progress).map_err(Failure::Observer)?.is_break();

        first = statistics.steps;
        let length = longest.min(steps - first);
        if length == 0 || statistics.stopped {
            return Ok(statistics);
        }
        queue.take_until(first + length, &mut events);
        output = engine.advance(Window { first, steps: length as u32, events: &events })?;
        statistics.steps += length;
        statistics.windows += 1;
    }
}

fn longest_window(router: &Router, layout: &Layout) -> u64 {
    let probes = layout.probes.len().max(1) as u64;
    let bounded = LONGEST_WINDOW.min(MOST_SAMPLES / probes).max(1);
    router.longest_window().map_or(bounded, |steps| steps.min(bounded))
}
