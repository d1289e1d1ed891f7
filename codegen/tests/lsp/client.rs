//! An editor, as far as the protocol goes.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A server and what is said to it.
pub struct Client {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    requests: u64,
}

/// The document of most tests.
pub const URI: &str = "file:///nowhere/test.mod";

impl Client {
    /// Starts a server and shakes hands.
    pub fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_modgen"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("modgen runs");
        let to = child.stdin.take().expect("a pipe");
        let from = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut client = Self { child, to, from, requests: 0 };
        let answer = client.request("initialize", &json!({ "capabilities": {} }));
        assert_eq!(answer["capabilities"]["hoverProvider"], true);
        client.notify("initialized", &json!({}));
        client
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server listens");
        self.to.flush().expect("the server listens");
    }

    /// The next message of the server.
    pub fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).expect("the server speaks");
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().expect("a number"),
                None if line.trim_end().is_empty() => break,
                None => {}
            }
        }
        let mut bytes = vec![0; length];
        self.from.read_exact(&mut bytes).expect("the whole message");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and gives the whole answer.
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.requests, "method": method, "params": params }));
        let answer = self.receive();
        assert_eq!(answer["id"], self.requests, "{answer}");
        answer
    }

    /// Sends a request and gives its result.
    pub fn request(&mut self, method: &str, params: &Value) -> Value {
        self.ask(method, params)["result"].take()
    }

    /// Opens the document and gives its diagnostics.
    pub fn open(&mut self, text: &str) -> Vec<Value> {
        let item = json!({ "uri": URI, "languageId": "nmodl", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": item }));
        self.diagnostics()
    }

    /// Changes the document and gives its diagnostics.
    pub fn change(&mut self, text: &str) -> Vec<Value> {
        let document = json!({ "uri": URI, "version": 2 });
        self.notify(
            "textDocument/didChange",
            &json!({ "textDocument": document, "contentChanges": [{ "text": text }] }),
        );
        self.diagnostics()
    }

    fn diagnostics(&mut self) -> Vec<Value> {
        let message = self.receive();
        assert_eq!(message["method"], "textDocument/publishDiagnostics", "{message}");
        message["params"]["diagnostics"].as_array().expect("an array").clone()
    }

    /// A request at the place of the `nth` occurrence of a text.
    pub fn at(&mut self, method: &str, text: &str, word: &str, nth: usize) -> Value {
        let (at, _) = text.match_indices(word).nth(nth).expect("the word is there");
        let line = text[..at].matches('\n').count();
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let character = text[start..at].encode_utf16().count();
        let position = json!({ "line": line, "character": character });
        self.request(method, &json!({ "textDocument": { "uri": URI }, "position": position }))
    }

    /// Says goodbye; the server ends well.
    pub fn stop(mut self) {
        assert_eq!(self.request("shutdown", &Value::Null), Value::Null);
        self.notify("exit", &Value::Null);
        assert!(self.child.wait().expect("the server ends").success());
    }
}
