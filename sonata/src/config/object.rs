//! Typed reading of JSON objects that notes every problem and goes on.
//!
//! An [`Object`] remembers which keys were asked for. When it is finished, the keys that nobody asked for are
//! problems, and the keys that were asked for are those that it suggests.

use super::error::{ConfigError, Problem, Warning};
use super::paths;
use crate::suggest;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// Collects what is wrong, and what should be known.
#[derive(Debug, Default)]
pub struct Context {
    errors: RefCell<Vec<ConfigError>>,
    warnings: RefCell<Vec<Warning>>,
    /// The configuration that was asked for, beside which relative paths of child files may mean files as well.
    root: RefCell<PathBuf>,
}

impl Context {
    /// Names the configuration that was asked for.
    pub fn set_root(&self, file: &Path) {
        *self.root.borrow_mut() = file.to_owned();
    }

    /// Notes an error.
    pub fn error(&self, error: ConfigError) {
        self.errors.borrow_mut().push(error);
    }

    /// Notes a problem at a place.
    pub fn problem(&self, file: &Path, pointer: &str, problem: Problem) {
        let pointer = if pointer.is_empty() { "/" } else { pointer }.to_owned();
        self.error(ConfigError::At { file: file.to_owned(), pointer, problem });
    }

    /// Notes that a value is of another type.
    pub fn wrong_type(&self, file: &Path, pointer: &str, expected: &'static str, found: &Value) {
        self.problem(file, pointer, Problem::WrongType { expected, found: shown(found) });
    }

    /// Notes a warning.
    pub fn warn(&self, file: &Path, pointer: &str, message: String) {
        self.warnings.borrow_mut().push(Warning { file: file.to_owned(), pointer: pointer.to_owned(), message });
    }

    /// All that was noted.
    pub fn into_parts(self) -> (Vec<ConfigError>, Vec<Warning>) {
        (self.errors.into_inner(), self.warnings.into_inner())
    }
}

/// A value, shortened, for a message.
pub fn shown(value: &Value) -> String {
    const SHOWN: usize = 40;
    let text = match value {
        Value::Object(_) => return "an object".to_owned(),
        other => other.to_string(),
    };
    if text.chars().count() <= SHOWN { text } else { text.chars().take(SHOWN).chain("...".chars()).collect() }
}

/// A JSON object that is being read.
pub struct Object<'a> {
    context: &'a Context,
    file: &'a Path,
    pointer: String,
    map: &'a Map<String, Value>,
    asked: RefCell<Vec<String>>,
    /// Keys that may be there, but that nobody should be told to write.
    tolerated: RefCell<Vec<String>>,
}

impl<'a> Object<'a> {
    /// Starts reading an object; notes a problem if the value is none.
    pub fn new(context: &'a Context, file: &'a Path, pointer: &str, value: &'a Value) -> Option<Object<'a>> {
        let Value::Object(map) = value else {
            context.wrong_type(file, pointer, "an object", value);
            return None;
        };
        Some(Object {
            context,
            file,
            pointer: pointer.to_owned(),
            map,
            asked: RefCell::default(),
            tolerated: RefCell::default(),
        })
    }

    /// The file.
    pub fn file(&self) -> &'a Path {
        self.file
    }

