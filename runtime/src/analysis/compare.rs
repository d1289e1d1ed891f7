//! Comparison of two runs: spikes one by one, reports sample by sample.

use super::{AnalysisError, ResultFiles};
use sonata::Spikes;
use sonata::report::ReportPopulation;
use std::fmt;
use std::path::Path;

/// Most values of a report held at once.
const BLOCK: usize = 1 << 20;

/// How the results of two runs differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// One entry per file and population.
    pub files: Vec<FileComparison>,
}

/// How one file differs.
#[derive(Clone, Debug, PartialEq)]
pub enum FileComparison {
    /// The file or population is in one run only, or of another size.
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
        /// Largest difference of a node's k-th spike time, ms.
        largest: f64,
        /// Node and time of the first difference.
        first: Option<(u64, f64)>,
    },
    /// A report of a population.
    Report {
        /// File, population and variable.
        name: String,
        /// Count of values.
        values: usize,
        /// Largest absolute difference, in the variable's unit.
        largest: f64,
        /// Node and time of the largest difference.
        place: Option<(u64, f64)>,
    },
}

impl Comparison {
    /// Whether all spike times agree within `time` ms and all report values within `value`.
    pub fn agrees(&self, time: f64, value: f64) -> bool {
        self.files.iter().all(|file| match file {
            FileComparison::Unlike { .. } => false,
            FileComparison::Spikes { counts, largest, .. } => counts.0 == counts.1 && *largest <= time,
            FileComparison::Report { largest, .. } => *largest <= value,
        })
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.files.iter().try_for_each(|file| writeln!(f, "{file}"))
    }
}

impl fmt::Display for FileComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |place: &Option<(u64, f64)>| match place {
            Some((node, t)) => format!(" (node {node}, t = {t} ms)"),
            None => String::new(),
        };
        match self {
            Self::Unlike { name, reason } => write!(f, "{name}: {reason}"),
            Self::Spikes { name, counts, largest, first } => {
                write!(f, "{name}: {} and {} spikes, times differ by {largest:.3e} ms at most", counts.0, counts.1)?;
                f.write_str(&if *largest > 0.0 { at(first) } else { String::new() })
            }
            Self::Report { name, values, largest, place } => {
                write!(f, "{name}: {values} values, largest difference {largest:.3e}")?;
                f.write_str(&if *largest > 0.0 { at(place) } else { String::new() })
            }
        }
    }
}

/// Compares the results at two places: output folders, or files of the same kind.
///
/// # Errors
/// When a file cannot be read, or there is nothing to compare.
pub fn compare(a: &Path, b: &Path) -> Result<Comparison, AnalysisError> {
    let (a, b) = (ResultFiles::find(a)?, ResultFiles::find(b)?);
    let mut files = Vec::new();
    for ((path, of_a), (_, of_b)) in a.spikes.iter().zip(&b.spikes) {
        compare_spikes(path, of_a, of_b, &mut files);
    }
    let lone = a.reports.len() == 1 && b.reports.len() == 1;
    for (path, report) in &a.reports {
        let partner = b.reports.iter().find(|(other, _)| lone || other.file_name() == path.file_name());
        let Some((_, partner)) = partner else {
            files.push(unlike(&label(path, ""), "is in the first run only"));
            continue;
        };
        for population in &report.populations {
            let name = label(path, &population.mapping.population);
            match partner.population(&population.mapping.population) {
                Some(other) => files.push(compare_reports(name, population, other)?),
                None => files.push(unlike(&name, "is in the first run only")),
            }
        }
    }
    Ok(Comparison { files })
}

fn label(path: &Path, population: &str) -> String {
    let file = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    if population.is_empty() { file } else { format!("{file}, {population}") }
}

fn unlike(name: &str, reason: &str) -> FileComparison {
    FileComparison::Unlike { name: name.to_owned(), reason: reason.to_owned() }
}

fn compare_spikes(path: &Path, a: &[Spikes], b: &[Spikes], files: &mut Vec<FileComparison>) {
    let mut populations: Vec<&str> = a.iter().chain(b).map(|spikes| spikes.population.as_str()).collect();
    populations.sort_unstable();
    populations.dedup();
    if populations.is_empty() {
        populations.push("");
    }
    for population in populations {
        let of = |all: &[Spikes]| -> Vec<(u64, f64)> {
            let pairs = all.iter().filter(|spikes| spikes.population == population);
            let mut pairs: Vec<(u64, f64)> = pairs
                .flat_map(|spikes| spikes.node_ids.iter().copied().zip(spikes.timestamps.iter().copied()))
                .collect();
            pairs.sort_by(|x, y| x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)));
            pairs
        };
        let (a, b) = (of(a), of(b));
        let mut largest: f64 = 0.0;
        let mut first: Option<(u64, f64)> = None;
        for (x, y) in a.iter().zip(&b) {
            let difference = if x.0 == y.0 { (x.1 - y.1).abs() } else { f64::INFINITY };
            if difference > 0.0 && first.is_none_or(|(_, t)| x.1 < t) {
                first = Some(*x);
            }
            largest = largest.max(difference);
        }
        let name = label(path, population);
        files.push(FileComparison::Spikes { name, counts: (a.len(), b.len()), largest, first });
    }
}

fn compare_reports(name: String, a: &ReportPopulation, b: &ReportPopulation) -> Result<FileComparison, AnalysisError> {
    let variable = a.variable.as_deref().unwrap_or("data");
    let name = format!("{name}, {variable}");
    if (a.rows, a.time) != (b.rows, b.time) || !a.mapping.agrees(&b.mapping) {
        return Ok(unlike(&name, "has other nodes, elements or times in the second run"));
    }
    let columns = a.columns();
    let mut largest: f64 = 0.0;
    let mut place = None;
    let rows_at_once = (BLOCK / columns.max(1)).max(1);
    for start in (0..a.rows).step_by(rows_at_once) {
        let rows = start..(start + rows_at_once).min(a.rows);
        let (of_a, of_b) = (a.block(rows.clone(), 0..columns)?, b.block(rows, 0..columns)?);
        for (index, (x, y)) in of_a.iter().zip(&of_b).enumerate() {
            let equal = x == y || (x.is_nan() && y.is_nan());
            let difference = if equal { 0.0 } else { (x - y).abs() };
            if difference > largest || difference.is_nan() {
                largest = if difference.is_nan() { f64::INFINITY } else { difference };
                place = Some((start + index / columns, index % columns));
            }
        }
    }
    let place = place.map(|(row, column)| {
        let nodes = &a.mapping.index_pointer;
        let node = nodes.partition_point(|&begin| begin <= column as u64).saturating_sub(1);
        (a.mapping.node_ids[node], a.time[0] + (row + 1) as f64 * a.time[2])
    });
    Ok(FileComparison::Report { name, values: a.rows * columns, largest, place })
}
