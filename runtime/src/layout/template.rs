//! One kind of cell as arrays, before it is copied into the lanes of a group.

use super::IonStyle;

/// A cell's tree and what is inserted in it.
#[derive(Clone, Debug, Default, PartialEq)]
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
