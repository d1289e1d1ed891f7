//! Takes a run's results as they come: streams spikes and reports, compares copies.

use super::field::FieldStream;
use super::spikes::SpikeStream;
use crate::build::{Field, OfCell, Recording, Values};
use crate::engine::Spike;
use crate::model::Network;
use crate::model::membrane::SAMPLES;
use crate::problem::Problem;
use crate::simulate::{Observer, Progress};
use sonata::h5::Stored;
use sonata::report::{ReportWriter, Settings};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// Values of a report that are kept in memory before they are written.
const MOST_VALUES: usize = 1 << 20;
/// Longest time that values are kept in memory.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Spikes of a copy of the network.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spikes {
    /// Those of cells with a membrane.
    pub cells: Vec<Spike>,
    /// Those of artificial cells: time, ms, and cell.
    pub artificial_cells: Vec<(f64, usize)>,
}

/// How much there is of a network.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Cells with a membrane.
    pub cells: usize,
    /// Cells without.
    pub artificial_cells: usize,
    /// Point processes.
    pub points: usize,
    /// Synapses: NetCons.
    pub netcons: usize,
    /// Sampled values.
    pub probes: usize,
}

impl Counts {
    /// Of a network.
    pub fn of(network: &Network) -> Self {
        Self {
            cells: network.cells.len(),
            artificial_cells: network.artificial_cells.len(),
            points: network.point_processes.len(),
            netcons: network.netcons.len(),
            probes: network.probes.len(),
        }
    }
}

/// Observes a run of a network, or of several copies of it side by side.
pub struct Recorder<'a> {
    spike_files: SpikeStream<'a>,
    reports: Vec<Stream<'a>>,
    fields: Vec<FieldStream<'a>>,
    cells: u32,
    points: usize,
    artificial_cells: usize,
    probes: usize,
    copies: u32,
    /// Spikes of each copy: of the last window, or of all the run where there are several to be compared.
    spikes: Vec<Spikes>,
    count: u64,
    difference: Option<String>,
    progress: Box<dyn FnMut(u64, u64) -> ControlFlow<()> + 'a>,
}

/// Why results cannot be stored.
pub type RecorderError = Problem;

impl<'a> Recorder<'a> {
    /// Creates the report files. `counts` are of one copy; `progress` is called with steps so far and new spikes, and may
    /// end the run.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn new(
        spike_files: SpikeStream<'a>,
        (recordings, fields): (&'a [Recording], &'a [Field]),
        stored: Stored,
        counts: Counts,
        copies: u32,
        progress: impl FnMut(u64, u64) -> ControlFlow<()> + 'a,
    ) -> Result<Self, Problem> {
        let reports = recordings.iter().map(|recording| Stream::create(recording, stored)).collect::<Result<_, _>>()?;
        let fields = fields.iter().map(|field| FieldStream::create(field, stored)).collect::<Result<_, _>>()?;
        Ok(Self {
            spike_files,
            reports,
            fields,
            cells: counts.cells as u32,
            points: counts.points * copies as usize,
            artificial_cells: counts.artificial_cells,
            probes: counts.probes,
            copies,
            spikes: vec![Spikes::default(); copies as usize],
            count: 0,
            difference: None,
            progress: Box::new(progress),
        })
    }

    /// Writes what is still in memory; gives the count of spikes of the first copy, and how the copies differ if they do.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(self) -> Result<(u64, Option<String>), Problem> {
        // All files are finished, whatever becomes of one.
        let mut outcome = self.spike_files.finish();
        for report in self.reports {
            outcome = outcome.and(report.finish());
        }
        for field in self.fields {
            outcome = outcome.and(field.finish());
        }
        outcome?;
        let differs = self.spikes.iter().any(|spikes| *spikes != self.spikes[0]);
        let differs = differs.then(|| "two copies of the network have different spikes".to_owned());
        Ok((self.count, self.difference.or(differs)))
    }

    /// Notes the first probe whose values differ between copies.
    fn compare(&mut self, progress: &Progress<'_>) {
        for offset in 0..progress.steps {
            for probe in 0..self.probes {
                let first = progress.sample(offset, probe);
                for copy in 1..self.copies as usize {
                    let other = progress.sample(offset, copy * self.probes + probe);
                    if first.to_bits() != other.to_bits() && self.difference.is_none() {
                        let step = progress.first + offset;
                        self.difference = Some(format!(
                            "after step {step}, probe {probe} is {first:e} in the first copy and {other:e} in copy {copy}"
                        ));
                    }
                }
            }
        }
    }
}

