//! The codes of the parser's diagnostics.

/// A diagnostic code with its explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// `M0001`.
    pub code: &'static str,
    /// A short title.
    pub title: &'static str,
    /// What it means and what to do, a few sentences.
    pub explanation: &'static str,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal, $explanation:literal;)*) => {
        $(#[doc = $title] pub const $name: &str = $code;)*
        /// All codes of this crate, in order.
        pub const CODES: &[Code] =
            &[$(Code { code: $code, title: $title, explanation: $explanation }),*];
    };
}

codes! {
    BAD_STATEMENT = "M0001", "statement not understood",
        "The line is not a statement of NMODL. A statement is an assignment `x = expression`, a call `rates(v)`, or \
         begins with a keyword such as IF, SOLVE, TABLE or FROM. There is no separator: no `;`, and a newline does \
         not end a statement; it ends where the next token cannot continue it.";
    EXPECTED_EXPRESSION = "M0002", "expression missing",
        "An operator, `=`, `(` or `,` needs an expression behind it: a number, a variable, a call, or one of these in \
         parentheses.";
    MISSING_EQUALS = "M0003", "`=` or `(` missing",
        "A name alone is no statement. Write `name = expression` to assign, or `name()` to call a PROCEDURE.";
    OPEN_PARENTHESIS = "M0004", "bracket not closed or not open",
        "Each `(` needs its `)` and each `[` its `]` within the same statement.";
    OPEN_BLOCK = "M0005", "block not closed",
        "A `{` has no matching `}` before the next block begins or the file ends. Often the `}` of an inner if or \
         while is missing, so that the block's own `}` closed that instead.";
    STRAY_BRACE = "M0006", "`}` closes nothing",
        "There is a `}` too many, or the `{` it belongs to is missing.";
    UNKNOWN_BLOCK = "M0007", "unknown block",
        "At the top level of a file stand blocks (NEURON, UNITS, PARAMETER, CONSTANT, ASSIGNED, STATE, INITIAL, \
         BREAKPOINT, DERIVATIVE, KINETIC, LINEAR, NONLINEAR, DISCRETE, FUNCTION, PROCEDURE, FUNCTION_TABLE, \
         NET_RECEIVE, CONSTRUCTOR, DESTRUCTOR, BEFORE, AFTER) and the lines TITLE, DEFINE, INCLUDE, LOCAL, UNITSON, \
         UNITSOFF. Keywords are written in capitals. Text that is not code needs a `:` before it or COMMENT and \
         ENDCOMMENT around it.";
    OBSOLETE = "M0008", "obsolete construct",
        "This belongs to the SCoP language from which NMODL descends. NEURON does not accept it, and neither does \
         this compiler. Remove it.";
    OPEN_VERBATIM = "M0009", "VERBATIM without ENDVERBATIM",
        "A VERBATIM block ends at the first line whose first word is ENDVERBATIM; none was found.";
    OPEN_COMMENT = "M0010", "COMMENT without ENDCOMMENT",
        "A COMMENT block ends at the first line whose first word is ENDCOMMENT; none was found. An ENDCOMMENT behind \
         other words on a line is part of the comment, as in NEURON.";
    TOO_DEEP = "M0011", "nested too deep",
        "Brackets and braces are nested, or an expression or a chain of `else if` goes on, beyond what the compiler \
         follows. Split the expression over several assignments, or move a part to a FUNCTION or PROCEDURE.";
    BAD_DECLARATION = "M0012", "declaration not understood",
        "Entries of PARAMETER, CONSTANT, ASSIGNED and STATE read `name = number (unit) <low, high>`; `= number`, unit \
         and limits may be left out, and `name[3]` declares an array. The value must be a plain number, not an \
         expression. Entries are separated by blanks or newlines, not by commas.";
    BAD_NEURON = "M0013", "statement of the NEURON block not understood",
        "The NEURON block holds SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL with a name, `USEION ion READ list WRITE list \
         VALENCE number`, NONSPECIFIC_CURRENT, ELECTRODE_CURRENT, RANGE, GLOBAL, POINTER, BBCOREPOINTER, EXTERNAL and \
         RANDOM with lists of names separated by commas, THREADSAFE and REPRESENTS.";
    BAD_UNITS = "M0014", "line of the UNITS block not understood",
        "The UNITS block holds lines like `(mV) = (millivolt)`, `FARADAY = (faraday) (coulomb)` and \
         `F = 96520 (coulomb)`.";
    BAD_HEADER = "M0015", "head of a block not understood",
        "What stands between the keyword and the `{` of a block is not what this block needs, for example \
         `FUNCTION name(a (mV), b) (mS) {` or `DERIVATIVE states {`.";
    BAD_NUMBER = "M0016", "number out of range",
        "The number cannot be held by the type it is for.";
    NOT_A_NUMBER = "M0017", "number needed",
        "Only a number or a name given by DEFINE can stand here; expressions and other names cannot.";
    UNIT_OR_PRODUCT = "M0018", "a parenthesis after a number is a unit",
        "In NMODL a `(` after a number begins a unit, so `2(v+3)` is the number 2 with the unit `v+3`, not a product. \
         Write `2*(v+3)`.";
    LATE_LOCAL = "M0019", "LOCAL is not the first statement",
        "NEURON accepts LOCAL only once, as the first statement of a block. It is accepted here, but such a file \
         does not compile with NEURON.";
    BAD_WATCH = "M0020", "WATCH needs a comparison",
        "Write `WATCH (v > threshold) 2` with `>` or `<` between two expressions.";
    BAD_VALUE = "M0021", "a value where none may stand",
        "Only PARAMETER and CONSTANT entries have values. Variables of ASSIGNED and STATE get theirs in the INITIAL \
         block.";
    BAD_CHARACTER = "M0022", "character not allowed",
        "Outside of comments and TITLE an NMODL file is made of ASCII characters. Typographic quotes, dashes and \
         no-break spaces often come from a word processor or a web page.";
    BAD_TARGET = "M0023", "this cannot be assigned to",
        "Left of `=` stands a variable, an element of an array or the derivative of a state.";
    UNSUPPORTED_EQUATION = "M0024", "`~+` is not supported",
        "The addition of equations by `~+` is not supported. Write the sum out in one `~` equation.";
    ARBOR = "M0025", "Arbor's dialect",
        "WHITE_NOISE, POST_EVENT, JUNCTION_PROCESS and VOLTAGE_PROCESS belong to the dialect of NMODL that the Arbor \
         simulator reads. NEURON does not know them, and this compiler follows NEURON.";
    TOO_LARGE = "M0026", "file too large",
        "No mechanism is written in a file of this size; it is probably something else.";
    INCLUDE_MISSING = "M0027", "included file not found",
        "INCLUDE names a file that takes its place. It is looked for beside the file that includes it, in the working \
         directory, in the directory above that, and in the directories of the environment variable MODL_INCLUDE, \
         which are separated by colons.";
    INCLUDE_CYCLE = "M0028", "file that includes itself",
        "An included file includes, perhaps by way of others, a file that is being read already; that would never end.";
    NOT_FORMATTED = "M0029", "not formatted",
        "The formatter compares what it has made with the file before it gives it out. Here the two differed, which is a \
         defect of the formatter, so the file was left as it is.";
}

/// The explanation of a code of this crate.
pub fn explain(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code.eq_ignore_ascii_case(code))
}
