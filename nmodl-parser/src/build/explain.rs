//! What is wrong with a line that the grammar did not understand, in words.
//!
//! The place comes from pest (the furthest it got in the line as a statement of its
//! kind); the words come from the tokens around that place.

use super::forms::{ARBOR, DECLARING, ITEMS, NEURON_STATEMENTS, OBSOLETE_BLOCKS, OBSOLETE_STATEMENTS, STATEMENTS};
use super::line::Line;
use super::{Builder, Pair, Rule};
use crate::ast::{Block, ExpressionKind, ItemKind, Name, Statement, StatementKind};
use crate::lexer::{Lexer, TokenKind};
use crate::scan::ITEM_KEYWORDS;
use crate::suggest::suggest;
use crate::{Diagnostic, Span, codes};

/// An `else` that no `if` stands before; where a block is not closed, that is why.
pub(super) const LONELY_ELSE: &str = "`else` without `if` before it";

const COMMENT_HELP: &str = "a comment begins with `:` or `?`";

impl<'a> Builder<'a> {
    fn say(&mut self, code: &'static str, message: String, span: Span, label: &str, help: Option<String>) {
        let diagnostic = Diagnostic::error(code, message, span, label);
        self.diagnostics.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    fn line(&self, pair: &Pair) -> Line<'a> {
        let span = self.span(pair);
        Line::new(self.text, span.start as usize, span.end as usize)
    }

    /// A line of statements; gives back an obsolete one to be kept in the tree.
    pub(super) fn bad_statement(&mut self, pair: &Pair, previous: Option<Pair>, block: &Block) -> Option<Statement> {
        let line = self.line(pair);
        let first = line.word(0);
        if let Some(previous) = previous {
            let before = Lexer::new(previous.as_str()).next().map(|token| &previous.as_str()[token.range]);
            if matches!(first, "else" | "ELSE") && matches!(before, Some("if" | "IF" | "else" | "ELSE")) {
                return None;
            }
        }
        if self.bad_character(&line) {
            return None;
        }
        let span = line.span(0);
        if OBSOLETE_STATEMENTS.contains(&first) {
            self.say(codes::OBSOLETE, format!("the statement `{first}` is obsolete"), span, "not supported", None);
            let kind = StatementKind::Legacy(Name { text: first.to_owned(), span });
            return Some(Statement { kind, span: self.span(pair) });
        }
        match first {
            ";" => {
                let message = "NMODL has no `;`".to_owned();
                self.say(codes::BAD_STATEMENT, message, span, "not needed", Some("remove it".into()));
            }
            "~+" => {
                let message = "the addition of equations by `~+` is not supported".to_owned();
                let help = Some("write the sum out in one `~` equation".to_owned());
                self.say(codes::UNSUPPORTED_EQUATION, message, span, "not supported", help);
            }
            ")" | "]" => self.stray_bracket(&line, 0),
            "#" => {
                let message = format!("unexpected `{first}`");
                self.say(codes::BAD_STATEMENT, message, span, "not a statement", Some(COMMENT_HELP.to_owned()));
            }
            "else" | "ELSE"
                if matches!(block.statements.last(), Some(Statement { kind: StatementKind::If { .. }, .. })) =>
            {
                let message = format!("expected `{{` or `if (condition) {{` after `{first}`");
                self.say(codes::BAD_STATEMENT, message, line.span(1), "here", None);
            }
            "else" | "ELSE" => {
                let help = "it reads `if (condition) { ... } else { ... }`".to_owned();
                self.say(codes::BAD_STATEMENT, LONELY_ELSE.to_owned(), span, "belongs to no `if`", Some(help));
            }
            _ => {
                let line = self.with_previous(line, block);
                self.bad_tokens(&line, line.failure(Rule::only_statement));
            }
        }
        None
    }

