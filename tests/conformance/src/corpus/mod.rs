//! Corpora: folders of any number of `.mod` files, compiled through all passes for both back ends.
//!
//! [`collect`] finds the files, each content once. [`worker`] judges one file in a process of its own, so that a crash, an
//! endless loop or a stack overflow is an answer like any other. [`build`] gives the emitted Rust to rustc, many mechanisms
//! in a crate; [`translator`] asks NEURON's `nocmodl` about the same files. [`report`] prints what came of it.

pub mod build;
pub mod collect;
pub mod report;
pub mod translator;
pub mod worker;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// What to do with a corpus.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// The program that [`worker::serve`]s, with its arguments.
    pub worker: Vec<String>,
    /// Time for one file.
    pub limit: Duration,
    /// Give the emitted Rust to rustc.
    pub build: bool,
    /// NEURON's translator, to be asked about each file.
    pub nocmodl: Option<PathBuf>,
}

/// What came of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A mechanism.
    Accepted,
    /// No mechanism, and diagnostics that say why.
    #[default]
    Refused,
    /// A panic, or the end of the process.
    Crashed,
    /// No answer in time.
    TimedOut,
}

/// One diagnostic of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its code.
    pub code: String,
    /// Whether it is an error.
    pub error: bool,
    /// Its message.
    pub message: String,
    /// Line of its first label.
    pub line: u32,
}

/// The verdict on one file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Verdict {
    /// The file.
    pub path: PathBuf,
    /// How many files have this content.
    pub copies: usize,
    /// What came of it.
    pub status: Status,
    /// The panic's message, or how the process ended.
    pub crash: Option<String>,
    /// All diagnostics.
    pub findings: Vec<Finding>,
    /// What naga says of the emitted WGSL; empty if it is valid.
    pub wgsl: Option<String>,
    /// What rustc says of the emitted Rust; empty if it compiles or was not compiled.
    pub rust: Option<String>,
    /// Whether NEURON's translator accepts the file, if it was asked.
    pub nocmodl: Option<bool>,
    /// Time for the file, ms.
    pub millis: u64,
}

impl Verdict {
    /// Whether the file runs on the CPU, as far as was checked.
    pub fn cpu(&self) -> bool {
        self.status == Status::Accepted && self.rust.is_none()
    }

    /// Whether the file runs on the GPU, as far as was checked.
    pub fn gpu(&self) -> bool {
        self.status == Status::Accepted && self.wgsl.is_none()
    }

    /// The codes of the errors, each once, in order.
    pub fn errors(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = Vec::new();
        for finding in self.findings.iter().filter(|finding| finding.error) {
            if !codes.contains(&finding.code.as_str()) {
                codes.push(&finding.code);
            }
        }
        codes
    }
}

/// Judges all files of the plan, in the order of their paths. Runs on rayon's threads.
///
/// # Errors
/// When a folder cannot be read or a program cannot be started.
pub fn run(plan: &Plan) -> anyhow::Result<Vec<Verdict>> {
    let files = collect::collect(&plan.paths)?;
    let pool = worker::Pool::new(plan.worker.clone(), plan.limit);
    let mut verdicts = files
        .par_iter()
        .map(|file| {
            let mut verdict = pool.judge(&file.path)?;
            verdict.copies = file.copies;
            if let Some(nocmodl) = &plan.nocmodl {
                verdict.nocmodl = Some(translator::accepts(nocmodl, &file.path)?);
            }
            Ok(verdict)
        })
        .collect::<anyhow::Result<Vec<Verdict>>>()?;
    if plan.build {
        build::check(&mut verdicts)?;
    }
    Ok(verdicts)
}
