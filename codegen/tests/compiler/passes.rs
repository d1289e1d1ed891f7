//! The optimising passes: text in, text out.

use crate::support::{assert_text, mechanism, text};

fn breakpoint(declarations: &str, body: &str) -> codegen::ir::Mechanism {
    mechanism(&format!("NEURON {{ SUFFIX x {declarations} }} BREAKPOINT {{ {body} }}"))
}

#[test]
fn fold_keeps_what_may_be_infinite() {
    let mechanism = breakpoint(
        "RANGE y } PARAMETER { p = 1 } ASSIGNED { y v",
        "y = 0*v + (2*3)*v*1 + v/1 - (-p) - -(-v) + v^2 + v^0.5 + v^-1",
    );
    assert_text(&mechanism, &mechanism.kernels.state, "y := fma(v, v, fma(0, v, 6*v) + v + p - v) + sqrt(v) + 1/v");
}

#[test]
fn differences_of_exponentials_keep_their_digits() {
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", "y = v/(exp(v) - 1) + (1 - exp(-v/2)) + (-1 + exp(v/3))");
    assert_text(&mechanism, &mechanism.kernels.state, "y := v/expm1(v) - expm1(v/(-2)) + expm1(v/3)");
}

#[test]
fn known_conditions_disappear() {
    let mechanism = breakpoint(
        "RANGE y } DEFINE N 3 ASSIGNED { y v",
        "if (N > 2 && v > 0) { y = 1 } else { y = 2 } if (N == 4) { y = v } while (0) { y = 5 }",
    );
    assert_text(&mechanism, &mechanism.kernels.state, "if v > 0 {\n y := 1\n } else {\n y := 2\n }");
}

#[test]
fn repeated_expressions_are_computed_once() {
    let mechanism = breakpoint(
        "RANGE y, z } PARAMETER { k = 2 } ASSIGNED { y z v",
        "y = exp(v/k) + 1 z = exp(v/k)*y if (v > 0) { z = z + exp(v/k) + log(v) } y = y + log(v)",
    );
    assert_text(
        &mechanism,
        &mechanism.kernels.state,
        "exp_v = exp(v/k)
         y := exp_v + 1
         z := exp_v*self.y
         if v > 0 {
         z := self.z + exp_v + log(v)
         }
         y := self.y + log(v)",
    );
}

#[test]
fn an_assignment_ends_the_life_of_a_value() {
    let mechanism =
        breakpoint("RANGE y, z } ASSIGNED { y z v", "LOCAL a  a = v*2  y = exp(a)  a = a + 1  z = exp(a) + exp(v*2)");
    assert_text(
        &mechanism,
        &mechanism.kernels.state,
        "a = v*2
         y := exp(a)
         a = a + 1
         z := exp(a) + exp(v*2)",
    );
}

#[test]
fn hidden_variables_become_locals() {
    let mechanism = breakpoint(
        "RANGE y } ASSIGNED { y minf unused count v",
        "minf = exp(v) y = minf*minf count = count + 1 if (count > 3) { y = 0 }",
    );
    assert_eq!(mechanism.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["y", "count"]);
    assert!(text(&mechanism, &mechanism.kernels.state).starts_with("  minf = exp(v)\n"));
}

#[test]
fn a_column_is_not_assigned_while_its_old_value_is_needed() {
    let mechanism = breakpoint("RANGE y, z } ASSIGNED { y z v", "LOCAL old  old = y  y = v  z = old + y");
    assert_text(&mechanism, &mechanism.kernels.state, "z := self.y + v\n y := v");
}

#[test]
fn products_and_sums_are_contracted() {
    let mechanism = breakpoint(
        "RANGE y } PARAMETER { a = 1 b = 2 } ASSIGNED { y v",
        "y = (a*b + v)*(v - a*b) + (a*v - b)/(b + v*v)",
    );
    assert_text(
        &mechanism,
        &mechanism.kernels.state,
        "product = a*b
         y := fma(product + v, v - product, fma(a, v, -b)/fma(v, v, b))",
    );
}

#[test]
fn columns_that_a_branch_assigns_are_assigned_in_place() {
    let mechanism = breakpoint("RANGE y, z } ASSIGNED { y z v", "if (v > 0) { y = 1 } if (v > 1) { z = y }");
    assert_text(
        &mechanism,
        &mechanism.kernels.state,
        "if v > 0 {
         y := 1
         }
         if v > 1 {
         z := self.y
         }",
    );
}
