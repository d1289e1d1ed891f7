//! Calls: mathematics, the file's own routines (expanded in place), and the simulator's functions.

use super::{Binding, Context, Lower, MOST_CALLED_STATEMENTS, Source, library};
use crate::ir::{Comparison, Expression, Input, Math, Place, TableColumn};
use crate::math::build::{number, subtract};
use crate::sema::kernels::{SolveStatement, solve_of};
use crate::sema::refuse::{self, Refusal};
use crate::sema::suggest;
use crate::sema::tables::Tabulated;
use nmodl_parser::ast::{self, ExpressionKind, Name, SolvableKind};
use nmodl_parser::{Diagnostic, Span};
use std::collections::HashMap;

/// C's mathematical functions under their NMODL names.
const MATH: &[(&str, Math)] = &[
    ("exp", Math::Exp),
    ("expm1", Math::Expm1),
    ("exprelr", Math::Exprelr),
    ("log", Math::Log),
    ("log10", Math::Log10),
    ("pow", Math::Pow),
    ("sqrt", Math::Sqrt),
    ("fabs", Math::Abs),
    ("abs", Math::Abs),
    ("floor", Math::Floor),
    ("ceil", Math::Ceil),
    ("sin", Math::Sin),
    ("cos", Math::Cos),
    ("tan", Math::Tan),
    ("sinh", Math::Sinh),
    ("cosh", Math::Cosh),
    ("tanh", Math::Tanh),
    ("atan", Math::Atan),
    ("fmin", Math::Min),
    ("fmax", Math::Max),
    ("fmod", Math::Fmod),
];

/// The simulator's functions that are refused.
const REFUSED: &[(&[&str], &Refusal)] = &[
    (&["setseed", "random_poisson", "nrn_random_pick", "nrn_random_arg", "unirand", "invl"], &refuse::RANDOM_FUNCTION),
    (
        &[
            "nrn_get_mechname",
            "deflate",
            "expfit",
            "derivs",
            "romberg",
            "boundary",
            "crank",
            "spline",
            "threshold",
            "tridiag",
            "legendre",
            "invert",
            "dense",
            "force",
            "stepforce",
            "schedule",
            "set_call_nr",
            "section_pointer",
            "nrn_random_play",
            "secant",
            "error",
        ],
        &refuse::MODL_FUNCTION,
    ),
];

impl Lower<'_, '_> {
    /// The value of a call.
    pub(super) fn call_value(&mut self, name: &Name, arguments: &[ast::Expression], span: Span) -> Expression {
        if let Some(item) = self.source.items.routines.get(name.text.as_str()) {
            let is_function = item.is_function;
            let result = self.user_call(name, arguments);
            if !is_function {
                let message = format!("PROCEDURE `{}` has no value", name.text);
                self.report.push(
                    Diagnostic::warning("M0392", message, span, "0 is used")
                        .help("make it a FUNCTION, or call it as a statement of its own"),
                );
            }
            return result;
        }
        if let Some((_, function)) = MATH.iter().find(|(known, _)| *known == name.text) {
            if !self.check_arity(name, arguments.len(), function.arity()) {
                return Expression::Number(0.0);
            }
            let arguments = arguments.iter().map(|argument| self.value(argument)).collect();
            return Expression::Call(*function, arguments);
        }
        if let Some(value) = self.function_table(name, arguments) {
            return value;
        }
        if name.text == "at_time" {
            return self.at_time(name, arguments);
        }
        if super::event::CALLS.contains(&name.text.as_str()) {
            let message = format!("`{}` has no value", name.text);
            self.report.push(
                Diagnostic::error("M0213", message, span, "used as a number")
                    .help("write it as a statement of its own"),
            );
            return Expression::Number(0.0);
        }
        // No instance runs before its POINTERs are set.
        if name.text == "nrn_pointing" {
            return number(1.0);
        }
        if let Some(value) = self.random_call(name, arguments) {
            return value;
        }
        if let Some(value) = self.library_call(name, arguments) {
            return value;
        }
        self.refuse_call(name);
        Expression::Number(0.0)
    }

