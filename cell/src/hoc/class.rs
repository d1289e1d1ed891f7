//! What is known of a template before it is executed, and of the procedures of a scope.

use std::{collections::HashMap, sync::Arc};

use indexmap::IndexSet;

use super::{
    ast::{Definition, Expr, ExprKind, Item, Name, Path, Root, Stmt, StmtKind},
    source::Source,
    value::Scope,
};

/// A procedure, with the text its spans point into.
#[derive(Debug)]
pub(crate) struct Proc {
    pub definition: Definition,
    pub source: Arc<Source>,
}

pub(crate) type Procs = HashMap<Name, Arc<Proc>>;

/// The static side of a template. At top level there is one more, nameless, of files' procedures.
#[derive(Debug, Default)]
pub(crate) struct Class {
    pub name: String,
    pub public: IndexSet<Name>,
    pub external: IndexSet<Name>,
    pub procs: Procs,
    /// Names that some statement of the template assigns: plain variables, 0 in a new instance.
    pub assigned: IndexSet<Name>,
    /// Declared names in order of their first mention: sections are created in this order.
    pub mentioned: IndexSet<Name>,
}

/// A template: its class, and its variables as declared when its statements were executed once.
#[derive(Debug)]
pub(crate) struct Template {
    pub class: Arc<Class>,
    pub prototype: Scope,
}

impl Class {
    /// Takes the definitions out of a template's items; the statements are answered in order.
    pub fn collect(name: &str, items: Vec<Item>, source: &Arc<Source>) -> (Self, Vec<Stmt>) {
        let mut class = Class { name: name.to_string(), ..Class::default() };
        let mut statements = Vec::new();
        for item in items {
            match item {
                Item::Public(names) => {
                    class.mentioned.extend(names.iter().cloned());
                    class.public.extend(names);
                }
                Item::External(names) => class.external.extend(names),
                Item::Definition(definition) => {
                    definition.body.iter().for_each(|stmt| assigned_in(stmt, &mut class.assigned));
                    let proc = Proc { definition, source: source.clone() };
                    class.procs.insert(proc.definition.name.clone(), Arc::new(proc));
                }
                Item::Statement(stmt) => {
                    if let StmtKind::Create(names) = &stmt.kind {
                        class.mentioned.extend(names.iter().map(|declarator| declarator.name.clone()));
                    }
                    assigned_in(&stmt, &mut class.assigned);
                    statements.push(stmt);
                }
                // the grammar does not nest templates
                Item::Template(_) => {}
            }
        }
        (class, statements)
    }
}

/// Collects the plain names that a statement may assign to.
fn assigned_in(stmt: &Stmt, names: &mut IndexSet<Name>) {
    match &stmt.kind {
        StmtKind::Expr(expr) => assigned_by(expr, names),
        StmtKind::Block(body) => body.iter().for_each(|stmt| assigned_in(stmt, names)),
        StmtKind::If(arms, otherwise) => {
            for (condition, body) in arms {
                assigned_by(condition, names);
                assigned_in(body, names);
            }
            otherwise.iter().for_each(|stmt| assigned_in(stmt, names));
        }
        StmtKind::While(condition, body) => {
            assigned_by(condition, names);
            assigned_in(body, names);
        }
        StmtKind::For { init, condition, step, body } => {
            assigned_by(condition, names);
            init.iter().chain(step).for_each(|stmt| assigned_in(stmt, names));
            assigned_in(body, names);
        }
        StmtKind::ForRange { variable, body, .. } | StmtKind::ForSegments { variable, body, .. } => {
            assigned_to(variable, names);
            assigned_in(body, names);
        }
        StmtKind::ForIterator { body, .. } => assigned_in(body, names),
        StmtKind::ForAll(body)
        | StmtKind::ForSec(_, body)
        | StmtKind::IfSec(_, body)
        | StmtKind::InSection(_, body) => assigned_in(body, names),
        StmtKind::Print(_)
        | StmtKind::Return(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Stop
        | StmtKind::IteratorStatement
        | StmtKind::Create(_)
        | StmtKind::Objref(_)
        | StmtKind::Double(_)
        | StmtKind::Strdef(_)
        | StmtKind::Connect(..)
        | StmtKind::Access(_)
        | StmtKind::Insert(_)
        | StmtKind::Uninsert(_)
        | StmtKind::Ramp { .. }
        | StmtKind::SetPointer
        | StmtKind::Delete => {}
    }
}

fn assigned_by(expr: &Expr, names: &mut IndexSet<Name>) {
    match &expr.kind {
        ExprKind::Assign(path, _, value) => {
            assigned_to(path, names);
            assigned_by(value, names);
        }
        ExprKind::Unary(_, operand) => assigned_by(operand, names),
        ExprKind::Binary(_, left, right) => {
            assigned_by(left, names);
            assigned_by(right, names);
        }
        ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Path(_) | ExprKind::Pointer(_) | ExprKind::New(..) => {}
    }
}

fn assigned_to(path: &Path, names: &mut IndexSet<Name>) {
    if let [part] = path.parts.as_slice()
        && let Root::Name(name) = &part.root
    {
        names.insert(name.clone());
    }
}
