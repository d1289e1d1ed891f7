//! Members of objects of the built-in classes.

use super::{Run, Step, builtins::Call, import::READER_MEMBERS, path::Subject};
use crate::hoc::{
    Hoc, HocErrorKind,
    ast::{Expr, Name, Part},
    error::nearest,
    value::{EPSILON, ObjectId, Place, Sec, Value},
    world::ObjectKind,
};

impl Hoc {
    pub(super) fn builtin_member(
        &mut self,
        object: ObjectId,
        name: &Name,
        part: &Part,
        call: Option<&[Expr]>,
    ) -> Run<Subject> {
        let span = part.span;
        let call = Call { name, arguments: call.unwrap_or_default(), span };
        let kind = self.worlds.object(object).map(|object| match &object.kind {
            ObjectKind::SectionList(_) => "SectionList",
            ObjectKind::SectionRef(_) => "SectionRef",
            ObjectKind::List(_) => "List",
            ObjectKind::Vector(_) => "Vector",
            ObjectKind::Text(_) => "String",
            ObjectKind::StringFunctions => "StringFunctions",
            ObjectKind::Point { .. } => "Point",
            ObjectKind::Reader { .. } => "Reader",
            ObjectKind::Importer(_) => "Importer",
            ObjectKind::Instance { .. } => "object",
        });
        let subject = match self.place_at(span, kind)? {
            "SectionList" => self.section_list(object, &call)?,
            "SectionRef" => self.section_ref(object, part, &call)?,
            "List" => self.list(object, &call)?,
            "Vector" => self.vector(object, part, &call)?,
            "Point" => self.point(object, name, &call)?,
            "Reader" => self.reader(object, name, &call)?,
            "Importer" => match self.place_at(span, self.worlds.object(object).map(|object| &object.kind))? {
                &ObjectKind::Importer(reader) => self.importing(reader, &call)?,
                _ => None,
            },
            "String" if &**name == "s" => Some(Subject::Place(Place::StringText(object))),
            "StringFunctions" => self.string_functions(&call)?.map(Subject::Value),
            _ => None,
        };
        match subject {
            Some(subject) => Ok(subject),
            None => {
                let class = self.place_at(span, self.worlds.object(object).map(|object| object.class.to_string()))?;
                let point = self.catalogue.point_processes.get(&class);
                let variables = point.into_iter().flat_map(|info| info.variables.keys().map(String::as_str));
                let near = nearest(name, members(&class).iter().copied().chain(variables));
                Err(self.fail(span, HocErrorKind::NoMember { class, name: name.to_string(), near }))
            }
        }
    }

    // ---- SectionList ----

    fn section_list(&mut self, object: ObjectId, call: &Call<'_>) -> Run<Option<Subject>> {
        if !members("SectionList").contains(&call.name) {
            return Ok(None);
        }
        let other = match call.arguments.first() {
            Some(argument) if call.name == "remove" => self.object(argument)?,
            _ => None,
        };
        let section = match call.name {
            "unique" | "size" | "printnames" | "allroots" => None,
            "remove" if other.is_some() => None,
            _ => Some(self.section_in_sight(call.span)?),
        };
        let done = self.section_list_step(object, call.name, section, other);
        let value = self.place_at(call.span, done)?;
        Ok(Some(Subject::Value(Value::Number(value))))
    }

    fn section_list_step(
        &mut self,
        object: ObjectId,
        method: &str,
        section: Option<Sec>,
        other: Option<ObjectId>,
    ) -> Step<f64> {
        let added: Vec<Sec> = match (method, section) {
            ("append", Some(section)) => vec![section],
            ("children", Some(section)) => {
                let ids = self.worlds.of_section(section)?.cell.children(section.id).to_vec();
                Self::sec_of(section.world, ids).collect()
            }
            ("subtree" | "wholetree", Some(section)) => {
                let cell = &self.worlds.of_section(section)?.cell;
                let from = if method == "subtree" { section.id } else { cell.root_of(section.id) };
                Self::sec_of(section.world, cell.subtree(from)).collect()
            }
            ("allroots", _) => {
                let world = self.worlds.current_ref();
                world.live_sections().filter(|sec| world.cell.connection(sec.id).is_none()).collect()
            }
            _ => Vec::new(),
        };
        let removed = match other.map(|other| self.worlds.object(other)).transpose()?.map(|other| &other.kind) {
            Some(ObjectKind::SectionList(list)) => list.clone(),
            _ => Vec::new(),
        };
        self.charge(added.len() as u64)?;
        let ObjectKind::SectionList(list) = &mut self.worlds.object_mut(object)?.kind else { return Ok(0.0) };
        let before = list.len();
        match method {
            "remove" => match section {
                Some(section) => {
                    if let Some(at) = list.iter().position(|&listed| listed == section) {
                        list.remove(at);
                    }
                }
                None => list.retain(|listed| !removed.contains(listed)),
            },
            "unique" => {
                let mut seen = Vec::new();
                list.retain(|&listed| !seen.contains(&listed) && (seen.push(listed), true).1);
            }
            "size" => return Ok(list.len() as f64),
            "contains" => return Ok(f64::from(u8::from(section.is_some_and(|section| list.contains(&section))))),
            "printnames" => {
                let names = list.clone().into_iter().map(|sec| self.worlds.section_name(sec) + "\n");
                let text: String = names.collect();
                self.charge(text.len() as u64)?;
                self.log.push_str(&text);
                return Ok(1.0);
            }
            _ => {
                list.extend(added);
                return Ok(1.0);
            }
        }
        let gone = before - list.len();
        Ok(gone as f64)
    }

