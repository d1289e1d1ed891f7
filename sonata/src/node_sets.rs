//! Node sets: names for groups of nodes, and the filters that define them.
//!
//! A node set is written as a name, a filter `{"key": value, ...}`, a list of node ids (in any population), or a list
//! of names, which means all their nodes. There are always `all`, one set a population under its name, and
//! `biophysical` (the nodes whose `model_type` is that); a configuration may define others, also under those names.
//!
//! All keys of a filter must hold: `population`, `node_id`, `node_type_id`, or any attribute of the nodes. The value is
//! what the attribute must be, a list of what it may be, a comparison such as `{"$gte": 100}`, or a pattern of the whole
//! text such as `{"$regex": "L[23].*"}`. Nodes without the attribute do not match; an attribute that no node has is an
//! error (BMTK passes over it and selects everything).

use crate::attributes::Value as Attribute;
use crate::error::Error;
use crate::nodes::NodePopulation;
use crate::suggest;
use indexmap::IndexMap;
use regex::Regex;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The node sets of a configuration.
#[derive(Debug, Clone, Default)]
pub struct NodeSets {
    sets: IndexMap<String, Value>,
}

/// The nodes of a set: for each population that has some, in the order of the network, their ids in ascending order.
pub type Selection = Vec<(String, Vec<u64>)>;

/// For each population, whether each row is selected.
type Rows = Vec<Vec<bool>>;

const OPERATORS: [&str; 5] = ["$gt", "$gte", "$lt", "$lte", "$regex"];

impl NodeSets {
    /// Node sets as a configuration writes them.
    pub fn new(sets: IndexMap<String, Value>) -> NodeSets {
        NodeSets { sets }
    }

    /// The nodes of a set, given as a configuration writes it: a name, a filter or a list.
    pub fn resolve(&self, set: &Value, populations: &[NodePopulation]) -> Result<Selection, Error> {
        let rows = self.rows(set, populations, &mut Vec::new())?;
        let selected = populations.iter().zip(rows).map(|(population, rows)| {
            let mut ids: Vec<u64> =
                population.ids().iter().zip(rows).filter_map(|(&id, is)| is.then_some(id)).collect();
            ids.sort_unstable();
            (population.name().to_owned(), ids)
        });
        Ok(selected.filter(|(_, ids)| !ids.is_empty()).collect())
    }

    /// The nodes of the set of this name.
    pub fn resolve_name(&self, name: &str, populations: &[NodePopulation]) -> Result<Selection, Error> {
        self.resolve(&Value::String(name.to_owned()), populations)
    }

    fn rows(&self, set: &Value, populations: &[NodePopulation], parents: &mut Vec<String>) -> Result<Rows, Error> {
        match set {
            Value::String(name) => self.named(name, populations, parents),
            Value::Object(filter) => filtered(filter, set, populations),
            Value::Array(items) if items.iter().all(Value::is_string) && !items.is_empty() => {
                let mut union = no_rows(populations);
                for item in items {
                    let rows = self.rows(item, populations, parents)?;
                    union.iter_mut().flatten().zip(rows.into_iter().flatten()).for_each(|(all, some)| *all |= some);
                }
                Ok(union)
            }
            Value::Array(_) => {
                let every: Vec<usize> = (0..populations.len()).collect();
                by_id(set, set, &every, populations)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                Err(plain(set, "expected a name, a filter { ... } or a list".to_owned()))
            }
        }
    }

