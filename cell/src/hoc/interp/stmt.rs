//! Statements.

use super::{Flow, Run};
use crate::hoc::{
    Hoc, HocErrorKind,
    ast::{Declarator, Expr, ExprKind, Name, Path, Root, Stmt, StmtKind},
    format::plain,
    on_ample_stack,
    value::{Array, EPSILON, Place, Property, ScopeRef, Value, Var},
};

impl Hoc {
    /// Executes statements one after another.
    pub(super) fn body(&mut self, statements: &[Stmt]) -> Run<Flow> {
        for stmt in statements {
            match self.exec(stmt)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    pub(super) fn exec(&mut self, stmt: &Stmt) -> Run<Flow> {
        on_ample_stack(|| self.exec_here(stmt))
    }

    fn exec_here(&mut self, stmt: &Stmt) -> Run<Flow> {
        self.executed += 1;
        if self.executed > self.limits.statements {
            let count = self.limits.statements;
            let kind = HocErrorKind::Limit { what: "statements", count, limit: "statements" };
            return Err(self.fail(stmt.span, kind));
        }
        match &stmt.kind {
            StmtKind::Block(body) => return self.body(body),
            // A template's call of its own procedure would act on what is no instance.
            StmtKind::Expr(expr) if self.declaring && self.calls_own(expr) => {}
            StmtKind::Expr(expr) => self.evaluate_for_effect(expr)?,
            StmtKind::If(arms, otherwise) => {
                for (condition, body) in arms {
                    if self.truth(condition)? {
                        return self.exec(body);
                    }
                }
                if let Some(body) = otherwise {
                    return self.exec(body);
                }
            }
            StmtKind::While(condition, body) => {
                while self.truth(condition)? {
                    match self.exec(body)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => break,
                        other => return Ok(other),
                    }
                }
            }
            StmtKind::For { init, condition, step, body } => {
                if let Some(init) = init {
                    self.exec(init)?;
                }
                while self.truth(condition)? {
                    match self.exec(body)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => break,
                        other => return Ok(other),
                    }
                    if let Some(step) = step {
                        self.exec(step)?;
                    }
                }
            }
            StmtKind::ForRange { variable, from, to, body } => {
                let (from, to) = (self.number(from)?, self.number(to)? + EPSILON);
                return self.count(variable, from, |value| value + 1.0, |value| value <= to, body);
            }
            StmtKind::ForSegments { variable, ends, body } => return self.for_segments(variable, ends, body),
            StmtKind::ForIterator { call, body } => return self.for_iterator(call, body, stmt.span),
            StmtKind::ForAll(body) => return self.forall(None, body),
            StmtKind::ForSec(selector, body) => return self.forsec(selector, body),
            StmtKind::IfSec(selector, body) => return self.ifsec(selector, body),
            StmtKind::Print(values) => self.print(values)?,
            StmtKind::Return(value) => {
                let value = value.as_ref().map(|value| self.value(value)).transpose()?;
                return Ok(Flow::Return(value));
            }
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
            StmtKind::Stop => return Ok(Flow::Stop),
            StmtKind::IteratorStatement => return self.iterator_statement(stmt.span),
            StmtKind::Create(names) => names.iter().try_for_each(|name| self.create(name))?,
            StmtKind::Objref(names) => names.iter().try_for_each(|name| self.declare_objects(name))?,
            StmtKind::Double(names) => names.iter().try_for_each(|name| self.declare_numbers(name))?,
            StmtKind::Strdef(names) => {
                names.iter().try_for_each(|name| self.declare(name, Var::Text("".into()), stmt.span))?;
            }
            StmtKind::Connect(child, parent) => self.connect(child, parent, stmt.span)?,
            StmtKind::Access(path) => {
                let section = self.section_at(path)?;
                self.section_stack.pop();
                self.section_stack.push(section);
            }
            StmtKind::Insert(name) => self.insert(name, stmt.span)?,
            StmtKind::Uninsert(name) => self.uninsert(name, stmt.span)?,
            StmtKind::InSection(path, body) => {
                // Values for sections that are only declared yet would be those of no instance.
                if self.declaring && self.only_declared(path) {
                    return Ok(Flow::Next);
                }
                let section = self.section_at(path)?;
                return self.in_section(section, |hoc| hoc.exec(body));
            }
            StmtKind::Ramp { target, from, to, op, first, last } => {
                let ends = [self.number(from)?, self.number(to)?];
                let values = [self.number(first)?, self.number(last)?];
                self.ramp(target, ends, *op, values, stmt.span)?;
            }
            StmtKind::SetPointer => return Err(self.unsupported(stmt, "setpointer", "")),
            StmtKind::Delete => return Err(self.unsupported(stmt, "delete of a variable", "leave it")),
        }
        Ok(Flow::Next)
    }

