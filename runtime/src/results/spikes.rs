//! Spikes of the run to files, while it runs.

use super::Output;
use crate::engine::Spike;
use crate::model::Network;
use crate::problem::Problem;
use sonata::config::Config;
use sonata::spikes::{SortOrder, Spikes, SpikesTextWriter, SpikesWriter};
use std::time::{Duration, Instant};

/// Spikes that are kept in memory before they are written.
const MOST_SPIKES: usize = 1 << 16;
/// Longest time that spikes are kept in memory.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The files of spikes that are being written.
pub struct SpikeStream<'a> {
    h5: Option<SpikesWriter>,
    text: Option<SpikesTextWriter>,
    order: SortOrder,
    network: &'a Network,
    /// Population of each cell, then of each artificial cell.
    population: Vec<u32>,
    /// Spikes of each population that are not written yet.
    waiting: Vec<Spikes>,
    time: Box<dyn Fn(u64) -> f64 + 'a>,
    written: Instant,
}

impl<'a> SpikeStream<'a> {
    /// Creates the files; `time` gives the time of a step, ms.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn create(
        output: &Output,
        config: &Config,
        network: &'a Network,
        time: impl Fn(u64) -> f64 + 'a,
    ) -> Result<Self, Problem> {
        let compression = config.output.compression;
        let h5 = output.spikes.as_deref().map(|path| SpikesWriter::create(path, compression)).transpose();
        let text = output.spikes_csv.as_deref().map(SpikesTextWriter::create).transpose();
        let mut waiting: Vec<Spikes> = Vec::new();
        let cells = network.cells.iter().map(|cell| &cell.population);
        let artificial = network.artificial_cells.iter().map(|cell| &cell.population);
        let number = |name: &std::sync::Arc<str>| {
            // Cells of a population stand together, so it is mostly the last.
            let known = waiting.iter().rposition(|known| *known.population == **name);
            known.unwrap_or_else(|| {
                waiting.push(Spikes { population: name.to_string(), ..Spikes::default() });
                waiting.len() - 1
            }) as u32
        };
        let population = cells.chain(artificial).map(number).collect();
        Ok(Self {
            h5: h5.map_err(Problem::writing)?,
            text: text.map_err(Problem::writing)?,
            order: config.output.spikes_sort_order,
            network,
            population,
            waiting,
            time: Box::new(time),
            written: Instant::now(),
        })
    }

    /// Takes spikes as they come: those of cells, and time, ms, and cell of those of artificial cells.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(super) fn take(&mut self, cells: &[Spike], artificial_cells: &[(f64, usize)]) -> Result<(), Problem> {
        for spike in cells {
            let cell = spike.cell as usize;
            self.add(cell, self.network.cells[cell].node_id, (self.time)(spike.step));
        }
        for &(time, cell) in artificial_cells {
            self.add(self.network.cells.len() + cell, self.network.artificial_cells[cell].node_id, time);
        }
        let waiting: usize = self.waiting.iter().map(Spikes::len).sum();
        let due = waiting >= MOST_SPIKES || self.written.elapsed() > LONGEST_WAIT;
        if waiting > 0 && due { self.write() } else { Ok(()) }
    }

    fn add(&mut self, cell: usize, node_id: u64, time: f64) {
        let waiting = &mut self.waiting[self.population[cell] as usize];
        waiting.timestamps.push(time);
        waiting.node_ids.push(node_id);
    }

    fn write(&mut self) -> Result<(), Problem> {
        if let Some(h5) = &mut self.h5 {
            h5.append(&self.waiting).map_err(Problem::writing)?;
        }
        if let Some(text) = &mut self.text {
            text.append(&self.waiting).map_err(Problem::writing)?;
        }
        for spikes in &mut self.waiting {
            spikes.timestamps.clear();
            spikes.node_ids.clear();
        }
        self.written = Instant::now();
        Ok(())
    }

    /// Writes what is left, and sorts the files if the configuration asks for an order.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(super) fn finish(mut self) -> Result<(), Problem> {
        self.write()?;
        if let Some(h5) = self.h5 {
            h5.finish(self.order).map_err(Problem::writing)?;
        }
        if let Some(text) = self.text {
            text.finish(self.order).map_err(Problem::writing)?;
        }
        Ok(())
    }
}
