//! The words of the language, each explained in a line.

/// What a word is and does, if it is one of the language.
pub fn explain(word: &str) -> Option<(&'static str, &'static str)> {
    let tables = [
        ("keyword", KEYWORDS),
        ("built-in function", FUNCTIONS),
        ("variable of the simulator", VARIABLES),
        ("method of SOLVE", METHODS),
    ];
    tables.into_iter().find_map(|(kind, table)| {
        let (_, text) = table.iter().find(|(name, _)| *name == word)?;
        Some((kind, *text))
    })
}

/// Reserved words.
pub const KEYWORDS: &[(&str, &str)] = &[
    ("NEURON", "The block that tells NEURON the mechanism's name, ions, currents and visible variables."),
    ("UNITS", "Names for units, `(mV) = (millivolt)`, and physical constants, `F = (faraday) (coulomb)`."),
    ("PARAMETER", "Variables with a value that the user may set."),
    ("CONSTANT", "Values that never change."),
    ("ASSIGNED", "Variables that the mechanism computes, or that it is given."),
    ("STATE", "Variables of differential equations or reactions."),
    ("INDEPENDENT", "The independent variable; obsolete, it is always `t`."),
    ("DEFINE", "A name for an integer, for lengths of arrays and bounds of loops."),
    ("INCLUDE", "Takes in the text of another file."),
    ("TITLE", "The rest of the line is the file's title."),
    ("INITIAL", "Statements that give the states their initial values; in NET_RECEIVE, those of a connection."),
    ("BREAKPOINT", "Statements of each time step: SOLVE, then the currents."),
    ("DERIVATIVE", "A block of differential equations `m' = ...`, named by SOLVE."),
    ("KINETIC", "A block of reactions `~ a <-> b (kf, kb)`, named by SOLVE."),
    ("LINEAR", "A block of linear equations `~ a + b = c`, named by SOLVE."),
    ("NONLINEAR", "A block of nonlinear equations `~ a*a = c`, named by SOLVE."),
    ("DISCRETE", "A block of difference equations, named by SOLVE."),
    ("FUNCTION", "A routine whose value is assigned to its own name."),
    ("PROCEDURE", "A routine without a value."),
    ("FUNCTION_TABLE", "A function whose values the user gives as a table."),
    ("NET_RECEIVE", "What happens when an event arrives; the first argument is the connection's weight."),
    ("CONSTRUCTOR", "Statements run once, when an instance is made."),
    ("DESTRUCTOR", "Statements run when an instance is removed."),
    ("BEFORE", "Statements run before INITIAL, BREAKPOINT or STEP."),
    ("AFTER", "Statements run after INITIAL or SOLVE."),
    ("SUFFIX", "The name of a mechanism that is inserted into sections."),
    ("POINT_PROCESS", "The name of a mechanism that is placed at a point, such as a synapse."),
    ("ARTIFICIAL_CELL", "The name of a mechanism that is a cell by itself and only sends and receives events."),
    ("USEION", "The ion whose variables the mechanism uses: `USEION ca READ cai WRITE ica VALENCE 2`."),
    ("READ", "The variables of an ion that the mechanism uses."),
    ("WRITE", "The variables of an ion that the mechanism sets."),
    ("VALENCE", "The charge of an ion that NEURON does not know."),
    ("REPRESENTS", "The ontology term that an ion or mechanism stands for."),
    ("NONSPECIFIC_CURRENT", "An outward membrane current that belongs to no ion, mA/cm2 or nA."),
    ("ELECTRODE_CURRENT", "A current into the cell, as of an electrode; positive depolarizes."),
    ("RANGE", "Variables with a value for each instance, visible to the user."),
    ("GLOBAL", "Variables with one value for all instances."),
    ("POINTER", "Variables that refer to a variable elsewhere, set by the user."),
    ("BBCOREPOINTER", "Pointers to data that C code manages."),
    ("EXTERNAL", "Global variables of other mechanisms."),
    ("RANDOM", "Streams of random numbers, each instance with its own."),
    ("THREADSAFE", "The mechanism may be used by several threads."),
    ("LOCAL", "Variables of a block, 0 at its beginning; at top level shared by all instances."),
    ("SOLVE", "Solves the equations of a block: `SOLVE states METHOD cnexp`."),
    ("METHOD", "How SOLVE integrates."),
    ("STEADYSTATE", "SOLVE finds the states at which nothing changes."),
    ("SOLVEFOR", "The states for which a block's equations are solved, and their order."),
    ("CONDUCTANCE", "A hint which variable is the conductance of a current."),
    ("CONSERVE", "A conservation law of a KINETIC block: `CONSERVE c + o = 1`."),
    ("COMPARTMENT", "The volumes of states in a KINETIC block."),
    ("LONGITUDINAL_DIFFUSION", "Area times diffusion constant of states that diffuse along a section."),
    ("TABLE", "Values are tabulated over the argument and interpolated: `TABLE minf FROM -100 TO 100 WITH 200`."),
    ("DEPEND", "Parameters of a TABLE; it is computed again when they change."),
    ("WATCH", "Sends an event with a flag when a condition becomes true: `WATCH (v > -20) 2`."),
    ("FOR_NETCONS", "Runs over all connections that end at this instance."),
    ("FROM", "A loop, `FROM i = 0 TO 9 { ... }`, or the beginning of a range."),
    ("TO", "The end of a range, included."),
    ("BY", "The step of a loop."),
    ("WITH", "The count of intervals of a TABLE."),
    ("IF", "Runs the block if the condition is not 0."),
    ("if", "Runs the block if the condition is not 0."),
    ("ELSE", "Runs if the condition was 0."),
    ("else", "Runs if the condition was 0."),
    ("WHILE", "Repeats the block as long as the condition is not 0."),
    ("while", "Repeats the block as long as the condition is not 0."),
    ("UNITSON", "From here on units are checked."),
    ("UNITSOFF", "From here on units are not checked."),
    ("VERBATIM", "C code, up to ENDVERBATIM."),
    ("ENDVERBATIM", "The end of C code; the first word of its line."),
    ("COMMENT", "A comment, up to ENDCOMMENT."),
    ("ENDCOMMENT", "The end of a comment; the first word of its line."),
    ("PROTECT", "The statement is run by one thread at a time."),
    ("MUTEXLOCK", "Begins statements that one thread runs at a time."),
    ("MUTEXUNLOCK", "Ends statements that one thread runs at a time."),
];

