//! Objects: new ones of templates and of built-in classes, and the cell that comes of one.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Frame, Run, Step, import::READERS};
use crate::{
    Cell, PointProcess, SectionId, SectionName,
    hoc::{
        Argument, Hoc, HocErrorKind,
        ast::{Name, Span},
        class::Template,
        error::{HocError, nearest},
        source::Source,
        value::{Array, ObjectId, Scope, ScopeRef, Sec, Value, Var, subscripts},
        world::{Object, ObjectKind, World},
    },
};

/// Classes that belong to running or showing a simulation.
const FOREIGN: [&str; 40] = [
    "Graph",
    "RangeVarPlot",
    "Shape",
    "PlotShape",
    "PPShape",
    "GUIMath",
    "HBox",
    "VBox",
    "Deck",
    "Glyph",
    "MenuExplore",
    "ValueFieldEditor",
    "PWManager",
    "SymChooser",
    "File",
    "FInitializeHandler",
    "Matrix",
    "Random",
    "RandomStream",
    "CVode",
    "ParallelContext",
    "BBSaveState",
    "SaveState",
    "NetCon",
    "IClamp",
    "SEClamp",
    "VClamp",
    "ExpSyn",
    "Exp2Syn",
    "AlphaSynapse",
    "NetStim",
    "IntFire1",
    "IntFire2",
    "IntFire4",
    "APCount",
    "Timer",
    "Impedance",
    "PythonObject",
    "Pointer",
    "LinearMechanism",
];

impl Hoc {
    /// Makes a cell of a template: see [`Hoc::instantiate`].
    pub(in crate::hoc) fn build(&mut self, name: &str, arguments: &[Argument]) -> Run<Cell> {
        let name: Name = name.into();
        if !self.templates.contains_key(&name) {
            let near = nearest(&name, self.templates.keys().map(|name| &**name));
            return Err(HocError::nowhere(HocErrorKind::NoTemplate { name: name.to_string(), near }));
        }
        let arguments = arguments
            .iter()
            .map(|argument| match argument {
                Argument::Number(value) => Value::Number(*value),
                Argument::Text(text) => Value::Text(text.as_str().into()),
            })
            .collect();
        (self.executed, self.created, self.at) = (0, 0, 0);
        let accessed = std::mem::take(&mut self.section_stack);
        self.worlds.begin();
        let frame = Frame {
            name: "".into(),
            this: None,
            source: Arc::new(Source { path: "".into(), text: String::new() }),
            arguments: Vec::new(),
            locals: Vec::new(),
            iterated: None,
        };
        let made = self.in_frame(frame, |hoc| hoc.new_object(&name, arguments, Span::default()));
        let names = made.as_ref().ok().map(|&main| self.nested_names(main));
        let world = self.worlds.end();
        self.frames.clear();
        self.section_stack = accessed;
        let main = made.map_err(|mut error| {
            // the call of init() itself comes from outside any text
            error.calls.retain(|(_, place)| !place.file.as_os_str().is_empty());
            if error.place.as_ref().is_some_and(|place| place.file.as_os_str().is_empty()) {
                error.place = None;
            }
            error
        })?;
        let world = world.expect("begun above");
        let vars = match world.objects.get(main.index).map(|object| &object.kind) {
            Some(ObjectKind::Instance { vars, .. }) => vars.clone(),
            _ => Scope::new(),
        };
        Ok(finish(world, &vars, names.unwrap_or_default()))
    }

    /// What top level created, as a cell.
    pub(in crate::hoc) fn top_level_cell(&self) -> Cell {
        let world = self.worlds.current_ref();
        let copy = World {
            id: world.id,
            cell: world.cell.clone(),
            owners: world.owners.clone(),
            deleted: world.deleted.clone(),
            objects: Vec::new(),
            origin: None,
        };
        let lists = section_lists(world, &self.globals);
        let names = self.owner_names(world, None);
        let mut cell = named(copy, names);
        cell.point_processes = point_processes(world);
        name_groups(&mut cell, lists, &self.globals, world.id);
        cell.retain(|id| !world.deleted[id.0]);
        cell
    }

    /// The names of the objects inside `main` that own sections.
    fn nested_names(&self, main: ObjectId) -> Vec<Option<String>> {
        self.owner_names(self.worlds.current_ref(), Some(main))
    }

