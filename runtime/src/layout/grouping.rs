//! How many cells advance together.

use super::Template;
use codegen::ir::Role;
use codegen::manifest::MechanismManifest;

/// How cells become groups. Results do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Cells of one shape, at most so many; 0 means no limit.
    Cells(usize),
    /// As many cells as a core's cache holds, of different shapes where few are alike, and work for all threads.
    Cache {
        /// Threads that share the groups.
        threads: usize,
        /// Size of a value, bytes.
        real: usize,
    },
}

/// What changes in a step should stay within this, bytes: half of a small second-level cache.
const CACHE: usize = 256 * 1024;
/// Cells beside each other that fill vectors, of the widest that there are.
pub(super) const VECTOR: usize = 16;
/// More cells side by side bring nothing.
const MOST: usize = 64;
/// Cells of different shapes that belong together whatever their size: their trees are solved in turn.
pub(super) const TREES: usize = 8;

impl Grouping {
    /// Most artificial cells in a group; 0 means no limit.
    pub(super) fn artificial_cells(self) -> usize {
        match self {
            Self::Cells(most) => most,
            Self::Cache { .. } => VECTOR,
        }
    }

    /// Cuts cells of one shape, each of so many changing values, into the cells of groups.
    pub(super) fn cut(self, cells: &[u32], values: usize) -> Vec<&[u32]> {
        let Self::Cache { threads, real } = self else {
            let Self::Cells(most) = self else { unreachable!("one of two") };
            return cells.chunks(if most == 0 { usize::MAX } else { most }).collect();
        };
        let whole = cells.len() / VECTOR * VECTOR;
        let in_cache = CACHE / (values * real).max(1);
        let of_thread = whole / threads.max(1);
        let size = (in_cache.min(of_thread).min(MOST) / VECTOR * VECTOR).max(VECTOR);
        let (whole, rest) = cells.split_at(whole);
        let (half, rest) = rest.split_at(if rest.len() < VECTOR / 2 { 0 } else { VECTOR / 2 });
        whole.chunks(size).chain((!half.is_empty()).then_some(half)).chain(rest.chunks(1)).collect()
    }

    /// Most cells of different shapes in a group, if these have so many changing values altogether; 1 if each has its own.
    pub(super) fn trees(self, cells: usize, values: usize) -> usize {
        let Self::Cache { threads, real } = self else { return 1 };
        let in_cache = CACHE * cells / (values * real).max(1);
        let of_thread = cells / threads.max(1);
        in_cache.min(of_thread).clamp(TREES, MOST)
    }
}

/// Values of a cell that change in each step.
pub(super) fn changing(template: &Template, mechanisms: &[MechanismManifest]) -> usize {
    let of_mechanism = |index: usize| {
        let columns = &mechanisms[index].columns;
        columns.iter().filter(|column| column.role == Role::State).count()
    };
    let states: usize =
        template.mechanisms.iter().map(|inserted| inserted.nodes.len() * of_mechanism(inserted.mechanism)).sum();
    // Potential, right-hand side and diagonal.
    3 * template.parent.len() + states
}
