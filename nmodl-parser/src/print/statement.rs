//! Statements as text.

use super::expression::print_expression;
use super::{Printer, formals, locals, names, units_switch};
use crate::ast::{Block, Expression, Reaction, ReactionArrow, ReactionTerm, Statement, StatementKind};

impl Printer {
    /// `head { statements }`.
    pub(super) fn block(&mut self, head: &str, block: &Block) {
        self.braces(head, |printer| printer.statements(block));
    }

    fn statements(&mut self, block: &Block) {
        block.statements.iter().for_each(|statement| self.statement(&statement.kind));
    }

    pub(super) fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::If { condition, then, otherwise } => self.if_chain(condition, then, otherwise.as_ref()),
            StatementKind::While { condition, body } => {
                self.block(&format!("while ({})", print_expression(condition)), body);
            }
            StatementKind::From { variable, first, last, step, body } => {
                let (first, last) = (print_expression(first), print_expression(last));
                let step = step.as_ref().map_or_else(String::new, |step| format!(" BY {}", print_expression(step)));
                self.block(&format!("FROM {} = {first} TO {last}{step}", variable.text), body);
            }
            StatementKind::Solve { if_error: Some(body), .. } => self.block(&format!("{} IFERROR", simple(kind)), body),
            StatementKind::ForNetcons { arguments, body } => {
                self.block(&format!("FOR_NETCONS({})", formals(arguments)), body);
            }
            StatementKind::Initial(body) => self.block("INITIAL", body),
            StatementKind::Block(body) => self.block("", body),
            StatementKind::Verbatim(text) => self.verbatim(text),
            simple_kind => self.line(&simple(simple_kind)),
        }
    }

    /// `if`, each `else if`, `else`, each closing brace on a line with what follows.
    fn if_chain(&mut self, condition: &Expression, then: &Block, otherwise: Option<&Block>) {
        let mut head = format!("if ({}) {{", print_expression(condition));
        let (mut then, mut otherwise) = (then, otherwise);
        loop {
            self.line(&head);
            self.depth += 1;
            self.statements(then);
            self.depth -= 1;
            let Some(last) = otherwise else { break };
            match last.statements.as_slice() {
                [Statement { kind: StatementKind::If { condition, then: next, otherwise: rest }, .. }] => {
                    head = format!("}} else if ({}) {{", print_expression(condition));
                    (then, otherwise) = (next, rest.as_ref());
                }
                _ => {
                    head = "} else {".to_owned();
                    (then, otherwise) = (last, None);
                }
            }
        }
        self.line("}");
    }
}

/// A statement of one line.
fn simple(kind: &StatementKind) -> String {
    match kind {
        StatementKind::Local(variables) => format!("LOCAL {}", locals(variables)),
        StatementKind::Assign { target, value } => {
            format!("{} = {}", print_expression(target), print_expression(value))
        }
        StatementKind::Call(call) => print_expression(call),
        StatementKind::Solve { block, method, steady_state, if_error: _ } => {
            let word = if *steady_state { "STEADYSTATE" } else { "METHOD" };
            let method = method.as_ref().map_or_else(String::new, |method| format!(" {word} {}", method.text));
            format!("SOLVE {}{method}", block.text)
        }
        StatementKind::Conductance { conductance, ion } => {
            let ion = ion.as_ref().map_or_else(String::new, |ion| format!(" USEION {}", ion.text));
            format!("CONDUCTANCE {}{ion}", conductance.text)
        }
        StatementKind::Reaction(reaction) => print_reaction(reaction),
        StatementKind::Equation { left, right } => {
            format!("~ {} = {}", print_expression(left), print_expression(right))
        }
        StatementKind::Conserve { terms, total } => {
            let mut out = "CONSERVE".to_owned();
            for (index, term) in terms.iter().enumerate() {
                match (term.negative, index) {
                    (true, _) => out.push_str(" -"),
                    (false, 0) => {}
                    (false, _) => out.push_str(" +"),
                }
                if let Some(coefficient) = &term.coefficient {
                    out.push_str(&format!(" {}", print_expression(coefficient)));
                }
                out.push_str(&format!(" {}", print_expression(&term.state)));
            }
            format!("{out} = {}", print_expression(total))
        }
        StatementKind::Compartment { index, volume, states } => {
            let index = index.as_ref().map_or_else(String::new, |index| format!("{}, ", index.text));
            format!("COMPARTMENT {index}{} {{ {} }}", print_expression(volume), spaced(states))
        }
        StatementKind::LongitudinalDiffusion { index, coefficient, states } => {
            let index = index.as_ref().map_or_else(String::new, |index| format!("{}, ", index.text));
            format!("LONGITUDINAL_DIFFUSION {index}{} {{ {} }}", print_expression(coefficient), spaced(states))
        }
        StatementKind::Table { names: list, depend, from, to, with } => {
            let mut out = "TABLE".to_owned();
            if !list.is_empty() {
                out.push_str(&format!(" {}", names(list)));
            }
            if !depend.is_empty() {
                out.push_str(&format!(" DEPEND {}", names(depend)));
            }
            format!("{out} FROM {} TO {} WITH {}", print_expression(from), print_expression(to), with.text)
        }
        StatementKind::Watch { condition, flag } => {
            format!("WATCH ({}) {}", print_expression(condition), print_expression(flag))
        }
        StatementKind::Protect(inner) => format!("PROTECT {}", simple(&inner.kind)),
        StatementKind::Mutex(lock) => (if *lock { "MUTEXLOCK" } else { "MUTEXUNLOCK" }).to_owned(),
        StatementKind::Lag { name, by } => format!("LAG {} BY {}", name.text, print_expression(by)),
        StatementKind::UnitsSwitch(on) => units_switch(*on).to_owned(),
        StatementKind::Bare { name, unit } => {
            let unit = unit.as_ref().map_or_else(String::new, |unit| format!(" ({})", unit.text));
            format!("{}{unit}", name.text)
        }
        StatementKind::Legacy(name) => name.text.clone(),
        // Statements with blocks are printed by `Printer::statement`.
        StatementKind::If { .. }
        | StatementKind::While { .. }
        | StatementKind::From { .. }
        | StatementKind::ForNetcons { .. }
        | StatementKind::Initial(_)
        | StatementKind::Verbatim(_)
        | StatementKind::Block(_) => String::new(),
    }
}

fn spaced(states: &[crate::ast::Name]) -> String {
    states.iter().map(|state| state.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn print_reaction(reaction: &Reaction) -> String {
    let side = |terms: &[ReactionTerm]| {
        let print = |term: &ReactionTerm| {
            let coefficient = term.coefficient.as_ref();
            let coefficient = coefficient.map_or_else(String::new, |number| format!("{} ", number.text));
            format!("{coefficient}{}", print_expression(&term.state))
        };
        terms.iter().map(print).collect::<Vec<_>>().join(" + ")
    };
    let left = side(&reaction.reactants);
    let forward = print_expression(&reaction.forward);
    match reaction.arrow {
        ReactionArrow::Reversible => {
            let backward = reaction.backward.as_ref().map_or_else(|| "0".to_owned(), print_expression);
            format!("~ {left} <-> {} ({forward}, {backward})", side(&reaction.products))
        }
        ReactionArrow::Influx => format!("~ {left} << ({forward})"),
        ReactionArrow::Outflow => format!("~ {left} -> ({forward})"),
    }
}
