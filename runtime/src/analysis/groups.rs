//! Which nodes belong together: the sets that a user names, or nodes with the same value of an attribute.

use super::{AnalysisError, Ids};
use indexmap::IndexMap;
use sonata::attributes::Value;
use sonata::config::Config;
use sonata::node_sets::NodeSets;
use sonata::nodes::{NodePopulation, read_nodes};

/// Some nodes of a population.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// The number of its colour.
    pub color: usize,
    /// Their ids, ascending; `None` for all that there are.
    ids: Option<Vec<u64>>,
}

impl Group {
    /// All nodes of a population of which nothing else is known.
    pub fn all(name: &str, color: usize) -> Self {
        Self { name: name.to_owned(), color, ids: None }
    }

    /// Whether a node is among them.
    pub fn has(&self, id: u64) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.binary_search(&id).is_ok())
    }

    /// Their ids, if it is known who they are.
    pub fn ids(&self) -> Option<&[u64]> {
        self.ids.as_deref()
    }
}

/// How nodes are to be grouped.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Names of node sets: a group each.
    pub node_sets: Vec<String>,
    /// An attribute: a group for each of its values.
    pub attribute: Option<String>,
    /// Only these nodes.
    pub nodes: Option<Ids>,
}

/// The groups of all populations.
#[derive(Clone, Debug, Default)]
pub struct Groups(IndexMap<String, Vec<Group>>);

impl Groups {
    /// The groups of a network's populations, as they are wanted.
    ///
    /// # Errors
    /// When nodes cannot be read, or nothing has such a name.
    pub fn of(config: &Config, wanted: &Wanted) -> Result<Self, AnalysisError> {
        let mut populations = Vec::new();
        for files in &config.networks.nodes {
            populations.extend(read_nodes(&files.nodes_file, files.node_types_file.as_deref())?);
        }
        let mut found: IndexMap<String, Vec<Group>> = IndexMap::new();
        let mut add = |population: &str, name: &str, color: usize, mut ids: Vec<u64>| {
            ids.retain(|&id| wanted.nodes.as_ref().is_none_or(|nodes| nodes.has(id)));
            ids.sort_unstable();
            if !ids.is_empty() {
                let groups = found.entry(population.to_owned()).or_default();
                groups.push(Group { name: name.to_owned(), color, ids: Some(ids) });
            }
        };
        if !wanted.node_sets.is_empty() {
            let sets = NodeSets::new(config.node_sets.clone());
            for (color, name) in wanted.node_sets.iter().enumerate() {
                for (population, ids) in sets.resolve_name(name, &populations)? {
                    add(&population, name, color, ids);
                }
            }
        } else if let Some(attribute) = &wanted.attribute {
            if !populations.iter().any(|population| has(population, attribute)) {
                let mut known: Vec<String> =
                    populations.iter().flat_map(|population| population.attributes().names()).collect();
                known.sort();
                known.dedup();
                return Err(AnalysisError::NoAttribute { attribute: attribute.clone(), known });
            }
            let mut colors: IndexMap<String, usize> = IndexMap::new();
            for population in &populations {
                let mut by_value: IndexMap<String, Vec<u64>> = IndexMap::new();
                for (row, &id) in population.ids().iter().enumerate() {
                    by_value.entry(value(population, row, attribute)?).or_default().push(id);
                }
                by_value.sort_keys();
                for (name, ids) in by_value {
                    let next = colors.len();
                    let color = *colors.entry(name.clone()).or_insert(next);
                    add(population.name(), &name, color, ids);
                }
            }
        } else {
            for (color, population) in populations.iter().enumerate() {
                add(population.name(), population.name(), color, population.ids().to_vec());
            }
        }
        Ok(Self(found))
    }

    /// The groups of a population; all its nodes, in the colour of this number, where nothing is known of it.
    pub fn in_population(&self, population: &str, color: usize) -> Vec<Group> {
        if self.0.is_empty() {
            return vec![Group::all(population, color)];
        }
        self.0.get(population).cloned().unwrap_or_default()
    }
}

fn has(population: &NodePopulation, attribute: &str) -> bool {
    attribute == "node_type_id" || population.attributes().has(attribute)
}

/// The value of an attribute as a name.
fn value(population: &NodePopulation, row: usize, attribute: &str) -> Result<String, AnalysisError> {
    let attributes = population.attributes();
    if attribute == "node_type_id" {
        return Ok(attributes.type_id(row).map_or_else(|| "no type".to_owned(), |id| format!("type {id}")));
    }
    Ok(match attributes.value(row, attribute)? {
        None => format!("no {attribute}"),
        Some(Value::Text(text)) => text.to_owned(),
        Some(other) => other.to_string(),
    })
}
