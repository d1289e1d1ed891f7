//! Paths: what a name with subscripts, calls and members stands for.

use std::sync::Arc;

use super::Run;
use crate::RangeVariable;
use crate::hoc::{
    Hoc, HocErrorKind,
    ast::{ArgumentIndex, ArgumentKind, Name, Part, Path, ProcKind, Root, Span},
    class::Proc,
    error::nearest,
    value::{ObjectId, Place, Property, ScopeRef, Sec, Value, Var},
    world::{Object, ObjectKind},
};

/// What a path stands for.
pub(super) enum Subject {
    Value(Value),
    Place(Place),
    Section(Sec),
    /// A name that nothing has yet; assigning to it makes a variable in the scope.
    Unknown(ScopeRef, Name),
}

impl Subject {
    pub fn kind(&self) -> &'static str {
        match self {
            Subject::Value(value) => value.kind(),
            Subject::Place(_) | Subject::Unknown(..) => "a variable",
            Subject::Section(_) => "a section",
        }
    }
}

impl Hoc {
    pub(super) fn subject(&mut self, path: &Path) -> Run<Subject> {
        self.subject_of(&path.parts, false)
    }

    /// The section that a path names; the arguments of a call at its end are not looked at (`soma(0.5)`).
    pub(super) fn section_at(&mut self, path: &Path) -> Run<Sec> {
        match self.subject_of(&path.parts, true)? {
            Subject::Section(section) => Ok(section),
            Subject::Unknown(_, name) => {
                let kind = self.undefined(&name);
                Err(self.fail(path.span, kind))
            }
            _ => {
                let name = super::stmt::described(path);
                Err(self.fail(path.span, HocErrorKind::NotASection { name }))
            }
        }
    }

    /// Follows the parts of a path. With `bare_end` a call of the last part is left out.
    fn subject_of(&mut self, parts: &[Part], bare_end: bool) -> Run<Subject> {
        let bare = |i: usize| bare_end && i + 1 == parts.len();
        let mut subject = self.first(&parts[0], bare(0))?;
        for (i, part) in parts.iter().enumerate().skip(1) {
            let before = || named(&parts[i - 1]);
            let call = if bare(i) { None } else { part.call.as_deref() };
            let Root::Name(name) = &part.root else { continue };
            subject = match subject {
                Subject::Section(section) => self.section_member(section, name, part, call)?,
                Subject::Unknown(_, name) => return Err(self.fail(parts[i - 1].span, self.undefined(&name))),
                Subject::Value(value) => self.object_member(value, &before(), name, part, call)?,
                Subject::Place(place) => {
                    let value = self.load_at(&place, parts[i - 1].span)?;
                    self.object_member(value, &before(), name, part, call)?
                }
            };
        }
        Ok(subject)
    }

    fn first(&mut self, part: &Part, bare: bool) -> Run<Subject> {
        match &part.root {
            Root::Argument(kind, index) => self.argument(*kind, *index, part),
            Root::Name(name) => {
                let call = if bare { None } else { part.call.as_deref() };
                self.named(name, part, call)
            }
        }
    }

    /// A name, where nothing stands before it.
    fn named(&mut self, name: &Name, part: &Part, call: Option<&[crate::hoc::ast::Expr]>) -> Run<Subject> {
        let span = part.span;
        if let Some(slot) = self.frame().locals.iter().position(|(local, _)| local == name) {
            return Ok(Subject::Place(Place::Local { frame: self.at, slot }));
        }
        let scope = self.scope();
        let class = self.class();
        let external = class.as_ref().is_some_and(|class| class.external.contains(name));
        let home = if external { ScopeRef::Global } else { scope };
        if self.var(home, name).is_some() {
            return self.element(home, name, part);
        }
        let proc = match &class {
            Some(class) if !external => class.procs.get(name),
            _ => self.procs.get(name),
        };
        if let Some(proc) = proc.cloned() {
            let this = if external { None } else { self.frame().this };
            return self.call_part(&proc, this, part, call);
        }
        if self.templates.contains_key(name) && !part.indices.is_empty() {
            return self.numbered_object(name, part);
        }
        if let Some(property) = Property::named(name) {
            let section = self.section_in_sight(span)?;
            return Ok(Subject::Place(Place::Property(section, property)));
        }
        if self.names_range(name) {
            let section = self.section_in_sight(span)?;
            return self.range_place(section, name, part, call);
        }
        if let Some(constant) = constant(name) {
            return Ok(Subject::Value(Value::Number(constant)));
        }
        if self.is_setting(name) {
            return Ok(Subject::Place(Place::Setting(name.clone())));
        }
        if let Some(arguments) = call {
            return match self.builtin(name, arguments, span)? {
                Some(value) => Ok(Subject::Value(value)),
                None => Err(self.fail(span, self.no_function(name))),
            };
        }
        // a variable that the template assigns somewhere is there, with 0, from the beginning
        if let (Some(class), ScopeRef::Object(_)) = (&class, scope)
            && class.assigned.contains(name)
        {
            return Ok(Subject::Place(Place::Variable { scope, name: name.clone(), flat: 0 }));
        }
        Ok(Subject::Unknown(home, name.clone()))
    }

