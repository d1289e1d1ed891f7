//! The table of units: name, size in SI base units, dimension.
//!
//! The names are those that NEURON knows, and mean what they mean there: `g` is the acceleration of gravity, `rad` the
//! dose, `mole` a number, `degC` a kelvin. The physical constants are those of the SI of 2019, as in NEURON 9. NEURON
//! writes most abbreviations out (`millivolt`); a file defines the short ones in UNITS: `(mV) = (millivolt)`.

use super::size::Dimension;

/// Elementary charge, C.
const E: f64 = 1.602_176_634e-19;
/// Avogadro's number.
const AVOGADRO: f64 = 6.022_140_76e23;
/// Boltzmann's constant, J/K.
const BOLTZMANN: f64 = 1.380_649e-23;
/// Acceleration of gravity, m/s2.
const GRAVITY: f64 = 9.80665;
/// Speed of light, m/s.
const LIGHT: f64 = 2.997_924_58e8;
/// Planck's constant, J s.
const PLANCK: f64 = 6.626_070_15e-34;

const NONE: Dimension = [0; 5];
const METRE: Dimension = [1, 0, 0, 0, 0];
const AREA: Dimension = [2, 0, 0, 0, 0];
const VOLUME: Dimension = [3, 0, 0, 0, 0];
const MASS: Dimension = [0, 1, 0, 0, 0];
const SECOND: Dimension = [0, 0, 1, 0, 0];
const RATE: Dimension = [0, 0, -1, 0, 0];
const COULOMB: Dimension = [0, 0, 0, 1, 0];
const AMPERE: Dimension = [0, 0, -1, 1, 0];
const KELVIN: Dimension = [0, 0, 0, 0, 1];
const VOLT: Dimension = [2, 1, -2, -1, 0];
const OHM: Dimension = [2, 1, -1, -2, 0];
const SIEMENS: Dimension = [-2, -1, 1, 2, 0];
const FARAD: Dimension = [-2, -1, 2, 2, 0];
const HENRY: Dimension = [2, 1, 0, -2, 0];
const NEWTON: Dimension = [1, 1, -2, 0, 0];
const PASCAL: Dimension = [-1, 1, -2, 0, 0];
const JOULE: Dimension = [2, 1, -2, 0, 0];
const WATT: Dimension = [2, 1, -3, 0, 0];

/// A line of a table: names, size, dimension.
pub type Line = (&'static [&'static str], f64, Dimension);