    /// The line together with the statement before it, if it seems to go on from there.
    fn with_previous(&self, line: Line<'a>, block: &Block) -> Line<'a> {
        let Some(last) = block.statements.last() else { return line };
        let (start, end) = (last.span.start as usize, last.span.end as usize);
        let first = line.word(0);
        let same_line = !self.text[end.min(line.start)..line.start].contains(['\n', '\r']);
        let new_statement = STATEMENTS.iter().any(|(word, _)| *word == first) || line.word(1) == "=";
        let goes_on = infix(first) || same_line && !new_statement;
        if !goes_on || end > line.start || self.text[start..end].contains('{') {
            return line;
        }
        let boundary = line.start;
        Line::new(self.text, start, line.end()).after(boundary)
    }

    /// A call with a block behind it that was surely meant to be something else: `elseif (a) { }`.
    pub(super) fn misspelt_calls(&mut self, block: &Block) {
        for pair in block.statements.windows(2) {
            let (StatementKind::Call(call), StatementKind::Block(_)) = (&pair[0].kind, &pair[1].kind) else { continue };
            let ExpressionKind::Call { name, .. } = &call.kind else { continue };
            let meant = match name.text.to_ascii_lowercase().as_str() {
                "elseif" | "elif" => Some("else if"),
                "if" => Some("if"),
                other => suggest(other, ["while", "FOR_NETCONS"]),
            };
            if let Some(meant) = meant {
                let message = format!("unknown statement `{}`; did you mean `{meant}`?", name.text);
                self.say(codes::BAD_STATEMENT, message, name.span, "read as a call", None);
            }
        }
    }

    /// A character that is not ASCII; true if there is one.
    fn bad_character(&mut self, line: &Line) -> bool {
        let other = line.tokens.iter().find(|token| token.kind == TokenKind::Other);
        let Some(other) = other else { return false };
        let character = line.text[other.range.clone()].chars().next().unwrap_or(' ');
        let span = line.place(other);
        if character == '"' {
            let message = "this string does not end on its line".to_owned();
            self.say(codes::BAD_STATEMENT, message, span, "begins here", Some("write the closing `\"`".into()));
        } else {
            let message = format!("the character `{}` cannot stand here", character.escape_debug());
            let label = format!("U+{:04X}", u32::from(character));
            self.say(codes::BAD_CHARACTER, message, span, &label, None);
        }
        true
    }

    fn arbor(&mut self, word: &str, span: Span) {
        let message = format!("`{word}` belongs to Arbor's dialect of NMODL");
        self.say(codes::ARBOR, message, span, "not known to NEURON", None);
    }

    fn stray_bracket(&mut self, line: &Line, index: usize) {
        let bracket = line.word(index);
        let open = if bracket == ")" { "(" } else { "[" };
        let message = format!("this `{bracket}` closes nothing");
        let label = format!("no `{open}` is open here");
        self.say(codes::OPEN_PARENTHESIS, message, line.span(index), &label, None);
    }

    /// The words for a line that cannot go on at token `index`.
    fn bad_tokens(&mut self, line: &Line, index: usize) {
        let first = line.word(0);
        let found = line.tokens.get(index).map(|_| line.word(index));
        let span = line.span(index);
        let form = STATEMENTS.iter().find(|(word, _)| *word == first);
        let help =
            form.map(|(word, form)| format!("{} reads `{form}`", if *word == "~" { "an equation" } else { word }));
        let before = index.checked_sub(1).map(|before| line.word(before));
        let shown = found.map_or_else(|| "end of the line".to_owned(), |found| format!("found `{found}`"));
        if let Some(before) = before.filter(|before| needs_operand(before)) {
            let list_end = before == "(" && found.is_none();
            if !list_end {
                let message = format!("expected an expression after `{before}`");
                let comment = before == "/" && matches!(found, Some("/" | "*"));
                let help = if comment { Some(COMMENT_HELP.to_owned()) } else { help.filter(|_| before == "~") };
                return self.say(codes::EXPECTED_EXPRESSION, message, span, &shown, help);
            }
        }
        if matches!(found, Some(")" | "]")) && line.open_bracket(index).is_none() {
            return self.stray_bracket(line, index);
        }
        if let Some(open) = line.open_bracket(index).filter(|_| found.is_none()) {
            let bracket = line.word(open);
            let message = format!("this `{bracket}` is not closed");
            return self.say(codes::OPEN_PARENTHESIS, message, line.span(open), "opened here", None);
        }
        let operand = |word: &str| word.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '.');
        if let Some(found) = found.filter(|found| operand(found) && line.open_bracket(index).is_some()) {
            let message = format!("an operator or `)` is missing before `{found}`");
            return self.say(codes::OPEN_PARENTHESIS, message, span, &shown, None);
        }
        if let Some(found) = found.filter(|_| index > 0 && index == line.boundary) {
            let near = suggest(found, ["METHOD", "STEADYSTATE", "USEION", "DEPEND", "FROM", "WITH", "IFERROR"]);
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "perhaps an operator is missing before it".to_owned(),
            };
            let message = format!("unexpected `{found}` after the end of a statement");
            let label = "cannot continue what stands before";
            return self.say(codes::BAD_STATEMENT, message, span, label, Some(help));
        }
        if let Some((word, _)) = form {
            let message = match (*word, before, found) {
                ("if" | "IF" | "while" | "WHILE", Some(before), Some(found)) if before == first && found != "(" => {
                    format!("`(` missing after `{word}`")
                }
                ("if" | "IF" | "while" | "WHILE", Some(")"), _) if line.open_bracket(index).is_none() => {
                    format!("`{{` missing after the condition of `{word}`")
                }
                ("if" | "IF" | "while" | "WHILE", _, Some("=")) if line.open_bracket(index).is_some() => {
                    let help = Some("compare with `==`".to_owned());
                    let message = format!("`=` in the condition of `{word}`");
                    return self.say(codes::BAD_STATEMENT, message, span, "assigns, and does not compare", help);
                }
                (_, _, Some(found)) => format!("unexpected `{found}` in {}", described(word)),
                (_, _, None) => format!("{} ends too early", described(word)),
            };
            return self.say(codes::BAD_STATEMENT, message, span, &shown, help);
        }
        if let Some(other) = ITEM_KEYWORDS.iter().find(|word| **word == first) {
            let message = format!("the block `{other}` cannot stand inside another");
            return self.say(codes::BAD_STATEMENT, message, line.span(0), "not here", None);
        }
        if index <= 1 && line.begins_with_word() {
            let near = suggest(first, STATEMENTS.iter().map(|(word, _)| *word).filter(|word| *word != first));
            if let Some(near) = near {
                let message = format!("unknown statement `{first}`; did you mean `{near}`?");
                return self.say(codes::BAD_STATEMENT, message, line.span(0), "not a keyword", None);
            }
            if found == Some("==") {
                let message = format!("`==` compares, and `{first}` is to be assigned");
                let help = Some(format!("write `{first} = ...`"));
                return self.say(codes::MISSING_EQUALS, message, span, "one `=` too many", help);
            }
            let message = match found {
                Some(_) => format!("`=` missing after `{first}`"),
                None => format!("`{first}` alone is not a statement"),
            };
            let help = format!("write `{first} = ...` to assign, or `{first}()` to call");
            return self.say(codes::MISSING_EQUALS, message, span, &shown, Some(help));
        }
        let message = match found {
            Some("=") if line.words().filter(|word| *word == "=").count() > 1 => {
                "a second `=` in one statement".to_owned()
            }
            Some(found) => format!("unexpected `{found}`"),
            None => "this statement ends too early".to_owned(),
        };
        self.say(codes::BAD_STATEMENT, message, span, &shown, None);
    }

    /// A line of the NEURON block.
    pub(super) fn bad_neuron(&mut self, pair: &Pair) {
        let line = self.line(pair);
        if self.bad_character(&line) {
            return;
        }
        let (first, span) = (line.word(0), line.span(0));
        if ARBOR.contains(&first) {
            return self.arbor(first, span);
        }
        let form = NEURON_STATEMENTS.iter().find(|(word, _)| *word == first);
        if let Some((word, form)) = form {
            let has_list = line.words().any(|word| matches!(word, "READ" | "WRITE"));
            let message = if *word == "USEION" && !has_list {
                "USEION needs READ or WRITE".to_owned()
            } else {
                format!("this {word} is not complete or not understood")
            };
            return self.say(codes::BAD_NEURON, message, span, "here", Some(format!("it reads `{form}`")));
        }
        let before = self.text[..line.start].trim_end_matches(super::is_blank);
        let same_line = !self.text[before.len()..line.start].contains(['\n', '\r']);
        let after_name = before.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_');
        let near = suggest(first, NEURON_STATEMENTS.iter().map(|(word, _)| *word));
        let (message, label, help) = match first {
            "," => ("a name must follow this `,`".to_owned(), "nothing follows", None),
            _ if near.is_some() => {
                let near = near.unwrap_or_default();
                (format!("unknown statement `{first}`; did you mean `{near}`?"), "not a keyword", None)
            }
            _ if line.begins_with_word() && same_line && after_name => {
                (format!("`,` missing before `{first}`"), "names are separated by commas", None)
            }
            _ => {
                let help = "the NEURON block holds SUFFIX, USEION, RANGE and the like".to_owned();
                (format!("`{first}` is no statement of the NEURON block"), "not understood", Some(help))
            }
        };
        self.say(codes::BAD_NEURON, message, span, label, help);
    }

    /// A line of the UNITS block.
    pub(super) fn bad_units(&mut self, pair: &Pair) {
        let line = self.line(pair);
        if !self.bad_character(&line) {
            let help = "lines read `(mV) = (millivolt)`, `FARADAY = (faraday) (coulomb)` or `F = 96520 (coulomb)`";
            let message = "this line of UNITS is not understood".to_owned();
            self.say(codes::BAD_UNITS, message, line.span(0), "here", Some(help.into()));
        }
    }

    /// A line of PARAMETER, CONSTANT, ASSIGNED or STATE.
    pub(super) fn bad_declaration(&mut self, pair: &Pair, what: &str) {
        let line = self.line(pair);
        if self.bad_character(&line) {
            return;
        }
        let (first, second) = (line.word(0), line.word(1));
        let help = Some("a declaration reads `name = number (unit) <low, high>`".to_owned());
        let (message, place, help) = match first {
            "," | ";" => {
                let help = "blanks or newlines separate declarations; remove it".to_owned();
                (format!("no `{first}` between declarations"), 0, Some(help))
            }
            "+" | "-" | "*" | "/" | "^" => ("the value of a declaration must be a plain number".to_owned(), 0, help),
            "(" => ("this unit is not closed by `)` on its line, or has a bracket inside".to_owned(), 0, help),
            "<" => ("these limits are not understood".to_owned(), 0, help),
            "=" if line.tokens.len() == 1 => ("expected a number after `=`".to_owned(), 0, help),
            "=" => (format!("expected a number after `=`, found `{second}`"), 1, help),
            _ if line.begins_with_word() && matches!(second, "=" | "(" | "[" | "<") => {
                let help = "choose another name; lower case is free".to_owned();
                (format!("`{first}` is a keyword and cannot name a variable"), 0, Some(help))
            }
            _ => (format!("unexpected `{first}` in {what}"), 0, help),
        };
        self.say(codes::BAD_DECLARATION, message, line.span(place), "here", help);
    }

    /// A top-level item; gives back an obsolete one to be kept in the tree.
    pub(super) fn bad_item(&mut self, pair: Pair<'a>) -> Option<ItemKind> {
        let mut inner = pair.into_inner();
        let line = self.line(&inner.next()?);
        if line.tokens.is_empty() {
            return None;
        }
        let body = inner.next();
        let has_block = body.as_ref().is_some_and(|body| body.as_rule() == Rule::block);
        let (first, span) = (line.word(0), line.span(0));
        let legacy = OBSOLETE_BLOCKS.contains(&first);
        let form = ITEMS.iter().find(|(word, _)| *word == first);
        if ARBOR.contains(&first) {
            self.arbor(first, span);
        } else if legacy {
            self.say(codes::OBSOLETE, format!("the block `{first}` is obsolete"), span, "not supported", None);
        } else if let Some((word, form)) = form {
            let at = line.failure(Rule::only_item);
            let message = match line.tokens.get(at) {
                Some(_) => format!("unexpected `{}` in the head of `{word}`", line.word(at)),
                None if !has_block && form.contains('{') => format!("`{{` missing after `{}`", line.word(at - 1)),
                None => format!("the head of `{word}` ends too early"),
            };
            self.say(codes::BAD_HEADER, message, line.span(at), "here", Some(format!("it reads `{form}`")));
        } else if !self.bad_character(&line) {
            let near = suggest(first, ITEMS.iter().map(|(word, _)| *word));
            let (message, help) = match (first, near) {
                ("ENDCOMMENT", _) => ("ENDCOMMENT without COMMENT".to_owned(), None),
                ("ENDVERBATIM", _) => ("ENDVERBATIM without VERBATIM".to_owned(), None),
                (_, Some(near)) => (format!("unknown block `{first}`; did you mean `{near}`?"), None),
                _ if has_block => (format!("unknown block `{first}`"), None),
                _ => {
                    let help = "a line of comment begins with `:`; statements stand inside of blocks".to_owned();
                    (format!("`{first}` stands outside of any block"), Some(help))
                }
            };
            self.say(codes::UNKNOWN_BLOCK, message, span, "here", help);
        }
        // The body is read for its own errors if it surely holds statements.
        if let Some(body) = body.filter(|body| body.as_rule() == Rule::block) {
            let known = self.diagnostics.len();
            self.block(body, first);
            if form.is_none() || DECLARING.contains(&first) {
                self.diagnostics.truncate(known);
            }
        }
        legacy.then(|| ItemKind::Legacy(Name { text: first.to_owned(), span }))
    }
}

fn described(word: &str) -> String {
    if word == "~" { "this `~` statement".to_owned() } else { format!("this {word}") }
}

/// Whether this token stands between two operands.
fn infix(token: &str) -> bool {
    matches!(token, "+" | "-" | "*" | "/" | "^" | "<" | ">" | "<=" | ">=" | "==" | "!=" | "&&" | "||")
}

/// Whether an operand must stand behind this token.
fn needs_operand(token: &str) -> bool {
    infix(token) || matches!(token, "=" | "(" | "[" | "," | "!" | "<->" | "~")
}
