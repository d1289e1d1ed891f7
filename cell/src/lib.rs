//! Cells as a neuroscientist writes them, turned into the compartments that a simulator solves.
//!
//! - [`Section`] is an unbranched cable: length, diameters (or 3-d points), `nseg`, `Ra`, `cm`, and the density
//!   mechanisms with the values that the user gave to their RANGE variables.
//! - [`Cell`] is a tree (or a few trees) of sections, with the named lists `all`, `somatic`, ... that SONATA addresses.
//! - [`Cell::compartments`] discretises the tree: areas, resistances and matrix coefficients with NEURON's numbers.
//! - [`Cell::from_swc`] and [`Cell::from_asc`] read a morphology, [`Cell::replace_axon`] gives it the short axon of the Allen Institute's models.
//! - [`hoc`] executes cell templates written in the HOC language and answers with a [`Cell`].
//!
//! The crate knows mechanisms only by what the caller's [`Catalogue`] says of them: their names, their RANGE variables
//! and the ions they use. Nothing here simulates.
//!
//! ```
//! use cell::{Catalogue, hoc::Hoc};
//! let mut hoc = Hoc::new(Catalogue::default());
//! hoc.load_text("ball.hoc", "begintemplate Ball\npublic soma\ncreate soma\nproc init() { soma { L = 10 diam = 10 nseg = 3 } }\nendtemplate Ball\n").unwrap();
//! let cell = hoc.instantiate("Ball", &[]).unwrap();
//! assert_eq!(cell.compartments().unwrap().len(), 5); // root, three segments, end
//! ```
#![forbid(unsafe_code)]

mod asc;
mod assign;
mod catalogue;
mod cell;
mod compartments;
mod distance;
mod eigen;
mod error;
mod geometry;
pub mod hoc;
pub mod placement;
mod points;
mod section;
mod shape;
mod stub;
mod swc;

pub use asc::AscError;
pub use assign::{AssignError, Names};
pub use catalogue::{Catalogue, DensityInfo, IonVariable, PointInfo, RangeVariable};
pub use cell::{Attachment, Cell, Connection, PointProcess, SectionId};
pub use compartments::Compartments;
pub use error::CellError;
pub use geometry::SectionGeometry;
pub use points::Point;
pub use section::{DensityMechanism, IonValues, Section, SectionName};
pub use stub::AxonStub;
pub use swc::{SwcError, SwcRow};
