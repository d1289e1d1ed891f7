//! The C of VERBATIM as statements of NMODL: declarations of numbers, assignments, branches, loops, returns and calls.

use super::code::{Code, variable};
use super::jumps::{self, Arm, Jump};
use super::token::{Failure, Kind, Token};
use super::value::{Meaning, Value};
use indexmap::IndexSet;
use nmodl_parser::Span;
use nmodl_parser::ast::{
    BinaryOperator, Expression, ExpressionKind, LocalVariable, Name, Number, Statement, StatementKind, UnaryOperator,
};
use std::collections::{HashMap, HashSet};

/// What is known of the file and of the routine that the C stands in.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// POINTERs that hold a stream of random numbers.
    pub streams: IndexSet<String>,
    /// POINTERs that hold a Vector of HOC.
    pub vectors: HashSet<String>,
    /// Other POINTERs.
    pub pointers: HashSet<String>,
    /// Suffix of the mechanism, for `rates_hh()`.
    pub mechanism: String,
    /// The file's FUNCTIONs and PROCEDUREs.
    pub routines: HashSet<String>,
    /// File-level variables.
    pub variables: HashSet<String>,
    /// Arguments of NET_RECEIVE.
    pub net_arguments: Vec<String>,
    /// The routine.
    pub routine: String,
}

/// What a C variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Real,
    Integer,
    /// A pointer to a Vector, or to its numbers.
    Vector,
    /// A FILE.
    File,
    /// A text.
    Text,
    /// A pointer to a stream of random numbers: which of them.
    Stream(usize),
}

/// What the words before the names of a declaration say.
#[derive(Clone, Copy)]
struct BaseType {
    held: Held,
    is_extern: bool,
    /// `auto`: the value tells.
    deduced: bool,
}

/// Parses one run of C and NMODL.
pub struct Parser<'a> {
    pub tokens: &'a [Token],
    pub at: usize,
    /// Where the statement of the expression being parsed begins.
    pub begin: usize,
    /// Statements of NMODL, taken as they are met.
    pub nmodl: Vec<Option<Code>>,
    pub around: &'a Surroundings,
    /// C variables, innermost scope last.
    pub scopes: Vec<HashMap<String, Held>>,
    /// Statements that the expression being parsed needs before it.
    pub before: Vec<Code>,
    /// Names made for intermediate values.
    pub temporaries: usize,
    /// Calls of functions that print or complain.
    pub skipped: Vec<(String, Span)>,
    /// Draws whose distribution HOC decides, and what was assumed.
    pub assumed: Vec<(&'static str, Span)>,
    /// Uses of a Vector of HOC.
    pub vectors: Vec<Span>,
    /// Assignments into a Vector of HOC.
    pub stores: Vec<Span>,
    /// Searches for functions of HOC.
    pub asked: Vec<Span>,
    /// Draws of C's generators.
    pub draws: Vec<(String, Span)>,
}

/// Words that begin a declaration.
const TYPES: &[&str] = &[
    "double",
    "float",
    "int",
    "long",
    "short",
    "char",
    "unsigned",
    "signed",
    "void",
    "static",
    "extern",
    "const",
    "volatile",
    "register",
    "inline",
    "struct",
    "size_t",
    "bool",
    "uint32_t",
    "uint64_t",
    "int32_t",
    "Object",
    "Symbol",
    "Rand",
    "nrnran123_State",
    "IvocVect",
    "FILE",
    "Point_process",
    "NrnThread",
    "Prop",
    "Datum",
    "Memb_list",
    "auto",
];

/// Those that hold whole numbers.
const INTEGERS: &[&str] =
    &["int", "long", "short", "char", "unsigned", "size_t", "bool", "uint32_t", "uint64_t", "int32_t"];

