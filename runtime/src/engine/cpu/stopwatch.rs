//! A watch over the parts of a step, which is not there when nobody looks.
//!
//! It reads the time that the thread has had a core, lest a busy machine count; each reading takes a fraction of a
//! microsecond, which does not count either.

use super::super::profile::Phase;
use std::time::Duration;
#[cfg(not(unix))]
use std::time::Instant;

/// Is told when a part of a step has ended. The step is compiled for each kind of watch.
pub(super) trait Stopwatch {
    /// The time since the last call belongs to a phase.
    fn phase(&mut self, phase: Phase);
    /// The same for the kernel of a block that computes currents.
    fn current(&mut self, block: usize);
    /// The same for the kernel of a block that advances states.
    fn state(&mut self, block: usize);
}

/// No watch: a step takes no longer for it.
pub(super) struct Unwatched;

impl Stopwatch for Unwatched {
    #[inline(always)]
    fn phase(&mut self, _: Phase) {}
    #[inline(always)]
    fn current(&mut self, _: usize) {}
    #[inline(always)]
    fn state(&mut self, _: usize) {}
}

/// The times of one group.
#[derive(Clone, Debug)]
pub(super) struct Laps {
    last: Duration,
    /// What a reading of the time takes.
    reading: Duration,
    /// In the order of [`Phase::ALL`], without the kernels below.
    pub(super) phases: [Duration; Phase::ALL.len()],
    /// By block.
    pub(super) currents: Vec<Duration>,
    /// By block.
    pub(super) states: Vec<Duration>,
    /// Steps done.
    pub(super) steps: u64,
    /// Events delivered that NetCons brought.
    pub(super) events: u64,
}

impl Laps {
    pub(super) fn new(blocks: usize) -> Self {
        let readings = (0..100).map(|_| {
            let begin = now();
            now().saturating_sub(begin)
        });
        Self {
            last: now(),
            reading: readings.min().unwrap_or_default(),
            phases: Default::default(),
            currents: vec![Duration::ZERO; blocks],
            states: vec![Duration::ZERO; blocks],
            steps: 0,
            events: 0,
        }
    }

    /// Begins some steps with some events; the time since the last belongs to nobody.
    pub(super) fn begin(&mut self, steps: u64, events: usize) {
        self.steps += steps;
        self.events += events as u64;
        self.last = now();
    }

    fn lap(&mut self) -> Duration {
        let now = now();
        let passed = now.saturating_sub(self.last + self.reading);
        self.last = now;
        passed
    }
}

impl Stopwatch for Laps {
    fn phase(&mut self, phase: Phase) {
        let passed = self.lap();
        self.phases[phase as usize] += passed;
    }

    fn current(&mut self, block: usize) {
        let passed = self.lap();
        self.currents[block] += passed;
    }

    fn state(&mut self, block: usize) {
        let passed = self.lap();
        self.states[block] += passed;
    }
}

/// The time that this thread has had a core.
#[cfg(unix)]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// The time since the first call, where the system does not tell that of a thread.
#[cfg(not(unix))]
fn now() -> Duration {
    static FIRST: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_where_they_belong() {
        let mut laps = Laps::new(2);
        laps.begin(3, 5);
        let begin = now();
        while now() < begin + Duration::from_millis(2) {}
        laps.state(1);
        laps.phase(Phase::Solve);
        assert!(laps.states[1] >= Duration::from_micros(1900) && laps.states[0].is_zero(), "{laps:?}");
        assert!(laps.phases[Phase::Solve as usize] < laps.states[1], "{laps:?}");
        assert_eq!((laps.steps, laps.events), (3, 5));
    }

    #[test]
    #[cfg(unix)]
    fn a_thread_that_waits_takes_no_time() {
        let mut laps = Laps::new(1);
        laps.begin(1, 0);
        std::thread::sleep(Duration::from_millis(20));
        laps.current(0);
        assert!(laps.currents[0] < Duration::from_millis(10), "{laps:?}");
    }
}
