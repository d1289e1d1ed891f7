//! Statements.

use super::Lower;
use crate::code::{Instruction, Operation, Post, Slot};
use codegen::back::variables::Variable;
use codegen::ir::{Draw, Expression, Place, Statement, StatementKind, WHILE_LIMIT};

/// A jump to be set later.
const LATER: usize = 0;

impl Lower {
    pub fn block(&mut self, body: &[Statement]) -> Result<(), String> {
        let located = self.located.len();
        body.iter().try_for_each(|statement| self.statement(statement))?;
        // What a block computes may not have been computed where it has been skipped.
        self.located.truncate(located);
        Ok(())
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), String> {
        let number = self.number;
        self.number += 1;
        match &statement.kind {
            StatementKind::Assign(place, value) => self.assign((*place).into(), value, number),
            StatementKind::AssignElement(array, index, value) => {
                let elements = self.elements(*array)?;
                let (index, value) = (self.value(index, None)?, self.value(value, None)?);
                self.emit(Instruction::SetElement { elements, index, value, mask: self.mask });
                Ok(())
            }
            StatementKind::Draw(draw) => self.draw(draw, number),
            StatementKind::StoreIon(ion, field, value) => self.assign(Variable::Ion(*ion, *field), value, number),
            StatementKind::StoreV(value) => self.assign(Variable::V, value, number),
            StatementKind::AddIon(ion, field, value) => self.add(Variable::Ion(*ion, *field), value),
            StatementKind::AddRhs(value) => self.add(Variable::Rhs, value),
            StatementKind::AddDiagonal(value) => self.add(Variable::Diagonal, value),
            StatementKind::If { condition, then, otherwise } => self.branch(condition, then, otherwise),
            StatementKind::While { condition, body } => self.repeat(WHILE_LIMIT, Some(condition), body, None),
            StatementKind::Iterate { limit, body, until } => self.repeat(*limit, None, body, Some(until)),
            StatementKind::NetSend { delay, flag } => self.post(Post::Send, delay, Some(flag)),
            StatementKind::NetEvent(t) => self.post(Post::Event, t, None),
            StatementKind::NetMove(t) => self.post(Post::Move, t, None),
            StatementKind::ForNetcons { body } => self.for_netcons(body),
            StatementKind::Derivative(..) | StatementKind::Solve { .. } => {
                Err("an equation is left unsolved".to_owned())
            }
        }
    }

    fn assign(&mut self, variable: Variable, value: &Expression, number: usize) -> Result<(), String> {
        if self.is_argument(variable) {
            let value = self.value(value, None)?;
            return self.store(variable, value);
        }
        let usage = self.variables.get(variable);
        let declares = usage.declared_by == Some(number);
        let changes = usage.changes;
        if let Variable::Local(id) = variable
            && declares
        {
            if !changes {
                let slot = self.value(value, None)?;
                let slot = self.kept(slot);
                self.bound.insert(id, slot);
                return Ok(());
            }
            self.depths.insert(id, self.depth);
        }
        if self.is_plain(variable) {
            let slot = self.variable(variable);
            self.value(value, Some(slot))?;
            return Ok(());
        }
        let value = self.value(value, None)?;
        self.store(variable, value)
    }

    /// Whether all instances that have the variable take part now.
    fn is_plain(&self, variable: Variable) -> bool {
        let declared = match variable {
            Variable::Local(id) => self.depths.get(&id).copied().unwrap_or(0),
            _ => 0,
        };
        self.depth == declared
    }

    /// Sets a variable, for the instances of the mask.
    fn store(&mut self, variable: Variable, value: Slot) -> Result<(), String> {
        if self.is_argument(variable) {
            let (each, at) = match variable {
                Variable::Each(at) => (true, at),
                Variable::Net(at) => (false, at),
                _ => return Err("no argument".to_owned()),
            };
            self.emit(Instruction::StoreArgument { each, at, value });
            return Ok(());
        }
        let to = self.variable(variable);
        match self.mask {
            Some(mask) if !self.is_plain(variable) => self.compute(Operation::Select, vec![mask, value, to], Some(to)),
            _ => self.compute(Operation::Copy, vec![value], Some(to)),
        };
        Ok(())
    }

    fn draw(&mut self, draw: &Draw, number: usize) -> Result<(), String> {
        let arguments = draw.arguments.iter().map(|e| self.value(e, None)).collect::<Result<_, _>>()?;
        let to = [self.register(), self.register(), self.register()];
        self.emit(Instruction::Draw { generator: draw.generator, arguments, to, mask: self.mask });
        for (place, drawn) in draw.places().into_iter().zip(to) {
            if let Place::Local(id) = place
                && self.variables.get(place.into()).declared_by == Some(number)
            {
                self.depths.insert(id, self.depth);
            }
            self.store(place.into(), drawn)?;
        }
        Ok(())
    }

