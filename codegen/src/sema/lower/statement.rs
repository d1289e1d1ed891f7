//! Statements.

use super::{Binding, Context, Lower, MOST_CALLED_STATEMENTS, library};
use crate::ir::{Expression, Place, StatementKind as Kind};
use crate::sema::draft::{Conductance, Equation};
use crate::sema::kernels::SolveStatement;
use crate::sema::refuse;
use nmodl_parser::ast::{self, Block, ExpressionKind, Name, StatementKind};
use nmodl_parser::{Diagnostic, Span};

impl Lower<'_, '_> {
    /// Lowers one statement.
    pub(super) fn statement(&mut self, statement: &ast::Statement) {
        self.line = self.source.lines.of(statement.span);
        match &statement.kind {
            StatementKind::Local(variables) => {
                for variable in variables {
                    if let Some(length) = &variable.length {
                        if let Some(length) = self.source.items.length(length, self.report) {
                            self.local_array(&variable.name, length);
                        }
                        continue;
                    }
                    let id = self.function.add_local(&variable.name.text);
                    self.bind(&variable.name.text, Binding::Place(Place::Local(id)));
                }
            }
            StatementKind::Assign { target, value } => self.assignment(target, value, statement.span),
            StatementKind::Call(call) => self.call_statement(call),
            StatementKind::If { condition, then, otherwise } => {
                let line = self.line;
                let condition = self.condition(condition);
                match self.decided(&condition) {
                    Some(true) => return self.block(then),
                    Some(false) => return otherwise.iter().for_each(|block| self.block(block)),
                    None => {}
                }
                let then = self.nested(|lower| lower.block(then));
                let otherwise = self.nested(|lower| otherwise.iter().for_each(|block| lower.block(block)));
                self.line = line;
                self.emit(Kind::If { condition, then, otherwise });
            }
            StatementKind::While { condition, body } => self.while_loop(condition, body),
            StatementKind::From { variable, first, last, step, body } => {
                self.counted_loop(variable, [Some(first), Some(last), step.as_ref()], body);
            }
            StatementKind::Solve { block, method, steady_state, .. } => {
                let method = method.as_ref();
                self.solve(SolveStatement { block, method, steady_state: *steady_state, span: statement.span });
            }
            StatementKind::Conductance { conductance, ion } => {
                self.conductance(conductance, ion.as_ref(), statement.span);
            }
            // See `sema::tables`.
            StatementKind::Table { .. } if !self.calls.is_empty() => {}
            StatementKind::Table { .. } => self.misplaced("TABLE", "a FUNCTION or PROCEDURE", statement.span),
            // What could not be translated; the text says what it is.
            StatementKind::Verbatim(what) => {
                let mut diagnostic = refuse::VERBATIM.at(statement.span);
                diagnostic.message = format!("VERBATIM: {what} is not supported");
                self.report.push(diagnostic);
            }
            StatementKind::Block(block) => self.block(block),
            StatementKind::Protect(inner) => self.statement(inner),
            StatementKind::Mutex(_) | StatementKind::UnitsSwitch(_) => {}
            // In NET_RECEIVE it is a kernel of its own.
            StatementKind::Initial(_) if self.context == Context::NetReceive => {}
            StatementKind::Initial(_) => self.misplaced("INITIAL", "NET_RECEIVE or the top level", statement.span),
            StatementKind::Reaction(reaction) => self.reaction(reaction, statement.span),
            StatementKind::Conserve { terms, total } => self.conserve(terms, total, statement.span),
            // Read before the block's other statements.
            StatementKind::Compartment { .. } if self.context == Context::Kinetic => {}
            StatementKind::Compartment { .. } => {
                self.misplaced("COMPARTMENT", "a KINETIC block", statement.span);
            }
            StatementKind::Equation { left, right } => self.simultaneous_equation(left, right, statement.span),
            // A kernel of its own.
            StatementKind::LongitudinalDiffusion { .. } if self.context == Context::Kinetic => {}
            StatementKind::LongitudinalDiffusion { .. } => {
                self.misplaced("LONGITUDINAL_DIFFUSION", "a KINETIC block", statement.span);
            }
            StatementKind::Watch { condition, flag } => self.watch(condition, flag, statement.span),
            StatementKind::ForNetcons { arguments, body } => self.for_netcons(arguments, body, statement.span),
            StatementKind::Lag { .. } => self.report.push(refuse::LAG.at(statement.span)),
            StatementKind::Legacy(name) => self.report.push(refuse::LEGACY.at(name.span)),
            StatementKind::Bare { name, .. } => {
                let message = format!("`{}` alone is not a statement", name.text);
                self.report.push(
                    Diagnostic::error("M0222", message, statement.span, "does nothing")
                        .help("a call needs parentheses, an assignment `=`"),
                );
            }
        }
    }

    pub(super) fn misplaced(&mut self, what: &str, home: &str, span: Span) {
        let message = format!("{what} does not belong here");
        self.report.push(Diagnostic::error("M0218", message, span, format!("only in {home}")));
    }

    fn assignment(&mut self, target: &ast::Expression, value: &ast::Expression, span: Span) {
        let ExpressionKind::Variable { name, index, primes, at } = &target.kind else {
            self.report.push(Diagnostic::error("M0208", "this cannot be assigned", target.span, "not a variable"));
            return;
        };
        if at.is_some() {
            self.report.push(refuse::HISTORY.at(target.span));
        }
        match primes {
            0 => {
                let value = self.value(value);
                self.store(name, index.as_deref(), value);
            }
            1 => self.equation(name, index.as_deref(), value, span),
            _ => self.report.push(refuse::HIGHER_DERIVATIVE.at(target.span)),
        }
    }

