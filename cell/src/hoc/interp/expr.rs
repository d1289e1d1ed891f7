//! Expressions.

use std::sync::Arc;

use super::{Run, Step, path::Subject, stmt::described};
use crate::hoc::{
    Hoc, HocErrorKind,
    ast::{AssignOp, BinaryOp, Expr, ExprKind, Path, Span, UnaryOp},
    on_ample_stack,
    value::{EPSILON, ObjectId, Place, Value},
};

impl Hoc {
    pub(super) fn value(&mut self, expr: &Expr) -> Run<Value> {
        match &expr.kind {
            ExprKind::Number(value) => Ok(Value::Number(*value)),
            ExprKind::Text(text) => Ok(Value::Text(text.clone())),
            _ => on_ample_stack(|| self.computed(expr)),
        }
    }

    fn computed(&mut self, expr: &Expr) -> Run<Value> {
        match &expr.kind {
            ExprKind::Number(value) => Ok(Value::Number(*value)),
            ExprKind::Text(text) => Ok(Value::Text(text.clone())),
            ExprKind::Path(path) => self.path_value(path),
            ExprKind::Pointer(path) => Ok(Value::Pointer(Box::new(self.assignable(path)?))),
            ExprKind::New(class, arguments) => {
                let arguments = self.values(arguments)?;
                Ok(Value::Object(Some(self.new_object(class, arguments, expr.span)?)))
            }
            ExprKind::Unary(op, operand) => {
                let value = self.number(operand)?;
                Ok(Value::Number(match op {
                    UnaryOp::Minus => -value,
                    UnaryOp::Not => truth(value == 0.0),
                }))
            }
            ExprKind::Binary(op, left, right) => {
                let (a, b) = (self.value(left)?, self.value(right)?);
                let outcome = binary(*op, &a, &b);
                self.place_at(expr.span, outcome).map(Value::Number)
            }
            ExprKind::Assign(path, op, value) => self.assignment(path, *op, value, expr.span),
        }
    }

    pub(super) fn values(&mut self, exprs: &[Expr]) -> Run<Vec<Value>> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    pub(super) fn number(&mut self, expr: &Expr) -> Run<f64> {
        match self.value(expr)? {
            Value::Number(value) => Ok(value),
            other => Err(self.not_of(expr, &other, "a number")),
        }
    }

    pub(super) fn text(&mut self, expr: &Expr) -> Run<Arc<str>> {
        match self.value(expr)? {
            Value::Text(text) => Ok(text),
            other => Err(self.not_of(expr, &other, "a string")),
        }
    }

    pub(super) fn object(&mut self, expr: &Expr) -> Run<Option<ObjectId>> {
        match self.value(expr)? {
            Value::Object(object) => Ok(object),
            other => Err(self.not_of(expr, &other, "an object")),
        }
    }

    pub(super) fn truth(&mut self, condition: &Expr) -> Run<bool> {
        Ok(self.number(condition)? != 0.0)
    }

    fn not_of(&self, expr: &Expr, found: &Value, expected: &'static str) -> crate::hoc::HocError {
        let what = match &expr.kind {
            ExprKind::Path(path) => described(path),
            _ => "this".to_string(),
        };
        self.fail(expr.span, HocErrorKind::Type { what, found: found.kind(), expected })
    }

    /// A statement that is an expression: what it yields is dropped, and may be nothing.
    pub(super) fn evaluate_for_effect(&mut self, expr: &Expr) -> Run<()> {
        self.value(expr).map(|_| ())
    }

    fn path_value(&mut self, path: &Path) -> Run<Value> {
        match self.subject(path)? {
            Subject::Value(value) => Ok(value),
            Subject::Place(place) => self.load_at(&place, path.span),
            Subject::Section(_) => {
                let kind = HocErrorKind::Type { what: described(path), found: "a section", expected: "a value" };
                Err(self.fail(path.span, kind))
            }
            Subject::Unknown(_, name) => Err(self.fail(path.span, self.undefined(&name))),
        }
    }

