//! Attributes of the rows of a population: the columns of its groups and of its types table, seen as one.
//!
//! A row belongs to one group and has one row in it, and it has one type. Its attribute `x` is the column `x` of its
//! group if the group has one, else the cell `x` of its type's row. Columns are read from the file when they are
//! first asked for, and then kept; rows are never objects.

use crate::error::{Error, NoAttribute};
use crate::h5::{File, Kind, join};
use crate::literal;
use crate::suggest;
use crate::types::{TypesTable, integer};
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// A column of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Integers.
    I64(Vec<i64>),
    /// Floating point numbers.
    F64(Vec<f64>),
    /// Text: a number for each row, and what the numbers stand for.
    Text {
        /// The label of each row.
        codes: Vec<u32>,
        /// The different texts.
        labels: Vec<String>,
    },
    /// Several numbers a row, such as positions.
    Rows {
        /// Numbers in a row.
        width: usize,
        /// The numbers, row by row.
        values: Vec<f64>,
    },
}

/// The value of an attribute of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// An integer of a group.
    I64(i64),
    /// A floating point number of a group.
    F64(f64),
    /// Text, of a group or of the types table, where numbers are text as well.
    Text(&'a str),
    /// Several numbers.
    Row(&'a [f64]),
}

impl<'a> Value<'a> {
    /// The value as a number; text is read as one.
    pub fn as_f64(self) -> Option<f64> {
        match self {
            Value::I64(v) => Some(v as f64),
            Value::F64(v) => Some(v),
            Value::Text(t) => t.trim().parse().ok(),
            Value::Row([v]) => Some(*v),
            Value::Row(_) => None,
        }
    }

    /// The value as an integer; text is read as one, and 3.0 is one.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Value::I64(v) => Some(v),
            Value::F64(v) if v.fract() == 0.0 && v.abs() < 9e15 => Some(v as i64),
            Value::Text(t) => integer(t),
            Value::F64(_) | Value::Row(_) => None,
        }
    }

    /// The value as text.
    pub fn as_text(self) -> Option<&'a str> {
        match self {
            Value::Text(t) => Some(t),
            Value::I64(_) | Value::F64(_) | Value::Row(_) => None,
        }
    }
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::I64(v) => write!(f, "{v}"),
            Value::F64(v) => write!(f, "{v}"),
            Value::Text(t) => write!(f, "\"{t}\""),
            Value::Row(r) => write!(f, "{r:?}"),
        }
    }
}

impl Column {
    /// The value of a row; `None` past the end.
    pub fn get(&self, row: usize) -> Option<Value<'_>> {
        match self {
            Column::I64(v) => v.get(row).map(|&v| Value::I64(v)),
            Column::F64(v) => v.get(row).map(|&v| Value::F64(v)),
            Column::Text { codes, labels } => codes.get(row).map(|&c| Value::Text(&labels[c as usize])),
            Column::Rows { width, values } => values.get(row * width..(row + 1) * width).map(Value::Row),
        }
    }
}

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
    Table { slots: Vec<u16>, rows: Vec<u32> },
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
        let groups = groups(file, path)?;
        let type_rows = type_rows(file, &join(path, &format!("{prefix}_type_id")), rows, types)?;
        let places = places(file, path, prefix, rows, &groups)?;
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
            let column = read_column(&self.file, &lazy.path)?;
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

/// The groups of a population and their numbers of rows (`None` for a group without attributes).
fn groups(file: &File, path: &str) -> Result<Vec<(Group, Option<usize>)>, Error> {
    let mut groups = Vec::new();
    for name in file.groups(path)? {
        let Ok(id) = name.parse::<u32>() else { continue };
        let group_path = join(path, &name);
        let mut columns = IndexMap::new();
        let mut rows = None;
        for column in file.datasets(&group_path)? {
            let path = join(&group_path, &column);
            let found = file.shape(&path)?.first().copied().unwrap_or(0);
            match rows {
                None => rows = Some(found),
                Some(expected) if expected == found => {}
                Some(expected) => {
                    let file = file.path().to_owned();
                    return Err(Error::WrongLength { file, object: path, expected, found });
                }
            }
            columns.insert(column, LazyColumn { path, column: OnceLock::new() });
        }
        groups.push((Group { id, columns }, rows));
    }
    groups.sort_by_key(|(g, _)| g.id);
    Ok(groups)
}

