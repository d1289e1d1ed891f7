//! Where the columns of a mechanism lie, which whoever composes a shader decides.

use crate::names::wgsl_function;
use std::fmt::Write;

/// Where the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnPlace {
    /// Each instance has its own: its number among such columns.
    Own(u32),
    /// All instances of a block share one: its number behind the first global.
    Shared(u32),
    /// Nobody keeps it.
    Nowhere,
}

/// The constant that says whether currents of ions are added up.
pub(super) const ADDS_CURRENTS: &str = "adds_currents";

/// The function that gives the index in `values` of a column of an instance.
pub(super) fn column_function(mechanism: &str, column: usize) -> String {
    wgsl_function(mechanism, &format!("column_{column}"))
}

/// The constant that says whether a column that only users look at is kept.
pub(super) fn keeps_column(mechanism: &str, column: usize) -> String {
    wgsl_function(mechanism, &format!("keeps_{column}"))
}

/// What the functions of a mechanism use: for each of its columns a function `NAME_column_N(at: Instance) -> u32` that
/// gives its index in `values`, and a constant `NAME_keeps_N`; and `NAME_adds_currents`, whether its currents are added to
/// those of ions. A column that is [`ColumnPlace::Nowhere`] has the index of the first global, and is never stored.
pub fn storage(mechanism: &str, places: &[ColumnPlace], adds_currents: bool) -> String {
    let mut out = String::new();
    for (column, place) in places.iter().enumerate() {
        let index = match place {
            ColumnPlace::Own(at) => format!("at.column + {at}u * at.stride"),
            ColumnPlace::Shared(at) => format!("at.globals + {at}u"),
            ColumnPlace::Nowhere => "at.globals".to_owned(),
        };
        let (function, keeps) = (column_function(mechanism, column), keeps_column(mechanism, column));
        let kept = !matches!(place, ColumnPlace::Nowhere);
        let _ = writeln!(out, "fn {function}(at: Instance) -> u32 {{ return {index}; }}");
        let _ = writeln!(out, "const {keeps}: bool = {kept};");
    }
    let _ = writeln!(out, "const {}: bool = {adds_currents};", wgsl_function(mechanism, ADDS_CURRENTS));
    out
}
