//! Potentials outside cells from a finite-element model (`comsol`).
//!
//! Stationary solutions are interpolated linearly in space, multiplied by courses in time and added up; of a solution in
//! time the nearest point is taken. Both repeat. As for all stimulation outside cells, what is imposed is a current along
//! the dendrite, see `field`.

use super::Builder;
use super::coordinates::{Pose, Vector};
use super::courses::{self, Points};
use super::field::Kind;
use super::field_played::{PlayedField, Terms};
use super::scattered::Scattered;
use crate::model::Course;
use crate::problem::Problem;
use sonata::config::Comsol;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::Arc;

/// A solution: where its values are, and these at each of its times, mV and ms; one time if it is stationary.
struct Solution {
    points: Scattered,
    times: Vec<f64>,
    /// Point by point.
    values: Vec<f64>,
}

/// What potentials are sums of: points in space with their weights, for each place a course in time is multiplied by.
enum Field {
    /// Stationary solutions with their courses.
    Stationary(Vec<(Solution, Course)>),
    /// A solution in time.
    InTime(Box<Solution>, Sampling),
}

/// How a solution in time becomes courses.
#[derive(Clone, Copy, Debug)]
struct Sampling {
    /// What it is multiplied by.
    amplitude: f64,
    /// Time step, ms.
    dt: f64,
    /// Steps after which it repeats.
    period: usize,
}

impl Builder<'_> {
    /// Makes the stimuli of a finite-element model.
    pub(super) fn comsol(&mut self, name: &str, comsol: &Comsol) {
        self.field_outside(name, comsol.cells.as_ref(), |builder, cells| builder.impose(comsol, cells));
    }

    fn impose(&mut self, comsol: &Comsol, cells: &[usize]) -> Result<(), Problem> {
        let field = Field::read(comsol, self.config.run.dt, self.config.run.steps())?;
        // Points of a solution in time to the courses of their values, once somebody follows them.
        let mut followed: HashMap<usize, u32> = HashMap::new();
        if let Field::Stationary(parts) = &field {
            for (number, (_, course)) in parts.iter().enumerate() {
                followed.insert(number, courses::add(&mut self.network.courses, course.clone()));
            }
        }
        let mut played = PlayedField::of(self.config);
        let mut kinds: HashMap<usize, Kind> = HashMap::new();
        for &index in cells {
            let node = &self.network.cells[index];
            let kind = match kinds.entry(Arc::as_ptr(&node.cell) as usize) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(empty) => empty.insert(Kind::of(&node.cell)?),
            };
            let population = self.populations.named(&node.population)?;
            let pose = Pose::of(population, population.nodes.row(node.node_id).unwrap_or_default())?;
            let courses = &mut self.network.courses;
            let potentials: Vec<Option<Terms>> = kind
                .middles()
                .map(|middle| middle.map(|middle| field.at(pose.place(middle), &mut followed, courses)))
                .collect();
            played.impose(self, index, kind, couplings(kind, &potentials));
        }
        Ok(())
    }
}

impl Field {
    fn read(comsol: &Comsol, dt: f64, steps: usize) -> Result<Self, Problem> {
        let Some(waveforms) = &comsol.waveforms else {
            let file = &comsol.files[0];
            let solution = Solution::read(file)?;
            let (first, last) = (solution.times[0], solution.times[solution.times.len() - 1]);
            // BMTK's samples, and their round-off.
            let samples = ((last + dt - first) / dt).ceil();
            let period = ((first + (samples - 1.0) * dt) - first) / dt;
            if period < 1.0 {
                let problem = Problem::model("the solution has no two times that are a time step apart").in_file(file);
                return Err(problem.help("give a waveform if it is stationary"));
            }
            let sampling = Sampling { amplitude: comsol.amplitudes[0], dt, period: period as usize };
            return Ok(Self::InTime(Box::new(solution), sampling));
        };
        let mut parts = Vec::with_capacity(waveforms.len());
        for (index, (file, waveform)) in comsol.files.iter().zip(waveforms).enumerate() {
            let solution = Solution::read(file)?;
            if solution.times.len() > 1 {
                let text = "the solution is one in time, where a waveform is given";
                return Err(Problem::model(text).in_file(file).help("leave the waveform out"));
            }
            let amplitude = comsol.amplitudes[index.min(comsol.amplitudes.len() - 1)];
            let course = waveform_course(waveform, amplitude, dt, steps)?;
            parts.push((solution, course));
        }
        Ok(Self::Stationary(parts))
    }

