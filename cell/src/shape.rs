//! `define_shape()`: gives every section 3-d points.
//!
//! A section without points is laid out as a straight line whose diameters are those of its segments; one that has
//! points is moved so that it, or the line that connects it, begins where it is connected. The points then rule the geometry: areas are integrated
//! along them in place of the cylinder formula, which is why this is not a matter of looks alone.

use std::f64::consts::PI;

use crate::{Cell, CellError, SectionId, points::Point};

impl Cell {
    /// Lays out all sections in space.
    pub fn define_shape(&mut self) -> Result<(), CellError> {
        for section in &mut self.sections {
            section.refresh()?;
        }
        for (order, id) in self.breadth_first().into_iter().enumerate() {
            let (start, direction) = self.start(id, order);
            if self.section(id).points.is_empty() {
                let angle = self.angle(id, direction);
                self.section_mut(id).lay_out(start, angle);
            } else if self.connection(id).is_some() {
                self.section_mut(id).move_to(start);
            }
        }
        Ok(())
    }

    /// Where `section` begins, and the direction of its parent there (x, y). Roots are stacked 100 um apart along z.
    fn start(&self, section: SectionId, order: usize) -> ([f32; 3], [f32; 2]) {
        let parent = self.connection(section).map(|c| (c.x, self.section(c.parent)));
        let Some((x, parent)) = parent else {
            return ([0.0, 0.0, order as f32 * 100.0], [1.0, 0.0]);
        };
        let (Some(&first), Some(&last)) = (parent.points.first(), parent.points.last()) else {
            return ([0.0; 3], [1.0, 0.0]);
        };
        let along = if parent.reversed { 1.0 - x } else { x };
        let sign = if along < 0.5 { -1.0 } else { 1.0 };
        let between = |a: f32, b: f32| (f64::from(b) * along + f64::from(a) * (1.0 - along)) as f32;
        (
            [between(first.x, last.x), between(first.y, last.y), between(first.z, last.z)],
            [sign * (last.x - first.x), sign * (last.y - first.y)],
        )
    }

    /// The angle in which `section` leaves: its parent's direction, across it from an interior position, and fanned
    /// out over 0.8 rad where several leave from one position.
    fn angle(&self, section: SectionId, [x, y]: [f32; 2]) -> f32 {
        let straight = if y.abs() < 1e-6 && x.abs() < 1e-6 { 0.0 } else { y.atan2(x) };
        let Some(connection) = self.connection(section) else { return straight };
        let mut angle = straight;
        if connection.x > 0.0 && connection.x < 1.0 {
            angle = (f64::from(angle) + PI / 2.0) as f32;
        }
        let position = |s: SectionId| self.connection(s).map(|c| c.x);
        let here: Vec<SectionId> = self
            .children(connection.parent)
            .iter()
            .copied()
            .filter(|&sibling| position(sibling) == Some(connection.x))
            .collect();
        if here.len() > 1 {
            let rank = here.iter().position(|&s| s == section).unwrap_or(0);
            angle = (f64::from(angle) + (rank as f64 / (here.len() as f64 - 1.0) * 0.8 - 0.4)) as f32;
        }
        angle
    }
}

impl crate::Section {
    fn lay_out(&mut self, [x, y, z]: [f32; 3], angle: f32) {
        let length = self.length();
        let end_x = (f64::from(x) + length * f64::from(angle.cos())) as f32;
        let end_y = (f64::from(y) + length * f64::from(angle.sin())) as f32;
        let n = self.nseg();
        let diam = self.diam.clone();
        self.add_point(x.into(), y.into(), z.into(), diam[0]);
        for (j, &diam) in diam.iter().enumerate() {
            let along = (j as f64 + 0.5) / n as f64;
            let between = |a: f32, b: f32| f64::from(a) * (1.0 - along) + f64::from(b) * along;
            self.add_point(between(x, end_x), between(y, end_y), z.into(), diam);
        }
        self.add_point(end_x.into(), end_y.into(), z.into(), diam[n - 1]);
        // single-precision coordinates must not change the length
        if let Some(last) = self.points.last_mut() {
            last.arc = length;
        }
        self.length = length;
    }

    fn move_to(&mut self, [x, y, z]: [f32; 3]) {
        let Some(&Point { x: x0, y: y0, z: z0, .. }) = self.points.first() else { return };
        let from = self.logical.as_mut().map_or([x0, y0, z0], |from| std::mem::replace(from, [x, y, z]));
        let (dx, dy, dz) = (x - from[0], y - from[1], z - from[2]);
        for p in &mut self.points {
            (p.x, p.y, p.z) = (p.x + dx, p.y + dy, p.z + dz);
        }
    }
}
