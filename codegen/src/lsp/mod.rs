//! The language server: `modgen lsp`, on standard input and output.
//!
//! Diagnostics when a file is opened or changed (findings of the check of units as hints), hover, definition, document
//! symbols, completion and formatting. A document is sent whole at each change; each request is answered from its text.

mod complete;
mod diagnostics;
mod document;
mod hover;
mod index;
mod symbols;
mod words;

use anyhow::Result;
use document::Document;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{Completion, DocumentSymbolRequest, Formatting, GotoDefinition, HoverRequest, Request as _};
use lsp_types::{
    CompletionOptions, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    GotoDefinitionResponse, HoverProviderCapability, InitializeResult, OneOf, PublishDiagnosticsParams,
    ServerCapabilities, ServerInfo, TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Serves one editor until it says goodbye.
///
/// # Errors
/// When the editor does not keep to the protocol, or goes away without a word.
pub fn serve() -> Result<()> {
    let (connection, threads) = Connection::stdio();
    let (id, _) = connection.initialize_start()?;
    let result = InitializeResult {
        capabilities: capabilities(),
        server_info: Some(ServerInfo {
            name: "modgen".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    connection.initialize_finish(id, serde_json::to_value(result)?)?;
    let mut server = Server { connection: &connection, documents: HashMap::new() };
    server.run()?;
    drop(connection);
    threads.join()?;
    Ok(())
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        completion_provider: Some(CompletionOptions::default()),
        ..ServerCapabilities::default()
    }
}

struct Server<'a> {
    connection: &'a Connection,
    /// The open documents by their addresses.
    documents: HashMap<String, Document>,
}

impl Server<'_> {
    fn run(&mut self) -> Result<()> {
        for message in &self.connection.receiver {
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request)? {
                        return Ok(());
                    }
                    let response = self.answer(request);
                    self.connection.sender.send(Message::Response(response))?;
                }
                Message::Notification(notification) => self.note(notification)?,
                // The server asks nothing.
                Message::Response(_) => {}
            }
        }
        Ok(())
    }

    /// Answers a request; a defect of the server costs the answer, not the session.
    fn answer(&self, request: Request) -> Response {
        let id = request.id.clone();
        let result = catch_unwind(AssertUnwindSafe(|| self.result(&request)));
        match result {
            Ok(Ok(Some(value))) => Response::new_ok(id, value),
            Ok(Ok(None)) => {
                let message = format!("{} is not supported", request.method);
                Response::new_err(id, ErrorCode::MethodNotFound as i32, message)
            }
            Ok(Err(error)) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
            Err(_) => Response::new_err(id, ErrorCode::InternalError as i32, "defect of modgen".to_owned()),
        }
    }

    /// The result of a request; none if its method is not known.
    fn result(&self, request: &Request) -> Result<Option<Value>, serde_json::Error> {
        let params = &request.params;
        match request.method.as_str() {
            HoverRequest::METHOD => self.at(params, hover::hover),
            GotoDefinition::METHOD => self
                .at(params, |document, offset| index::definition(document, offset).map(GotoDefinitionResponse::Scalar)),
            Completion::METHOD => self.at(params, |document, offset| Some(complete::complete(document, offset))),
            DocumentSymbolRequest::METHOD => self.whole(params, |document| Some(symbols::symbols(document))),
            Formatting::METHOD => self.whole(params, Document::formatted),
            _ => Ok(None),
        }
    }

    fn at<R: Serialize>(
        &self,
        params: &Value,
        answer: impl Fn(&Document, usize) -> Option<R>,
    ) -> Result<Option<Value>, serde_json::Error> {
        let params: TextDocumentPositionParams = read(params)?;
        let document = self.documents.get(params.text_document.uri.as_str());
        serde_json::to_value(document.and_then(|document| answer(document, document.offset(params.position)))).map(Some)
    }

    fn whole<R: Serialize>(
        &self,
        params: &Value,
        answer: impl Fn(&Document) -> Option<R>,
    ) -> Result<Option<Value>, serde_json::Error> {
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        serde_json::to_value(self.documents.get(uri).and_then(answer)).map(Some)
    }

    /// Takes note of an opened, changed or closed document; malformed notes are ignored, as the protocol asks.
    fn note(&mut self, notification: Notification) -> Result<()> {
        let params = &notification.params;
        match notification.method.as_str() {
            DidOpenTextDocument::METHOD => {
                let Ok(params) = read::<DidOpenTextDocumentParams>(params) else { return Ok(()) };
                let item = params.text_document;
                self.update(item.uri, item.text, Some(item.version))
            }
            DidChangeTextDocument::METHOD => {
                let Ok(params) = read::<DidChangeTextDocumentParams>(params) else { return Ok(()) };
                let Some(change) = params.content_changes.into_iter().next_back() else { return Ok(()) };
                self.update(params.text_document.uri, change.text, Some(params.text_document.version))
            }
            DidCloseTextDocument::METHOD => {
                let Ok(params) = read::<DidCloseTextDocumentParams>(params) else { return Ok(()) };
                self.documents.remove(params.text_document.uri.as_str());
                self.publish(params.text_document.uri, Vec::new(), None)
            }
            _ => Ok(()),
        }
    }

    fn update(&mut self, uri: Uri, text: String, version: Option<i32>) -> Result<()> {
        let found = catch_unwind(AssertUnwindSafe(|| {
            let document = Document::new(uri.clone(), text);
            let diagnostics = diagnostics::diagnostics(&document);
            (document, diagnostics)
        }));
        let Ok((document, diagnostics)) = found else { return Ok(()) };
        self.documents.insert(uri.as_str().to_owned(), document);
        self.publish(uri, diagnostics, version)
    }

    fn publish(&self, uri: Uri, diagnostics: Vec<lsp_types::Diagnostic>, version: Option<i32>) -> Result<()> {
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        let notification = Notification::new(PublishDiagnostics::METHOD.to_owned(), params);
        self.connection.sender.send(Message::Notification(notification))?;
        Ok(())
    }
}

fn read<T: DeserializeOwned>(params: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(params.clone())
}
