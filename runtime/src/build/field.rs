//! Potentials outside cells that electrodes impose (`xstim`), and voltage clamps.
//!
//! What is imposed outside enters the equations as a current along the dendrite, see `mod/fieldstimulus.mod`. An
//! electrode is a point or a mesh of points that share its current; a point is a source in a homogeneous, infinite medium.
//! Nodes without a membrane take the mean of the potentials around them, weighted by how near they are, as the outer
//! layers of NEURON's `extracellular` do.

use super::Builder;
use super::coordinates::{self, Pose, Vector, dot, minus, plus, product, turn};
use super::courses;
use super::csv::Table;
use super::field_played::PlayedField;
use super::membrane::Membrane;
use crate::model::{Course, PointProcess};
use crate::problem::Problem;
use cell::{Cell, SectionId};
use serde_json::Value;
use sonata::config::{FieldStimulus, VoltageClamp, Waveform};
use std::collections::HashMap;
use std::f64::consts::PI;
use std::path::Path;
use std::sync::Arc;

/// The mechanism.
const MECHANISM: &str = "FieldStimulus";
/// Nearest that an electrode may be to the middle of a segment, um, as in BMTK.
const NEAREST: f64 = 10.0;

/// The points of an electrode, um.
type Mesh = Vec<Vector>;

