//! TABLE: which routines are looked up, and how their tables are filled.
//!
//! As in NEURON a table holds for all instances and for a whole run. So it can stand for a routine only
//! as long as what the routine reads does not change, apart from its argument; else the routine is
//! computed at each call, and a warning says so.

use super::collect::{Items, RoutineItem};
use super::lower::{Context, Lower, Source};
use super::report::Report;
use super::symbols::Symbol;
use super::uses::Uses;
use crate::ir::{
    Array, Column, Expression, Function, Input, LocalId, Place, Role, Statement, StatementKind as Kind, Table,
    TableColumn,
};
use crate::passes::flow::{self, Access};
use indexmap::IndexMap;
use nmodl_parser::ast::{
    BinaryOperator, Block, Expression as Written, ExpressionKind, Name, StatementKind, UnaryOperator,
};
use nmodl_parser::{Diagnostic, Span};
use std::collections::{BTreeSet, HashSet};

/// The switch that NEURON makes for a file with TABLE; 1 where tables are used.
pub const USETABLE: &str = "usetable";

/// Most intervals of a table.
const MOST_INTERVALS: u32 = 1_000_000;

/// A routine that is looked up.
#[derive(Clone, Debug)]
pub struct Tabulated {
    /// Its outputs; none for a FUNCTION, which has one.
    pub targets: Vec<Place>,
    /// Where output 0 lies.
    pub column: TableColumn,
}

/// All tables of a mechanism.
#[derive(Clone, Debug, Default)]
pub struct Tables<'a> {
    /// By routine.
    pub routines: IndexMap<&'a str, Tabulated>,
    /// In storage order.
    pub tables: Vec<Table>,
}

/// A TABLE statement.
struct TableStatement<'a> {
    names: &'a [Name],
    from: &'a Written,
    to: &'a Written,
    with: &'a Name,
    span: Span,
}

/// Makes the tables of the routines that kernels reach. `source` has none yet.
pub fn tabulate<'a>(source: Source<'a>, uses: &Uses<'a>, report: &mut Report) -> Tables<'a> {
    let mut tables = Tables::default();
    let mut start = source.symbols.globals.len() as u32;
    for name in &uses.routines {
        let Some(item) = source.items.routines.get(name) else { continue };
        let Some(statement) = statement(item, report) else { continue };
        let Some((table, targets)) = table(source, uses, item, &statement, report) else { continue };
        let width = table.outputs.len() as u32;
        let column = TableColumn { start, intervals: table.intervals, width, output: 0 };
        start += table.size() as u32;
        tables.routines.insert(name, Tabulated { targets, column });
        tables.tables.push(table);
    }
    tables
}

fn mistake(report: &mut Report, message: impl Into<String>, span: Span, label: &str, help: &str) {
    report.push(Diagnostic::error("M0268", message, span, label).help(help));
}

/// The variables that the routine assigns besides its outputs, and that code reads which does not come from it.
fn left_behind<'n>(
    items: &Items,
    item: &RoutineItem,
    written: &[Place],
    targets: &[Place],
    name_of: &impl Fn(Place) -> &'n str,
) -> Vec<Place> {
    let mut outside = Outside { items, but: &item.routine.name.text, read: HashSet::new(), called: HashSet::new() };
    for block in items.initial.iter().chain(&items.breakpoint) {
        outside.block(block);
    }
    items.hooks.iter().for_each(|(_, block)| outside.block(block));
    items.net_receive.iter().for_each(|(_, block)| outside.block(block));
    items.solvables.values().for_each(|solvable| outside.block(solvable.body));
    let base = |place: &Place| name_of(*place).split('[').next().unwrap_or_default();
    let others = written.iter().filter(|place| !targets.contains(place));
    others.filter(|place| outside.read.contains(base(place))).copied().collect()
}

/// The names that blocks read, with the routines that they call, all but one.
struct Outside<'a, 'i> {
    items: &'i Items<'a>,
    but: &'i str,
    read: HashSet<&'i str>,
    called: HashSet<&'i str>,
}

