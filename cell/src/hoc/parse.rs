//! Text to syntax tree. The only module that sees pest's pairs.

use std::sync::Arc;

use pest::{
    Parser,
    iterators::{Pair, Pairs},
};
use pest_derive::Parser;

use super::{
    ast::*,
    error::{HocError, HocErrorKind},
    on_ample_stack,
    source::Source,
};

#[derive(Parser)]
#[grammar = "hoc/hoc.pest"]
struct HocParser;

/// Brackets nested deeper than this, or operators chained longer, are refused.
const MAX_DEPTH: usize = 200;
const MAX_CHAIN: usize = 2000;
/// One statement without braces cannot nest deeper than its line is long.
const MAX_LINE: usize = 16 * 1024;

type Result<T> = std::result::Result<T, Refusal>;

/// Why a text is refused, at which bytes.
struct Refusal(HocErrorKind, Span);

/// Parses a file.
pub(super) fn parse(source: &Arc<Source>) -> std::result::Result<File, HocError> {
    let text = &source.text;
    let parsed = check_depth(text).and_then(|()| {
        let mut pairs = HocParser::parse(Rule::file, text).map_err(|error| syntax(&error, text))?;
        let file = pairs.next().expect("the rule `file` gives one pair");
        Ok(File { items: Builder::default().items(file.into_inner())? })
    });
    parsed.map_err(|Refusal(kind, span)| HocError::new(kind, Some(source.place(span))))
}

/// What a byte is part of: code, a string, a comment to the end of the line or a bracketed one.
#[derive(Clone, Copy)]
enum Within {
    Code,
    Text,
    Line,
    Block,
}

/// The parser recurses along brackets and along one line: refuses texts on which that would go too deep.
fn check_depth(text: &str) -> Result<()> {
    let at = |offset: usize| Span { start: offset as u32, end: offset as u32 + 1 };
    if text.len() > u32::MAX as usize / 2 {
        return Err(Refusal(HocErrorKind::TooDeep { limit: u32::MAX as usize / 2 }, at(0)));
    }
    let mut depth = 0usize;
    let mut line = 0usize;
    let mut within = Within::Code;
    let bytes = text.as_bytes();
    for (i, &byte) in bytes.iter().enumerate() {
        line = if byte == b'\n' { 0 } else { line + 1 };
        if line > MAX_LINE {
            return Err(Refusal(HocErrorKind::TooDeep { limit: MAX_LINE }, at(i)));
        }
        let next = bytes.get(i + 1);
        match (within, byte) {
            (Within::Block, b'*') if next == Some(&b'/') => within = Within::Code,
            (Within::Block, _) => {}
            (_, b'\n') => within = Within::Code,
            (Within::Line, _) => {}
            (Within::Text, b'"') if bytes[i - 1] != b'\\' => within = Within::Code,
            (Within::Text, _) => {}
            (Within::Code, b'/') if next == Some(&b'/') => within = Within::Line,
            (Within::Code, b'/') if next == Some(&b'*') => within = Within::Block,
            (Within::Code, b'"') => within = Within::Text,
            (Within::Code, b'(' | b'[' | b'{') => depth += 1,
            (Within::Code, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (Within::Code, _) => {}
        }
        if depth > MAX_DEPTH {
            return Err(Refusal(HocErrorKind::TooDeep { limit: MAX_DEPTH }, at(i)));
        }
    }
    Ok(())
}

fn syntax(error: &pest::error::Error<Rule>, text: &str) -> Refusal {
    let mut expected: Vec<String> = match &error.variant {
        pest::error::ErrorVariant::ParsingError { positives, .. } => {
            positives.iter().map(|rule| describe(*rule).to_string()).collect()
        }
        pest::error::ErrorVariant::CustomError { message } => vec![message.clone()],
    };
    expected.sort_unstable();
    expected.dedup();
    // "a statement" says it all where one could begin
    if expected.iter().any(|name| name == "a statement") && expected.len() > 4 {
        expected = vec!["a statement".to_string()];
    }
    // where only continuations are named, a bracket, comma or semicolon could stand as well: the grammar has no names
    // for them
    let continues = ["an operator", "an assignment", "a subscript", "arguments", "else"];
    if expected.iter().all(|name| continues.contains(&name.as_str())) {
        expected.push("punctuation".to_string());
    }
    let (start, end) = match error.location {
        pest::error::InputLocation::Pos(at) => (at, at + 1),
        pest::error::InputLocation::Span((start, end)) => (start, end),
    };
    Refusal(
        HocErrorKind::Syntax { found: found(&text[start..]), expected },
        Span { start: start as u32, end: end as u32 },
    )
}

/// The word or sign that a text begins with.
fn found(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    match text.chars().next() {
        None => "the end of the file".to_string(),
        Some('\n') => "the end of the line".to_string(),
        Some(c) if is_word(c) => text.chars().take_while(|&c| is_word(c)).take(40).collect(),
        Some(c) => format!("`{c}`"),
    }
}

/// A grammar rule in a reader's words.
fn describe(rule: Rule) -> &'static str {
    use Rule::*;
    match rule {
        EOI => "the end of the file",
        ident | name | word => "a name",
        number | literal | digit_string | string | primary | expr | path | unary | prefix | new | pointer | or
        | and | comparison | sum | product | power | exponent | argument | part | member | last_part | last_member
        | section_path | section_range => "an expression",
        add | mul | compare => "an operator",
        assign => "an assignment",
        index => "a subscript",
        call => "arguments",
        declarator => "a name to declare",
        kw_endtemplate => "endtemplate",
        kw_else => "else",
        _ => "a statement",
    }
}

