//! Where cells are, um, and how they are turned: random positions in simple volumes, on grids, by densities, and at a
//! least distance from each other.
//!
//! Random numbers come from a [`Stream`] or from NumPy's `RandomState`. With the latter, [`columnar`],
//! [`rectangular`] and [`ellipsoid`] draw in the order of BMTK's functions, so that the same seed gives the same
//! positions.

use crate::grid::Grid;
use crate::{Error, Result, Stream};
use sonata::numpy::RandomState;
use std::f64::consts::TAU;

/// A source of random numbers.
pub trait Uniform {
    /// A number of [0, 1), uniformly distributed.
    fn sample(&mut self) -> f64;
}

impl Uniform for Stream {
    fn sample(&mut self) -> f64 {
        self.uniform()
    }
}

impl Uniform for RandomState {
    fn sample(&mut self) -> f64 {
        self.random_sample()
    }
}

fn samples(random: &mut impl Uniform, n: usize) -> Vec<f64> {
    (0..n).map(|_| random.sample()).collect()
}

/// Uniform in a cylinder along y, or in a ring if `radii` begin above 0.
pub fn columnar(
    random: &mut impl Uniform,
    n: usize,
    centre: [f64; 3],
    height: f64,
    radii: std::ops::Range<f64>,
) -> Vec<[f64; 3]> {
    let angles = samples(random, n);
    let radial = samples(random, n);
    let heights = samples(random, n);
    let (low, high) = (radii.start * radii.start, radii.end * radii.end);
    (0..n)
        .map(|i| {
            let (sin, cos) = (TAU * angles[i]).sin_cos();
            let r = ((low - high) * radial[i] + high).sqrt();
            [centre[0] + r * cos, centre[1] + height * (heights[i] - 0.5), centre[2] + r * sin]
        })
        .collect()
}

/// Uniform in a box with sides along the axes.
pub fn rectangular(random: &mut impl Uniform, n: usize, centre: [f64; 3], lengths: [f64; 3]) -> Vec<[f64; 3]> {
    // BMTK draws x, z, y.
    let [x, z, y] = [0, 2, 1].map(|axis: usize| {
        samples(random, n).into_iter().map(|u| centre[axis] + lengths[axis] * (u - 0.5)).collect::<Vec<_>>()
    });
    (0..n).map(|i| [x[i], y[i], z[i]]).collect()
}

/// Uniform in an ellipsoid with axes of the given lengths.
pub fn ellipsoid(random: &mut impl Uniform, n: usize, centre: [f64; 3], lengths: [f64; 3]) -> Vec<[f64; 3]> {
    let mut kept = Vec::with_capacity(n);
    while kept.len() < n {
        let inside = |p: &[f64; 3]| {
            let square = |axis: usize| ((p[axis] - centre[axis]) / (lengths[axis] / 2.0)).powi(2);
            square(0) + square(1) + square(2) < 1.0
        };
        kept.extend(rectangular(random, 3 * n, centre, lengths).into_iter().filter(inside));
    }
    kept.truncate(n);
    kept
}

/// `n` different points of a grid that begins at `corner`, chosen at random. `counts` are its points along the axes.
pub fn on_grid(
    random: &mut impl Uniform,
    n: usize,
    corner: [f64; 3],
    counts: [usize; 3],
    spacing: f64,
) -> Result<Vec<[f64; 3]>> {
    let total: usize = counts.iter().product();
    if n > total {
        let message = format!("the grid has {total} points for {n} cells");
        return Err(Error::argument("on_grid", "n", message));
    }
    let mut points: Vec<usize> = (0..total).collect();
    for i in 0..n {
        let other = i + (random.sample() * (total - i) as f64) as usize;
        points.swap(i, other.min(total - 1));
    }
    let place = |point: usize| {
        let [x, y] = [point % counts[0], point / counts[0] % counts[1]];
        let steps = [x, y, point / (counts[0] * counts[1])];
        [0, 1, 2].map(|axis| corner[axis] + spacing * steps[axis] as f64)
    };
    Ok(points[..n].iter().map(|&p| place(p)).collect())
}

/// Densities, cells/mm³, of the voxels of a box.
#[derive(Debug, Clone)]
pub struct DensityVolume {
    /// The number of voxels along the axes.
    pub counts: [usize; 3],
    /// The density of each voxel; those along the last axis are neighbours.
    pub densities: Vec<f64>,
    /// The corner of the first voxel, um.
    pub origin: [f64; 3],
    /// The sides of a voxel, um.
    pub voxel: [f64; 3],
}

impl DensityVolume {
    /// The number of cells in all voxels.
    pub fn cells(&self) -> usize {
        let volume: f64 = self.voxel.iter().product();
        (self.densities.iter().sum::<f64>() * volume * 1e-9).round() as usize
    }

    /// As many positions as the densities give.
    pub fn sample(&self, random: &mut impl Uniform) -> Result<Vec<[f64; 3]>> {
        let wrong = |message: String| Err(Error::argument("DensityVolume", "densities", message));
        let wanted: usize = self.counts.iter().product();
        if self.densities.len() != wanted {
            return wrong(format!("{} values for {wanted} voxels", self.densities.len()));
        }
        if self.densities.iter().any(|d| !(*d >= 0.0 && d.is_finite())) {
            return wrong("a density is negative or no number".to_owned());
        }
        let mut sum = 0.0;
        let sums: Vec<f64> = self.densities.iter().map(|d| (sum += d, sum).1).collect();
        if sum == 0.0 {
            return Ok(Vec::new());
        }
        let draw = |random: &mut dyn FnMut() -> f64| {
            let drawn = random() * sum;
            let voxel = sums.partition_point(|&s| s <= drawn).min(wanted - 1);
            let [_, ny, nz] = self.counts;
            let place = [voxel / (ny * nz), voxel / nz % ny, voxel % nz];
            [0, 1, 2].map(|axis| self.origin[axis] + self.voxel[axis] * (place[axis] as f64 + random()))
        };
        Ok((0..self.cells()).map(|_| draw(&mut || random.sample())).collect())
    }
}

