//! A session in a process that may die, and is started again.

use super::minimise;
use super::session::{OUT_OF_MEMORY, OUT_OF_TIME, Session, save};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

/// What all processes of a session did together.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Texts run.
    pub executions: u64,
    /// The texts that broke a promise, minimised.
    pub finds: Vec<PathBuf>,
    /// Time, s.
    pub seconds: f64,
}

/// Runs a session in processes of `program` until all texts are run. `arguments` make a process run a session with a seed
/// and a count, given last.
///
/// # Errors
/// When the program cannot be run or a file cannot be written.
pub fn supervise(session: &Session, program: &str, arguments: &[String]) -> Result<Outcome> {
    let begin = Instant::now();
    std::fs::create_dir_all(&session.folder)?;
    let before = finds(session)?;
    let mut outcome = Outcome::default();
    let mut seed = session.seed;
    while outcome.executions < session.executions {
        let rest = session.executions - outcome.executions;
        let mut child = Command::new(program)
            .args(arguments)
            .args([seed.to_string(), rest.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {program}"))?;
        let mut done = 0;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                done = line.trim().parse().unwrap_or(done);
                eprint!("\r{} texts, {:.0} s", outcome.executions + done, begin.elapsed().as_secs_f64());
            }
        }
        let status = child.wait()?;
        outcome.executions += done.max(1);
        seed = seed.wrapping_add(0x5851_f42d_4c95_7f2d);
        if !status.success() {
            let text = std::fs::read(session.folder.join("current"))?;
            save(&session.folder, session.target, &cause(status), &text)?;
        }
    }
    eprintln!();
    for path in finds(session)?.into_iter().filter(|path| !before.contains(path)) {
        minimise::file(&path, session, program)?;
        outcome.finds.push(path);
    }
    outcome.seconds = begin.elapsed().as_secs_f64();
    Ok(outcome)
}

/// Why a process ended.
pub(super) fn cause(status: ExitStatus) -> String {
    match status.code() {
        Some(OUT_OF_TIME) => "out of time".to_owned(),
        Some(OUT_OF_MEMORY) => "out of memory".to_owned(),
        _ => format!("the process ended: {status}"),
    }
}

fn finds(session: &Session) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&session.folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "mod") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
