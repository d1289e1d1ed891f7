//! Writing a report while the simulation runs.

use super::Mapping;
use crate::error::Error;
use crate::h5::{Compression, File, Matrix, Stored, join};
use std::path::Path;

/// What a report says about its data.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The recorded variable, such as "v".
    pub variable: String,
    /// Its units; BMTK writes none.
    pub units: Option<String>,
    /// The time at which recording starts, ms.
    pub start: f64,
    /// The time at which recording ends, ms.
    pub end: f64,
    /// The time between rows, ms.
    pub dt: f64,
    /// The number of rows.
    pub rows: usize,
    /// How the rows are stored.
    pub stored: Stored,
}

/// A report that is being written.
///
/// The file is complete, but for rows, from the start; after each [`ReportWriter::write_rows`] the rows so far are on
/// disk and readable, so a run that is stopped leaves a valid file. Rows that were never written read as NaN. Give
/// blocks of many rows: each call writes through to the disk.
#[derive(Debug)]
pub struct ReportWriter {
    /// Before the file, so that datasets are closed first.
    data: Vec<Matrix>,
    file: File,
    columns: usize,
    rows: usize,
}

impl ReportWriter {
    /// Creates the file with the mapping of each population.
    pub fn create(path: &Path, populations: &[Mapping], settings: &Settings) -> Result<ReportWriter, Error> {
        /// Elements in a chunk: 512 KiB.
        const CHUNK: usize = 1 << 16;
        let file = File::create(path)?;
        let mut data = Vec::with_capacity(populations.len());
        file.create_group("/report")?;
        for population in populations {
            let group = join("/report", &population.population);
            let mapping = join(&group, "mapping");
            if let Some(problem) = population.problem() {
                let (file, message) = (path.to_owned(), problem.to_owned());
                return Err(Error::Hdf5 { file, object: mapping, message });
            }
            let none = Compression::None;
            file.write_u64(&join(&mapping, "node_ids"), &population.node_ids, none)?;
            file.write_u64(&join(&mapping, "index_pointer"), &population.index_pointer, none)?;
            // The guide's name, which libsonata reads; BMTK has the other.
            file.link(&join(&mapping, "index_pointer"), &join(&mapping, "index_pointers"))?;
            file.write_u64(&join(&mapping, "element_ids"), &population.element_ids, none)?;
            file.write_f64(&join(&mapping, "element_pos"), &population.element_pos, none)?;
            for (name, values) in &population.further {
                file.write_i64(&join(&mapping, name), values, none)?;
            }
            let time = join(&mapping, "time");
            file.write_f64(&time, &[settings.start, settings.end, settings.dt], none)?;
            file.write_attribute_text(&time, "units", "ms")?;
            let path = join(&group, "data");
            let shape = [settings.rows, population.elements()];
            data.push(file.create_matrix(&path, shape, CHUNK, settings.stored)?);
            file.write_attribute_text(&path, "variable", &settings.variable)?;
            if let Some(units) = &settings.units {
                file.write_attribute_text(&path, "units", units)?;
            }
        }
        file.flush()?;
        let columns = data.iter().map(Matrix::columns).sum();
        Ok(ReportWriter { data, file, columns, rows: settings.rows })
    }

    /// The number of values in a row: the elements of all populations, in the order given.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The number of rows of the report.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Writes whole rows from row `first` on. A row holds the elements of the first population, then those of the
    /// second, and so on.
    pub fn write_rows(&self, first: usize, values: &[f64]) -> Result<(), Error> {
        if let [only] = &self.data[..] {
            only.write_rows(first, values)?;
        } else {
            let mut start = 0;
            for data in &self.data {
                let end = start + data.columns();
                let rows = values.chunks(self.columns.max(1));
                let part: Vec<f64> = rows.flat_map(|row| row.get(start..end).unwrap_or(row)).copied().collect();
                data.write_rows(first, &part)?;
                start = end;
            }
        }
        self.file.flush()
    }

    /// Closes the file and tells whether that went well. Dropping the writer closes it too, but can't tell.
    pub fn finish(self) -> Result<(), Error> {
        self.file.flush()
    }
}

impl Drop for ReportWriter {
    fn drop(&mut self) {
        if let Err(error) = self.file.flush() {
            tracing::warn!("closing a report: {error}");
        }
    }
}
