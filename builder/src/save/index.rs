//! The two indices of an edges file: for each node the ranges of rows that have it as target, and as source.
//!
//! Ranges of targets are known while rows are written, since rows are sorted by target. Sources are indexed
//! afterwards, in passes over the file that each hold the ranges of some sources, so that memory is bounded.

use crate::Result;
use sonata::h5::{Compression, Dtype, Elements, File, join};

/// Rows that are read at a time.
const WINDOW: usize = 1 << 20;
/// Ranges that are held at a time.
const RANGES: usize = 1 << 24;

/// Writes an index of the node ids in the dataset `ids` of an edge population.
pub(crate) fn write_index(
    file: &File,
    population: &str,
    ids: &str,
    name: &str,
    compression: Compression,
) -> Result<()> {
    write_in_passes(file, population, ids, name, compression, RANGES)
}

fn write_in_passes(
    file: &File,
    population: &str,
    ids: &str,
    name: &str,
    compression: Compression,
    most: usize,
) -> Result<()> {
    let path = join(population, ids);
    let rows = file.shape(&path)?.first().copied().unwrap_or(0);
    // How many ranges each node has.
    let mut counts: Vec<u64> = Vec::new();
    visit_ranges(file, &path, rows, |id, _, _| {
        if counts.len() <= id {
            counts.resize(id + 1, 0);
        }
        counts[id] += 1;
    })?;
    let total: u64 = counts.iter().sum();
    let group = join(population, &format!("indices/{name}"));
    let create =
        |name: &str, rows: usize| file.create_column(&join(&group, name), Dtype::U64, rows, Some(2), compression);
    let of_nodes = create("node_id_to_range", counts.len())?;
    let of_ranges = create("range_to_edge_id", total as usize)?;
    let mut first = 0u64;
    let table: Vec<i64> = counts
        .iter()
        .flat_map(|&count| {
            let range = if count == 0 { [0, 0] } else { [first as i64, (first + count) as i64] };
            first += count;
            range
        })
        .collect();
    of_nodes.write_at(0, Elements::Integers(&table))?;
    // BMTK's name and libsonata's.
    file.link(&join(&group, "node_id_to_range"), &join(&group, "node_id_to_ranges"))?;
    let (mut node, mut written) = (0, 0usize);
    while node < counts.len() {
        // As many nodes as have no more than `most` ranges, but at least one.
        let start = node;
        let mut held = counts[node] as usize;
        node += 1;
        while node < counts.len() && held + counts[node] as usize <= most {
            held += counts[node] as usize;
            node += 1;
        }
        let mut next: Vec<usize> = Vec::with_capacity(node - start);
        let mut sum = 0;
        for &count in &counts[start..node] {
            next.push(sum);
            sum += count as usize;
        }
        let mut ranges = vec![0i64; held * 2];
        if held > 0 {
            visit_ranges(file, &path, rows, |id, from, to| {
                if (start..node).contains(&id) {
                    let at = &mut next[id - start];
                    (ranges[2 * *at], ranges[2 * *at + 1]) = (from as i64, to as i64);
                    *at += 1;
                }
            })?;
            of_ranges.write_at(written, Elements::Integers(&ranges))?;
        }
        written += held;
    }
    Ok(())
}

/// Calls `found` with id, first row and end of each range of rows of one id.
fn visit_ranges(file: &File, path: &str, rows: usize, mut found: impl FnMut(usize, usize, usize)) -> Result<()> {
    let mut current: Option<(u64, usize)> = None;
    let mut at = 0;
    while at < rows {
        let end = (at + WINDOW).min(rows);
        for (row, id) in (at..end).zip(file.read_u64_range(path, at..end)?) {
            match current {
                Some((last, _)) if last == id => {}
                Some((last, from)) => {
                    found(last as usize, from, row);
                    current = Some((id, row));
                }
                None => current = Some((id, row)),
            }
        }
        at = end;
    }
    if let Some((last, from)) = current {
        found(last as usize, from, rows);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_do_not_depend_on_the_number_of_passes() {
        let folder = tempfile::tempdir().unwrap();
        for most in [1, 3, 100] {
            let file = File::create(&folder.path().join(format!("{most}.h5"))).unwrap();
            file.write_u64("/edges/e/source_node_id", &[4, 4, 1, 4, 1, 1, 0, 4], Compression::None).unwrap();
            write_in_passes(&file, "/edges/e", "source_node_id", "source_to_target", Compression::None, most).unwrap();
            let nodes = file.read_u64("/edges/e/indices/source_to_target/node_id_to_range").unwrap();
            assert_eq!(nodes, [0, 1, 1, 3, 0, 0, 0, 0, 3, 6]);
            let ranges = file.read_u64("/edges/e/indices/source_to_target/range_to_edge_id").unwrap();
            assert_eq!(ranges, [6, 7, 2, 3, 4, 6, 0, 2, 3, 4, 7, 8]);
        }
    }
}
