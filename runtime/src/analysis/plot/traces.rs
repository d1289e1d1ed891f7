//! Reports: a line for each node, element or group.

use super::Options;
use super::figure::{Mark, Panel};
use super::palette::{PALE, group as color_of};
use crate::analysis::{AnalysisError, Group};
use sonata::report::ReportPopulation;
use std::ops::Range;

/// Most traces that have names of their own, and most that are drawn at all.
const MOST_NAMED: usize = 12;
const MOST_TRACES: usize = 60;
/// Most points of a trace: about two per pixel, kept as minima and maxima.
const MOST_POINTS: usize = 3600;
/// Most values held at once.
const BLOCK: usize = 1 << 20;
const HEIGHT: u32 = 240;

/// Which elements of each node are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Elements {
    /// The first, which is the soma in most reports.
    #[default]
    First,
    /// All.
    All,
    /// Those in sections with these ids.
    Sections(super::super::Ids),
}

impl std::str::FromStr for Elements {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "first" | "origin" => Ok(Self::First),
            "all" => Ok(Self::All),
            ids => {
                ids.parse().map(Self::Sections).map_err(|error| format!("{error}; expected first, all or section ids"))
            }
        }
    }
}

/// A column of a report, and whose it is.
struct Column {
    node: u64,
    column: usize,
    /// The place, where several elements of a node are shown.
    place: String,
    color: usize,
}

/// The panel of a report's population; `None` if none of its nodes is shown.
///
/// # Errors
/// When the file cannot be read.
pub fn panel(
    report: &ReportPopulation,
    groups: &[Group],
    time: (f64, f64),
    options: &Options,
) -> Result<Option<Panel>, AnalysisError> {
    let columns = columns(report, groups, options);
    if columns.is_empty() {
        return Ok(None);
    }
    let rows = rows(report, time);
    let at = |row: usize| report.time[0] + (row + 1) as f64 * report.time[2];
    let trace = |values: &[f64]| thin(values, rows.start, at);
    let by_group = groups.len() > 1 || groups.first().is_some_and(|group| group.name != report.mapping.population);
    let (mut marks, mut legend, mut note) = (Vec::new(), Vec::new(), None);
    if options.average {
        let background = columns.iter().take(MOST_TRACES);
        for column in background {
            let values = report.block(rows.clone(), column.column..column.column + 1)?;
            marks.push(Mark::Line { points: trace(&values), color: PALE, width: 0.75 });
        }
        for group in groups {
            let of_group: Vec<usize> = columns.iter().filter(|c| group.has(c.node)).map(|c| c.column).collect();
            if of_group.is_empty() {
                continue;
            }
            let points = trace(&mean(report, &rows, &of_group)?);
            marks.push(Mark::Line { points, color: color_of(group.color), width: 2.0 });
            legend.push((format!("mean of {}", of_group.len()), color_of(group.color)));
            if by_group {
                legend.last_mut().iter_mut().for_each(|entry| entry.0 = group.name.clone());
            }
        }
    } else {
        let most = if by_group { MOST_TRACES } else { MOST_NAMED };
        for (index, column) in columns.iter().take(most).enumerate() {
            let values = report.block(rows.clone(), column.column..column.column + 1)?;
            let color = color_of(if by_group { column.color } else { index });
            let width = if index >= MOST_NAMED { 0.75 } else { 1.0 };
            marks.push(Mark::Line { points: trace(&values), color, width });
            if !by_group {
                legend.push((format!("node {}{}", column.node, column.place), color));
            }
        }
        if by_group {
            legend = groups.iter().map(|group| (group.name.clone(), color_of(group.color))).collect();
        }
        if columns.len() > most {
            note = Some(format!("{most} of {} traces", columns.len()));
        }
    }
    let variable = report.variable.as_deref().unwrap_or("value");
    let unit = report.units.as_deref().or_else(|| unit_of(variable));
    let (low, high) = limits(&marks);
    let room = 0.06 * (high - low);
    Ok(Some(Panel {
        title: report.mapping.population.clone(),
        label: unit.map_or_else(|| variable.to_owned(), |unit| format!("{variable} ({unit})")),
        // The title stands above the traces.
        range: (low - room, high + 2.5 * room),
        marks,
        legend,
        note,
        height: HEIGHT,
        ..Panel::default()
    }))
}

