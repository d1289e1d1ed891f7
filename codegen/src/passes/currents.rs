//! BREAKPOINT to the kernels `current` and `current_difference`.
//!
//! With `I` the sum of the currents in declaration order and `g = dI/dv`:
//! density `rhs -= I`, `d += g`; ELECTRODE_CURRENT `rhs += I`, `d -= g`; a point process scales both,
//! and what it adds to ions, by `100/area` (nA per um2 to mA/cm2).
//!
//! NEURON's `g` is the quotient `(I(v + h) - I(v))/h` with `h` = 0.001 mV, and `current_difference` computes
//! it so. `current` differentiates BREAKPOINT twice: `I' + I'' h/2` is the quotient to within `I''' h^2/6`,
//! free of its round-off, and just `I'` where a current is linear in `v`. CONDUCTANCE hints replace both.

use super::flow;
use crate::ir::{Expression, Function, Input, IonField, Kind, Mechanism, Place, Statement, StatementKind};
use crate::math::build::{add, divide, is_zero, load, multiply, negate, number, subtract};
use crate::math::{Direction, tangents};
use crate::sema::draft::CurrentDraft;

/// NEURON's step for the difference quotient, mV.
const DELTA_V: f64 = 0.001;
/// Most assignments of second derivatives; longer loops do without.
const MOST_CURVED: usize = 500;

/// Builds both kernels.
pub fn run(mechanism: &mut Mechanism, draft: CurrentDraft) {
    let analytic = analytic(mechanism, &draft);
    let difference = if draft.conductances.is_empty() { difference(mechanism, &draft) } else { analytic.clone() };
    mechanism.kernels.current = Some(analytic);
    mechanism.kernels.current_difference = Some(difference);
}

fn analytic(mechanism: &Mechanism, draft: &CurrentDraft) -> Function {
    let mut function = draft.function.clone();
    if !draft.conductances.is_empty() {
        let total = sum(draft.conductances.iter().map(|hint| load(hint.place)));
        let of_currents: Vec<Expression> = draft
            .currents
            .iter()
            .map(|current| {
                let own = draft.conductances.iter().filter(|hint| hint.ion.is_some() && hint.ion == current.ion);
                sum(own.map(|hint| load(hint.place)))
            })
            .collect();
        let tail = contributions(mechanism, draft, &of_currents, total);
        function.body.extend(tail);
        return function;
    }
    let direction = Direction { leaf: Expression::Input(Input::V), name: "v".to_owned() };
    let mut differentiate = |limit: usize| {
        let body = function.body.clone();
        let name_of = |function: &Function, place| mechanism.place_name(function, place).to_owned();
        let found = tangents(&mut function, body, std::slice::from_ref(&direction), limit, &name_of);
        let (body, tangents) = found.ok()?;
        function.body = body;
        tangents.into_iter().next()
    };
    let slopes = differentiate(usize::MAX).unwrap_or_default();
    let curvatures = differentiate(MOST_CURVED).unwrap_or_default();
    let slope = |place: Place| match slopes.place_of(place) {
        Some(slope) => add(load(slope), multiply(number(DELTA_V / 2.0), curvatures.of(slope))),
        None => number(0.0),
    };
    let slopes: Vec<Expression> = draft.currents.iter().map(|current| slope(current.place)).collect();
    let total = sum(slopes.iter().cloned());
    function.body.extend(contributions(mechanism, draft, &slopes, total));
    function
}

fn difference(mechanism: &Mechanism, draft: &CurrentDraft) -> Function {
    let mut function = draft.function.clone();
    let body = std::mem::take(&mut function.body);
    let assign = |place: Place, value: Expression| Statement::new(StatementKind::Assign(place, value), draft.line);

    let mut depends_on_v = false;
    flow::visit(&body, &mut |e| depends_on_v |= matches!(e, Expression::Input(Input::V)));
    if !depends_on_v {
        let zeros = vec![number(0.0); draft.currents.len()];
        function.body = body;
        function.body.extend(contributions(mechanism, draft, &zeros, number(0.0)));
        return function;
    }

    let v_up = Place::Local(function.add_local("v_up"));
    let mut raised = body.clone();
    flow::rewrite(&mut raised, &mut |e| {
        if matches!(e, Expression::Input(Input::V)) {
            *e = load(v_up);
        }
    });
    function.body.push(assign(v_up, add(Expression::Input(Input::V), number(DELTA_V))));
    function.body.extend(raised);
    let mut up = Vec::new();
    for current in &draft.currents {
        let place = Place::Local(function.add_local(format!("{}_up", current.name)));
        function.body.push(assign(place, load(current.place)));
        up.push(load(place));
    }
    function.body.extend(body);
    let quotient = |up: Expression, at_v: Expression| divide(subtract(up, at_v), number(DELTA_V));
    let slopes: Vec<Expression> =
        draft.currents.iter().zip(&up).map(|(current, up)| quotient(up.clone(), load(current.place))).collect();
    let total = quotient(sum(up.into_iter()), sum(draft.currents.iter().map(|current| load(current.place))));
    function.body.extend(contributions(mechanism, draft, &slopes, total));
    function
}

/// What the kernel adds to the ions and to the matrix, then ion variables copied out.
fn contributions(
    mechanism: &Mechanism,
    draft: &CurrentDraft,
    slopes: &[Expression],
    total_slope: Expression,
) -> Vec<Statement> {
    let scaled = |value: Expression| match mechanism.kind {
        Kind::PointProcess => multiply(value, divide(number(100.0), Expression::Input(Input::Area))),
        Kind::Density | Kind::ArtificialCell => value,
    };
    let mut kinds = Vec::new();
    for (current, slope) in draft.currents.iter().zip(slopes) {
        if let Some(ion) = current.ion {
            kinds.push(StatementKind::AddIon(ion, IonField::Current, scaled(load(current.place))));
            kinds.push(StatementKind::AddIon(ion, IonField::Didv, scaled(slope.clone())));
        }
    }
    let total = scaled(sum(draft.currents.iter().map(|current| load(current.place))));
    let total_slope = scaled(total_slope);
    let (rhs, diagonal) = match draft.electrode {
        false => (negate(total), total_slope),
        true => (total, negate(total_slope)),
    };
    kinds.push(StatementKind::AddRhs(rhs));
    kinds.push(StatementKind::AddDiagonal(diagonal));
    kinds
        .into_iter()
        .filter(|kind| !adds_zero(kind))
        .map(|kind| Statement::new(kind, draft.line))
        .chain(draft.epilogue.iter().cloned())
        .collect()
}

fn adds_zero(kind: &StatementKind) -> bool {
    match kind {
        StatementKind::AddIon(_, _, value) | StatementKind::AddRhs(value) | StatementKind::AddDiagonal(value) => {
            is_zero(value)
        }
        StatementKind::Assign(..)
        | StatementKind::AssignElement(..)
        | StatementKind::Derivative(..)
        | StatementKind::Draw(_)
        | StatementKind::If { .. }
        | StatementKind::While { .. }
        | StatementKind::Iterate { .. }
        | StatementKind::Solve { .. }
        | StatementKind::StoreIon(..)
        | StatementKind::StoreV(_)
        | StatementKind::NetSend { .. }
        | StatementKind::NetEvent(_)
        | StatementKind::NetMove(_)
        | StatementKind::ForNetcons { .. } => false,
    }
}

/// The sum from the first to the last.
fn sum(terms: impl Iterator<Item = Expression>) -> Expression {
    terms.reduce(add).unwrap_or(number(0.0))
}
