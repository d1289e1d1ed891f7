//! Writes random mechanisms that are mostly right: they reach the passes and the back ends, where changed texts seldom come.

use super::rng::Rng;
use std::fmt::Write;

/// A random mechanism.
pub fn mechanism(rng: &mut Rng) -> String {
    let mut odd = || rng.one_in(3);
    let with = With { arrays: odd(), loops: odd(), sources: odd(), solvers: odd(), oddities: odd() };
    Writer { rng, out: String::new(), depth: 0, event: false, routine: false, with }.mechanism()
}

/// What a mechanism may hold besides the usual; most have little of it, so that one refusal does not hide the rest.
struct With {
    arrays: bool,
    loops: bool,
    /// POINTER, RANDOM and the like.
    sources: bool,
    /// KINETIC, LINEAR, NONLINEAR.
    solvers: bool,
    oddities: bool,
}

const STATES: [&str; 4] = ["m", "h", "n", "c"];
const VARIABLES: [&str; 6] = ["a", "b", "g", "minf", "mtau", "i"];
const NUMBERS: [&str; 14] =
    ["0", "1", "2", "-1", "0.5", "3.7", "1e-3", "1e5", "10", "100", "1e300", "1e-300", "65", "0.025"];
const INPUTS: [&str; 6] = ["v", "t", "dt", "celsius", "area", "diam"];
const ONE: [&str; 17] = [
    "f", "exp", "log", "log10", "sqrt", "fabs", "floor", "ceil", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan",
    "expm1", "exprelr",
];
const TWO: [&str; 4] = ["pow", "fmin", "fmax", "fmod"];
const METHODS: [&str; 7] =
    ["METHOD cnexp", "METHOD derivimplicit", "METHOD sparse", "METHOD euler", "", "METHOD after_cvode", "METHOD runge"];

