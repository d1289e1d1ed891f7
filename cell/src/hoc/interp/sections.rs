//! Sections: the one in sight, creating, connecting, inserting, and loops over them.

use regex::Regex;

use super::{Flow, Run, Step};
use crate::{
    RangeVariable, SectionId,
    hoc::{
        Hoc, HocErrorKind,
        ast::{AssignOp, Declarator, Expr, ExprKind, Name, Path, Span, Stmt},
        error::nearest,
        value::{Array, ObjectId, Place, ScopeRef, Sec, Value, Var},
        world::ObjectKind,
    },
};

impl Hoc {
    /// The section accessed: the innermost `section { ... }`, the one named by `access`, or else the first there is.
    pub(super) fn section_in_sight(&self, span: Span) -> Run<Sec> {
        let first = || {
            let own = self.worlds.current_ref().live_sections().next();
            own.or_else(|| self.worlds.get(0)?.live_sections().next())
        };
        self.section_stack.last().copied().or_else(first).ok_or_else(|| self.fail(span, HocErrorKind::NoSection))
    }

    /// Whether a path names sections that the template being read declares.
    pub(super) fn only_declared(&self, path: &Path) -> bool {
        let name = path.parts.first().and_then(|part| part.name());
        let var = name.and_then(|name| self.var(self.scope(), name));
        matches!(var, Some(Var::Section(array)) if array.values.iter().all(Option::is_none))
    }

    /// Executes `run` with `section` accessed.
    pub(super) fn in_section<T>(&mut self, section: Sec, run: impl FnOnce(&mut Self) -> Run<T>) -> Run<T> {
        let depth = self.section_stack.len();
        self.section_stack.push(section);
        let outcome = run(self);
        self.section_stack.truncate(depth);
        outcome
    }

    pub(super) fn create(&mut self, declarator: &Declarator) -> Run<()> {
        let dims = self.sizes(declarator)?;
        let (name, span) = (&declarator.name, declarator.span);
        let scope = self.scope();
        if self.declaring {
            return self.declare(name, Var::Section(Array::filled(dims, None)), span);
        }
        let owner = match scope {
            ScopeRef::Object(object) => Some(object),
            ScopeRef::Global => None,
        };
        self.create_sections(name, dims, scope, owner, span)
    }

    /// Creates the sections of a name anew in a scope.
    pub(super) fn create_sections(
        &mut self,
        name: &Name,
        dims: Vec<usize>,
        scope: ScopeRef,
        owner: Option<ObjectId>,
        span: Span,
    ) -> Run<()> {
        match self.var(scope, name) {
            Some(Var::Section(old)) => {
                for section in old.values.clone().into_iter().flatten() {
                    if let Ok(world) = self.worlds.of_section(section) {
                        world.delete(section.id);
                    }
                }
            }
            Some(other) => {
                let kind = HocErrorKind::Redeclared { name: name.to_string(), kind: other.kind() };
                return Err(self.fail(span, kind));
            }
            None if matches!(scope, ScopeRef::Object(_)) => {
                let construct = format!("the first `create {name}` inside a procedure of a template");
                let help = "declare it with `create` at the beginning of the template".to_string();
                return Err(self.fail(span, HocErrorKind::Unsupported { construct, help }));
            }
            None => {}
        }
        let sections = self.new_sections(name, dims, owner);
        let sections = self.place_at(span, sections)?;
        self.set_var(scope, name, Var::Section(sections));
        Ok(())
    }

    /// `connect child(end), parent(x)` or `connect child(end), x`.
    pub(super) fn connect(&mut self, child: &Path, parent: &Expr, span: Span) -> Run<()> {
        let (section, end) = self.section_and_position(child)?;
        let (onto, x) = match &parent.kind {
            ExprKind::Path(path) if self.names_section(path)? => self.section_and_position(path)?,
            _ => (self.section_in_sight(span)?, self.number(parent)?),
        };
        let connected = self.connect_sections(section, end, onto, x);
        self.place_at(span, connected)
    }

    fn connect_sections(&mut self, child: Sec, end: f64, parent: Sec, x: f64) -> Step<()> {
        if child.world != parent.world {
            return Err(HocErrorKind::OtherCell { section: self.worlds.section_name(parent) });
        }
        self.worlds.of_section(parent)?;
        let world = self.worlds.of_section(child)?;
        Ok(world.cell.connect(child.id, end, parent.id, x)?)
    }

    /// `soma(0.5)`
    fn section_and_position(&mut self, path: &Path) -> Run<(Sec, f64)> {
        let section = self.section_at(path)?;
        match path.parts.last().and_then(|part| part.call.as_deref()) {
            Some([x]) => Ok((section, self.number(x)?)),
            _ => {
                let function = super::stmt::described(path);
                let (value, expected) = ("without a position".to_string(), "a section with one: soma(1)".to_string());
                Err(self.fail(path.span, HocErrorKind::Argument { function, value, expected }))
            }
        }
    }

