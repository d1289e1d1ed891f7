//! Places on cells while a network is built: sections chosen by name and distance from the soma, the coordinates, the
//! distance and the SWC type of a place. What BMTK's `SWCReader` offers, with its numbers.
//!
//! A morphology is read by NEURON's rules ([`cell::Cell::from_swc`]); its sections have one segment each until
//! [`Morphology::set_segment_length`] divides them. A place is a section id (the order of NEURON's list `all`, SONATA's
//! `sec_id`) and a position from 0 to 1, that of the middle of a segment.

use crate::{Error, Result};
use cell::placement::{self, Candidates, SectionType, Segment};
use cell::{AxonStub, Cell, CellError, SectionId};
use std::path::Path;

/// A reconstructed cell.
#[derive(Debug, Clone)]
pub struct Morphology {
    cell: Cell,
    /// Id and section of each row of the file, where it has one.
    rows: Vec<(i64, String)>,
    segments: Vec<Segment>,
    /// Middles of the segments, um.
    middles: Vec<[f64; 3]>,
    soma: [f64; 3],
    moved: bool,
}

/// A place on a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Section id.
    pub sec_id: usize,
    /// Position along the section, 0 to 1.
    pub sec_x: f64,
}

fn wrong(call: &'static str, argument: &str, message: impl Into<String>) -> Error {
    Error::argument(call, argument, message)
}