impl Builder<'_> {
    /// Makes the stimuli of a field.
    pub(super) fn field_stimulus(&mut self, name: &str, field: &FieldStimulus) {
        self.field_outside(name, field.cells.as_ref(), |builder, cells| builder.stimulate(field, cells));
    }

    /// Makes the one field outside cells that there may be: `impose` puts it on the cells of a node set, or on all.
    pub(super) fn field_outside(
        &mut self,
        name: &str,
        cells: Option<&Value>,
        impose: impl FnOnce(&mut Self, &[usize]) -> Result<(), Problem>,
    ) {
        let place = format!("/inputs/{name} of the configuration");
        if !self.stimulated.is_empty() {
            let text = "there is another field outside cells already; only one is supported";
            self.collector.push(Problem::model(text).at(place));
            return;
        }
        let everything = Value::String("all".to_owned());
        let reached = match self.select(cells.unwrap_or(&everything), name) {
            // The set `all` may be another one in the configuration.
            Some(_) if cells.is_none() => (0..self.network.cells.len()).collect(),
            Some(selection) => selection.cells,
            None => return,
        };
        let made = impose(self, &reached).map_err(|problem| problem.note(format!("needed by {place}")));
        self.collector.keep(made);
    }

    fn stimulate(&mut self, field: &FieldStimulus, cells: &[usize]) -> Result<(), Problem> {
        let electrodes = electrodes(field)?;
        let mut course = self.imposed(&field.waveform)?;
        let mut kinds: HashMap<usize, Kind> = HashMap::new();
        for &index in cells {
            let node = &self.network.cells[index];
            let key = Arc::as_ptr(&node.cell) as usize;
            if let std::collections::hash_map::Entry::Vacant(empty) = kinds.entry(key) {
                empty.insert(Kind::of(&node.cell)?);
            }
            let kind = &kinds[&key];
            let population = self.populations.named(&node.population)?;
            let pose = Pose::of(population, population.nodes.row(node.node_id).unwrap_or_default())?;
            let potentials = kind.potentials(&electrodes, &pose, field.resistivity).map_err(|distance| {
                let text = format!(
                    "an electrode is {distance:.3} um from a segment of node {} of {}",
                    node.node_id, node.population
                );
                let help = format!("it must be {NEAREST} um away or more");
                Problem::model(text).in_file(&field.electrodes).help(help)
            })?;
            let couplings = kind.couplings(&potentials).into_iter();
            match &mut course {
                Imposed::Wave(wave) => self.wave_field(index, kind, couplings, wave),
                Imposed::Played(played, course) => {
                    let terms = |factor: f64| if factor == 0.0 { vec![] } else { vec![(*course, factor)] };
                    played.impose(
                        self,
                        index,
                        kind,
                        couplings.map(|(current, potential)| [current, potential].map(terms)),
                    );
                }
            }
        }
        Ok(())
    }

    fn imposed(&mut self, waveform: &Waveform) -> Result<Imposed, Problem> {
        Ok(match *waveform {
            Waveform::Pulse { amp, delay, duration } => {
                Imposed::Wave(vec![("amp", amp), ("del", delay), ("dur", duration)])
            }
            Waveform::Sine { amp, delay, duration, freq, phase, offset } => {
                let place = [("wave", 1.0), ("amp", amp), ("del", delay), ("dur", duration)];
                let form = [("freq", freq / 1000.0), ("phase", phase), ("offset", offset)];
                Imposed::Wave(place.into_iter().chain(form).collect())
            }
            Waveform::Table(ref file) => {
                let values = table(file, self.config.run.dt, self.config.run.steps())?;
                let course = Course { values, start: 1, repeats: false };
                Imposed::Played(PlayedField::of(self.config), courses::add(&mut self.network.courses, course))
            }
        })
    }

    /// Puts a field with a course given by parameters on each node of a cell.
    fn wave_field(&mut self, cell: usize, kind: &Kind, couplings: impl Iterator<Item = (f64, f64)>, wave: &Wave) {
        for (node, (coupling, potential)) in couplings.enumerate() {
            if let Some(point) = self.field_at(cell, kind, node, MECHANISM, coupling != 0.0) {
                let own = [("coupling", coupling), ("potential", potential)];
                let parameters = own.iter().chain(wave).map(|&(name, value)| (name.to_owned(), value)).collect();
                self.network.point_processes[point].parameters = parameters;
            }
        }
    }

    /// Adds what imposes a field on a node and gives its number; nothing where there is neither a membrane nor a current
    /// that is `driven` along the dendrite.
    pub(super) fn field_at(
        &mut self,
        cell: usize,
        kind: &Kind,
        node: usize,
        mechanism: &str,
        driven: bool,
    ) -> Option<usize> {
        let (section, x, segment) = kind.membrane.place(node);
        if segment.is_none() && !driven {
            return None;
        }
        let point = self.network.point_processes.len();
        if let Some(segment) = segment {
            self.stimulated.insert((cell, section, segment), point);
        }
        let (mechanism, parameters) = (mechanism.into(), Arc::default());
        self.network.point_processes.push(PointProcess { cell, section, x, mechanism, parameters });
        Some(point)
    }

    /// Makes voltage clamps. BMTK's is on at 0 mV, with 1 MOhm, in the first step; then it waits until the step after
    /// its start.
    pub(super) fn voltage_clamp(&mut self, name: &str, clamp: &VoltageClamp) {
        let dt = self.config.run.dt;
        let VoltageClamp { amp, delay, duration, resistance, exact, .. } = *clamp;
        if exact {
            let on = [("dur1", delay + duration), ("amp1", amp), ("rs", resistance), ("begin", delay)];
            self.clamps(name, &clamp.node_set, &clamp.place, "SEClamp", &[&on]);
            return;
        }
        let mut steps = (delay / dt).floor().max(0.0);
        while dt * steps < delay {
            steps += 1.0;
        }
        let first = [("dur1", dt), ("amp1", if dt / 2.0 < delay { 0.0 } else { amp })];
        let then =
            [("dur1", delay), ("dur2", duration), ("amp2", amp), ("rs", resistance), ("begin", dt * (steps + 1.0))];
        self.clamps(name, &clamp.node_set, &clamp.place, "SEClamp", &[&first, &then]);
    }
}

/// What is the same for all cells of a kind.
pub(super) struct Kind {
    pub(super) membrane: Membrane,
    /// The middle of the segment of each node that has a membrane, um, the soma at the origin.
    middle: Vec<Option<Vector>>,
    /// Half the length of each node's segment, um.
    half: Vec<f64>,
}

