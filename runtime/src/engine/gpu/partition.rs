//! Which thread of a cell owns which node, and the tree by distance from the root.

use crate::layout::Group;
use std::collections::HashMap;

/// Entries sorted by key, in their order within a key: first entry of each key and one more, and the
/// sorted entries.
pub(super) fn bucket(keys: usize, key_of: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; keys + 1];
    for &key in key_of {
        starts[key as usize + 1] += 1;
    }
    for key in 0..keys {
        starts[key + 1] += starts[key];
    }
    let mut next = starts.clone();
    let mut order = vec![0; key_of.len()];
    for (entry, &key) in (0..).zip(key_of) {
        order[next[key as usize] as usize] = entry;
        next[key as usize] += 1;
    }
    (starts, order)
}

/// The thread that owns each node.
///
/// Nodes with the same mechanisms are dealt out in turn, so that every mechanism is spread evenly.
pub(super) fn owners(group: &Group, threads: u32) -> Vec<u32> {
    let mut mechanisms = vec![Vec::new(); group.nodes()];
    for (index, block) in group.blocks.iter().enumerate().filter(|(_, block)| !block.is_point()) {
        for &node in &block.node {
            mechanisms[node as usize / group.lanes].push(index);
        }
    }
    let mut next: HashMap<&[usize], u32> = HashMap::new();
    let mut owners = Vec::with_capacity(group.nodes());
    for mechanisms in &mechanisms {
        // Kinds of nodes begin at different threads, lest thread 0 get one of each.
        let kinds = next.len() as u32;
        let next = next.entry(mechanisms).or_insert(kinds);
        owners.push(*next % threads);
        *next += 1;
    }
    owners
}

/// Distance of each node from the root.
pub(super) fn distances(parent: &[u32]) -> Vec<u32> {
    let mut distances: Vec<u32> = Vec::with_capacity(parent.len());
    for (node, &parent) in parent.iter().enumerate() {
        distances.push(if node == 0 { 0 } else { distances[parent as usize] + 1 });
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Block;

    #[test]
    fn buckets_keep_order() {
        assert_eq!(bucket(3, &[2, 0, 2, 0]), (vec![0, 2, 2, 4], vec![1, 3, 0, 2]));
        assert_eq!(bucket(1, &[]), (vec![0, 0], vec![]));
    }

    #[test]
    fn every_mechanism_is_spread() {
        let block = |node: Vec<u32>| Block { node, ..Block::default() };
        let group = Group {
            lanes: 1,
            parent: vec![0; 8],
            blocks: vec![block((0..8).collect()), block((0..8).step_by(2).collect())],
            ..Group::default()
        };
        let owners = owners(&group, 2);
        for nodes in [vec![0, 2, 4, 6], vec![1, 3, 5, 7]] {
            assert_eq!(nodes.iter().filter(|&&node| owners[node] == 0).count(), 2);
        }
    }

    #[test]
    fn distances_grow_from_the_root() {
        assert_eq!(distances(&[0, 0, 1, 0, 3, 4]), [0, 1, 2, 1, 2, 3]);
    }
}
