//! What the statements of a kernel say about its locals.

use super::ranges::Ranges;
use crate::ir::{BinaryOperator, Expression, LocalId, Math, Place, Statement, StatementKind};
use crate::passes::{flow, uniform, versions};
use std::collections::{BTreeMap, BTreeSet};

/// The locals of a kernel.
pub(super) struct Known {
    /// The definitions of those that hold the same wherever they are read, and would if computed there.
    pub definitions: BTreeMap<LocalId, Expression>,
    /// The statements that set locals which no other sets.
    pub defined: BTreeMap<LocalId, usize>,
    /// Those that all instances share.
    pub uniform: BTreeSet<LocalId>,
    /// The statements that are not only there for somebody to look at what they set.
    pub needed: Vec<bool>,
    /// How often these read a local.
    pub uses: BTreeMap<LocalId, usize>,
    /// The exponentials that must not be bounded.
    pub unbounded: Vec<Expression>,
    lasting: Lasting,
    /// Whether potentials are confined, and divisions may be repeated that others share then.
    pub confined: bool,
    /// Ranges of locals.
    pub ranges: Ranges,
}

impl Known {
    /// `carried` are the columns that kernels need.
    pub fn of(body: &[Statement], carried: &BTreeSet<Place>, confined: bool) -> Self {
        let lasting = Lasting::of(body);
        let single = versions::single(body);
        let uniform = uniform::locals(body, &single);
        let needed = needed(body, carried);
        let mut uses = BTreeMap::new();
        for (statement, _) in body.iter().zip(&needed).filter(|(_, needed)| **needed) {
            flow::visit(std::slice::from_ref(statement), &mut |e| {
                if let Expression::Load(Place::Local(id)) = e {
                    *uses.entry(*id).or_default() += 1;
                }
            });
        }
        let mut defined = BTreeMap::new();
        for (at, statement) in body.iter().enumerate() {
            let places = flow::writes(std::slice::from_ref(statement)).places;
            for place in places.into_iter().filter(|place| lasting.keeps(*place)) {
                if let Place::Local(id) = place {
                    defined.insert(id, at);
                }
            }
        }
        let definitions = single.into_iter().filter(|(_, definition)| lasting.holds(definition)).collect();
        let mut known = Self {
            definitions,
            defined,
            uniform,
            needed,
            uses,
            unbounded: Vec::new(),
            lasting,
            confined,
            ranges: Ranges::default(),
        };
        known.unbounded = known.unbounded(body);
        known
    }

    /// Whether an expression has the same value wherever it stands, once its locals have theirs.
    pub fn is_lasting(&self, e: &Expression) -> bool {
        self.lasting.holds(e)
    }

    /// Whether at most one statement sets a place.
    pub fn is_set_once(&self, place: Place) -> bool {
        self.lasting.keeps(place)
    }

    /// Whether a value is used where a very small one is as good as a still smaller one: nothing that may be very large is
    /// multiplied to `part`, which stands in a statement, or to what is computed from it.
    pub fn is_harmless(&self, body: &[Statement], at: usize, part: &Expression) -> bool {
        match &body[at].kind {
            StatementKind::Assign(place, value) => {
                !self.may_be_large(value, part)
                    && (!matches!(place, Place::Local(_)) || self.is_read_harmlessly(body, at, *place))
            }
            StatementKind::StoreIon(_, _, value) => !self.may_be_large(value, part),
            _ => false,
        }
    }

    fn is_read_harmlessly(&self, body: &[Statement], set: usize, place: Place) -> bool {
        let reads = |at: &usize| self.needed[*at] && flow::loads(std::slice::from_ref(&body[*at])).contains(&place);
        // Later ones read what is later set, so that this comes to an end.
        (0..body.len()).filter(reads).all(|at| at > set && self.is_harmless(body, at, &Expression::Load(place)))
    }

    /// Whether what stands beside a part of an expression may be very large.
    fn may_be_large(&self, e: &Expression, part: &Expression) -> bool {
        match e {
            e if e == part => false,
            Expression::Load(Place::Local(id)) => {
                self.definitions.get(id).is_none_or(|definition| self.may_be_large(definition, part))
            }
            Expression::Binary(BinaryOperator::Divide, a, b) => {
                self.may_be_large(a, part) || (!holds(b, part) && self.may_vanish(b))
            }
            Expression::Call(Math::Expm1, _) => false,
            Expression::Call(Math::Exp | Math::Pow, _) => true,
            // A logarithm or a root tells very small from still smaller.
            Expression::Call(..) => holds(e, part),
            e => e.operands().into_iter().any(|operand| self.may_be_large(operand, part)),
        }
    }

    /// Whether an exponential, or what is not known, may make an expression very small.
    fn may_vanish(&self, e: &Expression) -> bool {
        match e {
            e if self.is_away_from_zero(e) => false,
            e if self.grows(e) => true,
            Expression::Load(Place::Local(id)) => {
                self.definitions.get(id).is_none_or(|definition| self.may_vanish(definition))
            }
            e => e.operands().into_iter().any(|operand| self.may_vanish(operand)),
        }
    }
}

fn holds(e: &Expression, part: &Expression) -> bool {
    let mut found = false;
    e.visit(&mut |inner| found |= inner == part);
    found
}

/// Which statements set what kernels, nodes or ions need.
fn needed(body: &[Statement], carried: &BTreeSet<Place>) -> Vec<bool> {
    let mut read: BTreeSet<Place> = BTreeSet::new();
    let mut needed = vec![true; body.len()];
    for (statement, needed) in body.iter().zip(&mut needed).rev() {
        let one = std::slice::from_ref(statement);
        let mut assigns = true;
        flow::visit_statements(one, &mut |statement| {
            assigns &= matches!(statement.kind, StatementKind::Assign(..) | StatementKind::If { .. });
        });
        let wanted = |place: &Place| match place {
            Place::Local(_) => read.contains(place),
            _ => carried.contains(place),
        };
        *needed = !assigns || flow::writes(one).places.iter().any(wanted);
        if *needed {
            read.extend(flow::loads(one));
        }
    }
    needed
}

/// What keeps its value all through a kernel, once it has one.
struct Lasting {
    writers: BTreeMap<Place, usize>,
    written: flow::Writes,
    stores_v: bool,
}

impl Lasting {
    fn of(body: &[Statement]) -> Self {
        let mut writers = BTreeMap::new();
        for place in body.iter().flat_map(|statement| flow::writes(std::slice::from_ref(statement)).places) {
            *writers.entry(place).or_default() += 1;
        }
        let mut stores_v = false;
        flow::visit_statements(body, &mut |statement| {
            stores_v |= matches!(statement.kind, StatementKind::StoreV(_));
        });
        Self { writers, written: flow::writes(body), stores_v }
    }

    /// Whether at most one statement sets a place.
    fn keeps(&self, place: Place) -> bool {
        self.writers.get(&place).is_none_or(|count| *count == 1)
    }

    fn holds(&self, e: &Expression) -> bool {
        let mut holds = true;
        e.visit(&mut |part| {
            holds &= match part {
                Expression::Load(place @ Place::Local(_)) => self.keeps(*place),
                Expression::Load(place) => !self.writers.contains_key(place),
                Expression::Ion(ion, field) => !self.written.ions.contains(&(*ion, *field)),
                Expression::Input(_) => !self.stores_v,
                Expression::Element(..) => false,
                _ => true,
            };
        });
        holds
    }
}
