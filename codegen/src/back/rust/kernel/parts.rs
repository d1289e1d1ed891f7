//! A kernel cut into parts between which exponentials of a row of lanes are computed, all lanes of one exponential together.
//!
//! An exponential is a dozen operations each of which waits for the one before. Where a kernel computes several of them
//! lane by lane, a processor looks too few operations ahead to have enough of them under way; a loop over a row that does
//! nothing but one exponential never waits. So the kernel becomes parts: the first computes the arguments, the next takes
//! the results from the same rows, and so on. What else a later part needs of an earlier one is in a row, too.
//!
//! Statements keep their order but for the cut, so that each number is computed by the same operations.

use super::steps::{Call, Cut, Step, Value, is_plain};
use crate::ir::{Expression, Function, Mechanism, Place, Statement, StatementKind};
use crate::passes::flow;
use std::collections::{BTreeMap, BTreeSet};

/// Fewest exponentials for which rows pay.
const LEAST: usize = 2;
/// Most rows for each of them: a row is stored and loaded.
const ROWS: usize = 4;
/// Most rows: each is some hundred bytes of the stack.
const MOST: usize = 64;

/// A kernel in parts.
pub(super) struct Parts {
    /// The mechanism, with a column more for each row.
    pub mechanism: Mechanism,
    /// The column of the first row; the others follow.
    pub first_row: usize,
    /// The parts, in order.
    pub parts: Vec<Part>,
}

/// One loop over the lanes of a row.
pub(super) struct Part {
    /// What it does; as the whole kernel it begins with what is the same for all instances.
    pub function: Function,
    /// What follows.
    pub calls: Vec<Call>,
}

impl Parts {
    /// Cuts a kernel of which the first `uniform` statements give all instances the same; none if it has too few
    /// exponentials or does what cannot be cut.
    pub fn of(mechanism: &Mechanism, kernel: &Function, uniform: usize) -> Option<Self> {
        let (prefix, body) = kernel.body.split_at(uniform);
        if !body.iter().all(is_plain) {
            return None;
        }
        let mut cut = Cut::new(mechanism);
        let mut steps = cut.steps(body);
        let calls = steps.iter().filter(|step| step.call.is_some()).count();
        if calls < LEAST {
            return None;
        }
        place(&mut steps);
        let shared: BTreeSet<Place> = flow::writes(prefix).places;
        sink(&mut steps, &shared);
        let handed = handed_on(&mut cut, &steps, kernel)?;
        let Cut { mechanism, first_row } = cut;
        if mechanism.columns.len() - first_row > MOST.min(ROWS * calls) {
            return None;
        }
        let mut parts: Vec<Part> = Vec::new();
        for step in steps {
            while parts.len() <= step.part {
                let function = Function { locals: kernel.locals.clone(), body: prefix.to_vec() };
                parts.push(Part { function, calls: vec![] });
            }
            let part = &mut parts[step.part];
            part.function.body.extend(step.statement);
            part.calls.extend(step.call);
        }
        for (number, part) in parts.iter_mut().enumerate() {
            let before = handed.iter().filter(|(_, (writer, _))| *writer < number);
            let rows: BTreeMap<Place, Place> = before.map(|(place, (_, row))| (*place, *row)).collect();
            flow::rename_by(&mut part.function.body, &rows);
        }
        for (place, (writer, row)) in handed {
            let kind = StatementKind::Assign(row, Expression::Load(place));
            parts[writer].function.body.push(Statement::new(kind, 0));
        }
        Some(Self { mechanism, first_row, parts })
    }
}

/// A row for each variable that a later part reads: the part that writes it, and the row. None if several parts write a
/// variable.
fn handed_on(cut: &mut Cut, steps: &[Step], kernel: &Function) -> Option<BTreeMap<Place, (usize, Place)>> {
    let mut writers: BTreeMap<Place, usize> = BTreeMap::new();
    for step in steps.iter().filter(|step| step.call.is_none()) {
        for place in step.writes.iter().filter_map(Value::place).filter(|place| !cut.is_row(*place)) {
            if *writers.entry(place).or_insert(step.part) != step.part {
                return None;
            }
        }
    }
    let mut handed = BTreeMap::new();
    for step in steps {
        for place in step.reads.iter().filter_map(Value::place) {
            let Some(&writer) = writers.get(&place) else { continue };
            if writer >= step.part || handed.contains_key(&place) {
                continue;
            }
            let name = match place {
                Place::Local(id) => kernel.locals[id.0 as usize].name.clone(),
                Place::Column(id) => cut.mechanism.columns[id.0 as usize].name.clone(),
                Place::Global(_) | Place::NetArgument(_) | Place::EachArgument(_) => return None,
            };
            handed.insert(place, (writer, Place::Column(cut.add(&name))));
        }
    }
    Some(handed)
}

