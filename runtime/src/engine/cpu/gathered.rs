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

/// Instances that follow each other and live on the same node.
struct Run {
    /// Flat node index.
    node: u32,
    /// The number of the instance after them.
    end: u32,
}

/// Where some instances of a narrow block live.
pub(super) struct Gathered<R> {
    /// Instances of a point process are sorted by nodes, and many may share one.
    runs: Vec<Run>,
    count: usize,
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
    /// Whether the block's kernels may run over rows that are not its own: instances of a point process that set a value
    /// of an ion may share a node.
    pub(super) fn helps(block: &Block, manifest: &MechanismManifest) -> bool {
        let sets_ions = manifest.ions.iter().any(|ion| !ion.write.iter().all(is_current));
        block.lanes < 8 && !block.node.is_empty() && !(block.is_point() && sets_ions)
    }

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
        let node = spread(&block.node);
        // There are none where no kernel looks at them.
        let of_node = |values: &[R]| -> Vec<R> {
            let values = (!values.is_empty()).then_some(values);
            values.map_or_else(Vec::new, |values| node.iter().map(|&at| values[at as usize]).collect())
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
            count: node.len(),
            runs: runs(&node),
        }
    }

    /// Fills the scratch with what kernels read.
    pub(super) fn gather(&self, scratch: &mut Scratch<R>, nodes: &Nodes<R>, ions: &[CpuIon<R>], adds: bool) {
        scratch.v.resize(self.count, R::new(0.0));
        let mut begin = 0;
        for run in &self.runs {
            let end = run.end as usize;
            scratch.v[begin..end].fill(nodes.v[run.node as usize]);
            begin = end;
        }
        if adds {
            for sum in [&mut scratch.rhs, &mut scratch.d] {
                sum.clear();
                sum.resize(self.count, R::new(0.0));
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
            let mut begin = 0;
            for run in &self.runs {
                let (node, own) = (run.node as usize, begin..run.end as usize);
                // One after the other, as without runs.
                let (mut rhs, mut d) = (nodes.rhs[node], nodes.d[node]);
                for (&x, &y) in scratch.rhs[own.clone()].iter().zip(&scratch.d[own]) {
                    rhs += x;
                    d += y;
                }
                (nodes.rhs[node], nodes.d[node]) = (rhs, d);
                begin = run.end as usize;
            }
        }
        let count = self.count;
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

/// Equal nodes that follow each other.
fn runs(nodes: &[u32]) -> Vec<Run> {
    let mut end = 0;
    let run = |own: &[u32]| {
        end += own.len() as u32;
        Run { node: own[0], end }
    };
    nodes.chunk_by(|a, b| a == b).map(run).collect()
}
