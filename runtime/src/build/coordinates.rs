//! Where the segments of cells are in space.
//!
//! A segment is a straight line between two places of its section's 3-d points. The mean of the soma's points is the
//! cell's origin; a cell is turned about it, by R = Rx Ry Rz with angles in rad, counter-clockwise, and moved to the
//! position of its node. Places, order of turns and interpolation are BMTK's.

use super::populations::Population;
use crate::problem::Problem;
use cell::{Cell, Section, SectionId};
use sonata::attributes::Value;

/// A place or a direction, um.
pub type Vector = [f64; 3];

/// A segment in space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Its section, by order of creation.
    pub section: SectionId,
    /// Its middle along the section, 0 to 1.
    pub x: f64,
    /// Where it begins, um.
    pub begin: Vector,
    /// Its middle, um.
    pub middle: Vector,
    /// Where it ends, um.
    pub end: Vector,
    /// Its diameter, um.
    pub diameter: f64,
}

/// The segments of a cell whose soma is at the origin, in the order of sections in the list `all`.
///
/// # Errors
/// When it has no soma, or a section without 3-d points.
pub fn segments(cell: &Cell) -> Result<Vec<Line>, Problem> {
    let soma = origin(cell)?;
    let mut lines = Vec::new();
    for id in cell.all() {
        let section = cell.section(id);
        let points: Vec<(f64, Vector)> = section
            .points()
            .iter()
            .map(|p| (p.arc / section.length(), minus([p.x, p.y, p.z].map(f64::from), soma)))
            .collect();
        if points.len() < 2 {
            return Err(Problem::model(format!("section {} has no 3-d points", section.name()))
                .help("fields outside cells need to know where their sections are: add pt3dadd or define_shape() to the template"));
        }
        lines.extend(lines_of(id, section, &points));
    }
    Ok(lines)
}

fn lines_of<'a>(
    id: SectionId,
    section: &'a Section,
    points: &'a [(f64, Vector)],
) -> impl Iterator<Item = Line> + use<'a> {
    let nseg = section.nseg();
    let diameters = section.diam().into_owned();
    (0..nseg).map(move |i| {
        let x = (i as f64 + 0.5) / nseg as f64;
        let half = 0.5 / nseg as f64;
        let at = |x: f64| interpolate(points, x);
        let diameter = diameters[if section.is_reversed() { nseg - 1 - i } else { i }];
        Line { section: id, x, begin: at(x - half), middle: at(x), end: at(x + half), diameter }
    })
}

/// The mean of the soma's 3-d points.
fn origin(cell: &Cell) -> Result<Vector, Problem> {
    let own = || cell.ids().filter(|&id| cell.section(id).name().base == "soma").collect::<Vec<_>>();
    let soma = cell.arrays.get("soma").cloned().unwrap_or_else(own);
    let points: Vec<Vector> =
        soma.iter().flat_map(|&id| cell.section(id).points()).map(|p| [p.x, p.y, p.z].map(f64::from)).collect();
    if points.is_empty() {
        return Err(Problem::model("the soma of a cell has no 3-d points")
            .help("fields outside cells need to know where they are: add pt3dadd or define_shape() to the template"));
    }
    let sum = points.iter().fold([0.0; 3], |sum, point| plus(sum, *point));
    Ok(sum.map(|sum| sum / points.len() as f64))
}

/// Straight lines between the points; what is beyond an end is at that end.
fn interpolate(points: &[(f64, Vector)], x: f64) -> Vector {
    let after = points.partition_point(|(at, _)| *at <= x);
    let (Some(&(from, a)), Some(&(to, b))) = (points.get(after.wrapping_sub(1)), points.get(after)) else {
        let end = if after == 0 { points.first() } else { points.last() };
        return end.map_or([0.0; 3], |&(_, end)| end);
    };
    std::array::from_fn(|k| (b[k] - a[k]) / (to - from) * (x - from) + a[k])
}

/// How a node's cell is turned and moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// The rotation, row by row.
    rotation: [Vector; 3],
    /// Where the soma is, um.
    position: Vector,
}

