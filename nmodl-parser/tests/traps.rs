//! The traps of the NMODL grammar, each with a small input.
#![allow(missing_docs)]

mod common;

use common::{body, clean, codes, grouped, statements};
use nmodl_parser::ast::{
    ExpressionKind, ItemKind, NeuronStatementKind, ReactionArrow, SolvableKind, StatementKind, UnitDefinitionKind,
};

#[test]
fn a_parenthesis_after_a_number_is_a_unit() {
    assert_eq!(body("x = 2 (mV)*3 y = 1(/ms)"), ["x = 2 (mV) * 3", "y = 1 (/ms)"]);
    assert_eq!(codes("PARAMETER { vshift = 0 } INITIAL { x = .8014(v+vshift) }"), ["M0018"]);
    assert_eq!(codes("UNITS { (m) = (meter) } STATE { m } INITIAL { x = 2 (m) }"), [""; 0]);
}

#[test]
fn a_call_may_have_a_blank_before_its_parenthesis() {
    assert_eq!(body("x = exp (-v/10)\nrates (v)"), ["x = exp(-v / 10)", "rates(v)"]);
}

#[test]
fn statements_end_only_where_the_next_token_cannot_continue() {
    assert_eq!(body("b = 1 a = 2"), ["b = 1", "a = 2"]);
    assert_eq!(body("b = 1\n  + 2\n a\n=\n3"), ["b = 1 + 2", "a = 3"]);
    assert_eq!(body("b = c\n-d"), ["b = c - d"]);
    assert_eq!(body("rates(v) x = m x = x"), ["rates(v)", "x = m", "x = x"]);
}

#[test]
fn comments_stand_anywhere() {
    assert_eq!(body("x = 1 : + 2 }\n y = 2 ? ( { \n"), ["x = 1", "y = 2"]);
    assert_eq!(body("x = 1 + : why\n 2"), ["x = 1 + 2"]);
    let text = "COMMENT first line } (\n VERBATIM\n ENDVERBATIM\n x ENDCOMMENT is not the end\n \t ENDCOMMENT and more\nSTATE { m }";
    assert_eq!(clean(text).items.len(), 1);
    assert_eq!(body("x = 1\nCOMMENT\n }\nENDCOMMENT }\ny = COMMENTS"), ["x = 1", "y = COMMENTS"]);
}

#[test]
fn a_title_is_the_rest_of_the_line() {
    let ast = clean("TITLE  Na+ channel: \"fast\" { ( ?\nSTATE { m }\nTITLE\n");
    assert!(matches!(&ast.items[0].kind, ItemKind::Title(text) if text == "Na+ channel: \"fast\" { ( ?"));
    assert!(matches!(&ast.items[2].kind, ItemKind::Title(text) if text.is_empty()));
}

#[test]
fn ontology_terms_have_colons() {
    let ast = clean("NEURON { USEION ca READ cai REPRESENTS CHEBI:29108 : term\n REPRESENTS [NCIT:C17145] RANGE g }");
    let ItemKind::Neuron(list) = &ast.items[0].kind else { panic!("not NEURON") };
    let NeuronStatementKind::UseIon(ion) = &list[0].kind else { panic!("not USEION") };
    assert_eq!(ion.represents.as_ref().map(|term| term.text.as_str()), Some("CHEBI:29108"));
    assert!(matches!(&list[1].kind, NeuronStatementKind::Represents(term) if term.text == "[NCIT:C17145]"));
    assert_eq!(list.len(), 3);
}

#[test]
fn unit_text_goes_to_the_first_closing_parenthesis() {
    let ast = clean("PARAMETER { a = 1 (mA/cm2) b (/ms) c = 2 (10000 coulomb) d = 3 (mV-1) e (1) f () }");
    let ItemKind::Parameter(list) = &ast.items[0].kind else { panic!("not PARAMETER") };
    let units: Vec<_> = list.iter().map(|entry| entry.unit.as_ref().map_or("-", |unit| &unit.text)).collect();
    assert_eq!(units, ["mA/cm2", "/ms", "10000 coulomb", "mV-1", "1", ""]);
}

#[test]
fn the_units_block_has_aliases_factors_and_constants() {
    let text = "UNITS { (mV) = (millivolt) FARADAY = (faraday) (coulomb) R = (k-mole) (joule/degC)
        F = 96520 (coul) PI = (pi) (1) T = (foot) -> (inch) Q = 3 (mA) = (milliamp) }";
    let ast = clean(text);
    let ItemKind::Units(lines) = &ast.items[0].kind else { panic!("not UNITS") };
    assert_eq!(lines.len(), 8);
    assert!(matches!(&lines[2].kind, UnitDefinitionKind::Factor { from, to, .. }
        if from.text == "k-mole" && to.text == "joule/degC"));
    assert!(matches!(&lines[3].kind, UnitDefinitionKind::Constant { value, .. } if value.value == 96520.0));
    assert!(matches!(&lines[6].kind, UnitDefinitionKind::Constant { unit: None, .. }));
}

