//! The constructs of NMODL, in the order of a manual.

use super::Example::{Blocks, Event, File, Neuron, Point, Statement};
use super::{Example, Feature};

const fn of(construct: &'static str, example: Example) -> Feature {
    Feature { construct, example, remark: "" }
}

const fn but(construct: &'static str, example: Example, remark: &'static str) -> Feature {
    Feature { construct, example, remark }
}

/// All constructs, in groups.
pub const FEATURES: &[(&str, &[Feature])] = &[
    ("Files", FILES),
    ("The NEURON block", NEURON),
    ("Declarations", DECLARATIONS),
    ("Blocks", BLOCKS),
    ("SOLVE", SOLVE),
    ("KINETIC blocks", KINETIC),
    ("Statements", STATEMENTS),
    ("Expressions and functions", EXPRESSIONS),
    ("Tables", TABLES),
    ("Events", EVENTS),
    ("Random numbers", RANDOM),
    ("Pointers and C code", C),
    ("Obsolete", OBSOLETE),
];

const FILES: &[Feature] = &[
    of("`TITLE`", File("TITLE any : text\nNEURON { SUFFIX x }")),
    of("comments: `:`, `?`, `COMMENT ... ENDCOMMENT`", File("NEURON { SUFFIX x } : a\n? b\nCOMMENT\nc\nENDCOMMENT\n")),
    of("line ends of DOS and old Macintosh", File("NEURON {\r\n SUFFIX x\r}\n")),
    of(
        "blocks in any order, and repeated",
        File("ASSIGNED { a } NEURON { SUFFIX x RANGE a } ASSIGNED { b } INITIAL { a = b }"),
    ),
    of("`UNITSON`, `UNITSOFF`", Blocks("UNITSOFF INITIAL { UNITSON y = 1 } UNITSON")),
    of("`DEFINE`", File("NEURON { SUFFIX x RANGE a } DEFINE N 3 ASSIGNED { a[N] } INITIAL { a[N-1] = N }")),
    but("`INCLUDE`", Blocks("INCLUDE \"x.inc\""), "searched beside the file; a file that is not found is an error"),
    of("`INDEPENDENT`", Blocks("INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }")),
];

