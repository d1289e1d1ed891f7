//! `--profile`: what a run tells of its time.

use super::args::{Args, Precision};
use super::summary::Timing;
use crate::engine::Engine;
use crate::problem::Problem;
use crate::profile::{Besides, GpuReport, Machine, Report, draw};
use crate::simulate::{Observer, Progress};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// An observer whose time is measured.
pub struct Timed<'a, O> {
    /// The observer.
    pub observer: &'a mut O,
    /// The time that it took.
    pub time: Duration,
}

impl<O: Observer> Observer for Timed<'_, O> {
    type Error = O::Error;

    fn window(&mut self, progress: Progress<'_>) -> Result<ControlFlow<()>, O::Error> {
        let begin = Instant::now();
        let answer = self.observer.window(progress);
        self.time += begin.elapsed();
        answer
    }
}

/// Measures the machine, puts the profile together, and writes it to the output directory; gives the text for the user and
/// the files. Of a GPU it tells what it was asked to do.
///
/// # Errors
/// When a file cannot be written.
pub fn report(
    args: &Args,
    engine: &dyn Engine,
    timing: &Timing,
    directory: &Path,
) -> Result<Option<(String, Vec<PathBuf>)>, Problem> {
    if args.profile
        && let Some(account) = engine.account()
    {
        return Ok(Some((GpuReport(account).to_string(), Vec::new())));
    }
    let Some(profile) = engine.profile() else { return Ok(None) };
    let machine =
        if args.precision == Some(Precision::F32) { Machine::measure::<f32>() } else { Machine::measure::<f64>() };
    let outside = timing.parts().filter(|(name, _)| !matches!(*name, "simulate" | REPORTS));
    let besides =
        Besides { parts: outside.collect(), simulate: timing.seconds("simulate"), reports: timing.seconds(REPORTS) };
    let report = Report::new(profile, &besides, machine);
    let (picture, folded) = (directory.join("profile.svg"), directory.join("profile.folded"));
    draw(&report.stack, &picture).map_err(|error| Problem::io("write", &picture, &std::io::Error::other(error)))?;
    std::fs::write(&folded, report.stack.folded()).map_err(|error| Problem::io("write", &folded, &error))?;
    Ok(Some((report.to_string(), vec![picture, folded])))
}

/// The part of the simulation in which results are recorded.
pub const REPORTS: &str = "reports";
