//! Spikes of the run to files.

use super::Output;
use crate::engine::Spike;
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
    spikes: &[Spike],
    time: impl Fn(u64) -> f64,
) -> Result<(), Problem> {
    let mut populations: Vec<Spikes> = Vec::new();
    for spike in spikes {
        let cell = &network.cells[spike.cell as usize];
        let known = populations.iter().position(|known| known.population == *cell.population);
        let at = known.unwrap_or_else(|| {
            populations.push(Spikes { population: cell.population.to_string(), ..Spikes::default() });
            populations.len() - 1
        });
        populations[at].timestamps.push(time(spike.step));
        populations[at].node_ids.push(cell.node_id);
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
