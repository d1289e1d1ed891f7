//! Evaluates kernels for one instance, in double precision and exactly as written.
//!
//! The reference for tests of passes and back ends; the simulator runs generated code.

use super::{
    BinaryOperator, Comparison, Expression, Function, Generator, Input, Math, Mechanism, Place, Statement,
    StatementKind, WHILE_LIMIT,
};
use crate::elementary::f64 as math;
use crate::elementary::random::{self, Drawn};

/// An event that a kernel has sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Posted {
    /// `net_send`: delay and flag.
    Send(f64, f64),
    /// `net_event`: time.
    Event(f64),
    /// `net_move`: time.
    Move(f64),
}

/// One instance with its node, ions, and NetCon.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Per-instance variables.
    pub columns: Vec<f64>,
    /// Shared values, then those of the mechanism's tables.
    pub globals: Vec<f64>,
    /// Fields of each ion.
    pub ions: Vec<[f64; 5]>,
    /// Arguments of NET_RECEIVE.
    pub net: Vec<f64>,
    /// Those of the other NetCons that end in the instance; FOR_NETCONS visits them after `net`.
    pub others: Vec<Vec<f64>>,
    /// Events sent by kernels.
    pub posted: Vec<Posted>,
    /// The NetCon visited: 0 is `net`, others follow.
    pub each: usize,
    /// Membrane potential, mV.
    pub v: f64,
    /// Time, ms.
    pub t: f64,
    /// Time step, ms.
    pub dt: f64,
    /// Temperature, degC.
    pub celsius: f64,
    /// Area, um2.
    pub area: f64,
    /// Diameter, um.
    pub diam: f64,
    /// Flag of the event.
    pub flag: f64,
    /// Right-hand side, mA/cm2.
    pub rhs: f64,
    /// Diagonal, S/cm2.
    pub d: f64,
}

impl Instance {
    /// An instance with default values, at -65 mV, dt 0.025 ms, 6.3 degC, 100 um2.
    pub fn new(mechanism: &Mechanism) -> Self {
        let mut instance = Self {
            columns: mechanism.columns.iter().map(|column| column.default).collect(),
            globals: mechanism.globals.iter().map(|global| global.default).collect(),
            ions: vec![[0.0; 5]; mechanism.ions.len()],
            net: vec![0.0; mechanism.net_arguments.len()],
            others: Vec::new(),
            posted: Vec::new(),
            each: 0,
            v: -65.0,
            t: 0.0,
            dt: 0.025,
            celsius: 6.3,
            area: 100.0,
            diam: 500.0,
            flag: 0.0,
            rhs: 0.0,
            d: 0.0,
        };
        let filled = mechanism.fill_tables(&instance);
        instance.globals = filled.globals;
        for (column, value) in filled.left {
            instance.columns[column.0 as usize] = value;
        }
        instance
    }

    /// Runs a kernel, if there is one.
    pub fn run(&mut self, kernel: &Option<Function>) {
        if let Some(function) = kernel {
            let mut locals = vec![0.0; function.locals.len()];
            self.run_with(function, &mut locals);
        }
    }

    /// Runs a function on some locals.
    pub(super) fn run_with(&mut self, function: &Function, locals: &mut [f64]) {
        self.block(&function.body, locals);
    }

    fn block(&mut self, body: &[Statement], locals: &mut [f64]) {
        for statement in body {
            self.statement(statement, locals);
        }
    }

    fn statement(&mut self, statement: &Statement, locals: &mut [f64]) {
        match &statement.kind {
            StatementKind::Assign(place, value) => {
                let value = self.value(value, locals);
                self.set(*place, value, locals);
            }
            StatementKind::AssignElement(array, index, value) => {
                let place = array.element(array.position(self.value(index, locals)));
                let value = self.value(value, locals);
                self.set(place, value, locals);
            }
            StatementKind::Draw(draw) => {
                let arguments: Vec<f64> = draw.arguments.iter().map(|e| self.value(e, locals)).collect();
                let drawn = drawn(draw.generator, &arguments);
                for (place, value) in draw.places().into_iter().zip([drawn.value, drawn.low, drawn.high]) {
                    self.set(place, value, locals);
                }
            }
            // Not in validated IR.
            StatementKind::Derivative(..) | StatementKind::Solve { .. } => {}
            StatementKind::If { condition, then, otherwise } => {
                let branch = if self.truth(condition, locals) { then } else { otherwise };
                self.block(branch, locals);
            }
            StatementKind::While { condition, body } => {
                for _ in 0..WHILE_LIMIT {
                    if !self.truth(condition, locals) {
                        break;
                    }
                    self.block(body, locals);
                }
            }
            StatementKind::Iterate { limit, body, until } => {
                for _ in 0..*limit {
                    self.block(body, locals);
                    if self.truth(until, locals) {
                        break;
                    }
                }
            }
            StatementKind::StoreIon(ion, field, value) => {
                self.ions[ion.0 as usize][field.index()] = self.value(value, locals);
            }
            StatementKind::AddIon(ion, field, value) => {
                self.ions[ion.0 as usize][field.index()] += self.value(value, locals);
            }
            StatementKind::StoreV(value) => self.v = self.value(value, locals),
            StatementKind::AddRhs(value) => self.rhs += self.value(value, locals),
            StatementKind::AddDiagonal(value) => self.d += self.value(value, locals),
            StatementKind::NetSend { delay, flag } => {
                let posted = Posted::Send(self.value(delay, locals), self.value(flag, locals));
                self.posted.push(posted);
            }
            StatementKind::NetEvent(t) => self.posted.push(Posted::Event(self.value(t, locals))),
            StatementKind::NetMove(t) => self.posted.push(Posted::Move(self.value(t, locals))),
            StatementKind::ForNetcons { body } => {
                for each in 0..=self.others.len() {
                    self.each = each;
                    self.block(body, locals);
                }
            }
        }
    }

