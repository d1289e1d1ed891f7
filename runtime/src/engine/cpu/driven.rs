//! Columns of a group that are set from outside: they follow potentials of any group, or given courses.

use super::super::Real;
use super::block::CpuBlock;
use crate::layout::Layout;
use crate::model::{Course, value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Factors and numbers of courses.
type Terms = Arc<[(f64, u32)]>;

/// What a group gives to others, and what is set in it.
#[derive(Debug, Default)]
pub(super) struct Driven {
    /// Nodes, and the number of the transfer.
    exports: Vec<(u32, u32)>,
    /// Block, index in its columns, and the number of the transfer.
    imports: Vec<(u32, u32, u32)>,
    /// Block, index in its columns, and what is added up.
    played: Vec<(u32, u32, Terms)>,
    courses: Vec<Course>,
}

impl Driven {
    pub(super) fn new(layout: &Layout, group: u32) -> Self {
        let transfers = || (0..).zip(&layout.transfers);
        let exports = transfers().filter(|(_, transfer)| transfer.from.0 == group);
        let imports = transfers().filter(|(_, transfer)| transfer.to.0 == group);
        let played = layout.played.iter().filter(|column| column.to.0 == group);
        let played: Vec<_> = played.map(|column| (column.to.1, column.to.2, column.terms.clone())).collect();
        Self {
            exports: exports.map(|(number, transfer)| (transfer.from.1, number)).collect(),
            imports: imports.map(|(number, transfer)| (transfer.to.1, transfer.to.2, number)).collect(),
            courses: if played.is_empty() { Vec::new() } else { layout.courses.clone() },
            played,
        }
    }

    /// The positions in a block's columns that are set.
    pub(super) fn columns(&self, block: u32) -> BTreeSet<usize> {
        let imports = self.imports.iter().map(|&(of, index, _)| (of, index));
        let played = self.played.iter().map(|&(of, index, _)| (of, index));
        imports.chain(played).filter(|(of, _)| *of == block).map(|(_, index)| index as usize).collect()
    }

    /// Sets what follows courses as it is in a step.
    pub(super) fn play<R: Real>(&self, step: u64, blocks: &mut [CpuBlock<R>]) {
        for (block, index, terms) in &self.played {
            let value = value(terms, &self.courses, step);
            blocks[*block as usize].columns.set(*index as usize, R::new(value));
        }
    }

    /// Puts potentials where the numbers of their transfers say.
    pub(super) fn export<R: Real>(&self, v: &[R], potentials: &mut [R]) {
        for &(node, number) in &self.exports {
            potentials[number as usize] = v[node as usize];
        }
    }

    /// Sets what follows potentials.
    pub(super) fn import<R: Real>(&self, potentials: &[R], blocks: &mut [CpuBlock<R>]) {
        for &(block, index, number) in &self.imports {
            blocks[block as usize].columns.set(index as usize, potentials[number as usize]);
        }
    }
}
