//! Values that differ from row to row: one typed vector a property.

use crate::Value;
use sonata::h5::{Dtype, Elements};

/// The elements of a [`Column`].
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Integers and booleans.
    Integers(Vec<i64>),
    /// Floating point numbers.
    Floats(Vec<f64>),
    /// Texts.
    Texts(Vec<String>),
}

/// One value, or one row of several numbers, for each node or synapse.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    dtype: Dtype,
    width: Option<usize>,
    data: Data,
}

impl Column {
    /// A column of integers, stored as `dtype`. `None` if the type can't hold one of them.
    pub fn integers(values: Vec<i64>, dtype: Dtype) -> Option<Column> {
        if matches!(dtype, Dtype::F32 | Dtype::F64) {
            return Some(Column::floats(values.into_iter().map(|v| v as f64).collect(), dtype));
        }
        let (low, high) = dtype.integer_range()?;
        values.iter().all(|v| (low..=high).contains(v)).then_some(Column {
            dtype,
            width: None,
            data: Data::Integers(values),
        })
    }

    /// A column of floating point numbers. A `dtype` that is no floating point type stands for `f64`.
    pub fn floats(values: Vec<f64>, dtype: Dtype) -> Column {
        let dtype = if dtype == Dtype::F32 { dtype } else { Dtype::F64 };
        Column { dtype, width: None, data: Data::Floats(values) }
    }

    /// A column of texts.
    pub fn texts(values: Vec<String>) -> Column {
        Column { dtype: Dtype::Text, width: None, data: Data::Texts(values) }
    }

    /// The same elements as rows of `width` each. `None` if they don't fill the last row.
    pub fn rows_of(mut self, width: usize) -> Option<Column> {
        if width == 0 || !self.elements().is_multiple_of(width) {
            return None;
        }
        self.width = Some(width);
        Some(self)
    }

    /// The type in which the column is stored.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// The number of elements in a row; `None` for a column of single values.
    pub fn width(&self) -> Option<usize> {
        self.width
    }

    /// The elements.
    pub fn data(&self) -> &Data {
        &self.data
    }

    fn elements(&self) -> usize {
        match &self.data {
            Data::Integers(v) => v.len(),
            Data::Floats(v) => v.len(),
            Data::Texts(v) => v.len(),
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.elements() / self.width.unwrap_or(1)
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.elements() == 0
    }

    /// The elements of some rows, for writing.
    pub fn slice(&self, rows: std::ops::Range<usize>) -> Elements<'_> {
        let width = self.width.unwrap_or(1);
        let range = rows.start * width..rows.end * width;
        match &self.data {
            Data::Integers(v) => Elements::Integers(&v[range]),
            Data::Floats(v) => Elements::Floats(&v[range]),
            Data::Texts(v) => Elements::Texts(&v[range]),
        }
    }

    /// A row as a value.
    pub fn value(&self, row: usize) -> Value {
        let one = |at: usize| match &self.data {
            Data::Integers(v) if self.dtype == Dtype::Bool => Value::Bool(v[at] != 0),
            Data::Integers(v) => Value::Int(v[at]),
            Data::Floats(v) => Value::Float(v[at]),
            Data::Texts(v) => Value::Text(v[at].clone()),
        };
        match self.width {
            None => one(row),
            Some(width) => Value::List((row * width..(row + 1) * width).map(one).collect()),
        }
    }

    /// A row as a number.
    pub fn number(&self, row: usize) -> Option<f64> {
        match (&self.data, self.width) {
            (Data::Integers(v), None) => Some(v[row] as f64),
            (Data::Floats(v), None) => Some(v[row]),
            _ => None,
        }
    }

    /// A row as coordinates, if it has at least `N` numbers.
    pub fn numbers<const N: usize>(&self, row: usize) -> Option<[f64; N]> {
        let width = self.width.filter(|&w| w >= N)?;
        let mut out = [0.0; N];
        for (i, out) in out.iter_mut().enumerate() {
            *out = match &self.data {
                Data::Integers(v) => v[row * width + i] as f64,
                Data::Floats(v) => v[row * width + i],
                Data::Texts(_) => return None,
            };
        }
        Some(out)
    }

    /// The rows in another order: row i of the result is row `order[i]`.
    pub(crate) fn permuted(&self, order: &[u32]) -> Column {
        fn pick<T: Clone>(values: &[T], width: usize, order: &[u32]) -> Vec<T> {
            order.iter().flat_map(|&r| values[r as usize * width..(r as usize + 1) * width].iter().cloned()).collect()
        }
        let width = self.width.unwrap_or(1);
        let data = match &self.data {
            Data::Integers(v) => Data::Integers(pick(v, width, order)),
            Data::Floats(v) => Data::Floats(pick(v, width, order)),
            Data::Texts(v) => Data::Texts(pick(v, width, order)),
        };
        Column { dtype: self.dtype, width: self.width, data }
    }

    /// Appends the rows of a column of the same type and width; nothing if the types differ.
    pub fn append(&mut self, other: Column) {
        match (&mut self.data, other.data) {
            (Data::Integers(a), Data::Integers(b)) => a.extend(b),
            (Data::Floats(a), Data::Floats(b)) => a.extend(b),
            (Data::Texts(a), Data::Texts(b)) => a.extend(b),
            _ => {}
        }
    }

    /// Memory, bytes.
    pub(crate) fn size(&self) -> usize {
        match &self.data {
            Data::Integers(v) => v.len() * 8,
            Data::Floats(v) => v.len() * 8,
            Data::Texts(v) => v.iter().map(|t| t.len() + 24).sum(),
        }
    }
}

macro_rules! from {
    ($($type:ty: $wide:ty, $data:ident, $dtype:ident);*) => {$(
        impl From<Vec<$type>> for Column {
            fn from(values: Vec<$type>) -> Column {
                let values = values.into_iter().map(<$wide>::from).collect();
                Column { dtype: Dtype::$dtype, width: None, data: Data::$data(values) }
            }
        }
    )*};
}
from!(i64: i64, Integers, I64; i32: i64, Integers, I32; u32: i64, Integers, U32; u8: i64, Integers, U8;
      bool: i64, Integers, Bool; f64: f64, Floats, F64; f32: f64, Floats, F32;
      &str: String, Texts, Text; String: String, Texts, Text);

impl<const N: usize> From<Vec<[f64; N]>> for Column {
    fn from(values: Vec<[f64; N]>) -> Column {
        Column { dtype: Dtype::F64, width: Some(N), data: Data::Floats(values.into_iter().flatten().collect()) }
    }
}
