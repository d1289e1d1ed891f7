//! All diagnostic codes with their explanations, for `modgen explain`.
//!
//! `M00..` syntax (the parser's), `M01..` constructs that are refused by name, `M02..` mistakes,
//! `M03..` warnings, `M036.` those of the check of units.

use crate::sema::refuse;
use nmodl_parser::codes::{CODES, Code};

/// The codes of the compiler proper, but for the refusals.
const OWN: &[Code] = &[
    code(
        "M0201",
        "undeclared variable",
        "Every variable is declared in PARAMETER, CONSTANT, ASSIGNED or STATE, as a LOCAL of its block, as an argument, or as an ion variable in USEION. Known without declaration are v, t, dt, celsius, area, diam, and `flag` in NET_RECEIVE.",
    ),
    code(
        "M0202",
        "unknown function",
        "The function is neither one of the file's FUNCTIONs and PROCEDUREs nor one of exp, log, log10, pow, sqrt, fabs, floor, ceil, sin, cos, tan, sinh, cosh, tanh, asin, acos, atan, atan2, erf, fmin, fmax, fmod, expm1, exprelr, nrn_ghk, nor one of the curves and forcing functions of SCoP (hyperbol, sigmoid, ramp, step, ...).",
    ),
    code("M0203", "wrong number of arguments", "A call needs as many arguments as the definition has."),
    code(
        "M0204",
        "declared twice",
        "A name is declared once. Blocks may repeat (their contents are joined), but not the names in them.",
    ),
    code("M0205", "equation of a variable that is no STATE", "Only STATEs have differential equations."),
    code(
        "M0206",
        "SOLVE of an unknown block",
        "SOLVE names a DERIVATIVE, KINETIC, LINEAR, NONLINEAR or DISCRETE block, or a PROCEDURE, of the same file.",
    ),
    code(
        "M0207",
        "unknown METHOD",
        "The methods are cnexp, derivimplicit, euler and runge; sparse, euler and runge for KINETIC blocks; after_cvode counts as cnexp.",
    ),
    code(
        "M0208",
        "assignment to a constant",
        "CONSTANTs, DEFINEs, constants of UNITS, and the event's flag have one value for ever.",
    ),
    code("M0209", "unknown ion variable", "Ion `ca` has the variables eca, cai, cao and ica, and no others."),
    code(
        "M0210",
        "mechanism without a name",
        "The NEURON block names the mechanism by SUFFIX (inserted into sections) or POINT_PROCESS (placed at a point).",
    ),
    code(
        "M0211",
        "equation outside a DERIVATIVE block",
        "`m' = ...` stands in a DERIVATIVE block, directly or inside an if, not in a PROCEDURE that the block calls.",
    ),
    code(
        "M0212",
        "product of a state with itself under cnexp",
        "cnexp solves s' = a*s + b exactly. In s' = -s*s the factor a would hold s itself. NEURON accepts such a line and integrates another equation without a message. METHOD derivimplicit solves the one that is written.",
    ),
    code("M0213", "an event used as a number", "net_send, net_event and net_move have no value."),
    code(
        "M0215",
        "assignment to a variable of the simulator",
        "t, dt, celsius, area and diam are given. An assignment to v changes a copy that lasts for the block.",
    ),
    code(
        "M0216",
        "unknown unit",
        "UNITS asks for the ratio of two units, and one is not known. Units of declarations are looked at by `modgen check --units` only.",
    ),
    code("M0217", "two mechanisms of one name", "Mechanisms are referred to by name, so each name can be taken once."),
    code(
        "M0218",
        "statement in the wrong place",
        "SOLVE stands in no block that is solved itself, CONDUCTANCE to BREAKPOINT, reactions to a KINETIC block, an inner INITIAL to NET_RECEIVE.",
    ),
    code("M0219", "variable used as a function", "`a(b)` is a call. A product is written `a*(b)`."),
    code("M0222", "name alone", "A statement is an assignment, a call with parentheses, or begins with a keyword."),
    code(
        "M0240",
        "length of an array",
        "`ca[4]` has four elements. The length is a whole number from 1 to 4096, or a name that DEFINE gives one.",
    ),
    code(
        "M0241",
        "index and array do not match",
        "An array stands for its elements, never for itself: `ca[0]` is a number, `ca` is not. Only a variable declared with a length has elements.",
    ),
    code(
        "M0242",
        "two valences of one ion",
        "Several USEION statements of an ion are joined; they must agree on VALENCE.",
    ),
    code(
        "M0243",
        "index outside an array",
        "The elements of `ca[4]` are ca[0] to ca[3]. An index that only the run knows is limited to these.",
    ),
    code(
        "M0244",
        "equation of an unknown element",
        "Equations and reactions are put together by the compiler, which must know whose they are: the index is a number, a DEFINE or constant, or the counter of a FROM between such bounds.",
    ),
    code(
        "M0245",
        "mistake in a reaction",
        "A reaction is `~ a + 2 b <-> c (forward, backward)`, `~ a -> (rate)` or `~ a << (flux)`. Reactants are STATEs that the block solves for; other variables take part but do not change. A flux needs one solved STATE.",
    ),
    code(
        "M0246",
        "mistake in CONSERVE",
        "CONSERVE replaces the balance of one of its STATEs, the last that no other CONSERVE has taken. That STATE cannot have a flux `<<` of its own.",
    ),
    code(
        "M0247",
        "method that does not suit the block",
        "KINETIC blocks are solved by sparse, euler or runge, DERIVATIVE blocks by cnexp, derivimplicit, euler or runge. STEADYSTATE goes with sparse, and for a DERIVATIVE block with derivimplicit.",
    ),
    code(
        "M0248",
        "equations too large to be eliminated",
        "Simultaneous equations are eliminated in unrolled code. Where each state depends on few others hundreds of states are possible; where each depends on all, some forty.",
    ),
    code(
        "M0249",
        "equations that cannot be solved",
        "A LINEAR or NONLINEAR block needs as many equations `~ a = b` as there are STATEs in them (SOLVEFOR names fewer). In a LINEAR block each term holds one STATE at most.",
    ),
    code(
        "M0255",
        "WATCH in another form",
        "A WATCH is `WATCH (a > b) flag` or `WATCH (a < b) flag` with a number as flag. Its condition is looked at outside NET_RECEIVE and cannot use arguments or LOCALs.",
    ),
    code(
        "M0256",
        "FOR_NETCONS with other arguments than NET_RECEIVE",
        "FOR_NETCONS(w, a) visits the NetCons that end in the instance; its arguments are those of NET_RECEIVE in their order, perhaps under other names.",
    ),
    code(
        "M0257",
        "NET_RECEIVE in a density mechanism",
        "Events go to an instance of a POINT_PROCESS or ARTIFICIAL_CELL. A mechanism with a SUFFIX is inserted into sections and has no NetCons.",
    ),
    code(
        "M0258",
        "current or ion of an ARTIFICIAL_CELL",
        "An ARTIFICIAL_CELL stands in no section: it has no membrane, no potential, no currents and no ions.",
    ),
    code(
        "M0261",
        "RANDOM variable in the wrong place",
        "A RANDOM variable is a stream of random numbers, not a number: it stands as the first argument of random_uniform, random_negexp, random_normal, random_ipick, random_dpick, random_setseq and random_setids, and nowhere else.",
    ),
    code(
        "M0267",
        "INCLUDE in a text that is no file",
        "INCLUDE names a file beside the one that includes it. This text came from memory, so there is nowhere to look.",
    ),
    code(
        "M0268",
        "TABLE not understood",
        "`TABLE a, b DEPEND c FROM low TO high WITH n` stands in a PROCEDURE of one argument, which computes a and b, or in a FUNCTION of one argument, without names. The table has n + 1 entries.",
    ),
    code(
        "M0269",
        "what cannot diffuse",
        "LONGITUDINAL_DIFFUSION spreads STATEs of a KINETIC block along sections. Each needs a volume, which a COMPARTMENT statement of the same block gives.",
    ),
    code(
        "M0301",
        "shared variable that the mechanism assigns",
        "A PARAMETER that is not RANGE, or a GLOBAL, has one value for all instances. If the mechanism itself assigns it, the value depends on the order of instances. Here each instance has its own, which is what was meant nearly always.",
    ),
    code(
        "M0302",
        "top-level LOCAL that keeps a value",
        "A LOCAL outside all blocks is one value for all instances in NEURON, so that an instance sees what the one before it has left. Here each instance keeps its own, which is what was meant nearly always.",
    ),
    code("M0304", "current never assigned", "The NEURON block declares a current, and no statement gives it a value."),
    code(
        "M0305",
        "current assigned outside BREAKPOINT",
        "The currents of a step are those that BREAKPOINT computes. If another block assigns one, its last value is used, one step late, and without a conductance in the matrix, as in NEURON.",
    ),
    code(
        "M0306",
        "block that cnexp cannot solve",
        "An equation is not linear in its own state. As in NEURON the whole block is solved by derivimplicit.",
    ),
    code(
        "M0307",
        "undeclared name in the NEURON block",
        "A name of RANGE or GLOBAL has no declaration; it is left out.",
    ),
    code("M0308", "printf", "Mechanisms print nothing here; the statement is skipped."),
    code(
        "M0310",
        "routine left out",
        "A FUNCTION or PROCEDURE that no block calls, directly or not, can be of use only to HOC or Python code. It holds something that is not supported, which does not matter to the simulation.",
    ),
    code(
        "M0312",
        "read-only ion variable assigned",
        "An ion variable that WRITE does not list is a copy: what the mechanism assigns is lost at the end of the block, as in NEURON.",
    ),
    code(
        "M0313",
        "METHOD sparse of a DERIVATIVE block",
        "Both sparse and derivimplicit are backward Euler; derivimplicit is used.",
    ),
    code("M0315", "units that do not conform", "UNITS asks for the ratio of two units of different dimension."),
    code(
        "M0316",
        "value of a simulator variable",
        "PARAMETER gives a value to celsius, v, dt or the like. NEURON ignores it, and so do we: set it in the simulation's configuration.",
    ),
    code(
        "M0317",
        "value of an ion variable",
        "PARAMETER gives a value to a variable that USEION lists. The ion's own value is used, as in NEURON: set it in the section, e.g. `ek = -80`.",
    ),
    code(
        "M0341",
        "STEADYSTATE derivimplicit",
        "NEURON takes a step of 1e-9 ms for it, which leaves the states as they are (and may fail to converge). Assign the steady state instead.",
    ),
    code(
        "M0342",
        "SOLVE of equations without METHOD",
        "NEURON 9 leaves the states of such a DERIVATIVE block as they are, and cannot build such a KINETIC block. They are advanced here by derivimplicit and sparse.",
    ),
    code(
        "M0343",
        "DERIVATIVE block called like a PROCEDURE",
        "In INITIAL, NEURON runs the function that it has made of the block, which advances the states by one dt as SOLVE does. Call the PROCEDURE that computes the rates instead, and assign the steady state.",
    ),
    code(
        "M0344",
        "function of HOC",
        "C looks for a function of HOC to call. Mechanisms run without HOC here, so there is none: what the mechanism does when it finds none is what happens.",
    ),
    code(
        "M0345",
        "BREAKPOINT of an ARTIFICIAL_CELL",
        "An ARTIFICIAL_CELL is not integrated, so its BREAKPOINT and the blocks that it solves never run, neither here nor in NEURON.",
    ),
    code(
        "M0348",
        "scop_random and its kin",
        "scop_random, exprand, normrand, poisrand and set_seed use one sequence for the whole of NEURON, so that what an instance gets depends on the order of all others. Here every instance has its own stretch of that sequence: the first one of a model starts where NEURON starts, and set_seed starts each at its own distance from the seed.",
    ),
    code(
        "M0339",
        "POINTER",
        "A POINTER stands for a variable of another section or mechanism, which HOC chooses by setpointer. The mechanism compiles for both engines, but the simulator cannot set pointers yet and refuses, by name, every cell that holds an instance. A POINTER that only C code uses does not matter; one that holds a generator of random numbers becomes a RANDOM variable.",
    ),
    code(
        "M0340",
        "initial value of an ion's STATE",
        "If STATE `cai` is a concentration of an ion, its first value is the ion's. The name `cai0` is then 0 unless PARAMETER declares it, as in NEURON; it is not the ion's `cai0_ca_ion`.",
    ),
    code(
        "M0354",
        "Vector of HOC written",
        "VERBATIM code writes into a Vector that HOC hands over. There is no HOC when a simulation runs, so that the values would be lost. The mechanism compiles for both engines, but the simulator refuses, by name, every model that holds an instance.",
    ),
    code(
        "M0357",
        "C's random numbers",
        "VERBATIM code calls rand, random or drand48, whose one sequence serves the whole program, or seeds it. Here each instance has a Random123 stream: the numbers are not NEURON's, and they do not depend on the rest of the model.",
    ),
    code(
        "M0358",
        "TABLE of a PARAMETER",
        "TABLE lists a PARAMETER that nothing assigns. NEURON writes its value into the table and reads it back; here it just keeps its value.",
    ),
    code(
        "M0355",
        "FUNCTION_TABLE",
        "A FUNCTION_TABLE is a curve whose points HOC gives (`table_name_suffix(&y, n, &x)`). Nothing gives them here. The mechanism compiles for both engines, but the simulator refuses, by name, every model that holds an instance. A FUNCTION with the formula of the curve, or with its points in IF branches, takes its place.",
    ),
    code(
        "M0356",
        "FUNCTION without a value",
        "The value of a FUNCTION is what it assigns to its own name. Without an assignment it is 0 (undefined in NEURON).",
    ),
    code(
        "M0359",
        "variable that only a table sets",
        "A call of a PROCEDURE with TABLE looks the listed variables up and does not run the statements. Another variable that these assign gets a value while the table is filled, that of the table's last argument, and keeps it. NEURON sets a GLOBAL so, and of variables of instances that of the first instance, while the others stay 0; here all instances get the value. Mostly it does not depend on the argument, so nothing is wrong; else list it in TABLE.",
    ),
    code(
        "M0380",
        "name that NEURON reserves",
        "NEURON keeps the names of integration methods (sparse, cnexp, euler, ...) and of its functions (exp, step, pulse, ...) for itself and refuses variables and routines that are named so. They are accepted here, but such a file does not compile with NEURON.",
    ),
    code(
        "M0382",
        "equations that are never solved",
        "A block of equations does nothing by itself: BREAKPOINT must name it, e.g. `SOLVE states METHOD cnexp`. Without that the states keep the values that INITIAL gives them.",
    ),
    code(
        "M0383",
        "LOCAL used before it has a value",
        "A LOCAL variable has no value when its block begins. Here it is 0; in NEURON it is whatever the memory holds.",
    ),
    code(
        "M0349",
        "hoc_execerror",
        "VERBATIM code stops NEURON when something is wrong. A mechanism cannot stop the simulation here; the statement is skipped.",
    ),
    code(
        "M0350",
        "distribution of nrn_random_pick",
        "nrn_random_pick draws from a Random object of HOC, whose distribution only HOC knows. Each instance has a Random123 stream instead. A routine called erand, or with exp in its name, draws negexp(1); one with norm or gauss in its name normal(0, 1); all others uniform(0, 1).",
    ),
    code(
        "M0351",
        "Vector of HOC",
        "VERBATIM code reads a Vector that HOC hands over. There is no HOC when a simulation runs, so the Vector is never set: it is a null pointer of size 0.",
    ),
    code(
        "M0352",
        "TABLE not used",
        "A table holds for all instances and for a whole run. The routine reads something else that changes, or assigns variables that TABLE does not list and other code reads, so that it is computed at each call. NEURON would use the values at the time of the last check of its tables, and set those variables only then.",
    ),
    code(
        "M0353",
        "table of the first instance",
        "The routine reads a variable that each instance has for itself, but there is one table for all. As in NEURON it is made with the values of the first instance. This matters only if the values differ.",
    ),
    code(
        "M0390",
        "mechanism named twice",
        "Of several SUFFIX, POINT_PROCESS and ARTIFICIAL_CELL statements the last name holds, as in NEURON. What is a point process by any of them is one.",
    ),
    code(
        "M0391",
        "mechanism named after its file",
        "The NEURON block has neither SUFFIX nor POINT_PROCESS. As in NEURON the mechanism is inserted into sections, under the file's name without `.mod`.",
    ),
    code(
        "M0392",
        "PROCEDURE used as a number",
        "Only a FUNCTION has a value. As in NEURON the PROCEDURE is called, and 0 is its value.",
    ),
    code(
        "M0393",
        "more digits than a PARAMETER has",
        "NEURON's translator writes the value of a PARAMETER with six significant digits, so 45.75992 becomes 45.7599. As what is compared with NEURON depends on it, so does Saltatory. A CONSTANT, or a value that a model sets, keeps all digits.",
    ),
    code(
        "M0999",
        "defect of the compiler",
        "The compiler's own checks found a mistake in what it made of a correct file.",
    ),
];

