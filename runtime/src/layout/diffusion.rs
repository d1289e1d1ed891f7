//! The tree over which the states of a mechanism diffuse.
//!
//! Source: NEURON's `ldifus.cpp`, `longdifusalloc` and `longdifus_diamchange`. A compartment's parent is the next one
//! towards the root that has the mechanism, past a node without area. Distances are those of compartment centres,
//! whatever lies between; of diameters nothing enters but what the mechanism puts into volume and coefficient.

use cell::{Cell, Compartments};

/// [`DiffusionTree::parent`] of a row that has none.
pub const NO_PARENT: u32 = u32::MAX;

/// The compartments of a mechanism as a tree, by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiffusionTree {
    /// Row of each row's parent, before it, or [`NO_PARENT`].
    pub parent: Vec<u32>,
    /// Effect of each row on its parent: the mean of both coefficients, times this, over the parent's volume; 1/um2.
    pub a: Vec<f64>,
    /// Effect of the parent on each row: the same times this, over the row's own volume; 1/um2.
    pub b: Vec<f64>,
}

impl DiffusionTree {
    /// The tree of the compartments `nodes`, ascending.
    pub(super) fn new(cell: &Cell, compartments: &Compartments, nodes: &[u32]) -> Self {
        let row = |node: usize| nodes.binary_search(&(node as u32)).ok();
        // Length of a compartment.
        let dx = |node: usize| {
            let section = cell.section(compartments.section[node]);
            section.length() / section.nseg() as f64
        };
        let mut tree = Self::default();
        for &node in nodes {
            let node = node as usize;
            let parent = parent(cell, compartments, node, &row);
            tree.parent.push(parent.map_or(NO_PARENT, |row| row as u32));
            let (a, b) = parent.map_or((0.0, 0.0), |row| {
                let first = compartments.segment[node] == Some(0);
                let branches = if first { cell.section(compartments.section[node]).rallbranch() } else { 1.0 };
                let (dx_parent, dx) = (dx(nodes[row] as usize), dx(node));
                (2.0 * branches / dx_parent / (dx + dx_parent), 2.0 / dx / (dx + dx_parent))
            });
            tree.a.push(a);
            tree.b.push(b);
        }
        tree
    }

    /// What cells of one shape have in common, as words.
    pub(super) fn words(&self) -> impl Iterator<Item = u64> + '_ {
        let factors = self.a.iter().chain(&self.b).map(|value| value.to_bits());
        self.parent.iter().map(|&parent| u64::from(parent)).chain(factors)
    }
}

/// The row of a node's parent: that of its own parent or, if this one lacks the mechanism (it may have no area), of
/// the one beyond, or else of the first compartment of the section to which the node's section is connected.
fn parent(
    cell: &Cell,
    compartments: &Compartments,
    node: usize,
    row: &impl Fn(usize) -> Option<usize>,
) -> Option<usize> {
    let next = compartments.parent[node];
    let beyond = || (next >= compartments.roots).then(|| compartments.parent[next]);
    let section =
        || cell.connection(compartments.section[node]).map(|connection| compartments.first[connection.parent.0]);
    row(next).or_else(|| beyond().and_then(row)).or_else(|| section().and_then(row))
}
