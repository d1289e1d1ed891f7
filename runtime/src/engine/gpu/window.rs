//! What the host tells the device about a window: `window` of `shaders/window.wgsl`.

use super::super::{Event, TimeAxis, Window};
use super::arena::Arena;
use super::words;
use crate::model::value;
use codegen::back::Real;
use std::ops::Range;

/// Words before the reals.
const HEAD: usize = 6;

/// Writes windows; keeps its memory.
#[derive(Debug)]
pub(super) struct WindowWriter {
    words: Vec<u32>,
    real: Real,
    celsius: f64,
    v_init: f64,
}

impl WindowWriter {
    pub(super) fn new(real: Real, celsius: f64, v_init: f64) -> Self {
        Self { words: Vec::new(), real, celsius, v_init }
    }

    /// Initialisation at t = 0.
    pub(super) fn initialise(&mut self, time: &TimeAxis) -> &[u32] {
        self.begin(0, time);
        self.push(time.begin(0));
        &self.words
    }

    /// Some steps of a window, and the events due in them; events before the window belong to its first step.
    ///
    /// # Errors
    /// An event that points nowhere.
    pub(super) fn advance(
        &mut self,
        steps: Range<u64>,
        time: &TimeAxis,
        arena: &Arena,
        window: &Window<'_>,
    ) -> Result<&[u32], String> {
        self.begin((steps.end - steps.start) as u32, time);
        self.push(time.begin(steps.start));
        for step in steps.clone() {
            self.push(time.middle(step));
            self.push(time.begin(step + 1));
        }
        self.write_events(steps.clone(), arena, window)?;
        self.write_played(steps, arena);
        self.words[5] = arena.transfers_at;
        Ok(&self.words)
    }

    /// The values of played columns, step after step.
    fn write_played(&mut self, steps: Range<u64>, arena: &Arena) {
        if arena.played.is_empty() {
            return;
        }
        (self.words[3], self.words[4]) = (self.words.len() as u32, arena.played.len() as u32);
        for step in steps {
            for terms in &arena.played {
                self.push(value(terms, &arena.courses, step));
            }
        }
    }

    /// The events due by a time before the middle of a step.
    ///
    /// # Errors
    /// An event that points nowhere.
    pub(super) fn settle(
        &mut self,
        step: u64,
        until: f64,
        time: &TimeAxis,
        arena: &Arena,
        events: &[Vec<Event>],
    ) -> Result<&[u32], String> {
        self.begin(0, time);
        self.push(until);
        self.write_events(step..step + 1, arena, &Window { first: step, steps: 1, events })?;
        Ok(&self.words)
    }

    fn begin(&mut self, steps: u32, time: &TimeAxis) {
        self.words.clear();
        self.words.extend([steps, 0, 0, 0, 0, 0]);
        debug_assert_eq!(self.words.len(), HEAD);
        for value in [time.dt(), self.celsius, self.v_init] {
            self.push(value);
        }
    }

    fn push(&mut self, value: f64) {
        words::push(&mut self.words, value, self.real);
    }

    /// Events by cell, in their order within a cell.
    fn write_events(&mut self, steps: Range<u64>, arena: &Arena, window: &Window<'_>) -> Result<(), String> {
        let due = |group: usize| {
            let events = &window.events[group];
            let passed = |event: &Event| steps.start > window.first && event.step < steps.start;
            let begin = events.partition_point(passed);
            let end = events.partition_point(|event| event.step < steps.end);
            &events[begin..end]
        };
        let count: usize = arena.groups.iter().map(|group| due(group.index).len()).sum();
        if count == 0 {
            return Ok(());
        }
        let start = self.words.len();
        let cells = arena.cells.len();
        self.words.resize(start + cells + 1, 0);
        for group in &arena.groups {
            for event in due(group.index) {
                check(group, event)?;
                self.words[start + group.first_cell + event.lane as usize + 1] += 1;
            }
        }
        for cell in 0..cells {
            self.words[start + cell + 1] += self.words[start + cell];
        }
        let list = self.words.len();
        let width = 4 + 2 * words::size(self.real) / 4;
        self.words.resize(list + count * width, 0);
        let mut event_words = Vec::with_capacity(width);
        for group in &arena.groups {
            for event in due(group.index) {
                event_words.clear();
                let block = event.block as usize;
                let step = event.step.saturating_sub(steps.start) as u32;
                let item = group.items[block][event.row as usize];
                event_words.extend([step, group.mechanisms[block], item, event.argument]);
                words::push(&mut event_words, event.time, self.real);
                words::push(&mut event_words, event.sent, self.real);
                // The start of each cell serves as its cursor, and ends as the start of the next cell.
                let cursor = &mut self.words[start + group.first_cell + event.lane as usize];
                let at = list + *cursor as usize * width;
                *cursor += 1;
                self.words[at..at + width].copy_from_slice(&event_words);
            }
        }
        self.words.copy_within(start..start + cells, start + 1);
        self.words[start] = 0;
        self.words[1] = start as u32;
        self.words[2] = list as u32;
        Ok(())
    }
}

fn check(group: &super::arena::GroupInfo, event: &Event) -> Result<(), String> {
    let rows = group.items.get(event.block as usize).map_or(0, Vec::len);
    if (event.lane as usize) < group.lanes
        && (event.row as usize) < rows
        && (event.argument as usize) < group.arguments.max(1)
    {
        return Ok(());
    }
    Err(format!("an event for group {} points nowhere: {event:?}", group.index))
}