#[test]
fn numbers_have_many_forms() {
    assert_eq!(grouped("1. + .5 + 1e-3 + 1E3 + 2.5e+2"), "((((1. + .5) + 1e-3) + 1E3) + 2.5e+2)");
    let ast = clean("DEFINE N 4 PARAMETER { a = -1 b = 1. c = - .5e3 (mV) d = N e[N] g[3] (mV) }");
    let ItemKind::Parameter(list) = &ast.items[1].kind else { panic!("not PARAMETER") };
    let values: Vec<_> = list.iter().filter_map(|entry| entry.value.as_ref()).map(|number| number.value).collect();
    assert_eq!(values, [-1.0, 1.0, -500.0, 4.0]);
    assert_eq!(list[4].length.as_ref().map(|length| length.text.as_str()), Some("N"));
}

#[test]
fn limits_tolerances_ranges() {
    let ast = clean("PARAMETER { tau = 0.1 (ms) <1e-9,1e9> } STATE { ca (mM) <1e-6> z FROM 0 TO 1 y START 2 (mM) }");
    let ItemKind::Parameter(list) = &ast.items[0].kind else { panic!("not PARAMETER") };
    assert_eq!(list[0].limits.as_ref().map(|(low, high)| (low.value, high.value)), Some((1e-9, 1e9)));
    let ItemKind::State(list) = &ast.items[1].kind else { panic!("not STATE") };
    assert_eq!(list[0].tolerance.as_ref().map(|number| number.value), Some(1e-6));
    assert_eq!(list[1].range.as_ref().map(|(low, high)| (low.value, high.value)), Some((0.0, 1.0)));
    assert_eq!(list[2].start.as_ref().map(|number| number.value), Some(2.0));
}

#[test]
fn only_if_else_while_have_both_cases() {
    assert_eq!(
        body("state = 1 start = to del = vs from = table"),
        ["state = 1", "start = to", "del = vs", "from = table"]
    );
    let chain = body("IF (a) { x = 1 } ELSE if (b) { x = 2 } else { x = 3 } WHILE (x) { x = x-1 }");
    assert_eq!(chain[0], "if (a) {\n    x = 1\n} else if (b) {\n    x = 2\n} else {\n    x = 3\n}");
    assert_eq!(chain[1], "while (x) {\n    x = x - 1\n}");
    // Keywords at the beginning of a longer name are no keywords.
    assert_eq!(
        body("iff = 1 FROMx = 2 TOy = IFz\nSTATEs = whiles"),
        ["iff = 1", "FROMx = 2", "TOy = IFz", "STATEs = whiles"]
    );
    assert_eq!(clean("STATE { m FROMx STARTx UNITSON_ }").items.len(), 1);
}

#[test]
fn precedence_is_that_of_neuron() {
    assert_eq!(grouped("-a^2"), "(-(a^2))");
    assert_eq!(grouped("a^b^c"), "(a^(b^c))");
    assert_eq!(grouped("10^-6*a"), "((10^(-6)) * a)");
    assert_eq!(grouped("a*-b^c*d"), "((a * (-(b^c))) * d)");
    assert_eq!(grouped("-a*b"), "((-a) * b)");
    assert_eq!(grouped("a-b-c"), "((a - b) - c)");
    assert_eq!(grouped("a/b*c"), "((a / b) * c)");
    assert_eq!(grouped("a+b*c < d && e || f"), "((((a + (b * c)) < d) && e) || f)");
    assert_eq!(grouped("a < b == c"), "((a < b) == c)");
    assert_eq!(grouped("!a == b"), "((!a) == b)");
    assert_eq!(grouped("- -a"), "(-(-a))");
    assert_eq!(grouped("a<-b"), "(a < (-b))");
}

#[test]
fn comparisons_are_numbers() {
    assert_eq!(grouped("(a > 1)*2 + !a"), "(((a > 1) * 2) + (!a))");
}

#[test]
fn primes_belong_to_the_name() {
    let ast = clean("DERIVATIVE states { m' = (minf-m)/mtau n[2]' = 0 }".replace("n[2]'", "n'[2]").as_str());
    let list = statements(&ast);
    let StatementKind::Assign { target, .. } = &list[0].kind else { panic!("not an assignment") };
    assert!(matches!(&target.kind, ExpressionKind::Variable { name, primes: 1, .. } if name.text == "m"));
    assert_eq!(target.span.end - target.span.start, 2);
    assert_eq!(body("m'' = m'0 + m0"), ["m'' = m'0 + m0"]);
}

