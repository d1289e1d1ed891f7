//! Given spike trains, sent as the simulation comes to them.

use super::{EventQueue, Router, delivery_step};
use crate::engine::TimeAxis;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Spike trains, and how far they have been sent: events of later spikes would fill the memory.
#[derive(Debug)]
pub struct SpikeTrains<'a> {
    trains: &'a [Vec<f64>],
    next: BinaryHeap<Reverse<Next>>,
}

/// The next spike of a train.
#[derive(Clone, Copy, Debug)]
struct Next {
    time: f64,
    train: usize,
    index: usize,
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time.total_cmp(&other.time).then(self.train.cmp(&other.train))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Next {}

impl<'a> SpikeTrains<'a> {
    /// Trains of ascending times, ms, none of which has been sent.
    pub fn new(trains: &'a [Vec<f64>]) -> Self {
        let first = |(train, times): (usize, &Vec<f64>)| Some(Reverse(Next { time: *times.first()?, train, index: 0 }));
        Self { trains, next: trains.iter().enumerate().filter_map(first).collect() }
    }

    /// Queues the events of all spikes that steps before `end` may have to know of, in order of spikes, those of one time in
    /// order of trains.
    pub fn send_until(&mut self, end: u64, router: &Router, axis: &TimeAxis, queue: &mut EventQueue) {
        while let Some(mut first) = self.next.peek_mut() {
            let Next { time, train, index } = first.0;
            // No delay is negative.
            if delivery_step(axis, time) >= end {
                return;
            }
            router.send_spike_of_train(train, time, axis, queue);
            match self.trains[train].get(index + 1) {
                Some(&time) => first.0 = Next { time, train, index: index + 1 },
                None => drop(std::collections::binary_heap::PeekMut::pop(first)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Layout, Target};
    use crate::model::{Instance, NetCon, Network, Source};

    #[test]
    fn spikes_are_sent_when_steps_may_know_of_them() {
        let trains = vec![vec![0.1, 2.0, 2.0], vec![], vec![0.1, 1.0, 9.0]];
        let netcon =
            |train, delay| NetCon { source: Source::Train(train), target: Instance::Artificial(0), weight: 1.0, delay };
        let netcons = vec![netcon(2, 0.0), netcon(0, 0.0), netcon(0, 3.0)];
        let network = Network { netcons, trains: trains.clone(), ..Network::default() };
        let target = |row| Target { group: 0, block: 0, row, lane: 0, argument: 0 };
        let layout = Layout {
            targets: (0..3).map(target).collect(),
            groups: Vec::new(),
            probes: Vec::new(),
            transfers: Vec::new(),
            played: Vec::new(),
            courses: Vec::new(),
            mechanisms: Vec::new(),
            species: Vec::new(),
            dt: 0.5,
            celsius: 6.3,
            v_init: -65.0,
        };
        let (router, axis) = (Router::new(&network, &layout), TimeAxis::new(0.5));
        let (mut spikes, mut queue) = (SpikeTrains::new(&trains), EventQueue::default());
        let mut groups = vec![Vec::new()];
        let mut until = |end: u64| {
            spikes.send_until(end, &router, &axis, &mut queue);
            let sent = queue.sent();
            queue.take_until(end, &mut groups);
            (sent, groups[0].iter().map(|event| (event.time, event.row)).collect::<Vec<_>>())
        };
        assert_eq!(until(1), (3, vec![(0.1, 1), (0.1, 0)]), "of one time in order of trains");
        assert_eq!(until(4), (4, vec![(1.0, 0)]));
        assert_eq!(until(10), (8, vec![(2.0, 1), (2.0, 1), (3.1, 2)]), "9 ms is later");
        assert_eq!(until(100), (9, vec![(5.0, 2), (5.0, 2), (9.0, 0)]));
    }
}
