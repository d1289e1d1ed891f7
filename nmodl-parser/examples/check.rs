//! Parses the files given and prints their diagnostics.
//!
//! `cargo run -p nmodl-parser --example check -- FILE...`

use nmodl_parser::{SourceFile, parse};
use std::path::Path;

fn main() -> std::io::Result<()> {
    let (mut files, mut bad) = (0, 0);
    for path in std::env::args().skip(1) {
        let source = SourceFile::read(Path::new(&path))?;
        let (_, diagnostics) = parse(&source);
        for diagnostic in &diagnostics {
            print!("{}", diagnostic.render(&source, false));
        }
        files += 1;
        bad += usize::from(diagnostics.iter().any(|diagnostic| diagnostic.is_error()));
    }
    eprintln!("{files} files, {bad} with errors");
    Ok(())
}
