//! An ion species in a group.

use super::super::real::{CONCI, CONCO, CURRENT, DIDV, EREV};
use super::super::{MILLIVOLT_PER_KELVIN, Real, nernst};
use crate::layout::{IonBlock, IonSpecies, IonStyle};

/// Values of an ion on the nodes that use it.
pub(super) struct CpuIon<R> {
    /// Field, row, lane.
    pub(super) values: Vec<R>,
    style: Vec<IonStyle>,
    lanes: usize,
    /// kT/ze, mV.
    factor: R,
    conci: R,
    conco: R,
}

/// When a reversal potential is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// At initialisation.
    Initialise,
    /// After a mechanism wrote a concentration.
    Advance,
}

impl<R: Real> CpuIon<R> {
    pub(super) fn new(ion: &IonBlock, species: &IonSpecies, lanes: usize, celsius: f64) -> Self {
        let potential = MILLIVOLT_PER_KELVIN * (celsius + 273.15);
        let factor = if species.valence == 0.0 { 0.0 } else { potential / species.valence };
        Self {
            values: ion.values.iter().map(|&x| R::new(x)).collect(),
            style: ion.style.clone(),
            lanes,
            factor: R::new(factor),
            conci: R::new(species.conci),
            conco: R::new(species.conco),
        }
    }

    /// Distance between fields.
    pub(super) fn stride(&self) -> usize {
        self.style.len() * self.lanes
    }

    /// The ion's own INITIAL.
    pub(super) fn initialise(&mut self) {
        for row in 0..self.style.len() {
            if self.style[row].resets_concentration() {
                let (conci, conco) = (self.conci, self.conco);
                self.row(CONCI, row).fill(conci);
                self.row(CONCO, row).fill(conco);
            }
        }
        self.update_reversal(When::Initialise);
    }

    /// Computes the reversal potential where the style says so.
    pub(super) fn update_reversal(&mut self, when: When) {
        let stride = self.stride();
        for row in 0..self.style.len() {
            let style = self.style[row];
            let wanted = match when {
                When::Initialise => style.initialises_reversal(),
                When::Advance => style.advances_reversal(),
            };
            if wanted {
                for at in row * self.lanes..(row + 1) * self.lanes {
                    let conci = self.values[CONCI * stride + at];
                    let conco = self.values[CONCO * stride + at];
                    self.values[EREV * stride + at] = nernst(conci, conco, self.factor);
                }
            }
        }
    }

    /// The ion's part of a current evaluation: its reversal potential follows the concentrations where the style says
    /// so, its total current and derivative are 0.
    pub(super) fn begin_currents(&mut self) {
        self.update_reversal(When::Advance);
        let stride = self.stride();
        self.values[CURRENT * stride..(DIDV + 1) * stride].fill(R::new(0.0));
    }

    fn row(&mut self, field: usize, row: usize) -> &mut [R] {
        let at = field * self.stride() + row * self.lanes;
        &mut self.values[at..at + self.lanes]
    }
}
