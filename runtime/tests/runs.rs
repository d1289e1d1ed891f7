//! Whole runs of the program: the same numbers as BMTK and NEURON, and the files that are left behind.

mod model;

use model::Model;
use sonata::report::Report;
use sonata::spikes;

/// A network with everything that makes placement, delays and reports hard; see `tests/tree/README.md`.
#[test]
fn the_tree_network_is_bmtks() {
    let model = Model::tree();
    let compare = |time: &str, value: &str| {
        let (reference, output) = (model.path("reference"), model.path("output"));
        let (reference, output) = (reference.display().to_string(), output.display().to_string());
        let line = ["compare", reference.as_str(), output.as_str(), "--time-tolerance", time, "--tolerance", value];
        println!("{}", model::command(&line).succeeds().out);
    };
    model.run(&["--quiet", "--compat", "neuron"]).succeeds();
    compare("0", "1e-9");
    // The default differs by NEURON's round-off of time, its difference quotient, and fused arithmetic.
    model.run(&["--quiet"]).succeeds();
    compare("1e-9", "1e-6");
}

#[test]
fn evaluated_kernels_give_the_bits_of_compiled_ones() {
    for model in [Model::new(), Model::tree()] {
        let output = |name: &str| model.path(name).display().to_string();
        let (compiled, evaluated) = (output("compiled"), output("evaluated"));
        for flags in [&[][..], &["--strict"], &["--precision", "f32"], &["--compat", "neuron"]] {
            for (kind, folder) in [("compiled", &compiled), ("evaluated", &evaluated)] {
                let run = model.run(&[flags, &["--kernels", kind, "--output", folder]].concat()).succeeds();
                assert_eq!(run.out.contains("evaluated kernels"), kind == "evaluated", "{}", run.out);
            }
            let compare = ["compare", &compiled, &evaluated, "--time-tolerance", "0", "--tolerance", "0"];
            model::command(&compare).succeeds();
        }
    }
}

#[test]
fn potentials_outside_cells_are_sums_of_what_cells_contribute() {
    let mut model = Model::tree();
    let shaped = model.read("templates/cell.hoc").replace("    forsec all {", "    define_shape()\n    forsec all {");
    model.write("templates/cell.hoc", &shaped);
    model.config["run"]["tstop"] = 20.into();
    model.write("electrodes.csv", "channel x_pos y_pos z_pos\n0 50 50 30\n1 -500 0 0\n");
    model.config["reports"] = serde_json::json!({
        "ecp": {"module": "extracellular", "cells": "cortex", "electrode_positions": "electrodes.csv",
                "contributions_dir": "cells"}
    });
    model.run(&["--quiet"]).succeeds();
    let read = |name: &str| {
        let file = sonata::h5::File::open(&model.path(name)).unwrap();
        file.read_block("/ecp/data", 0..400, 0..2).unwrap()
    };
    let total = read("output/ecp.h5");
    let mut sum = vec![0.0; total.len()];
    for cell in 0..8 {
        sum.iter_mut().zip(read(&format!("output/cells/{cell}.h5"))).for_each(|(sum, own)| *sum += own);
    }
    assert!(total.iter().zip(&sum).all(|(total, sum)| (total - sum).abs() < 1e-15));
    let largest = |channel: usize| total[channel..].iter().step_by(2).fold(0.0, |most: f64, x| most.max(x.abs()));
    assert!(largest(0) > 1e-4 && largest(0) > 3.0 * largest(1), "{} {}", largest(0), largest(1));

    model.write("electrodes.csv", "channel x_pos y_pos\n0 50 50\n");
    model.check().fails(1).says("the table has no column `z_pos`");
    model.write("electrodes.csv", "channel x_pos y_pos z_pos\n0 0 0 0\n");
    model.check().fails(1).says("electrode 0 is on the axis of a segment");
    model.config["reports"]["ecp"]["minimum_distance"] = "auto".into();
    model.check().succeeds();
}