    /// Whether an expression is a call of a procedure of the template in which it stands.
    fn calls_own(&self, expr: &Expr) -> bool {
        let ExprKind::Path(path) = &expr.kind else { return false };
        let [part] = path.parts.as_slice() else { return false };
        part.call.is_some() && self.class().zip(part.name()).is_some_and(|(class, name)| class.procs.contains_key(name))
    }

    fn unsupported(&self, stmt: &Stmt, construct: &str, help: &str) -> crate::hoc::HocError {
        let kind = HocErrorKind::Unsupported { construct: construct.to_string(), help: help.to_string() };
        self.fail(stmt.span, kind)
    }

    /// Executes `body` with `variable` going from one value to the next. The body may change the variable.
    fn count(
        &mut self,
        variable: &Path,
        from: f64,
        next: impl Fn(f64) -> f64,
        goes_on: impl Fn(f64) -> bool,
        body: &Stmt,
    ) -> Run<Flow> {
        let place = self.assignable(variable)?;
        let mut value = from;
        loop {
            self.assign(&place, Value::Number(value), variable.span)?;
            if !goes_on(value) {
                return Ok(Flow::Next);
            }
            match self.exec(body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                other => return Ok(other),
            }
            value = match self.load_at(&place, variable.span)? {
                Value::Number(value) => next(value),
                _ => return Ok(Flow::Next),
            };
        }
    }

    /// `for (x)`: 0, the centres of the segments, 1; with a second argument of 0 the centres only.
    fn for_segments(&mut self, variable: &Path, ends: &Option<crate::hoc::ast::Expr>, body: &Stmt) -> Run<Flow> {
        let with_ends = match ends {
            Some(ends) => self.number(ends)?.abs() >= EPSILON,
            None => true,
        };
        let section = self.section_in_sight(variable.span)?;
        let nseg = match self.load_at(&Place::Property(section, Property::Nseg), variable.span)? {
            Value::Number(nseg) => nseg as usize,
            _ => 0,
        };
        let dx = 1.0 / nseg as f64;
        let place = self.assignable(variable)?;
        let mut x = if with_ends { 0.0 } else { dx / 2.0 };
        let first = usize::from(!with_ends);
        for i in first..=nseg + 1 {
            if i == nseg + 1 {
                if !with_ends {
                    break;
                }
                x = 1.0;
            }
            self.assign(&place, Value::Number(x), variable.span)?;
            match self.exec(body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                other => return Ok(other),
            }
            if let Value::Number(now) = self.load_at(&place, variable.span)? {
                x = now + if i == 0 { dx / 2.0 } else { dx };
            }
        }
        Ok(Flow::Next)
    }

    fn for_iterator(&mut self, call: &Path, body: &std::sync::Arc<Stmt>, span: crate::hoc::ast::Span) -> Run<Flow> {
        let (proc, this, arguments) = self.iterator_called(call)?;
        let iterated = Some((body.clone(), self.at));
        let value = self.call_iterated(&proc, this, arguments, iterated, span)?;
        // a `return` in the body comes back through the iterator, wrapped as its value
        drop(value);
        Ok(self.pending.take().map_or(Flow::Next, |value| Flow::Return(value.0)))
    }

    fn iterator_statement(&mut self, span: crate::hoc::ast::Span) -> Run<Flow> {
        let Some((body, home)) = self.frame().iterated.clone() else {
            return Err(self.fail(span, HocErrorKind::Misplaced("iterator_statement")));
        };
        let here = std::mem::replace(&mut self.at, home);
        let flow = self.exec(&body);
        self.at = here;
        Ok(match flow? {
            Flow::Next | Flow::Continue => Flow::Next,
            // leaves the iterator, and with it the loop
            Flow::Break => Flow::Return(None),
            Flow::Return(value) => {
                self.pending = Some(super::Returned(value));
                Flow::Return(None)
            }
            Flow::Stop => Flow::Stop,
        })
    }