impl Morphology {
    /// Reads an SWC file.
    ///
    /// # Errors
    /// When the file can't be read, is no SWC file, or has no soma.
    pub fn open(path: &Path) -> Result<Morphology> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
        Morphology::of_text(&text).map_err(|e| match e {
            Error::Argument { call, argument, message } => {
                Error::Argument { call, argument, message: format!("{}: {message}", path.display()) }
            }
            other => other,
        })
    }

    /// Reads the text of an SWC file.
    ///
    /// # Errors
    /// When it is none, or has no soma.
    pub fn of_text(text: &str) -> Result<Morphology> {
        let file = |message: String| wrong("Morphology", "swc_path", message);
        let (cell, rows) = Cell::from_swc_with_rows(text).map_err(|e| file(e.to_string()))?;
        let name = |id: SectionId| cell.section(id).name().to_string();
        let rows = rows.iter().filter_map(|row| Some((row.id, name(row.section?)))).collect();
        let empty = Vec::new();
        let mut morphology =
            Morphology { cell, rows, segments: Vec::new(), middles: empty, soma: [0.0; 3], moved: false };
        morphology.measure().map_err(|e| file(e.to_string()))?;
        Ok(morphology)
    }

    fn first_soma(&self) -> std::result::Result<SectionId, CellError> {
        let first = self.cell.arrays.get("soma").and_then(|soma| soma.first().copied());
        first.ok_or_else(|| CellError::NoSection { name: "soma".to_owned() })
    }

    /// Derives segments and coordinates from the cell.
    fn measure(&mut self) -> std::result::Result<(), CellError> {
        self.segments = placement::segments(&self.cell, self.first_soma()?)?;
        let sections = self.cell.all();
        self.middles = self.segments.iter().map(|s| self.middle(sections[s.section], s.x)).collect();
        let somata = self.cell.arrays.get("soma").cloned().unwrap_or_default();
        let points: Vec<[f64; 3]> = somata.iter().flat_map(|&id| points(&self.cell, id)).map(|(at, _)| at).collect();
        self.soma = [0, 1, 2].map(|k| points.iter().map(|p| p[k]).sum::<f64>() / points.len() as f64);
        Ok(())
    }

    /// Coordinates of a position on a section, between its 3-d points.
    fn middle(&self, id: SectionId, x: f64) -> [f64; 3] {
        let length = self.cell.section(id).length();
        let points: Vec<([f64; 3], f64)> = points(&self.cell, id).map(|(at, arc)| (at, arc / length)).collect();
        let after = points.partition_point(|&(_, arc)| arc <= x);
        match (after.checked_sub(1).map(|i| points[i]), points.get(after)) {
            (Some((a, from)), Some(&(b, to))) => [0, 1, 2].map(|k| (b[k] - a[k]) / (to - from) * (x - from) + a[k]),
            (Some((a, _)), None) => a,
            (None, Some(&(b, _))) => b,
            (None, None) => [0.0; 3],
        }
    }

    /// The number of sections.
    pub fn n_sections(&self) -> usize {
        self.cell.all().len()
    }

    /// The name of a section: `dend[3]`.
    ///
    /// # Errors
    /// When there is no such section.
    pub fn section_name(&self, sec_id: usize) -> Result<String> {
        Ok(self.cell.section(self.section(sec_id)?).name().to_string())
    }

    /// The segments, section by section.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The middles of the segments, um.
    pub fn coordinates(&self) -> &[[f64; 3]] {
        &self.middles
    }

    /// The middle of the soma: the mean of its 3-d points, um.
    pub fn soma_position(&self) -> [f64; 3] {
        self.soma
    }

    /// Divides sections so that segments are not much longer than `dl` um: `1 + 2 int(L / (2 dl))` segments.
    ///
    /// # Errors
    /// When `dl` is not positive or makes too many segments, or the cell was already moved.
    pub fn set_segment_length(&mut self, dl: f64) -> Result<()> {
        if dl.is_nan() || dl <= 0.0 {
            return Err(wrong("set_segment_dl", "dl", format!("{dl} um is no length")));
        }
        self.change("set_segment_dl", |cell| {
            let ids: Vec<SectionId> = cell.ids().collect();
            ids.into_iter().try_for_each(|id| cell.section_mut(id).set_nseg_from_dl(dl))
        })
    }

    /// Replaces the axon by two sections of 30 um, 1 um thick, at the end of the soma.
    ///
    /// # Errors
    /// When the cell was already moved.
    pub fn fix_axon(&mut self) -> Result<()> {
        self.change("fix_axon", |cell| cell.replace_axon(AxonStub::Builder))
    }

    /// Takes the axon away.
    ///
    /// # Errors
    /// When the cell was already moved.
    pub fn delete_axon(&mut self) -> Result<()> {
        self.change("delete_axon", |cell| {
            let axon = cell.arrays.get("axon").cloned().unwrap_or_default();
            cell.retain(|id| !axon.contains(&id));
            cell.define_shape()
        })
    }

    fn change(
        &mut self,
        call: &'static str,
        change: impl FnOnce(&mut Cell) -> std::result::Result<(), CellError>,
    ) -> Result<()> {
        if self.moved {
            return Err(wrong(call, "self", "the cell was already moved or turned; do this before"));
        }
        let mut changed = self.clone();
        change(&mut changed.cell).and_then(|()| changed.measure()).map_err(|e| wrong(call, "self", e.to_string()))?;
        *self = changed;
        Ok(())
    }

    /// Turns the cell about its soma by angles about the x, y and z axis (rad; z first), then moves its soma (um).
    pub fn place(&mut self, soma: Option<[f64; 3]>, angles: Option<[f64; 3]>) {
        self.moved |= soma.is_some() || angles.is_some();
        if let Some(angles) = angles {
            let turn = rotation(angles);
            for at in &mut self.middles {
                let from = [0, 1, 2].map(|k| at[k] - self.soma[k]);
                *at = [0, 1, 2].map(|k| (0..3).map(|j| turn[k][j] * from[j]).sum::<f64>() + self.soma[k]);
            }
        }
        if let Some(soma) = soma {
            let by = [0, 1, 2].map(|k| soma[k] - self.soma[k]);
            self.middles.iter_mut().for_each(|at| (0..3).for_each(|k| at[k] += by[k]));
            self.soma = soma;
        }
    }

    /// Segments on sections of some names that overlap a range of path distances from the soma, um.
    ///
    /// # Errors
    /// When a name is none of `soma`, `axon`, `dend`, `apic`, `somatic`, `axonal`, `basal`, `apical`, the range is
    /// empty, or no segment is there.
    pub fn candidates(&self, names: &[&str], range: [f64; 2]) -> Result<Candidates> {
        let call = "choose_sections";
        let kind = |name: &&str| {
            SectionType::named(name).ok_or_else(|| {
                let known = SectionType::NAMES.map(|(name, _)| name).join(", ");
                wrong(call, "section_names", format!("there are no sections {name:?}; use {known}"))
            })
        };
        let kinds = names.iter().map(kind).collect::<Result<Vec<_>>>()?;
        if range[0].is_nan() || range[1].is_nan() || range[0] > range[1] {
            return Err(wrong(call, "distance_range", format!("[{}, {}] is no range", range[0], range[1])));
        }
        let candidates = Candidates::of(&self.segments, &kinds, (range[0], range[1]));
        if candidates.is_empty() {
            let message =
                format!("no segment of {} is {} to {} um from the soma", names.join(", "), range[0], range[1]);
            return Err(wrong(call, "distance_range", message));
        }
        Ok(candidates)
    }

    /// Draws `n` places among the segments of some names and distances (um), with probabilities proportional to the
    /// length in the range. `uniform` gives numbers of [0, 1): those of [`crate::Stream::uniform`], or, for BMTK's
    /// choices, of `sonata::numpy::RandomState::random_sample`.
    ///
    /// # Errors
    /// Those of [`Morphology::candidates`].
    pub fn choose_sections(
        &self,
        names: &[&str],
        range: [f64; 2],
        n: usize,
        mut uniform: impl FnMut() -> f64,
    ) -> Result<Vec<Place>> {
        let candidates = self.candidates(names, range)?;
        let drawn = (0..n).filter_map(|_| candidates.draw(uniform())).map(|at| self.segments[at]);
        Ok(drawn.map(|segment| Place { sec_id: segment.section, sec_x: segment.x }).collect())
    }

    fn section(&self, sec_id: usize) -> Result<SectionId> {
        let sections = self.cell.all();
        let message = || format!("there is no section {sec_id}, only 0 to {}", sections.len() - 1);
        sections.get(sec_id).copied().ok_or_else(|| wrong("Morphology", "sec_id", message()))
    }

    /// The segment whose middle is nearest to a place; of two the first.
    ///
    /// # Errors
    /// When there is no such section.
    pub fn segment_at(&self, place: Place) -> Result<usize> {
        self.section(place.sec_id)?;
        let far = |at: usize| (self.segments[at].x - place.sec_x).abs();
        let own = (0..self.segments.len()).filter(|&at| self.segments[at].section == place.sec_id);
        let nearest = own.min_by(|&a, &b| far(a).total_cmp(&far(b)));
        nearest.ok_or_else(|| wrong("Morphology", "sec_id", format!("section {} has no segments", place.sec_id)))
    }

    /// The coordinates of the segment at a place, um.
    ///
    /// # Errors
    /// When there is no such section.
    pub fn coords(&self, place: Place) -> Result<[f64; 3]> {
        Ok(self.middles[self.segment_at(place)?])
    }

    /// The path distance of the segment at a place from the beginning of the soma, um.
    ///
    /// # Errors
    /// When there is no such section.
    pub fn distance(&self, place: Place) -> Result<f64> {
        Ok(self.segments[self.segment_at(place)?].distance)
    }

    /// The SWC type of a section: 1 soma, 2 axon, 3 dendrite, 4 apical dendrite, 0 others.
    ///
    /// # Errors
    /// When there is no such section.
    pub fn swc_type(&self, sec_id: usize) -> Result<i8> {
        let segment = self.segment_at(Place { sec_id, sec_x: 0.5 })?;
        Ok(self.segments[segment].kind.map_or(0, SectionType::swc))
    }

    /// The row of the SWC file at a place: its id, and how far along it the place is, taking all rows of a section to be
    /// equally long.
    ///
    /// # Errors
    /// When there is no such section, or it is not in the file.
    pub fn swc_id(&self, place: Place) -> Result<(i64, f64)> {
        let name = self.section_name(place.sec_id)?;
        let ids: Vec<i64> = self.rows.iter().filter(|(_, section)| *section == name).map(|&(id, _)| id).collect();
        match ids[..] {
            [] => Err(wrong("get_swc_id", "sec_id", format!("{name} is not in the file"))),
            [id] => Ok((id, place.sec_x)),
            _ => {
                let along = (place.sec_x * ids.len() as f64 - 1.0).max(0.0);
                let at = (along.ceil() as usize).min(ids.len() - 1);
                Ok((ids[at], at as f64 - along))
            }
        }
    }
}

