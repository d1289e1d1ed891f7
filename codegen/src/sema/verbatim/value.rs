//! Expressions of C.

use super::code::{Code, variable};
use super::parse::{Held, Parser, binary, call, number, unary};
use super::token::{Failure, Kind};
use nmodl_parser::Span;
use nmodl_parser::ast::{BinaryOperator, Expression, ExpressionKind, Statement, StatementKind, UnaryOperator};

/// What an expression of C is.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// A number; the flag says that its type is whole.
    Number { whole: bool },
    /// A RANDOM stream.
    Stream(String),
    /// A new stream, with its three ids.
    NewStream(Vec<Expression>),
    /// A POINTER itself.
    Pointer(String),
    /// A Vector of HOC, its numbers, or a function of HOC. None is ever set here: the pointer is null, the size 0.
    Vector,
    /// An element of such a Vector.
    Element,
    /// A FILE, which takes what is written and gives nothing.
    File,
    /// A text.
    Text,
    /// HOC's flag that ends a run; nothing sets it here.
    Stop,
    /// Where some variable lies.
    Address,
    /// The simulator's bookkeeping: threads, instances.
    Internal,
    /// No value.
    Nothing,
}

/// An expression of C: what it is, and as NMODL.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub meaning: Meaning,
    /// As NMODL; 0 if it is no number.
    pub expression: Expression,
}

impl Value {
    fn new(meaning: Meaning, span: Span) -> Self {
        Self { meaning, expression: number(0.0, span) }
    }

    /// A number.
    pub fn real(expression: Expression) -> Self {
        Self { meaning: Meaning::Number { whole: false }, expression }
    }

    fn whole(expression: Expression) -> Self {
        Self { meaning: Meaning::Number { whole: true }, expression }
    }

    fn is_whole(&self) -> bool {
        self.meaning == Meaning::Number { whole: true }
    }

    /// It as a number.
    pub fn number(self) -> Result<Expression, Failure> {
        let span = self.expression.span;
        match self.meaning {
            Meaning::Number { .. } | Meaning::Element | Meaning::Stop => Ok(self.expression),
            Meaning::File => Err(Failure::new(span, "a FILE used as a number")),
            Meaning::Text => Err(Failure::new(span, "a text")),
            Meaning::Stream(_) | Meaning::NewStream(_) => {
                Err(Failure::new(span, "a stream of random numbers used as a number"))
            }
            Meaning::Pointer(name) => Err(Failure::new(span, format!("the address of POINTER `{name}`"))),
            Meaning::Vector => Err(Failure::new(span, "a Vector of HOC")),
            Meaning::Address => Err(Failure::new(span, "an address")),
            Meaning::Internal => Err(Failure::new(span, "an internal of NEURON")),
            Meaning::Nothing => Err(Failure::new(span, "a value of nothing")),
        }
    }

    /// It as a condition; of a pointer, whether it is set.
    pub fn truth(self) -> Result<Expression, Failure> {
        let span = self.expression.span;
        match self.meaning {
            Meaning::Stream(_) | Meaning::NewStream(_) | Meaning::Pointer(_) | Meaning::Internal | Meaning::File => {
                Ok(number(1.0, span))
            }
            Meaning::Vector => Ok(number(0.0, span)),
            Meaning::Number { .. }
            | Meaning::Element
            | Meaning::Stop
            | Meaning::Text
            | Meaning::Address
            | Meaning::Nothing => self.number(),
        }
    }
}

/// Binary operators by how tightly they bind.
const LEVELS: &[&[(&str, BinaryOperator)]] = &[
    &[("||", BinaryOperator::Or)],
    &[("&&", BinaryOperator::And)],
    &[("==", BinaryOperator::Equal), ("!=", BinaryOperator::NotEqual)],
    &[
        ("<=", BinaryOperator::LessEqual),
        (">=", BinaryOperator::GreaterEqual),
        ("<", BinaryOperator::Less),
        (">", BinaryOperator::Greater),
    ],
    &[("+", BinaryOperator::Add), ("-", BinaryOperator::Subtract)],
    &[("*", BinaryOperator::Multiply), ("/", BinaryOperator::Divide)],
];

const ASSIGNMENTS: &[(&str, BinaryOperator)] = &[
    ("+=", BinaryOperator::Add),
    ("-=", BinaryOperator::Subtract),
    ("*=", BinaryOperator::Multiply),
    ("/=", BinaryOperator::Divide),
];

/// C++'s casts between pointers.
const CASTS: &[&str] = &["reinterpret_cast", "static_cast", "const_cast", "dynamic_cast"];

