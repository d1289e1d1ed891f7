//! Nodes to cells. Nodes with the same template and parameters share one [`Cell`].

use super::Builder;
use super::biophysics::Template;
use super::missing::Needs;
use super::populations::{Members, Node};
use super::sites;
use super::synapses;
use crate::mechanisms::Mechanisms;
use crate::model::{ArtificialCell, Detector, Global, NetworkCell, PointProcess};
use crate::problem::{Problem, list};
use cell::hoc::{Argument, Hoc, HocError, HocErrorKind};
use cell::{Catalogue, Cell, DensityInfo, PointInfo};
use codegen::ir::{Kind, Role};
use codegen::manifest::MechanismManifest;
use indexmap::IndexMap;
use sonata::config::NodesFiles;
use sonata::dynamics::{DynamicsParams, Parameter};
use sonata::nodes::{NodePopulation, read_nodes};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What decides how a node's cell is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Recipe {
    pub(super) model_type: String,
    pub(super) template: Option<String>,
    pub(super) processing: Option<String>,
    pub(super) morphology: Option<String>,
    pub(super) parameters: Option<String>,
}

/// Mechanism and parameters of an artificial cell.
type PointModel = (Arc<str>, Arc<[(String, f64)]>);

/// Density mechanisms that NEURON has, too.
const OF_NEURON: [&str; 2] = ["pas", "hh"];

/// Values of `model_type` that mean an artificial cell.
const POINT_KINDS: [&str; 2] = ["point_process", "point_neuron"];

/// Cells made so far; `None` where that failed and was told.
type Made = HashMap<Recipe, Option<Arc<Cell>>>;