    fn set(&mut self, place: Place, value: f64, locals: &mut [f64]) {
        match place {
            Place::Column(id) => self.columns[id.0 as usize] = value,
            Place::Global(id) => self.globals[id.0 as usize] = value,
            Place::Local(id) => locals[id.0 as usize] = value,
            Place::NetArgument(id) => self.net[id as usize] = value,
            Place::EachArgument(id) => match self.each.checked_sub(1) {
                None => self.net[id as usize] = value,
                Some(other) => self.others[other][id as usize] = value,
            },
        }
    }

    fn get(&self, place: Place, locals: &[f64]) -> f64 {
        match place {
            Place::Column(id) => self.columns[id.0 as usize],
            Place::Global(id) => self.globals[id.0 as usize],
            Place::Local(id) => locals[id.0 as usize],
            Place::NetArgument(id) => self.net[id as usize],
            Place::EachArgument(id) => match self.each.checked_sub(1) {
                None => self.net[id as usize],
                Some(other) => self.others[other][id as usize],
            },
        }
    }

    fn value(&self, e: &Expression, locals: &[f64]) -> f64 {
        match e {
            Expression::Number(x) => *x,
            Expression::Load(place) => self.get(*place, locals),
            Expression::Element(array, index) => {
                self.get(array.element(array.position(self.value(index, locals))), locals)
            }
            Expression::Lookup(table, x) => table.value(&self.globals, self.value(x, locals)),
            Expression::LookupSlope(table, x) => table.slope(&self.globals, self.value(x, locals)),
            Expression::Input(input) => match input {
                Input::V => self.v,
                Input::T => self.t,
                Input::Dt => self.dt,
                Input::Celsius => self.celsius,
                Input::Area => self.area,
                Input::Diam => self.diam,
                Input::Flag => self.flag,
            },
            Expression::Ion(ion, field) => self.ions[ion.0 as usize][field.index()],
            Expression::Negate(a) => -self.value(a, locals),
            Expression::Binary(operator, a, b) => {
                let (a, b) = (self.value(a, locals), self.value(b, locals));
                match operator {
                    BinaryOperator::Add => a + b,
                    BinaryOperator::Subtract => a - b,
                    BinaryOperator::Multiply => a * b,
                    BinaryOperator::Divide => a / b,
                }
            }
            Expression::MulAdd(a, b, c) => self.value(a, locals) * self.value(b, locals) + self.value(c, locals),
            Expression::Call(function, arguments) => {
                let x = self.value(&arguments[0], locals);
                let y = arguments.get(1).map_or(0.0, |y| self.value(y, locals));
                call(*function, x, y)
            }
            Expression::Select(condition, a, b) => {
                self.value(if self.truth(condition, locals) { a } else { b }, locals)
            }
            Expression::Compare(..) | Expression::And(..) | Expression::Or(..) | Expression::Not(_) => {
                f64::from(u8::from(self.truth(e, locals)))
            }
        }
    }

    fn truth(&self, e: &Expression, locals: &[f64]) -> bool {
        match e {
            Expression::Compare(comparison, a, b) => {
                let (a, b) = (self.value(a, locals), self.value(b, locals));
                match comparison {
                    Comparison::Less => a < b,
                    Comparison::LessEqual => a <= b,
                    Comparison::Greater => a > b,
                    Comparison::GreaterEqual => a >= b,
                    Comparison::Equal => a == b,
                    Comparison::NotEqual => a != b,
                }
            }
            Expression::And(a, b) => self.truth(a, locals) && self.truth(b, locals),
            Expression::Or(a, b) => self.truth(a, locals) || self.truth(b, locals),
            Expression::Not(a) => !self.truth(a, locals),
            number => self.value(number, locals) != 0.0,
        }
    }
}

fn drawn(generator: Generator, x: &[f64]) -> Drawn {
    match generator {
        Generator::Random123Uniform => random::random123_uniform(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]),
        Generator::Random123Integer => random::random123_integer(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]),
        Generator::ScopRandom => random::scop_random(x[0], x[1]),
        Generator::ScopSeed => random::scop_seed(x[0], x[1], x[2], x[3], x[4]),
    }
}

/// The strict elementary functions: generated kernels that are not fused give the same bits.
fn call(function: Math, x: f64, y: f64) -> f64 {
    match function {
        Math::Exp => math::exp(x),
        Math::Expm1 => math::expm1(x),
        Math::Expm1Of => math::expm1_of(x, y),
        Math::Bounded => math::bounded(x),
        Math::Confined => math::confined(x),
        Math::Exprelr => math::exprelr(x),
        Math::Log => math::log(x),
        Math::Log10 => math::log10(x),
        Math::Pow => math::pow(x, y),
        Math::Sqrt => math::sqrt(x),
        Math::Abs => math::abs(x),
        Math::Floor => math::floor(x),
        Math::Ceil => math::ceil(x),
        Math::Sin => math::sin(x),
        Math::Cos => math::cos(x),
        Math::Tan => math::tan(x),
        Math::Sinh => math::sinh(x),
        Math::Cosh => math::cosh(x),
        Math::Tanh => math::tanh(x),
        Math::Atan => math::atan(x),
        Math::Min => math::min(x, y),
        Math::Max => math::max(x, y),
        Math::Fmod => math::fmod(x, y),
    }
}