    /// What the potential at a place is a sum of; `followed` has the course of each part, or of each point.
    fn at(&self, place: Vector, followed: &mut HashMap<usize, u32>, courses: &mut Vec<Course>) -> Terms {
        match self {
            // As in BMTK there is none where one of the solutions has none.
            Self::Stationary(parts) => {
                let term = |(number, (solution, _)): (usize, &(Solution, Course))| {
                    let weights = solution.points.weights(place)?;
                    let value = weights.iter().map(|&(point, weight)| weight * solution.values[point]).sum();
                    Some((followed[&number], value))
                };
                parts.iter().enumerate().map(term).collect::<Option<_>>().unwrap_or_default()
            }
            Self::InTime(solution, sampling) => {
                let point = solution.points.nearest(place);
                let course =
                    *followed.entry(point).or_insert_with(|| courses::add(courses, solution.course(point, *sampling)));
                vec![(course, 1.0)]
            }
        }
    }
}

/// The current along the dendrite and the potential at each node, as sums of courses.
fn couplings(kind: &Kind, potentials: &[Option<Terms>]) -> Vec<[Terms; 2]> {
    let mut courses: Vec<u32> = potentials.iter().flatten().flatten().map(|(course, _)| *course).collect();
    courses.sort_unstable();
    courses.dedup();
    let mut all = vec![[Terms::new(), Terms::new()]; potentials.len()];
    for course in courses {
        let of_course = |terms: &Terms| terms.iter().filter(|term| term.0 == course).map(|term| term.1).sum();
        let own: Vec<Option<f64>> = potentials.iter().map(|terms| terms.as_ref().map(of_course)).collect();
        for (node, (current, potential)) in kind.couplings(&own).into_iter().enumerate() {
            for (terms, factor) in all[node].iter_mut().zip([current, potential]) {
                if factor != 0.0 {
                    terms.push((course, factor));
                }
            }
        }
    }
    all
}

/// The course of a table of times, ms, and factors, as BMTK reads it: at a step that of the step before, and none in the
/// first; it repeats after its length and one step more.
fn waveform_course(file: &Path, amplitude: f64, dt: f64, steps: usize) -> Result<Course, Problem> {
    let points = Points::read(file)?;
    let period = points.length() / dt + 1.0;
    let at = |step: usize| amplitude * points.at((step as f64 % period) * dt);
    Ok(Course { values: (0..steps).map(at).collect(), start: 1, repeats: false })
}

