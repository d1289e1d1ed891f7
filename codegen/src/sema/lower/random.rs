//! Random numbers: NEURON's functions as draws of uniform numbers and arithmetic on them.
//!
//! The formulas, and the order of draws, are NEURON's (nrnran123.cpp, scoprand.cpp and the SCoP library).

use super::Lower;
use crate::ir::{
    BinaryOperator, ColumnId, Comparison, Draw, Expression, Generator, Math, Place, StatementKind, StreamKind,
};
use crate::math::build::{add, load, multiply, negate, number, subtract};
use crate::sema::symbols::Symbol;
use nmodl_parser::ast::{self, ExpressionKind, Name};
use nmodl_parser::{Diagnostic, Span};

/// Functions of SCoP's generator.
pub const SCOP: &[&str] = &["scop_random", "exprand", "normrand", "poisrand", "set_seed"];

/// Functions of a RANDOM variable, its name first, with the counts of further arguments.
const RANDOM123: &[(&str, &[usize])] = &[
    ("random_uniform", &[0, 2]),
    ("random_negexp", &[0, 1]),
    ("random_normal", &[0, 2]),
    ("random_ipick", &[0]),
    ("random_dpick", &[0]),
    ("random_setseq", &[1]),
    ("random_setids", &[3]),
];

/// Most tries of the polar method, which succeeds with probability pi/4.
const MOST_TRIES: u32 = 200;

/// A stream: its generator and its first column.
type Stream = (StreamKind, ColumnId);