    // ---- SectionRef ----

    fn section_ref(&mut self, object: ObjectId, part: &Part, call: &Call<'_>) -> Run<Option<Subject>> {
        let index = match (part.indices.first(), call.arguments.first()) {
            (Some(index), _) | (None, Some(index)) => Some((self.number(index)? + EPSILON).max(0.0) as usize),
            (None, None) => None,
        };
        let sight = self.section_stack.last().copied();
        let subject = self.section_ref_step(object, call.name, index, sight);
        self.place_at(call.span, subject)
    }

    fn section_ref_step(
        &mut self,
        object: ObjectId,
        member: &str,
        index: Option<usize>,
        sight: Option<Sec>,
    ) -> Step<Option<Subject>> {
        let ObjectKind::SectionRef(sec) = self.worlds.object(object)?.kind else { return Ok(None) };
        let truth = |holds: bool| Ok(Some(Subject::Value(Value::Number(f64::from(u8::from(holds))))));
        if member == "exists" {
            return truth(self.worlds.of_section(sec).is_ok());
        }
        let name = self.worlds.section_name(sec);
        let cell = &self.worlds.of_section(sec)?.cell;
        let parent = cell.connection(sec.id).map(|connection| connection.parent);
        let found = match member {
            "sec" => Some(sec.id),
            "parent" => parent,
            "trueparent" => cell.true_parent(sec.id),
            "root" => Some(cell.root_of(sec.id)),
            "child" => {
                let (index, children) = (index.unwrap_or(0), cell.children(sec.id));
                let size = children.len();
                match children.get(index) {
                    Some(&child) => Some(child),
                    None => {
                        let name = format!("{name} child");
                        return Err(HocErrorKind::Subscript { name, index: index as f64, size });
                    }
                }
            }
            "nchild" => return Ok(Some(Subject::Value(Value::Number(cell.children(sec.id).len() as f64)))),
            "has_parent" => return truth(parent.is_some()),
            "has_trueparent" => return truth(cell.true_parent(sec.id).is_some()),
            "is_cas" => return truth(sight == Some(sec)),
            _ => return Ok(None),
        };
        match found {
            Some(id) => Ok(Some(Subject::Section(Sec { world: sec.world, id }))),
            None => Err(HocErrorKind::NotASection { name: format!("the {member} of {name}, which has none,") }),
        }
    }

    // ---- List ----

    fn list(&mut self, object: ObjectId, call: &Call<'_>) -> Run<Option<Subject>> {
        let span = call.span;
        let mut numbers = Vec::new();
        let mut objects = Vec::new();
        for argument in call.arguments {
            match self.value(argument)? {
                Value::Number(value) => numbers.push(value),
                Value::Object(object) => objects.extend(object),
                other => {
                    let what = format!("argument of {}", call.name);
                    let kind = HocErrorKind::Type { what, found: other.kind(), expected: "an object or a number" };
                    return Err(self.fail(argument.span, kind));
                }
            }
        }
        let charged = self.charge(1);
        self.place_at(span, charged)?;
        let step = self.list_step(object, call.name, &numbers, &objects);
        Ok(self.place_at(span, step)?.map(Subject::Value))
    }

