//! Edges as they were made: one row a synapse, with its place. BMTK reads such a file as a network's.
//!
//! Group 0 has the synapses of cells with sections (`syn_weight`, `sec_id`, `sec_x`), group 1 those of others
//! (`syn_weight`). Both indices are there.

use crate::error::Error;
use crate::h5::{Compression, File};
use std::path::{Path, PathBuf};

/// A synapse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SavedEdge {
    /// The source's node id.
    pub source: u64,
    /// The target's node id.
    pub target: u64,
    /// The id of its type; 0 where there are no types.
    pub edge_type: u64,
    /// Its weight.
    pub weight: f64,
    /// Section id and position along the section, for a target that has sections.
    pub place: Option<(u64, f64)>,
}

/// The file of the edges between two populations in a folder.
pub fn file_name(folder: &Path, source: &str, target: &str) -> PathBuf {
    folder.join(format!("{source}_{target}_edges.h5"))
}

/// Writes the edges between two populations; those of a target should stand together.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, source: &str, target: &str, edges: &[SavedEdge]) -> Result<(), Error> {
    let file = File::create(path)?;
    let group = format!("/edges/{source}_{target}");
    let place = |name: &str| format!("{group}/{name}");
    let whole = |name: &str, of: &dyn Fn(&SavedEdge) -> u64| {
        let values: Vec<u64> = edges.iter().map(of).collect();
        file.write_u64(&place(name), &values, Compression::None)
    };
    whole("source_node_id", &|edge| edge.source)?;
    whole("target_node_id", &|edge| edge.target)?;
    file.write_attribute_text(&place("source_node_id"), "node_population", source)?;
    file.write_attribute_text(&place("target_node_id"), "node_population", target)?;
    whole("edge_type_id", &|edge| edge.edge_type)?;
    whole("edge_group_id", &|edge| u64::from(edge.place.is_none()))?;
    let mut counts = [0u64; 2];
    let rows: Vec<u64> = edges
        .iter()
        .map(|edge| {
            let count = &mut counts[usize::from(edge.place.is_none())];
            *count += 1;
            *count - 1
        })
        .collect();
    file.write_u64(&place("edge_group_index"), &rows, Compression::None)?;
    let placed = || edges.iter().filter_map(|edge| Some((edge.weight, edge.place?)));
    let (weights, sections): (Vec<f64>, Vec<u64>) = placed().map(|(weight, (section, _))| (weight, section)).unzip();
    file.write_f64(&place("0/syn_weight"), &weights, Compression::None)?;
    file.write_u64(&place("0/sec_id"), &sections, Compression::None)?;
    let positions: Vec<f64> = placed().map(|(_, (_, x))| x).collect();
    file.write_f64(&place("0/sec_x"), &positions, Compression::None)?;
    let others: Vec<f64> = edges.iter().filter(|edge| edge.place.is_none()).map(|edge| edge.weight).collect();
    file.write_f64(&place("1/syn_weight"), &others, Compression::None)?;
    index(&file, &place("indices/target_to_source"), edges.iter().map(|edge| edge.target))?;
    index(&file, &place("indices/source_to_target"), edges.iter().map(|edge| edge.source))?;
    file.flush()
}

/// Ranges of edges of each node.
fn index(file: &File, group: &str, nodes: impl Iterator<Item = u64>) -> Result<(), Error> {
    let mut ranges: Vec<(u64, [u64; 2])> = Vec::new();
    for (edge, node) in (0u64..).zip(nodes) {
        match ranges.last_mut() {
            Some((last, range)) if *last == node => range[1] = edge + 1,
            _ => ranges.push((node, [edge, edge + 1])),
        }
    }
    ranges.sort_by_key(|(node, _)| *node);
    let nodes = ranges.last().map_or(0, |(node, _)| *node as usize + 1);
    let mut of_node = vec![[0u64; 2]; nodes];
    for (row, (node, _)) in (0u64..).zip(&ranges) {
        let range = &mut of_node[*node as usize];
        *range = if range[1] == 0 { [row, row + 1] } else { [range[0], row + 1] };
    }
    let edges: Vec<u64> = ranges.iter().flat_map(|(_, range)| *range).collect();
    file.write_u64_rows(&format!("{group}/range_to_edge_id"), &edges, 2)?;
    file.write_u64_rows(&format!("{group}/node_id_to_range"), of_node.as_flattened(), 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edges::read_edges;

    #[test]
    fn what_is_written_is_a_network() {
        let folder = tempfile::tempdir().unwrap();
        let edge = |source, target, place| SavedEdge { source, target, edge_type: 100, weight: 0.5, place };
        let edges = [edge(2, 0, Some((3, 0.25))), edge(0, 0, None), edge(2, 1, Some((4, 0.5)))];
        let path = file_name(folder.path(), "a", "b");
        write(&path, "a", "b", &edges).unwrap();
        let read = read_edges(&path, None).unwrap();
        assert_eq!((read[0].source_population(), read[0].target_population()), ("a", "b"));
        assert_eq!(read[0].sources(), [2, 0, 2]);
        assert_eq!(read[0].by_target(&[0, 1]).unwrap().edges(1), [2]);
        assert_eq!(read[0].attributes().opt_f64(2, "sec_x").unwrap(), Some(0.5));
        assert_eq!(read[0].attributes().opt_i64(1, "sec_id").unwrap(), None);
    }
}