    /// True for `soma(x)`, false for `f(x)` and anything that is a number.
    fn names_section(&mut self, path: &Path) -> Run<bool> {
        let Some(last) = path.parts.last() else { return Ok(false) };
        if !matches!(last.call.as_deref(), Some([_])) {
            return Ok(false);
        }
        if path.parts.len() == 1
            && let Some(name) = path.parts.first().and_then(|part| part.name())
        {
            let scope = match self.class() {
                Some(class) if class.external.contains(name) => ScopeRef::Global,
                _ => self.scope(),
            };
            return Ok(matches!(self.var(scope, name), Some(Var::Section(_))));
        }
        // a member: of an object's sections, or else a method
        Ok(self.section_at(path).is_ok())
    }

    // ---- mechanisms ----

    pub(super) fn insert(&mut self, name: &Name, span: Span) -> Run<()> {
        let sec = self.section_in_sight(span)?;
        let ion = name.strip_suffix("_ion").filter(|ion| self.catalogue.ions().contains(ion)).map(str::to_string);
        let ions = self.catalogue.density.get(name.as_ref()).map(|info| info.ions.clone());
        let builtin = matches!(&**name, "morphology" | "capacitance");
        if ion.is_none() && ions.is_none() && !builtin {
            return Err(self.fail(span, self.no_mechanism(name, sec)));
        }
        let section = self.worlds.section(sec);
        let done = section.map(|section| match (ion, ions) {
            (Some(ion), _) => {
                section.ion_mut(&ion);
            }
            (None, Some(ions)) => section.insert(name, &ions),
            (None, None) => {}
        });
        self.place_at(span, done)
    }

    pub(super) fn uninsert(&mut self, name: &Name, span: Span) -> Run<()> {
        let sec = self.section_in_sight(span)?;
        let ions = self.catalogue.ions().iter().any(|ion| name.strip_suffix("_ion") == Some(ion));
        if !self.catalogue.density.contains_key(name.as_ref()) && !ions {
            return Err(self.fail(span, self.no_mechanism(name, sec)));
        }
        let done = self.worlds.section(sec).map(|section| {
            section.uninsert(name);
        });
        self.place_at(span, done)
    }

    fn no_mechanism(&self, name: &str, sec: Sec) -> HocErrorKind {
        let known: Vec<String> = self.catalogue.density.keys().cloned().collect();
        let near = nearest(name, known.iter().map(String::as_str));
        HocErrorKind::NoMechanism { name: name.to_string(), section: self.worlds.section_name(sec), near, known }
    }

    /// `name(x1:x2) = y1:y2`: linear between two positions, segments outside keep their values.
    pub(super) fn ramp(&mut self, path: &Path, [x1, x2]: [f64; 2], op: AssignOp, y: [f64; 2], span: Span) -> Run<()> {
        let (sec, variable) = match self.assignable(path)? {
            Place::Range(sec, variable, None) => (sec, variable),
            _ => {
                let what = super::stmt::described(path);
                let kind = HocErrorKind::Type { what, found: "a plain variable", expected: "a range variable" };
                return Err(self.fail(path.span, kind));
            }
        };
        let done = self.ramp_segments(sec, &variable, [x1, x2], op, y);
        self.place_at(span, done)
    }

    fn ramp_segments(
        &mut self,
        sec: Sec,
        variable: &RangeVariable,
        [x1, x2]: [f64; 2],
        op: AssignOp,
        [y1, y2]: [f64; 2],
    ) -> Step<()> {
        let dx = x2 - x1;
        if dx.is_nan() || dx < 1e-10 {
            let value = format!("{x1}:{x2}");
            let expected = "a range x1:x2 with x1 below x2".to_string();
            return Err(HocErrorKind::Argument { function: "range variable".to_string(), value, expected });
        }
        let section = self.worlds.section(sec)?;
        let (from, to) = (section.segment_index(x1)?, section.segment_index(x2)?);
        let centres: Vec<f64> = (0..section.nseg()).map(|segment| section.segment_x(segment)).collect();
        let within = from.min(to)..=from.max(to);
        self.change_segments(sec, variable, op, |segment| {
            let along = (centres[segment] - x1) / dx;
            let inside = within.contains(&segment) && (-1e-9..=1.0 + 1e-9).contains(&along);
            inside.then_some(y1 * (1.0 - along) + y2 * along)
        })
    }

    // ---- loops ----