impl Builder<'_> {
    /// Reads all populations and makes their cells; tells whether all populations are known, if not all cells.
    pub(super) fn nodes(&mut self) -> bool {
        let catalogue = catalogue(self.mechanisms);
        let mut hoc = Hoc::new(catalogue.clone());
        for file in self.template_files() {
            if let Err(error) = hoc.load_file(&file) {
                self.collector.push(hoc_problem(error));
            }
        }
        let mut made = Made::new();
        let mut known = true;
        for files in &self.config.networks.nodes {
            let types = files.node_types_file.as_deref();
            let read = read_nodes(&files.nodes_file, types).map_err(Problem::from);
            if let Ok([]) = read.as_deref() {
                self.collector.push(Problem::model("there is no population under /nodes").in_file(&files.nodes_file));
            }
            let read = self.collector.keep(read).unwrap_or_default();
            known &= !read.is_empty();
            for nodes in read {
                if let Ok(other) = self.populations.named(nodes.name()) {
                    let problem = Problem::model(format!("there are two node populations `{}`", nodes.name()));
                    self.collector.push(
                        problem
                            .in_file(&files.nodes_file)
                            .note(format!("the other is in {}", other.members.file.display())),
                    );
                    continue;
                }
                self.population(nodes, files, &mut hoc, &catalogue, &mut made);
            }
        }
        self.settings_of_templates(&hoc);
        known
    }

    /// Whether a template's `usetable_SUFFIX = value` is what is done anyway.
    fn agrees_on_tables(&self, name: &str, value: f64) -> bool {
        let mechanisms = &self.mechanisms.compiled;
        name.strip_prefix("usetable_").is_some_and(|suffix| {
            let tabulated = mechanisms.iter().any(|one| one.name == suffix && !one.tables.is_empty());
            value != 0.0 && self.mechanisms.tables || value == 0.0 && !tabulated
        })
    }

    /// Notes the value of a mechanism's GLOBAL; `false` if the name is none.
    fn set_global(&mut self, name: &str, value: f64) -> bool {
        let found = self.mechanisms.manifests.iter().find_map(|mechanism| {
            let variable = name.strip_suffix(mechanism.name.as_str())?.strip_suffix('_')?;
            let global = mechanism.globals.iter().any(|global| global.name == variable && !global.external);
            let kept = kept_by_instances(mechanism).any(|(name, _)| name == variable);
            (global || kept).then(|| Global {
                mechanism: mechanism.name.as_str().into(),
                variable: variable.to_owned(),
                value,
            })
        });
        let is_global = found.is_some();
        self.network.globals.extend(found);
        is_global
    }

    /// Variables of the simulation that templates set: the configuration decides on temperature and
    /// initial potential, as in BMTK; others would be lost.
    fn settings_of_templates(&mut self, hoc: &Hoc) {
        for (name, value) in hoc.settings() {
            let used = match name.as_str() {
                "celsius" => self.config.conditions.celsius,
                "v_init" => self.config.conditions.v_init,
                "dt" => Some(self.config.run.dt),
                "tstop" => Some(self.config.run.tstop),
                _ => None,
            };
            match name.as_str() {
                "t" => {}
                _ if self.agrees_on_tables(name, *value) => {}
                _ if self.set_global(name, *value) => {}
                "celsius" | "v_init" | "dt" | "tstop" if used == Some(*value) => {}
                "celsius" | "v_init" if used.is_none() => self.collector.push(
                    Problem::model(format!("a cell template sets {name} = {value}, the configuration does not"))
                        .help(format!("templates cannot set it: write it as /conditions/{name} of the configuration")),
                ),
                "celsius" | "v_init" | "dt" | "tstop" => {
                    tracing::info!("a template sets {name} = {value}; the configuration's value is used");
                }
                _ => self.collector.push(
                    Problem::model(format!(
                        "a cell template sets the global variable `{name}`, which is not supported"
                    ))
                    .help(if name.starts_with("usetable_") {
                        "tables are used for all mechanisms or, with --no-tables, for none"
                    } else {
                        "set its value in the .mod file that declares it"
                    }),
                ),
            }
        }
        for line in hoc.log().lines() {
            tracing::debug!("template: {line}");
        }
    }

    /// Files of templates in the order in which they are loaded: as named, folders by file name.
    fn template_files(&mut self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for path in &self.config.components.templates_dir {
            if path.is_file() {
                files.push(path.clone());
                continue;
            }
            match std::fs::read_dir(path) {
                Ok(entries) => {
                    let is_hoc = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "hoc");
                    let mut found: Vec<PathBuf> =
                        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_hoc).collect();
                    found.sort();
                    files.extend(found);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => self.collector.push(
                    Problem::model("the folder of cell templates does not exist")
                        .in_file(path)
                        .help("correct components.templates_dir"),
                ),
                Err(error) => self.collector.push(Problem::io("read the folder", path, &error)),
            }
        }
        files
    }

    fn population(
        &mut self,
        nodes: NodePopulation,
        files: &NodesFiles,
        hoc: &mut Hoc,
        catalogue: &Catalogue,
        made: &mut Made,
    ) {
        let name: Arc<str> = nodes.name().into();
        let mut kinds = Vec::with_capacity(nodes.len());
        let mut points: HashMap<Recipe, Option<PointModel>> = HashMap::new();
        let who = |row: usize| match nodes.attributes().type_id(row) {
            Some(id) => format!("node type {id} of {}", nodes.attributes().types().file().display()),
            None => format!("{}: /nodes/{name}: row {row}", files.nodes_file.display()),
        };
        for row in 0..nodes.len() {
            let Some(recipe) = self.collector.keep(Recipe::read(&nodes, row)) else {
                kinds.push(Node::Unmade);
                continue;
            };
            if recipe.model_type == "virtual" {
                kinds.push(Node::Virtual);
                continue;
            }
            if POINT_KINDS.contains(&recipe.model_type.as_str()) {
                let who = who(row);
                let model = points.entry(recipe.clone()).or_insert_with(|| {
                    let model = self.point_model(&recipe, &who).map_err(|problem| {
                        if problem.place.is_none() {
                            problem.at(&who)
                        } else {
                            problem.note(format!("needed by {who}"))
                        }
                    });
                    self.collector.keep(model).flatten()
                });
                let Some((mechanism, parameters)) = model.clone() else {
                    kinds.push(Node::Unmade);
                    continue;
                };
                kinds.push(Node::Artificial(self.network.artificial_cells.len() as u32));
                self.network.artificial_cells.push(ArtificialCell {
                    population: name.clone(),
                    node_id: nodes.ids()[row],
                    mechanism,
                    parameters,
                });
                continue;
            }
            if !made.contains_key(&recipe) {
                let who = who(row);
                let cell = self.make(&recipe, hoc, catalogue, &who);
                let cell = cell.map_err(|problem| {
                    if problem.place.is_none() { problem.at(&who) } else { problem.note(format!("needed by {who}")) }
                });
                let cell = self.collector.keep(cell).flatten().map(Arc::new);
                made.insert(recipe.clone(), cell);
            }
            let Some((cell, soma)) =
                made[&recipe].clone().and_then(|cell| Some((cell.clone(), sites::soma(&cell).ok()?)))
            else {
                kinds.push(Node::Unmade);
                continue;
            };
            let index = self.network.cells.len();
            kinds.push(Node::Cell(index as u32));
            // What a template placed on the cell itself: stimuli, and synapses that nothing drives.
            self.network.point_processes.extend(cell.point_processes.iter().map(|point| PointProcess {
                cell: index,
                section: point.section,
                x: point.x,
                mechanism: point.name.as_str().into(),
                parameters: point.values.iter().map(|(name, value)| (name.clone(), *value)).collect(),
            }));
            self.network.cells.push(NetworkCell {
                population: name.clone(),
                node_id: nodes.ids()[row],
                cell,
                detector: Detector { section: soma, x: 0.5, threshold: self.config.run.spike_threshold },
            });
        }
        let members = Members { file: files.nodes_file.clone(), kinds, gid_offset: self.populations.next_gid() };
        self.populations.push(nodes, members);
    }

    /// Makes the cell of a recipe; nothing when mechanisms are missing, which are told together.
    fn make(
        &mut self,
        recipe: &Recipe,
        hoc: &mut Hoc,
        catalogue: &Catalogue,
        who: &str,
    ) -> Result<Option<Cell>, Problem> {
        let template = recipe.cell_template()?;
        let made = match Template::named(template) {
            Some(template) => self.biophysical(template, recipe, catalogue, who)?,
            None => self.template_cell(recipe, hoc, catalogue, who)?,
        };
        let Some(mut cell) = made else { return Ok(None) };
        if let Some(dl) = self.config.run.dl {
            for id in cell.all() {
                cell.section_mut(id).set_nseg_from_dl(dl).map_err(|error| Problem::model(error.to_string()))?;
            }
        }
        sites::soma(&cell)?;
        Ok(Some(cell))
    }

    fn template_cell(
        &mut self,
        recipe: &Recipe,
        hoc: &mut Hoc,
        catalogue: &Catalogue,
        who: &str,
    ) -> Result<Option<Cell>, Problem> {
        let template = recipe.hoc_template()?;
        let arguments = self.arguments(recipe)?;
        match hoc.instantiate(template, &arguments) {
            Ok(cell) => Ok(Some(cell)),
            Err(error) if matches!(*error.kind, HocErrorKind::NoMechanism { .. }) => {
                self.missing_mechanisms(template, &arguments, catalogue, who);
                Ok(None)
            }
            Err(error) => Err(hoc_problem(error)),
        }
    }

    /// The ARTIFICIAL_CELL that a node is, with the parameters of its file; nothing if there is no such mechanism, which
    /// is told with all others that are missing.
    fn point_model(&mut self, recipe: &Recipe, who: &str) -> Result<Option<PointModel>, Problem> {
        let template = recipe.template.as_deref().unwrap_or_default();
        let Some(name) = template.strip_prefix("nrn:") else {
            return Err(Problem::model(format!("model_template `{template}` is not supported for a point neuron"))
                .help("name an ARTIFICIAL_CELL, such as nrn:IntFire1"));
        };
        if let Some(processing) = &recipe.processing {
            return Err(Problem::model(format!("model_processing `{processing}` is not supported for nrn: templates")));
        }
        let Some(manifest) = self.mechanisms.manifests.iter().find(|manifest| manifest.name == name) else {
            self.missing.add(name, Needs::ArtificialCell, who);
            return Ok(None);
        };
        if manifest.kind != Kind::ArtificialCell {
            return Err(Problem::model(format!("{name} is not an ARTIFICIAL_CELL, so it cannot be a cell by itself"))
                .help("give the node a cell template, and place the mechanism on it"));
        }
        let mut parameters = Vec::new();
        if let Some(file) = &recipe.parameters {
            let path = in_folder(self.config.components.point_neuron_models_dir.as_deref(), file);
            if !path.is_file() {
                return Err(Problem::model("the parameter file of a point neuron does not exist")
                    .in_file(&path)
                    .help("correct dynamics_params of the node type, or components.point_neuron_models_dir"));
            }
            parameters = synapses::parameters(manifest, &path)?;
            if name == "IntFire1" {
                // BMTK's function for this template takes seconds.
                for (_, value) in parameters.iter_mut().filter(|(name, _)| name == "tau" || name == "refrac") {
                    *value *= 1000.0;
                }
            }
        }
        Ok(Some((name.into(), parameters.into())))
    }

    /// Notes all mechanisms that a template wants to insert and that are not there.
    fn missing_mechanisms(&mut self, template: &str, arguments: &[Argument], catalogue: &Catalogue, who: &str) {
        let mut catalogue = catalogue.clone();
        let files = self.template_files();
        // Each round pretends that the one found missing before is there.
        loop {
            let mut hoc = Hoc::new(catalogue.clone());
            let loaded = files.iter().try_for_each(|file| hoc.load_file(file));
            let error = loaded.and_then(|()| hoc.instantiate(template, arguments).map(drop)).err();
            let Some(error) = error else { return };
            let HocErrorKind::NoMechanism { name, .. } = *error.kind else { return };
            let place = error.place.map_or_else(String::new, |place| format!(" ({place})"));
            self.missing.add(&name, Needs::Density, format!("template {template}{place} of {who}"));
            if catalogue.density.insert(name, DensityInfo::default()).is_some() {
                return;
            }
        }
    }

    /// What BMTK passes to a template: `params` of its parameter file, else the morphology's path,
    /// else nothing.
    fn arguments(&self, recipe: &Recipe) -> Result<Vec<Argument>, Problem> {
        let components = &self.config.components;
        if let Some(file) = &recipe.parameters {
            let path = in_folder(components.biophysical_neuron_models_dir.as_deref(), file);
            if !path.is_file() {
                return Err(Problem::model("the parameter file of a cell does not exist")
                    .in_file(&path)
                    .help("correct dynamics_params of the node type, or components.biophysical_neuron_models_dir"));
            }
            if let Some(parameters) = DynamicsParams::read(&path)?.get("params") {
                return template_arguments(parameters).ok_or_else(|| {
                    Problem::model("`params` must be a number, a text, or a list of these").in_file(&path)
                });
            }
        }
        let Some(path) = self.morphology_file(recipe) else { return Ok(Vec::new()) };
        Ok(vec![Argument::Text(path.display().to_string())])
    }
}

