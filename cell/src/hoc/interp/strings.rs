//! Formatting, and text executed as HOC.

use std::{path::PathBuf, sync::Arc};

use super::{Flow, Frame, Run, builtins::Call};
use crate::hoc::{
    Hoc, HocErrorKind,
    ast::{Expr, Item, Span},
    format::{Piece, pieces, plain},
    parse,
    scan::{Scanned, scanned},
    source::Source,
    value::Value,
};

impl Hoc {
    /// The text that a format and its values make.
    pub(super) fn formatted(&mut self, arguments: &[Expr], span: Span) -> Run<String> {
        let Some((format, values)) = arguments.split_first() else {
            let (name, index, count) = ("printf".to_string(), 1, 0);
            return Err(self.fail(span, HocErrorKind::NoArgument { name, index, count }));
        };
        let format = self.text(format)?;
        let mut values = values.iter();
        let mut text = String::new();
        for piece in pieces(&format) {
            let (spec, letter) = match piece {
                Piece::Text(piece) => {
                    text.push_str(piece);
                    continue;
                }
                Piece::Conversion { spec, letter } => (spec, letter),
            };
            let Some(argument) = values.next() else {
                let (index, count) = (arguments.len() + 1, arguments.len());
                let kind = HocErrorKind::NoArgument { name: format!("format \"{format}\""), index, count };
                return Err(self.fail(span, kind));
            };
            let piece = match self.value(argument)? {
                Value::Text(value) if letter == 's' => Some(spec.text(&value)),
                Value::Object(object) if letter == 's' => Some(spec.text(&self.worlds.object_name(object))),
                Value::Number(value) if letter == 's' => Some(spec.text(&plain(value))),
                Value::Number(value) => spec.number(letter, value),
                _ => None,
            };
            match piece {
                Some(piece) => text.push_str(&piece),
                None => {
                    let (function, value) = (format!("format \"{format}\""), format!("%{letter}"));
                    let expected = "a conversion for this argument".to_string();
                    return Err(self.fail(argument.span, HocErrorKind::Argument { function, value, expected }));
                }
            }
        }
        Ok(text)
    }

    /// `sprint(variable, format, values...)`
    pub(super) fn sprint(&mut self, call: &Call<'_>) -> Run<Value> {
        let text = self.formatted(call.arguments.get(1..).unwrap_or_default(), call.span)?;
        let length = text.chars().count();
        self.set_text(call, 0, text)?;
        Ok(Value::Number(length as f64))
    }

    /// `sscanf(text, format, variables...)`: how many were found, -1 at the end of the text.
    pub(super) fn sscanf(&mut self, call: &Call<'_>) -> Run<Value> {
        let (text, format) = (self.text_of(call, 0)?, self.text_of(call, 1)?);
        let Scanned { values, at_end } = scanned(&text, &format);
        if values.is_empty() && at_end {
            return Ok(Value::Number(-1.0));
        }
        let count = values.len();
        for (index, value) in values.into_iter().enumerate() {
            let place = self.place_of(call, index + 2)?;
            self.assign(&place, value, call.span)?;
        }
        Ok(Value::Number(count as f64))
    }

    /// `execute("statement")` at top level, or in an object given as second argument.
    pub(super) fn execute_call(&mut self, call: &Call<'_>) -> Run<Value> {
        let text = self.text_of(call, 0)?;
        let mut this = None;
        for argument in call.arguments.iter().skip(1) {
            if let Value::Object(object) = self.value(argument)? {
                this = object;
            }
        }
        if self.frames.len() >= self.limits.call_depth {
            let count = self.limits.call_depth as u64;
            let kind = HocErrorKind::Limit { what: "nested calls", count, limit: "call_depth" };
            return Err(self.fail(call.span, kind));
        }
        let from = self.frame().source.place(call.span);
        let path = PathBuf::from(format!("{}:{} {}", from.file.display(), from.line, call.name));
        let source = Arc::new(Source { path, text: text.to_string() });
        let file = parse::parse(&source)?;
        let frame =
            Frame { name: call.name.into(), this, source, arguments: Vec::new(), locals: Vec::new(), iterated: None };
        // a first `access` in the text stays in force
        let done = self.in_frame(frame, |hoc| {
            for item in file.items {
                let Item::Statement(stmt) = item else {
                    let construct = format!("a definition inside {}()", call.name);
                    let kind = HocErrorKind::Unsupported { construct, help: "write it in a file".to_string() };
                    return Err(hoc.fail(Span::default(), kind));
                };
                if !matches!(hoc.exec(&stmt)?, Flow::Next) {
                    break;
                }
            }
            Ok(())
        });
        match done {
            Ok(()) => Ok(Value::Number(1.0)),
            Err(_) if call.name == "execute1" => Ok(Value::Number(0.0)),
            Err(error) => Err(error),
        }
    }
}
