//! Which routines the kernels reach, and which file-level names they write.

use super::collect::Items;
use super::lower::SCOP;
use super::refuse;
use super::report::Report;
use indexmap::{IndexMap, IndexSet};
use nmodl_parser::Span;
use nmodl_parser::ast::{Block, Expression, ExpressionKind, Statement, StatementKind};
use std::collections::HashSet;

/// What the kernels use.
#[derive(Debug, Default)]
pub struct Uses<'a> {
    /// FUNCTIONs and PROCEDUREs reached from a kernel.
    pub routines: IndexSet<&'a str>,
    /// File-level names that are assigned, with the first place.
    pub written: IndexMap<&'a str, Span>,
    /// File-level names that stand anywhere.
    pub named: HashSet<&'a str>,
    /// Calls of FUNCTION_TABLEs, the first of each.
    pub function_tables: IndexMap<&'a str, Span>,
    /// First call of a function of SCoP's random numbers.
    pub scop: Option<Span>,
}

/// Walks everything that a kernel can reach; refuses recursion.
pub fn find<'a>(items: &Items<'a>, report: &mut Report) -> Uses<'a> {
    let mut walk =
        Walk { items, uses: Uses::default(), scopes: Vec::new(), calls: Vec::new(), solved: HashSet::new(), report };
    for block in items.initial.iter().chain(&items.breakpoint) {
        walk.block(block);
    }
    for (_, block) in &items.hooks {
        walk.block(block);
    }
    for (block, _) in &items.constructors {
        walk.block(block);
    }
    if let Some((arguments, body)) = items.net_receive {
        walk.scopes.push(arguments.iter().map(|argument| argument.name.text.as_str()).collect());
        walk.block(body);
    }
    walk.uses
}

struct Walk<'a, 'r> {
    items: &'r Items<'a>,
    uses: Uses<'a>,
    /// Names that hide file-level ones.
    scopes: Vec<HashSet<&'a str>>,
    /// Routines being walked, to find recursion.
    calls: Vec<&'a str>,
    /// SOLVEd blocks that have been walked.
    solved: HashSet<&'a str>,
    report: &'r mut Report,
}

