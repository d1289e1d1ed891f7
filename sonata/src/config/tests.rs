use super::*;
use std::fs;

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

const CIRCUIT: &str = r#"{
  "manifest": {"$BASE_DIR": ".", "$NETWORK_DIR": "$BASE_DIR\\network"},
  "components": {"mechanisms_dir": "$BASE_DIR/mechanisms", "synaptic_models_dir": "${BASE_DIR}/syn"},
  "networks": {
    "nodes": [{"nodes_file": "$NETWORK_DIR\\nodes.h5", "node_types_file": "$NETWORK_DIR\\types.csv"}],
    "edges": [
      {"edges_file": "$NETWORK_DIR\\edges.h5", "edge_types_file": null},
      {"edges_file": "$NETWORK_DIR\\gone.h5", "edge_types_file": null, "enabled": false}
    ]
  }
}"#;

const SIMULATION: &str = r#"{
  "manifest": {"$OUTPUT_DIR": "./output", "$dt": 0.1},
  "target_simulator": "NEURON",
  "run": {"tstop": 1000.0, "dt": "${dt}", "dL": 20.0, "spike_threshold": -15.0, "nsteps_block": 5000},
  "conditions": {"celsius": 34.0, "v_init": -50},
  "node_sets": {"hco1": {"cell_name": "HCOCell1"}},
  "inputs": {
    "clamp": {"input_type": "current_clamp", "module": "IClamp", "node_set": "hco1",
              "amp": [1.0, 2], "delay": [50.0, 60], "duration": [10.0, 1]},
    "off": {"enabled": false},
    "lgn": {"input_type": "spikes", "module": "sonata", "input_file": "network/edges.h5", "node_set": "lgn"},
    "field": {"input_type": "lfp", "module": "xstim", "positions_file": "network/types.csv",
              "waveform": {"shape": "sin", "amp": "0.1", "del": 10, "dur": 20, "freq": 8}}
  },
  "output": {"log_file": "log.txt", "output_dir": "${OUTPUT_DIR}", "spikes_file": "spikes.h5",
             "spikes_file_csv": "$OUTPUT_DIR/spikes.csv", "spikes_sort_order": "time", "overwrite_output_dir": true},
  "reports": {
    "soma": {"module": "membrane_report", "cells": "all", "variable_name": ["cai", "v"], "sections": "soma"},
    "late": {"module": "membrane_report", "cells": {"population": "a"}, "variable_name": "v",
             "file_name": "/abs/late.h5", "start_time": 100, "end_time": 200, "dt": 0.5},
    "ecp": {"module": "extracellular", "electrode_positions": "network/types.csv", "minimum_distance": "auto"}
  },
  "network": "./circuit_config.json"
}"#;

const NETWORK: [(&str, &str); 3] = [("network/nodes.h5", ""), ("network/types.csv", ""), ("network/edges.h5", "")];

type Loaded = Result<(Config, Vec<Warning>), Vec<ConfigError>>;

fn load(simulation: &str) -> (tempfile::TempDir, Loaded) {
    let dir = folder(&NETWORK);
    fs::write(dir.path().join("circuit_config.json"), CIRCUIT).unwrap();
    fs::write(dir.path().join("config.json"), simulation).unwrap();
    let loaded = Config::load(&dir.path().join("config.json"));
    (dir, loaded)
}

/// The errors of a configuration, without the folder.
fn errors(simulation: &str) -> Vec<String> {
    let (dir, loaded) = load(simulation);
    let folder = format!("{}/", dir.path().display());
    loaded.unwrap_err().iter().map(|e| e.to_string().replace(&folder, "")).collect()
}

