//! Ion species and the rules by which concentrations and reversal potentials change.

use codegen::ir::IonField;

/// An ion species of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct IonSpecies {
    /// Name, e.g. `ca`.
    pub name: String,
    /// Valence.
    pub valence: f64,
    /// Value before anybody sets one: reversal potential, mV.
    pub erev: f64,
    /// Inside concentration, mM: also what initialisation resets a written concentration to.
    pub conci: f64,
    /// Outside concentration, mM.
    pub conco: f64,
}

impl IonSpecies {
    /// NEURON's built-in valence of an ion that need not declare one.
    pub fn built_in_valence(name: &str) -> Option<f64> {
        match name {
            "na" | "k" => Some(1.0),
            "ca" => Some(2.0),
            _ => None,
        }
    }

    /// A species with NEURON's default values (`nrn/src/nrnoc/eion.cpp`).
    pub fn new(name: &str, valence: f64) -> Self {
        let (erev, conci, conco) = match name {
            "na" => (50.0, 10.0, 140.0),
            "k" => (-77.0, 54.4, 2.5),
            "ca" => (12.5 * (2.0_f64 / 5e-5).ln(), 5e-5, 2.0),
            _ => (0.0, 1.0, 1.0),
        };
        Self { name: name.to_owned(), valence, erev, conci, conco }
    }

    /// The field that a variable such as `cai`, `eca`, `ica` names.
    pub fn field(&self, variable: &str) -> Option<IonField> {
        let name = self.name.as_str();
        if let Some(rest) = variable.strip_prefix(name) {
            match rest {
                "i" => return Some(IonField::Conci),
                "o" => return Some(IonField::Conco),
                _ => {}
            }
        }
        match variable.strip_suffix(name) {
            Some("e") => Some(IonField::Erev),
            Some("i") => Some(IonField::Current),
            _ => None,
        }
    }
}

/// How an ion behaves on one compartment: NEURON's `ion_style`, promoted by the mechanisms there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct IonStyle {
    /// Concentration: 0 unused, 1 read, 3 written.
    concentration: u8,
    /// Reversal potential: 0 unused, 1 parameter, 2 computed, 3 written.
    reversal: u8,
}

impl IonStyle {
    /// Takes another mechanism's use of the ion into account.
    pub fn promote(&mut self, read: &[IonField], write: &[IonField]) {
        let any = |list: &[IonField], fields: &[IonField]| list.iter().any(|field| fields.contains(field));
        let concentrations = [IonField::Conci, IonField::Conco];
        let level = |read: bool, write: bool| if write { 3 } else { u8::from(read) };
        let concentration = level(any(read, &concentrations), any(write, &concentrations));
        let reversal = level(any(read, &[IonField::Erev]), any(write, &[IonField::Erev]));
        self.concentration = self.concentration.max(concentration);
        self.reversal = self.reversal.max(reversal);
        if self.concentration > 0 && self.reversal < 2 {
            self.reversal = 2;
        }
    }

    /// The style as a number, for comparison.
    pub(super) fn word(self) -> u64 {
        u64::from(self.concentration) << 8 | u64::from(self.reversal)
    }

    /// Initialisation resets the concentrations to the species' values.
    pub fn resets_concentration(self) -> bool {
        self.concentration == 3
    }

    /// Initialisation computes the reversal potential from the concentrations.
    pub fn initialises_reversal(self) -> bool {
        self.concentration > 0 && self.reversal == 2
    }

    /// Every step computes the reversal potential from the concentrations.
    pub fn advances_reversal(self) -> bool {
        self.concentration == 3 && self.reversal == 2
    }
}