impl Recipe {
    fn read(nodes: &NodePopulation, row: usize) -> Result<Self, Problem> {
        let attributes = nodes.attributes();
        let optional = |name: &str| attributes.opt_text(row, name).map(|text| text.map(str::to_owned));
        Ok(Self {
            model_type: attributes.text(row, "model_type")?.to_owned(),
            template: optional("model_template")?,
            processing: optional("model_processing")?,
            morphology: optional("morphology")?,
            parameters: optional("dynamics_params")?,
        })
    }

    /// The template of a cell with a membrane.
    fn cell_template(&self) -> Result<&str, Problem> {
        const KINDS: [&str; 4] = ["biophysical", "virtual", POINT_KINDS[0], POINT_KINDS[1]];
        if !KINDS.contains(&self.model_type.as_str()) {
            let problem = Problem::model(format!("model_type `{}` is not supported", self.model_type));
            return Err(problem.help(format!("supported are: {}", list(&KINDS))));
        }
        self.template.as_deref().ok_or_else(|| {
            Problem::model("a biophysical node has no model_template").help("give one, such as hoc:NAME")
        })
    }

    /// The name of the HOC template.
    fn hoc_template(&self) -> Result<&str, Problem> {
        let template = self.cell_template()?;
        let name = template.strip_prefix("hoc:").ok_or_else(|| {
            Problem::model(format!("model_template `{template}` is not supported yet"))
                .help("supported are hoc:NAME of a HOC file, ctdb:Biophys1, and nml:FILE")
        })?;
        if let Some(processing) = &self.processing {
            return Err(Problem::model(format!("model_processing `{processing}` is not supported for hoc: templates")));
        }
        Ok(name)
    }
}

