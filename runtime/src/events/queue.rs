//! Events waiting for their window.

use crate::engine::Event;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Events by delivery step, for each group.
#[derive(Debug, Default)]
pub struct EventQueue {
    waiting: BTreeMap<u64, Vec<(u32, Event)>>,
    sent: u64,
}

impl EventQueue {
    /// Adds an event for a group; gives it the next sequence number.
    pub fn push(&mut self, group: u32, mut event: Event) {
        event.sequence = self.sent;
        self.sent += 1;
        self.waiting.entry(event.step).or_default().push((group, event));
    }

    /// Count of events ever added.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Moves the events of all steps before `end` into `groups`, sorted by step, time, time of sending, sequence.
    pub fn take_until(&mut self, end: u64, groups: &mut [Vec<Event>]) {
        for events in groups.iter_mut() {
            events.clear();
        }
        while let Some(entry) = self.waiting.first_entry() {
            if *entry.key() >= end {
                break;
            }
            let mut events = entry.remove();
            events.sort_by(|(_, a), (_, b)| order(a, b));
            for (group, event) in events {
                groups[group as usize].push(event);
            }
        }
    }
}

impl EventQueue {
    /// The earliest time of an event of the steps up to `step`; infinite if there is none.
    pub fn next_time(&self, step: u64) -> f64 {
        let events = self.waiting.range(..=step).flat_map(|(_, events)| events);
        events.map(|(_, event)| event.time).fold(f64::INFINITY, f64::min)
    }

    /// Moves the events of the steps up to `step` that are due by `time` into `groups`, sorted by time, time of sending,
    /// sequence.
    pub fn take_due(&mut self, step: u64, time: f64, groups: &mut [Vec<Event>]) {
        for events in groups.iter_mut() {
            events.clear();
        }
        let mut due: Vec<(u32, Event)> = Vec::new();
        for (_, events) in self.waiting.range_mut(..=step) {
            due.extend(events.extract_if(.., |(_, event)| event.time <= time));
        }
        due.sort_by(|(_, a), (_, b)| order(a, b));
        for (group, event) in due {
            groups[group as usize].push(event);
        }
    }
}

/// The earlier one first; of those due at one time the one that was sent first, though a train is queued as a whole.
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
