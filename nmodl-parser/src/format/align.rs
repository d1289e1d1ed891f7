//! Columns: `=` and units of declarations, and comments behind code.

use super::lines::Line;
use super::pieces::Kind;

/// Comments further to the right than this are not made a column of.
const FAR: usize = 60;

/// Aligns lines that follow each other.
pub(super) fn align(lines: &mut [Line]) {
    runs(lines, is_declaration, |run| {
        column(run, |line| line.pieces.iter().position(|(_, piece)| piece.text == "="));
        column(run, |line| {
            let inner = line.pieces.iter().skip(1);
            inner.clone().position(|(_, piece)| piece.kind == Kind::Unit).map(|at| at + 1)
        });
    });
    runs(lines, |line| line.comment().is_some_and(|at| line.indent * 4 + line.width(at) <= FAR), comments);
}

/// A line with one declaration and nothing else.
fn is_declaration(line: &Line) -> bool {
    let equals = line.pieces.iter().filter(|(_, piece)| piece.text == "=").count();
    let declares = line.pieces.iter().filter(|(_, piece)| piece.declares).count();
    let plain = |kind: Kind| !matches!(kind, Kind::Keyword | Kind::Raw);
    equals <= 1
        && declares == 1
        && line.pieces.first().is_some_and(|(_, piece)| piece.declares)
        && line.pieces.iter().all(|(_, piece)| plain(piece.kind) && !matches!(piece.text, "{" | "}"))
}

/// Calls `apply` for each longest run of lines that `member` takes.
fn runs(lines: &mut [Line], member: impl Fn(&Line) -> bool, apply: impl Fn(&mut [Line])) {
    let mut start = 0;
    while start < lines.len() {
        let joins = |at: usize| member(&lines[at]) && (at == start || lines[at].blank == 0);
        let end = (start..lines.len()).find(|at| !joins(*at)).unwrap_or(lines.len());
        apply(&mut lines[start..end]);
        start = end.max(start + 1);
    }
}

/// Moves a piece of each line to the same column. Lines without it have no say.
fn column(lines: &mut [Line], find: impl Fn(&Line) -> Option<usize>) {
    let width = lines.iter().filter_map(|line| Some(line.width(find(line)?))).max().unwrap_or(0);
    for line in lines {
        if let Some(at) = find(line).filter(|at| *at > 0) {
            line.pieces[at].0 = width + 1 - line.width(at);
        }
    }
}

fn comments(lines: &mut [Line]) {
    let place = |line: &Line| line.comment().map(|at| (at, line.indent * 4 + line.width(at)));
    let width = lines.iter().filter_map(place).map(|(_, width)| width).max().unwrap_or(0);
    for line in lines {
        if let Some((at, own)) = place(line) {
            line.pieces[at].0 = width + 2 - own;
        }
    }
}
