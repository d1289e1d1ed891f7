//! Values at scattered points in space: the nearest one, and linear interpolation.
//!
//! Linear interpolation is that of Delaunay's tetrahedra. The one around a place is found without making the others: of
//! all weights of points with the place as their centre of mass, those of its corners have the least moment of inertia
//! (lifted to a paraboloid, the tetrahedra are the lower hull). That is a linear program with four equations, which is
//! solved for points near the place until its circumsphere is found to be empty. Where more than four points lie on a
//! sphere, as on regular grids, tetrahedra are not unique. If the program has no solution its dual is a plane between the
//! place and the points.
//!
//! Source: K. Fukuda, Frequently asked questions in polyhedral computation (2004), section on Delaunay triangulations.

use super::coordinates::{Vector, dot, minus};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::cell::RefCell;

/// Points that the first program is about.
const FIRST: usize = 48;
/// Rounds of the simplex method, which needs a dozen.
const MOST_ROUNDS: usize = 10_000;
/// Reduced costs up to this are round-off; distances are multiples of the unit.
const REDUCED: f64 = 1e-11;
/// Places less than this away from the points' convex hull are in it.
const BEYOND: f64 = 1e-10;
/// By which part of the typical distance a place is moved, lest it lies on a face of a tetrahedron.
const MOVED: [f64; 3] = [1.0e-9, 0.7e-9, 0.4e-9];

/// Points, and a tree to find them by place.
#[derive(Debug)]
pub struct Scattered {
    points: Vec<Vector>,
    tree: RTree<GeomWithData<Vector, u32>>,
    /// A distance between neighbours, um: the unit of the linear program.
    scale: f64,
    /// Planes with all points on one side, met in looking for places on the other.
    outside: RefCell<Vec<Plane>>,
}

/// `offset + normal . place` is positive on one side.
#[derive(Clone, Copy, Debug)]
struct Plane {
    normal: Vector,
    offset: f64,
}

impl Plane {
    fn side(&self, place: Vector) -> f64 {
        self.offset + dot(self.normal, place)
    }
}

impl Scattered {
    /// Sorts points, of which there is at least one.
    pub fn new(points: Vec<Vector>) -> Self {
        let extent = |axis: usize| {
            let values = || points.iter().map(|point| point[axis]);
            values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
        };
        let extents = [extent(0), extent(1), extent(2)];
        let longest = extents.into_iter().fold(0.0, f64::max);
        let volume: f64 = extents.iter().map(|extent| extent.max(1e-3 * longest)).product();
        let scale = (4.0 * volume / points.len() as f64).cbrt().max(1e-9);
        let entries = points.iter().enumerate().map(|(index, &point)| GeomWithData::new(point, index as u32));
        let tree = RTree::bulk_load(entries.collect());
        Self { points, tree, scale, outside: RefCell::default() }
    }

    /// The nearest point.
    pub fn nearest(&self, at: Vector) -> usize {
        self.tree.nearest_neighbor(&at).map_or(0, |point| point.data as usize)
    }

    /// The points around a place and their weights; nothing outside the convex hull of all.
    pub fn weights(&self, at: Vector) -> Option<[(usize, f64); 4]> {
        [1.0, -1.0].into_iter().find_map(|sign| self.weights_near(at, sign))
    }

