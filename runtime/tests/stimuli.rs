//! Stimuli that are played step by step: BMTK's numbers; and what can be wrong with them.

mod model;

use model::Model;
use serde_json::{Value, json};

/// The model with one of the inputs of `tests/stimuli/inputs.json`.
fn with_input(name: &str) -> Model {
    let mut model = Model::stimuli();
    let inputs: Value = serde_json::from_str(&model.read("inputs.json")).unwrap();
    model.config["inputs"] = json!({ name: inputs[name] });
    model
}

#[test]
fn played_stimuli_are_bmtks() {
    // Potentials outside reach the cell through a layer of NEURON's own, see docs/DIFFERENCES.md.
    for (name, tolerance) in [("sweep", "1e-9"), ("window", "1e-9"), ("linear", "1e-6"), ("in_time", "1e-6")] {
        let model = with_input(name);
        model.run(&["--quiet", "--compat", "neuron"]).succeeds();
        let reference = model.path(&format!("reference/{name}")).display().to_string();
        let output = model.path("output").display().to_string();
        let line = ["compare", &reference, &output, "--time-tolerance", "0", "--tolerance", tolerance];
        println!("{name}: {}", model::command(&line).succeeds().out);
    }
}

#[test]
fn potentials_of_a_finite_element_model_are_reported() {
    let mut model = with_input("in_time");
    model.config["run"]["tstop"] = 20.into();
    let report = |variable: &str| json!({"module": "membrane_report", "cells": "cells", "variable_name": variable, "sections": "soma", "dt": 0.05});
    model.config["reports"] = json!({"e": report("e_extracellular"), "vext": report("vext")});
    model.run(&["--quiet"]).succeeds();
    let read = |name: &str| {
        let report = sonata::report::Report::open(&model.path(&format!("output/{name}.h5"))).unwrap();
        report.populations[0].column(0).unwrap()
    };
    let (next, last) = (read("e"), read("vext"));
    assert_eq!(last[0], 0.0);
    assert!(last[1] != 0.0 && next[..399] == last[1..], "{:?} {:?}", &next[..4], &last[..4]);
    // It repeats after 9 ms.
    assert_eq!(next[20..120], next[200..300]);
}

#[test]
fn a_random_place_is_within_its_range() {
    let mut model = with_input("sweep");
    let sweep = &mut model.config["inputs"]["sweep"];
    (sweep["section_name"], sweep["section_index"]) = (json!(["dend", "apic"]), json!([50, 120]));
    model.check().succeeds();
    model.config["inputs"]["sweep"]["section_index"] = json!([5000, 6000]);
    model.check().fails(1).says("node 0 of cells has no dend, apic from 5000 to 6000 um from the soma");
    model.config["inputs"]["sweep"]["section_name"] = json!(["tuft"]);
    model.check().fails(1).says("`tuft` is no section type, which a random place needs");
}

#[test]
fn wrong_stimuli_are_named() {
    let mut model = with_input("sweep");
    model.config["inputs"]["sweep"]["sweep_id"] = 4.into();
    model.check().fails(1).says("there is no dataset /epochs/Sweep_4/stimulus/timeseries/data");
    model.config["inputs"]["sweep"]["sweep_window"] = json!([7, 3]);
    model.check().fails(1).says("expected [start, end] with 0 <= start < end, ms");

    let mut model = with_input("linear");
    model.config["inputs"]["linear"]["waveforms"] = "wave.csv".into();
    model.check().fails(1).says("there are 2 files and 1 waveforms; each file needs one");
    let mut model = with_input("in_time");
    model.config["inputs"]["in_time"]["comsol_files"] = "first.txt".into();
    model.check().fails(1).says("the solution has no two times that are a time step apart");
    model.write("first.txt", "% x   y   z   V (V)\n0 0 0\n");
    model.check().fails(1).says("line 2: expected 4 numbers, found 3");

    model.config["inputs"] = json!({"f": {"input_type": "spikes", "module": "function", "spikes_function": "f"}});
    model.check().fails(1).says("functions of Python are not run");
    model.config["inputs"] = json!({"p": {"input_type": "spikes", "module": "ecephys_probe", "input_file": "x.nwb"}});
    model.check().fails(1).says("spikes of probes are not chosen here");
}

#[test]
fn stimuli_of_the_extension_need_what_they_are_relative_to() {
    let mut model = Model::stimuli();
    let noise = json!({"input_type": "current_clamp", "module": "relative_linear", "percent_start": 50, "delay": 0,
                       "duration": 10, "node_set": "cells"});
    model.config["inputs"] = json!({"relative": noise});
    model.check().succeeds();
    let mut model = Model::tree();
    model.config["inputs"] = json!({"relative": noise});
    model.config["inputs"]["relative"]["node_set"] = "cortex".into();
    model.check().fails(1).says("node 0 of cortex has no `threshold_current` (nA)");
    model.config["inputs"]["relative"]["percent_begin"] = 3.into();
    model.check().fails(1).says("percent_begin");
}

#[test]
fn values_of_a_cell_are_added_up() {
    let mut model = with_input("sweep");
    model.config["run"]["tstop"] = 20.into();
    model.config["reports"] = json!({
        "parts": {"module": "membrane_report", "cells": "cells", "variable_name": "i_membrane", "sections": "all"},
        "sum": {"type": "summation", "cells": "cells", "variable_name": "i_membrane", "sections": "all", "unit": "nA"},
        "plain": {"type": "summation", "cells": "cells", "variable_name": "v", "sections": "dend", "scaling": "none",
                  "compartments": "center"},
        "middles": {"type": "compartment", "cells": "cells", "variable_name": "v", "sections": "dend",
                    "compartments": "center"}
    });
    model.run(&["--quiet"]).succeeds();
    let read = |name: &str| {
        let report = sonata::report::Report::open(&model.path(&format!("output/{name}.h5"))).unwrap();
        let columns = report.populations[0].columns();
        (columns, report.populations[0].block(100..101, 0..columns).unwrap())
    };
    // What an electrode injects flows out.
    let (columns, sum) = read("sum");
    assert_eq!(columns, 3);
    assert!((sum[0] - sum[1]).abs() < 1e-12 && sum[0].abs() > 0.05, "{sum:?}");
    let (columns, plain) = read("plain");
    let (all, middles) = read("middles");
    assert_eq!((columns, all), (3, 9));
    assert!((plain[1] - middles[3..6].iter().sum::<f64>()).abs() < 1e-9);
}
