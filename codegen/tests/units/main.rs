//! The check of units.

mod diagnostics;
mod rules;
mod support;