#[test]
fn a_field_outside_moves_the_potential_and_is_reported() {
    let mut model = Model::tree();
    let shaped = model.read("templates/cell.hoc").replace("    forsec all {", "    define_shape()\n    forsec all {");
    model.write("templates/cell.hoc", &shaped);
    model.config["run"]["tstop"] = 20.into();
    model.write("electrodes.csv", "ip pos_x pos_y pos_z rotation_x rotation_y rotation_z\n0 300 100 200 0 0 0\n");
    model.config["inputs"] = serde_json::json!({
        "field": {"input_type": "lfp", "module": "xstim", "positions_file": "electrodes.csv",
                  "waveform": {"shape": "dc", "amp": 0.01, "del": 5, "dur": 5}}
    });
    let report = |variable: &str, sections: &str| serde_json::json!({"module": "membrane_report", "cells": "cortex", "variable_name": variable, "sections": sections});
    model.config["reports"] = serde_json::json!({
        "e_extracellular": report("e_extracellular", "all"), "vext": report("vext", "all"), "v": report("v", "soma"),
        "currents": report("i_membrane_", "all")
    });
    model.run(&["--quiet"]).succeeds();
    let read = |name: &str| {
        let report = Report::open(&model.path(&format!("output/{name}.h5"))).unwrap();
        let columns = report.populations[0].columns() / 8;
        report.populations[0]
            .block(0..400, 0..columns)
            .unwrap()
            .chunks(columns)
            .map(<[f64]>::to_vec)
            .collect::<Vec<_>>()
    };
    // The soma is at the origin; a row is a step's end, and there the next step's value, which begins after del.
    let expected = 300.0 / (4.0 * std::f64::consts::PI) * 0.01 * 1e6 * 0.01 / 140_000f64.sqrt();
    let (next, last) = (read("e_extracellular"), read("vext"));
    for (row, value) in [(98, 0.0), (99, 0.0), (100, expected), (198, expected), (199, 0.0)] {
        assert!((next[row][0] - value).abs() < 1e-9, "row {row}: {} is not {value}", next[row][0]);
        assert_eq!(last[row + 1], next[row]);
    }
    let v = read("v");
    assert!((v[99][0] - v[90][0]).abs() < 0.01 && (v[150][0] - v[99][0]).abs() > 0.05, "{} {}", v[99][0], v[150][0]);
    // What goes in comes out.
    let currents = &read("currents")[150];
    let most = currents.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    assert!(most > 1e-3 && currents.iter().sum::<f64>().abs() < 1e-9 * most);
    model.write("electrodes.csv", "ip pos_x pos_y pos_z rotation_x rotation_y rotation_z\n0 3 1 2 0 0 0\n");
    model.check().fails(1).says("it must be 10 um away or more");
}

#[test]
fn saved_synapses_are_the_network_again() {
    let mut model = Model::tree();
    model.config["run"]["tstop"] = 60.into();
    model.config["reports"] = serde_json::json!({"synapses": {"module": "save_synapses", "network_dir": "saved"}});
    model.run(&["--quiet", "--output", &model.path("first").display().to_string()]).succeeds();
    // Delays and templates stay with the types; here one type has delays of its own, which are not saved.
    model.config["networks"]["edges"][1]["edges_file"] = "saved/drive_cortex_edges.h5".into();
    model.config["reports"] = serde_json::json!({});
    model.run(&["--quiet", "--output", &model.path("again").display().to_string()]).succeeds();
    let spikes = |name: &str| spikes::read(&model.path(name).join("spikes.h5")).unwrap();
    assert!(!spikes("first")[0].timestamps.is_empty());
    assert_eq!(spikes("first"), spikes("again"));
    model.config["reports"] = serde_json::json!({"synapses": {"module": "save_synapses", "network_dir": "saved"}});
    model.run(&[]).fails(1).says("a file of the model would be replaced by results");
}

