//! Places on morphologies: behind `saltatory.builder.bionet.SWCReader`.

use crate::exception;
use builder::morphology::{Morphology as Inner, Place};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use std::path::PathBuf;

/// A reconstructed cell.
#[pyclass]
pub struct Morphology {
    inner: Inner,
}

/// The segments as columns: section id, position, SWC type, length and distance.
type Segments<'py> = (
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray1<f64>>,
);

#[pymethods]
impl Morphology {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Morphology> {
        Ok(Morphology { inner: py.detach(|| Inner::open(&path)).map_err(exception)? })
    }

    fn copy(&self) -> Morphology {
        Morphology { inner: self.inner.clone() }
    }

    fn n_sections(&self) -> usize {
        self.inner.n_sections()
    }

    fn section_name(&self, sec_id: usize) -> PyResult<String> {
        self.inner.section_name(sec_id).map_err(exception)
    }

    fn soma_position(&self) -> [f64; 3] {
        self.inner.soma_position()
    }

    fn segments<'py>(&self, py: Python<'py>) -> Segments<'py> {
        let segments = self.inner.segments();
        (
            segments.iter().map(|s| s.section as i64).collect::<Vec<_>>().into_pyarray(py),
            segments.iter().map(|s| s.x).collect::<Vec<_>>().into_pyarray(py),
            segments.iter().map(|s| s.kind.map_or(0, |k| i64::from(k.swc()))).collect::<Vec<_>>().into_pyarray(py),
            segments.iter().map(|s| s.length).collect::<Vec<_>>().into_pyarray(py),
            segments.iter().map(|s| s.distance).collect::<Vec<_>>().into_pyarray(py),
        )
    }

    /// The middles of the segments, x, y, z one after the other.
    fn coordinates<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        self.inner.coordinates().concat().into_pyarray(py)
    }

    fn set_segment_length(&mut self, dl: f64) -> PyResult<()> {
        self.inner.set_segment_length(dl).map_err(exception)
    }

    fn fix_axon(&mut self) -> PyResult<()> {
        self.inner.fix_axon().map_err(exception)
    }

    fn delete_axon(&mut self) -> PyResult<()> {
        self.inner.delete_axon().map_err(exception)
    }

    #[pyo3(signature = (soma=None, angles=None))]
    fn place(&mut self, soma: Option<[f64; 3]>, angles: Option<[f64; 3]>) {
        self.inner.place(soma, angles);
    }

    /// Indices of segments, one for each number of [0, 1).
    fn choose<'py>(
        &self,
        py: Python<'py>,
        names: Vec<String>,
        range: [f64; 2],
        uniform: PyReadonlyArray1<'py, f64>,
    ) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let candidates = self.inner.candidates(&names, range).map_err(exception)?;
        let drawn = uniform.as_slice()?.iter().filter_map(|&u| candidates.draw(u)).map(|at| at as i64);
        Ok(drawn.collect::<Vec<_>>().into_pyarray(py))
    }

    /// The index of the segment at a place.
    fn segment_at(&self, sec_id: usize, sec_x: f64) -> PyResult<usize> {
        self.inner.segment_at(Place { sec_id, sec_x }).map_err(exception)
    }

    fn swc_id(&self, sec_id: usize, sec_x: f64) -> PyResult<(i64, f64)> {
        self.inner.swc_id(Place { sec_id, sec_x }).map_err(exception)
    }
}