fn read_column(file: &File, path: &str) -> Result<Column, Error> {
    let shape = file.shape(path)?;
    let width = match shape[..] {
        [_] => None,
        [_, width] => Some(width),
        _ => {
            return Err(Error::WrongKind {
                file: file.path().to_owned(),
                object: path.to_owned(),
                expected: "one or two dimensions",
                found: format!("the shape {shape:?}"),
            });
        }
    };
    if let Some(width) = width {
        return Ok(Column::Rows { width, values: file.read_f64(path)? });
    }
    Ok(match file.kind(path)? {
        Kind::Float => Column::F64(file.read_f64(path)?),
        Kind::Integer => match library(file, path)? {
            Some(labels) => coded(file, path, labels)?,
            None => Column::I64(file.read_i64(path)?),
        },
        Kind::Text => {
            let mut labels: IndexMap<String, u32> = IndexMap::new();
            let mut codes = Vec::new();
            for text in file.read_text(path)? {
                let next = labels.len() as u32;
                codes.push(*labels.entry(text).or_insert(next));
            }
            Column::Text { codes, labels: labels.into_keys().collect() }
        }
    })
}

/// The labels of an enumerated column: the dataset of the same name in the group `@library`.
fn library(file: &File, path: &str) -> Result<Option<Vec<String>>, Error> {
    let Some((group, name)) = path.rsplit_once('/') else { return Ok(None) };
    let labels = join(&join(group, "@library"), name);
    if file.exists(&labels) { file.read_text(&labels).map(Some) } else { Ok(None) }
}

fn coded(file: &File, path: &str, labels: Vec<String>) -> Result<Column, Error> {
    let codes = file.read_u64(path)?;
    if let Some(row) = codes.iter().position(|&c| c >= labels.len() as u64) {
        let message = format!("{} is not one of the {} entries of its @library", codes[row], labels.len());
        return Err(Error::BadRow { file: file.path().to_owned(), object: path.to_owned(), row, message });
    }
    Ok(Column::Text { codes: codes.into_iter().map(|c| c as u32).collect(), labels })
}

fn type_rows(file: &File, path: &str, rows: usize, types: &TypesTable) -> Result<Vec<u32>, Error> {
    if types.is_empty() {
        return Ok(vec![NO_TYPE; rows]);
    }
    let ids = file.read_i64(path)?;
    check_length(file, path, rows, ids.len())?;
    let mut out = Vec::with_capacity(rows);
    let mut last = (i64::MIN, NO_TYPE);
    for (row, id) in ids.into_iter().enumerate() {
        if id != last.0 {
            let Some(found) = types.row(id) else {
                let message = format!("type {id} is not in {}", types.file().display());
                return Err(Error::BadRow { file: file.path().to_owned(), object: path.to_owned(), row, message });
            };
            last = (id, found as u32);
        }
        out.push(last.1);
    }
    Ok(out)
}

fn places(
    file: &File,
    path: &str,
    prefix: &str,
    rows: usize,
    groups: &[(Group, Option<usize>)],
) -> Result<Places, Error> {
    let (id_path, index_path) =
        (join(path, &format!("{prefix}_group_id")), join(path, &format!("{prefix}_group_index")));
    if !file.exists(&id_path) && groups.len() <= 1 {
        // SONATA allows this for a single group.
        if let Some((group, Some(found))) = groups.first() {
            check_length(file, &join(path, &group.id.to_string()), rows, *found)?;
        }
        return Ok(Places::Same);
    }
    let ids = file.read_u64(&id_path)?;
    check_length(file, &id_path, rows, ids.len())?;
    let indices = file.read_u64(&index_path)?;
    check_length(file, &index_path, rows, indices.len())?;
    let slot_of: HashMap<u64, u16> =
        groups.iter().enumerate().map(|(slot, (g, _))| (u64::from(g.id), slot as u16)).collect();
    let bad = |object: &str, row: usize, message: String| Error::BadRow {
        file: file.path().to_owned(),
        object: object.to_owned(),
        row,
        message,
    };
    let mut slots = Vec::with_capacity(rows);
    let mut group_rows = Vec::with_capacity(rows);
    for row in 0..rows {
        let (id, index) = (ids[row], indices[row]);
        let Some(&slot) = slot_of.get(&id) else {
            return Err(bad(&id_path, row, format!("there is no group {path}/{id}")));
        };
        if let Some(size) = groups[slot as usize].1
            && index >= size as u64
        {
            return Err(bad(&index_path, row, format!("group {id} has {size} rows, so there is no row {index}")));
        }
        slots.push(slot);
        // A group without attributes has no rows to point at.
        group_rows.push(u32::try_from(index).unwrap_or(u32::MAX));
    }
    let same = groups.len() == 1 && group_rows.iter().enumerate().all(|(i, &r)| i == r as usize);
    Ok(if same { Places::Same } else { Places::Table { slots, rows: group_rows } })
}

/// An error unless `found` is `expected`.
pub(crate) fn check_length(file: &File, object: &str, expected: usize, found: usize) -> Result<(), Error> {
    if expected == found {
        return Ok(());
    }
    Err(Error::WrongLength { file: file.path().to_owned(), object: object.to_owned(), expected, found })
}
