//! A short run of the fuzzer on each part of the compiler. A long one: `cargo run -p conformance --bin fuzz -- ir`.

use std::path::Path;
use std::process::Command;

fn run(target: &str, executions: u32) {
    let folder = tempfile::tempdir().expect("a directory");
    let output = Command::new(env!("CARGO_BIN_EXE_fuzz"))
        .args([target, "--executions", &executions.to_string(), "--seed", "20", "--folder"])
        .arg(folder.path())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let texts: Vec<String> = std::fs::read_dir(folder.path())
        .expect("a directory")
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "mod"))
        .map(|entry| String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap_or_default()).into_owned())
        .collect();
    assert!(output.status.success(), "{said}\n{}", texts.join("\n----\n"));
}

/// Texts like those that once were too much for the compiler, each within seconds.
#[test]
fn what_was_found_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("finds");
    let mut texts: Vec<_> =
        std::fs::read_dir(folder).expect("a directory").flatten().map(|entry| entry.path()).collect();
    texts.sort();
    assert!(!texts.is_empty());
    for text in texts {
        let output = Command::new(env!("CARGO_BIN_EXE_fuzz"))
            .args(["ir", "--limit", "10", "--memory", "500", "--run"])
            .arg(&text)
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {} {said}", text.display(), output.status);
    }
}

#[test]
fn the_parser_answers_any_text() {
    run("parse", 8000);
}

#[test]
fn trees_survive_printing() {
    run("roundtrip", 6000);
}

#[test]
fn the_compiler_answers_any_text() {
    run("ir", 6000);
}
