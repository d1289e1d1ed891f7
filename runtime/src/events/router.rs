//! From sources to the targets of their NetCons.

use super::{EventQueue, SPIKE_TIME_OFFSET, delivery_step, steps_of_delay};
use crate::engine::{Event, Spike, TimeAxis};
use crate::layout::{Layout, Target};
use crate::model::{Network, Source};

/// A NetCon as the router needs it.
#[derive(Clone, Copy, Debug)]
struct Connection {
    target: Target,
    delay: f64,
}

/// The connections of each source, in order of creation.
#[derive(Debug)]
pub struct Router {
    of_cell: Vec<Vec<Connection>>,
    of_train: Vec<Vec<Connection>>,
    shortest: Option<u64>,
}

impl Router {
    /// Sorts a network's NetCons by source.
    pub fn new(network: &Network, layout: &Layout) -> Self {
        let mut of_cell = vec![Vec::new(); network.cells.len()];
        let mut of_train = vec![Vec::new(); network.trains.len()];
        let mut shortest: Option<u64> = None;
        for (netcon, &target) in network.netcons.iter().zip(&layout.targets) {
            let connection = Connection { target, delay: netcon.delay };
            match netcon.source {
                Source::Cell(cell) => {
                    of_cell[cell].push(connection);
                    let steps = steps_of_delay(netcon.delay, layout.dt);
                    shortest = Some(shortest.map_or(steps, |least| least.min(steps)));
                }
                Source::Train(train) => of_train[train].push(connection),
            }
        }
        Self { of_cell, of_train, shortest }
    }

    /// The longest window, in steps, in which no spike can reach a point process; `None` without
    /// connections between cells.
    ///
    /// A spike found at the end of the window's first step belongs to the second; its event is due
    /// `shortest` steps later, which must be after the window.
    pub fn longest_window(&self) -> Option<u64> {
        self.shortest.map(|steps| steps + 1)
    }

    /// Queues the events of given spike trains, ms.
    pub fn send_trains(&self, trains: &[Vec<f64>], axis: &TimeAxis, queue: &mut EventQueue) {
        for (times, connections) in trains.iter().zip(&self.of_train) {
            for &time in times {
                send(connections, time, axis, queue);
            }
        }
    }

    /// Queues the events of a spike.
    pub fn send_spike(&self, spike: Spike, axis: &TimeAxis, queue: &mut EventQueue) {
        let time = axis.begin(spike.step) + SPIKE_TIME_OFFSET;
        send(&self.of_cell[spike.cell as usize], time, axis, queue);
    }
}

fn send(connections: &[Connection], time: f64, axis: &TimeAxis, queue: &mut EventQueue) {
    for connection in connections {
        let due = time + connection.delay;
        let Target { group, block, row, lane, argument } = connection.target;
        let step = delivery_step(axis, due);
        queue.push(group, Event { step, time: due, sequence: 0, lane, block, row, argument });
    }
}
