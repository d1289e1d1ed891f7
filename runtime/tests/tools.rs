//! `runtime check`, `info`, `compare` and `plot` on whole models.

mod model;

use model::{Model, command};
use serde_json::Value;

fn answer(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A subcommand on the configuration of a model.
fn on(model: &Model, subcommand: &str, options: &[&str]) -> model::Run {
    model.write("config.json", &model.config.to_string());
    let config = model.path("config.json").display().to_string();
    command(&[&[subcommand, config.as_str()], options].concat())
}

#[test]
fn a_right_model_passes_the_check() {
    let run = on(&Model::new(), "check", &[]).succeeds();
    assert!(run.out.contains("nothing wrong was found; 2 cells, 102 compartments, 4 synapses"), "{}", run.out);
    let found = answer(&on(&Model::new(), "check", &["--json"]).succeeds().out);
    assert_eq!(
        (&found["ok"], &found["problems"], &found["size"]["cells"]),
        (&true.into(), &Value::Array(vec![]), &2.into())
    );
}

#[test]
fn one_mistake_hides_no_other() {
    let mut model = Model::new();
    model.config["run"]["dtt"] = 0.1.into();
    model.config["reports"]["v"]["cells"] = "everyone".into();
    model.config["output"]["log_file"] = "spikes.h5".into();
    let template = model.read("templates/HCOcell.hoc");
    model.write("templates/HCOcell.hoc", &template.replace("insert leak", "insert leek"));
    let types = "network/hco_net_hco_net_edge_types.csv";
    model.write(types, &model.read(types).replace("inhsyn my", "inhsin my"));
    let wanted = ["/run/dtt", "everyone", "two kinds of results", "no mechanism `leek`", "no POINT_PROCESS `inhsin`"];
    let run = on(&model, "check", &[]).fails(1);
    wanted.iter().for_each(|text| run.says(text));
    let found = answer(&on(&model, "check", &["--json"]).fails(1).out);
    let problems = found["problems"].as_array().unwrap();
    assert_eq!(
        (&found["ok"], problems.len(), &found["size"]),
        (&false.into(), wanted.len(), &Value::Null),
        "{found:#}"
    );
    assert!(problems.iter().all(|problem| problem["blame"] == "model" && problem["message"].is_string()));
    // Nothing was written.
    assert!(!model.path("output").exists());
}

#[test]
fn a_missing_configuration_and_remarks_are_told() {
    assert_eq!(command(&["check", "/nowhere/config.json"]).status, 2);
    let mut model = Model::new();
    model.config["reports"]["v"]["sections"] = "axon".into();
    let run = on(&model, "check", &["--json"]).succeeds();
    let remarks = &answer(&run.out)["remarks"];
    assert_eq!(remarks[0]["level"], "warning");
    assert!(remarks[0]["message"].as_str().unwrap().contains("report `v` has no values"), "{remarks}");
}

#[test]
fn a_model_is_described() {
    let run = on(&Model::tree(), "info", &[]).succeeds();
    for text in
        ["cortex: ", "biophysical", "virtual", "Exp2Syn", "connections", "spikes from ", "inputs", "reports", "memory"]
    {
        assert!(run.out.contains(text), "{text}: {}", run.out);
    }
    let found = answer(&on(&Model::new(), "info", &["--json"]).succeeds().out);
    assert_eq!((&found["compartments"], &found["connections"][0]["mechanism"]), (&102.into(), &"inhsyn".into()));
    assert_eq!(found["populations"][0]["types"][0]["segments"], 51);
    assert_eq!(found["run"]["steps"], 1000);
}

#[test]
fn files_of_networks_are_described() {
    let model = Model::tree();
    let of = |name: &str| command(&["info", &model.path(name).display().to_string()]).succeeds().out;
    let nodes = of("network/cortex_nodes.h5");
    assert!(nodes.contains("cortex: 8 nodes, ids 0 to 7") && nodes.contains("attributes of types: "), "{nodes}");
    let edges = of("network/drive_cortex_edges.h5");
    assert!(edges.contains("of drive to") && edges.contains("of cortex"), "{edges}");
    let report = of("reference/soma.h5");
    assert!(report.contains("cortex: v of 8 nodes, 8 elements"), "{report}");
    let folder = of("reference");
    assert!(folder.contains("soma.h5") && folder.contains("spikes.h5"), "{folder}");
    let error = command(&["info", &model.path("config.txt").display().to_string()]);
    assert_eq!(error.status, 2, "{}", error.err);
}

#[test]
fn groups_of_nodes_come_from_the_configuration() {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 60.into();
    model.config["node_sets"]["first"] = serde_json::json!({"cell_name": "HCOCell1"});
    model.run(&["--quiet"]).succeeds();
    let picture = model.path("picture.svg").display().to_string();
    let draw = |options: &[&str]| on(&model, "plot", &[options, &["-o", &picture]].concat());
    let svg = |options: &[&str]| {
        draw(options).succeeds();
        std::fs::read_to_string(&picture).unwrap()
    };
    let both = svg(&["--group-by", "cell_name"]);
    assert!(both.contains("HCOCell1") && both.contains("HCOCell2") && both.contains("rate (Hz)"));
    let one = svg(&["--node-set", "first", "--kind", "traces,rates", "--smooth", "5"]);
    assert!(one.contains(">\nfirst\n") && !one.contains("HCOCell2"), "{one}");
    draw(&["--group-by", "ei"]).fails(2).says("no node has the attribute `ei`; the attributes are");
    draw(&["--node-set", "second"]).fails(2).says("second");
    draw(&["--times", "5", "1"]).fails(2).says("--times");
    // The two runs part where the second is stimulated otherwise.
    let output = model.path("output").display().to_string();
    let other = model.path("other").display().to_string();
    model.config["inputs"]["start"]["amp"] = 0.02.into();
    model.run(&["--quiet", "--output", &other]).succeeds();
    let run = command(&["compare", &output, &other]).fails(1);
    run.says("the runs differ by more than 0.000001 ms or 0.000001: first at ");
    let found = answer(&command(&["compare", &output, &other, "--json"]).fails(1).out);
    assert_eq!(found["agree"], false);
    assert!(found["first"]["place"].as_str().unwrap().contains("of hco_net, section 0"), "{found:#}");
}
