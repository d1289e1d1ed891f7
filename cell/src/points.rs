//! The 3-d points of a section and the two-way bond between them and `L` and `diam`.
//!
//! Coordinates and diameters are stored in single precision, arc lengths in double precision, as NEURON does; areas and
//! resistances computed from points depend on it in the eighth digit.

use crate::{CellError, Section};

/// A 3-d point of a section, um.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// x, um.
    pub x: f32,
    /// y, um.
    pub y: f32,
    /// z, um.
    pub z: f32,
    /// Diameter, um; a negative one marks a spine, its size counts.
    pub diam: f32,
    /// Arc length from the first point, um.
    pub arc: f64,
}

impl Section {
    /// The 3-d points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Takes the points of another section, and the line that connects them, in place of its own.
    pub(crate) fn take_points(&mut self, other: &Section) {
        self.points = other.points.clone();
        self.logical = other.logical;
        self.length = other.length;
        self.stale = true;
    }

    /// Appends a 3-d point (um). The section's length becomes the arc length.
    pub fn add_point(&mut self, x: f64, y: f64, z: f64, diam: f64) {
        self.points.push(Point { x: x as f32, y: y as f32, z: z as f32, diam: diam as f32, arc: 0.0 });
        self.measure(self.points.len() - 1);
    }

    /// Inserts a 3-d point before the one with `index`.
    pub fn insert_point(&mut self, index: usize, x: f64, y: f64, z: f64, diam: f64) -> Result<(), CellError> {
        if index > self.points.len() {
            return Err(self.no_point(index));
        }
        let point = Point { x: x as f32, y: y as f32, z: z as f32, diam: diam as f32, arc: 0.0 };
        self.points.insert(index, point);
        self.measure(index);
        Ok(())
    }

    /// Changes a 3-d point.
    pub fn change_point(&mut self, index: usize, x: f64, y: f64, z: f64, diam: f64) -> Result<(), CellError> {
        let missing = self.no_point(index);
        let point = self.points.get_mut(index).ok_or(missing)?;
        (point.x, point.y, point.z, point.diam) = (x as f32, y as f32, z as f32, diam as f32);
        self.measure(index);
        Ok(())
    }

    /// Changes the diameter of a 3-d point, um.
    pub fn change_point_diam(&mut self, index: usize, diam: f64) -> Result<(), CellError> {
        let missing = self.no_point(index);
        self.points.get_mut(index).ok_or(missing)?.diam = diam as f32;
        self.stale = true;
        Ok(())
    }

    /// Removes a 3-d point.
    pub fn remove_point(&mut self, index: usize) -> Result<(), CellError> {
        if index >= self.points.len() {
            return Err(self.no_point(index));
        }
        self.points.remove(index);
        self.measure(index);
        Ok(())
    }

    /// Removes all 3-d points. Length and diameters stay as they are.
    pub fn clear_points(&mut self) {
        self.points.clear();
    }

    /// Says that the first 3-d point is connected to the parent by a line without membrane that leaves from here, um
    /// (`pt3dstyle(1, x, y, z)`).
    pub fn set_logical_connection(&mut self, x: f64, y: f64, z: f64) {
        self.logical = Some([x as f32, y as f32, z as f32]);
    }

    /// Sets the length, um. 3-d points are rescaled about the first one.
    pub fn set_length(&mut self, length: f64) {
        self.length = length;
        self.rescale(length);
        self.stale = true;
    }

    /// Sets the diameters of all segments, um, through `f(segment, old)`. 3-d points take the diameter of the segment
    /// they lie in.
    pub fn set_diam(&mut self, mut f: impl FnMut(usize, f64) -> f64) {
        for (i, diam) in self.diam.iter_mut().enumerate() {
            *diam = f(i, *diam);
        }
        self.stale = true;
        self.spread_diam();
    }

    /// Derives length and diameters from the 3-d points, where something changed since the last time. A diameter that
    /// differs by no more than 1e-9 um keeps its value.
    pub fn refresh(&mut self) -> Result<(), CellError> {
        if self.stale {
            let geometry = self.geometry()?;
            self.length = geometry.length;
            self.diam = geometry.diam;
            self.stale = false;
        }
        Ok(())
    }

    /// Recomputes arc lengths from point `from` on.
    fn measure(&mut self, from: usize) {
        if let Some(first) = self.points.first_mut() {
            first.arc = if from == 0 { 0.0 } else { first.arc };
        }
        for i in from.max(1)..self.points.len() {
            let (p, q) = (self.points[i - 1], self.points[i]);
            // differences are taken in single precision, as the coordinates are
            let (dx, dy, dz) = (f64::from(q.x - p.x), f64::from(q.y - p.y), f64::from(q.z - p.z));
            self.points[i].arc = p.arc + (dx * dx + dy * dy + dz * dz).sqrt();
        }
        if let Some(last) = self.points.last() {
            self.length = last.arc;
        }
        self.stale = true;
    }

    fn rescale(&mut self, length: f64) {
        let (Some(&first), Some(&last)) = (self.points.first(), self.points.last()) else { return };
        let factor = length / last.arc;
        let along = |from: f32, to: f32| (f64::from(from) + (f64::from(to) - f64::from(from)) * factor) as f32;
        for p in &mut self.points {
            p.arc *= factor;
            (p.x, p.y, p.z) = (along(first.x, p.x), along(first.y, p.y), along(first.z, p.z));
        }
    }

    /// Gives every 3-d point the diameter of the segment it lies in.
    fn spread_diam(&mut self) {
        let length = self.length();
        for i in 0..self.points.len() {
            let x = (self.points[i].arc / length).clamp(0.0, 1.0);
            if let Ok(segment) = self.segment_index(x) {
                self.points[i].diam = self.diam[segment] as f32;
            }
        }
    }

    fn no_point(&self, index: usize) -> CellError {
        CellError::PointIndex { section: self.name.to_string(), index, count: self.points.len() }
    }
}
