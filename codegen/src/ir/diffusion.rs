//! Diffusion of states between the compartments of a cell.

use super::{ColumnId, IonField, IonId};

/// A state that LONGITUDINAL_DIFFUSION spreads along the sections that have the mechanism.
///
/// The `diffusion` kernel computes two columns of every instance: the volume `w` of its compartment, per length, and
/// the coefficient `c`, diffusion constant times cross-section. The simulator then takes one backward Euler step of
/// `w ds/dt = d/dx (c ds/dx)` over the tree of the mechanism's compartments.
#[derive(Clone, Debug, PartialEq)]
pub struct Diffusion {
    /// The state.
    pub state: Diffusing,
    /// Column with the volume.
    pub volume: ColumnId,
    /// Column with the coefficient.
    pub coefficient: ColumnId,
    /// The kernel must run before this one is solved: it is the first, or the kernel reads a state solved before.
    pub fresh: bool,
}

impl Diffusion {
    /// The columns that it names.
    pub fn columns(&self) -> impl Iterator<Item = ColumnId> + use<> {
        let state = match self.state {
            Diffusing::Column(id) => Some(id),
            Diffusing::Ion(..) => None,
        };
        state.into_iter().chain([self.volume, self.coefficient])
    }

    /// The same, to be changed.
    pub fn columns_mut(&mut self) -> impl Iterator<Item = &mut ColumnId> {
        let state = match &mut self.state {
            Diffusing::Column(id) => Some(id),
            Diffusing::Ion(..) => None,
        };
        state.into_iter().chain([&mut self.volume, &mut self.coefficient])
    }
}

/// Where a diffusing state lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diffusing {
    /// A STATE of the mechanism.
    Column(ColumnId),
    /// A concentration of an ion.
    Ion(IonId, IonField),
}
