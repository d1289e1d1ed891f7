//! Writes `nodes.h5`.

use crate::Result;
use crate::nodes::{NodeSet, NodeTable};
use sonata::h5::{Compression, Dtype, Elements, File, join};
use std::path::Path;

/// Nodes with properties of the same names are rows of one group.
fn groups(table: &NodeTable) -> Vec<Vec<&NodeSet>> {
    let key = |set: &NodeSet| {
        let mut names: Vec<String> = set.columns().keys().cloned().collect();
        names.sort_unstable();
        names
    };
    let mut groups: indexmap::IndexMap<Vec<String>, Vec<&NodeSet>> = indexmap::IndexMap::new();
    for set in table.sets() {
        groups.entry(key(set)).or_default().push(set);
    }
    groups.into_values().collect()
}

/// Writes all nodes of a network.
pub(crate) fn write_nodes(path: &Path, table: &NodeTable, compression: Compression) -> Result<()> {
    let file = File::create(path)?;
    let population = join("/nodes", table.network());
    file.create_group(&population)?;
    let groups = groups(table);
    let len = table.len();
    let (mut type_ids, mut group_ids, mut group_index) = (vec![0i64; len], vec![0i64; len], vec![0i64; len]);
    for (group, sets) in groups.iter().enumerate() {
        let mut next = 0;
        for set in sets {
            for row in set.rows() {
                let row = row as usize;
                (type_ids[row], group_ids[row], group_index[row]) = (set.type_id(), group as i64, next);
                next += 1;
            }
        }
    }
    let column = |name: &str, dtype: Dtype, values: &[i64]| -> Result<()> {
        let column = file.create_column(&join(&population, name), dtype, values.len(), None, compression)?;
        Ok(column.write_at(0, Elements::Integers(values))?)
    };
    let ids: Vec<i64> = table.ids().iter().map(|&id| id as i64).collect();
    column("node_id", Dtype::U64, &ids)?;
    column("node_type_id", Dtype::U64, &type_ids)?;
    column("node_group_id", Dtype::U32, &group_ids)?;
    column("node_group_index", Dtype::U64, &group_index)?;
    for (group, sets) in groups.iter().enumerate() {
        let group = join(&population, &group.to_string());
        file.create_group(&group)?;
        let names = sets.first().map(|s| s.columns().keys()).into_iter().flatten();
        for name in names.filter(|n| *n != "node_id") {
            write_column(&file, &join(&group, name), name, sets, compression)?;
        }
    }
    file.flush()?;
    Ok(())
}

/// Writes a property of the sets of a group. The type is that which holds the values of all sets.
fn write_column(file: &File, path: &str, name: &str, sets: &[&NodeSet], compression: Compression) -> Result<()> {
    let columns: Vec<_> = sets.iter().filter_map(|s| s.columns().get(name)).collect();
    let Some(first) = columns.first() else { return Ok(()) };
    let (mut dtype, width) = (first.dtype(), first.width());
    for column in &columns {
        if column.width() != width {
            let message = "some nodes have one value of it, others several, or another number of them";
            return Err(crate::Error::argument("save_nodes", name, message));
        }
        let Some(common) = common(dtype, column.dtype()) else {
            let message = format!("some nodes have text, others numbers ({dtype} and {})", column.dtype());
            return Err(crate::Error::argument("save_nodes", name, message));
        };
        dtype = common;
    }
    let rows = columns.iter().map(|c| c.len()).sum();
    let writer = file.create_column(path, dtype, rows, width, compression)?;
    let mut first = 0;
    for column in columns {
        writer.write_at(first, column.slice(0..column.len()))?;
        first += column.len();
    }
    Ok(())
}

/// The type that holds values of both types.
fn common(a: Dtype, b: Dtype) -> Option<Dtype> {
    if a == b {
        return Some(a);
    }
    match (a.integer_range(), b.integer_range()) {
        _ if a == Dtype::Text || b == Dtype::Text => None,
        (Some(_), Some(_)) => Some(Dtype::I64),
        _ => Some(Dtype::F64),
    }
}
