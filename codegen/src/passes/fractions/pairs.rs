//! Two divisions that share one.

use super::form::Bounded;
use super::known::Known;
use super::ranges::ROOMS;
use crate::ir::{BinaryOperator, Expression, Function, LocalId, Place, Statement, StatementKind};
use crate::math::build::{divide, load, multiply, number};
use crate::passes::{flow, uniform};
use std::collections::{BTreeMap, BTreeSet};

/// How many divisions further on a partner is looked for.
const FARTHEST: usize = 16;

/// A division that may share another's.
struct Site {
    /// Its statement.
    at: usize,
    /// Its number among all divisions.
    number: usize,
    fraction: Bounded,
}

/// Pairs divisions such that before the statement of the first both denominators are known; gives the exponentials that
/// are to be bounded, or nothing if there is no pair.
pub(super) fn run(kernel: &mut Function, known: &Known) -> Option<Vec<Expression>> {
    let mut exponentials = Vec::new();
    let mut sites = sites(&mut kernel.body, known);
    let mut replaced: BTreeMap<usize, Expression> = BTreeMap::new();
    let mut before: BTreeMap<usize, Vec<Statement>> = BTreeMap::new();
    let mut defined = known.defined.clone();
    let mut moved: BTreeSet<usize> = BTreeSet::new();
    while !sites.is_empty() {
        let first = sites.remove(0);
        let hoisted = |site: &Site| known.hoisted(&site.fraction.denominator, first.at, &defined);
        let Some(earlier) = hoisted(&first) else { continue };
        let partner = sites.iter().take(FARTHEST).enumerate().find_map(|(number, site)| {
            hoisted(site).filter(|_| have_room(&first.fraction, &site.fraction)).map(|earlier| (number, earlier))
        });
        let Some((number_of, others)) = partner else { continue };
        let second = sites.remove(number_of);
        let statements = before.entry(first.at).or_default();
        let line = kernel.body[first.at].line;
        for id in earlier.into_iter().chain(others) {
            // Both may need the same.
            if let Some(at) = defined.insert(id, first.at).filter(|at| moved.insert(*at)) {
                statements.push(kernel.body[at].clone());
            }
        }
        let mut keep = |name: &str, value: Expression| {
            let place = Place::Local(kernel.add_local(name));
            statements.push(Statement::new(StatementKind::Assign(place, value), line));
            load(place)
        };
        let [p, q] = [&first, &second].map(|site| keep("denominator", site.fraction.denominator.clone()));
        exponentials.extend([&first, &second].into_iter().flat_map(|site| site.fraction.exponentials.clone()));
        let product = multiply(p.clone(), q.clone());
        let inverse = keep("inverse", divide(number(1.0), product));
        replaced.insert(first.number, multiply(first.fraction.numerator, multiply(q, inverse.clone())));
        replaced.insert(second.number, multiply(second.fraction.numerator, multiply(p, inverse)));
    }
    if replaced.is_empty() {
        return None;
    }
    each(&mut kernel.body, known, &mut |_, number, e| {
        if let Some(product) = replaced.remove(&number) {
            *e = product;
        }
    });
    let body = std::mem::take(&mut kernel.body);
    for (at, statement) in body.into_iter().enumerate() {
        kernel.body.extend(before.remove(&at).into_iter().flatten());
        if !moved.contains(&at) {
            kernel.body.push(statement);
        }
    }
    Some(exponentials)
}

/// Whether two denominators can be multiplied.
fn have_room(first: &Bounded, second: &Bounded) -> bool {
    let most = first.most.into_iter().flatten().zip(second.most.into_iter().flatten());
    most.zip(&ROOMS).all(|((first, second), room)| first * second <= room.most)
}

fn sites(body: &mut [Statement], known: &Known) -> Vec<Site> {
    let mut sites = Vec::new();
    let whole = body.to_vec();
    each(body, known, &mut |at, number, e| {
        let form = known.form(e);
        if let Some(denominator) = form.denominator
            && let fraction = known.bounded(form.numerator, denominator)
            && known.fits(&fraction)
            && (!fraction.vanishes || known.is_harmless(&whole, at, e))
        {
            sites.push(Site { at, number, fraction });
        }
    });
    sites
}

/// Visits the divisions that lanes do in assignments that are needed, with their statements and their numbers.
fn each(body: &mut [Statement], known: &Known, visit: &mut impl FnMut(usize, usize, &mut Expression)) {
    let mut number = 0;
    for (at, statement) in body.iter_mut().enumerate().filter(|(at, _)| known.needed[*at]) {
        let (StatementKind::Assign(_, value) | StatementKind::StoreIon(_, _, value)) = &mut statement.kind else {
            continue;
        };
        value.rewrite(&mut |e| {
            let divides = matches!(e, Expression::Binary(BinaryOperator::Divide, ..));
            if divides && !uniform::is_uniform(e, &known.uniform) {
                visit(at, number, e);
                number += 1;
            }
        });
    }
}

impl Known {
    /// How many divisions each lane does.
    pub(super) fn divisions(&self, body: &[Statement]) -> usize {
        let mut count = 0;
        for (statement, _) in body.iter().zip(&self.needed).filter(|(_, needed)| **needed) {
            flow::visit(std::slice::from_ref(statement), &mut |e| {
                let divides = matches!(e, Expression::Binary(BinaryOperator::Divide, ..));
                count += usize::from(divides && !uniform::is_uniform(e, &self.uniform));
            });
        }
        count
    }

    /// What must be defined earlier for an expression to be computed before a statement, each after what it needs; none if
    /// that is not possible without a division.
    fn hoisted(&self, e: &Expression, before: usize, defined: &BTreeMap<LocalId, usize>) -> Option<Vec<LocalId>> {
        let mut earlier = Vec::new();
        (self.hoists(e, before, defined, &mut earlier) && self.is_lasting(e)).then_some(earlier)
    }

    fn hoists(
        &self,
        e: &Expression,
        before: usize,
        defined: &BTreeMap<LocalId, usize>,
        earlier: &mut Vec<LocalId>,
    ) -> bool {
        match e {
            Expression::Binary(BinaryOperator::Divide, ..) => return false,
            Expression::Load(Place::Local(id)) if !earlier.contains(id) => {
                let at = defined.get(id);
                // What stands there already comes before what is put there now.
                if at.is_none_or(|at| *at >= before) && !(at == Some(&before) && self.defined.get(id) != Some(&before))
                {
                    let Some(definition) = self.definitions.get(id) else { return false };
                    if at.is_none()
                        || !self.hoists(definition, before, defined, earlier)
                        || !self.is_lasting(definition)
                    {
                        return false;
                    }
                    earlier.push(*id);
                }
            }
            _ => {}
        }
        e.operands().into_iter().all(|operand| self.hoists(operand, before, defined, earlier))
    }
}
