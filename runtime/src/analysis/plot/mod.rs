//! Pictures of results: spikes, their rates, reports, potentials at electrodes.
//!
//! Results become panels ([`figure`]), which know of numbers and colours only, and these a drawing ([`canvas`]).

mod canvas;
mod field;
mod figure;
mod palette;
mod spikes;
mod traces;

pub use traces::Elements;

use super::groups::{Groups, Wanted};
use super::{AnalysisError, ResultFiles};
use figure::{Figure, Panel};
use sonata::config::Config;
use std::path::Path;

/// A kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// A row of ticks for each node, one for each spike.
    Raster,
    /// How often populations, or groups of nodes, spike.
    Rates,
    /// The values of reports.
    Traces,
    /// Potentials at electrodes.
    Ecp,
}

/// What a picture shows.
#[derive(Clone, Debug)]
pub struct Options {
    /// The kinds; with none, all that there are results for.
    pub kinds: Vec<Kind>,
    /// Only these populations, if any are named.
    pub populations: Vec<String>,
    /// Nodes and groups.
    pub wanted: Wanted,
    /// Only reports of these variables, if any are named.
    pub variables: Vec<String>,
    /// Elements of each node.
    pub elements: Elements,
    /// Means of groups, in front of pale traces.
    pub average: bool,
    /// Begin and end, ms; where the results begin and end if not given.
    pub time: Option<(f64, f64)>,
    /// Width of a bin of a rate, ms.
    pub bin: Option<f64>,
    /// Standard deviation of the Gaussian that smooths rates, ms.
    pub smooth: Option<f64>,
    /// Rates below a raster.
    pub histogram: bool,
    /// Potentials at electrodes as a map.
    pub heat_map: bool,
    /// A heading.
    pub title: Option<String>,
    /// Pixels.
    pub width: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            kinds: Vec::new(),
            populations: Vec::new(),
            wanted: Wanted::default(),
            variables: Vec::new(),
            elements: Elements::First,
            average: false,
            time: None,
            bin: None,
            smooth: None,
            histogram: true,
            heat_map: false,
            title: None,
            width: 1100,
        }
    }
}

impl Options {
    fn shows(&self, kind: Kind) -> bool {
        match self.kinds.as_slice() {
            // Rates stand below rasters anyway.
            [] => kind != Kind::Rates,
            kinds => kinds.contains(&kind),
        }
    }

    fn has(&self, population: &str) -> bool {
        self.populations.is_empty() || self.populations.iter().any(|name| name == population)
    }
}

/// Draws results to a file whose name ends in `.svg` or `.png`. A configuration tells who the nodes are.
///
/// # Errors
/// When there is nothing to be drawn, or the picture cannot be written.
pub fn plot(
    files: &ResultFiles,
    config: Option<&Config>,
    picture: &Path,
    options: &Options,
) -> Result<(), AnalysisError> {
    let groups = match config {
        Some(config) => Groups::of(config, &options.wanted)?,
        None if options.wanted.node_sets.is_empty() && options.wanted.attribute.is_none() => Groups::default(),
        None => return Err(AnalysisError::NeedsConfig),
    };
    let time = match options.time {
        Some(time) => time,
        None => whole_time(files, config),
    };
    let mut panels = panels(files, &groups, time, options)?;
    if panels.is_empty() {
        return Err(nothing(files, options));
    }
    // One name that is true of all needs not be repeated.
    let alone = panels.iter().all(|panel| panel.title.is_empty() || panel.title == panels[0].title);
    panels.iter_mut().skip(1).filter(|_| alone).for_each(|panel| panel.title.clear());
    let figure = Figure { title: options.title.clone(), width: options.width, time, panels };
    let failed = |reason: String| AnalysisError::Draw { path: picture.to_owned(), reason };
    let drawing = figure.draw().map_err(|error| failed(error.to_string()))?;
    canvas::write(&drawing, figure.size(), picture)
}

fn panels(
    files: &ResultFiles,
    groups: &Groups,
    time: (f64, f64),
    options: &Options,
) -> Result<Vec<Panel>, AnalysisError> {
    let mut panels = Vec::new();
    let populations = files.spikes.iter().flat_map(|(_, spikes)| spikes);
    for (color, spikes) in populations.filter(|spikes| options.has(&spikes.population)).enumerate() {
        let groups = groups.in_population(&spikes.population, color);
        if groups.is_empty() {
            continue;
        }
        let chosen = spikes::Chosen { spikes, groups, time, options };
        if options.shows(Kind::Raster) {
            panels.push(chosen.raster());
            if options.histogram && !options.shows(Kind::Rates) {
                panels.push(chosen.rates(true));
            }
        }
        if options.shows(Kind::Rates) {
            panels.push(chosen.rates(false));
        }
    }
    if options.shows(Kind::Traces) {
        let reports = files.reports.iter().flat_map(|(_, report)| &report.populations).enumerate();
        let wanted = |variable: &Option<String>| {
            options.variables.is_empty()
                || variable.as_ref().is_some_and(|variable| options.variables.contains(variable))
        };
        let mut shown: Vec<_> =
            reports.filter(|(_, report)| wanted(&report.variable) && options.has(&report.mapping.population)).collect();
        // The membrane potential is what most look for.
        shown.sort_by_key(|(_, report)| report.variable.as_deref() != Some("v"));
        for (color, report) in shown {
            let groups = groups.in_population(&report.mapping.population, color);
            panels.extend(traces::panel(report, &groups, time, options)?);
        }
    }
    if options.shows(Kind::Ecp) {
        for (path, ecp) in &files.fields {
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            panels.extend(field::panel(&name, ecp, time, options)?);
        }
    }
    Ok(panels)
}

/// From the first to the last of what there is.
fn whole_time(files: &ResultFiles, config: Option<&Config>) -> (f64, f64) {
    if let Some(config) = config {
        return (0.0, config.run.tstop);
    }
    let reports = files.reports.iter().flat_map(|(_, report)| &report.populations).map(|report| report.time);
    let fields = files.fields.iter().map(|(_, ecp)| ecp.time);
    let axes: Vec<[f64; 3]> = reports.chain(fields).collect();
    if !axes.is_empty() {
        let begin = axes.iter().map(|time| time[0]).fold(f64::INFINITY, f64::min);
        return (begin, axes.iter().map(|time| time[1]).fold(f64::NEG_INFINITY, f64::max));
    }
    let times = files.spikes.iter().flat_map(|(_, spikes)| spikes).flat_map(|spikes| &spikes.timestamps);
    match times.copied().fold(0.0, f64::max) {
        // A little room for the last one.
        last if last > 0.0 => (0.0, last * 1.01),
        _ => (0.0, 1.0),
    }
}

fn nothing(files: &ResultFiles, options: &Options) -> AnalysisError {
    let populations = files.spikes.iter().flat_map(|(_, spikes)| spikes).map(|spikes| spikes.population.clone());
    let reports = files.reports.iter().flat_map(|(_, report)| &report.populations);
    let of_reports = reports.clone().map(|report| report.mapping.population.clone());
    let mut populations: Vec<String> = populations.chain(of_reports).collect();
    let mut variables: Vec<String> = reports.filter_map(|report| report.variable.clone()).collect();
    for names in [&mut populations, &mut variables] {
        names.sort();
        names.dedup();
    }
    let kinds = options.kinds.iter().map(|kind| format!("{kind:?}").to_lowercase()).collect();
    AnalysisError::NothingChosen { kinds, populations, variables }
}