fn span(pair: &Pair<'_, Rule>) -> Span {
    let text = pair.as_str();
    let start = pair.as_span().start();
    Span { start: start as u32, end: (start + text.trim_end().len()) as u32 }
}

#[derive(Default)]
struct Builder {
    depth: usize,
}

impl Builder {
    fn items(&mut self, pairs: Pairs<'_, Rule>) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        for pair in pairs {
            items.push(match pair.as_rule() {
                Rule::EOI => continue,
                Rule::template => Item::Template(self.template(pair)?),
                Rule::definition => Item::Definition(self.definition(pair)?),
                Rule::public => Item::Public(names(pair)),
                Rule::external => Item::External(names(pair)),
                _ => Item::Statement(self.statement(pair)?),
            });
        }
        Ok(items)
    }

    fn template(&mut self, pair: Pair<'_, Rule>) -> Result<TemplateDef> {
        let span = span(&pair);
        let mut inner = without_keywords(pair);
        let name = name(&next(&mut inner));
        let items = self.items(next(&mut inner).into_inner())?;
        Ok(TemplateDef { name, items, span })
    }

    fn definition(&mut self, pair: Pair<'_, Rule>) -> Result<Definition> {
        let mut inner = pair.into_inner();
        let kind = match next(&mut inner).into_inner().next().map(|k| k.as_rule()) {
            Some(Rule::kw_func) => ProcKind::Func,
            Some(Rule::kw_obfunc) => ProcKind::ObFunc,
            Some(Rule::kw_strfunc) => ProcKind::StrFunc,
            Some(Rule::kw_iterator) => ProcKind::Iterator,
            _ => ProcKind::Proc,
        };
        let name = name(&next(&mut inner));
        let (mut locals, mut local_objects, mut body) = (Vec::new(), Vec::new(), Vec::new());
        for pair in inner {
            if pair.as_rule() == Rule::local {
                let objects = pair.clone().into_inner().next().is_some_and(|k| k.as_rule() == Rule::kw_localobj);
                if objects { local_objects.extend(names(pair)) } else { locals.extend(names(pair)) }
            } else {
                body = self.statements(pair)?;
            }
        }
        Ok(Definition { kind, name, locals, local_objects, body })
    }

    fn statements(&mut self, pair: Pair<'_, Rule>) -> Result<Vec<Stmt>> {
        pair.into_inner().map(|pair| self.statement(pair)).collect()
    }

    fn nested<T>(&mut self, at: Span, build: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refusal(HocErrorKind::TooDeep { limit: MAX_DEPTH }, at));
        }
        let built = on_ample_stack(|| build(self));
        self.depth -= 1;
        built
    }

    fn statement(&mut self, pair: Pair<'_, Rule>) -> Result<Stmt> {
        let span = span(&pair);
        let kind = self.nested(span, |builder| builder.statement_kind(pair))?;
        Ok(Stmt { kind, span })
    }

    fn boxed(&mut self, pair: Pair<'_, Rule>) -> Result<Box<Stmt>> {
        self.statement(pair).map(Box::new)
    }

    fn statement_kind(&mut self, pair: Pair<'_, Rule>) -> Result<StmtKind> {
        let rule = pair.as_rule();
        let mut inner = without_keywords(pair);
        Ok(match rule {
            Rule::block => StmtKind::Block(self.statements(next(&mut inner))?),
            Rule::if_else => self.if_else(inner)?,
            Rule::while_loop => StmtKind::While(self.expr(next(&mut inner))?, self.boxed(next(&mut inner))?),
            Rule::for_loop => self.for_loop(next(&mut inner))?,
            Rule::forall => StmtKind::ForAll(self.boxed(next(&mut inner))?),
            Rule::forsec => StmtKind::ForSec(self.expr(next(&mut inner))?, self.boxed(next(&mut inner))?),
            Rule::ifsec => StmtKind::IfSec(self.expr(next(&mut inner))?, self.boxed(next(&mut inner))?),
            Rule::print => StmtKind::Print(self.exprs(inner)?),
            Rule::return_ => StmtKind::Return(inner.next().map(|pair| self.expr(pair)).transpose()?),
            Rule::break_ => StmtKind::Break,
            Rule::continue_ => StmtKind::Continue,
            Rule::stop => StmtKind::Stop,
            Rule::iterator_statement => StmtKind::IteratorStatement,
            Rule::create => StmtKind::Create(self.declarators(inner)?),
            Rule::objref => StmtKind::Objref(self.declarators(inner)?),
            Rule::double => StmtKind::Double(self.declarators(inner)?),
            Rule::strdef => StmtKind::Strdef(inner.map(|pair| name(&pair)).collect()),
            Rule::connect => StmtKind::Connect(self.path(next(&mut inner))?, self.expr(next(&mut inner))?),
            Rule::access => StmtKind::Access(self.path(next(&mut inner))?),
            Rule::insert => StmtKind::Insert(name(&next(&mut inner))),
            Rule::uninsert => StmtKind::Uninsert(name(&next(&mut inner))),
            Rule::setpointer => StmtKind::SetPointer,
            Rule::delete => StmtKind::Delete,
            Rule::in_section => StmtKind::InSection(self.path(next(&mut inner))?, self.boxed(next(&mut inner))?),
            Rule::ramp => StmtKind::Ramp {
                target: self.path(next(&mut inner))?,
                from: self.expr(next(&mut inner))?,
                to: self.expr(next(&mut inner))?,
                op: assign_op(&next(&mut inner)),
                first: self.expr(next(&mut inner))?,
                last: self.expr(next(&mut inner))?,
            },
            Rule::expression_statement => StmtKind::Expr(self.expr(next(&mut inner))?),
            other => unreachable!("{other:?} is not a statement in the grammar"),
        })
    }

    fn if_else(&mut self, mut inner: Inner<'_>) -> Result<StmtKind> {
        let mut arms = vec![(self.expr(next(&mut inner))?, self.statement(next(&mut inner))?)];
        let mut otherwise = None;
        for pair in inner {
            let rule = pair.as_rule();
            let mut inner = without_keywords(pair);
            if rule == Rule::else_if {
                arms.push((self.expr(next(&mut inner))?, self.statement(next(&mut inner))?));
            } else {
                otherwise = Some(self.boxed(next(&mut inner))?);
            }
        }
        Ok(StmtKind::If(arms, otherwise))
    }

    fn for_loop(&mut self, pair: Pair<'_, Rule>) -> Result<StmtKind> {
        let rule = pair.as_rule();
        let mut inner = pair.into_inner();
        Ok(match rule {
            Rule::for_range => StmtKind::ForRange {
                // the `=` between them is a literal of the grammar
                variable: self.path(next(&mut inner))?,
                from: self.expr(next(&mut inner))?,
                to: self.expr(next(&mut inner))?,
                body: self.boxed(next(&mut inner))?,
            },
            Rule::for_classic => {
                let (mut init, mut step) = (None, None);
                let mut pair = next(&mut inner);
                if pair.as_rule() == Rule::for_init {
                    init = Some(self.boxed(next(&mut pair.into_inner()))?);
                    pair = next(&mut inner);
                }
                let condition = self.expr(pair)?;
                let mut pair = next(&mut inner);
                if pair.as_rule() == Rule::for_step {
                    step = Some(self.boxed(next(&mut pair.into_inner()))?);
                    pair = next(&mut inner);
                }
                StmtKind::For { init, condition, step, body: self.boxed(pair)? }
            }
            Rule::for_segments => {
                let variable = self.path(next(&mut inner))?;
                let mut pair = next(&mut inner);
                let mut ends = None;
                if pair.as_rule() == Rule::expr {
                    ends = Some(self.expr(pair)?);
                    pair = next(&mut inner);
                }
                StmtKind::ForSegments { variable, ends, body: self.boxed(pair)? }
            }
            _ => StmtKind::ForIterator {
                call: self.path(next(&mut inner))?,
                body: Arc::new(self.statement(next(&mut inner))?),
            },
        })
    }

    fn declarators(&mut self, pairs: Inner<'_>) -> Result<Vec<Declarator>> {
        pairs
            .map(|pair| {
                let span = span(&pair);
                let mut inner = pair.into_inner();
                let name = name(&next(&mut inner));
                let dims = inner.map(|index| self.expr(next(&mut index.into_inner()))).collect::<Result<_>>()?;
                Ok(Declarator { name, dims, span })
            })
            .collect()
    }

    fn exprs<'i>(&mut self, pairs: impl Iterator<Item = Pair<'i, Rule>>) -> Result<Vec<Expr>> {
        pairs.map(|pair| self.expr(pair)).collect()
    }

    fn expr(&mut self, pair: Pair<'_, Rule>) -> Result<Expr> {
        let at = span(&pair);
        self.nested(at, |builder| builder.expr_inner(pair))
    }

    fn expr_inner(&mut self, pair: Pair<'_, Rule>) -> Result<Expr> {
        let at = span(&pair);
        match pair.as_rule() {
            Rule::expr => {
                let mut inner = pair.into_inner();
                let first = next(&mut inner);
                if first.as_rule() == Rule::literal {
                    let value = first.as_str().parse().unwrap_or(f64::NAN);
                    return Ok(Expr { kind: ExprKind::Number(value), span: at });
                }
                let left = self.level(first)?;
                let Some(op) = inner.next() else { return Ok(left) };
                let value = Box::new(self.expr(next(&mut inner))?);
                let ExprKind::Path(target) = left.kind else {
                    let (found, expected) = ("=".to_string(), vec!["a variable to the left of it".to_string()]);
                    return Err(Refusal(HocErrorKind::Syntax { found, expected }, left.span));
                };
                Ok(Expr { kind: ExprKind::Assign(target, assign_op(&op), value), span: at })
            }
            _ => self.level(pair),
        }
    }

    /// A level of precedence: operands with left-associative operators between them.
    fn level(&mut self, pair: Pair<'_, Rule>) -> Result<Expr> {
        let at = span(&pair);
        let rule = pair.as_rule();
        let inner = pair.into_inner();
        if inner.len() > MAX_CHAIN {
            return Err(Refusal(HocErrorKind::TooDeep { limit: MAX_CHAIN }, at));
        }
        match rule {
            Rule::or => self.chain(inner, Some(BinaryOp::Or)),
            Rule::and => self.chain(inner, Some(BinaryOp::And)),
            Rule::comparison | Rule::sum | Rule::product => self.chain(inner, None),
            Rule::unary => {
                let mut minus_or_not = Vec::new();
                let mut operand = None;
                for pair in inner {
                    match pair.as_rule() {
                        Rule::prefix => minus_or_not.extend(prefix(&pair).map(|op| (op, span(&pair)))),
                        _ => operand = Some(self.power(pair)?),
                    }
                }
                let operand = operand.expect("`unary` ends in an operand");
                Ok(apply_prefixes(minus_or_not, operand))
            }
            _ => self.primary(at, rule, inner),
        }
    }

    fn chain(&mut self, mut inner: Pairs<'_, Rule>, op: Option<BinaryOp>) -> Result<Expr> {
        let mut left = self.level(next(&mut inner))?;
        while let Some(pair) = inner.next() {
            let (op, right) = match op {
                Some(op) => (op, pair),
                None => (binary_op(&pair), next(&mut inner)),
            };
            let right = self.level(right)?;
            left = binary(op, left, right);
        }
        Ok(left)
    }

    /// `a ^ -b ^ c` is `a ^ (-(b ^ c))`.
    fn power(&mut self, pair: Pair<'_, Rule>) -> Result<Expr> {
        let at = span(&pair);
        let mut inner = pair.into_inner();
        if inner.len() > MAX_DEPTH {
            return Err(Refusal(HocErrorKind::TooDeep { limit: MAX_DEPTH }, at));
        }
        let base = self.expr(next(&mut inner))?;
        let mut exponents = Vec::new();
        for pair in inner {
            let mut signs = Vec::new();
            for pair in pair.into_inner() {
                match pair.as_rule() {
                    Rule::prefix => signs.extend(prefix(&pair).map(|op| (op, span(&pair)))),
                    _ => exponents.push((std::mem::take(&mut signs), self.expr(pair)?)),
                }
            }
        }
        let mut right: Option<Expr> = None;
        for (signs, operand) in exponents.into_iter().rev() {
            let raised = match right {
                None => operand,
                Some(right) => binary(BinaryOp::Pow, operand, right),
            };
            right = Some(apply_prefixes(signs, raised));
        }
        Ok(match right {
            None => base,
            Some(right) => binary(BinaryOp::Pow, base, right),
        })
    }

    fn primary(&mut self, span: Span, rule: Rule, mut inner: Pairs<'_, Rule>) -> Result<Expr> {
        debug_assert_eq!(rule, Rule::primary);
        let pair = next(&mut inner);
        let kind = match pair.as_rule() {
            Rule::expr => return self.expr(pair),
            Rule::number => ExprKind::Number(pair.as_str().parse().unwrap_or(f64::NAN)),
            Rule::string => ExprKind::Text(unescape(pair.as_str()).into()),
            Rule::path => ExprKind::Path(self.path(pair)?),
            Rule::pointer => ExprKind::Pointer(self.path(next(&mut pair.into_inner()))?),
            Rule::new => {
                let mut inner = without_keywords(pair);
                let class = name(&next(&mut inner));
                let arguments = inner.next().map(|call| self.exprs(call.into_inner())).transpose()?;
                ExprKind::New(class, arguments.unwrap_or_default())
            }
            other => unreachable!("{other:?} is not an operand in the grammar"),
        };
        Ok(Expr { kind, span })
    }

    fn path(&mut self, pair: Pair<'_, Rule>) -> Result<Path> {
        let at = span(&pair);
        let parts = pair.into_inner().map(|part| self.part(part)).collect::<Result<Vec<_>>>()?;
        if parts.len() > MAX_DEPTH {
            return Err(Refusal(HocErrorKind::TooDeep { limit: MAX_DEPTH }, at));
        }
        Ok(Path { parts, span: at })
    }

    fn part(&mut self, pair: Pair<'_, Rule>) -> Result<Part> {
        let at = span(&pair);
        let mut inner = pair.into_inner();
        let root = next(&mut inner);
        let root = match root.as_rule() {
            Rule::argument => argument(root.as_str()),
            _ => Root::Name(name(&root)),
        };
        let (mut indices, mut call) = (Vec::new(), None);
        for pair in inner {
            match pair.as_rule() {
                Rule::index => indices.push(self.expr(next(&mut pair.into_inner()))?),
                _ => call = Some(self.exprs(pair.into_inner())?),
            }
        }
        Ok(Part { root, indices, call, span: at })
    }
}