impl Kind {
    pub(super) fn of(cell: &Cell) -> Result<Self, Problem> {
        let membrane = Membrane::of(cell)?;
        let nodes = membrane.tree().parent.len();
        let (mut middle, mut half) = (vec![None; nodes], vec![0.0; nodes]);
        for line in coordinates::segments(cell)? {
            if let Some(node) = membrane.node(line.section, line.x) {
                middle[node] = Some(line.middle);
                let section = cell.section(line.section);
                half[node] = section.length() / section.nseg() as f64 / 2.0;
            }
        }
        let outside = |node: usize| membrane.place(node).2.is_some() && middle[node].is_none();
        if let Some(node) = (0..nodes).find(|&node| outside(node)) {
            let name = cell.section(membrane.place(node).0).name().to_string();
            return Err(Problem::model(format!("section {name} is not in the list `all` of its template"))
                .help("a field outside cells must reach all of a cell: append the section to `all`"));
        }
        Ok(Self { membrane, middle, half })
    }

    /// The potential outside each node with a membrane for a current of 1 mA, mV; or the distance of an electrode that is
    /// too near.
    fn potentials(&self, electrodes: &[Mesh], pose: &Pose, resistivity: f64) -> Result<Vec<Option<f64>>, f64> {
        // rho / (4 pi) in ohm m, per um and mA
        let unit = resistivity / (4.0 * PI) * 0.01 * 1e6;
        let at = |middle: Vector| {
            let middle = pose.place(middle);
            let mut potential = 0.0;
            for mesh in electrodes {
                let mut sum = 0.0;
                for &point in mesh {
                    let from = minus(point, middle);
                    let distance = dot(from, from).sqrt();
                    if distance < NEAREST || distance.is_nan() {
                        return Err(distance);
                    }
                    sum += 1.0 / distance;
                }
                potential += sum / mesh.len() as f64;
            }
            Ok(unit * potential)
        };
        self.middle.iter().map(|middle| middle.map(at).transpose()).collect()
    }

    /// The middle of the segment of each node that has a membrane, um, the soma at the origin.
    pub(super) fn middles(&self) -> impl Iterator<Item = Option<Vector>> {
        self.middle.iter().copied()
    }

    /// Current along the dendrite, nA, and potential, mV, of each node, for given potentials of those with a membrane.
    pub(super) fn couplings(&self, potentials: &[Option<f64>]) -> Vec<(f64, f64)> {
        let tree = self.membrane.tree();
        let edges = || tree.parent.iter().map(|&parent| parent as usize).enumerate().filter(|(node, at)| node != at);
        let mut around = vec![(0.0, 0.0); potentials.len()];
        for (node, parent) in edges() {
            for (bare, segment) in [(node, parent), (parent, node)] {
                if let (None, Some(potential)) = (potentials[bare], potentials[segment]) {
                    let nearness = 1.0 / self.half[segment];
                    around[bare].0 += nearness * potential;
                    around[bare].1 += nearness;
                }
            }
        }
        let mean = |(sum, weight): (f64, f64)| if weight > 0.0 { sum / weight } else { 0.0 };
        let all: Vec<f64> =
            potentials.iter().zip(around).map(|(own, around)| own.unwrap_or_else(|| mean(around))).collect();
        let mut couplings: Vec<(f64, f64)> = all.iter().map(|&potential| (0.0, potential)).collect();
        for (node, parent) in edges() {
            let current = tree.conductance[node] * (all[parent] - all[node]);
            couplings[node].0 += current;
            couplings[parent].0 -= current;
        }
        couplings
    }
}

