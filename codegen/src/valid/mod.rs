//! Checks the invariants of the IR. Back ends take only mechanisms that pass.
//!
//! - no [`StatementKind::Derivative`] and no [`StatementKind::Solve`] is left;
//! - conditions are boolean, everything else is a number;
//! - every id refers to something, every function has its count of arguments;
//! - arrays lie within the places of their kind;
//! - globals are never written; `current` alone touches the matrix;
//! - `net_receive` alone sets the potential;
//! - NET_RECEIVE's arguments and flag occur only in its kernels, those of a visited NetCon only in FOR_NETCONS;
//! - events are sent only where one is handled, and by INITIAL and WATCH to the instance itself;
//! - what diffuses, with its volumes and coefficients, is known, and the mechanism a density mechanism;
//! - loop limits are positive.

use crate::ir::{Array, Diffusing, Expression, Function, Input, Kind, Mechanism, Place, Statement, StatementKind};
use std::fmt;

/// A violated invariant: a defect of the compiler, not of the `.mod` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The mechanism.
    pub mechanism: String,
    /// The kernel.
    pub kernel: &'static str,
    /// Source line of the statement, 0 if unknown.
    pub line: u32,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { mechanism, kernel, line, what } = self;
        write!(f, "mechanism `{mechanism}`, kernel `{kernel}`, line {line}: {what}")
    }
}

impl std::error::Error for Violation {}

/// Checks a mechanism.
///
/// # Errors
/// All violations.
pub fn validate(mechanism: &Mechanism) -> Result<(), Vec<Violation>> {
    let mut violations = Vec::new();
    for (kernel, function) in mechanism.kernels.iter() {
        let mut checker =
            Checker { mechanism, function, kernel, line: 0, in_for_netcons: false, violations: &mut violations };
        checker.block(&function.body);
    }
    for diffusion in &mechanism.diffusions {
        let mut violation = |what: &str| {
            let (mechanism, what) = (mechanism.name.clone(), what.to_owned());
            violations.push(Violation { mechanism, kernel: "diffusion", line: 0, what });
        };
        if mechanism.kind != Kind::Density {
            violation("a state of a point diffuses");
        }
        if diffusion.columns().any(|id| id.0 as usize >= mechanism.columns.len()) {
            violation("an unknown column");
        }
        if matches!(diffusion.state, Diffusing::Ion(ion, _) if ion.0 as usize >= mechanism.ions.len()) {
            violation("an unknown ion");
        }
    }
    if violations.is_empty() { Ok(()) } else { Err(violations) }
}

struct Checker<'a> {
    mechanism: &'a Mechanism,
    function: &'a Function,
    kernel: &'static str,
    line: u32,
    in_for_netcons: bool,
    violations: &'a mut Vec<Violation>,
}