type Inner<'i> = std::vec::IntoIter<Pair<'i, Rule>>;

/// The parts of a pair without its keywords, which say nothing that the rule's name does not.
fn without_keywords(pair: Pair<'_, Rule>) -> Inner<'_> {
    let pairs: Vec<_> = pair.into_inner().filter(|pair| !is_keyword(pair.as_rule())).collect();
    pairs.into_iter()
}

fn is_keyword(rule: Rule) -> bool {
    use Rule::*;
    matches!(
        rule,
        kw_begintemplate
            | kw_endtemplate
            | kw_public
            | kw_external
            | kw_local
            | kw_localobj
            | kw_if
            | kw_else
            | kw_while
            | kw_for
            | kw_forall
            | kw_forsec
            | kw_ifsec
            | kw_print
            | kw_return
            | kw_break
            | kw_continue
            | kw_stop
            | kw_iterator_statement
            | kw_create
            | kw_objref
            | kw_objectvar
            | kw_double
            | kw_strdef
            | kw_connect
            | kw_access
            | kw_insert
            | kw_uninsert
            | kw_setpointer
            | kw_delete
            | kw_new
    )
}

fn next<'i>(pairs: &mut impl Iterator<Item = Pair<'i, Rule>>) -> Pair<'i, Rule> {
    pairs.next().expect("the grammar's rule demands this part")
}

