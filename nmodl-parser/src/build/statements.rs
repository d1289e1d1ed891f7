//! Blocks of statements.

use super::expressions::zero;
use super::{Builder, Pair, Rule};
use crate::ast::{BinaryOperator, Block, Expression, ExpressionKind, Name, Number, Statement, StatementKind};
use crate::{Diagnostic, codes};

/// A chain of `else if` longer than this is refused; the tree nests as deep.
const MAX_ELSE_IF: usize = 100;

impl<'a> Builder<'a> {
    /// A `block` or `net_receive_block` pair; `what` is its name in messages.
    pub(super) fn block(&mut self, pair: Pair<'a>, what: &str) -> Block {
        let mut block = Block { statements: Vec::new(), span: self.span(&pair) };
        let whole = pair.clone();
        let mut previous_bad = None;
        for pair in pair.into_inner() {
            match pair.as_rule() {
                Rule::unclosed => self.unclosed(&whole, what),
                Rule::bad => {
                    let legacy = self.bad_statement(&pair, previous_bad.take(), &block);
                    block.statements.extend(legacy);
                    previous_bad = Some(pair);
                }
                _ => {
                    self.statement(pair, &mut block.statements);
                }
            }
        }
        self.warn_late_local(&block);
        self.misspelt_calls(&block);
        block
    }

