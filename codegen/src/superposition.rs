//! Whether one instance can stand for several at one place.
//!
//! A synapse such as Exp2Syn is linear: its current is a sum of what each event has left, so that a hundred of them with the
//! same parameters at one place do what one does that gets the events of all. Networks have many times more synapses than
//! places for them, and a simulator that knows advances one for each place.
//!
//! A column of a linear mechanism is either *alike* in all its instances at a place, whatever events they had (parameters,
//! what INITIAL computes of them), or a *sum*: that of the one is the sum of those of the others. The kernels are looked at
//! with these values in place of numbers, until nothing changes. They superpose if what they add to the membrane's equation
//! is a sum, and if events add to sums what depends on no sum.

use crate::ir::{
    BinaryOperator, ColumnId, Comparison, Expression, IonField, Kind, Mechanism, Place, Role, Statement, StatementKind,
};
use crate::passes::flow::{self, Access};
use std::collections::{BTreeMap, BTreeSet};

/// Whether one instance of a POINT_PROCESS does what several with the same parameters at one place do, if it gets all their
/// events. The sums are those of the others to round-off.
pub fn superposes(mechanism: &Mechanism) -> bool {
    let kernels = &mechanism.kernels;
    mechanism.kind == Kind::PointProcess
        && kernels.net_receive.is_some()
        && kernels.watch.is_none()
        && mechanism.diffusions.is_empty()
        && mechanism.streams.is_empty()
        && mechanism.pointers.is_empty()
        && mechanism.missing.is_empty()
        && is_linear(mechanism)
}

/// What a value is, of all instances at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// 0.
    Zero,
    /// The same in all.
    Alike,
    /// In one that stands for all, the sum of those in each. Those with the same number are multiples of each other, by
    /// what is alike.
    Sum(Option<u32>),
    /// In a handler of events: what the column held, and something that depends on no sum.
    Moved(ColumnId),
    /// None of these.
    Other,
}

use Value::{Alike, Moved, Other, Sum, Zero};

impl Value {
    /// One or the other.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Zero, b @ (Alike | Sum(_))) => b,
            (a @ (Alike | Sum(_)), Zero) => a,
            (Sum(_), Sum(_)) => Sum(None),
            _ => Other,
        }
    }

    fn is_alike(self) -> bool {
        matches!(self, Zero | Alike)
    }

    fn is_sum(self) -> bool {
        matches!(self, Zero | Sum(_))
    }

    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Moved(column), b) if b.is_alike() => Moved(column),
            (a, Moved(column)) if a.is_alike() => Moved(column),
            (Moved(_), _) | (_, Moved(_)) => Other,
            (a, b) => a.or(b),
        }
    }

    fn minus(self, other: Self) -> Self {
        if matches!(other, Moved(_)) { Other } else { self.plus(other) }
    }

    fn times(self, other: Self) -> Self {
        match (self, other) {
            (Zero, _) | (_, Zero) => Zero,
            (Alike, Alike) => Alike,
            (Alike, sum @ Sum(_)) | (sum @ Sum(_), Alike) => sum,
            _ => Other,
        }
    }

    fn over(self, other: Self) -> Self {
        if other == Alike { self.times(other) } else { Other }
    }
}

fn is_linear(mechanism: &Mechanism) -> bool {
    let init = mechanism.kernels.init.as_ref().map_or(&[][..], |init| &init.body);
    // Others may be set from outside.
    let begins_at_zero = |id: usize| {
        let column = &mechanism.columns[id];
        column.default == 0.0
            && (column.role == Role::State || flow::access(init, Place::Column(ColumnId(id as u32))) == Access::Written)
    };
    let mut columns: Vec<Value> =
        (0..mechanism.columns.len()).map(|id| if begins_at_zero(id) { Zero } else { Alike }).collect();
    loop {
        let before = columns.clone();
        for (name, kernel) in mechanism.kernels.iter() {
            // The other way to a conductance; it differentiates by numbers.
            if name == "current_difference" {
                continue;
            }
            let handler = matches!(name, "net_receive" | "net_init");
            let read = Reading::of(&kernel.body, &before, handler);
            if read.and_then(|read| read.hand_on(&mut columns)).is_none() {
                return false;
            }
        }
        if columns == before {
            return true;
        }
    }
}

