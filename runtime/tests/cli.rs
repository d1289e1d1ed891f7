//! What a user sees: exit status and messages of `runtime` for a right model and for many wrong ones.

mod model;

use model::Model;
use serde_json::json;

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
    model.write_node_types(&[(100, "hoc:HCOcel"), (101, "ctdb:Biophys1.hoc")]);
    let run = model.check().fails(1);
    run.says("there is no template HCOcel");
    run.says("did you mean HCOcell");
    run.says("node type 100 of ");
    run.says("model_template `ctdb:Biophys1.hoc` is not supported yet");
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
    model.config["inputs"]["noise"] = json!({"input_type": "voltage_clamp", "module": "SEClamp"});
    let run = model.check().fails(1);
    run.says("there is no variable `m_naa` in section soma[0]");
    run.says("did you mean `m_na`?");
    run.says("everyone");
    run.says("cell_nam");
    run.says("input `noise`: voltage_clamp by SEClamp is not supported yet");
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