impl Pose {
    /// The pose of a node, by its row.
    ///
    /// # Errors
    /// When its position or an angle is not one.
    pub fn of(population: Population<'_>, row: usize) -> Result<Self, Problem> {
        let attributes = population.nodes.attributes();
        let number = |name: &str| -> Result<f64, Problem> { Ok(attributes.opt_f64(row, name)?.unwrap_or(0.0)) };
        let mut position = None;
        for name in ["positions", "position"] {
            match attributes.value(row, name)? {
                Some(Value::Row(&[x, y, z])) => position = position.or(Some([x, y, z])),
                Some(value) => {
                    let node = population.nodes.ids()[row];
                    let text = format!("{name} of node {node} is {value}; expected three numbers");
                    return Err(Problem::model(text).in_file(&population.members.file));
                }
                None => {}
            }
        }
        let position = match position {
            Some(position) => position,
            None => [number("x")?, number("y")?, number("z")?],
        };
        let angles = ["x", "y", "z"].map(|axis| number(&format!("rotation_angle_{axis}axis")));
        let [x, y, z] = angles;
        let rotation = product(turn(0, x?), product(turn(1, y?), turn(2, z?)));
        Ok(Self { rotation, position })
    }

    /// Where a place of the cell is.
    pub fn place(&self, at: Vector) -> Vector {
        plus(self.rotation.map(|row| dot(row, at)), self.position)
    }
}

/// Rotation about an axis, counter-clockwise, by an angle in rad.
pub fn turn(axis: usize, angle: f64) -> [Vector; 3] {
    let (sin, cos) = angle.sin_cos();
    let (next, last) = ((axis + 1) % 3, (axis + 2) % 3);
    let mut matrix = [[0.0; 3]; 3];
    matrix[axis][axis] = 1.0;
    (matrix[next][next], matrix[last][last]) = (cos, cos);
    (matrix[next][last], matrix[last][next]) = (-sin, sin);
    matrix
}

/// Product of two matrices.
pub fn product(a: [Vector; 3], b: [Vector; 3]) -> [Vector; 3] {
    a.map(|row| std::array::from_fn(|k| dot(row, [b[0][k], b[1][k], b[2][k]])))
}

/// Scalar product.
pub fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Sum.
pub fn plus(a: Vector, b: Vector) -> Vector {
    std::array::from_fn(|k| a[k] + b[k])
}

/// Difference.
pub fn minus(a: Vector, b: Vector) -> Vector {
    std::array::from_fn(|k| a[k] - b[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_lie_along_the_points() {
        let mut cell = Cell::from_swc("1 1 1 2 3 5 -1\n2 3 6 2 3 1 1\n3 3 6 12 3 1 2\n").unwrap();
        let dend = cell.arrays["dend"][0];
        cell.section_mut(dend).set_nseg(2).unwrap();
        let lines = segments(&cell).unwrap();
        let [soma, first, second] = lines[..] else { panic!("{lines:?}") };
        assert_eq!(soma.middle, [0.0; 3]);
        assert_eq!((first.begin, first.end, second.middle), ([5.0, 0.0, 0.0], [5.0, 5.0, 0.0], [5.0, 7.5, 0.0]));
        assert_eq!((first.x, first.diameter), (0.25, 2.0));
    }

    #[test]
    fn turns_are_counter_clockwise() {
        let quarter = std::f64::consts::FRAC_PI_2;
        let rotation = product(turn(0, quarter), product(turn(1, 0.0), turn(2, quarter)));
        let pose = Pose { rotation, position: [1.0, 0.0, 0.0] };
        // About z first: x to y; then about x: y to z.
        let moved = pose.place([1.0, 0.0, 0.0]);
        assert!(moved.iter().zip([1.0, 0.0, 1.0]).all(|(a, b)| (a - b).abs() < 1e-15), "{moved:?}");
    }

    #[test]
    fn sections_need_points() {
        let mut cell = Cell::from_swc("1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 9 0 0 1 2\n").unwrap();
        let dend = cell.arrays["dend"][0];
        cell.section_mut(dend).clear_points();
        assert!(segments(&cell).unwrap_err().message.contains("dend[0] has no 3-d points"));
    }
}
