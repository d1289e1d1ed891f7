//! Spikes and reports as arrays.

use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::{PyKeyError, PyOSError};
use pyo3::prelude::*;
use sonata::{Report, spikes};
use std::path::PathBuf;

fn failed(error: sonata::Error) -> PyErr {
    PyOSError::new_err(error.to_string())
}

pub type SpikeArrays<'py> = (String, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<u64>>);

/// The spikes of a file: for each population its name, times in ms, and node ids.
#[pyfunction]
pub fn read_spikes(py: Python<'_>, path: PathBuf) -> PyResult<Vec<SpikeArrays<'_>>> {
    let populations = py.detach(|| spikes::read(&path)).map_err(failed)?;
    let arrays =
        populations.into_iter().map(|p| (p.population, p.timestamps.into_pyarray(py), p.node_ids.into_pyarray(py)));
    Ok(arrays.collect())
}

/// The ids of a nodes file; the population must be named if there are several.
#[pyfunction]
#[pyo3(signature = (path, population=None))]
pub fn read_node_ids(py: Python<'_>, path: PathBuf, population: Option<String>) -> PyResult<Bound<'_, PyArray1<u64>>> {
    let populations = py.detach(|| sonata::read_nodes(&path, None)).map_err(failed)?;
    let only = populations.len() == 1;
    let wanted = |name: &str| population.as_deref().map_or(only, |wanted| wanted == name);
    match populations.iter().find(|p| wanted(p.name())) {
        Some(found) => Ok(found.ids().to_vec().into_pyarray(py)),
        None => {
            let names: Vec<&str> = populations.iter().map(|p| p.name()).collect();
            let message = format!("{}: population: there is {}; name one", path.display(), names.join(", "));
            Err(PyKeyError::new_err(message))
        }
    }
}

type ReportArrays<'py> = (
    String,
    Option<String>,
    Option<String>,
    [f64; 3],
    usize,
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray1<u64>>,
    Bound<'py, PyArray1<u64>>,
    Bound<'py, PyArray1<u64>>,
    Bound<'py, PyArray1<f64>>,
);

/// A population of a report: its name, variable, units, [start, end, dt] in ms, number of rows, data row by row, and
/// the mapping: node ids, index pointer, element ids, element positions.
#[pyfunction]
#[pyo3(signature = (path, population=None))]
pub fn read_report(py: Python<'_>, path: PathBuf, population: Option<String>) -> PyResult<ReportArrays<'_>> {
    let report = py.detach(|| Report::open(&path)).map_err(failed)?;
    let found = match &population {
        Some(name) => report.population(name),
        None => report.populations.first(),
    };
    let Some(found) = found else {
        let names: Vec<&str> = report.populations.iter().map(|p| p.mapping.population.as_str()).collect();
        let wanted = population.unwrap_or_default();
        let message = format!("{}: population {wanted}: there is {}", path.display(), names.join(", "));
        return Err(PyKeyError::new_err(message));
    };
    let data = py.detach(|| found.block(0..found.rows, 0..found.columns())).map_err(failed)?;
    let mapping = &found.mapping;
    Ok((
        mapping.population.clone(),
        found.variable.clone(),
        found.units.clone(),
        found.time,
        found.rows,
        data.into_pyarray(py),
        mapping.node_ids.clone().into_pyarray(py),
        mapping.index_pointer.clone().into_pyarray(py),
        mapping.element_ids.clone().into_pyarray(py),
        mapping.element_pos.clone().into_pyarray(py),
    ))
}

type Configuration = (String, PathBuf, Option<PathBuf>, Vec<(PathBuf, Option<PathBuf>)>);

/// A simulation configuration with all variables replaced: its JSON, the output folder, the folder of synapses'
/// parameters, and the edges files with their types tables.
#[pyfunction]
pub fn read_config(path: PathBuf) -> PyResult<Configuration> {
    let (config, _) = sonata::Config::load(&path).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        pyo3::exceptions::PyValueError::new_err(lines.join("\n"))
    })?;
    let edges = config.networks.edges.into_iter().map(|e| (e.edges_file, e.edge_types_file)).collect();
    let text = config.resolved.to_string();
    Ok((text, config.output.output_dir, config.components.synaptic_models_dir, edges))
}