    fn named(&self, name: &str, populations: &[NodePopulation], parents: &mut Vec<String>) -> Result<Rows, Error> {
        if let Some(set) = self.sets.get(name) {
            if parents.iter().any(|p| p == name) {
                return Err(plain(set, format!("`{name}` is defined by itself")));
            }
            parents.push(name.to_owned());
            let rows = self.rows(set, populations, parents);
            parents.pop();
            return rows;
        }
        if name == "all" {
            return Ok(populations.iter().map(|p| vec![true; p.len()]).collect());
        }
        if populations.iter().any(|p| p.name() == name) {
            return Ok(populations.iter().map(|p| vec![p.name() == name; p.len()]).collect());
        }
        if name == "biophysical" {
            let filter = Map::from_iter([("model_type".to_owned(), Value::from("biophysical"))]);
            return filtered(&filter, &Value::from(name), populations);
        }
        let own = self.sets.keys().map(String::as_str);
        let known: Vec<&str> =
            own.chain(["all", "biophysical"]).chain(populations.iter().map(NodePopulation::name)).collect();
        Err(unknown(&Value::from(name), "there is no node set of this name", name, &known))
    }
}

fn no_rows(populations: &[NodePopulation]) -> Rows {
    populations.iter().map(|p| vec![false; p.len()]).collect()
}

/// The rows for which all keys of a filter hold.
fn filtered(filter: &Map<String, Value>, set: &Value, populations: &[NodePopulation]) -> Result<Rows, Error> {
    let mut among: Vec<usize> = (0..populations.len()).collect();
    for key in ["population", "populations"] {
        if let Some(value) = filter.get(key) {
            let named = populations_named(value, set, populations)?;
            among.retain(|at| named.contains(at));
        }
    }
    let mut rows = no_rows(populations);
    for &at in &among {
        rows[at].fill(true);
    }
    for (key, value) in filter {
        let hold: Rows = match key.as_str() {
            "population" | "populations" => continue,
            "node_id" | "node_ids" => by_id(value, set, &among, populations)?,
            // As SONATA's own examples have it.
            "gids" => {
                tracing::warn!("`gids` in a node set is taken for node ids; BMTK passes over it and selects all nodes");
                by_id(value, set, &among, populations)?
            }
            _ => by_attribute(key, value, set, &among, populations)?,
        };
        rows.iter_mut().flatten().zip(hold.into_iter().flatten()).for_each(|(all, some)| *all &= some);
    }
    Ok(rows)
}

fn populations_named(value: &Value, set: &Value, populations: &[NodePopulation]) -> Result<Vec<usize>, Error> {
    let mut found = Vec::new();
    for name in alternatives(value) {
        let Some(name) = name.as_str() else {
            return Err(plain(set, format!("population: expected a name, found {name}")));
        };
        let Some(at) = populations.iter().position(|p| p.name() == name) else {
            let known: Vec<&str> = populations.iter().map(NodePopulation::name).collect();
            return Err(unknown(set, &format!("there is no population `{name}`"), name, &known));
        };
        found.push(at);
    }
    Ok(found)
}

/// The rows with these node ids. Each id must be in one of the populations `among`.
fn by_id(value: &Value, set: &Value, among: &[usize], populations: &[NodePopulation]) -> Result<Rows, Error> {
    let mut rows = no_rows(populations);
    for id in alternatives(value) {
        let Some(number) = id.as_u64() else {
            return Err(plain(set, format!("expected node ids, found {id}")));
        };
        let mut there = false;
        for &at in among {
            if let Some(row) = populations[at].row(number) {
                rows[at][row] = true;
                there = true;
            }
        }
        if !there {
            let names: Vec<&str> = among.iter().map(|&at| populations[at].name()).collect();
            return Err(plain(set, format!("node {number} is not in {}", names.join(", "))));
        }
    }
    Ok(rows)
}

fn by_attribute(
    key: &str,
    value: &Value,
    set: &Value,
    among: &[usize],
    populations: &[NodePopulation],
) -> Result<Rows, Error> {
    let is_type = key == "node_type_id";
    if !is_type && !among.iter().any(|&at| populations[at].attributes().has(key)) {
        let names: BTreeSet<String> = among.iter().flat_map(|&at| populations[at].attributes().names()).collect();
        let further = ["population", "node_id", "node_type_id"];
        let known: Vec<&str> = names.iter().map(String::as_str).chain(further).collect();
        return Err(unknown(set, &format!("no node has `{key}`"), key, &known));
    }
    let test = Test::new(key, value, set)?;
    let mut rows = no_rows(populations);
    for &at in among {
        let attributes = populations[at].attributes();
        for (row, selected) in rows[at].iter_mut().enumerate() {
            let found =
                if is_type { attributes.type_id(row).map(Attribute::I64) } else { attributes.value(row, key)? };
            *selected = found.is_some_and(|found| test.holds(found));
        }
    }
    Ok(rows)
}

