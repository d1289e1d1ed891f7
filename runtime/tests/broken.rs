//! Broken inputs: each gives one clear error that says what is wrong and where, and no panic.

mod model;

use model::Model;
use serde_json::json;
use sonata::h5::{Compression, File};

const NODES: &str = "network/hco_net_nodes.h5";
const EDGES: &str = "network/hco_net_hco_net_edges.h5";
const NODE_TYPES: &str = "network/hco_net_node_types.csv";
const EDGE_TYPES: &str = "network/hco_net_hco_net_edge_types.csv";

/// What is done to a model, the exit status, and what the error says.
type Case = (&'static str, fn(&mut Model), i32, &'static [&'static str]);

const CASES: [Case; 20] = [
    ("no run", |model| drop(model.config.as_object_mut().unwrap().remove("run")), 1, &["/run", "this key is missing"]),
    ("no time", |model| model.config["run"]["tstop"] = (-1).into(), 1, &["/run/tstop"]),
    ("absurd nseg", |model| model.config["run"]["dL"] = 1e-9.into(), 1, &["nseg"]),
    ("not JSON", |model| model.write("broken.json", "{\"run\": "), 1, &["broken.json:1:8: EOF"]),
    ("a key twice", |model| model.write("broken.json", "{\"run\": 1,\n\"run\": 2}"), 1, &["\"run\" appears twice"]),
    ("truncated nodes", |model| truncate(model, NODES), 1, &[NODES, "truncated"]),
    ("truncated edges", |model| truncate(model, EDGES), 1, &[EDGES, "truncated"]),
    ("no HDF5", |model| model.write(NODES, "node_id\n0\n"), 1, &[NODES, "it is not an HDF5 file"]),
    ("empty file", |model| model.write(EDGES, ""), 1, &[EDGES]),
    ("words for ids", words_for_ids, 1, &["node_type_id", "integers"]),
    (
        "edge to a missing node",
        |model| model.write_edges(&[(0, 9, 0, 0.5)]),
        1,
        &["node 9 is not in population hco_net"],
    ),
    ("weight infinite", |model| replace(model, EDGE_TYPES, " 0.4 ", " inf "), 1, &["its weight is inf"]),
    (
        "weight NaN",
        |model| model.write_weighted_edges(&[(0, 1, 0, 0.5), (1, 0, 0, 0.5)], &[0.4, f64::NAN]),
        1,
        &["it has no weight, or NaN for one"],
    ),
    ("fractions for ids", fractions_for_ids, 1, &["node_type_id", "expected integers, found float64"]),
    ("delay before its spike", |model| replace(model, EDGE_TYPES, " 0.0 ", " -1.0 "), 1, &["its delay -1 ms"]),
    ("type without a row", |model| model.write_node_types(&[(100, "hoc:HCOcell")]), 1, &["101", NODE_TYPES]),
    (
        "a morphology in a circle",
        |model| morphology(model, "1 1 0 0 0 5 3\n2 3 9 0 0 1 1\n3 3 20 0 0 1 2\n"),
        1,
        &["cell.swc"],
    ),
    ("a morphology of words", |model| morphology(model, "1 1 0 zero 0 5 -1\n"), 1, &["cell.swc:1"]),
    ("an empty morphology", |model| morphology(model, "# nothing\n"), 1, &["cell.swc"]),
    (
        "no room on the disk",
        |model| model.config["output"]["spikes_file_csv"] = "/dev/full".into(),
        2,
        &["No space left"],
    ),
];

fn truncate(model: &mut Model, name: &str) {
    let bytes = std::fs::read(model.path(name)).unwrap();
    std::fs::write(model.path(name), &bytes[..bytes.len() / 2]).unwrap();
}

/// Changes the type of the edges, of which one is left.
fn replace(model: &mut Model, name: &str, from: &str, to: &str) {
    model.write_edges(&[(0, 1, 0, 0.5)]);
    model.write(name, &model.read(name).replace(from, to));
}

fn words_for_ids(model: &mut Model) {
    std::fs::remove_file(model.path(NODES)).unwrap();
    let file = File::create(&model.path(NODES)).unwrap();
    file.write_text("/nodes/hco_net/node_type_id", &["a", "b"]).unwrap();
    file.write_u64("/nodes/hco_net/node_group_id", &[0, 0], Compression::None).unwrap();
    file.write_u64("/nodes/hco_net/node_group_index", &[0, 1], Compression::None).unwrap();
    file.create_group("/nodes/hco_net/0").unwrap();
}

fn fractions_for_ids(model: &mut Model) {
    std::fs::remove_file(model.path(NODES)).unwrap();
    let file = File::create(&model.path(NODES)).unwrap();
    file.write_f64("/nodes/hco_net/node_type_id", &[100.0, 101.5], Compression::None).unwrap();
    file.write_u64("/nodes/hco_net/node_group_id", &[0, 0], Compression::None).unwrap();
    file.write_u64("/nodes/hco_net/node_group_index", &[0, 1], Compression::None).unwrap();
    file.create_group("/nodes/hco_net/0").unwrap();
}

fn morphology(model: &mut Model, text: &str) {
    model.write("cell.swc", text);
    let row = |id: u32| format!("{id} HCOCell{} biophysical ctdb:Biophys1 cell.swc\n", id - 99);
    let header = "node_type_id cell_name model_type model_template morphology\n";
    model.write(NODE_TYPES, &format!("{header}{}{}", row(100), row(101)));
    model.config["components"]["morphologies_dir"] = model.path("").display().to_string().into();
}

#[test]
fn each_gives_one_clear_error() {
    let mut wrong = Vec::new();
    for (name, harm, status, says) in CASES {
        if name.contains("disk") && !cfg!(target_os = "linux") {
            continue;
        }
        let mut model = Model::new();
        model.config["run"]["tstop"] = 60.into();
        harm(&mut model);
        let broken = model.path("broken.json");
        let run =
            if broken.exists() { model::command(&[&broken.display().to_string()]) } else { model.run(&["--quiet"]) };
        let errors = run.err.lines().filter(|line| line.starts_with("error")).count();
        let told = says.iter().all(|text| run.err.contains(text));
        if run.status != status || errors != 1 || !told || run.err.contains("panicked") {
            wrong.push(format!("{name}: status {}, {errors} errors\n{}", run.status, run.err));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where the disk fills up while a report, spikes or potentials are written.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_clear_error() {
    let report = |variable: &str| json!({"module": "membrane_report", "cells": "all", "variable_name": variable, "sections": "all"});
    for (blocks, reports, says) in [(64, json!({"v": report("v")}), "v.h5"), (8, json!({}), "spikes.h5")] {
        let mut model = Model::new();
        model.config["run"]["tstop"] = 100.into();
        model.config["reports"] = reports;
        model.config["output"].as_object_mut().unwrap().remove("log_file");
        let config = model.configure();
        let run = model::command_with_little_room(blocks, &["--quiet", "--kernels", "evaluated", &config]);
        let errors = run.err.lines().filter(|line| line.starts_with("error")).count();
        assert!(
            run.status == 2 && errors == 1 && run.err.contains(says) && !run.err.contains("panicked"),
            "status {}: {}",
            run.status,
            run.err
        );
    }
}

#[test]
fn pulses_may_begin_before_the_run() {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 20.into();
    let inputs = |delay: f64, duration: f64| {
        json!({"start": {"input_type": "current_clamp", "module": "IClamp", "node_set": "all", "amp": 0.1,
                         "delay": delay, "duration": duration}})
    };
    let mut voltage = |delay, duration| {
        model.config["inputs"] = inputs(delay, duration);
        model.run(&["--quiet"]).succeeds();
        sonata::Report::open(&model.path("output/v.h5")).unwrap().populations[0].column(0).unwrap()
    };
    assert_eq!(voltage(-5.0, 15.0), voltage(0.0, 10.0));
}
