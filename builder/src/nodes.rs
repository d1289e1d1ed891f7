//! Nodes of a network, as columns: a node is a row of a set, a set is what one call of `add_nodes` made.

use crate::filter::Filter;
use crate::property::{Properties, Property};
use crate::{Column, Error, Result, Value};
use indexmap::IndexMap;
use std::collections::HashSet;
use std::sync::Arc;

/// The first id of a node type or an edge type that nobody chose.
pub(crate) const FIRST_TYPE_ID: i64 = 100;

/// What one call of `add_nodes` made: nodes of one type.
#[derive(Debug, Clone)]
pub struct NodeSet {
    first: u32,
    len: u32,
    type_id: i64,
    /// Without the type id.
    shared: IndexMap<String, Value>,
    columns: IndexMap<String, Column>,
}

impl NodeSet {
    /// The rows of the set in its table.
    pub fn rows(&self) -> std::ops::Range<u32> {
        self.first..self.first + self.len
    }

    /// The node type id.
    pub fn type_id(&self) -> i64 {
        self.type_id
    }

    /// The properties that all nodes of the set share.
    pub fn shared_properties(&self) -> &IndexMap<String, Value> {
        &self.shared
    }

    /// The properties that each node has for itself.
    pub fn columns(&self) -> &IndexMap<String, Column> {
        &self.columns
    }

    pub(crate) fn shared(&self, name: &str) -> Option<&Value> {
        self.shared.get(name)
    }

    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }
}

/// All nodes of a network.
#[derive(Debug, Clone)]
pub struct NodeTable {
    network: String,
    sets: Vec<NodeSet>,
    ids: Vec<u64>,
    taken: HashSet<u64>,
    next_id: u64,
    type_ids: HashSet<i64>,
    next_type_id: i64,
}

impl NodeTable {
    pub(crate) fn new(network: &str) -> NodeTable {
        NodeTable {
            network: network.to_owned(),
            sets: Vec::new(),
            ids: Vec::new(),
            taken: HashSet::new(),
            next_id: 0,
            type_ids: HashSet::new(),
            next_type_id: FIRST_TYPE_ID,
        }
    }

    /// Adds `n` nodes of a new type. Nothing is added if an argument is wrong.
    pub(crate) fn add(&mut self, n: usize, properties: Properties) -> Result<()> {
        let wrong = |argument: &str, message: String| Err(Error::argument("add_nodes", argument, message));
        let (mut shared, mut columns) = (IndexMap::new(), IndexMap::new());
        for (name, property) in properties {
            match property {
                Property::Shared(value) => drop(shared.insert(name, value)),
                Property::Each(column) if column.len() != n => {
                    return wrong(&name, format!("{} values for N={n} nodes", column.len()));
                }
                Property::Each(column) => drop(columns.insert(name, column)),
            }
        }
        if u32::try_from(self.ids.len() + n).is_err() {
            return wrong("N", "a network has at most 2^32 - 1 nodes".to_owned());
        }
        if columns.contains_key("node_type_id") {
            return wrong("node_type_id", "all nodes of a call have one type, give one number".to_owned());
        }
        let type_id = match shared.shift_remove("node_type_id") {
            None => {
                while self.type_ids.contains(&self.next_type_id) {
                    self.next_type_id += 1;
                }
                self.next_type_id
            }
            Some(Value::Int(id)) if self.type_ids.contains(&id) => {
                return wrong("node_type_id", format!("{id} is already the id of other nodes' type"));
            }
            Some(Value::Int(id)) => id,
            Some(other) => return wrong("node_type_id", format!("expected an integer, found {other}")),
        };
        let ids = match (columns.get("node_id"), shared.shift_remove("node_id")) {
            (Some(column), _) => Some(self.chosen_ids(column)?),
            (None, Some(Value::Int(id))) if n == 1 => {
                let column = Column::from(vec![id]);
                let ids = self.chosen_ids(&column)?;
                columns.insert("node_id".to_owned(), column);
                Some(ids)
            }
            (None, Some(other)) => return wrong("node_id", format!("expected {n} integers, found {other}")),
            (None, None) => None,
        };
        let ids = ids.unwrap_or_else(|| self.free_ids(n));
        self.taken.extend(&ids);
        self.type_ids.insert(type_id);
        let (first, len) = (self.ids.len() as u32, n as u32);
        self.ids.extend(ids);
        self.sets.push(NodeSet { first, len, type_id, shared, columns });
        Ok(())
    }

    /// Adds nodes as a file has them. A type that is already there is taken to be the same.
    pub(crate) fn import(
        &mut self,
        type_id: Option<i64>,
        ids: Vec<u64>,
        shared: IndexMap<String, Value>,
        columns: IndexMap<String, Column>,
    ) -> Result<()> {
        if let Some(id) = ids.iter().find(|id| self.taken.contains(id)) {
            let message = format!("node {id} is already in network {}", self.network);
            return Err(Error::argument("import_nodes", "nodes_file_name", message));
        }
        let type_id = type_id.unwrap_or(FIRST_TYPE_ID);
        self.taken.extend(&ids);
        self.type_ids.insert(type_id);
        let (first, len) = (self.ids.len() as u32, ids.len() as u32);
        self.ids.extend(ids);
        self.sets.push(NodeSet { first, len, type_id, shared, columns });
        Ok(())
    }

