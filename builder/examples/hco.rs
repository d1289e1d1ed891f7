//! The tutorial's half-centre oscillator: two cells that inhibit each other.
//!
//!     cargo run -p builder --example hco FOLDER
//!
//! writes the network files to FOLDER; `examples/hco` has a configuration that runs them.

use builder::connect::Constant;
use builder::{Edges, NetworkBuilder, Nodes, Value};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: hco FOLDER")?);
    let mut net = NetworkBuilder::new("hco_net")?;
    for name in ["HCOCell1", "HCOCell2"] {
        net.add_nodes(
            Nodes::new(1)
                .with("cell_name", name)
                .with("model_type", "biophysical")
                .with("model_template", "hoc:HCOcell")
                .with("morphology", "blank.swc"),
        )?;
    }
    for (source, target) in [("HCOCell1", "HCOCell2"), ("HCOCell2", "HCOCell1")] {
        net.add_edges(
            Edges::between(("cell_name", source), ("cell_name", target), Constant(1))
                .with("syn_weight", 40.0e-02)
                .with("dynamics_params", "my_inhsyn.json")
                .with("model_template", "inhsyn")
                .with("delay", 0.0)
                .with("target_sections", Value::list(["soma"]))
                .with("distance_range", Value::list([0, 999])),
        )?;
    }
    net.save(&folder)?;
    Ok(())
}
