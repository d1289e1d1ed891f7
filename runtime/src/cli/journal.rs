//! Where messages go: the terminal and the log file of the run.
//!
//! The whole program reports through [`tracing`]: warnings with `tracing::warn!`, remarks for the
//! user with `info!`, details for the log file alone with `debug!`. The fields `place` and `help`
//! appear on lines of their own, as those of a [`Problem`](crate::problem::Problem) do.

use crate::problem::Problem;
use indicatif::MultiProgress;
use serde::Serialize;
use std::collections::HashSet;
use std::fmt::Debug;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Crates whose messages are the user's business.
const OURS: [&str; 5] = ["runtime", "sonata", "cell", "codegen", "nmodl_parser"];

/// The terminal and the log file.
#[derive(Clone)]
pub struct Journal {
    state: Arc<Mutex<State>>,
    progress: MultiProgress,
    quiet: bool,
}

struct State {
    begin: Instant,
    /// What was said before the log file was open.
    waiting: String,
    file: Option<File>,
    said: HashSet<String>,
    remarks: Vec<Remark>,
}

/// A warning, or a note, that was told.
#[derive(Clone, Debug, Serialize)]
pub struct Remark {
    /// `warning` or `note`.
    pub level: &'static str,
    /// What it says.
    #[serde(flatten)]
    pub what: Problem,
}

impl State {
    fn new() -> Self {
        Self { begin: Instant::now(), waiting: String::new(), file: None, said: HashSet::new(), remarks: Vec::new() }
    }
}

impl Journal {
    /// A journal that shows remarks on the terminal unless it is to be quiet, and gets all messages
    /// of this process from now on.
    pub fn install(quiet: bool) -> Self {
        let journal = Self { state: Arc::new(Mutex::new(State::new())), progress: MultiProgress::new(), quiet };
        let subscriber = tracing_subscriber::registry().with(journal.clone());
        // A second run in one process (a test) keeps the first one's subscriber.
        let _ = tracing::subscriber::set_global_default(subscriber);
        journal
    }

    /// The warnings and notes that were told so far.
    pub fn remarks(&self) -> Vec<Remark> {
        self.lock().remarks.clone()
    }

    /// The progress bars that messages must not overwrite.
    pub fn progress(&self) -> &MultiProgress {
        &self.progress
    }

    /// Writes everything said so far and from now on to a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(&self, path: &Path) -> Result<(), Problem> {
        let failed = |error| Problem::io("write the log file", path, &error);
        let mut file = File::create(path).map_err(failed)?;
        let mut state = self.lock();
        file.write_all(state.waiting.as_bytes()).map_err(failed)?;
        state.waiting.clear();
        state.file = Some(file);
        Ok(())
    }

    /// Writes a line to the log file only.
    pub fn log(&self, text: &str) {
        let mut state = self.lock();
        let seconds = state.begin.elapsed().as_secs_f64();
        let line = format!("[{seconds:9.3} s] {text}\n");
        match &mut state.file {
            // A full disk is told when the results are written.
            Some(file) => drop(file.write_all(line.as_bytes())),
            None => state.waiting.push_str(&line),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for Journal {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let level = *metadata.level();
        let origin = metadata.target().split("::").next().unwrap_or_default();
        if level > Level::DEBUG || !OURS.contains(&origin) {
            return;
        }
        let mut message = Message::default();
        event.record(&mut message);
        let word = match level {
            Level::ERROR => "error",
            Level::WARN => "warning",
            _ => "note",
        };
        let what = message.into_problem();
        let text = format!("{word}: {what}");
        if !self.lock().said.insert(text.clone()) {
            return;
        }
        if level <= Level::INFO {
            self.lock().remarks.push(Remark { level: word, what });
        }
        self.log(&text);
        if level <= Level::WARN || (level == Level::INFO && !self.quiet) {
            self.progress.suspend(|| eprintln!("{text}"));
        }
    }
}

/// The fields of an event.
#[derive(Default)]
struct Message {
    text: String,
    place: Option<String>,
    help: Option<String>,
    notes: Vec<String>,
}

impl Message {
    fn take(&mut self, field: &Field, value: String) {
        match field.name() {
            "message" => self.text = value,
            "place" => self.place = Some(value),
            "help" => self.help = Some(value),
            name => self.notes.push(format!("{name} = {value}")),
        }
    }

    fn into_problem(self) -> Problem {
        let mut problem = Problem::model(self.text);
        problem.place = self.place;
        problem.help = self.help;
        problem.notes = self.notes;
        problem
    }
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.take(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_file_gets_what_was_said_before_it_was_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.txt");
        let journal =
            Journal { state: Arc::new(Mutex::new(State::new())), progress: MultiProgress::new(), quiet: true };
        let subscriber = tracing_subscriber::registry().with(journal.clone());
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(place = "a.mod:3", help = "do this", "early {}", 1);
            journal.open(&path).unwrap();
            tracing::debug!("late");
            tracing::debug!("late");
        });
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("note: early 1\n  --> a.mod:3\n  help: do this\n"), "{text}");
        assert_eq!(text.matches("late").count(), 1);
    }
}