    fn argument(&mut self, kind: ArgumentKind, index: ArgumentIndex, part: &Part) -> Run<Subject> {
        let position = match index {
            ArgumentIndex::Position(position) => position,
            ArgumentIndex::VariableI => match self.frame().locals.iter().find(|(name, _)| &**name == "i") {
                Some((_, Value::Number(value))) if *value >= 0.0 => (*value + 0.5) as usize,
                _ => return Err(self.fail(part.span, HocErrorKind::Misplaced("$i without a local variable i is"))),
            },
        };
        let frame = self.frame();
        let Some(value) = position.checked_sub(1).and_then(|index| frame.arguments.get(index)) else {
            let (name, count) = (frame.name.to_string(), frame.arguments.len());
            return Err(self.fail(part.span, HocErrorKind::NoArgument { name, index: position, count }));
        };
        let place = Place::Argument { frame: self.at, index: position - 1 };
        let fits = matches!(
            (kind, value),
            (ArgumentKind::Number, Value::Number(_))
                | (ArgumentKind::Text, Value::Text(_) | Value::Pointer(_))
                | (ArgumentKind::Object, Value::Object(_) | Value::Pointer(_))
                | (ArgumentKind::Pointer, Value::Pointer(_))
        );
        if !fits {
            let what = format!("argument {position}");
            let expected = match kind {
                ArgumentKind::Number => "a number",
                ArgumentKind::Text => "a string",
                ArgumentKind::Object => "an object",
                ArgumentKind::Pointer => "a pointer",
            };
            return Err(self.fail(part.span, HocErrorKind::Type { what, found: value.kind(), expected }));
        }
        Ok(Subject::Place(match value {
            Value::Pointer(target) => (**target).clone(),
            _ => place,
        }))
    }

    /// An element of a declared variable.
    fn element(&mut self, scope: ScopeRef, name: &Name, part: &Part) -> Run<Subject> {
        let mut subscripts = Vec::with_capacity(part.indices.len());
        for index in &part.indices {
            subscripts.push(self.number(index)?);
        }
        let element = match self.var(scope, name) {
            Some(var) => var.flat(name, &subscripts).map(|flat| match var {
                Var::Section(array) => Err(array.values[flat]),
                Var::Number(_) | Var::Text(_) | Var::Object(_) => Ok(flat),
            }),
            None => Ok(Ok(0)),
        };
        match self.place_at(part.span, element)? {
            Ok(flat) => Ok(Subject::Place(Place::Variable { scope, name: name.clone(), flat })),
            Err(Some(section)) => {
                let exists = self.worlds.of_section(section).map(|_| ());
                self.place_at(part.span, exists)?;
                Ok(Subject::Section(section))
            }
            // while a template declares itself its sections are names only
            Err(None) => Err(self.fail(part.span, HocErrorKind::NoSection)),
        }
    }

    fn call_part(
        &mut self,
        proc: &Arc<Proc>,
        this: Option<ObjectId>,
        part: &Part,
        call: Option<&[crate::hoc::ast::Expr]>,
    ) -> Run<Subject> {
        let Some(arguments) = call else {
            let what = proc.definition.name.to_string();
            let kind = HocErrorKind::Type { what, found: "a procedure without arguments ()", expected: "a value" };
            return Err(self.fail(part.span, kind));
        };
        let arguments = self.arguments(arguments)?;
        self.call(proc, this, arguments, part.span).map(Subject::Value)
    }

