//! What is told of a word under the pointer.

use super::document::Document;
use super::{index, words};
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};

/// Kind, unit, value and line of a name; what a keyword or built-in function does.
pub fn hover(document: &Document, offset: usize) -> Option<Hover> {
    let word = index::word(document, offset)?;
    let value = declared(document, word, offset).or_else(|| {
        let (kind, text) = words::explain(word)?;
        Some(format!("**{word}** — {kind}\n\n{text}"))
    })?;
    Some(Hover { contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }), range: None })
}

fn declared(document: &Document, word: &str, offset: usize) -> Option<String> {
    let own = index::of(&document.own);
    let all;
    let (index, found) = match own.find(word, offset) {
        Some(found) => (&own, found),
        None => {
            all = index::of(&document.source);
            (&all, all.find(word, usize::MAX)?)
        }
    };
    let source = if std::ptr::eq(index, &own) { &document.own } else { &document.source };
    let mut facts = vec![found.kind.to_owned()];
    if found.scope.is_none() {
        facts.extend(index.attributes.iter().filter(|(name, _)| name == word).map(|(_, kind)| (*kind).to_owned()));
    }
    let mut text = format!("**{word}** — {}", facts.join(", "));
    if let Some((_, simulator)) = words::VARIABLES.iter().find(|(name, _)| *name == word) {
        text.push_str(&format!(": {simulator}"));
    }
    if let Some(unit) = &found.unit {
        text.push_str(&format!("\n\nunit: `({unit})`"));
    }
    if let Some(value) = &found.value {
        text.push_str(&format!("\n\nvalue: `{value}`"));
    }
    let place = source.place(found.span);
    let line = place.text.lines().nth(place.line() as usize - 1).unwrap_or_default().trim().to_owned();
    let file = if source.is_own(found.span.start) { String::new() } else { format!(" of {}", place.file) };
    text.push_str(&format!("\n\nline {}{file}:\n```nmodl\n{line}\n```", place.line()));
    Some(text)
}