#[test]
fn local_stands_in_blocks_and_at_the_top() {
    let ast = clean("LOCAL a, b[3]\nINITIAL { LOCAL x, y[2] x = a { LOCAL z z = x } }");
    assert!(matches!(&ast.items[0].kind, ItemKind::Local(list) if list.len() == 2));
    assert_eq!(codes("INITIAL { x = 1 LOCAL y }"), ["M0019"]);
}

#[test]
fn blocks_repeat_and_stand_in_any_order() {
    let ast = clean("INITIAL { } UNITS { } NEURON { } INITIAL { m = 0 } UNITS { (a) = (b) } UNITSOFF BREAKPOINT { }");
    assert_eq!(ast.items.len(), 7);
}

#[test]
fn useion_has_lists_valence_and_either_order() {
    let ast = clean("NEURON { USEION ca READ cai, eca WRITE ica VALENCE -2 USEION x WRITE ix READ ex CHARGE 1 }");
    let ItemKind::Neuron(list) = &ast.items[0].kind else { panic!("not NEURON") };
    let NeuronStatementKind::UseIon(ion) = &list[0].kind else { panic!("not USEION") };
    assert_eq!((ion.read.len(), ion.write.len()), (2, 1));
    assert_eq!(ion.valence.as_ref().map(|number| number.value), Some(-2.0));
    assert_eq!(list.len(), 2);
}

#[test]
fn a_side_of_a_reaction_is_not_a_call() {
    let text = "KINETIC k { ~ ca[i] + 2 b[i] <-> cb[i] (kf, kb)\n ~ ca << (j*2) ~ ca -> (k) ~ a <-> b (f_flux, -b)
        CONSERVE a + 2 b = 1 COMPARTMENT i, vol[i]*2 { ca cb } COMPARTMENT v1 {a}
        LONGITUDINAL_DIFFUSION i, D*vol[i] { ca } }";
    let ast = clean(text);
    let list = statements(&ast);
    let StatementKind::Reaction(reaction) = &list[0].kind else { panic!("not a reaction") };
    assert_eq!((reaction.reactants.len(), reaction.products.len()), (2, 1));
    assert_eq!(reaction.reactants[1].coefficient.as_ref().map(|number| number.value), Some(2.0));
    assert!(matches!(&reaction.products[0].state.kind, ExpressionKind::Variable { index: Some(_), .. }));
    assert!(matches!(&list[1].kind, StatementKind::Reaction(flux) if flux.arrow == ReactionArrow::Influx));
    assert!(matches!(&list[2].kind, StatementKind::Reaction(flux) if flux.arrow == ReactionArrow::Outflow));
    assert!(matches!(&list[4].kind, StatementKind::Conserve { terms, .. } if terms.len() == 2));
    assert!(matches!(&list[5].kind, StatementKind::Compartment { index: Some(_), states, .. } if states.len() == 2));
    assert!(matches!(&list[6].kind, StatementKind::Compartment { index: None, .. }));
    assert!(matches!(&list[7].kind, StatementKind::LongitudinalDiffusion { index: Some(_), .. }));
    assert_eq!(list.len(), 8);
}

#[test]
fn a_tilde_is_an_equation_in_linear_blocks() {
    let ast = clean("LINEAR s SOLVEFOR a, b { ~ a + 2*b = 1 ~ -a = (x < -1) }");
    assert!(
        matches!(&ast.items[0].kind, ItemKind::Solvable { kind: SolvableKind::Linear, solve_for, .. } if solve_for.len() == 2)
    );
    assert!(statements(&ast).iter().all(|statement| matches!(statement.kind, StatementKind::Equation { .. })));
}

#[test]
fn tables_have_names_or_none() {
    let printed = body("TABLE minf, mtau DEPEND celsius, q FROM -vmax TO 100+vmax WITH 200 x = 1");
    assert_eq!(printed, ["TABLE minf, mtau DEPEND celsius, q FROM -vmax TO 100 + vmax WITH 200", "x = 1"]);
    assert_eq!(body("TABLE FROM 0 TO 1 WITH N"), ["TABLE FROM 0 TO 1 WITH N"]);
}

#[test]
fn from_loops() {
    assert_eq!(body("FROM i = 0 TO N-1 BY 2 { a[i] = i }"), ["FROM i = 0 TO N - 1 BY 2 {\n    a[i] = i\n}"]);
}

#[test]
fn net_receive_has_its_own_statements() {
    let text = "NET_RECEIVE (w (uS), tsyn (ms)) { INITIAL { tsyn = t } if (flag == 0) { net_send(5, 1) }
        WATCH (v > -20) 2, (v < th*2) 3 FOR_NETCONS(w1, t1) { w1 = 0 } }";
    let ast = clean(text);
    let list = statements(&ast);
    assert!(matches!(list[0].kind, StatementKind::Initial(_)));
    assert!(matches!((&list[2].kind, &list[3].kind), (StatementKind::Watch { .. }, StatementKind::Watch { .. })));
    assert!(matches!(&list[4].kind, StatementKind::ForNetcons { arguments, .. } if arguments.len() == 2));
}

