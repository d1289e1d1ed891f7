//! Comparison of two runs: spikes one by one, reports and potentials at electrodes sample by sample.

mod spikes;
mod values;

use super::{AnalysisError, ResultFiles};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// What may differ.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tolerances {
    /// Spike times, ms.
    pub time: f64,
    /// Values, in their unit.
    pub value: f64,
}

/// How the results of two runs differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// What was allowed.
    pub tolerances: Tolerances,
    /// One entry for each file and population.
    pub files: Vec<FileComparison>,
}

/// How one file differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FileComparison {
    /// The file or population is in one run only, or holds other things.
    Unlike {
        /// Which.
        name: String,
        /// How.
        reason: String,
    },
    /// Spikes of a population.
    Spikes {
        /// File and population.
        name: String,
        /// Count in each run.
        counts: (usize, usize),
        /// Largest difference of a node's k-th spike time, ms, over the spikes that both runs have.
        largest: f64,
        /// The first spike that differs by more than is allowed.
        first: Option<Divergence>,
    },
    /// A report of a population, or potentials at electrodes.
    Values {
        /// File, population and variable.
        name: String,
        /// Count of values.
        values: usize,
        /// Largest absolute difference, in the variable's unit; `None` if one of two values is no number.
        largest: Option<f64>,
        /// The first value that differs by more than is allowed.
        first: Option<Divergence>,
    },
}

/// Where two runs part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Divergence {
    /// ms.
    pub time: f64,
    /// `node 3 of net, section 1 at 0.5` or `channel 2`.
    pub place: String,
    /// `spike` or the name of the variable.
    pub what: String,
    /// In the first and in the second run; `None` where there is nothing.
    pub values: (Option<f64>, Option<f64>),
}

impl Comparison {
    /// Whether everything is in both runs and differs by no more than is allowed.
    pub fn agrees(&self) -> bool {
        self.files.iter().all(FileComparison::agrees)
    }

    /// Where the runs part first.
    pub fn first(&self) -> Option<&Divergence> {
        self.files.iter().filter_map(FileComparison::first).min_by(|a, b| a.time.total_cmp(&b.time))
    }

    /// One sentence on the outcome.
    pub fn verdict(&self) -> String {
        let Tolerances { time, value } = self.tolerances;
        match (self.agrees(), self.first()) {
            (true, _) => "the runs agree".to_owned(),
            (false, Some(first)) => format!("the runs differ by more than {time} ms or {value}: first {first}"),
            (false, None) => "the runs differ in what they recorded".to_owned(),
        }
    }
}

impl FileComparison {
    /// Whether it differs by no more than is allowed.
    pub fn agrees(&self) -> bool {
        match self {
            Self::Unlike { .. } => false,
            Self::Spikes { first, .. } | Self::Values { first, .. } => first.is_none(),
        }
    }

    fn first(&self) -> Option<&Divergence> {
        match self {
            Self::Unlike { .. } => None,
            Self::Spikes { first, .. } | Self::Values { first, .. } => first.as_ref(),
        }
    }

    fn unlike(name: &str, reason: impl Into<String>) -> Self {
        Self::Unlike { name: name.to_owned(), reason: reason.into() }
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {} ms, {}, ", super::short(self.time), self.place)?;
        match (&*self.what, self.values) {
            ("spike", (Some(a), Some(b))) => write!(f, "spikes at {} and {} ms", super::short(a), super::short(b)),
            ("spike", (Some(_), None)) => f.write_str("a spike in the first run only"),
            ("spike", _) => f.write_str("a spike in the second run only"),
            (what, (a, b)) => {
                write!(f, "{what} is {} and {}", a.unwrap_or(f64::NAN), b.unwrap_or(f64::NAN))
            }
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.files.iter().try_for_each(|file| writeln!(f, "{file}"))
    }
}

impl fmt::Display for FileComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlike { name, reason } => return write!(f, "{name}: {reason}"),
            Self::Spikes { name, counts, largest, .. } => {
                write!(f, "{name}: {} and {} spikes, times differ by {largest:.3e} ms at most", counts.0, counts.1)?;
            }
            Self::Values { name, values, largest: Some(largest), .. } => {
                write!(f, "{name}: {values} values, largest difference {largest:.3e}")?;
            }
            Self::Values { name, values, largest: None, .. } => {
                write!(f, "{name}: {values} values, some of which are no numbers in one run only")?;
            }
        }
        self.first().map_or(Ok(()), |first| write!(f, "\n  first {first}"))
    }
}

/// Compares the results at two places: output folders, of any simulator that writes SONATA, or files of the same kind.
///
/// # Errors
/// When a file cannot be read, or there is nothing to compare.
pub fn compare(a: &Path, b: &Path, tolerances: Tolerances) -> Result<Comparison, AnalysisError> {
    let (a, b) = (ResultFiles::find(a)?, ResultFiles::find(b)?);
    let mut files = Vec::new();
    for (name, pair) in partners(&a.spikes, &b.spikes) {
        match pair {
            Ok((a, b)) => spikes::compare(&name, a, b, tolerances.time, &mut files),
            Err(reason) => files.push(FileComparison::unlike(&name, reason)),
        }
    }
    for (name, pair) in partners(&a.reports, &b.reports) {
        match pair {
            Ok((a, b)) => values::compare_reports(&name, a, b, tolerances.value, &mut files)?,
            Err(reason) => files.push(FileComparison::unlike(&name, reason)),
        }
    }
    for (name, pair) in partners(&a.fields, &b.fields) {
        files.push(match pair {
            Ok((a, b)) => values::compare_fields(&name, a, b, tolerances.value)?,
            Err(reason) => FileComparison::unlike(&name, reason),
        });
    }
    Ok(Comparison { tolerances, files })
}

/// Files of two runs: both, or why there is but one.
type Pair<'a, T> = (String, Result<(&'a T, &'a T), &'static str>);

/// The files of the same name; of each run the only one, whatever its name.
fn partners<'a, T>(a: &'a [(PathBuf, T)], b: &'a [(PathBuf, T)]) -> Vec<Pair<'a, T>> {
    if let ([(path, a)], [(_, b)]) = (a, b) {
        return vec![(name(path), Ok((a, b)))];
    }
    let find = |all: &'a [(PathBuf, T)], path: &Path| all.iter().find(|(other, _)| name(other) == name(path));
    let of_a = a.iter().map(|(path, a)| match find(b, path) {
        Some((_, b)) => (name(path), Ok((a, b))),
        None => (name(path), Err("is in the first run only")),
    });
    let of_b = b.iter().filter(|(path, _)| find(a, path).is_none());
    of_a.chain(of_b.map(|(path, _)| (name(path), Err("is in the second run only")))).collect()
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn label(file: &str, population: &str) -> String {
    if population.is_empty() { file.to_owned() } else { format!("{file}, {population}") }
}