impl Checker<'_> {
    fn violation(&mut self, what: impl Into<String>) {
        self.violations.push(Violation {
            mechanism: self.mechanism.name.clone(),
            kernel: self.kernel,
            line: self.line,
            what: what.into(),
        });
    }

    fn block(&mut self, body: &[Statement]) {
        for statement in body {
            self.line = statement.line;
            self.statement(&statement.kind);
        }
    }

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Assign(place, value) => {
                self.place(*place);
                if matches!(place, Place::Global(_)) {
                    self.violation("a global is written");
                }
                self.number(value);
            }
            StatementKind::AssignElement(array, index, value) => {
                self.array(*array);
                if matches!(array.first, Place::Global(_)) {
                    self.violation("a global is written");
                }
                self.number(index);
                self.number(value);
            }
            StatementKind::Draw(draw) => {
                let [place, low, high] = draw.places();
                if place == low || place == high || low == high {
                    self.violation("a draw writes one place twice");
                }
                for place in draw.places() {
                    self.place(place);
                    if matches!(place, Place::Global(_)) {
                        self.violation("a global is written");
                    }
                }
                if draw.arguments.len() != draw.generator.arity() {
                    self.violation(format!("`{}` with {} arguments", draw.generator.name(), draw.arguments.len()));
                }
                draw.arguments.iter().for_each(|argument| self.number(argument));
            }
            StatementKind::Derivative(..) => self.violation("an equation is left unsolved"),
            StatementKind::Solve { .. } => self.violation("a block is left unsolved"),
            StatementKind::If { condition, then, otherwise } => {
                self.condition(condition);
                self.block(then);
                self.block(otherwise);
            }
            StatementKind::While { condition, body } => {
                self.condition(condition);
                self.block(body);
            }
            StatementKind::Iterate { limit, body, until } => {
                if *limit == 0 {
                    self.violation("a loop without rounds");
                }
                self.block(body);
                self.condition(until);
            }
            StatementKind::StoreIon(ion, _, value) | StatementKind::AddIon(ion, _, value) => {
                if ion.0 as usize >= self.mechanism.ions.len() {
                    self.violation("an unknown ion");
                }
                self.number(value);
            }
            StatementKind::StoreV(value) => {
                if self.kernel != "net_receive" {
                    self.violation("the potential is set outside NET_RECEIVE");
                }
                self.number(value);
            }
            StatementKind::AddRhs(value) | StatementKind::AddDiagonal(value) => {
                if !self.kernel.starts_with("current") {
                    self.violation("the matrix is changed outside the current kernel");
                }
                self.number(value);
            }
            StatementKind::NetSend { delay, flag } => {
                if !(self.in_net_receive() || ["init", "watch"].contains(&self.kernel)) {
                    self.violation("net_send where no event is handled");
                }
                self.number(delay);
                self.number(flag);
            }
            StatementKind::NetEvent(t) | StatementKind::NetMove(t) => {
                if !self.in_net_receive() {
                    self.violation("net_event or net_move where no event is handled");
                }
                self.number(t);
            }
            StatementKind::ForNetcons { body } => {
                if !self.in_net_receive() || self.in_for_netcons {
                    self.violation("FOR_NETCONS where no event is handled, or within another");
                }
                self.in_for_netcons = true;
                self.block(body);
                self.in_for_netcons = false;
            }
        }
    }

    fn array(&mut self, array: Array) {
        if array.length == 0 {
            self.violation("an array without elements");
        }
        for place in [array.first, array.element(array.length.saturating_sub(1))] {
            self.place(place);
        }
    }

    /// Whether the kernel handles an event or sets a NetCon up.
    fn in_net_receive(&self) -> bool {
        self.kernel.starts_with("net_")
    }

    fn place(&mut self, place: Place) {
        let known = match place {
            Place::Column(id) => (id.0 as usize) < self.mechanism.columns.len(),
            Place::Global(id) => (id.0 as usize) < self.mechanism.globals.len(),
            Place::Local(id) => (id.0 as usize) < self.function.locals.len(),
            Place::NetArgument(id) => (id as usize) < self.mechanism.net_arguments.len() && self.in_net_receive(),
            Place::EachArgument(id) => (id as usize) < self.mechanism.net_arguments.len() && self.in_for_netcons,
        };
        if !known {
            self.violation(format!("{place:?} does not exist here"));
        }
    }

    fn condition(&mut self, e: &Expression) {
        match e {
            Expression::Compare(_, a, b) => {
                self.number(a);
                self.number(b);
            }
            Expression::And(a, b) | Expression::Or(a, b) => {
                self.condition(a);
                self.condition(b);
            }
            Expression::Not(a) => self.condition(a),
            _ => self.violation("a number stands where a condition is wanted"),
        }
    }

    fn number(&mut self, e: &Expression) {
        if e.is_boolean() {
            return self.violation("a condition stands where a number is wanted");
        }
        match e {
            Expression::Load(place) => self.place(*place),
            Expression::Element(array, index) => {
                self.array(*array);
                self.number(index);
            }
            Expression::Lookup(table, x) | Expression::LookupSlope(table, x) => {
                let end = table.start as usize + 2 + (table.intervals as usize + 1) * table.width as usize;
                let own = table.start as usize >= self.mechanism.globals.len() && table.output < table.width;
                if !own || end > self.mechanism.globals_size() {
                    self.violation("an unknown table");
                }
                self.number(x);
            }
            Expression::Ion(ion, _) => {
                if ion.0 as usize >= self.mechanism.ions.len() {
                    self.violation("an unknown ion");
                }
            }
            Expression::Input(Input::Flag) if !self.in_net_receive() => {
                self.violation("`flag` outside NET_RECEIVE");
            }
            Expression::Select(condition, a, b) => {
                self.condition(condition);
                self.number(a);
                self.number(b);
            }
            Expression::Call(function, arguments) if arguments.len() != function.arity() => {
                self.violation(format!("`{}` with {} arguments", function.name(), arguments.len()));
            }
            other => {
                for operand in other.operands() {
                    self.number(operand);
                }
            }
        }
    }
}
