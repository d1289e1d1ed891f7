//! How statements, blocks and their keywords read, for help in messages.

/// Statement keywords and how such a statement reads.
pub(super) const STATEMENTS: [(&str, &str); 22] = [
    ("IF", "if (condition) { ... } else { ... }"),
    ("if", "if (condition) { ... } else { ... }"),
    ("ELSE", "if (condition) { ... } else { ... }"),
    ("else", "if (condition) { ... } else { ... }"),
    ("WHILE", "while (condition) { ... }"),
    ("while", "while (condition) { ... }"),
    ("FROM", "FROM i = 0 TO n-1 { ... }"),
    ("SOLVE", "SOLVE block METHOD method"),
    ("TABLE", "TABLE names DEPEND names FROM low TO high WITH 200"),
    ("LOCAL", "LOCAL a, b"),
    ("CONDUCTANCE", "CONDUCTANCE g USEION ion"),
    ("CONSERVE", "CONSERVE a + b = 1"),
    ("COMPARTMENT", "COMPARTMENT i, volume { states }"),
    ("LONGITUDINAL_DIFFUSION", "LONGITUDINAL_DIFFUSION i, constant { states }"),
    ("WATCH", "WATCH (v > threshold) 2"),
    ("FOR_NETCONS", "FOR_NETCONS(w, a) { ... }"),
    ("PROTECT", "PROTECT x = x + 1"),
    ("LAG", "LAG x BY delay"),
    ("VERBATIM", "VERBATIM ... ENDVERBATIM"),
    ("UNITSON", "UNITSON"),
    ("UNITSOFF", "UNITSOFF"),
    ("~", "~ a + b <-> c (kf, kb), ~ a << (flux), or ~ left = right"),
];

/// Statements of the NEURON block and how they read.
pub(super) const NEURON_STATEMENTS: [(&str, &str); 14] = [
    ("SUFFIX", "SUFFIX name"),
    ("POINT_PROCESS", "POINT_PROCESS name"),
    ("ARTIFICIAL_CELL", "ARTIFICIAL_CELL name"),
    ("USEION", "USEION ion READ list WRITE list VALENCE number"),
    ("NONSPECIFIC_CURRENT", "NONSPECIFIC_CURRENT a, b"),
    ("ELECTRODE_CURRENT", "ELECTRODE_CURRENT a, b"),
    ("RANGE", "RANGE a, b"),
    ("GLOBAL", "GLOBAL a, b"),
    ("POINTER", "POINTER a, b"),
    ("BBCOREPOINTER", "BBCOREPOINTER a, b"),
    ("EXTERNAL", "EXTERNAL a, b"),
    ("RANDOM", "RANDOM a, b"),
    ("THREADSAFE", "THREADSAFE"),
    ("REPRESENTS", "REPRESENTS CHEBI:29108"),
];

/// Blocks and lines of the top level and how they read.
pub(super) const ITEMS: [(&str, &str); 29] = [
    ("NEURON", "NEURON { ... }"),
    ("TITLE", "TITLE text"),
    ("UNITS", "UNITS { ... }"),
    ("PARAMETER", "PARAMETER { ... }"),
    ("CONSTANT", "CONSTANT { ... }"),
    ("ASSIGNED", "ASSIGNED { ... }"),
    ("STATE", "STATE { ... }"),
    ("INDEPENDENT", "INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }"),
    ("DEFINE", "DEFINE name integer"),
    ("INCLUDE", "INCLUDE \"file\""),
    ("LOCAL", "LOCAL a, b"),
    ("INITIAL", "INITIAL { ... }"),
    ("BREAKPOINT", "BREAKPOINT { ... }"),
    ("EQUATION", "BREAKPOINT { ... }"),
    ("DERIVATIVE", "DERIVATIVE name { ... }"),
    ("KINETIC", "KINETIC name { ... }"),
    ("LINEAR", "LINEAR name { ... }"),
    ("NONLINEAR", "NONLINEAR name { ... }"),
    ("DISCRETE", "DISCRETE name { ... }"),
    ("FUNCTION", "FUNCTION name(a (mV), b) (mS) { ... }"),
    ("FUNCTION_TABLE", "FUNCTION_TABLE name(a (mV)) (mS)"),
    ("PROCEDURE", "PROCEDURE name(a (mV), b) { ... }"),
    ("NET_RECEIVE", "NET_RECEIVE(weight) { ... }"),
    ("CONSTRUCTOR", "CONSTRUCTOR { ... }"),
    ("DESTRUCTOR", "DESTRUCTOR { ... }"),
    ("BEFORE", "BEFORE BREAKPOINT { ... }"),
    ("AFTER", "AFTER SOLVE { ... }"),
    ("UNITSON", "UNITSON"),
    ("UNITSOFF", "UNITSOFF"),
];

/// Blocks whose body holds declarations, not statements.
pub(super) const DECLARING: [&str; 8] =
    ["NEURON", "UNITS", "PARAMETER", "CONSTANT", "ASSIGNED", "STATE", "INDEPENDENT", "FUNCTION_TABLE"];

/// Blocks and statements of SCoP that NEURON no longer has.
pub(super) const OBSOLETE_BLOCKS: [&str; 8] =
    ["TERMINAL", "PLOT", "MATCH", "PARTIAL", "STEPPED", "SENS", "DEPENDENT", "MODEL"];
pub(super) const OBSOLETE_STATEMENTS: [&str; 8] =
    ["RESET", "SWEEP", "MATCH", "PRINT", "SENS", "PUTQ", "GETQ", "FORALL"];

/// Blocks and statements that only the Arbor simulator knows.
pub(super) const ARBOR: [&str; 4] = ["WHITE_NOISE", "POST_EVENT", "JUNCTION_PROCESS", "VOLTAGE_PROCESS"];
