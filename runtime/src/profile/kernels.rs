//! Kernels beside the limits of the machine.

use super::Machine;
use crate::engine::Profile;
use crate::engine::profile::{KernelTime, Phase};
use codegen::cost::Cost;
use std::fmt;

/// What one kernel did, in all groups and steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    /// `hh states`, `tree`.
    pub name: String,
    /// CPU seconds.
    pub seconds: f64,
    /// Instances times steps.
    pub instances: f64,
    /// Floating-point operations.
    pub flops: f64,
    /// Divisions.
    pub divisions: f64,
    /// Exponentials.
    pub exponentials: f64,
    /// Bytes loaded and stored.
    pub bytes: f64,
    /// The least seconds that this machine needs for the same, and what it would wait for.
    pub limit: (f64, &'static str),
}

/// Operations on a node in the solution of the cable equation: 15 sums and products and a division. See `engine/cpu/hines.rs`.
const OF_NODE: (u32, u32) = (15, 1);
/// Values loaded and stored for it: v, rhs, d going up, and going down; rhs, d, then rhs, v.
const VALUES_OF_NODE: u64 = 10;

impl Kernel {
    /// Titles of the columns.
    pub const HEADING: &str =
        "kernel                      CPU s  instances  ns each   FLOP    div    exp  bytes  GFLOP/s   GB/s  of limit";

    /// The kernels of a profile, and the tree.
    pub(super) fn all(profile: &Profile, machine: &Machine) -> Vec<Self> {
        let named = |times: &[KernelTime], phase: &str| -> Vec<Self> {
            times.iter().map(|time| Self::new(format!("{} {phase}", time.mechanism), time, machine)).collect()
        };
        let (simple, divisions) = OF_NODE;
        let tree = KernelTime {
            mechanism: String::new(),
            seconds: profile.phases[Phase::Solve as usize],
            instances: profile.nodes,
            bytes: profile.nodes * VALUES_OF_NODE * profile.real as u64,
            cost: Cost { simple, divisions, ..Cost::default() },
        };
        let mut all = named(&profile.currents, "currents");
        all.extend(named(&profile.states, "states"));
        all.push(Self::new("tree".to_owned(), &tree, machine));
        all.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        all
    }

    fn new(name: String, time: &KernelTime, machine: &Machine) -> Self {
        let KernelTime { seconds, instances, bytes, ref cost, .. } = *time;
        let times = |count: u32| f64::from(count) * instances as f64;
        // Divisions have a unit of their own, and so have loads and stores: all of these may go on at once.
        let functions = times(cost.exponentials + cost.functions);
        let arithmetic = times(cost.simple + cost.fused) / machine.fused + functions / machine.exponentials;
        let limits = [
            (arithmetic, "arithmetic"),
            (times(cost.divisions) / machine.divisions, "division"),
            (bytes as f64 / machine.cache, "cache"),
        ];
        Self {
            name,
            seconds,
            instances: instances as f64,
            flops: times(cost.flops()),
            divisions: times(cost.divisions),
            exponentials: functions,
            bytes: bytes as f64,
            limit: limits.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default(),
        }
    }

    /// How near it comes to the limit; 1 is the limit.
    pub fn share_of_limit(&self) -> f64 {
        if self.seconds > 0.0 { self.limit.0 / self.seconds } else { 0.0 }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = |count: f64| count / self.instances.max(1.0);
        let rate = |count: f64| 1e-9 * count / self.seconds.max(1e-12);
        write!(
            f,
            "{:<24} {:8.3} {:9.3e} {:8.2} {:6.0} {:6.1} {:6.1} {:6.0} {:8.1} {:6.1}  {:4.0} % {}",
            self.name,
            self.seconds,
            self.instances,
            each(1e9 * self.seconds),
            each(self.flops),
            each(self.divisions),
            each(self.exponentials),
            each(self.bytes),
            rate(self.flops),
            rate(self.bytes),
            100.0 * self.share_of_limit(),
            self.limit.1,
        )
    }
}
