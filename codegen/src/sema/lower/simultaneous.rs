//! LINEAR and NONLINEAR blocks: equations become residuals.

use super::{Context, Lower};
use crate::ir::{Place, Statement};
use crate::math::build::subtract;
use crate::sema::collect::SolvableItem;
use crate::sema::draft::Equations;
use nmodl_parser::ast::{self, ExpressionKind, Name, SolvableKind};
use nmodl_parser::{Diagnostic, Span};

impl Lower<'_, '_> {
    /// Lowers a LINEAR or NONLINEAR block apart.
    pub(super) fn simultaneous_block(&mut self, block: &Name, item: SolvableItem) -> (Vec<Statement>, Equations) {
        let context = std::mem::replace(&mut self.context, Context::Simultaneous);
        let equations = Equations { linear: item.kind == SolvableKind::Linear, ..Equations::default() };
        let outer = std::mem::replace(&mut self.simultaneous, equations);
        let listed =
            std::mem::replace(&mut self.solve_for, item.solve_for.iter().map(|name| name.text.clone()).collect());
        let body = self.nested(|lower| lower.block(item.body));
        self.solve_for = listed;
        self.context = context;
        let equations = std::mem::replace(&mut self.simultaneous, outer);
        let (rows, states) = (equations.residuals.len(), equations.states.len());
        if rows != states || rows == 0 {
            let names: Vec<&str> = equations.states.iter().map(|(_, name)| name.as_str()).collect();
            let message = format!("block `{}` has {rows} equations for {states} states", block.text);
            self.report.push(
                Diagnostic::error("M0249", message, block.span, "cannot be solved")
                    .help(format!("the states in the equations are: {}", names.join(", "))),
            );
        }
        (body, equations)
    }

    /// `~ left = right`.
    pub(super) fn simultaneous_equation(&mut self, left: &ast::Expression, right: &ast::Expression, span: Span) {
        if self.context != Context::Simultaneous || !self.calls.is_empty() {
            return self.misplaced("an equation `~ a = b`", "LINEAR and NONLINEAR blocks", span);
        }
        self.unknowns(left);
        self.unknowns(right);
        let left = self.value(left);
        let right = self.value(right);
        let id = self.function.add_local("residual");
        self.simultaneous.residuals.push(id);
        self.assign(Place::Local(id), subtract(left, right));
    }

    /// Enters the states that an equation names.
    fn unknowns(&mut self, e: &ast::Expression) {
        e.operands().into_iter().for_each(|operand| self.unknowns(operand));
        let ExpressionKind::Variable { name, index, .. } = &e.kind else { return };
        let listed = self.solve_for.is_empty() || self.solve_for.contains(&name.text);
        let is_state = self.source.symbols.state_names.contains(&name.text);
        if !listed || !is_state || self.bound(&name.text).is_some() {
            return;
        }
        let Some(place) = self.state_of(name, index.as_deref()) else { return };
        if self.simultaneous.states.iter().all(|(known, _)| *known != place) {
            let name = self.place_name(place, &name.text);
            self.simultaneous.states.push((place, name));
        }
    }
}
