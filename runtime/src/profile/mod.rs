//! The profile of a run: where its time went, what was done in it, and how near that is to what the machine can do.

mod gpu;
mod kernels;
mod machine;
mod picture;
mod roofline;
mod stacks;

pub use gpu::GpuReport;
pub use kernels::Kernel;
pub use machine::{Machine, Measured};
pub use picture::draw;
pub use roofline::{GPUS, Gpu, Roofline};
pub use stacks::Stack;

use crate::engine::Profile;
use crate::engine::profile::Phase;
use std::fmt;

/// All that a run tells of its time.
#[derive(Clone, Debug)]
pub struct Report {
    /// Seconds by what they were spent on.
    pub stack: Stack,
    /// Each kernel, and the tree.
    pub kernels: Vec<Kernel>,
    machine: Machine,
    profile: Profile,
}

/// Seconds of a run besides those that the engine has told.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// Parts of the set-up and of the end, in order.
    pub parts: Vec<(&'static str, f64)>,
    /// The whole simulation.
    pub simulate: f64,
    /// Reports, as a part of it.
    pub reports: f64,
}

impl Report {
    /// Puts together what was measured.
    pub fn new(profile: Profile, besides: &Besides, machine: Machine) -> Self {
        let kernels = Kernel::all(&profile, &machine);
        Self { stack: stack(&profile, besides), kernels, machine, profile }
    }

    /// Counts of a compartment's step: floating-point operations, exponentials, bytes.
    pub fn of_compartment(&self) -> [f64; 3] {
        let all = self.profile.compartments.max(1) as f64;
        let sum = |of: fn(&Kernel) -> f64| self.kernels.iter().map(of).sum::<f64>() / all;
        [sum(|kernel| kernel.flops), sum(|kernel| kernel.exponentials), sum(|kernel| kernel.bytes)]
    }
}

fn stack(profile: &Profile, besides: &Besides) -> Stack {
    let mut simulate = Stack::new("simulate", 0.0);
    for (phase, &seconds) in Phase::ALL.iter().zip(&profile.phases) {
        let mut of_phase = Stack::new(phase.name(), seconds);
        let kernels = match phase {
            Phase::Currents => profile.currents.as_slice(),
            Phase::States => profile.states.as_slice(),
            _ => &[],
        };
        of_phase.parts = kernels.iter().map(|kernel| Stack::new(&kernel.mechanism, kernel.seconds)).collect();
        simulate.parts.push(of_phase);
    }
    simulate.parts.push(Stack::new("reports", besides.reports));
    simulate.parts.push(Stack::new("routing", (besides.simulate - profile.wall - besides.reports).max(0.0)));
    simulate.parts.retain(|part| part.seconds > 0.0);
    simulate.seconds = simulate.parts.iter().map(|part| part.seconds).sum();
    let set_up: Vec<Stack> = besides.parts.iter().map(|(name, seconds)| Stack::new(name, *seconds)).collect();
    let outside = Stack {
        name: "set-up and files".to_owned(),
        seconds: set_up.iter().map(|part| part.seconds).sum(),
        parts: set_up,
    };
    let seconds = outside.seconds + simulate.seconds;
    Stack { name: "runtime".to_owned(), seconds, parts: vec![outside, simulate] }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { machine, profile, .. } = self;
        writeln!(f, "time of the simulation: CPU seconds of {} thread(s); of the rest: on the clock", profile.threads)?;
        write!(f, "{}", self.stack)?;
        writeln!(
            f,
            "\none core of this machine, measured now, {}-bit: {:.1} GFLOP/s fused, {:.2} G divisions/s, {:.2} G \
             exponentials/s, {:.0} GB/s second-level cache, {:.0} GB/s memory",
            8 * profile.real,
            2e-9 * machine.fused,
            1e-9 * machine.divisions,
            1e-9 * machine.exponentials,
            1e-9 * machine.cache,
            1e-9 * machine.memory,
        )?;
        writeln!(f, "{}", Kernel::HEADING)?;
        for kernel in &self.kernels {
            writeln!(f, "{kernel}")?;
        }
        let [flops, exponentials, bytes] = self.of_compartment();
        let busy: f64 = profile.phases.iter().sum();
        writeln!(
            f,
            "a compartment's step: {flops:.0} FLOP, {exponentials:.2} exponentials, {bytes:.0} bytes moved, {:.1} ns; {} events \
             delivered",
            1e9 * busy / profile.compartments.max(1) as f64,
            profile.events
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::profile::KernelTime;
    use codegen::cost::Cost;

    pub(super) fn report() -> Report {
        let cost = Cost { simple: 10, fused: 20, divisions: 6, exponentials: 5, ..Cost::default() };
        let kernel = |seconds| KernelTime {
            mechanism: "hh".into(),
            seconds,
            instances: 1_000_000,
            bytes: 56_000_000,
            cost: cost.clone(),
        };
        let profile = Profile {
            real: 8,
            threads: 1,
            wall: 0.06,
            phases: [0.001, 0.012, 0.01, 0.03, 0.0, 0.0, 0.001, 0.0],
            currents: vec![kernel(0.01)],
            states: vec![kernel(0.03)],
            nodes: 1_200_000,
            compartments: 1_000_000,
            events: 17,
        };
        let machine = Machine { fused: 3e10, divisions: 2e9, exponentials: 1e9, cache: 1e11, memory: 1e10 };
        let besides = Besides { parts: vec![("load", 0.01), ("write", 0.02)], simulate: 0.07, reports: 0.004 };
        Report::new(profile, &besides, machine)
    }

    #[test]
    fn all_time_is_accounted_for() {
        let report = report();
        let simulate = &report.stack.parts[1];
        assert!((simulate.seconds - 0.064).abs() < 1e-12, "{simulate:?}");
        assert!((report.stack.seconds - 0.094).abs() < 1e-12);
        let [flops, exponentials, bytes] = report.of_compartment();
        // Two kernels, and 16 operations on each of 1.2 nodes.
        assert!((flops - (2.0 * f64::from(10 + 40 + 6 + 30 * 5) + 1.2 * 16.0)).abs() < 1e-9, "{flops}");
        assert!((exponentials - 10.0).abs() < 1e-12 && (bytes - (112.0 + 1.2 * 80.0)).abs() < 1e-9);
    }

    #[test]
    fn the_table_has_what_is_asked_for() {
        let text = report().to_string();
        for part in ["hh states", "hh currents", "tree", "17 events delivered", "routing", "60.0 GFLOP/s fused"] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
    }
}
