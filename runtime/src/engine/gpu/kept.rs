//! What of a network a device keeps: values that kernels or users need, and those that are the same everywhere only once.

use super::super::uses::uses_of_ion;
use crate::layout::{Address, Block, Group, Layout};
use codegen::back::wgsl::{self, ColumnPlace};
use codegen::ir::IonField;
use codegen::manifest::{ColumnAccess, DiffusingManifest, MechanismManifest};
use std::collections::BTreeSet;

/// For all mechanisms and ions of a layout, what is kept of them.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    mechanisms: Vec<OfMechanism>,
    ions: Vec<OfIon>,
}

/// The columns of a mechanism.
#[derive(Clone, Debug)]
pub(super) struct OfMechanism {
    /// Where each column lies.
    pub(super) columns: Vec<ColumnPlace>,
    /// The columns that instances have for themselves, in their order; those that steps change come first.
    pub(super) own: Vec<usize>,
    /// How many of these change.
    pub(super) changing: usize,
    /// The columns that all instances of a block share, in their order.
    pub(super) shared: Vec<usize>,
    /// Whether its currents are added to those of ions.
    pub(super) adds_currents: bool,
}

/// An ion species.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OfIon {
    /// All nodes of a cell share a row.
    pub(super) shared: bool,
    /// Its currents are added up.
    pub(super) summed: bool,
    /// Something else of it changes.
    pub(super) changes: bool,
}

impl Kept {
    /// If `lean`, only what kernels and probes need; else all.
    pub(super) fn new(layout: &Layout, lean: bool) -> Self {
        let mut ions: Vec<OfIon> = (0..layout.species.len()).map(|species| ion(layout, species, lean)).collect();
        let is_current = |field: &IonField| matches!(field, IonField::Current | IonField::Didv);
        let species = |name: &str| layout.species.iter().position(|species| species.name == name);
        let added_to = |mechanism: &MechanismManifest| -> Vec<usize> {
            let written = mechanism.ions.iter().filter(|ion| ion.write.iter().any(is_current));
            written.filter_map(|ion| species(&ion.name)).collect()
        };
        // A mechanism adds to all of its ions or to none.
        loop {
            let adds = |of: &[usize]| of.iter().any(|&species| ions[species].summed);
            let more = layout.mechanisms.iter().map(added_to).filter(|of| adds(of)).flatten();
            match more.into_iter().find(|&species| !ions[species].summed) {
                Some(species) => ions[species] = OfIon { summed: true, shared: false, ..ions[species] },
                None => break,
            }
        }
        let mechanisms = (0..layout.mechanisms.len())
            .map(|index| {
                let adds = added_to(&layout.mechanisms[index]).iter().any(|&species| ions[species].summed);
                OfMechanism::new(layout, index, lean, adds)
            })
            .collect();
        Self { mechanisms, ions }
    }

    pub(super) fn mechanism(&self, index: usize) -> &OfMechanism {
        &self.mechanisms[index]
    }

    pub(super) fn ion(&self, species: usize) -> OfIon {
        self.ions[species]
    }

    /// The text that tells each mechanism's functions; see [`wgsl::storage`].
    pub(super) fn text(&self, mechanisms: &[MechanismManifest]) -> String {
        let of = |(manifest, kept): (&MechanismManifest, &OfMechanism)| {
            wgsl::storage(&manifest.name, &kept.columns, kept.adds_currents)
        };
        mechanisms.iter().zip(&self.mechanisms).map(of).collect()
    }
}

