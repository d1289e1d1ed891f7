//! Builds networks and saves them as SONATA, with the ideas and the semantics of BMTK's `NetworkBuilder`.
//!
//! Nodes are added with properties that all share or that each has for itself; edges are added as rules between
//! filtered nodes. Rules run when edges are first needed, in parallel, and depend on the network's seed alone.
//! Everything is a column: an attribute of ten million synapses is one vector, and what exceeds the memory allowed
//! goes to temporary files, sorted.
//!
//! ```
//! use builder::{Edges, NetworkBuilder, Nodes, Value, connect::Constant};
//! # fn main() -> builder::Result<()> {
//! let mut net = NetworkBuilder::new("hco_net")?;
//! for name in ["HCOCell1", "HCOCell2"] {
//!     net.add_nodes(Nodes::new(1).with("cell_name", name).with("model_type", "biophysical"))?;
//! }
//! for (source, target) in [("HCOCell1", "HCOCell2"), ("HCOCell2", "HCOCell1")] {
//!     let edges = Edges::between(("cell_name", source), ("cell_name", target), Constant(1));
//!     net.add_edges(edges.with("syn_weight", 0.4).with("target_sections", Value::list(["soma"])))?;
//! }
//! let folder = tempfile::tempdir().unwrap();
//! net.save(folder.path())?;
//! assert_eq!(net.nedges(), 2);
//! # Ok(())
//! # }
//! ```

mod column;
pub mod connect;
pub mod edges;
mod error;
mod filter;
pub mod grid;
mod import;
pub mod morphology;
mod network;
pub mod nodes;
pub mod poisson;
pub mod positions;
mod progress;
mod property;
mod save;
mod stream;
mod value;

pub use column::{Column, Data};
pub use edges::ConnectionMap;
pub use error::{Error, Result};
pub use filter::{Condition, Filter};
pub use network::{Edge, EdgeFiles, Edges, NetworkBuilder, Nodes};
pub use nodes::{Node, NodePool, NodeTable};
pub use progress::Progress;
pub use property::{Properties, Property};
pub use sonata::h5::{Compression, Dtype};
pub use stream::Stream;
pub use value::Value;

#[cfg(test)]
mod tests;
