//! Statements of a kernel as text, common to the back ends: Rust and WGSL agree in all but declarations and loop heads.

use super::expression::{Dialect, print};
use super::variables::{Variable, Variables};
use super::{Sources, WHILE_LIMIT};
use crate::ir::{Expression, Function, Input, Mechanism, Statement, StatementKind};
use crate::names::{Language, Namer};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What differs between the languages in statements.
pub(super) trait Statements: Dialect {
    /// `let name = value;`
    fn declare(&self, name: &str, value: &str, changes: bool, constant: bool) -> String;
    /// Head of a loop of at most `limit` rounds, with the opening brace.
    fn rounds(&self, limit: u32) -> String;
    /// A comment on its own line.
    fn comment(&self, text: &str) -> String;
}

/// Names of the variables and inputs of one kernel.
pub(super) struct Names {
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
        let mut names = BTreeMap::new();
        for variable in variables.usage.keys() {
            let wanted = match variable {
                Variable::Column(id) => mechanism.columns[id.0 as usize].name.clone(),
                Variable::Global(id) => mechanism.globals[id.0 as usize].name.clone(),
                Variable::Net(at) => mechanism.net_arguments[*at as usize].clone(),
                Variable::Ion(ion, field) => {
                    let field = format!("{field:?}").to_ascii_lowercase();
                    format!("{}_{field}", mechanism.ions[ion.0 as usize].name)
                }
                Variable::Rhs => "rhs".to_owned(),
                Variable::Diagonal => "d".to_owned(),
                Variable::Local(id) => function.locals[id.0 as usize].name.clone(),
            };
            names.insert(*variable, namer.name(&wanted));
        }
        Self { variables: names, namer }
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

    /// The text of all statements, declarations of locals that need one up front first.
    pub fn print(mut self, function: &Function) -> String {
        for variable in self.variables.usage.keys() {
            if matches!(variable, Variable::Local(_)) && self.variables.is_preset(*variable) {
                let changes = self.variables.get(*variable).changes;
                self.push(&self.dialect.declare(
                    &self.dialect.variable(*variable),
                    &self.dialect.number(0.0),
                    changes,
                    true,
                ));
            }
        }
        self.block(&function.body);
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
            StatementKind::StoreIon(ion, field, value) => self.assign(Variable::Ion(*ion, *field), value, number),
            StatementKind::AddIon(ion, field, value) => self.add(Variable::Ion(*ion, *field), value),
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
            StatementKind::Derivative(..) => unreachable!("validated IR holds no derivatives"),
        }
    }

    fn assign(&mut self, variable: Variable, value: &Expression, number: usize) {
        let (name, text) = (self.dialect.variable(variable), print(self.dialect, value));
        let line = if self.variables.declares(number, variable) {
            let changes = self.variables.get(variable).changes;
            self.dialect.declare(&name, &text, changes, is_constant(value))
        } else {
            format!("{name} = {text};")
        };
        self.push(&line);
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
        constant &=
            !matches!(part, Expression::Load(_) | Expression::Input(_) | Expression::Ion(..) | Expression::Call(..));
    });
    constant
}