    fn equation(&mut self, name: &Name, index: Option<&ast::Expression>, right: &ast::Expression, span: Span) {
        if !self.in_equations() {
            self.report.push(
                Diagnostic::error("M0211", "an equation outside a DERIVATIVE block", span, "not solved by anything")
                    .help("move it to a DERIVATIVE block that BREAKPOINT SOLVEs"),
            );
            return;
        }
        if !self.source.symbols.state_names.contains(&name.text) {
            if self.bound(&name.text).is_none() && self.source.symbols.get(&name.text).is_none() {
                self.undeclared(name);
            } else {
                let message = format!("`{}` has an equation but is no STATE", name.text);
                self.report
                    .push(Diagnostic::error("M0205", message, name.span, "not a STATE").help("declare it in STATE"));
            }
            return;
        }
        let value = self.value(right);
        let Some(state) = self.state_of(name, index) else { return };
        let in_call = self.stands_in_call(right, &name.text);
        let name = self.place_name(state, &name.text);
        self.equations.push(Equation { state, name, in_call, span });
        self.emit(Kind::Derivative(state, value));
    }

    /// Whether a call becomes statements of its own.
    fn is_expanded(&self, name: &str) -> bool {
        self.source.items.routines.contains_key(name) || library::names().any(|known| known == name)
    }

    /// Whether `state` stands in an argument of one of the file's routines, or of the library's.
    fn stands_in_call(&self, e: &ast::Expression, state: &str) -> bool {
        match &e.kind {
            ExpressionKind::Number(..) | ExpressionKind::Text(_) | ExpressionKind::Variable { .. } => false,
            ExpressionKind::Call { name, arguments } => arguments.iter().any(|argument| {
                self.stands_in_call(argument, state) || (self.is_expanded(&name.text) && names(argument, state))
            }),
            ExpressionKind::Unary(_, a) | ExpressionKind::Parenthesis(a) => self.stands_in_call(a, state),
            ExpressionKind::Binary(_, a, b) => self.stands_in_call(a, state) || self.stands_in_call(b, state),
        }
    }

    fn while_loop(&mut self, condition: &ast::Expression, body: &Block) {
        let (line, span) = (self.line, condition.span);
        let mut before = Vec::new();
        let mut test = Expression::Number(0.0);
        // Calls in the condition are expanded before the loop and at the end of each round.
        before.extend(self.nested(|lower| test = lower.condition(condition)));
        let mut body = self.nested(|lower| lower.block(body));
        if !self.is_too_large(MOST_CALLED_STATEMENTS, span) {
            body.extend(self.again(&before));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.extend(before);
        }
        self.line = line;
        self.emit_while(test, body);
    }

    pub(super) fn solve(&mut self, statement: SolveStatement) {
        let SolveStatement { block, steady_state, span, .. } = statement;
        if !self.may_solve() {
            return self.misplaced("SOLVE", "blocks that are not solved themselves", span);
        }
        if self.context == Context::Breakpoint && self.calls.is_empty() {
            // Hoisted into the state kernel.
        } else if self.source.items.solvables.contains_key(block.text.as_str()) {
            if let Some(mut solve) = self.solved_block(statement) {
                let body = std::mem::take(&mut solve.body);
                self.line = solve.line;
                let number = self.source.solves.borrow().len() as u32;
                self.source.solves.borrow_mut().push(solve);
                self.emit(Kind::Solve { number, body });
            }
        } else if self.source.items.routines.contains_key(block.text.as_str()) && !steady_state {
            self.user_call(block, &[]);
        } else {
            self.unknown_block(block);
        }
    }

    /// Reports a SOLVE of a block that does not exist.
    pub(in crate::sema) fn unknown_block(&mut self, block: &Name) {
        let items = self.source.items;
        let known = items.solvables.keys().chain(items.routines.keys()).copied();
        let help = match crate::sema::suggest::nearest(&block.text, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write a block `DERIVATIVE {} {{ ... }}`", block.text),
        };
        let message = format!("there is no block `{}` to SOLVE", block.text);
        self.report.push(Diagnostic::error("M0206", message, block.span, "not defined").help(help));
    }

    fn conductance(&mut self, conductance: &Name, ion: Option<&Name>, span: Span) {
        if self.context != Context::Breakpoint || !self.calls.is_empty() {
            return self.misplaced("CONDUCTANCE", "BREAKPOINT", span);
        }
        let id = match ion {
            None => None,
            Some(name) => {
                let at = self.source.symbols.ions.iter().position(|ion| ion.name == name.text);
                let Some(at) = at else {
                    let message = format!("the mechanism does not use ion `{}`", name.text);
                    self.report.push(
                        Diagnostic::error("M0209", message, name.span, "unknown ion")
                            .help("add a USEION statement to the NEURON block"),
                    );
                    return;
                };
                Some(crate::ir::IonId(at as u32))
            }
        };
        let place = match self.read(conductance) {
            Expression::Load(place) => place,
            constant => {
                let local = Place::Local(self.function.add_local(&conductance.text));
                self.assign(local, constant);
                local
            }
        };
        self.conductances.push(Conductance { place, ion: id });
    }
}

fn names(e: &ast::Expression, variable: &str) -> bool {
    match &e.kind {
        ExpressionKind::Number(..) | ExpressionKind::Text(_) => false,
        ExpressionKind::Variable { name, .. } => name.text == variable,
        ExpressionKind::Call { arguments, .. } => arguments.iter().any(|argument| names(argument, variable)),
        ExpressionKind::Unary(_, a) | ExpressionKind::Parenthesis(a) => names(a, variable),
        ExpressionKind::Binary(_, a, b) => names(a, variable) || names(b, variable),
    }
}
