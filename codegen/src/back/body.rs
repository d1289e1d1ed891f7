//! Statements of a kernel as text, common to the back ends: Rust and WGSL agree in all but declarations and loop heads.

use super::Sources;
use super::expression::{Dialect, print};
use super::variables::{Variable, Variables};
use crate::ir::{Array, Expression, Function, Input, Mechanism, Place, Statement, StatementKind, WHILE_LIMIT};
use crate::names::{Language, Namer};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What differs between the languages in statements.
pub(super) trait Statements: Dialect {
    /// `let name = value;`
    fn declare(&self, name: &str, value: &str, changes: bool, constant: bool) -> String;
    /// The same for an array of values.
    fn declare_array(&self, name: &str, values: &[String], changes: bool) -> String;
    /// Head of a loop of at most `limit` rounds, with the opening brace.
    fn rounds(&self, limit: u32) -> String;
    /// A comment on its own line.
    fn comment(&self, text: &str) -> String;
    /// Sends an event.
    fn post(&self, post: Post, values: &[String]) -> String;
    /// Head of a loop over the NetCons of the instance, with the opening brace and all that each round begins with.
    fn netcons(&self) -> Vec<&'static str>;
    /// An assignment to a variable that is declared.
    fn store(&self, variable: Variable, value: &str) -> String {
        format!("{} = {value};", self.variable(variable))
    }
}

/// How a kernel sends an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Post {
    /// `net_send`: delay and flag.
    Send,
    /// `net_event`: time.
    Event,
    /// `net_move`: time.
    Move,
}

impl Post {
    /// Its name in both languages.
    pub fn name(self) -> &'static str {
        match self {
            Post::Send => "send",
            Post::Event => "event",
            Post::Move => "move_to",
        }
    }
}

/// Names of the variables and inputs of one kernel.
pub(super) struct Names {
    arrays: BTreeMap<Variable, String>,
    variables: BTreeMap<Variable, String>,
    namer: Namer,
}

impl Names {
    /// Names as in the mod file; a value of an ion is `ca_conci`.
    pub fn new(language: Language, mechanism: &Mechanism, function: &Function, variables: &Variables) -> Self {
        let mut namer = Namer::new(language);
        for input in [Input::V, Input::T, Input::Dt, Input::Celsius, Input::Area, Input::Diam, Input::Flag] {
            namer.name(input_name(input));
        }
        // Parameters of the WGSL functions.
        for ion in &mechanism.ions {
            namer.name(&format!("ion_{}", ion.name));
        }
        let wanted = |variable: &Variable| match variable {
            Variable::Column(id) => mechanism.columns[id.0 as usize].name.clone(),
            Variable::Global(id) => mechanism.globals[id.0 as usize].name.clone(),
            Variable::Net(at) | Variable::Each(at) => mechanism.net_arguments[*at as usize].clone(),
            Variable::Ion(ion, field) => {
                let field = format!("{field:?}").to_ascii_lowercase();
                format!("{}_{field}", mechanism.ions[ion.0 as usize].name)
            }
            // The input's own name.
            Variable::V => input_name(Input::V).to_owned(),
            Variable::Rhs => "rhs".to_owned(),
            Variable::Diagonal => "d".to_owned(),
            Variable::Local(id) => function.locals[id.0 as usize].name.clone(),
        };
        let suffix = match language {
            Language::Rust => "",
            Language::Wgsl => "u",
        };
        let (mut arrays, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (first, array) in &variables.arrays {
            let name = namer.name(wanted(first).trim_end_matches("[0]"));
            for (at, element) in array.elements().enumerate() {
                names.insert(element.into(), format!("{name}[{at}{suffix}]"));
            }
            arrays.insert(*first, name);
        }
        for variable in variables.usage.keys() {
            if *variable == Variable::V {
                names.insert(*variable, wanted(variable));
            } else if !names.contains_key(variable) {
                names.insert(*variable, namer.name(&wanted(variable)));
            }
        }
        Self { arrays, variables: names, namer }
    }

    /// The name of an array that the kernel indexes at run time.
    pub fn of_array(&self, array: Array) -> &str {
        self.arrays.get(&array.first.into()).map_or("", String::as_str)
    }

    /// The name of a variable that the kernel uses.
    pub fn of(&self, variable: Variable) -> &str {
        self.variables.get(&variable).map_or("", String::as_str)
    }

    /// Another name that the kernel has not yet.
    pub fn fresh(&mut self, wanted: &str) -> String {
        self.namer.name(wanted)
    }
}

/// The name of an input, in both languages.
pub(super) fn input_name(input: Input) -> &'static str {
    match input {
        Input::V => "v",
        Input::T => "t",
        Input::Dt => "dt",
        Input::Celsius => "celsius",
        Input::Area => "area",
        Input::Diam => "diam",
        Input::Flag => "flag",
    }
}

