//! Changes of a text: bytes, tokens, lines, parts of another text.

use super::rng::Rng;

/// Words and signs that mean something in NMODL, and values at edges.
pub const DICTIONARY: &[&str] = &[
    "NEURON",
    "UNITS",
    "PARAMETER",
    "ASSIGNED",
    "STATE",
    "CONSTANT",
    "INITIAL",
    "BREAKPOINT",
    "DERIVATIVE",
    "KINETIC",
    "LINEAR",
    "NONLINEAR",
    "DISCRETE",
    "FUNCTION",
    "PROCEDURE",
    "FUNCTION_TABLE",
    "NET_RECEIVE",
    "CONSTRUCTOR",
    "DESTRUCTOR",
    "BEFORE",
    "AFTER",
    "INDEPENDENT",
    "DEFINE",
    "INCLUDE",
    "LOCAL",
    "TITLE",
    "VERBATIM",
    "ENDVERBATIM",
    "COMMENT",
    "ENDCOMMENT",
    "UNITSON",
    "UNITSOFF",
    "SUFFIX",
    "POINT_PROCESS",
    "ARTIFICIAL_CELL",
    "USEION",
    "READ",
    "WRITE",
    "VALENCE",
    "NONSPECIFIC_CURRENT",
    "ELECTRODE_CURRENT",
    "RANGE",
    "GLOBAL",
    "POINTER",
    "BBCOREPOINTER",
    "EXTERNAL",
    "RANDOM",
    "THREADSAFE",
    "REPRESENTS",
    "SOLVE",
    "METHOD",
    "STEADYSTATE",
    "cnexp",
    "sparse",
    "derivimplicit",
    "euler",
    "after_cvode",
    "newton",
    "TABLE",
    "DEPEND",
    "FROM",
    "TO",
    "WITH",
    "BY",
    "START",
    "CONSERVE",
    "COMPARTMENT",
    "LONGITUDINAL_DIFFUSION",
    "CONDUCTANCE",
    "WATCH",
    "FOR_NETCONS",
    "PROTECT",
    "MUTEXLOCK",
    "MUTEXUNLOCK",
    "LAG",
    "STEP",
    "IFERROR",
    "SOLVEFOR",
    "if",
    "else",
    "while",
    "IF",
    "ELSE",
    "WHILE",
    "~",
    "<->",
    "<<",
    "->",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "=",
    "==",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "&&",
    "||",
    "!",
    "+",
    "-",
    "*",
    "/",
    "^",
    "%",
    ",",
    "'",
    "''",
    "@",
    "\"",
    ":",
    "?",
    ".",
    ";",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "0",
    "1",
    "-1",
    "2",
    "1e308",
    "1e-308",
    "1e999",
    "4294967296",
    "99999999999999999999",
    "2147483648",
    "0.5",
    "1e9",
    "v",
    "t",
    "dt",
    "celsius",
    "area",
    "diam",
    "m",
    "m'",
    "h",
    "x",
    "y",
    "i",
    "w",
    "flag",
    "weight",
    "ca",
    "cai",
    "ica",
    "na",
    "ena",
    "k",
    "ek",
    "exp",
    "log",
    "pow",
    "sqrt",
    "fabs",
    "fmod",
    "net_send",
    "net_event",
    "net_move",
    "state_discontinuity",
    "at_time",
    "random_uniform",
    "random_setseq",
    "scop_random",
    "exprand",
    "normrand",
    "set_seed",
    "nrn_pointing",
    "printf",
    "f_flux",
    "b_flux",
    "rates(v)",
    "(mV)",
    "(ms)",
    "(mA/cm2)",
    "(1)",
    "<0,1e9>",
    "FARADAY = (faraday) (coulomb)",
    "LOCAL a, b[3]",
    "\u{e9}",
    "\u{fffd}",
    "\u{1a}",
    "\u{4}",
    "\0",
];

/// Texts never grow beyond this.
const MAX_BYTES: usize = 20_000;

/// Changes a text a few times; `other` is there to take parts from.
pub fn mutate(text: &mut Vec<u8>, other: &[u8], rng: &mut Rng) {
    for _ in 0..1 + rng.below(4) {
        match rng.below(12) {
            0 => flip(text, rng),
            1 => insert(text, &[rng.bits() as u8], rng),
            2..=4 => insert(text, format!(" {} ", rng.pick(DICTIONARY)).as_bytes(), rng),
            5 | 6 => replace_token(text, rng.pick(DICTIONARY).as_bytes(), rng),
            7 => {
                let token = token(other, rng);
                replace_token(text, &other[token], rng);
            }
            8 => remove(text, rng),
            9 => repeat(text, rng),
            10 => {
                let part = lines(other, rng);
                insert(text, &other[part], rng);
            }
            _ => {
                let gone = lines(text, rng);
                text.drain(gone);
            }
        }
    }
    text.truncate(MAX_BYTES);
}

fn flip(text: &mut [u8], rng: &mut Rng) {
    let at = rng.below(text.len());
    if let Some(byte) = text.get_mut(at) {
        *byte ^= 1 << rng.below(8);
    }
}

fn insert(text: &mut Vec<u8>, part: &[u8], rng: &mut Rng) {
    let at = rng.below(text.len() + 1);
    text.splice(at..at, part.iter().copied());
}

/// The range of a token: letters and digits together, else one byte.
fn token(text: &[u8], rng: &mut Rng) -> std::ops::Range<usize> {
    if text.is_empty() {
        return 0..0;
    }
    let word = |at: usize| text[at].is_ascii_alphanumeric() || text[at] == b'_' || text[at] == b'.';
    let at = (rng.below(text.len())..text.len()).find(|&at| !text[at].is_ascii_whitespace()).unwrap_or(0);
    if !word(at) {
        return at..at + 1;
    }
    let start = (0..at).rev().take_while(|&at| word(at)).last().unwrap_or(at);
    let end = (at..text.len()).take_while(|&at| word(at)).last().unwrap_or(at);
    start..end + 1
}

fn replace_token(text: &mut Vec<u8>, with: &[u8], rng: &mut Rng) {
    let range = token(text, rng);
    text.splice(range, with.iter().copied());
}

fn remove(text: &mut Vec<u8>, rng: &mut Rng) {
    let start = rng.below(text.len());
    let end = (start + 1 + rng.below(12)).min(text.len());
    text.drain(start.min(end)..end);
}

/// Repeats a piece many times: nesting and length.
fn repeat(text: &mut Vec<u8>, rng: &mut Rng) {
    let range = token(text, rng);
    let end = (range.end + rng.below(12)).min(text.len());
    let piece = text[range.start..end].to_vec();
    let times = 1 << rng.below(9);
    let many: Vec<u8> = piece.iter().copied().cycle().take((piece.len() * times).min(4000)).collect();
    text.splice(end..end, many);
}

/// The range of some lines.
fn lines(text: &[u8], rng: &mut Rng) -> std::ops::Range<usize> {
    let line_start = |at: usize| text[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let start = line_start(rng.below(text.len()));
    let mut end = start;
    for _ in 0..1 + rng.below(4) {
        end += text[end..].iter().position(|&byte| byte == b'\n').map_or(text.len() - end, |at| at + 1);
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_can_be_mutated() {
        let mut rng = Rng::new(1);
        for text in [&b""[..], b"x", b"\n\n", b"NEURON { SUFFIX a }\n"] {
            let mut text = text.to_vec();
            for _ in 0..2000 {
                mutate(&mut text, b"a = b\nc", &mut rng);
                assert!(text.len() <= MAX_BYTES);
            }
        }
    }
}
