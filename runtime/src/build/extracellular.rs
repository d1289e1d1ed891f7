//! Reports of potentials outside cells (`extracellular`).
//!
//! A segment is a line from which its current leaves evenly into a homogeneous, infinite medium (Holt and Koch 1999), as
//! in BMTK: with the line's length l, the distance r of the electrode from its middle, and r's part p along it, the
//! potential is (i / 4 pi sigma l) ln((u + sqrt(u^2 + q)) / (d + sqrt(d^2 + q))), u = |p| + l/2, d = |p| - l/2,
//! q = r^2 - p^2.

use super::Builder;
use super::coordinates::{self, Line, Pose, Vector, dot, minus, plus};
use super::csv::Table;
use crate::model::membrane::MembraneCurrents;
use crate::problem::Problem;
use sonata::config::{ExtracellularReport, Nearest};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::f64::consts::PI;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Conductivity of the medium, mS/mm.
const CONDUCTIVITY: f64 = 0.3;

/// Potentials to be written: one column an electrode.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The file.
    pub file: PathBuf,
    /// A folder for what each cell contributes.
    pub contributions: Option<PathBuf>,
    /// Count of electrodes.
    pub channels: usize,
    /// Count of samples: one a step.
    pub rows: usize,
    /// Time between samples, ms.
    pub dt: f64,
    /// What causes them.
    pub sources: Vec<FieldSource>,
}

/// A cell that causes potentials.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldSource {
    /// BMTK's number of the cell among those of all populations.
    pub gid: u64,
    /// Its currents.
    pub membrane: MembraneCurrents,
    /// The node of each segment.
    pub nodes: Arc<[u32]>,
    /// The potential at a channel for a current of 1 nA from a segment, mV: `resistances[channel * segments + segment]`,
    /// MOhm.
    pub resistances: Vec<f64>,
}

impl Builder<'_> {
    /// Plans a report.
    pub(super) fn extracellular(&mut self, name: &str, report: &ExtracellularReport) {
        let place = format!("/reports/{name} of the configuration");
        let Some(selection) = self.select(&report.cells, name) else { return };
        if selection.cells.is_empty() {
            if !selection.unmade {
                tracing::warn!(place = %place, "report `{name}` is not written: its cells have none with a membrane");
            }
            return;
        }
        let field = self.field(report, &selection.cells).map_err(|problem| problem.note(format!("needed by {place}")));
        if let Some(field) = self.collector.keep(field) {
            self.fields.push(field);
        }
    }

    fn field(&mut self, report: &ExtracellularReport, cells: &[usize]) -> Result<Field, Problem> {
        let electrodes = electrodes(&report.electrodes)?;
        let membranes = self.membranes(cells)?;
        let mut kinds: HashMap<usize, Shape> = HashMap::new();
        let mut sources = Vec::with_capacity(cells.len());
        for (&index, (kind, membrane)) in cells.iter().zip(membranes) {
            let cell = &self.network.cells[index];
            let key = Arc::as_ptr(&cell.cell) as usize;
            let Shape { lines, nodes } = match kinds.entry(key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(empty) => {
                    let lines = coordinates::segments(&cell.cell)?;
                    let nodes = lines.iter().filter_map(|line| kind.node(line.section, line.x));
                    let nodes = nodes.map(|node| node as u32).collect();
                    empty.insert(Shape { lines, nodes })
                }
            };
            let population = self.populations.named(&cell.population)?;
            let row = population.nodes.row(cell.node_id).unwrap_or_default();
            let pose = Pose::of(population, row)?;
            let placed: Vec<Placed> = lines.iter().map(|line| Placed::of(line, &pose)).collect();
            let mut resistances = Vec::with_capacity(electrodes.len() * placed.len());
            for (channel, &electrode) in electrodes.iter().enumerate() {
                for line in &placed {
                    let resistance = line.resistance(electrode, report.nearest);
                    if !resistance.is_finite() {
                        let text = format!(
                            "electrode {channel} is on the axis of a segment of node {} of {}",
                            cell.node_id, cell.population
                        );
                        let help = "give minimum_distance, such as \"auto\", the radius of the segment";
                        return Err(Problem::model(text).in_file(&report.electrodes).help(help));
                    }
                    resistances.push(resistance);
                }
            }
            let gid = population.members.gid_offset + cell.node_id;
            sources.push(FieldSource { gid, membrane, nodes: nodes.clone(), resistances });
        }
        let run = &self.config.run;
        Ok(Field {
            file: report.file.clone(),
            contributions: report.contributions.clone(),
            channels: electrodes.len(),
            rows: run.steps(),
            dt: run.dt,
            sources,
        })
    }
}

