//! Reading of what the HDF5 file says about rows: their types, their groups, and the columns of the groups.

use super::{Column, Group, LazyColumn, NO_TYPE, Places};
use crate::error::Error;
use crate::h5::{File, Kind, join};
use crate::types::TypesTable;
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The groups of a population and their numbers of rows (`None` for a group without attributes).
pub(super) fn groups(file: &File, path: &str) -> Result<Vec<(Group, Option<usize>)>, Error> {
    let mut groups = Vec::new();
    for name in file.groups(path)? {
        let Ok(id) = name.parse::<u32>() else { continue };
        let group_path = join(path, &name);
        let mut columns = IndexMap::new();
        let mut rows = None;
        let dynamics = join(&group_path, "dynamics_params");
        let of_dynamics =
            if file.exists(&dynamics) { file.datasets(&dynamics).unwrap_or_default() } else { Vec::new() };
        let of_dynamics = of_dynamics.into_iter().map(|name| (join(&dynamics, &name), format!("@dynamics:{name}")));
        let own = file.datasets(&group_path)?.into_iter().map(|name| (join(&group_path, &name), name));
        for (path, column) in own.chain(of_dynamics) {
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

/// Reads a column.
pub(super) fn read_column(file: &File, path: &str) -> Result<Column, Error> {
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

/// The texts of an enumerated column.
fn coded(file: &File, path: &str, labels: Vec<String>) -> Result<Column, Error> {
    let codes = file.read_u64(path)?;
    if let Some(row) = codes.iter().position(|&c| c >= labels.len() as u64) {
        let message = format!("{} is not one of the {} entries of its @library", codes[row], labels.len());
        return Err(Error::BadRow { file: file.path().to_owned(), object: path.to_owned(), row, message });
    }
    Ok(Column::Text { codes: codes.into_iter().map(|c| c as u32).collect(), labels })
}

/// The row of the types table for each row.
pub(super) fn type_rows(file: &File, path: &str, rows: usize, types: &TypesTable) -> Result<Vec<u32>, Error> {
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

/// Where each row is in the groups.
pub(super) fn places(
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
    let slot_of: HashMap<u64, u32> =
        groups.iter().enumerate().map(|(slot, (g, _))| (u64::from(g.id), slot as u32)).collect();
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
