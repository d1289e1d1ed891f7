//! SONATA: configurations, networks, spikes and reports, read and written as BMTK's BioNet does.
//!
//! What comes in: `config.json` ([`config::Config`]), node and edge populations as HDF5 with their types tables
//! ([`nodes`], [`edges`]), node sets ([`node_sets`]), parameter files ([`dynamics`]). What goes out: spikes
//! ([`spikes`]) and compartment reports ([`report`]), which can be read back for comparison.
//!
//! Populations are columns, not objects: an attribute of a million edges is one vector ([`attributes`]). All HDF5
//! goes through [`h5`]. Nothing here knows about cells, sections or mechanisms.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::path::Path;
//!
//! let (config, warnings) = sonata::Config::load(Path::new("config.json")).map_err(|errors| format!("{errors:?}"))?;
//! for files in &config.networks.edges {
//!     for edges in sonata::read_edges(&files.edges_file, files.edge_types_file.as_deref())? {
//!         let weights = edges.attributes().f64_column("syn_weight", None)?;
//!         println!("{}: {} edges, total weight {}", edges.name(), edges.len(), weights.iter().sum::<f64>());
//!     }
//! }
//! # Ok(())
//! # }
//! ```

pub mod attributes;
pub mod config;
pub mod dynamics;
pub mod ecp;
pub mod edges;
mod error;
pub mod fit;
pub mod gap_junctions;
pub mod h5;
mod json;
pub mod literal;
pub mod neuroml;
pub mod node_sets;
pub mod nodes;
pub mod numpy;
pub mod nwb;
pub mod report;
pub mod saved_edges;
pub mod spikes;
pub mod suggest;
pub mod types;

pub use attributes::Attributes;
pub use config::{Config, ConfigError, Warning};
pub use dynamics::DynamicsParams;
pub use edges::{EdgePopulation, read_edges};
pub use error::{Error, NoAttribute};
pub use node_sets::{NodeSets, Selection};
pub use nodes::{NodePopulation, read_nodes};
pub use report::{Report, ReportWriter};
pub use spikes::Spikes;

#[cfg(test)]
mod network_tests;
