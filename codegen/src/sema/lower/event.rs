//! Events: net_send, net_event, net_move, WATCH, FOR_NETCONS.
//!
//! A WATCH is a variable of the instance: 0 while it is not active, else whether its condition held when it was looked at
//! last. NET_RECEIVE sets it; the `watch` kernel looks at the condition at the beginning of each step and, where it has
//! become true, sends the event.

use super::{Binding, Context, Lower};
use crate::ir::{Comparison, Expression, Place, StatementKind as Kind};
use crate::math::build::{load, number, subtract};
use crate::sema::symbols::Watch;
use nmodl_parser::ast::{self, Argument, BinaryOperator, Block, ExpressionKind, Name};
use nmodl_parser::{Diagnostic, Span};

/// The functions that send events.
pub(super) const CALLS: [&str; 3] = ["net_send", "net_event", "net_move"];

/// A WATCH that was false when it was looked at last.
const BELOW: f64 = 1.0;
/// A WATCH that was true.
const ABOVE: f64 = 2.0;
/// How far below 0 a condition counts as true when it is activated. NEURON: hoc_epsilon.
const NEARLY: f64 = -1e-11;

impl Lower<'_, '_> {
    /// `net_send(delay, flag)`, `net_event(t)`, `net_move(t)`.
    pub(super) fn event_call(&mut self, name: &Name, arguments: &[ast::Expression]) {
        let sends = name.text == "net_send";
        let handles = matches!(self.context, Context::NetReceive | Context::NetInitial | Context::Routine);
        let initialises = sends && self.context == Context::Initial;
        if !handles && !initialises {
            let home = if sends { "INITIAL and NET_RECEIVE" } else { "NET_RECEIVE" };
            return self.misplaced(&format!("`{}`", name.text), home, name.span);
        }
        if !self.check_arity(name, arguments.len(), if sends { 2 } else { 1 }) {
            return;
        }
        let mut values: Vec<Expression> = arguments.iter().map(|argument| self.value(argument)).collect();
        let last = values.pop().unwrap_or(number(0.0));
        self.emit(match (values.pop(), name.text.as_str()) {
            (Some(delay), _) => Kind::NetSend { delay, flag: last },
            (None, "net_event") => Kind::NetEvent(last),
            (None, _) => Kind::NetMove(last),
        });
    }

    /// `WATCH (a > b) flag`: the first one of a call of NET_RECEIVE ends all others.
    pub(super) fn watch(&mut self, condition: &ast::Expression, flag: &ast::Expression, span: Span) {
        if self.context != Context::NetReceive {
            return self.misplaced("WATCH", "NET_RECEIVE", span);
        }
        let Some(watch) = self.source.symbols.watches.iter().find(|watch| watch.span == span) else {
            return self.misplaced("WATCH", "NET_RECEIVE itself, not in a routine that it calls", span);
        };
        if !matches!(self.value(flag), Expression::Number(_)) {
            let message = "the flag of WATCH is not a number";
            self.report.push(
                Diagnostic::error("M0255", message, flag.span, "must be a number")
                    .help("write the number, or DEFINE a name for it"),
            );
        }
        let watching = self.watching();
        let others = self.nested(|lower| {
            for watch in &lower.source.symbols.watches {
                lower.assign(watch.place, number(0.0));
            }
            lower.assign(watching, number(1.0));
        });
        let first = compare(Comparison::Equal, load(watching), number(0.0));
        self.emit(Kind::If { condition: first, then: others, otherwise: Vec::new() });
        let height = self.height(condition);
        let holds = compare(Comparison::GreaterEqual, height, number(NEARLY));
        let place = watch.place;
        self.assign(place, Expression::Select(Box::new(holds), Box::new(number(ABOVE)), Box::new(number(BELOW))));
    }

    /// The local that tells whether this call has come to a WATCH.
    fn watching(&mut self) -> Place {
        let function = &mut self.function;
        Place::Local(*self.watching.get_or_insert_with(|| function.add_local("watching")))
    }

    /// The statements of the `watch` kernel for one WATCH.
    pub fn look_at(&mut self, watch: &Watch, condition: &ast::Expression, flag: &ast::Expression) {
        self.line = self.source.lines.of(watch.span);
        let place = watch.place;
        let flag = self.value(flag);
        let body = self.nested(|lower| {
            let height = lower.height(condition);
            let rises = lower.nested(|lower| {
                lower.assign(place, number(ABOVE));
                lower.emit(Kind::NetSend { delay: number(0.0), flag });
            });
            let was_below = compare(Comparison::Equal, load(place), number(BELOW));
            let then = vec![lower.statement_here(Kind::If { condition: was_below, then: rises, otherwise: vec![] })];
            let otherwise = lower.nested(|lower| lower.assign(place, number(BELOW)));
            let condition = compare(Comparison::Greater, height, number(0.0));
            lower.emit(Kind::If { condition, then, otherwise });
        });
        let active = compare(Comparison::NotEqual, load(place), number(0.0));
        self.emit(Kind::If { condition: active, then: body, otherwise: Vec::new() });
    }

    /// A condition `a > b` or `a < b` as a difference that is positive when it holds.
    fn height(&mut self, condition: &ast::Expression) -> Expression {
        match &condition.kind {
            ExpressionKind::Parenthesis(inner) => self.height(inner),
            ExpressionKind::Binary(BinaryOperator::Greater, a, b) => {
                let a = self.value(a);
                subtract(a, self.value(b))
            }
            ExpressionKind::Binary(BinaryOperator::Less, a, b) => {
                let a = self.value(a);
                subtract(self.value(b), a)
            }
            _ => {
                let message = "the condition of WATCH must be `a > b` or `a < b`";
                self.report.push(Diagnostic::error("M0255", message, condition.span, "not such a comparison"));
                number(0.0)
            }
        }
    }

    /// `FOR_NETCONS(w, a) { ... }`.
    pub(super) fn for_netcons(&mut self, arguments: &[Argument], body: &Block, span: Span) {
        if !matches!(self.context, Context::NetReceive | Context::NetInitial | Context::Routine) {
            return self.misplaced("FOR_NETCONS", "NET_RECEIVE", span);
        }
        if self.in_for_netcons {
            return self.misplaced("FOR_NETCONS", "NET_RECEIVE, not in another FOR_NETCONS", span);
        }
        let known = self.source.items.net_receive.map_or(0, |(arguments, _)| arguments.len());
        if known != arguments.len() {
            let message =
                format!("FOR_NETCONS has {} arguments, NET_RECEIVE {known}: they are the same ones", arguments.len());
            self.report.push(
                Diagnostic::error("M0256", message, span, "in this statement")
                    .help("give FOR_NETCONS as many arguments as NET_RECEIVE has; their names may differ"),
            );
        }
        let names = arguments
            .iter()
            .enumerate()
            .take(known)
            .map(|(at, argument)| (argument.name.text.clone(), Binding::Place(Place::EachArgument(at as u32))));
        let scope = names.collect();
        self.frame().push(scope);
        self.in_for_netcons = true;
        let line = self.line;
        let body = self.nested(|lower| lower.block(body));
        self.line = line;
        self.in_for_netcons = false;
        self.frame().pop();
        self.emit(Kind::ForNetcons { body });
    }
}

fn compare(comparison: Comparison, a: Expression, b: Expression) -> Expression {
    Expression::Compare(comparison, Box::new(a), Box::new(b))
}