    fn list_step(
        &mut self,
        object: ObjectId,
        method: &str,
        numbers: &[f64],
        objects: &[ObjectId],
    ) -> Step<Option<Value>> {
        let ObjectKind::List(list) = &mut self.worlds.object_mut(object)?.kind else { return Ok(None) };
        let index = numbers.first().map(|&index| (index + EPSILON).trunc());
        let size = list.len();
        let within = |limit: usize| match index {
            Some(index) if index >= 0.0 && index < limit as f64 => Ok(index as usize),
            other => {
                let index = other.unwrap_or(-1.0);
                Err(HocErrorKind::Subscript { name: "the List".to_string(), index, size: limit })
            }
        };
        Ok(Some(Value::Number(match (method, objects) {
            ("append", [added]) => {
                list.push(*added);
                list.len() as f64
            }
            ("prepend", [added]) => {
                list.insert(0, *added);
                list.len() as f64
            }
            ("insrt", [added]) => {
                list.insert(within(size + 1)?, *added);
                list.len() as f64
            }
            ("remove", _) => {
                list.remove(within(size)?);
                list.len() as f64
            }
            ("remove_all", _) => {
                list.clear();
                0.0
            }
            ("count", _) => size as f64,
            ("index", [sought]) => list.iter().position(|item| item == sought).map_or(-1.0, |at| at as f64),
            ("object" | "o", _) => return Ok(Some(Value::Object(Some(list[within(size)?])))),
            _ => return Ok(None),
        })))
    }

    // ---- Vector ----

    fn vector(&mut self, object: ObjectId, part: &Part, call: &Call<'_>) -> Run<Option<Subject>> {
        let span = call.span;
        if call.name == "x" {
            let Some(index) = part.indices.first() else { return Ok(None) };
            let index = self.number(index)? + EPSILON;
            let size = match self.worlds.object(object).map(|object| &object.kind) {
                Ok(ObjectKind::Vector(values)) => values.len(),
                _ => 0,
            };
            if !(index >= 0.0 && index < size as f64) {
                let kind = HocErrorKind::Subscript { name: "the Vector".to_string(), index: index.trunc(), size };
                return Err(self.fail(span, kind));
            }
            return Ok(Some(Subject::Place(Place::VectorElement(object, index as usize))));
        }
        let mut numbers = Vec::new();
        let mut from = None;
        for argument in call.arguments {
            match self.value(argument)? {
                Value::Number(value) => numbers.push(value),
                Value::Object(Some(vector)) => from = Some(vector),
                other => {
                    let what = format!("argument of {}", call.name);
                    let kind = HocErrorKind::Type { what, found: other.kind(), expected: "a number or a Vector" };
                    return Err(self.fail(argument.span, kind));
                }
            }
        }
        let step = self.vector_step(object, call.name, &numbers, from);
        Ok(self.place_at(span, step)?.map(Subject::Value))
    }