#[test]
fn a_split_configuration_with_backslashes() {
    let (dir, loaded) = load(SIMULATION);
    let (config, warnings) = loaded.unwrap();
    assert_eq!(warnings, []);
    let at = |name: &str| dir.path().join(name);
    let run = Run {
        tstop: 1000.0,
        dt: 0.1,
        dl: Some(20.0),
        spike_threshold: -15.0,
        nsteps_block: 5000,
        overwrite: None,
        stimulus_seed: 0,
    };
    assert_eq!(config.run, run);
    assert_eq!(config.run.steps(), 10000);
    assert_eq!(config.conditions, Conditions { celsius: Some(34.0), v_init: Some(-50.0) });
    assert_eq!(
        config.networks.nodes,
        [NodesFiles { nodes_file: at("network/nodes.h5"), node_types_file: Some(at("network/types.csv")) }]
    );
    assert_eq!(config.networks.edges, [EdgesFiles { edges_file: at("network/edges.h5"), edge_types_file: None }]);
    assert_eq!(config.components.mechanisms_dir, [at("mechanisms")]);
    assert_eq!(config.components.synaptic_models_dir, Some(at("syn")));
    assert_eq!(config.output.output_dir, at("output"));
    assert_eq!(config.output.log_file, Some(at("output/log.txt")));
    assert_eq!(config.output.spikes_file, Some(at("output/spikes.h5")));
    assert_eq!(config.output.spikes_file_csv, Some(at("output/spikes.csv")));
    assert_eq!(config.output.spikes_sort_order, crate::spikes::SortOrder::ByTime);
    assert_eq!(config.resolved["run"]["dt"], 0.1);
    assert_eq!(config.node_sets["hco1"]["cell_name"], "HCOCell1");
}

#[test]
fn inputs_and_reports_are_typed() {
    let (dir, loaded) = load(SIMULATION);
    let (config, _) = loaded.unwrap();
    assert_eq!(config.inputs.keys().collect::<Vec<_>>(), ["clamp", "lgn", "field"]);
    assert_eq!(
        config.inputs["clamp"],
        Input::CurrentClamp(CurrentClamp {
            node_set: "hco1".into(),
            pulses: vec![
                Pulse { amp: 1.0, delay: 50.0, duration: 10.0 },
                Pulse { amp: 2.0, delay: 60.0, duration: 1.0 }
            ],
            place: Place::Section { name: "soma".into(), index: 0, dist: 0.5 },
        })
    );
    let Input::Spikes(spikes) = &config.inputs["lgn"] else { panic!("{:?}", config.inputs["lgn"]) };
    assert_eq!((spikes.format, &spikes.file), (SpikeFormat::H5, &dir.path().join("network/edges.h5")));
    let Input::Field(field) = &config.inputs["field"] else { panic!("{:?}", config.inputs["field"]) };
    assert_eq!((field.resistivity, &field.meshes), (300.0, &dir.path().join("network")));
    let Waveform::Sine { amp, phase, .. } = field.waveform else { panic!("{:?}", field.waveform) };
    assert_eq!((amp, phase), (0.1, std::f64::consts::PI));
    let Report::Membrane(soma) = &config.reports["soma"] else { panic!("{:?}", config.reports["soma"]) };
    assert_eq!(soma.variables, ["cai", "v"]);
    assert_eq!(soma.file, dir.path().join("output/soma.h5"));
    assert_eq!((soma.rows(), soma.dt, soma.end_time), (10000, 0.1, 1000.0));
    let Report::Membrane(late) = &config.reports["late"] else { panic!("{:?}", config.reports["late"]) };
    assert_eq!((late.rows(), &late.sections[..]), (200, &["all".to_owned()][..]));
    assert_eq!(late.file, Path::new("/abs/late.h5"));
    let Report::Extracellular(ecp) = &config.reports["ecp"] else { panic!("{:?}", config.reports["ecp"]) };
    assert_eq!((ecp.nearest, &ecp.file), (Nearest::Radius, &dir.path().join("output/ecp.h5")));
}

