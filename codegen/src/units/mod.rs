//! Units: their sizes, and the check that a file's expressions agree in them.
//!
//! [`Units`] reads the text of a unit as NEURON does. [`check`] takes the place of NEURON's `modlunit`: it follows the
//! units of declarations through every expression of a file and reports at most one finding for a statement. The check
//! never changes a number: in NMODL a unit is a remark, and a conversion factor has to be written out.

mod check;
pub(crate) mod codes;
pub mod show;
mod size;
mod table;

pub use check::check;
pub use size::{Dimension, Size, Units, Unknown};
