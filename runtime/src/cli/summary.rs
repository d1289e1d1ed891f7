//! The closing summary of a run.

use crate::allocation::allocated;
use crate::engine::Footprint;
use crate::problem::count;
use std::fmt;
use std::time::{Duration, Instant};

/// Seconds spent in the parts of a run.
#[derive(Clone, Debug, Default)]
pub struct Timing {
    parts: Vec<(&'static str, Duration)>,
    /// Bytes that were allocated after the parts of the set-up.
    allocated: Vec<(&'static str, usize)>,
}

impl Timing {
    /// Does a part of the run and notes how long it took; parts of the same name add up.
    pub fn measure<T>(&mut self, part: &'static str, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let value = work();
        self.add(part, begin.elapsed());
        value
    }

    /// Adds time to a part.
    pub fn add(&mut self, part: &'static str, time: Duration) {
        match self.parts.iter_mut().find(|(name, _)| *name == part) {
            Some((_, total)) => *total += time,
            None => self.parts.push((part, time)),
        }
    }

    /// Notes how much memory is allocated after a part of the set-up.
    pub fn note_memory(&mut self, part: &'static str) {
        self.allocated.push((part, allocated()));
    }

    /// All parts with their seconds.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.parts.iter().map(|(name, time)| (*name, time.as_secs_f64()))
    }

    /// Seconds of a part.
    pub fn seconds(&self, part: &str) -> f64 {
        self.parts.iter().find(|(name, _)| *name == part).map_or(0.0, |(_, time)| time.as_secs_f64())
    }
}

/// What a run was and what it took.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// What it ran on.
    pub engine: String,
    /// Simulated time, ms.
    pub simulated: f64,
    /// Cells.
    pub cells: usize,
    /// Compartments with a membrane.
    pub compartments: usize,
    /// Synapses: point processes with a NetCon.
    pub synapses: usize,
    /// Spikes.
    pub spikes: u64,
    /// Files written.
    pub files: Vec<String>,
    /// What the network takes of the memory, if that is counted.
    pub footprint: Option<Footprint>,
    /// Time spent.
    pub timing: Timing,
}

impl Summary {
    /// What it takes of the memory: of the arrays of the engine, and of the whole program.
    fn memory(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(Footprint { compartments, synapses }) = self.footprint {
            let of = [(compartments, self.compartments, "compartment"), (synapses, self.synapses, "synapse")];
            let each = of.iter().filter(|(_, count, _)| *count > 0);
            parts.extend(each.map(|&(bytes, count, noun)| format!("{} bytes a {noun}", bytes.div_ceil(count))));
        }
        let after = self.timing.allocated.iter().filter(|(_, bytes)| *bytes > 0);
        parts.extend(after.map(|(part, bytes)| format!("{:.0} MB after {part}", *bytes as f64 / 1e6)));
        parts.extend(peak_memory().map(|bytes| format!("{:.0} MB at most", bytes as f64 / 1e6)));
        parts
    }

    /// How large the network is.
    pub fn size(&self) -> String {
        let counts = [(self.cells, "cell"), (self.compartments, "compartment"), (self.synapses, "synapse")];
        counts.map(|(number, noun)| count(number, noun)).join(", ")
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spikes = count(self.spikes as usize, "spike");
        writeln!(f, "{}, {spikes} in {} ms on {}", self.size(), self.simulated, self.engine)?;
        let parts: Vec<String> =
            self.timing.parts.iter().map(|(name, time)| format!("{name} {:.2} s", time.as_secs_f64())).collect();
        writeln!(f, "{}", parts.join(", "))?;
        let seconds = self.timing.seconds("simulate");
        if seconds > 0.0 {
            let speed = self.simulated / 1000.0 / seconds;
            let digits = if speed < 0.1 { 5 } else { 2 };
            writeln!(f, "{speed:.digits$} x real time")?;
        }
        let memory = self.memory();
        if !memory.is_empty() {
            writeln!(f, "memory: {}", memory.join(", "))?;
        }
        match self.files.as_slice() {
            [] => write!(f, "nothing written"),
            files => write!(f, "written: {}", files.join(", ")),
        }
    }
}

/// Most memory that the process held, bytes; `None` where the system does not tell.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_reads_well() {
        let mut timing = Timing::default();
        timing.add("build", Duration::from_millis(250));
        timing.add("simulate", Duration::from_millis(500));
        timing.add("build", Duration::from_millis(250));
        let footprint = Some(Footprint { compartments: 591, synapses: 0 });
        let summary = Summary {
            engine: "CPU".into(),
            simulated: 1000.0,
            cells: 1,
            compartments: 10,
            spikes: 18,
            footprint,
            timing,
            ..Summary::default()
        };
        let text = summary.to_string();
        assert!(text.starts_with("1 cell, 10 compartments, 0 synapses, 18 spikes in 1000 ms on CPU\n"), "{text}");
        assert!(text.contains("\nmemory: 60 bytes a compartment, "), "{text}");
        assert!(text.contains("build 0.50 s, simulate 0.50 s\n2.00 x real time"), "{text}");
    }
}