impl Solution {
    /// Reads a file that COMSOL has exported: lines of comments, the last of them with the names of the columns, then in
    /// each line x, y and z (um) and a potential, or one for each time.
    fn read(file: &Path) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(file).map_err(|error| Problem::io("read", file, &error))?;
        Self::parse(&text).map_err(|problem| problem.in_file(file))
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        let header = text.lines().take_while(|line| line.starts_with('%') || line.trim().is_empty());
        let header = header.filter(|line| line.starts_with('%')).last();
        let header = header.ok_or_else(|| Problem::model("there is no line of column names that begins with %"))?;
        // Names have single spaces in them.
        let names: Vec<&str> = header[1..].split("   ").map(str::trim).filter(|name| !name.is_empty()).collect();
        let potentials = names.get(3..).filter(|names| !names.is_empty()).ok_or_else(|| {
            let text = format!("expected columns x, y, z and potentials, found: {}", names.join(", "));
            Problem::model(text).help("columns are separated by three spaces or more")
        })?;
        let unit = if potentials[0].contains("(V)") {
            1000.0
        } else if potentials[0].contains("(mV)") {
            1.0
        } else {
            return Err(Problem::model(format!("`{}` names no unit of the potential, (V) or (mV)", potentials[0])));
        };
        let mut times = vec![0.0];
        if potentials.len() > 1 {
            times.clear();
            for name in potentials {
                let begin = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
                let time: f64 = name[begin..]
                    .trim()
                    .parse()
                    .map_err(|_| Problem::model(format!("`{name}` names no time, in s, at its end")))?;
                times.push(1000.0 * time);
            }
            if !times.is_sorted() {
                return Err(Problem::model("the times of the columns must ascend"));
            }
        }
        let (mut points, mut values) = (Vec::new(), Vec::new());
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('%')) {
            let wrong = |text: String| Problem::model(format!("line {}: {text}", number + 1));
            let mut row = Vec::with_capacity(3 + times.len());
            for word in line.split_whitespace() {
                let value = word.parse().ok().filter(|value: &f64| value.is_finite());
                row.push(value.ok_or_else(|| wrong(format!("expected a number, found `{word}`")))?);
            }
            match row[..] {
                [] => continue,
                [x, y, z, ref rest @ ..] if rest.len() == times.len() => {
                    points.push([x, y, z]);
                    values.extend(rest.iter().map(|value| unit * value));
                }
                _ => return Err(wrong(format!("expected {} numbers, found {}", 3 + times.len(), row.len()))),
            }
        }
        if points.len() < 4 {
            return Err(Problem::model(format!("the solution has {} points; it needs four", points.len())));
        }
        Ok(Self { points: Scattered::new(points), times, values })
    }

    /// The course at a point, which repeats; it is that of the step before, and none in the first.
    fn course(&self, point: usize, sampling: Sampling) -> Course {
        let Sampling { amplitude, dt, period } = sampling;
        let values = &self.values[point * self.times.len()..(point + 1) * self.times.len()];
        let at = |step: usize| amplitude * courses::interpolate(&self.times, values, self.times[0] + step as f64 * dt);
        Course { values: (0..period).map(at).collect(), start: 1, repeats: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATIONARY: &str = "% Model: x.mph\n% x                       y                        z                        V (V)\n\
        0 0 0 1\n10 0 0 2\n0 10 0 3\n0 0 10 4\n";

    #[test]
    fn solutions_are_read() {
        let solution = Solution::parse(STATIONARY).unwrap();
        assert_eq!(solution.points.nearest([0.0, 0.0, 10.0]), 3);
        assert_eq!(solution.values, [1e3, 2e3, 3e3, 4e3]);
        let text = STATIONARY.replace("V (V)", "V (mV) @ t=0    V (mV) @ t=1E-3");
        let message = Solution::parse(&text).err().unwrap().message;
        assert_eq!(message, "line 3: expected 5 numbers, found 4");
        let text = (0..4).fold(text.replace("\n0 0 0 1\n10 0 0 2\n0 10 0 3\n0 0 10 4\n", "\n"), |text, i| {
            format!("{text}{i} 0 0 {i} 2\n")
        });
        let solution = Solution::parse(&text).unwrap();
        assert_eq!(solution.times, [0.0, 1.0]);
        let course = solution.course(0, Sampling { amplitude: 2.0, dt: 0.25, period: 4 });
        assert_eq!((&*course.values, course.start, course.repeats), (&[0.0, 1.0, 2.0, 3.0][..], 1, true));
    }

    #[test]
    fn fields_are_linear_between_points() {
        let solution = Solution::parse(STATIONARY).unwrap();
        let course = Course { values: Arc::from([1.0]), start: 1, repeats: false };
        let field = Field::Stationary(vec![(solution, course)]);
        let mut followed = HashMap::from([(0, 7)]);
        let mut at = |place| field.at(place, &mut followed, &mut Vec::new());
        let inside = at([1.0, 2.0, 3.0]);
        assert!(inside[0].0 == 7 && (inside[0].1 - 2400.0).abs() < 1e-3, "{inside:?}");
        assert!(at([20.0, 0.0, 0.0]).is_empty());
    }
}
