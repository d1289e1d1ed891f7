//! Networks as SONATA files, laid out as BMTK lays them out.

mod edges;
mod index;
mod nodes;
mod tables;

pub(crate) use edges::{EdgesFile, write_edges, write_gap_junctions};
pub(crate) use nodes::write_nodes;
pub(crate) use tables::{write_edge_types, write_node_types};

use crate::{Error, Result};
use std::path::Path;

/// Creates a folder and those above it.
pub(crate) fn create_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))
}