/// The segments of a kind of cell, and their nodes.
struct Shape {
    lines: Vec<Line>,
    nodes: Arc<[u32]>,
}

/// The places of electrodes, um.
fn electrodes(file: &Path) -> Result<Vec<Vector>, Problem> {
    let read = || {
        let table = Table::read(file, " ")?;
        let [x, y, z] = ["x_pos", "y_pos", "z_pos"].map(|name| table.numbers(name));
        let (x, y, z) = (x?, y?, z?);
        Ok((0..x.len()).map(|row| [x[row], y[row], z[row]]).collect::<Vec<Vector>>())
    };
    let places = read().map_err(|problem: Problem| problem.in_file(file))?;
    if places.is_empty() {
        return Err(Problem::model("there is no electrode in the table").in_file(file));
    }
    Ok(places)
}

/// A segment where its cell is.
struct Placed {
    middle: Vector,
    along: Vector,
    length: f64,
    radius: f64,
}

impl Placed {
    fn of(line: &Line, pose: &Pose) -> Self {
        let (begin, end) = (pose.place(line.begin), pose.place(line.end));
        let along = minus(end, begin);
        let middle = plus(begin, end).map(|sum| sum / 2.0);
        Self { middle, along, length: dot(along, along).sqrt(), radius: line.diameter / 2.0 }
    }

    /// The potential at an electrode for a current of 1 nA, mV.
    fn resistance(&self, electrode: Vector, nearest: Nearest) -> f64 {
        let from = minus(electrode, self.middle);
        let parallel = (dot(from, self.along) / self.length).abs();
        let mut across = dot(from, from) - parallel * parallel;
        let (up, low) = (parallel + self.length / 2.0, parallel - self.length / 2.0);
        let least = match nearest {
            Nearest::Any => 0.0,
            Nearest::Distance(distance) => distance,
            Nearest::Radius => self.radius,
        };
        if nearest != Nearest::Any && low < least {
            across = across.max(least * least);
        }
        let end = |at: f64| at + (at * at + across).sqrt();
        (end(up) / end(low)).ln() / self.length / (4.0 * PI * CONDUCTIVITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(length: f64) -> Placed {
        Placed { middle: [0.0; 3], along: [length, 0.0, 0.0], length, radius: 2.0 }
    }

    #[test]
    fn far_away_a_line_is_a_point() {
        let resistance = line(0.01).resistance([0.0, 100.0, 0.0], Nearest::Any);
        assert!((resistance * 4.0 * PI * CONDUCTIVITY * 100.0 - 1.0).abs() < 1e-8, "{resistance}");
    }

    #[test]
    fn the_least_distance_counts_beside_the_line_only() {
        let near = |x: f64, nearest| line(10.0).resistance([x, 1.0, 0.0], nearest);
        assert_eq!(near(0.0, Nearest::Distance(2.0)), line(10.0).resistance([0.0, 2.0, 0.0], Nearest::Any));
        assert_eq!(near(0.0, Nearest::Radius), near(0.0, Nearest::Distance(2.0)));
        assert_eq!(near(20.0, Nearest::Distance(2.0)), near(20.0, Nearest::Any));
        assert!(!line(10.0).resistance([0.0; 3], Nearest::Any).is_finite());
    }
}
