//! Two divisions that share one.

use super::form::{Bounded, MOST};
use super::known::Known;
use crate::ir::{BinaryOperator, Expression, Function, LocalId, Place, Statement, StatementKind};
use crate::math::build::{divide, load, multiply, number};
use crate::passes::fold::size;
use crate::passes::uniform;
use std::collections::BTreeMap;

/// Largest denominator that is computed earlier than it stands.
const LARGEST: usize = 60;
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
    while !sites.is_empty() {
        let first = sites.remove(0);
        let hoisted = |site: &Site| known.hoisted(&site.fraction.denominator, first.at);
        let Some(denominator) = hoisted(&first) else { continue };
        let partner = sites.iter().take(FARTHEST).enumerate().find_map(|(number, site)| {
            hoisted(site)
                .filter(|_| first.fraction.most * site.fraction.most <= MOST)
                .map(|denominator| (number, denominator))
        });
        let Some((number_of, other)) = partner else { continue };
        let second = sites.remove(number_of);
        let statements = before.entry(first.at).or_default();
        let line = kernel.body[first.at].line;
        let mut keep = |name: &str, value: Expression| {
            let place = Place::Local(kernel.add_local(name));
            statements.push(Statement::new(StatementKind::Assign(place, value), line));
            load(place)
        };
        let [p, q] = [denominator, other].map(|value| keep("denominator", value));
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
        kernel.body.push(statement);
    }
    Some(exponentials)
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
    /// The same value computed before a statement, if that takes no division.
    fn hoisted(&self, e: &Expression, before: usize) -> Option<Expression> {
        let mut hoisted = e.clone();
        let mut possible = true;
        hoisted.rewrite(&mut |part| {
            possible &= !matches!(part, Expression::Binary(BinaryOperator::Divide, ..));
            if let Expression::Load(Place::Local(id)) = part
                && !self.is_defined(*id, before)
            {
                match self.definitions.get(id).and_then(|definition| self.hoisted(definition, before)) {
                    Some(definition) => *part = definition,
                    None => possible = false,
                }
            }
        });
        (possible && size(&hoisted) <= LARGEST && self.is_lasting(&hoisted)).then_some(hoisted)
    }

    fn is_defined(&self, id: LocalId, before: usize) -> bool {
        self.defined.get(&id).is_some_and(|at| *at < before)
    }
}
