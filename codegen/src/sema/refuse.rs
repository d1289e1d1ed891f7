//! Constructs that are recognised and refused by name.

use nmodl_parser::{Diagnostic, Span};

/// A refusal: its code, what the construct is, and what to do about it.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    /// Diagnostic code.
    pub code: &'static str,
    /// The construct.
    pub what: &'static str,
    /// What it is and what to do.
    pub help: &'static str,
}

impl Refusal {
    /// The diagnostic at a place.
    pub fn at(&self, span: Span) -> Diagnostic {
        let message = format!("{} is not supported", self.what);
        Diagnostic::error(self.code, message, span, "not supported").help(self.help)
    }
}

macro_rules! refusals {
    ($($name:ident $code:literal $what:literal $help:literal)*) => {
        $(
            #[doc = concat!("Refusal of ", $what, ".")]
            pub const $name: Refusal = Refusal { code: $code, what: $what, help: $help };
        )*
        /// All refusals.
        pub const ALL: &[Refusal] = &[$($name),*];
    };
}

refusals! {
    DISCRETE "M0104" "DISCRETE"
        "a DISCRETE block is a difference equation over steps, and NEURON 9 advances its own time twice a step where there is one; use a PROCEDURE with ASSIGNED variables, SOLVEd in BREAKPOINT"
    VERBATIM "M0111" "VERBATIM with C code"
        "C is translated as far as it computes with numbers: declarations, assignments, if, while, for, return, calls of mathematical functions and of the file's routines, drawing random numbers from a POINTER; write the rest in NMODL"
    EXTERNAL "M0115" "an EXTERNAL variable that the mechanism assigns"
        "an EXTERNAL variable is a GLOBAL of another mechanism, and those are read-only here; pass the value by an ion, or by NET_RECEIVE"
    POINT_DIFFUSION "M0118" "LONGITUDINAL_DIFFUSION in a POINT_PROCESS"
        "states diffuse between compartments that have the mechanism, and a point process has no volume of a compartment; use a SUFFIX, or remove the statement to keep the reactions at the point"
    BEFORE_AFTER "M0119" "this BEFORE or AFTER block"
        "NEURON runs BEFORE BREAKPOINT, AFTER SOLVE, BEFORE INITIAL, AFTER INITIAL and BEFORE STEP, and stops at any other"
    CONSTRUCTOR "M0120" "this CONSTRUCTOR"
        "a CONSTRUCTOR may compute with numbers and variables of the mechanism; the time, the potential, ions, random numbers and events belong into INITIAL"
    RANDOM_FUNCTION "M0121" "this random number function"
        "use a RANDOM variable of the NEURON block, or scop_random, exprand, normrand, poisrand"
    METHOD "M0123" "this integration METHOD"
        "use cnexp for equations that are linear in their own state, derivimplicit for others, euler or runge, and sparse for a KINETIC block"
    LAG "M0124" "LAG"
        "keep the delayed value in an ASSIGNED variable"
    RECURSION "M0126" "a routine that calls itself"
        "every call is expanded in place; write a loop or a formula"
    LEGACY "M0127" "this obsolete SCoP construct"
        "NEURON does not use it either; remove it"
    HISTORY "M0128" "a past value `x@n`"
        "keep past values in ASSIGNED variables"
    HIGHER_DERIVATIVE "M0129" "a second derivative"
        "introduce a STATE for the first derivative and write two equations"
    TEXT "M0130" "a string argument"
        "only printf takes strings"
    MIXED_CURRENTS "M0132" "ELECTRODE_CURRENT together with other currents"
        "split the mechanism in two"
    MODL_FUNCTION "M0133" "this function of the simulator's library"
        "write its formula as a FUNCTION"
    TOO_LARGE "M0135" "a mechanism that grows so large"
        "every call is expanded in place, and loops around equations are written out: a kernel may come to 10000 calls, nested 100 deep, and a mechanism to 40000 statements by calls and 120000 by loops; call a routine once and keep its result in a LOCAL"
}
