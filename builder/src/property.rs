//! Properties of nodes and of edge types, by name: shared by all, or one for each.

use crate::{Column, Value};
use indexmap::IndexMap;

/// A property.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// All rows of the type have this value: it goes into the types table.
    Shared(Value),
    /// Each row has its own: it goes into the HDF5 file.
    Each(Column),
}

macro_rules! shared {
    ($($type:ty),*) => {$(
        impl From<$type> for Property {
            fn from(value: $type) -> Property {
                Property::Shared(value.into())
            }
        }
    )*};
}
shared!(bool, i32, i64, u32, f32, f64, &str, String, &String);

macro_rules! each {
    ($($type:ty),*) => {$(
        impl From<Vec<$type>> for Property {
            fn from(values: Vec<$type>) -> Property {
                Property::Each(values.into())
            }
        }
    )*};
}
each!(i64, i32, u32, u8, bool, f64, f32, &str, String);

impl<const N: usize> From<Vec<[f64; N]>> for Property {
    fn from(values: Vec<[f64; N]>) -> Property {
        Property::Each(values.into())
    }
}

impl From<Column> for Property {
    fn from(column: Column) -> Property {
        Property::Each(column)
    }
}

impl From<Value> for Property {
    fn from(value: Value) -> Property {
        Property::Shared(value)
    }
}

/// Named properties, in the order in which they were given.
pub type Properties = IndexMap<String, Property>;
