//! Edges of a network, one table for each call of `add_edges`: which rule makes them, and what it made.

mod block;
mod properties;
mod store;

pub use block::Block;
pub use properties::{ConstantValues, PerSynapse, PropertyRule, Synapses, ValuesInOrder};
pub(crate) use store::{Cursor, Limits, Store};

use crate::connect::{Connector, Order, Pairs};
use crate::filter::Filter;
use crate::nodes::{NodePool, NodeTable};
use crate::{Error, Result, Value};
use indexmap::IndexMap;
use sonata::h5::Dtype;
use std::sync::Arc;

/// Which nodes are sources or targets.
#[derive(Debug, Clone)]
pub enum Ends {
    /// Nodes of the network itself, those that it has when edges are built.
    Own(Filter),
    /// Nodes of any network, those that were in it when they were asked for.
    Pool(NodePool),
}

impl Ends {
    fn resolve(&self, table: &Arc<NodeTable>) -> NodePool {
        match self {
            Ends::Own(filter) => NodePool::new(table.clone(), filter),
            Ends::Pool(pool) => pool.clone(),
        }
    }

    pub(crate) fn query(&self) -> String {
        match self {
            Ends::Own(filter) => filter.query(),
            Ends::Pool(pool) => pool.query().to_owned(),
        }
    }

    pub(crate) fn network<'a>(&'a self, own: &'a str) -> &'a str {
        match self {
            Ends::Own(_) => own,
            Ends::Pool(pool) => pool.network(),
        }
    }
}

impl From<Filter> for Ends {
    fn from(filter: Filter) -> Ends {
        Ends::Own(filter)
    }
}

impl<V: Into<Value>> From<(&str, V)> for Ends {
    fn from(condition: (&str, V)) -> Ends {
        Ends::Own(condition.into())
    }
}

impl From<NodePool> for Ends {
    fn from(pool: NodePool) -> Ends {
        Ends::Pool(pool)
    }
}

/// A property that each synapse has for itself.
struct Individual {
    names: Vec<String>,
    dtypes: Vec<Dtype>,
    rule: Box<dyn PropertyRule>,
}

/// What a call of `add_edges` asked for: a rule that connects, properties, and, once built, the edges.
pub struct ConnectionMap {
    pub(crate) edge_type_id: i64,
    pub(crate) source: Ends,
    pub(crate) target: Ends,
    /// Without the type id and the queries.
    pub(crate) shared: IndexMap<String, Value>,
    connector: Box<dyn Connector>,
    individual: Vec<Individual>,
    /// The number of `individual` whose values are in the blocks.
    evaluated: usize,
    built: Option<Built>,
}

/// The edges of a type.
pub(crate) struct Built {
    pub sources: NodePool,
    pub targets: NodePool,
    pub store: Store,
}

impl std::fmt::Debug for ConnectionMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionMap")
            .field("edge_type_id", &self.edge_type_id)
            .field("shared", &self.shared)
            .finish_non_exhaustive()
    }
}

impl ConnectionMap {
    pub(crate) fn new(
        edge_type_id: i64,
        source: Ends,
        target: Ends,
        shared: IndexMap<String, Value>,
        connector: Box<dyn Connector>,
    ) -> ConnectionMap {
        let (individual, evaluated, built) = (Vec::new(), 0, None);
        ConnectionMap { edge_type_id, source, target, shared, connector, individual, evaluated, built }
    }

    /// The edge type id.
    pub fn edge_type_id(&self) -> i64 {
        self.edge_type_id
    }

    /// The properties that all edges of the type share, without the type id and the queries.
    pub fn edge_type_properties(&self) -> &IndexMap<String, Value> {
        &self.shared
    }

    /// Gives each synapse its own values of some properties, made by a rule.
    ///
    /// From then on each synapse has a row of its own in the file, and there is no `nsyns`. `dtypes` are the types in
    /// which the properties are stored; none stands for `float64` for all. Values of edges that are already built are
    /// made at the next use.
    pub fn add_properties<S: AsRef<str>>(
        &mut self,
        names: &[S],
        rule: impl PropertyRule + 'static,
        dtypes: &[Dtype],
    ) -> Result<&mut ConnectionMap> {
        let wrong = |argument: &str, message: String| Err(Error::argument("add_properties", argument, message));
        if names.is_empty() {
            return wrong("names", "there is no name".to_owned());
        }
        if !dtypes.is_empty() && dtypes.len() != names.len() {
            return wrong("dtypes", format!("{} types for {} names", dtypes.len(), names.len()));
        }
        for (at, name) in names.iter().map(AsRef::as_ref).enumerate() {
            let here = names[..at].iter().any(|n| n.as_ref() == name);
            if here || self.individual.iter().any(|i| i.names.iter().any(|n| n == name)) {
                return wrong("names", format!("property {name} was already added"));
            }
            if name.is_empty() || name.contains('/') || name == "nsyns" {
                return wrong("names", format!("`{name}` can't be the name of a property"));
            }
        }
        let names: Vec<String> = names.iter().map(|n| n.as_ref().to_owned()).collect();
        let dtypes = if dtypes.is_empty() { vec![Dtype::F64; names.len()] } else { dtypes.to_vec() };
        self.individual.push(Individual { names, dtypes, rule: Box::new(rule) });
        Ok(self)
    }

