//! Expressions.

use super::{CellKey, Lower};
use crate::code::{Instruction, Operation, Shared, Slot};
use codegen::back::variables::Variable;
use codegen::ir::{BinaryOperator, Comparison, Expression, Input, Place, TableColumn};

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
            Expression::Lookup(table, x) => return self.lookup(*table, x, to),
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
            Expression::Negate(a) => return self.negate(a, to),
            Expression::Binary(operator, a, b) => return self.binary(*operator, a, b, to),
            Expression::MulAdd(a, b, c) => {
                return match (&**a, &**c) {
                    (Expression::Negate(a), _) => self.operation(Operation::SubtractProduct, &[a, b, c], to),
                    (_, Expression::Negate(c)) => self.operation(Operation::MulSubtract, &[a, b, c], to),
                    _ => self.operation(Operation::MulAdd, &[a, b, c], to),
                };
            }
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

    /// -a. A sign goes through products and quotients without a trace, so a uniform factor takes it.
    fn negate(&mut self, a: &Expression, to: Option<Slot>) -> Result<Slot, String> {
        if let Expression::Binary(operator @ (BinaryOperator::Multiply | BinaryOperator::Divide), a, b) = a {
            let mut from = [self.value(a, None)?, self.value(b, None)?];
            let Some(uniform) = from.iter().position(|slot| slot.is_uniform()) else {
                let value = self.compute(Operation::Binary(*operator), from.to_vec(), None);
                return Ok(self.compute(Operation::Negate, vec![value], to));
            };
            from[uniform] = self.compute(Operation::Negate, vec![from[uniform]], None);
            return Ok(self.compute(Operation::Binary(*operator), from.to_vec(), to));
        }
        self.operation(Operation::Negate, &[a], to)
    }

    /// Two operations in one loop where that is common; each is rounded.
    fn binary(
        &mut self,
        operator: BinaryOperator,
        a: &Expression,
        b: &Expression,
        to: Option<Slot>,
    ) -> Result<Slot, String> {
        use BinaryOperator::{Add, Divide, Multiply, Subtract};
        let (operation, inner, operands) = match (operator, a, b) {
            (Multiply, Expression::Binary(Multiply, x, y), z) => (Operation::Multiply3, a, [&**x, &**y, z]),
            (Multiply, x, Expression::Binary(Subtract, y, z)) => (Operation::MultiplyDifference, b, [x, &**y, &**z]),
            (Multiply, Expression::Binary(Subtract, y, z), x) => (Operation::MultiplyDifference, a, [x, &**y, &**z]),
            (Add, Expression::Binary(Add, x, y), z) => (Operation::Add3, a, [&**x, &**y, z]),
            (Divide, x, Expression::Binary(Add, y, z)) => (Operation::DivideSum, b, [x, &**y, &**z]),
            _ => return self.operation(Operation::Binary(operator), &[a, b], to),
        };
        // What is uniform is computed once.
        if self.is_uniform(inner) {
            return self.operation(Operation::Binary(operator), &[a, b], to);
        }
        self.operation(operation, &operands, to)
    }

    /// Whether all instances have the same value, as far as names tell.
    fn is_uniform(&self, e: &Expression) -> bool {
        let leaf = match e {
            Expression::Number(_) | Expression::Load(Place::Global(_)) => true,
            Expression::Load(Place::Local(id)) => self.bound.get(id).is_some_and(|slot| slot.is_uniform()),
            Expression::Input(Input::T | Input::Dt | Input::Celsius | Input::Flag) => true,
            Expression::Load(_) | Expression::Input(_) | Expression::Ion(..) | Expression::Element(..) => false,
            _ => true,
        };
        leaf && e.operands().into_iter().all(|operand| self.is_uniform(operand))
    }

    /// Several outputs of a table at one argument share the interval.
    fn lookup(&mut self, table: TableColumn, x: &Expression, to: Option<Slot>) -> Result<Slot, String> {
        // Any output does.
        let any = self.table(TableColumn { output: 0, ..table });
        let x = self.value(x, None)?;
        let x = self.kept(x);
        let known = self.located.iter().find(|located| (located.0, located.1) == (any, x));
        let [below, above, fraction] = match known {
            Some(known) => known.2,
            None => {
                let operations = [Operation::Below(any), Operation::Above(any), Operation::Fraction(any)];
                let located = operations.map(|operation| self.compute(operation, vec![x], None));
                self.located.push((any, x, located));
                located
            }
        };
        let entry = Operation::Entry(self.table(table));
        let [below, above] = [below, above].map(|at| self.compute(entry, vec![at], None));
        Ok(self.compute(Operation::Interpolate, vec![below, fraction, above], to))
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
