//! What a user sees: exit status and messages of `runtime` for a right model and for many wrong ones.

mod model;

use model::Model;
use serde_json::json;

#[test]
fn reports_of_synapses_name_what_they_cannot_do() {
    let mut model = Model::tree();
    let report = |variable: &str, kind: &str| {
        serde_json::json!({
            "synapses": {"module": "netcon_report", "cells": "all", "variable_name": variable, "syn_type": kind}
        })
    };
    model.config["reports"] = report("tau3", "Exp2Syn");
    let run = model.check().fails(1);
    run.says("there is no variable `tau3` in Exp2Syn");
    run.says("did you mean");
    model.config["reports"] = report("g", "netcon");
    model.check().fails(1).says("variables of NetCons themselves are not recorded");
    model.config["reports"] = report("g", "AlphaSynapse");
    let run = model.check().succeeds();
    run.says("no synapses whose mechanism begins with `AlphaSynapse`");
    run.says("the synapses are Exp2Syn");
}

#[test]
fn help_and_version_are_there() {
    let run = model::command(&["--help"]);
    assert_eq!(run.status, 0);
    assert!(run.out.contains("--compat") && run.out.contains("Exit status"), "{}", run.out);
    assert_eq!(model::command(&["--version"]).status, 0);
}

#[test]
fn usage_errors_have_status_2() {
    assert_eq!(model::command(&[]).status, 2);
    assert_eq!(model::command(&["--compat", "brian", "config.json"]).status, 2);
    let run = model::command(&["/nowhere/config.json"]);
    assert_eq!(run.status, 2);
    assert!(run.err.starts_with("error: cannot read /nowhere/config.json: "), "{}", run.err);
}

#[test]
fn a_right_model_is_found_right() {
    Model::new().check().succeeds();
}

#[test]
fn all_problems_of_a_configuration_are_told() {
    let mut model = Model::new();
    model.config["run"]["tsotp"] = 1.into();
    model.config["run"]["dt"] = "fast".into();
    let run = model.check().fails(1);
    run.says("config.json: /run/tsotp");
    run.says("did you mean `tstop`?");
    run.says("config.json: /run/dt");
}

#[test]
fn missing_mechanisms_are_told_at_once_with_who_needs_them() {
    let model = Model::new();
    let template = model.read("templates/HCOcell.hoc");
    model.write("templates/HCOcell.hoc", &template.replace("insert leak", "insert leek insert nax"));
    let run = model.check().fails(1);
    run.says("error: there is no mechanism `leek`");
    run.says("needed by template HCOcell");
    run.says("did you mean `leak`?");
    run.says("error: there is no mechanism `nax`");
}

#[test]
fn a_refused_mechanism_that_is_needed_is_shown() {
    let mut model = Model::new();
    model.write("mods/leak.mod", "NEURON { SUFFIX leak RANGE gbar }\nBREAKPOINT { foo bar }\n");
    model.config["components"]["mechanisms_dir"] = "mods".into();
    let run = model.check().fails(1);
    run.says("error: mechanism `leak` cannot be used: its file was refused");
    run.says("leak.mod:2");
}

#[test]
fn a_refused_mechanism_that_is_not_needed_is_no_error() {
    let mut model = Model::new();
    model.write("mods/extra.mod", "NEURON { SUFFIX extra }\nBREAKPOINT { foo bar }\n");
    model.config["components"]["mechanisms_dir"] = "mods".into();
    model.check().succeeds().says("note: mechanism `extra` is not supported, and not needed here");
}

#[test]
fn a_missing_folder_of_mechanisms_is_told() {
    let mut model = Model::new();
    model.config["components"]["mechanisms_dir"] = "modss".into();
    model.check().fails(1).says("the folder of mechanisms does not exist");
}

#[test]
fn an_unknown_template_is_told_with_the_node_type() {
    let model = Model::new();
    model.write_node_types(&[(100, "hoc:HCOcel"), (101, "ctdb:Biophys2")]);
    let run = model.check().fails(1);
    run.says("there is no template HCOcel");
    run.says("did you mean HCOcell");
    run.says("node type 100 of ");
    run.says("model_template `ctdb:Biophys2` is not supported yet");
    model.write_node_types(&[(100, "ctdb:Biophys1.hoc"), (101, "nml:cell.nml")]);
    model.check().fails(1).says("the node has no morphology");
}

