//! What kernels of a step cost: arithmetic and values moved, for one instance.
//!
//! Counted in the IR as back ends get it, so after all passes. What no user looks at does not count, for back ends leave it
//! out then; what is the same for all instances does not count either, for it is computed once a call. Both sides of a
//! branch count, as they do in a vector of instances of which some go one way and some the other; the body of a loop counts
//! once, as if it ran once.

use crate::ir::{
    BinaryOperator, Expression, Function, Input, IonField, IonId, Math, Mechanism, Place, Statement, StatementKind,
};
use crate::passes::{flow, uniform};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Floating-point operations of one exponential in double precision: 14 fused multiply-adds count twice, a product and a
/// difference once.
pub const EXPONENTIAL: u32 = 30;

/// Counts of one kernel for one instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Sums, differences, products.
    pub simple: u32,
    /// Fused multiply-adds.
    pub fused: u32,
    /// Quotients and square roots.
    pub divisions: u32,
    /// Exponentials, and functions that are one and little else: `expm1`, `exprelr`, `tanh`, ...
    pub exponentials: u32,
    /// Other functions: logarithms, powers, trigonometry, values from tables, random numbers.
    pub functions: u32,
    /// Comparisons and choices.
    pub choices: u32,
    /// Positions of the columns that it loads.
    pub loads: Vec<u32>,
    /// Positions of the columns that it stores.
    pub stores: Vec<u32>,
    /// Values of the node that it loads or stores: potential, right-hand side, diagonal, geometry.
    pub node_values: u32,
    /// Values of ions that it loads or stores: position of the ion, once for each.
    pub ion_values: Vec<u32>,
    /// Sums of ions' currents that it adds to if somebody needs them; not among the counts above.
    pub currents: u32,
}

impl Cost {
    /// Of a kernel that runs in every step for all instances.
    pub fn of(mechanism: &Mechanism, kernel: &Function) -> Self {
        let first = uniform::prefix(kernel);
        let shared: BTreeSet<Place> = flow::writes(&kernel.body[..first]).places;
        let mut body = kernel.body[first..].to_vec();
        let mut cost = Self::default();
        flow::visit_statements(&body, &mut |statement| cost.currents += u32::from(adds_current(statement)));
        let carried = flow::carried(mechanism);
        prune(&mut body, &carried);
        flow::visit_statements(&body, &mut |statement| cost.add_statement(statement));
        flow::visit(&body, &mut |expression| cost.add_expression(expression));
        cost.add_values(&body, &shared, &carried);
        cost
    }

    /// Floating-point operations, each function counted as [`EXPONENTIAL`].
    pub fn flops(&self) -> u32 {
        self.simple + 2 * self.fused + self.divisions + EXPONENTIAL * (self.exponentials + self.functions)
    }

    fn add_expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Binary(BinaryOperator::Divide, ..) => self.divisions += 1,
            Expression::Binary(BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply, ..) => {
                self.simple += 1;
            }
            Expression::MulAdd(..) => self.fused += 1,
            Expression::Call(function, _) => self.add_call(*function),
            Expression::Lookup(..) | Expression::LookupSlope(..) => self.functions += 1,
            Expression::Select(..)
            | Expression::Compare(..)
            | Expression::And(..)
            | Expression::Or(..)
            | Expression::Not(_) => self.choices += 1,
            Expression::Number(_)
            | Expression::Load(_)
            | Expression::Element(..)
            | Expression::Input(_)
            | Expression::Ion(..)
            | Expression::Negate(_) => {}
        }
    }

    fn add_call(&mut self, function: Math) {
        match function {
            Math::Exp | Math::Expm1 => self.exponentials += 1,
            Math::Exprelr | Math::Tanh | Math::Sinh | Math::Cosh => {
                self.exponentials += 1;
                self.divisions += 1;
            }
            Math::Expm1Of => self.simple += 1,
            Math::Log | Math::Log10 | Math::Pow | Math::Sin | Math::Cos | Math::Tan | Math::Atan | Math::Fmod => {
                self.functions += 1;
            }
            Math::Sqrt => self.divisions += 1,
            Math::Confined => self.choices += 2,
            Math::Abs | Math::Bounded | Math::Floor | Math::Ceil | Math::Min | Math::Max => self.choices += 1,
        }
    }

    fn add_statement(&mut self, statement: &Statement) {
        match statement.kind {
            StatementKind::AddIon(..) | StatementKind::AddRhs(_) | StatementKind::AddDiagonal(_) => self.simple += 1,
            StatementKind::Draw(_) => self.functions += 1,
            StatementKind::If { .. } => self.choices += 1,
            StatementKind::Assign(..)
            | StatementKind::AssignElement(..)
            | StatementKind::Derivative(..)
            | StatementKind::Solve { .. }
            | StatementKind::While { .. }
            | StatementKind::Iterate { .. }
            | StatementKind::StoreIon(..)
            | StatementKind::StoreV(_)
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_)
            | StatementKind::ForNetcons { .. } => {}
        }
    }

    /// Values of columns, nodes and ions, each loaded and stored at most once.
    fn add_values(&mut self, body: &[Statement], shared: &BTreeSet<Place>, carried: &BTreeSet<Place>) {
        let column = |place: &Place| if let Place::Column(id) = place { Some(id.0) } else { None };
        let written = flow::writes(body).places;
        let loaded = flow::loads(body);
        let is_loaded =
            |place: &&Place| !shared.contains(place) && flow::access(body, **place) == flow::Access::ReadFirst;
        self.loads = loaded.iter().filter(is_loaded).filter_map(column).collect();
        self.stores = written.intersection(carried).filter_map(column).collect();
        let (mut inputs, mut ions) = (BTreeSet::<Input>::new(), BTreeSet::<(bool, IonId, IonField)>::new());
        flow::visit(body, &mut |expression| match expression {
            Expression::Input(input @ (Input::V | Input::Area | Input::Diam)) => drop(inputs.insert(*input)),
            Expression::Ion(ion, field) => drop(ions.insert((false, *ion, *field))),
            _ => {}
        });
        let (mut rhs, mut diagonal) = (0, 0);
        flow::visit_statements(body, &mut |statement| match statement.kind {
            StatementKind::AddRhs(_) => rhs = 2,
            StatementKind::AddDiagonal(_) => diagonal = 2,
            StatementKind::StoreIon(ion, field, _) => drop(ions.insert((true, ion, field))),
            StatementKind::AddIon(ion, field, _) => ions.extend([(false, ion, field), (true, ion, field)]),
            _ => {}
        });
        self.node_values = inputs.len() as u32 + rhs + diagonal;
        self.ion_values = ions.into_iter().map(|(_, ion, _)| ion.0).collect();
    }
}

