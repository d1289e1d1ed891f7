//! Engines advance a laid-out network by windows of steps in which its cells do not interact.
//!
//! # One step, from `t` to `t + dt`
//! 1. Events due by `t + dt/2` are delivered, in order of their times.
//! 2. `rhs` and `d` are cleared; BEFORE BREAKPOINT blocks run; ion currents likewise, and reversal potentials follow the
//!    concentrations where the ion's style says so; every mechanism adds its currents at the old `v`
//!    and the middle of the step, in order of execution.
//! 3. Capacitance and axial currents complete the tridiagonal-like system, which is solved by Hines
//!    elimination; `v` grows by the solution.
//! 4. Every mechanism advances its states with the new `v`; then AFTER SOLVE blocks run.
//! 5. BEFORE STEP blocks run. Probes are sampled. A detector whose `v` is now above its threshold, and was not before,
//!    spikes: the spike belongs to the step that begins here.
//!
//! Source: the NEURON simulator's fixed step (`nrn/src/nrnoc/fadvance.cpp`, `treeset.cpp`).

pub mod cpu;
pub mod gpu;
mod real;
mod time;

pub use real::{MILLIVOLT_PER_KELVIN, Real, nernst};
pub use time::TimeAxis;

/// An event for one point process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Step before whose currents it is delivered.
    pub step: u64,
    /// Time, ms.
    pub time: f64,
    /// Tie breaker among events of equal time: order of sending.
    pub sequence: u64,
    /// Lane of the target's cell.
    pub lane: u32,
    /// Block of the group.
    pub block: u32,
    /// Row of the block.
    pub row: u32,
    /// Offset of the NetCon's arguments in the group.
    pub argument: u32,
}

/// The steps `first .. first + steps`, and the events in them.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// First step.
    pub first: u64,
    /// Count of steps.
    pub steps: u32,
    /// For each group its events, sorted by step, time, sequence.
    pub events: &'a [Vec<Event>],
}

/// A spike: the detector of `cell` was found above threshold at the beginning of `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spike {
    /// Step.
    pub step: u64,
    /// Network cell.
    pub cell: u32,
}

/// What a window gave.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Spikes sorted by step, then cell.
    pub spikes: Vec<Spike>,
    /// For each group: sample of probe `p` after step `first + s` is `samples[g][s * probes + p]`.
    pub samples: Vec<Vec<f64>>,
}

/// Why an engine cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The membrane potential of a cell is not finite.
    #[error(
        "the membrane potential of cell {cell} is not finite at or before t = {t} ms; try a smaller dt, or check its parameters for zero time constants"
    )]
    NotFinite {
        /// Network cell.
        cell: u32,
        /// End of the window, ms.
        t: f64,
    },
    /// The device failed.
    #[error("GPU: {0}")]
    Device(String),
}

/// Advances a network.
pub trait Engine {
    /// Sets the state at t = 0 and gives the spikes of step 0.
    ///
    /// # Errors
    /// When the device fails or a potential is not finite.
    fn initialise(&mut self) -> Result<Output, EngineError>;

    /// Runs a window. Windows follow each other without gaps.
    ///
    /// # Errors
    /// When the device fails or a potential is not finite.
    fn advance(&mut self, window: Window<'_>) -> Result<Output, EngineError>;

    /// All values of a group as they are now, for comparison between engines: `v` of all nodes, then
    /// each block's columns, then each ion's values, then the NetCon arguments.
    ///
    /// # Errors
    /// When the device fails.
    fn snapshot(&mut self, group: usize) -> Result<Vec<f64>, EngineError>;

    /// What the engine runs on, for the log: `CPU, f64, 2 threads`.
    fn describe(&self) -> String;
}