    /// All sections of the object in sight, or all there are; with a pattern those whose name it matches.
    pub(super) fn forall(&mut self, pattern: Option<&Regex>, body: &Stmt) -> Run<Flow> {
        let this = self.frame().this;
        let world = self.worlds.current_ref();
        let mut sections: Vec<Sec> = world.live_sections().collect();
        if let Some(this) = this {
            sections = match self.worlds.get(this.world) {
                Some(world) => world.live_sections().filter(|sec| world.owners[sec.id.0] == Some(this)).collect(),
                None => Vec::new(),
            };
        }
        sections.retain(|&sec| pattern.is_none_or(|pattern| pattern.is_match(&self.worlds.section_name(sec))));
        self.for_sections(sections, body)
    }

    pub(super) fn forsec(&mut self, selector: &Expr, body: &Stmt) -> Run<Flow> {
        match self.value(selector)? {
            Value::Text(text) => {
                let owner = self.frame().this.map(|this| self.worlds.object_name(Some(this))).unwrap_or_default();
                let pattern = self.pattern(&format!("{owner}.*{text}.*"), selector.span)?;
                self.forall(Some(&pattern), body)
            }
            value => {
                let sections = self.listed(value, selector)?;
                self.for_sections(sections, body)
            }
        }
    }

    pub(super) fn ifsec(&mut self, selector: &Expr, body: &Stmt) -> Run<Flow> {
        let section = self.section_in_sight(selector.span)?;
        let holds = match self.value(selector)? {
            Value::Text(text) => {
                let pattern = self.pattern(&format!(".*{text}.*"), selector.span)?;
                pattern.is_match(&self.worlds.section_name(section))
            }
            value => self.listed(value, selector)?.contains(&section),
        };
        if holds { self.exec(body) } else { Ok(Flow::Next) }
    }

    fn for_sections(&mut self, sections: Vec<Sec>, body: &Stmt) -> Run<Flow> {
        for section in sections {
            // the body may delete sections
            if self.worlds.of_section(section).is_err() {
                continue;
            }
            match self.in_section(section, |hoc| hoc.exec(body))? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    /// The sections of a SectionList.
    fn listed(&self, value: Value, selector: &Expr) -> Run<Vec<Sec>> {
        let found = value.kind();
        if let Value::Object(Some(object)) = value
            && let ObjectKind::SectionList(sections) = &self.place_at(selector.span, self.worlds.object(object))?.kind
        {
            return Ok(sections.clone());
        }
        let what = match &selector.kind {
            ExprKind::Path(path) => super::stmt::described(path),
            _ => "this".to_string(),
        };
        let kind = HocErrorKind::Type { what, found, expected: "a SectionList or a string" };
        Err(self.fail(selector.span, kind))
    }

    /// HOC's patterns: regular expressions, in which `[` and `]` are letters of a name and `<` `>` stand for a class.
    pub(super) fn pattern(&self, text: &str, span: Span) -> Run<Regex> {
        let mut escaped = String::from("^(?:");
        for c in text.chars() {
            match c {
                '<' => escaped.push('['),
                '>' => escaped.push(']'),
                '[' | ']' => escaped.extend(['\\', c]),
                c => escaped.push(c),
            }
        }
        escaped.push_str(")$");
        Regex::new(&escaped).map_err(|error| {
            let reason = error.to_string().lines().last().unwrap_or_default().to_string();
            self.fail(span, HocErrorKind::Pattern { pattern: text.to_string(), reason })
        })
    }

    /// Sections that hold an ion, or not: whether `i<ion>` and the like exist there.
    pub(super) fn has_mechanism(&mut self, sec: Sec, name: &str) -> Step<bool> {
        let section = self.worlds.section(sec)?;
        let ion = name.strip_suffix("_ion").is_some_and(|ion| section.ions().contains_key(ion));
        Ok(ion || section.mechanisms().contains_key(name) || matches!(name, "morphology" | "capacitance"))
    }

    pub(super) fn set_ion_style(&mut self, sec: Sec, name: &str, style: [u8; 5]) -> Step<()> {
        let ion = name.strip_suffix("_ion").unwrap_or(name);
        if !self.worlds.section(sec)?.ions().contains_key(ion) {
            let section = self.worlds.section_name(sec);
            let variable = "ion style".to_string();
            return Err(HocErrorKind::NotInserted { mechanism: format!("{ion}_ion"), section, variable });
        }
        self.worlds.section(sec)?.ion_mut(ion).style = Some(style);
        Ok(())
    }

    pub(super) fn sec_of(world: u32, ids: Vec<SectionId>) -> impl Iterator<Item = Sec> {
        ids.into_iter().map(move |id| Sec { world, id })
    }
}