    fn weights_near(&self, at: Vector, sign: f64) -> Option<[(usize, f64); 4]> {
        let moved: Vector = std::array::from_fn(|axis| at[axis] + sign * MOVED[axis] * self.scale);
        if self.outside.borrow().iter().any(|plane| plane.side(moved) > BEYOND) {
            return None;
        }
        let nearest = self.tree.nearest_neighbor_iter(&moved);
        let mut candidates: Vec<u32> = nearest.take(FIRST).map(|point| point.data).collect();
        loop {
            let found = match self.solve(moved, &candidates)? {
                Answer::Around(found) => found,
                Answer::Beyond(plane) => {
                    let sides = self.points.iter().map(|&point| plane.side(point)).enumerate();
                    match sides.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, side)| *side > REDUCED) {
                        Some((point, _)) if !candidates.contains(&(point as u32)) => candidates.push(point as u32),
                        _ => {
                            self.outside.borrow_mut().push(plane);
                            return None;
                        }
                    }
                    continue;
                }
            };
            let before = candidates.len();
            let inside = self.tree.locate_within_distance(found.centre, found.radius2 * (1.0 - 1e-9));
            candidates.extend(inside.map(|point| point.data));
            candidates.sort_unstable();
            candidates.dedup();
            if candidates.len() == before {
                return self.barycentric(at, found.corners);
            }
        }
    }

    /// Corners of a tetrahedron, and the weights with which a place is their centre of mass.
    fn barycentric(&self, at: Vector, corners: [usize; 4]) -> Option<[(usize, f64); 4]> {
        let inverse = invert(corners.map(|point| self.column(at, point)))?;
        Some(std::array::from_fn(|k| (corners[k], inverse[k][0])))
    }

    /// The coefficients of a point in the four equations: weights sum to 1, the centre of mass is a place.
    fn column(&self, at: Vector, point: usize) -> [f64; 4] {
        let [x, y, z] = minus(self.points[point], at).map(|x| x / self.scale);
        [1.0, x, y, z]
    }

    /// Solves the linear program for some points; nothing if they are all in a plane with the place.
    fn solve(&self, at: Vector, candidates: &[u32]) -> Option<Answer> {
        let columns: Vec<[f64; 4]> = candidates.iter().map(|&point| self.column(at, point as usize)).collect();
        let costs: Vec<f64> = columns.iter().map(|[_, x, y, z]| x * x + y * y + z * z).collect();
        let mut basis: [Option<usize>; 4] = [None; 4];
        for feasible in [false, true] {
            let cost = |column: Option<usize>| match (column, feasible) {
                (None, false) => 1.0,
                (Some(column), true) => costs[column],
                _ => 0.0,
            };
            for round in 0.. {
                let unit = |k: usize| std::array::from_fn(|row| f64::from(row == k));
                let matrix: [[f64; 4]; 4] = std::array::from_fn(|k| basis[k].map_or_else(|| unit(k), |at| columns[at]));
                let inverse = invert(matrix)?;
                let values: [f64; 4] = std::array::from_fn(|k| inverse[k][0]);
                let dual: [f64; 4] = std::array::from_fn(|row| (0..4).map(|k| cost(basis[k]) * inverse[k][row]).sum());
                let reduced = |column: usize| cost(Some(column)) - product(dual, columns[column]);
                let enters = if round < 200 {
                    (0..columns.len()).min_by(|&a, &b| reduced(a).total_cmp(&reduced(b)))
                } else {
                    // Bland's rule, which ends.
                    (0..columns.len()).find(|&column| reduced(column) < -REDUCED)
                };
                let Some(enters) = enters.filter(|&column| reduced(column) < -REDUCED && round < MOST_ROUNDS) else {
                    if feasible {
                        return self.tetrahedron(at, candidates, basis, dual).map(Answer::Around);
                    }
                    if (0..4).any(|k| basis[k].is_none() && values[k] > BEYOND) {
                        let normal: Vector = std::array::from_fn(|axis| dual[axis + 1] / self.scale);
                        return Some(Answer::Beyond(Plane { normal, offset: dual[0] - dot(normal, at) }));
                    }
                    // What is left of the first program has the weight 0, and any column may take its place.
                    let Some(left) = (0..4).find(|&k| basis[k].is_none()) else { break };
                    let size = |column: &usize| product(inverse[left], columns[*column]).abs();
                    let largest = (0..columns.len()).max_by(|a, b| size(a).total_cmp(&size(b)));
                    basis[left] = Some(largest.filter(|column| size(column) > 1e-9)?);
                    continue;
                };
                let direction: [f64; 4] = std::array::from_fn(|k| product(inverse[k], columns[enters]));
                let leaves = (0..4)
                    .filter(|&k| direction[k] > 1e-13)
                    .min_by(|&a, &b| (values[a] / direction[a]).total_cmp(&(values[b] / direction[b])))?;
                basis[leaves] = Some(enters);
            }
        }
        None
    }

    fn tetrahedron(
        &self,
        at: Vector,
        candidates: &[u32],
        basis: [Option<usize>; 4],
        dual: [f64; 4],
    ) -> Option<Tetrahedron> {
        let mut corners = [0; 4];
        for (corner, column) in corners.iter_mut().zip(basis) {
            *corner = candidates[column?] as usize;
        }
        let half: Vector = std::array::from_fn(|axis| dual[axis + 1] / 2.0);
        let centre = std::array::from_fn(|axis| at[axis] + self.scale * half[axis]);
        Some(Tetrahedron { corners, centre, radius2: self.scale * self.scale * (dual[0] + dot(half, half)) })
    }
}