    /// Where the notes go.
    pub fn context(&self) -> &'a Context {
        self.context
    }

    /// The place of a key.
    pub fn pointer(&self, key: &str) -> String {
        format!("{}/{key}", self.pointer)
    }

    /// All that is written.
    pub fn map(&self) -> &'a Map<String, Value> {
        self.map
    }

    /// A value; `null` is no value.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.asked.borrow_mut().push(key.to_owned());
        self.map.get(key).filter(|v| !v.is_null())
    }

    /// Whether the key is written, even as `null`.
    pub fn is_null(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(Value::is_null)
    }

    /// Notes a problem with a key.
    pub fn problem(&self, key: &str, problem: Problem) {
        self.context.problem(self.file, &self.pointer(key), problem);
    }

    /// Notes that the value of a key makes no sense.
    pub fn invalid(&self, key: &str, message: impl Into<String>) {
        self.problem(key, Problem::Invalid(message.into()));
    }

    /// Notes a warning about a key.
    pub fn warn(&self, key: &str, message: &str) {
        self.context.warn(self.file, &self.pointer(key), message.to_owned());
    }

    fn typed<T>(&self, key: &str, expected: &'static str, read: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.get(key)?;
        let found = read(value);
        if found.is_none() {
            self.context.wrong_type(self.file, &self.pointer(key), expected, value);
        }
        found
    }

    /// The value of a key that must be there, as one of the readers below gives it.
    pub fn need<T>(&self, key: &str, help: &'static str, read: impl Fn(&Self, &str) -> Option<T>) -> Option<T> {
        let found = read(self, key);
        if found.is_none() && self.map.get(key).is_none_or(Value::is_null) {
            self.problem(key, Problem::Missing { help });
        }
        found
    }

    /// A number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.typed(key, "a number", Value::as_f64)
    }

    /// A number greater than zero.
    pub fn positive(&self, key: &str) -> Option<f64> {
        let value = self.number(key)?;
        if value > 0.0 {
            return Some(value);
        }
        self.invalid(key, format!("{value} must be greater than 0"));
        None
    }

    /// A whole number, 0 or more.
    pub fn count(&self, key: &str) -> Option<usize> {
        self.typed(key, "a whole number, 0 or more", |v| {
            let whole = v.as_f64().filter(|x| x.fract() == 0.0 && (0.0..1e15).contains(x));
            whole.map(|x| x as usize)
        })
    }

    /// True or false.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.typed(key, "true or false", Value::as_bool)
    }

    /// Text.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.typed(key, "text", Value::as_str)
    }

    /// A text, or a list of texts.
    pub fn texts(&self, key: &str) -> Option<Vec<String>> {
        self.typed(key, "text, or a list of texts", |v| match v {
            Value::String(text) => Some(vec![text.clone()]),
            Value::Array(items) => items.iter().map(|i| i.as_str().map(str::to_owned)).collect(),
            _ => None,
        })
    }

    /// A number, or a list of numbers.
    pub fn numbers(&self, key: &str) -> Option<Vec<f64>> {
        self.typed(key, "a number, or a list of numbers", |v| match v {
            Value::Number(n) => n.as_f64().map(|x| vec![x]),
            Value::Array(items) => items.iter().map(Value::as_f64).collect(),
            _ => None,
        })
    }

    /// A word of a list.
    pub fn word(&self, key: &str, known: &[&str]) -> Option<&'a str> {
        let found = self.text(key)?;
        self.known_word(key, found, known).then_some(found)
    }

    /// Whether a word is in a list; a problem with the key if not.
    pub fn known_word(&self, key: &str, found: &str, known: &[&str]) -> bool {
        if known.contains(&found) {
            return true;
        }
        let nearest = suggest::nearest(found, known.iter().copied());
        let known = known.iter().map(|&k| k.to_owned()).collect();
        self.problem(key, Problem::UnknownWord { found: found.to_owned(), nearest, known });
        false
    }

    /// The path of a file that must exist.
    pub fn file_path(&self, key: &str) -> Option<PathBuf> {
        let text = self.text(key)?;
        match self.find(text) {
            Ok(path) => Some(path),
            Err(tried) => {
                self.problem(key, Problem::NotFound { tried });
                None
            }
        }
    }

    /// The path of a file that must exist, or a list of some.
    pub fn file_paths(&self, key: &str) -> Option<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for text in self.texts(key)? {
            match self.find(&text) {
                Ok(path) => paths.push(path),
                Err(tried) => {
                    self.problem(key, Problem::NotFound { tried });
                    return None;
                }
            }
        }
        if paths.is_empty() {
            self.invalid(key, "the list is empty");
            return None;
        }
        Some(paths)
    }

    /// The path of something that need not exist.
    pub fn path(&self, key: &str) -> Option<PathBuf> {
        self.text(key).map(|text| self.found_or_planned(text))
    }

    /// A path, or a list of paths, of things that need not exist.
    pub fn path_list(&self, key: &str) -> Vec<PathBuf> {
        self.texts(key).into_iter().flatten().map(|text| self.found_or_planned(&text)).collect()
    }

    fn find(&self, text: &str) -> Result<PathBuf, Vec<PathBuf>> {
        let root = self.context.root.borrow();
        paths::existing(text, &[self.file, &root])
    }

    fn found_or_planned(&self, text: &str) -> PathBuf {
        self.find(text).unwrap_or_else(|_| paths::planned(text, self.file))
    }

    /// A key that others have a use for, but not BMTK and not we.
    pub fn ignored(&self, keys: &[&str], message: &str) {
        for key in keys {
            self.tolerated.borrow_mut().push((*key).to_owned());
            if self.map.contains_key(*key) {
                self.warn(key, message);
            }
        }
    }

    /// Keys that BMTK or others have a use for, and we have not.
    pub fn unsupported(&self, keys: &[(&str, &str)]) {
        for (key, reason) in keys {
            self.tolerated.borrow_mut().push((*key).to_owned());
            if self.map.get(*key).is_some_and(|v| !v.is_null()) {
                self.problem(key, Problem::Unsupported((*reason).to_owned()));
            }
        }
    }

    /// Notes the keys that nobody asked for. Comments (keys that start with `_`, `#` or `//`, and `comment`) are
    /// warnings, since readers of SONATA pass over them.
    pub fn finish(self) {
        self.finish_with(|_, _| false);
    }

    /// As [`Object::finish`]; `handled` may deal with an unknown key (given with the nearest known one) by itself.
    pub fn finish_with(self, handled: impl Fn(&str, Option<&str>) -> bool) {
        let (asked, tolerated) = (self.asked.borrow(), self.tolerated.borrow());
        for key in self.map.keys().filter(|k| !asked.contains(k) && !tolerated.contains(k)) {
            let is_comment = key.starts_with(['_', '#']) || key.starts_with("//") || key == "comment";
            let nearest = suggest::nearest(key, asked.iter().chain(tolerated.iter()).map(String::as_str));
            if is_comment {
                self.warn(key, "taken as a comment");
            } else if !handled(key, nearest.as_deref()) {
                let known = asked.iter().cloned().collect::<indexmap::IndexSet<_>>().into_iter().collect();
                self.problem(key, Problem::UnknownKey { nearest, known });
            }
        }
    }
}
