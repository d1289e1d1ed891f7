//! LONGITUDINAL_DIFFUSION: the states that diffuse along sections, and the kernel that computes the volume and the
//! coefficient of each in every compartment.
//!
//! The statement's expression is the coefficient, COMPARTMENT's the volume. Both are evaluated outside the KINETIC
//! block, so they do not know its LOCALs, as in NEURON (nocmodl `massageldifus`).

use super::{Binding, Lower};
use crate::ir::{Column, ColumnId, Diffusing, Diffusion, Expression, Place, Role};
use crate::passes::flow;
use crate::sema::symbols::Symbol;
use nmodl_parser::Diagnostic;
use nmodl_parser::ast::{self, Block, Name, Statement, StatementKind};

/// What LONGITUDINAL_DIFFUSION adds to a mechanism.
#[derive(Debug, Default)]
pub struct Spread {
    /// Columns, which follow those of the symbols.
    pub columns: Vec<Column>,
    /// The diffusing states in textual order.
    pub diffusions: Vec<Diffusion>,
}

/// The LONGITUDINAL_DIFFUSION statements of a KINETIC block.
pub fn statements(body: &Block) -> impl Iterator<Item = &Statement> {
    let is_one = |statement: &&Statement| matches!(statement.kind, StatementKind::LongitudinalDiffusion { .. });
    body.statements.iter().filter(is_one)
}

/// An expression for the elements of states, with the name of the element's number.
type Elementwise<'a> = (Option<&'a Name>, &'a ast::Expression);

impl Lower<'_, '_> {
    /// Lowers the LONGITUDINAL_DIFFUSION statements of a KINETIC block.
    pub fn diffusions(&mut self, body: &Block) {
        for statement in statements(body) {
            let StatementKind::LongitudinalDiffusion { index, coefficient, states } = &statement.kind else { continue };
            self.line = self.source.lines.of(statement.span);
            for name in states {
                match volume_of(body, name) {
                    Some(volume) => self.diffusing(name, volume, (index.as_ref(), coefficient)),
                    None => self.wrong_diffusion(name, "has no COMPARTMENT", "write `COMPARTMENT volume { state }`"),
                }
            }
        }
    }

    /// The diffusing states met, complete.
    pub fn take_spread(&mut self) -> Spread {
        let mut spread = std::mem::take(&mut self.spread);
        let body = self.blocks.last().map_or(&[][..], Vec::as_slice);
        let loads = flow::loads(body);
        let arrays = flow::arrays(body);
        let mut reads_solved = false;
        for (at, diffusion) in spread.diffusions.iter_mut().enumerate() {
            diffusion.fresh = at == 0 || reads_solved;
            reads_solved |= match diffusion.state {
                Diffusing::Column(id) => {
                    let place = Place::Column(id);
                    loads.contains(&place) || arrays.iter().any(|array| array.contains(place))
                }
                // NEURON reads the mechanism's copy, which diffusion does not change.
                Diffusing::Ion(..) => false,
            };
        }
        spread
    }

    /// All elements of one state.
    fn diffusing(&mut self, name: &Name, volume: Elementwise, coefficient: Elementwise) {
        if !self.source.symbols.state_names.contains(&name.text) {
            return self.wrong_diffusion(name, "is no STATE", "only STATEs diffuse");
        }
        match self.source.symbols.get(&name.text) {
            Some(Symbol::Column(id)) => self.diffusing_element(name, Diffusing::Column(id), 0, volume, coefficient),
            Some(Symbol::Array(array)) => {
                for at in 0..array.length {
                    if let Place::Column(id) = array.element(at) {
                        self.diffusing_element(name, Diffusing::Column(id), at, volume, coefficient);
                    }
                }
            }
            Some(Symbol::Ion(at)) => {
                let variable = &self.source.symbols.ion_variables[at];
                let state = Diffusing::Ion(variable.ion, variable.field);
                self.diffusing_element(name, state, 0, volume, coefficient);
            }
            _ => {}
        }
    }

    fn diffusing_element(
        &mut self,
        name: &Name,
        state: Diffusing,
        at: u32,
        volume: Elementwise,
        coefficient: Elementwise,
    ) {
        let name = match state {
            Diffusing::Column(id) => self.place_name(Place::Column(id), &name.text),
            Diffusing::Ion(..) => name.text.clone(),
        };
        let [volume, coefficient] = [(volume, "volume"), (coefficient, "diffusion")].map(|((index, e), part)| {
            let counter = index.iter().map(|index| (index.text.clone(), Binding::Constant(f64::from(at)))).collect();
            self.frame().push(counter);
            let value = self.value(e);
            self.frame().pop();
            self.new_column(format!("{name}.{part}"), value)
        });
        self.spread.diffusions.push(Diffusion { state, volume, coefficient, fresh: false });
    }

    /// A new column, with its value.
    fn new_column(&mut self, name: String, value: Expression) -> ColumnId {
        let id = ColumnId((self.source.symbols.columns.len() + self.spread.columns.len()) as u32);
        let (unit, role) = (String::new(), Role::Assigned);
        self.spread.columns.push(Column { name, unit, role, range: false, default: 0.0, limits: None });
        self.assign(Place::Column(id), value);
        id
    }

    fn wrong_diffusion(&mut self, name: &Name, what: &str, help: &str) {
        let message = format!("`{}` diffuses but {what}", name.text);
        self.report.push(Diagnostic::error("M0269", message, name.span, "cannot diffuse").help(help));
    }
}

/// The volume that COMPARTMENT gives to a state: of several statements NEURON takes the first.
fn volume_of<'a>(body: &'a Block, name: &Name) -> Option<Elementwise<'a>> {
    body.statements.iter().find_map(|statement| match &statement.kind {
        StatementKind::Compartment { index, volume, states } => {
            states.iter().any(|state| state.text == name.text).then_some((index.as_ref(), volume))
        }
        _ => None,
    })
}
