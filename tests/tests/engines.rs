//! One suite on both engines: what a CPU and a GPU must agree in, and how closely.

use runtime::backend::Choice;
use tests::{Run, Settings, gpu_or_skip, repository, run};

/// Default f64 kernels: the CPU fuses multiply and add, a GPU may.
const V_TOLERANCE_F64: f64 = 1e-9;

/// The whole second, 10,000 steps.
fn oscillator(choice: Choice, copies: usize) -> Run {
    let settings = Settings { choice, copies, ..Settings::default() };
    run(&repository("examples/hco/config.json"), &settings).unwrap()
}

fn strict(gpu: bool, single: bool, difference: bool) -> Choice {
    Choice { gpu, single: Some(single), strict: true, difference, ..Choice::default() }
}

fn bits_are_equal(test: &str, single: bool, difference: bool) {
    if !gpu_or_skip(test) {
        return;
    }
    let cpu = oscillator(strict(false, single, difference), 3);
    let gpu = oscillator(strict(true, single, difference), 3);
    assert_eq!(cpu.spikes.len(), 3 * 18);
    assert_eq!(cpu.spikes, gpu.spikes, "{} and {}", cpu.engine, gpu.engine);
    assert_eq!(cpu.samples, gpu.samples, "{} and {}", cpu.engine, gpu.engine);
    assert_eq!(cpu.first_different_bits(&gpu), None, "{} and {}", cpu.engine, gpu.engine);
}

#[test]
fn strict_f64_is_bit_identical() {
    bits_are_equal("strict f64", false, false);
}

#[test]
fn strict_f32_is_bit_identical() {
    bits_are_equal("strict f32", true, false);
}

#[test]
fn strict_f64_with_the_difference_quotient_is_bit_identical() {
    bits_are_equal("strict f64, difference quotient", false, true);
}

#[test]
fn default_f64_agrees_closely() {
    if !gpu_or_skip("default f64") {
        return;
    }
    let choice = |gpu| Choice { gpu, single: Some(false), ..Choice::default() };
    let (cpu, gpu) = (oscillator(choice(false), 1), oscillator(choice(true), 1));
    assert_eq!(cpu.spikes, gpu.spikes);
    let difference = cpu.largest_difference(&gpu, "v");
    println!("default f64: max |dv| {difference:.2e} mV");
    assert!(difference <= V_TOLERANCE_F64, "{difference:e} mV");
}

#[test]
fn single_precision_keeps_the_spikes_to_a_step() {
    if !gpu_or_skip("f32") {
        return;
    }
    let double = oscillator(Choice::default(), 1);
    let single = oscillator(Choice { gpu: true, single: Some(true), ..Choice::default() }, 1);
    println!("f32 against f64: spike, cell, step, shift");
    for (index, (a, b)) in double.spikes.iter().zip(&single.spikes).enumerate() {
        println!("{index:5} {:5} {:6} {:+}", a.cell, a.step, b.step as i64 - a.step as i64);
    }
    assert_eq!(double.spikes.len(), single.spikes.len());
    let first_half = double.spikes.iter().zip(&single.spikes).filter(|(a, _)| a.step <= 5000);
    for (a, b) in first_half {
        assert!(a.cell == b.cell && a.step.abs_diff(b.step) <= 1, "{a:?} and {b:?}");
    }
    println!("f32 against f64: max |dv| {:.2e} mV", double.largest_difference(&single, "v"));
}

#[test]
fn events_of_instances_are_bit_identical() {
    if !gpu_or_skip("events of instances") {
        return;
    }
    for name in ["Pulser", "DelayLine", "Watcher", "Stdp", "IntFire1", "Pacer", "NetStim"] {
        let config = repository(&format!("tests/reference/models/{name}/config.json"));
        let model = |gpu| {
            let settings = Settings { choice: strict(gpu, false, false), copies: 2, ..Settings::default() };
            run(&config, &settings).unwrap()
        };
        let (cpu, gpu) = (model(false), model(true));
        assert_eq!(cpu.spikes, gpu.spikes, "{name}");
        assert_eq!(cpu.artificial_spikes, gpu.artificial_spikes, "{name}");
        assert_eq!(cpu.samples, gpu.samples, "{name}");
        assert_eq!(cpu.first_different_bits(&gpu), None, "{name}");
    }
}
