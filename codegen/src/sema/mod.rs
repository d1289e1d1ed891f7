//! Meaning of a syntax tree: names, ions, calls; AST to IR.
//!
//! [`analyse`] gives a [`draft::Draft`]: every name resolved, every FUNCTION and PROCEDURE call
//! expanded, `init` and `net_receive` complete, SOLVEd blocks and currents still as written, for the
//! [`passes`](crate::passes) to solve and differentiate. Nothing after this module sees the AST.

mod check;
mod collect;
mod construct;
pub mod draft;
mod ions;
mod kernels;
mod lines;
mod lint;
mod lower;
pub mod refuse;
pub mod report;
mod suggest;
mod symbols;
pub mod tables;
mod uses;
mod verbatim;

use crate::Options;
use crate::ir::{Kind, Mechanism};
use collect::Items;
use draft::Draft;
use lines::Lines;
use lower::Source;
use nmodl_parser::ast::{Ast, ItemKind, SolvableKind};
use nmodl_parser::{Diagnostic, SourceFile, Span};
use report::Report;
use sha2::{Digest, Sha256};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

/// Resolves a file. The draft is complete only if no error was reported.
pub fn analyse(source: &SourceFile, ast: &Ast, options: &Options, report: &mut Report) -> Option<Draft> {
    let (translated, notes) = verbatim::translate(ast).unzip();
    let ast = translated.as_ref().unwrap_or(ast);
    let items = Items::collect(ast, report);
    let file = Path::new(&source.name);
    let file_name = file.file_name().map_or_else(|| source.name.clone(), |name| name.to_string_lossy().into_owned());
    let (kind, name) = match items.identity {
        Some((kind, name)) => (kind, name.text.clone()),
        None => (Kind::Density, name_of_file(file, ast, report)?),
    };
    let uses = uses::find(&items, report);
    let found = notes.map(|notes| notes.report(&uses, report));
    let symbols = symbols::declare(&items, &uses, options.tables, report);
    let lines = Lines::new(source);
    let first_words = first_words(source, &items);
    let assigns_v = uses.written.contains_key("v");
    let (solves, emitted) = (RefCell::default(), Cell::new(0));
    let exact = tables::Tables::default();
    let context = Source {
        items: &items,
        symbols: &symbols,
        lines: &lines,
        first_words: &first_words,
        assigns_v,
        tables: &exact,
        solves: &solves,
        emitted: &emitted,
    };
    let tables = if options.tables { tables::tabulate(context, &uses, report) } else { exact.clone() };
    let context = Source { tables: &tables, ..context };
    let parts = kernels::assemble(context, report);
    check::unreached_routines(context, &uses, found.as_ref(), report);
    let mut draft = Draft {
        mechanism: Mechanism {
            name,
            kind,
            source: file_name,
            hash: hash(&source.text),
            title: items.title.clone(),
            columns: symbols.columns.iter().cloned().chain(parts.spread.columns).collect(),
            globals: symbols.globals.clone(),
            ions: symbols.ions.clone(),
            streams: symbols.streams.iter().map(|stream| stream.stream.clone()).collect(),
            pointers: symbols.pointers.clone(),
            settled_by: Vec::new(),
            missing: found
                .map_or(Vec::new(), |found| found.missing)
                .into_iter()
                .chain(symbols.missing.clone())
                .collect(),
            net_arguments: items
                .net_receive
                .map_or(vec![], |(arguments, _)| arguments.iter().map(|argument| argument.name.text.clone()).collect()),
            tables: tables.tables.clone(),
            electrode: match symbols.electrode {
                true => symbols.currents.iter().map(|current| current.name.clone()).collect(),
                false => Vec::new(),
            },
            diffusions: parts.spread.diffusions,
            kernels: parts.kernels,
        },
        in_place: solves.take(),
        state: parts.state,
        current: parts.current,
    };
    construct::run(context, &mut draft.mechanism, report);
    check::results(context, &uses, report);
    check::currents(&draft, context, &uses, report);
    check::static_locals(&draft, &symbols, report);
    if !report.has_errors() {
        lint::run(ast, report);
    }
    Some(draft)
}

/// Where the words of a file stand first; only wanted where there are KINETIC blocks.
fn first_words<'a>(source: &'a SourceFile, items: &Items) -> HashMap<&'a str, usize> {
    let mut first = HashMap::new();
    if items.solvables.values().any(|item| item.kind == SolvableKind::Kinetic) {
        for (at, word) in nmodl_parser::words(&source.text) {
            first.entry(word).or_insert(at);
        }
    }
    first
}

/// The name of a mechanism whose NEURON block gives none: its file's, as in NEURON.
fn name_of_file(file: &Path, ast: &Ast, report: &mut Report) -> Option<String> {
    let block = ast.items.iter().find(|item| matches!(item.kind, ItemKind::Neuron(_)));
    let help = "write `NEURON { SUFFIX name }`, or POINT_PROCESS for a synapse or electrode";
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let is_name = stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && stem.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let Some(block) = block.filter(|_| is_name) else {
        report
            .push(Diagnostic::error("M0210", "the mechanism has no name", Span::default(), "in this file").help(help));
        return None;
    };
    let message = format!("the mechanism is named after its file: `{stem}`");
    report.push(Diagnostic::warning("M0391", message, block.span, "no SUFFIX or POINT_PROCESS here").help(help));
    Some(stem)
}

/// SHA-256, hexadecimal.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
