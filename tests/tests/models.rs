//! Small models against NEURON's answers (`tests/reference/models`, made by `make_models.py`): cells of every shape,
//! events, ions, and the language.

use runtime::backend::Choice;
use sonata::h5::File;
use std::path::{Path, PathBuf};
use tests::{Run, Settings, repository, run};

fn folders() -> Vec<PathBuf> {
    let root = repository("tests/reference/models");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 20);
    folders
}

/// What is wrong with a run, judged by the folder's `expected.h5`.
fn problems(folder: &Path, run: &Run, tolerance: f64) -> Vec<String> {
    let expected = File::open(&folder.join("expected.h5")).unwrap();
    let integers = |name: &str| expected.read_u64(name).unwrap();
    let spikes: Vec<(u64, u64)> = run.spikes.iter().map(|spike| (spike.step, u64::from(spike.cell))).collect();
    let neurons: Vec<(u64, u64)> = integers("spike_steps").into_iter().zip(integers("spike_ids")).collect();
    let mut found = Vec::new();
    if spikes != neurons {
        found.push(format!("spikes {spikes:?}, NEURON {neurons:?}"));
    }
    let times = expected.read_f64("point_times").unwrap_or_default();
    let ids = if times.is_empty() { Vec::new() } else { integers("point_ids") };
    let found_ids: Vec<u64> = run.artificial_spikes.iter().map(|&(_, id)| id).collect();
    let late = run.artificial_spikes.iter().zip(&times).any(|(&(time, _), expected)| (time - expected).abs() > 1e-6);
    if ids != found_ids || late {
        found.push(format!("artificial cells {:?}, NEURON {times:?} {ids:?}", run.artificial_spikes));
    }
    let rows = integers("rows");
    for variable in expected.datasets("columns").unwrap() {
        let columns = integers(&format!("columns/{variable}"));
        let values = expected.read_f64(&format!("values/{variable}")).unwrap();
        let traces = run.traces(&variable);
        let scale = if variable == "v" { 1.0 } else { values.iter().fold(1e-300, |most: f64, x| most.max(x.abs())) };
        let places = rows.iter().flat_map(|&row| columns.iter().map(move |&column| (row as usize, column as usize)));
        let worst = places.zip(&values).map(|((row, column), &value)| (traces[column][row] - value).abs() / scale);
        // `max` would pass over a NaN.
        let worst = worst.fold(0.0, |most, error| if error <= most { most } else { error });
        if worst.is_nan() || worst > tolerance {
            found.push(format!("{variable} differs by {worst:e}"));
        }
    }
    found
}

/// Runs all models; each says how near NEURON it has to be, mV.
fn check(settings: &Settings) {
    let mut failures = Vec::new();
    for folder in folders() {
        let expected = File::open(&folder.join("expected.h5")).unwrap();
        let tolerance = expected.read_f64("tolerance").unwrap()[0];
        let run = run(&folder.join("config.json"), settings).unwrap();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        failures.extend(problems(&folder, &run, tolerance).into_iter().map(|problem| format!("{name}: {problem}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn neurons_answers_with_its_difference_quotient() {
    let choice = Choice { strict: true, difference: true, ..Choice::default() };
    check(&Settings { choice, ..Settings::default() });
}

#[test]
fn neurons_answers_with_default_kernels() {
    check(&Settings::default());
}
