//! Compiling text and running it.

use codegen::ir::evaluate::Instance;
use codegen::ir::{Function, Mechanism};
use codegen::{Options, compile};
use nmodl_parser::{Diagnostic, SourceFile};

/// The mechanism of a text that must compile, both as written and optimised.
pub fn both(text: &str) -> [Mechanism; 2] {
    [false, true].map(|optimise| with(text, Options { optimise, ..Options::default() }))
}

/// The optimised mechanism, its exponentials and divisions as written.
pub fn mechanism(text: &str) -> Mechanism {
    with(text, Options { rearrange: false, ..Options::default() })
}

/// The mechanism of a text that must compile with some options.
pub fn with(text: &str, options: Options) -> Mechanism {
    let (mechanism, diagnostics) = compile(&SourceFile::new("test.mod", text), &options);
    mechanism.unwrap_or_else(|| panic!("{diagnostics:#?}"))
}

/// The diagnostics of a text.
pub fn diagnostics(text: &str) -> Vec<Diagnostic> {
    compile(&SourceFile::new("test.mod", text), &Options::default()).1
}

/// The codes of its diagnostics.
pub fn codes(text: &str) -> Vec<&'static str> {
    diagnostics(text).iter().map(|diagnostic| diagnostic.code).collect()
}

/// The text of a kernel.
pub fn text(mechanism: &Mechanism, kernel: &Option<Function>) -> String {
    kernel.as_ref().map_or(String::new(), |kernel| mechanism.function_text(kernel))
}

/// Asserts the text of a kernel, indentation aside.
#[track_caller]
pub fn assert_text(mechanism: &Mechanism, kernel: &Option<Function>, expected: &str) {
    let lines = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    assert_eq!(lines(&text(mechanism, kernel)), lines(expected));
}

/// Reads an instance by name.
pub trait Named {
    /// A column's value.
    fn get(&self, mechanism: &Mechanism, name: &str) -> f64;
}

impl Named for Instance {
    #[track_caller]
    fn get(&self, mechanism: &Mechanism, name: &str) -> f64 {
        self.columns[mechanism.column(name).unwrap().0 as usize]
    }
}

/// Asserts equality to a relative tolerance.
#[track_caller]
pub fn assert_close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1e-300), "{a} is not {b} to {tolerance}");
}
