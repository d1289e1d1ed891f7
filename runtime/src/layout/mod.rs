//! The network as flat arrays: the only place where objects become indices.
//!
//! Cells of one *shape* (same tree, same geometry, same mechanisms on the same compartments) form
//! *groups* in which they are interleaved: value `x` of node `n` of the cell in lane `l` is
//! `x[n * lanes + l]`, its *flat node index*. Cells that are alone of their shape may share groups of one lane
//! ([`Grouping`]). Artificial cells form groups of their own, which have no nodes and no
//! detectors. Engines see nothing but this module's types.

mod build;
mod cells;
mod diffusion;
mod driven;
mod error;
pub(crate) mod forest;
mod given;
mod grouping;
mod ions;
mod points;
mod shared;
mod streams;
mod tables;
mod template;
#[cfg(test)]
mod tests;

pub use build::{Options, build};
pub use diffusion::{DiffusionTree, NO_PARENT};
pub use driven::{PlayedColumn, TransferredColumn};
pub use error::LayoutError;
pub use grouping::Grouping;
pub use ions::{IonSpecies, IonStyle};
pub use shared::Shared;
pub use template::{IonTemplate, MechanismTemplate, Template};

use crate::model::Course;
use codegen::manifest::MechanismManifest;

/// Everything that an engine needs.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Mechanisms in order of execution.
    pub mechanisms: Vec<MechanismManifest>,
    /// Ion species.
    pub species: Vec<IonSpecies>,
    /// Cell groups.
    pub groups: Vec<Group>,
    /// Where each NetCon delivers, by NetCon.
    pub targets: Vec<Target>,
    /// Where each probe's value lies, by probe: group, and index in that group's `probes`.
    pub probes: Vec<(u32, u32)>,
    /// Columns that follow a potential.
    pub transfers: Vec<TransferredColumn>,
    /// Columns that follow courses.
    pub played: Vec<PlayedColumn>,
    /// The courses.
    pub courses: Vec<Course>,
    /// Time step, ms.
    pub dt: f64,
    /// Temperature, degC.
    pub celsius: f64,
    /// Initial membrane potential, mV.
    pub v_init: f64,
}

impl Layout {
    /// Gives up what is not needed any more once an engine has taken it over: initial values and targets. What
    /// [`crate::simulate`] and its observers look at stays.
    pub fn release(&mut self) {
        self.targets = Vec::new();
        (self.transfers, self.played, self.courses) = Default::default();
        for group in &mut self.groups {
            let Group { lanes, probes, .. } = std::mem::take(group);
            *group = Group { lanes, probes, ..Group::default() };
        }
    }

    /// Rows of all point processes: those that superpose have one together.
    pub fn point_rows(&self) -> usize {
        self.groups
            .iter()
            .flat_map(|group| &group.blocks)
            .filter(|block| block.is_point())
            .map(|block| block.rows)
            .sum()
    }

    /// Count of compartments with a membrane.
    pub fn compartments(&self) -> usize {
        let of_group = |group: &Group| group.cm.iter().filter(|&&cm| cm > 0.0).count() * group.lanes;
        self.groups.iter().map(of_group).sum()
    }
}

/// Cells of one shape, interleaved.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Cells side by side: all of the group, or 1.
    pub lanes: usize,
    /// Network cells, one a lane, or one a tree where there is one lane; in a group of artificial cells, their numbers after those of all other cells.
    pub cells: Vec<u32>,
    /// Parent of each node; roots are their own parents. Node 0 is the only root, and parents come before their children,
    /// but in a group of one lane, which may hold cells of different shapes.
    pub parent: Vec<u32>,
    /// The nodes cell by cell, parents before their children: the reverse of the order of elimination.
    pub order: Vec<u32>,
    /// Effect of each node on its parent's row, mS/cm2 with NEURON's sign (not positive).
    pub a: Vec<f64>,
    /// Effect of the parent on each node's row, likewise.
    pub b: Vec<f64>,
    /// Area of each node, um2; 100 where the node has none.
    pub area: Shared<f64>,
    /// Diameter of each node, um.
    pub diam: Shared<f64>,
    /// Membrane capacitance of each node, uF/cm2; 0 where the node has no area.
    pub cm: Vec<f64>,
    /// Ions, one block a species present.
    pub ions: Vec<IonBlock>,
    /// Mechanisms, one block each, in order of execution.
    pub blocks: Vec<Block>,
    /// Flat node index of each cell's spike detector.
    pub detectors: Vec<u32>,
    /// Threshold of each cell's detector, mV.
    pub thresholds: Vec<f64>,
    /// Arguments of all NetCons that end in this group, weight first.
    pub arguments: Vec<f64>,
    /// Values sampled after each step.
    pub probes: Vec<Address>,
}

