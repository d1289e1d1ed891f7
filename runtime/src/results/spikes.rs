//! Spikes of the run to files.

use super::{Output, recorder};
use crate::model::Network;
use crate::problem::Problem;
use sonata::config::Config;
use sonata::spikes::{Spikes, write_csv, write_h5};

/// Writes the spikes of the network's cells; `time` gives the time of a step, ms.
///
/// # Errors
/// When a file cannot be written.
pub fn write_spikes(
    output: &Output,
    config: &Config,
    network: &Network,
    spikes: &recorder::Spikes,
    time: impl Fn(u64) -> f64,
) -> Result<(), Problem> {
    let mut populations: Vec<Spikes> = Vec::new();
    let mut add = |population: &str, node_id: u64, time: f64| {
        let known = populations.iter().position(|known| known.population == population);
        let at = known.unwrap_or_else(|| {
            populations.push(Spikes { population: population.to_owned(), ..Spikes::default() });
            populations.len() - 1
        });
        populations[at].timestamps.push(time);
        populations[at].node_ids.push(node_id);
    };
    for spike in &spikes.cells {
        let cell = &network.cells[spike.cell as usize];
        add(&cell.population, cell.node_id, time(spike.step));
    }
    for &(time, cell) in &spikes.artificial_cells {
        let cell = &network.artificial_cells[cell];
        add(&cell.population, cell.node_id, time);
    }
    let order = config.output.spikes_sort_order;
    if let Some(path) = &output.spikes {
        write_h5(path, &populations, order, config.output.compression).map_err(Problem::writing)?;
    }
    if let Some(path) = &output.spikes_csv {
        write_csv(path, &populations, order).map_err(Problem::writing)?;
    }
    Ok(())
}
