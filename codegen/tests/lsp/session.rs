//! Sessions of an editor with the server.

use crate::client::{Client, URI};
use serde_json::{Value, json};

const FILE: &str = "TITLE leak
NEURON { SUFFIX leak NONSPECIFIC_CURRENT i RANGE g, e }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER {
    g = .001 (S/cm2) : µ😀
    e = -70 (mV)
}
ASSIGNED { v (mV) i (mA/cm2) }
STATE { m }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g*m*rate(v - e)
}
DERIVATIVE states { LOCAL e e = 1 (/ms) m' = -m*e }
FUNCTION rate(x (mV)) (mV) { rate = fabs(x) }
";

fn start_of(value: &Value) -> (u64, u64) {
    let start = &value["range"]["start"];
    (start["line"].as_u64().expect("a line"), start["character"].as_u64().expect("a column"))
}

#[test]
fn a_broken_file_is_mended() {
    let mut client = Client::start();
    let broken = FILE.replace("i = g*m*rate(v - e)", ": µ😀\n    i = /* 😀 */ g*");
    let broken = broken.replace("/* 😀 */ ", "");
    let found = client.open(&broken);
    let error = found.iter().find(|diagnostic| diagnostic["severity"] == 1).expect("an error");
    assert_eq!(error["code"], "M0002");
    assert_eq!(start_of(error).0, 12, "{error}");
    assert_eq!(client.change(FILE), [] as [Value; 0]);
    client.stop();
}

#[test]
fn columns_are_utf16_units() {
    let mut client = Client::start();
    // A statement behind a block comment would be on a line of its own; a string may stand before one.
    let text = FILE.replace("i = g*m*rate(v - e)", "printf(\"µ😀\") i = g*m*rate(v - unknown)");
    let found = client.open(&text);
    let error = found.iter().find(|diagnostic| diagnostic["code"] == "M0201").expect("an error");
    // Four blanks, `printf("`, one unit for the micro sign, two for the emoji.
    let line = "    printf(\"µ😀\") i = g*m*rate(v - unknown)";
    let column = line[..line.find("unknown").unwrap()].encode_utf16().count() as u64;
    assert_eq!(start_of(error), (11, column), "{error}");
    client.stop();
}

#[test]
fn units_are_hints() {
    let mut client = Client::start();
    let found = client.open(&FILE.replace("i = g*m*rate(v - e)", "i = g*m*v*v"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((&found[0]["code"], &found[0]["severity"]), (&json!("M0360"), &json!(4)));
    assert_eq!(found[0]["relatedInformation"].as_array().map(Vec::len), Some(2));
    client.stop();
}

#[test]
fn hover_tells_what_a_word_is() {
    let mut client = Client::start();
    client.open(FILE);
    let mut hover = |word: &str, nth: usize| {
        let answer = client.at("textDocument/hover", FILE, word, nth);
        answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let g = hover("g*m", 0);
    for part in ["**g** — PARAMETER, RANGE", "unit: `(S/cm2)`", "value: `.001`", "line 5", "g = .001 (S/cm2)"] {
        assert!(g.contains(part), "{part}: {g}");
    }
    assert!(hover("v - e", 0).contains("membrane potential"));
    assert!(hover("rate(v", 0).contains("FUNCTION") && hover("x)", 0).contains("argument"));
    assert!(hover("e = 1", 0).contains("LOCAL variable"));
    assert!(hover("m' =", 0).contains("STATE"));
    assert!(hover("BREAKPOINT", 0).contains("keyword") && hover("fabs", 0).contains("built-in function"));
    assert!(hover("cnexp", 0).contains("method of SOLVE"));
    // Nothing in titles and comments.
    assert_eq!(hover("leak", 0), "");
    client.stop();
}

#[test]
fn definitions_are_found() {
    let mut client = Client::start();
    client.open(FILE);
    let mut place = |word: &str, nth: usize| start_of(&client.at("textDocument/definition", FILE, word, nth));
    assert_eq!(place("g*m", 0), (4, 4));
    assert_eq!(place("e)", 0), (5, 4));
    assert_eq!(place("e = 1", 0), (13, 26));
    assert_eq!(place("states METHOD", 0), (13, 11));
    assert_eq!(place("rate(v", 0), (14, 9));
    assert_eq!(place("x)", 0), (14, 14));
    assert_eq!(place("i = g", 0), (7, 18));
    client.stop();
}

#[test]
fn completion_knows_the_scope() {
    let mut client = Client::start();
    client.open(FILE);
    let mut labels = |word: &str| -> Vec<String> {
        let answer = client.at("textDocument/completion", FILE, word, 0);
        let items = answer.as_array().expect("a list").iter();
        items.map(|item| item["label"].as_str().expect("a label").to_owned()).collect()
    };
    let all = labels("i = g");
    for name in ["g", "e", "v", "m", "rate", "states", "exp", "BREAKPOINT", "celsius"] {
        assert!(all.iter().any(|label| label == name), "{name}: {all:?}");
    }
    assert!(!all.contains(&"x".to_owned()));
    assert!(labels("fabs").contains(&"x".to_owned()));
    assert_eq!(labels("states METHOD"), ["states"]);
    assert!(labels("cnexp").contains(&"derivimplicit".to_owned()));
    client.stop();
}

#[test]
fn outline_and_formatting() {
    let mut client = Client::start();
    client.open(FILE);
    let document = json!({ "textDocument": { "uri": URI } });
    let outline = client.request("textDocument/documentSymbol", &document);
    let names: Vec<&str> =
        outline.as_array().expect("a list").iter().filter_map(|item| item["name"].as_str()).collect();
    let expected =
        ["NEURON", "UNITS", "PARAMETER", "ASSIGNED", "STATE", "BREAKPOINT", "DERIVATIVE states", "FUNCTION rate"];
    assert_eq!(names, expected);
    assert_eq!(outline[2]["children"][1]["name"], "e");

    let options = json!({ "textDocument": { "uri": URI }, "options": { "tabSize": 4, "insertSpaces": true } });
    client.change("INITIAL{x=1}");
    let edits = client.request("textDocument/formatting", &options);
    assert_eq!(edits[0]["newText"], "INITIAL { x = 1 }\n");
    client.change("INITIAL { x = 1 }\n");
    assert_eq!(client.request("textDocument/formatting", &options), json!([]));
    client.change("INITIAL {");
    assert_eq!(client.request("textDocument/formatting", &options), Value::Null);
    client.stop();
}

#[test]
fn odd_texts_and_messages_do_no_harm() {
    let mut client = Client::start();
    for text in
        ["", "\u{feff}", "NEURON {", "}}}}", "INITIAL { x = 2(v) }", "COMMENT", "\r\r\n\u{1a}", "µ😀(", "a'b''''"]
    {
        client.open(text);
        for line in 0..3 {
            let position = json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": 2 } });
            for method in ["textDocument/hover", "textDocument/definition", "textDocument/completion"] {
                client.request(method, &position);
            }
        }
        client.request("textDocument/documentSymbol", &json!({ "textDocument": { "uri": URI } }));
    }
    assert_eq!(client.ask("textDocument/rename", &json!({}))["error"]["code"], -32601);
    assert_eq!(client.ask("textDocument/hover", &json!({}))["error"]["code"], -32602);
    let unknown = json!({ "textDocument": { "uri": "file:///other.mod" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", &unknown), Value::Null);
    client.notify("textDocument/didOpen", &json!({ "nonsense": 1 }));
    client.stop();
}