/// A kernel, read from its first statement to its last.
#[derive(Clone)]
struct Reading<'a> {
    columns: &'a [Value],
    /// What events set, where it handles them.
    moving: BTreeSet<Place>,
    /// What has been set so far.
    values: BTreeMap<Place, Value>,
    /// The next number of a sum; the first ones are those of columns.
    next: u32,
}

impl<'a> Reading<'a> {
    /// Nothing if it does what only one instance can do.
    fn of(body: &[Statement], columns: &'a [Value], handler: bool) -> Option<Self> {
        let moving = if handler { flow::assigned(body) } else { BTreeSet::new() };
        let mut reading = Self { columns, moving, values: BTreeMap::new(), next: columns.len() as u32 };
        reading.statements(body)?;
        Some(reading)
    }

    /// What columns are, with what the kernel has set.
    fn hand_on(self, columns: &mut [Value]) -> Option<()> {
        for (place, value) in self.values {
            match place {
                Place::Column(id) if self.moving.contains(&place) => {
                    let column = &mut columns[id.0 as usize];
                    *column = column.or(if value == Moved(id) { Sum(None) } else { return None });
                }
                Place::Column(id) => {
                    let value = if let Sum(_) = value { Sum(None) } else { value };
                    columns[id.0 as usize] = columns[id.0 as usize].or(value);
                }
                Place::NetArgument(_) if !value.is_alike() => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn statements(&mut self, body: &[Statement]) -> Option<()> {
        for statement in body {
            match &statement.kind {
                StatementKind::Assign(place, e) => {
                    let value = match self.value(e) {
                        Sum(None) => self.number(),
                        value => value,
                    };
                    self.values.insert(*place, value);
                }
                StatementKind::If { condition, then, otherwise } => {
                    if !self.value(condition).is_alike() {
                        return None;
                    }
                    let mut other = self.clone();
                    self.statements(then)?;
                    other.next = self.next;
                    other.statements(otherwise)?;
                    self.next = other.next;
                    let places: Vec<Place> = self.values.keys().chain(other.values.keys()).copied().collect();
                    for place in places {
                        let either = self.load(place).or(other.load(place));
                        self.values.insert(place, either);
                    }
                }
                StatementKind::AddRhs(e) | StatementKind::AddDiagonal(e) | StatementKind::AddIon(_, _, e) => {
                    if !self.value(e).is_sum() {
                        return None;
                    }
                }
                // What loops compute could be found likewise; no synapse is known that has one and is linear.
                StatementKind::AssignElement(..)
                | StatementKind::Derivative(..)
                | StatementKind::Draw(_)
                | StatementKind::Solve { .. }
                | StatementKind::While { .. }
                | StatementKind::Iterate { .. }
                | StatementKind::StoreIon(..)
                | StatementKind::StoreV(_)
                | StatementKind::NetSend { .. }
                | StatementKind::NetEvent(_)
                | StatementKind::NetMove(_)
                | StatementKind::ForNetcons { .. } => return None,
            }
        }
        Some(())
    }

    /// A sum of its own.
    fn number(&mut self) -> Value {
        self.next += 1;
        Sum(Some(self.next - 1))
    }

    fn load(&self, place: Place) -> Value {
        if let Some(value) = self.values.get(&place) {
            return *value;
        }
        match place {
            Place::Column(id) if self.moving.contains(&place) => Moved(id),
            Place::Column(id) => match self.columns[id.0 as usize] {
                Sum(_) => Sum(Some(id.0)),
                value => value,
            },
            Place::Local(_) => Zero,
            Place::Global(_) | Place::NetArgument(_) => Alike,
            Place::EachArgument(_) => Other,
        }
    }

    fn value(&self, e: &Expression) -> Value {
        match e {
            Expression::Number(0.0) => Zero,
            Expression::Number(_) | Expression::Input(_) => Alike,
            // The sums of currents are in the making.
            Expression::Ion(_, IonField::Current | IonField::Didv) => Other,
            Expression::Ion(..) => Alike,
            Expression::Load(place) => self.load(*place),
            Expression::Negate(a) => Zero.minus(self.value(a)),
            Expression::Binary(BinaryOperator::Add, a, b) => self.value(a).plus(self.value(b)),
            Expression::Binary(BinaryOperator::Subtract, a, b) => self.value(a).minus(self.value(b)),
            Expression::Binary(BinaryOperator::Multiply, a, b) => self.value(a).times(self.value(b)),
            Expression::Binary(BinaryOperator::Divide, a, b) => self.value(a).over(self.value(b)),
            Expression::MulAdd(a, b, c) => self.value(a).times(self.value(b)).plus(self.value(c)),
            Expression::Select(condition, a, b) if self.value(condition).is_alike() => self.value(a).or(self.value(b)),
            // `x == 0 ? 0 : y`, as derivatives have it, where y is a multiple of x.
            Expression::Select(condition, zero, y)
                if let Expression::Compare(Comparison::Equal, x, other) = &**condition
                    && [&**zero, &**other].into_iter().all(|e| *e == Expression::Number(0.0))
                    && let Sum(Some(number)) = self.value(x)
                    && self.value(y) == Sum(Some(number)) =>
            {
                Sum(Some(number))
            }
            Expression::Element(array, _) if !array.elements().all(|element| self.load(element).is_alike()) => Other,
            Expression::Select(..)
            | Expression::Element(..)
            | Expression::Lookup(..)
            | Expression::LookupSlope(..)
            | Expression::Call(..)
            | Expression::Compare(..)
            | Expression::And(..)
            | Expression::Or(..)
            | Expression::Not(_) => {
                let alike = e.operands().into_iter().all(|operand| self.value(operand).is_alike());
                if alike { Alike } else { Other }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::superposes;
    use crate::{Options, compile};
    use nmodl_parser::SourceFile;

    /// A synapse with an INITIAL, a derivative, a BREAKPOINT and a handler.
    fn synapse(initial: &str, derivative: &str, breakpoint: &str, handler: &str) -> String {
        let ions = if breakpoint.contains("ica") { "USEION ca READ cai, eca WRITE ica" } else { "" };
        format!(
            "NEURON {{ POINT_PROCESS x RANGE tau, e, i, g, gmax, last {ions} NONSPECIFIC_CURRENT i }}
            PARAMETER {{ tau = 2 e = 0 gmax = 1 }}
            ASSIGNED {{ v i g factor last {} }}
            STATE {{ s r }}
            INITIAL {{ {initial} }}
            BREAKPOINT {{ SOLVE decay METHOD cnexp {breakpoint} }}
            DERIVATIVE decay {{ {derivative} }}
            NET_RECEIVE(w, u) {{ {handler} }}",
            if ions.is_empty() { "" } else { "ica cai eca" }
        )
    }

    /// Whether it superposes, however it is compiled.
    fn of(text: &str) -> bool {
        let options = [Options::default(), Options { rearrange: false, ..Options::default() }];
        let found = options.map(|options| {
            let (mechanism, diagnostics) = compile(&SourceFile::new("x.mod", text), &options);
            superposes(&mechanism.unwrap_or_else(|| panic!("{text}: {diagnostics:?}")))
        });
        assert!(found[0] == found[1], "{found:?} of {text}");
        found[0]
    }

    #[test]
    fn linear_synapses_superpose() {
        let begin = "s = 0 r = 0 factor = 1 - exp(-tau)";
        let decay = "s' = -s/tau r' = -r/5";
        let current = "g = s - r i = g*(v - e)";
        let event = "s = s + w*factor r = r + w*factor";
        assert!(of(&synapse(begin, decay, current, event)));
        // What the model has besides: a block by magnesium, calcium, memory of NetCons, conditions on them.
        for (initial, derivative, breakpoint, handler) in [
            (begin, decay, "g = gmax*s/(1 + exp(-0.062*v)) i = g*(v - e)", event),
            (begin, decay, "g = (s - r)/(1 + exp(-0.062*v)*gmax/3.57) i = g*(v - e)", event),
            (begin, decay, "g = s ica = 0.1*g*(v - eca) i = 0.9*g*(v - e) - ica/2", "s = s + w*cai"),
            (begin, "s' = -s/(tau + v/100) r' = s - r", current, event),
            (begin, decay, current, "u = u*exp(-w) + 1 if (w > 0) { s = s + w*u } else { s = s - v/100 }"),
            (begin, decay, current, "LOCAL much much = w*factor s = s + much/2 + v r = much + r u = t"),
            (begin, decay, "if (v < e) { g = s } else { g = s - r/2 } i = g*(v - e)", event),
            ("s = 0 r = s last = tau*2", "s' = -s/last", current, event),
        ] {
            assert!(of(&synapse(initial, derivative, breakpoint, handler)), "{derivative} | {breakpoint} | {handler}");
        }
    }

    #[test]
    fn what_events_do_differently_does_not() {
        let begin = "s = 0 r = 0 factor = 1 last = 0";
        let decay = "s' = -s/tau r' = -r/5";
        let current = "g = s - r i = g*(v - e)";
        let event = "s = s + w r = r + w";
        for (initial, derivative, breakpoint, handler) in [
            // Of its own in each instance: where it begins, a current without events, the weight of the last event.
            ("s = 1 r = 0", decay, current, event),
            (begin, decay, "g = s + 0.1 i = g*(v - e)", event),
            (begin, decay, "g = s*last i = g*(v - e)", "s = s + 1 last = w"),
            (begin, decay, "g = s i = g*(v - e) last = last + s", "s = s + w if (last > 1) { r = r + w }"),
            // Not in proportion: products, saturation, functions, decay that depends on the state.
            (begin, decay, "g = s*r i = g*(v - e)", event),
            (begin, decay, "g = s if (g > gmax) { g = gmax } i = g*(v - e)", event),
            (begin, decay, "g = s/(1 + s) i = g*(v - e)", event),
            (begin, decay, "g = tanh(s) i = g*(v - e)", event),
            (begin, "s' = (1 - s)/tau", current, event),
            (begin, "s' = -s/(tau + r)", current, event),
            // Events that look at what others left.
            (begin, decay, current, "s = s + w*(1 - s)"),
            (begin, decay, current, "s = w"),
            (begin, decay, current, "s = 2*s + w"),
            (begin, decay, current, "s = s + w*r r = r + w"),
            (begin, decay, current, "s = r + w r = s + w"),
            (begin, decay, current, "if (s < 1) { s = s + w }"),
            (begin, decay, current, "u = s s = s + w"),
            (begin, decay, current, "s = s + w net_send(1, 2)"),
            (begin, decay, current, "s = s + w net_event(t)"),
        ] {
            assert!(!of(&synapse(initial, derivative, breakpoint, handler)), "{derivative} | {breakpoint} | {handler}");
        }
    }

    #[test]
    fn what_may_be_set_from_outside_is_no_sum() {
        // `last` is RANGE, and nothing sets it before it is used.
        let text = synapse("s = 0", "s' = -s/tau", "i = (s + last)*(v - e)", "s = s + w last = last + w");
        assert!(!of(&text));
        let text = synapse("s = 0 last = 0", "s' = -s/tau", "i = (s + last)*(v - e)", "s = s + w last = last + w");
        assert!(of(&text));
    }

    #[test]
    fn only_synapses_superpose() {
        let density = "NEURON { SUFFIX x NONSPECIFIC_CURRENT i } ASSIGNED { v i } BREAKPOINT { i = 0*v }";
        let clamp = "NEURON { POINT_PROCESS x ELECTRODE_CURRENT i } ASSIGNED { i } BREAKPOINT { i = 0 }";
        assert!(!of(density) && !of(clamp));
    }
}
