//! `fuzz TARGET`: random texts against the compiler.

use anyhow::Result;
use clap::Parser;
use conformance::fuzz::seeds;
use conformance::fuzz::session::{self, Session};
use conformance::fuzz::supervise::supervise;
use conformance::fuzz::target::Target;
use conformance::guard::caught;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Compiling is allocating; this makes it a quarter faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs random texts against a part of the compiler, and keeps those that break a promise.
#[derive(Debug, Parser)]
struct Arguments {
    /// The part of the compiler
    target: Target,
    /// Number of texts
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    executions: u64,
    /// Seed of the random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folders of .mod files to start from; the repository's own if not given
    #[arg(long, value_name = "PATH")]
    seeds: Vec<PathBuf>,
    /// Where texts that break a promise are kept
    #[arg(long, value_name = "DIR", default_value = "target/fuzz")]
    folder: PathBuf,
    /// Processor time for one text
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0)]
    limit: f64,
    /// Most memory of the process, MiB
    #[arg(long, value_name = "MIB", default_value_t = 2000)]
    memory: u64,
    /// Run one text and say what happens
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Be the process that runs a session: its seed and its count
    #[arg(long, hide = true, num_args = 2)]
    session: Option<Vec<u64>>,
}

impl Arguments {
    fn session(&self, seed: u64, executions: u64) -> Session {
        Session {
            target: self.target,
            folder: self.folder.clone(),
            seed,
            executions,
            limit: Duration::from_secs_f64(self.limit),
            memory: self.memory << 20,
        }
    }

    /// The arguments of a process that runs a session.
    fn child(&self) -> Vec<String> {
        let path = |path: &Path| path.display().to_string();
        let mut arguments = vec![format!("{:?}", self.target).to_lowercase()];
        let pairs = [
            ("--folder", path(&self.folder)),
            ("--limit", self.limit.to_string()),
            ("--memory", self.memory.to_string()),
        ];
        let seeds = self.seeds.iter().map(|seeds| ("--seeds", path(seeds)));
        for (name, value) in pairs.into_iter().chain(seeds) {
            arguments.extend([name.to_owned(), value]);
        }
        arguments.push("--session".to_owned());
        arguments
    }

    fn seeds(&self) -> Vec<PathBuf> {
        if !self.seeds.is_empty() {
            return self.seeds.clone();
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        ["mod", "tests/parity/mechanisms", "tests/mistakes", "tests/conformance/finds"]
            .map(|folder| root.join(folder))
            .into_iter()
            .filter(|folder| folder.is_dir())
            .collect()
    }
}

/// Status 0 if all promises were kept, else 1.
fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(path) = &arguments.run {
        return run_one(&arguments, path);
    }
    if let Some(&[seed, executions]) = arguments.session.as_deref() {
        let session = arguments.session(seed, executions);
        let progress = |count| {
            // The supervisor may be gone.
            let _ = writeln!(std::io::stdout(), "{count}");
        };
        session::run(&session, &seeds::read(&arguments.seeds())?, progress)?;
        return Ok(ExitCode::SUCCESS);
    }
    let session = arguments.session(arguments.seed, arguments.executions);
    let program = std::env::current_exe()?.display().to_string();
    let outcome = supervise(&session, &program, &arguments.child())?;
    let rate = outcome.executions as f64 / outcome.seconds;
    println!("{} texts in {:.0} s ({rate:.0}/s), finds: {}", outcome.executions, outcome.seconds, outcome.finds.len());
    for path in &outcome.finds {
        let message = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        println!("{}: {}", path.display(), message.lines().next().unwrap_or_default());
    }
    Ok(if outcome.finds.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One text, with the limits of a session.
fn run_one(arguments: &Arguments, path: &Path) -> Result<ExitCode> {
    let text = std::fs::read(path)?;
    let limit = Duration::from_secs_f64(arguments.limit);
    let memory = arguments.memory << 20;
    session::Watch::start(limit, memory).begin();
    match caught(|| arguments.target.run(&text, true)) {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(message) => {
            eprintln!("{}", message.replace('\n', " "));
            Ok(ExitCode::FAILURE)
        }
    }
}
