//! Rules in which only near pairs can be connected. A grid of cubes as wide as the greatest distance holds the
//! sources, so that a target looks at 27 cubes and not at all sources.

use super::{Connector, Order, Pairs, Sink, by_target};
use crate::grid::Grid;
use crate::nodes::NodePool;
use crate::{Error, Result, Stream};

fn wrong(argument: &str, message: impl Into<String>) -> Error {
    Error::argument("add_edges", format!("connection_rule: {argument}"), message)
}

fn positions(pool: &NodePool, argument: &str) -> Result<Vec<[f64; 3]>> {
    pool.positions().map_err(|id| {
        let message =
            format!("node {id} of network {} has no `positions`, `position` or `x`, `y`, `z`", pool.network());
        Error::argument("add_edges", argument, message)
    })
}

/// A closure that is asked for each pair not farther apart than a radius: it is given the places of source and
/// target among the sources and targets, their distance in um, and random numbers, and gives a number of synapses.
pub struct WithinDistance<F> {
    /// The greatest distance, um.
    pub radius: f64,
    /// The rule.
    pub rule: F,
}

impl<F: Fn(usize, usize, f64, &mut Stream) -> u32 + Send + Sync> Connector for WithinDistance<F> {
    fn order(&self) -> Order {
        Order::ByTarget
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        if !(self.radius > 0.0 && self.radius.is_finite()) {
            return Err(wrong("radius", format!("{} is no distance; give um, more than 0", self.radius)));
        }
        let sources = positions(pairs.sources, "source")?;
        let targets = positions(pairs.targets, "target")?;
        let grid = Grid::new(&sources, self.radius);
        by_target(pairs.progress, targets.len(), sink, |target, out| {
            let mut stream = pairs.stream(target);
            let mut near = Vec::new();
            grid.within(targets[target], self.radius, |source, distance| near.push((source, distance)));
            near.sort_unstable_by_key(|&(source, _)| source);
            for (source, distance) in near {
                let count = (self.rule)(source as usize, target, distance, &mut stream);
                if count > 0 {
                    out.push((source, count));
                }
            }
            Ok(())
        })
    }
}

/// BMTK's `distance_connector`: pairs are connected with a probability that falls linearly from `d_weight_max` at
/// distance 0 to `d_weight_min` at `d_max`, and is 0 beyond. A node is not connected with itself.
#[derive(Debug, Clone, Copy)]
pub struct DistanceConnector {
    /// The probability at the distance `d_max`.
    pub d_weight_min: f64,
    /// The probability at the distance 0.
    pub d_weight_max: f64,
    /// The greatest distance, um.
    pub d_max: f64,
    /// The smallest number of synapses of connected cells.
    pub nsyn_min: u32,
    /// The largest number of synapses of connected cells.
    pub nsyn_max: u32,
}

impl Connector for DistanceConnector {
    fn order(&self) -> Order {
        Order::ByTarget
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        check_range(self.nsyn_min, self.nsyn_max)?;
        let rule = |_: &mut Stream, distance: f64| {
            let t = distance / self.d_max;
            self.d_weight_max * (1.0 - t) + self.d_weight_min * t
        };
        near(pairs, self.d_max, "d_max", self.nsyn_min, self.nsyn_max, rule, sink)
    }
}

/// Pairs are connected with the probability p exp(-d²/(2 sigma²)) of their distance d. Pairs farther apart than six
/// sigma, whose probability is less than p 2e-8, are not looked at. A node is not connected with itself.
#[derive(Debug, Clone, Copy)]
pub struct GaussianConnector {
    /// The probability at the distance 0.
    pub p: f64,
    /// The standard deviation, um.
    pub sigma: f64,
    /// The smallest number of synapses of connected cells.
    pub nsyn_min: u32,
    /// The largest number of synapses of connected cells.
    pub nsyn_max: u32,
}

impl Connector for GaussianConnector {
    fn order(&self) -> Order {
        Order::ByTarget
    }

    fn connect(&self, pairs: Pairs<'_>, sink: &mut Sink<'_>) -> Result<()> {
        check_range(self.nsyn_min, self.nsyn_max)?;
        if !(0.0..=1.0).contains(&self.p) {
            return Err(wrong("p", format!("{} is no probability", self.p)));
        }
        let scale = -0.5 / (self.sigma * self.sigma);
        let rule = |_: &mut Stream, distance: f64| self.p * (scale * distance * distance).exp();
        near(pairs, 6.0 * self.sigma, "sigma", self.nsyn_min, self.nsyn_max, rule, sink)
    }
}

fn check_range(low: u32, high: u32) -> Result<()> {
    if low <= high {
        return Ok(());
    }
    Err(wrong("nsyn_min", format!("{low} is more than nsyn_max, {high}")))
}

/// Connects near pairs with a probability of their distance.
fn near(
    pairs: Pairs<'_>,
    radius: f64,
    argument: &str,
    nsyn_min: u32,
    nsyn_max: u32,
    probability: impl Fn(&mut Stream, f64) -> f64 + Send + Sync,
    sink: &mut Sink<'_>,
) -> Result<()> {
    if !(radius > 0.0 && radius.is_finite()) {
        return Err(wrong(argument, "expected a distance in um, more than 0"));
    }
    let (sources, targets) = (pairs.sources.rows(), pairs.targets.rows());
    let one_network = pairs.one_network();
    let rule = |source: usize, target: usize, distance: f64, stream: &mut Stream| {
        if one_network && sources[source] == targets[target] {
            return 0;
        }
        let p = probability(stream, distance);
        if p <= 0.0 || stream.uniform() >= p {
            return 0;
        }
        stream.integer(nsyn_min.into(), nsyn_max.into()) as u32
    };
    WithinDistance { radius, rule }.connect(pairs, sink)
}
