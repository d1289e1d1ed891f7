//! Gives every stream of random numbers of every instance what tells it from all others.
//!
//! Instances are counted over the network: density mechanisms cell by cell, then point processes, each in the order of
//! the network. The count does not depend on groups, engines or threads.
//!
//! * Random123: ids that the user has not set are {1, 0, k} for the `k`-th stream, from 1, as NEURON numbers streams on one
//!   process. If some ids of a stream are set, the others are 0.
//! * scop_random: the `k`-th instance, from 0, begins [`STRIDE`]` * k` draws after the seed (which is 1 unless set), modulo
//!   the period of 2^32.

use super::{Block, Group};
use codegen::ir::{Stream, StreamKind};
use codegen::manifest::MechanismManifest;

/// Draws between the beginnings of two instances' stretches of the sequence of scop_random: 2^32 divided by the golden
/// ratio, so that any number of instances lie far apart.
const STRIDE: u32 = 2654435769;

/// Multiplier and increment of scop_random.
const SCOP: (u32, u32) = (2147437301, 453816981);

/// Fills the columns of all streams. `lanes` has group and lane of each cell, `points` group, block and row of each point
/// process.
pub(super) fn assign(
    groups: &mut [Group],
    mechanisms: &[MechanismManifest],
    lanes: &[(usize, usize)],
    points: &[(usize, usize, usize)],
) {
    if mechanisms.iter().all(|mechanism| mechanism.streams.is_empty()) {
        return;
    }
    let mut counts = Counts::default();
    for &(group, lane) in lanes {
        let Group { blocks, order, .. } = &mut groups[group];
        for block in blocks.iter_mut().filter(|block| !block.is_point()) {
            for row in rows_in(order, block) {
                let instance = row * block.lanes + lane;
                counts.instance(block, &mechanisms[block.mechanism], instance);
            }
        }
    }
    for &(group, block, row) in points {
        let block = &mut groups[group].blocks[block];
        counts.instance(block, &mechanisms[block.mechanism], row);
    }
}

/// The rows of a density block in an order of nodes.
fn rows_in(order: &[u32], block: &Block) -> Vec<usize> {
    let row_of = |&node: &u32| block.node.binary_search(&(node * block.lanes as u32)).ok();
    order.iter().filter_map(row_of).collect()
}

/// Streams met so far.
#[derive(Default)]
struct Counts {
    random123: u32,
    scop: u32,
}

impl Counts {
    fn instance(&mut self, block: &mut Block, mechanism: &MechanismManifest, instance: usize) {
        for stream in &mechanism.streams {
            let mut words = Words { block, mechanism, stream, instance };
            match stream.kind {
                StreamKind::Random123 => {
                    self.random123 = self.random123.wrapping_add(1);
                    let set = ["id1", "id2", "id3"].map(|id| words.get(id));
                    let unset = if set == [None; 3] { [1, 0, self.random123] } else { [0; 3] };
                    for ((id, value), unset) in ["id1", "id2", "id3"].into_iter().zip(set).zip(unset) {
                        words.set(id, value.unwrap_or(unset));
                    }
                }
                StreamKind::Scop => {
                    let (factor, offset) = jump(STRIDE.wrapping_mul(self.scop));
                    self.scop = self.scop.wrapping_add(1);
                    let seed = words.get("state").unwrap_or(1);
                    words.set("factor", factor);
                    words.set("offset", offset);
                    words.set("state", factor.wrapping_mul(seed).wrapping_add(offset));
                }
            }
        }
    }
}

/// The words of one stream of one instance.
struct Words<'a> {
    block: &'a mut Block,
    mechanism: &'a MechanismManifest,
    stream: &'a Stream,
    instance: usize,
}

impl Words<'_> {
    fn at(&self, part: &str) -> Option<usize> {
        let column = self.mechanism.column(&format!("{}.{part}", self.stream.name))?;
        Some(column * self.block.rows * self.block.lanes + self.instance)
    }

    /// A word, unless it is negative: not set.
    fn get(&self, part: &str) -> Option<u32> {
        let low = self.block.columns[self.at(part)?];
        let high = self.block.columns[self.at(&format!("{part}_high"))?];
        // Conversions saturate.
        (low >= 0.0).then(|| (low as u32).wrapping_add((high as u32) << 16))
    }

    fn set(&mut self, part: &str, word: u32) {
        if let (Some(low), Some(high)) = (self.at(part), self.at(&format!("{part}_high"))) {
            self.block.columns[low] = f64::from(word & 0xffff);
            self.block.columns[high] = f64::from(word >> 16);
        }
    }
}

/// What `count` draws of scop_random do to its state: `factor * state + offset`.
fn jump(count: u32) -> (u32, u32) {
    let (mut factor, mut offset) = (1u32, 0u32);
    let mut step = SCOP;
    for bit in 0..u32::BITS {
        if count >> bit & 1 == 1 {
            (factor, offset) = (factor.wrapping_mul(step.0), offset.wrapping_mul(step.0).wrapping_add(step.1));
        }
        step = (step.0.wrapping_mul(step.0), step.1.wrapping_mul(step.0).wrapping_add(step.1));
    }
    (factor, offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use codegen::{Options, compile};
    use nmodl_parser::SourceFile;

    #[test]
    fn a_jump_is_as_many_draws() {
        for count in [0, 1, 2, 7, 1000] {
            let mut state = 12345u32;
            for _ in 0..count {
                state = state.wrapping_mul(SCOP.0).wrapping_add(SCOP.1);
            }
            let (factor, offset) = jump(count);
            assert_eq!(factor.wrapping_mul(12345).wrapping_add(offset), state);
        }
    }

    #[test]
    fn every_instance_has_streams_of_its_own() {
        let text = "NEURON { POINT_PROCESS x RANDOM r, s RANGE y } ASSIGNED { y }
            INITIAL { y = random_uniform(r) + random_uniform(s) + scop_random() }";
        let (mechanism, _) = compile(&SourceFile::new("x.mod", text), &Options::default());
        let manifest = MechanismManifest::of(&mechanism.unwrap());
        let rows = 3;
        let mut columns: Vec<f64> =
            manifest.columns.iter().flat_map(|column| std::iter::repeat_n(column.default, rows)).collect();
        let at = |name: &str, row: usize| manifest.column(name).unwrap() * rows + row;
        columns[at("s.id2", 1)] = 70000.0;
        let block = Block { rows, lanes: 1, columns: columns.into(), cell_of: vec![0; 3], ..Block::default() };
        let mut groups = vec![Group { lanes: 1, blocks: vec![block], ..Group::default() }];
        let points = [(0, 0, 0), (0, 0, 1), (0, 0, 2)];
        assign(&mut groups, std::slice::from_ref(&manifest), &[(0, 0)], &points);
        let columns = &groups[0].blocks[0].columns;
        let ids = |stream: &str, row| ["id1", "id2", "id3"].map(|id| columns[at(&format!("{stream}.{id}"), row)]);
        assert_eq!((ids("r", 0), ids("s", 0), ids("r", 2)), ([1.0, 0.0, 1.0], [1.0, 0.0, 2.0], [1.0, 0.0, 5.0]));
        assert_eq!(ids("s", 1), [0.0, 4464.0, 0.0]);
        assert_eq!(columns[at("s.id2_high", 1)], 1.0);
        let state = |row| columns[at("scop_random.state", row)];
        assert!(state(0) == 1.0 && state(1) != 1.0 && state(1) != state(2));
    }
}
