//! Reading a report, for comparisons and plots.

use super::Mapping;
use crate::error::Error;
use crate::h5::{File, join};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A report file.
#[derive(Debug)]
pub struct Report {
    /// Its populations, in alphabetical order.
    pub populations: Vec<ReportPopulation>,
}

/// The part of a report about one population. Data stay in the file until they are asked for.
#[derive(Debug)]
pub struct ReportPopulation {
    file: Arc<File>,
    data: String,
    /// Which columns belong to which node.
    pub mapping: Mapping,
    /// The recorded variable, if the file names it.
    pub variable: Option<String>,
    /// Its units, if the file names them.
    pub units: Option<String>,
    /// Start, end and step of the time axis, ms.
    pub time: [f64; 3],
    /// The number of rows.
    pub rows: usize,
}

impl Report {
    /// Opens a report.
    pub fn open(path: &Path) -> Result<Report, Error> {
        let file = Arc::new(File::open(path)?);
        let names = file.groups("/report")?;
        let populations = names.into_iter().map(|name| population(&file, &name)).collect::<Result<_, _>>()?;
        Ok(Report { populations })
    }

    /// The part about a population.
    pub fn population(&self, name: &str) -> Option<&ReportPopulation> {
        self.populations.iter().find(|p| p.mapping.population == name)
    }
}

fn population(file: &Arc<File>, name: &str) -> Result<ReportPopulation, Error> {
    let group = join("/report", name);
    let data = join(&group, "data");
    let in_mapping = |dataset: &str| join(&join(&group, "mapping"), dataset);
    let mapping = Mapping {
        population: name.to_owned(),
        node_ids: file.read_u64(&in_mapping("node_ids"))?,
        index_pointer: file.read_u64(&in_mapping("index_pointer"))?,
        element_ids: file.read_u64(&in_mapping("element_ids"))?,
        element_pos: file.read_f64(&in_mapping("element_pos"))?,
        further: Vec::new(),
    };
    let wrong = |object: String, expected: &'static str, found: String| Error::WrongKind {
        file: file.path().to_owned(),
        object,
        expected,
        found,
    };
    if let Some(problem) = mapping.problem() {
        return Err(wrong(in_mapping(""), "a consistent mapping", problem.to_owned()));
    }
    let time = file.read_f64(&in_mapping("time"))?;
    let [start, end, dt] = time[..] else {
        return Err(wrong(in_mapping("time"), "start, end and step", format!("{} numbers", time.len())));
    };
    let shape = file.shape(&data)?;
    let rows = match shape[..] {
        [rows, columns] if columns == mapping.elements() => rows,
        _ => return Err(wrong(data, "rows x elements of the mapping", format!("the shape {shape:?}"))),
    };
    let variable = file.attribute_text(&data, "variable")?;
    let units = file.attribute_text(&data, "units")?;
    Ok(ReportPopulation { file: file.clone(), data, mapping, variable, units, time: [start, end, dt], rows })
}

impl ReportPopulation {
    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.mapping.elements()
    }

    /// The columns of a node; `None` if the node is not in the report.
    pub fn node_columns(&self, node_id: u64) -> Option<Range<usize>> {
        let i = self.mapping.node_ids.iter().position(|&id| id == node_id)?;
        Some(self.mapping.index_pointer[i] as usize..self.mapping.index_pointer[i + 1] as usize)
    }

    /// A block of the data, in row order.
    pub fn block(&self, rows: Range<usize>, columns: Range<usize>) -> Result<Vec<f64>, Error> {
        self.file.read_block(&self.data, rows, columns)
    }

    /// All values of one column.
    pub fn column(&self, column: usize) -> Result<Vec<f64>, Error> {
        self.block(0..self.rows, column..column + 1)
    }
}
