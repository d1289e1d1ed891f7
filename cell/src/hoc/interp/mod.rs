//! Execution. One subject a file: files and templates (here), statements, expressions, paths (names, subscripts, calls
//! and members), places (reading and assigning), sections, built-in functions, built-in classes.

mod builtins;
mod expr;
mod files;
mod import;
mod instance;
mod methods;
mod path;
mod place;
mod sections;
mod stmt;
mod strings;

use std::sync::Arc;

use super::{
    Hoc,
    ast::{Name, Span, Stmt},
    class::{Class, Proc},
    error::{HocError, HocErrorKind},
    source::Source,
    value::{ObjectId, ScopeRef, Value},
};

/// Outcome of executing something.
type Run<T> = Result<T, HocError>;
/// Outcome of something that has no place in a text of its own.
type Step<T> = Result<T, HocErrorKind>;

/// What is in sight while a procedure (or a file) is executed.
pub(crate) struct Frame {
    name: Name,
    /// The object whose procedure it is.
    this: Option<ObjectId>,
    source: Arc<Source>,
    arguments: Vec<Value>,
    locals: Vec<(Name, Value)>,
    /// In an iterator: the statement it iterates over, and the frame that statement belongs to.
    iterated: Option<(Arc<Stmt>, usize)>,
}

/// What a `return` inside the body of an iterator handed over, on its way through the iterator.
pub(super) struct Returned(Option<Value>);

/// How a statement ended.
enum Flow {
    Next,
    Break,
    Continue,
    Return(Option<Value>),
    Stop,
}

impl Hoc {
    fn frame(&self) -> &Frame {
        &self.frames[self.at]
    }

    /// The scope that undeclared names belong to.
    fn scope(&self) -> ScopeRef {
        self.frame().this.map_or(ScopeRef::Global, ScopeRef::Object)
    }

    /// The template of the object whose procedure is executed.
    fn class(&self) -> Option<Arc<Class>> {
        let object = self.worlds.object(self.frame().this?).ok()?;
        match &object.kind {
            super::world::ObjectKind::Instance { class, .. } => Some(class.clone()),
            _ => None,
        }
    }

    fn fail(&self, span: Span, kind: HocErrorKind) -> HocError {
        let place = self.frames.get(self.at).map(|frame| frame.source.place(span));
        HocError::new(kind, place)
    }

    /// Gives an outcome its place.
    fn place_at<T>(&self, span: Span, step: Step<T>) -> Run<T> {
        step.map_err(|kind| self.fail(span, kind))
    }

    /// Counts what is created, against [`super::Limits::elements`].
    fn charge(&mut self, elements: u64) -> Step<()> {
        self.created = self.created.saturating_add(elements);
        if self.created > self.limits.elements {
            return Err(HocErrorKind::Limit { what: "elements created", count: self.created, limit: "elements" });
        }
        Ok(())
    }

    /// Executes `run` in a new frame.
    fn in_frame<T>(&mut self, frame: Frame, run: impl FnOnce(&mut Self) -> Run<T>) -> Run<T> {
        let (at, sections) = (self.at, self.section_stack.len());
        self.frames.push(frame);
        self.at = self.frames.len() - 1;
        let outcome = run(self);
        self.frames.pop();
        self.at = at;
        // `access` may have put a first section on an empty stack: that one stays
        self.section_stack.truncate(sections.max(1));
        outcome
    }

    fn call(&mut self, proc: &Arc<Proc>, this: Option<ObjectId>, arguments: Vec<Value>, from: Span) -> Run<Value> {
        self.call_iterated(proc, this, arguments, None, from)
    }

    fn call_iterated(
        &mut self,
        proc: &Arc<Proc>,
        this: Option<ObjectId>,
        arguments: Vec<Value>,
        iterated: Option<(Arc<Stmt>, usize)>,
        from: Span,
    ) -> Run<Value> {
        let limit = self.limits.call_depth;
        if self.frames.len() >= limit {
            let kind = HocErrorKind::Limit { what: "nested calls", count: limit as u64, limit: "call_depth" };
            return Err(self.fail(from, kind));
        }
        let definition = &proc.definition;
        let numbers = definition.locals.iter().map(|name| (name.clone(), Value::Number(0.0)));
        let objects = definition.local_objects.iter().map(|name| (name.clone(), Value::Object(None)));
        let frame = Frame {
            name: definition.name.clone(),
            this,
            source: proc.source.clone(),
            arguments,
            locals: numbers.chain(objects).collect(),
            iterated,
        };
        let flow = self.in_frame(frame, |hoc| hoc.body(&definition.body));
        match flow {
            Ok(Flow::Return(Some(value))) => Ok(value),
            Ok(Flow::Stop) => Err(self.fail(from, HocErrorKind::Misplaced("stop"))),
            Ok(_) => Ok(match definition.kind {
                super::ast::ProcKind::ObFunc => Value::Object(None),
                super::ast::ProcKind::StrFunc => Value::Text("".into()),
                _ => Value::Number(0.0),
            }),
            Err(mut error) => {
                if error.calls.len() < 8 {
                    error.calls.push((definition.name.to_string(), self.frame().source.place(from)));
                }
                Err(error)
            }
        }
    }
}
