//! Both back ends on hand-built IR: what is printed, and that the compilers of both languages accept it.

use super::{Real, Sources, rust, wgsl};
use crate::ir::BinaryOperator::{Add, Divide, Multiply, Subtract};
use crate::ir::*;
use nmodl_parser::SourceFile;
use std::process::Command;

fn number(value: f64) -> Expression {
    Expression::Number(value)
}

fn binary(operator: BinaryOperator, a: Expression, b: Expression) -> Expression {
    Expression::binary(operator, a, b)
}

fn boxed(e: Expression) -> Box<Expression> {
    Box::new(e)
}

fn column(name: &str, role: Role, default: f64) -> Column {
    Column { name: name.into(), unit: String::new(), role, range: true, default, limits: None }
}

fn assign(place: Place, value: Expression, line: u32) -> Statement {
    Statement::new(StatementKind::Assign(place, value), line)
}

fn v() -> Expression {
    Expression::Input(Input::V)
}

/// A channel with one gate, whose names are unfriendly.
pub(crate) fn channel() -> Mechanism {
    let (gbar, m, self_) = (ColumnId(0), ColumnId(1), ColumnId(2));
    let k = IonId(0);
    let mut current = Function::default();
    let i = current.add_local("ik");
    let flux = binary(Subtract, v(), Expression::Ion(k, IonField::Erev));
    let conductance = binary(
        Multiply,
        Expression::column(gbar),
        Expression::Call(Math::Pow, vec![Expression::column(m), number(4.0)]),
    );
    current.body = vec![
        assign(Place::Column(self_), conductance, 3),
        assign(Place::Local(i), binary(Multiply, Expression::column(self_), flux), 4),
        Statement::new(StatementKind::AddIon(k, IonField::Current, Expression::local(i)), 4),
        Statement::new(StatementKind::AddRhs(Expression::Negate(boxed(Expression::local(i)))), 0),
        Statement::new(StatementKind::AddDiagonal(Expression::column(self_)), 0),
    ];
    let mut state = Function::default();
    let alpha = state.add_local("alpha");
    let again = state.add_local("ion_k");
    let x = binary(Divide, binary(Add, v(), number(55.0)), number(-10.0));
    state.body = vec![
        assign(Place::Local(alpha), binary(Multiply, number(0.1), Expression::Call(Math::Exprelr, vec![x.clone()])), 7),
        assign(
            Place::Local(again),
            Expression::Select(
                boxed(Expression::And(
                    boxed(Expression::Compare(Comparison::Less, boxed(v()), boxed(number(-50.0)))),
                    boxed(Expression::Or(
                        boxed(Expression::Not(boxed(Expression::Compare(
                            Comparison::Equal,
                            boxed(v()),
                            boxed(number(1e99)),
                        )))),
                        boxed(Expression::Compare(Comparison::NotEqual, boxed(v()), boxed(number(f64::INFINITY)))),
                    )),
                )),
                boxed(Expression::local(alpha)),
                boxed(Expression::Negate(boxed(Expression::Negate(boxed(x))))),
            ),
            8,
        ),
        assign(
            Place::Column(m),
            Expression::MulAdd(
                boxed(binary(Subtract, Expression::local(again), Expression::column(m))),
                boxed(Expression::Negate(boxed(Expression::Call(
                    Math::Expm1,
                    vec![Expression::Negate(boxed(binary(
                        Divide,
                        Expression::Input(Input::Dt),
                        Expression::Load(Place::Global(GlobalId(0))),
                    )))],
                )))),
                boxed(Expression::column(m)),
            ),
            9,
        ),
    ];
    let init = Function { locals: vec![], body: vec![assign(Place::Column(m), number(0.25), 1)] };
    Mechanism {
        name: "type".into(),
        kind: Kind::Density,
        source: "type.mod".into(),
        hash: "0123".into(),
        title: Some("A test channel".into()),
        columns: vec![
            column("gbar", Role::Parameter, 0.01),
            column("m", Role::State, 0.0),
            column("self", Role::Assigned, 0.0),
        ],
        globals: vec![Global { name: "loop".into(), unit: "ms".into(), default: 2.0, limits: None, external: false }],
        ions: vec![Ion { name: "k".into(), valence: None, read: vec![IonField::Erev], write: vec![IonField::Current] }],
        streams: Vec::new(),
        pointers: Vec::new(),
        settled_by: Vec::new(),
        missing: Vec::new(),
        net_arguments: vec![],
        tables: vec![],
        electrode: vec![],
        diffusions: vec![],
        kernels: Kernels {
            init: Some(init),
            current: Some(current.clone()),
            current_difference: Some(current),
            state: Some(state),
            ..Kernels::default()
        },
    }
}