fn adds_current(statement: &Statement) -> bool {
    matches!(statement.kind, StatementKind::AddIon(_, IonField::Current | IonField::Didv, _))
}

/// Drops what only users look at, total currents that nobody needs, and what is computed for these alone.
fn prune(body: &mut Vec<Statement>, carried: &BTreeSet<Place>) {
    loop {
        let loaded = flow::loads(body);
        let mut dropped = false;
        retain(body, &mut |statement| {
            let keep = match &statement.kind {
                StatementKind::Assign(place @ Place::Local(_), _) => loaded.contains(place),
                StatementKind::Assign(place @ Place::Column(_), _) => carried.contains(place) || loaded.contains(place),
                StatementKind::AddIon(..) => !adds_current(statement),
                StatementKind::If { then, otherwise, .. } => !then.is_empty() || !otherwise.is_empty(),
                _ => true,
            };
            dropped |= !keep;
            keep
        });
        if !dropped {
            return;
        }
    }
}

fn retain(body: &mut Vec<Statement>, keep: &mut impl FnMut(&Statement) -> bool) {
    for statement in body.iter_mut() {
        statement.blocks_mut().into_iter().for_each(|block| retain(block, keep));
    }
    body.retain(|statement| keep(statement));
}

#[cfg(test)]
mod tests {
    use super::*;
    use nmodl_parser::SourceFile;

    fn cost(text: &str, kernel: &str) -> Cost {
        let (mechanism, diagnostics) = crate::compile(&SourceFile::new("test.mod", text), &crate::Options::default());
        let mechanism = mechanism.unwrap_or_else(|| panic!("{diagnostics:?}"));
        let function = mechanism.kernels.iter().find(|(name, _)| *name == kernel).unwrap().1;
        Cost::of(&mechanism, function)
    }

    #[test]
    fn only_what_is_needed_counts() {
        let text = "NEURON { SUFFIX a USEION k READ ek WRITE ik RANGE g, x, seen } \
                    PARAMETER { g = 1 } ASSIGNED { v ek ik x seen } \
                    BREAKPOINT { seen = exp(v)/x ik = g*(v - ek) }";
        let cost = cost(text, "current");
        assert_eq!((cost.exponentials, cost.divisions, cost.functions), (0, 0, 0), "{cost:?}");
        // v - ek and g times it, and two sums, of which products may be a part.
        assert!((3..=4).contains(&(cost.simple + cost.fused)), "{cost:?}");
        assert_eq!((cost.loads.len(), cost.stores.len()), (1, 0), "{cost:?}");
        // v; rhs and d, loaded and stored; ek.
        assert_eq!((cost.node_values, cost.ion_values.as_slice()), (5, [0].as_slice()), "{cost:?}");
        assert!(cost.currents > 0, "{cost:?}");
    }

    #[test]
    fn what_all_instances_share_does_not_count() {
        let text = "NEURON { SUFFIX a RANGE m } ASSIGNED { v celsius } STATE { m } \
                    BREAKPOINT { SOLVE s METHOD cnexp } \
                    DERIVATIVE s { m' = (exp(-v*v) - m)*3^((celsius - 6.3)/10) }";
        let cost = cost(text, "state");
        assert_eq!((cost.exponentials, cost.functions), (1, 0), "{cost:?}");
        assert_eq!(
            (cost.loads.as_slice(), cost.stores.as_slice(), cost.node_values),
            ([0].as_slice(), [0].as_slice(), 1)
        );
        assert!(cost.flops() >= EXPONENTIAL + 3, "{cost:?}");
    }

    #[test]
    fn the_channels_of_hodgkin_and_huxley_cost_what_is_known() {
        let text = include_str!("../../mod/hh.mod").replace("TABLE", ": TABLE");
        let cost = cost(&text, "state");
        assert_eq!((cost.exponentials, cost.divisions, cost.functions), (5, 1, 0), "{cost:?}");
        assert_eq!((cost.loads.len(), cost.stores.len()), (3, 3));
    }
}
