//! Blocks whose rows are narrow: point processes, and density mechanisms of cells that share their shape with few others.
//!
//! A kernel that runs over one lane at a time wastes the machine. So the node values of such a block's instances are
//! gathered into long rows, the kernel runs over these, and what it has added is scattered to the nodes, in order of
//! instances: some hundred at a time, so that what is gathered stays in the first cache.

use super::super::Real;
use super::super::real::{CURRENT, DIDV};
use super::block::Nodes;
use super::ion::CpuIon;
use crate::layout::Block;
use codegen::ir::IonField;
use codegen::manifest::MechanismManifest;
use std::ops::Range;

/// Node values of the instances of a narrow block, in order of instances.
#[derive(Default)]
pub(super) struct Scratch<R> {
    pub(super) v: Vec<R>,
    pub(super) rhs: Vec<R>,
    pub(super) d: Vec<R>,
    /// For each ion of the mechanism its fields.
    pub(super) ions: Vec<Vec<R>>,
}

/// Where some instances of a narrow block live.
pub(super) struct Gathered<R> {
    /// Flat node index of each.
    nodes: Vec<u32>,
    pub(super) area: Vec<R>,
    pub(super) diam: Vec<R>,
    /// For each ion of the mechanism the index of each instance in a field; none where all nodes share a row.
    ions: Vec<Option<Vec<u32>>>,
    /// Index in the group of each ion.
    species: Vec<usize>,
    /// What the mechanism writes of each ion but currents.
    writes: Vec<Vec<IonField>>,
}

/// Whether a block's kernels may run over rows that are not its own: not where instances of a point process, which may share
/// a node, set a value of an ion, nor where a kernel of currents may look at currents, which are sums in the making.
pub(super) fn may_gather(block: &Block, manifest: &MechanismManifest) -> bool {
    let sets_ions = manifest.ions.iter().any(|ion| !ion.write.iter().all(is_current));
    let reads_currents = manifest.has("current") && manifest.ions.iter().any(|ion| ion.read.iter().any(is_current));
    block.lanes < 8 && !(block.is_point() && sets_ions) && !reads_currents
}

impl<R: Real> Gathered<R> {
    /// Of the instances in a range.
    pub(super) fn new(
        block: &Block,
        instances: Range<usize>,
        manifest: &MechanismManifest,
        nodes: &Nodes<R>,
        ions: &[CpuIon<R>],
    ) -> Self {
        let spread = |rows: &[u32]| -> Vec<u32> {
            let lanes = block.lanes;
            instances.clone().map(|at| rows[at / lanes] + (at % lanes) as u32).collect()
        };
        let flat = spread(&block.node);
        // There are none where no kernel looks at them.
        let of_node = |values: &[R]| -> Vec<R> {
            let values = (!values.is_empty()).then_some(values);
            values.map_or_else(Vec::new, |values| flat.iter().map(|&at| values[at as usize]).collect())
        };
        let (area, diam) = (of_node(&nodes.area), of_node(&nodes.diam));
        Self {
            area,
            diam,
            ions: block.ions.iter().map(|ion| (!ions[ion.ion].is_shared()).then(|| spread(&ion.row))).collect(),
            species: block.ions.iter().map(|ion| ion.ion).collect(),
            writes: manifest
                .ions
                .iter()
                .map(|ion| ion.write.iter().filter(|field| !is_current(field)).copied().collect())
                .collect(),
            nodes: flat,
        }
    }

    /// Fills the scratch with what kernels read.
    pub(super) fn gather(&self, scratch: &mut Scratch<R>, nodes: &Nodes<R>, ions: &[CpuIon<R>], adds: bool) {
        // A slice: what holds it would be looked into for each instance.
        let from: &[R] = &nodes.v;
        scratch.v.clear();
        scratch.v.extend(self.nodes.iter().map(|&node| from[node as usize]));
        if adds {
            // `scatter` leaves zeros.
            for sum in [&mut scratch.rhs, &mut scratch.d] {
                sum.resize(self.nodes.len().max(sum.len()), R::new(0.0));
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
        scratch: &mut Scratch<R>,
        nodes: &mut Nodes<R>,
        ions: &mut [CpuIon<R>],
        adds: bool,
        currents: bool,
    ) {
        if adds {
            let (to_rhs, to_d): (&mut [R], &mut [R]) = (&mut nodes.rhs, &mut nodes.d);
            for ((&node, rhs), d) in self.nodes.iter().zip(&mut scratch.rhs).zip(&mut scratch.d) {
                to_rhs[node as usize] += std::mem::replace(rhs, R::new(0.0));
                to_d[node as usize] += std::mem::replace(d, R::new(0.0));
            }
        }
        let count = self.nodes.len();
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

fn is_current(field: &IonField) -> bool {
    matches!(field, IonField::Current | IonField::Didv)
}