    fn owner_names(&self, world: &World, main: Option<ObjectId>) -> Vec<Option<String>> {
        let name = |owner: &Option<ObjectId>| match owner {
            Some(object) if Some(*object) != main => Some(self.worlds.object_name(Some(*object))),
            _ => None,
        };
        world.owners.iter().map(name).collect()
    }

    /// `new Class(arguments)`.
    pub(super) fn new_object(&mut self, class: &Name, arguments: Vec<Value>, span: Span) -> Run<ObjectId> {
        let kind = match &**class {
            "SectionList" => ObjectKind::SectionList(Vec::new()),
            "SectionRef" => ObjectKind::SectionRef(self.section_in_sight(span)?),
            "List" => ObjectKind::List(Vec::new()),
            "Vector" => ObjectKind::Vector(self.new_vector(&arguments, span)?),
            "String" => match arguments.first() {
                Some(Value::Text(text)) => ObjectKind::Text(text.clone()),
                _ => ObjectKind::Text("".into()),
            },
            "StringFunctions" => ObjectKind::StringFunctions,
            "Import3d_GUI" => {
                let importer = self.importer(&arguments);
                self.place_at(span, importer)?
            }
            name if READERS.contains(&name) => ObjectKind::Reader { values: IndexMap::new(), cell: None },
            name if self.catalogue.point_processes.contains_key(name) => {
                return self.new_point(class, &arguments, span);
            }
            _ => match self.templates.get(class) {
                Some(template) => {
                    let template = template.clone();
                    return self.new_instance(class, &template, arguments, span);
                }
                None => return Err(self.fail(span, self.no_class(class))),
            },
        };
        self.place_at(span, self.worlds.object_limit(self.limits.elements))?;
        let number = self.number_of(class);
        Ok(self.worlds.add_object(Object { class: class.clone(), number, kind }))
    }

    fn no_class(&self, class: &str) -> HocErrorKind {
        if FOREIGN.contains(&class) || class.starts_with("Import3d") {
            let help = match () {
                () if class.starts_with("Import3d") => "SWC files and Neurolucida's text files (version 3) can be read",
                () => "it belongs to running or showing a simulation, not to the description of a cell",
            };
            return HocErrorKind::Unsupported { construct: format!("new {class}()"), help: help.to_string() };
        }
        let builtin = ["SectionList", "SectionRef", "List", "Vector", "String", "StringFunctions", "Import3d_GUI"];
        let builtin = builtin.into_iter().chain(READERS);
        let known = self.templates.keys().map(|name| &**name).chain(builtin);
        HocErrorKind::NoTemplate { name: class.to_string(), near: nearest(class, known) }
    }

    /// `new ExpSyn(0.5)` in the section accessed; without a position it is placed later, by `loc(x)`.
    fn new_point(&mut self, class: &Name, arguments: &[Value], span: Span) -> Run<ObjectId> {
        let kind = ObjectKind::Point { at: None, values: IndexMap::new() };
        let number = self.number_of(class);
        let object = self.worlds.add_object(Object { class: class.clone(), number, kind });
        if let Some(Value::Number(x)) = arguments.first() {
            let sec = self.section_in_sight(span)?;
            let placed = self.place_point(object, sec, *x);
            self.place_at(span, placed)?;
        }
        Ok(object)
    }

    fn new_vector(&mut self, arguments: &[Value], span: Span) -> Run<Vec<f64>> {
        let size = match arguments.first() {
            None => 0.0,
            Some(Value::Number(size)) if *size >= 0.0 => *size,
            Some(other) => {
                let what = "the size of a Vector".to_string();
                return Err(self.fail(span, HocErrorKind::Type { what, found: other.kind(), expected: "a number" }));
            }
        };
        let charged = self.charge(size as u64);
        self.place_at(span, charged)?;
        let fill = match arguments.get(1) {
            Some(Value::Number(value)) => *value,
            _ => 0.0,
        };
        Ok(vec![fill; size as usize])
    }

    /// Objects are numbered per class, from 0, for as long as the interpreter lives.
    fn number_of(&mut self, class: &Name) -> usize {
        let counter = self.counters.entry(class.clone()).or_default();
        std::mem::replace(counter, *counter + 1)
    }

