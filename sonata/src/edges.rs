//! Edge populations: who talks to whom.
//!
//! Millions of edges are a handful of vectors. BMTK visits the edges of a target node in the order of the index
//! `indices/target_to_source`; [`EdgePopulation::by_target`] gives that order, from the file's index if it has one
//! (checked), else built from the edges, stably.

use crate::attributes::{Attributes, check_length};
use crate::error::Error;
use crate::h5::{File, join};
use crate::types::{TypesOf, TypesTable};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// A population of edges, in the order of its file.
#[derive(Debug)]
pub struct EdgePopulation {
    name: String,
    path: String,
    file: Arc<File>,
    source_population: String,
    target_population: String,
    sources: Vec<u64>,
    targets: Vec<u64>,
    attributes: Attributes,
}

/// Edges in the order in which the nodes at one end of them are visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeOrder {
    offsets: Vec<usize>,
    edges: Vec<u32>,
}

impl NodeOrder {
    /// The rows of the edges of the `i`-th node, in the order of the index.
    pub fn edges(&self, i: usize) -> &[u32] {
        &self.edges[self.offsets[i]..self.offsets[i + 1]]
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows of edges, node after node.
    pub fn all(&self) -> &[u32] {
        &self.edges
    }
}

impl EdgePopulation {
    /// The name of the population.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The population of the source nodes.
    pub fn source_population(&self) -> &str {
        &self.source_population
    }

    /// The population of the target nodes.
    pub fn target_population(&self) -> &str {
        &self.target_population
    }

    /// The source node id of each edge.
    pub fn sources(&self) -> &[u64] {
        &self.sources
    }

    /// The target node id of each edge.
    pub fn targets(&self) -> &[u64] {
        &self.targets
    }

    /// The number of edges.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there are no edges.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// What the edges are like.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// The edges onto each of the target nodes `node_ids`, in that order of nodes.
    ///
    /// It is an error if an edge goes onto a node that is not among them, or if the index of the file does not fit
    /// the edges.
    pub fn by_target(&self, node_ids: &[u64]) -> Result<NodeOrder, Error> {
        let end = End { ids: &self.targets, dataset: "target_node_id", index: "target_to_source", verb: "goes onto" };
        self.by_end(&end, &self.target_population, node_ids)
    }

    /// The edges from each of the source nodes `node_ids`, likewise by the index `source_to_target`.
    pub fn by_source(&self, node_ids: &[u64]) -> Result<NodeOrder, Error> {
        let end = End { ids: &self.sources, dataset: "source_node_id", index: "source_to_target", verb: "comes from" };
        self.by_end(&end, &self.source_population, node_ids)
    }

    fn by_end(&self, end: &End<'_>, population: &str, node_ids: &[u64]) -> Result<NodeOrder, Error> {
        let place: HashMap<u64, u32> = node_ids.iter().enumerate().map(|(i, &id)| (id, i as u32)).collect();
        let mut offsets = vec![0usize; node_ids.len() + 1];
        let mut places = Vec::with_capacity(end.ids.len());
        let mut last = None;
        for (row, &node) in end.ids.iter().enumerate() {
            // Edges of the same node mostly follow each other.
            let at = match last {
                Some((id, at)) if id == node => at,
                _ => *place.get(&node).ok_or_else(|| {
                    let message = format!("node {node} is not in population {population}");
                    self.bad(end.dataset, row, message)
                })?,
            };
            last = Some((node, at));
            places.push(at);
            offsets[at as usize + 1] += 1;
        }
        for i in 0..node_ids.len() {
            offsets[i + 1] += offsets[i];
        }
        let index = ["indices", "indicies"]
            .map(|name| join(&join(&self.path, name), end.index))
            .into_iter()
            .find(|path| self.file.exists(path));
        let edges = match index {
            Some(path) => self.indexed(&path, end, node_ids, &offsets)?,
            None => {
                let mut next = offsets.clone();
                let mut edges = vec![0u32; end.ids.len()];
                for (row, &place) in places.iter().enumerate() {
                    let at = &mut next[place as usize];
                    edges[*at] = row as u32;
                    *at += 1;
                }
                edges
            }
        };
        Ok(NodeOrder { offsets, edges })
    }