impl<'i> Outside<'_, 'i> {
    fn block(&mut self, block: &'i Block) {
        for statement in &block.statements {
            if let StatementKind::Solve { block, .. } = &statement.kind {
                self.call(&block.text);
            }
            statement.kind.expressions().into_iter().for_each(|expression| self.expression(expression));
            if let StatementKind::If { condition, then, otherwise } = &statement.kind
                && let Some(taken) = by_usetable(condition)
            {
                let taken = if taken { Some(then) } else { otherwise.as_ref() };
                taken.into_iter().for_each(|block| self.block(block));
                continue;
            }
            statement.kind.blocks().into_iter().for_each(|block| self.block(block));
        }
    }

    fn expression(&mut self, expression: &'i Written) {
        match &expression.kind {
            ExpressionKind::Variable { name, .. } => drop(self.read.insert(&name.text)),
            ExpressionKind::Call { name, .. } => self.call(&name.text),
            _ => {}
        }
        expression.operands().into_iter().for_each(|operand| self.expression(operand));
    }

    fn call(&mut self, name: &'i str) {
        if name != self.but
            && let Some(item) = self.items.routines.get(name)
            && self.called.insert(name)
        {
            self.block(&item.routine.body);
        }
    }
}

/// Which branch is taken where tables are used, if the condition asks for NEURON's switch of them.
fn by_usetable(condition: &Written) -> Option<bool> {
    match &condition.kind {
        ExpressionKind::Parenthesis(inner) => by_usetable(inner),
        ExpressionKind::Variable { name, .. } => (name.text == USETABLE).then_some(true),
        ExpressionKind::Unary(UnaryOperator::Not, inner) => by_usetable(inner).map(|taken| !taken),
        ExpressionKind::Binary(operator @ (BinaryOperator::Equal | BinaryOperator::NotEqual), a, b) => {
            let ExpressionKind::Number(number, _) = &b.kind else { return None };
            by_usetable(a).map(|_| (number.value == 1.0) == (*operator == BinaryOperator::Equal))
        }
        _ => None,
    }
}

/// The TABLE of a routine, if it has one that makes sense.
fn statement<'a>(item: &RoutineItem<'a>, report: &mut Report) -> Option<TableStatement<'a>> {
    let mut found = item.routine.body.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Table { names, from, to, with, .. } => {
            Some(TableStatement { names, from, to, with, span: statement.span })
        }
        _ => None,
    });
    let first = found.next()?;
    if let Some(second) = found.next() {
        mistake(report, "a routine has one TABLE", second.span, "the second one", "split the routine");
    }
    if item.routine.arguments.len() != 1 {
        let message = "a routine with TABLE has exactly one argument";
        mistake(report, message, item.routine.name.span, "not one", "remove TABLE, or split the routine");
        return None;
    }
    if item.is_function != first.names.is_empty() {
        let help = "TABLE lists the variables that a PROCEDURE computes, and none in a FUNCTION";
        mistake(report, "TABLE of the wrong kind", first.span, "here", help);
        return None;
    }
    Some(first)
}

fn intervals(items: &Items, with: &Name, report: &mut Report) -> Option<u32> {
    let defined = items.defines.iter().find(|(name, _)| name.text == with.text).map(|(_, value)| *value);
    let value = defined.or_else(|| with.text.parse().ok()).and_then(|value| u32::try_from(value).ok());
    let value = value.filter(|value| (1..=MOST_INTERVALS).contains(value));
    if value.is_none() {
        let message = format!("`{}` is no count of intervals", with.text);
        mistake(report, message, with.span, "after WITH", "write a whole number from 1 to 1000000, or a DEFINEd name");
    }
    value
}