    /// A call as a statement.
    pub(super) fn call_statement(&mut self, call: &ast::Expression) {
        let ExpressionKind::Call { name, arguments } = &call.kind else {
            return;
        };
        if self.source.items.routines.contains_key(name.text.as_str()) {
            self.user_call(name, arguments);
            return;
        }
        if let Some(statement) = called_block(self.source, self.context, name, arguments) {
            let message = format!("DERIVATIVE block `{}` called like a PROCEDURE", name.text);
            self.report.push(Diagnostic::warning("M0343", message, call.span, "advances the states by one dt").help(
                "as in NEURON; call the PROCEDURE that computes the rates, and assign the steady state: `m = minf`",
            ));
            return self.solve(statement);
        }
        if super::event::CALLS.contains(&name.text.as_str()) {
            return self.event_call(name, arguments);
        }
        if self.function_table(name, arguments).is_some() {
            return;
        }
        match name.text.as_str() {
            "state_discontinuity" => self.state_discontinuity(name, arguments),
            "at_time" => {
                self.at_time(name, arguments);
            }
            "printf" | "fprintf" => self.report.push(
                Diagnostic::warning("M0308", format!("`{}` is skipped", name.text), call.span, "prints nothing")
                    .help("mechanisms do not print; record the variable in a report instead"),
            ),
            known if MATH.iter().any(|(name, _)| *name == known) => {
                for argument in arguments {
                    self.value(argument);
                }
            }
            _ => {
                if self.random_call(name, arguments).is_none() && self.library_call(name, arguments).is_none() {
                    self.refuse_call(name);
                }
            }
        }
    }

    /// A call of a FUNCTION_TABLE; one that only routines nothing calls make has no value.
    fn function_table(&mut self, name: &Name, arguments: &[ast::Expression]) -> Option<Expression> {
        let (defined, wanted) = *self.source.items.function_tables.iter().find(|(table, _)| table.text == name.text)?;
        if self.check_arity_of(name, arguments.len(), wanted, Some(defined.span)) {
            for argument in arguments {
                self.value(argument);
            }
        }
        Some(self.source.symbols.function_tables.get(&name.text).map_or(number(0.0), |id| Expression::column(*id)))
    }

    /// `at_time(x)` with a fixed step: whether x lies within the last dt. NEURON: cvodestb.cpp at_time.
    fn at_time(&mut self, name: &Name, arguments: &[ast::Expression]) -> Expression {
        if !self.check_arity(name, arguments.len(), 1) {
            return Expression::Number(0.0);
        }
        let event = self.value(&arguments[0]);
        let event = subtract(self.repeatable(event), number(1e-11));
        let (now, step) = (Expression::Input(Input::T), Expression::Input(Input::Dt));
        let compare = |comparison, a, b| Box::new(Expression::Compare(comparison, Box::new(a), Box::new(b)));
        let reached = compare(Comparison::LessEqual, event.clone(), now.clone());
        let recent = compare(Comparison::Greater, event, subtract(now, step));
        let condition = Expression::And(reached, recent);
        Expression::Select(Box::new(condition), Box::new(number(1.0)), Box::new(number(0.0)))
    }

    /// `state_discontinuity(x, value)` assigns with a fixed step.
    fn state_discontinuity(&mut self, name: &Name, arguments: &[ast::Expression]) {
        if !self.check_arity(name, arguments.len(), 2) {
            return;
        }
        let ExpressionKind::Variable { name: variable, index, .. } = &arguments[0].kind else {
            let message = "the first argument of `state_discontinuity` must be a variable";
            self.report.push(Diagnostic::error("M0203", message, arguments[0].span, "not a variable"));
            return;
        };
        let value = self.value(&arguments[1]);
        self.store(variable, index.as_deref(), value);
    }

    /// Expands a FUNCTION or PROCEDURE; gives a FUNCTION's result.
    pub(super) fn user_call(&mut self, name: &Name, arguments: &[ast::Expression]) -> Expression {
        let Some(item) = self.source.items.routines.get(name.text.as_str()).copied() else {
            return Expression::Number(0.0);
        };
        let routine = item.routine;
        if !self.check_arity_of(name, arguments.len(), routine.arguments.len(), Some(routine.name.span)) {
            return Expression::Number(0.0);
        }
        if self.calls.contains(&name.text) {
            self.recursion(name);
            return Expression::Number(0.0);
        }
        self.expansions += 1;
        if self.is_too_large(MOST_CALLED_STATEMENTS, name.span) {
            return Expression::Number(0.0);
        }
        let mut scope = HashMap::new();
        for (formal, argument) in routine.arguments.iter().zip(arguments) {
            let value = self.value(argument);
            let id = self.function.add_local(&formal.name.text);
            self.assign(Place::Local(id), value);
            scope.insert(formal.name.text.clone(), Binding::Place(Place::Local(id)));
        }
        let mut result = Expression::Number(0.0);
        if item.is_function {
            let id = self.function.add_local(&name.text);
            result = Expression::local(id);
            scope.insert(name.text.clone(), Binding::Place(Place::Local(id)));
        }
        if let Some(tabulated) = self.source.tables.routines.get(name.text.as_str()) {
            let argument = routine.arguments.first().and_then(|formal| scope.get(&formal.name.text));
            if let Some(Binding::Place(argument)) = argument.copied() {
                self.look_up(tabulated, argument, &result);
                return result;
            }
        }
        let line = self.line;
        self.calls.push(name.text.clone());
        self.frames.push(vec![scope]);
        self.block(&routine.body);
        self.frames.pop();
        self.calls.pop();
        self.line = line;
        result
    }

