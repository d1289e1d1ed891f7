//! What is wrong with a model or a run, as it is told to the user.

use serde::Serialize;
use std::fmt;
use std::path::Path;

/// Whose business it is; decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Blame {
    /// The model or its configuration: exit status 1.
    Model,
    /// The command line, a file that cannot be read or written, a missing device: exit status 2.
    Run,
}

/// One thing that is wrong: what, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whose business it is.
    pub blame: Blame,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// File, and where in it: a line, or an HDF5 path and row.
    pub place: Option<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// What the user can do.
    pub help: Option<String>,
}

impl Problem {
    /// A mistake in the model.
    pub fn model(message: impl Into<String>) -> Self {
        Self { blame: Blame::Model, message: message.into(), place: None, notes: Vec::new(), help: None }
    }

    /// A failure of the run: usage, input and output, devices.
    pub fn run(message: impl Into<String>) -> Self {
        Self { blame: Blame::Run, ..Self::model(message) }
    }

    /// A file that the operating system refused.
    pub fn io(action: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::run(format!("cannot {action} {}: {error}", path.display()))
    }

    /// A result that cannot be written.
    pub fn writing(error: sonata::Error) -> Self {
        let text = error.to_string();
        let locked = text.contains("lock file");
        let problem = Self::run(format!("cannot write results: {text}"));
        if locked { problem.help("another program has the file open; close it there") } else { problem }
    }

    /// The same problem, with its place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The same problem, with its file.
    #[must_use]
    pub fn in_file(self, path: &Path) -> Self {
        self.at(path.display().to_string())
    }

    /// The same problem, with another fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same problem, with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<sonata::Error> for Problem {
    fn from(error: sonata::Error) -> Self {
        match error {
            sonata::Error::Io { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
                Self::model("there is no such file").in_file(&path)
            }
            sonata::Error::Io { path, source } => Self::io("use", &path, &source),
            other => Self::model(other.to_string()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(place) = &self.place {
            write!(f, "\n  --> {place}")?;
        }
        for note in &self.notes {
            write!(f, "\n  note: {}", indent(note))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", indent(help))?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Continuation lines are set under the first one's text.
fn indent(text: &str) -> String {
    text.trim_end().replace('\n', "\n        ")
}

/// Everything that was found wrong in one pass; not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// The exit status: 1 if any of them is the model's, else 2.
    pub fn exit_status(&self) -> u8 {
        if self.0.iter().any(|problem| problem.blame == Blame::Model) { 1 } else { 2 }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n\n" };
            write!(f, "{gap}error: {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Gathers problems, so that a user learns of several at a time.
#[derive(Debug, Default)]
pub struct Collector {
    problems: Vec<Problem>,
}

impl Collector {
    /// Adds one, unless the same has been said already.
    pub fn push(&mut self, problem: impl Into<Problem>) {
        let problem = problem.into();
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// The value, or nothing and its problem is kept.
    pub fn keep<T>(&mut self, result: Result<T, impl Into<Problem>>) -> Option<T> {
        result.map_err(|problem| self.push(problem)).ok()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// The value if nothing was wrong.
    ///
    /// # Errors
    /// All problems, when there are any.
    pub fn finish<T>(self, value: T) -> Result<T, Problems> {
        if self.problems.is_empty() { Ok(value) } else { Err(Problems(self.problems)) }
    }
}

/// `one, two, three, ... (12 more)`: names for a message.
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(SHOWN);
    let tail = if more > 0 { format!(", ... ({more} more)") } else { String::new() };
    format!("{}{tail}", shown.join(", "))
}

/// `1 cell`, `3 cells`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix('s') {
        _ if number == 1 => "",
        Some(_) => "es",
        None => "s",
    };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_where_and_what_to_do() {
        let problem = Problem::model("no mechanism `kdrr`")
            .at("cells.hoc:12")
            .note("inserted in section soma[0]\nof HCOcell")
            .help("did you mean `kdr`?");
        let text = "error: no mechanism `kdrr`\n  --> cells.hoc:12\n  note: inserted in section soma[0]\n        of HCOcell\n  help: did you mean `kdr`?";
        assert_eq!(Problems::from(problem).to_string(), text);
    }

    #[test]
    fn a_model_at_fault_outranks_the_run() {
        assert_eq!(Problems(vec![Problem::run("a"), Problem::model("b")]).exit_status(), 1);
        assert_eq!(Problems(vec![Problem::run("a")]).exit_status(), 2);
    }

    #[test]
    fn the_same_problem_is_told_once() {
        let mut collector = Collector::default();
        collector.push(Problem::model("a"));
        collector.push(Problem::model("a"));
        assert_eq!(collector.finish(()).unwrap_err().0.len(), 1);
    }

    #[test]
    fn counts_and_lists_read_well() {
        assert_eq!(
            (count(1, "synapse"), count(2, "synapse"), count(2, "bus")),
            ("1 synapse".into(), "2 synapses".into(), "2 buses".into())
        );
        let names: Vec<String> = (0..14).map(|i| i.to_string()).collect();
        assert!(list(&names).ends_with("11, ... (2 more)"));
    }
}