#[test]
fn many_problems_at_once() {
    let simulation = r#"{
      "runn": {},
      "run": {"tsotp": 10, "dt": "fast", "tstart": 5},
      "conditions": {"v_int": -65},
      "inputs": {
        "a": {"input_type": "current_clamp", "module": "IClamp", "amp": [1, 2], "delay": 0, "duration": 1},
        "b": {"input_type": "current_clamp", "module": "IClamp", "amp": 1, "delay": 0, "durations": 1}
      },
      "reports": {"v": {"variable_name": "v"}},
      "output": {"spikes_sort_order": "tiem"},
      "network": "circuit_config.json"
    }"#;
    assert_eq!(
        errors(simulation),
        [
            "config.json: /runn: unknown key (did you mean `run`?)",
            "config.json: /run/tstop: this key is missing: the end of the simulation, ms",
            "config.json: /run/dt: expected a number, found \"fast\"",
            "config.json: /run/tstart: not supported: simulations start at 0 ms (BMTK passes over this key)",
            "config.json: /run/tsotp: unknown key (did you mean `tstop`?)",
            "config.json: /conditions/v_int: unknown key (did you mean `v_init`?)",
            "config.json: /output/spikes_sort_order: `tiem` is not known (did you mean `time`?)",
            "config.json: /inputs/a/amp: amp, delay and duration must be equally long, not (2, 1, 1)",
            "config.json: /inputs/b/duration: this key is missing: length, ms",
            "config.json: /inputs/b/durations: unknown key (did you mean `duration`?)",
            "config.json: /reports/v/module: this key is missing: such as \"membrane_report\"",
        ]
    );
}

