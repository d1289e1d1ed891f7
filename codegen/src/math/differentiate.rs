//! Derivatives of expressions, and forward differentiation of statements.
//!
//! Forward differentiation gives every variable that depends on the chosen quantity a companion
//! local, its *tangent*, assigned just before the variable itself. Branches and loops need no
//! special care: the tangent follows the same path as the value.

use super::build::{add, call, divide, is_number, is_zero, load, multiply, negate, number, subtract};
use crate::ir::{
    Array, BinaryOperator, Comparison, Expression, Function, LocalId, Math, Place, Statement, StatementKind,
};
use crate::passes::{depth, flow};
use std::collections::{BTreeMap, BTreeSet};

/// The derivative of `e`, given those of its leaves, which elements of arrays count among.
pub fn derivative(e: &Expression, of_leaf: &impl Fn(&Expression) -> Expression) -> Expression {
    match e {
        Expression::Number(_) => number(0.0),
        Expression::Load(_) | Expression::Element(..) | Expression::Input(_) | Expression::Ion(..) => of_leaf(e),
        Expression::Lookup(table, x) => multiply(Expression::LookupSlope(*table, x.clone()), derivative(x, of_leaf)),
        // Piecewise constant.
        Expression::LookupSlope(..) => number(0.0),
        Expression::Negate(a) => negate(derivative(a, of_leaf)),
        Expression::Binary(operator, a, b) => {
            let (da, db) = (derivative(a, of_leaf), derivative(b, of_leaf));
            let (a, b) = (a.as_ref().clone(), b.as_ref().clone());
            match operator {
                BinaryOperator::Add => add(da, db),
                BinaryOperator::Subtract => subtract(da, db),
                BinaryOperator::Multiply => add(multiply(da, b.clone()), multiply(a, db)),
                // (a/b)' = (a' - (a/b) b') / b
                BinaryOperator::Divide => {
                    let ratio = Expression::binary(BinaryOperator::Divide, a, b.clone());
                    divide_nonzero(subtract(da, vanishing(ratio, db)), b)
                }
            }
        }
        Expression::MulAdd(a, b, c) => {
            let product = Expression::Binary(BinaryOperator::Multiply, a.clone(), b.clone());
            add(derivative(&product, of_leaf), derivative(c, of_leaf))
        }
        Expression::Call(function, arguments) => of_call(*function, arguments, of_leaf),
        Expression::Select(condition, a, b) => {
            select(condition.as_ref().clone(), derivative(a, of_leaf), derivative(b, of_leaf))
        }
        // Conditions are piecewise constant.
        Expression::Compare(..) | Expression::And(..) | Expression::Or(..) | Expression::Not(_) => number(0.0),
    }
}

/// `ratio * slope`, 0 where the ratio is 0 even if the slope overflows, as in `1/(1 + exp(x))`.
fn vanishing(ratio: Expression, slope: Expression) -> Expression {
    if matches!(slope, Expression::Number(_)) {
        return multiply(ratio, slope);
    }
    let condition = compare(Comparison::Equal, ratio.clone(), number(0.0));
    select(condition, number(0.0), multiply(ratio, slope))
}

fn divide_nonzero(a: Expression, b: Expression) -> Expression {
    if is_zero(&a) { a } else { divide(a, b) }
}

fn select(condition: Expression, a: Expression, b: Expression) -> Expression {
    if a == b { a } else { Expression::Select(Box::new(condition), Box::new(a), Box::new(b)) }
}

fn compare(comparison: Comparison, a: Expression, b: Expression) -> Expression {
    Expression::Compare(comparison, Box::new(a), Box::new(b))
}