    fn vector_step(
        &mut self,
        object: ObjectId,
        method: &str,
        numbers: &[f64],
        from: Option<ObjectId>,
    ) -> Step<Option<Value>> {
        let source = match from.map(|from| self.worlds.object(from)).transpose()?.map(|from| &from.kind) {
            Some(ObjectKind::Vector(values)) => Some(values.clone()),
            Some(_) => {
                let what = format!("argument of {method}");
                return Err(HocErrorKind::Type { what, found: "an object", expected: "a Vector" });
            }
            None => None,
        };
        self.charge(match (method, numbers) {
            ("resize", [size]) => *size as u64,
            _ => 1 + source.as_ref().map_or(0, |source| source.len() as u64) + numbers.len() as u64,
        })?;
        let ObjectKind::Vector(values) = &mut self.worlds.object_mut(object)?.kind else { return Ok(None) };
        let number = |value: f64| Ok(Some(Value::Number(value)));
        let size = values.len();
        let at = |index: f64| {
            let index = (index + EPSILON).trunc();
            if index >= 0.0 && index < size as f64 {
                Ok(index as usize)
            } else {
                Err(HocErrorKind::Subscript { name: "the Vector".to_string(), index, size })
            }
        };
        match (method, numbers) {
            ("size", _) => return number(size as f64),
            ("get", [index]) => return number(values[at(*index)?]),
            ("set", [index, value]) => values[at(*index)?] = *value,
            ("append", _) => values.extend(source.into_iter().flatten().chain(numbers.iter().copied())),
            ("resize", [size]) if *size >= 0.0 => values.resize(*size as usize, 0.0),
            ("fill", [value]) => values.fill(*value),
            ("remove", [index]) => {
                values.remove(at(*index)?);
            }
            ("sum", _) => return number(values.iter().sum()),
            ("mean", _) if size > 0 => return number(values.iter().sum::<f64>() / size as f64),
            ("min", _) if size > 0 => return number(values.iter().copied().fold(f64::INFINITY, f64::min)),
            ("max", _) if size > 0 => return number(values.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            ("add", [value]) => values.iter_mut().for_each(|x| *x += value),
            ("sub", [value]) => values.iter_mut().for_each(|x| *x -= value),
            ("mul", [value]) => values.iter_mut().for_each(|x| *x *= value),
            ("div", [value]) if *value != 0.0 => values.iter_mut().for_each(|x| *x /= value),
            ("contains", [value]) => {
                return number(f64::from(u8::from(values.iter().any(|x| (x - value).abs() <= EPSILON))));
            }
            ("indgen", []) => values.iter_mut().enumerate().for_each(|(i, x)| *x = i as f64),
            ("indgen", [step]) => values.iter_mut().enumerate().for_each(|(i, x)| *x = i as f64 * step),
            ("copy", _) if source.is_some() => *values = source.unwrap_or_default(),
            _ => return Ok(None),
        }
        Ok(Some(Value::Object(Some(object))))
    }

    // ---- point processes ----

    fn point(&mut self, object: ObjectId, name: &Name, call: &Call<'_>) -> Run<Option<Subject>> {
        let class = self.place_at(call.span, self.worlds.object(object).map(|object| object.class.clone()))?;
        let known = |info: &crate::PointInfo| info.variables.contains_key(&**name);
        if self.catalogue.point_processes.get(&*class).is_some_and(known) {
            return Ok(Some(Subject::Place(Place::ObjectNumber(object, name.clone()))));
        }
        let value = match call.name {
            "loc" => {
                let x = self.number_of_call(call, 0)?;
                let sec = self.section_in_sight(call.span)?;
                let placed = self.place_point(object, sec, x);
                self.place_at(call.span, placed)?;
                0.0
            }
            "has_loc" => {
                let object = self.place_at(call.span, self.worlds.object(object))?;
                f64::from(u8::from(matches!(object.kind, ObjectKind::Point { at: Some(_), .. })))
            }
            _ => return Ok(None),
        };
        Ok(Some(Subject::Value(Value::Number(value))))
    }

    pub(super) fn place_point(&mut self, object: ObjectId, sec: Sec, x: f64) -> Step<()> {
        self.worlds.of_section(sec)?.cell.location(sec.id, x)?;
        if let ObjectKind::Point { at, .. } = &mut self.worlds.object_mut(object)?.kind {
            *at = Some((sec, x));
        }
        Ok(())
    }

    // ---- StringFunctions ----

    fn string_functions(&mut self, call: &Call<'_>) -> Run<Option<Value>> {
        let number = |value: f64| Ok(Some(Value::Number(value)));
        match call.name {
            "len" => number(self.text_of(call, 0)?.chars().count() as f64),
            "substr" => {
                let (text, sought) = (self.text_of(call, 0)?, self.text_of(call, 1)?);
                number(text.find(&*sought).map_or(-1.0, |at| text[..at].chars().count() as f64))
            }
            "left" | "right" => {
                let (text, count) = (self.text_of(call, 0)?, self.number_of_call(call, 1)?);
                let count = count.max(0.0) as usize;
                let kept: String = match call.name {
                    "left" => text.chars().take(count).collect(),
                    _ => text.chars().skip(count).collect(),
                };
                self.set_text(call, 0, kept)?;
                number(1.0)
            }
            "head" | "tail" => {
                let (text, pattern) = (self.text_of(call, 0)?, self.text_of(call, 1)?);
                let found = regex::Regex::new(&pattern).map_err(|error| {
                    let reason = error.to_string().lines().last().unwrap_or_default().to_string();
                    self.fail(call.span, HocErrorKind::Pattern { pattern: pattern.to_string(), reason })
                })?;
                let (kept, at) = match found.find(&text) {
                    Some(found) if call.name == "head" => (&text[..found.start()], text[..found.start()].len() as f64),
                    Some(found) => (&text[found.end()..], text[..found.end()].len() as f64),
                    None => ("", -1.0),
                };
                self.set_text(call, 2, kept.to_string())?;
                number(at)
            }
            "is_name" => {
                let text = self.text_of(call, 0)?;
                let letters = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
                number(f64::from(u8::from(letters && first)))
            }
            _ => Ok(None),
        }
    }
}

/// What objects of the built-in classes offer.
fn members(class: &str) -> &'static [&'static str] {
    match class {
        "SectionList" => &[
            "append",
            "remove",
            "wholetree",
            "subtree",
            "children",
            "unique",
            "printnames",
            "contains",
            "allroots",
            "size",
        ],
        "SectionRef" => &[
            "sec",
            "parent",
            "trueparent",
            "root",
            "child",
            "nchild",
            "has_parent",
            "has_trueparent",
            "exists",
            "is_cas",
        ],
        "List" => &["append", "prepend", "insrt", "remove", "remove_all", "count", "index", "object", "o"],
        "Vector" => &[
            "x", "size", "get", "set", "append", "resize", "fill", "remove", "sum", "mean", "min", "max", "add", "sub",
            "mul", "div", "contains", "indgen", "copy",
        ],
        "String" => &["s"],
        "Import3d_SWC_read" | "Import3d_Neurolucida3" => &READER_MEMBERS,
        "Import3d_GUI" => &["instantiate"],
        "StringFunctions" => &["len", "substr", "left", "right", "head", "tail", "is_name"],
        _ => &[],
    }
}