const NEURON: &[Feature] = &[
    of("`SUFFIX`", File("NEURON { SUFFIX x }")),
    of("`SUFFIX nothing`", File("NEURON { SUFFIX nothing } FUNCTION f(x) { f = x }")),
    of("`POINT_PROCESS`", File("NEURON { POINT_PROCESS x }")),
    of("`ARTIFICIAL_CELL`", File("NEURON { ARTIFICIAL_CELL x } NET_RECEIVE(w) { net_event(t) }")),
    of("`RANGE`", Neuron("RANGE a } PARAMETER { a = 1")),
    of(
        "`GLOBAL`, read",
        File("NEURON { SUFFIX x GLOBAL a RANGE y } PARAMETER { a = 1 } ASSIGNED { y } INITIAL { y = a }"),
    ),
    but(
        "`GLOBAL`, assigned by the mechanism",
        File("NEURON { SUFFIX x GLOBAL a } ASSIGNED { a v } BREAKPOINT { a = v }"),
        "each instance has its own",
    ),
    of(
        "`NONSPECIFIC_CURRENT`",
        File("NEURON { SUFFIX x NONSPECIFIC_CURRENT i } ASSIGNED { v i } BREAKPOINT { i = v }"),
    ),
    of(
        "`ELECTRODE_CURRENT`",
        File("NEURON { POINT_PROCESS x ELECTRODE_CURRENT i } ASSIGNED { i } BREAKPOINT { i = 1 }"),
    ),
    of(
        "`ELECTRODE_CURRENT` with another current",
        File(
            "NEURON { POINT_PROCESS x ELECTRODE_CURRENT i NONSPECIFIC_CURRENT j } ASSIGNED { i j } BREAKPOINT { i = 1 j = 1 }",
        ),
    ),
    of(
        "`USEION ... READ` reversal potential",
        Neuron("USEION k READ ek WRITE ik } ASSIGNED { ek ik } BREAKPOINT { ik = ek"),
    ),
    of(
        "`USEION ... READ` concentration",
        Neuron("USEION ca READ cai, cao RANGE y } ASSIGNED { y cai cao } BREAKPOINT { y = cai/cao"),
    ),
    of("`USEION ... READ` current", Neuron("USEION ca READ ica RANGE y } ASSIGNED { y ica } BREAKPOINT { y = ica")),
    of("`USEION ... WRITE` current", Neuron("USEION ca WRITE ica } ASSIGNED { ica } BREAKPOINT { ica = 1")),
    of("`USEION ... WRITE` concentration", Neuron("USEION ca WRITE cai } ASSIGNED { cai } INITIAL { cai = 1")),
    of(
        "a concentration as `STATE`",
        Neuron(
            "USEION ca READ cai, ica WRITE cai } ASSIGNED { ica } STATE { cai } INITIAL { cai = 1 } BREAKPOINT { SOLVE d METHOD cnexp } DERIVATIVE d { cai' = -ica - cai",
        ),
    ),
    of("`USEION ... WRITE` reversal potential", Neuron("USEION k WRITE ek } ASSIGNED { ek } INITIAL { ek = 1")),
    of(
        "`USEION` of an ion of one's own, `VALENCE`",
        Neuron("USEION nn READ inn VALENCE 0 RANGE y } ASSIGNED { y inn } BREAKPOINT { y = inn"),
    ),
    of("`REPRESENTS`", Neuron("USEION ca READ cai REPRESENTS CHEBI:29108")),
    of("`THREADSAFE`", Neuron("THREADSAFE")),
    of(
        "`POINTER`",
        File("NEURON { POINT_PROCESS x POINTER p NONSPECIFIC_CURRENT i } ASSIGNED { i p } BREAKPOINT { i = p }"),
    ),
    of("`BBCOREPOINTER`", File("NEURON { POINT_PROCESS x BBCOREPOINTER p }")),
    but(
        "`EXTERNAL`, read",
        File("NEURON { SUFFIX x EXTERNAL p RANGE y } ASSIGNED { p y } INITIAL { y = p }"),
        "takes the value of the GLOBAL `name` of a mechanism `suffix` from `name_suffix` when a model is loaded",
    ),
    of("`EXTERNAL`, assigned", File("NEURON { SUFFIX x EXTERNAL p } ASSIGNED { p } INITIAL { p = 1 }")),
    of(
        "`RANDOM`",
        File("NEURON { POINT_PROCESS x RANDOM r RANGE y } ASSIGNED { y } INITIAL { y = random_uniform(r) }"),
    ),
];

const DECLARATIONS: &[Feature] = &[
    of("`PARAMETER` with value, unit, limits", Blocks("PARAMETER { b = 0.1 (ms) <1e-9, 1e9> } INITIAL { y = b }")),
    of("`PARAMETER` without a value", Blocks("PARAMETER { b (ms) } INITIAL { y = b }")),
    but(
        "`PARAMETER` assigned by the mechanism",
        Blocks("PARAMETER { b } INITIAL { b = v y = b }"),
        "each instance has its own",
    ),
    but(
        "`celsius`, `v`, `dt` and ion variables in `PARAMETER`",
        Blocks("PARAMETER { celsius = 36 (degC) }"),
        "the value is ignored, as in NEURON",
    ),
    of("`CONSTANT`", Blocks("CONSTANT { c = 1 } INITIAL { y = c }")),
    of("`ASSIGNED`", Blocks("ASSIGNED { b (mV) } INITIAL { b = 1 y = b }")),
    of("`STATE`, with tolerance or `FROM ... TO`", Blocks("STATE { c (1) <1e-6> d FROM 0 TO 1 }")),
    of("`m0`, the initial value of a state", Blocks("PARAMETER { m0 = 1 } INITIAL { y = m }")),
    of("arrays", Blocks("INITIAL { w[0] = 1 y = w[2] }")),
    of("arrays with an index known at run time only", Blocks("INITIAL { w[a] = 1 y = w[a + 1] }")),
    of("arrays of states", Blocks("STATE { c[4] } INITIAL { c[3] = 1 }")),
    of("`LOCAL` in a block", Blocks("INITIAL { LOCAL b, c[2] b = 1 c[1] = b y = c[1] }")),
    but("`LOCAL` outside all blocks", Blocks("LOCAL q BREAKPOINT { q = v i = q }"), "each instance has its own"),
    of(
        "`UNITS`: aliases, ratios, constants",
        Blocks("UNITS { (mV) = (millivolt) F = (faraday) (coulomb) R = (k-mole) (joule/degC) c = 3 (m) }"),
    ),
];

