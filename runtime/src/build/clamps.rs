//! Electrodes in cells: current clamps, of pulses or with a given course of the current.

use super::Builder;
use super::courses;
use super::sites::{Sites, section_named};
use super::tables;
use crate::model::{Played, PointProcess};
use crate::placement::SectionType;
use crate::problem::{Problem, list};
use cell::{Cell, SectionId};
use serde_json::Value;
use sonata::config::{CurrentClamp, CurrentSweep, CurrentTable, Place};
use sonata::numpy::RandomState;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// The electrode of a current clamp.
const CURRENT_CLAMP: &str = "IClamp";

/// A current that is played: values that follow each other at an interval, ms, and when the clamp is on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlayedCurrent {
    /// Values, nA.
    pub values: Vec<f64>,
    /// Time between them, ms.
    pub interval: f64,
    /// Start of the clamp, ms.
    pub delay: f64,
    /// Its length, ms.
    pub duration: f64,
}

impl Builder<'_> {
    pub(super) fn current_clamp(&mut self, name: &str, clamp: &CurrentClamp) {
        let pulses =
            clamp.pulses.iter().map(|pulse| [("del", pulse.delay), ("dur", pulse.duration), ("amp", pulse.amp)]);
        let parameters: Vec<[(&str, f64); 3]> = pulses.collect();
        let parameters: Vec<&[(&str, f64)]> = parameters.iter().map(|one| &one[..]).collect();
        self.clamps(name, &clamp.node_set, &clamp.place, CURRENT_CLAMP, &parameters);
    }

    /// Makes the clamps whose current is a table's.
    pub(super) fn current_table(&mut self, name: &str, table: &CurrentTable) {
        let played = tables::played(table).map_err(|problem| {
            problem.in_file(&table.file).note(format!("needed by /inputs/{name} of the configuration"))
        });
        if let Some(played) = self.collector.keep(played) {
            self.played_clamp(name, &table.node_set, &table.place, &played);
        }
    }

    /// Makes the clamps whose current was one of an experiment.
    pub(super) fn current_sweep(&mut self, name: &str, sweep: &CurrentSweep) {
        let played = tables::played_sweep(sweep)
            .map_err(|problem| problem.note(format!("needed by /inputs/{name} of the configuration")));
        if let Some(played) = self.collector.keep(played) {
            self.played_clamp(name, &sweep.node_set, &sweep.place, &played);
        }
    }

    fn played_clamp(&mut self, name: &str, node_set: &Value, place: &Place, played: &PlayedCurrent) {
        let parameters = [("del", played.delay), ("dur", played.duration)];
        let points = self.clamps(name, node_set, place, CURRENT_CLAMP, &[&parameters]);
        let run = &self.config.run;
        let course = courses::play(&played.values, played.interval, run.dt, run.steps());
        let course = courses::add(&mut self.network.courses, course);
        self.follow(points, "amp", course);
    }

    /// Lets a variable of some point processes follow a course.
    pub(super) fn follow(&mut self, points: Vec<usize>, variable: &str, course: u32) {
        let (variable, terms): (Arc<str>, Arc<[(f64, u32)]>) = (variable.into(), [(1.0, course)].into());
        let played = |point| Played { point, variable: variable.clone(), terms: terms.clone() };
        self.network.played.extend(points.into_iter().map(played));
    }

    /// Puts electrodes with these parameters into each cell of a node set; gives the indices of the point processes, cell
    /// by cell.
    pub(super) fn clamps(
        &mut self,
        name: &str,
        node_set: &Value,
        place_in_cell: &Place,
        mechanism: &str,
        electrodes: &[&[(&str, f64)]],
    ) -> Vec<usize> {
        let place = format!("/inputs/{name} of the configuration");
        let Some(selection) = self.select(node_set, name) else { return Vec::new() };
        let cells = selection.cells;
        if cells.is_empty() && !selection.unmade {
            tracing::warn!(place = %place, "input `{name}` reaches no cell: its node set has none with a membrane");
        }
        let mut known: HashMap<usize, Option<(SectionId, f64)>> = HashMap::new();
        let mut points = Vec::new();
        for cell in cells {
            let kind = self.network.cells[cell].cell.clone();
            let found = match place_in_cell {
                Place::Section { name, index, dist } => {
                    *known.entry(Arc::as_ptr(&kind) as usize).or_insert_with(|| {
                        let found = section_named(&kind, name, *index).map_err(|problem| problem.at(&place));
                        self.collector.keep(found).map(|section| (section, *dist))
                    })
                }
                Place::Random { names, distance } => {
                    let drawn = self.random_place(cell, &kind, names, *distance).map_err(|problem| problem.at(&place));
                    self.collector.keep(drawn)
                }
            };
            let Some((section, x)) = found else { continue };
            for parameters in electrodes {
                points.push(self.network.point_processes.len());
                self.network.point_processes.push(PointProcess {
                    cell,
                    section,
                    x,
                    mechanism: mechanism.into(),
                    parameters: parameters.iter().map(|&(name, value)| (name.to_owned(), value)).collect(),
                });
            }
        }
        points
    }

    /// A segment of some types of sections within a range of distances, drawn as synapses are placed, from a sequence of
    /// random numbers of the cell's own. (BMTK's sequence has no seed: it draws another place in each run.)
    fn random_place(
        &mut self,
        cell: usize,
        kind: &Arc<Cell>,
        names: &[String],
        distance: [f64; 2],
    ) -> Result<(SectionId, f64), Problem> {
        let mut types = Vec::with_capacity(names.len());
        for name in names {
            types.push(SectionType::named(name).ok_or_else(|| {
                let known = SectionType::NAMES.map(|(name, _)| name);
                let text = format!("`{name}` is no section type, which a random place needs");
                Problem::model(text).help(format!("the types are: {}", list(&known)))
            })?);
        }
        types.sort_unstable();
        types.dedup();
        let sites = match self.sites.entry(Arc::as_ptr(kind) as usize) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(empty) => empty.insert(Sites::new(kind)?),
        };
        let node = &self.network.cells[cell];
        let (population, id) = (node.population.clone(), node.node_id);
        let candidates = sites.candidates(&types, distance);
        let (sections, segments) = (&sites.sections, &sites.segments);
        let gid = self.populations.named(&population)?.members.gid_offset + id;
        let drawn = candidates.draw(RandomState::new(gid as u32).random_sample());
        let segment = drawn.filter(|_| !candidates.is_empty()).map(|index| segments[index]);
        let [low, high] = distance;
        segment.map(|segment| (sections[segment.section], segment.x)).ok_or_else(|| {
            let text =
                format!("node {id} of {population} has no {} from {low} to {high} um from the soma", list(names));
            Problem::model(text).help("check section_name and section_index")
        })
    }
}
