//! The mechanism IR: what a `.mod` file means.
//!
//! A [`Mechanism`] is a set of per-instance *columns*, read-only *globals*, *ions*, and a few
//! *kernels*: functions that run once per instance. Every decision (how a block is solved, what a
//! conductance is, which variables are stored) has been taken in a pass on this IR when a back end
//! sees it; back ends print.
//!
//! # Evaluation rules
//! - Expressions have no effect; statements do, and run in order.
//! - All values are real numbers of one type, chosen when the kernels are built (`f64` or `f32`).
//!   Conditions are boolean and occur only in [`StatementKind::If`], [`StatementKind::While`],
//!   [`StatementKind::Iterate`] and [`Expression::Select`].
//! - An array `ca[4]` is four places in a row, `ca[0]` to `ca[3]`. A constant index is a plain [`Place`]; a run-time
//!   one is [`Expression::Element`] or [`StatementKind::AssignElement`], truncated towards 0 as C does and then
//!   limited to the array: `ca[-1]` is `ca[0]`, `ca[9]` is `ca[3]`, and NaN counts as 0.
//! - [`Input::V`] is the membrane potential of the instance's node, constant during a kernel but for
//!   [`StatementKind::StoreV`].
//! - `init` runs once. `current` runs each step with `t` at the middle of the step and the old `v`;
//!   `state` runs each step with `t` at the end of the step and the new `v`; `net_receive` runs for
//!   each event with `t` the event's time.
//! - `diffusion` runs each step after all mechanisms' `state`, with its clock; see [`Diffusion`].
//! - `current` changes the matrix only through [`StatementKind::AddRhs`] and
//!   [`StatementKind::AddDiagonal`], ions through [`StatementKind::AddIon`]. Point process currents
//!   are scaled from nA to mA/cm2 (`100 / area`) by the statements themselves.
//! - Events leave a kernel by [`StatementKind::NetSend`], [`StatementKind::NetEvent`] and [`StatementKind::NetMove`];
//!   they are queued in the order of these statements and handled after the kernel has ended. `watch` runs at the
//!   beginning of each step, after the events due until then; what it sends is an event without a NetCon.

mod diffusion;
pub mod evaluate;
mod expression;
mod print;
mod statement;
mod table;

pub use diffusion::{Diffusing, Diffusion};
pub use expression::{Array, BinaryOperator, Comparison, Expression, Input, IonField, Math, Place};
pub use statement::{Draw, Function, Generator, Local, Statement, StatementKind, WHILE_LIMIT};
pub use table::{Filled, Table, TableColumn};

use serde::{Deserialize, Serialize};

/// Handle of a [`Column`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId(pub u32);
/// Handle of a [`Global`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GlobalId(pub u32);
/// Handle of an [`Ion`] of the mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IonId(pub u32);
/// Handle of a [`Local`] of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// What kind of mechanism it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `SUFFIX`: inserted into sections, one instance a compartment; currents in mA/cm2.
    Density,
    /// `POINT_PROCESS`: placed at a point; currents in nA.
    PointProcess,
    /// `ARTIFICIAL_CELL`: no membrane, events only.
    ArtificialCell,
}

