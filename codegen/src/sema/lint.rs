//! Warnings about correct files that hardly mean what they say.
//!
//! They look at the text alone: a LOCAL used before it has a value, equations that nothing
//! solves, names that NEURON keeps for itself.

use super::report::Report;
use nmodl_parser::ast::{
    Argument, Ast, Block, Expression, ExpressionKind, ItemKind, Name, SolvableKind, Statement, StatementKind,
};
use nmodl_parser::{Diagnostic, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Names that `nocmodl` reserves: integration methods, and functions of SCoP and NEURON.
const RESERVED: &str = "\
    runge euler newton simeq sparse derivimplicit cnexp after_cvode cvode_t cvode_t_v \
    first_time error f_flux b_flux fabs sqrt sin cos tan acos asin atan atan2 sinh cosh tanh floor ceil fmod log10 log \
    pow printf prterr exp threshold force deflate expfit derivs spline hyperbol revhyperbol sigmoid revsigmoid harmonic \
    squarewave sawtooth revsawtooth ramp pulse perpulse step perstep erf exprand factorial gauss normrand poisrand \
    poisson setseed scop_random boundary romberg legendre invert stepforce schedule set_seed nrn_pointing \
    state_discontinuity net_send net_move net_event nrn_random_play at_time nrn_ghk";

/// Looks at a whole file.
pub fn run(ast: &Ast, report: &mut Report) {
    reserved_names(ast, report);
    unsolved_blocks(ast, report);
    for item in &ast.items {
        if let Some(block) = body(&item.kind) {
            Unset { names: BTreeMap::new(), report }.block(block);
        }
    }
}

/// The statements of an item.
fn body(item: &ItemKind) -> Option<&Block> {
    match item {
        ItemKind::Initial(body)
        | ItemKind::Breakpoint(body)
        | ItemKind::Solvable { body, .. }
        | ItemKind::NetReceive { body, .. }
        | ItemKind::Constructor(body)
        | ItemKind::Destructor(body)
        | ItemKind::BeforeAfter { body, .. } => Some(body),
        ItemKind::Function(routine) | ItemKind::Procedure(routine) => Some(&routine.body),
        _ => None,
    }
}

/// Calls `see` with every statement of a block, outer ones first.
fn walk<'a>(block: &'a Block, see: &mut dyn FnMut(&'a Statement)) {
    for statement in &block.statements {
        see(statement);
        if let StatementKind::Protect(inner) = &statement.kind {
            see(inner);
        }
        for inner in statement.kind.blocks() {
            walk(inner, see);
        }
    }
}

fn reserved_names(ast: &Ast, report: &mut Report) {
    let reserved: BTreeSet<&str> = RESERVED.split_whitespace().collect();
    let mut check = |name: &Name| {
        if reserved.contains(name.text.as_str()) {
            let message = format!("NEURON reserves the name `{}`", name.text);
            report.push(
                Diagnostic::warning("M0380", message, name.span, "accepted here, refused by NEURON")
                    .help("choose another name"),
            );
        }
    };
    for item in &ast.items {
        match &item.kind {
            ItemKind::Parameter(list) | ItemKind::Constant(list) | ItemKind::Assigned(list) | ItemKind::State(list) => {
                list.iter().for_each(|declaration| check(&declaration.name));
            }
            ItemKind::Local(list) => list.iter().for_each(|variable| check(&variable.name)),
            ItemKind::Function(routine) | ItemKind::Procedure(routine) => check(&routine.name),
            _ => {}
        }
    }
}

fn variable(e: &Expression) -> Option<&str> {
    match &e.kind {
        ExpressionKind::Variable { name, .. } => Some(&name.text),
        _ => None,
    }
}

/// A block of equations is solved where SOLVE names it.
fn unsolved_blocks(ast: &Ast, report: &mut Report) {
    let mut solved = BTreeSet::new();
    let mut verbatim = false;
    for block in ast.items.iter().filter_map(|item| body(&item.kind)) {
        walk(block, &mut |statement| match &statement.kind {
            StatementKind::Solve { block, .. } => {
                solved.insert(block.text.as_str());
            }
            StatementKind::Verbatim(_) => verbatim = true,
            _ => {}
        });
    }
    for item in &ast.items {
        let ItemKind::Solvable { kind, name, .. } = &item.kind else { continue };
        if verbatim || solved.contains(name.text.as_str()) {
            continue;
        }
        let (keyword, method) = match kind {
            SolvableKind::Derivative => ("DERIVATIVE", " METHOD cnexp"),
            SolvableKind::Kinetic => ("KINETIC", " METHOD sparse"),
            SolvableKind::Linear => ("LINEAR", ""),
            SolvableKind::Nonlinear => ("NONLINEAR", ""),
            SolvableKind::Discrete => ("DISCRETE", ""),
        };
        let message = format!("{keyword} block `{}` is never solved", name.text);
        report.push(
            Diagnostic::warning("M0382", message, name.span, "no SOLVE names it")
                .help(format!("BREAKPOINT needs `SOLVE {}{method}`", name.text)),
        );
    }
}

/// Follows the LOCALs of a block that have no value yet on any way to the current statement.
struct Unset<'a, 'r> {
    names: BTreeMap<&'a str, Span>,
    report: &'r mut Report,
}

impl<'a> Unset<'a, '_> {
    fn block(&mut self, block: &'a Block) {
        let outer = self.names.clone();
        let mut own = BTreeSet::new();
        for statement in &block.statements {
            if let StatementKind::Local(variables) = &statement.kind {
                for variable in variables.iter().filter(|variable| variable.length.is_none()) {
                    own.insert(variable.name.text.as_str());
                    self.names.insert(&variable.name.text, variable.name.span);
                }
            }
            self.statement(&statement.kind);
        }
        // A variable of this block hides one of the same name outside.
        for name in own {
            self.names.remove(name);
            if let Some(span) = outer.get(name) {
                self.names.insert(name, *span);
            }
        }
    }

    fn statement(&mut self, kind: &'a StatementKind) {
        if matches!(kind, StatementKind::While { .. } | StatementKind::From { .. }) {
            // What one round assigns the next may read.
            for block in kind.blocks() {
                walk(block, &mut |inner| self.assigned(&inner.kind));
            }
        }
        for e in kind.expressions() {
            self.read(e);
        }
        self.assigned(kind);
        match kind {
            StatementKind::If { then, otherwise, .. } => {
                let mut names = self.names.clone();
                self.block(then);
                std::mem::swap(&mut self.names, &mut names);
                if let Some(otherwise) = otherwise {
                    self.block(otherwise);
                }
                self.names.retain(|name, _| names.contains_key(name));
            }
            StatementKind::ForNetcons { arguments, body } => self.hiding(arguments, body),
            _ => {
                for block in kind.blocks() {
                    self.block(block);
                }
            }
        }
    }

    fn hiding(&mut self, arguments: &'a [Argument], body: &'a Block) {
        let hidden: Vec<_> =
            arguments.iter().filter_map(|argument| self.names.remove_entry(argument.name.text.as_str())).collect();
        self.block(body);
        self.names.extend(hidden);
    }

    fn assigned(&mut self, kind: &'a StatementKind) {
        match kind {
            StatementKind::Assign { target, .. } => {
                if let Some(name) = variable(target) {
                    self.names.remove(name);
                }
            }
            StatementKind::From { variable, .. } => {
                self.names.remove(variable.text.as_str());
            }
            StatementKind::Protect(inner) => self.assigned(&inner.kind),
            // C code may assign anything; so may a table, a solver and a loop over NetCons.
            StatementKind::Verbatim(_) | StatementKind::Table { .. } | StatementKind::Solve { .. } => {
                self.names.clear()
            }
            _ => {}
        }
    }

    fn read(&mut self, e: &'a Expression) {
        if let ExpressionKind::Variable { name, .. } = &e.kind
            && let Some(declared) = self.names.remove(name.text.as_str())
        {
            let message = format!("LOCAL `{}` is used before it has a value", name.text);
            self.report.push(
                Diagnostic::warning("M0383", message, name.span, "0 here, anything in NEURON")
                    .label(declared, "declared here")
                    .help("assign it first"),
            );
        }
        e.operands().into_iter().for_each(|operand| self.read(operand));
    }
}
