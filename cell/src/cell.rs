//! A cell: sections connected into a tree, and the names by which they are found.
//!
//! The order of a section's children is NEURON's, since the numbering of compartments and with it the order of
//! summation follows it: increasing distance along the parent, and among equals the one connected last comes first.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::{CellError, Section, SectionName};

/// A section of a [`Cell`], by order of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub usize);

/// How a section is connected to its parent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Connection {
    /// The parent section.
    pub parent: SectionId,
    /// Position on the parent, 0 to 1.
    pub x: f64,
}

/// Where the beginning of a section is in the tree of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachment {
    /// The root node that this section owns.
    Root(SectionId),
    /// The centre of a segment (node order).
    Segment(SectionId, usize),
    /// The far end of a section.
    End(SectionId),
}

/// A point process that a template placed on the cell.
#[derive(Debug, Clone, PartialEq)]
pub struct PointProcess {
    /// Name of the mechanism.
    pub name: String,
    /// Where it is.
    pub section: SectionId,
    /// Position on the section, 0 to 1.
    pub x: f64,
    /// The variables that were set.
    pub values: IndexMap<String, f64>,
}

/// A tree of sections (or several, where some are not connected).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    pub(crate) sections: Vec<Section>,
    pub(crate) connections: Vec<Option<Connection>>,
    pub(crate) children: Vec<Vec<SectionId>>,
    /// Section lists by name. `all` gives the order that SONATA's section ids count in; `somatic`, `basal`, `apical`,
    /// `axonal` are the customary subsets.
    pub lists: IndexMap<String, Vec<SectionId>>,
    /// Section arrays by name (`soma`, `dend`, ...), in order of their subscripts.
    pub arrays: IndexMap<String, Vec<SectionId>>,
    /// Point processes that the cell's template made for itself, in order of creation. They are described here, not
    /// connected: whoever builds the network decides what becomes of them.
    pub point_processes: Vec<PointProcess>,
}

impl Cell {
    /// A cell without sections.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an unconnected section with default geometry.
    pub fn add_section(&mut self, name: SectionName) -> SectionId {
        self.sections.push(Section::new(name));
        self.connections.push(None);
        self.children.push(Vec::new());
        SectionId(self.sections.len() - 1)
    }

    /// The sections in order of creation.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The ids of all sections in order of creation.
    pub fn ids(&self) -> impl Iterator<Item = SectionId> + use<> {
        (0..self.sections.len()).map(SectionId)
    }

    /// A section. Ids are only made by this cell, so they are in range.
    pub fn section(&self, id: SectionId) -> &Section {
        &self.sections[id.0]
    }

    /// A section, to be changed.
    pub fn section_mut(&mut self, id: SectionId) -> &mut Section {
        &mut self.sections[id.0]
    }

    /// Sections in the order of SONATA's section ids: the list `all` where there is one, else order of creation.
    pub fn all(&self) -> Vec<SectionId> {
        self.lists.get("all").cloned().unwrap_or_else(|| self.ids().collect())
    }

    /// Where `section` is connected; `None` for a root.
    pub fn connection(&self, section: SectionId) -> Option<Connection> {
        self.connections[section.0]
    }

    /// The sections connected to `section`, in NEURON's sibling order.
    pub fn children(&self, section: SectionId) -> &[SectionId] {
        &self.children[section.0]
    }

    /// Connects the end (0 or 1) of `child` to `parent` at `x`. An earlier connection of `child` is given up.
    pub fn connect(&mut self, child: SectionId, end: f64, parent: SectionId, x: f64) -> Result<(), CellError> {
        let section = || self.section(child).name.to_string();
        if end != 0.0 && end != 1.0 {
            return Err(CellError::ConnectEnd { section: section(), end });
        }
        if !(0.0..=1.0).contains(&x) {
            return Err(CellError::Position { section: self.section(parent).name.to_string(), x });
        }
        if self.ancestry(parent).any(|ancestor| ancestor == child) {
            return Err(CellError::Loop { section: section(), parent: self.section(parent).name.to_string() });
        }
        self.disconnect(child);
        if self.section(child).reversed != (end == 1.0) {
            self.children[child.0].reverse();
            self.section_mut(child).reverse();
        }
        self.connections[child.0] = Some(Connection { parent, x });
        let distance = self.distance_on(parent, x);
        let siblings = &self.children[parent.0];
        let at = siblings
            .iter()
            .position(|&s| self.connections[s.0].is_some_and(|c| distance <= self.distance_on(parent, c.x)))
            .unwrap_or(siblings.len());
        self.children[parent.0].insert(at, child);
        Ok(())
    }

    /// Makes `section` a root. Its own children stay connected to it.
    pub fn disconnect(&mut self, section: SectionId) {
        if let Some(connection) = self.connections[section.0].take() {
            self.children[connection.parent.0].retain(|&s| s != section);
        }
    }