impl<'a> Walk<'a, '_> {
    fn block(&mut self, block: &'a Block) {
        self.scopes.push(HashSet::new());
        for statement in &block.statements {
            self.statement(statement);
        }
        self.scopes.pop();
    }

    fn write(&mut self, name: &'a str, span: Span) {
        if !self.scopes.iter().any(|scope| scope.contains(name)) {
            self.uses.written.entry(name).or_insert(span);
            self.uses.named.insert(name);
        }
    }

    fn statement(&mut self, statement: &'a Statement) {
        match &statement.kind {
            StatementKind::Local(variables) => {
                if let Some(scope) = self.scopes.last_mut() {
                    scope.extend(variables.iter().map(|variable| variable.name.text.as_str()));
                }
            }
            StatementKind::Assign { target, value } => {
                self.expression(value);
                if let ExpressionKind::Variable { name, .. } = &target.kind {
                    self.write(&name.text, name.span);
                }
            }
            StatementKind::Call(call) => self.expression(call),
            StatementKind::If { condition, then, otherwise } => {
                self.expression(condition);
                self.block(then);
                if let Some(otherwise) = otherwise {
                    self.block(otherwise);
                }
            }
            StatementKind::While { condition, body } => {
                self.expression(condition);
                self.block(body);
            }
            StatementKind::From { variable, first, last, step, body } => {
                for bound in [Some(first), Some(last), step.as_ref()].into_iter().flatten() {
                    self.expression(bound);
                }
                self.scopes.push(HashSet::from([variable.text.as_str()]));
                self.block(body);
                self.scopes.pop();
            }
            StatementKind::Solve { block, if_error, .. } => {
                self.solved_block(&block.text);
                self.call(&block.text, block.span);
                if let Some(body) = if_error {
                    self.block(body);
                }
            }
            StatementKind::Watch { condition, flag } => {
                self.expression(condition);
                self.expression(flag);
            }
            StatementKind::ForNetcons { arguments, body } => {
                self.scopes.push(arguments.iter().map(|argument| argument.name.text.as_str()).collect());
                self.block(body);
                self.scopes.pop();
            }
            StatementKind::Conductance { conductance, .. } => {
                self.uses.named.insert(&conductance.text);
            }
            StatementKind::Table { from, to, .. } => {
                self.expression(from);
                self.expression(to);
            }
            StatementKind::Initial(block) | StatementKind::Block(block) => self.block(block),
            StatementKind::Protect(inner) => self.statement(inner),
            StatementKind::Reaction(reaction) => {
                for term in reaction.reactants.iter().chain(&reaction.products) {
                    self.expression(&term.state);
                    self.solved_states(&term.state);
                }
                self.expression(&reaction.forward);
                if let Some(backward) = &reaction.backward {
                    self.expression(backward);
                }
            }
            StatementKind::Conserve { terms, total } => {
                for term in terms {
                    if let Some(coefficient) = &term.coefficient {
                        self.expression(coefficient);
                    }
                    self.expression(&term.state);
                    self.solved_states(&term.state);
                }
                self.expression(total);
            }
            StatementKind::Compartment { index, volume: e, .. }
            | StatementKind::LongitudinalDiffusion { index, coefficient: e, .. } => {
                self.scopes.push(index.iter().map(|index| index.text.as_str()).collect());
                self.expression(e);
                self.scopes.pop();
            }
            StatementKind::Equation { left, right } => {
                for side in [left, right] {
                    self.expression(side);
                    self.solved_states(side);
                }
            }
            // Refused where they stand, or without effect.
            StatementKind::Mutex(_)
            | StatementKind::Lag { .. }
            | StatementKind::Verbatim(_)
            | StatementKind::UnitsSwitch(_)
            | StatementKind::Bare { .. }
            | StatementKind::Legacy(_) => {}
        }
    }

    fn expression(&mut self, expression: &'a Expression) {
        match &expression.kind {
            ExpressionKind::Number(..) | ExpressionKind::Text(_) => {}
            ExpressionKind::Variable { name, index, .. } => {
                if !self.scopes.iter().any(|scope| scope.contains(name.text.as_str())) {
                    self.uses.named.insert(&name.text);
                }
                if let Some(index) = index {
                    self.expression(index);
                }
            }
            ExpressionKind::Call { name, arguments } => {
                for argument in arguments {
                    self.expression(argument);
                }
                if name.text == "state_discontinuity"
                    && let Some(Expression { kind: ExpressionKind::Variable { name, .. }, .. }) = arguments.first()
                {
                    self.write(&name.text, name.span);
                }
                self.call(&name.text, name.span);
            }
            ExpressionKind::Unary(_, a) | ExpressionKind::Parenthesis(a) => self.expression(a),
            ExpressionKind::Binary(_, a, b) => {
                self.expression(a);
                self.expression(b);
            }
        }
    }

    /// The STATEs that a reaction or an equation names change with it.
    fn solved_states(&mut self, e: &'a Expression) {
        match &e.kind {
            ExpressionKind::Number(..) | ExpressionKind::Text(_) => {}
            ExpressionKind::Variable { name, .. } => {
                if self.items.states.iter().any(|state| state.name.text == name.text) {
                    self.write(&name.text, name.span);
                }
            }
            ExpressionKind::Call { arguments, .. } => {
                arguments.iter().for_each(|argument| self.solved_states(argument));
            }
            ExpressionKind::Unary(_, a) | ExpressionKind::Parenthesis(a) => self.solved_states(a),
            ExpressionKind::Binary(_, a, b) => {
                self.solved_states(a);
                self.solved_states(b);
            }
        }
    }

    fn solved_block(&mut self, name: &'a str) {
        if let Some(solvable) = self.items.solvables.get(name)
            && self.solved.insert(name)
        {
            let scopes = std::mem::take(&mut self.scopes);
            self.block(solvable.body);
            self.scopes = scopes;
        }
    }

    fn call(&mut self, name: &'a str, span: Span) {
        let Some(item) = self.items.routines.get(name) else {
            self.solved_block(name);
            if SCOP.contains(&name) {
                self.uses.scop.get_or_insert(span);
            } else if self.items.function_tables.iter().any(|(table, _)| table.text == name) {
                self.uses.function_tables.entry(name).or_insert(span);
            }
            return;
        };
        let name = item.routine.name.text.as_str();
        if self.calls.contains(&name) {
            let cycle: Vec<&str> = self.calls.iter().copied().skip_while(|call| *call != name).collect();
            let mut diagnostic = refuse::RECURSION.at(span);
            diagnostic.message = format!("`{name}` calls itself: {} -> {name}", cycle.join(" -> "));
            self.report.push(diagnostic);
            return;
        }
        if !self.uses.routines.insert(name) {
            return;
        }
        self.calls.push(name);
        let arguments = item.routine.arguments.iter().map(|argument| argument.name.text.as_str());
        let hidden: HashSet<&str> = arguments.chain([name]).collect();
        let scopes = std::mem::replace(&mut self.scopes, vec![hidden]);
        self.block(&item.routine.body);
        self.scopes = scopes;
        self.calls.pop();
    }
}
