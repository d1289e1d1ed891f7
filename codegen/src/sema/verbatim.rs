//! Recognises VERBATIM blocks that do nothing.

/// Whether a block inside a routine has no effect: empty, or only `return 0;` and declarations.
pub fn is_inert(text: &str) -> bool {
    statements(text).iter().all(|statement| is_return_zero(statement) || is_declaration(statement))
}

/// Whether an inert block ends the routine that it stands in.
pub fn returns(text: &str) -> bool {
    statements(text).iter().any(|statement| is_return_zero(statement))
}

/// Whether a block at top level holds only preprocessor lines and declarations.
pub fn is_declarations(text: &str) -> bool {
    statements(text).iter().all(|statement| is_declaration(statement))
}

fn is_return_zero(statement: &str) -> bool {
    let value = statement.strip_prefix("return").map(|rest| rest.trim().trim_matches(['(', ')']).trim());
    matches!(value, Some("" | "0" | "0." | "0.0"))
}

fn is_declaration(statement: &str) -> bool {
    statement.starts_with("extern ") && !statement.contains('{')
}

/// The C statements without comments and preprocessor lines, blanks merged.
fn statements(text: &str) -> Vec<String> {
    let mut code = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        code.push_str(&rest[..at]);
        rest = rest[at + 2..].find("*/").map_or("", |end| &rest[at + 2 + end + 2..]);
        code.push(' ');
    }
    code.push_str(rest);
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or("").trim());
    let kept: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    let words = kept.join(" ");
    words
        .split(';')
        .map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|statement| !statement.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_declarations, is_inert};

    #[test]
    fn inert_blocks() {
        assert!(is_inert(""));
        assert!(is_inert("\n  return 0;\n"));
        assert!(is_inert("/* nothing */ return(0);"));
        assert!(!is_inert("x = 1;"));
        assert!(!is_inert("return 1;"));
    }

    #[test]
    fn declarations() {
        assert!(is_declarations("#include <math.h>\nextern double* vector_vec();\nextern int n;\n"));
        assert!(!is_declarations("static int n = 3;"));
        assert!(!is_declarations("extern \"C\" { int f(); }"));
    }
}
