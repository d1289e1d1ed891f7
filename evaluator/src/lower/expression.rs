//! Expressions.

use super::{CellKey, Lower};
use crate::code::{Instruction, Operation, Shared, Slot};
use codegen::back::variables::Variable;
use codegen::ir::{Comparison, Expression, Input, Place, TableColumn};

impl Lower {
    /// The value of an expression or condition: in `to` if given, else anywhere, perhaps where a variable lies.
    pub fn value(&mut self, e: &Expression, to: Option<Slot>) -> Result<Slot, String> {
        let slot = match e {
            Expression::Number(x) => self.constant(*x),
            Expression::Load(place) => return self.load(*place, to),
            Expression::Element(array, index) => {
                let elements = self.elements(*array)?;
                let index = self.value(index, None)?;
                let to = to.unwrap_or_else(|| self.register());
                self.emit(Instruction::Element { elements, index, to });
                return Ok(to);
            }
            Expression::Lookup(table, x) => {
                let operation = Operation::Lookup(self.table(*table));
                return self.operation(operation, &[x], to);
            }
            Expression::LookupSlope(table, x) => {
                let operation = Operation::LookupSlope(self.table(*table));
                return self.operation(operation, &[x], to);
            }
            Expression::Input(input) => match input {
                Input::V => self.cell(CellKey::Variable(Variable::V)),
                Input::Area => self.cell(CellKey::Area),
                Input::Diam => self.cell(CellKey::Diam),
                Input::T | Input::Dt | Input::Celsius | Input::Flag => self.shared(Shared::Input(*input)),
            },
            Expression::Ion(ion, field) => self.cell(CellKey::Variable(Variable::Ion(*ion, *field))),
            Expression::Negate(a) => return self.operation(Operation::Negate, &[a], to),
            Expression::Binary(operator, a, b) => return self.operation(Operation::Binary(*operator), &[a, b], to),
            Expression::MulAdd(a, b, c) => return self.operation(Operation::MulAdd, &[a, b, c], to),
            Expression::Call(function, arguments) => {
                let arguments: Vec<&Expression> = arguments.iter().collect();
                return self.operation(Operation::Call(*function), &arguments, to);
            }
            Expression::Select(condition, a, b) => return self.operation(Operation::Select, &[condition, a, b], to),
            Expression::Compare(comparison, a, b) => {
                let (operation, operands) = match comparison {
                    Comparison::Less => (Operation::Less, [a, b]),
                    Comparison::LessEqual => (Operation::LessEqual, [a, b]),
                    Comparison::Greater => (Operation::Less, [b, a]),
                    Comparison::GreaterEqual => (Operation::LessEqual, [b, a]),
                    Comparison::Equal => (Operation::Equal, [a, b]),
                    Comparison::NotEqual => (Operation::NotEqual, [a, b]),
                };
                return self.operation(operation, &operands.map(AsRef::as_ref), to);
            }
            Expression::And(a, b) => return self.operation(Operation::And, &[a, b], to),
            Expression::Or(a, b) => return self.operation(Operation::Or, &[a, b], to),
            Expression::Not(a) => return self.operation(Operation::Not, &[a], to),
        };
        Ok(self.put(slot, to))
    }

    fn operation(&mut self, operation: Operation, operands: &[&Expression], to: Option<Slot>) -> Result<Slot, String> {
        let from = operands.iter().map(|operand| self.value(operand, None)).collect::<Result<_, _>>()?;
        Ok(self.compute(operation, from, to))
    }

    fn load(&mut self, place: Place, to: Option<Slot>) -> Result<Slot, String> {
        let variable = Variable::from(place);
        if self.is_argument(variable) {
            let (each, at) = match place {
                Place::EachArgument(at) => (true, at),
                Place::NetArgument(at) => (false, at),
                Place::Column(_) | Place::Global(_) | Place::Local(_) => return Err("no argument".to_owned()),
            };
            let to = to.unwrap_or_else(|| self.register());
            self.emit(Instruction::LoadArgument { each, at, to });
            return Ok(to);
        }
        if let Place::Local(id) = place
            && let Some(bound) = self.bound.get(&id)
        {
            return Ok(self.put(*bound, to));
        }
        let slot = self.variable(variable);
        Ok(self.put(slot, to))
    }

    fn put(&mut self, slot: Slot, to: Option<Slot>) -> Slot {
        match to {
            Some(to) if to != slot => {
                self.emit(Instruction::Compute { operation: Operation::Copy, to, from: vec![slot] });
                to
            }
            _ => slot,
        }
    }

    fn table(&mut self, table: TableColumn) -> u16 {
        let known = self.code.tables.iter().position(|known| *known == table);
        known.unwrap_or_else(|| {
            self.code.tables.push(table);
            self.code.tables.len() - 1
        }) as u16
    }
}