/// What the linear program says of a place.
enum Answer {
    /// The tetrahedron around it.
    Around(Tetrahedron),
    /// A plane between it and the points.
    Beyond(Plane),
}

/// A tetrahedron around a place.
struct Tetrahedron {
    /// Points.
    corners: [usize; 4],
    /// The centre of its circumsphere.
    centre: Vector,
    /// The square of its radius, um2.
    radius2: f64,
}

fn product(a: [f64; 4], b: [f64; 4]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The inverse of the matrix with these columns; nothing if it has none.
fn invert(columns: [[f64; 4]; 4]) -> Option<[[f64; 4]; 4]> {
    let mut rows: [[f64; 8]; 4] = std::array::from_fn(|row| {
        std::array::from_fn(|k| if k < 4 { columns[k][row] } else { f64::from(k - 4 == row) })
    });
    for at in 0..4 {
        let pivot = (at..4).max_by(|&a, &b| rows[a][at].abs().total_cmp(&rows[b][at].abs()))?;
        rows.swap(at, pivot);
        let divisor = rows[at][at];
        if divisor.abs() < 1e-300 {
            return None;
        }
        rows[at].iter_mut().for_each(|value| *value /= divisor);
        for other in (0..4).filter(|&other| other != at) {
            let factor = rows[other][at];
            let own = rows[at];
            rows[other].iter_mut().zip(own).for_each(|(value, own)| *value -= factor * own);
        }
    }
    Some(std::array::from_fn(|row| std::array::from_fn(|k| rows[row][k + 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(count: usize) -> Vec<Vector> {
        let mut state = 5u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / (1u64 << 24) as f64
        };
        (0..count).map(|_| [100.0 * next(), 200.0 * next(), 50.0 * next()]).collect()
    }

    #[test]
    fn the_nearest_point_is_found() {
        let points = random(500);
        let scattered = Scattered::new(points.clone());
        for at in random(40).into_iter().chain([[-500.0, 3.0, 1000.0]]) {
            let distance = |point: &Vector| dot(minus(*point, at), minus(*point, at));
            let expected = (0..500).min_by(|&a, &b| distance(&points[a]).total_cmp(&distance(&points[b])));
            assert_eq!(Some(scattered.nearest(at)), expected);
        }
    }

    #[test]
    fn linear_functions_are_interpolated_exactly_and_spheres_are_empty() {
        let points = random(500);
        let scattered = Scattered::new(points.clone());
        let linear = |[x, y, z]: Vector| 3.0 + 0.5 * x - 2.0 * y + 0.25 * z;
        let mut inside = 0;
        for at in random(560).into_iter().skip(500) {
            let Some(weights) = scattered.weights(at) else { continue };
            inside += 1;
            let value: f64 = weights.iter().map(|&(point, weight)| weight * linear(points[point])).sum();
            assert!((value - linear(at)).abs() < 1e-9, "{value} {}", linear(at));
            assert!(weights.iter().all(|(_, weight)| *weight >= -1e-8));
            let everything: Vec<u32> = (0..500).collect();
            let Some(Answer::Around(mut whole)) = scattered.solve(at, &everything) else { panic!("no tetrahedron") };
            let mut corners = weights.map(|(point, _)| point);
            corners.sort_unstable();
            whole.corners.sort_unstable();
            assert_eq!(corners, whole.corners);
        }
        assert!(inside > 30, "{inside}");
        for place in [[500.0, 0.0, 0.0], [600.0, 20.0, 10.0], [40.0, 90.0, -1.0]] {
            assert!(scattered.weights(place).is_none());
        }
        assert!(scattered.weights([50.0, 100.0, 25.0]).is_some());
    }

    #[test]
    fn grids_have_tetrahedra_too() {
        let points: Vec<Vector> =
            (0..27).map(|i| [10.0 * f64::from(i % 3), 10.0 * f64::from(i / 3 % 3), 10.0 * f64::from(i / 9)]).collect();
        let scattered = Scattered::new(points.clone());
        for at in [[5.0, 5.0, 5.0], [10.0, 10.0, 10.0], [3.0, 17.0, 12.0], [0.0, 0.0, 0.0], [20.0, 20.0, 20.0]] {
            let weights = scattered.weights(at).unwrap();
            let value: f64 =
                weights.iter().map(|&(point, weight)| weight * (points[point][0] - points[point][2])).sum();
            assert!((value - (at[0] - at[2])).abs() < 1e-9, "{at:?}: {weights:?}");
        }
    }
}
