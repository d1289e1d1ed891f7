//! Currents by the SONATA extension of the Blue Brain Project: one electrode in the soma of each cell.
//!
//! Source: the extension's description of simulation configurations (sonata-extension, `inputs`), and libsonata.

use super::error::Problem;
use super::inputs::node_set;
use super::object::Object;
use serde_json::Value;

/// A current into each cell of a node set.
#[derive(Debug, Clone, PartialEq)]
pub struct Stimulus {
    /// The cells: a name, or an inline node set. Default "all".
    pub node_set: Value,
    /// Its start, ms.
    pub delay: f64,
    /// Its length, ms.
    pub duration: f64,
    /// Its course.
    pub shape: Shape,
    /// For random courses: in place of `run.random_seed`.
    pub seed: Option<u32>,
}

/// The course of a current.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// From one value to another.
    Linear {
        /// At the start.
        start: Level,
        /// At the end.
        end: Level,
    },
    /// A train of pulses.
    Pulse {
        /// Their height, nA.
        amp: f64,
        /// Their width, ms.
        width: f64,
        /// How many in a second.
        frequency: f64,
    },
    /// A sine.
    Sinusoidal {
        /// Its amplitude, nA.
        amp: f64,
        /// Its frequency, Hz.
        frequency: f64,
    },
    /// The holding current of each cell.
    Hyperpolarizing,
    /// Independent normally distributed values.
    Noise {
        /// Their mean.
        mean: Level,
        /// Their variance, nA2.
        variance: f64,
        /// Time from one to the next, ms.
        interval: f64,
    },
    /// A process of Ornstein and Uhlenbeck.
    OrnsteinUhlenbeck {
        /// Its time constant, ms.
        tau: f64,
        /// Its mean.
        mean: Level,
        /// Its standard deviation.
        sigma: Level,
        /// Time from one drawn value to the next, ms.
        interval: f64,
    },
    /// Shots at random times, each a difference of exponentials with a gamma-distributed height.
    ShotNoise {
        /// Time constant of their rise, ms.
        rise: f64,
        /// Time constant of their decay, ms.
        decay: f64,
        /// What shots there are.
        shots: Shots,
    },
}

/// How many shots there are, and how high they are.
#[derive(Debug, Clone, PartialEq)]
pub enum Shots {
    /// As given.
    Given {
        /// How many in a second.
        rate: f64,
        /// Mean of their heights, nA.
        mean: f64,
        /// Variance of their heights, nA2.
        variance: f64,
    },
    /// So that the current has a mean and a standard deviation.
    Moments {
        /// The mean.
        mean: Level,
        /// The standard deviation.
        sigma: Level,
        /// Coefficient of variation of heights.
        variation: f64,
    },
}

/// A current.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// In nA.
    Absolute(f64),
    /// In percent of the threshold current of each cell.
    Percent(f64),
}

/// Modules that give a current.
pub(super) const MODULES: [&str; 12] = [
    "linear",
    "relative_linear",
    "pulse",
    "sinusoidal",
    "subthreshold",
    "hyperpolarizing",
    "noise",
    "shot_noise",
    "absolute_shot_noise",
    "relative_shot_noise",
    "ornstein_uhlenbeck",
    "relative_ornstein_uhlenbeck",
];

/// Reads a current.
pub(super) fn stimulus(o: Object<'_>, module: &str) -> Option<Stimulus> {
    let node_set = node_set(&o, "node_set", "all");
    let delay = o.need("delay", "start, ms", Object::number);
    let duration = o.need("duration", "length, ms", Object::number);
    let seed = o.get("random_seed").map(|_| {
        let seed = o.count("random_seed")?;
        let fits = u32::try_from(seed).ok();
        if fits.is_none() {
            o.invalid("random_seed", "expected a number below 2^32");
        }
        fits
    });
    let shape = shape(&o, module);
    // It decides what belongs to the membrane's current.
    let _ = o.flag("represents_physical_electrode");
    o.unsupported(&[
        ("compartment_set", "currents go into the soma: give node_set"),
        ("reversal", "only currents are supported, no conductances: give input_type \"current_clamp\""),
    ]);
    o.finish();
    if duration.is_some_and(|duration| duration < 0.0) {
        return None;
    }
    let seed = match seed {
        None => None,
        Some(seed) => Some(seed?),
    };
    Some(Stimulus { node_set, delay: delay?, duration: duration?, shape: shape?, seed })
}

