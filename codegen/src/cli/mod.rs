//! The command line of `modgen`.
//!
//! Exit status: 0 if all went well, 1 if a file was refused (the others are compiled nevertheless), 2 if nothing could be
//! done: wrong arguments, files that cannot be read or written, no Rust compiler for `--build`.

mod args;
mod check;
mod fmt;
mod inputs;
mod messages;
mod output;

use crate::back::Sources;
use crate::ir::Mechanism;
use crate::{Options, compile_all};
use anyhow::Result;
use args::{Arguments, Command, Compile};
use clap::Parser;
use messages::Messages;
use nmodl_parser::{Diagnostic, SourceFile};
use std::process::ExitCode;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Some(Command::Compile(compile)) => run_compile(&compile),
        Some(Command::Check(check)) => check::run(&check),
        Some(Command::Fmt(fmt)) => fmt::run(&fmt),
        Some(Command::Lsp) => crate::lsp::serve().map(|()| ExitCode::SUCCESS),
        Some(Command::Explain { code }) => output::explain(code.as_deref()),
        None => run_compile(&arguments.compile),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("modgen: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// The status after compiling: were all files accepted?
fn status(refused: usize) -> ExitCode {
    if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Compiles all files and reports their diagnostics.
fn compile_sources(
    sources: &[SourceFile],
    options: &Options,
    messages: &mut Messages,
) -> Vec<(Option<Mechanism>, Vec<Diagnostic>)> {
    let results = compile_all(sources, options);
    for (source, (mechanism, diagnostics)) in sources.iter().zip(&results) {
        messages.report(source, mechanism.is_some(), diagnostics);
    }
    results
}

fn run_compile(compile: &Compile) -> Result<ExitCode> {
    let mut messages = Messages::new(compile.message_format);
    let sources = inputs::read(&compile.paths)?;
    let options =
        Options { optimise: !compile.no_optimise, rearrange: !compile.no_rearrange, tables: !compile.no_tables };
    if let Some(form) = compile.emit {
        let results = compile_sources(&sources, &options, &mut messages);
        let mechanisms: Vec<Mechanism> = results.into_iter().filter_map(|(mechanism, _)| mechanism).collect();
        output::print(form, &sources, &mechanisms, compile.real())?;
        return Ok(status(messages.refused()));
    }
    let results = compile_sources(&sources, &options, &mut messages);
    let quoted: Sources =
        sources.iter().map(|source| (inputs::file_name(source), source.own_text().to_owned())).collect();
    let mechanisms: Vec<Mechanism> = results.into_iter().filter_map(|(mechanism, _)| mechanism).collect();
    if mechanisms.is_empty() {
        messages.summary("compiled", "; nothing written");
        return Ok(status(messages.refused()));
    }
    output::write(&compile.output, &mechanisms, &quoted)?;
    let mut place = format!(" -> {}", compile.output.display());
    if compile.build {
        let options = compile.build_options();
        let library = crate::build::build_in_place(&compile.output, &options)?;
        place = format!(" -> {}", library.display());
    }
    messages.summary("compiled", &place);
    Ok(status(messages.refused()))
}
