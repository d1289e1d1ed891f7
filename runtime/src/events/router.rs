//! From sources to the targets of their NetCons.

use super::{EventQueue, SPIKE_TIME_OFFSET, delivery_step, steps_of_delay};
use crate::engine::{Emission, Event, Output, TimeAxis};
use crate::layout::{Layout, Target};
use crate::model::{Network, Source};

/// A NetCon as the router needs it.
#[derive(Clone, Copy, Debug)]
struct Connection {
    target: Target,
    delay: f64,
}

/// The connections of each of some sources, in order of creation.
#[derive(Debug, Default)]
struct Connections {
    /// Where those of each source begin, and where the last end; empty if there are none at all.
    starts: Vec<u32>,
    all: Vec<Connection>,
}

impl Connections {
    /// Sorts `(source, connection)`, whose sources are below `sources`.
    fn new(sources: usize, each: impl Iterator<Item = (usize, Connection)> + Clone) -> Self {
        let Some((_, any)) = each.clone().next() else { return Self::default() };
        let mut starts = vec![0; sources + 1];
        for (source, _) in each.clone() {
            starts[source + 1] += 1;
        }
        for source in 0..sources {
            starts[source + 1] += starts[source];
        }
        let mut all = vec![any; starts[sources] as usize];
        let mut next = starts.clone();
        for (source, connection) in each {
            all[next[source] as usize] = connection;
            next[source] += 1;
        }
        Self { starts, all }
    }

    fn of(&self, source: usize) -> &[Connection] {
        match self.starts.get(source..source + 2) {
            Some(&[start, end]) => &self.all[start as usize..end as usize],
            _ => &[],
        }
    }
}

/// NetCons by their sources.
#[derive(Debug)]
pub struct Router {
    of_cell: Connections,
    of_train: Connections,
    of_instance: Connections,
    longest_window: Option<u64>,
}

impl Router {
    /// Sorts a network's NetCons by source.
    pub fn new(network: &Network, layout: &Layout) -> Self {
        let mut longest_window: Option<u64> = None;
        let mut limit = |steps: u64| longest_window = Some(longest_window.map_or(steps, |least| least.min(steps)));
        for netcon in &network.netcons {
            match netcon.source {
                // A spike found at the end of a window's first step belongs to the second; its event is due so many
                // steps later, which must be after the window.
                Source::Cell(_) => limit(steps_of_delay(netcon.delay, layout.dt) + 1),
                Source::Train(_) => {}
                Source::Instance(_) => limit(steps_of_emission(netcon.delay, layout.dt)),
            }
        }
        let with = |number: fn(&Network, Source) -> Option<usize>| {
            network.netcons.iter().zip(&layout.targets).filter_map(move |(netcon, &target)| {
                Some((number(network, netcon.source)?, Connection { target, delay: netcon.delay }))
            })
        };
        let cell = |_: &Network, source| if let Source::Cell(cell) = source { Some(cell) } else { None };
        let train = |_: &Network, source| if let Source::Train(train) = source { Some(train) } else { None };
        let instance = |network: &Network, source| match source {
            Source::Instance(instance) => Some(network.number(instance)),
            Source::Cell(_) | Source::Train(_) => None,
        };
        Self {
            of_cell: Connections::new(network.cells.len(), with(cell)),
            of_train: Connections::new(network.trains.len(), with(train)),
            of_instance: Connections::new(network.instances(), with(instance)),
            longest_window,
        }
    }

    /// The longest window, in steps, in which no spike and no `net_event` can reach an instance; `None` without
    /// connections between cells. In windows of 0 steps, events that are sent in a step may be due in it.
    pub fn longest_window(&self) -> Option<u64> {
        self.longest_window
    }

    /// Queues the events of a spike of a given train at `time`, ms.
    pub fn send_spike_of_train(&self, train: usize, time: f64, axis: &TimeAxis, queue: &mut EventQueue) {
        send(self.of_train.of(train), time, time, axis, queue);
    }

    /// Queues the events of spikes and `net_event`s, in the order in which these were sent.
    pub fn send_all(&self, output: &Output, axis: &TimeAxis, queue: &mut EventQueue) {
        let mut emissions = output.emissions.iter().peekable();
        for spike in &output.spikes {
            let time = axis.begin(spike.step) + SPIKE_TIME_OFFSET;
            while let Some(emission) = emissions.next_if(|emission| emission.sent < time) {
                self.send_emission(emission, axis, queue);
            }
            send(self.of_cell.of(spike.cell as usize), time, time, axis, queue);
        }
        for emission in emissions {
            self.send_emission(emission, axis, queue);
        }
    }

    fn send_emission(&self, emission: &Emission, axis: &TimeAxis, queue: &mut EventQueue) {
        send(self.of_instance.of(emission.instance as usize), emission.sent, emission.time, axis, queue);
    }
}

/// Steps that a window may have when an instance sends an event `delay` ms ahead at any time of its first step. The
/// step begins half a step before the middle of the step before; rounded down where round-off could decide.
fn steps_of_emission(delay: f64, dt: f64) -> u64 {
    let steps = (delay / dt - 1e-6).ceil() - 1.0;
    if steps > 0.0 { steps as u64 } else { 0 }
}

fn send(connections: &[Connection], sent: f64, time: f64, axis: &TimeAxis, queue: &mut EventQueue) {
    for connection in connections {
        let due = time + connection.delay;
        let Target { group, block, row, lane, argument } = connection.target;
        let step = delivery_step(axis, due);
        queue.push(group, Event { step, time: due, sent, sequence: 0, lane, block, row, argument });
    }
}