    /// The edges in the order of the index at `path`: each node has a range of rows of `range_to_edge_id`, each of
    /// which is a range of edges.
    fn indexed(&self, path: &str, end: &End<'_>, node_ids: &[u64], offsets: &[usize]) -> Result<Vec<u32>, Error> {
        let nodes_path = join(path, "node_id_to_range");
        let ranges_path = join(path, "range_to_edge_id");
        let nodes = self.file.read_u64(&nodes_path)?;
        let ranges = self.file.read_u64(&ranges_path)?;
        let broken = |object: &str, row: usize, message: String| Error::BadRow {
            file: self.file.path().to_owned(),
            object: object.to_owned(),
            row,
            message: format!("{message}; the index does not fit the edges (without the index it is built anew)"),
        };
        let mut edges = Vec::with_capacity(end.ids.len());
        for (i, &id) in node_ids.iter().enumerate() {
            let row = usize::try_from(id).unwrap_or(usize::MAX);
            let wanted = offsets[i + 1] - offsets[i];
            let start = edges.len();
            // Nodes past the end of the index have no edges.
            if let Some(&[first, last]) = nodes.as_chunks::<2>().0.get(row) {
                for r in first as usize..last as usize {
                    let Some(&[from, to]) = ranges.as_chunks::<2>().0.get(r) else {
                        return Err(broken(&nodes_path, row, format!("there is no range {r}")));
                    };
                    for edge in from..to {
                        match end.ids.get(edge as usize) {
                            Some(&node) if node == id => edges.push(edge as u32),
                            Some(&node) => {
                                let message = format!("edge {edge} {} node {node}, not {id}", end.verb);
                                return Err(broken(&ranges_path, r, message));
                            }
                            None => return Err(broken(&ranges_path, r, format!("there is no edge {edge}"))),
                        }
                    }
                }
            }
            if edges.len() - start != wanted {
                let found = edges.len() - start;
                return Err(broken(&nodes_path, row, format!("{found} edges are listed, there are {wanted}")));
            }
        }
        Ok(edges)
    }

    fn bad(&self, dataset: &str, row: usize, message: String) -> Error {
        Error::BadRow { file: self.file.path().to_owned(), object: join(&self.path, dataset), row, message }
    }
}

/// One end of the edges.
struct End<'a> {
    /// The node at it, of each edge.
    ids: &'a [u64],
    /// The dataset that tells.
    dataset: &'static str,
    /// The index by it.
    index: &'static str,
    /// What edges do there, in words.
    verb: &'static str,
}

/// Reads all populations of an edges file. `types` is the edge types table, which may be missing.
pub fn read_edges(file: &Path, types: Option<&Path>) -> Result<Vec<EdgePopulation>, Error> {
    let types = Arc::new(types.map_or_else(|| Ok(TypesTable::empty()), |t| TypesTable::read(t, TypesOf::Edges))?);
    let file = Arc::new(File::open(file)?);
    file.groups("/edges")?.into_iter().map(|name| read_population(&file, name, &types)).collect()
}

fn read_population(file: &Arc<File>, name: String, types: &Arc<TypesTable>) -> Result<EdgePopulation, Error> {
    let path = join("/edges", &name);
    let (source_path, target_path) = (join(&path, "source_node_id"), join(&path, "target_node_id"));
    let sources = file.read_u64(&source_path)?;
    let targets = file.read_u64(&target_path)?;
    check_length(file, &source_path, targets.len(), sources.len())?;
    let source_population = end_population(file, &source_path, &name, 0)?;
    let target_population = end_population(file, &target_path, &name, 1)?;
    let attributes = Attributes::read(file, &path, "edge", targets.len(), types)?;
    let file = file.clone();
    Ok(EdgePopulation { name, path, file, source_population, target_population, sources, targets, attributes })
}

/// The population at one end of the edges: the attribute `node_population`, or a part of "source_to_target".
fn end_population(file: &File, dataset: &str, name: &str, end: usize) -> Result<String, Error> {
    if let Some(population) = file.attribute_text(dataset, "node_population")? {
        // Some writers put the path of the population.
        return Ok(population.rsplit('/').next().unwrap_or_default().to_owned());
    }
    let parts: Vec<&str> = name.split("_to_").collect();
    if let [source, target] = parts[..] {
        return Ok([source, target][end].to_owned());
    }
    Err(Error::NoObject {
        file: file.path().to_owned(),
        kind: "attribute",
        object: format!("{dataset}@node_population"),
        nearest: None,
        known: Vec::new(),
    })
}
