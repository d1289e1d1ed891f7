//! The network as a reader would describe it: cells, point processes, NetCons, spike trains, probes.
//!
//! Nothing here is ordered for speed; [`crate::layout`] makes flat arrays from it.

mod copies;
mod driven;
pub mod membrane;

pub use driven::{Course, Played, Transfer, value};

use cell::{Cell, SectionId};
use std::sync::Arc;

/// A network ready to be laid out.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// All cells with a membrane, in SONATA order.
    pub cells: Vec<NetworkCell>,
    /// Synapses, clamps and other point processes, in order of creation.
    pub point_processes: Vec<PointProcess>,
    /// Cells without a membrane, that only send and receive events, in SONATA order.
    pub artificial_cells: Vec<ArtificialCell>,
    /// Connections, in order of creation.
    pub netcons: Vec<NetCon>,
    /// Given spike times, ms, ascending: virtual cells and stimuli.
    pub trains: Vec<Vec<f64>>,
    /// Values to be sampled after every step.
    pub probes: Vec<Probe>,
    /// GLOBALs of mechanisms that have other values than their defaults.
    pub globals: Vec<Global>,
    /// Variables of point processes that follow the potential of another place: gap junctions.
    pub transfers: Vec<Transfer>,
    /// Variables of point processes that follow given courses.
    pub played: Vec<Played>,
    /// The courses.
    pub courses: Vec<Course>,
}

/// A GLOBAL variable of a mechanism, with its value in this network.
#[derive(Clone, Debug, PartialEq)]
pub struct Global {
    /// Name of the mechanism.
    pub mechanism: Arc<str>,
    /// NMODL name of the variable.
    pub variable: String,
    /// Its value.
    pub value: f64,
}

impl Network {
    /// Gives up what is not needed any more once it is laid out and its NetCons are sorted: what cells are made of,
    /// point processes, NetCons. Names of cells and spike trains stay.
    pub fn release(&mut self) {
        (self.point_processes, self.netcons, self.probes) = Default::default();
        (self.transfers, self.played, self.courses) = Default::default();
        let none = Arc::new(Cell::new());
        self.cells.iter_mut().for_each(|cell| cell.cell = none.clone());
    }

    /// The number of an instance among all: point processes first, then artificial cells.
    pub fn number(&self, instance: Instance) -> usize {
        match instance {
            Instance::Point(point) => point,
            Instance::Artificial(cell) => self.point_processes.len() + cell,
        }
    }

    /// Count of point processes and artificial cells.
    pub fn instances(&self) -> usize {
        self.point_processes.len() + self.artificial_cells.len()
    }
}

/// A cell of the network.
#[derive(Clone, Debug)]
pub struct NetworkCell {
    /// SONATA population.
    pub population: Arc<str>,
    /// Node id in the population.
    pub node_id: u64,
    /// Morphology and biophysics; cells of one kind share it.
    pub cell: Arc<Cell>,
    /// Where spikes are detected.
    pub detector: Detector,
}

/// A spike detector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detector {
    /// The section, by order of creation in the cell (not SONATA's section id).
    pub section: SectionId,
    /// Position in the section, 0 to 1.
    pub x: f64,
    /// A spike is a crossing from at or below to above this, mV.
    pub threshold: f64,
}

/// A point process of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct PointProcess {
    /// Index of the cell.
    pub cell: usize,
    /// The section, by order of creation in the cell (not SONATA's section id).
    pub section: SectionId,
    /// Position in the section, 0 to 1.
    pub x: f64,
    /// Name of the POINT_PROCESS.
    pub mechanism: Arc<str>,
    /// Parameters that differ from the mechanism's defaults.
    pub parameters: Arc<[(String, f64)]>,
}

/// An artificial cell of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct ArtificialCell {
    /// SONATA population.
    pub population: Arc<str>,
    /// Node id in the population.
    pub node_id: u64,
    /// Name of the ARTIFICIAL_CELL.
    pub mechanism: Arc<str>,
    /// Parameters that differ from the mechanism's defaults.
    pub parameters: Arc<[(String, f64)]>,
}

/// What a NetCon can end in, and what can send events by `net_event`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instance {
    /// A point process.
    Point(usize),
    /// An artificial cell.
    Artificial(usize),
}

/// What a NetCon listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The detector of a cell.
    Cell(usize),
    /// A spike train.
    Train(usize),
    /// The `net_event`s of a point process or artificial cell.
    Instance(Instance),
}

/// A connection from a source to a point process or artificial cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetCon {
    /// Source of spikes.
    pub source: Source,
    /// What it ends in.
    pub target: Instance,
    /// Weight, in the unit of the target's first NET_RECEIVE argument.
    pub weight: f64,
    /// Delay, ms, not negative.
    pub delay: f64,
}

/// A value to be sampled.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Where it is.
    pub site: Site,
    /// At a place of a cell `v`, an ion variable such as `cai`, or `variable_mechanism` such as `m_hh`; of a point
    /// process the name of its variable.
    pub variable: Arc<str>,
}

/// Where a value is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Site {
    /// A place of a cell.
    Segment {
        /// Index of the cell.
        cell: usize,
        /// The section, by order of creation in the cell (not SONATA's section id).
        section: SectionId,
        /// Position in the section.
        x: f64,
    },
    /// A point process.
    Point(usize),
}