fn shape(o: &Object<'_>, module: &str) -> Option<Shape> {
    let number = |key: &str, help| o.need(key, help, Object::number);
    let positive = |key: &str, help| o.need(key, help, Object::positive);
    let interval = |default: f64| if o.get("dt").is_some() { o.positive("dt") } else { Some(default) };
    let or = |key: &str, default: f64| if o.get(key).is_some() { o.number(key) } else { Some(default) };
    Some(match module {
        "linear" => {
            let start = number("amp_start", "current at the start, nA")?;
            Shape::Linear { start: Level::Absolute(start), end: Level::Absolute(or("amp_end", start)?) }
        }
        "relative_linear" => {
            let start = number("percent_start", "percent of the threshold current at the start")?;
            Shape::Linear { start: Level::Percent(start), end: Level::Percent(or("percent_end", start)?) }
        }
        "subthreshold" => {
            let less = number("percent_less", "percent below the threshold current")?;
            Shape::Linear { start: Level::Percent(100.0 - less), end: Level::Percent(100.0 - less) }
        }
        "pulse" => {
            let (amp, width) = (number("amp_start", "height of the pulses, nA"), positive("width", "their width, ms"));
            let frequency = positive("frequency", "pulses in a second");
            Shape::Pulse { amp: amp?, width: width?, frequency: frequency? }
        }
        "sinusoidal" => {
            let amp = number("amp_start", "amplitude, nA");
            // It is computed at every step.
            let _ = o.get("dt");
            Shape::Sinusoidal { amp: amp?, frequency: positive("frequency", "Hz")? }
        }
        "hyperpolarizing" => Shape::Hyperpolarizing,
        "noise" => {
            let mean = match o.get("mean_percent") {
                Some(_) => o.number("mean_percent").map(Level::Percent),
                None => number("mean", "mean, nA").map(Level::Absolute),
            };
            let variance = o.need("variance", "variance, nA2", Object::positive);
            Shape::Noise { mean: mean?, variance: variance?, interval: interval(0.5)? }
        }
        "ornstein_uhlenbeck" => {
            let tau = positive("tau", "time constant, ms");
            let mean = number("mean", "mean, nA").map(Level::Absolute);
            let sigma = positive("sigma", "standard deviation, nA").map(Level::Absolute);
            Shape::OrnsteinUhlenbeck { tau: tau?, mean: mean?, sigma: sigma?, interval: interval(0.25)? }
        }
        "relative_ornstein_uhlenbeck" => {
            let tau = positive("tau", "time constant, ms");
            let mean = number("mean_percent", "mean, percent of the threshold current").map(Level::Percent);
            let sigma = positive("sd_percent", "standard deviation, percent of the threshold current");
            let sigma = sigma.map(Level::Percent);
            Shape::OrnsteinUhlenbeck { tau: tau?, mean: mean?, sigma: sigma?, interval: interval(0.25)? }
        }
        "shot_noise" | "absolute_shot_noise" | "relative_shot_noise" => {
            let (rise, decay) = (positive("rise_time", "ms"), positive("decay_time", "ms"));
            // Times of shots are exact, whatever the step.
            let _ = o.get("dt");
            let shots = shots(o, module);
            let (rise, decay) = (rise?, decay?);
            if rise >= decay {
                o.invalid("rise_time", format!("{rise} ms must be shorter than decay_time, {decay} ms"));
                return None;
            }
            Shape::ShotNoise { rise, decay, shots: shots? }
        }
        _ => {
            let text = format!("the module {module}");
            o.problem("module", Problem::Unsupported(text));
            return None;
        }
    })
}

fn shots(o: &Object<'_>, module: &str) -> Option<Shots> {
    let number = |key: &str, help| o.need(key, help, Object::number);
    let positive = |key: &str, help| o.need(key, help, Object::positive);
    if module == "shot_noise" {
        let (rate, mean) = (positive("rate", "shots in a second"), number("amp_mean", "mean height, nA"));
        let variance = positive("amp_var", "variance of heights, nA2");
        return Some(Shots::Given { rate: rate?, mean: mean?, variance: variance? });
    }
    let variation = positive("amp_cv", "coefficient of variation of heights");
    let (mean, sigma) = match module {
        "absolute_shot_noise" => (
            number("mean", "mean, nA").map(Level::Absolute),
            positive("sigma", "standard deviation, nA").map(Level::Absolute),
        ),
        _ => (
            number("mean_percent", "mean, percent of the threshold current").map(Level::Percent),
            positive("sd_percent", "standard deviation, percent of the threshold current").map(Level::Percent),
        ),
    };
    Some(Shots::Moments { mean: mean?, sigma: sigma?, variation: variation? })
}