/// `n` positions drawn by `sample`, none nearer than `least` um to another or to those of `existing`.
///
/// They are drawn one after the other and kept if there is room (random sequential addition), which fills up to 38 %
/// of a volume with spheres of that diameter. After a thousand draws for each cell it is an error.
pub fn apart(
    n: usize,
    least: f64,
    existing: &[[f64; 3]],
    mut sample: impl FnMut(usize) -> Vec<[f64; 3]>,
) -> Result<Vec<[f64; 3]>> {
    if least <= 0.0 {
        return Ok(sample(n));
    }
    let mut grid = Grid::new(existing, least);
    let mut kept: Vec<[f64; 3]> = Vec::with_capacity(n);
    let mut drawn = 0;
    while kept.len() < n {
        if drawn > 1000 * n {
            let found = kept.len();
            let message = format!("only {found} of {n} cells found room {least} um apart; reduce their number or it");
            return Err(Error::argument("apart", "least", message));
        }
        for p in sample(n) {
            drawn += 1;
            let mut near = false;
            grid.within(p, least, |_, distance| near |= distance < least);
            if !near && kept.len() < n {
                grid.insert(p);
                kept.push(p);
            }
        }
    }
    Ok(kept)
}

/// Random angles, uniform from `low` to `high` radians: `rotation_angle_yaxis` and the like.
pub fn angles(random: &mut impl Uniform, n: usize, low: f64, high: f64) -> Vec<f64> {
    samples(random, n).into_iter().map(|u| low + (high - low) * u).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_numpys_stream_are_those_of_bmtk() {
        // np.random.seed(5); positions_columinar(N=2, center=[1, 2, 3], height=10, min_radius=4, max_radius=5)
        let found = columnar(&mut RandomState::new(5), 2, [1.0, 2.0, 3.0], 10.0, 4.0..5.0);
        for (found, expected) in found.iter().zip(COLUMN) {
            for (a, b) in found.iter().zip(expected) {
                assert!((a - b).abs() < 1e-12, "{found:?}");
            }
        }
        // np.random.seed(5); positions_rect_prism(N=1)
        let found = rectangular(&mut RandomState::new(5), 1, [0.0, 50.0, 0.0], [100.0, 20.0, 100.0]);
        for (a, b) in found[0].iter().zip(PRISM) {
            assert!((a - b).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn volumes_hold_their_cells() {
        let mut random = Stream::new(3, 0, 0);
        let inside = ellipsoid(&mut random, 500, [0.0; 3], [2.0, 4.0, 6.0]);
        assert!(
            inside.len() == 500
                && inside.iter().all(|p| p[0].powi(2) + (p[1] / 2.0).powi(2) + (p[2] / 3.0).powi(2) < 1.0)
        );
        let mut grid = on_grid(&mut random, 24, [0.0; 3], [2, 3, 4], 5.0).unwrap();
        grid.sort_by(|a, b| a.partial_cmp(b).unwrap());
        grid.dedup();
        assert_eq!((grid.len(), grid[23]), (24, [5.0, 10.0, 15.0]));
        assert!(on_grid(&mut random, 25, [0.0; 3], [2, 3, 4], 5.0).is_err());
        let volume =
            DensityVolume { counts: [2, 1, 1], densities: vec![3e5, 1e5], origin: [10.0; 3], voxel: [100.0; 3] };
        let cells = volume.sample(&mut random).unwrap();
        let low = cells.iter().filter(|p| p[0] < 110.0).count();
        assert_eq!(cells.len(), 400);
        assert!((260..340).contains(&low), "{low}");
        let near = angles(&mut random, 100, 1.0, 2.0);
        assert!(near.iter().all(|a| (1.0..2.0).contains(a)));
    }

    #[test]
    fn cells_keep_their_distance() {
        let mut random = Stream::new(3, 0, 0);
        let first = vec![[50.0; 3]];
        let cells = apart(200, 10.0, &first, |n| rectangular(&mut random, n, [50.0; 3], [100.0; 3])).unwrap();
        let distance = |a: &[f64; 3], b: &[f64; 3]| (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f64>().sqrt();
        for (i, a) in cells.iter().enumerate() {
            assert!(distance(a, &first[0]) >= 10.0 && cells[..i].iter().all(|b| distance(a, b) >= 10.0));
        }
        let error = apart(3, 10.0, &[], |n| vec![[0.0; 3]; n]).unwrap_err().to_string();
        assert_eq!(error, "apart: least: only 1 of 3 cells found room 10 um apart; reduce their number or it");
    }

    const COLUMN: [[f64; 3]; 2] = [
        [1.8421264847576289, 1.8841118879482914, 7.736069106929809],
        [3.8138565626214085, 3.117438629026457, 0.031041752811074463],
    ];
    const PRISM: [f64; 3] = [-27.800682891026053, 44.134383106788526, 37.07323061773764];
}
