//! One kind of cell as arrays, before it is copied into the lanes of a group.

use super::{DiffusionTree, IonStyle};
use cell::Compartments;
use std::sync::Arc;

/// A cell's tree and what is inserted in it.
#[derive(Clone, Debug)]
pub struct Template {
    /// Parent of each node; node 0 is the root and its own parent.
    pub parent: Vec<u32>,
    /// See [`super::Group::a`].
    pub a: Vec<f64>,
    /// See [`super::Group::b`].
    pub b: Vec<f64>,
    /// See [`super::Group::area`].
    pub area: Vec<f64>,
    /// See [`super::Group::diam`].
    pub diam: Vec<f64>,
    /// See [`super::Group::cm`].
    pub cm: Vec<f64>,
    /// Density mechanisms in order of execution.
    pub mechanisms: Vec<MechanismTemplate>,
    /// Ions in order of species.
    pub ions: Vec<IonTemplate>,
    /// Where sections and their positions are.
    pub compartments: Arc<Compartments>,
}

/// A density mechanism of a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MechanismTemplate {
    /// Index in the layout's mechanisms.
    pub mechanism: usize,
    /// Nodes it is inserted in, ascending.
    pub nodes: Vec<u32>,
    /// Column `c` of the `r`-th node: `columns[c * nodes.len() + r]`.
    pub columns: Vec<f64>,
    /// See [`super::Block::diffusion`].
    pub diffusion: Option<DiffusionTree>,
}

/// An ion of a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IonTemplate {
    /// Index in the layout's species.
    pub species: usize,
    /// Nodes where it is used, ascending.
    pub nodes: Vec<u32>,
    /// Style on each node.
    pub style: Vec<IonStyle>,
    /// Reversal potential on each node, mV.
    pub erev: Vec<f64>,
    /// Inside concentration, mM.
    pub conci: Vec<f64>,
    /// Outside concentration, mM.
    pub conco: Vec<f64>,
}

impl Template {
    /// What cells must have in common to share a group, as comparable words.
    pub(super) fn shape(&self) -> Vec<u64> {
        let mut words = vec![self.parent.len() as u64];
        words.extend(self.parent.iter().map(|&parent| u64::from(parent)));
        for values in [&self.a, &self.b, &self.area, &self.diam, &self.cm] {
            words.extend(values.iter().map(|value| value.to_bits()));
        }
        for mechanism in &self.mechanisms {
            words.extend([mechanism.mechanism as u64, mechanism.nodes.len() as u64]);
            words.extend(mechanism.nodes.iter().map(|&node| u64::from(node)));
            words.extend(mechanism.diffusion.iter().flat_map(DiffusionTree::words));
        }
        for ion in &self.ions {
            words.extend([u64::MAX, ion.species as u64, ion.nodes.len() as u64]);
            for (&node, style) in ion.nodes.iter().zip(&ion.style) {
                words.extend([u64::from(node), style.word()]);
            }
        }
        words
    }
}