struct Writer<'a> {
    rng: &'a mut Rng,
    out: String,
    depth: usize,
    /// Whether events exist here.
    event: bool,
    /// Whether this is a FUNCTION or PROCEDURE: calls there would go in circles.
    routine: bool,
    with: With,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push(if self.rng.one_in(3) { '\n' } else { ' ' });
    }

    fn pick(&mut self, items: &[&str]) -> String {
        self.rng.pick(items).to_owned()
    }

    fn mechanism(mut self) -> String {
        let point = self.rng.one_in(2);
        let artificial = point && self.rng.one_in(10);
        let kind = match (artificial, point) {
            (true, _) => "ARTIFICIAL_CELL",
            (_, true) => "POINT_PROCESS",
            _ => "SUFFIX",
        };
        self.push("NEURON {");
        self.push(&format!("{kind} x"));
        if !artificial {
            self.currents();
        }
        self.push("RANGE a, g, minf");
        for (chance, text) in
            [(3, "GLOBAL mtau"), (6, "POINTER p"), (6, "RANDOM r"), (4, "THREADSAFE"), (12, "BBCOREPOINTER q")]
        {
            if self.rng.one_in(chance) && (self.with.sources || chance < 6) {
                self.push(text);
            }
        }
        self.push("}");
        self.push("DEFINE N 3 UNITS { (mV) = (millivolt) F = (faraday) (coulomb) }");
        self.push("PARAMETER { a = 1 (mV) <0, 1e9> b = 2 g = 0.01 (S/cm2) }");
        self.push("ASSIGNED { v (mV) minf mtau i (mA/cm2) ica (mA/cm2) eca (mV) cai (mM) p }");
        self.push("STATE { m h n c }");
        if self.with.arrays {
            self.push("ASSIGNED { w[4] } STATE { s[3] }");
        }
        self.block("INITIAL", 3);
        if !artificial {
            self.breakpoint();
        }
        self.derivative();
        if self.with.solvers {
            self.kinetic();
            self.equations();
        }
        self.routines();
        if point {
            self.event = true;
            self.push("NET_RECEIVE(weight (uS), y) {");
            if self.rng.one_in(3) {
                self.block("INITIAL", 2);
            }
            self.statements(4);
            self.push("}");
        }
        self.out
    }

    fn currents(&mut self) {
        let lines = [
            "NONSPECIFIC_CURRENT i",
            "USEION ca READ eca WRITE ica",
            "USEION ca READ cai, ica WRITE cai VALENCE 2",
            "ELECTRODE_CURRENT i",
            "",
        ];
        let line = self.pick(&lines);
        self.push(&line);
    }

    fn breakpoint(&mut self) {
        self.push("BREAKPOINT {");
        let blocks = if self.with.solvers { &["d", "k", "l"][..] } else { &["d"] };
        let methods = if self.with.oddities { &METHODS } else { &METHODS[..4] };
        for _ in 0..1 + self.rng.below(blocks.len()).min(1) {
            let (name, method) = (self.pick(blocks), self.pick(methods));
            self.push(&format!("SOLVE {name} {method}"));
        }
        self.statements(3);
        let current = self.pick(&["i", "ica"]);
        self.push(&format!("{current} = g*m*(v - a)"));
        self.push("}");
    }

    fn derivative(&mut self) {
        self.push("DERIVATIVE d {");
        self.statements(2);
        for state in STATES {
            if self.rng.one_in(2) {
                let value = match self.rng.below(3) {
                    0 => format!("(minf - {state})/mtau"),
                    1 => format!("({})*(1 - {state}) - ({})*{state}", self.expression(), self.expression()),
                    _ => self.expression(),
                };
                self.push(&format!("{state}' = {value}"));
            }
        }
        self.push("}");
    }

    fn kinetic(&mut self) {
        self.push("KINETIC k {");
        for _ in 0..1 + self.rng.below(4) {
            let (a, b) = (self.reactants(), self.reactants());
            let (forward, back) = (self.expression(), self.expression());
            let line = match self.rng.below(5) {
                0 => format!("~ {a} << ({forward})"),
                1 => format!("~ {a} -> ({forward})"),
                _ => format!("~ {a} <-> {b} ({forward}, {back})"),
            };
            self.push(&line);
        }
        if self.rng.one_in(2) {
            let sum = self.reactants();
            self.push(&format!("CONSERVE {sum} = 1"));
        }
        if self.rng.one_in(4) {
            self.push(if self.with.arrays { "COMPARTMENT j, a { s }" } else { "COMPARTMENT a { m h }" });
        }
        self.push("}");
    }

    fn equations(&mut self) {
        let kind = self.pick(&["LINEAR", "NONLINEAR"]);
        self.push(&format!("{kind} l {{"));
        for _ in 0..1 + self.rng.below(3) {
            let (left, right) = (self.expression(), self.expression());
            self.push(&format!("~ {left} = {right}"));
        }
        self.push("}");
    }

    fn reactants(&mut self) -> String {
        let mut text = String::new();
        for at in 0..1 + self.rng.below(2) {
            let count = self.pick(&["", "", "2 ", "3 "]);
            let states = if self.with.arrays { &["m", "h", "s[0]", "s[2]"][..] } else { &STATES };
            let state = self.pick(states);
            let _ = write!(text, "{}{count}{state}", if at > 0 { " + " } else { "" });
        }
        text
    }

    fn routines(&mut self) {
        self.routine = true;
        self.push("FUNCTION f(x) {");
        if self.rng.one_in(8) {
            self.push("TABLE FROM -100 TO 100 WITH 200");
        }
        self.statements(2);
        let value = self.expression();
        self.push(&format!("f = {value}"));
        self.push("}");
        self.push("PROCEDURE rates(x) {");
        if self.rng.one_in(8) {
            self.push("TABLE minf, mtau DEPEND celsius FROM -100 TO 100 WITH 200");
        }
        self.statements(4);
        self.push("}");
        self.routine = false;
    }

    fn block(&mut self, head: &str, most: usize) {
        self.push(&format!("{head} {{"));
        self.statements(most);
        self.push("}");
    }

    fn statements(&mut self, most: usize) {
        if self.depth > 4 {
            return;
        }
        self.depth += 1;
        if self.rng.one_in(5) {
            self.push(if self.with.arrays { "LOCAL x, u[2]" } else { "LOCAL x" });
        }
        for _ in 0..self.rng.below(most + 1) {
            self.statement();
        }
        self.depth -= 1;
    }

    fn statement(&mut self) {
        let value = self.expression();
        match self.rng.below(if self.event && self.with.oddities { 18 } else { 14 }) {
            0..=6 => {
                let target = match self.rng.below(4) {
                    0 => self.pick(&STATES),
                    1 if self.with.arrays => self.pick(&["w[0]", "w[N]", "s[1]", "u[1]", "w[j]", "x", "cai", "p"]),
                    _ => self.pick(&VARIABLES),
                };
                self.push(&format!("{target} = {value}"));
            }
            7 | 8 => {
                let condition = self.condition();
                self.block(&format!("if ({condition})"), 3);
                if self.rng.one_in(2) {
                    self.block("else", 3);
                }
            }
            9 if self.with.loops => {
                let bounds = self.pick(&["0 TO N-1", "0 TO 3", "1 TO 200", "a TO b", "3 TO 0", "0 TO 10 BY 2"]);
                self.block(&format!("FROM j = {bounds}"), 2);
            }
            10 if self.with.loops => {
                let condition = self.condition();
                self.block(&format!("while ({condition})"), 2);
            }
            11 | 12 if !self.routine => self.push(&format!("rates({value})")),
            13 if self.with.oddities => {
                let odd = self.pick(&[
                    "UNITSOFF",
                    "UNITSON",
                    "printf(\"%g\\n\", v)",
                    "PROTECT a = a + 1",
                    "VERBATIM\nreturn 0;\nENDVERBATIM\n",
                    "set_seed(3)",
                    "a = scop_random()",
                    "a = random_uniform(r)",
                    "at_time(3)",
                    "CONDUCTANCE g",
                ]);
                self.push(&odd);
            }
            9..14 => {}
            14 => self.push(&format!("net_send({value}, 1)")),
            15 => self.push(&format!("net_event({value})")),
            16 => self.push(&format!("WATCH (v > {value}) 2")),
            _ => {
                let odd =
                    self.pick(&["net_move(t + 1)", "FOR_NETCONS(z, y) { y = y*z }", "state_discontinuity(m, m + 1)"]);
                self.push(&odd);
            }
        }
    }

    fn condition(&mut self) -> String {
        let (a, b) = (self.expression(), self.expression());
        let comparison = self.pick(&["<", ">", "<=", ">=", "==", "!="]);
        let single = format!("{a} {comparison} {b}");
        match self.rng.below(6) {
            0 => format!("{single} && {a} > 1"),
            1 => format!("!({single}) || {b} < 2"),
            2 => a,
            _ => single,
        }
    }

    fn expression(&mut self) -> String {
        if self.depth > 7 || self.rng.one_in(3) {
            return self.leaf();
        }
        self.depth += 2;
        let a = self.expression();
        let text = match self.rng.below(9) {
            0 => format!("-{a}"),
            1 => format!("({a})"),
            2 => format!("{}({a})", self.pick(if self.routine { &ONE[1..] } else { &ONE })),
            3 => {
                let b = self.expression();
                format!("{}({a}, {b})", self.pick(&TWO))
            }
            _ => {
                let b = self.expression();
                let operator = self.pick(&["+", "-", "*", "/", "^", "*", "+"]);
                format!("({a}) {operator} {b}")
            }
        };
        self.depth -= 2;
        text
    }

    fn leaf(&mut self) -> String {
        match self.rng.below(8) {
            0 | 1 => self.pick(&NUMBERS),
            2 => self.pick(&INPUTS),
            3 => self.pick(&STATES),
            4 if self.with.arrays => self.pick(&["w[0]", "w[j]", "s[2]", "cai", "F", "p"]),
            5 if self.event => self.pick(&["flag", "weight", "y"]),
            _ => self.pick(&VARIABLES),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nmodl_parser::SourceFile;

    #[test]
    fn many_mechanisms_are_right() {
        let mut rng = Rng::new(1);
        let accepted = (0..300).filter(|_| {
            let source = SourceFile::new("a.mod", mechanism(&mut rng));
            codegen::compile(&source, &codegen::Options::default()).0.is_some()
        });
        let accepted = accepted.count();
        assert!(accepted > 60, "{accepted}");
    }
}