    /// Arguments of a procedure. Variables holding strings and objects are handed over so that they can be assigned.
    fn arguments(&mut self, exprs: &[crate::hoc::ast::Expr]) -> Run<Vec<Value>> {
        let mut values = Vec::with_capacity(exprs.len());
        for expr in exprs {
            let crate::hoc::ast::ExprKind::Path(path) = &expr.kind else {
                values.push(self.value(expr)?);
                continue;
            };
            values.push(match self.subject(path)? {
                Subject::Value(value) => value,
                Subject::Place(place) => match self.load_at(&place, path.span)? {
                    Value::Text(_) | Value::Object(_) => Value::Pointer(Box::new(place)),
                    other => other,
                },
                Subject::Section(_) => {
                    let what = super::stmt::described(path);
                    let kind = HocErrorKind::Type { what, found: "a section", expected: "a value" };
                    return Err(self.fail(path.span, kind));
                }
                Subject::Unknown(_, name) => return Err(self.fail(path.span, self.undefined(&name))),
            });
        }
        Ok(values)
    }

    pub(super) fn iterator_called(&mut self, path: &Path) -> Run<(Arc<Proc>, Option<ObjectId>, Vec<Value>)> {
        let not_iterator = |hoc: &Self| {
            let what = super::stmt::described(path);
            let kind = HocErrorKind::Type { what, found: "something else", expected: "an iterator and its arguments" };
            hoc.fail(path.span, kind)
        };
        let Some((last, before)) = path.parts.split_last() else { return Err(not_iterator(self)) };
        let (Root::Name(name), Some(arguments)) = (&last.root, &last.call) else { return Err(not_iterator(self)) };
        let (class, this) = if before.is_empty() {
            (self.class(), self.frame().this)
        } else {
            let subject = self.subject_of(before, false)?;
            let value = match subject {
                Subject::Value(value) => value,
                Subject::Place(place) => self.load_at(&place, path.span)?,
                _ => return Err(not_iterator(self)),
            };
            match value {
                Value::Object(Some(object)) => match self.worlds.object(object) {
                    Ok(Object { kind: ObjectKind::Instance { class, .. }, .. }) => (Some(class.clone()), Some(object)),
                    _ => return Err(not_iterator(self)),
                },
                _ => return Err(not_iterator(self)),
            }
        };
        let proc = match &class {
            Some(class) if !class.external.contains(name) => class.procs.get(name),
            _ => self.procs.get(name),
        };
        let Some(proc) = proc.filter(|proc| proc.definition.kind == ProcKind::Iterator).cloned() else {
            return Err(not_iterator(self));
        };
        let arguments = self.arguments(arguments)?;
        Ok((proc, this, arguments))
    }

    /// `HCOcell[3]`: an object by its number.
    fn numbered_object(&mut self, name: &Name, part: &Part) -> Run<Subject> {
        let number = self.number(&part.indices[0])?;
        let is_it = |object: &Object| object.class == *name && object.number as f64 == number.trunc();
        let found = [self.worlds.current_ref().id, 0].into_iter().find_map(|world| {
            let objects = &self.worlds.get(world)?.objects;
            objects.iter().position(is_it).map(|index| ObjectId { world, index })
        });
        match found {
            Some(object) => Ok(Subject::Value(Value::Object(Some(object)))),
            None => {
                let size = self.counters.get(name).copied().unwrap_or_default();
                Err(self.fail(part.span, HocErrorKind::Subscript { name: name.to_string(), index: number, size }))
            }
        }
    }

    // ---- members ----

    fn section_member(
        &mut self,
        section: Sec,
        name: &Name,
        part: &Part,
        call: Option<&[crate::hoc::ast::Expr]>,
    ) -> Run<Subject> {
        if let Some(property) = Property::named(name) {
            return Ok(Subject::Place(Place::Property(section, property)));
        }
        if self.range_names.contains_key(name.as_ref()) {
            return self.range_place(section, name, part, call);
        }
        let near = nearest(name, self.range_names.keys().map(|name| name.as_str()).chain(["L", "nseg", "Ra"]));
        let class = format!("section {}", self.worlds.section_name(section));
        Err(self.fail(part.span, HocErrorKind::NoMember { class, name: name.to_string(), near }))
    }

    /// Whether a name is a range variable. One that only mechanisms have which the model does not know of is one where such
    /// a mechanism is inserted.
    fn names_range(&mut self, name: &Name) -> bool {
        let Some(variable) = self.range_names.get(name.as_ref()).cloned() else { return false };
        if !self.catalogue.is_unasked(&variable) {
            return true;
        }
        let Ok(section) = self.section_in_sight(Span::default()) else { return false };
        let mechanism = match &*variable {
            RangeVariable::Density { mechanism, .. } => mechanism.clone(),
            RangeVariable::Ion { ion, .. } => format!("{ion}_ion"),
            _ => return true,
        };
        self.has_mechanism(section, &mechanism).unwrap_or(false)
    }

