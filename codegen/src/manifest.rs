//! What the simulator must know of a mechanism besides its kernels: the contract of `manifest.json`.

use crate::cost::Cost;
use crate::ir::{
    self, ColumnId, Expression, Input, IonField, Kind, Missing, Place, Role, Statement, StatementKind, Stream,
};
use crate::passes::flow;
use crate::superposition;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`crate::abi::ABI_VERSION`].
    pub abi_version: u32,
    /// Name and version of the compiler.
    pub generator: String,
    /// The mechanisms, in the order of the library's table.
    pub mechanisms: Vec<MechanismManifest>,
}

/// One mechanism.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MechanismManifest {
    /// SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL name.
    pub name: String,
    /// Density or point.
    pub kind: Kind,
    /// Source file.
    pub source: String,
    /// SHA-256 of the source.
    pub hash: String,
    /// Columns in storage order.
    pub columns: Vec<ColumnManifest>,
    /// Globals in storage order.
    pub globals: Vec<GlobalManifest>,
    /// Ions in kernel order.
    pub ions: Vec<IonManifest>,
    /// Streams of random numbers, one of each per instance.
    #[serde(default)]
    pub streams: Vec<Stream>,
    /// POINTERs that kernels use, as columns.
    #[serde(default)]
    pub pointers: Vec<String>,
    /// Columns that INITIAL computes others from, once and for all: nobody may set them later.
    #[serde(default)]
    pub settled_by: Vec<String>,
    /// What else no instance may run without and nothing gives.
    #[serde(default)]
    pub missing: Vec<Missing>,
    /// Names of NET_RECEIVE's arguments.
    pub net_arguments: Vec<String>,
    /// Reals that its tables take behind the globals.
    #[serde(default)]
    pub table_size: usize,
    /// The mechanism, to fill its tables, if it has any.
    #[serde(skip)]
    pub tabulated: Option<std::sync::Arc<ir::Mechanism>>,
    /// Its currents, if they are injected and no currents of the membrane.
    #[serde(default)]
    pub electrode: Option<ElectrodeManifest>,
    /// States that diffuse along sections, in the order in which they are solved.
    #[serde(default)]
    pub diffusions: Vec<DiffusionManifest>,
    /// Names of the kernels there are.
    pub kernels: Vec<String>,
    /// What those that run in every step cost, by name.
    #[serde(default)]
    pub costs: BTreeMap<String, Cost>,
    /// Whether kernels look at areas or diameters.
    pub geometry: bool,
    /// What its kernels do with events.
    #[serde(default)]
    pub events: EventsManifest,
    /// One instance does what several with the same parameters at one place do, if it gets all their events.
    #[serde(default)]
    pub superposes: bool,
}

/// Currents of an electrode (ELECTRODE_CURRENT).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectrodeManifest {
    /// Their names; the kernel `current` leaves them in the columns of these names.
    pub currents: Vec<String>,
    /// They change with the membrane potential within a step.
    pub conducts: bool,
}

impl ElectrodeManifest {
    fn of(mechanism: &ir::Mechanism) -> Option<Self> {
        let body = mechanism.kernels.current.as_ref().map_or(&[][..], |kernel| &kernel.body);
        let mut conducts = false;
        flow::visit_statements(body, &mut |statement| {
            conducts |= matches!(statement.kind, StatementKind::AddDiagonal(_));
        });
        (!mechanism.electrode.is_empty()).then(|| Self { currents: mechanism.electrode.clone(), conducts })
    }
}

/// A state that diffuses; see [`ir::Diffusion`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffusionManifest {
    /// Where the state lives.
    pub state: DiffusingManifest,
    /// Position of the column with the volume.
    pub volume: usize,
    /// Position of the column with the coefficient.
    pub coefficient: usize,
    /// The `diffusion` kernel must run before this one is solved.
    pub fresh: bool,
}

/// Where a diffusing state lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffusingManifest {
    /// Position of a column.
    Column(usize),
    /// A concentration: position among the mechanism's ions, and field.
    Ion(usize, IonField),
}

impl DiffusionManifest {
    fn of(diffusion: &ir::Diffusion) -> Self {
        Self {
            state: match diffusion.state {
                ir::Diffusing::Column(id) => DiffusingManifest::Column(id.0 as usize),
                ir::Diffusing::Ion(id, field) => DiffusingManifest::Ion(id.0 as usize, field),
            },
            volume: diffusion.volume.0 as usize,
            coefficient: diffusion.coefficient.0 as usize,
            fresh: diffusion.fresh,
        }
    }
}

/// What the kernels of a mechanism do with events besides receiving them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsManifest {
    /// They send events to their own instance (`net_send`, WATCH).
    pub to_itself: bool,
    /// They send events to others (`net_event`): an instance can be the source of NetCons.
    pub to_others: bool,
    /// They visit the NetCons that end in the instance (FOR_NETCONS).
    pub visits_netcons: bool,
}

impl EventsManifest {
    /// Whether they send events.
    pub fn sends(&self) -> bool {
        self.to_itself || self.to_others
    }

    fn of(mechanism: &ir::Mechanism) -> Self {
        let mut events = Self::default();
        for (_, kernel) in mechanism.kernels.iter() {
            events.look_at(&kernel.body);
        }
        events
    }

