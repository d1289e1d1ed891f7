//! Takes nodes from files that were saved before, so that edges can be made to, from and among them.

use crate::nodes::NodeTable;
use crate::{Column, Error, NetworkBuilder, Result, Value};
use indexmap::IndexMap;
use sonata::attributes;
use std::path::Path;

impl NetworkBuilder {
    /// Adds the nodes of a SONATA file, with their ids and types. `population` must be named if the file has several.
    pub fn import_nodes(&mut self, nodes_file: &Path, node_types_file: &Path, population: Option<&str>) -> Result<()> {
        let mut populations = sonata::read_nodes(nodes_file, Some(node_types_file))?;
        let names: Vec<String> = populations.iter().map(|p| p.name().to_owned()).collect();
        let at = match population {
            None if populations.len() == 1 => Some(0),
            None => None,
            Some(name) => names.iter().position(|n| n == name),
        };
        let Some(at) = at else {
            let message = format!("{} has the populations {}; name one", nodes_file.display(), names.join(", "));
            return Err(Error::argument("import_nodes", "population", message));
        };
        import(self.table_mut(), &populations.swap_remove(at))
    }
}

fn import(table: &mut NodeTable, population: &sonata::NodePopulation) -> Result<()> {
    let attributes = population.attributes();
    let place = |row: usize| (attributes.type_row(row), attributes.group(row).map(|(g, _)| g.id()));
    // Neighbours of one type and one group are a set.
    let mut first = 0;
    while first < attributes.len() {
        let mut end = first + 1;
        while end < attributes.len() && place(end) == place(first) {
            end += 1;
        }
        let mut shared = IndexMap::new();
        if let Some(row) = attributes.type_row(first) {
            let types = attributes.types();
            let names: Vec<&str> = types.columns().collect();
            shared.extend(names.iter().filter_map(|&n| Some((n.to_owned(), parsed(types.get(row, n)?)))));
        }
        let mut columns = IndexMap::new();
        if let Some((group, _)) = attributes.group(first) {
            for name in group.names() {
                if let Some(column) = attributes.column(group, name)? {
                    let rows = (first..end).filter_map(|row| attributes.group(row).map(|(_, r)| r));
                    columns.insert(name.to_owned(), picked(column, &rows.collect::<Vec<_>>()));
                }
            }
        }
        let ids = population.ids()[first..end].to_vec();
        table.import(attributes.type_id(first), ids, shared, columns)?;
        first = end;
    }
    Ok(())
}

/// A cell of a types table: a number if it looks like one.
fn parsed(text: &str) -> Value {
    if let Ok(v) = text.parse::<i64>() {
        return Value::Int(v);
    }
    match (text, text.parse::<f64>()) {
        ("True", _) => Value::Bool(true),
        ("False", _) => Value::Bool(false),
        (_, Ok(v)) => Value::Float(v),
        (_, Err(_)) => Value::Text(text.to_owned()),
    }
}

fn picked(column: &attributes::Column, rows: &[usize]) -> Column {
    match column {
        attributes::Column::I64(v) => rows.iter().map(|&r| v[r]).collect::<Vec<i64>>().into(),
        attributes::Column::F64(v) => rows.iter().map(|&r| v[r]).collect::<Vec<f64>>().into(),
        attributes::Column::Text { codes, labels } => {
            Column::texts(rows.iter().map(|&r| labels[codes[r] as usize].clone()).collect())
        }
        attributes::Column::Rows { width, values } => {
            let picked = rows.iter().flat_map(|&r| &values[r * width..(r + 1) * width]).copied().collect();
            let column = Column::floats(picked, sonata::h5::Dtype::F64);
            column.rows_of(*width).unwrap_or_else(|| unreachable!("whole rows were picked"))
        }
    }
}
