//! Node populations: who the cells are.

use crate::attributes::{Attributes, check_length};
use crate::error::Error;
use crate::h5::{File, join};
use crate::types::{TypesOf, TypesTable};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// A population of nodes, in the order of its file.
#[derive(Debug)]
pub struct NodePopulation {
    name: String,
    ids: Vec<u64>,
    /// Row of each node id, where ids are not simply 0, 1, 2, ...
    rows: Option<HashMap<u64, u32>>,
    attributes: Attributes,
}

impl NodePopulation {
    /// The name of the population.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The node id of each row.
    pub fn ids(&self) -> &[u64] {
        &self.ids
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The row of a node id.
    pub fn row(&self, id: u64) -> Option<usize> {
        match &self.rows {
            None => (id < self.ids.len() as u64).then_some(id as usize),
            Some(rows) => rows.get(&id).map(|&r| r as usize),
        }
    }

    /// What the nodes are like.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }
}

/// Reads all populations of a nodes file. `types` is the node types table, which may be missing.
pub fn read_nodes(file: &Path, types: Option<&Path>) -> Result<Vec<NodePopulation>, Error> {
    let types = Arc::new(types.map_or_else(|| Ok(TypesTable::empty()), |t| TypesTable::read(t, TypesOf::Nodes))?);
    let file = Arc::new(File::open(file)?);
    file.groups("/nodes")?.into_iter().map(|name| read_population(&file, name, &types)).collect()
}

fn read_population(file: &Arc<File>, name: String, types: &Arc<TypesTable>) -> Result<NodePopulation, Error> {
    let path = join("/nodes", &name);
    let count = *file.shape(&join(&path, "node_type_id"))?.first().unwrap_or(&0);
    let id_path = join(&path, "node_id");
    let ids: Vec<u64> = if file.exists(&id_path) { file.read_u64(&id_path)? } else { (0..count as u64).collect() };
    check_length(file, &id_path, count, ids.len())?;
    let rows = if ids.iter().enumerate().all(|(i, &id)| i as u64 == id) {
        None
    } else {
        let mut rows = HashMap::with_capacity(count);
        for (row, &id) in ids.iter().enumerate() {
            if rows.insert(id, row as u32).is_some() {
                let (file, message) = (file.path().to_owned(), format!("node id {id} appears twice"));
                return Err(Error::BadRow { file, object: id_path, row, message });
            }
        }
        Some(rows)
    };
    let attributes = Attributes::read(file, &path, "node", count, types)?;
    Ok(NodePopulation { name, ids, rows, attributes })
}
