//! Formats files and counts what became of them: `cargo run --example format -- FILES`.

use nmodl_parser::{SourceFile, format};

fn main() {
    let (mut formatted, mut unparsed, mut kept, mut unstable) = (0, 0, 0, 0);
    for path in std::env::args_os().skip(1) {
        let Ok(source) = SourceFile::read(path.as_ref()) else { continue };
        match format(&source) {
            Ok(text) => {
                formatted += 1;
                let again = format(&SourceFile::new(source.name.as_str(), text.as_str()));
                if again.as_deref() != Ok(&text) {
                    unstable += 1;
                    println!("{}: formatting again changes it", source.name);
                }
            }
            Err(diagnostics) if diagnostics[0].code == nmodl_parser::codes::NOT_FORMATTED => {
                kept += 1;
                println!("{}: would change", source.name);
            }
            Err(_) => unparsed += 1,
        }
    }
    println!("{formatted} formatted, {unstable} of them not stable, {kept} kept as they are, {unparsed} not parsed");
}
