//! Spikes: a row of ticks for each node, and how often populations spike.

use super::Options;
use super::figure::{Mark, Panel};
use super::palette::group as color_of;
use crate::analysis::Group;
use sonata::Spikes;
use std::collections::HashSet;

/// Heights of panels, pixels.
const RATES: u32 = 190;
const HISTOGRAM: u32 = 100;
const LOWEST: u32 = 110;
const HIGHEST: u32 = 360;
const TITLE: u32 = 22;
/// A node's row, pixels, where there is room.
const ROW: u32 = 26;
/// Bins of a histogram, about.
const BINS: f64 = 100.0;

/// A population's spikes between two times, and the nodes that are shown.
pub struct Chosen<'a> {
    /// The population.
    pub spikes: &'a Spikes,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Begin and end, ms.
    pub time: (f64, f64),
    /// What the user wants.
    pub options: &'a Options,
}

impl Chosen<'_> {
    /// The spikes of a group: time and node.
    fn of<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = (f64, u64)> + 'a {
        let pairs = self.spikes.timestamps.iter().copied().zip(self.spikes.node_ids.iter().copied());
        let (begin, end) = self.time;
        let wanted = move |id: u64| self.options.wanted.nodes.as_ref().is_none_or(|nodes| nodes.has(id));
        pairs.filter(move |&(t, id)| begin <= t && t <= end && group.has(id) && wanted(id))
    }

    /// Names of the groups, where they say more than the title.
    fn legend(&self) -> Vec<(String, plotters::style::RGBColor)> {
        let plain = self.groups.len() == 1 && self.groups[0].name == self.spikes.population;
        let shown = self.groups.iter().filter(|_| !plain);
        shown.map(|group| (group.name.clone(), color_of(group.color))).collect()
    }

    /// The raster.
    pub fn raster(&self) -> Panel {
        let known = self.groups.iter().filter_map(Group::ids).flatten().copied();
        let ids = || self.groups.iter().flat_map(|group| self.of(group)).map(|(_, id)| id);
        let least = known.clone().chain(ids()).min().unwrap_or(0);
        let most = known.chain(ids()).max().unwrap_or(0);
        let rows = most - least + 1;
        let height = (rows.min(u64::from(HIGHEST)) as u32 * ROW + 40).clamp(LOWEST, HIGHEST);
        // The title stands above the ticks.
        let room = (rows as f64 + 0.4) * f64::from(TITLE) / f64::from(height - TITLE);
        let range = (least as f64 - 0.7, most as f64 + 0.7 + room);
        // A tick fills most of its row, and is never too short to be seen.
        let pixel = (range.1 - range.0) / f64::from(height);
        let length = 0.72_f64.max(2.0 * pixel);
        let half_pixel = (self.time.1 - self.time.0) / f64::from(2 * self.options.width);
        let mut marks = Vec::new();
        for group in &self.groups {
            // What falls on the same place is drawn once.
            let mut seen = HashSet::new();
            let place = |t: f64, id: u64| ((t / half_pixel) as i64, (id as f64 / pixel.max(1.0)) as i64);
            let points = self.of(group).filter(|&(t, id)| seen.insert(place(t, id)));
            let points = points.map(|(t, id)| (t, id as f64)).collect();
            marks.push(Mark::Ticks { points, color: color_of(group.color), length });
        }
        let title = self.spikes.population.clone();
        let label = "node id".to_owned();
        let whole = Some((least as f64, most as f64));
        Panel { title, label, range, whole, marks, legend: self.legend(), height, ..Panel::default() }
    }

    /// How often each group spikes; a small one goes below a raster.
    pub fn rates(&self, small: bool) -> Panel {
        let bin = self.options.bin.unwrap_or_else(|| round_bin((self.time.1 - self.time.0) / BINS));
        let bins = ((self.time.1 - self.time.0) / bin).ceil().max(1.0) as usize;
        // Where it is not known how many cells there are, all spikes are counted together.
        let per_cell = self.groups.iter().all(|group| group.ids().is_some());
        let alone = self.groups.len() == 1;
        let (mut bars, mut lines, mut most) = (Vec::new(), Vec::new(), 0.0_f64);
        for group in &self.groups {
            let mut rates = vec![0.0; bins];
            let cells = group.ids().map_or(1, <[u64]>::len) as f64;
            for (t, _) in self.of(group) {
                rates[(((t - self.time.0) / bin) as usize).min(bins - 1)] += 1000.0 / (bin * cells);
            }
            let left = |index: usize| self.time.0 + index as f64 * bin;
            let color = color_of(group.color);
            let peak = |rates: &[f64]| rates.iter().copied().fold(0.0, f64::max);
            let smoothed = self.options.smooth.map(|sigma| smooth(&rates, sigma / bin));
            if alone {
                let points = rates.iter().enumerate().map(|(index, &rate)| (left(index), rate)).collect();
                bars.push(Mark::Bars { points, color, width: bin });
                most = most.max(peak(&rates));
            }
            match smoothed {
                Some(rates) => {
                    let middle = |index: usize| left(index) + bin / 2.0;
                    let points = rates.iter().enumerate().map(|(index, &rate)| (middle(index), rate)).collect();
                    lines.push(Mark::Line { points, color, width: 1.5 });
                    most = most.max(peak(&rates));
                }
                None if !alone => {
                    let steps = |(index, &rate): (usize, &f64)| [(left(index), rate), (left(index + 1), rate)];
                    let points = rates.iter().enumerate().flat_map(steps).collect();
                    lines.push(Mark::Line { points, color, width: 1.25 });
                    most = most.max(peak(&rates));
                }
                None => {}
            }
        }
        bars.extend(lines);
        let legend = if small { Vec::new() } else { self.legend() };
        Panel {
            title: if small { String::new() } else { self.spikes.population.clone() },
            label: if per_cell { "rate (Hz)" } else { "spikes/s" }.to_owned(),
            range: (0.0, if most > 0.0 { 1.08 * most } else { 1.0 }),
            marks: bars,
            note: (!legend.is_empty()).then(|| format!("bins of {} ms", super::figure::number(bin, bin))),
            legend,
            height: if small { HISTOGRAM } else { RATES },
            ..Panel::default()
        }
    }
}