    /// The names and types of the properties that each row of the file has for itself: those added, or `nsyns`.
    pub fn columns(&self) -> Vec<(&str, Dtype)> {
        let added =
            self.individual.iter().flat_map(|i| i.names.iter().map(String::as_str).zip(i.dtypes.iter().copied()));
        let columns: Vec<_> = added.collect();
        if columns.is_empty() { vec![("nsyns", Dtype::U32)] } else { columns }
    }

    /// Connects, unless that was done, and gives synapses the properties that they do not have yet.
    pub(crate) fn build(&mut self, network: &str, table: &Arc<NodeTable>, seed: u64, limits: &Limits) -> Result<()> {
        if self.built.is_none() {
            self.built = Some(self.connect(network, table, seed, limits)?);
        }
        let Some(built) = &mut self.built else { return Ok(()) };
        if self.evaluated < self.individual.len() {
            for (at, individual) in self.individual.iter().enumerate().skip(self.evaluated) {
                let mut first = 0;
                // Streams of random numbers: one purpose for the rule that connects, one for each property.
                let purpose = purpose(self.edge_type_id) + 1 + at as u64;
                for block in built.store.blocks_mut() {
                    let mut loaded = block.take()?;
                    loaded.expand();
                    let synapses = Synapses {
                        sources: &built.sources,
                        targets: &built.targets,
                        source_rows: loaded.sources(),
                        target_rows: loaded.targets(),
                        first,
                        seed,
                        purpose,
                    };
                    let columns = individual
                        .rule
                        .values(synapses, &individual.dtypes)
                        .map_err(|e| in_rule(e, network, self.edge_type_id, &individual.names.join(", ")))?;
                    first += loaded.len() as u64;
                    for (column, (name, dtype)) in
                        columns.into_iter().zip(individual.names.iter().zip(&individual.dtypes))
                    {
                        if column.len() != loaded.len() || column.dtype() != *dtype || column.width().is_some() {
                            return Err(Error::Rule {
                                network: network.to_owned(),
                                edge_type_id: self.edge_type_id,
                                argument: name.clone(),
                                message: format!(
                                    "the rule gave {} values of type {} for {} synapses of type {dtype}",
                                    column.len(),
                                    column.dtype(),
                                    loaded.len()
                                ),
                            });
                        }
                        loaded.push_column(column);
                    }
                    block.put(loaded, limits)?;
                }
                self.evaluated = at + 1;
            }
        }
        Ok(())
    }

    fn connect(&self, network: &str, table: &Arc<NodeTable>, seed: u64, limits: &Limits) -> Result<Built> {
        let (sources, targets) = (self.source.resolve(table), self.target.resolve(table));
        let mut store = Store::new();
        let mut block = Block::default();
        let pairs = Pairs {
            sources: &sources,
            targets: &targets,
            seed,
            purpose: purpose(self.edge_type_id),
            progress: &limits.progress,
        };
        let connected = self.connector.connect(pairs, &mut |source, target, count| {
            let (Some(&source), Some(&target)) =
                (sources.rows().get(source as usize), targets.rows().get(target as usize))
            else {
                let message = "the rule connects a node that is not among the sources and targets";
                return Err(Error::argument("add_edges", "connection_rule", message));
            };
            block.push(source, target, count);
            if block.len() >= limits.block_rows {
                store.push(std::mem::take(&mut block), limits)?;
            }
            Ok(())
        });
        connected.map_err(|e| in_rule(e, network, self.edge_type_id, "connection_rule"))?;
        let sequential = self.individual.iter().any(|i| i.rule.sequential());
        if sequential && self.connector.order() == Order::ByTarget && store.is_empty() {
            block.sort_by_source();
        }
        store.push(block, limits)?;
        Ok(Built { sources, targets, store })
    }

    pub(crate) fn built(&self) -> Option<&Built> {
        self.built.as_ref()
    }

    pub(crate) fn built_mut(&mut self) -> Option<&mut Built> {
        self.built.as_mut()
    }

    /// Forgets the edges, so that they are built again.
    pub(crate) fn forget(&mut self) {
        self.built = None;
        self.evaluated = 0;
    }
}

/// The first of 2^16 purposes of streams of random numbers that belong to an edge type.
fn purpose(edge_type_id: i64) -> u64 {
    (edge_type_id as u64) << 16
}

/// Says which edge type's rule failed.
fn in_rule(error: Error, network: &str, edge_type_id: i64, argument: &str) -> Error {
    match error {
        Error::Argument { argument: at, message, .. } => Error::Rule {
            network: network.to_owned(),
            edge_type_id,
            argument: if at == "rule" { argument.to_owned() } else { at },
            message,
        },
        other => other,
    }
}