#[test]
fn a_voltage_clamp_holds_the_potential() {
    let mut model = Model::tree();
    model.config["run"]["tstop"] = 30.into();
    model.config["inputs"] = serde_json::json!({
        "clamp": {"input_type": "voltage_clamp", "module": "SEClamp", "node_set": "cortex", "amp": -55, "delay": 10,
                  "duration": 10, "resistance": 0.001}
    });
    model.config["reports"] = serde_json::json!({
        "v": {"module": "membrane_report", "cells": "cortex", "variable_name": "v", "sections": "soma"}
    });
    model.run(&["--quiet"]).succeeds();
    let report = Report::open(&model.path("output/v.h5")).unwrap();
    let v = report.populations[0].column(3).unwrap();
    assert!((v[200] + 55.0).abs() > 1.0 && (v[202] + 55.0).abs() < 0.1 && (v[398] + 55.0).abs() < 0.1, "{v:?}");
    assert!((v[450] + 55.0).abs() > 0.5);
}

#[test]
fn no_compiler_is_needed() {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 1.into();
    let config = model.configure();
    let run = model::command_without_compiler(&[&config]).succeeds();
    run.says("there is no Rust compiler (`no-such-rustc`): kernels are evaluated");
    assert!(run.out.contains("evaluated kernels"), "{}", run.out);
    model::command_without_compiler(&["--kernels", "compiled", &config])
        .fails(2)
        .says("or run with --kernels evaluated");
}

#[test]
fn a_run_leaves_its_files_and_a_summary() {
    let model = Model::new();
    let run = model.run(&[]).succeeds();
    assert!(run.out.contains("2 cells, 102 compartments, 4 synapses, 2 spikes in 100 ms"), "{}", run.out);
    assert!(run.out.contains(" bytes a compartment, ") && run.out.contains(" bytes a synapse, "), "{}", run.out);
    let spikes = spikes::read(&model.path("output/spikes.h5")).unwrap();
    assert_eq!(spikes[0].population, "hco_net");
    assert_eq!(spikes[0].timestamps, [53.6, 96.2]);
    assert_eq!(spikes::read(&model.path("output/spikes.csv")).unwrap(), spikes);
    let report = Report::open(&model.path("output/v.h5")).unwrap();
    assert_eq!((report.populations[0].rows, report.populations[0].variable.as_deref()), (1000, Some("v")));
    assert!(model.read("output/log.txt").contains("order of execution: capool, pas, IClamp"));
    assert!(model.read("output/config.json").contains("nodes_file"));
    // A report that is open elsewhere cannot be replaced. (Programs that other tests start meanwhile
    // inherit the open file, so it stays locked for a while.)
    model::command_with_locks(&["--overwrite", &model.configure()]).fails(2).says("another program has the file open");
    drop(report);
}

#[test]
fn a_profile_tells_of_all_kernels_and_changes_nothing() {
    let model = Model::new();
    model.run(&[]).succeeds();
    let spikes = spikes::read(&model.path("output/spikes.h5")).unwrap();
    let run = model.run(&["--profile"]).succeeds();
    for part in ["cas states", "kdr currents", "tree", "solve", "exponentials/s", "a compartment's step: "] {
        assert!(run.out.contains(part), "`{part}` is not in:\n{}", run.out);
    }
    assert!(model.read("output/profile.folded").contains("\nruntime;simulate;states;"));
    assert!(model.read("output/profile.svg").contains("runtime"));
    assert_eq!(spikes::read(&model.path("output/spikes.h5")).unwrap(), spikes);
}

#[test]
fn foreign_files_stay() {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 1.into();
    model.write("output/mine.txt", "");
    assert_eq!(model.run(&["--quiet"]).succeeds().out, "");
    assert_eq!(model.run(&["--quiet"]).succeeds().out, "");
    assert!(model.path("output/mine.txt").exists());
}

#[test]
fn results_are_replaced_only_where_that_is_allowed() {
    let mut model = Model::new();
    model.config["output"].as_object_mut().unwrap().remove("overwrite_output_dir");
    model.config["run"]["tstop"] = 1.into();
    let again = |model: &Model| model::command(&["--quiet", &model.configure()]);
    again(&model).succeeds();
    again(&model).fails(2).says("results of an earlier run would be replaced");
    for section in ["output", "run"] {
        model.config[section]["overwrite_output_dir"] = true.into();
        again(&model).succeeds();
        model.config[section].as_object_mut().unwrap().remove("overwrite_output_dir");
    }
    model.config["run"]["overwrite_output_dir"] = true.into();
    model.config["output"]["overwrite_output_dir"] = false.into();
    again(&model).fails(2).says("or write \"overwrite_output_dir\": true under /output");
    model.run(&["--quiet"]).succeeds();
    let elsewhere = model.path("elsewhere").display().to_string();
    model::command(&["--output", &elsewhere, &model.configure()]).succeeds();
    assert!(model.path("elsewhere/v.h5").exists() && model.path("elsewhere/log.txt").exists());
}