/// The next 1, 2 or 5 times a power of ten.
fn round_bin(bin: f64) -> f64 {
    let power = 10f64.powf(bin.log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|&round| round >= bin * 0.999).unwrap_or(bin)
}

/// Means weighted by a Gaussian of this standard deviation, in bins; at the ends by what there is of it.
fn smooth(values: &[f64], sigma: f64) -> Vec<f64> {
    if sigma <= 0.0 {
        return values.to_vec();
    }
    let reach = (4.0 * sigma).ceil() as usize;
    let weight: Vec<f64> = (0..=reach).map(|d| (-0.5 * (d as f64 / sigma).powi(2)).exp()).collect();
    let mean = |at: usize| {
        let near = at.saturating_sub(reach)..(at + reach + 1).min(values.len());
        let (sum, total) = near.fold((0.0, 0.0), |(sum, total), other| {
            let w = weight[other.abs_diff(at)];
            (sum + w * values[other], total + w)
        });
        sum / total
    };
    (0..values.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_round() {
        assert_eq!([0.7, 1.0, 1.2, 30.0].map(round_bin), [1.0, 1.0, 2.0, 50.0]);
    }

    #[test]
    fn smoothing_keeps_what_is_constant_and_spreads_what_is_not() {
        assert!(smooth(&[2.0; 5], 1.5).iter().all(|value| (value - 2.0).abs() < 1e-12));
        let spread = smooth(&[0.0, 0.0, 1.0, 0.0, 0.0], 0.5);
        assert!(spread[2] < 1.0 && spread[1] > 0.0 && spread[1] == spread[3]);
        assert_eq!(smooth(&[1.0, 3.0], 0.0), [1.0, 3.0]);
    }

    #[test]
    fn rates_are_of_a_cell_where_cells_are_known() {
        let spikes =
            Spikes { population: "net".into(), timestamps: vec![1.0, 2.0, 15.0, 99.0], node_ids: vec![0, 1, 0, 1] };
        let options = Options { bin: Some(10.0), ..Options::default() };
        let chosen =
            Chosen { spikes: &spikes, groups: vec![Group::all("net", 0)], time: (0.0, 20.0), options: &options };
        let panel = chosen.rates(false);
        assert_eq!(panel.label, "spikes/s");
        let Mark::Bars { points, width, .. } = &panel.marks[0] else { panic!("{:?}", panel.marks) };
        assert_eq!((points.as_slice(), *width), (&[(0.0, 200.0), (10.0, 100.0)][..], 10.0));
    }
}