impl OfMechanism {
    fn new(layout: &Layout, index: usize, lean: bool, adds_currents: bool) -> Self {
        let manifest = &layout.mechanisms[index];
        let blocks = || {
            let of_group = |group: &'_ Group| group.blocks.iter().position(|block| block.mechanism == index);
            layout.groups.iter().filter_map(move |group| of_group(group).map(|at| (group, at)))
        };
        let same = |column: usize| {
            blocks().all(|(group, at)| {
                let of = values(&group.blocks[at], column);
                of.iter().all(|x| x.to_bits() == of[0].to_bits())
            })
        };
        let seen = |column: usize| {
            blocks().any(|(group, at)| {
                let of_column = |probe: &Address| match *probe {
                    Address::Column { block, index } => {
                        block as usize == at && index as usize / size(&group.blocks[at]).max(1) == column
                    }
                    _ => false,
                };
                group.probes.iter().any(of_column)
            })
        };
        let driven: BTreeSet<usize> = layout
            .transfers
            .iter()
            .map(|transfer| transfer.to)
            .chain(layout.played.iter().map(|column| column.to))
            .filter_map(|(group, block, at)| {
                let block = &layout.groups[group as usize].blocks[block as usize];
                (block.mechanism == index).then(|| at as usize / size(block))
            })
            .collect();
        let diffuses = |column: usize| {
            manifest.diffusions.iter().any(|of| {
                let is_state = matches!(of.state, DiffusingManifest::Column(state) if state == column);
                is_state || [of.volume, of.coefficient].contains(&column)
            })
        };
        let (mut changing, mut constant, mut shared) = (Vec::new(), Vec::new(), Vec::new());
        for (column, of) in manifest.columns.iter().enumerate() {
            match of.access {
                _ if diffuses(column) || driven.contains(&column) => changing.push(column),
                ColumnAccess::Carried => changing.push(column),
                ColumnAccess::Visible if !lean || seen(column) => changing.push(column),
                ColumnAccess::Visible => {}
                ColumnAccess::Constant if same(column) => shared.push(column),
                ColumnAccess::Constant => constant.push(column),
            }
        }
        let count = changing.len();
        let own: Vec<usize> = changing.into_iter().chain(constant).collect();
        let mut columns = vec![ColumnPlace::Nowhere; manifest.columns.len()];
        for (at, &column) in (0..).zip(&own) {
            columns[column] = ColumnPlace::Own(at);
        }
        for (at, &column) in (manifest.globals.len() as u32..).zip(&shared) {
            columns[column] = ColumnPlace::Shared(at);
        }
        Self { columns, own, changing: count, shared, adds_currents }
    }
}

impl OfMechanism {
    /// Where the value at a position of [`Block::columns`] lies among those that instances have for themselves.
    pub(super) fn own_place(&self, block: &Block, index: usize) -> usize {
        let (column, instance) = (index / size(block), index % size(block));
        match self.columns[column] {
            ColumnPlace::Own(own) => own as usize * size(block) + instance,
            ColumnPlace::Shared(_) | ColumnPlace::Nowhere => unreachable!("what is set is each instance's own"),
        }
    }
}

/// Instances of a block.
pub(super) fn size(block: &Block) -> usize {
    block.rows * block.lanes
}

/// The values of a column.
pub(super) fn values(block: &Block, column: usize) -> &[f64] {
    &block.columns[column * size(block)..(column + 1) * size(block)]
}

fn ion(layout: &Layout, species: usize, lean: bool) -> OfIon {
    let mut kept = OfIon { shared: true, summed: !lean, changes: false };
    for group in &layout.groups {
        let Some(index) = group.ions.iter().position(|ion| ion.species == species) else { continue };
        let (summed, changes) = uses_of_ion(layout, group, index);
        kept.summed |= summed;
        kept.changes |= changes;
        let ion = &group.ions[index];
        let same = |values: &[f64]| values.iter().all(|x| x.to_bits() == values[0].to_bits());
        let field = ion.rows * group.lanes;
        let fields = [IonField::Erev, IonField::Conci, IonField::Conco].map(IonField::index);
        kept.shared &= ion.style.iter().all(|style| *style == ion.style[0])
            && fields.iter().all(|f| same(&ion.values[f * field..(f + 1) * field]));
    }
    kept.shared &= !kept.summed && !kept.changes;
    kept
}