pub(super) fn in_folder(folder: Option<&Path>, file: &str) -> PathBuf {
    folder.map_or_else(|| PathBuf::from(file), |folder| folder.join(file))
}

fn template_arguments(parameters: &Parameter) -> Option<Vec<Argument>> {
    let one = |value: &serde_json::Value| match value {
        serde_json::Value::Number(number) => number.as_f64().map(Argument::Number),
        serde_json::Value::String(text) => Some(Argument::Text(text.clone())),
        _ => None,
    };
    match parameters {
        Parameter::Number(number) => Some(vec![Argument::Number(*number)]),
        Parameter::Text(text) => Some(vec![Argument::Text(text.clone())]),
        Parameter::Other(serde_json::Value::Array(values)) => values.iter().map(one).collect(),
        Parameter::Other(_) => None,
    }
}

/// What templates may know of the mechanisms.
pub(crate) fn catalogue(mechanisms: &Mechanisms) -> Catalogue {
    let mut catalogue = Catalogue::new();
    for mechanism in &mechanisms.manifests {
        let globals = mechanism.globals.iter().filter(|global| !global.external);
        let globals: IndexMap<String, f64> =
            globals.map(|global| (global.name.clone(), global.default)).chain(kept_by_instances(mechanism)).collect();
        if mechanism.kind != Kind::Density {
            let range = mechanism.columns.iter().filter(|column| column.range);
            let variables = range.map(|column| (column.name.clone(), Some(column.default))).collect();
            catalogue.point_processes.insert(mechanism.name.clone(), PointInfo { variables, globals });
            continue;
        }
        let range = mechanism.columns.iter().filter(|column| column.range);
        let info = DensityInfo {
            range: range.map(|column| (column.name.clone(), Some(column.default))).collect(),
            ions: mechanism.ions.iter().map(|ion| ion.name.clone()).collect(),
            globals,
            unasked: mechanisms.stock.contains(&mechanism.name) && !OF_NEURON.contains(&mechanism.name.as_str()),
        };
        catalogue.density.insert(mechanism.name.clone(), info);
    }
    catalogue
}

/// Parameters that are no RANGE variables, but that the mechanism assigns, so that each instance has its own.
fn kept_by_instances(mechanism: &MechanismManifest) -> impl Iterator<Item = (String, f64)> + '_ {
    let columns = mechanism.columns.iter().filter(|column| !column.range && column.role == Role::Parameter);
    columns.map(|column| (column.name.clone(), column.default))
}

fn hoc_problem(error: HocError) -> Problem {
    let mut problem = Problem::model(error.kind.to_string());
    if let Some(place) = &error.place {
        problem = problem.at(place.to_string()).note(place.marked());
    }
    for (name, place) in &error.calls {
        problem = problem.note(format!("in {name}(), called at {place}"));
    }
    problem
}
