//! What is run with a text, and what must hold.

use codegen::back::{Real, Sources, rust, wgsl};
use codegen::ir::evaluate::Instance;
use codegen::ir::{Function, Mechanism, Statement, StatementKind};
use codegen::{Options, compile};
use nmodl_parser::{Diagnostic, SourceFile, ast::Ast, parse, print};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// A part of the compiler with its promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Target {
    /// The parser gives an answer, all spans lie in the text, and its diagnostics can be rendered
    Parse,
    /// A tree printed and parsed again is the same tree
    Roundtrip,
    /// Every pass and both back ends; kernels can be evaluated
    Ir,
}

impl Target {
    /// Runs one text; panics if a promise is broken. Gives a number that differs between texts that are different for the
    /// compiler: those of a new number are worth keeping.
    pub fn run(self, bytes: &[u8], check_shader: bool) -> u64 {
        let source = SourceFile::new("fuzz.mod", String::from_utf8_lossy(bytes));
        let mut hasher = DefaultHasher::new();
        match self {
            Target::Parse => signature(&check_parse(&source).1, &mut hasher),
            Target::Roundtrip => {
                let (ast, diagnostics) = check_parse(&source);
                if !diagnostics.iter().any(Diagnostic::is_error) {
                    check_round_trip(&ast);
                }
                signature(&diagnostics, &mut hasher);
            }
            Target::Ir => {
                let (mechanism, diagnostics) = compile(&source, &Options::default());
                check_diagnostics(&source, &diagnostics);
                assert_eq!(mechanism.is_none(), diagnostics.iter().any(Diagnostic::is_error), "{diagnostics:?}");
                signature(&diagnostics, &mut hasher);
                if let Some(mechanism) = mechanism {
                    check_mechanism(&mechanism, check_shader);
                    shape_of(&mechanism, &mut hasher);
                }
            }
        }
        hasher.finish()
    }
}

fn check_parse(source: &SourceFile) -> (Ast, Vec<Diagnostic>) {
    let (ast, diagnostics) = parse(source);
    check_diagnostics(source, &diagnostics);
    (ast, diagnostics)
}

fn check_diagnostics(source: &SourceFile, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        assert!(diagnostic.code != "M0999", "defect: {}", diagnostic.message);
        assert!(!diagnostic.labels.is_empty(), "no place: {diagnostic:?}");
        for label in &diagnostic.labels {
            assert!(source.text.get(label.span.range()).is_some(), "place outside the text: {diagnostic:?}");
        }
    }
    // Rendering is slow; a few show what all do.
    for diagnostic in diagnostics.iter().take(2) {
        diagnostic.render(source, false);
    }
}

fn check_round_trip(ast: &Ast) {
    let printed = print(ast);
    let again = SourceFile::new("printed.mod", printed.as_str());
    let (second, diagnostics) = parse(&again);
    assert!(!diagnostics.iter().any(Diagnostic::is_error), "printed text is refused: {diagnostics:?}");
    assert!(without_spans(ast) == without_spans(&second), "another tree after printing");
}

/// The tree as text, without its places.
fn without_spans(ast: &Ast) -> String {
    let text = format!("{ast:?}");
    let mut parts = text.split("Span { ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    out
}

fn check_mechanism(mechanism: &Mechanism, check_shader: bool) {
    let text = rust::emit_mechanism(mechanism, &Sources::new());
    assert!(!text.is_empty());
    for real in [Real::F32, Real::F64] {
        if check_shader {
            if let Err(message) = crate::shader::check(mechanism, real) {
                panic!("naga refuses the shader: {message}");
            }
        } else {
            assert!(!wgsl::emit_mechanism(mechanism, real).is_empty());
        }
    }
    if mechanism.tables.iter().any(|table| has_while(&table.function.body)) {
        return;
    }
    let mut instance = Instance::new(mechanism);
    for (_, kernel) in mechanism.kernels.iter() {
        if !has_while(&kernel.body) {
            instance.run(&Some(kernel.clone()));
        }
    }
}

/// A WHILE of a random text may never end; generated code bounds it, but not where one stands in another.
fn has_while(body: &[Statement]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StatementKind::While { .. } => true,
        StatementKind::If { then, otherwise, .. } => has_while(then) || has_while(otherwise),
        StatementKind::Iterate { body, .. } | StatementKind::ForNetcons { body } => has_while(body),
        _ => false,
    })
}

/// Each code with the magnitude of its count.
fn signature(diagnostics: &[Diagnostic], hasher: &mut DefaultHasher) {
    let mut codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    for group in codes.chunk_by(|a, b| a == b) {
        (group[0], group.len().ilog2()).hash(hasher);
    }
}

/// Magnitudes of the parts of a mechanism.
fn shape_of(mechanism: &Mechanism, hasher: &mut DefaultHasher) {
    let magnitude = |count: usize| (count + 1).ilog2();
    let kernel = |function: &Function| (magnitude(function.body.len()), magnitude(function.locals.len()));
    let kernels: Vec<_> = mechanism.kernels.iter().map(|(name, function)| (name, kernel(function))).collect();
    (kernels, magnitude(mechanism.columns.len()), magnitude(mechanism.globals.len()), mechanism.ions.len())
        .hash(hasher);
}
