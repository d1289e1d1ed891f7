//! Events that instances have sent to themselves, waiting for their time.

use std::cmp::Ordering;

/// An event of an instance to itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SelfEvent {
    /// When it is delivered, ms.
    pub(super) time: f64,
    /// When it was sent or moved, ms.
    pub(super) sent: f64,
    /// Order of sending and moving.
    pub(super) sequence: u64,
    /// Block of the group.
    pub(super) block: u32,
    /// Row of the block.
    pub(super) row: u32,
    /// Offset of the arguments of the NetCon whose event was handled when it was sent; `None` for none.
    pub(super) argument: Option<u32>,
    /// Its flag.
    pub(super) flag: f64,
}

impl SelfEvent {
    /// Order of delivery: by time; among equals, first sent is first delivered.
    fn order(&self, other: &Self) -> Ordering {
        let by_time = self.time.total_cmp(&other.time);
        by_time.then(self.sent.total_cmp(&other.sent)).then(self.sequence.cmp(&other.sequence))
    }
}

/// Name of a waiting event; used again after its delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle(u32);

/// A queue by time in which events can be moved: a binary heap that knows where each event is.
#[derive(Debug, Default)]
pub(super) struct Pending {
    events: Vec<SelfEvent>,
    /// Place of each event in the heap.
    place: Vec<u32>,
    /// Handles in heap order.
    heap: Vec<u32>,
    free: Vec<u32>,
    sequence: u64,
}

impl Pending {
    /// Forgets all events.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds an event; gives it the next sequence number.
    pub(super) fn push(&mut self, mut event: SelfEvent) -> Handle {
        event.sequence = self.next_sequence();
        let at = self.heap.len() as u32;
        let handle = match self.free.pop() {
            Some(handle) => {
                self.events[handle as usize] = event;
                self.place[handle as usize] = at;
                handle
            }
            None => {
                self.events.push(event);
                self.place.push(at);
                self.events.len() as u32 - 1
            }
        };
        self.heap.push(handle);
        self.rise(at as usize);
        Handle(handle)
    }

    /// The next event.
    pub(super) fn first(&self) -> Option<&SelfEvent> {
        self.heap.first().map(|&handle| &self.events[handle as usize])
    }

    /// Takes the next event.
    pub(super) fn pop(&mut self) -> Option<SelfEvent> {
        let handle = *self.heap.first()?;
        self.heap.swap_remove(0);
        if let Some(&moved) = self.heap.first() {
            self.place[moved as usize] = 0;
            self.sink(0);
        }
        self.free.push(handle);
        Some(self.events[handle as usize])
    }

    /// Moves a waiting event; it goes behind its equals.
    pub(super) fn move_to(&mut self, Handle(handle): Handle, time: f64, sent: f64) {
        let sequence = self.next_sequence();
        let event = &mut self.events[handle as usize];
        (event.time, event.sent, event.sequence) = (time, sent, sequence);
        let at = self.place[handle as usize] as usize;
        let at = self.rise(at);
        self.sink(at);
    }

    fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    fn is_before(&self, a: usize, b: usize) -> bool {
        let event = |at: usize| &self.events[self.heap[at] as usize];
        event(a).order(event(b)) == Ordering::Less
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.heap.swap(a, b);
        self.place[self.heap[a] as usize] = a as u32;
        self.place[self.heap[b] as usize] = b as u32;
    }

    fn rise(&mut self, mut at: usize) -> usize {
        while at > 0 && self.is_before(at, (at - 1) / 2) {
            self.swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
        at
    }

    fn sink(&mut self, mut at: usize) {
        loop {
            let mut least = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.heap.len() && self.is_before(child, least) {
                    least = child;
                }
            }
            if least == at {
                return;
            }
            self.swap(at, least);
            at = least;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(time: f64, sent: f64, row: u32) -> SelfEvent {
        SelfEvent { time, sent, sequence: 0, block: 0, row, argument: None, flag: 1.0 }
    }

    fn rows(pending: &mut Pending) -> Vec<u32> {
        std::iter::from_fn(|| pending.pop()).map(|event| event.row).collect()
    }

    #[test]
    fn events_come_by_time_then_in_order_of_sending() {
        let mut pending = Pending::default();
        for (row, (time, sent)) in [(3.0, 1.0), (2.0, 1.0), (3.0, 0.5), (1.0, 1.0), (3.0, 1.0)].into_iter().enumerate()
        {
            pending.push(event(time, sent, row as u32));
        }
        assert_eq!(pending.first().map(|event| event.time), Some(1.0));
        assert_eq!(rows(&mut pending), [3, 1, 2, 0, 4]);
    }

    #[test]
    fn a_moved_event_goes_behind_its_equals() {
        let mut pending = Pending::default();
        let handles: Vec<Handle> = (0..20).map(|row| pending.push(event(f64::from(row), 0.0, row))).collect();
        pending.move_to(handles[3], 10.0, 0.0);
        pending.move_to(handles[15], 0.5, 0.0);
        pending.move_to(handles[0], 1e9, 0.0);
        assert_eq!(rows(&mut pending), [15, 1, 2, 4, 5, 6, 7, 8, 9, 10, 3, 11, 12, 13, 14, 16, 17, 18, 19, 0]);
    }

    #[test]
    fn memory_is_used_again() {
        let mut pending = Pending::default();
        for round in 0..1000 {
            pending.push(event(f64::from(round), 0.0, 0));
            pending.push(event(f64::from(round) + 0.5, 0.0, 1));
            assert_eq!(rows(&mut pending), [0, 1]);
        }
        assert_eq!(pending.events.len(), 2);
    }
}
