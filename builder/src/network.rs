//! [`NetworkBuilder`]: nodes and connection rules are collected, edges are built, files are saved.

use crate::connect::Connector;
use crate::edges::{ConnectionMap, Ends, Limits};
use crate::filter::Filter;
use crate::nodes::{FIRST_TYPE_ID, NodePool, NodeTable};
use crate::property::{Properties, Property};
use crate::save::{self, EdgesFile};
use crate::{Error, Progress, Result, Value};
use indexmap::{IndexMap, IndexSet};
use sonata::h5::Compression;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A call of `add_nodes`: how many, and their properties.
#[derive(Debug, Clone, Default)]
pub struct Nodes {
    n: usize,
    properties: Properties,
}

impl Nodes {
    /// `n` nodes of one type.
    pub fn new(n: usize) -> Nodes {
        Nodes { n, properties: Properties::new() }
    }

    /// A property: one value for all, or a vector with a value for each.
    pub fn with(mut self, name: &str, property: impl Into<Property>) -> Nodes {
        self.properties.insert(name.to_owned(), property.into());
        self
    }
}

/// A call of `add_edges`: between which nodes, by which rule, and properties that all edges share.
pub struct Edges {
    source: Ends,
    target: Ends,
    rule: Box<dyn Connector>,
    shared: IndexMap<String, Value>,
}

impl Edges {
    /// Edges from sources to targets: a [`Filter`] on the network's own nodes, a condition such as `("ei", "e")`, or
    /// a [`NodePool`] of this or another network.
    pub fn between(source: impl Into<Ends>, target: impl Into<Ends>, rule: impl Connector + 'static) -> Edges {
        Edges::with_rule(source.into(), target.into(), Box::new(rule))
    }

    /// As [`Edges::between`], for a rule of unknown type.
    pub fn with_rule(source: Ends, target: Ends, rule: Box<dyn Connector>) -> Edges {
        Edges { source, target, rule, shared: IndexMap::new() }
    }

    /// A property that all edges share.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Edges {
        self.shared.insert(name.to_owned(), value.into());
        self
    }
}

/// An edge as users see it: a pair of cells with its synapses, or one synapse where synapses have own properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The id of the source in its network.
    pub source_node_id: u64,
    /// The id of the target in its network.
    pub target_node_id: u64,
    /// The edge type.
    pub edge_type_id: i64,
    /// The number of synapses.
    pub nsyns: u32,
}

/// Which files [`NetworkBuilder::save_edges`] writes.
#[derive(Debug, Clone, Default)]
pub struct EdgeFiles {
    /// The name of the HDF5 file, `<source>_<target>_edges.h5` if not given.
    pub edges_file_name: Option<String>,
    /// The name of the types table, `<source>_<target>_edge_types.csv` if not given.
    pub edge_types_file_name: Option<String>,
    /// Only edges from this network.
    pub src_network: Option<String>,
    /// Only edges to this network.
    pub trg_network: Option<String>,
    /// The name of the edge population, `<source>_to_<target>` if not given.
    pub name: Option<String>,
}

/// Builds a network: a population of nodes, and edges between them and from nodes of other networks.
#[derive(Debug)]
pub struct NetworkBuilder {
    table: Arc<NodeTable>,
    maps: Vec<ConnectionMap>,
    next_edge_type_id: i64,
    seed: u64,
    limits: Limits,
    compression: Compression,
    first_gap_id: i64,
}

impl NetworkBuilder {
    /// The memory that edges may take before they are moved to files, bytes.
    pub const DEFAULT_MEMORY: usize = 1 << 30;

    /// An empty network. Its name will be that of the population.
    pub fn new(name: &str) -> Result<NetworkBuilder> {
        if name.is_empty() || name.contains('/') {
            return Err(Error::argument("NetworkBuilder", "name", format!("`{name}` can't name a population")));
        }
        Ok(NetworkBuilder {
            table: Arc::new(NodeTable::new(name)),
            maps: Vec::new(),
            next_edge_type_id: FIRST_TYPE_ID,
            seed: 0,
            limits: Limits::new(Self::DEFAULT_MEMORY, None, Arc::default()),
            compression: Compression::Gzip,
            first_gap_id: 0,
        })
    }