#[test]
fn files_that_are_not_there() {
    let simulation = r#"{"run": {"tstop": 1},
      "networks": {"nodes": [{"nodes_file": "network/node.h5"}], "edges": []}}"#;
    let found = errors(simulation);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("config.json: /networks/nodes/0/nodes_file: there is no file network/node.h5, nor "));
    assert_eq!(
        errors(r#"{"run": {"tstop": 1}}"#),
        ["config.json: /networks: this key is missing: give \"networks\" here, or a file with it as \"network\": \
         \"circuit_config.json\""]
    );
    assert!(errors(r#"{"network": "gone.json"}"#)[0].starts_with("config.json: /network: there is no file gone.json"));
}

#[test]
fn syntax_errors_have_a_line() {
    assert_eq!(errors("{\n  \"run\": {\n    \"dt\" 0.1\n}}"), ["config.json:3:10: expected `:`"]);
    assert_eq!(errors("[]"), ["config.json: /: expected an object, found []"]);
    let dir = folder(&[]);
    assert_eq!(Config::load(&dir.path().join("none.json")).unwrap_err().len(), 1);
}

#[test]
fn keys_that_bmtk_passes_over_are_warnings() {
    let simulation = SIMULATION.replace("\"NEURON\"", "\"NEST\"");
    let simulation = simulation.replacen('{', r#"{"_note": "x", "components": {}, "gid_mapping_file": "g.h5", "#, 1);
    let (_dir, loaded) = load(&simulation);
    let (_, warnings) = loaded.unwrap();
    let texts: Vec<(&str, &str)> = warnings.iter().map(|w| (&w.pointer[..], &w.message[..])).collect();
    assert_eq!(texts[0].0, "/components");
    assert!(texts[0].1.starts_with("replaced by the one of "));
    assert_eq!(
        texts[1..],
        [
            ("/_note", "taken as a comment"),
            ("/gid_mapping_file", "BMTK does not use this key either"),
            ("/target_simulator", "written for NEST; it is simulated as NEURON would"),
        ]
    );
}

#[test]
fn folders_of_components_that_nobody_uses() {
    let circuit = CIRCUIT.replace("\"mechanisms_dir\"", "\"electrodes_dir\": \"e\", \"mecanisms_dir\"");
    let dir = folder(&NETWORK);
    fs::write(dir.path().join("circuit_config.json"), circuit).unwrap();
    fs::write(dir.path().join("config.json"), SIMULATION).unwrap();
    let errors = Config::load(&dir.path().join("config.json")).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0]
            .to_string()
            .ends_with("circuit_config.json: /components/mecanisms_dir: unknown key (did you mean `mechanisms_dir`?)")
    );
}

#[test]
fn recording_times_must_fit_the_steps() {
    let with = |what: &str| errors(&SIMULATION.replace("\"end_time\": 200, \"dt\": 0.5", what));
    let late = "config.json: /reports/late";
    assert_eq!(with("\"dt\": 0.25"), [format!("{late}/dt: 0.25 ms is not a multiple of the time step, 0.1 ms")]);
    assert_eq!(with("\"dt\": 0.05"), [format!("{late}/dt: 0.05 ms is shorter than the time step, 0.1 ms")]);
    assert_eq!(with("\"end_time\": 90"), [format!("{late}/end_time: 90 ms is not after start_time, 100 ms")]);
    assert_eq!(
        with("\"end_time\": 2000"),
        [format!("{late}/end_time: 2000 ms is after the end of the simulation, 1000 ms")]
    );
}

#[test]
fn steps_and_temperature_make_sense() {
    let with = |from: &str, to: &str| errors(&SIMULATION.replace(from, to));
    let dt = |value: &str| with("\"${dt}\"", value);
    assert_eq!(dt("1e-300"), ["config.json: /run/dt: the simulation has 1.0e303 steps; at most 1e12 are possible"]);
    assert_eq!(dt("3000"), ["config.json: /run/tstop: the simulation is shorter than half a time step"]);
    let cold = with("\"celsius\": 34.0", "\"celsius\": -300");
    assert_eq!(cold, ["config.json: /conditions/celsius: temperatures are in degC, above -273.15"]);
    let (_dir, loaded) = load(&SIMULATION.replace("\"tstop\": 1000.0", "\"tstop\": 1000.04"));
    let warnings = loaded.unwrap().1;
    assert!(warnings.iter().any(|w| w.pointer == "/run/tstop" && w.message.contains("10000 steps")), "{warnings:?}");
}

#[test]
fn a_null_time_step_is_the_default() {
    let (_dir, loaded) = load(&SIMULATION.replace("\"${dt}\"", "null"));
    assert_eq!(loaded.unwrap().0.run.dt, 0.1);
}

#[test]
fn null_dl_and_blocks() {
    let null =
        SIMULATION.replace("\"dL\": 20.0", "\"dL\": null").replace("\"nsteps_block\": 5000", "\"nsteps_block\": 0");
    let (_dir, loaded) = load(&null);
    let run = loaded.unwrap().0.run;
    assert_eq!((run.dl, run.nsteps_block), (None, 10000));
}

#[test]
fn node_sets_from_a_file() {
    let simulation = SIMULATION.replace(
        "\"node_sets\": {\"hco1\": {\"cell_name\": \"HCOCell1\"}}",
        "\"node_sets_file\": \"network\\\\sets.json\"",
    );
    let dir = folder(&NETWORK);
    fs::write(dir.path().join("network/sets.json"), r#"{"hco1": [0]}"#).unwrap();
    fs::write(dir.path().join("circuit_config.json"), CIRCUIT).unwrap();
    fs::write(dir.path().join("config.json"), simulation).unwrap();
    let (config, _) = Config::load(&dir.path().join("config.json")).unwrap();
    assert_eq!(config.node_sets["hco1"], serde_json::json!([0]));
}

#[test]
fn undefined_variables_and_inclusion_of_oneself() {
    let (_dir, loaded) = load(&SIMULATION.replace("HCOCell1", "$NO_SUCH"));
    let (_, warnings) = loaded.unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].message.starts_with("the variable `$NO_SUCH` is not defined"), "{}", warnings[0]);
    assert!(errors(r#"{"network": "config.json"}"#)[0].ends_with("config.json includes itself"));
}
