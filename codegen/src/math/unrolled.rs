//! Statements of an unrolled elimination: each entry that is more than a leaf becomes a local.

use super::build::load;
use crate::ir::{Expression, Function, Place, Statement, StatementKind};

/// Statements under construction.
pub(super) struct Unrolled<'f> {
    function: &'f mut Function,
    line: u32,
    /// Those written so far.
    pub statements: Vec<Statement>,
}

impl<'f> Unrolled<'f> {
    /// None yet; new locals go to `function`, statements get line `line`.
    pub fn new(function: &'f mut Function, line: u32) -> Self {
        Self { function, line, statements: Vec::new() }
    }

    /// A leaf with the value.
    pub fn keep(&mut self, name: String, value: Expression) -> Expression {
        if value.operands().is_empty() {
            return value;
        }
        let place = Place::Local(self.function.add_local(name));
        self.statements.push(Statement::new(StatementKind::Assign(place, value), self.line));
        load(place)
    }

    /// The same.
    ///
    /// # Errors
    /// The count of statements so far if it exceeds `limit`.
    pub fn keep_within(&mut self, limit: usize, name: String, value: Expression) -> Result<Expression, usize> {
        let leaf = self.keep(name, value);
        if self.statements.len() > limit { Err(self.statements.len()) } else { Ok(leaf) }
    }
}