    /// Sets the seed of all rules that draw random numbers; 0 if it is not set. Edges that are already built stay.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
    }

    /// Sets how much memory edges may take, bytes, and where they go beyond that (the system's folder for temporary
    /// files if `None`).
    pub fn set_memory(&mut self, bytes: usize, folder: Option<PathBuf>) {
        self.limits = Limits::new(bytes, folder, self.limits.progress.clone());
    }

    /// Sets whether datasets are compressed; they are if it is not set.
    pub fn set_compression(&mut self, compression: Compression) {
        self.compression = compression;
    }

    /// Sets the first id of gap junctions; 0 if it is not set.
    pub fn set_first_gap_junction_id(&mut self, id: i64) {
        self.first_gap_id = id;
    }

    /// How far building is, to be looked at, and stopped, from another thread.
    pub fn progress(&self) -> &Arc<Progress> {
        &self.limits.progress
    }

    /// The name of the network.
    pub fn name(&self) -> &str {
        self.table.network()
    }

    /// The number of nodes.
    pub fn nnodes(&self) -> usize {
        self.table.len()
    }

    /// The number of synapses of all edges that are built.
    pub fn nedges(&self) -> u64 {
        self.maps.iter().filter_map(|m| m.built()).map(|b| b.store.synapses()).sum()
    }

    /// The table of all nodes.
    pub fn table(&self) -> &Arc<NodeTable> {
        &self.table
    }

    /// Adds nodes of a new type.
    pub fn add_nodes(&mut self, nodes: Nodes) -> Result<()> {
        Arc::make_mut(&mut self.table).add(nodes.n, nodes.properties)
    }

    /// Adds nodes with ids and types of their own, as files have them.
    pub(crate) fn table_mut(&mut self) -> &mut NodeTable {
        Arc::make_mut(&mut self.table)
    }

    /// The nodes that meet a filter, as they are now.
    pub fn nodes(&self, filter: impl Into<Filter>) -> NodePool {
        NodePool::new(self.table.clone(), &filter.into())
    }

    /// Adds a rule that makes edges. They are built when they are first needed.
    pub fn add_edges(&mut self, edges: Edges) -> Result<&mut ConnectionMap> {
        let Edges { source, target, rule, mut shared } = edges;
        let wrong = |argument: &str, message: String| Err(Error::argument("add_edges", argument, message));
        let name = self.table.network();
        let is_gap_junction = shared.get("is_gap_junction").is_some_and(|v| v.same(&true.into()));
        if is_gap_junction && source.network(name) != target.network(name) {
            return wrong("is_gap_junction", "a gap junction is between two cells of one network".to_owned());
        }
        let taken = |id: i64| self.maps.iter().any(|m| m.edge_type_id == id);
        let id = match shared.shift_remove("edge_type_id") {
            None => {
                while taken(self.next_edge_type_id) {
                    self.next_edge_type_id += 1;
                }
                self.next_edge_type_id
            }
            Some(Value::Int(id)) if taken(id) => {
                return wrong("edge_type_id", format!("{id} is already the id of other edges' type"));
            }
            Some(Value::Int(id)) if u32::try_from(id).is_ok() => id,
            Some(other) => return wrong("edge_type_id", format!("expected an integer of 32 bits, found {other}")),
        };
        self.maps.push(ConnectionMap::new(id, source, target, shared, rule));
        self.maps.last_mut().ok_or_else(|| Error::argument("add_edges", "", ""))
    }

    /// Adds gap junctions: edges whose `syn_weight` is a conductance, uS.
    pub fn add_gap_junctions(&mut self, edges: Edges, conductance: f64) -> Result<&mut ConnectionMap> {
        let mut edges = edges.with("syn_weight", conductance).with("is_gap_junction", true);
        let shared = &mut edges.shared;
        shared.entry("distance_range".to_owned()).or_insert_with(|| Value::list([0.0, 300.0]));
        shared.entry("target_sections".to_owned()).or_insert_with(|| Value::list(["somatic"]));
        self.add_edges(edges)
    }

    /// What the calls of `add_edges` made, in their order.
    pub fn connections(&self) -> &[ConnectionMap] {
        &self.maps
    }

    /// As [`NetworkBuilder::connections`], to add properties later.
    pub fn connections_mut(&mut self) -> &mut [ConnectionMap] {
        &mut self.maps
    }

    /// Builds what is not yet built. A second call does nothing; with BMTK it makes all edges once more.
    pub fn build(&mut self) -> Result<()> {
        for at in 0..self.maps.len() {
            self.build_map(at)?;
        }
        Ok(())
    }

    /// Builds the edges of one call of `add_edges`.
    pub fn build_map(&mut self, at: usize) -> Result<()> {
        let name = self.table.network().to_owned();
        let Some(map) = self.maps.get_mut(at) else { return Ok(()) };
        map.build(&name, &self.table, self.seed, &self.limits)
    }

    /// Forgets all edges and builds them again.
    pub fn rebuild(&mut self) -> Result<()> {
        self.maps.iter_mut().for_each(ConnectionMap::forget);
        self.build()
    }

    /// Takes back a call of `add_edges`.
    pub fn remove_edges(&mut self, at: usize) {
        if at < self.maps.len() {
            self.maps.remove(at);
        }
    }

    /// Takes back all calls of `add_edges`.
    pub fn clear_edges(&mut self) {
        self.maps.clear();
    }

    /// All edges, as they are now; what is not yet built is built first.
    pub fn edges(&mut self) -> Result<Vec<Edge>> {
        self.build()?;
        let mut edges = Vec::new();
        for at in 0..self.maps.len() {
            let edge_type_id = self.maps[at].edge_type_id;
            self.visit_blocks(at, |sources, targets, block| {
                for row in 0..block.len() {
                    edges.push(Edge {
                        source_node_id: sources.ids()[block.sources()[row] as usize],
                        target_node_id: targets.ids()[block.targets()[row] as usize],
                        edge_type_id,
                        nsyns: block.synapses(row),
                    });
                }
                Ok(())
            })?;
        }
        Ok(edges)
    }

    /// Calls `visit` with the edges of one call of `add_edges`, some at a time: the nodes of the sources' network,
    /// those of the targets', and the edges.
    pub fn visit_blocks(
        &mut self,
        at: usize,
        mut visit: impl FnMut(&NodeTable, &NodeTable, &crate::edges::Block) -> Result<()>,
    ) -> Result<()> {
        self.build_map(at)?;
        let Some(built) = self.maps.get_mut(at).and_then(|m| m.built_mut()) else { return Ok(()) };
        for stored in built.store.blocks_mut() {
            let block = stored.load()?;
            visit(built.sources.table(), built.targets.table(), &block)?;
        }
        Ok(())
    }

    /// Saves nodes and edges in a folder.
    pub fn save(&mut self, folder: &Path) -> Result<()> {
        self.save_nodes(folder, None, None)?;
        self.save_edges(folder, &EdgeFiles::default())?;
        Ok(())
    }

    /// Saves nodes and their types in a folder, as `<name>_nodes.h5` and `<name>_node_types.csv` unless names are
    /// given. Returns the paths.
    pub fn save_nodes(&self, folder: &Path, nodes: Option<&str>, types: Option<&str>) -> Result<[PathBuf; 2]> {
        let path = |given: Option<&str>, end: &str| match given {
            Some(name) => folder.join(name),
            None => folder.join(format!("{}_{end}", self.name())),
        };
        let paths = [path(nodes, "nodes.h5"), path(types, "node_types.csv")];
        for path in &paths {
            save::create_folder(path.parent().unwrap_or(folder))?;
        }
        save::write_nodes(&paths[0], &self.table, self.compression)?;
        save::write_node_types(&paths[1], &self.table)?;
        Ok(paths)
    }

    /// The pairs of source and target networks that edges were added between.
    pub fn populations(&self) -> Vec<(String, String)> {
        let name = self.name();
        let pairs = self.maps.iter().map(|m| (m.source.network(name).to_owned(), m.target.network(name).to_owned()));
        pairs.collect::<IndexSet<_>>().into_iter().collect()
    }

    /// Builds what is not yet built and saves edges and their types in a folder, one pair of files for each pair of
    /// networks. Gap junctions are listed in `<name>_gap_juncs.h5` besides. Returns the paths of the files.
    pub fn save_edges(&mut self, folder: &Path, files: &EdgeFiles) -> Result<Vec<PathBuf>> {
        self.build()?;
        let wanted = |(source, target): &(String, String)| {
            files.src_network.as_ref().is_none_or(|n| n == source)
                && files.trg_network.as_ref().is_none_or(|n| n == target)
        };
        let mut pairs = self.populations();
        if !pairs.is_empty() && !pairs.iter().any(wanted) {
            let known = pairs.iter().map(|(s, t)| format!("{s} to {t}")).collect::<Vec<_>>().join(", ");
            let argument = if files.src_network.is_some() { "src_network" } else { "trg_network" };
            return Err(Error::argument("save_edges", argument, format!("there are no such edges, only from {known}")));
        }
        pairs.retain(wanted);
        let named = files.edges_file_name.is_some() || files.edge_types_file_name.is_some();
        if named && pairs.len() > 1 {
            let message = "edges of several pairs of networks are to be saved; choose with src_network and trg_network";
            return Err(Error::argument("save_edges", "edges_file_name", message));
        }
        save::create_folder(folder)?;
        let mut written = Vec::new();
        let of = |pair: &(String, String)| -> Vec<&ConnectionMap> {
            let name = self.name();
            self.maps.iter().filter(|m| m.source.network(name) == pair.0 && m.target.network(name) == pair.1).collect()
        };
        let gaps: Vec<&ConnectionMap> = self
            .maps
            .iter()
            .filter(|m| m.shared.get("is_gap_junction").is_some_and(|v| v.same(&true.into())))
            .collect();
        let path = folder.join(format!("{}_gap_juncs.h5", self.name()));
        if !gaps.is_empty() && save::write_gap_junctions(&path, &gaps, self.first_gap_id, self.compression)? {
            written.push(path);
        }
        for pair in &pairs {
            let (source, target) = pair;
            let file = |given: &Option<String>, end: &str| match given {
                Some(name) => folder.join(name),
                None => folder.join(format!("{source}_{target}_{end}")),
            };
            let path = file(&files.edges_file_name, "edges.h5");
            let types = file(&files.edge_types_file_name, "edge_types.csv");
            let population = files.name.clone().unwrap_or_else(|| format!("{source}_to_{target}"));
            let maps = of(pair);
            let to = EdgesFile { path: &path, population: &population, source, target, compression: self.compression };
            save::write_edge_types(&types, &maps)?;
            written.push(types);
            if save::write_edges(&to, &maps)? {
                written.push(path);
            } else {
                tracing::warn!("no rule made an edge from {source} to {target}: no edges file is written");
            }
        }
        Ok(written)
    }
}
