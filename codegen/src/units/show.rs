//! Units as text for messages: in the units that mechanisms are written in, not in SI base units.

use super::size::{Dimension, Size};

/// What is looked for first: text, size, dimension.
const USUAL: &[(&str, f64, Dimension)] = &[
    ("1", 1.0, [0; 5]),
    ("mV", 1e-3, [2, 1, -2, -1, 0]),
    ("mA/cm2", 10.0, [-2, 0, -1, 1, 0]),
    ("nA", 1e-9, [0, 0, -1, 1, 0]),
    ("mA", 1e-3, [0, 0, -1, 1, 0]),
    ("S/cm2", 1e4, [-4, -1, 1, 2, 0]),
    ("uS", 1e-6, [-2, -1, 1, 2, 0]),
    ("uF/cm2", 1e-2, [-4, -1, 2, 2, 0]),
    ("mM", 1.0, [-3, 0, 0, 0, 0]),
    ("mM/ms", 1e3, [-3, 0, -1, 0, 0]),
    ("ms", 1e-3, [0, 0, 1, 0, 0]),
    ("/ms", 1e3, [0, 0, -1, 0, 0]),
    ("/mV", 1e3, [-2, -1, 2, 1, 0]),
    ("/ms mV", 1e6, [-2, -1, 1, 1, 0]),
    ("degC", 1.0, [0, 0, 0, 0, 1]),
    ("um", 1e-6, [1, 0, 0, 0, 0]),
    ("cm", 1e-2, [1, 0, 0, 0, 0]),
    ("um2", 1e-12, [2, 0, 0, 0, 0]),
    ("cm2", 1e-4, [2, 0, 0, 0, 0]),
    ("um3", 1e-18, [3, 0, 0, 0, 0]),
    ("um2/ms", 1e-9, [2, 0, -1, 0, 0]),
    ("coulomb", 1.0, [0, 0, 0, 1, 0]),
    ("joule", 1.0, [2, 1, -2, 0, 0]),
    ("joule/degC", 1.0, [2, 1, -2, 0, -1]),
];

/// `(mV)`, `(mA/cm2)`, `(0.001 mV)`, `(mV2 ms/degC)`; `(1)` for a plain number.
pub fn show(size: Size) -> String {
    let same = || USUAL.iter().filter(|(.., dimension)| *dimension == size.dimension);
    let exact = same().find(|(_, factor, _)| size.same_factor(Size { factor: *factor, ..size }));
    if let Some((text, ..)) = exact.or_else(|| same().next()) {
        let factor = same().find(|(name, ..)| name == text).map_or(1.0, |(_, factor, _)| size.factor / factor);
        return with_factor(factor, text);
    }
    // In powers of mV, mA, ms, cm and degC: the kilogram goes into mV, the coulomb into mA.
    let [metre, kilogram, second, coulomb, kelvin] = size.dimension;
    let ampere = coulomb + kilogram;
    let powers = [
        ("mA", 1e-3, ampere),
        ("mV", 1e-3, kilogram),
        ("ms", 1e-3, second + 2 * kilogram + ampere),
        ("cm", 1e-2, metre - 2 * kilogram),
        ("degC", 1.0, kelvin),
    ];
    let unit: f64 = powers.iter().map(|(_, factor, power)| f64::powi(*factor, *power)).product();
    let words = |sign: i32| -> Vec<String> {
        let words = powers.iter().filter(|(.., power)| power.signum() == sign);
        words
            .map(
                |(name, _, power)| if power.abs() == 1 { (*name).to_owned() } else { format!("{name}{}", power.abs()) },
            )
            .collect()
    };
    let (above, below) = (words(1).join(" "), words(-1).join(" "));
    with_factor(size.factor / unit, &if below.is_empty() { above } else { format!("{above}/{below}") })
}

fn with_factor(factor: f64, text: &str) -> String {
    if (factor - 1.0).abs() <= 1e-5 {
        return format!("({text})");
    }
    match text {
        "1" => format!("({})", number(factor)),
        _ => format!("({} {text})", number(factor)),
    }
}

/// A factor in at most six digits: `0.001`, `1e-8`, `96485.3`.
pub fn number(factor: f64) -> String {
    let rounded: f64 = format!("{factor:.5e}").parse().unwrap_or(factor);
    if rounded != 0.0 && !(1e-4..1e6).contains(&rounded.abs()) { format!("{rounded:e}") } else { format!("{rounded}") }
}

#[cfg(test)]
mod tests {
    use super::{number, show};
    use crate::units::Units;

    #[test]
    fn sizes_are_shown_in_the_units_of_mechanisms() {
        for (text, shown) in [
            ("millivolt", "(mV)"),
            ("volt", "(1000 mV)"),
            ("uA/cm2", "(0.001 mA/cm2)"),
            ("mV/ms", "(mV/ms)"),
            ("mV2 degC/ms", "(mV2 degC/ms)"),
            ("/mV", "(/mV)"),
            ("mS/cm2", "(0.001 S/cm2)"),
            ("cm", "(cm)"),
            ("1", "(1)"),
            ("1000", "(1000)"),
            ("ohm-cm", "(mV cm/mA)"),
        ] {
            let size = Units::default().size(text).unwrap();
            assert_eq!(show(size), shown, "{text}");
        }
        assert_eq!([number(1e-3), number(1e4), number(1e-8), number(96485.332)], ["0.001", "10000", "1e-8", "96485.3"]);
    }
}