impl Parser<'_> {
    /// An expression for its effects, which go to `before`.
    pub fn expression_statement(&mut self) -> Result<(), Failure> {
        loop {
            self.begin = self.at;
            let value = self.assignment()?;
            // A call may have an effect.
            let inner = strip(&value.expression);
            if matches!(inner.kind, ExpressionKind::Call { .. }) {
                let span = inner.span;
                self.before.push(Code::Plain(Statement { kind: StatementKind::Call(inner.clone()), span }));
            }
            if !self.take(",") {
                return Ok(());
            }
        }
    }

    /// An expression.
    pub fn expression(&mut self) -> Result<Value, Failure> {
        let value = self.assignment()?;
        if self.is(",") { Err(Failure::new(self.span(), "C's comma operator")) } else { Ok(value) }
    }

    /// An assignment, or what binds more tightly.
    pub fn assignment(&mut self) -> Result<Value, Failure> {
        let value = self.conditional()?;
        let span = self.span();
        let Some(Kind::Sign(sign)) = self.peek().cloned() else { return Ok(value) };
        let operator = ASSIGNMENTS.iter().find(|(known, _)| *known == sign).map(|(_, operator)| *operator);
        if sign != "=" && operator.is_none() {
            if matches!(sign, "%=" | "&=" | "|=" | "^=" | "<<=" | ">>=") {
                return Err(Failure::new(span, format!("C's `{sign}`")));
            }
            return Ok(value);
        }
        self.at += 1;
        let right = self.assignment()?;
        // A stream that is made begins at its ids.
        if let (Meaning::Stream(name), Meaning::NewStream(ids)) = (&value.meaning, &right.meaning) {
            let stream = || variable(name, None, span);
            let set = |function, rest: Vec<Expression>| {
                let call = call(function, std::iter::once(stream()).chain(rest).collect(), span);
                Code::Plain(Statement { kind: StatementKind::Call(call), span })
            };
            let statements = [set("random_setids", ids.clone()), set("random_setseq", vec![number(0.0, span)])];
            self.before.extend(statements);
            return Ok(Value::new(Meaning::Nothing, span));
        }
        if matches!(value.meaning, Meaning::Vector | Meaning::File) {
            return match right.meaning {
                Meaning::Vector | Meaning::Nothing | Meaning::File => Ok(Value::new(Meaning::Nothing, span)),
                _ => Err(Failure::new(span, "this pointer")),
            };
        }
        // Nothing holds what is written into a Vector that is never set.
        if value.meaning == Meaning::Element {
            self.stores.push(span);
            return Ok(Value::real(right.number()?));
        }
        if value.meaning == Meaning::Stop {
            self.skipped.push(("stoprun".to_owned(), span));
            return Ok(value);
        }
        let integer = value.is_whole();
        let target = value.number()?;
        if !matches!(target.kind, ExpressionKind::Variable { .. }) {
            return Err(Failure::new(target.span, "an assignment to this"));
        }
        let right = match operator {
            Some(operator) => {
                let left = Value { meaning: Meaning::Number { whole: integer }, expression: target.clone() };
                self.arithmetic(operator, left, right)?
            }
            None => right,
        };
        let code = self.assign(target.clone(), integer, right, span)?;
        self.before.push(code);
        Ok(Value { meaning: Meaning::Number { whole: integer }, expression: target })
    }

    /// The value of a `case`.
    pub fn label(&mut self) -> Result<Expression, Failure> {
        self.level(0)?.number()
    }

    fn conditional(&mut self) -> Result<Value, Failure> {
        let condition = self.level(0)?;
        if !self.is("?") {
            return Ok(condition);
        }
        let span = self.span();
        self.at += 1;
        let condition = condition.truth()?;
        let mut outer = std::mem::take(&mut self.before);
        let a = self.assignment()?;
        let mut then = std::mem::take(&mut self.before);
        self.want(":")?;
        let b = self.conditional()?;
        let mut otherwise = std::mem::take(&mut self.before);
        let whole = a.is_whole() && b.is_whole();
        let target = self.temporary(span);
        outer.append(&mut self.before);
        then.push(self.assign(target.clone(), false, a, span)?);
        otherwise.push(self.assign(target.clone(), false, b, span)?);
        outer.push(Code::If { condition, then, otherwise, span });
        self.before = outer;
        Ok(Value { meaning: Meaning::Number { whole }, expression: target })
    }

    fn level(&mut self, level: usize) -> Result<Value, Failure> {
        let Some(operators) = LEVELS.get(level) else { return self.prefix() };
        let mut left = self.level(level + 1)?;
        loop {
            let span = self.span();
            let Some(Kind::Sign(sign)) = self.peek().cloned() else { return Ok(left) };
            if matches!(sign, "|" | "&" | "^" | "<<" | ">>") {
                return Err(Failure::new(span, format!("C's `{sign}`")));
            }
            if sign == "%" && level + 1 == LEVELS.len() {
                self.at += 1;
                let right = self.prefix()?;
                if let Some(uniform) = self.raw_draw(&left.expression) {
                    let scaled = binary(BinaryOperator::Multiply, uniform, right.number()?);
                    left = Value::whole(call("floor", vec![scaled], span));
                    continue;
                }
                left = Value::whole(call("fmod", vec![left.number()?, right.number()?], span));
                continue;
            }
            let Some((_, operator)) = operators.iter().find(|(known, _)| *known == sign) else { return Ok(left) };
            self.at += 1;
            let right = self.level(level + 1)?;
            left = self.arithmetic(*operator, left, right)?;
        }
    }

    /// An operation on two values.
    fn arithmetic(&mut self, operator: BinaryOperator, a: Value, b: Value) -> Result<Value, Failure> {
        let span = a.expression.span.to(b.expression.span);
        let whole = a.is_whole() && b.is_whole();
        match operator {
            BinaryOperator::And | BinaryOperator::Or => {
                let (a, b) = (a.truth()?, b.truth()?);
                let absorbing = if operator == BinaryOperator::And { 0.0 } else { 1.0 };
                let known = |e: &Expression| match &e.kind {
                    ExpressionKind::Number(number, _) => Some(f64::from(u8::from(number.value != 0.0))),
                    _ => None,
                };
                Ok(Value::whole(match (known(&a), known(&b)) {
                    (Some(x), _) if x == absorbing => number(absorbing, span),
                    (Some(_), _) => b,
                    (_, Some(x)) if x != absorbing => a,
                    _ => binary(operator, a, b),
                }))
            }
            // Threads and instances compare as the same one; an unset pointer is null.
            BinaryOperator::Equal | BinaryOperator::NotEqual
                if a.meaning == Meaning::Internal || b.meaning == Meaning::Internal =>
            {
                let equal = f64::from(u8::from(operator == BinaryOperator::Equal));
                Ok(Value::whole(number(equal, span)))
            }
            BinaryOperator::Equal | BinaryOperator::NotEqual
                if !matches!(a.meaning, Meaning::Number { .. } | Meaning::Element | Meaning::Stop) =>
            {
                let truth = a.truth()?;
                Ok(Value::whole(match operator {
                    BinaryOperator::Equal => negated(truth),
                    _ => truth,
                }))
            }
            BinaryOperator::Divide if whole => {
                let quotient = Value::real(binary(operator, a.number()?, b.number()?));
                Ok(Value::whole(self.truncated(quotient)?))
            }
            BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply | BinaryOperator::Divide => {
                let expression = binary(operator, a.number()?, b.number()?);
                Ok(Value { meaning: Meaning::Number { whole }, expression })
            }
            BinaryOperator::Power
            | BinaryOperator::Less
            | BinaryOperator::LessEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterEqual
            | BinaryOperator::Equal
            | BinaryOperator::NotEqual => Ok(Value::whole(binary(operator, a.number()?, b.number()?))),
        }
    }

    fn prefix(&mut self) -> Result<Value, Failure> {
        let span = self.span();
        if self.take("-") {
            let value = self.prefix()?;
            let whole = value.is_whole();
            let expression = unary(UnaryOperator::Minus, value.number()?);
            return Ok(Value { meaning: Meaning::Number { whole }, expression });
        }
        if self.take("+") {
            return self.prefix();
        }
        if self.take("!") {
            let truth = self.prefix()?.truth()?;
            return Ok(Value::whole(negated(truth)));
        }
        if self.is("++") || self.is("--") {
            let operator = if self.is("++") { BinaryOperator::Add } else { BinaryOperator::Subtract };
            self.at += 1;
            let value = self.prefix()?;
            return self.step(value, operator, span);
        }
        if self.take("*") {
            let value = self.prefix()?;
            return Ok(match value.meaning {
                Meaning::Pointer(name) => Value::real(variable(&name, None, span)),
                Meaning::Address | Meaning::Vector => Value::new(Meaning::Vector, span),
                Meaning::Stream(name) => Value::new(Meaning::Stream(name), span),
                _ => return Err(Failure::new(span, "this use of a pointer")),
            });
        }
        if self.take("&") {
            let value = self.prefix()?;
            let is_stream = matches!(value.meaning, Meaning::Stream(_));
            return Ok(if is_stream { value } else { Value::new(Meaning::Address, span) });
        }
        if self.is("(") && self.is_cast() {
            return self.cast();
        }
        self.postfix()
    }

    fn step(&mut self, value: Value, operator: BinaryOperator, span: Span) -> Result<Value, Failure> {
        let whole = value.is_whole();
        let target = value.number()?;
        let next = binary(operator, target.clone(), number(1.0, span));
        let code = self.assign(target.clone(), false, Value::real(next), span)?;
        self.before.push(code);
        Ok(Value { meaning: Meaning::Number { whole }, expression: target })
    }

    /// Whether a type in parentheses follows.
    fn is_cast(&self) -> bool {
        const NAMES: &[&str] = &[
            "double", "float", "int", "long", "unsigned", "short", "char", "void", "size_t", "bool", "uint32_t",
            "uint64_t", "int32_t", "const", "struct",
        ];
        let mut at = 1;
        let mut named = false;
        let mut pointer = false;
        loop {
            match self.ahead(at) {
                Some(Kind::Name(name)) if NAMES.contains(&name.as_str()) => named = true,
                Some(Kind::Name(_)) if at == 1 => {}
                Some(Kind::Sign("*")) if at > 1 => pointer = true,
                Some(Kind::Sign(")")) => return at > 1 && (named || pointer),
                _ => return false,
            }
            at += 1;
        }
    }

    fn cast(&mut self) -> Result<Value, Failure> {
        let mut integer = false;
        let mut pointer = false;
        self.want("(")?;
        while !self.take(")") {
            match self.peek() {
                Some(Kind::Name(name)) => {
                    integer |= !matches!(name.as_str(), "double" | "float" | "void" | "const" | "struct");
                }
                _ => pointer = true,
            }
            self.at += 1;
        }
        let value = self.prefix()?;
        if pointer {
            // `(void*)0`.
            let is_null = matches!(&value.expression.kind, ExpressionKind::Number(number, _) if number.value == 0.0);
            return Ok(match value.meaning {
                Meaning::Number { .. } if is_null => Value::new(Meaning::Vector, value.expression.span),
                _ => value,
            });
        }
        match value.meaning {
            Meaning::Number { .. } if integer => Ok(Value::whole(self.truncated(value)?)),
            Meaning::Number { .. } => Ok(Value::real(value.expression)),
            _ => Ok(value),
        }
    }

    fn postfix(&mut self) -> Result<Value, Failure> {
        let start = self.at;
        let mut value = self.primary()?;
        loop {
            let span = self.span();
            if self.is("++") || self.is("--") {
                let operator = if self.is("++") { BinaryOperator::Add } else { BinaryOperator::Subtract };
                self.at += 1;
                let whole = value.is_whole();
                let target = value.clone().number()?;
                // The old value is only kept where something reads it.
                let ends = matches!(self.peek(), None | Some(Kind::Sign(";" | ")" | ",")));
                let read = start != self.begin || !ends;
                let old = if read { self.copied(target)? } else { target };
                self.step(value, operator, span)?;
                value = Value { meaning: Meaning::Number { whole }, expression: old };
            } else if self.take("[") {
                let index = self.expression()?;
                self.want("]")?;
                value = match (value.meaning, value.expression.kind) {
                    // No Vector is set: nothing is read from it.
                    (Meaning::Vector, _) => Value::new(Meaning::Element, span),
                    (meaning @ Meaning::Number { .. }, ExpressionKind::Variable { name, index: None, .. }) => {
                        // C takes whole numbers only, such as the counter of a FROM.
                        let index = index.number()?;
                        Value { meaning, expression: variable(&name.text, Some(index), span) }
                    }
                    _ => return Err(Failure::new(span, "an element of this")),
                };
            } else if self.is("->") || self.is(".") {
                let internal = value.meaning == Meaning::Internal;
                self.at += 1;
                let member = self.name().unwrap_or_default().to_owned();
                self.at += 1;
                value = match member.as_str() {
                    "_t" if internal => Value::real(variable("t", None, span)),
                    "_dt" if internal => Value::real(variable("dt", None, span)),
                    "id" | "_id" if internal => Value::whole(number(0.0, span)),
                    _ => return Err(Failure::new(span, format!("the member `{member}` of a C structure"))),
                };
            } else {
                return Ok(value);
            }
        }
    }

    pub fn copied(&mut self, e: Expression) -> Result<Expression, Failure> {
        let span = e.span;
        let target = self.temporary(span);
        self.before
            .push(Code::Plain(Statement { kind: StatementKind::Assign { target: target.clone(), value: e }, span }));
        Ok(target)
    }

    fn primary(&mut self) -> Result<Value, Failure> {
        let span = self.span();
        match self.peek().cloned() {
            Some(Kind::Number(value, whole)) => {
                self.at += 1;
                Ok(Value { meaning: Meaning::Number { whole }, expression: number(value, span) })
            }
            Some(Kind::Sign("(")) => {
                self.at += 1;
                let value = self.assignment()?;
                self.want(")")?;
                Ok(value)
            }
            Some(Kind::Name(name)) => {
                self.at += 1;
                if self.is("<") && CASTS.contains(&name.as_str()) {
                    self.skip_brackets("<", ">")?;
                    return self.primary();
                }
                if self.is("(") { self.call(&name, span) } else { self.variable(&name, span) }
            }
            Some(Kind::Text) => {
                self.at += 1;
                Ok(Value::new(Meaning::Text, span))
            }
            _ => Err(Failure::new(span, "this C")),
        }
    }

    /// What a name means.
    pub fn variable(&mut self, name: &str, span: Span) -> Result<Value, Failure> {
        match self.held(name) {
            Some(Held::Real) => return Ok(Value::real(variable(name, None, span))),
            Some(Held::Integer) => return Ok(Value::whole(variable(name, None, span))),
            Some(Held::Vector) => return Ok(Value::new(Meaning::Vector, span)),
            Some(Held::Text) => return Ok(Value::new(Meaning::Text, span)),
            Some(Held::File) => return Ok(Value::new(Meaning::File, span)),
            Some(Held::Stream(at)) => {
                let name = self.around.streams.get_index(at).cloned().unwrap_or_default();
                return Ok(Value::new(Meaning::Stream(name), span));
            }
            None => {}
        }
        if let Some(pointer) = name.strip_prefix("_p_") {
            if self.around.streams.contains(pointer) {
                return Ok(Value::new(Meaning::Stream(pointer.to_owned()), span));
            }
            if self.around.vectors.contains(pointer) {
                return Ok(Value::new(Meaning::Vector, span));
            }
            if self.around.pointers.contains(pointer) {
                return Ok(Value::new(Meaning::Pointer(pointer.to_owned()), span));
            }
        }
        if self.around.streams.contains(name) {
            return Ok(Value::new(Meaning::Stream(name.to_owned()), span));
        }
        if name == "_args" && self.take("[") {
            let at = match self.peek() {
                Some(Kind::Number(value, true)) => *value as usize,
                _ => return Err(Failure::new(span, "an argument by a computed number")),
            };
            self.at += 1;
            self.want("]")?;
            let argument = self.around.net_arguments.get(at);
            let argument = argument.ok_or_else(|| Failure::new(span, format!("argument {at} of NET_RECEIVE")))?;
            return Ok(Value::real(variable(argument, None, span)));
        }
        Ok(match name {
            "_nt" | "_nrn_thread" | "nrn_threads" | "_thread" | "_p" | "_ppvar" | "_pnt" | "_prop" | "_threadargs_"
            | "_nd" | "_ml" | "_iml" | "_globals" => Value::new(Meaning::Internal, span),
            "NULL" | "nullptr" => Value::new(Meaning::Vector, span),
            "M_PI" | "PI" if !self.around.variables.contains(name) => Value::real(number(std::f64::consts::PI, span)),
            // The step is fixed, of first order.
            "cvode_active_" | "secondorder" if !self.around.variables.contains(name) => Value::whole(number(0.0, span)),
            "stoprun" if !self.around.variables.contains(name) => Value::new(Meaning::Stop, span),
            "RAND_MAX" => Value::whole(number(super::calls::RAND_MAX, span)),
            "M_E" => Value::real(number(std::f64::consts::E, span)),
            "true" => Value::whole(number(1.0, span)),
            "false" => Value::whole(number(0.0, span)),
            "_v" => Value::real(variable("v", None, span)),
            _ => {
                // `_lx` is the argument or LOCAL `x`.
                let inner = name.strip_prefix("_l").filter(|_| !self.around.variables.contains(name));
                Value::real(variable(inner.unwrap_or(name), None, span))
            }
        })
    }
}

fn negated(e: Expression) -> Expression {
    match &e.kind {
        ExpressionKind::Number(value, _) => number(f64::from(u8::from(value.value == 0.0)), e.span),
        _ => unary(UnaryOperator::Not, e),
    }
}

pub fn strip(e: &Expression) -> &Expression {
    match &e.kind {
        ExpressionKind::Parenthesis(inner) => strip(inner),
        _ => e,
    }
}
