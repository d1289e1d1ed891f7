//! Writes `edges.h5`: the edges of all types between two populations, sorted by target, and their indices.
//!
//! Rows are written window by window. Each block of edges is read by ascending target; what lies below the least
//! target that any block may still have more of is complete and can be written.

use super::index::write_index;
use crate::edges::{Block, ConnectionMap, Cursor};
use crate::nodes::NodeTable;
use crate::{Column, Data, Result};
use sonata::h5::{ColumnWriter, Compression, Dtype, Elements, File, join};
use std::path::Path;

/// Rows of each block that are in memory at a time, at least.
const WINDOW: usize = 1 << 18;

/// Where edges go.
pub(crate) struct EdgesFile<'a> {
    /// The file.
    pub path: &'a Path,
    /// The name of the edge population.
    pub population: &'a str,
    /// The name of the population of sources.
    pub source: &'a str,
    /// The name of the population of targets.
    pub target: &'a str,
    pub compression: Compression,
}

/// A group: edges whose rows have the same columns.
struct Group {
    writers: Vec<ColumnWriter>,
    written: usize,
}

/// Writes the edges of some types, all between the same populations and built. Returns whether there were any.
pub(crate) fn write_edges(to: &EdgesFile<'_>, maps: &[&ConnectionMap]) -> Result<bool> {
    let built: Vec<_> = maps.iter().filter_map(|m| m.built().map(|b| (*m, b))).collect();
    let rows: usize = built.iter().map(|(_, b)| b.store.rows()).sum();
    if rows == 0 {
        return Ok(false);
    }
    let file = File::create(to.path)?;
    let population = join("/edges", to.population);
    let create =
        |name: &str, dtype: Dtype| file.create_column(&join(&population, name), dtype, rows, None, to.compression);
    let base = [
        create("source_node_id", Dtype::U64)?,
        create("target_node_id", Dtype::U64)?,
        create("edge_type_id", Dtype::U32)?,
        create("edge_group_id", Dtype::U16)?,
        create("edge_group_index", Dtype::U32)?,
    ];
    file.write_attribute_text(&join(&population, "source_node_id"), "node_population", to.source)?;
    file.write_attribute_text(&join(&population, "target_node_id"), "node_population", to.target)?;

    // Types whose rows have the same columns share a group.
    let mut keys: Vec<Vec<(&str, Dtype)>> = Vec::new();
    let mut group_of: Vec<usize> = Vec::new();
    let mut group_rows: Vec<usize> = Vec::new();
    let mut columns_of: Vec<Vec<(&str, Dtype)>> = Vec::new();
    for (map, built) in &built {
        let columns = map.columns();
        let mut key = columns.clone();
        key.sort_unstable_by_key(|&(name, _)| name);
        let group = keys.iter().position(|k| *k == key).unwrap_or_else(|| {
            keys.push(key);
            group_rows.push(0);
            columns_of.push(columns.clone());
            keys.len() - 1
        });
        group_of.push(group);
        group_rows[group] += built.store.rows();
    }
    let mut groups = Vec::new();
    for (group, columns) in columns_of.iter().enumerate() {
        let path = join(&population, &group.to_string());
        let writers = columns.iter().map(|(name, dtype)| {
            file.create_column(&join(&path, name), *dtype, group_rows[group], None, to.compression)
        });
        groups.push(Group { writers: writers.collect::<std::result::Result<_, _>>()?, written: 0 });
    }
    // The place in a group's columns of each column of a map.
    let places: Vec<Vec<usize>> = built
        .iter()
        .zip(&group_of)
        .map(|((map, _), &group)| {
            let own = map.columns();
            let place = |name: &str| own.iter().position(|(n, _)| *n == name).unwrap_or_default();
            columns_of[group].iter().map(|(name, _)| place(name)).collect()
        })
        .collect();

    let mut cursors: Vec<(usize, Cursor<'_>)> = Vec::new();
    for (at, (_, built)) in built.iter().enumerate() {
        cursors.extend(built.store.blocks().iter().map(|b| (at, Cursor::new(b))));
    }
    let tables: Vec<(&NodeTable, &NodeTable)> =
        built.iter().map(|(_, b)| (b.sources.table().as_ref(), b.targets.table().as_ref())).collect();
    let mut written = 0;
    while let Some(parts) = next_parts(&mut cursors)? {
        let types: Vec<i64> = built.iter().map(|(m, _)| m.edge_type_id).collect();
        written = write_window(&parts, &tables, &types, &group_of, &places, &base, &mut groups, written)?;
    }
    drop(base);
    drop(groups);
    write_index(&file, &population, "target_node_id", "target_to_source", to.compression)?;
    write_index(&file, &population, "source_node_id", "source_to_target", to.compression)?;
    file.flush()?;
    Ok(true)
}

/// The rows of all blocks that come next: the place of the map, and the rows by target.
fn next_parts(cursors: &mut [(usize, Cursor<'_>)]) -> Result<Option<Vec<(usize, Block)>>> {
    loop {
        let mut bound: Option<u32> = None;
        for (_, cursor) in cursors.iter_mut() {
            if cursor.window.len() < WINDOW && !cursor.is_at_end() {
                cursor.read(WINDOW)?;
            }
            // The last target of a window may have more rows.
            if let (false, Some(last)) = (cursor.is_at_end(), cursor.last()) {
                bound = Some(bound.map_or(last, |b| b.min(last)));
            }
        }
        let parts: Vec<(usize, Block)> = cursors
            .iter_mut()
            .map(|(map, cursor)| (*map, cursor.take_below(bound)))
            .filter(|(_, block)| !block.is_empty())
            .collect();
        match (parts.is_empty(), bound) {
            (false, _) => return Ok(Some(parts)),
            (true, None) => return Ok(None),
            (true, Some(bound)) => {
                // A whole window of one target.
                for (_, cursor) in cursors.iter_mut() {
                    if cursor.last() == Some(bound) && !cursor.is_at_end() {
                        cursor.read(WINDOW)?;
                    }
                }
            }
        }
    }
}

/// Writes some rows, and says how many were written in all.
#[expect(clippy::too_many_arguments, reason = "the places that a row goes to")]
fn write_window(
    parts: &[(usize, Block)],
    tables: &[(&NodeTable, &NodeTable)],
    types: &[i64],
    group_of: &[usize],
    places: &[Vec<usize>],
    base: &[ColumnWriter; 5],
    groups: &mut [Group],
    written: usize,
) -> Result<usize> {
    // (target, part, row), in the order of the file.
    let mut order: Vec<(u32, u32, u32)> = Vec::with_capacity(parts.iter().map(|(_, b)| b.len()).sum());
    for (at, (_, block)) in parts.iter().enumerate() {
        order.extend(block.targets.iter().enumerate().map(|(row, &t)| (t, at as u32, row as u32)));
    }
    if parts.len() > 1 {
        order.sort_unstable();
    }
    let mut columns: [Vec<i64>; 5] = Default::default();
    columns.iter_mut().for_each(|c| c.reserve_exact(order.len()));
    let mut next: Vec<usize> = groups.iter().map(|g| g.written).collect();
    let mut rows_of: Vec<Vec<(u32, u32)>> = vec![Vec::new(); groups.len()];
    for &(target, part, row) in &order {
        let (map, block) = &parts[part as usize];
        let (sources, targets) = tables[*map];
        let group = group_of[*map];
        columns[0].push(sources.ids()[block.sources[row as usize] as usize] as i64);
        columns[1].push(targets.ids()[target as usize] as i64);
        columns[2].push(types[*map]);
        columns[3].push(group as i64);
        columns[4].push(next[group] as i64);
        next[group] += 1;
        rows_of[group].push((part, row));
    }
    for (writer, column) in base.iter().zip(&columns) {
        writer.write_at(written, Elements::Integers(column))?;
    }
    for (group, rows) in groups.iter_mut().zip(&rows_of) {
        for (at, writer) in group.writers.iter().enumerate() {
            write_column(writer, group.written, parts, rows, |map| places[map][at])?;
        }
        group.written += rows.len();
    }
    Ok(written + order.len())
}

/// Writes a column of a group: its rows are rows of parts.
fn write_column(
    writer: &ColumnWriter,
    first: usize,
    parts: &[(usize, Block)],
    rows: &[(u32, u32)],
    place: impl Fn(usize) -> usize,
) -> Result<()> {
    let Some(&(part, _)) = rows.first() else { return Ok(()) };
    let column = |part: u32| -> Option<&Column> {
        let (map, block) = &parts[part as usize];
        block.columns.get(place(*map))
    };
    macro_rules! gather {
        ($variant:ident) => {{
            let values: Vec<_> = rows
                .iter()
                .filter_map(|&(part, row)| match column(part).map(Column::data) {
                    Some(Data::$variant(v)) => v.get(row as usize).cloned(),
                    _ => None,
                })
                .collect();
            writer.write_at(first, Elements::$variant(&values))?
        }};
    }
    match column(part).map(Column::data) {
        // Without columns of its own a row has the number of its synapses.
        None => {
            let counts: Vec<i64> =
                rows.iter().map(|&(part, row)| i64::from(parts[part as usize].1.synapses(row as usize))).collect();
            writer.write_at(first, Elements::Integers(&counts))?;
        }
        Some(Data::Integers(_)) => gather!(Integers),
        Some(Data::Floats(_)) => gather!(Floats),
        Some(Data::Texts(_)) => gather!(Texts),
    }
    Ok(())
}

/// Writes the file that says which gap junctions there are: one pair of ids for each synapse, counted from `first`.
/// Returns whether there were any.
pub(crate) fn write_gap_junctions(
    path: &Path,
    maps: &[&ConnectionMap],
    first: i64,
    compression: Compression,
) -> Result<bool> {
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    for built in maps.iter().filter_map(|m| m.built()) {
        for stored in built.store.blocks() {
            let block = stored.load()?;
            for row in 0..block.len() {
                let source = built.sources.table().ids()[block.sources[row] as usize] as i64;
                let target = built.targets.table().ids()[block.targets[row] as usize] as i64;
                for _ in 0..block.synapses(row) {
                    sources.push(source);
                    targets.push(target);
                }
            }
        }
    }
    if sources.is_empty() {
        return Ok(false);
    }
    let file = File::create(path)?;
    let ids = |offset: i64| -> Vec<i64> { (0..sources.len() as i64).map(|i| first + 2 * i + offset).collect() };
    let columns = [
        ("source_ids", Dtype::U64, &sources),
        ("target_ids", Dtype::U64, &targets),
        ("src_gap_ids", Dtype::I64, &ids(0)),
        ("trg_gap_ids", Dtype::I64, &ids(1)),
    ];
    for (name, dtype, values) in columns {
        let column = file.create_column(&format!("/{name}"), dtype, values.len(), None, compression)?;
        column.write_at(0, Elements::Integers(values))?;
    }
    file.flush()?;
    Ok(true)
}
