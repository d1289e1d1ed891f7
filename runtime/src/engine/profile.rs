//! Where the time of a simulation goes, and what was done in it.

use codegen::cost::Cost;

/// A part of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Events that are delivered, and conditions of WATCH.
    Events,
    /// Currents of mechanisms into right-hand side and diagonal.
    Currents,
    /// The cable equation.
    Solve,
    /// States of mechanisms.
    States,
    /// Diffusion along sections.
    Diffusion,
    /// BEFORE and AFTER blocks.
    Hooks,
    /// Detection of spikes.
    Detection,
    /// Values that are recorded.
    Samples,
}

impl Phase {
    /// All of them, in order of a step.
    pub const ALL: [Phase; 8] = [
        Phase::Events,
        Phase::Currents,
        Phase::Solve,
        Phase::States,
        Phase::Diffusion,
        Phase::Hooks,
        Phase::Detection,
        Phase::Samples,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Events => "events",
            Phase::Currents => "currents",
            Phase::Solve => "solve",
            Phase::States => "states",
            Phase::Diffusion => "diffusion",
            Phase::Hooks => "hooks",
            Phase::Detection => "detection",
            Phase::Samples => "samples",
        }
    }
}

/// The time of one kernel of a mechanism, in all groups and steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KernelTime {
    /// The mechanism.
    pub mechanism: String,
    /// Seconds, of all threads together.
    pub seconds: f64,
    /// Instances times steps.
    pub instances: u64,
    /// Bytes of values that it loaded and stored.
    pub bytes: u64,
    /// Floating-point operations and the like of one instance.
    pub cost: Cost,
}

impl KernelTime {
    /// Adds it to that of the same mechanism. Instances of different groups may share different values: bytes add up.
    pub fn add_to(self, all: &mut Vec<Self>) {
        match all.iter_mut().find(|time| time.mechanism == self.mechanism) {
            Some(time) => {
                time.seconds += self.seconds;
                time.instances += self.instances;
                time.bytes += self.bytes;
            }
            None => all.push(self),
        }
    }
}

/// Where the time went since an engine was told to look at it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Size of a value, bytes.
    pub real: usize,
    /// Threads.
    pub threads: usize,
    /// Seconds of windows on the wall.
    pub wall: f64,
    /// Seconds of each phase, in the order of [`Phase::ALL`], of all threads together; kernels are a part of theirs.
    pub phases: [f64; Phase::ALL.len()],
    /// Kernels that compute currents.
    pub currents: Vec<KernelTime>,
    /// Kernels that advance states.
    pub states: Vec<KernelTime>,
    /// Nodes times steps.
    pub nodes: u64,
    /// Compartments with a membrane times steps.
    pub compartments: u64,
    /// Events delivered.
    pub events: u64,
}