pub(crate) const fn code(code: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { code, title, explanation }
}

/// All codes in order.
pub fn all() -> Vec<Code> {
    let refusals =
        refuse::ALL.iter().map(|refusal| Code { code: refusal.code, title: refusal.what, explanation: refusal.help });
    let own = OWN.iter().chain(crate::units::codes::CODES).copied();
    let mut codes: Vec<Code> = CODES.iter().copied().chain(refusals).chain(own).collect();
    codes.sort_by_key(|code| code.code);
    codes
}

/// The explanation of a code, in any case: `m0201`.
pub fn explain(code: &str) -> Option<Code> {
    all().into_iter().find(|known| known.code.eq_ignore_ascii_case(code.trim()))
}

#[cfg(test)]
mod tests {
    use super::{all, explain};
    use std::collections::BTreeSet;
    use std::path::Path;

    fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("examples") {
                codes_in(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("codes.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for part in text.split("\"M0").skip(1) {
                    let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
                    if digits.len() == 3 {
                        found.insert(format!("M0{digits}"));
                    }
                }
            }
        }
    }

    #[test]
    fn every_code_used_is_explained_and_the_other_way_round() {
        let mut used = BTreeSet::new();
        codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);
        used.retain(|code| code.as_str() >= "M0100");
        let explained: BTreeSet<String> =
            all().iter().map(|code| code.code.to_owned()).filter(|code| code.as_str() >= "M0100").collect();
        assert_eq!(used, explained);
        assert_eq!(all().len(), all().iter().map(|code| code.code).collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn codes_are_found_in_any_case() {
        assert_eq!(explain("m0212").unwrap().code, "M0212");
        assert!(explain("M9999").is_none());
    }
}
