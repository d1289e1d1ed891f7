//! USEION.

use crate::support::{Named, assert_close, both, codes, mechanism, text};
use codegen::ir::evaluate::Instance;
use codegen::ir::{IonField, Role};

const POOL: &str = "NEURON { SUFFIX pool USEION ca READ ica, cai WRITE cai RANGE depth }
    UNITS { FARADAY = (faraday) (coulomb) }
    PARAMETER { depth = 0.1 decay = 80 least = 1e-4 } ASSIGNED { ica } STATE { cai }
    INITIAL { cai = least }
    BREAKPOINT { SOLVE s METHOD cnexp }
    DERIVATIVE s { cai' = -(10000)*ica/(2*FARADAY*depth) - (cai - least)/decay }";

#[test]
fn a_concentration_lives_in_the_ion() {
    for mechanism in both(POOL) {
        assert_eq!(mechanism.column("cai"), None);
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.ions[0][IonField::Conci.index()], 1e-4);
        x.ions[0][IonField::Conci.index()] = 5e-4;
        x.ions[0][IonField::Current.index()] = -1e-4;
        x.run(&mechanism.kernels.state);
        let rest = 1e-4 + 80.0 * 1e4 * 1e-4 / (2.0 * 96485.33212331001 * 0.1);
        let expected = rest + (5e-4 - rest) * (-0.025f64 / 80.0).exp();
        assert_close(x.ions[0][IonField::Conci.index()], expected, 1e-14);
    }
}

#[test]
fn initial_does_not_reset_a_concentration() {
    let mechanism = mechanism(&POOL.replace("cai = least }", "}"));
    assert!(mechanism.kernels.init.is_none());
}

#[test]
fn written_reversal_potentials_are_stored() {
    for mechanism in both(
        "NEURON { SUFFIX x USEION k READ ki, ko WRITE ek } ASSIGNED { ki ko ek }
        INITIAL { e() } BREAKPOINT { e() } PROCEDURE e() { ek = 25*log(ko/ki) }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.ions[0] = [0.0, 1.0, 2.0, 0.0, 0.0];
        x.run(&mechanism.kernels.state);
        assert_close(x.ions[0][IonField::Erev.index()], 25.0 * 2f64.ln(), 1e-15);
    }
}

#[test]
fn the_ion_wins_over_a_parameter() {
    let text = "NEURON { SUFFIX l USEION k READ ek WRITE ik RANGE ek } PARAMETER { ek = -80 g = 1 } ASSIGNED { v ik }
        BREAKPOINT { ik = g*(v - ek) }";
    assert_eq!(codes(text), ["M0317"]);
    let mechanism = mechanism(text);
    assert!(mechanism.columns.is_empty());
    assert!(mechanism.global("ek").is_none());
}

#[test]
fn a_changed_copy_of_a_read_only_ion_variable_stays_in_the_kernel() {
    for mechanism in both(
        "NEURON { SUFFIX x USEION ca READ cai RANGE y } ASSIGNED { cai y }
        BREAKPOINT { cai = cai*1000 y = cai }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.ions[0][IonField::Conci.index()] = 2e-3;
        x.run(&mechanism.kernels.state);
        assert_eq!(x.get(&mechanism, "y"), 2.0);
        assert_eq!(x.ions[0][IonField::Conci.index()], 2e-3);
    }
}

#[test]
fn a_current_both_read_and_written_starts_as_the_total() {
    let mechanism = mechanism(
        "NEURON { SUFFIX x USEION ca READ ica WRITE ica RANGE seen } ASSIGNED { ica seen }
        BREAKPOINT { seen = ica  ica = 0.5 }",
    );
    let current = text(&mechanism, &mechanism.kernels.current);
    assert!(current.contains("seen := ion.ica"), "{current}");
    assert!(current.contains("ion.ica += 0.5"), "{current}");
}

#[test]
fn valence_and_fields_reach_the_manifest() {
    let mechanism = mechanism(
        "NEURON { SUFFIX x USEION h READ eh WRITE ih VALENCE 1 RANGE ih } ASSIGNED { v eh ih } BREAKPOINT { ih = v - eh }",
    );
    assert_eq!(mechanism.ions[0].valence, Some(1.0));
    assert_eq!(mechanism.ions[0].read, [IonField::Erev]);
    assert_eq!(mechanism.ions[0].write, [IonField::Current]);
    assert_eq!(mechanism.columns[0].role, Role::Assigned);
    assert!(mechanism.columns[0].range);
}

#[test]
fn variables_must_belong_to_their_ion() {
    assert_eq!(codes("NEURON { SUFFIX x USEION ca READ eca, ek }"), ["M0209"]);
    let unlisted = "NEURON { SUFFIX x USEION ca READ eca RANGE y } ASSIGNED { y } BREAKPOINT { y = cai }";
    let diagnostic = &crate::support::diagnostics(unlisted)[0];
    assert_eq!(diagnostic.code, "M0201");
    assert_eq!(diagnostic.help.as_deref(), Some("list it in `USEION ca READ cai`"));
}
