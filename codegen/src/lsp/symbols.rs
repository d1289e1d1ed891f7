//! The outline of a document: its blocks, with the names they declare.

use super::document::Document;
use lsp_types::{DocumentSymbol, SymbolKind};
use nmodl_parser::Span;
use nmodl_parser::ast::{Declaration, ItemKind, Name, SolvableKind};

/// One symbol for a block.
pub fn symbols(document: &Document) -> Vec<DocumentSymbol> {
    let (ast, _) = nmodl_parser::parse(&document.own);
    let items = ast.items.iter().filter_map(|item| {
        let (name, kind, at, children) = outline(&item.kind)?;
        let children = children.iter().map(|(name, span, kind)| symbol(document, &name.text, *kind, *span, name.span));
        let mut found = symbol(document, &name, kind, item.span, at.unwrap_or(item.span));
        found.children = Some(children.collect());
        Some(found)
    });
    items.collect()
}

type Child<'a> = (&'a Name, Span, SymbolKind);

/// Name, kind, place of the name and what is declared inside.
fn outline(item: &ItemKind) -> Option<(String, SymbolKind, Option<Span>, Vec<Child<'_>>)> {
    let plain = |name: &str| Some((name.to_owned(), SymbolKind::NAMESPACE, None, Vec::new()));
    let list = |name: &str, list, kind| Some((name.to_owned(), SymbolKind::NAMESPACE, None, children(list, kind)));
    let named =
        |word: &str, name: &Name, kind| Some((format!("{word} {}", name.text), kind, Some(name.span), Vec::new()));
    match item {
        ItemKind::Neuron(_) => plain("NEURON"),
        ItemKind::Units(_) => plain("UNITS"),
        ItemKind::Parameter(entries) => list("PARAMETER", entries, SymbolKind::PROPERTY),
        ItemKind::Constant(entries) => list("CONSTANT", entries, SymbolKind::CONSTANT),
        ItemKind::Assigned(entries) => list("ASSIGNED", entries, SymbolKind::VARIABLE),
        ItemKind::State(entries) => list("STATE", entries, SymbolKind::FIELD),
        ItemKind::Define { name, .. } => named("DEFINE", name, SymbolKind::CONSTANT),
        ItemKind::Initial(_) => plain("INITIAL"),
        ItemKind::Breakpoint(_) => plain("BREAKPOINT"),
        ItemKind::Constructor(_) => plain("CONSTRUCTOR"),
        ItemKind::Destructor(_) => plain("DESTRUCTOR"),
        ItemKind::NetReceive { .. } => plain("NET_RECEIVE"),
        ItemKind::BeforeAfter { before, what, .. } => {
            named(if *before { "BEFORE" } else { "AFTER" }, what, SymbolKind::NAMESPACE)
        }
        ItemKind::Solvable { kind, name, .. } => {
            let word = match kind {
                SolvableKind::Derivative => "DERIVATIVE",
                SolvableKind::Kinetic => "KINETIC",
                SolvableKind::Linear => "LINEAR",
                SolvableKind::Nonlinear => "NONLINEAR",
                SolvableKind::Discrete => "DISCRETE",
            };
            named(word, name, SymbolKind::MODULE)
        }
        ItemKind::Function(routine) => named("FUNCTION", &routine.name, SymbolKind::FUNCTION),
        ItemKind::Procedure(routine) => named("PROCEDURE", &routine.name, SymbolKind::FUNCTION),
        ItemKind::FunctionTable { name, .. } => named("FUNCTION_TABLE", name, SymbolKind::FUNCTION),
        ItemKind::Title(_)
        | ItemKind::Independent(_)
        | ItemKind::Include(_)
        | ItemKind::Local(_)
        | ItemKind::Verbatim(_)
        | ItemKind::UnitsSwitch(_)
        | ItemKind::Legacy(_) => None,
    }
}

fn children(entries: &[Declaration], kind: SymbolKind) -> Vec<Child<'_>> {
    entries.iter().map(|entry| (&entry.name, entry.span, kind)).collect()
}

/// The protocol wants the name's place inside the whole.
fn symbol(document: &Document, name: &str, kind: SymbolKind, span: Span, at: Span) -> DocumentSymbol {
    #[allow(deprecated, reason = "the field has to be given, and has no other way to be")]
    DocumentSymbol {
        name: name.to_owned(),
        detail: None,
        kind,
        tags: None,
        deprecated: None,
        range: document.range(span.to(at)),
        selection_range: document.range(at),
        children: None,
    }
}