#[test]
fn solve_has_many_forms() {
    let text = "SOLVE states METHOD cnexp SOLVE rates SOLVE k STEADYSTATE sparse SOLVE a METHOD b IFERROR { x = 1 }";
    let printed = body(text);
    assert_eq!(printed[..3], ["SOLVE states METHOD cnexp", "SOLVE rates", "SOLVE k STEADYSTATE sparse"]);
    assert_eq!(printed[3], "SOLVE a METHOD b IFERROR {\n    x = 1\n}");
}

#[test]
fn verbatim_is_kept_byte_for_byte() {
    let c = "\n#include <x.h> /* } ( */\n  ENDVERBATIM_ if (a) { printf(\"%g: %s\\n\"); \n";
    let text = format!(
        "VERBATIM{}  ENDVERBATIM\nINITIAL {{ VERBATIM return 0;\nENDVERBATIM x = 1\n x = 2 }}",
        c.replace("ENDVERBATIM_", "x ENDVERBATIM")
    );
    let ast = clean(&text);
    assert!(
        matches!(&ast.items[0].kind, ItemKind::Verbatim(kept) if *kept == c.replace("ENDVERBATIM_", "x ENDVERBATIM"))
    );
    let list = statements(&ast);
    // The rest of the ENDVERBATIM line is dropped, as NEURON does.
    assert_eq!(list.len(), 2);
}

#[test]
fn the_rarer_statements() {
    let text = "PROTECT n = n + 1 MUTEXLOCK MUTEXUNLOCK LAG x BY tau CONDUCTANCE g USEION na CONDUCTANCE gl
        UNITSOFF x = 1 UNITSON printf(\"%g {\\n\", x) a@1 = b@2[i] c = INT(3)";
    let list = body(text);
    assert_eq!(list.len(), 12);
    assert_eq!(list[9], "printf(\"%g {\\n\", x)");
    assert_eq!(list[10], "a@1 = b@2[i]");
}

#[test]
fn the_rarer_blocks() {
    let text = "DEFINE n 3 INCLUDE \"x.inc\" CONSTANT { c = 1 (mV) } INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }
        FUNCTION_TABLE tab(v (mV)) (mV) BEFORE BREAKPOINT { x = 1 } AFTER SOLVE { x = 1 } AFTER INITIAL {} BEFORE STEP {}
        CONSTRUCTOR { } DESTRUCTOR { } EQUATION { } DISCRETE d { x = x@1 } NONLINEAR n { ~ x*x = 2 }
        FUNCTION f() { f = 1 } PROCEDURE p(a (mV), b) (ms) { }";
    let ast = clean(text);
    assert_eq!(ast.items.len(), 16);
    assert!(matches!(&ast.items[3].kind, ItemKind::Independent(text) if text == "t FROM 0 TO 1 WITH 1 (ms)"));
}

#[test]
fn line_ends_and_file_ends_of_all_kinds() {
    for text in [
        "TITLE x\r\n: comment\r\nINITIAL {\r\n a = 1 : b\r\n c = 2\r\n}\r\n",
        "TITLE x\r: comment\rINITIAL {\r a = 1 : b\r c = 2\r}",
        "\u{FEFF}TITLE x\n: caf\u{e9} \u{FFFD}\nINITIAL {\n a = 1\u{0C} : \u{b5}\n c = 2\n}\u{1A}\0\0 garbage {",
        "TITLE x\nCOMMENT\r\n\u{e9}\r\nENDCOMMENT\r\nINITIAL { a = 1 c = 2 }\n\u{04}",
    ] {
        let ast = clean(text);
        assert_eq!((ast.items.len(), statements(&ast).len()), (2, 2), "{text:?}");
    }
    assert!(clean("").items.is_empty());
    assert!(clean(" \n: only a comment").items.is_empty());
}

#[test]
fn spans_hold_the_text_and_nothing_more() {
    let text = "INITIAL { a = b : why\n  c = exp( d ) ? not\n SOLVE s : x\n if (a) { } : y\n}\n\n : end";
    let ast = clean(text);
    let spans: Vec<_> = statements(&ast).iter().map(|statement| &text[statement.span.range()]).collect();
    assert_eq!(spans, ["a = b", "c = exp( d )", "SOLVE s", "if (a) { }"]);
    assert!(text[ast.items[0].span.range()].ends_with("y\n}"));
}

#[test]
fn threadsafe_may_be_followed_by_names() {
    let ast = clean("NEURON { THREADSAFE a, b RANGE c RANDOM r BBCOREPOINTER p EXTERNAL e }");
    assert!(matches!(&ast.items[0].kind, ItemKind::Neuron(list) if list.len() == 5));
}
