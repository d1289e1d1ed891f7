//! What this crate is told of mechanisms: names, RANGE variables and ions.

use std::collections::HashMap;

use indexmap::IndexMap;

/// A density mechanism as far as a cell template can see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DensityInfo {
    /// RANGE variables by their NMODL name (`gbar`), each with its default where it is known.
    pub range: IndexMap<String, Option<f64>>,
    /// Ions named in `USEION`.
    pub ions: Vec<String>,
    /// GLOBAL variables by their NMODL name, each with its default.
    pub globals: IndexMap<String, f64>,
    /// True for a mechanism that the model does not know of: where it is not inserted, its names and those of ions that
    /// only such mechanisms use are free for variables.
    pub unasked: bool,
}

/// The mechanisms that templates may insert. The caller fills it from the compiled mechanisms' manifests.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    /// Density mechanisms by SUFFIX.
    pub density: IndexMap<String, DensityInfo>,
    /// POINT_PROCESSes by name, with their RANGE variables and PARAMETERs.
    pub point_processes: IndexMap<String, PointInfo>,
}

/// A point process as far as a cell template can see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PointInfo {
    /// Variables that can be set, by name, each with its default where it is known.
    pub variables: IndexMap<String, Option<f64>>,
    /// GLOBAL variables by their NMODL name, each with its default.
    pub globals: IndexMap<String, f64>,
}

/// Which variable of an ion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IonVariable {
    /// Reversal potential `e<ion>`, mV.
    Reversal,
    /// Concentration inside `<ion>i`, mM.
    Inside,
    /// Concentration outside `<ion>o`, mM.
    Outside,
    /// Current density `i<ion>`, mA/cm2. It belongs to the simulation, not to the cell.
    Current,
}

/// A name that HOC resolves along the currently accessed section, segment by segment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RangeVariable {
    /// `diam`, um.
    Diam,
    /// `cm`, uF/cm2.
    Cm,
    /// `v`, mV.
    V,
    /// A RANGE variable of a density mechanism: `gbar_na` is `gbar` of `na`.
    Density {
        /// SUFFIX of the mechanism.
        mechanism: String,
        /// NMODL name of the variable.
        variable: String,
    },
    /// A variable of an ion: `ena`, `cai`, `cao`, `ik`.
    Ion {
        /// The ion.
        ion: String,
        /// Which of its variables.
        variable: IonVariable,
    },
}

impl Catalogue {
    /// An empty catalogue.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a density mechanism with its RANGE variables (defaults unknown) and ions.
    pub fn with_density(mut self, suffix: &str, range: &[&str], ions: &[&str]) -> Self {
        let info = DensityInfo {
            range: range.iter().map(|name| (name.to_string(), None)).collect(),
            ions: ions.iter().map(|ion| ion.to_string()).collect(),
            globals: IndexMap::new(),
            unasked: false,
        };
        self.density.insert(suffix.to_string(), info);
        self
    }

    /// Adds a point process with its variables (defaults unknown).
    pub fn with_point_process(mut self, name: &str, variables: &[&str]) -> Self {
        let variables = variables.iter().map(|name| (name.to_string(), None)).collect();
        self.point_processes.insert(name.to_string(), PointInfo { variables, ..PointInfo::default() });
        self
    }

    /// The default of a GLOBAL by its HOC name, such as `q10_kdr`; `usetable_kdr` is 1.
    pub fn global(&self, name: &str) -> Option<f64> {
        let density = self.density.iter().map(|(suffix, info)| (suffix, &info.globals));
        let points = self.point_processes.iter().map(|(suffix, info)| (suffix, &info.globals));
        density.chain(points).find_map(|(suffix, globals)| {
            let variable = name.strip_suffix(suffix.as_str())?.strip_suffix('_').filter(|name| !name.is_empty())?;
            globals.get(variable).copied().or((variable == "usetable").then_some(1.0))
        })
    }

    /// The ions that exist: `na`, `k`, `ca`, and every ion that a mechanism uses.
    pub fn ions(&self) -> Vec<&str> {
        let mut ions = vec!["na", "k", "ca"];
        for ion in self.density.values().flat_map(|info| &info.ions) {
            if !ions.contains(&ion.as_str()) {
                ions.push(ion);
            }
        }
        ions
    }

    /// Whether a range variable belongs only to mechanisms that the model does not know of.
    pub(crate) fn is_unasked(&self, variable: &RangeVariable) -> bool {
        match variable {
            RangeVariable::Density { mechanism, .. } => self.density.get(mechanism).is_some_and(|info| info.unasked),
            RangeVariable::Ion { ion, .. } => {
                let mut users = self.density.values().filter(|info| info.ions.contains(ion)).peekable();
                !["na", "k", "ca"].contains(&ion.as_str()) && users.peek().is_some() && users.all(|info| info.unasked)
            }
            RangeVariable::Diam | RangeVariable::Cm | RangeVariable::V => false,
        }
    }

    /// All HOC names that are range variables under this catalogue. Names of ions and of the cable win over a
    /// mechanism's (a RANGE `eleak` of a mechanism that uses the ion `leak` is the ion's).
    pub(crate) fn range_names(&self) -> HashMap<String, RangeVariable> {
        let mut names = HashMap::new();
        for (suffix, info) in &self.density {
            for variable in info.range.keys() {
                let value = RangeVariable::Density { mechanism: suffix.clone(), variable: variable.clone() };
                names.insert(format!("{variable}_{suffix}"), value);
            }
        }
        for ion in self.ions() {
            let of = |variable| RangeVariable::Ion { ion: ion.to_string(), variable };
            names.insert(format!("e{ion}"), of(IonVariable::Reversal));
            names.insert(format!("{ion}i"), of(IonVariable::Inside));
            names.insert(format!("{ion}o"), of(IonVariable::Outside));
            names.insert(format!("i{ion}"), of(IonVariable::Current));
        }
        names.insert("diam".to_string(), RangeVariable::Diam);
        names.insert("cm".to_string(), RangeVariable::Cm);
        names.insert("v".to_string(), RangeVariable::V);
        names
    }
}

/// The value an ion's variable has where nobody set it (NEURON 9's registry), for reading it back in a template.
pub(crate) fn ion_default(ion: &str, variable: IonVariable) -> f64 {
    use IonVariable::*;
    match (ion, variable) {
        ("na", Reversal) => 50.0,
        ("na", Inside) => 10.0,
        ("na", Outside) => 140.0,
        ("k", Reversal) => -77.0,
        ("k", Inside) => 54.4,
        ("k", Outside) => 2.5,
        ("ca", Reversal) => 12.5 * (2.0_f64 / 5e-5).ln(),
        ("ca", Inside) => 5e-5,
        ("ca", Outside) => 2.0,
        (_, Reversal | Current) => 0.0,
        (_, Inside | Outside) => 1.0,
    }
}
