//! LONGITUDINAL_DIFFUSION: what the simulator is told, and the kernel of volumes and coefficients.

use crate::support::{Named, both, codes};
use codegen::ir::evaluate::Instance;
use codegen::ir::{Diffusing, IonField, IonId};
use codegen::manifest::{DiffusingManifest, MechanismManifest};

fn text(states: &str, statements: &str) -> String {
    format!(
        "NEURON {{ SUFFIX x USEION ca READ ica WRITE cai RANGE w }} PARAMETER {{ D = 0.6 w = 3 }} ASSIGNED {{ ica diam }}
        STATE {{ {states} }} BREAKPOINT {{ SOLVE k METHOD sparse }} KINETIC k {{ {statements} }}
        FUNCTION disc(d) {{ disc = d * d / 2 }}"
    )
}

#[test]
fn each_element_has_volume_and_coefficient() {
    for mechanism in both(&text(
        "cai s[3]",
        "COMPARTMENT disc(diam) { cai }
        COMPARTMENT n, w + n { s }
        LONGITUDINAL_DIFFUSION i, D * (i + 1) { s }
        LONGITUDINAL_DIFFUSION D * disc(diam) { cai }
        ~ s[0] <-> s[1] (1, 2) ~ cai << (ica)",
    )) {
        let mut x = Instance::new(&mechanism);
        x.diam = 4.0;
        x.run(&mechanism.kernels.diffusion);
        let values = ["s[0].volume", "s[2].volume", "s[0].diffusion", "s[2].diffusion", "cai.volume", "cai.diffusion"]
            .map(|name| x.get(&mechanism, name));
        assert_eq!(values, [3.0, 5.0, 0.6, 0.6 * 3.0, 8.0, 0.6 * 8.0]);
        assert_eq!(mechanism.diffusions.len(), 4);
        assert_eq!(mechanism.diffusions[3].state, Diffusing::Ion(IonId(0), IonField::Conci));
        assert_eq!(mechanism.diffusions.iter().map(|one| one.fresh).collect::<Vec<_>>(), [true, false, false, false]);
        let manifest = MechanismManifest::of(&mechanism);
        let second = manifest.diffusions[1];
        assert_eq!(second.state, DiffusingManifest::Column(manifest.column("s[1]").unwrap()));
        assert_eq!(second.volume, manifest.column("s[1].volume").unwrap());
        assert!(manifest.has("diffusion"));
    }
}

#[test]
fn what_reads_a_solved_state_is_computed_again() {
    for mechanism in both(&text(
        "a b c",
        "COMPARTMENT w { a b c } LONGITUDINAL_DIFFUSION D * b { a b c } ~ a <-> b (1, 2) ~ c << (0)",
    )) {
        assert_eq!(mechanism.diffusions.iter().map(|one| one.fresh).collect::<Vec<_>>(), [true, false, true]);
    }
}

#[test]
fn mistakes_are_named() {
    let with = |statements: &str| codes(&text("a b", &format!("{statements} ~ a <-> b (1, 2)")));
    assert_eq!(with("LONGITUDINAL_DIFFUSION D { a }"), ["M0269"]);
    assert_eq!(with("COMPARTMENT w { a w } LONGITUDINAL_DIFFUSION D { w }"), ["M0269"]);
    assert_eq!(with("COMPARTMENT w { a } LONGITUDINAL_DIFFUSION D * e { a }"), ["M0201"]);
    let point = text("a b", "COMPARTMENT w { a } LONGITUDINAL_DIFFUSION D { a } ~ a <-> b (1, 2)");
    assert_eq!(codes(&point.replace("SUFFIX", "POINT_PROCESS")), ["M0118"]);
}
