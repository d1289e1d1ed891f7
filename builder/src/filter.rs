//! Which nodes of a network are meant: conditions on their properties, all of which must hold.

use crate::Value;
use crate::nodes::{Node, NodeTable};
use indexmap::IndexMap;
use std::fmt::Write;
use std::sync::Arc;

/// A condition on a property. A node that lacks the property does not meet it.
#[derive(Clone)]
pub enum Condition {
    /// It has this value.
    Equals(Value),
    /// It has one of these values.
    In(Vec<Value>),
    /// The test holds.
    Test(Arc<dyn Fn(&Value) -> bool + Send + Sync>),
}

impl std::fmt::Debug for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Condition::Equals(v) => write!(f, "== {v}"),
            Condition::In(v) => write!(f, "in {}", Value::List(v.clone())),
            Condition::Test(_) => f.write_str("<function>"),
        }
    }
}

impl Condition {
    fn holds(&self, value: &Value) -> bool {
        match self {
            Condition::Equals(wanted) => wanted.same(value),
            Condition::In(wanted) => wanted.iter().any(|w| w.same(value)),
            Condition::Test(test) => test(value),
        }
    }
}

/// Conditions by the name of the property. Without conditions all nodes are meant.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    conditions: IndexMap<String, Condition>,
}

impl Filter {
    /// All nodes.
    pub fn all() -> Filter {
        Filter::default()
    }

    /// Adds the condition that a property has a value.
    pub fn and(self, name: &str, value: impl Into<Value>) -> Filter {
        self.with(name, Condition::Equals(value.into()))
    }

    /// Adds the condition that a property has one of some values.
    pub fn and_in<V: Into<Value>>(self, name: &str, values: impl IntoIterator<Item = V>) -> Filter {
        self.with(name, Condition::In(values.into_iter().map(Into::into).collect()))
    }

    /// Adds the condition that a test of a property holds.
    pub fn and_test(self, name: &str, test: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Filter {
        self.with(name, Condition::Test(Arc::new(test)))
    }

    /// Adds a condition.
    pub fn with(mut self, name: &str, condition: Condition) -> Filter {
        self.conditions.insert(name.to_owned(), condition);
        self
    }

    /// The text that edge types tables show: `ei=='e'&layer=='4'`, or `*` for all nodes.
    pub fn query(&self) -> String {
        let mut text = String::new();
        for (name, condition) in &self.conditions {
            let value = match condition {
                Condition::Equals(Value::None) => "None".to_owned(),
                Condition::Equals(v) => v.to_string(),
                Condition::In(v) => Value::List(v.clone()).to_string(),
                Condition::Test(_) => "<function>".to_owned(),
            };
            let and = if text.is_empty() { "" } else { "&" };
            write!(text, "{and}{name}=='{value}'").unwrap_or_default();
        }
        if text.is_empty() { "*".to_owned() } else { text }
    }

    /// Whether a node meets all conditions.
    pub fn holds(&self, node: Node<'_>) -> bool {
        self.conditions.iter().all(|(name, c)| node.get(name).is_some_and(|v| v != Value::None && c.holds(&v)))
    }

    /// The rows of a table whose nodes meet all conditions, ascending. Conditions on shared properties are looked at
    /// once a set of nodes.
    pub(crate) fn rows(&self, table: &NodeTable) -> Vec<u32> {
        let mut rows = Vec::new();
        for set in table.sets() {
            let each: Vec<(&String, &Condition)> = self
                .conditions
                .iter()
                .filter(|(name, _)| set.column(name).is_some() || name.as_str() == "node_id")
                .collect();
            let shared = self.conditions.iter().filter(|(name, _)| !each.iter().any(|(n, _)| n == name));
            let mut shared = shared.map(|(name, c)| set.shared(name).is_some_and(|v| *v != Value::None && c.holds(v)));
            if !shared.all(|holds| holds) {
                continue;
            }
            let matching = set.rows().filter(|&row| {
                let node = table.node(row as usize);
                each.iter().all(|(name, c)| node.get(name).is_some_and(|v| c.holds(&v)))
            });
            rows.extend(matching);
        }
        rows
    }
}

/// `("ei", "e")`: nodes whose property has the value.
impl<V: Into<Value>> From<(&str, V)> for Filter {
    fn from((name, value): (&str, V)) -> Filter {
        Filter::all().and(name, value)
    }
}
