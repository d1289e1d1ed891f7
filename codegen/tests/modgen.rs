//! The command line, run on the stock mechanisms of `mod/`: what it writes is accepted by rustc, without a warning, and by
//! naga.

use naga::valid::{Capabilities, ValidationFlags, Validator};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn modgen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_modgen")).args(arguments).output().expect("modgen runs")
}

fn stock() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../mod")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Panics unless the functions are valid WGSL after their prelude.
fn validate(path: &Path, prelude: &str, capabilities: Capabilities) {
    let text = format!("{prelude}\n{}", std::fs::read_to_string(path).expect("a shader"));
    let module = naga::front::wgsl::parse_str(&text).unwrap_or_else(|e| panic!("{}", e.emit_to_string(&text)));
    let result = Validator::new(ValidationFlags::all(), capabilities).validate(&module);
    result.unwrap_or_else(|e| panic!("{}", e.emit_to_string(&text)));
}

#[test]
fn stock_mechanisms_become_valid_rust_and_wgsl() {
    use codegen::back::{Real, wgsl};
    let directory = tempfile::tempdir().expect("a directory");
    let output = modgen(&[text(&stock()), "-o", text(directory.path())]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("refused 0"), "{}", stderr(&output));

    for flags in [&[][..], &["--cfg", "single"], &["--cfg", "fused"], &["--cfg", "single", "--cfg", "fused"]] {
        let rustc = Command::new("rustc")
            .args(["--edition", "2024", "--crate-type", "cdylib", "--emit", "metadata", "src/lib.rs"])
            .args(flags)
            .current_dir(directory.path())
            .output()
            .expect("rustc runs");
        assert!(rustc.status.success() && rustc.stderr.is_empty(), "{flags:?}: {}", stderr(&rustc));
    }

    let manifest = std::fs::read_to_string(directory.path().join("manifest.json")).expect("a manifest");
    let manifest: codegen::manifest::Manifest = serde_json::from_str(&manifest).expect("its own format");
    let int64 = Capabilities::FLOAT64 | Capabilities::SHADER_INT64;
    for (real, capabilities) in [(Real::F32, Capabilities::empty()), (Real::F64, int64)] {
        let shaders = directory.path().join("shaders").join(real.name());
        let prelude = wgsl::prelude(real);
        let mut count = 0;
        for entry in std::fs::read_dir(shaders).expect("shaders").flatten() {
            validate(&entry.path(), &prelude, capabilities);
            count += 1;
        }
        assert_eq!(count, manifest.mechanisms.len());
    }
}

#[test]
fn a_bad_file_is_refused_and_the_others_are_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let bad = directory.path().join("bad.mod");
    std::fs::write(&bad, "NEURON { SUFFIX bad }\nBREAKPOINT { x = 1 }\n").expect("a file");
    let out = directory.path().join("out");
    let good = stock().join("pas.mod");
    let output = modgen(&[text(&bad), text(&good), "-o", text(&out)]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("`x`") && stderr(&output).contains("compiled 1 mechanism, refused 1"));
    assert!(out.join("src/pas.rs").is_file() && !out.join("src/bad.rs").exists());

    let output = modgen(&["check", text(&bad), "--message-format", "json"]);
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let objects: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(objects[0]["severity"], "error");
    assert_eq!(objects[0]["labels"][0]["line"], 2);
    assert_eq!(objects.last().expect("a summary")["summary"]["refused"], 1);
}

#[test]
fn what_an_earlier_run_left_is_removed() {
    let directory = tempfile::tempdir().expect("a directory");
    let (pas, leak) = (stock().join("pas.mod"), stock().join("leak.mod"));
    assert!(modgen(&[text(&pas), text(&leak), "-o", text(directory.path())]).status.success());
    std::fs::write(directory.path().join("src/mine.rs"), "// my own\n").expect("a file");
    assert!(modgen(&[text(&pas), "-o", text(directory.path())]).status.success());
    assert!(!directory.path().join("src/leak.rs").exists());
    assert!(!directory.path().join("shaders/f64/leak.wgsl").exists());
    assert!(directory.path().join("src/mine.rs").exists());
}

#[test]
fn a_library_is_built_beside_the_crate() {
    let directory = tempfile::tempdir().expect("a directory");
    let output = modgen(&["compile", text(&stock().join("pas.mod")), "--build", "-o", text(directory.path())]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(directory.path().join(codegen::build::library_name()).is_file());
}

#[test]
fn every_form_can_be_printed() {
    let pas = stock().join("pas.mod");
    for (form, word) in [
        ("ast", "Breakpoint"),
        ("nmodl", "BREAKPOINT"),
        ("ir", "pas"),
        ("rust", "fn current_row"),
        ("wgsl", "pas_current"),
    ] {
        let output = modgen(&[text(&pas), "--emit", form]);
        assert!(output.status.success(), "{form}: {}", stderr(&output));
        assert!(String::from_utf8_lossy(&output.stdout).contains(word), "{form}");
    }
    let output = modgen(&["explain", "m0201"]);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("M0201: "));
}

#[test]
fn what_cannot_be_done_is_said_with_status_2() {
    for arguments in [&["no/such/file.mod"][..], &["explain", "M9999"], &["check"], &["--build"]] {
        let output = modgen(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}
