//! The codes of the check of units.

use crate::codes::code;
use nmodl_parser::codes::Code;

/// All of them.
pub const CODES: &[Code] = &[
    code(
        "M0360",
        "units that do not conform",
        "What is added, compared, assigned or passed to a routine has to be in units of one dimension. A variable or argument declared without a unit is a plain number. A number without a unit takes that of its neighbour, but not in a product: write `2 (ms)`. Code without units stands between UNITSOFF and UNITSON.",
    ),
    code(
        "M0361",
        "conversion factor missing",
        "Units never change a number in NMODL. Where volts meet millivolts a factor is needed, written as a number alone in parentheses: `(1000)*x`. It multiplies by 1000, and the check of units counts it as the conversion that it is.",
    ),
    code(
        "M0362",
        "argument or exponent with a unit",
        "The argument of exp, log, sin and the like is a plain number, and so is an exponent: `exp(v/25(mV))`, `q10^((celsius - 22(degC))/10(degC))`. Only whole exponents can be applied to a value with a unit.",
    ),
    code(
        "M0363",
        "unit unknown to NEURON",
        "NEURON knows most units by their long names only (millivolt, milliamp, micron). UNITS defines the short ones: `(mV) = (millivolt)`, `(mA) = (milliamp)`, `(um) = (micron)`, `(mM) = (milli/liter)`, `(S) = (siemens)`, `(molar) = (1/liter)`. A product is written with a blank or `-`.",
    ),
    code(
        "M0364",
        "variable of the simulator in another unit",
        "v and potentials are in mV, t and dt in ms, celsius in degC, diam in um, area in um2, concentrations in mM (milli/liter), currents in mA/cm2 or, in a POINT_PROCESS, in nA. Declaring another unit converts nothing.",
    ),
    code(
        "M0365",
        "amounts of a reaction differ",
        "All states of a reaction are measured in the same unit, after multiplication with the volume that COMPARTMENT gives them.",
    ),
    code(
        "M0366",
        "unit defined twice",
        "The name already has another meaning, in NEURON's table or by an earlier line of UNITS, and keeps it.",
    ),
    code(
        "M0367",
        "minus sign in a unit",
        "NEURON has no negative exponents in units: `-` multiplies, so `(mV-1)` is read as `(mV)`. Write `(/mV)`.",
    ),
];