/// A synapse with loops, branches and NetCon memory.
pub(crate) fn synapse() -> Mechanism {
    let (g, tau, count) = (ColumnId(0), ColumnId(1), ColumnId(2));
    let positive = Expression::Compare(
        Comparison::GreaterEqual,
        boxed(Expression::Load(Place::NetArgument(0))),
        boxed(number(0.0)),
    );
    let mut receive = Function::default();
    let last = receive.add_local("last");
    receive.body = vec![Statement::new(
        StatementKind::If {
            condition: positive,
            then: vec![
                assign(Place::Local(last), Expression::Load(Place::NetArgument(1)), 5),
                assign(
                    Place::Column(g),
                    binary(Add, Expression::column(g), Expression::Load(Place::NetArgument(0))),
                    6,
                ),
                assign(Place::NetArgument(1), binary(Add, Expression::local(last), Expression::Input(Input::T)), 7),
            ],
            otherwise: vec![assign(Place::Column(count), Expression::Input(Input::Flag), 9)],
        },
        4,
    )];
    let mut state = Function::default();
    let (x, kept) = (state.add_local("x"), state.add_local("kept"));
    let error = Expression::Call(Math::Abs, vec![Expression::local(x)]);
    let small = |limit| Expression::Compare(Comparison::Less, boxed(error.clone()), boxed(number(limit)));
    state.body = vec![
        Statement::new(
            StatementKind::Iterate {
                limit: 20,
                body: vec![
                    assign(Place::Local(x), binary(Divide, Expression::column(g), Expression::column(tau)), 12),
                    assign(Place::Local(kept), binary(Add, Expression::local(kept), number(1.0)), 13),
                    assign(Place::Column(g), binary(Multiply, number(0.5), Expression::column(g)), 13),
                ],
                until: small(1e-9),
            },
            11,
        ),
        Statement::new(
            StatementKind::While {
                condition: Expression::Compare(
                    Comparison::Greater,
                    boxed(Expression::local(kept)),
                    boxed(number(30.0)),
                ),
                body: vec![assign(Place::Local(kept), binary(Subtract, Expression::local(kept), number(1.0)), 15)],
            },
            14,
        ),
        assign(Place::Column(count), Expression::local(kept), 16),
    ];
    let current = Function {
        locals: vec![],
        body: vec![Statement::new(
            StatementKind::AddRhs(binary(
                Divide,
                binary(Multiply, number(-100.0), binary(Multiply, Expression::column(g), v())),
                Expression::Input(Input::Area),
            )),
            2,
        )],
    };
    Mechanism {
        name: "a_net".into(),
        kind: Kind::PointProcess,
        source: "a_net.mod".into(),
        hash: "4567".into(),
        title: None,
        columns: vec![
            column("g", Role::State, 0.0),
            column("tau", Role::Parameter, 2.0),
            column("count", Role::Assigned, 0.0),
        ],
        globals: vec![],
        ions: vec![],
        streams: Vec::new(),
        pointers: Vec::new(),
        settled_by: Vec::new(),
        missing: Vec::new(),
        net_arguments: vec!["weight".into(), "last".into()],
        tables: vec![],
        electrode: vec![],
        diffusions: vec![],
        kernels: Kernels {
            current: Some(current),
            state: Some(state),
            net_receive: Some(receive),
            net_init: Some(Function { locals: vec![], body: vec![assign(Place::NetArgument(1), number(0.0), 3)] }),
            ..Kernels::default()
        },
    }
}

/// Every mathematical function.
fn functions() -> Mechanism {
    const ALL: [Math; 23] = [
        Math::Exp,
        Math::Expm1,
        Math::Expm1Of,
        Math::Bounded,
        Math::Confined,
        Math::Exprelr,
        Math::Log,
        Math::Log10,
        Math::Pow,
        Math::Sqrt,
        Math::Abs,
        Math::Floor,
        Math::Ceil,
        Math::Sin,
        Math::Cos,
        Math::Tan,
        Math::Sinh,
        Math::Cosh,
        Math::Tanh,
        Math::Atan,
        Math::Min,
        Math::Max,
        Math::Fmod,
    ];
    let x = Place::Column(ColumnId(0));
    let call = |function: Math| Expression::Call(function, vec![Expression::Load(x); function.arity()]);
    let body = ALL.iter().map(|&function| assign(x, call(function), 0)).collect();
    Mechanism {
        name: "Type".into(),
        columns: vec![column("math_exp", Role::State, 0.0)],
        kernels: Kernels { state: Some(Function { locals: vec![], body }), ..Kernels::default() },
        globals: vec![],
        ions: vec![],
        ..channel()
    }
}