/// The points of all electrodes: meshes are turned about their origin, then moved so that their mean is where the table
/// says.
fn electrodes(field: &FieldStimulus) -> Result<Vec<Mesh>, Problem> {
    let read = || {
        let table = Table::read(&field.electrodes, " ")?;
        let columns = ["pos_x", "pos_y", "pos_z", "rotation_x", "rotation_y", "rotation_z"];
        let columns = columns.map(|name| table.numbers(name)).into_iter().collect::<Result<Vec<_>, _>>()?;
        let files = if table.has("electrode_mesh_file") { Some(table.texts("electrode_mesh_file")?) } else { None };
        let mut electrodes = Vec::new();
        for row in 0..columns[0].len() {
            let mut mesh = match &files {
                Some(files) => mesh(&field.meshes.join(files[row]))?,
                None => vec![[0.0; 3]],
            };
            let of = |column: usize| columns[column][row];
            let rotation = product(turn(0, of(3)), product(turn(1, of(4)), turn(2, of(5))));
            mesh.iter_mut().for_each(|point| *point = rotation.map(|row| dot(row, *point)));
            let sum = mesh.iter().fold([0.0; 3], |sum, point| plus(sum, *point));
            let moved = minus([of(0), of(1), of(2)], sum.map(|sum| sum / mesh.len() as f64));
            mesh.iter_mut().for_each(|point| *point = plus(*point, moved));
            electrodes.push(mesh);
        }
        Ok(electrodes)
    };
    read().map_err(|problem: Problem| match problem.place {
        None => problem.in_file(&field.electrodes),
        Some(_) => problem,
    })
}

fn mesh(file: &Path) -> Result<Mesh, Problem> {
    let read = || {
        let table = Table::read(file, " ")?;
        let [x, y, z] = ["x_pos", "y_pos", "z_pos"].map(|name| table.numbers(name));
        let (x, y, z) = (x?, y?, z?);
        Ok((0..x.len()).map(|row| [x[row], y[row], z[row]]).collect::<Mesh>())
    };
    let points = read().map_err(|problem: Problem| problem.in_file(file))?;
    if points.is_empty() {
        return Err(Problem::model("there is no point in the mesh of an electrode").in_file(file));
    }
    Ok(points)
}

/// The course in time of a field.
enum Imposed {
    /// Given by parameters of the mechanism.
    Wave(Wave),
    /// Played from a table.
    Played(PlayedField, u32),
}

/// Parameters of the mechanism.
type Wave = Vec<(&'static str, f64)>;

/// The values of a table at the beginnings of all steps but the first.
fn table(file: &Path, dt: f64, steps: usize) -> Result<Arc<[f64]>, Problem> {
    let table = courses::Points::read(file)?;
    Ok((1..steps.max(2)).map(|step| table.at(step as f64 * dt)).collect())
}

/// A segment that a field reaches: cell, section and number of the segment.
pub(super) type Reached = (usize, SectionId, usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_drives_no_current_out_of_a_cell() {
        let cell =
            Cell::from_swc("1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 90 0 0 1 2\n4 3 0 50 0 1 1\n5 3 0 90 0 1 4\n").unwrap();
        let kind = Kind::of(&cell).unwrap();
        let potentials: Vec<Option<f64>> =
            kind.middle.iter().map(|middle| middle.map(|[x, y, _]| 0.5 * x - 0.1 * y)).collect();
        let couplings = kind.couplings(&potentials);
        let sum: f64 = couplings.iter().map(|(current, _)| current).sum();
        let most = couplings.iter().fold(0.0, |most: f64, (current, _)| most.max(current.abs()));
        assert!(most > 0.1 && sum.abs() < 1e-12 * most, "{couplings:?}");
        let uniform = vec![Some(3.0); potentials.len()];
        assert!(kind.couplings(&uniform).iter().all(|&(current, potential)| current == 0.0 && potential == 3.0));
    }

    #[test]
    fn a_table_is_straight_lines() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wave.csv");
        std::fs::write(&file, "time amplitude\n10 0\n20 2\n").unwrap();
        assert_eq!(*table(&file, 5.0, 6).unwrap(), [0.0, 0.0, 1.0, 2.0, 2.0]);
        std::fs::write(&file, "time amplitude\n10 0\n0 1\n").unwrap();
        assert!(table(&file, 5.0, 6).unwrap_err().message.contains("must ascend"));
    }
}