    fn print(&mut self, values: &[crate::hoc::ast::Expr]) -> Run<()> {
        let mut line = String::new();
        for value in values {
            let span = value.span;
            let value = self.value(value)?;
            match value {
                Value::Number(value) => {
                    line.push_str(&plain(value));
                    line.push(' ');
                }
                Value::Text(text) => line.push_str(&text),
                Value::Object(object) => {
                    line.push_str(&self.worlds.object_name(object));
                    line.push(' ');
                }
                Value::Pointer(_) => {
                    let what = "&...".to_string();
                    let kind = HocErrorKind::Type { what, found: "a pointer", expected: "a value" };
                    return Err(self.fail(span, kind));
                }
            }
        }
        line.push('\n');
        let charged = self.charge(line.len() as u64);
        self.place_at(values.first().map(|value| value.span).unwrap_or_default(), charged)?;
        self.log.push_str(&line);
        Ok(())
    }

    // ---- declarations ----

    /// Declares `name` in the scope in sight, unless it is something else already.
    pub(super) fn declare(&mut self, name: &Name, var: Var, span: crate::hoc::ast::Span) -> Run<()> {
        let scope = self.scope();
        if let Some(old) = self.var(scope, name)
            && std::mem::discriminant(old) != std::mem::discriminant(&var)
        {
            let kind = HocErrorKind::Redeclared { name: name.to_string(), kind: old.kind() };
            return Err(self.fail(span, kind));
        }
        self.set_var(scope, name, var);
        Ok(())
    }

    /// The sizes between a declarator's brackets.
    pub(super) fn sizes(&mut self, declarator: &Declarator) -> Run<Vec<usize>> {
        let mut dims = Vec::new();
        for dim in &declarator.dims {
            let size = (self.number(dim)? + EPSILON).trunc();
            if !(1.0..=f64::from(u32::MAX)).contains(&size) {
                let function = format!("size of {}", declarator.name);
                let expected = "a whole number from 1".to_string();
                let kind = HocErrorKind::Argument { function, value: plain(size), expected };
                return Err(self.fail(dim.span, kind));
            }
            dims.push(size as usize);
        }
        let elements = dims.iter().fold(1u64, |size, &dim| size.saturating_mul(dim as u64));
        let charged = self.charge(elements);
        self.place_at(declarator.span, charged)?;
        Ok(dims)
    }

    fn declare_objects(&mut self, declarator: &Declarator) -> Run<()> {
        let dims = self.sizes(declarator)?;
        let mut array = Array::filled(dims, None);
        if &*declarator.name == "this"
            && let (ScopeRef::Object(object), false) = (self.scope(), self.declaring)
        {
            array = Array::scalar(Some(object));
        }
        self.declare(&declarator.name, Var::Object(array), declarator.span)
    }

    fn declare_numbers(&mut self, declarator: &Declarator) -> Run<()> {
        let dims = self.sizes(declarator)?;
        self.declare(&declarator.name, Var::Number(Array::filled(dims, 0.0)), declarator.span)
    }

    /// The place that a plain variable, or whatever else can be assigned to, is kept in.
    pub(super) fn assignable(&mut self, path: &Path) -> Run<Place> {
        match self.subject(path)? {
            super::path::Subject::Place(place) => Ok(place),
            super::path::Subject::Unknown(scope, name) => Ok(Place::Variable { scope, name, flat: 0 }),
            other => {
                let what = described(path);
                let kind = HocErrorKind::Type { what, found: other.kind(), expected: "a variable" };
                Err(self.fail(path.span, kind))
            }
        }
    }
}

/// A path in a reader's words: its names without subscripts.
pub(super) fn described(path: &Path) -> String {
    let names: Vec<&str> = path
        .parts
        .iter()
        .map(|part| match &part.root {
            Root::Name(name) => &**name,
            Root::Argument(..) => "the argument",
        })
        .collect();
    names.join(".")
}
