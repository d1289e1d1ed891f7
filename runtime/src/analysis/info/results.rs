//! Spikes, reports, potentials at electrodes.

use crate::analysis::{AnalysisError, short};
use crate::problem::{count, list};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// Most values held at once, and most that are looked at for the least and the greatest.
const BLOCK: usize = 1 << 20;
const MOST_VALUES: usize = 1 << 27;

/// The spikes of a population.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spikes {
    /// The population; empty if the file names none.
    pub population: String,
    /// Their number.
    pub spikes: usize,
    /// The number of nodes that spike.
    pub nodes: usize,
    /// The first and the last, ms.
    pub times: Option<(f64, f64)>,
    /// Spikes a second and node that spikes, from 0 to the last.
    pub rate: Option<f64>,
}

/// Looks at spikes.
pub fn spikes(all: &[sonata::Spikes]) -> Vec<Spikes> {
    let of = |spikes: &sonata::Spikes| {
        let mut by_node: BTreeMap<u64, usize> = BTreeMap::new();
        spikes.node_ids.iter().for_each(|&node| *by_node.entry(node).or_default() += 1);
        let first = spikes.timestamps.iter().copied().fold(f64::INFINITY, f64::min);
        let last = spikes.timestamps.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Spikes {
            population: spikes.population.clone(),
            spikes: spikes.len(),
            nodes: by_node.len(),
            times: (first <= last).then_some((first, last)),
            rate: (last > 0.0).then(|| 1000.0 * spikes.len() as f64 / last / by_node.len() as f64),
        }
    };
    all.iter().map(of).collect()
}

impl fmt::Display for Spikes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.population.is_empty() { "no population" } else { &self.population };
        write!(f, "{name}: {} of {}", count(self.spikes, "spike"), count(self.nodes, "node"))?;
        if let Some((first, last)) = self.times {
            write!(f, ", from {} to {} ms", short(first), short(last))?;
        }
        match self.rate {
            Some(rate) => writeln!(f, ", {rate:.2} Hz each"),
            None => writeln!(f),
        }
    }
}

/// The part of a report about a population.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The population.
    pub population: String,
    /// The variable, if the file names it.
    pub variable: Option<String>,
    /// Its units, if the file names them.
    pub units: Option<String>,
    /// Nodes.
    pub nodes: usize,
    /// Columns.
    pub elements: usize,
    /// Samples of each.
    pub samples: Samples,
}

/// Samples of several values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Samples {
    /// Their number.
    pub rows: usize,
    /// Begin, end and step, ms.
    pub time: [f64; 3],
    /// Least and greatest value; `None` where there is no number, or there are too many to look at.
    pub values: Option<(f64, f64)>,
    /// Rows at the end that were never written: the run was ended.
    pub unwritten: usize,
}

/// Looks at a report.
///
/// # Errors
/// When it cannot be read.
pub fn reports(report: &sonata::Report) -> Result<Vec<Report>, AnalysisError> {
    let of = |part: &sonata::report::ReportPopulation| {
        let width = part.columns();
        let samples = samples(part.rows, width, part.time, |rows| Ok(part.block(rows, 0..width)?))?;
        Ok(Report {
            population: part.mapping.population.clone(),
            variable: part.variable.clone(),
            units: part.units.clone(),
            nodes: part.mapping.node_ids.len(),
            elements: width,
            samples,
        })
    };
    report.populations.iter().map(of).collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = self.variable.as_deref().unwrap_or("a variable without a name");
        let unit = self.units.as_ref().map_or_else(String::new, |units| format!(" ({units})"));
        let Self { population, nodes, elements, samples, .. } = self;
        let (nodes, elements) = (count(*nodes, "node"), count(*elements, "element"));
        writeln!(f, "{population}: {variable}{unit} of {nodes}, {elements}, {samples}")
    }
}

/// Potentials at electrodes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// The number of each channel.
    pub channels: Vec<u64>,
    /// Their units, if the file names them.
    pub units: Option<String>,
    /// Samples of each.
    pub samples: Samples,
}

/// Looks at potentials.
///
/// # Errors
/// When they cannot be read.
pub fn field(ecp: &sonata::ecp::Ecp) -> Result<Field, AnalysisError> {
    let width = ecp.channels.len();
    let samples = samples(ecp.rows, width, ecp.time, |rows| Ok(ecp.block(rows, 0..width)?))?;
    Ok(Field { channels: ecp.channels.clone(), units: ecp.units.clone(), samples })
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.channels.iter().map(u64::to_string).collect();
        let unit = self.units.as_ref().map_or_else(String::new, |units| format!(" ({units})"));
        writeln!(f, "potentials{unit} at {} ({}), {}", count(names.len(), "channel"), list(&names), self.samples)
    }
}

fn samples(
    rows: usize,
    width: usize,
    time: [f64; 3],
    read: impl Fn(Range<usize>) -> Result<Vec<f64>, AnalysisError>,
) -> Result<Samples, AnalysisError> {
    let (mut low, mut high, mut written) = (f64::INFINITY, f64::NEG_INFINITY, 0);
    let few = rows * width <= MOST_VALUES;
    if few && width > 0 {
        let step = (BLOCK / width).max(1);
        for start in (0..rows).step_by(step) {
            let block = read(start..(start + step).min(rows))?;
            for (row, values) in block.chunks(width).enumerate() {
                for &value in values.iter().filter(|value| !value.is_nan()) {
                    (low, high, written) = (low.min(value), high.max(value), start + row + 1);
                }
            }
        }
    }
    let unwritten = if few && width > 0 { rows - written } else { 0 };
    Ok(Samples { rows, time, values: (low <= high).then_some((low, high)), unwritten })
}

impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [start, end, dt] = self.time.map(short);
        write!(f, "{} from {start} to {end} ms every {dt} ms", count(self.rows, "row"))?;
        if let Some((low, high)) = self.values {
            write!(f, ", values from {} to {}", four(low), four(high))?;
        }
        if self.unwritten > 0 {
            write!(f, "; the last {} are empty: the run was ended", self.unwritten)?;
        }
        Ok(())
    }
}

/// Four digits.
fn four(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e6).contains(&size) {
        return format!("{value:.3e}");
    }
    let digits = if size < 1.0 { 4 } else { (3.0 - size.log10().floor()).max(0.0) as usize };
    short(format!("{value:.digits$}").parse().unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_never_written_are_told() {
        let values = [1.0, -2.5, 3.0, 4.0, f64::NAN, f64::NAN];
        let found = samples(3, 2, [0.0, 0.3, 0.1], |rows| Ok(values[rows.start * 2..rows.end * 2].to_vec())).unwrap();
        assert_eq!((found.values, found.unwritten), (Some((-2.5, 4.0)), 1));
        assert!(found.to_string().ends_with("the last 1 are empty: the run was ended"), "{found}");
    }

    #[test]
    fn values_are_short() {
        assert_eq!([-65.43218, 0.00012345, 0.5, 12345.6].map(four), ["-65.43", "1.234e-4", "0.5", "12346"]);
    }
}