impl Observer for Recorder<'_> {
    type Error = RecorderError;

    fn window(&mut self, progress: Progress<'_>) -> Result<ControlFlow<()>, Problem> {
        let first = |of: &Spikes| (of.cells.len(), of.artificial_cells.len());
        let (cells, artificial_cells) = if self.copies > 1 {
            first(&self.spikes[0])
        } else {
            self.spikes[0].cells.clear();
            self.spikes[0].artificial_cells.clear();
            (0, 0)
        };
        for spike in progress.spikes {
            let copy = (spike.cell / self.cells) as usize;
            self.spikes[copy].cells.push(Spike { cell: spike.cell % self.cells, ..*spike });
        }
        let mut count = progress.spikes.len();
        for emission in progress.emissions {
            // `net_event`s of point processes are nobody's spikes.
            if let Some(cell) = (emission.instance as usize).checked_sub(self.points) {
                let spikes = &mut self.spikes[cell / self.artificial_cells].artificial_cells;
                spikes.push((emission.time, cell % self.artificial_cells));
                count += 1;
            }
        }
        let of_first = &self.spikes[0];
        let (cells, artificial_cells) = (&of_first.cells[cells..], &of_first.artificial_cells[artificial_cells..]);
        self.count += (cells.len() + artificial_cells.len()) as u64;
        self.spike_files.take(cells, artificial_cells)?;
        if self.copies > 1 {
            self.compare(&progress);
        }
        for report in &mut self.reports {
            report.take(&progress)?;
        }
        for field in &mut self.fields {
            field.take(&progress)?;
        }
        Ok((self.progress)(progress.first + progress.steps, count as u64))
    }
}

/// A report that is being written.
struct Stream<'a> {
    recording: &'a Recording,
    writer: ReportWriter,
    /// First row in `values`.
    row: usize,
    values: Vec<f64>,
    written: Instant,
}

impl<'a> Stream<'a> {
    fn create(recording: &'a Recording, stored: Stored) -> Result<Self, Problem> {
        let [start, end, dt] = recording.time;
        let settings = Settings {
            variable: recording.variable.clone(),
            units: recording.units.clone(),
            start,
            end,
            dt,
            rows: recording.rows,
            stored,
        };
        let writer = ReportWriter::create(&recording.file, &recording.mappings, &settings).map_err(Problem::writing)?;
        Ok(Self { recording, writer, row: 0, values: Vec::new(), written: Instant::now() })
    }

    fn take(&mut self, progress: &Progress<'_>) -> Result<(), Problem> {
        let sampled = (0..progress.steps).filter(|offset| self.recording.row(progress.first + offset).is_some());
        let before = self.values.len();
        match &self.recording.values {
            Values::Probes(probes) => {
                for offset in sampled {
                    self.values.extend(probes.iter().map(|&probe| progress.sample(offset, probe)));
                }
            }
            Values::Membranes(cells) => {
                let offsets: Vec<u64> = sampled.collect();
                offsets.chunks(SAMPLES).for_each(|offsets| self.take_currents(cells, offsets, progress));
            }
        }
        if let Some(sums) = &self.recording.sums {
            self.add_up(sums, before);
        }
        if self.values.len() >= MOST_VALUES || self.written.elapsed() > LONGEST_WAIT { self.write() } else { Ok(()) }
    }

    /// Adds up the values from one on, column by column.
    fn add_up(&mut self, sums: &[(u32, f64)], first: usize) {
        let columns = self.writer.columns();
        let single = self.values.split_off(first);
        for row in single.chunks(sums.len().max(1)) {
            let begin = self.values.len();
            self.values.resize(begin + columns, 0.0);
            for (value, &(column, factor)) in row.iter().zip(sums) {
                self.values[begin + column as usize] += factor * value;
            }
        }
    }

    fn take_currents(&mut self, cells: &[OfCell], offsets: &[u64], progress: &Progress<'_>) {
        let columns = self.recording.sums.as_ref().map_or(self.writer.columns(), Vec::len);
        let row = self.values.len();
        self.values.resize(row + offsets.len() * columns, 0.0);
        let mut currents = Vec::new();
        let mut column = row;
        for (membrane, nodes) in cells {
            membrane.at(offsets.len(), |sample, probe| progress.sample(offsets[sample], probe), &mut currents);
            for &(node, factor) in nodes {
                for (sample, current) in currents[node as usize].iter().enumerate().take(offsets.len()) {
                    self.values[column + sample * columns] = factor * current;
                }
                column += 1;
            }
        }
    }

    fn write(&mut self) -> Result<(), Problem> {
        let rows = self.values.len() / self.writer.columns().max(1);
        if rows > 0 {
            self.writer.write_rows(self.row, &self.values).map_err(Problem::writing)?;
            self.row += rows;
            self.values.clear();
        }
        self.written = Instant::now();
        Ok(())
    }

    fn finish(mut self) -> Result<(), Problem> {
        self.write()?;
        self.writer.finish().map_err(Problem::writing)
    }
}
