//! The tools of the language, driven as programs: `check --units`, `fmt` and JSON diagnostics.

mod check;
mod fmt;
mod json;
mod support;