    fn add(&mut self, variable: Variable, value: &Expression) -> Result<(), String> {
        let (subtract, value) = match value {
            Expression::Negate(value) => (true, &**value),
            value => (false, value),
        };
        let value = self.value(value, None)?;
        if !self.sums.contains(&variable) {
            use codegen::ir::BinaryOperator::{Add, Subtract};
            let target = self.variable(variable);
            let operation = Operation::Binary(if subtract { Subtract } else { Add });
            let plain = self.is_plain(variable);
            let sum = self.compute(operation, vec![target, value], plain.then_some(target));
            return if plain { Ok(()) } else { self.store(variable, sum) };
        }
        let value = if self.branches > 0 {
            // What leaves any number as it is: -0 when added, 0 when subtracted.
            let nothing = if subtract { 0.0 } else { -0.0 };
            let sum = self.lasting();
            self.begin_with(sum, nothing);
            match self.mask {
                Some(mask) => self.compute(Operation::Select, vec![mask, value, sum], Some(sum)),
                None => self.compute(Operation::Copy, vec![value], Some(sum)),
            }
        } else if value.is_uniform() {
            self.copy(value)
        } else {
            self.kept(value)
        };
        self.sum(variable, subtract, value);
        Ok(())
    }

    fn branch(&mut self, condition: &Expression, then: &[Statement], otherwise: &[Statement]) -> Result<(), String> {
        let condition = self.value(condition, None)?;
        self.branches += 1;
        if self.code.single || condition.is_uniform() {
            self.jumping_branch(condition, then, otherwise)?;
        } else {
            let condition = self.kept(condition);
            let parent = self.mask;
            self.depth += 1;
            let taken = match parent {
                Some(parent) => self.compute(Operation::And, vec![parent, condition], None),
                None => condition,
            };
            self.masked(taken, then)?;
            if !otherwise.is_empty() {
                let left = match parent {
                    Some(parent) => self.compute(Operation::AndNot, vec![parent, condition], None),
                    None => self.compute(Operation::Not, vec![condition], None),
                };
                self.masked(left, otherwise)?;
            }
            self.depth -= 1;
            self.mask = parent;
        }
        self.branches -= 1;
        Ok(())
    }

    /// Statements for the instances of a mask.
    fn masked(&mut self, mask: Slot, body: &[Statement]) -> Result<(), String> {
        self.mask = Some(mask);
        let skip = self.here();
        self.emit(Instruction::Unless { condition: mask, to: LATER });
        self.block(body)?;
        self.land(skip);
        Ok(())
    }

    /// A branch that all instances take, or none.
    fn jumping_branch(&mut self, condition: Slot, then: &[Statement], otherwise: &[Statement]) -> Result<(), String> {
        let skip = self.here();
        self.emit(Instruction::Unless { condition, to: LATER });
        self.block(then)?;
        if otherwise.is_empty() {
            self.land(skip);
            return Ok(());
        }
        let end = self.here();
        self.emit(Instruction::Jump { to: LATER });
        self.land(skip);
        self.block(otherwise)?;
        self.land(end);
        Ok(())
    }

    /// `while condition { body }` or `do { body } until`, at most `limit` rounds.
    fn repeat(
        &mut self,
        limit: u32,
        condition: Option<&Expression>,
        body: &[Statement],
        until: Option<&Expression>,
    ) -> Result<(), String> {
        let counter = self.code.counters as u16;
        self.code.counters += 1;
        self.emit(Instruction::Begin { counter });
        self.branches += 1;
        let parent = self.mask;
        let active = if self.code.single {
            None
        } else {
            self.depth += 1;
            let active = self.lasting();
            let all = parent.unwrap_or_else(|| self.constant(1.0));
            self.emit(Instruction::Compute { operation: Operation::Copy, to: active, from: vec![all] });
            self.mask = Some(active);
            Some(active)
        };
        let first = self.here();
        let mut leave = Vec::new();
        if let Some(condition) = condition {
            let condition = self.value(condition, None)?;
            leave.push(self.leave_unless(active, Operation::And, condition));
        }
        self.block(body)?;
        if let Some(until) = until {
            let until = self.value(until, None)?;
            leave.push(self.leave_unless(active, Operation::AndNot, until));
        }
        self.emit(Instruction::Repeat { counter, limit, to: first });
        self.code.loops.push((first, self.here() - 1));
        leave.into_iter().for_each(|jump| self.land(jump));
        if active.is_some() {
            self.depth -= 1;
            self.mask = parent;
        }
        self.branches -= 1;
        Ok(())
    }

    /// Leaves a loop if no instance goes on: those that do fulfil the condition, or with `AndNot` do not. Gives the jump.
    fn leave_unless(&mut self, active: Option<Slot>, operation: Operation, condition: Slot) -> usize {
        let going = match active {
            Some(active) => self.compute(operation, vec![active, condition], Some(active)),
            None if operation == Operation::AndNot => self.compute(Operation::Not, vec![condition], None),
            None => condition,
        };
        let jump = self.here();
        self.emit(Instruction::Unless { condition: going, to: LATER });
        jump
    }

    fn post(&mut self, post: Post, value: &Expression, flag: Option<&Expression>) -> Result<(), String> {
        let value = self.value(value, None)?;
        let flag = match flag {
            Some(flag) => self.value(flag, None)?,
            None => self.constant(0.0),
        };
        self.emit(Instruction::Post { post, value, flag, mask: self.mask });
        Ok(())
    }

    fn for_netcons(&mut self, body: &[Statement]) -> Result<(), String> {
        if !self.code.single {
            return Err("FOR_NETCONS stands where no event is handled".to_owned());
        }
        self.branches += 1;
        self.emit(Instruction::FirstNetcon);
        let first = self.here();
        self.emit(Instruction::NextNetcon { end: LATER });
        self.block(body)?;
        self.emit(Instruction::Jump { to: first });
        self.code.loops.push((first, self.here() - 1));
        self.land(first);
        self.branches -= 1;
        Ok(())
    }
}
