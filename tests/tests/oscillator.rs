//! The half-centre oscillator against NEURON's answer (`tests/reference/hco.h5`).

use runtime::backend::Choice;
use sonata::h5::File;
use tests::{Run, Settings, repository, run};

/// The project's gate for networks over 1 s: NEURON and CoreNEURON themselves differ by 1e-8 mV.
const V_TOLERANCE: f64 = 1e-6;
/// Relative.
const CAI_TOLERANCE: f64 = 1e-6;

fn reference_spikes(prefix: &str) -> Vec<(u64, u32)> {
    let h5 = File::open(&repository("tests/reference/hco.h5")).unwrap();
    let steps = h5.read_u64(&format!("{prefix}spike_steps")).unwrap();
    let cells = h5.read_u64(&format!("{prefix}spike_ids")).unwrap();
    steps.into_iter().zip(cells).map(|(step, cell)| (step, cell as u32)).collect()
}

fn spikes(run: &Run) -> Vec<(u64, u32)> {
    run.spikes.iter().map(|spike| (spike.step, spike.cell)).collect()
}

/// Largest absolute difference in v, and relative in cai.
fn errors(run: &Run) -> (f64, f64) {
    let h5 = File::open(&repository("tests/reference/hco.h5")).unwrap();
    let reference = |name: &str| h5.read_block(name, 0..10_000, 0..2).unwrap();
    let error = |variable: &str, measure: fn(f64, f64) -> f64| {
        let expected = reference(variable);
        let traces = run.traces(variable);
        assert_eq!((traces.len(), traces[0].len()), (2, 10_000), "{variable}");
        let values = (0..10_000).flat_map(|row| (0..2).map(move |cell| (row, cell)));
        values.map(|(row, cell)| measure(traces[cell][row], expected[2 * row + cell])).fold(0.0, f64::max)
    };
    (error("v", |ours, theirs| (ours - theirs).abs()), error("cai", |ours, theirs| (ours / theirs - 1.0).abs()))
}

fn check(settings: &Settings, v_tolerance: f64) {
    let run = run(&repository("examples/hco/config.json"), settings).unwrap();
    assert_eq!(spikes(&run), reference_spikes(""), "{}", run.engine);
    let (v, cai) = errors(&run);
    println!("{}: max |dv| {v:.2e} mV, max relative dcai {cai:.2e}", run.engine);
    assert!(v <= v_tolerance && cai <= CAI_TOLERANCE, "max |dv| {v:e} mV, max relative dcai {cai:e}");
}

#[test]
fn neurons_spikes_voltages_and_calcium_with_its_difference_quotient() {
    let choice = Choice { strict: true, difference: true, ..Choice::default() };
    check(&Settings { choice, ..Settings::default() }, V_TOLERANCE);
}

#[test]
fn neurons_spikes_voltages_and_calcium_with_default_kernels() {
    check(&Settings::default(), V_TOLERANCE);
}

#[test]
fn one_synapse_each_way_gives_fifteen_spikes() {
    let run = run(&repository("examples/hco/config_single.json"), &Settings::default()).unwrap();
    let expected = reference_spikes("single/");
    assert_eq!(expected.len(), 15);
    assert_eq!(spikes(&run), expected);
}
