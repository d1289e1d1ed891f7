//! The rows of an SWC file.

use super::SwcError;
use std::collections::HashMap;

/// A row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SwcPoint {
    /// Its number in the file.
    pub id: i64,
    /// Line of the file, from 1.
    pub line: usize,
    /// 1 soma, 2 axon, 3 dendrite, 4 apical dendrite, or another number.
    pub kind: i64,
    /// Place, um.
    pub at: [f64; 3],
    /// Diameter, um.
    pub diam: f64,
    /// Index of the parent among all points; `None` for the root.
    pub parent: Option<usize>,
}

/// Reads the points in order of their ids. Lines that begin with `#`, and empty ones, are comments.
pub fn points(text: &str) -> Result<Vec<SwcPoint>, SwcError> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        if !line.is_empty() && !line.starts_with('#') {
            rows.push(row(index + 1, line)?);
        }
    }
    if rows.is_empty() {
        return Err(SwcError::new(0, "there are no points in the file"));
    }
    rows.sort_by_key(|row| row.id);
    let mut index_of = HashMap::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        if let Some(other) = index_of.insert(row.id, index) {
            let first = rows[other].point.line;
            return Err(SwcError::new(row.point.line, format!("id {} is also that of line {first}", row.id)));
        }
    }
    let mut points = Vec::with_capacity(rows.len());
    for Row { id, parent, mut point } in rows {
        if parent >= 0 {
            let Some(&index) = index_of.get(&parent) else {
                return Err(SwcError::new(
                    point.line,
                    format!("there is no point with the id of its parent, {parent}"),
                ));
            };
            if parent >= id {
                let message = format!("its parent {parent} is not before it: the ids of parents must be smaller");
                return Err(SwcError::new(point.line, message));
            }
            point.parent = Some(index);
        } else if let Some(SwcPoint { line, .. }) = points.first() {
            let message = format!("a second tree begins here (the first at line {line}); a cell is one tree");
            return Err(SwcError::new(point.line, message));
        }
        points.push(point);
    }
    Ok(points)
}

struct Row {
    id: i64,
    parent: i64,
    point: SwcPoint,
}

fn row(line: usize, text: &str) -> Result<Row, SwcError> {
    let mut fields = [0.0; 7];
    let mut words = text.split_whitespace();
    for field in &mut fields {
        let number = words.next().and_then(|word| word.parse::<f64>().ok()).filter(|number| number.is_finite());
        *field = number.ok_or_else(|| {
            SwcError::new(line, format!("expected `id type x y z radius parent`, found `{}`", shortened(text)))
        })?;
    }
    let [id, kind, ..] = fields;
    let parent = fields[6];
    // NEURON reads them in single precision.
    let [_, _, x, y, z, radius, _] = fields.map(|field| f64::from(field as f32));
    for (name, value) in [("id", id), ("type", kind), ("parent", parent)] {
        if value.fract() != 0.0 || value.abs() > 1e15 {
            return Err(SwcError::new(line, format!("{name} is {value}, which is no whole number")));
        }
    }
    if radius < 0.0 {
        return Err(SwcError::new(line, format!("the radius is {radius} um; it must not be negative")));
    }
    if id < 0.0 {
        return Err(SwcError::new(line, format!("id is {id}; it must not be negative")));
    }
    let point = SwcPoint { id: id as i64, line, kind: kind as i64, at: [x, y, z], diam: radius * 2.0, parent: None };
    Ok(Row { id: id as i64, parent: parent as i64, point })
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(57).chain("...".chars()).collect() }
}