/// Prints the statements of one kernel.
pub(super) struct Body<'a, D> {
    pub dialect: &'a D,
    pub variables: &'a Variables,
    pub source: &'a str,
    lines: Vec<&'a str>,
    out: String,
    indent: usize,
    number: usize,
    line: u32,
}

impl<'a, D: Statements> Body<'a, D> {
    /// A printer for a kernel of `mechanism`, `indent` levels deep.
    pub fn new(
        dialect: &'a D,
        variables: &'a Variables,
        mechanism: &'a Mechanism,
        sources: &'a Sources,
        indent: usize,
    ) -> Self {
        let lines = sources.get(&mechanism.source).map_or_else(Vec::new, |text| text.lines().collect());
        Self { dialect, variables, source: &mechanism.source, lines, out: String::new(), indent, number: 0, line: 0 }
    }

    /// The text of the first `count` statements, which are assignments.
    pub fn print_first(mut self, function: &Function, count: usize) -> String {
        self.block(&function.body[..count]);
        self.out
    }

    /// The text of all statements, declarations of locals that need one up front first.
    pub fn print(self, function: &Function) -> String {
        self.print_after(function, 0)
    }

    /// The same for what [`Body::print_first`] leaves.
    pub fn print_after(mut self, function: &Function, count: usize) -> String {
        self.number = count;
        for variable in self.variables.usage.keys() {
            if matches!(variable, Variable::Local(_))
                && self.variables.is_preset(*variable)
                && !self.variables.is_element(*variable)
            {
                let changes = self.variables.get(*variable).changes;
                self.push(&self.dialect.declare(
                    &self.dialect.variable(*variable),
                    &self.dialect.number(0.0),
                    changes,
                    true,
                ));
            }
        }
        for array in self.variables.arrays.values() {
            if matches!(array.first, Place::Local(_)) {
                let zeros = vec![self.dialect.number(0.0); array.length as usize];
                let changes = self.variables.is_changed(*array);
                self.push(&self.dialect.declare_array(&self.dialect.array(*array), &zeros, changes));
            }
        }
        self.block(&function.body[count..]);
        self.out
    }

    fn push(&mut self, line: &str) {
        let _ = writeln!(self.out, "{:width$}{line}", "", width = 4 * self.indent);
    }

    /// The NMODL line of a statement, unless it stands above already.
    fn quote(&mut self, line: u32) {
        if line == 0 || line == self.line {
            return;
        }
        self.line = line;
        let text = self.lines.get(line as usize - 1).map_or("", |text| text.trim());
        let comment = format!("{}:{line}{}{text}", self.source, if text.is_empty() { "" } else { "  " });
        self.push(&self.dialect.comment(&comment));
    }

    fn block(&mut self, body: &[Statement]) {
        for statement in body {
            self.statement(statement);
        }
    }

    fn inner(&mut self, body: &[Statement]) {
        self.indent += 1;
        self.block(body);
        self.indent -= 1;
    }

    fn leave_if(&mut self, condition: &str) {
        self.indent += 1;
        self.push(&format!("if {condition} {{"));
        self.push("    break;");
        self.push("}");
        self.indent -= 1;
    }

