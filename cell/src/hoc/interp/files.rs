//! Files: finding, parsing and executing them; templates as they are met.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Flow, Frame, Run};
use crate::hoc::{
    Hoc,
    ast::{File, Item, Span, TemplateDef},
    class::{Class, Proc, Template},
    error::{HocError, HocErrorKind},
    parse,
    source::Source,
    world::{Object, ObjectKind},
};

/// NEURON's own library files: what cells need of them is built in.
const STOCK: [&str; 12] = [
    "nrngui.hoc",
    "noload.hoc",
    "stdgui.hoc",
    "stdrun.hoc",
    "stdlib.hoc",
    "import3d.hoc",
    "init.hoc",
    "netparmpi.hoc",
    "pointman.hoc",
    "celbild.hoc",
    "mview.hoc",
    "nrnlib.hoc",
];

impl Hoc {
    /// Loads and executes the file at `path`.
    pub(in crate::hoc) fn run_file(&mut self, path: &Path) -> Run<()> {
        let bytes = std::fs::read(path).map_err(|error| {
            let kind = HocErrorKind::File { path: path.to_path_buf(), reason: error.to_string() };
            HocError::nowhere(kind)
        })?;
        // files in old encodings occur; what is not ASCII in them stands in comments
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.run_source(Arc::new(Source { path: path.to_path_buf(), text }))
    }

    /// Parses and executes a text at top level.
    pub(in crate::hoc) fn run_source(&mut self, source: Arc<Source>) -> Run<()> {
        let outermost = self.frames.is_empty();
        if outermost {
            (self.executed, self.created, self.at) = (0, 0, 0);
        }
        let outcome = parse::parse(&source).and_then(|file| {
            let frame = Frame {
                name: "".into(),
                this: None,
                source: source.clone(),
                arguments: Vec::new(),
                locals: Vec::new(),
                iterated: None,
            };
            self.in_frame(frame, |hoc| hoc.run_items(file, &source))
        });
        if outermost {
            self.frames.clear();
            self.declaring = false;
        }
        outcome
    }

    fn run_items(&mut self, file: File, source: &Arc<Source>) -> Run<()> {
        for item in file.items {
            match item {
                Item::Template(template) => self.define_template(template, source)?,
                Item::Definition(definition) => {
                    let proc = Proc { definition, source: source.clone() };
                    self.procs.insert(proc.definition.name.clone(), Arc::new(proc));
                }
                // lists that say nothing at top level
                Item::Public(_) | Item::External(_) => {}
                Item::Statement(stmt) => match self.exec(&stmt)? {
                    Flow::Stop => return Ok(()),
                    Flow::Next => {}
                    Flow::Break | Flow::Continue | Flow::Return(_) => {
                        return Err(self.fail(stmt.span, HocErrorKind::Misplaced("break, continue or return")));
                    }
                },
            }
        }
        Ok(())
    }

    /// Executes the statements of a template once, for what they declare, in an object made for the purpose.
    fn define_template(&mut self, definition: TemplateDef, source: &Arc<Source>) -> Run<()> {
        let TemplateDef { name, items, span } = definition;
        if self.templates.contains_key(&name) {
            let kind = HocErrorKind::Redeclared { name: name.to_string(), kind: "a template" };
            return Err(self.fail(Span { start: span.start, end: span.start + 13 }, kind));
        }
        let (class, statements) = Class::collect(&name, items, source);
        let class = Arc::new(class);
        let kind = ObjectKind::Instance { class: class.clone(), vars: Default::default() };
        let object = self.worlds.add_object(Object { class: name.clone(), number: 0, kind });
        let frame = Frame {
            name: name.clone(),
            this: Some(object),
            source: source.clone(),
            arguments: Vec::new(),
            locals: Vec::new(),
            iterated: None,
        };
        let declaring = std::mem::replace(&mut self.declaring, true);
        let outcome = self.in_frame(frame, |hoc| hoc.body(&statements));
        self.declaring = declaring;
        let vars = match self.worlds.object_mut(object) {
            Ok(Object { kind: ObjectKind::Instance { vars, .. }, .. }) => std::mem::take(vars),
            _ => Default::default(),
        };
        outcome?;
        let mut prototype: crate::hoc::value::Scope = vars.into_iter().map(|(name, var)| (name, var.blank())).collect();
        // sections are created in the order in which the template first mentions them
        prototype.sort_by(|a, _, b, _| {
            let rank = |name| class.mentioned.get_index_of(name).unwrap_or(usize::MAX);
            rank(a).cmp(&rank(b))
        });
        self.templates.insert(name, Arc::new(Template { class, prototype }));
        Ok(())
    }

    /// `load_file("name")` from the text in sight. 1 if it was executed, 0 if it had been before.
    pub(super) fn load_from_text(&mut self, name: &str, again: bool, span: Span) -> Run<f64> {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        if STOCK.contains(&base) {
            return Ok(1.0);
        }
        let Some(path) = self.find(name) else {
            let reason = "no such file beside the file that loads it, nor in the working directory".to_string();
            return Err(self.fail(span, HocErrorKind::File { path: PathBuf::from(name), reason }));
        };
        if !self.loaded.insert(path.clone()) && !again {
            return Ok(0.0);
        }
        if self.frames.len() >= self.limits.call_depth {
            let count = self.limits.call_depth as u64;
            let kind = HocErrorKind::Limit { what: "nested calls", count, limit: "call_depth" };
            return Err(self.fail(span, kind));
        }
        self.run_file(&path).map_err(|mut error| {
            if error.place.is_none() {
                error.place = Some(Box::new(self.frame().source.place(span)));
            }
            error
        })?;
        Ok(1.0)
    }

    /// The file of a name: beside the text in sight, or from the working directory.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        let here = self.frame().source.path.parent().map(Path::to_path_buf).unwrap_or_default();
        let unix = name.replace('\\', "/");
        [name, &unix].into_iter().flat_map(|name| [here.join(name), PathBuf::from(name)]).find(|path| path.is_file())
    }
}
