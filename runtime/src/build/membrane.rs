//! What currents through membranes are computed from: potentials of all nodes of a cell, and what electrodes inject.

use super::Builder;
use crate::model::membrane::{MembraneCurrents, Tree};
use crate::model::{NetworkCell, Probe, Site};
use crate::problem::Problem;
use cell::{Cell, Compartments, SectionId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// A kind of cell as currents see it.
#[derive(Clone, Debug)]
pub(super) struct Membrane {
    tree: Arc<Tree>,
    compartments: Arc<Compartments>,
}

impl Membrane {
    pub(super) fn of(cell: &Cell) -> Result<Self, Problem> {
        let compartments = cell.compartments().map_err(|error| Problem::model(error.to_string()))?;
        let parent = compartments.parent.iter().map(|&parent| parent as u32).collect();
        let tree = Arc::new(Tree { parent, conductance: compartments.conductance.clone() });
        Ok(Self { tree, compartments: Arc::new(compartments) })
    }

    /// The node at a place.
    pub(super) fn node(&self, section: SectionId, x: f64) -> Option<usize> {
        self.compartments.node_of(section, x)
    }

    /// Which nodes are neighbours.
    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Section, position and, if it has a membrane, number of the segment (by increasing position) of a node.
    pub(super) fn place(&self, node: usize) -> (SectionId, f64, Option<usize>) {
        let (section, x) = (self.compartments.section[node], self.compartments.x_of(node));
        let segment = self.compartments.segment[node].and_then(|_| self.compartments.segment_at(section, x));
        (section, x, segment)
    }

    /// The area of a node, um2.
    pub(super) fn area(&self, node: usize) -> f64 {
        self.compartments.area[node]
    }
}

/// A point process that injects: its index, and where.
type Injector = (usize, SectionId, f64);

impl Builder<'_> {
    /// What currents of some cells are computed from; adds the probes that they need.
    ///
    /// # Errors
    /// When an electrode's current cannot be known.
    pub(super) fn membranes(&mut self, cells: &[usize]) -> Result<Vec<(Membrane, MembraneCurrents)>, Problem> {
        let mut kinds: HashMap<usize, Membrane> = HashMap::new();
        let injectors = self.injectors()?;
        let (potential, none): (Arc<str>, Vec<Injector>) = ("v".into(), Vec::new());
        let mut found = Vec::with_capacity(cells.len());
        for &index in cells {
            let NetworkCell { cell, .. } = &self.network.cells[index];
            let membrane = match kinds.entry(Arc::as_ptr(cell) as usize) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(empty) => empty.insert(Membrane::of(cell)?).clone(),
            };
            let compartments = membrane.compartments.clone();
            let first_probe = self.network.probes.len();
            self.network.probes.extend((0..compartments.len()).map(|node| {
                let (section, x) = (compartments.section[node], compartments.x_of(node));
                Probe { site: Site::Segment { cell: index, section, x }, variable: potential.clone() }
            }));
            let mut injected = Vec::new();
            for &(point, section, x) in injectors.get(&index).unwrap_or(&none) {
                let Some(node) = membrane.node(section, x) else { continue };
                for variable in self.injected(point) {
                    injected.push((node as u32, self.network.probes.len()));
                    self.network.probes.push(Probe { site: Site::Point(point), variable });
                }
            }
            let currents = MembraneCurrents { tree: membrane.tree.clone(), first_probe, injected };
            found.push((membrane, currents));
        }
        Ok(found)
    }

    /// The point processes of each cell that inject current.
    fn injectors(&self) -> Result<HashMap<usize, Vec<Injector>>, Problem> {
        let mut injectors: HashMap<usize, Vec<Injector>> = HashMap::new();
        for (index, point) in self.network.point_processes.iter().enumerate() {
            let manifest = self.mechanisms.manifests.iter().find(|manifest| manifest.name == *point.mechanism);
            let Some((manifest, electrode)) = manifest.and_then(|found| Some((found, found.electrode.as_ref()?)))
            else {
                continue;
            };
            // What SEClamp keeps is its current at the potential after the step.
            if electrode.conducts && manifest.name != "SEClamp" {
                let text = format!(
                    "the currents of membranes are asked for, and {} injects a current that depends on the potential",
                    point.mechanism
                );
                return Err(Problem::model(text).help("leave out that report, or record cells without it"));
            }
            if let Some(name) = electrode.currents.iter().find(|name| manifest.column(name).is_none()) {
                let text = format!("the current `{name}` of {} cannot be recorded", point.mechanism);
                return Err(Problem::model(text).help("declare it RANGE in the .mod file"));
            }
            injectors.entry(point.cell).or_default().push((index, point.section, point.x));
        }
        Ok(injectors)
    }

    /// The variables of a point process that are injected currents.
    fn injected(&self, point: usize) -> Vec<Arc<str>> {
        let name = &self.network.point_processes[point].mechanism;
        let manifest = self.mechanisms.manifests.iter().find(|manifest| manifest.name == **name);
        let electrode = manifest.and_then(|manifest| manifest.electrode.as_ref());
        electrode.iter().flat_map(|electrode| &electrode.currents).map(|name| name.as_str().into()).collect()
    }
}
