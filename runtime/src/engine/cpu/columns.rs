//! The columns of a block in memory: one value per instance, or one row that all instances share.

use super::super::Real;
use super::aligned::Aligned;
use crate::layout::Block;
use codegen::abi;
use codegen::manifest::{ColumnAccess, MechanismManifest};

/// Lanes of a row that is not one of cells: instances of narrow blocks lie in such rows.
pub(super) const TILE: usize = 64;

/// Columns begin at multiples of this, at the beginning of a cache line.
const BEGIN: usize = 16;

/// The values of the columns, one column after the other.
pub(super) struct Columns<R> {
    values: Aligned<R>,
    /// Where each column begins, and whether its instances share a row.
    places: Vec<(usize, bool)>,
    instances: usize,
}

/// The columns as kernels see them, in rows of some length.
pub(super) struct Views<R>(Vec<abi::Column<R>>);

// SAFETY: the pointers lead into the values of the `Columns` that live in the same block and are moved with it.
unsafe impl<R: Send> Send for Views<R> {}

impl<R> Views<R> {
    pub(super) fn as_ptr(&self) -> *const abi::Column<R> {
        self.0.as_ptr()
    }
}

impl<R: Real> Columns<R> {
    /// Columns whose instances all hold the same share a row, and so do those that no kernel reads, unless
    /// `is_own(position in block.columns)` of one of their values.
    pub(super) fn new(block: &Block, manifest: &MechanismManifest, is_own: impl Fn(usize) -> bool) -> Self {
        let instances = block.rows * block.lanes;
        let row = TILE.max(block.lanes);
        let (mut values, mut places) = (Vec::new(), Vec::new());
        for (column, of) in manifest.columns.iter().enumerate() {
            let range = column * instances..(column + 1) * instances;
            let own = &block.columns[range.clone()];
            let shared = instances > row
                && !range.clone().any(&is_own)
                && match of.access {
                    ColumnAccess::Constant => own.iter().all(|x| x.to_bits() == own[0].to_bits()),
                    ColumnAccess::Visible => true,
                    ColumnAccess::Carried => false,
                };
            values.resize(values.len().next_multiple_of(BEGIN), R::new(0.0));
            places.push((values.len(), shared));
            match shared {
                true => values.extend(std::iter::repeat_n(R::new(own[0]), row)),
                false => values.extend(own.iter().map(|&x| R::new(x))),
            }
        }
        Self { values: Aligned::new(values.into_iter()), places, instances }
    }

    /// Rows of `lanes` from instance `first` on.
    pub(super) fn views(&mut self, first: usize, lanes: usize) -> Views<R> {
        let base = self.values.as_mut_ptr();
        let view = |&(start, shared): &(usize, bool)| abi::Column {
            values: base.wrapping_add(if shared { start } else { start + first }),
            stride: if shared { 0 } else { lanes },
        };
        Views(self.places.iter().map(view).collect())
    }

    /// Whether all instances share a row of a column.
    pub(super) fn is_shared(&self, column: usize) -> bool {
        self.places[column].1
    }

    /// All values of a column that kernels hand on.
    pub(super) fn of(&self, column: usize) -> &[R] {
        let start = self.places[column].0;
        &self.values[start..start + self.instances]
    }

    /// The same, to be changed.
    pub(super) fn of_mut(&mut self, column: usize) -> &mut [R] {
        let start = self.places[column].0;
        &mut self.values[start..start + self.instances]
    }

    /// The value at a position of [`Block::columns`].
    pub(super) fn get(&self, index: usize) -> R {
        let (column, instance) = (index / self.instances, index % self.instances);
        let (start, shared) = self.places[column];
        self.values[if shared { start } else { start + instance }]
    }

    /// Sets the value at a position of [`Block::columns`], whose instances share no row.
    pub(super) fn set(&mut self, index: usize, value: R) {
        let (column, instance) = (index / self.instances, index % self.instances);
        let (start, shared) = self.places[column];
        debug_assert!(!shared, "a column that is set has a value for each instance");
        self.values[start + instance] = value;
    }

    /// The values in the order of [`Block::columns`].
    pub(super) fn iter(&self) -> impl Iterator<Item = R> {
        (0..self.places.len() * self.instances).map(|index| self.get(index))
    }
}
