//! KINETIC blocks: each reaction becomes statements that add to the net fluxes and their derivatives.
//!
//! For `~ A + 2 B <-> C (kf, kb)` with `f_flux = kf*A*B*B`, `b_flux = kb*C`: `A` loses and `C` gains
//! `f_flux - b_flux`, `B` loses twice that. Derivatives come from the product rule alone: a rate that
//! depends on a state counts as a constant, as in NEURON (nocmodl kinetic.cpp).

use super::{Binding, Context, Lower};
use crate::ir::{Expression, LocalId, Place, Statement};
use crate::math::build::{add, load, multiply, negate, number, subtract};
use crate::sema::collect::SolvableItem;
use crate::sema::draft::{Conservation, Scheme, Species};
use nmodl_parser::ast::{
    self, Block, ConserveTerm, ExpressionKind, Name, Reaction, ReactionArrow, ReactionTerm, StatementKind,
};
use nmodl_parser::{Diagnostic, Span};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// A KINETIC block being lowered.
#[derive(Debug)]
pub(super) struct Building {
    scheme: Scheme,
    forward: LocalId,
    backward: LocalId,
    /// SOLVEFOR; empty for all states.
    solve_for: Vec<String>,
    /// COMPARTMENT volumes.
    volumes: BTreeMap<Place, LocalId>,
    /// States in each CONSERVE statement as written.
    candidates: Vec<(Vec<usize>, Span)>,
    /// States with a flux `<<` and where.
    influxes: Vec<(usize, Span)>,
}

/// A reactant or product.
#[derive(Clone, Debug)]
struct Term {
    value: Expression,
    /// Index among the solved states, if it is one.
    species: Option<usize>,
    count: u32,
}

impl Lower<'_, '_> {
    /// Lowers a KINETIC block apart.
    pub fn kinetic_block(&mut self, item: SolvableItem) -> (Vec<Statement>, Scheme) {
        let context = std::mem::replace(&mut self.context, Context::Kinetic);
        let first_local = self.function.locals.len();
        let forward = self.function.add_local("f_flux");
        let backward = self.function.add_local("b_flux");
        let outer = self.kinetic.replace(Building {
            scheme: Scheme { first_local, ..Scheme::default() },
            forward,
            backward,
            solve_for: item.solve_for.iter().map(|name| name.text.clone()).collect(),
            volumes: BTreeMap::new(),
            candidates: Vec::new(),
            influxes: Vec::new(),
        });
        let body = self.nested(|lower| {
            let fluxes = [("f_flux", forward), ("b_flux", backward)];
            let scope = fluxes.map(|(name, id)| (name.to_owned(), Binding::Place(Place::Local(id))));
            lower.frame().push(HashMap::from(scope));
            lower.volumes(item.body);
            lower.block(item.body);
            lower.frame().pop();
        });
        self.context = context;
        let built = std::mem::replace(&mut self.kinetic, outer);
        let scheme = built.map(|built| self.choose_rows(built)).unwrap_or_default();
        (body, scheme)
    }

    /// COMPARTMENT statements, wherever they stand in the block: volumes are known before any reaction.
    fn volumes(&mut self, block: &Block) {
        for statement in &block.statements {
            let StatementKind::Compartment { index, volume, states } = &statement.kind else { continue };
            self.line = self.source.lines.of(statement.span);
            let mut locals: Vec<LocalId> = Vec::new();
            for name in states {
                let length = self.array(&name.text).map_or(1, |array| array.length);
                for at in 0..length {
                    if at as usize == locals.len() {
                        let bound = index.iter().map(|index| (index.text.clone(), Binding::Constant(f64::from(at))));
                        let scope = bound.collect();
                        self.frame().push(scope);
                        let volume = self.value(volume);
                        self.frame().pop();
                        let local = self.function.add_local("volume");
                        self.assign(Place::Local(local), volume);
                        locals.push(local);
                    }
                    if !self.is_solved(name) {
                        continue;
                    }
                    let place = match self.array(&name.text) {
                        Some(array) => Some(array.element(at)),
                        None => self.target(name),
                    };
                    let Some(place) = place else { continue };
                    if let Some(building) = &mut self.kinetic {
                        building.volumes.insert(place, locals[at as usize]);
                    }
                }
            }
        }
    }

    /// Whether a name is a state that the block solves for.
    fn is_solved(&self, name: &Name) -> bool {
        let Some(building) = &self.kinetic else { return false };
        let listed = building.solve_for.is_empty() || building.solve_for.contains(&name.text);
        listed && self.bound(&name.text).is_none() && self.source.symbols.state_names.contains(&name.text)
    }

    /// The place and name of a state that the block solves for.
    fn solved_state(&mut self, name: &Name, index: Option<&ast::Expression>) -> Option<(Place, String)> {
        if !self.is_solved(name) {
            return None;
        }
        let place = self.state_of(name, index)?;
        Some((place, self.place_name(place, &name.text)))
    }

