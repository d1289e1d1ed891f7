//! Sizes of units, for `FARADAY = (faraday) (coulomb)` in UNITS.
//!
//! A unit is a factor times powers of metre, kilogram, second, coulomb and kelvin. The physical
//! constants are those of the SI of 2019, as in NEURON 9.

use std::collections::HashMap;

/// Exponents of m, kg, s, C, K.
type Dimension = [i32; 5];

/// A factor with its dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// In SI base units (with the coulomb in place of the ampere).
    pub factor: f64,
    /// Exponents of m, kg, s, C, K.
    pub dimension: Dimension,
}

const ONE: Size = Size { factor: 1.0, dimension: [0; 5] };

/// Elementary charge, C.
const E: f64 = 1.602_176_634e-19;
/// Avogadro's number.
const AVOGADRO: f64 = 6.022_140_76e23;
/// Boltzmann's constant, J/K.
const BOLTZMANN: f64 = 1.380_649e-23;

const METRE: Dimension = [1, 0, 0, 0, 0];
const SECOND: Dimension = [0, 0, 1, 0, 0];
const COULOMB: Dimension = [0, 0, 0, 1, 0];
const KELVIN: Dimension = [0, 0, 0, 0, 1];
const NONE: Dimension = [0; 5];

/// Unit names, factor and dimension.
const TABLE: &[(&[&str], f64, Dimension)] = &[
    (&["meter", "metre", "m"], 1.0, METRE),
    (&["micron", "um"], 1e-6, METRE),
    (&["angstrom"], 1e-10, METRE),
    (&["inch"], 0.0254, METRE),
    (&["liter", "litre", "l", "L"], 1e-3, [3, 0, 0, 0, 0]),
    (&["cc"], 1e-6, [3, 0, 0, 0, 0]),
    (&["gram", "gm", "g"], 1e-3, [0, 1, 0, 0, 0]),
    (&["kg"], 1.0, [0, 1, 0, 0, 0]),
    (&["second", "sec", "s"], 1.0, SECOND),
    (&["minute", "min"], 60.0, SECOND),
    (&["hour", "hr"], 3600.0, SECOND),
    (&["day"], 86400.0, SECOND),
    (&["hertz", "Hz", "hz"], 1.0, [0, 0, -1, 0, 0]),
    (&["coulomb", "coul", "C"], 1.0, COULOMB),
    (&["faraday"], E * AVOGADRO, COULOMB),
    (&["e"], E, COULOMB),
    (&["ampere", "amp", "A"], 1.0, [0, 0, -1, 1, 0]),
    (&["volt", "V"], 1.0, [2, 1, -2, -1, 0]),
    (&["ohm"], 1.0, [2, 1, -1, -2, 0]),
    (&["siemens", "siemen", "S", "mho"], 1.0, [-2, -1, 1, 2, 0]),
    (&["farad", "F"], 1.0, [-2, -1, 2, 2, 0]),
    (&["newton", "N"], 1.0, [1, 1, -2, 0, 0]),
    (&["pascal", "Pa"], 1.0, [-1, 1, -2, 0, 0]),
    (&["joule", "J"], 1.0, [2, 1, -2, 0, 0]),
    (&["calorie", "cal"], 4.1868, [2, 1, -2, 0, 0]),
    (&["watt", "W"], 1.0, [2, 1, -3, 0, 0]),
    (&["kelvin", "K", "degK", "degC", "degreeC", "degree-C", "k_degree"], 1.0, KELVIN),
    (&["k"], BOLTZMANN, [2, 1, -2, 0, -1]),
    (&["mole", "mol"], AVOGADRO, NONE),
    (&["molar", "M"], AVOGADRO * 1e3, [-3, 0, 0, 0, 0]),
    (&["pi"], std::f64::consts::PI, NONE),
    (&["radian", "rad"], 1.0, NONE),
    (&["degree", "deg"], std::f64::consts::PI / 180.0, NONE),
    (&["percent", "%"], 1e-2, NONE),
];

