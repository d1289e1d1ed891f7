//! The short axon that models of the Allen Cell Types Database have in place of the reconstructed one.

use crate::{Cell, CellError, SectionName};

/// Length of each of the two sections, um.
const LENGTH: f64 = 30.0;

/// How a reconstructed axon is replaced by two sections of 30 um, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxonStub {
    /// Both 1 um thick, from the middle of the soma.
    Perisomatic,
    /// As thick as the reconstructed axon at its first and at its last section, from the end of the soma.
    AllActive,
    /// Both 1 um thick, from the end of the soma: what BMTK's `SWCReader.fix_axon` makes when networks are built.
    Builder,
}

impl Cell {
    /// Replaces the axon, and lays the cell out in space anew. The new sections come last in the list `all`.
    ///
    /// # Errors
    /// When there is no section `soma[0]`, or for [`AxonStub::AllActive`] no axon to take diameters from.
    pub fn replace_axon(&mut self, stub: AxonStub) -> Result<(), CellError> {
        let axon: Vec<_> = self.ids().filter(|&id| self.section(id).name().base.starts_with("axon")).collect();
        let diameters = match stub {
            AxonStub::Perisomatic | AxonStub::Builder => [1.0; 2],
            AxonStub::AllActive => {
                let (Some(&first), Some(&last)) = (axon.first(), axon.last()) else {
                    return Err(CellError::NoSection { name: "axon".to_owned() });
                };
                // The diameter of a section is that of its middle.
                let middle = |id| {
                    let section = self.section(id);
                    let index = section.segment_index(0.5)?;
                    Ok::<f64, CellError>(section.diam()[index])
                };
                [middle(first)?, middle(last)?]
            }
        };
        self.retain(|id| !axon.contains(&id));
        let soma = self.arrays.get("soma").and_then(|soma| soma.first().copied());
        let soma = soma.ok_or_else(|| CellError::NoSection { name: "soma".to_owned() })?;
        let new = diameters.map(|_| self.add_section(SectionName::default()));
        for (index, (&id, diameter)) in new.iter().zip(diameters).enumerate() {
            let section = self.section_mut(id);
            section.name = SectionName::element("axon", index);
            section.set_length(LENGTH);
            section.set_diam(|_, _| diameter);
        }
        for list in ["axonal", "all"] {
            self.lists.entry(list.to_owned()).or_default().extend(new);
        }
        self.arrays.insert("axon".to_owned(), new.to_vec());
        let x = match stub {
            AxonStub::Perisomatic => 0.5,
            AxonStub::AllActive | AxonStub::Builder => 1.0,
        };
        self.connect(new[0], 0.0, soma, x)?;
        self.connect(new[1], 0.0, new[0], 1.0)?;
        self.define_shape()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORPHOLOGY: &str = "1 1 0 0 0 5 -1\n2 2 0 5 0 1 1\n3 2 0 20 0 0.5 2\n4 3 9 0 0 1 1\n5 3 50 0 0 1 4\n";

    #[test]
    fn the_axon_becomes_two_sections_at_the_end_of_the_list() {
        let stubs = [(AxonStub::Perisomatic, 1.0, 0.5), (AxonStub::AllActive, 1.5, 1.0), (AxonStub::Builder, 1.0, 1.0)];
        for (stub, diameter, x) in stubs {
            let mut cell = Cell::from_swc(MORPHOLOGY).unwrap();
            cell.replace_axon(stub).unwrap();
            let names: Vec<String> = cell.all().iter().map(|&id| cell.section(id).name().to_string()).collect();
            assert_eq!(names, ["soma[0]", "dend[0]", "axon[0]", "axon[1]"]);
            let first = cell.arrays["axon"][0];
            assert_eq!((cell.section(first).length(), cell.connection(first).unwrap().x), (30.0, x));
            assert!((cell.section(first).diam()[0] - diameter).abs() < 1e-6, "{stub:?}");
            assert_eq!(cell.roots().count(), 1);
        }
    }

    #[test]
    fn diameters_need_an_axon() {
        let mut cell = Cell::from_swc("1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n3 3 50 0 0 1 2\n").unwrap();
        let error = cell.replace_axon(AxonStub::AllActive).unwrap_err();
        assert_eq!(error.to_string(), "the cell has no section `axon`");
    }
}