/// A compiled mechanism.
#[derive(Clone, Debug, PartialEq)]
pub struct Mechanism {
    /// The SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL name.
    pub name: String,
    /// Density or point.
    pub kind: Kind,
    /// The source file's name, without directories.
    pub source: String,
    /// SHA-256 of the source text, hexadecimal.
    pub hash: String,
    /// The TITLE, if any.
    pub title: Option<String>,
    /// Per-instance variables.
    pub columns: Vec<Column>,
    /// Values shared by all instances, never written by kernels.
    pub globals: Vec<Global>,
    /// Ions used, in order of their USEION statements.
    pub ions: Vec<Ion>,
    /// Streams of random numbers, one of each per instance.
    pub streams: Vec<Stream>,
    /// POINTERs that kernels use: columns that stand for a variable of another place. No instance may run before its
    /// pointers are set.
    pub pointers: Vec<String>,
    /// Columns that INITIAL computes others from, once and for all: nobody may set them later.
    pub settled_by: Vec<String>,
    /// What else no instance may run without and nothing gives.
    pub missing: Vec<Missing>,
    /// The arguments of NET_RECEIVE, persistent per NetCon; the first is the weight.
    pub net_arguments: Vec<String>,
    /// Tables, which follow the globals.
    pub tables: Vec<Table>,
    /// Names of the currents, where they are ELECTRODE_CURRENTs: they are injected and no currents of the membrane.
    pub electrode: Vec<String>,
    /// The states that diffuse along sections, in the order in which they are solved.
    pub diffusions: Vec<Diffusion>,
    /// The kernels.
    pub kernels: Kernels,
}

/// Something that HOC would set before a run: a Vector, the table of a FUNCTION_TABLE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What it is, to follow "cannot run without".
    pub what: String,
    /// What the user can do.
    pub help: String,
}

/// A per-instance variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// NMODL name, of an element `ca[2]`.
    pub name: String,
    /// Unit text, empty if none.
    pub unit: String,
    /// What it is.
    pub role: Role,
    /// Declared RANGE (or a STATE): the user may read, set and record it by name.
    pub range: bool,
    /// Value before INITIAL: PARAMETER's value, STATE's `name0`, or 0.
    pub default: f64,
    /// PARAMETER limits.
    pub limits: Option<(f64, f64)>,
}

/// Where a column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// PARAMETER.
    Parameter,
    /// STATE.
    State,
    /// ASSIGNED (also a PARAMETER or GLOBAL that the mechanism writes itself).
    Assigned,
}

/// A stream of random numbers; its state and what chooses it are columns, in 16-bit parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// The RANDOM variable's name, or `scop_random`.
    pub name: String,
    /// Its generator.
    pub kind: StreamKind,
}

/// A generator of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// Random123: columns `r.seq`, `r.id1`, `r.id2`, `r.id3` of stream `r`, each followed by its high part,
    /// `r.seq_high`, ... An id below 0 is not set: the simulator chooses one, a kernel takes it for 0.
    Random123,
    /// scop_random: columns `state`, `factor`, `offset`, likewise. An instance's seed is `factor * seed + offset`.
    Scop,
}

impl StreamKind {
    /// Parts of the columns' names, in order, with their defaults.
    pub fn columns(self) -> &'static [(&'static str, f64)] {
        match self {
            StreamKind::Random123 => &[
                ("seq", 0.0),
                ("seq_high", 0.0),
                ("id1", -1.0),
                ("id1_high", 0.0),
                ("id2", -1.0),
                ("id2_high", 0.0),
                ("id3", -1.0),
                ("id3_high", 0.0),
            ],
            StreamKind::Scop => &[
                ("state", 1.0),
                ("state_high", 0.0),
                ("factor", 1.0),
                ("factor_high", 0.0),
                ("offset", 0.0),
                ("offset_high", 0.0),
            ],
        }
    }
}

/// A value shared by all instances.
#[derive(Clone, Debug, PartialEq)]
pub struct Global {
    /// NMODL name.
    pub name: String,
    /// Unit text, empty if none.
    pub unit: String,
    /// Its value unless the user sets another.
    pub default: f64,
    /// PARAMETER limits.
    pub limits: Option<(f64, f64)>,
    /// It is the GLOBAL of another mechanism (EXTERNAL `name_suffix`), whose value it takes when a model is loaded.
    pub external: bool,
}

/// A USEION.
#[derive(Clone, Debug, PartialEq)]
pub struct Ion {
    /// The ion's name: `ca`.
    pub name: String,
    /// VALENCE or CHARGE, if given.
    pub valence: Option<f64>,
    /// Fields READ.
    pub read: Vec<IonField>,
    /// Fields WRITTEN.
    pub write: Vec<IonField>,
}