const BLOCKS: &[Feature] = &[
    of("`INITIAL`", Blocks("INITIAL { m = 1 }")),
    of("`BREAKPOINT`", Blocks("BREAKPOINT { i = v }")),
    of("`DERIVATIVE`", Blocks("BREAKPOINT { SOLVE d METHOD cnexp i = m } DERIVATIVE d { m' = -m }")),
    of("`KINETIC`", Blocks("BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { ~ m <-> h (1, 2) }")),
    of("`LINEAR`", Blocks("INITIAL { SOLVE l } LINEAR l { ~ m + h = 1 ~ m - h = 0 }")),
    of("`NONLINEAR`", Blocks("INITIAL { SOLVE l } NONLINEAR l { ~ m*m = 2 ~ h = m }")),
    of("`DISCRETE`", Blocks("BREAKPOINT { SOLVE l i = m } DISCRETE l { m = m@1 }")),
    of(
        "`FUNCTION`, `PROCEDURE`",
        Blocks("BREAKPOINT { p(v) i = f(v) } FUNCTION f(x) { f = x } PROCEDURE p(x) { y = x }"),
    ),
    of("a routine that calls itself", Blocks("BREAKPOINT { i = f(v) } FUNCTION f(x) { f = f(x) }")),
    but(
        "`FUNCTION_TABLE`",
        Blocks("FUNCTION_TABLE f(x) BREAKPOINT { i = f(v) }"),
        "nothing gives tables yet: models with an instance are refused",
    ),
    of("`NET_RECEIVE`", Point("NET_RECEIVE(weight) { m = m + weight }")),
    of("`BEFORE INITIAL`, `AFTER INITIAL`", Blocks("BEFORE INITIAL { y = 1 } AFTER INITIAL { y = 2 }")),
    of(
        "`BEFORE BREAKPOINT`, `AFTER SOLVE`, `BEFORE STEP`",
        Blocks("BEFORE BREAKPOINT { y = 1 } AFTER SOLVE { y = 2 } BEFORE STEP { y = 3 }"),
    ),
    but(
        "`CONSTRUCTOR`, `DESTRUCTOR`",
        Point("CONSTRUCTOR { y = 1 } DESTRUCTOR { y = 0 }"),
        "what a CONSTRUCTOR assigns are the values to begin with",
    ),
    of("`CONSTRUCTOR` with the time, ions, random numbers or events", Point("CONSTRUCTOR { y = t }")),
];

