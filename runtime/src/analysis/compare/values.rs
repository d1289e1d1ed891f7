//! Sampled values of two runs.

use super::{Divergence, FileComparison, label};
use crate::analysis::AnalysisError;
use sonata::Report;
use sonata::ecp::Ecp;
use sonata::report::{Mapping, ReportPopulation};
use std::collections::HashMap;
use std::ops::Range;

/// Most values of a file held at once.
const BLOCK: usize = 1 << 20;

/// Compares all populations of two reports.
///
/// # Errors
/// When a file cannot be read.
pub fn compare_reports(
    file: &str,
    a: &Report,
    b: &Report,
    tolerance: f64,
    files: &mut Vec<FileComparison>,
) -> Result<(), AnalysisError> {
    for population in &a.populations {
        let name = &population.mapping.population;
        files.push(match b.population(name) {
            Some(other) => of_populations(label(file, name), population, other, tolerance)?,
            None => FileComparison::unlike(&label(file, name), "is in the first run only"),
        });
    }
    let lone = b.populations.iter().map(|population| &population.mapping.population);
    for name in lone.filter(|name| a.population(name).is_none()) {
        files.push(FileComparison::unlike(&label(file, name), "is in the second run only"));
    }
    Ok(())
}

fn of_populations(
    name: String,
    a: &ReportPopulation,
    b: &ReportPopulation,
    tolerance: f64,
) -> Result<FileComparison, AnalysisError> {
    let variable = a.variable.as_deref().unwrap_or("data");
    let name = format!("{name}, {variable}");
    if let (Some(of_a), Some(of_b)) = (&a.variable, &b.variable)
        && of_a != of_b
    {
        return Ok(FileComparison::unlike(&name, format!("the second run has {of_b}")));
    }
    if let Some(reason) = times(a.time, a.rows, b.time, b.rows) {
        return Ok(FileComparison::unlike(&name, reason));
    }
    let columns = match columns(&a.mapping, &b.mapping) {
        Ok(columns) => columns,
        Err(reason) => return Ok(FileComparison::unlike(&name, reason)),
    };
    let place = |column: usize| {
        let Mapping { population, node_ids, index_pointer, element_ids, element_pos, .. } = &a.mapping;
        let node = node_ids[index_pointer.partition_point(|&begin| begin <= column as u64).saturating_sub(1)];
        format!("node {node} of {population}, section {} at {}", element_ids[column], element_pos[column])
    };
    Samples { rows: a.rows, width: a.columns(), time: a.time, columns: &columns, tolerance }.compare(
        name,
        variable,
        |rows| Ok((a.block(rows.clone(), 0..a.columns())?, b.block(rows, 0..b.columns())?)),
        place,
    )
}

/// Compares potentials at electrodes.
///
/// # Errors
/// When a file cannot be read.
pub fn compare_fields(name: &str, a: &Ecp, b: &Ecp, tolerance: f64) -> Result<FileComparison, AnalysisError> {
    if let Some(reason) = times(a.time, a.rows, b.time, b.rows) {
        return Ok(FileComparison::unlike(name, reason));
    }
    if a.channels != b.channels {
        return Ok(FileComparison::unlike(name, "has other channels in the second run"));
    }
    let width = a.channels.len();
    let columns: Vec<usize> = (0..width).collect();
    Samples { rows: a.rows, width, time: a.time, columns: &columns, tolerance }.compare(
        name.to_owned(),
        "potential",
        |rows| Ok((a.block(rows.clone(), 0..width)?, b.block(rows, 0..width)?)),
        |column| format!("channel {}", a.channels[column]),
    )
}

/// How two axes of time differ, if they do; steps may differ by round-off.
fn times(a: [f64; 3], rows_of_a: usize, b: [f64; 3], rows_of_b: usize) -> Option<String> {
    let near = |x: f64, y: f64| (x - y).abs() <= 1e-9 * x.abs().max(1.0);
    if !near(a[0], b[0]) || !near(a[2], b[2]) {
        let axis = |[start, _, dt]: [f64; 3]| format!("from {start} ms every {dt} ms");
        return Some(format!("is sampled {} and {}", axis(a), axis(b)));
    }
    (rows_of_a != rows_of_b).then(|| format!("has {rows_of_a} and {rows_of_b} rows"))
}

/// For each column of the first report the same of the second.
fn columns(a: &Mapping, b: &Mapping) -> Result<Vec<usize>, String> {
    if a.agrees(b) {
        return Ok((0..a.elements()).collect());
    }
    let begins: HashMap<u64, Range<usize>> = nodes(b).collect();
    let mut columns = Vec::with_capacity(a.elements());
    for (node, of_a) in nodes(a) {
        let Some(of_b) = begins.get(&node) else { return Err(format!("node {node} is in the first run only")) };
        let same = |(x, y): (usize, usize)| {
            a.element_ids[x] == b.element_ids[y] && (a.element_pos[x] - b.element_pos[y]).abs() < 1e-9
        };
        if of_a.len() != of_b.len() || !of_a.clone().zip(of_b.clone()).all(same) {
            return Err(format!("node {node} has other elements in the second run"));
        }
        columns.extend(of_b.clone());
    }
    match nodes(b).find(|(node, _)| !a.node_ids.contains(node)) {
        Some((node, _)) => Err(format!("node {node} is in the second run only")),
        None => Ok(columns),
    }
}

/// The nodes of a report with their columns.
fn nodes(mapping: &Mapping) -> impl Iterator<Item = (u64, Range<usize>)> {
    let ends = mapping.index_pointer.windows(2).map(|ends| ends[0] as usize..ends[1] as usize);
    mapping.node_ids.iter().copied().zip(ends)
}

/// What is compared.
struct Samples<'a> {
    rows: usize,
    width: usize,
    time: [f64; 3],
    /// For each column of the first file that of the second.
    columns: &'a [usize],
    tolerance: f64,
}

impl Samples<'_> {
    fn compare(
        &self,
        name: String,
        variable: &str,
        read: impl Fn(Range<usize>) -> Result<(Vec<f64>, Vec<f64>), AnalysisError>,
        place: impl Fn(usize) -> String,
    ) -> Result<FileComparison, AnalysisError> {
        let (mut largest, mut first) = (0.0, None);
        let rows_at_once = (BLOCK / self.width.max(1)).max(1);
        for start in (0..self.rows).step_by(rows_at_once) {
            let (a, b) = read(start..(start + rows_at_once).min(self.rows))?;
            for (index, &x) in a.iter().enumerate() {
                let (row, column) = (index / self.width, index % self.width);
                let y = b[row * self.width + self.columns[column]];
                let equal = x == y || (x.is_nan() && y.is_nan());
                let difference = if equal { 0.0 } else { (x - y).abs() };
                let difference = if difference.is_nan() { f64::INFINITY } else { difference };
                largest = f64::max(largest, difference);
                if difference > self.tolerance && first.is_none() {
                    // A row is sampled at the end of its step.
                    let time = self.time[0] + (start + row + 1) as f64 * self.time[2];
                    let (place, what) = (place(column), variable.to_owned());
                    first = Some(Divergence { time, place, what, values: (Some(x), Some(y)) });
                }
            }
        }
        let values = self.rows * self.width;
        let largest = largest.is_finite().then_some(largest);
        Ok(FileComparison::Values { name, values, largest, first })
    }
}