    /// A range variable, with its position where one is given.
    fn range_place(
        &mut self,
        section: Sec,
        name: &Name,
        part: &Part,
        call: Option<&[crate::hoc::ast::Expr]>,
    ) -> Run<Subject> {
        if !part.indices.is_empty() {
            let construct = format!("the array range variable {name}");
            let kind = HocErrorKind::Unsupported { construct, help: String::new() };
            return Err(self.fail(part.span, kind));
        }
        let x = match call {
            None => None,
            Some([x]) => Some(self.number(x)?),
            Some(_) => {
                let function = name.to_string();
                let kind = HocErrorKind::Argument {
                    function,
                    value: "a list".to_string(),
                    expected: "one position from 0 to 1".to_string(),
                };
                return Err(self.fail(part.span, kind));
            }
        };
        let variable = self.range_names[name.as_ref()].clone();
        Ok(Subject::Place(Place::Range(section, variable, x)))
    }

    fn object_member(
        &mut self,
        value: Value,
        of: &str,
        name: &Name,
        part: &Part,
        call: Option<&[crate::hoc::ast::Expr]>,
    ) -> Run<Subject> {
        let span = part.span;
        let object = match value {
            Value::Object(Some(object)) => object,
            Value::Object(None) => {
                return Err(self.fail(span, HocErrorKind::NullObject { name: of.to_string() }));
            }
            other => {
                let kind = HocErrorKind::Type { what: of.to_string(), found: other.kind(), expected: "an object" };
                return Err(self.fail(span, kind));
            }
        };
        let kind = self.worlds.object(object).map(|object| match &object.kind {
            ObjectKind::Instance { class, .. } => Some(class.clone()),
            _ => None,
        });
        let Some(class) = self.place_at(span, kind)? else {
            return self.builtin_member(object, name, part, call);
        };
        if !class.public.contains(name) {
            let near = nearest(name, class.public.iter().map(|name| &**name));
            let kind = HocErrorKind::NoMember { class: class.name.clone(), name: name.to_string(), near };
            return Err(self.fail(span, kind));
        }
        if let Some(proc) = class.procs.get(name) {
            // a procedure of an object is called with or without parentheses
            return self.call_part(&proc.clone(), Some(object), part, Some(call.unwrap_or_default()));
        }
        let scope = ScopeRef::Object(object);
        if self.var(scope, name).is_some() || !class.assigned.contains(name) {
            if self.var(scope, name).is_none() {
                return Err(self.fail(span, self.undefined(name)));
            }
            return self.element(scope, name, part);
        }
        Ok(Subject::Place(Place::Variable { scope, name: name.clone(), flat: 0 }))
    }

    // ---- names ----

    pub(super) fn var(&self, scope: ScopeRef, name: &str) -> Option<&Var> {
        match scope {
            ScopeRef::Global => self.globals.get(name),
            ScopeRef::Object(object) => match &self.worlds.object(object).ok()?.kind {
                ObjectKind::Instance { vars, .. } => vars.get(name),
                _ => None,
            },
        }
    }

    pub(super) fn undefined(&self, name: &str) -> HocErrorKind {
        let class = self.class();
        let mut names: Vec<&str> = self.frame().locals.iter().map(|(name, _)| &**name).collect();
        match &class {
            Some(class) => {
                names.extend(class.assigned.iter().chain(&class.external).map(|name| &**name));
                names.extend(class.procs.keys().map(|name| &**name));
            }
            None => {
                names.extend(self.globals.keys().map(|name| &**name));
                names.extend(self.procs.keys().map(|name| &**name));
            }
        }
        names.extend(self.range_names.keys().map(|name| name.as_str()));
        names.extend(["L", "nseg", "Ra", "diam", "cm"]);
        HocErrorKind::Undefined { name: name.to_string(), near: nearest(name, names) }
    }
}

fn named(part: &Part) -> String {
    match &part.root {
        Root::Name(name) => name.to_string(),
        Root::Argument(..) => "the argument".to_string(),
    }
}

/// HOC's constants.
fn constant(name: &str) -> Option<f64> {
    Some(match name {
        "PI" => std::f64::consts::PI,
        "E" => std::f64::consts::E,
        "GAMMA" => 0.577_215_664_901_532_9,
        "DEG" => 57.295_779_513_082_32,
        "PHI" => 1.618_033_988_749_895,
        "FARADAY" => 96_485.332_123_310_01,
        "R" => 8.314_462_618_153_24,
        "Avogadro_constant" => 6.022_140_76e23,
        "float_epsilon" => crate::hoc::value::EPSILON,
        _ => return None,
    })
}
