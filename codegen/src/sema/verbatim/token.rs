//! C text as tokens, preprocessed as for NEURON 9: comments gone, conditionals decided, simple macros replaced.

use nmodl_parser::Span;
use std::collections::HashMap;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A name.
    Name(String),
    /// A number; the flag says that it is whole.
    Number(f64, bool),
    /// A string or character.
    Text,
    /// An operator or bracket.
    Sign(&'static str),
    /// A preprocessor line, without `#`.
    Directive(String),
    /// An NMODL statement between two pieces of C, by number.
    Nmodl(usize),
}

/// A token with its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where.
    pub span: Span,
}

/// Why a piece of C is not understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Where.
    pub span: Span,
    /// What it is, to be followed by `cannot be translated`.
    pub what: String,
}

impl Failure {
    /// A failure at a place.
    pub fn new(span: Span, what: impl Into<String>) -> Self {
        Self { span, what: what.into() }
    }
}

/// Operators, longest first.
const SIGNS: &[&str] = &[
    "<<=", ">>=", "...", "->", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "==", "!=", "<=", ">=",
    "&&", "||", "<<", ">>", "::", "{", "}", "(", ")", "[", "]", ";", ",", "?", ":", "=", "<", ">", "+", "-", "*", "/",
    "%", "!", "~", "&", "|", "^", ".",
];

/// The tokens of a text that begins at byte `start` of the file.
pub fn scan(text: &str, start: usize) -> Result<Vec<Token>, Failure> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let place = |length: usize| Span::new(start + at, start + at + length);
        if c.is_whitespace() || rest.starts_with("\\\n") {
            at += c.len_utf8();
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if c == '#' {
            let length = directive_length(rest);
            let line = rest[1..length].replace("\\\n", " ");
            tokens.push(Token { kind: Kind::Directive(line.trim().to_owned()), span: place(length) });
            at += length;
        } else if c.is_ascii_alphabetic() || c == '_' {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token { kind: Kind::Name(rest[..length].to_owned()), span: place(length) });
            at += length;
        } else if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            let length = number_length(rest);
            let kind = number(&rest[..length]).ok_or_else(|| Failure::new(place(length), "this number"))?;
            tokens.push(Token { kind, span: place(length) });
            at += length;
        } else if c == '"' || c == '\'' {
            let length = quoted_length(rest, c);
            tokens.push(Token { kind: Kind::Text, span: place(length) });
            at += length;
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token { kind: Kind::Sign(sign), span: place(sign.len()) });
            at += sign.len();
        } else {
            return Err(Failure::new(place(c.len_utf8()), format!("the character `{c}`")));
        }
    }
    Ok(tokens)
}

/// Bytes of a preprocessor line with its continuations, up to a comment.
fn directive_length(rest: &str) -> usize {
    let mut length = 0;
    for line in rest.split_inclusive('\n') {
        let comment = [line.find("//"), line.find("/*")].into_iter().flatten().min();
        if let Some(comment) = comment {
            return length + comment;
        }
        length += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    length
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn number_length(rest: &str) -> usize {
    let mut before = ' ';
    let hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
    rest.find(|c: char| {
        let exponent = !hexadecimal && matches!(before, 'e' | 'E') && matches!(c, '+' | '-');
        before = c;
        !(c.is_ascii_alphanumeric() || c == '.' || exponent)
    })
    .unwrap_or(rest.len())
}

fn number(text: &str) -> Option<Kind> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let value = u64::from_str_radix(digits.trim_end_matches(['u', 'U', 'l', 'L']), 16).ok()?;
        return Some(Kind::Number(value as f64, true));
    }
    let digits = text.trim_end_matches(['u', 'U', 'l', 'L', 'f', 'F']);
    let whole = !digits.contains(['.', 'e', 'E']);
    Some(Kind::Number(digits.parse().ok()?, whole))
}

/// Macros without parameters: what they stand for.
pub type Macros = HashMap<String, Vec<Token>>;

