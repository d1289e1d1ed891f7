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

/// The connections of each source, in order of creation.
#[derive(Debug)]
pub struct Router {
    of_cell: Vec<Vec<Connection>>,
    of_train: Vec<Vec<Connection>>,
    of_instance: Vec<Vec<Connection>>,
    longest_window: Option<u64>,
}

impl Router {
    /// Sorts a network's NetCons by source.
    pub fn new(network: &Network, layout: &Layout) -> Self {
        let mut of_cell = vec![Vec::new(); network.cells.len()];
        let mut of_train = vec![Vec::new(); network.trains.len()];
        let mut of_instance = vec![Vec::new(); network.instances()];
        let mut longest_window: Option<u64> = None;
        let mut limit = |steps: u64| longest_window = Some(longest_window.map_or(steps, |least| least.min(steps)));
        for (netcon, &target) in network.netcons.iter().zip(&layout.targets) {
            let connection = Connection { target, delay: netcon.delay };
            match netcon.source {
                Source::Cell(cell) => {
                    of_cell[cell].push(connection);
                    // A spike found at the end of a window's first step belongs to the second; its event is due so many
                    // steps later, which must be after the window.
                    limit(steps_of_delay(netcon.delay, layout.dt) + 1);
                }
                Source::Train(train) => of_train[train].push(connection),
                Source::Instance(instance) => {
                    of_instance[network.number(instance)].push(connection);
                    limit(steps_of_emission(netcon.delay, layout.dt));
                }
            }
        }
        Self { of_cell, of_train, of_instance, longest_window }
    }

    /// The longest window, in steps, in which no spike and no `net_event` can reach an instance; `None` without
    /// connections between cells. In windows of 0 steps, events that are sent in a step may be due in it.
    pub fn longest_window(&self) -> Option<u64> {
        self.longest_window
    }

    /// Queues the events of given spike trains, ms.
    pub fn send_trains(&self, trains: &[Vec<f64>], axis: &TimeAxis, queue: &mut EventQueue) {
        for (times, connections) in trains.iter().zip(&self.of_train) {
            for &time in times {
                send(connections, f64::NEG_INFINITY, time, axis, queue);
            }
        }
    }

    /// Queues the events of spikes and `net_event`s, in the order in which these were sent.
    pub fn send_all(&self, output: &Output, axis: &TimeAxis, queue: &mut EventQueue) {
        let mut emissions = output.emissions.iter().peekable();
        for spike in &output.spikes {
            let time = axis.begin(spike.step) + SPIKE_TIME_OFFSET;
            while let Some(emission) = emissions.next_if(|emission| emission.sent < time) {
                self.send_emission(emission, axis, queue);
            }
            send(&self.of_cell[spike.cell as usize], time, time, axis, queue);
        }
        for emission in emissions {
            self.send_emission(emission, axis, queue);
        }
    }

    fn send_emission(&self, emission: &Emission, axis: &TimeAxis, queue: &mut EventQueue) {
        send(&self.of_instance[emission.instance as usize], emission.sent, emission.time, axis, queue);
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
