//! Rules that give each synapse its own values.

use crate::nodes::{Node, NodePool};
use crate::{Column, Data, Error, Result, Stream, Value};
use rayon::prelude::*;
use sonata::h5::Dtype;

/// Synapses that are to get values.
#[derive(Debug, Clone, Copy)]
pub struct Synapses<'a> {
    /// The sources of the edge type.
    pub sources: &'a NodePool,
    /// The targets of the edge type.
    pub targets: &'a NodePool,
    /// The row of each synapse's source in its network's table.
    pub source_rows: &'a [u32],
    /// The row of each synapse's target in its network's table.
    pub target_rows: &'a [u32],
    /// The number of synapses of the type that came before these.
    pub first: u64,
    /// The seed of the network.
    pub seed: u64,
    pub(crate) purpose: u64,
}

impl<'a> Synapses<'a> {
    /// The number of synapses.
    pub fn len(&self) -> usize {
        self.source_rows.len()
    }

    /// Whether there are no synapses.
    pub fn is_empty(&self) -> bool {
        self.source_rows.is_empty()
    }

    /// Source and target of a synapse.
    pub fn ends(&self, synapse: usize) -> (Node<'a>, Node<'a>) {
        let source = self.sources.table().node(self.source_rows[synapse] as usize);
        (source, self.targets.table().node(self.target_rows[synapse] as usize))
    }

    /// The random numbers of a synapse.
    pub fn stream(&self, synapse: usize) -> Stream {
        Stream::new(self.seed, self.purpose, self.first + synapse as u64)
    }
}

/// A rule that gives synapses the values of one or more properties.
pub trait PropertyRule: Send + Sync {
    /// A column for each of `dtypes`, of that type, with a row for each synapse.
    fn values(&self, synapses: Synapses<'_>, dtypes: &[Dtype]) -> Result<Vec<Column>>;

    /// Whether the values depend on the order in which synapses are asked for. Then it is that of BMTK: all of the
    /// first source, by target, then of the second source, ...
    fn sequential(&self) -> bool {
        false
    }
}

/// All synapses have the same values.
#[derive(Debug, Clone)]
pub struct ConstantValues(pub Vec<Value>);

impl PropertyRule for ConstantValues {
    fn values(&self, synapses: Synapses<'_>, dtypes: &[Dtype]) -> Result<Vec<Column>> {
        if self.0.len() != dtypes.len() {
            let message = format!("{} values for {} properties", self.0.len(), dtypes.len());
            return Err(Error::argument("add_properties", "rule", message));
        }
        self.0.iter().zip(dtypes).map(|(value, &dtype)| column_of(value, dtype, synapses.len())).collect()
    }
}

fn column_of(value: &Value, dtype: Dtype, rows: usize) -> Result<Column> {
    let column = match (value, dtype) {
        (Value::Text(t), Dtype::Text) => Some(Column::texts(vec![t.clone(); rows])),
        (other, Dtype::Text) => Some(Column::texts(vec![other.to_string(); rows])),
        (other, _) => other.as_f64().and_then(|v| numbers(vec![v; rows], dtype)),
    };
    let message = || format!("{value} can't be stored as {dtype}");
    column.ok_or_else(|| Error::argument("add_properties", "dtypes", message()))
}

/// Numbers as a column of a type; for integers what is behind the point is cut off, as NumPy does.
fn numbers(values: Vec<f64>, dtype: Dtype) -> Option<Column> {
    if dtype.integer_range().is_none() {
        return (dtype != Dtype::Text).then(|| Column::floats(values, dtype));
    }
    values.iter().all(|v| v.is_finite()).then_some(())?;
    Column::integers(values.into_iter().map(|v| v.trunc() as i64).collect(), dtype)
}

/// Values that were made before, one for each synapse in the order of BMTK.
#[derive(Debug, Clone)]
pub struct ValuesInOrder(pub Column);

impl PropertyRule for ValuesInOrder {
    fn values(&self, synapses: Synapses<'_>, dtypes: &[Dtype]) -> Result<Vec<Column>> {
        let wrong = |message: String| Error::argument("add_properties", "values", message);
        let &[dtype] = dtypes else {
            return Err(wrong(format!("a list of values for {} properties; add them one by one", dtypes.len())));
        };
        let (first, end) = (synapses.first as usize, synapses.first as usize + synapses.len());
        if end > self.0.len() || self.0.width().is_some() {
            return Err(wrong(format!("{} values for at least {end} synapses", self.0.len())));
        }
        let column = match (self.0.data(), dtype) {
            (Data::Texts(v), Dtype::Text) => Some(Column::texts(v[first..end].to_vec())),
            (Data::Integers(v), _) => Column::integers(v[first..end].to_vec(), dtype),
            (Data::Floats(v), _) => numbers(v[first..end].to_vec(), dtype),
            (Data::Texts(_), _) => None,
        };
        Ok(vec![column.ok_or_else(|| wrong(format!("a value can't be stored as {dtype}")))?])
    }

    fn sequential(&self) -> bool {
        true
    }
}

/// A closure that is asked for each synapse, in parallel: it is given source, target and random numbers of the
/// synapse, and gives a number for each property.
pub struct PerSynapse<const N: usize, F>(F);

impl<const N: usize, F: Fn(Node<'_>, Node<'_>, &mut Stream) -> [f64; N] + Send + Sync> PerSynapse<N, F> {
    /// The rule of a closure.
    pub fn new(rule: F) -> Self {
        PerSynapse(rule)
    }
}

impl<const N: usize, F> PropertyRule for PerSynapse<N, F>
where
    F: Fn(Node<'_>, Node<'_>, &mut Stream) -> [f64; N] + Send + Sync,
{
    fn values(&self, synapses: Synapses<'_>, dtypes: &[Dtype]) -> Result<Vec<Column>> {
        if dtypes.len() != N {
            let message = format!("the rule gives {N} values for {} properties", dtypes.len());
            return Err(Error::argument("add_properties", "rule", message));
        }
        let rows: Vec<[f64; N]> = (0..synapses.len())
            .into_par_iter()
            .map(|synapse| {
                let (source, target) = synapses.ends(synapse);
                (self.0)(source, target, &mut synapses.stream(synapse))
            })
            .collect();
        let columns = dtypes.iter().enumerate().map(|(at, &dtype)| {
            let message = || format!("a value of the rule can't be stored as {dtype}");
            numbers(rows.iter().map(|r| r[at]).collect(), dtype)
                .ok_or_else(|| Error::argument("add_properties", "rule", message()))
        });
        columns.collect()
    }
}
