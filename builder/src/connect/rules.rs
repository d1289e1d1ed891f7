//! Rules that look at all pairs: constants, tables, and closures.

use super::{Connector, Order, Pairs, Sink, by_target};
use crate::nodes::{Node, NodePool};
use crate::{Error, Result, Stream};

/// The same number of synapses between each source and each target, a node and itself included.
#[derive(Debug, Clone, Copy)]
pub struct Constant(pub u32);

impl Connector for Constant {
    fn order(&self) -> Order {
        Order::BySource
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        if self.0 == 0 {
            return Ok(());
        }
        for source in 0..pairs.sources.len() {
            for target in 0..pairs.targets.len() {
                sink(source as u32, target as u32, self.0)?;
            }
        }
        Ok(())
    }
}

/// A table of numbers of synapses.
#[derive(Debug, Clone)]
pub enum Counts {
    /// A number for each pair: the first source with all targets, then the second source, ...
    Pairs(Vec<u32>),
    /// A number for each target, the same for all sources.
    Targets(Vec<u32>),
    /// A number for each source, the same for all targets.
    Sources(Vec<u32>),
}

impl Connector for Counts {
    fn order(&self) -> Order {
        Order::BySource
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let (sources, targets) = (pairs.sources.len(), pairs.targets.len());
        let (found, wanted, of) = match self {
            Counts::Pairs(v) => (v.len(), sources * targets, "pair of source and target"),
            Counts::Targets(v) => (v.len(), targets, "target"),
            Counts::Sources(v) => (v.len(), sources, "source"),
        };
        if found != wanted {
            let message = format!("a list of {found} numbers; one for each {of} makes {wanted}");
            return Err(Error::argument("add_edges", "connection_rule", message));
        }
        for source in 0..sources {
            for target in 0..targets {
                let count = match self {
                    Counts::Pairs(v) => v[source * targets + target],
                    Counts::Targets(v) => v[target],
                    Counts::Sources(v) => v[source],
                };
                if count > 0 {
                    sink(source as u32, target as u32, count)?;
                }
            }
        }
        Ok(())
    }
}

/// Connections that were found before.
#[derive(Debug, Clone)]
pub struct Explicit {
    /// The place of each connection's source among the sources.
    pub sources: Vec<u32>,
    /// The place of each connection's target among the targets.
    pub targets: Vec<u32>,
    /// The number of synapses of each connection.
    pub counts: Vec<u32>,
    /// How they are sorted.
    pub order: Order,
}

impl Connector for Explicit {
    fn order(&self) -> Order {
        self.order
    }

    fn connect(&self, _: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        if self.sources.len() != self.targets.len() || self.sources.len() != self.counts.len() {
            let [s, t, n] = [&self.sources, &self.targets, &self.counts].map(Vec::len);
            let message = format!("{s} sources, {t} targets and {n} numbers of synapses");
            return Err(Error::argument("add_edges", "connection_rule", message));
        }
        for ((&source, &target), &count) in self.sources.iter().zip(&self.targets).zip(&self.counts) {
            if count > 0 {
                sink(source, target, count)?;
            }
        }
        Ok(())
    }
}

/// A closure that is asked for each pair of source and target (iterator `one_to_one`).
pub struct Pairwise<F>(pub F);

impl<F: Fn(Node<'_>, Node<'_>, &mut Stream) -> u32 + Send + Sync> Connector for Pairwise<F> {
    fn order(&self) -> Order {
        Order::ByTarget
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        by_target(pairs.progress, pairs.targets.len(), sink, |target, out| {
            let mut stream = pairs.stream(target);
            let node = pairs.targets.node(target);
            for (at, source) in pairs.sources.iter().enumerate() {
                let count = (self.0)(source, node, &mut stream);
                if count > 0 {
                    out.push((at as u32, count));
                }
            }
            Ok(())
        })
    }
}

/// From `low` to `high` synapses for each pair, both possible, all numbers equally likely.
#[derive(Debug, Clone, Copy)]
pub struct RandomCount {
    /// The smallest number.
    pub low: u32,
    /// The largest number.
    pub high: u32,
}

impl Connector for RandomCount {
    fn order(&self) -> Order {
        Order::ByTarget
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let (low, high) = (i64::from(self.low), i64::from(self.high));
        Pairwise(|_: Node<'_>, _: Node<'_>, stream: &mut Stream| stream.integer(low, high) as u32).connect(pairs, sink)
    }
}

fn check(found: usize, wanted: usize, of: &str) -> Result<()> {
    if found == wanted {
        return Ok(());
    }
    let message = format!("the rule gave {found} numbers for {wanted} {of}");
    Err(Error::argument("add_edges", "connection_rule", message))
}

/// A closure that is asked for each source, with all targets (iterator `one_to_all`). It gives a number for each
/// target.
pub struct OneToAll<F>(pub F);

impl<F: Fn(Node<'_>, &NodePool, &mut Stream) -> Vec<u32> + Send + Sync> Connector for OneToAll<F> {
    fn order(&self) -> Order {
        Order::BySource
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let mut turned = |target: u32, source: u32, count: u32| sink(source, target, count);
        by_target(pairs.progress, pairs.sources.len(), &mut turned, |source, out| {
            let counts = (self.0)(pairs.sources.node(source), pairs.targets, &mut pairs.stream(source));
            check(counts.len(), pairs.targets.len(), "targets")?;
            out.extend(counts.into_iter().enumerate().filter(|&(_, n)| n > 0).map(|(at, n)| (at as u32, n)));
            Ok(())
        })
    }
}

/// A closure that is asked for each target, with all sources (iterator `all_to_one`). It gives a number for each
/// source.
pub struct AllToOne<F>(pub F);

impl<F: Fn(&NodePool, Node<'_>, &mut Stream) -> Vec<u32> + Send + Sync> Connector for AllToOne<F> {
    fn order(&self) -> Order {
        Order::ByTarget
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        by_target(pairs.progress, pairs.targets.len(), sink, |target, out| {
            let counts = (self.0)(pairs.sources, pairs.targets.node(target), &mut pairs.stream(target));
            check(counts.len(), pairs.sources.len(), "sources")?;
            out.extend(counts.into_iter().enumerate().filter(|&(_, n)| n > 0).map(|(at, n)| (at as u32, n)));
            Ok(())
        })
    }
}
