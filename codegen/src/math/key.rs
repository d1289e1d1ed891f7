//! Structural identity of expressions, usable in maps.

use crate::ir::{Expression, Place};
use std::collections::HashMap;

/// Two expressions have equal keys exactly if they are the same tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(Vec<u64>);

/// The key of an expression. `version` tells apart values that a place had at different times; give
/// `|_| 0` where that does not matter.
pub fn key(e: &Expression, version: &impl Fn(&Expression) -> u64) -> Key {
    let mut words = Vec::new();
    write(e, version, &mut words);
    Key(words)
}

fn write(e: &Expression, version: &impl Fn(&Expression) -> u64, words: &mut Vec<u64>) {
    head(e, version, words);
    for operand in e.operands() {
        write(operand, version, words);
    }
}

/// What a node is, without its operands.
fn head(e: &Expression, version: &impl Fn(&Expression) -> u64, words: &mut Vec<u64>) {
    match e {
        Expression::Number(x) => words.extend([0, x.to_bits()]),
        Expression::Load(place) => {
            let (kind, id) = match place {
                Place::Column(id) => (0, id.0),
                Place::Global(id) => (1, id.0),
                Place::Local(id) => (2, id.0),
                Place::NetArgument(id) => (3, *id),
                Place::EachArgument(id) => (4, *id),
            };
            words.extend([1, kind, u64::from(id), version(e)]);
        }
        Expression::Element(array, _) => {
            words.extend([13, u64::from(array.length)]);
            for place in array.elements() {
                head(&Expression::Load(place), version, words);
            }
        }
        Expression::Lookup(table, _) | Expression::LookupSlope(table, _) => {
            let kind = if matches!(e, Expression::Lookup(..)) { 14 } else { 15 };
            words.extend([kind, u64::from(table.start), u64::from(table.output)]);
        }
        Expression::Input(input) => words.extend([2, *input as u64]),
        Expression::Ion(ion, field) => words.extend([3, u64::from(ion.0), *field as u64, version(e)]),
        Expression::Negate(_) => words.push(4),
        Expression::Binary(operator, ..) => words.extend([5, *operator as u64]),
        Expression::MulAdd(..) => words.push(6),
        Expression::Call(function, _) => words.extend([7, *function as u64]),
        Expression::Select(..) => words.push(8),
        Expression::Compare(comparison, ..) => words.extend([9, *comparison as u64]),
        Expression::And(..) => words.push(10),
        Expression::Or(..) => words.push(11),
        Expression::Not(_) => words.push(12),
    }
}

/// Numbers for expressions: equal ones for the same tree with the same versions of its places.
///
/// A node's number comes of what it is and of its operands' numbers, so that all parts of an expression are numbered in one
/// walk.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    known: HashMap<Vec<u64>, u32>,
}

/// The number of a part of an expression.
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    /// Its number.
    pub number: u32,
    /// Count of the nodes that it has, itself among them.
    pub nodes: usize,
}

impl Numbering {
    /// Numbers an expression and all below it, parents first, as [`Expression::visit`] goes.
    pub fn parts(&mut self, e: &Expression, version: &impl Fn(&Expression) -> u64) -> Vec<Numbered> {
        let mut parts = Vec::new();
        self.add(e, version, &mut parts);
        parts
    }

    fn add(&mut self, e: &Expression, version: &impl Fn(&Expression) -> u64, parts: &mut Vec<Numbered>) -> u32 {
        let at = parts.len();
        parts.push(Numbered { number: 0, nodes: 1 });
        let mut words = Vec::new();
        head(e, version, &mut words);
        for operand in e.operands() {
            words.push(u64::from(self.add(operand, version, parts)));
        }
        let next = self.known.len() as u32;
        let number = *self.known.entry(words).or_insert(next);
        parts[at] = Numbered { number, nodes: parts.len() - at };
        number
    }
}
