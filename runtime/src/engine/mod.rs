//! Engines advance a laid-out network by windows of steps in which its cells do not interact.
//!
//! # One step, from `t` to `t + dt`
//! 1. Columns that follow courses are set. Events due by `t` are delivered; the conditions of WATCH are looked at; events
//!    due by `t + dt/2` are delivered. They come in order of their times, and of those due at once the one that was sent
//!    first comes first.
//! 2. `rhs` and `d` are cleared; BEFORE BREAKPOINT blocks run; ion currents likewise, and reversal potentials follow the
//!    concentrations where the ion's style says so; every mechanism adds its currents at the old `v`
//!    and the middle of the step, in order of execution.
//! 3. Capacitance and axial currents complete the tridiagonal-like system, which is solved by Hines
//!    elimination; `v` grows by the solution. Columns that follow potentials are set to the new ones.
//! 4. Every mechanism advances its states with the new `v`; then states diffuse along sections; then AFTER SOLVE blocks
//!    run.
//! 5. BEFORE STEP blocks run. Probes are sampled. A detector whose `v` is now above its threshold, and was not before,
//!    spikes: the spike belongs to the step that begins here.
//!
//! Source: the NEURON simulator's fixed step (`nrn/src/nrnoc/fadvance.cpp`, `treeset.cpp`).

mod account;
pub mod cpu;
mod footprint;
pub mod gpu;
pub mod profile;
mod real;
mod time;
mod uses;

pub use account::{Account, Counted, StepAccount};
pub use footprint::Footprint;
pub use profile::Profile;
pub use real::{MILLIVOLT_PER_KELVIN, Real, nernst};
pub use time::TimeAxis;

/// An event that a NetCon brings to one point process or artificial cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Step before whose currents it is delivered.
    pub step: u64,
    /// Time, ms.
    pub time: f64,
    /// When it was sent, ms: decides between events of equal time.
    pub sent: f64,
    /// Decides between events sent at one time: order of sending.
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
    /// For each group its events, sorted by time, then sequence.
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

/// What a point process or artificial cell sends to the NetCons whose source it is: `net_event`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Emission {
    /// When it was sent, ms.
    pub sent: f64,
    /// Time, ms, not before `sent`.
    pub time: f64,
    /// The instance: point processes of the network, then its artificial cells.
    pub instance: u32,
}

/// What a window gave.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Spikes sorted by step, then cell.
    pub spikes: Vec<Spike>,
    /// Events of instances to others, sorted by time of sending, then instance, then in order of sending.
    pub emissions: Vec<Emission>,
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
    /// A mechanism has sent an impossible event.
    #[error("mechanism `{mechanism}`, at t = {t} ms: {error}")]
    Event {
        /// The mechanism.
        mechanism: String,
        /// When, ms.
        t: f64,
        /// What is wrong.
        error: EventError,
    },
    /// The engine cannot run such a network.
    #[error("{0}")]
    Unsupported(String),
    /// The device failed.
    #[error("GPU: {0}")]
    Device(String),
}

/// What can be wrong with an event that a mechanism sends.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum EventError {
    /// `net_send` into the past.
    #[error("the delay of net_send is {delay} ms, and must not be negative; check the variables it is computed from")]
    NegativeDelay {
        /// The delay, ms.
        delay: f64,
    },
    /// `net_move` without an event.
    #[error("net_move, but no event of flag 1 is waiting; send one by net_send(delay, 1) before")]
    NothingToMove,
    /// `net_event` or `net_move` to the past.
    #[error("the time of {function} is {time} ms, which is past; give t or later")]
    IntoThePast {
        /// Which.
        function: &'static str,
        /// The time, ms.
        time: f64,
    },
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

    /// Delivers the events due by a time that is not after the middle of `step`, the step that comes next, and no
    /// others; `watch` has the conditions of WATCH looked at first, as at the beginning of the step, which then is not
    /// done again.
    ///
    /// # Errors
    /// As [`Engine::advance`].
    fn deliver(&mut self, step: u64, until: f64, watch: bool, events: &[Vec<Event>]) -> Result<Output, EngineError>;

    /// Time of the next event that an instance has sent to itself, ms, infinite if there is none; `None` if the engine
    /// cannot tell: then it cannot deliver events time by time.
    fn next_event(&self) -> Option<f64>;

    /// All values of a group as they are now, for comparison between engines: `v` of all nodes, then
    /// each block's columns, then each ion's values, then the NetCon arguments.
    ///
    /// # Errors
    /// When the device fails.
    fn snapshot(&mut self, group: usize) -> Result<Vec<f64>, EngineError>;

    /// What it has allocated; `None` if that was not counted.
    fn footprint(&self) -> Option<Footprint> {
        None
    }

    /// Looks at where time goes from now on; whether it can.
    fn watch_time(&mut self) -> bool {
        false
    }

    /// Where time went since [`Engine::watch_time`].
    fn profile(&self) -> Option<Profile> {
        None
    }

    /// What a GPU was asked to do; `None` if there is none.
    fn account(&self) -> Option<Account> {
        None
    }

    /// What the engine runs on, for the log: `CPU, f64, 2 threads`.
    fn describe(&self) -> String;
}