/// Decides conditionals, collects and replaces macros. Statements of NMODL in a branch not taken go with it.
pub fn preprocess(tokens: Vec<Token>, macros: &mut Macros) -> Vec<Token> {
    let mut out = Vec::new();
    // One entry an open conditional: whether this branch is taken, and whether any has been.
    let mut open: Vec<(bool, bool)> = Vec::new();
    for token in tokens {
        let Kind::Directive(line) = &token.kind else {
            if open.iter().all(|(taken, _)| *taken) {
                expand(token, macros, &mut out, 0);
            }
            continue;
        };
        let (word, rest) = line.split_at(line.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(line.len()));
        let rest = rest.trim();
        match word {
            "if" => open.push(pair(holds(rest, macros))),
            "ifdef" => open.push(pair(is_defined(rest, macros))),
            "ifndef" => open.push(pair(!is_defined(rest, macros))),
            "elif" => {
                if let Some((taken, any)) = open.last_mut() {
                    *taken = !*any && holds(rest, macros);
                    *any |= *taken;
                }
            }
            "else" => {
                if let Some((taken, any)) = open.last_mut() {
                    *taken = !*any;
                    *any = true;
                }
            }
            "endif" => drop(open.pop()),
            "define" if open.iter().all(|(taken, _)| *taken) => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                let (name, value) = rest.split_at(end);
                // One with parameters has its parenthesis at once.
                if !value.starts_with('(')
                    && let Ok(mut value) = scan(value, 0)
                {
                    value.iter_mut().for_each(|inner| inner.span = token.span);
                    macros.insert(name.to_owned(), value);
                }
            }
            "undef" => drop(macros.remove(rest)),
            _ => {}
        }
    }
    out
}

fn pair(taken: bool) -> (bool, bool) {
    (taken, taken)
}

/// Deepest nesting of macros.
const DEEPEST: usize = 20;

fn expand(token: Token, macros: &Macros, out: &mut Vec<Token>, depth: usize) {
    if let Kind::Name(name) = &token.kind
        && depth < DEEPEST
        && let Some(value) = macros.get(name)
    {
        for inner in value {
            expand(Token { kind: inner.kind.clone(), span: token.span }, macros, out, depth + 1);
        }
        return;
    }
    out.push(token);
}

/// NEURON's version, for NRN_VERSION_GTEQ.
const VERSION: [f64; 3] = [9.0, 0.0, 2.0];

fn is_defined(name: &str, macros: &Macros) -> bool {
    macros.contains_key(name) || name.starts_with("NRN_VERSION_")
}

/// Whether the condition of `#if` holds: only the forms that mod files have.
fn holds(condition: &str, macros: &Macros) -> bool {
    condition.split("||").any(|part| part.split("&&").all(|term| holds_term(term.trim(), macros)))
}

fn holds_term(term: &str, macros: &Macros) -> bool {
    if let Some(rest) = term.strip_prefix('!') {
        return !holds_term(rest.trim(), macros);
    }
    if let Some(rest) = term.strip_prefix("defined") {
        return is_defined(rest.trim_matches(|c: char| c.is_whitespace() || c == '(' || c == ')'), macros);
    }
    if let Some(rest) = term.strip_prefix("NRN_VERSION_GTEQ") {
        let wanted = rest.trim_matches(|c: char| c.is_whitespace() || c == '(' || c == ')');
        let wanted: Vec<f64> = wanted.split(',').filter_map(|number| number.trim().parse().ok()).collect();
        return VERSION.as_slice() >= wanted.as_slice();
    }
    if let Some(inner) = term.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return holds(inner, macros);
    }
    if let Ok(number) = term.parse::<f64>() {
        return number != 0.0;
    }
    match macros.get(term).map(Vec::as_slice) {
        Some([Token { kind: Kind::Number(value, _), .. }]) => *value != 0.0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> String {
        let tokens = preprocess(scan(text, 0).unwrap(), &mut Macros::new());
        let word = |token: Token| match token.kind {
            Kind::Name(name) => name,
            Kind::Number(value, _) => format!("{value}"),
            Kind::Sign(sign) => sign.to_owned(),
            Kind::Text => "\"\"".to_owned(),
            Kind::Directive(_) | Kind::Nmodl(_) => "?".to_owned(),
        };
        tokens.into_iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tokens_without_comments() {
        assert_eq!(
            names("a += 1.5e-3; /* b */ c->d // e\n f(\"x\\\"y\", 0x10)"),
            "a += 0.0015 ; c -> d f ( \"\" , 16 )"
        );
        assert!(scan("a @ b", 0).is_err());
    }

    #[test]
    fn conditionals_are_decided_as_for_neuron() {
        let text = "#ifndef NRN_VERSION_GTEQ_8_2_0\n a\n#define CAST\n#else\n#define CAST (Rand*)\n#endif\nf(CAST x)";
        assert_eq!(names(text), "f ( ( Rand * ) x )");
        assert_eq!(names("#if !NRNBBCORE\na\n#else\nb\n#endif\n"), "a");
        assert_eq!(names("#if NRN_VERSION_GTEQ(9,1,0)\na\n#elif defined(X) || 1\nb\n#endif"), "b");
        assert_eq!(names("#define N 3\n#if N\nN\n#endif"), "3");
    }
}
