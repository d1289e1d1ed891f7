//! Generators of spike trains: behind `saltatory.utils.reports.spike_trains`.

use crate::exception;
use crate::results::SpikeArrays;
use builder::poisson::{PoissonSpikes as Inner, Rate, Refractory};
use numpy::IntoPyArray;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use sonata::spikes::SortOrder;
use std::path::PathBuf;

/// Spike trains of Poisson processes.
#[pyclass]
pub struct PoissonSpikes {
    inner: Inner,
}

fn order(name: &str) -> PyResult<SortOrder> {
    SortOrder::from_name(name)
        .ok_or_else(|| PyValueError::new_err(format!("sort_order: there is no {name:?}; use none, time or id")))
}

#[pymethods]
impl PoissonSpikes {
    #[new]
    fn new(seed: u64) -> PoissonSpikes {
        PoissonSpikes { inner: Inner::new(seed) }
    }

    /// Makes a train for each node.
    #[expect(clippy::too_many_arguments, reason = "the arguments of PoissonSpikeGenerator.add")]
    fn add(
        &mut self,
        py: Python<'_>,
        population: &str,
        node_ids: Vec<u64>,
        rates: Vec<f64>,
        times: Vec<f64>,
        abs_ref: f64,
        tau_ref: f64,
    ) -> PyResult<()> {
        let rate = Rate::Varying { rates, times };
        let refractory = Refractory { absolute: abs_ref, relative: tau_ref };
        py.detach(|| self.inner.add(population, &node_ids, &rate, refractory)).map_err(exception)
    }

    /// For each population its name, times in ms, and node ids.
    fn spikes<'py>(&self, py: Python<'py>) -> Vec<SpikeArrays<'py>> {
        let all = self.inner.spikes().iter();
        all.map(|p| (p.population.clone(), p.timestamps.clone().into_pyarray(py), p.node_ids.clone().into_pyarray(py)))
            .collect()
    }

    fn to_sonata(&self, py: Python<'_>, path: PathBuf, sort_order: &str) -> PyResult<()> {
        let order = order(sort_order)?;
        py.detach(|| self.inner.to_sonata(&path, order)).map_err(exception)
    }

    fn to_csv(&self, py: Python<'_>, path: PathBuf, sort_order: &str) -> PyResult<()> {
        let order = order(sort_order)?;
        py.detach(|| self.inner.to_csv(&path, order)).map_err(exception)
    }
}