/// Functions that every file can call.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("exp", "`exp(x)`: e to the power x."),
    ("expm1", "`expm1(x)`: exp(x) - 1, exact for small x."),
    ("exprelr", "`exprelr(x)`: x/(exp(x) - 1), and 1 at x = 0."),
    ("log", "`log(x)`: natural logarithm."),
    ("log10", "`log10(x)`: decimal logarithm."),
    ("pow", "`pow(x, y)`: x to the power y, as `x^y`."),
    ("sqrt", "`sqrt(x)`: square root."),
    ("fabs", "`fabs(x)`: absolute value."),
    ("fmin", "`fmin(x, y)`: the smaller one."),
    ("fmax", "`fmax(x, y)`: the larger one."),
    ("fmod", "`fmod(x, y)`: remainder of x/y, with the sign of x."),
    ("floor", "`floor(x)`: the next integer below."),
    ("ceil", "`ceil(x)`: the next integer above."),
    ("sin", "`sin(x)`: sine, x in radian."),
    ("cos", "`cos(x)`: cosine, x in radian."),
    ("tan", "`tan(x)`: tangent, x in radian."),
    ("atan", "`atan(x)`: arc tangent in radian."),
    ("sinh", "`sinh(x)`: hyperbolic sine."),
    ("cosh", "`cosh(x)`: hyperbolic cosine."),
    ("tanh", "`tanh(x)`: hyperbolic tangent."),
    ("net_send", "`net_send(delay, flag)`: an event to this instance itself, after a delay in ms."),
    ("net_event", "`net_event(t)`: an event to all connections that begin here."),
    ("net_move", "`net_move(t)`: moves the pending event of this instance to another time."),
    ("at_time", "`at_time(t)`: 1 in the step that reaches the time t, 0 otherwise."),
    ("state_discontinuity", "`state_discontinuity(x, value)`: sets a state at an event, as `x = value` does."),
    ("nrn_ghk", "`nrn_ghk(v, ci, co, z)`: Goldman-Hodgkin-Katz driving force."),
    ("random_uniform", "`random_uniform(r, low, high)`: the next number of a RANDOM stream, uniform."),
    ("random_normal", "`random_normal(r, mean, deviation)`: the next number of a RANDOM stream, normal."),
    ("random_negexp", "`random_negexp(r, mean)`: the next number of a RANDOM stream, exponential."),
    ("scop_random", "`scop_random()`: a uniform random number."),
    ("normrand", "`normrand(mean, deviation)`: a normal random number."),
    ("exprand", "`exprand(mean)`: an exponential random number."),
    ("set_seed", "`set_seed(seed)`: begins the random numbers anew."),
    ("printf", "`printf(format, ...)`: prints; mechanisms print nothing here."),
];

/// What the simulator gives to every mechanism.
pub const VARIABLES: &[(&str, &str)] = &[
    ("v", "membrane potential, mV"),
    ("t", "time, ms"),
    ("dt", "time step, ms"),
    ("celsius", "temperature, degC"),
    ("diam", "diameter of the segment, um"),
    ("area", "membrane area of the segment, um2"),
];

/// Methods of SOLVE.
pub const METHODS: &[(&str, &str)] = &[
    ("cnexp", "Each equation by itself, exactly, where it is linear in its own state."),
    ("derivimplicit", "Backward Euler with Newton's method, for equations that are coupled or nonlinear."),
    ("sparse", "Backward Euler for KINETIC blocks."),
    ("euler", "Forward Euler."),
    ("after_cvode", "Statements of a PROCEDURE, after the integration of the states."),
];

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, KEYWORDS, METHODS, VARIABLES, explain};
    use std::collections::HashSet;

    #[test]
    fn every_word_is_explained_once() {
        let all = [KEYWORDS, FUNCTIONS, VARIABLES, METHODS].concat();
        let names: HashSet<&str> = all.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), all.len());
        assert_eq!(explain("cnexp").map(|(kind, _)| kind), Some("method of SOLVE"));
        assert_eq!(explain("gbar"), None);
    }
}
