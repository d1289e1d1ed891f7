//! Sections and objects that live together.
//!
//! World 0 holds what files make at top level, for good. Each instantiation of a template gets a world of its own, whose
//! sections become the finished [`Cell`]; what the top level still knows of such a world is stale afterwards.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{
    ast::Name,
    class::Class,
    error::HocErrorKind,
    value::{ObjectId, Scope, Sec},
};
use crate::{Cell, Section, SectionId};

#[derive(Debug, Default)]
pub(crate) struct World {
    pub id: u32,
    pub cell: Cell,
    /// Per section: the object that created it.
    pub owners: Vec<Option<ObjectId>>,
    pub deleted: Vec<bool>,
    pub objects: Vec<Object>,
    /// Where `distance()` measures from.
    pub origin: Option<(Sec, f64)>,
}

#[derive(Debug)]
pub(crate) struct Object {
    /// As HOC names it: `SectionList[2]`.
    pub class: Name,
    pub number: usize,
    pub kind: ObjectKind,
}

#[derive(Debug)]
pub(crate) enum ObjectKind {
    Instance {
        class: Arc<Class>,
        vars: Scope,
    },
    SectionList(Vec<Sec>),
    SectionRef(Sec),
    List(Vec<ObjectId>),
    Vector(Vec<f64>),
    Text(Arc<str>),
    StringFunctions,
    /// What reads a morphology, with the numbers set on it, and the morphology once it has been read.
    Reader {
        values: IndexMap<String, f64>,
        cell: Option<Arc<Cell>>,
    },
    /// What makes the sections of the morphology that a reader has read.
    Importer(ObjectId),
    /// A point process; `None` until it is placed.
    Point {
        at: Option<(Sec, f64)>,
        values: IndexMap<String, f64>,
    },
}

/// The world of top level and, while a template is instantiated, the world of the new cell.
#[derive(Debug, Default)]
pub(crate) struct Worlds {
    top: World,
    cell: Option<World>,
    last_id: u32,
}

impl Worlds {
    /// Begins a new world; what is created from now on is created in it.
    pub fn begin(&mut self) {
        self.last_id += 1;
        self.cell = Some(World { id: self.last_id, ..World::default() });
    }

    /// Ends it.
    pub fn end(&mut self) -> Option<World> {
        self.cell.take()
    }

    pub fn current(&mut self) -> &mut World {
        self.cell.as_mut().unwrap_or(&mut self.top)
    }

    pub fn current_ref(&self) -> &World {
        self.cell.as_ref().unwrap_or(&self.top)
    }

    pub fn get(&self, id: u32) -> Option<&World> {
        match &self.cell {
            Some(world) if world.id == id => Some(world),
            _ => (id == 0).then_some(&self.top),
        }
    }

    pub fn get_mut(&mut self, id: u32) -> Option<&mut World> {
        match &mut self.cell {
            Some(world) if world.id == id => Some(world),
            _ => (id == 0).then_some(&mut self.top),
        }
    }

    /// The world of a section that still exists.
    pub fn of_section(&mut self, sec: Sec) -> Result<&mut World, HocErrorKind> {
        match self.get_mut(sec.world) {
            Some(world) if !world.deleted[sec.id.0] => Ok(world),
            Some(_) => Err(HocErrorKind::DeletedSection),
            None => Err(HocErrorKind::StaleObject),
        }
    }

    pub fn section(&mut self, sec: Sec) -> Result<&mut Section, HocErrorKind> {
        Ok(self.of_section(sec)?.cell.section_mut(sec.id))
    }

    pub fn object(&self, id: ObjectId) -> Result<&Object, HocErrorKind> {
        self.get(id.world).and_then(|world| world.objects.get(id.index)).ok_or(HocErrorKind::StaleObject)
    }

    pub fn object_mut(&mut self, id: ObjectId) -> Result<&mut Object, HocErrorKind> {
        self.get_mut(id.world).and_then(|world| world.objects.get_mut(id.index)).ok_or(HocErrorKind::StaleObject)
    }

    pub fn add_object(&mut self, object: Object) -> ObjectId {
        let world = self.current();
        world.objects.push(object);
        ObjectId { world: world.id, index: world.objects.len() - 1 }
    }

    /// The full name of a section, with the object that owns it: `HCOcell[0].soma[0]`.
    pub fn section_name(&self, sec: Sec) -> String {
        let Some(world) = self.get(sec.world) else { return "a section of another cell".to_string() };
        let name = world.cell.section(sec.id).name();
        match world.owners[sec.id.0] {
            Some(owner) => format!("{}.{name}", self.object_name(Some(owner))),
            None => name.to_string(),
        }
    }

    pub fn object_name(&self, id: Option<ObjectId>) -> String {
        match id.map(|id| self.object(id)) {
            None => "NULLobject".to_string(),
            Some(Ok(object)) => format!("{}[{}]", object.class, object.number),
            Some(Err(_)) => "an object of another cell".to_string(),
        }
    }
}

impl World {
    pub fn live_sections(&self) -> impl Iterator<Item = Sec> + '_ {
        self.cell.ids().filter(|id| !self.deleted[id.0]).map(|id| Sec { world: self.id, id })
    }

    pub fn delete(&mut self, id: SectionId) {
        let children = self.cell.children(id).to_vec();
        children.into_iter().for_each(|child| self.cell.disconnect(child));
        self.cell.disconnect(id);
        self.deleted[id.0] = true;
    }
}

impl Worlds {
    /// Refuses more objects than `limit`.
    pub fn object_limit(&self, limit: u64) -> Result<(), HocErrorKind> {
        let count = self.current_ref().objects.len() as u64;
        if count < limit {
            return Ok(());
        }
        Err(HocErrorKind::Limit { what: "objects", count, limit: "elements" })
    }
}
