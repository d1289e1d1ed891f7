//! `modgen fmt`.

use crate::support::{modgen, stderr, text};
use std::io::Write;
use std::process::{Command, Stdio};

const UGLY: &str = "NEURON{SUFFIX x\nRANGE a,b}\n";
const NEAT: &str = "NEURON { SUFFIX x\n    RANGE a, b }\n";

#[test]
fn files_are_formatted_in_place() {
    let directory = tempfile::tempdir().expect("a directory");
    let [ugly, neat, broken, foreign] =
        ["ugly.mod", "neat.mod", "broken.mod", "foreign.mod"].map(|name| directory.path().join(name));
    std::fs::write(&ugly, UGLY).expect("a file");
    std::fs::write(&neat, NEAT).expect("a file");
    let read = || std::fs::read_to_string(&ugly).expect("a file");

    let output = modgen(&["fmt", "--check", text(&ugly), text(&neat)]);
    assert_eq!((output.status.code(), read().as_str()), (Some(1), UGLY));
    let named = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(named.contains("ugly.mod") && !named.contains("neat.mod"), "{named}");

    assert_eq!(modgen(&["fmt", text(directory.path())]).status.code(), Some(0));
    assert_eq!(read(), NEAT);
    assert_eq!(modgen(&["fmt", "--check", text(directory.path())]).status.code(), Some(0));

    std::fs::write(&broken, "INITIAL { x = }\n").expect("a file");
    let output = modgen(&["fmt", text(&broken)]);
    assert!(output.status.code() == Some(1) && stderr(&output).contains("M0002"), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(&broken).expect("a file"), "INITIAL { x = }\n");

    // Latin-1 in a comment would not survive.
    std::fs::write(&foreign, b"INITIAL{} : \xb5m\n").expect("a file");
    let output = modgen(&["fmt", text(&foreign)]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("UTF-8"), "{}", stderr(&output));
    assert_eq!(std::fs::read(&foreign).expect("a file"), b"INITIAL{} : \xb5m\n");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let format = |text: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_modgen"))
            .args(["fmt", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("modgen runs");
        child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("text is read");
        let output = child.wait_with_output().expect("modgen ends");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(format(UGLY), (Some(0), NEAT.to_owned()));
    assert_eq!(format("NEURON {"), (Some(1), String::new()));
}
