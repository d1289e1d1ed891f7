//! INCLUDE: files in place of the statement, and diagnostics that point into them.
#![allow(missing_docs)]

use nmodl_parser::ast::ItemKind;
use nmodl_parser::{SourceFile, Span, parse};
use std::path::{Path, PathBuf};

/// A directory that is removed again.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("nmodl-include-{}-{name}", std::process::id()));
        for (name, text) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn read(&self, name: &str) -> SourceFile {
        SourceFile::read(&self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn codes(source: &SourceFile) -> Vec<&'static str> {
    parse(source).1.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn the_text_stands_in_the_place_of_the_statement() {
    let main = "NEURON { SUFFIX a }\nINCLUDE \"sub/one.inc\" STATE { m }\n: INCLUDE \"no\"\nASSIGNED { v }\n";
    let files =
        [("a.mod", main), ("sub/one.inc", "INCLUDE \"two.inc\"\nPARAMETER { p = 1 }"), ("sub/two.inc", ": two")];
    let folder = Folder::new("place", &files);
    let source = folder.read("a.mod");
    let (ast, diagnostics) = parse(&source);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let kinds: Vec<bool> = ast.items.iter().map(|item| matches!(item.kind, ItemKind::Parameter(_))).collect();
    assert_eq!(kinds, [false, true, false, false]);
    assert_eq!(source.own_text(), main);
    let lines: Vec<(u32, bool)> =
        ast.items.iter().map(|item| (source.line(item.span.start), source.is_own(item.span.start))).collect();
    assert_eq!(lines, [(1, true), (2, false), (2, true), (4, true)]);
    let whole = source.place(Span::new(0, source.text.len()));
    assert_eq!((whole.range, whole.text), (0..20, main), "a span is cut where another file begins");
}

#[test]
fn a_block_may_begin_in_one_file_and_end_in_another() {
    let files = [("a.mod", "INCLUDE \"head.inc\"\n  q = 2 }"), ("head.inc", "NEURON { SUFFIX a }\nPARAMETER { p = 1")];
    let folder = Folder::new("split", &files);
    let (ast, diagnostics) = parse(&folder.read("a.mod"));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert!(matches!(&ast.items[1].kind, ItemKind::Parameter(all) if all.len() == 2));
}

#[test]
fn an_error_in_an_included_file_points_into_it() {
    let folder = Folder::new("error", &[("a.mod", "\n\nINCLUDE \"bad.inc\"\n"), ("bad.inc", "STATE {\n  m = \n}\n")]);
    let source = folder.read("a.mod");
    let (_, diagnostics) = parse(&source);
    let place = source.place(diagnostics[0].labels[0].span);
    assert!(place.file.ends_with("bad.inc") && place.line() == 2, "{place:?}");
    let shown = diagnostics[0].render(&source, false);
    assert!(shown.contains("bad.inc:2") && shown.contains("m ="), "{shown}");
}

#[test]
fn a_missing_file_is_named_with_the_places_where_it_was_sought() {
    let folder = Folder::new("missing", &[("a.mod", "INCLUDE \"none.inc\"\nSTATE { m }")]);
    let source = folder.read("a.mod");
    assert_eq!(codes(&source), ["M0027"]);
    let shown = parse(&source).1[0].render(&source, false);
    assert!(shown.contains("a.mod:1:1") && shown.contains("MODL_INCLUDE"), "{shown}");
    assert!(shown.contains("../none.inc"), "{shown}");
}

#[test]
fn circles_end() {
    let files = [("a.mod", "INCLUDE \"b.inc\"\n"), ("b.inc", "INCLUDE \"c.inc\"\n"), ("c.inc", "INCLUDE \"b.inc\"\n")];
    let folder = Folder::new("circle", &files);
    assert_eq!(codes(&folder.read("a.mod")), ["M0028"]);
    // Each file doubles what it includes: the count is bounded.
    let doubling: Vec<(String, String)> = (0..20)
        .map(|at| (format!("{at}.inc"), format!("INCLUDE \"{0}.inc\"\nINCLUDE \"{0}.inc\"\n", at + 1)))
        .chain([("20.inc".to_owned(), ": end\n".to_owned())])
        .collect();
    let files: Vec<(&str, &str)> = doubling.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = Folder::new("doubling", &files);
    assert!(codes(&folder.read("0.inc")).contains(&"M0026"));
}

#[test]
fn a_file_that_is_not_read_keeps_its_statement() {
    let (ast, diagnostics) = parse(&SourceFile::new("x.mod", "INCLUDE \"a.inc\""));
    assert!(diagnostics.is_empty() && matches!(ast.items[0].kind, ItemKind::Include(_)));
    let source = SourceFile::with_includes(Path::new("/nowhere/x.mod"), "STATE { INCLUDE \"a\" }");
    assert_ne!(codes(&source), Vec::<&str>::new(), "not inside a block");
}