/// What an attribute must be.
enum Test<'a> {
    OneOf(Vec<&'a Value>),
    All(Vec<Condition>),
}

/// A part of it.
enum Condition {
    /// A number that compares with a bound as an operator says.
    Number(fn(&f64, &f64) -> bool, f64),
    /// A text that matches a pattern as a whole, as in libsonata.
    Pattern(Regex),
}

impl<'a> Test<'a> {
    fn new(key: &str, value: &'a Value, set: &Value) -> Result<Test<'a>, Error> {
        let Value::Object(operators) = value else { return Ok(Test::OneOf(alternatives(value).collect())) };
        let mut conditions = Vec::new();
        for (operator, bound) in operators {
            conditions.push(Condition::new(key, operator, bound, set)?);
        }
        Ok(Test::All(conditions))
    }

    fn holds(&self, found: Attribute<'_>) -> bool {
        match self {
            Test::OneOf(values) => values.iter().any(|value| equal(value, found)),
            Test::All(conditions) => conditions.iter().all(|condition| match condition {
                Condition::Number(compares, bound) => found.as_f64().is_some_and(|x| compares(&x, bound)),
                Condition::Pattern(pattern) => found.as_text().is_some_and(|text| pattern.is_match(text)),
            }),
        }
    }
}

impl Condition {
    fn new(key: &str, operator: &str, bound: &Value, set: &Value) -> Result<Self, Error> {
        let compares: fn(&f64, &f64) -> bool = match operator {
            "$gt" => f64::gt,
            "$gte" => f64::ge,
            "$lt" => f64::lt,
            "$lte" => f64::le,
            "$regex" => {
                let pattern = bound.as_str();
                let pattern =
                    pattern.ok_or_else(|| plain(set, format!("{key}: $regex: expected text, found {bound}")))?;
                let whole = Regex::new(&format!("^(?:{pattern})$"));
                return whole
                    .map(Self::Pattern)
                    .map_err(|error| plain(set, format!("{key}: `{pattern}` is no regular expression: {error}")));
            }
            _ => return Err(unknown(set, &format!("{key}: `{operator}` is not supported"), operator, &OPERATORS)),
        };
        match bound.as_f64() {
            Some(bound) => Ok(Self::Number(compares, bound)),
            None => Err(plain(set, format!("{key}: {operator}: expected a number, found {bound}"))),
        }
    }
}

fn equal(value: &Value, found: Attribute<'_>) -> bool {
    match value {
        Value::String(text) => found.as_text() == Some(text),
        Value::Number(number) => found.as_f64().is_some_and(|x| Some(x) == number.as_f64()),
        Value::Bool(flag) => match found {
            Attribute::I64(x) => x == i64::from(*flag),
            Attribute::Text(text) => text.eq_ignore_ascii_case(if *flag { "true" } else { "false" }),
            Attribute::F64(_) | Attribute::Row(_) => false,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The items of a list, or the one value.
fn alternatives(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(items) => items.iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

fn shown(set: &Value) -> String {
    match set {
        Value::String(name) => format!("`{name}`"),
        other => other.to_string(),
    }
}

fn plain(set: &Value, message: String) -> Error {
    Error::NodeSet { set: shown(set), message, nearest: None, known: Vec::new() }
}

fn unknown(set: &Value, message: &str, name: &str, known: &[&str]) -> Error {
    Error::NodeSet {
        set: shown(set),
        message: message.to_owned(),
        nearest: suggest::nearest(name, known.iter().copied()),
        known: known.iter().map(|&k| k.to_owned()).collect(),
    }
}
