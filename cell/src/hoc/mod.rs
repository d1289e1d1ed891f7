//! A HOC interpreter for cell templates.
//!
//! [`Hoc`] loads `.hoc` files and makes a [`Cell`] of any template in them, as NEURON would: geometry, topology,
//! inserted mechanisms, values set, section lists. Statements of a template outside its procedures are executed once,
//! when the template is read; a new instance gets the variables so declared with everything zero or empty, its sections,
//! and then `init()` is called with the arguments. Hence `N = 3  create dend[N]` declares three dendrites while `N` reads
//! 0 in `init()`.
//!
//! The language is executed, not recognised: procedures, loops, objects and strings do what they say. What belongs to
//! running or showing a simulation (`run()`, `Graph`, point processes, ...) is refused by name when it is reached; a
//! procedure that is never called does no harm.
//!
//! Where the language is loose, NEURON's rules hold: comparisons and subscripts have a tolerance of 1e-11, `&&` and `||`
//! evaluate both sides, `%` is never negative, names of range variables win over undeclared variables.

mod ast;
mod class;
mod error;
mod format;
mod interp;
mod parse;
mod scan;
mod source;
mod value;
mod world;

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use indexmap::IndexMap;

pub use error::{HocError, HocErrorKind};
pub use source::Place;

use self::{
    ast::Name,
    class::{Procs, Template},
    interp::Frame,
    source::Source,
    value::{Scope, Sec},
    world::Worlds,
};
use crate::{Catalogue, Cell, RangeVariable};

/// An argument given to a template's `init()`.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// `$1`
    Number(f64),
    /// `$s1`
    Text(String),
}

/// How much a file may do before it is taken to have gone astray. Counted anew for every load and every instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Statements executed.
    pub statements: u64,
    /// Procedures calling each other.
    pub call_depth: usize,
    /// Array elements, sections, segments, 3-d points and letters created.
    pub elements: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { statements: 20_000_000, call_depth: 256, elements: 50_000_000 }
    }
}

/// The interpreter: what was loaded, and the variables at top level.
pub struct Hoc {
    catalogue: Catalogue,
    limits: Limits,
    range_names: HashMap<String, Arc<RangeVariable>>,
    templates: IndexMap<Name, Arc<Template>>,
    procs: Procs,
    globals: Scope,
    settings: IndexMap<String, f64>,
    loaded: HashSet<PathBuf>,
    log: String,
    worlds: Worlds,
    counters: HashMap<Name, usize>,
    frames: Vec<Frame>,
    /// Index of the frame whose names are in sight: the last one, except in the body of an iterator.
    at: usize,
    section_stack: Vec<Sec>,
    executed: u64,
    created: u64,
    /// True while the statements of a template are executed for its declarations.
    declaring: bool,
    pending: Option<interp::Returned>,
}

impl Hoc {
    /// An interpreter that knows the mechanisms of `catalogue`.
    pub fn new(catalogue: Catalogue) -> Self {
        let range_names = catalogue.range_names().into_iter().map(|(name, var)| (name, Arc::new(var))).collect();
        Self {
            catalogue,
            limits: Limits::default(),
            range_names,
            templates: IndexMap::new(),
            procs: Procs::new(),
            globals: Scope::new(),
            settings: IndexMap::new(),
            loaded: HashSet::new(),
            log: String::new(),
            worlds: Worlds::default(),
            counters: HashMap::new(),
            frames: Vec::new(),
            at: 0,
            section_stack: Vec::new(),
            executed: 0,
            created: 0,
            declaring: false,
            pending: None,
        }
    }

    /// Replaces the limits.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Loads and executes a file. Files that it loads are looked for beside it, then from the working directory.
    pub fn load_file(&mut self, path: impl AsRef<Path>) -> Result<(), HocError> {
        let path = path.as_ref().to_path_buf();
        self.loaded.insert(path.clone());
        self.run_file(&path)
    }

    /// Loads and executes a text as if it were the file `name`.
    pub fn load_text(&mut self, name: &str, text: &str) -> Result<(), HocError> {
        let source = Arc::new(Source { path: PathBuf::from(name), text: text.to_string() });
        self.run_source(source)
    }

    /// The templates loaded so far.
    pub fn template_names(&self) -> Vec<String> {
        self.templates.keys().map(|name| name.to_string()).collect()
    }

    /// Makes a new cell of the template `name`.
    pub fn instantiate(&mut self, name: &str, arguments: &[Argument]) -> Result<Cell, HocError> {
        self.build(name, arguments)
    }

    /// What the files created at top level, outside templates, as a cell.
    pub fn top_level(&self) -> Cell {
        self.top_level_cell()
    }

    /// Variables of the simulation that files assigned (`celsius`, `v_init`, `nai0_na_ion`, GLOBALs of mechanisms).
    pub fn settings(&self) -> &IndexMap<String, f64> {
        &self.settings
    }

    /// The value of a plain variable at top level.
    pub fn variable(&self, name: &str) -> Option<f64> {
        match self.globals.get(name) {
            Some(value::Var::Number(array)) => array.values.first().copied(),
            _ => None,
        }
    }

    /// What was printed so far.
    pub fn log(&self) -> &str {
        &self.log
    }

    /// Takes what was printed so far, leaving nothing.
    pub fn take_log(&mut self) -> String {
        std::mem::take(&mut self.log)
    }
}

/// Runs `run` on a new stack if little is left of the present one: how deep a file may recurse is for [`Limits`] to say,
/// not for the size of the caller's stack.
fn on_ample_stack<T>(run: impl FnOnce() -> T) -> T {
    const LEFT: usize = 256 << 10;
    const NEW: usize = 4 << 20;
    stacker::maybe_grow(LEFT, NEW, run)
}