    fn statement(&mut self, statement: &Statement) {
        let number = self.number;
        self.number += 1;
        self.quote(statement.line);
        match &statement.kind {
            StatementKind::Assign(place, value) => self.assign((*place).into(), value, number),
            StatementKind::AssignElement(array, index, value) => {
                let element = self.dialect.element(*array, &print(self.dialect, index));
                let value = print(self.dialect, value);
                self.push(&format!("{element} = {value};"));
            }
            StatementKind::Draw(draw) => {
                let arguments: Vec<String> = draw.arguments.iter().map(|e| print(self.dialect, e)).collect();
                let function = self.dialect.generator(draw.generator);
                self.push("{");
                self.indent += 1;
                self.push(&format!("let drawn = {function}({});", arguments.join(", ")));
                for (place, field) in draw.places().into_iter().zip(["value", "low", "high"]) {
                    self.push(&format!("{} = drawn.{field};", self.dialect.variable(place.into())));
                }
                self.indent -= 1;
                self.push("}");
            }
            StatementKind::StoreIon(ion, field, value) => self.assign(Variable::Ion(*ion, *field), value, number),
            StatementKind::AddIon(ion, field, value) => self.add(Variable::Ion(*ion, *field), value),
            StatementKind::StoreV(value) => self.assign(Variable::V, value, number),
            StatementKind::AddRhs(value) => self.add(Variable::Rhs, value),
            StatementKind::AddDiagonal(value) => self.add(Variable::Diagonal, value),
            StatementKind::If { condition, then, otherwise } => {
                self.push(&format!("if {} {{", print(self.dialect, condition)));
                self.inner(then);
                if !otherwise.is_empty() {
                    self.push("} else {");
                    self.inner(otherwise);
                }
                self.push("}");
            }
            StatementKind::While { condition, body } => {
                self.push(&self.dialect.rounds(WHILE_LIMIT));
                self.leave_if(&format!("!({})", print(self.dialect, condition)));
                self.inner(body);
                self.push("}");
            }
            StatementKind::Iterate { limit, body, until } => {
                self.push(&self.dialect.rounds(*limit));
                self.inner(body);
                self.leave_if(&print(self.dialect, until));
                self.push("}");
            }
            StatementKind::NetSend { delay, flag } => self.post(Post::Send, &[delay, flag]),
            StatementKind::NetEvent(t) => self.post(Post::Event, &[t]),
            StatementKind::NetMove(t) => self.post(Post::Move, &[t]),
            StatementKind::ForNetcons { body } => {
                for (at, line) in self.dialect.netcons().into_iter().enumerate() {
                    self.push(&format!("{:width$}{line}", "", width = 4 * at.min(1)));
                }
                self.inner(body);
                self.push("}");
            }
            StatementKind::Derivative(..) | StatementKind::Solve { .. } => {
                unreachable!("validated IR holds nothing unsolved")
            }
        }
    }

    fn assign(&mut self, variable: Variable, value: &Expression, number: usize) {
        let text = print(self.dialect, value);
        let line = if self.variables.declares(number, variable) {
            let changes = self.variables.get(variable).changes;
            self.dialect.declare(&self.dialect.variable(variable), &text, changes, is_constant(value))
        } else {
            self.dialect.store(variable, &text)
        };
        self.push(&line);
    }

    fn post(&mut self, post: Post, values: &[&Expression]) {
        let values: Vec<String> = values.iter().map(|value| print(self.dialect, value)).collect();
        self.push(&self.dialect.post(post, &values));
    }

    fn add(&mut self, variable: Variable, value: &Expression) {
        let (sign, value) = match value {
            Expression::Negate(value) => ("-", &**value),
            value => ("+", value),
        };
        self.push(&format!("{} {sign}= {};", self.dialect.variable(variable), print(self.dialect, value)));
    }
}

/// Whether nothing in the expression has a type of its own, so that a declaration must state it.
fn is_constant(expression: &Expression) -> bool {
    let mut constant = true;
    expression.visit(&mut |part| {
        constant &= !matches!(
            part,
            Expression::Load(_)
                | Expression::Element(..)
                | Expression::Lookup(..)
                | Expression::LookupSlope(..)
                | Expression::Input(_)
                | Expression::Ion(..)
                | Expression::Call(..)
        );
    });
    constant
}