fn name(pair: &Pair<'_, Rule>) -> Name {
    Arc::from(pair.as_str())
}

fn names(pair: Pair<'_, Rule>) -> Vec<Name> {
    without_keywords(pair).map(|pair| name(&pair)).collect()
}

fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    let span = Span { start: left.span.start, end: right.span.end };
    Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), span }
}

fn apply_prefixes(prefixes: Vec<(UnaryOp, Span)>, operand: Expr) -> Expr {
    prefixes.into_iter().rev().fold(operand, |operand, (op, at)| {
        let span = Span { start: at.start, end: operand.span.end };
        Expr { kind: ExprKind::Unary(op, Box::new(operand)), span }
    })
}

/// `+x` is x.
fn prefix(pair: &Pair<'_, Rule>) -> Option<UnaryOp> {
    match pair.as_str().trim_end() {
        "-" => Some(UnaryOp::Minus),
        "!" => Some(UnaryOp::Not),
        _ => None,
    }
}

fn binary_op(pair: &Pair<'_, Rule>) -> BinaryOp {
    match pair.as_str().trim_end() {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Sub,
        "*" => BinaryOp::Mul,
        "/" => BinaryOp::Div,
        "%" => BinaryOp::Mod,
        "==" => BinaryOp::Equal,
        "!=" => BinaryOp::Unequal,
        "<" => BinaryOp::Less,
        "<=" => BinaryOp::LessEqual,
        ">" => BinaryOp::Greater,
        ">=" => BinaryOp::GreaterEqual,
        other => unreachable!("{other} is not an operator in the grammar"),
    }
}

fn assign_op(pair: &Pair<'_, Rule>) -> AssignOp {
    match pair.as_str().trim_end() {
        "+=" => AssignOp::Add,
        "-=" => AssignOp::Sub,
        "*=" => AssignOp::Mul,
        "/=" => AssignOp::Div,
        _ => AssignOp::Set,
    }
}

fn argument(text: &str) -> Root {
    let text = &text[1..];
    let (kind, index) = match text.as_bytes().first() {
        Some(b's') => (ArgumentKind::Text, &text[1..]),
        Some(b'o') => (ArgumentKind::Object, &text[1..]),
        Some(b'&') => (ArgumentKind::Pointer, &text[1..]),
        _ => (ArgumentKind::Number, text),
    };
    match index {
        "i" => Root::Argument(kind, ArgumentIndex::VariableI),
        // more digits than fit name no argument either
        digits => Root::Argument(kind, ArgumentIndex::Position(digits.parse().unwrap_or(usize::MAX))),
    }
}

fn unescape(quoted: &str) -> String {
    let mut text = String::new();
    let mut chars = quoted[1..quoted.len() - 1].chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('r') => text.push('\r'),
                Some(other) => text.push(other),
                None => {}
            },
            c => text.push(c),
        }
    }
    text
}