    /// `section`, its parent, the parent's parent, ... to the root.
    pub fn ancestry(&self, section: SectionId) -> impl Iterator<Item = SectionId> + '_ {
        std::iter::successors(Some(section), |s| self.connections[s.0].map(|c| c.parent))
    }

    /// The root section of the tree that holds `section`.
    pub fn root_of(&self, section: SectionId) -> SectionId {
        self.ancestry(section).last().unwrap_or(section)
    }

    /// The sections without parent, in order of creation.
    pub fn roots(&self) -> impl Iterator<Item = SectionId> + '_ {
        self.ids().filter(|s| self.connections[s.0].is_none())
    }

    /// `section` and everything connected to it, breadth first.
    pub fn subtree(&self, section: SectionId) -> Vec<SectionId> {
        let mut queue = vec![section];
        let mut next = 0;
        while next < queue.len() {
            queue.extend_from_slice(&self.children[queue[next].0]);
            next += 1;
        }
        queue
    }

    /// All sections, tree by tree, each breadth first: the order in which compartments are numbered.
    pub fn breadth_first(&self) -> Vec<SectionId> {
        self.roots().flat_map(|root| self.subtree(root)).collect()
    }

    /// The section that owns the node which `section` begins at (`SectionRef.trueparent`): a section connected to the
    /// very beginning of its parent belongs to the parent's own parent. `None` if that leads up to the root node.
    pub fn true_parent(&self, section: SectionId) -> Option<SectionId> {
        match self.attachment(section) {
            Attachment::Root(_) => None,
            Attachment::Segment(owner, _) | Attachment::End(owner) => Some(owner),
        }
    }

    /// The node at which `section` begins.
    pub fn attachment(&self, section: SectionId) -> Attachment {
        let mut section = section;
        while let Some(Connection { parent, x }) = self.connections[section.0] {
            let on = self.section(parent);
            if x != f64::from(u8::from(on.reversed)) {
                if x == 0.0 || x == 1.0 {
                    return Attachment::End(parent);
                }
                let segment = on.segment_index(x).expect("connect() admits only positions from 0 to 1");
                return Attachment::Segment(parent, segment);
            }
            section = parent;
        }
        Attachment::Root(section)
    }

    /// The node at position `x` of `section`: its beginning, a segment's centre, or its far end.
    pub fn location(&self, section: SectionId, x: f64) -> Result<Attachment, CellError> {
        let on = self.section(section);
        let segment = on.segment_index(x)?;
        if x > 0.0 && x < 1.0 {
            return Ok(Attachment::Segment(section, segment));
        }
        let at_beginning = (x == 0.0) != on.reversed;
        Ok(if at_beginning { self.attachment(section) } else { Attachment::End(section) })
    }

    /// Keeps only the sections for which `keep` answers true; the others vanish from lists and arrays, and what was
    /// connected to them becomes a root. Ids of later sections shift.
    pub fn retain(&mut self, keep: impl Fn(SectionId) -> bool) {
        let gone: HashSet<SectionId> = self.ids().filter(|&id| !keep(id)).collect();
        if gone.is_empty() {
            return;
        }
        for id in self.ids() {
            if gone.contains(&id) || self.connections[id.0].is_some_and(|c| gone.contains(&c.parent)) {
                self.disconnect(id);
            }
        }
        let mut kept = (0..).map(SectionId);
        let renamed: Vec<Option<SectionId>> =
            self.ids().map(|id| if gone.contains(&id) { None } else { kept.next() }).collect();
        let rename = |ids: &mut Vec<SectionId>| *ids = ids.iter().filter_map(|id| renamed[id.0]).collect();
        let survives = |index: usize| renamed[index].is_some();
        retain_indices(&mut self.sections, survives);
        retain_indices(&mut self.connections, survives);
        retain_indices(&mut self.children, survives);
        for connection in self.connections.iter_mut().flatten() {
            connection.parent = renamed[connection.parent.0].expect("children of removed sections were disconnected");
        }
        self.children.iter_mut().for_each(rename);
        self.lists.values_mut().for_each(rename);
        self.arrays.values_mut().for_each(rename);
        self.point_processes.retain_mut(|point| match renamed[point.section.0] {
            Some(section) => {
                point.section = section;
                true
            }
            None => false,
        });
    }

    /// Distance of position `x` from the connected end of `section`, as a fraction.
    fn distance_on(&self, section: SectionId, x: f64) -> f64 {
        if self.section(section).reversed { 1.0 - x } else { x }
    }
}

fn retain_indices<T>(values: &mut Vec<T>, keep: impl Fn(usize) -> bool) {
    let mut index = 0..;
    values.retain(|_| index.next().is_some_and(&keep));
}
