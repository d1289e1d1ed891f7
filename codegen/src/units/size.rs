//! Sizes of units, read from text as NEURON reads it.
//!
//! A unit is a factor times powers of metre, kilogram, second, coulomb and kelvin. The text begins with an optional
//! number (`1-8` is 1e-8, `1|12` a fraction); words follow, each with an optional power of one digit. A blank and `-`
//! multiply; what stands behind a `/` divides, to the end.

use super::table::{LETTERS, Line, PREFIXES, TABLE, USUAL};
use std::collections::HashMap;

/// Exponents of m, kg, s, C, K.
pub type Dimension = [i32; 5];

/// A factor with its dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// In SI base units (with the coulomb in place of the ampere).
    pub factor: f64,
    /// Exponents of m, kg, s, C, K.
    pub dimension: Dimension,
}

impl Size {
    /// A plain number.
    pub const ONE: Size = Size { factor: 1.0, dimension: [0; 5] };

    /// The product.
    #[must_use]
    pub fn times(self, other: Size) -> Size {
        self.combine(other, 1)
    }

    /// The quotient.
    #[must_use]
    pub fn per(self, other: Size) -> Size {
        self.combine(other, -1)
    }

    fn combine(self, other: Size, sign: i32) -> Size {
        let factor = if sign > 0 { self.factor * other.factor } else { self.factor / other.factor };
        let mut dimension = self.dimension;
        for (to, from) in dimension.iter_mut().zip(other.dimension) {
            *to = to.saturating_add(from.saturating_mul(sign));
        }
        Size { factor, dimension }
    }

    /// A power.
    #[must_use]
    pub fn power(self, power: i32) -> Size {
        Size {
            factor: self.factor.powi(power),
            dimension: self.dimension.map(|exponent| exponent.saturating_mul(power)),
        }
    }

    /// Whether the factors agree, to the tolerance that NEURON uses.
    pub fn same_factor(self, other: Size) -> bool {
        (other.factor / self.factor - 1.0).abs() <= 1e-5
    }
}

/// A word that NEURON does not know as a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The word.
    pub word: String,
    /// What it usually means, as a name that NEURON knows: `millivolt`.
    pub meaning: Option<String>,
}

/// The unit names of a file: the built-in ones and its aliases.
#[derive(Clone, Debug, Default)]
pub struct Units {
    aliases: HashMap<String, Size>,
}

impl Units {
    /// Adds `(mV) = (millivolt)`.
    ///
    /// # Errors
    /// The unknown word.
    pub fn alias(&mut self, name: &str, meaning: &str) -> Result<(), String> {
        let size = self.size(meaning)?;
        self.aliases.insert(name.trim().to_owned(), size);
        Ok(())
    }

    /// What a name means before a file defines it, or by an earlier definition.
    pub fn defined(&self, name: &str) -> Option<Size> {
        self.aliases.get(name).copied().or_else(|| line(TABLE, name).map(size_of))
    }

    /// The size of a unit's text: `10000 coulomb`, `joule/degC`, `k-mole`, `mA/cm2`. The usual abbreviations are
    /// understood without a definition.
    ///
    /// # Errors
    /// The unknown word.
    pub fn size(&self, text: &str) -> Result<Size, String> {
        read(text, true, |word| {
            self.known(word).or_else(|| self.usual(word).map(|(size, _)| size)).ok_or(word.to_owned())
        })
    }

    /// The size of a unit's text as NEURON knows it.
    ///
    /// # Errors
    /// The first word that is neither built in nor defined by the file.
    pub fn strict_size(&self, text: &str) -> Result<Size, Unknown> {
        read(text, false, |word| {
            self.known(word)
                .ok_or_else(|| Unknown { word: word.to_owned(), meaning: self.usual(word).map(|(_, meaning)| meaning) })
        })
    }

    /// A name that NEURON knows: of the file, of the table, with prefixes, with a plural `s`. In this order: `ms` is no
    /// plural of `m`.
    fn known(&self, name: &str) -> Option<Size> {
        let (mut name, mut factor) = (name, 1.0);
        loop {
            if name.is_empty() {
                return Some(Size { factor, ..Size::ONE });
            }
            if let Some(size) = self.aliases.get(name).copied().or_else(|| line(TABLE, name).map(size_of)) {
                return Some(Size { factor: factor * size.factor, ..size });
            }
            if let Some((rest, prefix)) =
                PREFIXES.iter().find_map(|(text, prefix)| Some((name.strip_prefix(text)?, prefix)))
            {
                (name, factor) = (rest, factor * prefix);
            } else {
                name = name.strip_suffix('s').filter(|rest| !rest.is_empty())?;
            }
        }
    }

    /// A usual abbreviation, with or without a prefix, and what it stands for.
    fn usual(&self, name: &str) -> Option<(Size, String)> {
        if let Some(found) = line(USUAL, name) {
            return Some((size_of(found), long_name(found)));
        }
        PREFIXES.iter().chain(LETTERS).find_map(|(prefix, factor)| {
            let rest = name.strip_prefix(prefix).filter(|rest| !rest.is_empty())?;
            let found = line(USUAL, rest).or_else(|| line(TABLE, rest))?;
            let size = size_of(found);
            let prefix = PREFIXES.iter().find(|(_, known)| known == factor).map_or("", |(text, _)| text);
            Some((Size { factor: factor * size.factor, ..size }, format!("{prefix}{}", long_name(found))))
        })
    }
}

