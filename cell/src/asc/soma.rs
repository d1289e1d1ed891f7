//! Contours of cells' bodies: which belong together, and the cylinders that stand for them.

use super::{AscError, Piece, Point};
use crate::eigen;
use std::f64::consts::PI;

/// Points that a contour is given anew, evenly along it.
const EVENLY: usize = 101;
/// Cylinders' ends along the major axis.
const SLICES: usize = 21;
/// HOC's tolerance of comparisons.
const EPSILON: f64 = 1e-11;

/// A soma: one contour, or a stack of them.
pub struct Soma {
    contours: Vec<Vec<[f64; 3]>>,
    /// Where trees are connected, um.
    pub centre: [f64; 3],
    /// Smallest and largest x and y of the region whose trees belong to it, um.
    region: [[f64; 2]; 2],
}

/// The somata of a file: contours that overlap their predecessor in x and y make one of them.
pub fn somata(pieces: &[Piece]) -> Vec<Soma> {
    let mut stacks: Vec<Vec<Vec<[f64; 3]>>> = Vec::new();
    let mut last: Option<[[f64; 2]; 2]> = None;
    for piece in pieces.iter().filter(|piece| piece.kind == 1) {
        let contour: Vec<[f64; 3]> = piece.points.iter().map(|(at, _)| *at).collect();
        let region = region(std::slice::from_ref(&contour), 0.0);
        let overlap = |other: [[f64; 2]; 2]| (0..2).all(|k| region[k][0] <= other[k][1] && other[k][0] <= region[k][1]);
        match stacks.last_mut() {
            Some(stack) if last.is_some_and(overlap) => stack.push(contour),
            _ => stacks.push(vec![contour]),
        }
        last = Some(region);
    }
    stacks.into_iter().map(Soma::new).collect()
}

/// The soma that a tree which begins at a place belongs to: the first of those around it, or else the nearest.
pub fn of(somata: &[Soma], at: [f64; 3]) -> Option<usize> {
    let within = |soma: &Soma| (0..2).all(|k| (soma.region[k][0]..=soma.region[k][1]).contains(&at[k]));
    let nearest = || {
        let distance = |index: &usize| distance(somata[*index].centre, at);
        (0..somata.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))
    };
    somata.iter().position(within).or_else(nearest)
}

impl Soma {
    fn new(contours: Vec<Vec<[f64; 3]>>) -> Self {
        let alone = contours.len() == 1;
        let region = region(&contours, if alone { 0.5 } else { 0.0 });
        let centre = if alone { mean(&evenly(&contours[0])) } else { middle(&contours) };
        Self { contours, centre, region }
    }

    /// Points of the section that stands for it.
    pub fn cylinders(&self) -> Result<Vec<Point>, AscError> {
        match &self.contours[..] {
            [contour] => cylinders(contour),
            stack => Ok(stack.iter().map(|contour| circle(contour)).collect()),
        }
    }
}

fn region(contours: &[Vec<[f64; 3]>], margin: f64) -> [[f64; 2]; 2] {
    [0, 1].map(|k| {
        let values = || contours.iter().flatten().map(|at| at[k]);
        [values().fold(f64::INFINITY, f64::min) - margin, values().fold(f64::NEG_INFINITY, f64::max) + margin]
    })
}

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f64>().sqrt()
}

fn mean(points: &[[f64; 3]]) -> [f64; 3] {
    [0, 1, 2].map(|k| points.iter().map(|at| at[k]).sum::<f64>() / points.len() as f64)
}

/// Points at even distances along a contour, as seen from above; its closing line is left out.
fn evenly(contour: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let mut along = vec![0.0];
    for pair in contour.windows(2) {
        let length = ((pair[1][0] - pair[0][0]).powi(2) + (pair[1][1] - pair[0][1]).powi(2)).sqrt();
        along.push(along[along.len() - 1] + length);
    }
    let step = along[along.len() - 1] / 100.0;
    let at: Vec<f64> = (0..EVENLY).map(|i| i as f64 * step).collect();
    let rows = [0, 1, 2].map(|k| {
        let values: Vec<f64> = contour.iter().map(|at| at[k]).collect();
        interpolated(&at, &along, &values)
    });
    (0..EVENLY).map(|i| [rows[0][i], rows[1][i], rows[2][i]]).collect()
}

/// Values at places between known ones, by straight lines; the first and last beyond them.
fn interpolated(at: &[f64], places: &[f64], values: &[f64]) -> Vec<f64> {
    let mut right = 1;
    at.iter()
        .map(|&x| {
            if x <= places[0] {
                return values[0];
            }
            while right < places.len() && (places[right] <= places[right - 1] || x > places[right]) {
                right += 1;
            }
            if right >= places.len() {
                return values[values.len() - 1];
            }
            let share = (x - places[right - 1]) / (places[right] - places[right - 1]);
            (1.0 - share) * values[right - 1] + share * values[right]
        })
        .collect()
}

