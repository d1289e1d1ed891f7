//! Columns of attributes, and their values.

use crate::types::integer;

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
