//! SOLVE: which method solves which block.

use super::{Context, Lower};
use crate::sema::draft::{Method, Solve};
use crate::sema::kernels::SolveStatement;
use crate::sema::{refuse, suggest};
use nmodl_parser::ast::{Name, SolvableKind};
use nmodl_parser::{Diagnostic, Span};
use std::collections::HashMap;

/// Integration methods of older simulators, which NEURON 9 does not have either.
const OLD_METHODS: &[&str] = &["adams", "adeuler", "heun", "gear", "clsoda", "implicit", "matexp", "_advance"];

/// Methods that are about NEURON's variable step, and where the block runs with a fixed step.
const STEP_METHODS: &[&str] = &["after_cvode", "cvode_t", "cvode_v", "cvode_t_v", "cvode"];

impl Lower<'_, '_> {
    /// The block that a SOLVE statement names, lowered; reports what cannot be solved.
    pub fn solved_block(&mut self, statement: SolveStatement) -> Option<Solve> {
        let SolveStatement { block, steady_state, span, .. } = statement;
        let item = *self.source.items.solvables.get(block.text.as_str())?;
        let method = match item.kind {
            SolvableKind::Derivative => self.derivative_method(&statement),
            SolvableKind::Kinetic => self.kinetic_method(&statement)?,
            SolvableKind::Linear => self.simultaneous_method(&statement, "simeq")?,
            SolvableKind::Nonlinear => self.simultaneous_method(&statement, "newton")?,
            SolvableKind::Discrete => return self.refused(&refuse::DISCRETE, block.span),
        };
        let line = self.source.lines.of(span);
        // Names of the SOLVE's surroundings mean nothing in the block.
        self.frames.push(vec![HashMap::new()]);
        let calls = std::mem::take(&mut self.calls);
        let (mut equations, mut scheme, mut simultaneous) = (vec![], None, None);
        let body = match item.kind {
            SolvableKind::Kinetic => {
                let (body, found) = self.kinetic_block(item);
                if found.species.is_empty() && !self.too_large {
                    let message = format!("block `{}` holds no reaction of a STATE", block.text);
                    self.report.push(Diagnostic::error("M0245", message, block.span, "nothing to solve"));
                }
                scheme = Some(found);
                body
            }
            SolvableKind::Linear | SolvableKind::Nonlinear => {
                let (body, found) = self.simultaneous_block(block, item);
                simultaneous = Some(found);
                body
            }
            SolvableKind::Derivative | SolvableKind::Discrete => {
                let (body, found) = self.derivative_block(item.body);
                equations = found;
                body
            }
        };
        self.frames.pop();
        self.calls = calls;
        let (block, steady) = (block.text.clone(), steady_state);
        Some(Solve { block, method, steady, body, equations, scheme, simultaneous, span, line })
    }

    fn refused(&mut self, refusal: &refuse::Refusal, span: Span) -> Option<Solve> {
        self.refuse(refusal, span);
        None
    }

    fn derivative_method(&mut self, statement: &SolveStatement) -> Method {
        let Some(name) = statement.method else {
            self.without_method(statement, "derivimplicit");
            return Method::Derivimplicit;
        };
        match name.text.as_str() {
            "derivimplicit" if statement.steady_state => {
                self.report.push(
                    Diagnostic::warning(
                        "M0341",
                        "STEADYSTATE derivimplicit does not find the steady state",
                        statement.span,
                        "leaves the states as they are",
                    )
                    .help("as in NEURON, it is a step of 1e-9 ms; assign the steady state, e.g. `m = minf`"),
                );
                Method::Derivimplicit
            }
            other if statement.steady_state => {
                let message = format!("STEADYSTATE {other} of a DERIVATIVE block");
                self.unsuited(message, name.span, "assign the steady state in INITIAL, e.g. `m = minf`");
                Method::Derivimplicit
            }
            "cnexp" | "after_cvode" => Method::Cnexp,
            "derivimplicit" => Method::Derivimplicit,
            "euler" => Method::Euler,
            "runge" => Method::Runge,
            "sparse" => {
                self.report.push(
                    Diagnostic::warning(
                        "M0313",
                        "METHOD sparse of a DERIVATIVE block",
                        name.span,
                        "solved by derivimplicit",
                    )
                    .help("both are backward Euler; write METHOD derivimplicit"),
                );
                Method::Derivimplicit
            }
            _ => {
                self.unknown_method(name, &["cnexp", "derivimplicit", "euler", "runge"]);
                Method::Derivimplicit
            }
        }
    }

    fn kinetic_method(&mut self, statement: &SolveStatement) -> Option<Method> {
        let Some(name) = statement.method else {
            self.without_method(statement, "sparse");
            return Some(Method::Sparse);
        };
        match name.text.as_str() {
            "sparse" => Some(Method::Sparse),
            "euler" | "runge" if statement.steady_state => {
                self.unsuited(format!("STEADYSTATE {}", name.text), name.span, "write STEADYSTATE sparse");
                None
            }
            "euler" => Some(Method::Euler),
            "runge" => Some(Method::Runge),
            "cnexp" | "derivimplicit" => {
                self.unsuited(format!("METHOD {} of a KINETIC block", name.text), name.span, "write METHOD sparse");
                None
            }
            _ => {
                self.unknown_method(name, &["sparse", "euler", "runge"]);
                None
            }
        }
    }

    /// LINEAR blocks are solved by simeq, NONLINEAR ones by newton.
    fn simultaneous_method(&mut self, statement: &SolveStatement, only: &str) -> Option<Method> {
        match statement.method {
            _ if statement.steady_state => {
                let message = "STEADYSTATE of simultaneous equations".to_owned();
                self.unsuited(message, statement.span, "they hold at any time: write SOLVE without STEADYSTATE");
                None
            }
            Some(name) if name.text != only => {
                self.unknown_method(name, &[only]);
                None
            }
            _ => Some(Method::Simultaneous),
        }
    }

    fn without_method(&mut self, statement: &SolveStatement, method: &str) {
        let message = format!("SOLVE of `{}` without METHOD", statement.block.text);
        self.report.push(
            Diagnostic::warning("M0342", message, statement.span, format!("solved by {method}"))
                .help(format!("NEURON 9 does not solve the block then; write METHOD {method}")),
        );
    }

    fn unsuited(&mut self, message: String, span: Span, help: &str) {
        self.report.push(Diagnostic::error("M0247", message, span, "does not suit this block").help(help));
    }

    /// A METHOD that is old, belongs elsewhere, or does not exist.
    fn unknown_method(&mut self, name: &Name, methods: &[&str]) {
        let text = name.text.as_str();
        let known = methods.join(", ");
        if OLD_METHODS.contains(&text) || STEP_METHODS.contains(&text) || ["simeq", "newton", "sparse"].contains(&text)
        {
            let mut diagnostic = refuse::METHOD.at(name.span);
            diagnostic.message = format!("METHOD {text} is not supported here");
            diagnostic.help = Some(format!("the methods for this block are {known}"));
            self.report.push(diagnostic);
            return;
        }
        let help = match suggest::nearest(text, methods.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the methods for this block are {known}"),
        };
        let message = format!("unknown METHOD `{text}`");
        self.report.push(Diagnostic::error("M0207", message, name.span, "not a method").help(help));
    }

    /// Whether SOLVE may stand where lowering is.
    pub(super) fn may_solve(&self) -> bool {
        !matches!(
            self.context,
            Context::Derivative | Context::Kinetic | Context::Simultaneous | Context::Diffusion | Context::Hook
        )
    }
}
