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
    /// The node of each of the compartments.
    pub order: Vec<u32>,
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
    /// The same with nodes that have the same mechanisms side by side, so that kernels see few cells as long rows. Where
    /// states diffuse along the tree it stays as it is.
    pub(super) fn arranged(self) -> Self {
        if self.mechanisms.iter().any(|mechanism| mechanism.diffusion.is_some()) {
            return self;
        }
        let mut inserted = vec![Vec::new(); self.parent.len()];
        for mechanism in &self.mechanisms {
            mechanism.nodes.iter().for_each(|&node| inserted[node as usize].push(mechanism.mechanism));
        }
        let mut nodes: Vec<u32> = (0..self.parent.len() as u32).collect();
        nodes.sort_by_key(|&node| (node != 0, &inserted[node as usize]));
        let mut number = vec![0; nodes.len()];
        nodes.iter().zip(0..).for_each(|(&node, new)| number[node as usize] = new);
        Self {
            parent: permuted(&self.parent, &nodes).map(|parent| number[parent as usize]).collect(),
            a: permuted(&self.a, &nodes).collect(),
            b: permuted(&self.b, &nodes).collect(),
            area: permuted(&self.area, &nodes).collect(),
            diam: permuted(&self.diam, &nodes).collect(),
            cm: permuted(&self.cm, &nodes).collect(),
            mechanisms: self.mechanisms.iter().map(|mechanism| mechanism.arranged(&number)).collect(),
            ions: self.ions.iter().map(|ion| ion.arranged(&number)).collect(),
            order: self.order.iter().map(|&node| number[node as usize]).collect(),
            compartments: self.compartments,
        }
    }

    /// What cells must have in common to share a group, as comparable words.
    pub(super) fn shape(&self) -> Vec<u64> {
        let mut words = vec![self.parent.len() as u64];
        words.extend(self.parent.iter().chain(&self.order).map(|&node| u64::from(node)));
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

impl MechanismTemplate {
    fn arranged(&self, number: &[u32]) -> Self {
        let (nodes, rows) = renumbered(&self.nodes, number);
        let columns = self.columns.chunks(nodes.len()).flat_map(|column| permuted(column, &rows)).collect();
        Self { nodes, columns, ..self.clone() }
    }
}

impl IonTemplate {
    fn arranged(&self, number: &[u32]) -> Self {
        let (nodes, rows) = renumbered(&self.nodes, number);
        Self {
            species: self.species,
            nodes,
            style: permuted(&self.style, &rows).collect(),
            erev: permuted(&self.erev, &rows).collect(),
            conci: permuted(&self.conci, &rows).collect(),
            conco: permuted(&self.conco, &rows).collect(),
        }
    }
}

/// The new numbers of some nodes, ascending, and where each was among them.
fn renumbered(nodes: &[u32], number: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut new: Vec<(u32, u32)> = nodes.iter().map(|&node| number[node as usize]).zip(0..).collect();
    new.sort_unstable();
    new.into_iter().unzip()
}

fn permuted<'a, T: Copy>(values: &'a [T], from: &'a [u32]) -> impl Iterator<Item = T> + 'a {
    from.iter().map(|&at| values[at as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A root and four nodes in a row, of which every other one has a mechanism.
    fn template() -> Template {
        let mechanism =
            MechanismTemplate { mechanism: 0, nodes: vec![1, 3], columns: vec![1.0, 3.0, 10.0, 30.0], diffusion: None };
        let ion = IonTemplate {
            species: 0,
            nodes: vec![1, 2, 3],
            style: vec![IonStyle::default(); 3],
            erev: vec![1.0, 2.0, 3.0],
            conci: vec![0.0; 3],
            conco: vec![0.0; 3],
        };
        let numbers = vec![0.0, 1.0, 2.0, 3.0, 4.0];
        Template {
            parent: vec![0, 0, 1, 2, 3],
            a: numbers.clone(),
            b: numbers.clone(),
            area: numbers.clone(),
            diam: numbers.clone(),
            cm: numbers,
            mechanisms: vec![mechanism],
            ions: vec![ion],
            compartments: Arc::default(),
            order: vec![0, 1, 2, 3, 4],
        }
    }

    #[test]
    fn nodes_with_the_same_mechanisms_follow_each_other() {
        let arranged = template().arranged();
        assert_eq!(arranged.order, [0, 3, 1, 4, 2]);
        assert_eq!(arranged.parent, [0, 3, 4, 0, 1]);
        assert_eq!(arranged.a, [0.0, 2.0, 4.0, 1.0, 3.0]);
        let MechanismTemplate { nodes, columns, .. } = &arranged.mechanisms[0];
        assert_eq!((nodes.as_slice(), columns.as_slice()), ([3, 4].as_slice(), [1.0, 3.0, 10.0, 30.0].as_slice()));
        let IonTemplate { nodes, erev, .. } = &arranged.ions[0];
        assert_eq!((nodes.as_slice(), erev.as_slice()), ([1, 3, 4].as_slice(), [2.0, 1.0, 3.0].as_slice()));
    }

    #[test]
    fn where_states_diffuse_nodes_stay() {
        let mut template = template();
        template.mechanisms[0].diffusion = Some(DiffusionTree::default());
        assert_eq!(template.arranged().order, [0, 1, 2, 3, 4]);
    }
}