#[test]
fn errors_of_a_template_show_the_line() {
    let model = Model::new();
    let template = model.read("templates/HCOcell.hoc");
    model.write("templates/HCOcell.hoc", &template.replace("gbar_na = 0.5", "gbar_na = 0.5 +* 2"));
    let run = model.check().fails(1);
    run.says("HCOcell.hoc:");
    run.says("syntax error");
}

#[test]
fn edges_are_checked_one_by_one() {
    let model = Model::new();
    model.write_edges(&[(0, 1, 3, 0.5), (1, 0, 0, 1.5), (7, 0, 0, 0.5), (1, 0, 0, 0.5)]);
    let run = model.check().fails(1);
    run.says("edge 0: its section id 3 is out of range");
    run.says("edge 1: its position 1.5 on the section is outside 0 to 1");
    run.says("edge 2: its source is node 7, which is not in population hco_net");
    run.says("/edges/hco_net_to_hco_net");
}

#[test]
fn an_edge_onto_a_missing_node_is_told() {
    let model = Model::new();
    model.write_edges(&[(0, 9, 0, 0.5)]);
    model.check().fails(1).says("node 9 is not in population hco_net");
}

#[test]
fn edge_types_are_checked_once() {
    let model = Model::new();
    let file = "network/hco_net_hco_net_edge_types.csv";
    let types = model.read(file);
    model.write(file, &types.replace(" 0.4 0.0", " 0.4 -1"));
    model.check().fails(1).says("its delay -1 ms");
    model.write(file, &types.replace("inhsyn my", "inhsin my"));
    let run = model.check().fails(1);
    run.says("error: there is no POINT_PROCESS `inhsin`");
    run.says("needed by edge type 101 of ");
    run.says(", edge type 100 of ");
    run.says("did you mean `inhsyn`?");
    model.write(file, &types.replace("my_inhsyn.json", "your_inhsyn.json"));
    model.check().fails(1).says("the parameter file of a synapse does not exist");
}