const SOLVE: &[Feature] = &[
    of("`METHOD cnexp`", Blocks("BREAKPOINT { SOLVE d METHOD cnexp i = m } DERIVATIVE d { m' = (a - m)/2 }")),
    of("`METHOD cnexp`, not linear", Blocks("BREAKPOINT { SOLVE d METHOD cnexp i = m } DERIVATIVE d { m' = -exp(m) }")),
    of(
        "`METHOD derivimplicit`",
        Blocks("BREAKPOINT { SOLVE d METHOD derivimplicit i = m } DERIVATIVE d { m' = -m*m h' = m }"),
    ),
    of(
        "`METHOD sparse` of a DERIVATIVE block",
        Blocks("BREAKPOINT { SOLVE d METHOD sparse i = m } DERIVATIVE d { m' = -m }"),
    ),
    of("`METHOD euler`", Blocks("BREAKPOINT { SOLVE d METHOD euler i = m } DERIVATIVE d { m' = -m }")),
    of("`METHOD runge`", Blocks("BREAKPOINT { SOLVE d METHOD runge i = m } DERIVATIVE d { m' = -m }")),
    of("`METHOD after_cvode`", Blocks("BREAKPOINT { SOLVE d METHOD after_cvode i = m } DERIVATIVE d { m' = -m }")),
    of("`SOLVE` without `METHOD`", Blocks("BREAKPOINT { SOLVE d i = m } DERIVATIVE d { m' = -m }")),
    of("`SOLVE` of a PROCEDURE", Blocks("BREAKPOINT { SOLVE p i = m } PROCEDURE p() { m = m + dt }")),
    of(
        "`SOLVE ... STEADYSTATE sparse` in INITIAL",
        Blocks("INITIAL { SOLVE k STEADYSTATE sparse } KINETIC k { ~ m <-> h (1, 2) CONSERVE m + h = 1 }"),
    ),
    of(
        "`SOLVE ... STEADYSTATE derivimplicit`",
        Blocks("INITIAL { SOLVE d STEADYSTATE derivimplicit } DERIVATIVE d { m' = 1 - m }"),
    ),
    of(
        "several `SOLVE`",
        Blocks(
            "BREAKPOINT { SOLVE d METHOD cnexp SOLVE e METHOD cnexp i = m } DERIVATIVE d { m' = -m } DERIVATIVE e { h' = -h }",
        ),
    ),
    of("a second derivative `m''`", Blocks("BREAKPOINT { SOLVE d METHOD euler i = m } DERIVATIVE d { m'' = -m }")),
];

const KINETIC: &[Feature] = &[
    of("`<->`", Blocks("BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { ~ m <-> h (1, 2) }")),
    of("`->`", Blocks("BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { ~ m -> (1) }")),
    of("`<<`", Blocks("BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { ~ m << (1) }")),
    of("stoichiometry", Blocks("BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { ~ 2 m <-> h (1, 2) }")),
    of(
        "`f_flux`, `b_flux`",
        Blocks("BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { ~ m <-> h (1, 2) y = f_flux - b_flux }"),
    ),
    of(
        "`CONSERVE`",
        Blocks("BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { ~ m <-> h (1, 2) CONSERVE m + h = 1 }"),
    ),
    of(
        "`COMPARTMENT`",
        Blocks("BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { COMPARTMENT 2 { m h } ~ m <-> h (1, 2) }"),
    ),
    of(
        "arrays of states, `FROM` loops of reactions",
        Blocks(
            "STATE { c[4] } BREAKPOINT { SOLVE k METHOD sparse i = c[0] } KINETIC k { FROM j = 0 TO 2 { ~ c[j] <-> c[j+1] (1, 1) } }",
        ),
    ),
    of(
        "`LONGITUDINAL_DIFFUSION`",
        Blocks(
            "BREAKPOINT { SOLVE k METHOD sparse i = m } KINETIC k { COMPARTMENT 2 { m } LONGITUDINAL_DIFFUSION 1 { m } ~ m << (1) }",
        ),
    ),
    of("`~+`", Blocks("LINEAR l { ~ m = 1 ~+ h = 2 }")),
];

const STATEMENTS: &[Feature] = &[
    of("assignment", Statement("y = 1")),
    of("`if`, `else if`, `else`", Statement("if (v > 0) { y = 1 } else if (v < -50) { y = 2 } else { y = 3 }")),
    of("`while`", Statement("y = 0 while (y < 3) { y = y + 1 }")),
    of("`FROM ... TO ... BY`, bounds known", Statement("FROM j = 0 TO 2 BY 1 { w[j] = j }")),
    of("`FROM`, bounds known at run time only", Statement("FROM j = 0 TO a { w[j] = j }")),
    of(
        "call of a PROCEDURE, or of a FUNCTION whose value is dropped",
        Blocks("BREAKPOINT { p() f(1) i = 0 } PROCEDURE p() { y = 1 } FUNCTION f(x) { f = x }"),
    ),
    of("`CONDUCTANCE`", Blocks("BREAKPOINT { LOCAL g CONDUCTANCE g g = a i = g*v }")),
    of("`PROTECT`, `MUTEXLOCK`, `MUTEXUNLOCK`", Statement("PROTECT y = y + 1 MUTEXLOCK MUTEXUNLOCK")),
    of("`LAG`", Statement("LAG v BY 1")),
    but("`printf`", Statement("printf(\"%g\\n\", v)"), "prints nothing"),
];

