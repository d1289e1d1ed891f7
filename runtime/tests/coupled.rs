//! Gap junctions: BMTK's numbers, and a mechanism of the user's own.

mod model;

use model::Model;

/// Compares a run with what BMTK wrote.
fn compare(model: &Model, time: &str, value: &str) {
    let [reference, output] = ["reference", "output"].map(|name| model.path(name).display().to_string());
    let line = ["compare", &reference, &output, "--time-tolerance", time, "--tolerance", value];
    println!("{}", model::command(&line).succeeds().out);
}

#[test]
fn gap_junctions_are_bmtks() {
    let model = Model::gap();
    model.run(&["--quiet", "--compat", "neuron"]).succeeds();
    // NEURON's time has another round-off in its last digits.
    compare(&model, "1e-12", "1e-9");
    model.run(&["--quiet"]).succeeds();
    compare(&model, "1e-9", "1e-6");
}

#[test]
fn a_users_gap_mechanism_is_used() {
    let mut model = Model::gap();
    let text = |current: &str| {
        format!(
            "NEURON {{ POINT_PROCESS Gap ELECTRODE_CURRENT i RANGE g, i, vgap }} PARAMETER {{ g = 1e-10 (microsiemens) }}
            ASSIGNED {{ v (millivolt) vgap (millivolt) i (nanoamp) }} BREAKPOINT {{ i = {current} }}"
        )
    };
    model.config["components"]["mechanisms_dir"] = "mechanisms".into();
    model.write("mechanisms/gap.mod", &text("(vgap - v) * g"));
    model.run(&["--quiet", "--compat", "neuron", "--kernels", "evaluated"]).succeeds();
    compare(&model, "1e-12", "1e-9");
    model.write("mechanisms/gap.mod", &text("g").replace(", vgap", ""));
    model.check().fails(1).says("gap junctions need the POINT_PROCESS Gap: it has no RANGE variable `vgap`");
}

#[test]
fn gap_junctions_must_be_of_one_network() {
    let mut model = Model::gap();
    model.config["networks"]["gap_juncs"] = serde_json::json!([{"gap_juncs_file": "network/pair_gap_juncs.h5"}]);
    model.check().succeeds();
    let (pair, ring) = (model.path("network/pair_gap_juncs.h5"), model.path("network/ring_gap_juncs.h5"));
    std::fs::copy(pair, ring).unwrap();
    model.config["networks"]["gap_juncs"] = serde_json::json!([{"gap_juncs_file": "network/ring_gap_juncs.h5"}]);
    model.check().fails(1).says("which networks.gap_juncs lacks");
}