/// Prefixes, the longest of those with a common start first.
const PREFIXES: &[(&str, f64)] = &[
    ("femto", 1e-15),
    ("pico", 1e-12),
    ("nano", 1e-9),
    ("micro", 1e-6),
    ("milli", 1e-3),
    ("centi", 1e-2),
    ("deci", 1e-1),
    ("hecto", 1e2),
    ("kilo", 1e3),
    ("mega", 1e6),
    ("giga", 1e9),
    ("tera", 1e12),
    ("f", 1e-15),
    ("p", 1e-12),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("c", 1e-2),
    ("d", 1e-1),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
];

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

    /// The size of a unit's text: `10000 coulomb`, `joule/degC`, `k-mole`, `mA/cm2`.
    ///
    /// Words separated by blanks, `-` or `*` are multiplied; those after a `/` divide.
    ///
    /// # Errors
    /// The unknown word.
    pub fn size(&self, text: &str) -> Result<Size, String> {
        let mut size = ONE;
        let mut divide = false;
        for part in text.split_inclusive('/') {
            let (words, slash) = match part.strip_suffix('/') {
                Some(words) => (words, true),
                None => (part, false),
            };
            for word in split_words(words) {
                let factor = self.word(word)?;
                let sign = if divide { -1 } else { 1 };
                size.factor = if divide { size.factor / factor.factor } else { size.factor * factor.factor };
                for (to, from) in size.dimension.iter_mut().zip(factor.dimension) {
                    *to += sign * from;
                }
            }
            divide |= slash;
        }
        Ok(size)
    }

    /// A number, or a name with a prefix, a plural `s` and a power.
    fn word(&self, word: &str) -> Result<Size, String> {
        if let Ok(factor) = word.parse::<f64>() {
            return Ok(Size { factor, ..ONE });
        }
        if let Some(size) = self.name(word) {
            return Ok(size);
        }
        let name = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '^');
        let power = word[name.len()..].trim_start_matches('^').parse::<i32>();
        match (self.name(name), power) {
            (Some(size), Ok(power)) => {
                Ok(Size { factor: size.factor.powi(power), dimension: size.dimension.map(|exponent| exponent * power) })
            }
            _ => Err(word.to_owned()),
        }
    }

    /// A name; with a prefix; or either with a plural `s`. In this order: `ms` is no plural of `m`.
    fn name(&self, name: &str) -> Option<Size> {
        let singular = |name| self.exact(name).or_else(|| self.prefixed(name));
        singular(name).or_else(|| singular(name.strip_suffix('s')?))
    }

    fn prefixed(&self, name: &str) -> Option<Size> {
        PREFIXES.iter().find_map(|(prefix, factor)| {
            let size = match name.strip_prefix(prefix)? {
                // `milli/liter` uses the bare prefix as a number.
                "" if prefix.len() > 1 => ONE,
                rest => self.exact(rest)?,
            };
            Some(Size { factor: factor * size.factor, ..size })
        })
    }

    fn exact(&self, name: &str) -> Option<Size> {
        if let Some(size) = self.aliases.get(name) {
            return Some(*size);
        }
        let (_, factor, dimension) = TABLE.iter().find(|(names, ..)| names.contains(&name))?;
        Some(Size { factor: *factor, dimension: *dimension })
    }
}

/// Words of a product. A `-` before a digit is an exponent's sign, otherwise it joins like a blank.
fn split_words(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let joins = match byte {
            b'-' => !bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
            byte => byte.is_ascii_whitespace() || *byte == b'*',
        };
        if joins {
            words.push(&text[start..at]);
            start = at + 1;
        }
    }
    words.push(&text[start..]);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::Units;

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
        is("cm-2", "/cm2", 1.0);
        is("milli/liter", "micro/liter", 1000.0);
        assert!(Units::default().size("furlong").is_err());
    }
}
