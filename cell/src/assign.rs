//! Values given to whole sections by the names that NEURON's users write: `gbar_NaTs`, `e_pas`, `ena`, `cm`, `Ra`.

use std::collections::HashMap;

use crate::{Catalogue, IonVariable, RangeVariable, Section};

/// The names that can be assigned under a catalogue of mechanisms.
#[derive(Debug, Clone)]
pub struct Names(HashMap<String, RangeVariable>);

/// A value that cannot be given to a section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssignError {
    /// No mechanism has a variable of the name.
    #[error("there is no variable `{name}`")]
    Unknown {
        /// The name.
        name: String,
        /// The nearest name that there is.
        nearest: Option<String>,
    },
    /// The variable is not one that is given.
    #[error("`{name}` cannot be set: it is a result of the simulation")]
    Result {
        /// The name.
        name: String,
    },
    /// The section does not have what the variable belongs to.
    #[error("section {section} has no `{name}`: {owner} is not inserted in it")]
    NotInserted {
        /// Name of the section.
        section: String,
        /// Name of the variable.
        name: String,
        /// The mechanism or ion.
        owner: String,
    },
}

impl Catalogue {
    /// The names that can be assigned.
    pub fn names(&self) -> Names {
        Names(self.range_names())
    }
}

impl Names {
    /// Gives all segments of a section a value; `Ra` and `L` are the section's.
    ///
    /// # Errors
    /// When there is no such variable, or the section does not have it.
    pub fn set(&self, section: &mut Section, name: &str, value: f64) -> Result<(), AssignError> {
        match name {
            "Ra" => section.set_ra(value),
            "L" => section.set_length(value),
            _ => self.set_range(section, name, value)?,
        }
        Ok(())
    }

    fn set_range(&self, section: &mut Section, name: &str, value: f64) -> Result<(), AssignError> {
        let not_inserted = |section: &Section, owner: String| AssignError::NotInserted {
            section: section.name().to_string(),
            name: name.to_owned(),
            owner,
        };
        match self.0.get(name) {
            Some(RangeVariable::Diam) => section.set_diam(|_, _| value),
            Some(RangeVariable::Cm) => section.cm_mut().fill(value),
            Some(RangeVariable::Density { mechanism, variable }) => match section.range_mut(mechanism, variable) {
                Some(column) => column.fill(Some(value)),
                None => return Err(not_inserted(section, mechanism.clone())),
            },
            Some(RangeVariable::Ion { ion, variable }) if *variable != IonVariable::Current => {
                if !section.ions().contains_key(ion) {
                    return Err(not_inserted(section, format!("a mechanism with the ion {ion}")));
                }
                if let Some(column) = section.ion_mut(ion).column_mut(*variable) {
                    column.fill(Some(value));
                }
            }
            Some(RangeVariable::V | RangeVariable::Ion { .. }) => {
                return Err(AssignError::Result { name: name.to_owned() });
            }
            None => {
                let closeness = |other: &&String| (strsim::jaro_winkler(name, other) * 1e6) as u64;
                let nearest = self.0.keys().max_by_key(closeness).filter(|other| closeness(other) > 850_000).cloned();
                return Err(AssignError::Unknown { name: name.to_owned(), nearest });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SectionName;

    #[test]
    fn values_go_to_all_segments_of_what_is_inserted() {
        let names = Catalogue::new().with_density("NaTs", &["gbar"], &["na"]).names();
        let mut section = Section::new(SectionName::element("soma", 0));
        section.set_nseg(3).unwrap();
        let error = names.set(&mut section, "gbar_NaTs", 0.1).unwrap_err();
        assert_eq!(error.to_string(), "section soma[0] has no `gbar_NaTs`: NaTs is not inserted in it");
        assert!(names.set(&mut section, "ena", 50.0).is_err());
        section.insert("NaTs", &["na".to_owned()]);
        for (name, value) in [("gbar_NaTs", 0.1), ("ena", 53.0), ("cm", 2.0), ("Ra", 100.0)] {
            names.set(&mut section, name, value).unwrap();
        }
        assert_eq!(section.mechanisms()["NaTs"].values["gbar"], [Some(0.1); 3]);
        assert_eq!(section.ions()["na"].reversal, [Some(53.0); 3]);
        assert_eq!((section.cm(), section.ra()), (&[2.0; 3][..], 100.0));
        let AssignError::Unknown { nearest, .. } = names.set(&mut section, "gbar_NaTS", 1.0).unwrap_err() else {
            panic!("expected an unknown name")
        };
        assert_eq!(nearest.as_deref(), Some("gbar_NaTs"));
    }
}
