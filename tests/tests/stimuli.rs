//! Currents of the SONATA extension: known courses exactly, random ones by their moments, and the same on all engines.

use runtime::backend::Choice;
use runtime::layout::Grouping;
use serde_json::{Value, json};
use tests::{Run, Settings, gpu_or_skip, repository, run};

/// Runs the cells of `runtime/tests/stimuli` with an input; `watch` names the mechanism whose current is looked at.
fn stimulate(input: Value, seed: u32, tstop: f64, watch: &'static str, settings: Settings) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let original = repository("runtime/tests/stimuli");
    let text = std::fs::read_to_string(original.join("config.json")).unwrap();
    let mut config: Value = serde_json::from_str(&text).unwrap();
    config["manifest"]["$BASE"] = original.display().to_string().into();
    config["run"]["tstop"] = tstop.into();
    config["run"]["random_seed"] = seed.into();
    config["reports"] = json!({});
    let mut input = input;
    for (key, value) in [("input_type", json!("current_clamp")), ("node_set", json!("cells"))] {
        input[key] = value;
    }
    config["inputs"] = json!({ "input": input });
    let path = folder.path().join("config.json");
    std::fs::write(&path, config.to_string()).unwrap();
    run(&path, &Settings { watch: Some((watch, "i")), ..settings }).unwrap()
}

fn known(input: Value) -> Run {
    stimulate(input, 0, 20.0, "IClamp", Settings::default())
}

/// The current of a cell is `expected(cell, t)`, with t in the middle of a step.
fn follows(run: &Run, expected: impl Fn(usize, f64) -> f64) {
    for (cell, trace) in run.traces("i").into_iter().enumerate() {
        for (step, current) in trace.iter().enumerate() {
            let t = (step as f64 + 0.5) * 0.05;
            assert!(
                (current - expected(cell, t)).abs() < 1e-12,
                "cell {cell}, {t} ms: {current} {}",
                expected(cell, t)
            );
        }
    }
}