    /// The index of a state of the scheme, newly entered if it is not there yet.
    fn species(&mut self, state: Place, name: &str) -> Option<usize> {
        let building = self.kinetic.as_mut()?;
        if let Some(at) = building.scheme.species.iter().position(|species| species.state == state) {
            return Some(at);
        }
        let flux = self.function.add_local(format!("{name}_flux"));
        let volume = building.volumes.get(&state).copied();
        building.scheme.species.push(Species { state, name: name.to_owned(), flux, volume, rank: 0 });
        Some(building.scheme.species.len() - 1)
    }

    fn term(&mut self, term: &ReactionTerm) -> Term {
        let count = match &term.coefficient {
            None => 1,
            Some(number) if number.value >= 1.0 && number.value.fract() == 0.0 && number.value <= 100.0 => {
                number.value as u32
            }
            Some(_) => {
                self.wrong_reaction("the stoichiometric coefficient must be a positive integer", term.state.span);
                1
            }
        };
        let species = match &term.state.kind {
            ExpressionKind::Variable { name, index, .. } => {
                self.solved_state(name, index.as_deref()).and_then(|(place, name)| self.species(place, &name))
            }
            _ => None,
        };
        Term { value: self.value(&term.state), species, count }
    }

    /// A reaction.
    pub(super) fn reaction(&mut self, reaction: &Reaction, span: Span) {
        if self.context != Context::Kinetic || !self.calls.is_empty() {
            return self.misplaced("a reaction", "a KINETIC block", span);
        }
        let Some((forward, backward)) = self.kinetic.as_ref().map(|kinetic| (kinetic.forward, kinetic.backward)) else {
            return;
        };
        let left: Vec<Term> = reaction.reactants.iter().map(|term| self.term(term)).collect();
        let right: Vec<Term> = reaction.products.iter().map(|term| self.term(term)).collect();
        if reaction.arrow == ReactionArrow::Influx {
            return self.influx(&left, &reaction.forward, span);
        }
        let forward_rate = self.rate(&reaction.forward);
        self.assign(Place::Local(forward), product(forward_rate.clone(), &left, None));
        let backward_rate = match &reaction.backward {
            Some(rate) => self.rate(rate),
            None => number(0.0),
        };
        let flux = match reaction.arrow {
            ReactionArrow::Reversible => product(backward_rate.clone(), &right, None),
            ReactionArrow::Outflow | ReactionArrow::Influx => number(0.0),
        };
        self.assign(Place::Local(backward), flux);
        let net = subtract(Expression::local(forward), Expression::local(backward));
        let net = self.kept("net_flux", net);
        let sides = [(&left, forward_rate, -1.0), (&right, backward_rate, 1.0)];
        for (terms, _, sign) in &sides {
            for term in *terms {
                let Some(at) = term.species else { continue };
                let Some(flux) = self.kinetic.as_ref().map(|kinetic| kinetic.scheme.species[at].flux) else { continue };
                self.accumulate(flux, *sign, multiply(number(f64::from(term.count)), net.clone()));
            }
        }
        for (side, (terms, rate, _)) in sides.iter().enumerate() {
            for (at, term) in terms.iter().enumerate() {
                let Some(column) = term.species else { continue };
                let several = terms.iter().map(|term| term.count).sum::<u32>() > 1;
                if let (true, Some(kinetic)) = (several, &mut self.kinetic) {
                    kinetic.scheme.nonlinear = true;
                }
                let slope = multiply(rate.clone(), number(f64::from(term.count)));
                let slope = self.kept("slope", product(slope, terms, Some(at)));
                for (other, (terms, _, _)) in sides.iter().enumerate() {
                    for term in *terms {
                        let Some(row) = term.species else { continue };
                        let id = self.slope(row, column);
                        let sign = if side == other { 1.0 } else { -1.0 };
                        self.accumulate(id, sign, multiply(number(f64::from(term.count)), slope.clone()));
                    }
                }
            }
        }
    }

    /// `~ a << (flux)`. NEURON leaves the flux in `b_flux`.
    fn influx(&mut self, terms: &[Term], flux: &ast::Expression, span: Span) {
        let [Term { species: Some(at), count: 1, .. }] = terms else {
            return self.wrong_reaction("`<<` needs one STATE on its left that the block solves for", span);
        };
        let Some(kinetic) = &mut self.kinetic else { return };
        kinetic.influxes.push((*at, span));
        let (forward, backward) = (kinetic.forward, kinetic.backward);
        let into = kinetic.scheme.species[*at].flux;
        self.assign(Place::Local(forward), number(0.0));
        self.assign(Place::Local(backward), number(0.0));
        let value = self.value(flux);
        self.assign(Place::Local(backward), value);
        self.accumulate(into, 1.0, Expression::local(backward));
    }