    fn new_instance(
        &mut self,
        name: &Name,
        template: &Arc<Template>,
        arguments: Vec<Value>,
        span: Span,
    ) -> Run<ObjectId> {
        let number = self.number_of(name);
        let kind = ObjectKind::Instance { class: template.class.clone(), vars: template.prototype.clone() };
        let object = self.worlds.add_object(Object { class: name.clone(), number, kind });
        for (name, var) in &template.prototype {
            match var {
                Var::Section(array) => {
                    let sections = self.new_sections(name, array.dims.clone(), Some(object));
                    let sections = self.place_at(span, sections)?;
                    self.set_var(ScopeRef::Object(object), name, Var::Section(sections));
                }
                Var::Number(array) => {
                    let charged = self.charge(array.values.len() as u64);
                    self.place_at(span, charged)?;
                }
                Var::Object(_) if &**name == "this" => {
                    self.set_var(ScopeRef::Object(object), name, Var::Object(Array::scalar(Some(object))));
                }
                Var::Object(_) | Var::Text(_) => {}
            }
        }
        if let Some(init) = template.class.procs.get("init").cloned() {
            self.call(&init, Some(object), arguments, span)?;
        }
        Ok(object)
    }

    pub(super) fn new_sections(
        &mut self,
        name: &Name,
        dims: Vec<usize>,
        owner: Option<ObjectId>,
    ) -> Step<Array<Option<Sec>>> {
        let size = dims.iter().fold(1usize, |size, &dim| size.saturating_mul(dim));
        self.charge(size as u64)?;
        let world = self.worlds.current();
        let values = (0..size)
            .map(|flat| {
                let indices = subscripts(&dims, flat);
                let id = world.cell.add_section(SectionName { owner: None, base: name.to_string(), indices });
                world.owners.push(owner);
                world.deleted.push(false);
                Some(Sec { world: world.id, id })
            })
            .collect();
        Ok(Array { dims, values })
    }

    pub(super) fn set_var(&mut self, scope: ScopeRef, name: &Name, var: Var) {
        match scope {
            ScopeRef::Global => {
                self.globals.insert(name.clone(), var);
            }
            ScopeRef::Object(object) => {
                if let Ok(Object { kind: ObjectKind::Instance { vars, .. }, .. }) = self.worlds.object_mut(object) {
                    vars.insert(name.clone(), var);
                }
            }
        }
    }
}

/// The cell of a finished world, with the section lists and arrays that `vars` name.
fn finish(world: World, vars: &Scope, owners: Vec<Option<String>>) -> Cell {
    let lists = section_lists(&world, vars);
    let (id, deleted) = (world.id, world.deleted.clone());
    let points = point_processes(&world);
    let mut cell = named(world, owners);
    cell.point_processes = points;
    name_groups(&mut cell, lists, vars, id);
    cell.retain(|id| !deleted[id.0]);
    cell
}

fn point_processes(world: &World) -> Vec<PointProcess> {
    let placed = |object: &Object| match &object.kind {
        ObjectKind::Point { at: Some((sec, x)), values } if sec.world == world.id => {
            Some(PointProcess { name: object.class.to_string(), section: sec.id, x: *x, values: values.clone() })
        }
        _ => None,
    };
    world.objects.iter().filter_map(placed).collect()
}

fn named(world: World, owners: Vec<Option<String>>) -> Cell {
    let mut cell = world.cell;
    for (section, owner) in cell.sections.iter_mut().zip(owners) {
        section.name.owner = owner;
    }
    cell
}

fn section_lists(world: &World, vars: &Scope) -> Vec<(String, Vec<SectionId>)> {
    let list = |object: ObjectId| match world.objects.get(object.index).map(|object| &object.kind) {
        Some(ObjectKind::SectionList(list)) if object.world == world.id => Some(list),
        _ => None,
    };
    vars.iter()
        .filter_map(|(name, var)| {
            let Var::Object(Array { dims, values }) = var else { return None };
            let list = list((*values.first()?)?)?;
            let ids = list.iter().filter(|sec| sec.world == world.id).map(|sec| sec.id).collect();
            dims.is_empty().then(|| (name.to_string(), ids))
        })
        .collect()
}

fn name_groups(cell: &mut Cell, lists: Vec<(String, Vec<SectionId>)>, vars: &Scope, world: u32) {
    cell.lists = lists.into_iter().collect();
    for (name, var) in vars {
        if let Var::Section(array) = var {
            let ids = array.values.iter().flatten().filter(|sec| sec.world == world).map(|sec| sec.id).collect();
            cell.arrays.insert(name.to_string(), ids);
        }
    }
}
