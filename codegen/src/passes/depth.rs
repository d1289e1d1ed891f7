//! Expressions that nest deeper than [`DEEPEST`] are computed in parts, each in a local of its own.
//!
//! A derivative grows with the square of its expression's depth, and readers of shaders give up at some two hundred levels.

use crate::ir::{Comparison, Expression, Function, Place, Statement, StatementKind};
use crate::math::build::{load, number};

/// Most levels of an expression.
pub const DEEPEST: usize = 64;

/// Splits the expressions of a function.
pub fn run(function: &mut Function) {
    let body = std::mem::take(&mut function.body);
    function.body = statements(function, body);
}

/// Splits the expressions of some statements of a function.
pub fn statements(function: &mut Function, body: Vec<Statement>) -> Vec<Statement> {
    let mut out = Vec::with_capacity(body.len());
    for mut statement in body {
        for block in statement.blocks_mut() {
            *block = statements(function, std::mem::take(block));
        }
        let mut parts = Parts { function, line: statement.line, statements: Vec::new() };
        statement.expressions_mut().into_iter().for_each(|e| {
            parts.split(e);
        });
        let parts = parts.statements;
        match &mut statement.kind {
            // Looked at after each round, and that of `while` before the first too.
            StatementKind::While { body, .. } => {
                body.extend(parts.iter().cloned());
                out.extend(parts);
            }
            StatementKind::Iterate { body, .. } => body.extend(parts),
            StatementKind::Assign(..)
            | StatementKind::AssignElement(..)
            | StatementKind::Derivative(..)
            | StatementKind::Draw(_)
            | StatementKind::Solve { .. }
            | StatementKind::If { .. }
            | StatementKind::StoreIon(..)
            | StatementKind::AddIon(..)
            | StatementKind::StoreV(_)
            | StatementKind::AddRhs(_)
            | StatementKind::AddDiagonal(_)
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_)
            | StatementKind::ForNetcons { .. } => out.extend(parts),
        }
        out.push(statement);
    }
    out
}

struct Parts<'f> {
    function: &'f mut Function,
    line: u32,
    statements: Vec<Statement>,
}

impl Parts<'_> {
    /// Splits an expression; gives its levels.
    fn split(&mut self, e: &mut Expression) -> usize {
        let mut levels = 0;
        for operand in e.operands_mut() {
            let mut below = self.split(operand);
            if below >= DEEPEST {
                self.hold(operand);
                below = 2;
            }
            levels = levels.max(below);
        }
        levels + 1
    }

    /// Moves an expression into a local.
    fn hold(&mut self, e: &mut Expression) {
        let place = Place::Local(self.function.add_local("part"));
        let is_boolean = e.is_boolean();
        let mut value = std::mem::replace(e, load(place));
        if is_boolean {
            // Locals are numbers.
            value = Expression::Select(Box::new(value), Box::new(number(1.0)), Box::new(number(0.0)));
            *e = Expression::Compare(Comparison::NotEqual, Box::new(load(place)), Box::new(number(0.0)));
        }
        self.statements.push(Statement::new(StatementKind::Assign(place, value), self.line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Input;
    use crate::math::build::add;

    #[test]
    fn deep_expressions_are_computed_in_parts() {
        let mut function = Function::default();
        let v = || Expression::Input(Input::V);
        let sum = (0..1000).fold(v(), |sum, _| add(sum, v()));
        let condition = Expression::Compare(Comparison::Less, Box::new(sum), Box::new(number(0.0)));
        let body = vec![Statement::new(StatementKind::StoreV(v()), 2)];
        function.body = vec![Statement::new(StatementKind::While { condition, body }, 1)];
        run(&mut function);
        let parts = function.body.len() - 1;
        assert_eq!(parts, 1000_usize.div_ceil(DEEPEST - 1));
        let StatementKind::While { condition, body } = &function.body[parts].kind else { panic!("no loop") };
        assert_eq!(body.len(), parts + 1);
        let mut levels = Parts { function: &mut Function::default(), line: 0, statements: Vec::new() };
        assert!(levels.split(&mut condition.clone()) <= DEEPEST);
        assert!(levels.statements.is_empty());
    }
}
