//! The units of KINETIC blocks.
//!
//! What reacts is an amount: a state's unit times the volume that COMPARTMENT gives it. All states of a reaction are
//! measured in the same; the flux is that per ms, and a rate times the states of its side is a flux.

use super::messages::{self, Meeting};
use super::{Checker, Operand, Quantity};
use crate::units::{Size, Units};
use nmodl_parser::Span;
use nmodl_parser::ast::{
    Block, ConserveTerm, Expression, ExpressionKind, Name, Reaction, ReactionArrow, ReactionTerm, StatementKind,
};

impl<'a> Checker<'a> {
    /// Reads the COMPARTMENT statements of a block.
    pub(super) fn gather_compartments(&mut self, block: &'a Block) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Compartment { volume, states, .. } => {
                    // Its own mistakes are reported when the statements are walked through.
                    let volume = self.value(volume);
                    self.found = None;
                    self.mentioned.clear();
                    if let Some(size) = volume.size() {
                        self.compartments.extend(states.iter().map(|state| (state.text.as_str(), size)));
                    }
                }
                StatementKind::If { then, otherwise, .. } => {
                    self.gather_compartments(then);
                    otherwise.iter().for_each(|block| self.gather_compartments(block));
                }
                StatementKind::From { body, .. } | StatementKind::Block(body) => self.gather_compartments(body),
                _ => {}
            }
        }
    }

    /// The amount that a state stands for.
    fn amount(&mut self, state: &'a Expression) -> Operand<'a> {
        let mut operand = self.operand(state);
        if let (Quantity::Size(size), ExpressionKind::Variable { name, .. }) = (operand.quantity, &state.kind)
            && let Some(volume) = self.compartments.get(name.text.as_str())
        {
            operand.quantity = Quantity::Size(size.times(*volume));
        }
        operand
    }

    /// The product of the states of one side.
    fn side(&mut self, terms: &'a [ReactionTerm]) -> Option<Size> {
        let mut product = Size::ONE;
        for term in terms {
            let power = term.coefficient.as_ref().map_or(1, |number| number.value as i32);
            product = product.times(self.value(&term.state).size()?.power(power));
        }
        Some(product)
    }

    pub(super) fn reaction(&mut self, reaction: &'a Reaction) {
        let Reaction { reactants, arrow, products, forward, backward } = reaction;
        let mut first: Option<(Size, Span)> = None;
        for term in reactants.iter().chain(products) {
            let amount = self.amount(&term.state);
            let Quantity::Size(size) = amount.quantity else { return };
            match first {
                None => first = Some((size, amount.span)),
                Some(first) if size.dimension == first.0.dimension && size.same_factor(first.0) => {}
                Some(first) => return self.find(|| messages::amounts(first, (size, amount.span))),
            }
        }
        let Some((amount, _)) = first else { return };
        let flux = amount.per(self.names.time);
        for name in ["f_flux", "b_flux"] {
            self.names.locals.insert(name, Quantity::Size(flux));
        }
        match arrow {
            ReactionArrow::Influx => self.rate("the flux", Some(flux), forward),
            ReactionArrow::Reversible | ReactionArrow::Outflow => {
                let needed = self.side(reactants).map(|side| flux.per(side));
                self.rate("the forward rate", needed, forward);
                if let Some(backward) = backward {
                    let needed = self.side(products).map(|side| flux.per(side));
                    self.rate("the backward rate", needed, backward);
                }
            }
        }
    }

    fn rate(&mut self, what: &str, needed: Option<Size>, rate: &'a Expression) {
        let rate = self.operand(rate);
        if let Some(size) = needed {
            let needed = Operand { quantity: Quantity::Size(size), span: Span::default(), expression: None };
            self.meet(Meeting::Needed(what), needed, rate);
        }
    }

    pub(super) fn conserve(&mut self, terms: &'a [ConserveTerm], total: &'a Expression) {
        let mut sum: Option<Operand<'a>> = None;
        for term in terms {
            let amount = self.amount(&term.state);
            if let Some(sum) = sum {
                self.meet(Meeting::Sum, sum, amount);
            } else {
                sum = Some(amount);
            }
        }
        let total = self.operand(total);
        if let Some(sum) = sum {
            self.meet(Meeting::Equality, sum, total);
        }
    }

    /// Diffusion along a section is `area * D`, and the volumes are those of a length of 1 um.
    pub(super) fn diffusion(&mut self, coefficient: &'a Expression, states: &'a [Name]) {
        let coefficient = self.operand(coefficient);
        self.needed("area times the diffusion constant", "micron4/ms", coefficient);
        let expected = Units::default().size("micron2").map_or(Quantity::Any, Quantity::Size);
        for state in states {
            if let Some(volume) = self.compartments.get(state.text.as_str()).copied() {
                let volume = Operand { quantity: Quantity::Size(volume), span: state.span, expression: None };
                let needed = Operand { quantity: expected, span: Span::default(), expression: None };
                self.meet(Meeting::Needed("the volume of a length of 1 um"), needed, volume);
            }
        }
    }
}