fn line(table: &'static [Line], name: &str) -> Option<&'static Line> {
    table.iter().find(|(names, ..)| names.contains(&name))
}

fn size_of(line: &Line) -> Size {
    Size { factor: line.1, dimension: line.2 }
}

/// The longest name in NEURON's table of what a line means.
fn long_name(line: &Line) -> String {
    let same = |other: &&Line| other.1 == line.1 && other.2 == line.2;
    let known = TABLE.iter().find(same).map_or(line.0, |(names, ..)| names);
    let longest = known.iter().copied().max_by_key(|name| name.len()).unwrap_or_default();
    // NEURON has no name for a concentration, but takes `milli/liter`.
    if line.0.contains(&"molar") { "/liter".to_owned() } else { longest.to_owned() }
}

/// Reads a unit's text with a dictionary of its words. To NEURON a `*` is part of a word.
fn read<E>(text: &str, star: bool, mut lookup: impl FnMut(&str) -> Result<Size, E>) -> Result<Size, E> {
    let (factor, mut rest) = leading_number(text);
    let mut size = Size { factor: if factor == 0.0 { 1.0 } else { factor }, ..Size::ONE };
    let mut divide = false;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| matches!(c, '1'..='9' | '-' | '/') || star && c == '*' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let mark = behind.chars().next();
        if !word.is_empty() {
            let power = mark.and_then(|mark| mark.to_digit(10)).map_or(1, |digit| digit as i32);
            let factor = lookup(word)?.power(power);
            size = if divide { size.per(factor) } else { size.times(factor) };
        }
        divide |= mark == Some('/');
        rest = &behind[mark.map_or(0, char::len_utf8)..];
    }
    Ok(size)
}

/// The number that a unit may begin with; 0 if there is none.
fn leading_number(text: &str) -> (f64, &str) {
    let text = text.trim_start();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let mut end = digits;
    let mut number = text[..digits].to_owned();
    if let Some(rest) = text[end..].strip_prefix(['+', '-']).filter(|_| digits > 0) {
        let exponent = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        number = format!("{number}e{}", &text[end..end + 1 + exponent]);
        end += 1 + exponent;
    }
    let value = number.parse().unwrap_or(0.0);
    match text[end..].strip_prefix('|') {
        Some(rest) => {
            let (divisor, rest) = leading_number(rest);
            (if divisor == 0.0 { value } else { value / divisor }, rest)
        }
        None => (value, &text[end..]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Size, Units};

    fn factor(from: &str, to: &str) -> f64 {
        let mut units = Units::default();
        units.alias("mM", "millimolar").unwrap();
        units.alias("molar", "1/liter").unwrap();
        let (from, to) = (units.size(from).unwrap(), units.size(to).unwrap());
        assert_eq!(from.dimension, to.dimension);
        from.factor / to.factor
    }

    #[test]
    fn physical_constants_are_those_of_neuron_9() {
        assert_eq!(factor("faraday", "coulomb"), 96485.33212331001);
        assert_eq!(factor("faraday", "coulombs"), 96485.33212331001);
        assert_eq!(factor("k-mole", "joule/degC"), 8.31446261815324);
        assert_eq!(factor("pi", "1"), std::f64::consts::PI);
        assert!((factor("faraday", "kilocoulombs") - 96.48533212331001).abs() < 1e-12);
        assert!((factor("faraday", "10000 coulomb") - 9.648533212331001).abs() < 1e-13);
    }

    #[test]
    fn prefixes_powers_and_quotients() {
        let is = |from, to, expected: f64| assert!((factor(from, to) / expected - 1.0).abs() < 1e-14, "{from} in {to}");
        is("mA/cm2", "uA/cm2", 1000.0);
        is("/ms", "/sec", 1000.0);
        is("milli/liter", "micro/liter", 1000.0);
        is("1-8 m2", "0.00000001 m2", 1.0);
        is("1|12 foot", "inch", 1.0);
        assert!(Units::default().size("furlong").is_err());
    }

    #[test]
    fn a_minus_joins_as_neuron_reads_it() {
        let units = Units::default();
        assert_eq!(units.size("mV-1"), units.size("mV"));
        assert_eq!(units.size("k-mole").unwrap(), units.size("k mole").unwrap());
        assert_eq!(units.size("").unwrap(), Size::ONE);
        assert_eq!(units.size("1").unwrap(), Size::ONE);
    }

    #[test]
    fn abbreviations_are_understood_but_not_known() {
        let mut units = Units::default();
        let unknown = units.strict_size("mA/cm2").unwrap_err();
        assert_eq!((unknown.word.as_str(), unknown.meaning.as_deref()), ("mA", Some("milliampere")));
        assert_eq!(units.strict_size("um").unwrap_err().meaning.as_deref(), Some("micron"));
        assert_eq!(units.strict_size("furlong").unwrap_err().meaning, None);
        units.alias("mA", "milliamp").unwrap();
        assert!(units.strict_size("mA/cm2").is_ok());
    }

    #[test]
    fn any_text_is_read_without_a_panic() {
        for text in ["", "-", "/", "1|0 m", "1e400", "m99999", "€/µm2", "1|1|1|", "..", "2(v)", "-+|*"] {
            let _ = Units::default().size(text);
        }
    }
}
