//! What C's calls mean.

use super::parse::{Parser, binary, call, number};
use super::token::{Failure, Kind};
use super::value::{Meaning, Value, strip};
use nmodl_parser::Span;
use nmodl_parser::ast::{BinaryOperator, Expression, ExpressionKind};

/// Functions of C that NMODL has under the same name.
const SAME: &[&str] = &[
    "exp",
    "expm1",
    "log",
    "log10",
    "pow",
    "sqrt",
    "fabs",
    "abs",
    "floor",
    "ceil",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "atan",
    "asin",
    "acos",
    "atan2",
    "erf",
    "fmin",
    "fmax",
    "fmod",
    "scop_random",
    "exprand",
    "normrand",
    "poisrand",
    "set_seed",
    "nrn_ghk",
];

/// Functions that only tell the user something, in a window or a file, or make the text of it.
const PRINTS: &[&str] = &[
    "printf",
    "fprintf",
    "hoc_warning",
    "fflush",
    "puts",
    "putchar",
    "Fprintf",
    "Printf",
    "fclose",
    "fputs",
    "fputc",
    "putc",
    "fwrite",
    "perror",
    "sprintf",
    "snprintf",
    "strcpy",
    "strncpy",
    "strcat",
];

/// What looks for a function of HOC, and what only runs when one is found.
const HOC: [&str; 5] = ["hoc_lookup", "hoc_pushx", "hoc_pushpx", "hoc_call_func", "hoc_nopop"];

/// Functions that stop NEURON.
pub const STOPS: &[&str] = &["hoc_execerror", "hoc_execerr", "nrn_exit", "exit", "abort", "assert", "stoprun"];

/// C's generators of random numbers, and the functions that seed them.
const C_RANDOM: &[&str] = &["rand", "random", "drand48", "srand", "srandom", "srand48"];
/// The stream that stands for C's generators.
pub const C_STREAM: &str = "c_rand";
/// Most that `rand` gives.
pub const RAND_MAX: f64 = 2_147_483_647.0;

/// Functions of a Random123 stream, as NMODL has them.
const STREAM: &[(&str, &str)] = &[
    ("nrnran123_negexp", "random_negexp"),
    ("nrnran123_normal", "random_normal"),
    ("nrnran123_dblpick", "random_uniform"),
    ("nrnran123_uniform", "random_uniform"),
    ("nrnran123_ipick", "random_ipick"),
    ("nrnran123_setids", "random_setids"),
    ("nrnran123_setseq", "random_setseq"),
];

/// Functions of HOC's Vector whose value is that of no Vector.
const VECTOR: &[(&str, bool)] = &[
    ("vector_capacity", true),
    ("vector_buffer_size", true),
    ("vector_instance_px", true),
    ("vector_resize", true),
    ("vector_vec", false),
];