    fn look_at(&mut self, body: &[Statement]) {
        for statement in body {
            match statement.kind {
                StatementKind::NetSend { .. } | StatementKind::NetMove(_) => self.to_itself = true,
                StatementKind::NetEvent(_) => self.to_others = true,
                StatementKind::ForNetcons { .. } => self.visits_netcons = true,
                _ => {}
            }
            for block in statement.blocks() {
                self.look_at(block);
            }
        }
    }
}

/// A per-instance variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnManifest {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Parameter, state or assigned.
    pub role: Role,
    /// Whether users may set and record it.
    pub range: bool,
    /// What kernels do with it.
    pub access: ColumnAccess,
    /// Value before INITIAL.
    pub default: f64,
    /// Limits of a PARAMETER.
    pub limits: Option<(f64, f64)>,
}

/// What kernels do with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnAccess {
    /// None writes it.
    Constant,
    /// One writes what another, or itself in the next step, needs.
    Carried,
    /// Some write it, for users alone.
    Visible,
}

impl ColumnAccess {
    /// For each column of a mechanism.
    fn of(mechanism: &ir::Mechanism) -> Vec<Self> {
        let carried = flow::carried(mechanism);
        let written: Vec<_> = mechanism.kernels.iter().map(|(_, kernel)| flow::writes(&kernel.body).places).collect();
        (0..mechanism.columns.len() as u32)
            .map(|id| Place::Column(ColumnId(id)))
            .map(|column| match written.iter().any(|places| places.contains(&column)) {
                false => Self::Constant,
                true if carried.contains(&column) => Self::Carried,
                true => Self::Visible,
            })
            .collect()
    }
}

/// A shared value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlobalManifest {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Value.
    pub default: f64,
    /// It takes the value of another mechanism's GLOBAL (EXTERNAL).
    #[serde(default)]
    pub external: bool,
}

/// An ion used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IonManifest {
    /// Name.
    pub name: String,
    /// VALENCE.
    pub valence: Option<f64>,
    /// Fields read.
    pub read: Vec<IonField>,
    /// Fields written.
    pub write: Vec<IonField>,
}

fn costs(mechanism: &ir::Mechanism) -> BTreeMap<String, Cost> {
    let of_step = |name: &str| matches!(name, "current" | "current_difference" | "state");
    let kernels = mechanism.kernels.iter().filter(|(name, _)| of_step(name));
    kernels.map(|(name, kernel)| (name.to_owned(), Cost::of(mechanism, kernel))).collect()
}

fn looks_at_geometry(body: &[Statement]) -> bool {
    let mut found = false;
    flow::visit(body, &mut |e| found |= matches!(e, Expression::Input(Input::Area | Input::Diam)));
    found
}

impl MechanismManifest {
    /// The manifest of a compiled mechanism.
    pub fn of(mechanism: &ir::Mechanism) -> Self {
        Self {
            name: mechanism.name.clone(),
            kind: mechanism.kind,
            source: mechanism.source.clone(),
            hash: mechanism.hash.clone(),
            columns: mechanism
                .columns
                .iter()
                .zip(ColumnAccess::of(mechanism))
                .map(|(column, access)| ColumnManifest {
                    name: column.name.clone(),
                    unit: column.unit.clone(),
                    role: column.role,
                    range: column.range,
                    access,
                    default: column.default,
                    limits: column.limits,
                })
                .collect(),
            globals: mechanism
                .globals
                .iter()
                .map(|global| GlobalManifest {
                    name: global.name.clone(),
                    unit: global.unit.clone(),
                    default: global.default,
                    external: global.external,
                })
                .collect(),
            ions: mechanism
                .ions
                .iter()
                .map(|ion| IonManifest {
                    name: ion.name.clone(),
                    valence: ion.valence,
                    read: ion.read.clone(),
                    write: ion.write.clone(),
                })
                .collect(),
            streams: mechanism.streams.clone(),
            pointers: mechanism.pointers.clone(),
            settled_by: mechanism.settled_by.clone(),
            missing: mechanism.missing.clone(),
            net_arguments: mechanism.net_arguments.clone(),
            table_size: mechanism.globals_size() - mechanism.globals.len(),
            tabulated: (!mechanism.tables.is_empty()).then(|| std::sync::Arc::new(mechanism.clone())),
            electrode: ElectrodeManifest::of(mechanism),
            diffusions: mechanism.diffusions.iter().map(DiffusionManifest::of).collect(),
            kernels: mechanism.kernels.iter().map(|(name, _)| name.to_owned()).collect(),
            costs: costs(mechanism),
            geometry: mechanism.kernels.iter().any(|(_, kernel)| looks_at_geometry(&kernel.body)),
            events: EventsManifest::of(mechanism),
            superposes: superposition::superposes(mechanism),
        }
    }

    /// Storage position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Whether it writes a concentration of any ion.
    pub fn writes_concentration(&self) -> bool {
        self.ions.iter().any(|ion| ion.write.iter().any(|f| matches!(f, IonField::Conci | IonField::Conco)))
    }

    /// Whether the kernel exists.
    pub fn has(&self, kernel: &str) -> bool {
        self.kernels.iter().any(|name| name == kernel)
    }
}
