//! The time loop: windows, and the exchange of events between them.

use crate::engine::{Emission, Engine, EngineError, Event, Output, Spike, TimeAxis, Window};
use crate::events::{EventQueue, Router, SpikeTrains};
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
    /// Spikes of cells with a membrane.
    pub spikes: u64,
    /// Events that instances have sent to others, which are the spikes of artificial cells.
    pub emissions: u64,
    /// Events sent to point processes and artificial cells; those of given trains as far as the run has come.
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
    /// Events that instances have sent to others, in order of sending.
    pub emissions: &'a [Emission],
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
    simulate_routed(engine, layout, &Router::new(network, layout), &network.trains, axis, steps, observer)
}

/// The same, where the network's NetCons have been sorted before; of `layout` it needs what [`Layout::release`] leaves.
///
/// # Errors
/// When the engine or the observer fails.
pub fn simulate_routed<O: Observer>(
    engine: &mut dyn Engine,
    layout: &Layout,
    router: &Router,
    trains: &[Vec<f64>],
    axis: &TimeAxis,
    steps: u64,
    observer: &mut O,
) -> Result<Statistics, Failure<O::Error>> {
    let mut run = Run {
        router,
        queue: EventQueue::default(),
        trains: SpikeTrains::new(trains),
        events: vec![Vec::new(); layout.groups.len()],
        engine,
        axis,
        steps,
    };
    let longest = longest_window(run.router, layout);
    if longest == 0 && run.engine.next_event().is_none() {
        let text = "a NetCon from an artificial cell or a point process (net_event) has a delay of a step or less, which \
                    only the CPU engine can do; run without --gpu";
        return Err(EngineError::Unsupported(text.to_owned()).into());
    }
    let mut statistics = Statistics::default();

    run.send_trains(1);
    let mut output = run.engine.initialise()?;
    run.send(&mut output);
    let mut first = 0;
    loop {
        let is_last = statistics.steps == steps;
        if is_last {
            // As NEURON's last step does.
            run.settle(steps, axis.begin(steps), &mut output)?;
        }
        statistics.spikes += output.spikes.len() as u64;
        statistics.emissions += output.emissions.len() as u64;
        statistics.events = run.queue.sent();
        let Output { spikes, emissions, samples } = &output;
        let progress = Progress { first, steps: statistics.steps - first, spikes, emissions, samples, layout };
        statistics.stopped = observer.window(progress).map_err(Failure::Observer)?.is_break();
        if is_last || statistics.stopped {
            return Ok(statistics);
        }
        first = statistics.steps;
        let length = longest.min(steps - first).max(1);
        output = if longest == 0 { run.step(first)? } else { run.window(first, length)? };
        statistics.steps += length;
        statistics.windows += 1;
    }
}

/// An engine and the events on their way.
struct Run<'a> {
    router: &'a Router,
    queue: EventQueue,
    trains: SpikeTrains<'a>,
    events: Vec<Vec<Event>>,
    engine: &'a mut dyn Engine,
    axis: &'a TimeAxis,
    steps: u64,
}

impl Run<'_> {
    fn window(&mut self, first: u64, length: u64) -> Result<Output, EngineError> {
        // A spike of a cell that is found at the end of a step belongs to the next: those of trains in that one go first.
        self.send_trains(first + length + 1);
        self.queue.take_until(first + length, &mut self.events);
        let mut output = self.engine.advance(Window { first, steps: length as u32, events: &self.events })?;
        self.send(&mut output);
        Ok(output)
    }

    /// Queues what given spike trains send to steps before `end`.
    fn send_trains(&mut self, end: u64) {
        self.trains.send_until(end, self.router, self.axis, &mut self.queue);
    }

    /// Queues what has been sent.
    fn send(&mut self, output: &mut Output) {
        output.spikes.retain(|spike| spike.step < self.steps);
        self.router.send_all(output, self.axis, &mut self.queue);
    }

    /// One step in which what an instance sends may be due at once: events are delivered time by time.
    fn step(&mut self, step: u64) -> Result<Output, EngineError> {
        let mut before = Output::default();
        self.settle(step, self.axis.begin(step), &mut before)?;
        self.deliver(step, self.axis.begin(step), true, &mut before)?;
        self.settle(step, self.axis.middle(step), &mut before)?;
        let mut output = self.window(step, 1)?;
        debug_assert!(output.emissions.is_empty(), "all that is due has been delivered");
        output.emissions = before.emissions;
        Ok(output)
    }

    /// Delivers all events due by a time, those of the same time together, and then what they have sent.
    fn settle(&mut self, step: u64, until: f64, output: &mut Output) -> Result<(), EngineError> {
        self.send_trains(step + 1);
        loop {
            let Some(own) = self.engine.next_event() else {
                return self.deliver(step, until, false, output);
            };
            let next = own.min(self.queue.next_time(step));
            if next > until {
                return Ok(());
            }
            self.deliver(step, next, false, output)?;
        }
    }

    fn deliver(&mut self, step: u64, until: f64, watch: bool, output: &mut Output) -> Result<(), EngineError> {
        self.queue.take_due(step, until, &mut self.events);
        let mut delivered = self.engine.deliver(step, until, watch, &self.events)?;
        self.send(&mut delivered);
        output.emissions.extend(delivered.emissions);
        Ok(())
    }
}

/// The steps of a window, at most: as connections allow, and as many samples fit into memory.
pub fn longest_window(router: &Router, layout: &Layout) -> u64 {
    let probes = layout.probes.len().max(1) as u64;
    let bounded = LONGEST_WINDOW.min(MOST_SAMPLES / probes).max(1);
    router.longest_window().map_or(bounded, |steps| steps.min(bounded))
}
