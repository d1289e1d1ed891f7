//! Values of types tables that are themselves little languages: lists as Python or JSON writes them.

/// A list of names: `['soma']`, `["basal", "apical"]`, `[soma, dend]`, or a single name `soma`.
pub fn text_list(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let Some(inner) = bracketed(text) else {
        return (!text.is_empty() && !text.contains(['[', ']', ','])).then(|| vec![unquoted(text).to_owned()]);
    };
    let items: Vec<&str> = items(inner);
    items.iter().all(|i| !i.is_empty()).then(|| items.into_iter().map(|i| unquoted(i).to_owned()).collect())
}

/// A list of numbers: `[0, 999]`, or a single number.
pub fn number_list(text: &str) -> Option<Vec<f64>> {
    let text = text.trim();
    let items = bracketed(text).map_or_else(|| vec![text], items);
    items.into_iter().map(|i| unquoted(i).parse().ok()).collect()
}

/// A range of distances, um: `[0, 999]`; a single number d stands for `[0, d]`.
pub fn range(text: &str) -> Option<[f64; 2]> {
    match number_list(text)?[..] {
        [low, high] => Some([low, high]),
        [high] => Some([0.0, high]),
        _ => None,
    }
}

fn bracketed(text: &str) -> Option<&str> {
    let round = || text.strip_prefix('(')?.strip_suffix(')');
    text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).or_else(round).map(str::trim)
}

fn items(inner: &str) -> Vec<&str> {
    let inner = inner.strip_suffix(',').unwrap_or(inner);
    if inner.trim().is_empty() { Vec::new() } else { inner.split(',').map(str::trim).collect() }
}

fn unquoted(text: &str) -> &str {
    let inside = |quote: char| text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
    inside('\'').or_else(|| inside('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_names() {
        assert_eq!(text_list("['soma']").unwrap(), ["soma"]);
        assert_eq!(text_list("['basal', 'apical']").unwrap(), ["basal", "apical"]);
        assert_eq!(text_list("[\"basal\",\"apical\",]").unwrap(), ["basal", "apical"]);
        assert_eq!(text_list("soma").unwrap(), ["soma"]);
        assert_eq!(text_list("[]").unwrap(), Vec::<String>::new());
        assert_eq!(text_list("['soma'"), None);
        assert_eq!(text_list("['soma',,'dend']"), None);
    }

    #[test]
    fn ranges() {
        assert_eq!(range("[0, 999]"), Some([0.0, 999.0]));
        assert_eq!(range("(10.5, 1e3)"), Some([10.5, 1000.0]));
        assert_eq!(range("99999999"), Some([0.0, 99999999.0]));
        assert_eq!(range("[1]"), Some([0.0, 1.0]));
        assert_eq!(range("[1, 2, 3]"), None);
        assert_eq!(range("far"), None);
    }
}
