//! Traces of reports as a picture.

use super::{AnalysisError, ResultFiles};
use plotters::coord::Shift;
use plotters::prelude::*;
use sonata::report::ReportPopulation;
use std::path::{Path, PathBuf};

/// Most traces in one panel.
const MOST_TRACES: usize = 12;
/// Most points of a trace: about one per pixel and a half, kept as minima and maxima.
const MOST_POINTS: usize = 2400;
const PANEL: (u32, u32) = (1100, 300);

/// Draws the reports at `path` to an SVG file, one panel each, one line per node (its first element).
///
/// # Errors
/// When there is no report, or the picture cannot be written.
pub fn plot(path: &Path, picture: &Path) -> Result<(), AnalysisError> {
    let files = ResultFiles::find(path)?;
    let mut panels: Vec<(&PathBuf, &ReportPopulation)> =
        files.reports.iter().flat_map(|(file, report)| report.populations.iter().map(move |p| (file, p))).collect();
    if panels.is_empty() {
        return Err(AnalysisError::Nothing { path: path.to_owned(), what: "report" });
    }
    // The membrane potential is what most look for.
    panels.sort_by_key(|(_, population)| population.variable.as_deref() != Some("v"));
    let draw = |error: String| AnalysisError::Draw { path: picture.to_owned(), reason: error };
    if let Some(folder) = picture.parent() {
        std::fs::create_dir_all(folder).map_err(|error| draw(error.to_string()))?;
    }
    let size = (PANEL.0, PANEL.1 * panels.len() as u32);
    let root = SVGBackend::new(picture, size).into_drawing_area();
    root.fill(&WHITE).map_err(|error| draw(error.to_string()))?;
    for (area, (_, population)) in root.split_evenly((panels.len(), 1)).iter().zip(panels) {
        let traces = traces(population)?;
        panel(area, population, &traces).map_err(|error| draw(error.to_string()))?;
    }
    root.present().map_err(|error| draw(error.to_string()))
}

/// A node and its points: time, ms, and value.
type Trace = (u64, Vec<(f64, f64)>);

fn traces(population: &ReportPopulation) -> Result<Vec<Trace>, AnalysisError> {
    let mapping = &population.mapping;
    let nodes = mapping.node_ids.iter().zip(&mapping.index_pointer).take(MOST_TRACES);
    nodes
        .map(|(&node, &column)| {
            let values = population.column(column as usize)?;
            let [start, _, dt] = population.time;
            Ok((node, thin(&values, start, dt)))
        })
        .collect()
}

/// Keeps the extremes of each stretch, so that a spike is never lost. Row `i` is the value at `(i + 1) dt`.
fn thin(values: &[f64], start: f64, dt: f64) -> Vec<(f64, f64)> {
    let stretch = (2 * values.len()).div_ceil(MOST_POINTS).max(1);
    let mut points = Vec::new();
    for (index, chunk) in values.chunks(stretch).enumerate() {
        let at = |offset: usize| start + (index * stretch + offset + 1) as f64 * dt;
        let order = |a: &(usize, &f64), b: &(usize, &f64)| a.1.total_cmp(b.1);
        let (low, high) = (chunk.iter().enumerate().min_by(order), chunk.iter().enumerate().max_by(order));
        let mut extremes: Vec<(usize, f64)> = low.into_iter().chain(high).map(|(offset, &v)| (offset, v)).collect();
        extremes.sort_by_key(|&(offset, _)| offset);
        extremes.dedup();
        points.extend(extremes.into_iter().map(|(offset, value)| (at(offset), value)));
    }
    points
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    population: &ReportPopulation,
    traces: &[Trace],
) -> Result<(), Box<dyn std::error::Error>> {
    let points = || traces.iter().flat_map(|(_, points)| points).filter(|point| point.1.is_finite());
    let low = points().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let high = points().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let margin = (0.05 * (high - low)).max(1e-12);
    // Room for the legend above the traces.
    let top = high + (5.0 + traces.len() as f64) * margin;
    let [start, end, _] = population.time;
    let variable = population.variable.as_deref().unwrap_or("value");
    let unit = population.units.as_deref().or(if variable == "v" { Some("mV") } else { None });
    let axis = unit.map_or_else(|| variable.to_owned(), |unit| format!("{variable} ({unit})"));
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_right(30)
        .x_label_area_size(36)
        .y_label_area_size(70)
        .build_cartesian_2d(start..end, low - margin..top)?;
    chart.configure_mesh().light_line_style(WHITE).x_desc("t (ms)").y_desc(axis).draw()?;
    for (index, (node, points)) in traces.iter().enumerate() {
        let color = Palette99::pick(index).to_rgba();
        let line = LineSeries::new(points.iter().copied(), color.stroke_width(1));
        let name = format!("{} {node}", population.mapping.population);
        chart
            .draw_series(line)?
            .label(name)
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 16, y)], color.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .position(SeriesLabelPosition::UpperRight)
        .draw()?;
    Ok(())
}
