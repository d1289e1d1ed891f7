//! Areas and axial resistances of the segments of one section (neuron-cable theory: Hines & Carnevale 1997).
//!
//! Two rules, NEURON's: right circular cylinders where the section is given by `L` and `diam` alone, and integration
//! along the frusta between 3-d points where it has two or more of them.

use std::f64::consts::PI;

use crate::{CellError, Section};

/// The segments of a section in numbers, in node order.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionGeometry {
    /// Length of the section, um.
    pub length: f64,
    /// Diameter per segment, um.
    pub diam: Vec<f64>,
    /// Membrane area per segment, um2.
    pub area: Vec<f64>,
    /// Conductance from each node to the node before it, uS: nseg segments, then the end node. The first one is the
    /// half segment next to the parent only; the parent's own half is not part of it.
    pub conductance: Vec<f64>,
}

impl Section {
    /// Areas and axial conductances of the segments.
    pub fn geometry(&self) -> Result<SectionGeometry, CellError> {
        let length = self.points.last().map_or(self.length, |last| last.arc).max(1e-9);
        let mut geometry =
            SectionGeometry { length, diam: self.diam.clone(), area: Vec::new(), conductance: Vec::new() };
        let right = if self.points.len() > 1 { self.frusta(&mut geometry) } else { self.cylinders(&mut geometry)? };
        geometry.conductance.push(1.0 / right);
        Ok(geometry)
    }

    /// Right circular cylinders. Answers the resistance of the last half segment, MOhm.
    fn cylinders(&self, geometry: &mut SectionGeometry) -> Result<f64, CellError> {
        let dx = geometry.length / self.nseg() as f64;
        let mut right = 0.0;
        for (segment, &diam) in self.diam.iter().enumerate() {
            if diam.is_nan() || diam <= 0.0 {
                return Err(CellError::Diameter { section: self.name.to_string(), segment, diam });
            }
            geometry.area.push(PI * diam * dx);
            let left = 1e-2 * self.ra * (dx / 2.0) / (PI * diam * diam / 4.0);
            geometry.conductance.push(1.0 / (left + right));
            right = left;
        }
        Ok(right)
    }

    /// Trapezoidal integration of diameter, area and resistance along the 3-d points, half segment by half segment.
    /// Past the last point the last frustum is extrapolated. Answers the resistance of the last half segment, MOhm.
    fn frusta(&self, geometry: &mut SectionGeometry) -> f64 {
        let points = &self.points;
        let size = |j: usize| f64::from(points[j].diam).abs();
        let ds = points[points.len() - 1].arc / self.nseg() as f64;
        let mut j = 0; // the frustum being walked is from point j to j + 1
        let (mut x1, mut y1) = (points[0].arc, size(0));
        let mut right = 0.0;
        for segment in 0..self.nseg() {
            let mut start = segment as f64 * ds;
            let (mut diam, mut area) = (0.0, 0.0);
            let mut half = [0.0; 2];
            for half in &mut half {
                let end = start + ds / 2.0;
                let mut ri = 0.0;
                loop {
                    let (arc, next) = (points[j].arc, points[j + 1].arc);
                    let is_last = next > end || j + 2 == points.len();
                    let (x2, y2) = if is_last {
                        let along = if (next - arc).abs() < 1e-10 { 1.0 } else { (end - arc) / (next - arc) };
                        (end, (1.0 - along) * size(j) + along * size(j + 1))
                    } else {
                        (next, size(j + 1))
                    };
                    let mut dx = x2 - x1;
                    diam += (y2 + y1) * dx;
                    if dx < 1e-15 {
                        dx = 1e-15;
                    }
                    let mut conductance = y2 * y1 / dx;
                    if conductance == 0.0 {
                        conductance = 1e-15;
                    }
                    ri += 1.0 / conductance;
                    let taper = 0.5 * (y2 - y1);
                    area += (y2 + y1) * (dx * dx + taper * taper).sqrt();
                    (x1, y1) = (x2, y2);
                    if is_last {
                        break;
                    }
                    j += 1;
                }
                *half = ri * self.ra / PI * (4.0 * 0.01);
                start = end;
            }
            geometry.conductance.push(1.0 / (right + half[0]));
            right = half[1];
            diam *= 0.5 / ds;
            if (diam - geometry.diam[segment]).abs() > 1e-9 || diam < 1e-5 {
                geometry.diam[segment] = diam;
            }
            geometry.area.push(area * 0.5 * PI);
        }
        right
    }
}
