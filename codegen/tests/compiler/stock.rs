//! The stock mechanisms compile.

use codegen::{Options, compile};
use nmodl_parser::SourceFile;
use std::path::Path;

#[test]
fn stock_mechanisms_compile_to_valid_ir() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mod");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "mod") {
            continue;
        }
        let source = SourceFile::read(&path).unwrap();
        for optimise in [true, false] {
            let (mechanism, diagnostics) = compile(&source, &Options { optimise });
            let texts: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.render(&source, false)).collect();
            assert!(mechanism.is_some(), "{}", texts.join("\n"));
        }
        count += 1;
    }
    assert!(count >= 15);
}