    fn assignment(&mut self, path: &Path, op: AssignOp, value: &Expr, span: Span) -> Run<Value> {
        let new = self.value(value)?;
        let place = self.assignable(path)?;
        let new = match (op, &new) {
            (AssignOp::Set, _) => new,
            // a range variable without position is changed segment by segment
            (_, Value::Number(by)) if matches!(place, Place::Range(_, _, None)) => {
                let by = *by;
                let changed = self.change_range(&place, op, by);
                self.place_at(span, changed)?;
                return Ok(new);
            }
            (_, Value::Number(by)) => match self.load_at(&place, path.span)? {
                Value::Number(old) => {
                    let combined = combine(op, old, *by);
                    Value::Number(self.place_at(span, combined)?)
                }
                other => {
                    let kind = HocErrorKind::Type { what: described(path), found: other.kind(), expected: "a number" };
                    return Err(self.fail(path.span, kind));
                }
            },
            (_, other) => return Err(self.not_of(value, other, "a number")),
        };
        self.assign(&place, new.clone(), span)?;
        Ok(new)
    }
}

pub(super) fn combine(op: AssignOp, old: f64, by: f64) -> Step<f64> {
    match op {
        AssignOp::Set => Ok(by),
        AssignOp::Add => Ok(old + by),
        AssignOp::Sub => Ok(old - by),
        AssignOp::Mul => Ok(old * by),
        AssignOp::Div => divide(old, by),
    }
}

fn divide(a: f64, b: f64) -> Step<f64> {
    if b == 0.0 { Err(HocErrorKind::Arithmetic("division by zero")) } else { Ok(a / b) }
}

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn binary(op: BinaryOp, a: &Value, b: &Value) -> Step<f64> {
    let (a, b) = match (a, b) {
        (Value::Number(a), Value::Number(b)) => (*a, *b),
        (Value::Object(a), Value::Object(b)) if op == BinaryOp::Equal => return Ok(truth(a == b)),
        (Value::Object(a), Value::Object(b)) if op == BinaryOp::Unequal => return Ok(truth(a != b)),
        (Value::Number(_), odd) | (odd, _) => {
            let what = "an operand".to_string();
            return Err(HocErrorKind::Type { what, found: odd.kind(), expected: "a number" });
        }
    };
    Ok(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => divide(a, b)?,
        BinaryOp::Mod => modulo(a, b)?,
        BinaryOp::Pow => {
            let power = a.powf(b);
            if power.is_nan() && !a.is_nan() && !b.is_nan() {
                return Err(HocErrorKind::Arithmetic("a negative number to a fractional power"));
            }
            power
        }
        BinaryOp::Equal => truth(a <= b + EPSILON && a >= b - EPSILON),
        BinaryOp::Unequal => truth(a < b - EPSILON || a > b + EPSILON),
        BinaryOp::Less => truth(a < b - EPSILON),
        BinaryOp::LessEqual => truth(a <= b + EPSILON),
        BinaryOp::Greater => truth(a > b + EPSILON),
        BinaryOp::GreaterEqual => truth(a >= b - EPSILON),
        // both sides are evaluated, in HOC
        BinaryOp::And => truth(a != 0.0 && b != 0.0),
        BinaryOp::Or => truth(a != 0.0 || b != 0.0),
    })
}

/// `a % b`, from 0 to below b.
fn modulo(a: f64, b: f64) -> Step<f64> {
    if b <= 0.0 || b.is_nan() {
        return Err(HocErrorKind::Arithmetic("a % b with b not above zero"));
    }
    let mut rest = a;
    if rest >= b {
        rest = a - (a / b).floor() * b;
    } else if rest <= -b {
        rest = a + (-a / b).floor() * b;
    }
    if rest > b {
        rest -= b;
    }
    Ok(if rest < 0.0 { rest + b } else { rest })
}
