//! Types tables: text, columns separated by a space, `NULL` where a type has no value.

use crate::edges::ConnectionMap;
use crate::nodes::NodeTable;
use crate::{Error, Result, Value};
use std::path::Path;

fn write(path: &Path, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<()> {
    let failed = |e: csv::Error| match e.into_kind() {
        csv::ErrorKind::Io(e) => Error::io(path, e),
        other => Error::io(path, std::io::Error::other(format!("{other:?}"))),
    };
    let mut table = csv::WriterBuilder::new().delimiter(b' ').from_path(path).map_err(failed)?;
    table.write_record(header).map_err(failed)?;
    for row in rows {
        table.write_record(&row).map_err(failed)?;
    }
    table.flush().map_err(|e| Error::io(path, e))
}

/// The names of the properties that any type has, in the order of their first appearance.
fn names<'a>(types: impl Iterator<Item = &'a indexmap::IndexMap<String, Value>>) -> Vec<&'a str> {
    let mut names: indexmap::IndexSet<&str> = indexmap::IndexSet::new();
    types.for_each(|properties| names.extend(properties.keys().map(String::as_str)));
    names.into_iter().collect()
}

fn cells(properties: &indexmap::IndexMap<String, Value>, names: &[&str]) -> impl Iterator<Item = String> {
    names.iter().map(|&name| properties.get(name).unwrap_or(&Value::None).to_string())
}

/// Writes the node types of a network.
pub(crate) fn write_node_types(path: &Path, table: &NodeTable) -> Result<()> {
    let names = names(table.sets().iter().map(|s| s.shared_properties()));
    let header: Vec<&str> = std::iter::once("node_type_id").chain(names.iter().copied()).collect();
    // Types that were imported may have several sets.
    let mut written = std::collections::HashSet::new();
    let sets = table.sets().iter().filter(|s| written.insert(s.type_id()));
    let rows = sets
        .map(|set| std::iter::once(set.type_id().to_string()).chain(cells(set.shared_properties(), &names)).collect());
    let rows: Vec<Vec<String>> = rows.collect();
    write(path, &header, rows.into_iter())
}

/// Writes edge types.
pub(crate) fn write_edge_types(path: &Path, maps: &[&ConnectionMap]) -> Result<()> {
    let names = names(maps.iter().map(|m| &m.shared));
    let fixed = ["edge_type_id", "target_query", "source_query"];
    let header: Vec<&str> = fixed.into_iter().chain(names.iter().copied()).collect();
    let rows = maps.iter().map(|map| {
        let fixed = [map.edge_type_id.to_string(), map.target.query(), map.source.query()];
        fixed.into_iter().chain(cells(&map.shared, &names)).collect()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    write(path, &header, rows.into_iter())
}
