//! The units of statements.

use super::messages::Meeting;
use super::{Checker, Local, Operand, PLAIN, Quantity};
use nmodl_parser::ast::{Argument, Block, Expression, ExpressionKind, Statement, StatementKind};
use std::collections::HashMap;

impl<'a> Checker<'a> {
    /// Opens the scope of a routine's arguments.
    pub(super) fn open(&mut self, arguments: &'a [Argument]) {
        let mut scope = HashMap::new();
        for argument in arguments {
            let unit = argument.unit.as_ref();
            let quantity = unit.map_or(PLAIN, |unit| self.names.unit(unit, &mut self.diagnostics));
            scope.insert(argument.name.text.as_str(), Local { quantity, fixed: unit.is_some() });
        }
        self.scopes.push(scope);
    }

    /// Declares a name in the innermost scope.
    pub(super) fn declare(&mut self, name: &'a str, local: Local) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name, local);
        }
    }

    /// The statements of a block in a scope of their own.
    pub(super) fn block(&mut self, block: &'a Block) {
        self.scopes.push(HashMap::new());
        for statement in &block.statements {
            self.statement(statement);
        }
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &'a Statement) {
        match &statement.kind {
            StatementKind::UnitsSwitch(on) => self.on = *on,
            StatementKind::Local(variables) => {
                let local = Local { quantity: PLAIN, fixed: false };
                variables.iter().for_each(|variable| self.declare(&variable.name.text, local));
            }
            StatementKind::Assign { target, value } => self.assign(target, value),
            StatementKind::Call(call) => self.single(call),
            StatementKind::If { condition, then, otherwise } => {
                self.single(condition);
                self.block(then);
                otherwise.iter().for_each(|block| self.block(block));
            }
            StatementKind::While { condition, body } => {
                self.single(condition);
                self.block(body);
            }
            StatementKind::From { variable, body, .. } => {
                let counter = Local { quantity: PLAIN, fixed: true };
                self.scopes.push(HashMap::from([(variable.text.as_str(), counter)]));
                self.block(body);
                self.scopes.pop();
            }
            StatementKind::Solve { if_error, .. } => if_error.iter().for_each(|block| self.block(block)),
            StatementKind::Reaction(reaction) => self.reaction(reaction),
            StatementKind::Equation { left, right } => {
                let (left, right) = (self.operand(left), self.operand(right));
                self.meet(Meeting::Equality, left, right);
            }
            StatementKind::Conserve { terms, total } => self.conserve(terms, total),
            // Read before the other statements of its block.
            StatementKind::Compartment { .. } => {}
            StatementKind::LongitudinalDiffusion { coefficient, states, .. } => self.diffusion(coefficient, states),
            StatementKind::Table { from, to, .. } => {
                self.single(from);
                self.single(to);
            }
            StatementKind::Watch { condition, .. } => self.single(condition),
            StatementKind::ForNetcons { arguments, body } => {
                self.open(arguments);
                self.block(body);
                self.scopes.pop();
            }
            StatementKind::Initial(body) | StatementKind::Block(body) => self.block(body),
            StatementKind::Protect(inner) => self.statement(inner),
            StatementKind::Conductance { .. }
            | StatementKind::Mutex(_)
            | StatementKind::Lag { .. }
            | StatementKind::Verbatim(_)
            | StatementKind::Bare { .. }
            | StatementKind::Legacy(_) => {}
        }
        self.end_statement();
    }

    /// An expression that stands alone.
    fn single(&mut self, expression: &'a Expression) {
        self.value(expression);
        self.end_statement();
    }

    fn assign(&mut self, target: &'a Expression, value: &'a Expression) {
        let ExpressionKind::Variable { name, primes, .. } = &target.kind else { return };
        let name = name.text.as_str();
        let shown = format!("{name}{}", "'".repeat(usize::from(*primes)));
        if *primes == 0 && self.is_free(name) {
            let quantity = match self.value(value) {
                Quantity::Number => PLAIN,
                other => other,
            };
            match self.scopes.iter_mut().rev().find_map(|scope| scope.get_mut(name)) {
                Some(local) => local.quantity = quantity,
                None => drop(self.names.locals.insert(name, quantity)),
            }
            return;
        }
        let right = self.operand(value);
        let left: Operand<'a> = self.operand(target);
        self.meet(Meeting::Assignment(&shown), left, right);
    }

    /// Whether a name takes the unit of what is assigned to it.
    fn is_free(&self, name: &str) -> bool {
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        local.map_or_else(|| self.names.locals.contains_key(name), |local| !local.fixed)
    }
}
