//! Points in cubes: finds all points within a fixed radius without looking at the far ones.
//!
//! For one fixed radius a grid is simpler and faster than a tree: the points of a cube are neighbours in memory.

use std::collections::HashMap;

/// Points, sorted by the cube that they are in.
#[derive(Debug)]
pub struct Grid {
    side: f64,
    /// The range of `points` of each cube that holds any.
    cubes: HashMap<[i64; 3], (u32, u32)>,
    points: Vec<([f64; 3], u32)>,
    /// Points that came later.
    added: HashMap<[i64; 3], Vec<([f64; 3], u32)>>,
}

impl Grid {
    /// Sorts points into cubes of `side` um, which should be the radius of the searches.
    pub fn new(points: &[[f64; 3]], side: f64) -> Grid {
        let mut keyed: Vec<([i64; 3], [f64; 3], u32)> =
            points.iter().enumerate().map(|(i, &p)| (cube(p, side), p, i as u32)).collect();
        keyed.sort_unstable_by_key(|&(cube, _, i)| (cube, i));
        let mut cubes = HashMap::new();
        for (at, &(cube, _, _)) in keyed.iter().enumerate() {
            cubes.entry(cube).or_insert((at as u32, at as u32)).1 = at as u32 + 1;
        }
        Grid { side, cubes, points: keyed.into_iter().map(|(_, p, i)| (p, i)).collect(), added: HashMap::new() }
    }

    /// Adds a point, whose index is the number of points before.
    pub fn insert(&mut self, point: [f64; 3]) {
        let index = self.points.len() + self.added.values().map(Vec::len).sum::<usize>();
        self.added.entry(cube(point, self.side)).or_default().push((point, index as u32));
    }

    /// Calls `found` with the index and distance of each point not farther from `centre` than `radius`, which must
    /// not be more than the side of the cubes.
    pub fn within(&self, centre: [f64; 3], radius: f64, mut found: impl FnMut(u32, f64)) {
        let [x, y, z] = cube(centre, self.side);
        let most = radius * radius;
        for cube in (0..27).map(|i| [x + i / 9 - 1, y + i / 3 % 3 - 1, z + i % 3 - 1]) {
            let sorted = self.cubes.get(&cube).map(|&(first, end)| &self.points[first as usize..end as usize]);
            let added = self.added.get(&cube).map(Vec::as_slice);
            for &(p, index) in sorted.into_iter().chain(added).flatten() {
                let [dx, dy, dz] = [p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]];
                let square = dx * dx + dy * dy + dz * dz;
                if square <= most {
                    found(index, square.sqrt());
                }
            }
        }
    }
}

fn cube(point: [f64; 3], side: f64) -> [i64; 3] {
    point.map(|x| (x / side).floor() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;

    #[test]
    fn all_near_points_are_found_and_no_others() {
        let mut stream = Stream::new(1, 0, 0);
        let points: Vec<[f64; 3]> = (0..2000).map(|_| [(); 3].map(|()| stream.uniform_in(-100.0, 100.0))).collect();
        let grid = Grid::new(&points, 25.0);
        for centre in &points[..50] {
            let mut found = Vec::new();
            grid.within(*centre, 25.0, |i, _| found.push(i));
            found.sort_unstable();
            let distance = |p: &[f64; 3]| (0..3).map(|k| (p[k] - centre[k]).powi(2)).sum::<f64>().sqrt();
            let wanted: Vec<u32> = (0..2000).filter(|&i| distance(&points[i as usize]) <= 25.0).collect();
            assert_eq!(found, wanted);
        }
    }
}
