//! Reports of synapses (`netcon_report`) to probes.

use super::Builder;
use super::recordings::no_transform;
use crate::model::{Instance, Site, Source};
use crate::problem::{Problem, list};
use codegen::manifest::MechanismManifest;
use sonata::config::MembraneReport;
use sonata::report::Mapping;
use std::collections::HashMap;

/// What BMTK writes for a source that is not a cell.
const NO_CELL: i64 = -1;

impl Builder<'_> {
    /// Plans the report of the synapses whose mechanisms' names begin with `of`. As in BMTK there is a column for each
    /// NetCon, in order of creation, and none for cells without such synapses.
    pub(super) fn synapse_report(&mut self, name: &str, report: &MembraneReport, of: &str) {
        let place = format!("/reports/{name} of the configuration");
        if report.transform.is_some() {
            self.collector.push(no_transform(name).at(&place));
        }
        let Some(selection) = self.select(&report.cells, name) else { return };
        for variable in &report.variables {
            let checked = self.check_synapses(variable, of).map_err(|problem| problem.at(&place));
            self.collector.keep(checked);
        }
        let netcons = self.netcons_by_cell(of);
        let mut mappings: Vec<Mapping> = Vec::new();
        let mut sites = Vec::new();
        for index in selection.cells {
            let Some(netcons) = netcons.get(&index) else { continue };
            let cell = &self.network.cells[index];
            let target = self.gid(&cell.population, cell.node_id);
            let sections = cell.cell.all();
            let elements = netcons.iter().map(|&(point, _)| {
                let at = &self.network.point_processes[point];
                let id = sections.iter().position(|section| *section == at.section).unwrap_or_default();
                (id as u64, middle(at.x, cell.cell.section(at.section).nseg()))
            });
            if mappings.last().is_none_or(|mapping| *mapping.population != *cell.population) {
                let further = vec![("src_ids", Vec::new()), ("trg_ids", Vec::new())];
                mappings.push(Mapping { further, ..Mapping::new(&cell.population) });
            }
            if let Some(mapping) = mappings.last_mut()
                && let [(_, sources), (_, targets)] = mapping.further.as_mut_slice()
            {
                sources.extend(netcons.iter().map(|&(_, source)| self.gid_of_source(source)));
                targets.extend(netcons.iter().map(|_| target));
                mapping.push(cell.node_id, elements);
            }
            sites.extend(netcons.iter().map(|&(point, _)| Site::Point(point)));
        }
        if sites.is_empty() {
            let here: Vec<&str> = self.synapse_mechanisms("").map(|manifest| manifest.name.as_str()).collect();
            tracing::warn!(
                place = %place,
                help = %format!("the synapses are {}", list(&here)),
                "report `{name}` is not written: its cells have no synapses whose mechanism begins with `{of}` (syn_type)"
            );
            return;
        }
        let recorded = self.record(name, report, mappings, &sites).map_err(|problem| problem.at(&place));
        self.collector.keep(recorded);
    }

    /// Point process and source of the NetCons onto synapses of each cell, in order of creation.
    fn netcons_by_cell(&self, of: &str) -> HashMap<usize, Vec<(usize, Source)>> {
        let mut netcons: HashMap<usize, Vec<(usize, Source)>> = HashMap::new();
        for netcon in &self.network.netcons {
            if let Instance::Point(point) = netcon.target
                && self.network.point_processes[point].mechanism.starts_with(of)
            {
                let cell = self.network.point_processes[point].cell;
                netcons.entry(cell).or_default().push((point, netcon.source));
            }
        }
        netcons
    }

    /// The mechanisms of synapses whose names begin so.
    fn synapse_mechanisms(&self, of: &str) -> impl Iterator<Item = &MechanismManifest> {
        let points = &self.network.point_processes;
        let targets = self.network.netcons.iter().filter_map(|netcon| match netcon.target {
            Instance::Point(point) => Some(&*points[point].mechanism),
            Instance::Artificial(_) => None,
        });
        let mut names: Vec<&str> = targets.filter(|name| name.starts_with(of)).collect();
        names.sort_unstable();
        names.dedup();
        self.mechanisms.manifests.iter().filter(move |manifest| names.binary_search(&manifest.name.as_str()).is_ok())
    }

    /// Whether all synapses have a variable.
    fn check_synapses(&self, variable: &str, of: &str) -> Result<(), Problem> {
        let lacks = |manifest: &&MechanismManifest| {
            !manifest.columns.iter().any(|column| column.range && column.name == variable)
        };
        let Some(manifest) = self.synapse_mechanisms(of).find(lacks) else { return Ok(()) };
        let range = manifest.columns.iter().filter(|column| column.range);
        let names: Vec<&str> = range.map(|column| column.name.as_str()).collect();
        let problem = Problem::model(format!("there is no variable `{variable}` in {}", manifest.name));
        Err(match sonata::suggest::nearest(variable, names.iter().copied()) {
            Some(nearest) => problem.help(format!("did you mean `{nearest}`?")),
            None => problem.help(format!("there are: {}", list(&names))),
        })
    }

    fn gid_of_source(&self, source: Source) -> i64 {
        match source {
            Source::Cell(cell) => {
                let cell = &self.network.cells[cell];
                self.gid(&cell.population, cell.node_id)
            }
            Source::Instance(Instance::Artificial(cell)) => {
                let cell = &self.network.artificial_cells[cell];
                self.gid(&cell.population, cell.node_id)
            }
            Source::Train(_) | Source::Instance(Instance::Point(_)) => NO_CELL,
        }
    }

    /// BMTK's number of a node among those of all populations.
    fn gid(&self, population: &str, node_id: u64) -> i64 {
        let offset = self.populations.named(population).map_or(0, |population| population.members.gid_offset);
        (offset + node_id) as i64
    }
}

/// The middle of the segment at a position; the ends of a section are themselves.
pub(super) fn middle(x: f64, nseg: usize) -> f64 {
    let nseg = nseg as f64;
    if x <= 0.0 || x >= 1.0 { x } else { ((x * nseg).floor() + 0.5) / nseg }
}

#[cfg(test)]
mod tests {
    use super::middle;

    #[test]
    fn synapses_are_where_their_segments_are() {
        let places = [0.0, 0.1, 0.34, 0.99, 1.0].map(|x| middle(x, 3));
        assert_eq!(places, [0.0, 0.5 / 3.0, 1.5 / 3.0, 2.5 / 3.0, 1.0]);
    }
}
