//! Events waiting for their window.

use crate::engine::Event;
use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

/// Steps for which there is a place each; events of later ones are few.
const NEAR: u64 = 4096;

/// Events that a place may always have room for.
const LEAST: usize = 64;

/// An event, and its group.
type Waiting = (u32, Event);

/// Events by delivery step.
#[derive(Debug, Default)]
pub struct EventQueue {
    /// The first step whose events may still be here.
    first: u64,
    /// Those of it and of the steps after it.
    near: VecDeque<Vec<Waiting>>,
    /// Those of steps that were too far away when they were sent.
    far: BTreeMap<u64, Vec<Waiting>>,
    /// Empty places of steps that are over.
    spare: Vec<Vec<Waiting>>,
    sent: u64,
}

impl EventQueue {
    /// Adds an event for a group; gives it the next sequence number.
    pub fn push(&mut self, group: u32, mut event: Event) {
        event.sequence = self.sent;
        self.sent += 1;
        let ahead = event.step.saturating_sub(self.first);
        if ahead >= NEAR {
            self.far.entry(event.step).or_default().push((group, event));
            return;
        }
        while self.near.len() <= ahead as usize {
            self.near.push_back(Vec::new());
        }
        let events = &mut self.near[ahead as usize];
        if events.capacity() == 0 {
            *events = self.spare.pop().unwrap_or_default();
        }
        events.push((group, event));
    }

    /// Count of events ever added.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Moves the events of all steps before `end` into `groups`, sorted by step, time, time of sending, sequence.
    pub fn take_until(&mut self, end: u64, groups: &mut [Vec<Event>]) {
        groups.iter_mut().for_each(Vec::clear);
        for step in self.first..end {
            let mut events = self.near.pop_front().unwrap_or_default();
            if let Some(more) = self.far.remove(&step) {
                events.extend(more);
            }
            hand_out(&mut events, groups);
            self.keep(events);
        }
        self.first = self.first.max(end);
    }

    /// Keeps the place of a step that is over, unless it is much larger than it had to be.
    fn keep(&mut self, mut events: Vec<Waiting>) {
        if events.capacity() > 0 && events.capacity() <= LEAST.max(4 * events.len()) {
            events.clear();
            self.spare.push(events);
        }
    }

    /// The earliest time of an event of the steps up to `step`; infinite if there is none.
    pub fn next_time(&self, step: u64) -> f64 {
        let near = self.near.iter().take(self.near_until(step)).flatten();
        let events = near.chain(self.far.range(..=step).flat_map(|(_, events)| events));
        events.map(|(_, event)| event.time).fold(f64::INFINITY, f64::min)
    }

    /// Moves the events of the steps up to `step` that are due by `time` into `groups`, sorted by time, time of sending,
    /// sequence.
    pub fn take_due(&mut self, step: u64, time: f64, groups: &mut [Vec<Event>]) {
        groups.iter_mut().for_each(Vec::clear);
        let near = self.near_until(step);
        let mut due: Vec<Waiting> = Vec::new();
        for events in self.near.iter_mut().take(near).chain(self.far.range_mut(..=step).map(|(_, events)| events)) {
            due.extend(events.extract_if(.., |(_, event)| event.time <= time));
        }
        hand_out(&mut due, groups);
    }

    /// The places of the steps up to `step`.
    fn near_until(&self, step: u64) -> usize {
        (step + 1).saturating_sub(self.first) as usize
    }
}

/// Sorts events, and gives them to their groups.
fn hand_out(events: &mut [Waiting], groups: &mut [Vec<Event>]) {
    events.sort_unstable_by(|(_, a), (_, b)| order(a, b));
    for &(group, event) in &*events {
        groups[group as usize].push(event);
    }
}

/// The earlier one first; of those due at one time the one that was sent first.
fn order(a: &Event, b: &Event) -> Ordering {
    a.time.total_cmp(&b.time).then(a.sent.total_cmp(&b.sent)).then(a.sequence.cmp(&b.sequence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(step: u64, time: f64) -> Event {
        Event { step, time, sent: 0.0, sequence: 0, lane: 0, block: 0, row: 0, argument: 0 }
    }

    #[test]
    fn events_come_in_order_of_time_then_of_sending() {
        let mut queue = EventQueue::default();
        for (group, step, time) in [(0, 3, 3.2), (1, 2, 2.0), (0, 3, 3.1), (0, 3, 3.2), (0, 9, 9.0)] {
            queue.push(group, event(step, time));
        }
        let mut groups = vec![Vec::new(), Vec::new()];
        queue.take_until(5, &mut groups);
        let order: Vec<_> = groups[0].iter().map(|event| (event.time, event.sequence)).collect();
        assert_eq!(order, [(3.1, 2), (3.2, 0), (3.2, 3)]);
        assert_eq!(groups[1].len(), 1);
        queue.take_until(10, &mut groups);
        assert_eq!((groups[0].len(), groups[1].len()), (1, 0));
    }

    #[test]
    fn far_steps_come_in_their_turn() {
        let mut queue = EventQueue::default();
        let mut groups = vec![Vec::new()];
        let far = 3 * NEAR;
        queue.push(0, event(far, far as f64));
        queue.push(0, event(far + 1, far as f64 + 1.0));
        queue.take_until(far - 1, &mut groups);
        assert!(groups[0].is_empty());
        // Sent later, but due earlier in the same step; and one that is late.
        queue.push(0, event(far, far as f64 - 0.5));
        queue.push(0, event(3, 3.0));
        assert_eq!(queue.next_time(far), 3.0);
        queue.take_due(far, far as f64 - 0.2, &mut groups);
        assert_eq!(groups[0].iter().map(|event| event.sequence).collect::<Vec<_>>(), [3, 2]);
        queue.take_until(far + 1, &mut groups);
        assert_eq!(groups[0].iter().map(|event| event.sequence).collect::<Vec<_>>(), [0]);
        queue.take_until(far + 2, &mut groups);
        assert_eq!(groups[0].iter().map(|event| event.sequence).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn bursts_leave_no_memory_behind() {
        let mut queue = EventQueue::default();
        let mut groups = vec![Vec::new()];
        for window in 0..200 {
            let first = window * 40;
            for n in 0..200 {
                queue.push(0, event(first + 40 + n % 40, 0.0));
            }
            queue.push(0, event(first + 4000, 0.0));
            let burst = if window % 10 == 0 { 50_000 } else { 0 };
            (0..burst).for_each(|_| queue.push(0, event(first + 50, 0.0)));
            queue.take_until(first + 40, &mut groups);
        }
        let room: usize = queue.near.iter().chain(&queue.spare).map(Vec::capacity).sum();
        assert!(room < 10 * 50_000, "room for {room} events");
    }

    #[test]
    fn of_events_due_at_one_time_the_first_sent_comes_first() {
        let mut queue = EventQueue::default();
        for sent in [4.0, 1.0, 3.0] {
            queue.push(0, Event { sent, ..event(2, 5.0) });
        }
        let mut groups = vec![Vec::new()];
        queue.take_until(3, &mut groups);
        assert_eq!(groups[0].iter().map(|event| event.sent).collect::<Vec<_>>(), [1.0, 3.0, 4.0]);
    }
}
