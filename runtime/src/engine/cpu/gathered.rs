//! Blocks whose rows are narrow: point processes, and density mechanisms of cells that share their shape with few others.
//!
//! A kernel that runs over one lane at a time wastes the machine. So the node values of such a block's instances are
//! gathered into long rows, the kernel runs over these, and what it has added is scattered to the nodes, in
//! order of instances.

use super::super::Real;
use super::super::real::{CURRENT, DIDV};
use super::block::Nodes;
use super::ion::CpuIon;
use crate::layout::Block;
use codegen::ir::IonField;
use codegen::manifest::MechanismManifest;

/// Node values of the instances of a narrow block, in order of instances.
#[derive(Default)]
pub(super) struct Scratch<R> {
    pub(super) v: Vec<R>,
    pub(super) rhs: Vec<R>,
    pub(super) d: Vec<R>,
    /// For each ion of the mechanism its fields.
    pub(super) ions: Vec<Vec<R>>,
}

/// Where the instances of a narrow block live.
pub(super) struct Gathered<R> {
    /// Flat node index of each instance.
    node: Vec<u32>,
    pub(super) area: Vec<R>,
    pub(super) diam: Vec<R>,
    /// For each ion of the mechanism the index of each instance in a field; none where all nodes share a row.
    ions: Vec<Option<Vec<u32>>>,
    /// Index in the group of each ion.
    species: Vec<usize>,
    /// What the mechanism writes of each ion but currents.
    writes: Vec<Vec<IonField>>,
}

impl<R: Real> Gathered<R> {
    /// None if the block's kernels may run over its rows as they are, or have to: instances of a point process that set
    /// a value of an ion may share a node.
    pub(super) fn new(
        block: &Block,
        manifest: &MechanismManifest,
        nodes: &Nodes<R>,
        ions: &[CpuIon<R>],
    ) -> Option<Self> {
        let currents = |field: &IonField| matches!(field, IonField::Current | IonField::Didv);
        let sets_ions = manifest.ions.iter().any(|ion| !ion.write.iter().all(currents));
        if block.lanes >= 8 || block.node.is_empty() || (block.is_point() && sets_ions) {
            return None;
        }
        let spread = |rows: &[u32]| -> Vec<u32> {
            rows.iter().flat_map(|&row| (0..block.lanes as u32).map(move |lane| row + lane)).collect()
        };
        let node = spread(&block.node);
        let of_node = |values: &[R]| -> Vec<R> {
            node.iter().map(|&at| values.get(at as usize).copied().unwrap_or(R::new(0.0))).collect()
        };
        let (area, diam) = (of_node(&nodes.area), of_node(&nodes.diam));
        Some(Self {
            area,
            diam,
            ions: block.ions.iter().map(|ion| (!ions[ion.ion].is_shared()).then(|| spread(&ion.row))).collect(),
            species: block.ions.iter().map(|ion| ion.ion).collect(),
            writes: manifest
                .ions
                .iter()
                .map(|ion| ion.write.iter().filter(|field| !currents(field)).copied().collect())
                .collect(),
            node,
        })
    }

    /// Fills the scratch with what kernels read.
    pub(super) fn gather(&self, scratch: &mut Scratch<R>, nodes: &Nodes<R>, ions: &[CpuIon<R>], adds: bool) {
        scratch.v.clear();
        scratch.v.extend(self.node.iter().map(|&at| nodes.v[at as usize]));
        if adds {
            for sum in [&mut scratch.rhs, &mut scratch.d] {
                sum.clear();
                sum.resize(self.node.len(), R::new(0.0));
            }
        }
        scratch.ions.resize_with(self.ions.len().max(scratch.ions.len()), Vec::new);
        for ((values, rows), &species) in scratch.ions.iter_mut().zip(&self.ions).zip(&self.species) {
            let Some(rows) = rows else { continue };
            let ion = &ions[species];
            values.clear();
            for field in 0..IonField::ALL.len() {
                let of_field = &ion.values[field * ion.stride()..];
                if adds && (field == CURRENT || field == DIDV) {
                    values.extend(rows.iter().map(|_| R::new(0.0)));
                } else {
                    values.extend(rows.iter().map(|&at| of_field[at as usize]));
                }
            }
        }
    }

    /// Adds to nodes and ions what kernels have added, and stores what they have set.
    pub(super) fn scatter(
        &self,
        scratch: &Scratch<R>,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        adds: bool,
        currents: bool,
    ) {
        if adds {
            for ((&at, &rhs), &d) in self.node.iter().zip(&scratch.rhs).zip(&scratch.d) {
                nodes.rhs[at as usize] += rhs;
                nodes.d[at as usize] += d;
            }
        }
        let count = self.node.len();
        let each = scratch.ions.iter().zip(&self.ions).zip(&self.species).zip(&self.writes);
        for (((values, rows), &species), writes) in each {
            let Some(rows) = rows else { continue };
            let ion = &mut ions[species];
            let stride = ion.stride();
            let added = [CURRENT, DIDV];
            for &field in added.iter().filter(|_| adds && currents) {
                for (&at, &x) in rows.iter().zip(&values[field * count..]) {
                    ion.values[field * stride + at as usize] += x;
                }
            }
            for field in writes.iter().map(|field| field.index()) {
                for (&at, &x) in rows.iter().zip(&values[field * count..]) {
                    ion.values[field * stride + at as usize] = x;
                }
            }
        }
    }
}
