//! What the formatter has to know of the grammar besides the tokens.

use super::{Grammar, Rule};
use pest::Parser;
use std::ops::Range;

/// The roles of tokens that a lexer cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A unit with its parentheses.
    Unit,
    /// Text that is kept as it is.
    Raw,
    /// A sign or `!` that belongs to what follows.
    Prefix,
    /// `<low, high>` or `<tolerance>`.
    Limits,
    /// The arrow of a reaction.
    Arrow,
    /// A declaration or a line of UNITS.
    Declaration,
}

/// All marks of a text, in order; none if it cannot be parsed.
pub(crate) fn marks(text: &str) -> Vec<(Mark, Range<usize>)> {
    let Ok(pairs) = Grammar::parse(Rule::file, text) else { return Vec::new() };
    pairs
        .flatten()
        .filter_map(|pair| {
            let mark = match pair.as_rule() {
                Rule::unit => Mark::Unit,
                Rule::raw_text => Mark::Raw,
                Rule::minus | Rule::not | Rule::sign => Mark::Prefix,
                Rule::limits | Rule::tolerance => Mark::Limits,
                Rule::reversible | Rule::influx | Rule::outflow => Mark::Arrow,
                Rule::declaration | Rule::unit_alias | Rule::unit_factor | Rule::unit_constant => Mark::Declaration,
                _ => return None,
            };
            let span = pair.as_span();
            Some((mark, span.start()..span.end()))
        })
        .collect()
}