/// The middle of the line through the centres of a stack.
fn middle(contours: &[Vec<[f64; 3]>]) -> [f64; 3] {
    let centres: Vec<[f64; 3]> = contours.iter().map(|contour| mean(&evenly(contour))).collect();
    let mut along = vec![0.0];
    for pair in centres.windows(2) {
        along.push(along[along.len() - 1] + distance(pair[0], pair[1]));
    }
    let half = along[along.len() - 1] / 2.0;
    let Some(right) = along.iter().position(|&place| place > half + EPSILON).filter(|&right| right > 0) else {
        return centres[0];
    };
    let share = (half - along[right - 1]) / (along[right] - along[right - 1]);
    [0, 1, 2].map(|k| share * centres[right][k] + (1.0 - share) * centres[right - 1][k])
}

/// A circle for a contour: the mean of the diameters that its circumference and its mean radius say.
fn circle(contour: &[[f64; 3]]) -> Point {
    let count = contour.len();
    let circumference: f64 = (0..count).map(|i| distance(contour[i], contour[(i + 1) % count])).sum();
    let points = evenly(contour);
    let centre = mean(&points);
    let radius = points.iter().map(|&at| distance(at, centre)).sum::<f64>() / points.len() as f64;
    (centre, radius + circumference / (2.0 * PI))
}

/// Slices along the major axis of the ellipsoid that fits a contour best, as wide as the contour is there.
fn cylinders(contour: &[[f64; 3]]) -> Result<Vec<Point>, AscError> {
    let points = evenly(contour);
    let centre = mean(&points);
    let relative: Vec<[f64; 3]> = points.iter().map(|at| [0, 1, 2].map(|k| at[k] - centre[k])).collect();
    let (major, minor) = axes(&relative)
        .ok_or_else(|| AscError::new(0, "the contour of the cell's body has no width, so its soma cannot be made"))?;
    let dot = |a: &[f64; 3], b: &[f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let mut sides: Vec<(f64, f64)> = relative.iter().map(|at| (dot(at, &major), dot(at, &minor))).collect();
    let first = |better: fn(f64, f64) -> bool, sides: &[(f64, f64)]| {
        (1..sides.len()).fold(0, |best, i| if better(sides[i].0, sides[best].0) { i } else { best })
    };
    let top = first(|a, b| a > b, &sides);
    sides.rotate_left(top);
    let bottom = first(|a, b| a < b, &sides);
    let mut right = sides.split_off(bottom);
    let mut left = sides;
    left.reverse();
    make_convex(&mut left);
    make_convex(&mut right);
    let mut places: Vec<f64> = left.iter().chain(&right).map(|side| side.0).collect();
    places.sort_by(f64::total_cmp);
    let (from, to) = (places[1], places[places.len() - 2]);
    let step = (to - from) / 20.0;
    let places: Vec<f64> = (0..SLICES).map(|i| i as f64 * step + from).collect();
    let widths = |side: &[(f64, f64)]| {
        let (at, radius): (Vec<f64>, Vec<f64>) = side.iter().copied().unzip();
        interpolated(&places, &at, &radius)
    };
    let (left, right) = (widths(&left), widths(&right));
    let mut diam: Vec<f64> = left.iter().zip(&right).map(|(a, b)| (a - b).abs()).collect();
    // No ends without width.
    diam[0] = (diam[0] + diam[1]) / 2.0;
    diam[SLICES - 1] = (diam[SLICES - 1] + diam[SLICES - 2]) / 2.0;
    let on_axis = |place: f64| [0, 1, 2].map(|k| major[k] * place + centre[k]);
    Ok(places.iter().zip(diam).map(|(&place, diam)| (on_axis(place), diam)).collect())
}

/// Leaves of the points along a side those that go forward.
fn make_convex(side: &mut Vec<(f64, f64)>) {
    let mut at = side.len().saturating_sub(1);
    while at > 0 {
        if side[at].0 <= side[at - 1].0 + EPSILON {
            side.remove(at);
            if at != side.len() {
                continue;
            }
        }
        at -= 1;
    }
}

/// The major axis of points around the origin, and the second one's direction in the plane; `None` where there is none.
fn axes(points: &[[f64; 3]]) -> Option<([f64; 3], [f64; 3])> {
    let mut moments = [[0.0; 3]; 3];
    for (i, row) in moments.iter_mut().enumerate() {
        for (j, moment) in row.iter_mut().enumerate() {
            *moment = points.iter().map(|at| at[i] * at[j]).sum();
        }
    }
    let (values, vectors) = eigen::symmetric(moments);
    let pick =
        |better: fn(f64, f64) -> bool| (1..3).fold(0, |best, i| if better(values[i], values[best]) { i } else { best });
    let (largest, smallest) = (pick(|a, b| a > b), pick(|a, b| a < b));
    if largest == smallest {
        return None;
    }
    let axis = |index: usize| [0, 1, 2].map(|k: usize| vectors[k][index]);
    let mut major = axis(largest);
    let greatest = (1..3).fold(0, |best, k| if major[k].abs() > major[best].abs() { k } else { best });
    if major[greatest] < 0.0 {
        major = major.map(|x| -x);
    }
    let [x, y, _] = axis(3 - smallest - largest);
    let length = x.hypot(y);
    (length >= 1e-6).then(|| (major, [x / length, y / length, 0.0]))
}
