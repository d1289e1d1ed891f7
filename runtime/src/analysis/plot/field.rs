//! Potentials at electrodes: a trace above the other for each channel, or a map of channels and time.

use super::Options;
use super::figure::{Mark, Panel, number};
use super::palette::INK;
use crate::analysis::AnalysisError;
use sonata::ecp::Ecp;

/// A channel's room, pixels.
const ROW: u32 = 30;
const LOWEST: u32 = 160;
const HIGHEST: u32 = 560;
/// Most points of a trace, and most columns of a map.
const MOST_POINTS: usize = 3000;
const MOST_COLUMNS: usize = 450;
/// Shades of a map on each side of white.
const SHADES: f64 = 24.0;

/// Potentials of the channels that are shown, uV or mV.
struct Samples {
    channels: Vec<u64>,
    /// Begin of the first sample's interval and length of one, ms.
    begin: f64,
    step: f64,
    /// Sample after sample.
    values: Vec<f64>,
    /// Greatest amount.
    most: f64,
    unit: String,
}

/// The panel of a file.
///
/// # Errors
/// When it cannot be read.
pub fn panel(name: &str, ecp: &Ecp, time: (f64, f64), options: &Options) -> Result<Option<Panel>, AnalysisError> {
    let Some(samples) = samples(ecp, time, options)? else { return Ok(None) };
    let count = samples.channels.len();
    let height = (ROW * count as u32 + 30).clamp(LOWEST, HIGHEST);
    let first = samples.channels[0];
    // Channels are told by their number from the first on, which is their id in nearly all files.
    let whole = samples.channels.iter().enumerate().all(|(index, &id)| id == first + index as u64);
    let offset = if whole { first as f64 } else { 0.0 };
    let label = if whole { "channel" } else { "channel, in order" }.to_owned();
    let panel = Panel {
        title: name.to_owned(),
        label,
        whole: Some((offset, offset + count as f64 - 1.0)),
        height,
        ..Panel::default()
    };
    Ok(Some(if options.heat_map {
        let range = (offset - 0.5, offset + count as f64 - 0.5);
        let scale = Some((samples.most, samples.unit.clone()));
        // The title would stand on the map.
        Panel { range, title: String::new(), marks: vec![map(&samples, offset)], scale, ..panel }
    } else {
        // The title stands above the traces.
        let room = (count as f64 + 0.8) * 16.0 / f64::from(height - 16);
        let range = (offset - 0.9, offset + count as f64 - 0.1 + room);
        // A step from one channel to the next is a round number that most traces stay within.
        let step = round_up(samples.most / 1.2);
        let note = Some(format!("rows {} {} apart", number(step, step), samples.unit));
        Panel { range, marks: stacked(&samples, offset, step), note, legend: Vec::new(), ..panel }
    }))
}

fn samples(ecp: &Ecp, time: (f64, f64), options: &Options) -> Result<Option<Samples>, AnalysisError> {
    let [start, _, dt] = ecp.time;
    // Row `i` is the value after the step from `start + i dt` to `start + (i + 1) dt`.
    let row = |t: f64| ((t - start) / dt).clamp(0.0, ecp.rows as f64);
    let rows = row(time.0).floor() as usize..row(time.1).ceil() as usize;
    let wanted = |id: u64| options.wanted.nodes.as_ref().is_none_or(|ids| ids.has(id));
    let shown: Vec<usize> = (0..ecp.channels.len()).filter(|&column| wanted(ecp.channels[column])).collect();
    if rows.is_empty() || shown.is_empty() {
        return Ok(None);
    }
    let columns = if options.heat_map { MOST_COLUMNS } else { MOST_POINTS };
    let stretch = rows.len().div_ceil(columns);
    let width = ecp.channels.len();
    let mut values = Vec::new();
    for first in rows.clone().step_by(stretch) {
        let block = ecp.block(first..(first + stretch).min(rows.end), 0..width)?;
        let count = (block.len() / width) as f64;
        values.extend(shown.iter().map(|&column| block.chunks(width).map(|row| row[column]).sum::<f64>() / count));
    }
    let most = |values: &[f64]| values.iter().map(|value| value.abs()).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let mut unit = ecp.units.clone().unwrap_or_else(|| "mV".to_owned());
    if unit == "mV" && most(&values) < 0.1 {
        values.iter_mut().for_each(|value| *value *= 1000.0);
        unit = "\u{b5}V".to_owned();
    }
    let most = match most(&values) {
        most if most > 0.0 => most,
        _ => 1.0,
    };
    let channels = shown.iter().map(|&column| ecp.channels[column]).collect();
    let begin = start + rows.start as f64 * dt;
    Ok(Some(Samples { channels, begin, step: stretch as f64 * dt, values, most, unit }))
}

fn stacked(samples: &Samples, offset: f64, step: f64) -> Vec<Mark> {
    let count = samples.channels.len();
    let line = |channel: usize| {
        let values = samples.values.iter().skip(channel).step_by(count).enumerate();
        let at = |index: usize| samples.begin + (index as f64 + 1.0) * samples.step;
        let points = values.map(|(index, value)| (at(index), offset + channel as f64 + value / step)).collect();
        Mark::Line { points, color: INK, width: 0.75 }
    };
    (0..count).map(line).collect()
}

/// Neighbours of the same shade are one rectangle.
fn map(samples: &Samples, offset: f64) -> Mark {
    let count = samples.channels.len();
    let mut cells = Vec::new();
    for channel in 0..count {
        let shade = |value: f64| (value / samples.most * SHADES).round() / SHADES;
        let shades: Vec<f64> = samples.values.iter().skip(channel).step_by(count).map(|&v| shade(v)).collect();
        let mut begin = 0;
        for run in shades.chunk_by(|a, b| a == b) {
            let end = begin + run.len();
            let at = |index: usize| samples.begin + index as f64 * samples.step;
            let y = offset + channel as f64;
            cells.push(([(at(begin), y + 0.5), (at(end), y - 0.5)], run[0]));
            begin = end;
        }
    }
    Mark::Map(cells)
}

/// The next 1, 2 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|&r| r >= value * 0.999).unwrap_or(value)
}
