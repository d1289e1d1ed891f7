//! `saltatory._core`: what the Python package does in Rust. The package's own classes have the names that users
//! know; here are columns, files and the rules that run in parallel.

mod morphology;
mod network;
mod poisson;
mod results;
mod values;

use pyo3::prelude::*;

/// An error of the builder as an exception.
fn exception(error: builder::Error) -> PyErr {
    use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError, PyValueError};
    match error {
        builder::Error::Stopped => PyKeyboardInterrupt::new_err(()),
        builder::Error::Argument { .. } | builder::Error::Rule { .. } => PyValueError::new_err(error.to_string()),
        other => PyOSError::new_err(other.to_string()),
    }
}

#[pymodule]
mod _core {
    #[pymodule_export]
    use super::morphology::Morphology;
    #[pymodule_export]
    use super::network::{Network, add_edges, add_properties, edges, save_edges, save_nodes};
    #[pymodule_export]
    use super::poisson::PoissonSpikes;
    #[pymodule_export]
    use super::results::{read_config, read_node_ids, read_report, read_spikes};
}