    /// A call in a circle, in the words of [`uses`](crate::sema::uses), which has mostly found it before.
    fn recursion(&mut self, name: &Name) {
        let cycle: Vec<&str> = self.calls.iter().map(String::as_str).skip_while(|call| *call != name.text).collect();
        let mut diagnostic = refuse::RECURSION.at(name.span);
        diagnostic.message = format!("`{0}` calls itself: {1} -> {0}", name.text, cycle.join(" -> "));
        self.report.push(diagnostic);
    }

    /// The outputs of a routine with TABLE at an argument.
    fn look_up(&mut self, tabulated: &Tabulated, argument: Place, result: &Expression) {
        let value = |output: usize| {
            let column = TableColumn { output: output as u32, ..tabulated.column };
            Expression::Lookup(column, Box::new(Expression::Load(argument)))
        };
        if let Expression::Load(place) = result {
            self.assign(*place, value(0));
        }
        for (output, target) in tabulated.targets.iter().enumerate() {
            self.assign(*target, value(output));
        }
    }

    pub(super) fn check_arity(&mut self, name: &Name, given: usize, wanted: usize) -> bool {
        self.check_arity_of(name, given, wanted, None)
    }

    /// The same for a routine of the file, defined at `defined`.
    fn check_arity_of(&mut self, name: &Name, given: usize, wanted: usize, defined: Option<Span>) -> bool {
        if given == wanted {
            return true;
        }
        let plural = if wanted == 1 { "" } else { "s" };
        let message = format!("`{}` takes {wanted} argument{plural}, not {given}", name.text);
        let diagnostic = Diagnostic::error("M0203", message, name.span, "called here");
        self.report.push(match defined {
            Some(span) => diagnostic.label(span, "defined here"),
            None => diagnostic,
        });
        false
    }

    fn refuse_call(&mut self, name: &Name) {
        if let Some((_, refusal)) = REFUSED.iter().find(|(names, _)| names.contains(&name.text.as_str())) {
            let mut diagnostic = refusal.at(name.span);
            diagnostic.message = format!("`{}` is not supported", name.text);
            self.report.push(diagnostic);
            return;
        }
        if self.bound(&name.text).is_some() || self.source.symbols.get(&name.text).is_some() {
            let message = format!("`{}` is a variable, not a function", name.text);
            self.report.push(
                Diagnostic::error("M0219", message, name.span, "called here")
                    .help("write `*` between the factors of a product"),
            );
            return;
        }
        let known = MATH
            .iter()
            .map(|(known, _)| *known)
            .chain(library::names().map(|known| -> &str { known }))
            .chain(self.source.items.routines.keys().copied());
        let help = match suggest::nearest(&name.text, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "define it as a FUNCTION or PROCEDURE of this file".to_owned(),
        };
        let message = format!("unknown function `{}`", name.text);
        self.report.push(Diagnostic::error("M0202", message, name.span, "not defined").help(help));
    }
}

/// The SOLVE that a call of a DERIVATIVE block in INITIAL amounts to, if BREAKPOINT solves it by a method whose function in
/// NEURON is a step.
fn called_block<'a>(
    source: Source<'a>,
    context: Context,
    name: &Name,
    arguments: &[ast::Expression],
) -> Option<SolveStatement<'a>> {
    let item = source.items.solvables.get(name.text.as_str())?;
    if item.kind != SolvableKind::Derivative || !arguments.is_empty() || context != Context::Initial {
        return None;
    }
    let statement = solve_of(source, &name.text)?;
    let method = statement.method.map_or("derivimplicit", |method| method.text.as_str());
    matches!(method, "cnexp" | "derivimplicit").then_some(statement)
}
