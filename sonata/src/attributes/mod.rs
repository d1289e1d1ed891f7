//! Attributes of the rows of a population: the columns of its groups and of its types table, seen as one.
//!
//! A row belongs to one group and has one row in it, and it has one type. Its attribute `x` is the column `x` of its
//! group if the group has one, else the cell `x` of its type's row. Columns are read from the file when they are
//! first asked for, and then kept; rows are never objects.

mod column;
mod read;

pub use column::{Column, Value};
pub(crate) use read::check_length;

use crate::error::{Error, NoAttribute};
use crate::h5::{File, join};
use crate::literal;
use crate::suggest;
use crate::types::TypesTable;
use indexmap::IndexMap;
use std::sync::{Arc, OnceLock};

/// A column that is read when it is first asked for.
#[derive(Debug)]
struct LazyColumn {
    path: String,
    column: OnceLock<Column>,
}

/// A group: the attributes that its rows have in the HDF5 file.
#[derive(Debug)]
pub struct Group {
    id: u32,
    columns: IndexMap<String, LazyColumn>,
}

impl Group {
    /// The number of the group.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The names of its attributes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// Whether it has the attribute.
    pub fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }
}

/// The attributes of all rows of a population.
#[derive(Debug)]
pub struct Attributes {
    file: Arc<File>,
    path: String,
    rows: usize,
    /// The row in the types table; [`NO_TYPE`] without a table.
    type_rows: Vec<u32>,
    groups: Vec<Group>,
    places: Places,
    types: Arc<TypesTable>,
}

const NO_TYPE: u32 = u32::MAX;

/// Where the rows of the population are in its groups.
#[derive(Debug)]
enum Places {
    /// Row i is row i of the only group.
    Same,
    /// The place in the list of groups, and the row in that group.
    Table { slots: Vec<u32>, rows: Vec<u32> },
}

impl Attributes {
    /// Reads the type and the group of each row of the population at `path`. `prefix` is "node" or "edge".
    pub(crate) fn read(
        file: &Arc<File>,
        path: &str,
        prefix: &str,
        rows: usize,
        types: &Arc<TypesTable>,
    ) -> Result<Self, Error> {
        let groups = read::groups(file, path)?;
        let type_rows = read::type_rows(file, &join(path, &format!("{prefix}_type_id")), rows, types)?;
        let places = read::places(file, path, prefix, rows, &groups)?;
        let (file, path, types) = (file.clone(), path.to_owned(), types.clone());
        Ok(Attributes {
            file,
            path,
            rows,
            type_rows,
            groups: groups.into_iter().map(|(g, _)| g).collect(),
            places,
            types,
        })
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The types table.
    pub fn types(&self) -> &TypesTable {
        &self.types
    }

    /// The row of the types table for a row of the population; `None` if there is no types table.
    pub fn type_row(&self, row: usize) -> Option<usize> {
        let found = self.type_rows[row];
        (found != NO_TYPE).then_some(found as usize)
    }

    /// The type id of a row; `None` if there is no types table.
    pub fn type_id(&self, row: usize) -> Option<i64> {
        self.type_row(row).map(|r| self.types.ids()[r])
    }

    /// The group of a row, and the row in it; `None` for a population without groups.
    pub fn group(&self, row: usize) -> Option<(&Group, usize)> {
        let (slot, row) = self.place(row);
        self.groups.get(slot).map(|g| (g, row))
    }

    fn place(&self, row: usize) -> (usize, usize) {
        match &self.places {
            Places::Same => (0, row),
            Places::Table { slots, rows } => (slots[row] as usize, rows[row] as usize),
        }
    }

    /// Whether any group or the types table has the attribute.
    pub fn has(&self, name: &str) -> bool {
        self.groups.iter().any(|g| g.has(name)) || self.types.column(name).is_some()
    }

    /// All attributes of the groups and the types table.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.groups.iter().flat_map(Group::names).map(str::to_owned).collect();
        names.extend(self.types.columns().map(str::to_owned));
        names.sort();
        names.dedup();
        names
    }

    /// A column of a group, read if that was not yet done; `None` if the group has no such column.
    pub fn column<'a>(&'a self, group: &'a Group, name: &str) -> Result<Option<&'a Column>, Error> {
        group.columns.get(name).map(|lazy| self.load(lazy)).transpose()
    }

