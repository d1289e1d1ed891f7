//! Connection rules: how many synapses each source makes on each target.
//!
//! A rule is anything that implements [`Connector`]. Those here run in parallel over targets; the random numbers of
//! a target come from a stream of its own ([`crate::Stream`]).

mod distance;
mod rules;

pub use distance::{DistanceConnector, GaussianConnector, WithinDistance};
pub use rules::{AllToOne, Constant, Counts, Explicit, OneToAll, Pairwise, RandomCount};

use crate::nodes::NodePool;
use crate::{Error, Progress, Result, Stream};
use rayon::prelude::*;

/// What a rule is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Pairs<'a> {
    /// The source nodes.
    pub sources: &'a NodePool,
    /// The target nodes.
    pub targets: &'a NodePool,
    /// The seed of the network.
    pub seed: u64,
    /// Which streams of random numbers the rule uses; those of different edge types differ.
    pub(crate) purpose: u64,
    /// How far the building is, and whether it is to stop.
    pub progress: &'a Progress,
}

impl Pairs<'_> {
    /// Whether sources and targets are of one network, where a node may be both.
    pub fn one_network(&self) -> bool {
        self.sources.network() == self.targets.network()
    }

    /// The random numbers for item `item` (the place of a target, or of a source).
    pub fn stream(&self, item: usize) -> Stream {
        Stream::new(self.seed, self.purpose, item as u64)
    }
}

/// The order in which a rule gives its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// All of the first source, by target; then of the second source, ...
    BySource,
    /// All of the first target, by source; then of the second target, ...
    ByTarget,
}

/// Takes connections: the place of the source in the sources, that of the target in the targets, and the number of
/// synapses, which is not 0.
pub type Sink<'a> = dyn FnMut(u32, u32, u32) -> Result<()> + 'a;

/// A connection rule.
pub trait Connector: Send + Sync {
    /// The order in which [`Connector::connect`] gives connections.
    fn order(&self) -> Order;

    /// Gives all connections to `sink`, each pair at most once.
    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()>;
}

/// Runs `one` for the place of each target, in parallel, and gives what it found to the sink in the order of targets.
/// `one` pushes (source, number of synapses), by ascending source.
pub(crate) fn by_target(
    progress: &Progress,
    targets: usize,
    sink: &mut Sink<'_>,
    one: impl Fn(usize, &mut Vec<(u32, u32)>) -> Result<()> + Sync,
) -> Result<()> {
    /// Targets whose connections are in memory at a time. They are worked on in parallel.
    const BLOCK: usize = 1024;
    let places: Vec<usize> = (0..targets).collect();
    progress.begin(targets as u64);
    for block in places.chunks(BLOCK) {
        let found = block.par_iter().map(|&target| {
            let mut connections = Vec::new();
            one(target, &mut connections)?;
            Ok::<_, Error>((target, connections))
        });
        let found: Vec<_> = found.collect::<Result<_>>()?;
        for (target, connections) in found {
            for (source, count) in connections {
                sink(source, target as u32, count)?;
            }
        }
        progress.advance(block.len() as u64)?;
    }
    Ok(())
}
