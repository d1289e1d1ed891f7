//! `printf` formats and the way HOC prints numbers.

/// One piece of a format: text, or a conversion such as `%-8.3g`.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Conversion { spec: Spec, letter: char },
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Spec {
    left: bool,
    plus: bool,
    space: bool,
    zero: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

/// Widths and precisions above this are cut down to it.
const MAX_WIDTH: usize = 4096;

/// Splits a format into its pieces. A conversion without letter at the end of the format is text.
pub(crate) fn pieces(format: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        if at > 0 {
            pieces.push(Piece::Text(&rest[..at]));
        }
        let after = &rest[at + 1..];
        if let Some(tail) = after.strip_prefix('%') {
            pieces.push(Piece::Text("%"));
            rest = tail;
            continue;
        }
        let Some((spec, letter, length)) = conversion(after) else {
            pieces.push(Piece::Text(&rest[at..]));
            return pieces;
        };
        pieces.push(Piece::Conversion { spec, letter });
        rest = &after[length..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn conversion(text: &str) -> Option<(Spec, char, usize)> {
    let mut spec = Spec::default();
    let mut chars = text.char_indices().peekable();
    while let Some(&(_, c)) = chars.peek() {
        match c {
            '-' => spec.left = true,
            '+' => spec.plus = true,
            ' ' => spec.space = true,
            '0' => spec.zero = true,
            '#' => spec.alternate = true,
            _ => break,
        }
        chars.next();
    }
    let number = |chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>| {
        let mut value = 0usize;
        while let Some(digit) = chars.peek().and_then(|&(_, c)| c.to_digit(10)) {
            value = (value * 10 + digit as usize).min(MAX_WIDTH);
            chars.next();
        }
        value
    };
    spec.width = number(&mut chars);
    if chars.peek().is_some_and(|&(_, c)| c == '.') {
        chars.next();
        spec.precision = Some(number(&mut chars));
    }
    while chars.peek().is_some_and(|&(_, c)| matches!(c, 'l' | 'h')) {
        chars.next();
    }
    let (at, letter) = chars.next()?;
    Some((spec, letter, at + letter.len_utf8()))
}

impl Spec {
    /// A number by `%d %i %u %x %o %c %f %e %g` (and capitals); `None` for letters that take no number.
    pub fn number(&self, letter: char, value: f64) -> Option<String> {
        let precision = self.precision.unwrap_or(6);
        let digits = match letter {
            'd' | 'i' | 'u' => (value as i64).to_string(),
            'x' => format!("{:x}", value as i64),
            'X' => format!("{:X}", value as i64),
            'o' => format!("{:o}", value as i64),
            'c' => return Some(self.pad(char::from_u32(value as u32).unwrap_or(' ').to_string(), false)),
            _ if !value.is_finite() && "feEgG".contains(letter) => not_finite(value),
            'f' => format!("{value:.precision$}"),
            'e' | 'E' => exponential(value, precision),
            'g' | 'G' => general(value, precision, self.alternate),
            _ => return None,
        };
        let digits = if letter.is_ascii_uppercase() { digits.to_uppercase() } else { digits };
        let sign = match () {
            () if digits.starts_with('-') => "",
            () if self.plus => "+",
            () if self.space => " ",
            () => "",
        };
        Some(self.pad(format!("{sign}{digits}"), true))
    }

    /// A string by `%s`.
    pub fn text(&self, text: &str) -> String {
        let cut: String = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
        self.pad(cut, false)
    }

    fn pad(&self, text: String, number: bool) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if missing == 0 {
            text
        } else if self.left {
            text + &" ".repeat(missing)
        } else if self.zero && number {
            let sign = usize::from(text.starts_with(['-', '+', ' ']));
            format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..])
        } else {
            " ".repeat(missing) + &text
        }
    }
}

/// A number as `print` shows it: `%.8g`.
pub(crate) fn plain(value: f64) -> String {
    if value.is_finite() { general(value, 8, false) } else { not_finite(value) }
}

fn not_finite(value: f64) -> String {
    match () {
        () if value.is_nan() => "nan".to_string(),
        () if value > 0.0 => "inf".to_string(),
        () => "-inf".to_string(),
    }
}

/// C's `%e`: at least two digits of exponent, always a sign.
fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// C's `%g`.
fn general(value: f64, precision: usize, keep_zeros: bool) -> String {
    let precision = precision.max(1);
    let rounded = exponential(value, precision - 1);
    let exponent: i32 = rounded.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    if exponent < -4 || exponent >= precision as i32 {
        let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "+00"));
        format!("{}e{exponent}", trimmed(mantissa, keep_zeros))
    } else {
        let decimals = (precision as i32 - 1 - exponent).max(0) as usize;
        trimmed(&format!("{value:.decimals$}"), keep_zeros).to_string()
    }
}

fn trimmed(digits: &str, keep_zeros: bool) -> &str {
    if keep_zeros || !digits.contains('.') { digits } else { digits.trim_end_matches('0').trim_end_matches('.') }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(format: &str, value: f64) -> String {
        pieces(format)
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.to_string(),
                Piece::Conversion { spec, letter } => spec.number(letter, value).unwrap(),
            })
            .collect()
    }

    #[test]
    fn numbers_print_as_in_c() {
        assert_eq!(formatted("%g", 0.0001), "0.0001");
        assert_eq!(formatted("%g", 0.00001), "1e-05");
        assert_eq!(formatted("%g", 123456789.0), "1.23457e+08");
        assert_eq!(formatted("%g", 100000.0), "100000");
        assert_eq!(formatted("%-8.3f|", 2.0 / 3.0), "0.667   |");
        assert_eq!(formatted("%05d", -42.0), "-0042");
        assert_eq!(formatted("%+.2e", 12345.0), "+1.23e+04");
        assert_eq!(formatted("100%% of %d", 3.0), "100% of 3");
        assert_eq!(plain(1.0 / 3.0), "0.33333333");
        assert_eq!(plain(-0.5), "-0.5");
    }
}