impl Parser<'_> {
    pub fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    pub fn ahead(&self, by: usize) -> Option<&Kind> {
        self.tokens.get(self.at + by).map(|token| &token.kind)
    }

    pub fn span(&self) -> Span {
        let last = self.tokens.last().map_or(Span::default(), |token| token.span);
        self.tokens.get(self.at).map_or(last, |token| token.span)
    }

    pub fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Kind::Sign(here)) if *here == sign)
    }

    pub fn take(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    pub fn want(&mut self, sign: &str) -> Result<(), Failure> {
        if self.take(sign) { Ok(()) } else { Err(Failure::new(self.span(), format!("C without `{sign}` here"))) }
    }

    pub fn name(&self) -> Option<&str> {
        match self.peek() {
            Some(Kind::Name(name)) => Some(name),
            _ => None,
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.name() == Some(word);
        self.at += usize::from(found);
        found
    }

    /// Statements up to the end of the text or a closing brace.
    pub fn statements(&mut self) -> Result<Vec<Code>, Failure> {
        let mut out = Vec::new();
        while self.peek().is_some() && !self.is("}") {
            self.statement(&mut out)?;
        }
        Ok(out)
    }

    fn scoped<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        self.scopes.push(HashMap::new());
        let result = work(self);
        self.scopes.pop();
        result
    }

    /// A statement, or a block, as a list.
    fn body(&mut self) -> Result<Vec<Code>, Failure> {
        if self.take("{") {
            let body = self.scoped(Self::statements)?;
            self.want("}")?;
            return Ok(body);
        }
        self.scoped(|parser| {
            let mut out = Vec::new();
            parser.statement(&mut out)?;
            Ok(out)
        })
    }

    fn statement(&mut self, out: &mut Vec<Code>) -> Result<(), Failure> {
        let span = self.span();
        match self.peek() {
            Some(Kind::Nmodl(number)) => {
                let number = *number;
                self.at += 1;
                out.extend(self.nmodl[number].take());
                return Ok(());
            }
            Some(Kind::Sign(";")) => {
                self.at += 1;
                return Ok(());
            }
            Some(Kind::Sign("{")) => {
                let body = self.body()?;
                out.push(Code::Block(body, span));
                return Ok(());
            }
            _ => {}
        }
        if self.is_declaration() {
            return self.declaration(out);
        }
        match self.name() {
            Some("if") => self.branch(out),
            Some("while") => {
                self.at += 1;
                self.want("(")?;
                let (condition, mut body) = self.condition()?;
                self.want(")")?;
                body.extend(self.body()?);
                out.push(Code::While { condition, body, span });
                Ok(())
            }
            Some("do") => self.repeated(out),
            Some("switch") => self.switch(out),
            Some(word @ ("break" | "continue")) => {
                let jump = if word == "break" { Jump::Break } else { Jump::Continue };
                self.at += 1;
                out.push(Code::Jump(jump, span));
                self.want(";")
            }
            Some("for") => self.counted(out),
            Some("return") => {
                self.at += 1;
                let value = if self.is(";") { None } else { self.value_of_return()? };
                out.append(&mut self.before);
                self.want(";")?;
                out.push(Code::Return(value, span));
                Ok(())
            }
            Some(word @ ("goto" | "case" | "asm" | "delete" | "try")) => {
                Err(Failure::new(span, format!("C's `{word}`")))
            }
            _ => {
                self.expression_statement()?;
                out.append(&mut self.before);
                if self.peek().is_some() { self.want(";") } else { Ok(()) }
            }
        }
    }

    fn value_of_return(&mut self) -> Result<Option<Expression>, Failure> {
        let value = self.expression()?;
        Ok(match value.meaning {
            Meaning::Nothing => None,
            _ => Some(value.number()?),
        })
    }

    fn branch(&mut self, out: &mut Vec<Code>) -> Result<(), Failure> {
        let span = self.span();
        self.at += 1;
        self.want("(")?;
        let body = self.scoped(|parser| {
            let mut out = Vec::new();
            let condition = if parser.is_declaration() {
                let name = parser.declared(&mut out)?;
                parser.variable(&name, span)?.truth()?
            } else {
                parser.expression()?.truth()?
            };
            out.append(&mut parser.before);
            parser.want(")")?;
            let known = match &condition.kind {
                ExpressionKind::Number(Number { value, .. }, _) => Some(*value != 0.0),
                _ => None,
            };
            let then = parser.reached(known != Some(false), Self::body)?;
            let otherwise =
                if parser.take_word("else") { parser.reached(known != Some(true), Self::body)? } else { Vec::new() };
            match known {
                Some(true) => out.push(Code::Block(then, span)),
                Some(false) => out.push(Code::Block(otherwise, span)),
                None => out.push(Code::If { condition, then, otherwise, span }),
            }
            Ok(out)
        })?;
        out.extend(body);
        Ok(())
    }

    /// Parses; what is noted of code that never runs is forgotten, but for what makes it never run.
    fn reached<T>(&mut self, reached: bool, parse: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        let counts = (self.skipped.len(), self.assumed.len(), self.stores.len(), self.draws.len());
        let result = parse(self);
        if !reached {
            self.skipped.truncate(counts.0);
            self.assumed.truncate(counts.1);
            self.stores.truncate(counts.2);
            self.draws.truncate(counts.3);
        }
        result
    }

    /// A condition that is evaluated again in each round, and what its effects put into the body before all else.
    fn condition(&mut self) -> Result<(Expression, Vec<Code>), Failure> {
        let span = self.span();
        let condition = self.expression()?.truth()?;
        let mut before = std::mem::take(&mut self.before);
        if before.is_empty() {
            return Ok((condition, before));
        }
        before.push(jumps::break_unless(condition, span));
        Ok((number(1.0, span), before))
    }

    fn counted(&mut self, out: &mut Vec<Code>) -> Result<(), Failure> {
        let span = self.span();
        self.at += 1;
        self.want("(")?;
        let body = self.scoped(|parser| {
            let mut all = Vec::new();
            if parser.is_declaration() {
                parser.declaration(&mut all)?;
            } else {
                if !parser.is(";") {
                    parser.expression_statement()?;
                    all.append(&mut parser.before);
                }
                parser.want(";")?;
            }
            let (condition, mut body) =
                if parser.is(";") { (number(1.0, span), Vec::new()) } else { parser.condition()? };
            parser.want(";")?;
            if !parser.is(")") {
                parser.expression_statement()?;
            }
            let step = std::mem::take(&mut parser.before);
            parser.want(")")?;
            body.extend(jumps::to_the_end(parser.body()?, Jump::Continue));
            body.extend(step);
            all.push(Code::While { condition, body, span });
            Ok(all)
        })?;
        out.push(Code::Block(body, span));
        Ok(())
    }

    /// `do { } while (condition);`
    fn repeated(&mut self, out: &mut Vec<Code>) -> Result<(), Failure> {
        let span = self.span();
        self.at += 1;
        let mut body = jumps::to_the_end(self.body()?, Jump::Continue);
        if !self.take_word("while") {
            return Err(Failure::new(self.span(), "C's `do` without `while`"));
        }
        self.want("(")?;
        let condition = self.expression()?.truth()?;
        body.append(&mut self.before);
        body.push(jumps::break_unless(condition, span));
        self.want(")")?;
        self.want(";")?;
        out.push(Code::While { condition: number(1.0, span), body, span });
        Ok(())
    }

    /// `switch (value) { case 1: ... break; default: ... }`
    fn switch(&mut self, out: &mut Vec<Code>) -> Result<(), Failure> {
        let span = self.span();
        self.at += 1;
        self.want("(")?;
        // A whole number, such as the counter of a FROM.
        let value = self.expression()?.number()?;
        let value = self.kept(value)?;
        out.append(&mut self.before);
        self.want(")")?;
        self.want("{")?;
        let arms = self.scoped(|parser| {
            let mut arms: Vec<Arm> = Vec::new();
            while !parser.take("}") {
                let is_case = parser.take_word("case");
                if is_case || parser.take_word("default") {
                    if arms.last().is_none_or(|arm| !arm.body.is_empty()) {
                        arms.push(Arm::default());
                    }
                    let label = if is_case { Some(parser.label()?) } else { None };
                    parser.want(":")?;
                    if let Some(arm) = arms.last_mut() {
                        arm.default |= !is_case;
                        arm.labels.extend(label);
                    }
                    continue;
                }
                let Some(arm) = arms.last_mut() else { return Err(Failure::new(parser.span(), "this `switch`")) };
                if parser.peek().is_none() {
                    return Err(Failure::new(span, "C without `}`"));
                }
                parser.statement(&mut arm.body)?;
            }
            Ok(arms)
        })?;
        out.extend(jumps::switch(&value, arms, span));
        Ok(())
    }

    fn is_declaration(&self) -> bool {
        let Some(name) = self.name() else { return false };
        if TYPES.contains(&name) {
            return true;
        }
        // `Type name`, `Type* name`.
        let known = self.around.variables.contains(name) || self.held(name).is_some();
        match (self.ahead(1), self.ahead(2), self.ahead(3)) {
            (Some(Kind::Name(_)), ..) => {
                !matches!(name, "if" | "else" | "while" | "for" | "return" | "do" | "goto" | "case")
            }
            (Some(Kind::Sign("*")), Some(Kind::Name(_)), Some(Kind::Sign(";" | "=" | ","))) => {
                !known && !name.starts_with('_')
            }
            _ => false,
        }
    }

    /// `double x = 1, y;`, or the declaration of a function.
    fn declaration(&mut self, out: &mut Vec<Code>) -> Result<(), Failure> {
        let base = self.base_type()?;
        self.declared_as(base, out)?;
        while self.take(",") {
            self.declared_as(base, out)?;
        }
        self.want(";")
    }

    /// The declaration of one variable in a condition; gives its name.
    fn declared(&mut self, out: &mut Vec<Code>) -> Result<String, Failure> {
        let base = self.base_type()?;
        self.declared_as(base, out)
    }

    fn base_type(&mut self) -> Result<BaseType, Failure> {
        let start = self.span();
        let mut words = Vec::new();
        while let Some(name) = self.name() {
            if !TYPES.contains(&name) && !words.is_empty() && !matches!(words.last(), Some(last) if last == "struct") {
                break;
            }
            words.push(name.to_owned());
            self.at += 1;
        }
        let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
        if has(&["static"]) {
            return Err(Failure::new(start, "a static variable (declare it in ASSIGNED)"));
        }
        let held = if has(&["char"]) {
            Held::Text
        } else if has(INTEGERS) {
            Held::Integer
        } else if has(&["double", "float", "auto"]) {
            Held::Real
        } else if has(&["FILE"]) {
            Held::File
        } else {
            Held::Vector
        };
        Ok(BaseType { held, is_extern: has(&["extern"]), deduced: has(&["auto"]) })
    }

    /// One name of a declaration.
    fn declared_as(&mut self, base: BaseType, out: &mut Vec<Code>) -> Result<String, Failure> {
        let mut stars = 0;
        while self.take("*") || self.take("&") || self.take_word("const") {
            stars += 1;
        }
        let span = self.span();
        let Some(name) = self.name().map(str::to_owned) else {
            return Err(Failure::new(span, "this C declaration"));
        };
        self.at += 1;
        if self.is("(") {
            // A prototype.
            self.skip_brackets("(", ")")?;
        } else if base.is_extern {
            if self.is("[") {
                self.skip_brackets("[", "]")?;
            }
        } else {
            let held = match base.held {
                Held::Text if stars == 0 && !self.is("[") => Held::Integer,
                held @ (Held::File | Held::Text) => held,
                _ if stars > 0 => Held::Vector,
                held => held,
            };
            self.declarator(&name, held, base.deduced && stars == 0, span, out)?;
        }
        Ok(name)
    }

    fn declarator(
        &mut self,
        name: &str,
        held: Held,
        deduced: bool,
        span: Span,
        out: &mut Vec<Code>,
    ) -> Result<(), Failure> {
        if deduced {
            return self.deduced(name, span, out);
        }
        let mut length = None;
        if held == Held::Text && self.is("[") {
            self.skip_brackets("[", "]")?;
        } else if self.take("[") {
            let text = match self.peek() {
                Some(Kind::Number(value, true)) => format!("{value}"),
                Some(Kind::Name(name)) => name.clone(),
                _ => return Err(Failure::new(self.span(), "the length of this array")),
            };
            length = Some(Name { text, span: self.span() });
            self.at += 1;
            self.want("]")?;
            if self.is("[") || self.is("=") {
                return Err(Failure::new(span, "this array of C"));
            }
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned(), held);
        }
        let is_number = matches!(held, Held::Real | Held::Integer);
        if is_number {
            let local = LocalVariable { name: Name { text: name.to_owned(), span }, length };
            out.push(Code::Plain(Statement { kind: StatementKind::Local(vec![local]), span }));
        }
        if self.take("=") {
            let value = self.assignment()?;
            out.append(&mut self.before);
            if is_number {
                out.push(self.assign(variable(name, None, span), held == Held::Integer, value, span)?);
                return Ok(());
            }
            if let (Held::Vector, Meaning::Stream(stream)) = (held, &value.meaning)
                && let Some(at) = self.around.streams.get_index_of(stream)
                && let Some(scope) = self.scopes.last_mut()
            {
                scope.insert(name.to_owned(), Held::Stream(at));
                return Ok(());
            }
            let fits = match value.meaning {
                Meaning::Vector => true,
                Meaning::File => held == Held::File,
                Meaning::Text => held == Held::Text,
                Meaning::Nothing | Meaning::Address => held == Held::Vector,
                _ => false,
            };
            if !fits {
                return Err(Failure::new(span, format!("the pointer `{name}`")));
            }
        }
        Ok(())
    }

    /// `auto x = value`
    fn deduced(&mut self, name: &str, span: Span, out: &mut Vec<Code>) -> Result<(), Failure> {
        self.want("=")?;
        let value = self.assignment()?;
        out.append(&mut self.before);
        let held = match value.meaning {
            Meaning::Number { whole: true } => Held::Integer,
            Meaning::Number { whole: false } => Held::Real,
            Meaning::Vector => Held::Vector,
            Meaning::File => Held::File,
            Meaning::Text => Held::Text,
            _ => return Err(Failure::new(span, format!("the C variable `{name}`"))),
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned(), held);
        }
        if matches!(held, Held::Real | Held::Integer) {
            let name = Name { text: name.to_owned(), span };
            out.push(jumps::local(&name, span));
            out.push(self.assign(variable(&name.text, None, span), false, value, span)?);
        }
        Ok(())
    }

    /// Passes over brackets and what is in them.
    pub fn skip_brackets(&mut self, open: &str, close: &str) -> Result<(), Failure> {
        let span = self.span();
        self.want(open)?;
        let mut depth = 1;
        while depth > 0 {
            match self.peek() {
                None => return Err(Failure::new(span, format!("C without `{close}`"))),
                Some(Kind::Sign(sign)) if *sign == open => depth += 1,
                Some(Kind::Sign(sign)) if *sign == close => depth -= 1,
                Some(_) => {}
            }
            self.at += 1;
        }
        Ok(())
    }

    /// `target = value`, the value cut to a whole number for an integer.
    pub fn assign(&mut self, target: Expression, integer: bool, value: Value, span: Span) -> Result<Code, Failure> {
        let value = if integer { self.truncated(value)? } else { value.number()? };
        Ok(Code::Plain(Statement { kind: StatementKind::Assign { target, value }, span }))
    }

    /// The whole part of a value, towards 0: `x - fmod(x, 1)`.
    pub fn truncated(&mut self, value: Value) -> Result<Expression, Failure> {
        let whole = value.meaning == Meaning::Number { whole: true };
        let e = value.number()?;
        if whole {
            return Ok(e);
        }
        let span = e.span;
        let e = self.kept(e)?;
        let part = call("fmod", vec![e.clone(), number(1.0, span)], span);
        Ok(binary(BinaryOperator::Subtract, e, part))
    }

    /// A value evaluated once: itself if it is a name or number, else a local.
    pub fn kept(&mut self, e: Expression) -> Result<Expression, Failure> {
        if matches!(e.kind, ExpressionKind::Number(..) | ExpressionKind::Variable { index: None, .. }) {
            return Ok(e);
        }
        let span = e.span;
        let target = self.temporary(span);
        self.before
            .push(Code::Plain(Statement { kind: StatementKind::Assign { target: target.clone(), value: e }, span }));
        Ok(target)
    }

    /// A new local.
    pub fn temporary(&mut self, span: Span) -> Expression {
        self.temporaries += 1;
        let text = format!("value_{}", self.temporaries);
        let local = LocalVariable { name: Name { text: text.clone(), span }, length: None };
        self.before.push(Code::Plain(Statement { kind: StatementKind::Local(vec![local]), span }));
        variable(&text, None, span)
    }

    pub fn held(&self, name: &str) -> Option<Held> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name).copied())
    }
}

/// A number.
pub fn number(value: f64, span: Span) -> Expression {
    Expression { kind: ExpressionKind::Number(Number { text: format!("{value:?}"), value, span }, None), span }
}

/// Arithmetic, in parentheses.
pub fn binary(operator: BinaryOperator, a: Expression, b: Expression) -> Expression {
    let span = a.span.to(b.span);
    let inner = Expression { kind: ExpressionKind::Binary(operator, Box::new(a), Box::new(b)), span };
    Expression { kind: ExpressionKind::Parenthesis(Box::new(inner)), span }
}

/// -a or !a.
pub fn unary(operator: UnaryOperator, a: Expression) -> Expression {
    let span = a.span;
    let inner = Expression { kind: ExpressionKind::Unary(operator, Box::new(a)), span };
    Expression { kind: ExpressionKind::Parenthesis(Box::new(inner)), span }
}

/// A call.
pub fn call(name: &str, arguments: Vec<Expression>, span: Span) -> Expression {
    let name = Name { text: name.to_owned(), span };
    Expression { kind: ExpressionKind::Call { name, arguments }, span }
}
