//! `--message-format json`, as docs/DIAGNOSTICS.md describes it.

use crate::support::{LEAK, modgen, text};
use serde_json::Value;

/// Keys and types of an object; a `?` marks what may be null.
fn check(value: &Value, fields: &[(&str, &str)]) {
    let object = value.as_object().expect("an object");
    for (name, kind) in fields {
        let field = object.get(*name).unwrap_or_else(|| panic!("{name} is missing in {value}"));
        let fits = match *kind {
            "string" => field.is_string(),
            "string?" => field.is_string() || field.is_null(),
            "number" => field.is_u64(),
            "array" => field.is_array(),
            other => panic!("no such type: {other}"),
        };
        assert!(fits, "{name} is no {kind} in {value}");
    }
    assert_eq!(object.len(), fields.len(), "undocumented fields in {value}");
}

#[test]
fn every_line_is_an_object_of_the_documented_form() {
    let directory = tempfile::tempdir().expect("a directory");
    let files =
        [("units.mod", LEAK), ("broken.mod", "NEURON { SUFFIX b }\nINITIAL { x = \n y = (2 }\n"), ("empty.mod", "")];
    for (name, content) in files {
        std::fs::write(directory.path().join(name), content).expect("a file");
    }
    let output = modgen(&["check", "--units", "--message-format", "json", text(directory.path())]);
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let objects: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (summary, diagnostics) = objects.split_last().expect("a summary");
    check(&summary["summary"], &[("accepted", "number"), ("refused", "number"), ("warnings", "number")]);
    assert!(diagnostics.len() >= 4, "{diagnostics:#?}");
    for diagnostic in diagnostics {
        let fields = [
            ("file", "string"),
            ("code", "string"),
            ("severity", "string"),
            ("message", "string"),
            ("labels", "array"),
            ("help", "string?"),
        ];
        check(diagnostic, &fields);
        assert!(matches!(diagnostic["severity"].as_str(), Some("error" | "warning")), "{diagnostic}");
        let labels = diagnostic["labels"].as_array().expect("an array");
        assert!(!labels.is_empty(), "{diagnostic}");
        for label in labels {
            let numbers = ["start", "end", "line", "column", "end_line", "end_column"].map(|name| (name, "number"));
            check(label, &[[("message", "string"), ("file", "string")].as_slice(), &numbers].concat());
            let number = |name: &str| label[name].as_u64().unwrap_or_default();
            assert!(number("start") <= number("end") && number("line") >= 1 && number("column") >= 1, "{label}");
            assert!((number("line"), number("column")) <= (number("end_line"), number("end_column")), "{label}");
        }
    }
    let units = diagnostics.iter().find(|diagnostic| diagnostic["code"] == "M0360").expect("the mistake in units");
    let label = &units["labels"][0];
    assert_eq!((label["line"].as_u64(), label["column"].as_u64()), (Some(5), Some(18)));
    assert_eq!(
        &LEAK[label["start"].as_u64().unwrap() as usize..label["end"].as_u64().unwrap() as usize],
        "g*(v - e)*v"
    );
}