impl Parser<'_> {
    /// A call; the parser stands at the parenthesis.
    pub fn call(&mut self, name: &str, span: Span) -> Result<Value, Failure> {
        let nothing = Value { meaning: Meaning::Nothing, expression: number(0.0, span) };
        if PRINTS.contains(&name) || STOPS.contains(&name) {
            self.skip_brackets("(", ")")?;
            self.skipped.push((name.to_owned(), span));
            return Ok(nothing);
        }
        if HOC.contains(&name) {
            self.skip_brackets("(", ")")?;
            if name == "hoc_lookup" {
                self.asked.push(span);
                return Ok(Value { meaning: Meaning::Vector, ..nothing });
            }
            return Ok(nothing);
        }
        if name == "fopen" {
            self.skip_brackets("(", ")")?;
            self.skipped.push((name.to_owned(), span));
            return Ok(Value { meaning: Meaning::File, expression: number(0.0, span) });
        }
        if C_RANDOM.contains(&name) && !self.around.routines.contains(name) {
            self.skip_brackets("(", ")")?;
            self.draws.push((name.to_owned(), span));
            let uniform = call("random_uniform", vec![super::code::variable(C_STREAM, None, span)], span);
            return Ok(match name {
                "rand" | "random" => {
                    let scaled = binary(BinaryOperator::Multiply, uniform, number(RAND_MAX + 1.0, span));
                    Value { meaning: Meaning::Number { whole: true }, expression: call("floor", vec![scaled], span) }
                }
                "drand48" => Value::real(uniform),
                _ => nothing,
            });
        }
        if matches!(name, "NODEV" | "NODERHS") && !self.around.routines.contains(name) {
            self.skip_brackets("(", ")")?;
            return match name {
                "NODEV" => Ok(Value::real(super::code::variable("v", None, span))),
                _ => Err(Failure::new(span, "the right-hand side of a node")),
            };
        }
        let arguments = self.arguments()?;
        // Nothing needs to be given back.
        if name == "nrnran123_deletestream" {
            return Ok(nothing);
        }
        if let ("nrnran123_newstream", 2) | ("nrnran123_newstream3", 3) = (name, arguments.len()) {
            let mut ids = numbers(arguments)?;
            ids.resize(3, number(0.0, span));
            return Ok(Value { meaning: Meaning::NewStream(ids), ..nothing });
        }
        if name == "nrn_random_pick" {
            let stream = stream(&arguments, span)?;
            let (function, distribution) = self.distribution();
            self.assumed.push((distribution, span));
            return Ok(Value::real(call(function, vec![stream], span)));
        }
        if let Some((_, function)) = STREAM.iter().find(|(known, _)| *known == name) {
            let stream = stream(&arguments, span)?;
            let rest: Result<Vec<Expression>, Failure> = arguments.into_iter().skip(1).map(Value::number).collect();
            let mut rest = rest?;
            // The C function takes the block and the word in it.
            if name == "nrnran123_setseq" && rest.len() == 2 {
                let word = rest.pop().unwrap_or_else(|| number(0.0, span));
                let block = rest.pop().unwrap_or_else(|| number(0.0, span));
                rest.push(binary(
                    BinaryOperator::Add,
                    binary(BinaryOperator::Multiply, block, number(4.0, span)),
                    word,
                ));
            }
            return Ok(Value::real(call(function, std::iter::once(stream).chain(rest).collect(), span)));
        }
        if let Some((_, whole)) = VECTOR.iter().find(|(known, _)| *known == name)
            && arguments.first().is_some_and(|argument| argument.meaning == Meaning::Vector)
        {
            self.vectors.push(span);
            let meaning = if *whole { Meaning::Number { whole: true } } else { Meaning::Vector };
            return Ok(Value { meaning, expression: number(0.0, span) });
        }
        // Threads and instances are passed along silently in NMODL.
        let kept: Vec<Value> = arguments.into_iter().filter(|argument| argument.meaning != Meaning::Internal).collect();
        let routine = self.routine(name);
        if let Some(routine) = routine {
            return Ok(Value::real(call(&routine, numbers(kept)?, span)));
        }
        match name {
            "net_event" | "at_time" | "net_move" => {
                let last = kept.into_iter().next_back();
                let time = last.ok_or_else(|| Failure::new(span, format!("`{name}` without a time")))?.number()?;
                Ok(Value::real(call(name, vec![time], span)))
            }
            "net_send" | "artcell_net_send" => {
                let mut last = kept.into_iter().rev();
                let (Some(flag), Some(time)) = (last.next(), last.next()) else {
                    return Err(Failure::new(span, "this `net_send`"));
                };
                // C gives the time, NMODL the delay.
                let now = super::code::variable("t", None, span);
                let delay = binary(BinaryOperator::Subtract, time.number()?, now);
                Ok(Value::real(call("net_send", vec![delay, flag.number()?], span)))
            }
            _ if SAME.contains(&name) => Ok(Value::real(call(name, numbers(kept)?, span))),
            _ => Err(Failure::new(span, format!("the C function `{name}`"))),
        }
    }

    /// The uniform number from which `rand()` is made.
    pub fn raw_draw(&self, e: &Expression) -> Option<Expression> {
        let ExpressionKind::Call { name, arguments } = &strip(e).kind else { return None };
        let [scaled] = arguments.as_slice() else { return None };
        match &strip(scaled).kind {
            ExpressionKind::Binary(BinaryOperator::Multiply, uniform, _) if name.text == "floor" => match &uniform.kind
            {
                ExpressionKind::Call { arguments, .. } => match &arguments.first()?.kind {
                    ExpressionKind::Variable { name, .. } if name.text == C_STREAM => Some((**uniform).clone()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    fn arguments(&mut self) -> Result<Vec<Value>, Failure> {
        let mut arguments = Vec::new();
        self.want("(")?;
        while !self.take(")") {
            // It ends with its comma.
            if matches!(self.peek(), Some(Kind::Name(name)) if name == "_threadargscomma_" || name == "_threadargsprotocomma_")
            {
                self.at += 1;
                continue;
            }
            arguments.push(self.assignment()?);
            if !self.is(")") {
                self.want(",")?;
            }
        }
        Ok(arguments)
    }

    /// The file's routine that C calls by a name: `rates`, or `rates_hh`.
    fn routine(&self, name: &str) -> Option<String> {
        let known = |name: &str| self.around.routines.contains(name).then(|| name.to_owned());
        let short = name.strip_suffix(self.around.mechanism.as_str()).and_then(|name| name.strip_suffix('_'));
        known(name).or_else(|| short.and_then(known))
    }

    /// The distribution of a HOC Random, which only HOC knows; the name of the routine that draws tells.
    fn distribution(&self) -> (&'static str, &'static str) {
        let routine = self.around.routine.to_ascii_lowercase();
        if routine.contains("norm") || routine.contains("gauss") || routine.starts_with("grand") {
            ("random_normal", "normal(0, 1)")
        } else if routine.contains("exp") || routine.starts_with("erand") {
            ("random_negexp", "negexp(1)")
        } else {
            ("random_uniform", "uniform(0, 1)")
        }
    }
}

fn stream(arguments: &[Value], span: Span) -> Result<Expression, Failure> {
    match arguments.first().map(|argument| &argument.meaning) {
        Some(Meaning::Stream(name)) => Ok(super::code::variable(name, None, span)),
        _ => Err(Failure::new(span, "a generator of random numbers that no POINTER of the mechanism holds")),
    }
}

fn numbers(values: Vec<Value>) -> Result<Vec<Expression>, Failure> {
    values.into_iter().map(Value::number).collect()
}
