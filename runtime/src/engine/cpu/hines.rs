//! The tree: assembly of the cable equation and its solution.
//!
//! Source: Hines, Int. J. Bio-Med. Comput. 15 (1984) 69; order of operations as in NEURON's
//! `nrn_rhs`, `nrn_lhs` (`treeset.cpp`) and `solve.cpp`. All loops run over lanes innermost.

use super::super::Real;
use super::block::Nodes;
use crate::layout::Group;

/// The constant part of the equations of one shape.
pub(super) struct Tree<R> {
    lanes: usize,
    parent: Vec<u32>,
    a: Vec<R>,
    b: Vec<R>,
    /// 0.001 cm / dt, mA/cm2/mV.
    capacitance: Vec<R>,
}

impl<R: Real> Tree<R> {
    pub(super) fn new(group: &Group, dt: f64) -> Self {
        let real = |values: &[f64]| values.iter().map(|&x| R::new(x)).collect();
        // NEURON: .001 * cj * cm with cj = 1 / dt.
        let capacitance = group.cm.iter().map(|&cm| R::new(0.001 * (1.0 / dt) * cm)).collect();
        Self { lanes: group.lanes, parent: group.parent.clone(), a: real(&group.a), b: real(&group.b), capacitance }
    }

    /// Adds capacitance and axial terms to `rhs` and `d`.
    pub(super) fn assemble(&self, nodes: &mut Nodes<R>) {
        let lanes = self.lanes;
        for (d, &capacitance) in nodes.d.chunks_exact_mut(lanes).zip(&self.capacitance) {
            for d in d {
                *d += capacitance;
            }
        }
        for node in 1..self.parent.len() {
            let (a, b) = (self.a[node], self.b[node]);
            let (rhs_parent, rhs) = self.pair(node, &mut nodes.rhs);
            let (d_parent, d) = self.pair(node, &mut nodes.d);
            let v_parent = &nodes.v[self.range(self.parent[node] as usize)];
            let v = &nodes.v[self.range(node)];
            for lane in 0..lanes {
                let difference = v_parent[lane] - v[lane];
                rhs[lane] -= b * difference;
                rhs_parent[lane] += a * difference;
                d[lane] -= b;
                d_parent[lane] -= a;
            }
        }
    }

    /// Solves for the change of potential, which replaces `rhs`.
    pub(super) fn solve(&self, nodes: &mut Nodes<R>) {
        let lanes = self.lanes;
        if self.parent.is_empty() {
            return;
        }
        for node in (1..self.parent.len()).rev() {
            let (a, b) = (self.a[node], self.b[node]);
            let (rhs_parent, rhs) = self.pair(node, &mut nodes.rhs);
            let (d_parent, d) = self.pair(node, &mut nodes.d);
            for lane in 0..lanes {
                let p = a / d[lane];
                d_parent[lane] -= p * b;
                rhs_parent[lane] -= p * rhs[lane];
            }
        }
        for (rhs, &d) in nodes.rhs[..lanes].iter_mut().zip(&nodes.d[..lanes]) {
            *rhs /= d;
        }
        for node in 1..self.parent.len() {
            let b = self.b[node];
            let d = &nodes.d[self.range(node)];
            let (rhs_parent, rhs) = self.pair(node, &mut nodes.rhs);
            for lane in 0..lanes {
                rhs[lane] = (rhs[lane] - b * rhs_parent[lane]) / d[lane];
            }
        }
    }

    fn range(&self, node: usize) -> std::ops::Range<usize> {
        node * self.lanes..(node + 1) * self.lanes
    }

    /// The lanes of a node's parent and of the node; parents come first.
    fn pair<'a>(&self, node: usize, values: &'a mut [R]) -> (&'a mut [R], &'a mut [R]) {
        let (before, after) = values.split_at_mut(node * self.lanes);
        (&mut before[self.range(self.parent[node] as usize)], &mut after[..self.lanes])
    }
}