/// Coordinates and arc lengths of a section's 3-d points, um.
fn points(cell: &Cell, id: SectionId) -> impl Iterator<Item = ([f64; 3], f64)> + '_ {
    cell.section(id).points().iter().map(|p| ([p.x, p.y, p.z].map(f64::from), p.arc))
}

/// Rotations about z, y and x, one after the other.
fn rotation([x, y, z]: [f64; 3]) -> [[f64; 3]; 3] {
    let ((sx, cx), (sy, cy), (sz, cz)) = (x.sin_cos(), y.sin_cos(), z.sin_cos());
    let about_x = [[1.0, 0.0, 0.0], [0.0, cx, -sx], [0.0, sx, cx]];
    let about_y = [[cy, 0.0, sy], [0.0, 1.0, 0.0], [-sy, 0.0, cy]];
    let about_z = [[cz, -sz, 0.0], [sz, cz, 0.0], [0.0, 0.0, 1.0]];
    let product =
        |a: [[f64; 3]; 3], b: [[f64; 3]; 3]| a.map(|row| [0, 1, 2].map(|k| (0..3).map(|j| row[j] * b[j][k]).sum()));
    product(about_x, product(about_y, about_z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;
    use sonata::numpy::RandomState;

    /// A soma, a dendrite that forks, an apical dendrite and an axon.
    const BUSH: &str = "1 1 0 0 0 8 -1\n2 3 8 0 0 1 1\n3 3 60 10 0 1 2\n4 3 120 20 5 0.8 3\n5 3 200 60 10 0.5 4\n\
                        6 3 180 -40 0 0.5 4\n7 4 0 8 0 1.5 1\n8 4 0 150 0 1.2 7\n9 4 20 320 30 0.8 8\n\
                        10 2 0 -8 0 0.5 1\n11 2 0 -90 0 0.5 10\n";

    fn bush(dl: Option<f64>) -> Morphology {
        let mut bush = Morphology::of_text(BUSH).unwrap();
        dl.into_iter().for_each(|dl| bush.set_segment_length(dl).unwrap());
        bush
    }

    #[test]
    fn places_are_on_sections_of_the_name_and_in_the_range() {
        let bush = bush(Some(10.0));
        let mut random = Stream::new(1, 2, 3);
        let places = bush.choose_sections(&["basal", "apical"], [50.0, 150.0], 500, || random.uniform()).unwrap();
        assert_eq!(places.len(), 500);
        for &place in &places {
            let half = bush.segments()[bush.segment_at(place).unwrap()].length / 2.0;
            let distance = bush.distance(place).unwrap();
            assert!(distance + half > 50.0 && distance - half < 150.0);
            assert!([3, 4].contains(&bush.swc_type(place.sec_id).unwrap()));
        }
        assert!(places.iter().any(|p| p.sec_id != places[0].sec_id));
    }

    #[test]
    fn the_same_uniform_numbers_choose_the_same_places() {
        let choose = |seed| {
            let mut random = RandomState::new(seed);
            bush(Some(20.0)).choose_sections(&["dend"], [0.0, 1e3], 8, || random.random_sample()).unwrap()
        };
        assert_eq!(choose(5), choose(5));
        assert_ne!(choose(5), choose(6));
    }

    #[test]
    fn a_cell_is_turned_about_its_soma_and_moved() {
        let mut placed = bush(None);
        let place = Place { sec_id: 4, sec_x: 0.5 };
        let (before, soma) = (placed.coords(place).unwrap(), placed.soma_position());
        placed.place(Some([100.0, 200.0, 300.0]), Some([0.0, 0.0, std::f64::consts::FRAC_PI_2]));
        let after = placed.coords(place).unwrap();
        let expected = [100.0 - (before[1] - soma[1]), 200.0 + (before[0] - soma[0]), 300.0 + (before[2] - soma[2])];
        (0..3).for_each(|k| assert!((after[k] - expected[k]).abs() < 1e-9));
        assert_eq!(placed.soma_position(), [100.0, 200.0, 300.0]);
        let error = placed.set_segment_length(10.0).unwrap_err();
        assert_eq!(error.to_string(), "set_segment_dl: self: the cell was already moved or turned; do this before");
    }

    #[test]
    fn axons_are_replaced_and_deleted() {
        let names = |m: &Morphology| (0..m.n_sections()).map(|i| m.section_name(i).unwrap()).collect::<Vec<_>>();
        let mut fixed = bush(None);
        assert_eq!(names(&fixed), ["soma[0]", "axon[0]", "dend[0]", "dend[1]", "dend[2]", "apic[0]"]);
        fixed.fix_axon().unwrap();
        assert_eq!(names(&fixed), ["soma[0]", "dend[0]", "dend[1]", "dend[2]", "apic[0]", "axon[0]", "axon[1]"]);
        // From the end of the soma, which is 16 um long.
        assert!((fixed.distance(Place { sec_id: 5, sec_x: 0.5 }).unwrap() - 31.0).abs() < 1e-9);
        let mut without = bush(None);
        without.delete_axon().unwrap();
        assert_eq!(names(&without), ["soma[0]", "dend[0]", "dend[1]", "dend[2]", "apic[0]"]);
    }

    #[test]
    fn rows_of_the_file_are_found() {
        let bush = bush(None);
        assert_eq!(bush.swc_id(Place { sec_id: 0, sec_x: 0.3 }).unwrap(), (1, 0.3));
        // dend[0] has rows 2, 3 and 4.
        assert_eq!(bush.swc_id(Place { sec_id: 2, sec_x: 0.5 }).unwrap(), (3, 0.5));
        assert_eq!(bush.swc_id(Place { sec_id: 2, sec_x: 1.0 }).unwrap(), (4, 0.0));
    }

    #[test]
    fn wrong_arguments_are_named() {
        let bush = bush(None);
        let choose = |names: &[&str], range| bush.choose_sections(names, range, 1, || 0.5).unwrap_err().to_string();
        assert!(choose(&["tuft"], [0.0, 1.0]).contains("section_names: there are no sections \"tuft\"; use soma"));
        assert!(choose(&["soma"], [900.0, 1.0]).contains("distance_range: [900, 1] is no range"));
        assert!(choose(&["soma"], [900.0, 901.0]).contains("distance_range: no segment of soma"));
        let error = bush.coords(Place { sec_id: 9, sec_x: 0.5 }).unwrap_err().to_string();
        assert!(error.contains("sec_id: there is no section 9, only 0 to 5"), "{error}");
        assert!(Morphology::of_text("1 3 0 0 0 1 -1\n2 3 5 0 0 1 1\n").unwrap_err().to_string().contains("soma"));
        assert!(Morphology::open(Path::new("no.swc")).unwrap_err().to_string().contains("no.swc"));
    }
}
