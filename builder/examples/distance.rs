//! Times a distance rule: cells in a slab, about a hundred connections to each.
//!
//!     cargo run --release -p builder --example distance -- FOLDER [CELLS] [MIB OF MEMORY FOR EDGES]
//!
//! Prints the seconds of each step and the most memory that the process had.

use builder::connect::DistanceConnector;
use builder::{Edges, Filter, NetworkBuilder, Nodes, Stream};
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: distance FOLDER [CELLS] [MIB]")?);
    let cells: usize = arguments.next().map_or(Ok(100_000), |n| n.parse())?;
    let memory: usize = arguments.next().map_or(Ok(1024), |n| n.parse())?;

    let start = Instant::now();
    // 10^5 cells/mm^3 in a slab 200 um thick.
    let side = (cells as f64 / 1e5 / 0.2).sqrt() * 1000.0;
    let mut stream = Stream::new(1, 0, 0);
    let positions: Vec<[f64; 3]> =
        (0..cells).map(|_| [side, 200.0, side].map(|length| stream.uniform_in(0.0, length))).collect();
    let mut net = NetworkBuilder::new("slab")?;
    net.set_seed(1);
    net.set_memory(memory << 20, Some(std::env::temp_dir()));
    net.add_nodes(Nodes::new(cells).with("model_type", "virtual").with("positions", positions))?;
    let nodes = start.elapsed();
    let rule = DistanceConnector { d_weight_min: 0.0, d_weight_max: 0.63, d_max: 125.0, nsyn_min: 1, nsyn_max: 5 };
    net.add_edges(Edges::between(Filter::all(), Filter::all(), rule).with("syn_weight", 1e-4).with("delay", 1.0))?;
    net.build()?;
    let built = start.elapsed();
    let rows: usize = sum_of_rows(&mut net)?;
    let counted = start.elapsed();
    net.save(&folder)?;
    let saved = start.elapsed();
    println!("{cells} cells, {rows} edges, {} synapses", net.nedges());
    println!(
        "nodes {:.2} s, edges {:.2} s, files {:.2} s",
        nodes.as_secs_f64(),
        (built - nodes).as_secs_f64(),
        (saved - counted).as_secs_f64()
    );
    println!("memory at most {} MiB", most_memory().unwrap_or_default() >> 10);
    Ok(())
}

fn sum_of_rows(net: &mut NetworkBuilder) -> builder::Result<usize> {
    let mut rows = 0;
    net.visit_blocks(0, |_, _, block| {
        rows += block.len();
        Ok(())
    })?;
    Ok(rows)
}

/// The most resident memory so far, KiB, where the system tells.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
