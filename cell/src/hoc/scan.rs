//! `sscanf`: values out of text by a format.

use super::value::Value;

/// What was found.
pub(crate) struct Scanned {
    pub values: Vec<Value>,
    /// The text ended before the format.
    pub at_end: bool,
}

/// Finds what a format asks for, up to the first thing that does not fit.
pub(crate) fn scanned(text: &str, format: &str) -> Scanned {
    let mut values = Vec::new();
    let mut text = text;
    let mut format = format;
    while let Some(first) = format.chars().next() {
        if first.is_whitespace() {
            text = text.trim_start();
            format = format.trim_start();
            continue;
        }
        let conversion = format.strip_prefix('%').filter(|rest| !rest.starts_with('%'));
        let Some(rest) = conversion else {
            let literal = if first == '%' { 2 } else { first.len_utf8() };
            let Some(after) = text.strip_prefix(first) else {
                return Scanned { values, at_end: text.is_empty() };
            };
            (text, format) = (after, &format[literal..]);
            continue;
        };
        let Some(conversion) = Conversion::read(rest) else { break };
        format = conversion.rest;
        if !matches!(conversion.letter, 'c' | '[') {
            text = text.trim_start();
        }
        if text.is_empty() {
            return Scanned { values, at_end: true };
        }
        let Some((value, after)) = conversion.find(text) else { break };
        text = after;
        if !conversion.dropped {
            values.push(value);
        }
    }
    Scanned { values, at_end: false }
}

/// `%*5[a-z]`
struct Conversion<'a> {
    dropped: bool,
    width: usize,
    letter: char,
    /// What stands between `[` and `]`.
    set: &'a str,
    /// The format behind it.
    rest: &'a str,
}

impl<'a> Conversion<'a> {
    fn read(format: &'a str) -> Option<Self> {
        let (dropped, format) = format.strip_prefix('*').map_or((false, format), |rest| (true, rest));
        let digits = format.len() - format.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let width = format[..digits].parse().unwrap_or(usize::MAX);
        let format = format[digits..].trim_start_matches(['l', 'h']);
        let letter = format.chars().next()?;
        let format = &format[letter.len_utf8()..];
        if letter != '[' {
            return Some(Self { dropped, width, letter, set: "", rest: format });
        }
        // A bracket that comes first belongs to the set.
        let skip = usize::from(format.starts_with('^'));
        let skip = skip + usize::from(format[skip..].starts_with(']'));
        let end = skip + format[skip..].find(']')?;
        Some(Self { dropped, width, letter, set: &format[..end], rest: &format[end + 1..] })
    }

    /// The value that a text begins with, and what follows.
    fn find<'t>(&self, text: &'t str) -> Option<(Value, &'t str)> {
        let limit = text.char_indices().nth(self.width).map_or(text.len(), |(at, _)| at);
        let within = &text[..limit];
        let length = match self.letter {
            'd' | 'i' | 'u' => number_length(within, false),
            'f' | 'g' | 'e' => number_length(within, true),
            's' => within.find(char::is_whitespace).unwrap_or(within.len()),
            'c' => {
                let count = if self.width == usize::MAX { 1 } else { self.width };
                text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
            }
            '[' => within.find(|c| !self.holds(c)).unwrap_or(within.len()),
            _ => return None,
        };
        if length == 0 {
            return None;
        }
        let found = &text[..length];
        let value = match self.letter {
            's' | '[' => Value::Text(found.into()),
            'c' => Value::Number(f64::from(u32::from(found.chars().next()?))),
            _ => Value::Number(found.trim_start_matches('+').parse().ok()?),
        };
        Some((value, &text[length..]))
    }

    fn holds(&self, sought: char) -> bool {
        let (negated, set) = self.set.strip_prefix('^').map_or((false, self.set), |rest| (true, rest));
        let set: Vec<char> = set.chars().collect();
        let mut at = 0;
        let mut found = false;
        while at < set.len() {
            if at + 2 < set.len() && set[at + 1] == '-' {
                found |= (set[at]..=set[at + 2]).contains(&sought);
                at += 3;
            } else {
                found |= set[at] == sought;
                at += 1;
            }
        }
        found != negated
    }
}

/// How much of a text is a number.
fn number_length(text: &str, real: bool) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = |at: usize| usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
    let begin = sign(0);
    let whole = digits(begin);
    let mut end = begin + whole;
    let mut any = whole;
    if real && bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        any += fraction;
        end += 1 + fraction;
    }
    if any == 0 {
        return 0;
    }
    if real && matches!(bytes.get(end), Some(b'e' | b'E')) {
        let from = end + 1 + sign(end + 1);
        let exponent = digits(from.min(bytes.len()));
        if exponent > 0 {
            end = from + exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, format: &str) -> Vec<String> {
        let show = |value: Value| match value {
            Value::Number(value) => value.to_string(),
            Value::Text(text) => format!("\"{text}\""),
            _ => unreachable!("sscanf finds numbers and texts"),
        };
        scanned(text, format).values.into_iter().map(show).collect()
    }

    #[test]
    fn formats_find_what_c_finds() {
        assert_eq!(found("[12].v", "%*c%d"), ["12"]);
        assert_eq!(found("  -1.5e3x", "%lf%s"), ["-1500", "\"x\""]);
        assert_eq!(found("dend[3]", "dend[%d]"), ["3"]);
        assert_eq!(found("apic 7", "dend %d"), Vec::<String>::new());
        assert_eq!(found("ab12 c", "%[a-z]%2d %[^@]"), ["\"ab\"", "12", "\"c\""]);
        assert_eq!(found("3.", "%f"), ["3"]);
        assert_eq!(found("2e", "%g%c"), ["2", "101"]);
        assert!(scanned("", "%d").at_end);
        assert!(!scanned("x", "%d").at_end);
    }
}