/// Puts each statement into the first part that has all it needs, and that leaves it after those that it must follow.
fn place(steps: &mut [Step]) {
    let mut ready: BTreeMap<Value, usize> = BTreeMap::new();
    let mut touched: BTreeMap<Value, usize> = BTreeMap::new();
    for step in steps {
        let needed = step.reads.iter().filter_map(|value| ready.get(value));
        let followed = step.writes.iter().filter_map(|value| touched.get(value));
        step.part = needed.chain(followed).copied().max().unwrap_or(0);
        for value in &step.writes {
            ready.insert(*value, step.ready());
        }
        for value in step.reads.iter().chain(&step.writes) {
            let last = touched.entry(*value).or_default();
            *last = step.part.max(*last);
        }
    }
}

/// Moves statements to the part that needs them where no more is handed on then.
fn sink(steps: &mut [Step], shared: &BTreeSet<Place>) {
    let wanted = wanted(steps);
    // The first part that has to do with a value, among the statements that follow; and whether it changes it.
    let mut users: BTreeMap<Value, usize> = BTreeMap::new();
    let mut writers: BTreeMap<Value, usize> = BTreeMap::new();
    for at in (0..steps.len()).rev() {
        let step = &steps[at];
        let local = |value: &Value| matches!(value, Value::Place(place @ Place::Local(_)) if !shared.contains(place));
        let after = step.writes.iter().filter_map(|value| users.get(value));
        let before = step.reads.iter().filter_map(|value| writers.get(value));
        if let Some(part) = after.chain(before).copied().min()
            && step.call.is_none()
            && step.writes.iter().all(local)
        {
            // What nobody wants before comes along.
            let stays = |value: &&Value| local(value) && wanted.get(value).is_some_and(|first| *first < part);
            if step.reads.iter().filter(stays).count() <= step.writes.len() {
                steps[at].part = part.max(steps[at].part);
            }
        }
        let step = &steps[at];
        let first = |values: &mut BTreeMap<Value, usize>, value: &Value| {
            let first = values.entry(*value).or_insert(step.part);
            *first = step.part.min(*first);
        };
        step.writes.iter().for_each(|value| first(&mut writers, value));
        step.reads.iter().chain(&step.writes).for_each(|value| first(&mut users, value));
    }
}

/// The first part in which something needs a value that is not for other parts alone.
fn wanted(steps: &[Step]) -> BTreeMap<Value, usize> {
    let mut wanted: BTreeMap<Value, usize> = BTreeMap::new();
    for step in steps.iter().rev() {
        let goes_on = step.call.is_none() && step.writes.iter().all(|value| wanted.contains_key(value));
        let part = match goes_on {
            true => step.writes.iter().filter_map(|value| wanted.get(value)).copied().min().unwrap_or(step.part),
            false => step.part,
        };
        for value in &step.reads {
            let first = wanted.entry(*value).or_insert(part);
            *first = part.min(*first);
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Math;
    use crate::passes::uniform;
    use nmodl_parser::SourceFile;

    /// What follows each part of the states of a mechanism.
    fn calls(equations: &str) -> Option<Vec<Vec<Call>>> {
        let text = format!(
            "NEURON {{ SUFFIX x NONSPECIFIC_CURRENT i }} ASSIGNED {{ v (mV) i (mA/cm2) }} STATE {{ m h }} \
             BREAKPOINT {{ SOLVE s METHOD cnexp i = m*h*v }} DERIVATIVE s {{ LOCAL a, b {equations} }}"
        );
        let (mechanism, diagnostics) = crate::compile(&SourceFile::new("x.mod", &text), &crate::Options::default());
        let mechanism = mechanism.unwrap_or_else(|| panic!("{diagnostics:?}"));
        let state = mechanism.kernels.state.as_ref().expect("states");
        let parts = Parts::of(&mechanism, state, uniform::prefix(state))?;
        Some(parts.parts.into_iter().map(|part| part.calls).collect())
    }

    #[test]
    fn arguments_rates_and_states_are_parts() {
        let calls = calls("a = exp(v/20) b = exp(-v/9) m' = a - (a + b)*m").expect("parts");
        let [first, second] = &calls[..] else { panic!("{calls:?}") };
        assert!(matches!(first[..], [Call::Each(Math::Exp, _), Call::Each(Math::Exp, _)]), "{first:?}");
        assert!(matches!(second[..], [Call::Relax { .. }]), "{second:?}");
    }

    #[test]
    fn a_state_that_others_read_is_relaxed_before() {
        let calls = calls("m' = (1 - m)*exp(v/20) h' = (m - h)*exp(-v/9)").expect("parts");
        let relaxed = |calls: &Vec<Call>| calls.iter().filter(|call| matches!(call, Call::Relax { .. })).count();
        assert_eq!(calls.iter().map(relaxed).collect::<Vec<_>>(), [0, 1, 1]);
    }

    #[test]
    fn what_does_not_pay_or_cannot_be_cut_is_whole() {
        assert_eq!(calls("m' = (0.5 - m)/(1 + v*v)"), None, "one exponential");
        let twice =
            "if (v > 0) { a = exp(v/20) } else { a = 1 } m' = (1 - m)*a if (m > 0.5) { a = exp(m) } h' = exp(v) - a*h";
        assert_eq!(calls(twice), None, "two parts write a variable");
    }
}
