//! Judging one file, in a process that may die of it.
//!
//! A worker reads paths from its standard input, a line each, and answers each with a line of JSON. [`Pool`] keeps idle
//! workers; one that dies or does not answer in time is replaced.

use super::{Finding, Status, Verdict};
use crate::guard::caught;
use crate::shader;
use anyhow::{Context, Result};
use codegen::back::{Real, rust};
use codegen::{Options, compile};
use nmodl_parser::SourceFile;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Compiles a file through all passes and both back ends, and checks the shader.
pub fn judge(path: &Path) -> Verdict {
    let begin = Instant::now();
    let mut verdict = Verdict { path: path.to_owned(), copies: 1, ..Verdict::default() };
    // A thread of its own has the stack that a library's caller may have.
    let answer = std::thread::scope(|scope| {
        let thread = scope.spawn(|| caught(|| examine(path)));
        thread.join().unwrap_or_else(|_| Err("panic".to_owned()))
    });
    match answer {
        Ok((status, findings, wgsl)) => {
            (verdict.status, verdict.findings, verdict.wgsl) = (status, findings, wgsl);
        }
        Err(message) => (verdict.status, verdict.crash) = (Status::Crashed, Some(message)),
    }
    verdict.millis = begin.elapsed().as_millis() as u64;
    verdict
}

fn examine(path: &Path) -> (Status, Vec<Finding>, Option<String>) {
    let source = match SourceFile::read(path) {
        Ok(source) => source,
        Err(error) => panic!("cannot be read: {error}"),
    };
    let (mechanism, diagnostics) = compile(&source, &Options::default());
    let findings = diagnostics
        .iter()
        .map(|diagnostic| Finding {
            code: diagnostic.code.to_owned(),
            error: diagnostic.is_error(),
            message: diagnostic.message.clone(),
            line: diagnostic.labels.first().map_or(0, |label| source.line(label.span.start)),
        })
        .collect();
    for diagnostic in &diagnostics {
        diagnostic.render(&source, false);
    }
    let Some(mechanism) = mechanism else {
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.is_error()), "refused without an error");
        return (Status::Refused, findings, None);
    };
    rust::emit_mechanism(&mechanism, &Default::default());
    let wgsl = [Real::F32, Real::F64].into_iter().find_map(|real| shader::check(&mechanism, real).err());
    (Status::Accepted, findings, wgsl)
}

/// The worker's side: answers until its input ends.
///
/// # Errors
/// When standard input or output fails.
pub fn serve() -> Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let verdict = judge(Path::new(&line?));
        writeln!(out, "{}", serde_json::to_string(&verdict)?)?;
        out.flush()?;
    }
    Ok(())
}

/// Workers that are waiting for a file.
pub struct Pool {
    command: Vec<String>,
    limit: Duration,
    idle: Mutex<Vec<Worker>>,
}

struct Worker {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Pool {
    /// Workers run `command`; each file may take `limit`.
    pub fn new(command: Vec<String>, limit: Duration) -> Self {
        Self { command, limit, idle: Mutex::default() }
    }

    /// Has a worker judge a file.
    ///
    /// # Errors
    /// When no worker can be started.
    pub fn judge(&self, path: &Path) -> Result<Verdict> {
        let idle = self.idle.lock().map(|mut idle| idle.pop()).unwrap_or_default();
        let mut worker = match idle {
            Some(worker) => worker,
            None => self.start()?,
        };
        let failed = |status, crash: String| Verdict {
            path: path.to_owned(),
            copies: 1,
            status,
            crash: Some(crash),
            ..Verdict::default()
        };
        // A worker that is dead is noticed when it does not answer.
        let _ = writeln!(worker.input, "{}", path.display()).and_then(|()| worker.input.flush());
        match worker.answers.recv_timeout(self.limit) {
            Ok(line) => {
                if let Ok(mut idle) = self.idle.lock() {
                    idle.push(worker);
                }
                serde_json::from_str(&line).with_context(|| format!("not an answer: {line}"))
            }
            Err(RecvTimeoutError::Timeout) => {
                Ok(failed(Status::TimedOut, format!("no answer in {} s", self.limit.as_secs_f64())))
            }
            Err(RecvTimeoutError::Disconnected) => {
                let ended = worker.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
                Ok(failed(Status::Crashed, format!("the process ended: {ended}")))
            }
        }
    }

    fn start(&self) -> Result<Worker> {
        let (program, arguments) = self.command.split_first().context("no worker program")?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {program}"))?;
        let input = child.stdin.take().context("a pipe")?;
        let output = BufReader::new(child.stdout.take().context("a pipe")?);
        let (send, answers) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Worker { child, input, answers })
    }
}