impl Group {
    /// Count of nodes of one lane.
    pub fn nodes(&self) -> usize {
        self.parent.len()
    }

    /// What capacitance adds to the diagonal of each node, mA/cm2/mV, with steps of `dt` (ms). NEURON: .001 * cj * cm with
    /// cj = 1 / dt.
    pub fn capacitance(&self, dt: f64) -> Vec<f64> {
        self.cm.iter().map(|&cm| 0.001 * (1.0 / dt) * cm).collect()
    }

    /// What capacitance and axial resistance add to the diagonal of each node, mA/cm2/mV, with steps of `dt` (ms).
    pub fn diagonal(&self, dt: f64) -> Vec<f64> {
        let mut diagonal = self.capacitance(dt);
        for node in self.order.iter().map(|&node| node as usize) {
            let parent = self.parent[node] as usize;
            if parent != node {
                diagonal[node] -= self.b[node];
                diagonal[parent] -= self.a[node];
            }
        }
        diagonal
    }
}

/// All instances of a mechanism in a group.
///
/// Instance `(row, lane)` has index `row * lanes + lane`; density mechanisms have one row per
/// compartment and the group's lanes, point processes and artificial cells one row per instance and one lane.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Index in [`Layout::mechanisms`].
    pub mechanism: usize,
    /// Rows.
    pub rows: usize,
    /// Lanes of this block: the group's, or 1.
    pub lanes: usize,
    /// Initial values: column `c` of instance `i` is `columns[c * rows * lanes + i]`.
    pub columns: Shared<f64>,
    /// Shared values and the mechanism's tables, the same for all blocks of a mechanism.
    pub globals: Shared<f64>,
    /// Flat node index of lane 0 of each row.
    pub node: Vec<u32>,
    /// Where the states that diffuse along sections do so, if there are any.
    pub diffusion: Option<DiffusionTree>,
    /// The mechanism's ions in its order.
    pub ions: Vec<IonReference>,
    /// Point processes only, which are in order of nodes, first one of each node, then a second one, and so on, but cell by
    /// cell if they send events: the place of each row's cell in the group.
    pub cell_of: Vec<u32>,
    /// Point processes only: the number of each row's instance, see [`crate::model::Network::number`].
    pub instances: Vec<u32>,
}

impl Block {
    /// Whether it is a block of point processes.
    pub fn is_point(&self) -> bool {
        !self.cell_of.is_empty()
    }
}

/// An ion of a block.
#[derive(Clone, Debug, Default)]
pub struct IonReference {
    /// Index in [`Group::ions`].
    pub ion: usize,
    /// Index of lane 0 of each of the block's rows within a field of the ion.
    pub row: Vec<u32>,
}

/// An ion species in a group: its values on the nodes where some mechanism uses it.
#[derive(Clone, Debug, Default)]
pub struct IonBlock {
    /// Index in [`Layout::species`].
    pub species: usize,
    /// Rows; each has the group's lanes.
    pub rows: usize,
    /// Node (not flat) of each row.
    pub node: Vec<u32>,
    /// Style of each row.
    pub style: Vec<IonStyle>,
    /// Field `f` of row `r`, lane `l`: `values[(f * rows + r) * lanes + l]`, in the order of `IonField::ALL`.
    pub values: Shared<f64>,
}

/// A value in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Membrane potential of a flat node index.
    Voltage(u32),
    /// Element of a block's columns.
    Column {
        /// Block of the group.
        block: u32,
        /// Index in its columns.
        index: u32,
    },
    /// Element of an ion block's values.
    Ion {
        /// Ion of the group.
        ion: u32,
        /// Index in its values.
        index: u32,
    },
}

/// Where a NetCon delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Group.
    pub group: u32,
    /// Block of the group.
    pub block: u32,
    /// Row of the block (a point process instance).
    pub row: u32,
    /// The cell's place in its group, by which engines sort.
    pub lane: u32,
    /// Offset in [`Group::arguments`].
    pub argument: u32,
}
