//! `corpus FOLDER...`: compiles all `.mod` files below some folders and prints what was refused, and why.

use anyhow::Result;
use clap::Parser;
use conformance::corpus::{Plan, Status, report, run, worker};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Compiles all .mod files below some folders, for both back ends, and counts what is refused.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folders, or .mod files
    #[arg(required_unless_present = "worker", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Give the emitted Rust to rustc as well
    #[arg(long)]
    build: bool,
    /// Files at a time; all processors if not given
    #[arg(long, value_name = "N", default_value_t = 0)]
    jobs: usize,
    /// Time for one file
    #[arg(long, value_name = "SECONDS", default_value_t = 20.0)]
    limit: f64,
    /// NEURON's translator, to compare with
    #[arg(long, value_name = "PROGRAM")]
    nocmodl: Option<PathBuf>,
    /// Write the verdict on each file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// List the refused files under each code
    #[arg(long)]
    list: bool,
    /// Answer the paths of standard input
    #[arg(long, hide = true)]
    worker: bool,
}

/// Status 0 if nothing crashed and all that was emitted is valid, else 1.
fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if arguments.worker {
        worker::serve()?;
        return Ok(ExitCode::SUCCESS);
    }
    rayon::ThreadPoolBuilder::new().num_threads(arguments.jobs).build_global()?;
    let plan = Plan {
        paths: arguments.paths,
        worker: vec![std::env::current_exe()?.display().to_string(), "--worker".to_owned()],
        limit: Duration::from_secs_f64(arguments.limit),
        build: arguments.build,
        nocmodl: arguments.nocmodl,
    };
    let begin = Instant::now();
    let verdicts = run(&plan)?;
    print!("{}", report::table(&verdicts));
    if arguments.list {
        print!("{}", report::list(&verdicts));
    }
    eprintln!("{:.1} s", begin.elapsed().as_secs_f64());
    if let Some(path) = arguments.json {
        std::fs::write(path, serde_json::to_string_pretty(&verdicts)?)?;
    }
    let sound = |status| matches!(status, Status::Accepted | Status::Refused);
    let defect = verdicts.iter().any(|v| !sound(v.status) || v.rust.is_some() || v.wgsl.is_some());
    Ok(if defect { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