/// What every file can use.
pub const TABLE: &[Line] = &[
    // Length, area, volume.
    (&["m", "meter", "metre"], 1.0, METRE),
    (&["km"], 1e3, METRE),
    (&["cm"], 1e-2, METRE),
    (&["mm"], 1e-3, METRE),
    (&["micron"], 1e-6, METRE),
    (&["nm"], 1e-9, METRE),
    (&["angstrom"], 1e-10, METRE),
    (&["inch", "in"], 0.0254, METRE),
    (&["foot", "feet", "ft"], 0.3048, METRE),
    (&["hectare"], 1e4, AREA),
    (&["barn"], 1e-28, AREA),
    (&["liter", "litre"], 1e-3, VOLUME),
    (&["cc", "ml"], 1e-6, VOLUME),
    (&["stere"], 1.0, VOLUME),
    // Mass.
    (&["kg"], 1.0, MASS),
    (&["gram", "gramme", "gm"], 1e-3, MASS),
    (&["mg"], 1e-6, MASS),
    (&["tonne", "metricton"], 1e3, MASS),
    (&["dalton", "amu"], 1.66044e-27, MASS),
    // Time.
    (&["sec", "second", "s"], 1.0, SECOND),
    (&["ms"], 1e-3, SECOND),
    (&["us"], 1e-6, SECOND),
    (&["ns"], 1e-9, SECOND),
    (&["minute", "min"], 60.0, SECOND),
    (&["hour", "hr"], 3600.0, SECOND),
    (&["day", "da"], 86400.0, SECOND),
    (&["week"], 604_800.0, SECOND),
    (&["hertz", "Hz", "hz"], 1.0, RATE),
    (&["khz"], 1e3, RATE),
    (&["mhz"], 1e6, RATE),
    // Electricity.
    (&["coul", "coulomb", "C"], 1.0, COULOMB),
    (&["faraday"], E * AVOGADRO, COULOMB),
    (&["e"], E, COULOMB),
    (&["ampere", "amp"], 1.0, AMPERE),
    (&["volt", "V"], 1.0, VOLT),
    (&["ohm"], 1.0, OHM),
    (&["kilohm"], 1e3, OHM),
    (&["megohm"], 1e6, OHM),
    (&["siemens", "mho"], 1.0, SIEMENS),
    (&["farad"], 1.0, FARAD),
    (&["pf"], 1e-12, FARAD),
    (&["henry"], 1.0, HENRY),
    (&["mh"], 1e-3, HENRY),
    (&["weber"], 1.0, [2, 1, -1, -1, 0]),
    (&["tesla"], 1.0, [0, 1, -1, -1, 0]),
    (&["gauss"], 1e-4, [0, 1, -1, -1, 0]),
    // Force, pressure, energy, power, temperature.
    (&["newton", "nt", "N"], 1.0, NEWTON),
    (&["dyne"], 1e-5, NEWTON),
    (&["pascal"], 1.0, PASCAL),
    (&["bar"], 1e5, PASCAL),
    (&["atmosphere", "atm"], 1.01325e5, PASCAL),
    (&["joule"], 1.0, JOULE),
    (&["erg"], 1e-7, JOULE),
    (&["calorie", "cal"], 4.1868, JOULE),
    (&["kcal", "kcalorie"], 4186.8, JOULE),
    (&["electronvolt", "ev", "eV"], E, JOULE),
    (&["watt"], 1.0, WATT),
    (&["K", "kelvin", "degC"], 1.0, KELVIN),
    (&["degF"], 5.0 / 9.0, KELVIN),
    (&["poise"], 0.1, [-1, 1, -1, 0, 0]),
    (&["curie"], 3.7e10, RATE),
    (&["rad"], 1e-2, [2, 0, -2, 0, 0]),
    // Constants.
    (&["k", "boltzmann"], BOLTZMANN, [2, 1, -2, 0, -1]),
    (&["R", "gasconstant"], BOLTZMANN * AVOGADRO, [2, 1, -2, 0, -1]),
    (&["planck"], PLANCK, [2, 1, -1, 0, 0]),
    (&["hbar"], PLANCK / 2.0 / std::f64::consts::PI, [2, 1, -1, 0, 0]),
    (&["g", "force"], GRAVITY, [1, 0, -2, 0, 0]),
    (&["c"], LIGHT, [1, 0, -1, 0, 0]),
    (&["energy"], LIGHT * LIGHT, [2, 0, -2, 0, 0]),
    // Numbers.
    (&["mole"], AVOGADRO, NONE),
    (&["pi"], std::f64::consts::PI, NONE),
    (&["fuzz"], 1.0, NONE),
    (&["two"], 2.0, NONE),
    (&["dozen"], 12.0, NONE),
    (&["radian"], 0.5 / std::f64::consts::PI, NONE),
    (&["degree", "arcdeg"], std::f64::consts::PI / 180.0 * (0.5 / std::f64::consts::PI), NONE),
    (&["circle", "turn", "revolution", "rev"], 1.0, NONE),
    (&["percent", "%"], 1e-2, NONE),
];

/// Usual abbreviations that NEURON does not know. They are understood, but a file should define them.
pub const USUAL: &[Line] = &[
    (&["um"], 1e-6, METRE),
    (&["l", "L"], 1e-3, VOLUME),
    (&["A"], 1.0, AMPERE),
    (&["S", "siemen"], 1.0, SIEMENS),
    (&["F"], 1.0, FARAD),
    (&["Pa"], 1.0, PASCAL),
    (&["J"], 1.0, JOULE),
    (&["W"], 1.0, WATT),
    (&["degK", "degreeC", "degree-C", "DegC", "k_degree"], 1.0, KELVIN),
    (&["mol"], AVOGADRO, NONE),
    (&["molar", "M"], 1e3, [-3, 0, 0, 0, 0]),
    (&["deg"], std::f64::consts::PI / 180.0, NONE),
];

/// Prefixes that are written out, as NEURON has them. `milli/liter` uses one alone as a number.
pub const PREFIXES: &[(&str, f64)] = &[
    ("atto", 1e-18),
    ("femto", 1e-15),
    ("pico", 1e-12),
    ("nano", 1e-9),
    ("micro", 1e-6),
    ("milli", 1e-3),
    ("centi", 1e-2),
    ("deci", 1e-1),
    ("deka", 1e1),
    ("hecta", 1e2),
    ("hecto", 1e2),
    ("kilo", 1e3),
    ("mega", 1e6),
    ("meg", 1e6),
    ("giga", 1e9),
    ("tera", 1e12),
];

/// Prefixes of the usual abbreviations.
pub const LETTERS: &[(&str, f64)] = &[
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
