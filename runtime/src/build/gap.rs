//! Edges that are gap junctions: a point process at both ends, each of which follows the potential of the other.
//!
//! The order is BMTK's: those at the targets are made with the synapses, those at the sources after all of the population.

use super::edges::{Columns, Kind, Wiring};
use super::populations::{Node, Population};
use crate::model::{PointProcess, Transfer};
use crate::problem::Problem;
use cell::SectionId;
use codegen::ir;
use codegen::manifest::MechanismManifest;
use sonata::attributes::Attributes;
use sonata::edges::EdgePopulation;
use sonata::gap_junctions::{self, GapJunctions};
use std::path::PathBuf;
use std::sync::Arc;

/// The POINT_PROCESS at each end.
const MECHANISM: &str = "Gap";
/// Its variable that follows the potential of the other end.
const OTHER: &str = "vgap";
/// Its conductance, uS.
const CONDUCTANCE: &str = "g";
/// Where on its section it is, whatever the edge says, as in BMTK.
const MIDDLE: f64 = 0.5;

/// One end of a gap junction.
#[derive(Clone, Copy, Debug)]
struct End {
    cell: usize,
    section: SectionId,
    point: usize,
}

/// The gap junctions of an edge population: how they are, and their ends at the targets by edge.
#[derive(Default)]
pub(super) struct Gaps {
    ends: Vec<Option<(Arc<Kind>, End)>>,
    /// Of edges that ask for more than one.
    pub(super) several: usize,
}

/// Whether an edge is a gap junction.
pub(super) fn is_gap(attributes: &Attributes, row: usize) -> Result<bool, Problem> {
    Ok(attributes.value(row, "is_gap_junction")?.is_some_and(|value| {
        value.as_i64() == Some(1) || value.as_text().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }))
}

/// Checks that there is a mechanism for gap junctions.
pub(super) fn check_mechanism(mechanisms: &[MechanismManifest]) -> Result<(), Problem> {
    let found = mechanisms.iter().find(|mechanism| mechanism.name == MECHANISM);
    let problem = match found {
        None => "there is none".to_owned(),
        Some(found) if found.kind != ir::Kind::PointProcess => "it is no POINT_PROCESS".to_owned(),
        Some(found) => match [CONDUCTANCE, OTHER].iter().find(|name| found.column(name).is_none()) {
            Some(name) if found.pointers.iter().any(|pointer| pointer == name) => {
                format!("its `{name}` is a POINTER; declare it RANGE")
            }
            Some(name) => format!("it has no RANGE variable `{name}`"),
            None => return Ok(()),
        },
    };
    Err(Problem::model(format!("gap junctions need the POINT_PROCESS {MECHANISM}: {problem}"))
        .help("give it RANGE g (uS) and vgap (mV) and a current such as i = g * (vgap - v)"))
}

/// Reads the files of gap junctions.
pub(super) fn read_files(files: &[PathBuf]) -> Result<Vec<GapJunctions>, Problem> {
    files.iter().map(|file| gap_junctions::read(file).map_err(Problem::from)).collect()
}

impl Wiring<'_> {
    /// Makes the end of a gap junction at its target; tells whether there was a place for it.
    pub(super) fn gap_at_target(
        &mut self,
        gaps: &mut Gaps,
        edges: &EdgePopulation,
        kind: &Arc<Kind>,
        row: usize,
        columns: &Columns,
        (cell, gid): (u32, u64),
    ) -> Result<bool, Problem> {
        let (source, target) = (edges.sources()[row], edges.targets()[row]);
        let population = edges.source_population();
        if population == edges.target_population() && source == target {
            return Err(Problem::model("it is a gap junction of a cell with itself"));
        }
        if let Some(known) = self.gap_junctions.iter().find(|known| known.population == population)
            && !known.pairs.contains(&[source, target])
        {
            let text = format!("it is a gap junction from node {source} to {target}, which networks.gap_juncs lacks");
            return Err(Problem::model(text).help("build the network again, so that both files are of one network"));
        }
        gaps.several += usize::from(columns.synapses(row).is_some_and(|number| number > 1));
        let Some(end) = self.gap_end(kind, row, columns, cell, gid)? else {
            return Ok(columns.synapses(row).is_some_and(|number| number < 1));
        };
        gaps.ends.resize(edges.len(), None);
        gaps.ends[row] = Some((kind.clone(), end));
        Ok(true)
    }

    /// Makes the ends at the sources, source by source, and couples both.
    pub(super) fn gaps_at_sources(
        &mut self,
        gaps: &Gaps,
        edges: &EdgePopulation,
        columns: &Columns,
        from: Population<'_>,
        mut problem: impl FnMut(&mut Self, u32, Problem),
    ) -> Result<(), Problem> {
        if gaps.ends.is_empty() {
            return Ok(());
        }
        let order = edges.by_source(from.nodes.ids())?;
        for (at, &node) in from.members.kinds.iter().enumerate() {
            let gid = from.members.gid_offset + from.nodes.ids()[at];
            for &row in order.edges(at) {
                let Some((kind, target)) = &gaps.ends[row as usize] else { continue };
                if node == Node::Unmade {
                    continue;
                }
                let Node::Cell(cell) = node else {
                    let text = "it is a gap junction, and its source is no cell with a membrane";
                    problem(self, row, Problem::model(text));
                    continue;
                };
                match self.gap_end(kind, row as usize, columns, cell, gid) {
                    Ok(Some(source)) => self.couple(source, *target),
                    Ok(None) => problem(self, row, Problem::model("no place was found for it on its source")),
                    Err(wrong) => problem(self, row, wrong),
                }
            }
        }
        Ok(())
    }

    /// Puts one end onto a cell.
    fn gap_end(
        &mut self,
        kind: &Kind,
        row: usize,
        columns: &Columns,
        cell: u32,
        gid: u64,
    ) -> Result<Option<End>, Problem> {
        let conductance = columns.weight(row)?;
        let Some((section, _)) = self.places(kind, row, columns, cell, gid)?.first().copied() else { return Ok(None) };
        let cell = cell as usize;
        let parameters = [(CONDUCTANCE.to_owned(), conductance)];
        let mechanism = MECHANISM.into();
        let end = End { cell, section, point: self.network.point_processes.len() };
        let point = PointProcess { cell, section, x: MIDDLE, mechanism, parameters: parameters.into() };
        self.network.point_processes.push(point);
        Ok(Some(end))
    }

    fn couple(&mut self, a: End, b: End) {
        for (from, to) in [(a, b), (b, a)] {
            let End { cell, section, .. } = from;
            let variable = OTHER.into();
            self.network.transfers.push(Transfer { cell, section, x: MIDDLE, point: to.point, variable });
        }
    }
}