#[test]
fn synapse_parameters_are_checked() {
    let model = Model::new();
    model.write("synaptic_models/my_inhsyn.json", r#"{"esyn": "-80", "gmaxx": "40e-3"}"#);
    let run = model.check().fails(1);
    run.says("inhsyn has no parameter `gmaxx`");
    run.says("did you mean `gmax` for `gmaxx`?");
    model.write("synaptic_models/my_inhsyn.json", r#"{"esyn": [1]}"#);
    model.check().fails(1).says("expected a number, found [1]");
}

#[test]
fn reports_and_inputs_are_checked() {
    let mut model = Model::new();
    model.config["reports"]["v"]["variable_name"] = "m_naa".into();
    model.config["reports"]["cai"]["cells"] = "everyone".into();
    model.config["inputs"]["start"]["node_set"] = json!({"cell_nam": "HCOCell1"});
    model.config["inputs"]["noise"] = json!({"input_type": "lfp", "module": "acoustic"});
    let run = model.check().fails(1);
    run.says("there is no variable `m_naa` in section soma[0]");
    run.says("did you mean `m_na`?");
    run.says("everyone");
    run.says("cell_nam");
    run.says("input `noise`: lfp by acoustic is not supported");
    model.config["inputs"]["clamp"] = json!({"input_type": "voltage_clamp", "module": "SEClamp", "amp": -40});
    let run = model.check().fails(1);
    run.says("this key is missing: start, ms");
}

#[test]
fn missing_files_are_told() {
    let mut model = Model::new();
    model.config["networks"]["nodes"][0]["nodes_file"] = "network/gone.h5".into();
    model.config["networks"]["edges"][0]["edge_types_file"] = "network/gone.csv".into();
    let run = model.check().fails(1);
    run.says("gone.h5");
    run.says("gone.csv");
}

#[test]
fn results_never_replace_the_model_or_each_other() {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 1.into();
    let nodes = std::fs::read(model.path("network/hco_net_nodes.h5")).unwrap();
    model.config["output"]["spikes_file"] = "../network/hco_net_nodes.h5".into();
    model.run(&[]).fails(1).says("a file of the model would be replaced by results");
    assert_eq!(std::fs::read(model.path("network/hco_net_nodes.h5")).unwrap(), nodes);
    for (key, file) in [("spikes_file", "v.h5"), ("spikes_file_csv", "../output/spikes.h5"), ("log_file", "spikes.h5")]
    {
        let mut model = Model::new();
        model.config["output"][key] = file.into();
        model.run(&[]).fails(1).says("two kinds of results would be written to one file");
    }
}

#[test]
fn results_that_cannot_be_written_are_told_before_the_simulation() {
    let mut model = Model::new();
    model.config["output"]["spikes_file"] = "spikes".into();
    std::fs::create_dir_all(model.path("output/spikes")).unwrap();
    model.write("output/log.txt", "earlier");
    model.run(&[]).fails(2).says("error: cannot write ");
    assert_eq!(model.read("output/log.txt"), "earlier");
}

#[test]
fn results_stay_where_there_is_no_such_device() {
    let model = Model::new();
    model.write("output/log.txt", "earlier");
    model.run(&["--gpu", "--adapter", "no such device"]).fails(2);
    assert_eq!(model.read("output/log.txt"), "earlier");
}

#[test]
fn a_delay_past_all_time_is_no_hindrance() {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 60.into();
    let file = "network/hco_net_hco_net_edge_types.csv";
    let types = model.read(file);
    model.write(file, &types.replace(" 0.4 0.0", " 0.4 1e300"));
    let run = model.run(&[]).succeeds();
    assert!(run.out.contains("1 spike in 60 ms"), "{}", run.out);
}

#[test]
fn what_a_template_cannot_decide_is_told() {
    let mut model = Model::new();
    let template = model.read("templates/HCOcell.hoc");
    let with = |line: &str| model.write("templates/HCOcell.hoc", &template.replace("cm = 1", line));
    with("celsius = 20");
    model.check().succeeds().says("note: a template sets celsius = 20; the configuration's value is used");
    with("cm = -1");
    model.check().fails(1).says("cm of section soma[0], segment 0, is -1 uF/cm2");
    with("celsius = 20");
    model.config["conditions"].as_object_mut().unwrap().remove("celsius");
    model.check().fails(1).says("write it as /conditions/celsius of the configuration");
}

#[test]
fn what_has_no_effect_is_told() {
    let mut model = Model::new();
    model.config["reports"]["v"]["sections"] = "axon".into();
    model.config["node_sets"]["strange"] = 5.into();
    let edges = model.config["networks"]["edges"][0].clone();
    model.config["networks"]["edges"].as_array_mut().unwrap().push(edges);
    let run = model.check().succeeds();
    run.says("report `v` has no values: no cell has sections of the type axon");
    run.says("edges hco_net_to_hco_net are read twice");
    run.says("/node_sets/strange of the configuration");
}

#[test]
fn attributes_of_edges_that_look_like_parameters_are_told() {
    let model = Model::new();
    let file = "network/hco_net_hco_net_edge_types.csv";
    let types = model.read(file);
    model.write(file, &types.replacen("target_query", "gmax", 1));
    model.check().succeeds().says("the attribute `gmax` of edges hco_net_to_hco_net has no effect");
}

#[test]
fn spike_inputs_are_checked() {
    let mut model = Model::tree();
    model.config["inputs"]["drive"]["node_set"] = json!({"population": "drive", "node_id": [1, 2]});
    model.check().succeeds().says("node_set selects 2 of 10 nodes of `drive`");
    model.config["inputs"]["drive"]["node_set"] = "cortex".into();
    let run = model.check().succeeds();
    run.says("input `drive` drives nothing");
    run.says("no input gives spikes to the virtual population `drive`");
    model.config["inputs"]["drive"]["node_set"] = "all".into();
    model.config["inputs"]["drive"]["population"] = "drove".into();
    model.check().fails(1).says("there is no population `drove` in the spikes file");
    model.write("late.csv", "timestamps population node_ids\n1.0 drive 0\n-2.0 drive 1\n");
    model.config["inputs"]["drive"] =
        json!({"input_type": "spikes", "module": "csv", "input_file": "late.csv", "node_set": "drive"});
    model.check().fails(1).says("spike 1 of population `drive` is at -2 ms");
}
