//! Python's values as those of the builder.

use builder::{Column, Dtype, Value};
use numpy::PyReadonlyArray1;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

/// A value that all share. What is neither number, text nor collection becomes its text.
pub fn value(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    if object.is_none() {
        return Ok(Value::None);
    }
    if let Ok(v) = object.cast::<PyBool>() {
        return Ok(Value::Bool(v.is_true()));
    }
    if object.is_instance_of::<PyInt>() {
        return Ok(object.extract::<i64>().map_or(Value::Text(object.str()?.to_string()), Value::Int));
    }
    if object.is_instance_of::<PyFloat>() {
        return Ok(Value::Float(object.extract()?));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Value::Text(text.to_string()));
    }
    if let Ok(list) = object.cast::<PyList>() {
        return Ok(Value::List(list.iter().map(|v| value(&v)).collect::<PyResult<_>>()?));
    }
    if let Ok(tuple) = object.cast::<PyTuple>() {
        return Ok(Value::Tuple(tuple.iter().map(|v| value(&v)).collect::<PyResult<_>>()?));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        let items = dict.iter().map(|(k, v)| Ok((value(&k)?, value(&v)?)));
        return Ok(Value::Map(items.collect::<PyResult<_>>()?));
    }
    // A scalar of NumPy.
    if let Ok(item) = object.call_method0("item")
        && !item.is(object)
        && !item.hasattr("item")?
    {
        return value(&item);
    }
    Ok(Value::Text(object.str()?.to_string()))
}

/// The type that NumPy calls `name`.
pub fn dtype(name: &str) -> PyResult<Dtype> {
    Dtype::from_name(name).ok_or_else(|| PyTypeError::new_err(format!("dtypes: {name} can't be stored")))
}

/// A column: an array of int64 or float64, or a list of texts, to be stored as a type.
pub fn column(values: &Bound<'_, PyAny>, name: &str, width: Option<usize>) -> PyResult<Column> {
    let dtype = dtype(name)?;
    let column = if dtype == Dtype::Text {
        Column::texts(values.extract()?)
    } else if let Ok(array) = values.extract::<PyReadonlyArray1<'_, i64>>() {
        Column::integers(array.as_slice()?.to_vec(), dtype)
            .ok_or_else(|| PyValueError::new_err(format!("a value does not fit in {name}")))?
    } else {
        Column::floats(values.extract::<PyReadonlyArray1<'_, f64>>()?.as_slice()?.to_vec(), dtype)
    };
    match width {
        None => Ok(column),
        Some(width) => column.rows_of(width).ok_or_else(|| PyValueError::new_err("rows of different lengths")),
    }
}