/// Mechanisms of the tests' folder: arrays with run-time indices, and names that the languages reserve.
fn compiled() -> [Mechanism; 2] {
    let texts = [
        ("indexed.mod", include_str!("../../tests/mod/indexed.mod")),
        ("keywords.mod", include_str!("../../tests/mod/keywords.mod")),
    ];
    texts.map(|(name, text)| {
        let source = nmodl_parser::SourceFile::new(name, text);
        let (mechanism, diagnostics) = crate::compile(&source, &crate::Options::default());
        mechanism.unwrap_or_else(|| panic!("{diagnostics:?}"))
    })
}

/// Every generator of random numbers.
fn random() -> Mechanism {
    let text = "NEURON { POINT_PROCESS noise RANDOM r RANGE x, random } ASSIGNED { x random }
        INITIAL { set_seed(5) random_setseq(r, 3) } BREAKPOINT { SOLVE draw }
        PROCEDURE draw() { x = scop_random() random = random_normal(r) + random_ipick(r) }";
    let (mechanism, diagnostics) = crate::compile(&SourceFile::new("noise.mod", text), &crate::Options::default());
    mechanism.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

#[test]
fn rust_reads_well() {
    let sources = Sources::from([(
        "type.mod".to_owned(),
        "INITIAL { m = 0.25 }\nBREAKPOINT {\n  self = gbar*m^4 : \"g\", with a remark that goes on and on, beyond the end of what is thought a line\n  ik = self*(v - ek)\n}\n".to_owned(),
    )]);
    insta::assert_snapshot!("channel.rs", rust::emit_mechanism(&channel(), &sources));
    insta::assert_snapshot!("synapse.rs", rust::emit_mechanism(&synapse(), &Sources::new()));
}

#[test]
fn wgsl_reads_well() {
    insta::assert_snapshot!("channel.f64.wgsl", wgsl::emit_mechanism(&channel(), Real::F64));
    insta::assert_snapshot!("synapse.f32.wgsl", wgsl::emit_mechanism(&synapse(), Real::F32));
}

#[test]
fn rustc_accepts_all_four_configurations_without_a_warning() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mechanisms: Vec<Mechanism> =
        [channel(), synapse(), functions(), random()].into_iter().chain(compiled()).collect();
    let files = rust::emit_crate(&mechanisms, &Sources::new());
    crate::build::write_files(directory.path(), &files).expect("files");
    for flags in [&[][..], &["--cfg", "single"], &["--cfg", "fused"], &["--cfg", "single", "--cfg", "fused"]] {
        let output = Command::new("rustc")
            .args(["--edition", "2024", "--crate-type", "cdylib", "--emit", "metadata", "src/lib.rs"])
            .args(flags)
            .current_dir(directory.path())
            .output()
            .expect("rustc runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.is_empty(), "{flags:?}: {text}");
    }
}

/// Wide packed instructions of each kernel of a library for AVX2, by name.
#[cfg(target_arch = "x86_64")]
fn packed_instructions(directory: &std::path::Path, single: bool) -> Vec<(String, usize)> {
    let mut command = Command::new("rustc");
    command.args(["--edition", "2024", "--crate-type", "cdylib", "-C", "opt-level=3", "-C", "target-cpu=x86-64-v3"]);
    command.args(["--cfg", "fused", "--emit", "asm", "-o", "kernels.s", "src/lib.rs"]);
    if single {
        command.args(["--cfg", "single"]);
    }
    assert!(command.current_dir(directory).status().expect("rustc runs").success());
    let text = std::fs::read_to_string(directory.join("kernels.s")).expect("assembly");
    let mut kernels: Vec<(String, usize)> = vec![];
    for line in text.lines() {
        if line.starts_with("_ZN") || line.starts_with("_RN") {
            kernels.push((line.to_owned(), 0));
        } else if let Some((_, count)) = kernels.last_mut() {
            let packed = ["fmadd", "mulp", "addp", "divp"].iter().any(|operation| line.contains(operation));
            *count += usize::from(packed && line.contains("%ymm"));
        }
    }
    kernels
}

/// The loops over lanes are vectorised: this is where the speed comes from, and it is lost without a message.
#[cfg(target_arch = "x86_64")]
#[test]
fn rustc_vectorises_over_lanes() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let sources = Sources::new();
    crate::build::write_files(directory.path(), &rust::emit_crate(&[channel()], &sources)).expect("files");
    for single in [false, true] {
        let kernels = packed_instructions(directory.path(), single);
        for name in ["5state", "current"] {
            let count: usize = kernels.iter().filter(|(kernel, _)| kernel.contains(name)).map(|(_, count)| count).sum();
            assert!(count >= 10, "{name}, single {single}: {count} packed instructions in {kernels:?}");
        }
    }
}

