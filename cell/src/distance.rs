//! Path distance between two positions of a cell.

use crate::{Attachment, Cell, CellError, SectionId};

impl Cell {
    /// Length of the path along the tree between two positions, um, as NEURON's `distance()` measures it: an interior
    /// position counts as the centre of its segment. `None` where no path leads from one to the other.
    pub fn path_distance(&self, from: (SectionId, f64), to: (SectionId, f64)) -> Result<Option<f64>, CellError> {
        let mut node = (self.location(from.0, from.1)?, self.location(to.0, to.1)?);
        let mut at = (Some(from.0), Some(to.0));
        let depth = |section: SectionId| self.ancestry(section).count();
        let up = |section: SectionId| (self.attachment(section), self.connection(section).map(|c| c.parent));
        let mut distance = 0.0;
        // climb from the deeper of the two until both stand on one section
        while at.0 != at.1 {
            let first = match at {
                (None, _) => false,
                (_, None) => true,
                (Some(a), Some(b)) => depth(a) >= depth(b),
            };
            let (place, section) = if first { (&mut node.0, &mut at.0) } else { (&mut node.1, &mut at.1) };
            let Some(here) = *section else { break };
            distance += self.along(here, *place);
            (*place, *section) = up(here);
        }
        Ok(match at.0 {
            None => (node.0 == node.1).then_some(distance),
            Some(_) if node.0 == node.1 => Some(distance),
            Some(section) => Some(distance + (self.along(section, node.0) - self.along(section, node.1)).abs()),
        })
    }

    /// Distance of a node from the beginning of `section`, um.
    fn along(&self, section: SectionId, node: Attachment) -> f64 {
        let cable = self.section(section);
        match node {
            Attachment::End(owner) if owner == section => cable.length(),
            Attachment::Segment(owner, index) if owner == section => {
                cable.length() * ((index as f64 + 0.5) / cable.nseg() as f64)
            }
            // the section begins at this node
            Attachment::Root(_) | Attachment::End(_) | Attachment::Segment(..) => 0.0,
        }
    }
}
