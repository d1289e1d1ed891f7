//! Biophysics of a cell from a NeuroML 2 file, as BMTK reads it.
//!
//! Of the file only channel densities, specific capacitances, resistivities and concentration models count, each for a
//! segment group: `soma`, `axon`, `dend`, `apic` (or `somatic`, `axonal`, `basal`, `dendritic`, `apical`), or `all`. Numbers are
//! taken as they are: their units must be NEURON's (S/cm2, mV, uF/cm2, ohm cm, ms).

use crate::error::Error;
use indexmap::IndexMap;
use roxmltree::{Document, Node};
use std::path::Path;

/// What a segment group has.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// Axial resistivity, ohm cm.
    Resistivity(f64),
    /// Specific capacitance, uF/cm2.
    Capacitance(f64),
    /// A mechanism.
    Channel {
        /// The mechanism (`ionChannel`).
        mechanism: String,
        /// NEURON's name of the parameter for the density (`id`).
        parameter: String,
        /// The density, S/cm2.
        density: f64,
        /// The ion that it lets through.
        ion: String,
        /// Its reversal potential, mV; none where that follows from concentrations.
        reversal: Option<f64>,
    },
    /// The mechanism that keeps a concentration.
    Concentration {
        /// The mechanism (`id`).
        mechanism: String,
        /// What parameters end in (`type`).
        suffix: String,
        /// The part of the current that counts.
        gamma: f64,
        /// Time constant, ms.
        decay: f64,
    },
}

/// The properties of the four kinds of sections, in the order in which they are applied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Biophysics {
    groups: [IndexMap<String, Property>; 4],
}

const KINDS: [&str; 4] = ["soma", "axon", "dend", "apic"];

impl Biophysics {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is not XML, or an element lacks what it must have.
    pub fn read(file: &Path) -> Result<Biophysics, Error> {
        let text = std::fs::read_to_string(file).map_err(|error| Error::io(file, error))?;
        Self::parse(&text).map_err(|(line, message)| Error::Table { file: file.to_owned(), line, message })
    }

    /// The properties of sections whose name begins with `soma`, `axon`, `dend` or `apic`.
    pub fn of(&self, kind: &str) -> impl Iterator<Item = &Property> {
        let index = KINDS.iter().position(|name| *name == kind);
        index.into_iter().flat_map(|index| self.groups[index].values())
    }

    fn parse(text: &str) -> Result<Biophysics, (u64, String)> {
        let document = Document::parse(text).map_err(|error| (u64::from(error.pos().row), error.to_string()))?;
        let mut biophysics = Biophysics::default();
        for node in document.descendants().filter(Node::is_element) {
            let line = u64::from(document.text_pos_at(node.range().start).row);
            let Some(property) = property(node).map_err(|message| (line, message))? else { continue };
            let name = node.tag_name().name();
            let id = node.attribute("id").unwrap_or(name);
            let group = node.attribute("segmentGroup").ok_or_else(|| (line, format!("{id} has no segmentGroup")))?;
            let kinds: &[usize] = match group.to_lowercase().as_str() {
                "all" => &[0, 1, 2, 3],
                "soma" | "somatic" => &[0],
                "axon" | "axonal" => &[1],
                "dend" | "basal" | "dendritic" => &[2],
                "apic" | "apical" => &[3],
                _ => {
                    let message =
                        format!("segmentGroup `{group}` is not supported; there are soma, axon, dend, apic and all");
                    return Err((line, message));
                }
            };
            for &kind in kinds {
                biophysics.groups[kind].insert(id.to_owned(), property.clone());
            }
        }
        Ok(biophysics)
    }
}

fn property(node: Node<'_, '_>) -> Result<Option<Property>, String> {
    let name = node.tag_name().name();
    let text =
        |key: &str| node.attribute(key).map(str::to_owned).ok_or_else(|| format!("{name} has no attribute `{key}`"));
    // A number, and a unit that is not looked at.
    let number = |key: &str| {
        let written = text(key)?;
        let value = written.split(' ').next().and_then(|number| number.parse::<f64>().ok());
        value.filter(|value| value.is_finite()).ok_or_else(|| format!("{key} of {name} is `{written}`, no number"))
    };
    Ok(Some(match name {
        "resistivity" => Property::Resistivity(number("value")?),
        "specificCapacitance" => Property::Capacitance(number("value")?),
        "channelDensity" | "channelDensityNernst" => Property::Channel {
            mechanism: text("ionChannel")?,
            parameter: node.attribute("id").unwrap_or(name).to_owned(),
            density: number("condDensity")?,
            ion: text("ion")?,
            reversal: node.has_attribute("erev").then(|| number("erev")).transpose()?,
        },
        "concentrationModel" => Property::Concentration {
            mechanism: node.attribute("id").unwrap_or(name).to_owned(),
            suffix: text("type")?,
            gamma: number("gamma")?,
            decay: number("decay")?,
        },
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"<neuroml xmlns="http://www.neuroml.org/schema/neuroml2" id="a">
  <concentrationModel id="CaDynamics" type="CaDynamics" segmentGroup="soma" decay="7.5 ms" gamma="0.25" ion="ca"/>
  <cell id="c"><biophysicalProperties id="b"><membraneProperties>
    <channelDensity id="gbar_Im" segmentGroup="soma" ion="k" ionChannel="Im" erev="-107.0 mV" condDensity="0.5 S_per_cm2"/>
    <specificCapacitance segmentGroup="dend" value="2 uF_per_cm2"/>
    <specificCapacitance segmentGroup="all" value="1 uF_per_cm2"/>
  </membraneProperties></biophysicalProperties></cell>
</neuroml>"#;

    #[test]
    fn properties_are_by_kind_and_later_ones_win() {
        let biophysics = Biophysics::parse(TEXT).unwrap();
        let channel = Property::Channel {
            mechanism: "Im".into(),
            parameter: "gbar_Im".into(),
            density: 0.5,
            ion: "k".into(),
            reversal: Some(-107.0),
        };
        let concentration = Property::Concentration {
            mechanism: "CaDynamics".into(),
            suffix: "CaDynamics".into(),
            gamma: 0.25,
            decay: 7.5,
        };
        let soma: Vec<Property> = biophysics.of("soma").cloned().collect();
        assert_eq!(soma, [concentration, channel, Property::Capacitance(1.0)]);
        assert_eq!(biophysics.of("dend").cloned().collect::<Vec<_>>(), [Property::Capacitance(1.0)]);
    }

    #[test]
    fn errors_name_the_line() {
        let error = |from: &str, to: &str| Biophysics::parse(&TEXT.replace(from, to)).unwrap_err();
        assert_eq!(error("segmentGroup=\"dend\"", "").1, "specificCapacitance has no segmentGroup");
        assert_eq!(error("0.5 S", "x S"), (4, "condDensity of channelDensity is `x S_per_cm2`, no number".into()));
        assert_eq!(error("</cell>", "").0, 8);
    }
}