/// The functions of a mechanism. Those not needed are `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kernels {
    /// STATE defaults, then INITIAL.
    pub init: Option<Function>,
    /// BREAKPOINT's currents with the analytic derivative dI/dv.
    pub current: Option<Function>,
    /// The same with NEURON's difference quotient over v + 0.001 mV.
    pub current_difference: Option<Function>,
    /// One dt of the SOLVEd blocks (and of a BREAKPOINT without currents).
    pub state: Option<Function>,
    /// Volumes and coefficients of LONGITUDINAL_DIFFUSION, after every mechanism's `state`.
    pub diffusion: Option<Function>,
    /// NET_RECEIVE.
    pub net_receive: Option<Function>,
    /// INITIAL inside NET_RECEIVE, once per NetCon at initialisation.
    pub net_init: Option<Function>,
    /// The conditions of WATCH: sends the events of those that became true.
    pub watch: Option<Function>,
    /// BEFORE INITIAL: at initialisation, before any mechanism's `init`.
    pub before_initial: Option<Function>,
    /// AFTER INITIAL: at initialisation, after every `init` and `net_init`.
    pub after_initial: Option<Function>,
    /// BEFORE BREAKPOINT: each step with the clock and `v` of `current`, before any mechanism's `current`.
    pub before_breakpoint: Option<Function>,
    /// AFTER SOLVE: each step with the clock and `v` of `state`, after every mechanism's `state`.
    pub after_solve: Option<Function>,
    /// BEFORE STEP: at the end of each step and of initialisation, before values are recorded.
    pub before_step: Option<Function>,
}

impl Kernels {
    /// The kernels there are, with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Function)> {
        [
            ("init", &self.init),
            ("current", &self.current),
            ("current_difference", &self.current_difference),
            ("state", &self.state),
            ("diffusion", &self.diffusion),
            ("net_receive", &self.net_receive),
            ("net_init", &self.net_init),
            ("watch", &self.watch),
            ("before_initial", &self.before_initial),
            ("after_initial", &self.after_initial),
            ("before_breakpoint", &self.before_breakpoint),
            ("after_solve", &self.after_solve),
            ("before_step", &self.before_step),
        ]
        .into_iter()
        .filter_map(|(name, kernel)| kernel.as_ref().map(|kernel| (name, kernel)))
    }

    /// The kernels there are, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Function> {
        [
            &mut self.init,
            &mut self.current,
            &mut self.current_difference,
            &mut self.state,
            &mut self.diffusion,
            &mut self.net_receive,
            &mut self.net_init,
            &mut self.watch,
            &mut self.before_initial,
            &mut self.after_initial,
            &mut self.before_breakpoint,
            &mut self.after_solve,
            &mut self.before_step,
        ]
        .into_iter()
        .filter_map(|kernel| kernel.as_mut())
    }
}

impl Mechanism {
    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<ColumnId> {
        self.columns.iter().position(|column| column.name == name).map(|at| ColumnId(at as u32))
    }

    /// The NMODL name of a place in one of the kernels.
    pub fn place_name<'a>(&'a self, function: &'a Function, place: Place) -> &'a str {
        let name = match place {
            Place::Column(id) => self.columns.get(id.0 as usize).map(|column| &column.name),
            Place::Global(id) => self.globals.get(id.0 as usize).map(|global| &global.name),
            Place::Local(id) => function.locals.get(id.0 as usize).map(|local| &local.name),
            Place::NetArgument(id) | Place::EachArgument(id) => self.net_arguments.get(id as usize),
        };
        name.map_or("?", String::as_str)
    }

    /// The global with this name.
    pub fn global(&self, name: &str) -> Option<GlobalId> {
        self.globals.iter().position(|global| global.name == name).map(|at| GlobalId(at as u32))
    }
}
