//! Parameter files of cells and synapses (`dynamics_params`): a flat JSON object.
//!
//! Numbers may be written as text ("40e-3"), which the field's Python scripts turn into numbers. Text that is not a
//! number is kept as text, since stock files have keys such as `"level_of_detail": "exp2syn"`.

use crate::error::Error;
use indexmap::IndexMap;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter {
    /// A number, or text that is one.
    Number(f64),
    /// Any other text.
    Text(String),
    /// Anything else: lists, objects, null.
    Other(Value),
}

/// The parameters of a file, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct DynamicsParams {
    file: PathBuf,
    values: IndexMap<String, Parameter>,
}

impl DynamicsParams {
    /// Reads a file.
    pub fn read(file: &Path) -> Result<DynamicsParams, Error> {
        let text = std::fs::read_to_string(file).map_err(|e| Error::io(file, e))?;
        DynamicsParams::parse(file, &text)
    }

    /// Reads parameters from text. `file` is named in errors.
    pub fn parse(file: &Path, text: &str) -> Result<DynamicsParams, Error> {
        let value = crate::json::parse(text).map_err(|e| Error::json(file, &e))?;
        let Value::Object(object) = value else {
            let message = "expected an object of parameters, { \"name\": value, ... }".to_owned();
            return Err(Error::Json { file: file.to_owned(), line: 1, column: 1, message });
        };
        let values = object.into_iter().map(|(key, value)| (key, parameter(value))).collect();
        Ok(DynamicsParams { file: file.to_owned(), values })
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// All parameters.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Parameter)> {
        self.values.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// A parameter.
    pub fn get(&self, key: &str) -> Option<&Parameter> {
        self.values.get(key)
    }

    /// A number, if the key is there.
    pub fn opt_f64(&self, key: &str) -> Result<Option<f64>, Error> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Parameter::Number(v)) => Ok(Some(*v)),
            Some(other) => Err(self.bad(key, format!("expected a number, found {}", shown(other)))),
        }
    }

    /// A number that must be there.
    pub fn f64(&self, key: &str) -> Result<f64, Error> {
        self.opt_f64(key)?.ok_or_else(|| {
            let nearest = crate::suggest::nearest(key, self.values.keys().map(String::as_str));
            self.bad(key, format!("this parameter is missing{}", crate::suggest::hint(&nearest)))
        })
    }

    /// The numbers, in the order of the file; texts that are not numbers are left out, lists and objects are an error.
    pub fn numbers(&self) -> Result<IndexMap<String, f64>, Error> {
        let mut out = IndexMap::new();
        for (key, value) in &self.values {
            match value {
                Parameter::Number(v) => {
                    out.insert(key.clone(), *v);
                }
                Parameter::Text(_) => {}
                Parameter::Other(_) => {
                    return Err(self.bad(key, format!("expected a number, found {}", shown(value))));
                }
            }
        }
        Ok(out)
    }

    fn bad(&self, key: &str, message: String) -> Error {
        Error::Parameter { file: self.file.clone(), key: key.to_owned(), message }
    }
}

fn parameter(value: Value) -> Parameter {
    match value {
        Value::Number(n) => n.as_f64().map_or(Parameter::Other(Value::Number(n)), Parameter::Number),
        Value::String(s) => match s.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Parameter::Number(number),
            _ => Parameter::Text(s),
        },
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => Parameter::Other(value),
    }
}

fn shown(parameter: &Parameter) -> String {
    match parameter {
        Parameter::Number(v) => v.to_string(),
        Parameter::Text(t) => format!("\"{t}\""),
        Parameter::Other(v) => v.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DynamicsParams, Error> {
        DynamicsParams::parse(Path::new("syn.json"), text)
    }

    #[test]
    fn numbers_may_be_text() {
        let params = parse(r#"{"esyn": "-80", "gmax": "40e-3", "tau": 2, "level_of_detail": "exp2syn"}"#).unwrap();
        let numbers = params.numbers().unwrap();
        assert_eq!(
            numbers.iter().map(|(k, v)| (k.as_str(), *v)).collect::<Vec<_>>(),
            [("esyn", -80.0), ("gmax", 0.04), ("tau", 2.0)]
        );
        assert_eq!(params.get("level_of_detail"), Some(&Parameter::Text("exp2syn".into())));
    }

    #[test]
    fn errors_name_file_and_key() {
        let params = parse(r#"{"tau1": [1], "level": "fine"}"#).unwrap();
        assert_eq!(params.numbers().unwrap_err().to_string(), "syn.json: tau1: expected a number, found [1]");
        assert_eq!(params.f64("level").unwrap_err().to_string(), "syn.json: level: expected a number, found \"fine\"");
        assert_eq!(
            params.f64("tau").unwrap_err().to_string(),
            "syn.json: tau: this parameter is missing (did you mean `tau1`?)"
        );
        let error = parse("{\n  \"tau\" 2\n}").unwrap_err().to_string();
        assert_eq!(error, "syn.json:2:9: expected `:`");
    }
}