fn columns(report: &ReportPopulation, groups: &[Group], options: &Options) -> Vec<Column> {
    let mapping = &report.mapping;
    let mut columns = Vec::new();
    for (&node, ends) in mapping.node_ids.iter().zip(mapping.index_pointer.windows(2)) {
        let Some(group) = groups.iter().find(|group| group.has(node)) else { continue };
        if options.wanted.nodes.as_ref().is_some_and(|nodes| !nodes.has(node)) {
            continue;
        }
        for column in ends[0] as usize..ends[1] as usize {
            let section = mapping.element_ids[column];
            let (shown, named) = match &options.elements {
                Elements::First => (column == ends[0] as usize, false),
                Elements::All => (true, ends[1] - ends[0] > 1),
                Elements::Sections(ids) => (ids.has(section), true),
            };
            if shown {
                let x = mapping.element_pos[column];
                let place = if named { format!(", {section}({x:.2})") } else { String::new() };
                columns.push(Column { node, column, place, color: group.color });
            }
        }
    }
    columns
}

/// The rows between two times. Row `i` is the value at `start + (i + 1) dt`.
fn rows(report: &ReportPopulation, (begin, end): (f64, f64)) -> Range<usize> {
    let [start, _, dt] = report.time;
    let row = |t: f64| ((t - start) / dt - 1.0).clamp(0.0, report.rows as f64);
    let first = row(begin).ceil() as usize;
    let last = (row(end).floor() as usize + 1).min(report.rows);
    first.min(last)..last
}

/// The mean of some columns, row by row.
fn mean(report: &ReportPopulation, rows: &Range<usize>, columns: &[usize]) -> Result<Vec<f64>, AnalysisError> {
    let width = report.columns();
    let step = (BLOCK / width.max(1)).max(1);
    let mut means = Vec::with_capacity(rows.len());
    for first in rows.clone().step_by(step) {
        let block = report.block(first..(first + step).min(rows.end), 0..width)?;
        let sums = block.chunks(width).map(|row| columns.iter().map(|&column| row[column]).sum::<f64>());
        means.extend(sums.map(|sum| sum / columns.len() as f64));
    }
    Ok(means)
}

/// Keeps the extremes of each stretch, so that a spike is never lost.
fn thin(values: &[f64], first_row: usize, at: impl Fn(usize) -> f64) -> Vec<(f64, f64)> {
    let stretch = (2 * values.len()).div_ceil(MOST_POINTS).max(1);
    let mut points = Vec::new();
    for (index, chunk) in values.chunks(stretch).enumerate() {
        let order = |a: &(usize, &f64), b: &(usize, &f64)| a.1.total_cmp(b.1);
        let (low, high) = (chunk.iter().enumerate().min_by(order), chunk.iter().enumerate().max_by(order));
        let mut extremes: Vec<(usize, f64)> = low.into_iter().chain(high).map(|(offset, &v)| (offset, v)).collect();
        extremes.sort_by_key(|&(offset, _)| offset);
        extremes.dedup_by_key(|&mut (offset, _)| offset);
        points.extend(extremes.into_iter().map(|(offset, value)| (at(first_row + index * stretch + offset), value)));
    }
    points
}

/// Least and greatest value of all lines.
pub fn limits(marks: &[Mark]) -> (f64, f64) {
    let lines = marks.iter().filter_map(|mark| if let Mark::Line { points, .. } = mark { Some(points) } else { None });
    let values = || lines.clone().flatten().map(|point| point.1).filter(|value| value.is_finite());
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    match high - low {
        length if length > 0.0 => (low, high),
        // One value, or none.
        _ if low.is_finite() => (low - 0.5 * low.abs().max(1e-12), high + 0.5 * high.abs().max(1e-12)),
        _ => (0.0, 1.0),
    }
}

/// NEURON's units, where a file does not tell.
fn unit_of(variable: &str) -> Option<&'static str> {
    Some(match variable {
        "v" | "vext" | "e_extracellular" => "mV",
        "i_membrane_" => "nA",
        "i_membrane" => "mA/cm2",
        "cai" | "cao" | "nai" | "nao" | "ki" | "ko" | "cli" | "clo" => "mM",
        "ica" | "ina" | "ik" | "icl" => "mA/cm2",
        "eca" | "ena" | "ek" | "ecl" => "mV",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_survives_thinning() {
        let mut values = vec![-65.0; 100_000];
        values[77_777] = 30.0;
        let points = thin(&values, 5, |row| row as f64);
        assert!(points.len() <= MOST_POINTS + 2, "{}", points.len());
        assert!(points.contains(&(77_782.0, 30.0)));
    }

    #[test]
    fn elements_are_chosen_by_word_or_id() {
        assert_eq!("origin".parse(), Ok(Elements::First));
        assert_eq!("3-4".parse(), Ok(Elements::Sections("3-4".parse().unwrap())));
        assert!("somatic".parse::<Elements>().unwrap_err().contains("first, all"));
    }

    #[test]
    fn constant_values_have_room() {
        let line = |value| Mark::Line { points: vec![(0.0, value), (1.0, value)], color: PALE, width: 1.0 };
        assert_eq!(limits(&[line(2.0)]), (1.0, 3.0));
        assert_eq!(limits(&[line(f64::NAN)]), (0.0, 1.0));
    }
}