impl Lower<'_, '_> {
    /// The value of a function of random numbers, if `name` is one; that of one without value is 0.
    pub(super) fn random_call(&mut self, name: &Name, arguments: &[ast::Expression]) -> Option<Expression> {
        if SCOP.contains(&name.text.as_str()) {
            return Some(self.scop_call(name, arguments));
        }
        let (_, counts) = RANDOM123.iter().find(|(known, _)| *known == name.text)?;
        let Some((first, rest)) = arguments.split_first() else {
            self.no_stream(name, name.span);
            return Some(number(0.0));
        };
        let stream = match &first.kind {
            ExpressionKind::Variable { name: variable, .. } if self.bound(&variable.text).is_none() => {
                match self.source.symbols.get(&variable.text) {
                    Some(Symbol::Random(at)) => Some(at),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some(stream) = stream else {
            self.no_stream(name, first.span);
            return Some(number(0.0));
        };
        if !counts.contains(&rest.len()) {
            let counts: Vec<String> = counts.iter().map(|count| (count + 1).to_string()).collect();
            let message = format!("`{}` takes {} arguments, not {}", name.text, counts.join(" or "), arguments.len());
            self.report.push(Diagnostic::error("M0203", message, name.span, "called here"));
            return Some(number(0.0));
        }
        let stream = (StreamKind::Random123, self.source.symbols.streams[stream].first);
        let rest: Vec<Expression> = rest.iter().map(|argument| self.value(argument)).collect();
        Some(self.random123(&name.text, stream, rest))
    }

    fn no_stream(&mut self, name: &Name, span: Span) {
        let message = format!("the first argument of `{}` is a RANDOM variable", name.text);
        self.report.push(
            Diagnostic::error("M0261", message, span, "not a RANDOM variable")
                .help("declare it in the NEURON block: `RANDOM r`"),
        );
    }

    fn random123(&mut self, name: &str, stream: Stream, arguments: Vec<Expression>) -> Expression {
        let mut arguments = arguments.into_iter();
        match (name, arguments.next(), arguments.next(), arguments.next()) {
            ("random_uniform", Some(a), Some(b), _) => {
                let a = self.keep("a", a);
                let u = self.draw(Generator::Random123Uniform, stream);
                add(a.clone(), multiply(u, subtract(b, a)))
            }
            ("random_uniform" | "random_dpick", ..) => self.draw(Generator::Random123Uniform, stream),
            ("random_ipick", ..) => self.draw(Generator::Random123Integer, stream),
            ("random_negexp", mean, ..) => {
                let u = self.draw(Generator::Random123Uniform, stream);
                let value = negate(Expression::Call(Math::Log, vec![u]));
                mean.map_or(value.clone(), |mean| multiply(value, mean))
            }
            ("random_normal", mean, deviation, _) => {
                let value = self.polar(Generator::Random123Uniform, stream, Comparison::LessEqual);
                match (mean, deviation) {
                    (Some(mean), Some(deviation)) => add(mean, multiply(value, deviation)),
                    _ => value,
                }
            }
            ("random_setseq", Some(position), ..) => {
                let position = self.keep("position", Expression::Call(Math::Floor, vec![position]));
                let high = Expression::Call(Math::Floor, vec![multiply(position.clone(), number(1.0 / 65536.0))]);
                let high = self.keep("position_high", high);
                self.set_word(stream, 0, subtract(position, multiply(high.clone(), number(65536.0))), high);
                number(0.0)
            }
            ("random_setids", Some(id1), Some(id2), Some(id3)) => {
                for (at, id) in [id1, id2, id3].into_iter().enumerate() {
                    self.set_word(stream, 2 + 2 * at as u32, id, number(0.0));
                }
                number(0.0)
            }
            // The counts of arguments have been checked.
            _ => number(0.0),
        }
    }

    fn scop_call(&mut self, name: &Name, arguments: &[ast::Expression]) -> Expression {
        let wanted = match name.text.as_str() {
            "scop_random" => 0,
            "normrand" => 2,
            _ => 1,
        };
        if !self.check_arity(name, arguments.len(), wanted) {
            return number(0.0);
        }
        let mut arguments: Vec<Expression> = arguments.iter().map(|argument| self.value(argument)).collect();
        // Nothing but a routine on its own is lowered without the stream that its calls ask for.
        let Some(first) = self.source.symbols.scop else { return number(0.0) };
        let stream = (StreamKind::Scop, first);
        let last = arguments.pop().unwrap_or(number(0.0));
        match name.text.as_str() {
            "exprand" => {
                let u = self.draw(Generator::ScopRandom, stream);
                multiply(negate(last), Expression::Call(Math::Log, vec![u]))
            }
            "normrand" => {
                let value = self.polar(Generator::ScopRandom, stream, Comparison::Less);
                let mean = arguments.pop().unwrap_or(number(0.0));
                add(multiply(value, last), mean)
            }
            "poisrand" => self.poisson(stream, last),
            "set_seed" => {
                self.draw_with(Generator::ScopSeed, stream, Some(last));
                number(0.0)
            }
            _ => self.draw(Generator::ScopRandom, stream),
        }
    }

    /// A normal number by the polar method: pairs are drawn until `w` compares to 1; the second of a pair is not used.
    fn polar(&mut self, generator: Generator, stream: Stream, accepts: Comparison) -> Expression {
        let (x, w) = (self.function.add_local("polar_x"), self.function.add_local("polar_w"));
        let body = self.nested(|lower| {
            let mut coordinate = || {
                let u = lower.draw(generator, stream);
                subtract(multiply(number(2.0), u), number(1.0))
            };
            let first = coordinate();
            let second = coordinate();
            let second = lower.keep("polar_y", second);
            lower.assign(Place::Local(x), first);
            let square = |e: Expression| multiply(e.clone(), e);
            lower.assign(Place::Local(w), add(square(Expression::local(x)), square(second)));
        });
        let w = Expression::local(w);
        let until = Expression::Compare(accepts, Box::new(w.clone()), Box::new(number(1.0)));
        self.emit(StatementKind::Iterate { limit: MOST_TRIES, body, until });
        let logarithm = multiply(number(-2.0), Expression::Call(Math::Log, vec![w.clone()]));
        let ratio = Expression::binary(BinaryOperator::Divide, logarithm, w);
        multiply(Expression::local(x), Expression::Call(Math::Sqrt, vec![ratio]))
    }

    /// Counts draws until their product falls below exp(-mean).
    fn poisson(&mut self, stream: Stream, mean: Expression) -> Expression {
        let least = self.keep("least", Expression::Call(Math::Exp, vec![negate(mean)]));
        let (count, product) = (self.function.add_local("count"), self.function.add_local("product"));
        self.assign(Place::Local(count), number(0.0));
        self.assign(Place::Local(product), number(1.0));
        let body = self.nested(|lower| {
            let u = lower.draw(Generator::ScopRandom, stream);
            lower.assign(Place::Local(product), multiply(Expression::local(product), u));
            lower.assign(Place::Local(count), add(Expression::local(count), number(1.0)));
        });
        let condition =
            Expression::Compare(Comparison::GreaterEqual, Box::new(Expression::local(product)), Box::new(least));
        self.emit(StatementKind::While { condition, body });
        subtract(Expression::local(count), number(1.0))
    }

    /// One number of a stream.
    fn draw(&mut self, generator: Generator, stream: Stream) -> Expression {
        self.draw_with(generator, stream, None)
    }

    fn draw_with(&mut self, generator: Generator, (kind, first): Stream, seed: Option<Expression>) -> Expression {
        let place = Place::Local(self.function.add_local(generator.name()));
        let column = |at: u32| Place::Column(ColumnId(first.0 + at));
        let from = if seed.is_some() { 2 } else { 0 };
        let to = match generator {
            Generator::ScopRandom => 2,
            Generator::Random123Uniform | Generator::Random123Integer | Generator::ScopSeed => {
                kind.columns().len() as u32
            }
        };
        let arguments = seed.into_iter().chain((from..to).map(|at| load(column(at)))).collect();
        self.emit(StatementKind::Draw(Draw { generator, place, state: [column(0), column(1)], arguments }));
        load(place)
    }

    /// Sets a word of a stream, the low part of which is column `at` of it.
    fn set_word(&mut self, (_, first): Stream, at: u32, low: Expression, high: Expression) {
        self.assign(Place::Column(ColumnId(first.0 + at)), low);
        self.assign(Place::Column(ColumnId(first.0 + at + 1)), high);
    }

    /// A local with the value: it is evaluated now and once.
    fn keep(&mut self, name: &str, value: Expression) -> Expression {
        let id = self.function.add_local(name);
        self.assign(Place::Local(id), value);
        Expression::local(id)
    }
}
