//! Spikes of two runs, node by node.

use super::{Divergence, FileComparison, label};
use sonata::Spikes;
use std::collections::BTreeMap;

/// The spikes of each node, in order of time.
type ByNode = BTreeMap<u64, Vec<f64>>;

/// Compares all populations.
pub fn compare(file: &str, a: &[Spikes], b: &[Spikes], tolerance: f64, files: &mut Vec<FileComparison>) {
    let mut populations: Vec<&str> = a.iter().chain(b).map(|spikes| spikes.population.as_str()).collect();
    populations.sort_unstable();
    populations.dedup();
    if populations.is_empty() {
        populations.push("");
    }
    for population in populations {
        let (a, b) = (by_node(a, population), by_node(b, population));
        let nodes: BTreeMap<u64, ()> = a.keys().chain(b.keys()).map(|&node| (node, ())).collect();
        let mut largest: f64 = 0.0;
        let mut first: Option<Divergence> = None;
        for &node in nodes.keys() {
            let of = |all: &ByNode| all.get(&node).cloned().unwrap_or_default();
            let (a, b) = (of(&a), of(&b));
            for k in 0..a.len().max(b.len()) {
                let pair = (a.get(k).copied(), b.get(k).copied());
                let time = match pair {
                    (Some(x), Some(y)) => {
                        largest = largest.max((x - y).abs());
                        if (x - y).abs() <= tolerance {
                            continue;
                        }
                        x.min(y)
                    }
                    (one, other) => one.or(other).unwrap_or(0.0),
                };
                if first.as_ref().is_none_or(|first| time < first.time) {
                    let of = if population.is_empty() { String::new() } else { format!(" of {population}") };
                    let place = format!("node {node}{of}");
                    first = Some(Divergence { time, place, what: "spike".to_owned(), values: pair });
                }
                break;
            }
        }
        let count = |all: &ByNode| all.values().map(Vec::len).sum();
        let counts = (count(&a), count(&b));
        files.push(FileComparison::Spikes { name: label(file, population), counts, largest, first });
    }
}

fn by_node(all: &[Spikes], population: &str) -> ByNode {
    let mut found = ByNode::new();
    for spikes in all.iter().filter(|spikes| spikes.population == population) {
        for (&node, &time) in spikes.node_ids.iter().zip(&spikes.timestamps) {
            found.entry(node).or_default().push(time);
        }
    }
    found.values_mut().for_each(|times| times.sort_by(f64::total_cmp));
    found
}
