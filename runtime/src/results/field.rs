//! Potentials outside cells, written as they come.

use crate::build::{Field, FieldSource};
use crate::model::membrane::{Block, SAMPLES};
use crate::problem::Problem;
use crate::simulate::Progress;
use rayon::prelude::*;
use sonata::ecp::EcpWriter;
use sonata::h5::Stored;
use std::path::Path;
use std::time::{Duration, Instant};

/// Values that are kept in memory before they are written.
const MOST_VALUES: usize = 1 << 20;
/// Longest time that values are kept in memory.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// Pieces that cells are worked on in; their number decides the order of sums, so it is not that of threads.
const PIECES: usize = 64;

/// A file of potentials that is being written.
pub(super) struct FieldStream<'a> {
    field: &'a Field,
    total: Rows,
    /// One for each cell, if they are wanted.
    contributions: Vec<Rows>,
    row: usize,
    written: Instant,
}

/// Rows of a file.
struct Rows {
    writer: EcpWriter,
    values: Vec<f64>,
}

impl Rows {
    fn create(path: &Path, field: &Field, stored: Stored) -> Result<Self, Problem> {
        let end = field.rows as f64 * field.dt;
        let writer = EcpWriter::create(path, field.rows, field.channels, (field.dt, end), stored);
        let writer = writer.map_err(Problem::writing)?;
        Ok(Self { writer, values: Vec::new() })
    }

    /// Appends `count` rows that lie channel by channel.
    fn extend(&mut self, block: &[Block], count: usize) {
        self.values.extend((0..count).flat_map(|sample| block.iter().map(move |channel| channel[sample])));
    }

    fn write(&mut self, row: usize) -> Result<(), Problem> {
        self.writer.write_rows(row, &self.values).map_err(Problem::writing)?;
        self.values.clear();
        Ok(())
    }
}

impl<'a> FieldStream<'a> {
    pub(super) fn create(field: &'a Field, stored: Stored) -> Result<Self, Problem> {
        let mut contributions = Vec::new();
        if let Some(folder) = &field.contributions {
            std::fs::create_dir_all(folder).map_err(|error| Problem::io("create the folder", folder, &error))?;
            for source in &field.sources {
                contributions.push(Rows::create(&folder.join(format!("{}.h5", source.gid)), field, stored)?);
            }
        }
        let total = Rows::create(&field.file, field, stored)?;
        Ok(Self { field, total, contributions, row: 0, written: Instant::now() })
    }

    pub(super) fn take(&mut self, progress: &Progress<'_>) -> Result<(), Problem> {
        let offsets: Vec<u64> = (0..progress.steps).collect();
        for offsets in offsets.chunks(SAMPLES) {
            self.take_samples(offsets, progress);
        }
        let kept = self.total.values.len() * (1 + self.contributions.len());
        if kept >= MOST_VALUES || self.written.elapsed() > LONGEST_WAIT { self.write() } else { Ok(()) }
    }

    /// Potentials of some samples. Cells are worked on in parallel, and added up in their order.
    fn take_samples(&mut self, offsets: &[u64], progress: &Progress<'_>) {
        let (sources, channels) = (&self.field.sources, self.field.channels);
        let keep = !self.contributions.is_empty();
        let size = sources.len().div_ceil(PIECES).max(1);
        let pieces: Vec<(Vec<Block>, Vec<Vec<Block>>)> = sources
            .par_chunks(size)
            .map(|sources| {
                let mut sum = vec![[0.0; SAMPLES]; channels];
                let mut kept = Vec::new();
                let mut work = Work::default();
                for source in sources {
                    let own = work.potentials(source, channels, offsets, progress);
                    add(&mut sum, own);
                    if keep {
                        kept.push(own.to_vec());
                    }
                }
                (sum, kept)
            })
            .collect();
        let mut total = vec![[0.0; SAMPLES]; channels];
        let mut contributions = self.contributions.iter_mut();
        for (sum, kept) in pieces {
            add(&mut total, &sum);
            for (block, rows) in kept.iter().zip(contributions.by_ref()) {
                rows.extend(block, offsets.len());
            }
        }
        self.total.extend(&total, offsets.len());
    }

    fn write(&mut self) -> Result<(), Problem> {
        let rows = self.total.values.len() / self.field.channels.max(1);
        if rows > 0 {
            self.total.write(self.row)?;
            self.contributions.iter_mut().try_for_each(|rows| rows.write(self.row))?;
            self.row += rows;
        }
        self.written = Instant::now();
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), Problem> {
        self.write()
    }
}

fn add(sum: &mut [Block], own: &[Block]) {
    for (sum, own) in sum.iter_mut().zip(own) {
        sum.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
    }
}

/// What is used again from cell to cell.
#[derive(Default)]
struct Work {
    currents: Vec<Block>,
    of_segments: Vec<Block>,
    potentials: Vec<Block>,
}

impl Work {
    /// What a cell contributes to each channel.
    fn potentials(
        &mut self,
        source: &FieldSource,
        channels: usize,
        offsets: &[u64],
        progress: &Progress<'_>,
    ) -> &[Block] {
        let sample = |sample: usize, probe: usize| progress.sample(offsets[sample], probe);
        source.membrane.at(offsets.len(), sample, &mut self.currents);
        self.of_segments.clear();
        self.of_segments.extend(source.nodes.iter().map(|&node| self.currents[node as usize]));
        self.potentials.clear();
        let segments = self.of_segments.len();
        self.potentials.extend((0..channels).map(|channel| {
            let resistances = &source.resistances[channel * segments..(channel + 1) * segments];
            let mut potential = [0.0; SAMPLES];
            for (resistance, current) in resistances.iter().zip(&self.of_segments) {
                for s in 0..SAMPLES {
                    potential[s] += resistance * current[s];
                }
            }
            potential
        }));
        &self.potentials
    }
}
