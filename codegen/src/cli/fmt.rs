//! `modgen fmt`.

use super::args::{Fmt, MessageFormat};
use super::messages::Messages;
use super::{inputs, status};
use anyhow::{Context, Result, bail};
use nmodl_parser::{SourceFile, format};
use std::io::{Read, Write};
use std::process::ExitCode;

/// Formats files, or standard input.
pub fn run(fmt: &Fmt) -> Result<ExitCode> {
    let mut messages = Messages::new(MessageFormat::Human);
    if fmt.stdin {
        return stdin(&mut messages);
    }
    // Each file as it is, without what it includes.
    let own = |source: &SourceFile| SourceFile::new(source.name.as_str(), source.own_text());
    let sources: Vec<SourceFile> = inputs::read(&fmt.paths)?.iter().map(own).collect();
    let mut differing = 0;
    for source in &sources {
        let formatted = match format(source) {
            Ok(formatted) => formatted,
            Err(diagnostics) => {
                messages.report(source, false, &diagnostics);
                continue;
            }
        };
        messages.report(source, true, &[]);
        if formatted == source.text {
            continue;
        }
        differing += 1;
        println!("{}", source.name);
        if !fmt.check {
            replace(source, &formatted)?;
        }
    }
    let done = if fmt.check { "not in house style" } else { "formatted" };
    eprintln!("{done}: {differing} of {} files, {} not parsed", sources.len(), messages.refused());
    if fmt.check && differing > 0 { Ok(ExitCode::FAILURE) } else { Ok(status(messages.refused())) }
}

fn stdin(messages: &mut Messages) -> Result<ExitCode> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read standard input as UTF-8")?;
    let source = SourceFile::new("<stdin>", text);
    match format(&source) {
        Ok(formatted) => std::io::stdout().write_all(formatted.as_bytes()).context("cannot write standard output")?,
        Err(diagnostics) => messages.report(&source, false, &diagnostics),
    }
    Ok(status(messages.refused()))
}

/// Writes a file, unless reading it as text has lost something.
fn replace(source: &SourceFile, formatted: &str) -> Result<()> {
    let path = &source.name;
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {path}"))?;
    if bytes != source.text.as_bytes() {
        bail!("{path} is not in UTF-8, or changes while it is formatted; convert it first");
    }
    std::fs::write(path, formatted).with_context(|| format!("cannot write {path}"))
}