    fn warn_late_local(&mut self, block: &Block) {
        for statement in block.statements.iter().skip(1) {
            if matches!(statement.kind, StatementKind::Local(_)) {
                let message = "LOCAL is not the first statement of its block";
                let diagnostic =
                    Diagnostic::warning(codes::LATE_LOCAL, message, statement.span, "NEURON does not accept it here")
                        .help("declare all local variables in one LOCAL at the beginning of the block");
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// Appends a statement; a WATCH with several conditions gives several.
    fn statement(&mut self, pair: Pair<'a>, out: &mut Vec<Statement>) {
        let span = self.span(&pair);
        if pair.as_rule() == Rule::watch {
            out.extend(pair.into_inner().map(|item| self.watch(item)));
        } else if let Some(kind) = self.statement_kind(pair) {
            out.push(Statement { kind, span });
        }
    }

    fn statement_kind(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        Some(match pair.as_rule() {
            Rule::assignment => return self.assignment(pair),
            Rule::call_statement => StatementKind::Call(self.reference(pair.into_inner().next()?)),
            Rule::if_statement => self.if_statement(pair)?,
            Rule::while_statement => {
                let mut inner = pair.into_inner();
                let condition = self.expression(inner.next()?);
                StatementKind::While { condition, body: self.block(inner.next()?, "WHILE") }
            }
            Rule::from => self.from(pair)?,
            Rule::local => StatementKind::Local(self.local(pair)),
            Rule::solve => self.solve(pair)?,
            Rule::table => self.table(pair)?,
            Rule::conductance => {
                let mut names = pair.into_inner().map(|name| self.name(&name));
                StatementKind::Conductance { conductance: names.next()?, ion: names.next() }
            }
            Rule::for_netcons => {
                let mut inner = pair.into_inner();
                let arguments = self.formals(inner.next()?);
                StatementKind::ForNetcons { arguments, body: self.block(inner.next()?, "FOR_NETCONS") }
            }
            Rule::protect => {
                let inner = pair.into_inner().next()?;
                let span = self.span(&inner);
                StatementKind::Protect(Statement { kind: self.statement_kind(inner)?, span }.into())
            }
            Rule::mutex_lock => StatementKind::Mutex(true),
            Rule::mutex_unlock => StatementKind::Mutex(false),
            Rule::lag => self.lag(pair)?,
            Rule::verbatim => StatementKind::Verbatim(self.verbatim(pair)),
            Rule::units_switch => StatementKind::UnitsSwitch(Self::units_switch(pair)),
            Rule::initial => StatementKind::Initial(self.block(pair.into_inner().next()?, "INITIAL")),
            Rule::reaction => StatementKind::Reaction(self.reaction(pair)?),
            Rule::equation => self.equation(pair)?,
            Rule::conserve => self.conserve(pair)?,
            Rule::compartment => self.compartment(pair, true)?,
            Rule::longitudinal_diffusion => self.compartment(pair, false)?,
            Rule::block => StatementKind::Block(self.block(pair, "this inner block")),
            _ => return None,
        })
    }

    fn assignment(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        let mut inner = pair.into_inner();
        let target = self.reference(inner.next()?);
        let value = self.expression(inner.next()?);
        if let ExpressionKind::Call { name, .. } = &target.kind {
            let message = format!("the call `{}(...)` cannot be assigned to", name.text);
            let diagnostic = Diagnostic::error(codes::BAD_TARGET, message, target.span, "not a variable")
                .help(format!("for an element of an array write `{}[...]`", name.text));
            self.diagnostics.push(diagnostic);
            return None;
        }
        Some(StatementKind::Assign { target, value })
    }

    fn if_statement(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        let mut inner = pair.into_inner();
        let condition = self.expression(inner.next()?);
        let then = self.block(inner.next()?, "IF");
        let mut chain = Vec::new();
        let mut otherwise = None;
        for part in inner {
            let span = self.span(&part);
            let is_else_if = part.as_rule() == Rule::else_if;
            let mut parts = part.into_inner();
            if !is_else_if {
                otherwise = Some(self.block(parts.next()?, "ELSE"));
            } else if chain.len() < MAX_ELSE_IF {
                let condition = self.expression(parts.next()?);
                chain.push((condition, self.block(parts.next()?, "ELSE IF"), span));
            } else {
                let message = format!("more than {MAX_ELSE_IF} `else if` in a row");
                self.error(codes::TOO_DEEP, message, span, "too many");
                break;
            }
        }
        // From the last `else if` to the first, each the only statement of the `else` before it.
        for (condition, then, span) in chain.into_iter().rev() {
            let span = otherwise.as_ref().map_or(span, |last: &Block| span.to(last.span));
            let statement = Statement { kind: StatementKind::If { condition, then, otherwise }, span };
            otherwise = Some(Block { statements: vec![statement], span });
        }
        Some(StatementKind::If { condition, then, otherwise })
    }

    fn from(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        let mut inner = pair.into_inner();
        let variable = self.name(&inner.next()?);
        let first = self.expression(inner.next()?);
        let last = self.expression(inner.next()?);
        let mut step = None;
        let mut body = Block::default();
        for part in inner {
            match part.as_rule() {
                Rule::by => step = part.into_inner().next().map(|by| self.expression(by)),
                _ => body = self.block(part, "FROM"),
            }
        }
        Some(StatementKind::From { variable, first, last, step, body })
    }

    fn solve(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        let mut inner = pair.into_inner();
        let block = self.name(&inner.next()?);
        let (mut method, mut steady_state, mut if_error) = (None, false, None);
        for part in inner {
            let rule = part.as_rule();
            let child = part.into_inner().next()?;
            if rule == Rule::if_error {
                if_error = Some(self.block(child, "IFERROR"));
            } else {
                steady_state = rule == Rule::steady_state;
                method = Some(self.name(&child));
            }
        }
        Some(StatementKind::Solve { block, method, steady_state, if_error })
    }

    fn table(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        let (mut names, mut depend, mut bounds, mut with) = (Vec::new(), Vec::new(), Vec::new(), None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::table_names => names = part.into_inner().flat_map(|list| self.names(list)).collect(),
                Rule::depend => depend = part.into_inner().flat_map(|list| self.names(list)).collect(),
                Rule::expression => bounds.push(self.expression(part)),
                _ => with = Some(self.name(&part)),
            }
        }
        let mut bounds = bounds.into_iter();
        Some(StatementKind::Table { names, depend, from: bounds.next()?, to: bounds.next()?, with: with? })
    }

    fn lag(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        let mut inner = pair.into_inner();
        let name = self.name(&inner.next()?);
        let by = self.number_or_name(inner.next()?);
        Some(StatementKind::Lag { name, by })
    }

    /// One `(a > b) flag` of a WATCH.
    fn watch(&mut self, pair: Pair<'a>) -> Statement {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let condition = inner.next().map_or_else(|| zero(span), |condition| self.expression(condition));
        let flag = inner.next().and_then(|flag| flag.into_inner().next());
        let flag = flag.map_or_else(|| zero(span), |flag| self.number_or_name(flag));
        let compares =
            matches!(condition.kind, ExpressionKind::Binary(BinaryOperator::Greater | BinaryOperator::Less, ..));
        if !compares {
            let message = "WATCH needs a comparison by `>` or `<`";
            let diagnostic = Diagnostic::error(codes::BAD_WATCH, message, condition.span, "not such a comparison")
                .help("write `WATCH (v > threshold) 2`");
            self.diagnostics.push(diagnostic);
        }
        Statement { kind: StatementKind::Watch { condition, flag }, span }
    }

    /// A plain number or name as an expression.
    fn number_or_name(&mut self, pair: Pair<'a>) -> Expression {
        let span = self.span(&pair);
        let kind = if pair.as_rule() == Rule::number {
            let number: Number = self.number(&pair);
            ExpressionKind::Number(number, None)
        } else {
            let name: Name = self.name(&pair);
            ExpressionKind::Variable { name, index: None, primes: 0, at: None }
        };
        Expression { kind, span }
    }
}
