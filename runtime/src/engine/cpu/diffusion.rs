//! Diffusion along sections: one backward Euler step of each diffusing state of a mechanism.
//!
//! Source: NEURON's `ldifus.cpp`, `stagger` and `nrn_tree_solve`, whose order of operations this has. For a compartment
//! `i` with parent `p`, volumes `w` and coefficients `c`:
//! `(s_i - old_i)/dt = b_i (c_i + c_p)/2 / w_i (s_p - s_i)`, and likewise for the parent with `a_i` and `w_p`. Loops run
//! over lanes innermost.

use super::super::Real;
use crate::layout::{DiffusionTree, NO_PARENT};
use std::ops::Range;

/// The tree of a mechanism, and room for one system of equations.
pub(super) struct Diffusion<R> {
    lanes: usize,
    /// Row of each row's parent, or [`NO_PARENT`].
    parent: Vec<u32>,
    /// See [`DiffusionTree`].
    effects: Vec<[R; 2]>,
    /// Effect of each row on its parent, of the parent on the row, and diagonal, by row and lane.
    a: Vec<R>,
    b: Vec<R>,
    d: Vec<R>,
    /// Right-hand side, then the solution.
    rhs: Vec<R>,
}

impl<R: Real> Diffusion<R> {
    pub(super) fn new(tree: &DiffusionTree, lanes: usize) -> Self {
        let zeros = vec![R::new(0.0); tree.parent.len() * lanes];
        Self {
            lanes,
            parent: tree.parent.clone(),
            effects: tree.a.iter().zip(&tree.b).map(|(&a, &b)| [R::new(a), R::new(b)]).collect(),
            a: zeros.clone(),
            b: zeros.clone(),
            d: zeros.clone(),
            rhs: zeros,
        }
    }

    /// The lanes of a row.
    fn row(&self, row: usize) -> Range<usize> {
        row * self.lanes..(row + 1) * self.lanes
    }

    fn parent(&self, row: usize) -> Option<usize> {
        (self.parent[row] != NO_PARENT).then_some(self.parent[row] as usize)
    }

    /// The equations for given volumes and coefficients, by row and lane.
    pub(super) fn assemble(&mut self, volume: &[R], coefficient: &[R], dt: R) {
        let (lanes, rate) = (self.lanes, R::new(1.0) / dt);
        self.d.fill(R::new(0.0));
        for row in 0..self.parent.len() {
            for at in self.row(row) {
                self.d[at] += rate;
            }
            let Some(parent) = self.parent(row) else { continue };
            let [a, b] = self.effects[row];
            for lane in 0..lanes {
                let (at, up) = (row * lanes + lane, parent * lanes + lane);
                let mean = (coefficient[at] + coefficient[up]) / R::new(2.0);
                self.a[at] = -(a * mean) / volume[up];
                self.b[at] = -(b * mean) / volume[at];
                self.d[at] -= self.b[at];
                self.d[up] -= self.a[at];
            }
        }
    }

    /// Advances a state by `dt`, once for each assembly: lane 0 of row `r` is at `first(r)` of `values`.
    pub(super) fn advance(&mut self, values: &mut [R], first: impl Fn(usize) -> usize, dt: R) {
        let lanes = self.lanes;
        for row in 0..self.parent.len() {
            let state = &values[first(row)..][..lanes];
            for (at, &state) in self.row(row).zip(state) {
                self.rhs[at] = state / dt;
            }
        }
        for row in (1..self.parent.len()).rev() {
            let Some(parent) = self.parent(row) else { continue };
            for lane in 0..lanes {
                let (at, up) = (row * lanes + lane, parent * lanes + lane);
                let p = self.a[at] / self.d[at];
                self.d[up] -= p * self.b[at];
                self.rhs[up] = self.rhs[up] - p * self.rhs[at];
            }
        }
        for row in 0..self.parent.len() {
            let parent = self.parent(row);
            for lane in 0..lanes {
                let at = row * lanes + lane;
                if let Some(parent) = parent {
                    self.rhs[at] = self.rhs[at] - self.b[at] * self.rhs[parent * lanes + lane];
                }
                self.rhs[at] /= self.d[at];
            }
            values[first(row)..][..lanes].copy_from_slice(&self.rhs[self.row(row)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What leaves one compartment enters another: the sum of volume, length and concentration stays.
    #[test]
    fn amounts_are_kept() {
        // Rows 1 and 2 hang on row 0; lengths 1, 2 and 4.
        let lengths = [1.0, 2.0, 4.0];
        let effect = |child: f64, parent: f64| (2.0 / parent / (child + parent), 2.0 / child / (child + parent));
        let effects = [(0.0, 0.0), effect(2.0, 1.0), effect(4.0, 1.0)];
        let tree = DiffusionTree {
            parent: vec![NO_PARENT, 0, 0],
            a: effects.map(|(a, _)| a).to_vec(),
            b: effects.map(|(_, b)| b).to_vec(),
        };
        let mut diffusion = Diffusion::<f64>::new(&tree, 2);
        let volume = [1.0, 2.0, 3.0, 1.0, 0.5, 4.0];
        let coefficient = [0.5, 0.25, 1.0, 2.0, 3.0, 1.5];
        let mut state = [1.0, 0.0, 2.0, 5.0, 0.0, 1.0];
        let amount = |state: &[f64], lane: usize| -> f64 {
            (0..3).map(|row| state[2 * row + lane] * volume[2 * row + lane] * lengths[row]).sum()
        };
        let before = [amount(&state, 0), amount(&state, 1)];
        for _ in 0..1000 {
            diffusion.assemble(&volume, &coefficient, 0.1);
            diffusion.advance(&mut state, |row| 2 * row, 0.1);
        }
        for (lane, before) in before.into_iter().enumerate() {
            assert!((amount(&state, lane) - before).abs() < 1e-12);
            // Long after, the concentration is the same everywhere.
            assert!((state[lane] - state[4 + lane]).abs() < 1e-2 * state[lane], "{state:?}");
        }
    }
}