fn of_call(function: Math, arguments: &[Expression], of_leaf: &impl Fn(&Expression) -> Expression) -> Expression {
    let inner: Vec<Expression> = arguments.iter().map(|argument| derivative(argument, of_leaf)).collect();
    if inner.iter().all(is_zero) {
        return number(0.0);
    }
    let itself = || Expression::Call(function, arguments.to_vec());
    let x = || arguments[0].clone();
    let square = |e: Expression| multiply(e.clone(), e);
    let outer = match function {
        Math::Exp => itself(),
        Math::Expm1 => call(Math::Exp, x()),
        Math::Expm1Of => arguments[1].clone(),
        // f = x/(e^x - 1): f' = f (1 - x - f)/x, and -1/2 + x/6 near 0.
        Math::Exprelr => select(
            compare(Comparison::Less, call(Math::Abs, x()), number(1e-4)),
            add(number(-0.5), divide(x(), number(6.0))),
            divide(multiply(itself(), subtract(subtract(number(1.0), x()), itself())), x()),
        ),
        Math::Log => divide(number(1.0), x()),
        Math::Log10 => divide(number(std::f64::consts::LOG10_E), x()),
        Math::Sqrt => divide(number(0.5), itself()),
        Math::Abs => select(compare(Comparison::Less, x(), number(0.0)), number(-1.0), number(1.0)),
        Math::Floor | Math::Ceil => number(0.0),
        Math::Bounded | Math::Confined => number(1.0),
        Math::Sin => call(Math::Cos, x()),
        Math::Cos => negate(call(Math::Sin, x())),
        Math::Tan => add(number(1.0), square(itself())),
        Math::Sinh => call(Math::Cosh, x()),
        Math::Cosh => call(Math::Sinh, x()),
        Math::Tanh => subtract(number(1.0), square(itself())),
        Math::Atan => divide(number(1.0), add(number(1.0), square(x()))),
        Math::Pow => return of_power(arguments, inner),
        Math::Min | Math::Max => {
            let comparison = if function == Math::Min { Comparison::LessEqual } else { Comparison::GreaterEqual };
            let condition = compare(comparison, x(), arguments[1].clone());
            let mut inner = inner.into_iter();
            let (a, b) = (inner.next().unwrap_or(number(0.0)), inner.next().unwrap_or(number(0.0)));
            return select(condition, a, b);
        }
        // x - y trunc(x/y), with the integer taken as constant.
        Math::Fmod => {
            let quotient = divide(subtract(x(), itself()), arguments[1].clone());
            return subtract(inner[0].clone(), multiply(quotient, inner[1].clone()));
        }
    };
    multiply(outer, inner[0].clone())
}

/// `(x^y)' = y x^(y-1) x' + x^y log(x) y'`.
fn of_power(arguments: &[Expression], inner: Vec<Expression>) -> Expression {
    let (x, y) = (arguments[0].clone(), arguments[1].clone());
    let lowered = match subtract(y.clone(), number(1.0)) {
        one if is_number(&one, 1.0) => x.clone(),
        zero if is_zero(&zero) => number(1.0),
        exponent => Expression::Call(Math::Pow, vec![x.clone(), exponent]),
    };
    let base = multiply(multiply(y, lowered), inner[0].clone());
    let logarithm = multiply(Expression::Call(Math::Pow, arguments.to_vec()), call(Math::Log, x));
    add(base, multiply(logarithm, inner[1].clone()))
}

/// A quantity to differentiate by.
#[derive(Clone, Debug)]
pub struct Direction {
    /// The leaf whose derivative is 1: `v`, or a state.
    pub leaf: Expression,
    /// Its name, to name the tangents.
    pub name: String,
}

/// What [`tangents`] found for one direction.
#[derive(Clone, Debug, Default)]
pub struct Tangents {
    of: BTreeMap<Place, LocalId>,
}

impl Tangents {
    /// The derivative of a place's final value.
    pub fn of(&self, place: Place) -> Expression {
        self.place_of(place).map_or(number(0.0), load)
    }

    /// Where the derivative of a place lies, if it has one.
    pub fn place_of(&self, place: Place) -> Option<Place> {
        self.of.get(&place).map(|id| Place::Local(*id))
    }

    /// The tangents of an array that a run-time index reaches: made for all elements, in order.
    fn array(&self, array: Array) -> Option<Array> {
        let first = Place::Local(*self.of.get(&array.first)?);
        Some(Array { first, length: array.length })
    }
}

/// The statements with tangents of everything that depends on the directions, one result a direction.
///
/// # Errors
/// The count of statements that assign tangents if it exceeds `limit`.
pub fn tangents(
    function: &mut Function,
    body: Vec<Statement>,
    directions: &[Direction],
    limit: usize,
    name_of: &impl Fn(&Function, Place) -> String,
) -> Result<(Vec<Statement>, Vec<Tangents>), usize> {
    let body = &depth::statements(function, body);
    let mut prologue = Vec::new();
    let mut all = Vec::new();
    for direction in directions {
        let mut tangents = Tangents::default();
        for place in active(body, direction) {
            let name = name_of(function, place);
            // The tangent of `ca[2]` is `dca_dv[2]`.
            let (base, index) = name.split_at(name.find('[').unwrap_or(name.len()));
            let name = format!("d{base}_d{}{index}", direction.name);
            let id = function.add_local(name);
            tangents.of.insert(place, id);
            if direction.leaf == load(place) {
                let start = StatementKind::Assign(Place::Local(id), number(1.0));
                prologue.push(Statement::new(start, body.first().map_or(0, |first| first.line)));
            }
        }
        all.push(tangents);
    }
    let mut count = 0;
    flow::visit_statements(body, &mut |statement| {
        if let StatementKind::Assign(place, _) | StatementKind::AssignElement(Array { first: place, .. }, ..) =
            &statement.kind
        {
            count += all.iter().filter(|tangents| tangents.of.contains_key(place)).count();
        }
    });
    if count > limit {
        return Err(count);
    }
    prologue.extend(with_tangents(body, directions, &all));
    Ok((prologue, all))
}

