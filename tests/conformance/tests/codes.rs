//! Every diagnostic code is made by some file.

use codegen::{Options, codes, compile, examples, units};
use nmodl_parser::{SourceFile, parse};
use std::collections::BTreeSet;
use std::path::Path;

/// Codes that no single small file can make, and why.
const WITHOUT: &[(&str, &str)] = &[
    ("M0026", "takes a file of 64 MiB"),
    ("M0029", "said by `modgen fmt --check`"),
    ("M0127", "the parser refuses all obsolete constructs first, as M0008"),
    ("M0217", "takes two files"),
    ("M0222", "the parser refuses a name alone first, as M0003 or M0219"),
    ("M0999", "a defect"),
];

/// The codes that a file makes: as a file with others beside it, as a text, and in the check of units.
fn said(code: &str, text: &str) -> BTreeSet<&'static str> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../codegen/src/examples/{code}.mod"));
    let file = SourceFile::with_includes(&path, text);
    let mut said = compile(&file, &Options::default()).1;
    said.extend(compile(&SourceFile::new("example.mod", text), &Options::default()).1);
    said.extend(units::check(&parse(&file).0));
    said.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn every_code_has_an_example_that_makes_it() {
    let mut wrong = Vec::new();
    for code in codes::all() {
        let exception = WITHOUT.iter().any(|(known, _)| *known == code.code);
        match examples::example(code.code) {
            Some(text) if exception || !said(code.code, text).contains(code.code) => {
                wrong.push(format!("{}: the example says {:?}", code.code, said(code.code, text)));
            }
            None if !exception => wrong.push(format!("{}: no example in codegen/src/examples", code.code)),
            _ => {}
        }
    }
    for (code, _) in examples::EXAMPLES {
        if codes::explain(code).is_none() {
            wrong.push(format!("{code}: an example without a code"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
