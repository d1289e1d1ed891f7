//! Morphologies that a template reads for itself: NEURON's `Import3d_SWC_read`, `Import3d_Neurolucida3`, `Import3d_GUI`.

use std::{path::PathBuf, sync::Arc};

use super::{Run, Step, builtins::Call, path::Subject};
use crate::{
    Cell, SectionId,
    asc::AscError,
    hoc::{
        Hoc, HocErrorKind,
        ast::{Name, Span},
        value::{Array, ObjectId, Place, ScopeRef, Sec, Value, Var},
        world::ObjectKind,
    },
    swc::SwcError,
};

/// Classes that read a file.
pub(super) const READERS: [&str; 2] = ["Import3d_SWC_read", "Import3d_Neurolucida3"];
/// What a reader offers.
pub(super) const READER_MEMBERS: [&str; 3] = ["input", "quiet", "err"];

/// Lists that get the sections of a type, by the name of their array.
const LISTS: [(&str, &str); 4] = [("soma", "somatic"), ("axon", "axonal"), ("dend", "basal"), ("apic", "apical")];

impl Hoc {
    /// `new Import3d_GUI(reader, 0)`
    pub(super) fn importer(&self, arguments: &[Value]) -> Step<ObjectKind> {
        match arguments.first() {
            Some(Value::Object(Some(reader)))
                if matches!(self.worlds.object(*reader)?.kind, ObjectKind::Reader { .. }) =>
            {
                Ok(ObjectKind::Importer(*reader))
            }
            other => Err(HocErrorKind::Type {
                what: "the first argument of Import3d_GUI".to_string(),
                found: other.map_or("nothing", Value::kind),
                expected: "an Import3d_SWC_read or Import3d_Neurolucida3",
            }),
        }
    }

    pub(super) fn reader(&mut self, object: ObjectId, name: &Name, call: &Call<'_>) -> Run<Option<Subject>> {
        match call.name {
            "quiet" | "err" => Ok(Some(Subject::Place(Place::ObjectNumber(object, name.clone())))),
            "input" => {
                let path = self.text_of(call, 0)?;
                let cell = self.morphology(object, &path, call.span)?;
                if let Ok(other) = self.worlds.object_mut(object)
                    && let ObjectKind::Reader { cell: slot, .. } = &mut other.kind
                {
                    *slot = Some(Arc::new(cell));
                }
                Ok(Some(Subject::Value(Value::Number(0.0))))
            }
            _ => Ok(None),
        }
    }

    fn morphology(&self, object: ObjectId, path: &str, span: Span) -> Run<Cell> {
        let failed = |reason: String| self.fail(span, HocErrorKind::File { path: PathBuf::from(path), reason });
        let Some(found) = self.find(path) else {
            let reason = "no such file beside the file that reads it, nor in the working directory";
            return Err(failed(reason.to_string()));
        };
        let bytes = std::fs::read(found).map_err(|error| failed(error.to_string()))?;
        let text = String::from_utf8_lossy(&bytes);
        let class = self.place_at(span, self.worlds.object(object).map(|object| object.class.clone()))?;
        match &*class {
            "Import3d_SWC_read" => {
                Cell::from_swc(&text).map_err(|SwcError { line, message }| failed(format!("line {line}: {message}")))
            }
            _ => Cell::from_asc(&text).map_err(|AscError { line, message }| failed(format!("line {line}: {message}"))),
        }
    }

    pub(super) fn importing(&mut self, reader: ObjectId, call: &Call<'_>) -> Run<Option<Subject>> {
        if call.name != "instantiate" {
            return Ok(None);
        }
        let into = match call.arguments.first() {
            Some(argument) => self.object(argument)?,
            None => None,
        };
        let cell = match self.place_at(call.span, self.worlds.object(reader).map(|object| &object.kind))? {
            ObjectKind::Reader { cell: Some(cell), .. } => cell.clone(),
            _ => {
                let kind = HocErrorKind::Misplaced("instantiate() before input(), which reads a morphology, is");
                return Err(self.fail(call.span, kind));
            }
        };
        let scope = into.map_or(ScopeRef::Global, ScopeRef::Object);
        let done = self.instantiate_morphology(&cell, scope, into, call.span)?;
        self.place_at(call.span, done)?;
        Ok(Some(Subject::Value(Value::Number(0.0))))
    }

    /// Creates the sections of a morphology in an object and appends them to its lists.
    fn instantiate_morphology(
        &mut self,
        cell: &Cell,
        scope: ScopeRef,
        owner: Option<ObjectId>,
        span: Span,
    ) -> Run<Step<()>> {
        let mut sections: Vec<Option<Sec>> = vec![None; cell.sections().len()];
        for (name, ids) in &cell.arrays {
            let name: Name = name.as_str().into();
            self.create_sections(&name, vec![ids.len()], scope, owner, span)?;
            let Some(Var::Section(Array { values, .. })) = self.var(scope, &name) else { continue };
            let created = values.clone();
            for (id, section) in ids.iter().zip(&created) {
                sections[id.0] = *section;
            }
            let list = LISTS.iter().find(|(array, _)| **array == *name).map(|(_, list)| *list);
            if let Some(list) = list {
                self.append_to(scope, list, &created);
            }
        }
        // `forall all.append` in the object: all that it has, in order of creation.
        let all: Vec<Option<Sec>> = match owner {
            Some(owner) => {
                let world = self.worlds.get(owner.world);
                let own = |sec: &Sec| world.is_some_and(|world| world.owners[sec.id.0] == Some(owner));
                world.into_iter().flat_map(|world| world.live_sections().filter(own)).map(Some).collect()
            }
            None => sections.clone(),
        };
        self.append_to(scope, "all", &all);
        Ok(self.shape_sections(cell, &sections))
    }

    fn append_to(&mut self, scope: ScopeRef, list: &str, sections: &[Option<Sec>]) {
        let Some(Var::Object(Array { values, .. })) = self.var(scope, list) else { return };
        let Some(Some(object)) = values.first().copied() else { return };
        if let Ok(object) = self.worlds.object_mut(object)
            && let ObjectKind::SectionList(list) = &mut object.kind
        {
            list.extend(sections.iter().flatten());
        }
    }

    /// Connects sections as those of a morphology are, and gives them their points.
    fn shape_sections(&mut self, cell: &Cell, sections: &[Option<Sec>]) -> Step<()> {
        let of = |id: SectionId| sections[id.0].ok_or(HocErrorKind::StaleObject);
        for id in cell.ids() {
            let parent = of(id)?;
            // Among branches from one place the one connected last comes first.
            for &child in cell.children(id).iter().rev() {
                let x = cell.connection(child).map_or(1.0, |connection| connection.x);
                let child = of(child)?;
                self.worlds.of_section(child)?.cell.connect(child.id, 0.0, parent.id, x)?;
            }
        }
        for id in cell.ids() {
            self.charge(cell.section(id).points().len() as u64)?;
            let section = self.worlds.section(of(id)?)?;
            section.take_points(cell.section(id));
        }
        Ok(())
    }
}
