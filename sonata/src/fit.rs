//! Parameter files of the Allen Cell Types Database: passive properties, channels, reversal potentials.
//!
//! Numbers may be written as text, as they are in files of all-active models.

use crate::error::Error;
use serde::{Deserialize, Deserializer};
use std::path::Path;

/// The parameters of a cell.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Fit {
    /// Passive properties; the first entry counts.
    #[serde(default)]
    pub passive: Vec<Passive>,
    /// Conditions of the fit; the first entry counts.
    #[serde(default)]
    pub conditions: Vec<Conditions>,
    /// Mechanisms and their parameters, in the order in which they are applied.
    #[serde(default)]
    pub genome: Vec<Gene>,
}

/// Passive properties.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Passive {
    /// Axial resistivity, ohm cm.
    #[serde(default, deserialize_with = "number_if_any")]
    pub ra: Option<f64>,
    /// Reversal potential of the leak, mV.
    #[serde(default, deserialize_with = "number_if_any")]
    pub e_pas: Option<f64>,
    /// Capacitances by kind of section.
    pub cm: Option<Vec<Capacitance>>,
}

/// The specific capacitance of a kind of section.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Capacitance {
    /// `soma`, `axon`, `dend`, or `apic`.
    pub section: String,
    /// uF/cm2.
    #[serde(deserialize_with = "number")]
    pub cm: f64,
}

/// Conditions of the fit. Temperature and initial potential are those of the simulation, not these.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Conditions {
    /// Reversal potentials by kind of section.
    #[serde(default)]
    pub erev: Vec<Reversal>,
}

/// Reversal potentials of a kind of section, mV.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Reversal {
    /// `soma`, `axon`, `dend`, or `apic`.
    pub section: String,
    /// Of sodium.
    #[serde(deserialize_with = "number")]
    pub ena: f64,
    /// Of potassium.
    #[serde(deserialize_with = "number")]
    pub ek: f64,
}

/// A parameter of a kind of section.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Gene {
    /// `soma`, `axon`, `dend`, or `apic`.
    pub section: String,
    /// NEURON's name of the parameter, such as `gbar_NaTs`.
    pub name: String,
    /// Its value, in the mechanism's unit.
    #[serde(deserialize_with = "number")]
    pub value: f64,
    /// The mechanism to be inserted first; empty if it is there already.
    #[serde(default)]
    pub mechanism: String,
}

impl Fit {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or is not such a file.
    pub fn read(file: &Path) -> Result<Fit, Error> {
        let text = std::fs::read_to_string(file).map_err(|error| Error::io(file, error))?;
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| Error::json(file, &error))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Text(String),
}

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    use serde::de::Error;
    let value = match Written::deserialize(from) {
        Ok(Written::Number(value)) => Some(value),
        Ok(Written::Text(text)) => text.trim().parse().ok(),
        Err(_) => None,
    };
    value.filter(|value: &f64| value.is_finite()).ok_or_else(|| D::Error::custom("expected a finite number"))
}

fn number_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    number(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_text() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("fit.json");
        let text = r#"{"passive": [{"ra": "100"}], "fitting": [], "conditions": [{"celsius": 34,
            "erev": [{"section": "soma", "ena": 53, "ek": "-107"}]}],
            "genome": [{"section": "soma", "name": "g_pas", "value": "1.5e-4", "mechanism": ""}]}"#;
        std::fs::write(&file, text).unwrap();
        let fit = Fit::read(&file).unwrap();
        assert_eq!(fit.passive[0], Passive { ra: Some(100.0), e_pas: None, cm: None });
        assert_eq!((fit.genome[0].value, fit.conditions[0].erev[0].ek), (1.5e-4, -107.0));
        std::fs::write(&file, text.replace("1.5e-4", "much")).unwrap();
        let error = Fit::read(&file).unwrap_err().to_string();
        assert!(error.contains("fit.json:3:") && error.ends_with("expected a finite number"), "{error}");
    }
}
