//! Blanks between two pieces of a line.

use super::pieces::{Kind, Piece};

/// Keywords with a `(` that belongs to them as to a function.
const HEADS: [&str; 3] = ["NET_RECEIVE", "FOR_NETCONS", "INT"];

/// Whether there is a blank between two pieces. `rates` tells that a `(` begins the rates of a reaction.
pub(super) fn blank_between(before: &Piece, after: &Piece, next: Option<&Piece>, rates: bool) -> bool {
    if after.kind == Kind::Comment || matches!(before.kind, Kind::Arrow) || after.kind == Kind::Arrow {
        return true;
    }
    if matches!(before.kind, Kind::Prefix | Kind::OpenLimits) || after.kind == Kind::CloseLimits {
        return false;
    }
    // `m'0` and `h@2` are written without blanks.
    if before.text.ends_with('\'') && !after.apart && after.kind == Kind::Word {
        return false;
    }
    match (before.text, after.text) {
        ("(" | "[" | "@", _) | (_, ")" | "]" | "," | "@") => return false,
        ("{", "}") => return false,
        (",", _) => return true,
        _ => {}
    }
    // `*`, `/` and `^` are spaced as the author spaced them, but on both sides alike.
    if binds(after) {
        return after.apart || next.is_some_and(|next| next.apart);
    }
    if binds(before) {
        return after.apart || before.apart;
    }
    match after.text {
        "(" if after.kind == Kind::Symbol => match before.kind {
            Kind::Word => rates,
            Kind::Keyword => !HEADS.contains(&before.text),
            _ => true,
        },
        "[" => before.kind != Kind::Word,
        _ => true,
    }
}

fn binds(piece: &Piece) -> bool {
    piece.kind == Kind::Symbol && matches!(piece.text, "*" | "/" | "^")
}

/// Whether a line that begins with `first` behind `last` goes on with the statement before it.
pub(super) fn continues(last: &Piece, first: &Piece) -> bool {
    let operator = |piece: &Piece| {
        piece.kind == Kind::Arrow
            || piece.kind == Kind::Symbol
                && matches!(
                    piece.text,
                    "+" | "-" | "*" | "/" | "^" | "&&" | "||" | "==" | "!=" | "<=" | ">=" | "<" | ">" | "=" | ","
                )
    };
    operator(last) || operator(first) || matches!(last.kind, Kind::Prefix) || first.kind == Kind::OpenLimits
}
