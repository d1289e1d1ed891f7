//! What can go wrong in a HOC file, as data: what, where, and through which calls it was reached.

use std::{fmt, path::PathBuf};

use super::source::Place;
use crate::CellError;

/// An error in a HOC file or in its execution.
#[derive(Debug, Clone, PartialEq)]
pub struct HocError {
    /// What is wrong.
    pub kind: Box<HocErrorKind>,
    /// Where; absent where no text is to blame.
    pub place: Option<Box<Place>>,
    /// The procedures being executed, innermost first, each with the place it was called from.
    pub calls: Vec<(String, Place)>,
}

impl HocError {
    pub(crate) fn nowhere(kind: HocErrorKind) -> Self {
        Self::new(kind, None)
    }

    pub(crate) fn new(kind: HocErrorKind, place: Option<Place>) -> Self {
        Self { kind: Box::new(kind), place: place.map(Box::new), calls: Vec::new() }
    }
}

impl std::error::Error for HocError {}

impl fmt::Display for HocError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            None => write!(f, "{}", self.kind)?,
            Some(place) => write!(f, "{place}: {}\n{}", self.kind, place.marked())?,
        }
        self.calls.iter().try_for_each(|(name, place)| write!(f, "\n  in {name}(), called at {place}"))
    }
}

/// What is wrong. Names that come near what was written are given where there are any.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HocErrorKind {
    /// The text is not HOC.
    #[error("syntax error at {found}: expected {}", expected.join(" or "))]
    Syntax {
        /// What stands there.
        found: String,
        /// What could have stood there.
        expected: Vec<String>,
    },
    /// Brackets nested too deep, or an expression with too many terms, to be meant.
    #[error("nested or chained more than {limit} deep; split it up")]
    TooDeep {
        /// The deepest nesting accepted.
        limit: usize,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// HOC that this interpreter does not execute.
    #[error("{construct} is not supported here{}", hint(help))]
    Unsupported {
        /// What was asked for.
        construct: String,
        /// What to do instead.
        help: String,
    },
    /// A name that nothing has.
    #[error("{name} is not defined{}", suggest(near))]
    Undefined {
        /// The name.
        name: String,
        /// Names that come near.
        near: Vec<String>,
    },
    /// A template that was not loaded.
    #[error("there is no template {name}{}", suggest(near))]
    NoTemplate {
        /// The name.
        name: String,
        /// Names that come near.
        near: Vec<String>,
    },
    /// `insert` or `uninsert` of a mechanism that is not there.
    #[error("there is no density mechanism {name} for section {section}{}", suggest_or_list(near, known))]
    NoMechanism {
        /// The name.
        name: String,
        /// The section.
        section: String,
        /// Names that come near.
        near: Vec<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// A variable of a mechanism or ion where that is not inserted.
    #[error("{mechanism} mechanism not inserted in section {section}, so there is no {variable}")]
    NotInserted {
        /// The mechanism; of an ion, `<ion>_ion`.
        mechanism: String,
        /// The section.
        section: String,
        /// The variable.
        variable: String,
    },
    /// A value that only the mechanism's defaults know.
    #[error("{variable} was not set in section {section} and its default is not known here")]
    NotSet {
        /// The variable.
        variable: String,
        /// The section.
        section: String,
    },
    /// A section is needed and none is accessed.
    #[error("no section is accessed; write `soma {{ ... }}` around this, or `access soma` before it")]
    NoSection,
    /// Something that is not a section stands where one must.
    #[error("{name} is not a section")]
    NotASection {
        /// What was written.
        name: String,
    },
    /// Something of the wrong kind.
    #[error("{what} is {found}, but {expected} is needed")]
    Type {
        /// What was written.
        what: String,
        /// What it is.
        found: &'static str,
        /// What was needed.
        expected: &'static str,
    },
    /// A name that an object does not offer.
    #[error("{class} has no public member {name}{}", suggest(near))]
    NoMember {
        /// Class of the object.
        class: String,
        /// The name.
        name: String,
        /// Names that come near.
        near: Vec<String>,
    },
    /// A member of the object NULLobject.
    #[error("{name} is NULLobject; nothing was assigned to it yet")]
    NullObject {
        /// The variable.
        name: String,
    },
    /// A subscript outside the array.
    #[error("subscript {index} of {name} is out of range 0 to {}", size.saturating_sub(1))]
    Subscript {
        /// The array.
        name: String,
        /// The subscript.
        index: f64,
        /// Size of that dimension.
        size: usize,
    },
    /// The wrong number of subscripts.
    #[error("{name} has {expected} subscripts, not {found}")]
    Subscripts {
        /// The array.
        name: String,
        /// How many it has.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// An argument that the call did not get.
    #[error("{name} was called with {count} arguments, there is no argument {index}")]
    NoArgument {
        /// The procedure.
        name: String,
        /// The argument asked for, from 1.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// An argument that makes no sense.
    #[error("{function}: {value} is not {expected}")]
    Argument {
        /// The function.
        function: String,
        /// What it got.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// Arithmetic that has no result.
    #[error("{0}")]
    Arithmetic(&'static str),
    /// A pattern of `forsec`, `ifsec` or `issection` that is none.
    #[error("{pattern} is not a regular expression: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// The name is declared as something else already.
    #[error("{name} is already declared as {kind}")]
    Redeclared {
        /// The name.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// `break`, `return` or the like where it has no meaning.
    #[error("{0} outside of what it belongs to")]
    Misplaced(&'static str),
    /// The cell cannot be built like this.
    #[error(transparent)]
    Cell(#[from] CellError),
    /// A section of another cell.
    #[error("section {section} belongs to another cell and cannot be used here")]
    OtherCell {
        /// The section.
        section: String,
    },
    /// A section that was deleted.
    #[error("the section was deleted")]
    DeletedSection,
    /// An object of a cell that is finished.
    #[error("the object belongs to a cell that was handed over already")]
    StaleObject,
    /// The file itself called `execerror()`.
    #[error("{message}")]
    Raised {
        /// What it says.
        message: String,
    },
    /// A limit of [`super::Limits`] was reached.
    #[error("stopped after {count} {what}: is there a loop or recursion without end? (limit: {limit})")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// How many.
        count: u64,
        /// The limit's name.
        limit: &'static str,
    },
}

fn suggest(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}

fn suggest_or_list(near: &[String], known: &[String]) -> String {
    match (near, known) {
        ([], []) => "; no density mechanism is known at all".to_string(),
        ([], known) => format!("; known are {}", known.join(", ")),
        (near, _) => suggest(near),
    }
}

fn hint(help: &str) -> String {
    if help.is_empty() { String::new() } else { format!("; {help}") }
}

/// Up to three of `names` that come near `name`: few letters apart, or the same but for case.
pub(crate) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let lower = name.to_lowercase();
    let allowed = (name.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, candidate)| candidate.to_string()).collect()
}
