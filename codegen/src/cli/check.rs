//! `modgen check`.

use super::args::{Check, Deny};
use super::messages::Messages;
use super::{inputs, status};
use crate::{Options, compile_all, units};
use anyhow::Result;
use nmodl_parser::{Diagnostic, Severity, SourceFile, parse};
use std::process::ExitCode;

/// Reports all that is wrong with some files.
pub fn run(check: &Check) -> Result<ExitCode> {
    let mut messages = Messages::new(check.message_format);
    let sources = inputs::read(&check.paths)?;
    for (source, (mechanism, mut diagnostics)) in sources.iter().zip(compile_all(&sources, &Options::default())) {
        diagnostics.extend(unit_findings(check, source));
        if check.deny.contains(&Deny::Warnings) {
            diagnostics.iter_mut().for_each(|diagnostic| diagnostic.severity = Severity::Error);
        }
        let accepted = mechanism.is_some() && !diagnostics.iter().any(Diagnostic::is_error);
        messages.report(source, accepted, &diagnostics);
    }
    messages.summary("checked", "");
    Ok(status(messages.refused()))
}

/// What the check of units finds, if it is asked for and the file can be read.
fn unit_findings(check: &Check, source: &SourceFile) -> Vec<Diagnostic> {
    let deny = check.deny.contains(&Deny::Units);
    if !check.units && !deny {
        return Vec::new();
    }
    let (ast, diagnostics) = parse(source);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Vec::new();
    }
    let mut findings = units::check(&ast);
    if deny {
        findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
    }
    findings
}
