//! Fields outside cells with any course in time, see `mod/fieldplayed.mod`.

use super::field::Kind;
use super::{Builder, courses};
use crate::model::{Course, Played};
use sonata::config::{Config, Report};
use std::collections::HashMap;

/// The mechanism.
const MECHANISM: &str = "FieldPlayed";
/// Its current along the dendrite, and the potential outside in this step and in the next.
const CURRENT: &str = "current";
const OUTSIDE: &str = "vext";
const NEXT_OUTSIDE: &str = "e";

/// A sum of courses: each with a factor.
pub(super) type Terms = Vec<(u32, f64)>;

/// A field being put on cells.
pub(super) struct PlayedField {
    /// Potentials are recorded.
    recorded: bool,
    /// Courses to those that are a step ahead.
    sooner: HashMap<u32, u32>,
}

impl PlayedField {
    pub(super) fn of(config: &Config) -> Self {
        let recorded = config.reports.values().any(|report| match report {
            Report::Membrane(report) => report.variables.iter().any(|name| name == "vext" || name == "e_extracellular"),
            _ => false,
        });
        Self { recorded, sooner: HashMap::new() }
    }

    /// Puts on each node of a cell its current along the dendrite, nA, and its potential, mV.
    pub(super) fn impose(
        &mut self,
        builder: &mut Builder<'_>,
        cell: usize,
        kind: &Kind,
        couplings: impl IntoIterator<Item = [Terms; 2]>,
    ) {
        for (node, [current, potential]) in couplings.into_iter().enumerate() {
            let Some(point) = builder.field_at(cell, kind, node, MECHANISM, !current.is_empty()) else { continue };
            let mut play = |variable: &str, terms: &Terms| {
                let terms = terms.iter().map(|&(course, factor)| (factor, course)).collect();
                builder.network.played.push(Played { point, variable: variable.into(), terms });
            };
            play(CURRENT, &current);
            if self.recorded {
                play(OUTSIDE, &potential);
                let known = &mut builder.network.courses;
                let next = potential.iter().map(|&(course, factor)| {
                    let sooner = *self.sooner.entry(course).or_insert_with(|| {
                        let course = known[course as usize].clone();
                        courses::add(known, Course { start: course.start - 1, ..course })
                    });
                    (sooner, factor)
                });
                let next = next.collect();
                play(NEXT_OUTSIDE, &next);
            }
        }
    }
}