/// Panics with naga's words unless the text is valid after the prelude.
pub(crate) fn validate(text: &str, real: Real) {
    use naga::valid::{Capabilities, ValidationFlags, Validator};
    let text = format!("{}\n{text}", wgsl::prelude(real));
    let module = naga::front::wgsl::parse_str(&text).unwrap_or_else(|e| panic!("{}", e.emit_to_string(&text)));
    let capabilities = match real {
        Real::F32 => Capabilities::empty(),
        Real::F64 => Capabilities::FLOAT64 | Capabilities::SHADER_INT64,
    };
    let result = Validator::new(ValidationFlags::all(), capabilities).validate(&module);
    result.unwrap_or_else(|e| panic!("{}", e.emit_to_string(&text)));
}

/// Functions of WGSL that are inaccurate, or wrong in f64, or not the same everywhere.
const FORBIDDEN: [&str; 27] = [
    "exp",
    "exp2",
    "log",
    "log2",
    "pow",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "fma",
    "inverseSqrt",
    "mix",
    "step",
    "smoothstep",
    "fract",
    "modf",
    "frexp",
    "ldexp",
];

/// Calls of forbidden functions and literals without suffix.
pub(crate) fn scan(text: &str) -> Vec<String> {
    let mut found = vec![];
    for line in text.lines() {
        let code = line.split("//").next().unwrap_or_default();
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let mut rest = code;
        while let Some(start) = rest.find(word) {
            let end = rest[start..].find(|c| !word(c)).map_or(rest.len(), |length| start + length);
            let mut token = &rest[start..end];
            let mut next = end;
            // The sign of an exponent belongs to the literal.
            if token.starts_with(|c: char| c.is_ascii_digit()) && token.ends_with('e') {
                let more = rest[end + 1..].find(|c| !word(c)).map_or(rest.len(), |length| end + 1 + length);
                token = &rest[start..more];
                next = more;
            }
            if FORBIDDEN.contains(&token) && rest[next..].starts_with('(') {
                found.push(format!("{token}: {code}"));
            }
            let is_number = token.starts_with(|c: char| c.is_ascii_digit());
            if is_number && !(token.ends_with('u') || token.ends_with('f')) {
                found.push(format!("{token}: {code}"));
            }
            rest = &rest[next..];
        }
    }
    found
}

#[test]
fn naga_accepts_both_precisions() {
    for real in [Real::F32, Real::F64] {
        for mechanism in [channel(), synapse(), functions(), random()].into_iter().chain(compiled()) {
            let text = wgsl::emit_mechanism(&mechanism, real);
            validate(&text, real);
            assert_eq!(scan(&text), Vec::<String>::new());
        }
        assert_eq!(scan(wgsl::math(real)), Vec::<String>::new());
    }
}

#[test]
fn naga_accepts_numbers_beyond_its_constants() {
    let x = Place::Column(ColumnId(0));
    let of = |operator, a, b| binary(operator, number(a), number(b));
    let values = [
        number(f64::NAN),
        number(-f64::INFINITY),
        number(1e-320),
        number(1e-46),
        number(-1e39),
        number(-0.0),
        of(Divide, 1.0, 0.0),
        of(Divide, 0.0, 0.0),
        of(Multiply, 1e30, 1e30),
        of(Multiply, 1e300, -1e300),
        Expression::MulAdd(boxed(number(1e200)), boxed(number(1e200)), boxed(Expression::Load(x))),
        Expression::Negate(boxed(of(Subtract, 1e308, -1e308))),
    ];
    let body = values.into_iter().map(|value| assign(x, value, 0)).collect();
    let kernels = Kernels { init: Some(Function { locals: vec![], body }), ..Kernels::default() };
    let mechanism = Mechanism { kernels, ions: vec![], ..channel() };
    for real in [Real::F32, Real::F64] {
        let text = wgsl::emit_mechanism(&mechanism, real);
        validate(&text, real);
        assert_eq!(scan(&text), Vec::<String>::new());
    }
}

#[test]
fn the_scan_finds_what_it_should() {
    assert_eq!(scan("let a = exp(x);").len(), 1);
    assert_eq!(scan("let a = fma(x, y, z) * 1.5;").len(), 2);
    assert_eq!(scan("let a = math_exp(x) * 1.5e-3f + 2lf; // exp(1.0)").len(), 0);
    assert_eq!(scan("let a = 1.5e-3;").len(), 1);
}