    /// `CONSERVE a + 2 b = total`.
    pub(super) fn conserve(&mut self, terms: &[ConserveTerm], total: &ast::Expression, span: Span) {
        if self.context != Context::Kinetic || !self.calls.is_empty() {
            return self.misplaced("CONSERVE", "a KINETIC block", span);
        }
        let mut coefficients = BTreeMap::new();
        let mut order = Vec::new();
        for term in terms {
            let at = match &term.state.kind {
                ExpressionKind::Variable { name, index, .. } => {
                    self.solved_state(name, index.as_deref()).and_then(|(place, name)| self.species(place, &name))
                }
                _ => None,
            };
            let Some(at) = at else {
                self.wrong_conserve("only STATEs that the block solves for can be conserved", term.state.span);
                continue;
            };
            let coefficient = term.coefficient.as_ref().map_or(number(1.0), |coefficient| self.rate(coefficient));
            let coefficient = if term.negative { negate(coefficient) } else { coefficient };
            let volume = self.kinetic.as_ref().and_then(|kinetic| kinetic.scheme.species[at].volume);
            let coefficient = match volume {
                Some(volume) => multiply(coefficient, Expression::local(volume)),
                None => coefficient,
            };
            coefficients.insert(at, coefficient);
            order.push(at);
        }
        let total = self.value(total);
        let Some(kinetic) = &mut self.kinetic else { return };
        let species = &kinetic.scheme.species;
        let missing = order.iter().rev().fold(total, |rest, at| {
            let coefficient = coefficients.get(at).cloned().unwrap_or(number(1.0));
            subtract(rest, multiply(coefficient, load(species[*at].state)))
        });
        let id = self.function.add_local("missing");
        kinetic.candidates.push((order, span));
        kinetic.scheme.conservations.push(Conservation { row: 0, coefficients, missing: id });
        self.assign(Place::Local(id), missing);
    }

    /// Which balance each CONSERVE replaces: that of the last state written in it, later statements
    /// choosing first.
    fn choose_rows(&mut self, built: Building) -> Scheme {
        let Building { mut scheme, candidates, influxes, .. } = built;
        let mut taken: Vec<usize> = Vec::new();
        for (conservation, (order, span)) in scheme.conservations.iter_mut().zip(&candidates).rev() {
            match order.iter().rev().find(|at| !taken.contains(at)) {
                Some(at) => {
                    conservation.row = *at;
                    taken.push(*at);
                }
                None if order.is_empty() => {}
                None => self.wrong_conserve("every state of it is fixed by another CONSERVE already", *span),
            }
        }
        self.rank(&mut scheme, &taken);
        for (at, span) in influxes {
            if taken.contains(&at) {
                let name = &scheme.species[at].name;
                let what = format!("`{name}` has a flux, but CONSERVE fixes its balance");
                self.wrong_conserve(&what, span);
            }
        }
        scheme
    }

    /// Numbers the species as NEURON does: the balances that CONSERVE replaces first, then names by their first letter, of
    /// one letter that which the file names first last, elements in order.
    fn rank(&self, scheme: &mut Scheme, conserved: &[usize]) {
        let mut order: Vec<usize> = (0..scheme.species.len()).collect();
        let names = &self.source.first_words;
        order.sort_by_cached_key(|at| {
            let species = &scheme.species[*at];
            let base = species.name.split('[').next().unwrap_or_default();
            let first = conserved.iter().position(|row| row == at);
            let initial = base.as_bytes().first().copied();
            (first.is_none(), first, initial, Reverse(names.get(base).copied()), species.state)
        });
        for (rank, at) in order.into_iter().enumerate() {
            scheme.species[at].rank = rank;
        }
    }

    /// A rate's value, computed once.
    fn rate(&mut self, e: &ast::Expression) -> Expression {
        let value = self.value(e);
        self.kept("rate", value)
    }

    /// A value in a local, unless it is a leaf.
    fn kept(&mut self, name: &str, value: Expression) -> Expression {
        if value.operands().is_empty() {
            return value;
        }
        let id = self.function.add_local(name);
        self.assign(Place::Local(id), value);
        Expression::local(id)
    }

    fn slope(&mut self, row: usize, column: usize) -> LocalId {
        if let Some(id) = self.kinetic.as_ref().and_then(|kinetic| kinetic.scheme.slopes.get(&(row, column))) {
            return *id;
        }
        let id = self.function.add_local(format!("slope_{row}_{column}"));
        if let Some(kinetic) = &mut self.kinetic {
            kinetic.scheme.slopes.insert((row, column), id);
        }
        id
    }

    fn accumulate(&mut self, into: LocalId, sign: f64, value: Expression) {
        let sum = Expression::local(into);
        let sum = if sign < 0.0 { subtract(sum, value) } else { add(sum, value) };
        self.assign(Place::Local(into), sum);
    }

    fn wrong_reaction(&mut self, what: &str, span: Span) {
        self.report.push(Diagnostic::error("M0245", what, span, "in this reaction"));
    }

    fn wrong_conserve(&mut self, what: &str, span: Span) {
        self.report.push(Diagnostic::error("M0246", what, span, "conserved here"));
    }
}

/// The rate times the amounts, last written first, but for one occurrence of the term at `without`.
fn product(rate: Expression, terms: &[Term], without: Option<usize>) -> Expression {
    terms.iter().enumerate().rev().fold(rate, |product, (at, term)| {
        let count = if without == Some(at) { term.count - 1 } else { term.count };
        (0..count).fold(product, |product, _| multiply(product, term.value.clone()))
    })
}
