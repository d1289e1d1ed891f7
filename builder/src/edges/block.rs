//! Some edges of a type, in memory: rows of sources and targets, and either numbers of synapses or, once each
//! synapse has properties, a row for each synapse.

use crate::Column;

/// Edges as columns.
#[derive(Debug, Clone, Default)]
pub struct Block {
    pub(crate) sources: Vec<u32>,
    pub(crate) targets: Vec<u32>,
    /// Empty once there is a row for each synapse.
    pub(crate) counts: Vec<u32>,
    pub(crate) columns: Vec<Column>,
}

impl Block {
    pub(crate) fn push(&mut self, source: u32, target: u32, count: u32) {
        self.sources.push(source);
        self.targets.push(target);
        self.counts.push(count);
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The rows of the source nodes in their network's table.
    pub fn sources(&self) -> &[u32] {
        &self.sources
    }

    /// The rows of the target nodes in their network's table.
    pub fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// The number of synapses of a row.
    pub fn synapses(&self, row: usize) -> u32 {
        self.counts.get(row).copied().unwrap_or(1)
    }

    /// The number of synapses of all rows.
    pub fn total_synapses(&self) -> u64 {
        if self.counts.is_empty() { self.len() as u64 } else { self.counts.iter().map(|&c| u64::from(c)).sum() }
    }

    /// Properties of the rows.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(crate) fn push_column(&mut self, column: Column) {
        self.columns.push(column);
    }

    /// Gives each synapse a row.
    pub(crate) fn expand(&mut self) {
        if self.counts.iter().any(|&c| c != 1) {
            let repeat = |ids: &[u32]| -> Vec<u32> {
                ids.iter().zip(&self.counts).flat_map(|(&id, &n)| std::iter::repeat_n(id, n as usize)).collect()
            };
            (self.sources, self.targets) = (repeat(&self.sources), repeat(&self.targets));
        }
        self.counts = Vec::new();
    }

    /// Sorts rows without properties by source; rows of a source stay in order.
    pub(crate) fn sort_by_source(&mut self) {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_by_key(|&row| self.sources[row as usize]);
        *self = self.permuted(&order);
    }

    /// The rows in another order.
    pub(crate) fn permuted(&self, order: &[u32]) -> Block {
        let pick = |v: &[u32]| -> Vec<u32> {
            if v.is_empty() { Vec::new() } else { order.iter().map(|&r| v[r as usize]).collect() }
        };
        Block {
            sources: pick(&self.sources),
            targets: pick(&self.targets),
            counts: pick(&self.counts),
            columns: self.columns.iter().map(|c| c.permuted(order)).collect(),
        }
    }

    /// Appends the rows of a block with the same columns.
    pub(crate) fn append(&mut self, other: Block) {
        self.sources.extend(other.sources);
        self.targets.extend(other.targets);
        self.counts.extend(other.counts);
        if self.columns.is_empty() {
            self.columns = other.columns;
        } else {
            self.columns.iter_mut().zip(other.columns).for_each(|(a, b)| a.append(b));
        }
    }

    /// Memory, bytes.
    pub(crate) fn size(&self) -> usize {
        4 * (self.sources.len() + self.targets.len() + self.counts.len())
            + self.columns.iter().map(Column::size).sum::<usize>()
    }
}
