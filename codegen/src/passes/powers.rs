//! Powers with an exponent that is no whole number become exponentials of logarithms: `x^4.8` is `exp(4.8*log(x))`.
//!
//! The function `pow` computes the logarithm to more digits than a number has, lest the result lose some: of `x^y` as many
//! bits as `y*log(x)` has before the point. For exponents of a rate's formula those are six at most of 53, and it takes
//! three times as long.

use super::flow;
use crate::ir::{Expression, Function, Math};
use crate::math::build::{call, multiply};

/// Largest exponent, either sign.
const HIGHEST: f64 = 16.0;

/// Rewrites the powers of a kernel.
pub fn run(kernel: &mut Function) {
    flow::rewrite(&mut kernel.body, &mut |e| {
        let Expression::Call(Math::Pow, arguments) = e else { return };
        let [x, Expression::Number(y)] = arguments.as_slice() else { return };
        // A power of a negative number is one only if the exponent is whole, which a logarithm cannot tell.
        if y.abs() <= HIGHEST && y.fract() != 0.0 && !matches!(x, Expression::Number(_)) {
            *e = call(Math::Exp, multiply(call(Math::Log, x.clone()), Expression::Number(*y)));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{LocalId, Place, Statement, StatementKind};

    fn rewritten(y: f64) -> String {
        let x = Expression::Load(Place::Local(LocalId(0)));
        let power = Expression::Call(Math::Pow, vec![x, Expression::Number(y)]);
        let statement = Statement::new(StatementKind::Assign(Place::Local(LocalId(1)), power), 0);
        let mut kernel = Function { locals: vec![], body: vec![statement] };
        run(&mut kernel);
        format!("{:?}", kernel.body[0].kind)
    }

    #[test]
    fn only_small_broken_exponents_are_rewritten() {
        assert!(rewritten(4.8).contains("Exp") && rewritten(-0.5).contains("Log"));
        assert!(rewritten(5.0).contains("Pow") && rewritten(17.5).contains("Pow"));
    }
}
