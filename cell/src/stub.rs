//! The short axon that models of the Allen Cell Types Database have in place of the reconstructed one.

use crate::{Cell, CellError, SectionId, SectionName, eigen};

/// Length of each of the two sections, um.
const LENGTH: f64 = 30.0;

/// How a reconstructed axon is replaced by two sections of 30 um, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxonStub {
    /// Both 1 um thick, from the middle of the soma.
    Perisomatic,
    /// As thick as the reconstructed axon at its first and at its last section, from the end of the soma.
    AllActive,
    /// As `Perisomatic`, but laid out from the end of the soma in the direction of the reconstructed axon.
    PerisomaticDirected,
    /// As `AllActive`, laid out in that way.
    AllActiveDirected,
    /// Both 1 um thick, from the end of the soma: what BMTK's `SWCReader.fix_axon` makes when networks are built.
    Builder,
}

impl Cell {
    /// Replaces the axon, and lays the cell out in space anew. The new sections come last in the list `all`.
    ///
    /// # Errors
    /// When there is no section `soma[0]`, or no axon to take diameters or a direction from.
    pub fn replace_axon(&mut self, stub: AxonStub) -> Result<(), CellError> {
        let axon: Vec<_> = self.ids().filter(|&id| self.section(id).name().base.starts_with("axon")).collect();
        let diameters = match stub {
            AxonStub::Perisomatic | AxonStub::PerisomaticDirected | AxonStub::Builder => [1.0; 2],
            AxonStub::AllActive | AxonStub::AllActiveDirected => {
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
        let line = match stub {
            AxonStub::PerisomaticDirected | AxonStub::AllActiveDirected => Some(self.axon_line()?),
            AxonStub::Perisomatic | AxonStub::AllActive | AxonStub::Builder => None,
        };
        self.retain(|id| !axon.contains(&id));
        let soma = self.arrays.get("soma").and_then(|soma| soma.first().copied());
        let soma = soma.ok_or_else(|| CellError::NoSection { name: "soma".to_owned() })?;
        let new = diameters.map(|_| self.add_section(SectionName::default()));
        for (index, (&id, diameter)) in new.iter().zip(diameters).enumerate() {
            let section = self.section_mut(id);
            section.name = SectionName::element("axon", index);
            match line {
                None => section.set_diam(|_, _| diameter),
                Some((begin, direction)) => {
                    for end in [index, index + 1] {
                        let [x, y, z] = std::array::from_fn(|axis| begin[axis] + end as f64 * LENGTH * direction[axis]);
                        section.add_point(x, y, z, diameter);
                    }
                }
            }
            section.set_length(LENGTH);
        }
        // BMTK's directed forms leave `axonal` as it is.
        let lists = if line.is_some() { &["all"][..] } else { &["axonal", "all"] };
        for &list in lists {
            self.lists.entry(list.to_owned()).or_default().extend(new);
        }
        self.arrays.insert("axon".to_owned(), new.to_vec());
        let x = match stub {
            AxonStub::Perisomatic | AxonStub::PerisomaticDirected => 0.5,
            AxonStub::AllActive | AxonStub::AllActiveDirected | AxonStub::Builder => 1.0,
        };
        self.connect(new[0], 0.0, soma, x)?;
        self.connect(new[1], 0.0, new[0], 1.0)?;
        self.define_shape()
    }

    /// Where a directed stub begins, um, and its direction: the end of the soma, and the first principal axis of the
    /// middle of the soma and the points of the last section of the axon.
    fn axon_line(&self) -> Result<([f64; 3], [f64; 3]), CellError> {
        let points = |section: SectionId| {
            let points = self.section(section).points().iter();
            points.map(|point| [point.x, point.y, point.z].map(f64::from)).collect::<Vec<_>>()
        };
        let without = |name: &str| CellError::NoSection { name: name.to_owned() };
        let last = |base: &str| {
            let named = |id: &SectionId| self.section(*id).name().base.starts_with(base);
            let points = self.all().into_iter().rfind(named).map(points).filter(|points| !points.is_empty());
            points.ok_or_else(|| without(base))
        };
        let (soma, axon) = (last("soma")?, last("axon")?);
        let middle = soma[soma.len() / 2];
        let cloud: Vec<[f64; 3]> = [middle].iter().chain(&axon).copied().collect();
        let mean: [f64; 3] = std::array::from_fn(|k| cloud.iter().map(|at| at[k]).sum::<f64>() / cloud.len() as f64);
        let moment = |i: usize, j: usize| cloud.iter().map(|at| (at[i] - mean[i]) * (at[j] - mean[j])).sum();
        let (values, vectors) = eigen::symmetric(std::array::from_fn(|i| std::array::from_fn(|j| moment(i, j))));
        let major = (1..3).fold(0, |best, k| if values[k] > values[best] { k } else { best });
        let axis: [f64; 3] = std::array::from_fn(|k| vectors[k][major]);
        let length = axis.iter().map(|x| x * x).sum::<f64>().sqrt();
        let end = axon[axon.len() - 1];
        let along: f64 = (0..3).map(|k| axis[k] * (end[k] - middle[k])).sum();
        let sign = if along < 0.0 { -1.0 } else { 1.0 };
        Ok((soma[soma.len() - 1], axis.map(|x| sign * x / length)))
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
    fn a_directed_axon_goes_where_the_reconstructed_one_went() {
        for (stub, diameter) in [(AxonStub::PerisomaticDirected, 1.0), (AxonStub::AllActiveDirected, 1.5)] {
            let mut cell = Cell::from_swc(MORPHOLOGY).unwrap();
            cell.replace_axon(stub).unwrap();
            let [first, second] = cell.arrays["axon"][..] else { panic!("two sections") };
            let direction = |id| {
                let points = cell.section(id).points();
                let (a, b) = (points[0], points[points.len() - 1]);
                [b.x - a.x, b.y - a.y, b.z - a.z]
            };
            for id in [first, second] {
                let [x, y, z] = direction(id);
                assert!(x.abs() < 1e-4 && (y - 30.0).abs() < 1e-4 && z.abs() < 1e-4, "{stub:?} {:?}", direction(id));
                assert!((cell.section(id).diam()[0] - diameter).abs() < 1e-6);
                assert!((cell.section(id).length() - 30.0).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn diameters_need_an_axon() {
        let mut cell = Cell::from_swc("1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n3 3 50 0 0 1 2\n").unwrap();
        let error = cell.replace_axon(AxonStub::AllActive).unwrap_err();
        assert_eq!(error.to_string(), "the cell has no section `axon`");
    }
}