fn table(
    source: Source,
    uses: &Uses,
    item: &RoutineItem,
    statement: &TableStatement,
    report: &mut Report,
) -> Option<(Table, Vec<Place>)> {
    let name = &item.routine.name.text;
    let intervals = intervals(source.items, statement.with, report)?;
    let (targets, outputs) = targets(source, uses, statement.names, report)?;
    let (lowered, bounds) = bounds(source, statement, report);
    // Mistakes of the routine are reported where it is called.
    let mut own = Report::default();
    let mut lower = Lower::new(source, Context::Routine, &mut own);
    lower.go_on_from(lowered);
    let (argument, result) = lower.routine_body(item);
    let mut function = lower.finish().function;
    // Branches of loops that are written out are decided.
    crate::passes::fold::run(&mut function);
    if own.has_errors() {
        return None;
    }
    let written: Vec<Place> =
        flow::writes(&function.body).places.into_iter().filter(|place| !matches!(place, Place::Local(_))).collect();
    let columns = &source.symbols.columns;
    let name_of = |place: Place| match place {
        Place::Column(id) => columns.get(id.0 as usize).map_or("?", |column| column.name.as_str()),
        _ => "?",
    };
    let own_state = written.iter().find(|place| flow::access(&function.body, **place) == Access::ReadFirst).copied();
    let varying = own_state.map(|place| name_of(place).to_owned());
    let mut results = Vec::new();
    match result {
        Some(result) => results.push(result),
        None => {
            for (place, output) in targets.iter().zip(&outputs) {
                if !flow::writes(&function.body).places.contains(place) {
                    let message = format!("PROCEDURE `{name}` does not assign `{output}`");
                    mistake(report, message, statement.span, "tabulates it", "remove it from TABLE");
                    return None;
                }
                results.push(localise(&mut function, *place, output)?);
            }
        }
    }
    let left_behind = left_behind(source.items, item, &written, &targets, &name_of);
    let mut left = Vec::new();
    for place in written {
        if !targets.contains(&place) {
            let local = localise(&mut function, place, name_of(place))?;
            left.push((name_of(place).to_owned(), local));
        }
    }
    let kept = results.iter().chain(left.iter().map(|(_, local)| local));
    let used = flow::loads(&function.body).into_iter().chain(kept.map(|id| Place::Local(*id))).collect();
    drop_copies(&mut function.body, &used);
    if let Some(what) = varying.or_else(|| varies(&function, columns, uses)) {
        let message = format!("TABLE of `{name}` is not used: it reads `{what}`, which changes during a run");
        report.push(
            Diagnostic::warning("M0352", message, statement.span, "computed exactly at each call")
                .help(format!("a table holds for all instances and for a whole run; pass `{what}` as the argument")),
        );
        return None;
    }
    if let Some(place) = left_behind.first() {
        let what = name_of(*place);
        let message = format!("`{what}` is set only while the table of `{name}` is filled");
        let base = what.split('[').next().unwrap_or_default();
        let is_global = source.items.global.contains_key(base) && !source.items.range.contains_key(base);
        let help = match is_global {
            true => "as in NEURON it keeps the value of the last argument",
            false => "it keeps the value of the last argument, in NEURON in the first instance only, here in all",
        };
        report.push(
            Diagnostic::warning("M0359", message, statement.span, format!("does not list `{what}`"))
                .help(format!("{help}; list `{what}` in TABLE, or compute it in INITIAL")),
        );
    }
    let shared = shared(&function, columns);
    if !shared.is_empty() {
        let message = format!("the table of `{name}` is that of the first instance's `{}`", shared.join("`, `"));
        report.push(
            Diagnostic::warning("M0353", message, statement.span, "shared by all instances")
                .help("as in NEURON; remove TABLE if the values differ between instances"),
        );
    }
    let table = Table {
        routine: name.clone(),
        outputs: if outputs.is_empty() { vec![name.clone()] } else { outputs },
        shared,
        intervals,
        function,
        argument,
        bounds,
        results,
        left,
    };
    Some((table, targets))
}