    fn load<'a>(&self, lazy: &'a LazyColumn) -> Result<&'a Column, Error> {
        if lazy.column.get().is_none() {
            let column = read::read_column(&self.file, &lazy.path)?;
            // Another thread may have been first; its column is the same.
            let _ = lazy.column.set(column);
        }
        Ok(lazy.column.get().unwrap_or_else(|| unreachable!("the column was just set")))
    }

    /// The value of an attribute of a row, or `None` if neither its group nor its type has a value.
    pub fn value(&self, row: usize, name: &str) -> Result<Option<Value<'_>>, Error> {
        let (slot, group_row) = self.place(row);
        if let Some(group) = self.groups.get(slot)
            && let Some(column) = self.column(group, name)?
        {
            return Ok(column.get(group_row));
        }
        Ok(self.type_row(row).and_then(|t| self.types.get(t, name)).map(Value::Text))
    }

    /// A number.
    pub fn f64(&self, row: usize, name: &str) -> Result<f64, Error> {
        self.needed(row, name, self.opt_f64(row, name)?)
    }

    /// A number, if there is one.
    pub fn opt_f64(&self, row: usize, name: &str) -> Result<Option<f64>, Error> {
        self.typed(row, name, "a number", Value::as_f64)
    }

    /// An integer.
    pub fn i64(&self, row: usize, name: &str) -> Result<i64, Error> {
        self.needed(row, name, self.opt_i64(row, name)?)
    }

    /// An integer, if there is one.
    pub fn opt_i64(&self, row: usize, name: &str) -> Result<Option<i64>, Error> {
        self.typed(row, name, "an integer", Value::as_i64)
    }

    /// Text.
    pub fn text(&self, row: usize, name: &str) -> Result<&str, Error> {
        self.needed(row, name, self.opt_text(row, name)?)
    }

    /// Text, if there is any.
    pub fn opt_text(&self, row: usize, name: &str) -> Result<Option<&str>, Error> {
        self.typed(row, name, "text", Value::as_text)
    }

    /// A list of names, such as `target_sections`: `['soma']`.
    pub fn text_list(&self, row: usize, name: &str) -> Result<Option<Vec<String>>, Error> {
        self.typed(row, name, "a list of names", |v| v.as_text().and_then(literal::text_list))
    }

    /// A range such as `distance_range`: `[0, 999]`, or a number d for `[0, d]`.
    pub fn range(&self, row: usize, name: &str) -> Result<Option<[f64; 2]>, Error> {
        self.typed(row, name, "a range [low, high] or a number", |v| match v {
            Value::Text(t) => literal::range(t),
            Value::Row([low, high]) => Some([*low, *high]),
            Value::I64(_) | Value::F64(_) | Value::Row(_) => v.as_f64().map(|high| [0.0, high]),
        })
    }

    fn typed<'a, T>(
        &'a self,
        row: usize,
        name: &str,
        expected: &'static str,
        read: impl Fn(Value<'a>) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.value(row, name)? else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.bad(row, name, expected, value.to_string()))
    }

    fn needed<T>(&self, row: usize, name: &str, value: Option<T>) -> Result<T, Error> {
        value.ok_or_else(|| self.lacking(row, name))
    }

    /// The numbers of all rows; `default` where a row has none, or an error if there is no default.
    pub fn f64_column(&self, name: &str, default: Option<f64>) -> Result<Vec<f64>, Error> {
        self.whole(name, default, "a number", |v| v.as_f64())
    }

    /// The integers of all rows; `default` where a row has none, or an error if there is no default.
    pub fn i64_column(&self, name: &str, default: Option<i64>) -> Result<Vec<i64>, Error> {
        self.whole(name, default, "an integer", |v| v.as_i64())
    }

    fn whole<T: Copy>(
        &self,
        name: &str,
        default: Option<T>,
        expected: &'static str,
        read: impl Fn(Value<'_>) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let columns = self.groups.iter().map(|g| self.column(g, name)).collect::<Result<Vec<_>, _>>()?;
        let cells: Vec<Option<&str>> = (0..self.types.len()).map(|t| self.types.get(t, name)).collect();
        // Text is read once a type, not once a row.
        let parsed: Vec<Option<T>> = cells.iter().map(|c| c.and_then(|c| read(Value::Text(c)))).collect();
        let mut out = Vec::with_capacity(self.rows);
        for row in 0..self.rows {
            let (slot, group_row) = self.place(row);
            let found = match columns.get(slot) {
                Some(Some(column)) => match column.get(group_row) {
                    Some(v) => Some(read(v).ok_or_else(|| self.bad(row, name, expected, v.to_string()))?),
                    None => None,
                },
                _ => match self.type_row(row).and_then(|t| cells[t].map(|c| (c, parsed[t]))) {
                    Some((cell, None)) => return Err(self.bad(row, name, expected, format!("\"{cell}\""))),
                    Some((_, value)) => value,
                    None => None,
                },
            };
            out.push(found.or(default).ok_or_else(|| self.lacking(row, name))?);
        }
        Ok(out)
    }

    fn lacking(&self, row: usize, name: &str) -> Error {
        let names = self.names();
        let types = match self.type_id(row) {
            Some(id) => format!("type {id} of {}", self.types.file().display()),
            None => "a types table (there is none)".to_owned(),
        };
        Error::from(Box::new(NoAttribute {
            file: self.file.path().to_owned(),
            object: self.path.clone(),
            row,
            group: self.group(row).map_or(0, |(g, _)| g.id),
            types,
            name: name.to_owned(),
            nearest: suggest::nearest(name, names.iter().map(String::as_str).filter(|&n| n != name)),
        }))
    }

    fn bad(&self, row: usize, name: &str, expected: &'static str, found: String) -> Error {
        let in_group = self.group(row).is_some_and(|(g, _)| g.has(name));
        let file = if in_group { self.file.path() } else { self.types.file() };
        let (object, name) = (self.path.clone(), name.to_owned());
        Error::BadAttribute { file: file.to_owned(), object, row, name, expected, found }
    }
}
