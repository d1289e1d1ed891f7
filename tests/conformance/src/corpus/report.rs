//! What came of a corpus, as text.

use super::{Status, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The table: counts for both back ends, refusals by code, defects.
pub fn table(verdicts: &[Verdict]) -> String {
    let mut out = String::new();
    let files: usize = verdicts.iter().map(|verdict| verdict.copies).sum();
    let _ = writeln!(out, "{files} files, {} different", verdicts.len());
    counts(&mut out, verdicts);
    refusals(&mut out, verdicts);
    let crashed = |verdict: &&Verdict| matches!(verdict.status, Status::Crashed | Status::TimedOut);
    defects(&mut out, "crashed or timed out", verdicts.iter().filter(crashed), |verdict| verdict.crash.as_deref());
    defects(&mut out, "emitted Rust that rustc refuses", verdicts.iter(), |verdict| verdict.rust.as_deref());
    defects(&mut out, "emitted WGSL that naga refuses", verdicts.iter(), |verdict| verdict.wgsl.as_deref());
    out
}

fn counts(out: &mut String, verdicts: &[Verdict]) {
    let share = |some: usize, all: usize| 100.0 * some as f64 / all.max(1) as f64;
    let count = |test: &dyn Fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| test(verdict)).count();
    let mut row = |title: &str, test: &dyn Fn(&Verdict) -> bool| {
        let some = count(test);
        let _ = writeln!(out, "  {title:<44}{some:>6}  {:>5.1} %", share(some, verdicts.len()));
    };
    let accepted = |verdict: &Verdict| verdict.status == Status::Accepted;
    row("accepted", &accepted);
    row("  with warnings", &|verdict| accepted(verdict) && !verdict.findings.is_empty());
    row("  runs on the CPU", &Verdict::cpu);
    row("  runs on the GPU", &Verdict::gpu);
    row("refused", &|verdict| verdict.status == Status::Refused);
    row("crashed", &|verdict| verdict.status == Status::Crashed);
    row("timed out", &|verdict| verdict.status == Status::TimedOut);
    if verdicts.iter().any(|verdict| verdict.nocmodl.is_some()) {
        let translated = |verdict: &Verdict| verdict.nocmodl == Some(true);
        row("accepted by nocmodl", &translated);
        let all = count(&translated);
        for (title, test) in [("CPU", Verdict::cpu as fn(&Verdict) -> bool), ("GPU", Verdict::gpu)] {
            let some = count(&|verdict| translated(verdict) && test(verdict));
            let title = format!("  of these on the {title}");
            let _ = writeln!(out, "  {title:<44}{some:>6}  {:>5.1} % of them", share(some, all));
        }
        let mut row = |title: &str, test: &dyn Fn(&Verdict) -> bool| {
            let _ = writeln!(out, "  {title:<44}{:>6}", count(test));
        };
        row("accepted here, not by nocmodl", &|verdict| accepted(verdict) && !translated(verdict));
    }
}

/// The files whose refusal holds each code; and those that it alone keeps out.
fn refusals(out: &mut String, verdicts: &[Verdict]) {
    let mut codes: BTreeMap<&str, (usize, usize, usize, &Path)> = BTreeMap::new();
    for verdict in verdicts.iter().filter(|verdict| verdict.status == Status::Refused) {
        let errors = verdict.errors();
        for code in &errors {
            let entry = codes.entry(code).or_insert((0, 0, 0, &verdict.path));
            entry.0 += 1;
            entry.1 += usize::from(errors.len() == 1);
            entry.2 += usize::from(verdict.nocmodl == Some(true));
        }
    }
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_by_key(|(code, (files, ..))| (std::cmp::Reverse(*files), *code));
    if !codes.is_empty() {
        let _ = writeln!(out, "\nrefused by code (files; of these with this error alone; accepted by nocmodl)");
    }
    for (code, (files, alone, translated, example)) in codes {
        let title = codegen::codes::explain(code).map_or("", |code| code.title);
        let title: String = title.chars().take(48).collect();
        let _ = writeln!(out, "  {code} {files:>5} {alone:>5} {translated:>5}  {title:<48}  {}", example.display());
    }
}

fn defects<'a>(
    out: &mut String,
    title: &str,
    verdicts: impl Iterator<Item = &'a Verdict>,
    message: impl Fn(&Verdict) -> Option<&str>,
) {
    let found: Vec<_> = verdicts.filter_map(|verdict| Some((&verdict.path, message(verdict)?))).collect();
    if found.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}: {}", found.len());
    for (path, message) in found {
        let lines: Vec<&str> = message.lines().take(4).collect();
        let _ = writeln!(out, "  {}\n    {}", path.display(), lines.join("\n    "));
    }
}

/// All refused files, grouped by code, with the line and message of the first error of that code.
pub fn list(verdicts: &[Verdict]) -> String {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for verdict in verdicts.iter().filter(|verdict| verdict.status == Status::Refused) {
        let note = if verdict.nocmodl == Some(false) { "  [nocmodl refuses too]" } else { "" };
        for code in verdict.errors() {
            let Some(finding) = verdict.findings.iter().find(|finding| finding.error && finding.code == code) else {
                continue;
            };
            let place = format!("{}:{}", verdict.path.display(), finding.line);
            groups.entry(code).or_default().push(format!("{place}: {}{note}", finding.message));
        }
    }
    let mut out = String::new();
    for (code, lines) in groups {
        let _ = writeln!(out, "\n{code} {}: {}", codegen::codes::explain(code).map_or("", |c| c.title), lines.len());
        for line in lines {
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}
