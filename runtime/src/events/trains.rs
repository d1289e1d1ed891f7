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