const EXPRESSIONS: &[Feature] = &[
    of("`+ - * / ^`, unary minus", Statement("y = -a^2*3/(a - 4) + 1")),
    of("comparisons and logic as numbers", Statement("y = (a > 1)*2 + !a && a != 3 || a <= 2")),
    of("units after numbers", Statement("y = 3 (mV)")),
    of("`exp log log10 sqrt pow fabs`", Statement("y = exp(a) + log(a) + log10(a) + sqrt(a) + pow(a, 2) + fabs(a)")),
    of("`sin cos tan sinh cosh tanh`", Statement("y = sin(a) + cos(a) + tan(a) + sinh(a) + cosh(a) + tanh(a)")),
    of("`asin acos atan atan2`", Statement("y = asin(a) + acos(a) + atan(a) + atan2(a, 1)")),
    of("`floor ceil fmod`", Statement("y = floor(a) + ceil(a) + fmod(a, 2)")),
    of("`fmin fmax expm1 exprelr`", Statement("y = fmin(a, 1) + fmax(a, 2) + expm1(a) + exprelr(a)")),
    of("`v t dt celsius area diam`", Statement("y = v + t + dt + celsius + area + diam")),
    of("`at_time`", Statement("at_time(3)")),
    of("`nrn_ghk`", Statement("y = nrn_ghk(v, 1, 2, 2)")),
    of(
        "SCoP's functions of time: `step perstep pulse perpulse ramp squarewave sawtooth revsawtooth harmonic`",
        Statement(
            "y = step(t, 1, 2) + perstep(t, 1, 2, 3) + pulse(t, 1, 2, 3) + perpulse(t, 1, 2, 3, 4) + ramp(t, 1, 2, 3) + squarewave(t, 1, 2) + sawtooth(t, 1, 2) + revsawtooth(t, 1, 2) + harmonic(t, 1, 2, 3)",
        ),
    ),
    of(
        "SCoP's curves: `hyperbol revhyperbol sigmoid revsigmoid erf factorial gauss poisson`",
        Statement(
            "y = hyperbol(a, 1, 2) + revhyperbol(a, 1, 2) + sigmoid(a, 1, 2, 3) + revsigmoid(a, 1, 2, 3) + erf(a) + factorial(3) + gauss(a, 1, 2) + poisson(2, 3)",
        ),
    ),
    of("SCoP's other functions: `legendre boundary romberg spline invert`, ...", Statement("y = legendre(a, 1)")),
];

const TABLES: &[Feature] = &[
    of(
        "`TABLE` of a PROCEDURE",
        Blocks("BREAKPOINT { p(v) i = y } PROCEDURE p(x) { TABLE y FROM -100 TO 100 WITH 200 y = exp(x) }"),
    ),
    of(
        "`TABLE` of a FUNCTION",
        Blocks("BREAKPOINT { i = f(v) } FUNCTION f(x) { TABLE FROM -100 TO 100 WITH 200 f = exp(x) }"),
    ),
    of(
        "`TABLE ... DEPEND`",
        Blocks(
            "BREAKPOINT { p(v) i = y } PROCEDURE p(x) { TABLE y DEPEND celsius FROM -100 TO 100 WITH 200 y = celsius*x }",
        ),
    ),
];

