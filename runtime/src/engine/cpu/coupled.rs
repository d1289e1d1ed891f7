//! Windows in which cells follow each other's potentials: all groups do the first half of a step before any does the
//! second.

use super::super::{EngineError, Event, Output, Real, TimeAxis, Window};
use super::group::CpuGroup;
use super::stopwatch::{Laps, Unwatched};
use super::{GroupOutput, gather};
use rayon::prelude::*;

/// A group in a window.
struct Part<'a, R: Real> {
    group: &'a mut CpuGroup<R>,
    events: &'a [Event],
    output: GroupOutput,
    laps: Option<Box<Laps>>,
}

impl<'a, R: Real> Part<'a, R> {
    fn new(group: &'a mut CpuGroup<R>, events: &'a [Event]) -> Self {
        let mut laps = group.laps.take();
        if let Some(laps) = &mut laps {
            laps.begin(0, events.len());
        }
        Self { group, events, output: GroupOutput::default(), laps }
    }

    fn potentials(&mut self, step: u64, time: &TimeAxis) -> Result<(), EngineError> {
        match &mut self.laps {
            None => self.group.step_potentials(step, time, &mut self.events, &mut Unwatched),
            Some(laps) => {
                laps.begin(1, 0);
                self.group.step_potentials(step, time, &mut self.events, &mut **laps)
            }
        }
    }

    fn states(&mut self, step: u64, time: &TimeAxis, potentials: &[R]) {
        self.group.import(potentials);
        let found = (&mut self.output.spikes, &mut self.output.samples);
        match &mut self.laps {
            None => self.group.step_states(step, time, found, &mut Unwatched),
            Some(laps) => {
                laps.begin(0, 0);
                self.group.step_states(step, time, found, &mut **laps);
            }
        }
    }
}

/// Does something with every group, in parallel when there are several.
fn each<R: Real>(
    parts: &mut [Part<'_, R>],
    work: impl Fn(&mut Part<'_, R>) -> Result<(), EngineError> + Send + Sync,
) -> Result<(), EngineError> {
    match parts {
        [single] => work(single),
        parts => parts.par_iter_mut().try_for_each(work),
    }
}

/// Runs a window; `potentials` has room for those that are handed on.
pub(super) fn advance<R: Real>(
    groups: &mut [CpuGroup<R>],
    pool: &rayon::ThreadPool,
    time: &TimeAxis,
    potentials: &mut [R],
    window: &Window<'_>,
) -> Result<Output, EngineError> {
    let alone = groups.len() == 1;
    let groups = groups.iter_mut().zip(window.events);
    let mut parts: Vec<Part<'_, R>> = groups.map(|(group, events)| Part::new(group, events)).collect();
    let mut run = || {
        for step in window.first..window.first + u64::from(window.steps) {
            each(&mut parts, |part| part.potentials(step, time))?;
            for part in &parts {
                part.group.export(potentials);
            }
            let potentials = &*potentials;
            each(&mut parts, |part| {
                part.states(step, time, potentials);
                Ok(())
            })?;
        }
        Ok::<(), EngineError>(())
    };
    if alone { run() } else { pool.install(run) }?;
    let finish = |part: Part<'_, R>| {
        part.group.laps = part.laps;
        part.output.finish(part.group, window, time)
    };
    Ok(gather(parts.into_iter().map(finish).collect::<Result<_, _>>()?))
}