#[test]
fn known_courses_are_exact() {
    let on = |t: f64| (2.0..12.0).contains(&t);
    let time = json!({"delay": 2, "duration": 10});
    let with = |more: Value| {
        let mut input = time.clone();
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let threshold = [0.1, 0.2, 0.4];
    let linear = known(with(json!({"module": "linear", "amp_start": 0.1, "amp_end": 0.3})));
    follows(&linear, |_, t| if on(t) { 0.1 + 0.2 * (t - 2.0) / 10.0 } else { 0.0 });
    let relative = known(with(json!({"module": "relative_linear", "percent_start": 50})));
    follows(&relative, |cell, t| if on(t) { 0.5 * threshold[cell] } else { 0.0 });
    let below = known(with(json!({"module": "subthreshold", "percent_less": 20})));
    follows(&below, |cell, t| if on(t) { 0.8 * threshold[cell] } else { 0.0 });
    let hyper = known(with(json!({"module": "hyperpolarizing"})));
    follows(&hyper, |cell, t| if on(t) { -0.01 * (cell + 1) as f64 } else { 0.0 });
    let pulse = known(with(json!({"module": "pulse", "amp_start": 0.2, "width": 1, "frequency": 250})));
    follows(&pulse, |_, t| if on(t) && (t - 2.0) % 4.0 < 1.0 { 0.2 } else { 0.0 });
    let sine = known(with(json!({"module": "sinusoidal", "amp_start": 0.2, "frequency": 100})));
    follows(&sine, |_, t| if on(t) { 0.2 * (0.2 * std::f64::consts::PI * (t - 2.0)).sin() } else { 0.0 });
}

/// Mean and standard deviation.
fn moments(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
    (mean, variance.sqrt())
}

const LONG: f64 = 3000.0;

fn random(input: &Value, watch: &'static str) -> Run {
    stimulate(input.clone(), 5, LONG, watch, Settings::default())
}

fn noise() -> Value {
    json!({"module": "noise", "mean": 0.05, "variance": 0.0004, "delay": 0, "duration": LONG})
}

fn ornstein_uhlenbeck() -> Value {
    json!({"module": "relative_ornstein_uhlenbeck", "tau": 5, "mean_percent": 20, "sd_percent": 10, "delay": 0,
           "duration": LONG})
}

fn shot_noise() -> Value {
    json!({"module": "absolute_shot_noise", "rise_time": 0.4, "decay_time": 4, "mean": 0.05, "sigma": 0.02, "amp_cv": 0.5,
           "delay": 0, "duration": LONG})
}

#[test]
fn random_currents_have_their_moments() {
    let near = |found: f64, expected: f64, tolerance: f64| {
        assert!((found / expected - 1.0).abs() < tolerance, "{found} {expected}")
    };
    for trace in random(&noise(), "NoiseClamp").traces("i") {
        let (mean, sigma) = moments(trace);
        near(mean, 0.05, 0.03);
        near(sigma, 0.02, 0.05);
        // A value stays for 0.5 ms.
        assert!(trace[0] == trace[9] && trace[9] != trace[10]);
    }
    for (trace, threshold) in random(&ornstein_uhlenbeck(), "OUClamp").traces("i").into_iter().zip([0.1, 0.2, 0.4]) {
        let (mean, sigma) = moments(trace);
        near(mean, 0.2 * threshold, 0.1);
        near(sigma, 0.1 * threshold, 0.1);
        let lag = 100; // tau
        let products: f64 = trace.iter().zip(&trace[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum();
        let correlation = products / (trace.len() - lag) as f64 / (sigma * sigma);
        assert!((correlation - (-1.0f64).exp()).abs() < 0.12, "{correlation}");
    }
    for trace in random(&shot_noise(), "ShotNoiseClamp").traces("i") {
        let (mean, sigma) = moments(&trace[400..]);
        near(mean, 0.05, 0.06);
        near(sigma, 0.02, 0.12);
    }
    let given = json!({"module": "shot_noise", "rise_time": 0.4, "decay_time": 4, "rate": 500, "amp_mean": 0.03,
                       "amp_var": 0.0001, "delay": 0, "duration": LONG});
    // Campbell's theorem.
    let top = (4.0f64 / 0.4).ln() / (1.0 / 0.4 - 1.0 / 4.0);
    let peak = (-top / 4.0).exp() - (-top / 0.4f64).exp();
    for trace in random(&given, "ShotNoiseClamp").traces("i") {
        let (mean, sigma) = moments(&trace[400..]);
        near(mean, 0.5 * 0.03 * 3.6 / peak, 0.06);
        near(sigma * sigma, 0.5 * (0.0009 + 0.0001) * 3.6f64.powi(2) / (2.0 * 4.4 * peak * peak), 0.2);
    }
}

#[test]
fn random_currents_depend_on_seeds_and_cells_alone() {
    for (input, watch) in [(noise(), "NoiseClamp"), (ornstein_uhlenbeck(), "OUClamp"), (shot_noise(), "ShotNoiseClamp")]
    {
        let of = |seed, grouping, threads| {
            let choice = Choice { threads, ..Choice::default() };
            let settings = Settings { choice, grouping: Some(grouping), ..Settings::default() };
            stimulate(input.clone(), seed, 50.0, watch, settings)
        };
        let first = of(5, Grouping::Cells(0), 1);
        let traces = first.traces("i");
        assert_eq!(traces.len(), 3);
        assert!(traces[0] != traces[1] && traces[1] != traces[2]);
        assert_eq!(first.samples, of(5, Grouping::Cells(1), 2).samples);
        assert_ne!(first.samples, of(6, Grouping::Cells(0), 1).samples);
    }
}

#[test]
fn a_gpu_draws_the_same_numbers() {
    if !gpu_or_skip("stimuli") {
        return;
    }
    for (input, watch) in [(noise(), "NoiseClamp"), (ornstein_uhlenbeck(), "OUClamp"), (shot_noise(), "ShotNoiseClamp")]
    {
        let of = |gpu| {
            let choice = Choice { gpu, strict: true, single: Some(false), ..Choice::default() };
            stimulate(input.clone(), 5, 20.0, watch, Settings { choice, ..Settings::default() })
        };
        let (cpu, gpu) = (of(false), of(true));
        assert_eq!(cpu.samples, gpu.samples, "{watch} on {}", gpu.engine);
    }
    let linear = json!({"module": "linear", "amp_start": 0.1, "amp_end": 0.9, "delay": 1, "duration": 15});
    let of = |gpu| {
        let choice = Choice { gpu, strict: true, single: Some(true), ..Choice::default() };
        stimulate(linear.clone(), 5, 20.0, "IClamp", Settings { choice, ..Settings::default() })
    };
    assert_eq!(of(false).samples, of(true).samples);
}