const EVENTS: &[Feature] = &[
    of("several arguments of `NET_RECEIVE`", Point("NET_RECEIVE(weight, last) { m = m + weight*(t - last) last = t }")),
    of("`INITIAL` of `NET_RECEIVE`", Point("NET_RECEIVE(weight, last) { INITIAL { last = -1 } last = t }")),
    of("`net_send`, `flag`", Event("if (flag == 0) { net_send(5, 1) } else { m = 0 }")),
    of("`net_send` in INITIAL", Point("INITIAL { net_send(0, 1) } NET_RECEIVE(weight) { y = flag }")),
    of("`net_event`", Event("net_event(t)")),
    of("`net_move`", Event("net_move(t + 1)")),
    of("`WATCH`", Event("WATCH (v > -20) 2")),
    of("`FOR_NETCONS`", Point("NET_RECEIVE(weight) { FOR_NETCONS(w1) { w1 = w1*0.9 } }")),
    of("`state_discontinuity`", Event("state_discontinuity(m, m + weight)")),
    but("assigning `v`", Event("v = -65"), ""),
];

const RANDOM: &[Feature] = &[
    of(
        "`random_uniform`, `random_negexp`, `random_normal`",
        File(
            "NEURON { POINT_PROCESS x RANDOM r RANGE y } ASSIGNED { y } INITIAL { y = random_uniform(r, 0, 1) + random_negexp(r, 2) + random_normal(r, 0, 1) }",
        ),
    ),
    of(
        "`random_setids`, `random_setseq`",
        File("NEURON { POINT_PROCESS x RANDOM r } INITIAL { random_setids(r, 1, 2, 3) random_setseq(r, 0) }"),
    ),
    but(
        "`scop_random`, `set_seed`",
        Point("INITIAL { set_seed(1) y = scop_random() }"),
        "a sequence for each instance",
    ),
    of("`exprand`, `normrand`, `poisrand`", Point("INITIAL { y = exprand(1) + normrand(0, 1) + poisrand(2) }")),
];

const C: &[Feature] = &[
    of(
        "`nrn_pointing`",
        File(
            "NEURON { POINT_PROCESS x POINTER p RANGE y } ASSIGNED { p y } INITIAL { if (nrn_pointing(p)) { y = p } }",
        ),
    ),
    of(
        "VERBATIM: nothing, or declarations only",
        Blocks("VERBATIM\n#include <stdio.h>\nextern double f();\nENDVERBATIM\n"),
    ),
    of(
        "VERBATIM: `return 0;` at the end of a routine",
        Blocks("BREAKPOINT { p() i = 0 } PROCEDURE p() { y = 1\nVERBATIM\nreturn 0;\nENDVERBATIM\n}"),
    ),
    of(
        "VERBATIM: `if`, `for`, `while`, `do`, `switch`, `break`, `continue`, `return`",
        Statement(
            "\nVERBATIM\nint n; for (n = 0; n < 9; n++) { switch (n) { case 3: y = n; break; } if (n > 5) break; }\nENDVERBATIM\n",
        ),
    ),
    of("VERBATIM: `rand`, `random`, `drand48`", Statement("\nVERBATIM\ny = rand() % 6;\nENDVERBATIM\n")),
    of(
        "VERBATIM: files and texts, written",
        Statement("\nVERBATIM\nFILE* f = fopen(\"a\", \"w\"); fprintf(f, \"b\"); fclose(f);\nENDVERBATIM\n"),
    ),
    but(
        "VERBATIM: assignment into a Vector of HOC",
        Statement("\nVERBATIM\ndouble* p = vector_vec(*((void**)(&a))); p[0] = t;\nENDVERBATIM\n"),
        "models with an instance are refused",
    ),
    of("VERBATIM: other C code", Statement("\nVERBATIM\ny = my_function(v);\nENDVERBATIM\n")),
];

const OBSOLETE: &[Feature] = &[
    of("`PLOT`, `TERMINAL`, `MATCH` and other blocks of SCoP", Blocks("PLOT y VS t")),
    of("`RESET`, `SWEEP` and other statements of SCoP", Statement("RESET")),
    but(
        "Arbor's dialect (`WHITE_NOISE`, `POST_EVENT`, ...)",
        Blocks("WHITE_NOISE { r }"),
        "not known to NEURON either",
    ),
];
