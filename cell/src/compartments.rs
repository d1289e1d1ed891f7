//! The discretised cell: nodes, their tree, and the coefficients of the cable equation's matrix.
//!
//! Numbering: first the root node of every tree (at the beginning of its root section), then tree by tree, sections
//! breadth first in sibling order, each with its segments from the connected end on and one node of no area at its far
//! end. A section that is not a root has no node of its own at its beginning: it begins at a node of an ancestor.
//! The parent of a node always has a smaller index.

use std::f64;

use crate::{Attachment, Cell, CellError, SectionId};

/// Nodes of a cell in solving order (Hines 1984).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Compartments {
    /// Number of root nodes; they come first.
    pub roots: usize,
    /// Parent of each node; a root node is its own parent.
    pub parent: Vec<usize>,
    /// Membrane area, um2. Nodes without area have 100, which makes their rows count in nA and uS.
    pub area: Vec<f64>,
    /// False for root and end nodes, which have no membrane: no capacitance and no density mechanisms.
    pub has_area: Vec<bool>,
    /// Diameter, um; 0 for nodes without area.
    pub diam: Vec<f64>,
    /// Specific capacitance, uF/cm2; 0 for nodes without area.
    pub cm: Vec<f64>,
    /// Axial conductance to the parent node, uS; 0 for root nodes.
    pub conductance: Vec<f64>,
    /// Effect of the node on its parent's equation, `-100 g rallbranch / area(parent)`; 0 for root nodes.
    pub a: Vec<f64>,
    /// Effect of the parent on the node's equation, `-100 g / area`; 0 for root nodes.
    pub b: Vec<f64>,
    /// Section of each node.
    pub section: Vec<SectionId>,
    /// Segment within the section (node order); `None` for nodes without area.
    pub segment: Vec<Option<usize>>,
    /// Per section: its first segment's node.
    pub first: Vec<usize>,
    /// Per section: the node at which it begins.
    pub begin: Vec<usize>,
    nseg: Vec<usize>,
    reversed: Vec<bool>,
}

impl Compartments {
    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// True for a cell without sections.
    pub fn is_empty(&self) -> bool {
        self.parent.is_empty()
    }

    /// The node of position `x` on `section`: 0 and 1 mean the section's ends, anything between the segment that holds
    /// it. `None` for an `x` outside 0 to 1 or a section that is not there.
    pub fn node_of(&self, section: SectionId, x: f64) -> Option<usize> {
        let &nseg = self.nseg.get(section.0)?;
        if !(0.0..=1.0).contains(&x) {
            return None;
        }
        if x == 0.0 || x == 1.0 {
            let at_beginning = (x == 0.0) != self.reversed[section.0];
            return Some(if at_beginning { self.begin[section.0] } else { self.first[section.0] + nseg });
        }
        let index = ((nseg as f64 * x) as usize).min(nseg - 1);
        Some(self.first[section.0] + if self.reversed[section.0] { nseg - 1 - index } else { index })
    }

    /// The segment that holds position `x` of `section`, counted from the section's 0 end.
    pub fn segment_at(&self, section: SectionId, x: f64) -> Option<usize> {
        let &nseg = self.nseg.get(section.0)?;
        (0.0..=1.0).contains(&x).then(|| ((nseg as f64 * x) as usize).min(nseg - 1))
    }

    /// The position on its section of a node: 0 or 1 for root and end nodes, the centre of a segment otherwise.
    pub fn x_of(&self, node: usize) -> f64 {
        let section = self.section[node].0;
        let x = match self.segment[node] {
            Some(segment) => (segment as f64 + 0.5) / self.nseg[section] as f64,
            None if node < self.roots => 0.0,
            None => 1.0,
        };
        if self.reversed[section] { 1.0 - x } else { x }
    }

    fn push(&mut self, section: SectionId, segment: Option<usize>, parent: usize, area: f64, conductance: f64) {
        self.parent.push(parent);
        self.area.push(area);
        self.has_area.push(segment.is_some());
        self.conductance.push(conductance);
        self.section.push(section);
        self.segment.push(segment);
    }
}

/// Area given to nodes without membrane.
const NO_AREA: f64 = 100.0;

impl Cell {
    /// Discretises the cell.
    pub fn compartments(&self) -> Result<Compartments, CellError> {
        let count = self.sections.len();
        let mut nodes = Compartments { first: vec![0; count], begin: vec![0; count], ..Compartments::default() };
        nodes.nseg = self.sections.iter().map(|s| s.nseg()).collect();
        nodes.reversed = self.sections.iter().map(|s| s.reversed).collect();
        for root in self.roots() {
            nodes.begin[root.0] = nodes.roots;
            nodes.push(root, None, nodes.roots, NO_AREA, 0.0);
            nodes.roots += 1;
        }
        nodes.diam = vec![0.0; nodes.roots];
        nodes.cm = vec![0.0; nodes.roots];
        nodes.a = vec![0.0; nodes.roots];
        nodes.b = vec![0.0; nodes.roots];
        for id in self.breadth_first() {
            let section = self.section(id);
            let geometry = section.geometry()?;
            if let Some((segment, &cm)) = section.cm.iter().enumerate().find(|(_, cm)| cm.is_nan() || **cm < 0.0) {
                return Err(CellError::Capacitance { section: section.name.to_string(), segment, cm });
            }
            nodes.first[id.0] = nodes.len();
            nodes.begin[id.0] = match self.attachment(id) {
                Attachment::Root(root) => nodes.begin[root.0],
                Attachment::Segment(owner, segment) => nodes.first[owner.0] + segment,
                Attachment::End(owner) => nodes.first[owner.0] + nodes.nseg[owner.0],
            };
            for (i, &g) in geometry.conductance.iter().enumerate() {
                let parent = if i == 0 { nodes.begin[id.0] } else { nodes.len() - 1 };
                let segment = (i < section.nseg()).then_some(i);
                let area = segment.map_or(NO_AREA, |i| geometry.area[i]);
                let branches = if i == 0 { section.rallbranch } else { 1.0 };
                nodes.a.push(-1e2 * branches * g / nodes.area[parent]);
                nodes.b.push(-1e2 * g / area);
                nodes.diam.push(segment.map_or(0.0, |i| geometry.diam[i]));
                nodes.cm.push(segment.map_or(0.0, |i| section.cm[i]));
                nodes.push(id, segment, parent, area, g);
            }
        }
        Ok(nodes)
    }
}
