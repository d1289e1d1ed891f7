//! Node and edge types tables: text, one row a type, columns separated by one space, quoted as in RFC 4180.
//!
//! Cells stay text until they are asked for, since a column may hold numbers for some types and nothing for others.
//! What pandas and BMTK take as a missing value is missing here too.

use crate::error::Error;
use crate::suggest;
use indexmap::IndexMap;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Texts that stand for a missing value: pandas' defaults and BMTK's `NONE`.
const MISSING: [&str; 20] = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null", "NONE",
];

/// Which table it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypesOf {
    /// `node_types.csv`, indexed by `node_type_id`.
    Nodes,
    /// `edge_types.csv`, indexed by `edge_type_id`.
    Edges,
}

impl TypesOf {
    /// The column that holds the type ids.
    pub fn index_column(self) -> &'static str {
        match self {
            TypesOf::Nodes => "node_type_id",
            TypesOf::Edges => "edge_type_id",
        }
    }
}

/// A types table.
#[derive(Debug, Clone)]
pub struct TypesTable {
    file: PathBuf,
    ids: Vec<i64>,
    rows: HashMap<i64, u32>,
    columns: IndexMap<String, Vec<Option<String>>>,
}

impl TypesTable {
    /// A table without types, for populations that come without a table.
    pub fn empty() -> TypesTable {
        TypesTable { file: PathBuf::new(), ids: Vec::new(), rows: HashMap::new(), columns: IndexMap::new() }
    }

    /// Reads a table.
    pub fn read(file: &Path, of: TypesOf) -> Result<TypesTable, Error> {
        let text = std::fs::read(file).map_err(|e| Error::io(file, e))?;
        TypesTable::parse(file, &String::from_utf8_lossy(&text), of)
    }

    /// Reads a table from its text. `file` is named in errors.
    pub fn parse(file: &Path, text: &str, of: TypesOf) -> Result<TypesTable, Error> {
        let bad = |line: u64, message: String| Error::Table { file: file.to_owned(), line, message };
        let text = text.trim_start_matches('\u{feff}');
        let mut reader =
            csv::ReaderBuilder::new().delimiter(b' ').flexible(true).has_headers(true).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|e| bad(1, e.to_string()))?.clone();
        let names: Vec<&str> = headers.iter().collect();
        let index = of.index_column();
        let Some(id_at) = names.iter().position(|&n| n == index) else {
            let hint = suggest::hint(&suggest::nearest(index, names.iter().copied()));
            return Err(bad(1, format!("no column `{index}`{hint}; columns are separated by one space")));
        };
        let mut table = TypesTable { file: file.to_owned(), ..TypesTable::empty() };
        for (at, &name) in names.iter().enumerate() {
            // A space at the end of the header makes a column without a name.
            if at != id_at && !name.is_empty() && table.columns.insert(name.to_owned(), Vec::new()).is_some() {
                return Err(bad(1, format!("column `{name}` appears twice")));
            }
        }
        for record in reader.records() {
            let record = record.map_err(|e| bad(e.position().map_or(1, |p| p.line()), e.to_string()))?;
            let line = record.position().map_or(1, |p| p.line());
            if record.iter().skip(names.len()).any(|field| !field.is_empty()) {
                let (found, wanted) = (record.len(), names.len());
                return Err(bad(line, format!("{found} fields under {wanted} columns; quote values with spaces")));
            }
            let text = record.get(id_at).unwrap_or_default().trim();
            let Some(id) = integer(text) else {
                return Err(bad(line, format!("`{text}` is not a type id")));
            };
            if table.rows.insert(id, table.ids.len() as u32).is_some() {
                return Err(bad(line, format!("{index} {id} appears twice")));
            }
            table.ids.push(id);
            for (at, name) in names.iter().enumerate() {
                if let Some(column) = table.columns.get_mut(*name) {
                    let field = record.get(at).unwrap_or_default();
                    column.push((!MISSING.contains(&field)).then(|| field.to_owned()));
                }
            }
        }
        Ok(table)
    }

    /// The file that the table was read from; empty for no table.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The number of types.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no types.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The type ids, in the order of the file.
    pub fn ids(&self) -> &[i64] {
        &self.ids
    }

    /// The row of a type id.
    pub fn row(&self, id: i64) -> Option<usize> {
        self.rows.get(&id).map(|&r| r as usize)
    }

    /// The names of the columns, without the type id.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// The cells of a column, if there is such a column. `None` is a missing value.
    pub fn column(&self, name: &str) -> Option<&[Option<String>]> {
        self.columns.get(name).map(Vec::as_slice)
    }

    /// A cell; `None` if the column or the value is missing.
    pub fn get(&self, row: usize, name: &str) -> Option<&str> {
        self.columns.get(name)?.get(row)?.as_deref()
    }
}

/// An integer, also as pandas writes one in a column with missing values ("100.0").
pub(crate) fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let value: f64 = text.parse().ok()?;
        (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, of: TypesOf) -> Result<TypesTable, Error> {
        TypesTable::parse(Path::new("types.csv"), text, of)
    }

    #[test]
    fn quoted_lists_and_missing_values() {
        let text = "edge_type_id target_query distance_range target_sections dynamics_params syn_weight\n\
                    100 ei=='e'&pop=='a' \"[0, 999]\" ['soma'] my.json 0.4\n\
                    101 \"say \"\"hi\"\"\" NULL \"['basal', 'apical']\" NONE\n";
        let table = parse(text, TypesOf::Edges).unwrap();
        assert_eq!(table.ids(), [100, 101]);
        assert_eq!(table.get(0, "distance_range"), Some("[0, 999]"));
        assert_eq!(table.get(0, "target_query"), Some("ei=='e'&pop=='a'"));
        assert_eq!(table.get(1, "target_query"), Some("say \"hi\""));
        assert_eq!(table.get(1, "distance_range"), None);
        assert_eq!(table.get(1, "dynamics_params"), None);
        assert_eq!(table.get(1, "syn_weight"), None, "a short row");
        assert_eq!(table.get(1, "target_sections"), Some("['basal', 'apical']"));
        assert_eq!(table.get(0, "no_such"), None);
        assert_eq!(table.row(101), Some(1));
    }

    #[test]
    fn windows_line_ends_and_spaces_at_the_end() {
        let table = parse("node_type_id model_type \r\n100 virtual \r\n", TypesOf::Nodes).unwrap();
        assert_eq!(table.get(0, "model_type"), Some("virtual"));
        assert_eq!(table.columns().collect::<Vec<_>>(), ["model_type"]);
    }

    #[test]
    fn errors_name_the_line() {
        let error = |text| parse(text, TypesOf::Nodes).unwrap_err().to_string();
        assert_eq!(
            error("node_types_id a\n1 2\n"),
            "types.csv:1: no column `node_type_id` (did you mean `node_types_id`?); columns are separated by one space"
        );
        assert_eq!(error("node_type_id a\n1 x\nq x\n"), "types.csv:3: `q` is not a type id");
        assert_eq!(error("node_type_id a\n1 x\n1 x\n"), "types.csv:3: node_type_id 1 appears twice");
        assert_eq!(
            error("node_type_id a\n1 [0, 9]\n"),
            "types.csv:2: 3 fields under 2 columns; quote values with spaces"
        );
    }
}
