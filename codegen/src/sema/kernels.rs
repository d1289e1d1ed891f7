//! Which code belongs to which kernel, and in what order.
//!
//! SOLVE statements are taken out of BREAKPOINT, even out of an `if` or a loop, and run in textual order in the
//! `state` kernel. A BREAKPOINT without currents follows them there; otherwise it is the `current`
//! kernel.

use super::collect::Hook;
use super::draft::{CurrentDraft, Part, StateDraft};
use super::lower::{Context, Lower, Source, Spread, diffusion_statements};
use super::refuse;
use super::report::Report;
use crate::ir::{Expression, Function, Kernels, Kind};
use nmodl_parser::Span;
use nmodl_parser::ast::{Block, Name, SolvableKind, StatementKind};

/// The kernels of a mechanism, two of them as drafts.
#[derive(Debug)]
pub struct Parts {
    /// Those that need no solving.
    pub kernels: Kernels,
    /// SOLVEd blocks.
    pub state: Option<StateDraft>,
    /// BREAKPOINT with currents.
    pub current: Option<CurrentDraft>,
    /// LONGITUDINAL_DIFFUSION.
    pub spread: Spread,
}

/// Lowers all kernels.
pub fn assemble(source: Source, report: &mut Report) -> Parts {
    let init = Some(init(source, report));
    let state = state(source, report);
    let current = current(source, report);
    let (diffusion, spread) = diffusion(source, report);
    let kernels = Kernels {
        init,
        diffusion,
        net_receive: net_receive(source, report),
        net_init: net_init(source, report),
        watch: watch(source, report),
        before_initial: hook(source, Hook::BeforeInitial, report),
        after_initial: hook(source, Hook::AfterInitial, report),
        before_breakpoint: hook(source, Hook::BeforeBreakpoint, report),
        after_solve: hook(source, Hook::AfterSolve, report),
        before_step: hook(source, Hook::BeforeStep, report),
        ..Kernels::default()
    };
    Parts { kernels, state, current, spread }
}

/// The BEFORE or AFTER blocks of one moment, each with its own copies of the ions' variables.
fn hook(source: Source, moment: Hook, report: &mut Report) -> Option<Function> {
    let mut whole: Option<Function> = None;
    for (_, block) in source.items.hooks.iter().filter(|(hook, _)| *hook == moment) {
        let mut lower = Lower::new(source, Context::Hook, report);
        if let Some(before) = whole.take() {
            lower.go_on_from(before);
        }
        lower.block(block);
        whole = Some(self::whole(lower));
    }
    whole
}

/// STATEs get their `name0`, then INITIAL runs.
fn init(source: Source, report: &mut Report) -> Function {
    let mut lower = Lower::new(source, Context::Initial, report);
    for state in &source.symbols.states {
        lower.assign_at(source.lines.of(state.span), state.place, state.start.clone());
    }
    for watch in &source.symbols.watches {
        lower.assign_at(source.lines.of(watch.span), watch.place, Expression::Number(0.0));
    }
    for block in &source.items.initial {
        lower.block(block);
    }
    whole(lower)
}

fn whole(lower: Lower) -> Function {
    let lowered = lower.finish();
    let mut function = lowered.function;
    function.body.extend(lowered.epilogue);
    function
}

/// A SOLVE statement.
#[derive(Clone, Copy, Debug)]
pub struct SolveStatement<'a> {
    /// The block.
    pub block: &'a Name,
    /// METHOD, or what follows STEADYSTATE.
    pub method: Option<&'a Name>,
    /// Whether it is STEADYSTATE.
    pub steady_state: bool,
    /// Where.
    pub span: Span,
}

/// How BREAKPOINT solves a block.
pub fn solve_of<'a>(source: Source<'a>, block: &str) -> Option<SolveStatement<'a>> {
    solves(source).into_iter().find(|statement| statement.block.text == block)
}

fn solves(source: Source<'_>) -> Vec<SolveStatement<'_>> {
    let mut found = Vec::new();
    for block in &source.items.breakpoint {
        find_solves(block, &mut found);
    }
    found
}

fn find_solves<'a>(block: &'a Block, found: &mut Vec<SolveStatement<'a>>) {
    for statement in &block.statements {
        match &statement.kind {
            StatementKind::Solve { block, method, steady_state, .. } => {
                let method = method.as_ref();
                found.push(SolveStatement { block, method, steady_state: *steady_state, span: statement.span });
            }
            StatementKind::If { then, otherwise, .. } => {
                find_solves(then, found);
                if let Some(otherwise) = otherwise {
                    find_solves(otherwise, found);
                }
            }
            StatementKind::Block(body) | StatementKind::While { body, .. } | StatementKind::From { body, .. } => {
                find_solves(body, found);
            }
            _ => {}
        }
    }
}

