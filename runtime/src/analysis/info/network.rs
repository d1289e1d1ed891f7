//! Nodes and edges.

use crate::analysis::table::Table;
use crate::analysis::{AnalysisError, short};
use crate::problem::{count, list};
use serde::Serialize;
use sonata::attributes::{Attributes, Column};
use sonata::h5::File;
use sonata::{read_edges, read_nodes};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Different texts of an attribute that are shown.
const MOST_TEXTS: usize = 6;

/// A population of nodes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nodes {
    /// Its name.
    pub population: String,
    /// Their number.
    pub nodes: usize,
    /// The least and the greatest id.
    pub ids: Option<(u64, u64)>,
    /// What they are like.
    #[serde(flatten)]
    pub rows: Rows,
}

/// A population of edges.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Edges {
    /// Its name.
    pub population: String,
    /// The population of the sources.
    pub source: String,
    /// The population of the targets.
    pub target: String,
    /// Their number.
    pub edges: usize,
    /// Different sources.
    pub sources: usize,
    /// Different targets.
    pub targets: usize,
    /// What they are like.
    #[serde(flatten)]
    pub rows: Rows,
}

/// Types and attributes of the rows of a population.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rows {
    /// Rows of each type.
    pub types: BTreeMap<i64, usize>,
    /// Attributes in the HDF5 file, and what values they have.
    pub attributes: Vec<Attribute>,
    /// Attributes in the table of types.
    pub of_types: Vec<String>,
}

/// An attribute of some rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// The group of rows that have it.
    pub group: u32,
    /// What its values are.
    pub kind: &'static str,
    /// Their range, or what they are.
    pub values: String,
}

/// Looks at nodes.
///
/// # Errors
/// When they cannot be read.
pub fn nodes(file: &Path, types: Option<&Path>) -> Result<Vec<Nodes>, AnalysisError> {
    let (types, h5) = (table(file, types), File::open(file)?);
    let mut found = Vec::new();
    for nodes in read_nodes(file, types.as_deref())? {
        let ids = nodes.ids().iter().min().copied().zip(nodes.ids().iter().max().copied());
        let path = format!("/nodes/{}/node_type_id", nodes.name());
        let rows = Rows::of(nodes.attributes(), &h5.read_i64(&path)?)?;
        found.push(Nodes { population: nodes.name().to_owned(), nodes: nodes.len(), ids, rows });
    }
    Ok(found)
}

/// Looks at edges.
///
/// # Errors
/// When they cannot be read.
pub fn edges(file: &Path, types: Option<&Path>) -> Result<Vec<Edges>, AnalysisError> {
    let different = |ids: &[u64]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    };
    let (types, h5) = (table(file, types), File::open(file)?);
    let mut found = Vec::new();
    for edges in read_edges(file, types.as_deref())? {
        let path = format!("/edges/{}/edge_type_id", edges.name());
        found.push(Edges {
            population: edges.name().to_owned(),
            source: edges.source_population().to_owned(),
            target: edges.target_population().to_owned(),
            edges: edges.len(),
            sources: different(edges.sources()),
            targets: different(edges.targets()),
            rows: Rows::of(edges.attributes(), &h5.read_i64(&path)?)?,
        });
    }
    Ok(found)
}

/// The table of types: the one that is given, or that of the usual name beside the file.
fn table(file: &Path, given: Option<&Path>) -> Option<PathBuf> {
    if let Some(given) = given {
        return Some(given.to_owned());
    }
    let name = file.file_name()?.to_str()?;
    let stem = name.strip_suffix("s.h5").filter(|stem| stem.ends_with("node") || stem.ends_with("edge"))?;
    Some(file.with_file_name(format!("{stem}_types.csv"))).filter(|table| table.is_file())
}

impl Rows {
    fn of(attributes: &Attributes, type_ids: &[i64]) -> Result<Self, AnalysisError> {
        let mut types = BTreeMap::new();
        for &id in type_ids {
            *types.entry(id).or_default() += 1;
        }
        let mut columns = Vec::new();
        for group in attributes.groups() {
            for name in group.names() {
                if let Some(column) = attributes.column(group, name)? {
                    let (kind, values) = described(column);
                    columns.push(Attribute { name: name.to_owned(), group: group.id(), kind, values });
                }
            }
        }
        let of_types = attributes.types().columns().map(str::to_owned).collect();
        Ok(Self { types, attributes: columns, of_types })
    }
}

/// What the values of a column are.
fn described(column: &Column) -> (&'static str, String) {
    let range = |values: &[f64]| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        match values {
            [] => "none".to_owned(),
            _ if low == high => short(low),
            _ => format!("{} to {}", short(low), short(high)),
        }
    };
    match column {
        Column::I64(values) => ("integers", range(&values.iter().map(|&v| v as f64).collect::<Vec<_>>())),
        Column::F64(values) => ("numbers", range(values)),
        Column::Rows { values, .. } => ("rows of numbers", range(values)),
        Column::Text { labels, .. } => {
            let shown: Vec<&str> = labels.iter().take(MOST_TEXTS).map(String::as_str).collect();
            let more = if labels.len() > MOST_TEXTS { ", ..." } else { "" };
            ("text", format!("{}{more}", shown.join(", ")))
        }
    }
}

impl fmt::Display for Nodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.population, count(self.nodes, "node"))?;
        match self.ids {
            Some((least, most)) => writeln!(f, ", ids {least} to {most}")?,
            None => writeln!(f)?,
        }
        self.rows.fmt(f)
    }
}

impl fmt::Display for Edges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { population, source, target, edges, sources, targets, rows } = self;
        let edges = count(*edges, "edge");
        writeln!(f, "{population}: {edges} from {sources} of {source} to {targets} of {target}")?;
        rows.fmt(f)
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.types.is_empty() {
            let types: Vec<String> = self.types.iter().map(|(id, number)| format!("{id} ({number})")).collect();
            writeln!(f, "  types: {}", list(&types))?;
        }
        if !self.of_types.is_empty() {
            writeln!(f, "  attributes of types: {}", list(&self.of_types))?;
        }
        let mut table = Table::default();
        for Attribute { name, group, kind, values } in &self.attributes {
            table.row([format!("{name} (group {group})"), (*kind).to_owned(), values.clone()]);
        }
        table.fmt(f)
    }
}
