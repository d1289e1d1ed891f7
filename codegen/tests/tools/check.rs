//! `modgen check --units`.

use crate::support::{LEAK, modgen, stderr, text};

#[test]
fn units_are_checked_when_asked_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("leak.mod");
    std::fs::write(&file, LEAK).expect("a file");
    let status = |arguments: &[&str]| {
        let output = modgen(&[&["check", text(&file)], arguments].concat());
        (output.status.code(), stderr(&output))
    };
    let (code, plain) = status(&[]);
    assert!(code == Some(0) && !plain.contains("M0360"), "{plain}");
    let (code, warned) = status(&["--units"]);
    assert!(code == Some(0) && warned.contains("M0360") && warned.contains("1 warning"), "{warned}");
    let (code, denied) = status(&["--deny", "units"]);
    assert!(code == Some(1) && denied.contains("Error: `i` is in (mA/cm2)"), "{denied}");
    assert_eq!(status(&["--units", "--deny", "warnings"]).0, Some(1));
    assert_eq!(status(&["--deny", "warnings"]).0, Some(0));
}

#[test]
fn the_stock_mechanisms_agree_in_their_units() {
    let stock = concat!(env!("CARGO_MANIFEST_DIR"), "/../mod");
    let output = modgen(&["check", "--deny", "units", stock]);
    assert!(output.status.success(), "{}", stderr(&output));
}