fn state(source: Source, report: &mut Report) -> Option<StateDraft> {
    let solves = solves(source);
    let runs_breakpoint = source.symbols.currents.is_empty() && !source.items.breakpoint.is_empty();
    if solves.is_empty() && !runs_breakpoint {
        return None;
    }
    let mut lower = Lower::new(source, Context::Breakpoint, report);
    let mut parts = vec![Part::Plain(lower.take_statements())];
    for solve in &solves {
        if let Some(solved) = lower.solved_block(*solve) {
            parts.push(Part::Solve(Box::new(solved)));
        } else if source.items.routines.contains_key(solve.block.text.as_str()) {
            parts.push(Part::Plain(lower.procedure(solve.block)));
        } else if !source.items.solvables.contains_key(solve.block.text.as_str()) {
            lower.unknown_block(solve.block);
        }
    }
    if runs_breakpoint {
        for block in &source.items.breakpoint {
            lower.block(block);
        }
        parts.push(Part::Plain(lower.take_statements()));
    }
    let lowered = lower.finish();
    parts.push(Part::Plain(lowered.epilogue));
    Some(StateDraft { locals: lowered.function.locals, parts })
}

fn current(source: Source, report: &mut Report) -> Option<CurrentDraft> {
    if source.symbols.currents.is_empty() {
        return None;
    }
    let mut lower = Lower::new(source, Context::Breakpoint, report);
    for block in &source.items.breakpoint {
        lower.block(block);
    }
    let lowered = lower.finish();
    Some(CurrentDraft {
        function: lowered.function,
        epilogue: lowered.epilogue,
        currents: source.symbols.currents.clone(),
        conductances: lowered.conductances,
        electrode: source.symbols.electrode,
        line: source.items.breakpoint.first().map_or(0, |block| source.lines.of(block.span)),
    })
}

/// The LONGITUDINAL_DIFFUSION statements of all KINETIC blocks; NEURON does not ask whether they are SOLVEd.
fn diffusion(source: Source, report: &mut Report) -> (Option<Function>, Spread) {
    let blocks = || source.items.solvables.values().filter(|item| item.kind == SolvableKind::Kinetic);
    let mut statements = blocks().flat_map(|item| diffusion_statements(item.body));
    let Some(first) = statements.next() else { return Default::default() };
    if source.items.identity.is_some_and(|(kind, _)| kind != Kind::Density) {
        report.push(refuse::POINT_DIFFUSION.at(first.span));
        return Default::default();
    }
    let mut lower = Lower::new(source, Context::Diffusion, report);
    for item in blocks() {
        lower.diffusions(item.body);
    }
    let spread = lower.take_spread();
    // Ion variables are not copied out: the kernel computes columns alone.
    (Some(lower.finish().function), spread)
}

fn net_receive(source: Source, report: &mut Report) -> Option<Function> {
    let (arguments, body) = source.items.net_receive?;
    let mut lower = Lower::new(source, Context::NetReceive, report);
    lower.bind_net_arguments(arguments);
    lower.block(body);
    Some(whole(lower))
}

fn net_init(source: Source, report: &mut Report) -> Option<Function> {
    let (arguments, body) = source.items.net_receive?;
    let block = body.statements.iter().find_map(|statement| match &statement.kind {
        StatementKind::Initial(block) => Some(block),
        _ => None,
    })?;
    let mut lower = Lower::new(source, Context::NetInitial, report);
    lower.bind_net_arguments(arguments);
    lower.block(block);
    Some(whole(lower))
}

/// Looks at the conditions of WATCH, one after the other.
fn watch(source: Source, report: &mut Report) -> Option<Function> {
    if source.symbols.watches.is_empty() {
        return None;
    }
    let mut lower = Lower::new(source, Context::Watch, report);
    for (watch, (_, condition, flag)) in source.symbols.watches.iter().zip(source.items.watches()) {
        lower.look_at(watch, condition, flag);
    }
    Some(whole(lower))
}