/// What TABLE lists: places and names; an array counts with all its elements.
fn targets(source: Source, uses: &Uses, names: &[Name], report: &mut Report) -> Option<(Vec<Place>, Vec<String>)> {
    let (mut places, mut outputs) = (Vec::new(), Vec::new());
    for name in names {
        match source.symbols.get(&name.text) {
            Some(_) if source.items.is_parameter(&name.text) && !uses.written.contains_key(name.text.as_str()) => {
                let message = format!("TABLE lists `{}`, which nothing assigns", name.text);
                report.push(
                    Diagnostic::warning("M0358", message, name.span, "keeps its value")
                        .help("remove it from TABLE; NEURON puts the value of the PARAMETER into the table"),
                );
            }
            Some(Symbol::Column(id)) => {
                places.push(Place::Column(id));
                outputs.push(name.text.clone());
            }
            Some(Symbol::Array(array @ Array { first: Place::Column(_), .. })) => {
                places.extend(array.elements());
                outputs.extend((0..array.length).map(|at| format!("{}[{at}]", name.text)));
            }
            _ => {
                let message = format!("`{}` cannot be tabulated", name.text);
                mistake(
                    report,
                    message,
                    name.span,
                    "in TABLE",
                    "TABLE lists variables of ASSIGNED that the PROCEDURE computes",
                );
                return None;
            }
        }
    }
    Some((places, outputs))
}

/// FROM and TO as locals.
fn bounds(source: Source, statement: &TableStatement, report: &mut Report) -> (Function, [LocalId; 2]) {
    let mut lower = Lower::new(source, Context::Routine, report);
    let bounds =
        [("from", statement.from), ("to", statement.to)].map(|(name, bound)| lower.value_as_local(name, bound));
    (lower.finish().function, bounds)
}

/// A column becomes a local of the function.
fn localise(function: &mut Function, place: Place, name: &str) -> Option<LocalId> {
    let id = function.add_local(name);
    flow::rename(&mut function.body, &mut |other| if other == place { Place::Local(id) } else { other });
    Some(id)
}

/// Every kernel copies all variables of its ions; those that the routine does not read go.
fn drop_copies(body: &mut Vec<Statement>, used: &BTreeSet<Place>) {
    body.retain(|statement| match &statement.kind {
        Kind::Assign(place, Expression::Ion(..) | Expression::Input(Input::V)) => used.contains(place),
        _ => true,
    });
}

/// Something that the function reads and that may change.
fn varies(function: &Function, columns: &[Column], uses: &Uses) -> Option<String> {
    let mut found = effect(&function.body);
    let column = |place: Place| match place {
        Place::Column(id) => {
            let column = columns.get(id.0 as usize)?;
            let base = column.name.split('[').next().unwrap_or_default();
            let changes =
                column.role != Role::Parameter && uses.written.contains_key(base) || column.role == Role::State;
            changes.then(|| column.name.clone())
        }
        _ => None,
    };
    flow::visit(&function.body, &mut |e| {
        let what = match e {
            Expression::Load(place) => column(*place),
            Expression::Element(array, _) => array.elements().find_map(column),
            Expression::Input(Input::V) => Some("v".to_owned()),
            Expression::Input(Input::T) => Some("t".to_owned()),
            Expression::Input(Input::Flag) => Some("flag".to_owned()),
            Expression::Ion(_, field) => Some(format!("a value of an ion ({field:?})")),
            _ => None,
        };
        if found.is_none() {
            found = what;
        }
    });
    found
}

/// A statement that does more than compute.
pub(super) fn effect(body: &[Statement]) -> Option<String> {
    body.iter().find_map(|statement| match &statement.kind {
        Kind::Assign(..) | Kind::AssignElement(..) => None,
        Kind::If { .. } | Kind::While { .. } | Kind::Iterate { .. } => {
            statement.blocks().into_iter().find_map(|block| effect(block))
        }
        _ => Some("random numbers or events".to_owned()),
    })
}

/// The per-instance values that the function reads.
fn shared(function: &Function, columns: &[Column]) -> Vec<String> {
    let mut names = BTreeSet::new();
    for place in flow::loads(&function.body) {
        if let Place::Column(id) = place
            && let Some(column) = columns.get(id.0 as usize)
        {
            names.insert(column.name.clone());
        }
    }
    flow::visit(&function.body, &mut |e| match e {
        Expression::Input(Input::Area) => drop(names.insert("area".to_owned())),
        Expression::Input(Input::Diam) => drop(names.insert("diam".to_owned())),
        _ => {}
    });
    names.into_iter().collect()
}