    fn chosen_ids(&self, column: &Column) -> Result<Vec<u64>> {
        let wrong = |message: String| Err(Error::argument("add_nodes", "node_id", message));
        let crate::Data::Integers(ids) = column.data() else {
            return wrong("expected integers".to_owned());
        };
        let mut seen = HashSet::new();
        let mut out = Vec::with_capacity(ids.len());
        for &id in ids {
            let Ok(found) = u64::try_from(id) else { return wrong(format!("{id} is negative")) };
            if self.taken.contains(&found) || !seen.insert(found) {
                return wrong(format!("{id} is already the id of a node of network {}", self.network));
            }
            out.push(found);
        }
        Ok(out)
    }

    fn free_ids(&mut self, n: usize) -> Vec<u64> {
        let mut ids = Vec::with_capacity(n);
        while ids.len() < n {
            if !self.taken.contains(&self.next_id) {
                ids.push(self.next_id);
            }
            self.next_id += 1;
        }
        ids
    }

    /// The network's name: that of the population.
    pub fn network(&self) -> &str {
        &self.network
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The ids of the nodes, in the order in which they were added.
    pub fn ids(&self) -> &[u64] {
        &self.ids
    }

    /// The sets of nodes.
    pub fn sets(&self) -> &[NodeSet] {
        &self.sets
    }

    /// The node of a row, below [`NodeTable::len`].
    pub fn node(&self, row: usize) -> Node<'_> {
        let set = self.sets.partition_point(|s| s.first as usize <= row) - 1;
        // Sets without nodes begin where the next one does.
        Node { table: self, set: &self.sets[set], row: row as u32 }
    }
}

/// A node: a row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    table: &'a NodeTable,
    set: &'a NodeSet,
    row: u32,
}

impl<'a> Node<'a> {
    /// The node's id in its network.
    pub fn id(&self) -> u64 {
        self.table.ids[self.row as usize]
    }

    /// The row in the network's table of nodes.
    pub fn row(&self) -> usize {
        self.row as usize
    }

    /// The id of its type.
    pub fn type_id(&self) -> i64 {
        self.set.type_id
    }

    fn column(&self, name: &str) -> Option<(&'a Column, usize)> {
        let column = self.set.columns.get(name)?;
        Some((column, (self.row - self.set.first) as usize))
    }

    /// A property: its own, else that of its type. `node_id` and `node_type_id` are properties.
    pub fn get(&self, name: &str) -> Option<Value> {
        match (self.column(name), name) {
            (Some((column, row)), _) => Some(column.value(row)),
            (None, "node_id") => i64::try_from(self.id()).ok().map(Value::Int),
            (None, "node_type_id") => Some(Value::Int(self.set.type_id)),
            (None, _) => self.set.shared.get(name).cloned(),
        }
    }

    /// A property that is a number.
    pub fn f64(&self, name: &str) -> Option<f64> {
        match self.column(name) {
            Some((column, row)) => column.number(row),
            None => self.get(name)?.as_f64(),
        }
    }

    /// A shared property that is text.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        match self.column(name) {
            Some((column, row)) => match column.data() {
                crate::Data::Texts(texts) => texts.get(row).map(String::as_str),
                _ => None,
            },
            None => self.set.shared.get(name)?.as_str(),
        }
    }

    /// Where the cell is, um: `positions` or `position`, else `x`, `y` and `z` (those that are missing are 0).
    pub fn position(&self) -> Option<[f64; 3]> {
        for name in ["positions", "position"] {
            if let Some((column, row)) = self.column(name)
                && let Some(position) = column.numbers(row)
            {
                return Some(position);
            }
            if let Some(Value::List(v) | Value::Tuple(v)) = self.set.shared.get(name)
                && let [x, y, z] = &v[..]
            {
                return Some([x.as_f64()?, y.as_f64()?, z.as_f64()?]);
            }
        }
        let [x, y, z] = ["x", "y", "z"].map(|name| self.f64(name));
        (x.is_some() || y.is_some() || z.is_some()).then(|| [x, y, z].map(Option::unwrap_or_default))
    }
}

/// Some nodes of a network: what `nodes(filter)` gives.
#[derive(Debug, Clone)]
pub struct NodePool {
    table: Arc<NodeTable>,
    rows: Vec<u32>,
    query: String,
}

impl NodePool {
    pub(crate) fn new(table: Arc<NodeTable>, filter: &Filter) -> NodePool {
        NodePool { rows: filter.rows(&table), query: filter.query(), table }
    }

    /// The nodes of given rows of a table, ascending. `query` is shown in edge types tables.
    pub fn of_rows(table: Arc<NodeTable>, rows: Vec<u32>, query: String) -> NodePool {
        NodePool { table, rows, query }
    }

    /// The name of the network.
    pub fn network(&self) -> &str {
        &self.table.network
    }

    /// The filter as text.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The network's nodes, among which are these.
    pub fn table(&self) -> &Arc<NodeTable> {
        &self.table
    }

    /// The rows of the nodes in the network's table, ascending.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no node is meant.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The node at a place of the pool.
    pub fn node(&self, at: usize) -> Node<'_> {
        self.table.node(self.rows[at] as usize)
    }

    /// The nodes.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.rows.iter().map(|&row| self.table.node(row as usize))
    }

    /// The positions of all nodes, um, if all have one.
    pub(crate) fn positions(&self) -> std::result::Result<Vec<[f64; 3]>, u64> {
        self.iter().map(|node| node.position().ok_or(node.id())).collect()
    }
}