/// The places assigned in `body` whose value may depend on the direction. Of an array with a run-time index all
/// elements or none, so that their tangents are an array too.
fn active(body: &[Statement], direction: &Direction) -> BTreeSet<Place> {
    let arrays = flow::arrays(body);
    let mut active = BTreeSet::new();
    for array in &arrays {
        if array.elements().any(|element| direction.leaf == load(element)) {
            active.extend(array.elements());
        }
    }
    loop {
        let before = active.len();
        spread(body, direction, &mut active);
        for array in &arrays {
            if array.elements().any(|element| active.contains(&element)) {
                active.extend(array.elements());
            }
        }
        if active.len() == before {
            return active;
        }
    }
}

fn spread(body: &[Statement], direction: &Direction, active: &mut BTreeSet<Place>) {
    for statement in body {
        let depends = |value: &Expression, active: &BTreeSet<Place>| {
            let mut depends = false;
            value.visit(&mut |e| {
                depends |= *e == direction.leaf
                    || match e {
                        Expression::Load(place) => active.contains(place),
                        Expression::Element(array, _) => active.contains(&array.first),
                        _ => false,
                    };
            });
            depends
        };
        match &statement.kind {
            StatementKind::Assign(place, value) => {
                if direction.leaf == load(*place) || depends(value, active) {
                    active.insert(*place);
                }
            }
            StatementKind::AssignElement(array, _, value) => {
                if depends(value, active) {
                    active.extend(array.elements());
                }
            }
            StatementKind::Derivative(..)
            | StatementKind::Draw(_)
            | StatementKind::If { .. }
            | StatementKind::While { .. }
            | StatementKind::Iterate { .. }
            | StatementKind::StoreIon(..)
            | StatementKind::AddIon(..)
            | StatementKind::StoreV(_)
            | StatementKind::AddRhs(_)
            | StatementKind::AddDiagonal(_)
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_)
            | StatementKind::ForNetcons { .. }
            | StatementKind::Solve { .. } => {}
        }
        for block in statement.blocks() {
            spread(block, direction, active);
        }
    }
}

fn with_tangents(body: &[Statement], directions: &[Direction], all: &[Tangents]) -> Vec<Statement> {
    let mut out = Vec::new();
    for statement in body {
        for (direction, tangents) in directions.iter().zip(all) {
            let slope = |value: &Expression| {
                derivative(value, &|leaf| match leaf {
                    Expression::Load(place) if tangents.of.contains_key(place) => tangents.of(*place),
                    Expression::Element(array, index) => match tangents.array(*array) {
                        Some(array) => Expression::Element(array, index.clone()),
                        None => number(0.0),
                    },
                    leaf if *leaf == direction.leaf => number(1.0),
                    _ => number(0.0),
                })
            };
            let kind = match &statement.kind {
                StatementKind::Assign(place, value) => {
                    let Some(id) = tangents.of.get(place) else { continue };
                    StatementKind::Assign(Place::Local(*id), slope(value))
                }
                StatementKind::AssignElement(array, index, value) => {
                    let Some(array) = tangents.array(*array) else { continue };
                    StatementKind::AssignElement(array, index.clone(), slope(value))
                }
                StatementKind::Derivative(..)
                | StatementKind::Draw(_)
                | StatementKind::If { .. }
                | StatementKind::While { .. }
                | StatementKind::Iterate { .. }
                | StatementKind::StoreIon(..)
                | StatementKind::AddIon(..)
                | StatementKind::StoreV(_)
                | StatementKind::AddRhs(_)
                | StatementKind::AddDiagonal(_)
                | StatementKind::NetSend { .. }
                | StatementKind::NetEvent(_)
                | StatementKind::NetMove(_)
                | StatementKind::ForNetcons { .. }
                | StatementKind::Solve { .. } => break,
            };
            out.push(Statement::new(kind, statement.line));
        }
        if let StatementKind::Draw(draw) = &statement.kind {
            // A random number is a constant.
            for id in
                all.iter().flat_map(|tangents| draw.places().map(|place| tangents.of.get(&place).copied())).flatten()
            {
                out.push(Statement::new(StatementKind::Assign(Place::Local(id), number(0.0)), statement.line));
            }
        }
        let mut statement = statement.clone();
        for block in statement.blocks_mut() {
            *block = with_tangents(block, directions, all);
        }
        out.push(statement);
    }
    out
}
