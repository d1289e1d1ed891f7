//! Values that all nodes or edges of a type share. Types tables hold them as text, written as Python writes them,
//! because that is what readers of SONATA expect: `True`, `['soma']`, `[0, 999]`, `1e-05`.

use std::fmt::Write;

/// A value shared by a type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value; written as `NULL`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A tuple: a list in round brackets.
    Tuple(Vec<Value>),
    /// A dictionary.
    Map(Vec<(Value, Value)>),
}

impl Value {
    /// A list of values.
    pub fn list<V: Into<Value>>(items: impl IntoIterator<Item = V>) -> Value {
        Value::List(items.into_iter().map(Into::into).collect())
    }

    /// The value as a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Int(v) => Some(*v as f64),
            Value::Float(v) => Some(*v),
            Value::Bool(v) => Some(f64::from(u8::from(*v))),
            Value::None | Value::Text(_) | Value::List(_) | Value::Tuple(_) | Value::Map(_) => None,
        }
    }

    /// The value as text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }

    /// Whether two values are equal as Python compares them: 1, 1.0 and `True` are.
    pub fn same(&self, other: &Value) -> bool {
        match (self.as_f64(), other.as_f64()) {
            (Some(a), Some(b)) => a == b,
            (None, None) => match (self, other) {
                (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
                    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
                }
                _ => self == other,
            },
            _ => false,
        }
    }

    /// The value as Python's `repr` writes it, as it appears inside lists.
    fn repr(&self, out: &mut String) {
        match self {
            Value::None => out.push_str("None"),
            Value::Bool(v) => out.push_str(if *v { "True" } else { "False" }),
            Value::Int(v) => write!(out, "{v}").unwrap_or_default(),
            Value::Float(v) => out.push_str(&float(*v)),
            Value::Text(t) => {
                let quote = if t.contains('\'') && !t.contains('"') { '"' } else { '\'' };
                out.push(quote);
                for c in t.chars() {
                    if c == quote || c == '\\' {
                        out.push('\\');
                    }
                    out.push(c);
                }
                out.push(quote);
            }
            Value::List(items) => sequence(out, '[', items, ']'),
            Value::Tuple(items) if items.len() == 1 => {
                out.push('(');
                items[0].repr(out);
                out.push_str(",)");
            }
            Value::Tuple(items) => sequence(out, '(', items, ')'),
            Value::Map(items) => {
                out.push('{');
                for (i, (key, value)) in items.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    key.repr(out);
                    out.push_str(": ");
                    value.repr(out);
                }
                out.push('}');
            }
        }
    }
}

fn sequence(out: &mut String, open: char, items: &[Value], close: char) {
    out.push(open);
    for (i, item) in items.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        item.repr(out);
    }
    out.push(close);
}

/// The text of a cell of a types table.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::None => f.write_str("NULL"),
            Value::Text(t) => f.write_str(t),
            other => {
                let mut text = String::new();
                other.repr(&mut text);
                f.write_str(&text)
            }
        }
    }
}

/// A number as Python writes it: the shortest digits that give it back, with an exponent below 1e-4 and from 1e16.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |e| ('-', e));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{value:?}")
}

macro_rules! from {
    ($($type:ty => $variant:ident),*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Value {
                Value::$variant(value.into())
            }
        }
    )*};
}
from!(bool => Bool, i32 => Int, i64 => Int, u32 => Int, f32 => Float, f64 => Float, &str => Text, String => Text, &String => Text);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_pythons() {
        let text = |v: Value| v.to_string();
        assert_eq!(text(0.4.into()), "0.4");
        assert_eq!(text(2.0.into()), "2.0");
        assert_eq!(text(1e-5.into()), "1e-05");
        assert_eq!(text(6.0e-5.into()), "6e-05");
        assert_eq!(text(0.0001.into()), "0.0001");
        assert_eq!(text(1.5e300.into()), "1.5e+300");
        assert_eq!(text(1e16.into()), "1e+16");
        assert_eq!(text(1e15.into()), "1000000000000000.0");
        assert_eq!(text(f64::NAN.into()), "nan");
        assert_eq!(text(true.into()), "True");
        assert_eq!(text("soma".into()), "soma");
        assert_eq!(text(Value::list(["basal", "apical"])), "['basal', 'apical']");
        assert_eq!(text(Value::list([0, 999])), "[0, 999]");
        assert_eq!(text(Value::Tuple(vec![0.5.into()])), "(0.5,)");
        assert_eq!(text(Value::list(["it's"])), "[\"it's\"]");
        assert_eq!(text(Value::Map(vec![("g".into(), Value::None)])), "{'g': None}");
        assert_eq!(text(Value::None), "NULL");
    }

    #[test]
    fn numbers_compare_across_kinds() {
        assert!(Value::from(1).same(&1.0.into()));
        assert!(Value::from(true).same(&1.into()));
        assert!(!Value::from("1").same(&1.into()));
        assert!(Value::list([1, 2]).same(&Value::list([1.0, 2.0])));
        assert!(!Value::None.same(&0.into()));
    }
}
