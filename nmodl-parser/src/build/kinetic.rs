//! Statements of KINETIC, LINEAR and NONLINEAR blocks.

use super::{Builder, Pair, Rule};
use crate::ast::{
    ConserveTerm, Expression, ExpressionKind, Number, Reaction, ReactionArrow, ReactionTerm, StatementKind,
};

impl<'a> Builder<'a> {
    /// `~ a + b <-> c (kf, kb)`, `~ a << (e)`, `~ a -> (k)`.
    pub(super) fn reaction(&mut self, pair: Pair<'a>) -> Option<Reaction> {
        let mut arrow = ReactionArrow::Reversible;
        let mut sides = Vec::new();
        let mut rates = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::reaction_side => {
                    let terms = part.into_inner().map(|term| self.reaction_term(term));
                    sides.push(terms.collect::<Option<Vec<_>>>()?);
                }
                Rule::reversible => arrow = ReactionArrow::Reversible,
                Rule::influx => arrow = ReactionArrow::Influx,
                Rule::outflow => arrow = ReactionArrow::Outflow,
                _ => rates.push(self.expression(part)),
            }
        }
        let (mut sides, mut rates) = (sides.into_iter(), rates.into_iter());
        Some(Reaction {
            reactants: sides.next()?,
            arrow,
            products: sides.next().unwrap_or_default(),
            forward: rates.next()?,
            backward: rates.next(),
        })
    }

    fn reaction_term(&mut self, pair: Pair<'a>) -> Option<ReactionTerm> {
        let mut coefficient = None;
        let mut state = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::coefficient => coefficient = part.into_inner().next().map(|number| self.plain_number(&number)),
                _ => state = Some(self.reaction_state(part)?),
            }
        }
        Some(ReactionTerm { coefficient, state: state? })
    }

    /// An integer, a number or a DEFINEd name.
    fn plain_number(&mut self, pair: &Pair<'a>) -> Number {
        if pair.as_rule() == Rule::name { self.defined(pair) } else { self.number(pair) }
    }

    fn reaction_state(&mut self, pair: Pair<'a>) -> Option<Expression> {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let name = self.name(&inner.next()?);
        let index = inner.next().and_then(|index| index.into_inner().next());
        let index = index.map(|index| Box::new(self.expression(index)));
        Some(Expression { kind: ExpressionKind::Variable { name, index, primes: 0, at: None }, span })
    }

    /// `~ left = right`.
    pub(super) fn equation(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        let mut inner = pair.into_inner();
        let left = self.expression(inner.next()?);
        Some(StatementKind::Equation { left, right: self.expression(inner.next()?) })
    }

    /// `CONSERVE a + 2 b = total`.
    pub(super) fn conserve(&mut self, pair: Pair<'a>) -> Option<StatementKind> {
        let mut terms = Vec::new();
        let mut total = None;
        let mut negative = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::conserve_sign => negative = part.as_str() == "-",
                Rule::conserve_term => {
                    let negative = std::mem::take(&mut negative);
                    let (mut coefficient, mut state) = (None, None);
                    for part in part.into_inner() {
                        if part.as_rule() == Rule::reaction_state {
                            state = self.reaction_state(part);
                            continue;
                        }
                        let number = part.into_inner().next().map(|number| self.plain_number(&number));
                        coefficient = number.map(|number| {
                            let span = number.span;
                            Expression { kind: ExpressionKind::Number(number, None), span }
                        });
                    }
                    terms.push(ConserveTerm { coefficient, negative, state: state? });
                }
                _ => total = Some(self.expression(part)),
            }
        }
        Some(StatementKind::Conserve { terms, total: total? })
    }

    /// `COMPARTMENT i, volume { a b }`, or LONGITUDINAL_DIFFUSION of the same form.
    pub(super) fn compartment(&mut self, pair: Pair<'a>, compartment: bool) -> Option<StatementKind> {
        let (mut index, mut value, mut states) = (None, None, Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => index = Some(self.name(&part)),
                Rule::expression => value = Some(self.expression(part)),
                _ => states = self.names(part),
            }
        }
        Some(if compartment {
            StatementKind::Compartment { index, volume: value?, states }
        } else {
            StatementKind::LongitudinalDiffusion { index, coefficient: value?, states }
        })
    }
}
