//! How many cells advance together.

use super::Template;
use codegen::ir::{IonField, Role};
use codegen::manifest::{ColumnAccess, EventsManifest, MechanismManifest};

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
    /// As many cells of one shape as the memory of a GPU's workgroup holds; many where it does not hold one of each shape.
    Device {
        /// Size of a value, bytes.
        real: usize,
    },
}

/// What changes in a step should stay within this, bytes: half of a small second-level cache.
const CACHE: usize = 256 * 1024;
/// Cells beside each other that fill vectors, of the widest that there are.
pub(super) const VECTOR: usize = 16;
/// More side by side bring nothing, bytes.
const MOST: usize = 512;
/// What the memory of a workgroup has for cells, bytes: some less than all GPUs have.
const WORKGROUP: usize = 24 * 1024;
/// Most cells of a workgroup.
const OF_WORKGROUP: usize = 32;
/// Cells of one shape whose arrays a GPU keeps together if they do not fit into a workgroup's memory: many workgroups, far
/// from the limit of a buffer.
const STREAMED: usize = 1024;
/// Cells of different shapes that belong together whatever their size: their trees are solved in turn.
pub(super) const TREES: usize = 8;

impl Grouping {
    /// The same without `Device`.
    pub(super) fn settled(self, templates: &[Template], mechanisms: &[MechanismManifest]) -> Self {
        let Self::Device { real } = self else { return self };
        let fits = |cells: usize| templates.iter().all(|cell| on_device(cell, mechanisms, real, cells) <= WORKGROUP);
        let sends = mechanisms.iter().any(|mechanism| mechanism.events != EventsManifest::default());
        // One invocation runs a cell that sends; then a workgroup needs many.
        let least = if sends { OF_WORKGROUP } else { 1 };
        let sizes = std::iter::successors(Some(OF_WORKGROUP), |size| Some(size / 2)).take_while(|&size| size >= least);
        Self::Cells(sizes.into_iter().find(|&size| fits(size)).unwrap_or(STREAMED))
    }

    /// The templates with their nodes as is best for such groups.
    pub(super) fn arranged(self, templates: Vec<Template>) -> Vec<Template> {
        match self {
            Self::Cache { .. } => templates.into_iter().map(Template::arranged).collect(),
            Self::Cells(_) | Self::Device { .. } => templates,
        }
    }

    /// Most artificial cells in a group; 0 means no limit.
    pub(super) fn artificial_cells(self) -> usize {
        match self {
            Self::Cells(most) => most,
            Self::Cache { .. } | Self::Device { .. } => VECTOR,
        }
    }

    /// Cuts cells of one shape, each of so many changing values, into the cells of groups.
    pub(super) fn cut(self, cells: &[u32], values: usize) -> Vec<&[u32]> {
        let Self::Cache { threads, real } = self else {
            let Self::Cells(most) = self else { unreachable!("it is settled") };
            return cells.chunks(if most == 0 { usize::MAX } else { most }).collect();
        };
        let whole = cells.len() / VECTOR * VECTOR;
        let in_cache = CACHE / (values * real).max(1);
        let of_thread = whole / threads.max(1);
        let size = (in_cache.min(of_thread).min(MOST / real) / VECTOR * VECTOR).max(VECTOR);
        let (whole, rest) = cells.split_at(whole);
        let (half, rest) = rest.split_at(if rest.len() < VECTOR / 2 { 0 } else { VECTOR / 2 });
        whole.chunks(size).chain((!half.is_empty()).then_some(half)).chain(rest.chunks(1)).collect()
    }

    /// Most cells of different shapes in a group, if these have so many changing values altogether; 1 if each has its own.
    pub(super) fn trees(self, cells: usize, values: usize) -> usize {
        let Self::Cache { threads, real } = self else { return 1 };
        let in_cache = CACHE * cells / (values * real).max(1);
        let of_thread = cells / threads.max(1);
        in_cache.min(of_thread).clamp(TREES, MOST / real)
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

/// Bytes that some cells take in a workgroup: values that change, what the tree needs, and indices.
fn on_device(template: &Template, mechanisms: &[MechanismManifest], real: usize, cells: usize) -> usize {
    let nodes = template.parent.len();
    let (mut values, mut indices) = (3 * nodes, 5 * nodes);
    for inserted in &template.mechanisms {
        let mechanism = &mechanisms[inserted.mechanism];
        let carried = mechanism.columns.iter().filter(|column| column.access == ColumnAccess::Carried).count();
        values += inserted.nodes.len() * carried;
        indices += inserted.nodes.len() * 2;
        for ion in &mechanism.ions {
            // Concentrations that change, and currents that somebody reads.
            let is_current = |field: &IonField| matches!(field, IonField::Current | IonField::Didv);
            if ion.read.iter().any(is_current) || ion.write.iter().any(|field| !is_current(field)) {
                values += inserted.nodes.len() * IonField::ALL.len();
                indices += inserted.nodes.len();
            }
        }
    }
    real * (cells * values + 3 * nodes) + 4 * indices
}
