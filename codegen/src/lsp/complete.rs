//! Completion: the names in scope, keywords and built-in functions.

use super::document::Document;
use super::{index, words};
use lsp_types::{CompletionItem, CompletionItemKind};
use std::collections::BTreeSet;

/// What may be typed at an offset; the editor picks those that fit what is there already.
pub fn complete(document: &Document, offset: usize) -> Vec<CompletionItem> {
    let index = index::of(&document.own);
    let before = &document.own.text[..offset.min(document.own.text.len())];
    let before = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let last = before.split_whitespace().next_back().unwrap_or_default();
    if matches!(last, "METHOD" | "STEADYSTATE") {
        return words::METHODS.iter().map(|(name, text)| item(name, CompletionItemKind::ENUM_MEMBER, text)).collect();
    }
    let solvable = |kind: &str| kind.ends_with(" block") || kind == "PROCEDURE";
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    let all = index::of(&document.source);
    let names = index.definitions.iter().chain(&all.definitions);
    for definition in names.filter(|definition| last != "SOLVE" || solvable(definition.kind)) {
        let reaches = definition.scope.is_none_or(|scope| scope.range().contains(&offset));
        if reaches && seen.insert(definition.name.as_str()) {
            let unit = definition.unit.as_ref().map_or_else(String::new, |unit| format!(" ({unit})"));
            items.push(item(&definition.name, kind(definition.kind), &format!("{}{unit}", definition.kind)));
        }
    }
    if last == "SOLVE" {
        return items;
    }
    let constant = |(name, text): &(&str, &str)| item(name, CompletionItemKind::VARIABLE, text);
    items.extend(words::VARIABLES.iter().filter(|(name, _)| !seen.contains(name)).map(constant));
    items.extend(words::FUNCTIONS.iter().map(|(name, text)| item(name, CompletionItemKind::FUNCTION, text)));
    items.extend(words::KEYWORDS.iter().map(|(name, text)| item(name, CompletionItemKind::KEYWORD, text)));
    items
}

fn item(label: &str, kind: CompletionItemKind, detail: &str) -> CompletionItem {
    CompletionItem {
        label: label.to_owned(),
        kind: Some(kind),
        detail: Some(detail.to_owned()),
        ..CompletionItem::default()
    }
}

fn kind(kind: &str) -> CompletionItemKind {
    match kind {
        "FUNCTION" | "PROCEDURE" | "FUNCTION_TABLE" => CompletionItemKind::FUNCTION,
        "CONSTANT" | "DEFINE" | "constant of UNITS" => CompletionItemKind::CONSTANT,
        "PARAMETER" => CompletionItemKind::PROPERTY,
        kind if kind.ends_with(" block") => CompletionItemKind::MODULE,
        _ => CompletionItemKind::VARIABLE,
    }
}
