//! What a run asked of a GPU, as a table, and what it would take on others.

use super::roofline::{GPUS, Roofline};
use crate::engine::Account;
use std::fmt;

/// The account of a run as a user reads it.
#[derive(Clone, Debug)]
pub struct GpuReport(pub Account);

impl fmt::Display for GpuReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = &self.0;
        let steps = account.steps_per_window();
        let (counted, step) = (&account.counted, &account.step);
        let each = |x: u64| x as f64 / account.compartments.max(1) as f64;
        let windows = counted.windows.max(1) as f64;
        let place = if account.resident { "the memory of workgroups" } else { "the device's memory" };
        writeln!(
            f,
            "GPU: {} cells in {} workgroups of {} invocations, {} for each cell; state during a window in {place}",
            account.cells, account.workgroups, account.workgroup, account.threads
        )?;
        writeln!(f, "  a window has {steps:.1} steps; in all {} windows, {} steps", counted.windows, counted.steps)?;
        writeln!(f, "  dispatches a window             {:>12.2}", counted.dispatches as f64 / windows)?;
        writeln!(f, "  host synchronisations a window  {:>12.2}", counted.waits as f64 / windows)?;
        writeln!(f, "  of these within a window        {:>12.2}", counted.waits_within as f64 / windows)?;
        writeln!(f, "  barriers of a workgroup a step  {:>12}", account.barriers)?;
        writeln!(f, "  memory of a workgroup           {:>12} bytes", account.workgroup_memory)?;
        writeln!(f, "  uploaded a window               {:>12.0} bytes", counted.uploaded as f64 / windows)?;
        writeln!(f, "  read back a window              {:>12.0} bytes", counted.read_back as f64 / windows)?;
        writeln!(f, "a compartment's step:")?;
        writeln!(
            f,
            "  {:.0} FLOP, {:.1} exponentials, {:.1} divisions",
            each(step.flops),
            each(step.exponentials),
            each(step.divisions)
        )?;
        let compartments = account.compartments.max(1) as f64;
        writeln!(f, "  bytes of the device's memory    {:>12.2}", account.bytes_per_step(steps) / compartments)?;
        let [read, written] = account.dispatch;
        writeln!(f, "    state and what tells of it, read once a window    {:.2}", each(read) / steps)?;
        writeln!(f, "    state written once a window                       {:.2}", each(written) / steps)?;
        writeln!(f, "    state moved in each step                          {:.2}", each(step.streamed))?;
        writeln!(f, "    times                                             {:.2}", each(step.times))?;
        writeln!(
            f,
            "  times the state that must be read and written once a window: {:.2}",
            account.bytes_by_state(steps)
        )?;
        writeln!(f, "  bytes of tables (cached)        {:>12.2}", each(step.tables))?;
        writeln!(f, "  bytes of recorded values        {:>12.2}", each(step.recorded))?;
        writeln!(f, "  bytes of workgroups' memory     {:>12.2}", each(step.local))?;
        writeln!(f, "at best, a step of this network, and compartment-steps per second:")?;
        for gpu in &GPUS {
            match Roofline::of(account, gpu, steps) {
                None => writeln!(f, "  {:14} has no double precision", gpu.name)?,
                Some(of) => writeln!(
                    f,
                    "  {:14} {:8.2} us, limited by {:18} {:8.2} G/s",
                    gpu.name,
                    of.seconds() * 1e6,
                    of.limit(),
                    compartments / of.seconds() / 1e9
                )?,
            }
        }
        Ok(())
    }
}
