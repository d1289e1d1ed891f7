//! An ion species in a group.

use super::super::real::{CONCI, CONCO, CURRENT, DIDV, EREV};
use super::super::{MILLIVOLT_PER_KELVIN, Real, nernst};
use super::aligned::Aligned;
use super::columns::TILE;
use super::width::{Width, Work};
use crate::layout::{IonBlock, IonSpecies, IonStyle};
use codegen::ir::IonField;

/// Values of an ion on the nodes that use it.
pub(super) struct CpuIon<R> {
    /// Field, row, lane.
    pub(super) values: Aligned<R>,
    style: Vec<IonStyle>,
    /// Of a row.
    lanes: usize,
    /// Whether all nodes share one row.
    shared: bool,
    /// Whether anybody needs the current.
    pub(super) summed: bool,
    /// kT/ze, mV.
    factor: R,
    conci: R,
    conco: R,
    width: Width,
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
    /// The ion of a group of some lanes. If nobody changes it but for its current, which nobody needs, and all nodes have
    /// the same values, they share a row.
    pub(super) fn new(
        ion: &IonBlock,
        species: &IonSpecies,
        lanes: usize,
        celsius: f64,
        summed: bool,
        changes: bool,
    ) -> Self {
        let field = ion.rows * lanes;
        let same = |values: &[f64]| values.iter().all(|x| x.to_bits() == values[0].to_bits());
        let shared = !summed
            && !changes
            && field > TILE.max(lanes)
            && ion.style.iter().all(|style| *style == ion.style[0])
            && [EREV, CONCI, CONCO].iter().all(|f| same(&ion.values[f * field..(f + 1) * field]));
        let row = TILE.max(lanes);
        let values: Vec<R> = match shared {
            true => {
                (0..IonField::ALL.len()).flat_map(|f| std::iter::repeat_n(R::new(ion.values[f * field]), row)).collect()
            }
            false => ion.values.iter().map(|&x| R::new(x)).collect(),
        };
        let (style, lanes) = match shared {
            true => (vec![ion.style[0]], row),
            false => (ion.style.clone(), lanes),
        };
        let potential = MILLIVOLT_PER_KELVIN * (celsius + 273.15);
        let factor = if species.valence == 0.0 { 0.0 } else { potential / species.valence };
        Self {
            values: Aligned::new(values.into_iter()),
            style,
            lanes,
            shared,
            summed,
            factor: R::new(factor),
            conci: R::new(species.conci),
            conco: R::new(species.conco),
            width: Width::of_machine(),
        }
    }

    /// Whether all nodes share one row.
    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    /// The value at a position of [`IonBlock::values`], for which a field has `field` values.
    pub(super) fn get(&self, index: usize, field: usize) -> R {
        self.values[if self.shared { index / field * self.stride() } else { index }]
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
        let (stride, lanes, factor) = (self.stride(), self.lanes, self.factor);
        let wanted = |style: &IonStyle| match when {
            When::Initialise => style.initialises_reversal(),
            When::Advance => style.advances_reversal(),
        };
        let (erev, others) = self.values[EREV * stride..].split_at_mut(stride);
        let (conci, others) = others[(CONCI - 1) * stride..].split_at(stride);
        let conco = &others[(CONCO - CONCI - 1) * stride..][..stride];
        let mut first = 0;
        for rows in self.style.chunk_by(|a, b| wanted(a) == wanted(b)) {
            let range = first * lanes..(first + rows.len()) * lanes;
            first += rows.len();
            if wanted(&rows[0]) {
                let (erev, conci, conco) = (&mut erev[range.clone()], &conci[range.clone()], &conco[range]);
                self.width.run(Reversal { erev, conci, conco, factor });
            }
        }
    }

    /// The ion's part of a current evaluation: its reversal potential follows the concentrations where the style says
    /// so, its total current and derivative are 0.
    pub(super) fn begin_currents(&mut self) {
        self.update_reversal(When::Advance);
        if self.summed {
            let stride = self.stride();
            self.values[CURRENT * stride..(DIDV + 1) * stride].fill(R::new(0.0));
        }
    }

    fn row(&mut self, field: usize, row: usize) -> &mut [R] {
        let at = field * self.stride() + row * self.lanes;
        &mut self.values[at..at + self.lanes]
    }
}

/// Reversal potentials from concentrations, as work for wide vectors.
struct Reversal<'a, R> {
    erev: &'a mut [R],
    conci: &'a [R],
    conco: &'a [R],
    factor: R,
}

impl<R: Real> Work for Reversal<'_, R> {
    #[inline(always)]
    fn run(self) {
        for ((erev, &conci), &conco) in self.erev.iter_mut().zip(self.conci).zip(self.conco) {
            *erev = nernst(conci, conco, self.factor);
        }
    }
}