#[test]
fn several_variables_of_a_report_are_all_kept() {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 1.into();
    model.config["reports"] = serde_json::json!({
        "both": {"module": "membrane_report", "cells": "all", "variable_name": ["cai", "v"], "sections": "soma", "file_name": "vars.h5"}
    });
    model.run(&[]).succeeds().says("report `both` has several variables for one file");
    let variable = |file: &str| {
        let report = Report::open(&model.path(file)).unwrap();
        (report.populations[0].variable.clone().unwrap(), report.populations[0].column(0).unwrap()[9])
    };
    let (v, cai) = (variable("output/vars_v.h5"), variable("output/vars_cai.h5"));
    assert_eq!((v.0.as_str(), cai.0.as_str()), ("v", "cai"));
    assert_eq!(variable("output/vars.h5"), v);
    assert!(v.1 < -40.0 && cai.1 > 0.0);
}

#[test]
fn copies_are_identical() {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 60.into();
    let run = model.run(&["--copies", "5", "--group-size", "2"]).succeeds();
    assert!(run.out.contains("5 copies: all bit-identical"), "{}", run.out);
    assert!(run.out.contains("1 spike in 60 ms"), "{}", run.out);
    model.run(&["--check", "--copies", "4000000000"]).fails(2).says("are too many");
    model.run(&["--check", "--copies", "500000000"]).fails(2).says("GB of memory");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_what_it_has() {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let mut model = Model::new();
    model.config["run"]["tstop"] = 100_000.into();
    let config = model.configure();
    let mut run = Command::new(env!("CARGO_BIN_EXE_runtime"))
        .arg(config)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !model.path("output/v.h5").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(500));
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    let report = Report::open(&model.path("output/v.h5")).unwrap();
    let voltage = report.populations[0].column(0).unwrap();
    assert!(voltage[0].is_finite() && voltage[999_999].is_nan());
    assert!(spikes::read(&model.path("output/spikes.h5")).is_ok());
    assert!(model.read("output/log.txt").contains("interrupted at t = "));
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_spikes_and_reports() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let mut model = Model::new();
    model.config["run"]["tstop"] = 1_000_000.into();
    model.config["output"]["spikes_sort_order"] = "time".into();
    let config = model.configure();
    let mut run = Command::new(env!("CARGO_BIN_EXE_runtime"))
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let csv = model.path("output/spikes.csv");
    let begin = Instant::now();
    let written = || std::fs::read_to_string(&csv).map_or(0, |text| text.lines().count());
    while written() < 3 {
        assert!(begin.elapsed() < Duration::from_secs(120), "no spikes were written");
        std::thread::sleep(Duration::from_millis(50));
    }
    // Somewhere between two times of writing.
    std::thread::sleep(Duration::from_millis(700));
    run.kill().unwrap();
    run.wait().unwrap();
    let h5 = spikes::read(&model.path("output/spikes.h5")).unwrap();
    let text = spikes::read(&csv).unwrap();
    assert!(h5[0].len() >= 2 && h5[0].timestamps[0] == 53.6, "{} spikes", h5[0].len());
    let common = h5[0].len().min(text[0].len());
    assert_eq!(h5[0].timestamps[..common], text[0].timestamps[..common]);
    let report = Report::open(&model.path("output/v.h5")).unwrap();
    let voltage = report.populations[0].column(0).unwrap();
    let rows = voltage.iter().position(|v| v.is_nan()).unwrap();
    assert!(rows > 100, "{rows} rows");
    assert!(voltage[rows..].iter().all(|v| v.is_nan()));
}
