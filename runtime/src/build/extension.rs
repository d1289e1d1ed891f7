//! Currents by the SONATA extension: courses that are known, and random ones with streams of their own.
//!
//! A random current draws from the generator Random123 (Philox) with the identifiers {seed, gid, number of the input},
//! where the seed is the input's `random_seed`, or else `run.random_seed` plus `run.stimulus_seed`; so it depends neither on
//! threads nor on other inputs.

use super::{Builder, courses};
use crate::model::{Course, Played};
use crate::problem::Problem;
use sonata::config::{Level, Place, Shape, Shots, Stimulus};
use std::f64::consts::PI;
use std::sync::Arc;

/// Attributes of nodes, nA.
const THRESHOLD: &str = "threshold_current";
const HOLDING: &str = "holding_current";

/// Parameters of a mechanism.
type Parameters = Vec<(String, f64)>;

impl Builder<'_> {
    pub(super) fn stimulus(&mut self, name: &str, stimulus: &Stimulus) {
        let number = self.config.inputs.get_index_of(name).unwrap_or_default();
        let made = self.make_stimulus(name, number as u32, stimulus);
        let made = made.map_err(|problem| problem.note(format!("needed by /inputs/{name} of the configuration")));
        self.collector.keep(made);
    }

    fn make_stimulus(&mut self, name: &str, number: u32, stimulus: &Stimulus) -> Result<(), Problem> {
        let place = Place::Section { name: "soma".to_owned(), index: 0, dist: 0.5 };
        let Stimulus { node_set, delay, duration, .. } = stimulus;
        let mechanism = mechanism(&stimulus.shape);
        let points = self.clamps(name, node_set, &place, mechanism, &[&[("del", *delay), ("dur", *duration)]]);
        let run = &self.config.run;
        let seed = stimulus.seed.unwrap_or(run.stimulus_seed);
        // Where the course of all cells has the same shape.
        let known = course(stimulus, run.dt, run.steps());
        let courses = known.map(|known| known.map(|course| courses::add(&mut self.network.courses, course)));
        for point in points {
            let cell = self.network.point_processes[point].cell;
            if let Some([first, second]) = courses {
                let [start, end] = factors(&stimulus.shape);
                let terms = [(self.level(cell, start)?, first), (self.level(cell, end)?, second)];
                let terms: Arc<[(f64, u32)]> = terms.into_iter().filter(|(factor, _)| *factor != 0.0).collect();
                self.network.played.push(Played { point, variable: "amp".into(), terms });
                continue;
            }
            let more = self.parameters(cell, &stimulus.shape, [seed, self.gid_of(cell)?, number])?;
            let point = &mut self.network.point_processes[point];
            point.parameters = point.parameters.iter().cloned().chain(more).collect();
        }
        Ok(())
    }

    /// What the mechanism of a shape needs besides its time, for a cell.
    fn parameters(&self, cell: usize, shape: &Shape, ids: [u32; 3]) -> Result<Parameters, Problem> {
        let mut parameters = match *shape {
            Shape::Linear { .. } | Shape::Pulse { .. } | Shape::Sinusoidal { .. } => Vec::new(),
            Shape::Hyperpolarizing => vec![("amp".to_owned(), self.current_of(cell, HOLDING)?)],
            Shape::Noise { mean, variance, interval } => {
                named([("mean", self.level(cell, mean)?), ("sigma", variance.sqrt()), ("interval", interval)])
            }
            Shape::OrnsteinUhlenbeck { tau, mean, sigma, interval } => {
                let (mean, sigma) = (self.level(cell, mean)?, self.level(cell, sigma)?);
                named([("mean", mean), ("sigma", sigma), ("tau", tau), ("interval", interval)])
            }
            Shape::ShotNoise { rise, decay, ref shots } => {
                let [rate, mean, variance] = self.shots(cell, rise, decay, shots)?;
                let time = [("rise", rise), ("decay", decay), ("rate", rate / 1000.0)];
                named(time.into_iter().chain([("amp_mean", mean), ("amp_var", variance)]))
            }
        };
        if !matches!(shape, Shape::Hyperpolarizing) {
            // Words are kept by halves.
            for (word, id) in ids.into_iter().zip(["id1", "id2", "id3"]) {
                parameters.push((format!("generator.{id}"), f64::from(word & 0xffff)));
                parameters.push((format!("generator.{id}_high"), f64::from(word >> 16)));
            }
        }
        Ok(parameters)
    }

    /// Rate of shots, 1/s, mean and variance of their heights, nA. A current of mean m and variance s2 is, by Campbell's
    /// theorem for shots (a / peak) (exp(-t / decay) - exp(-t / rise)),
    /// m = rate a (decay - rise) / peak and s2 = rate <a2> (decay - rise)^2 / (2 (decay + rise) peak^2).
    fn shots(&self, cell: usize, rise: f64, decay: f64, shots: &Shots) -> Result<[f64; 3], Problem> {
        let (mean, sigma, variation) = match *shots {
            Shots::Given { rate, mean, variance } => return Ok([rate, mean, variance]),
            Shots::Moments { mean, sigma, variation } => (self.level(cell, mean)?, self.level(cell, sigma)?, variation),
        };
        if mean == 0.0 {
            return Err(Problem::model("shots cannot make a current with the mean 0"));
        }
        let top = (decay / rise).ln() / (1.0 / rise - 1.0 / decay);
        let peak = (-top / decay).exp() - (-top / rise).exp();
        let height =
            2.0 * peak * (decay + rise) * sigma * sigma / (mean * (decay - rise) * (1.0 + variation * variation));
        let rate = 1000.0 * mean * peak / (height * (decay - rise));
        Ok([rate, height, (variation * height).powi(2)])
    }

    /// A current, nA, for a cell.
    fn level(&self, cell: usize, level: Level) -> Result<f64, Problem> {
        match level {
            Level::Absolute(current) => Ok(current),
            Level::Percent(percent) => Ok(percent / 100.0 * self.current_of(cell, THRESHOLD)?),
        }
    }

    /// A current that a node's attributes give, nA.
    fn current_of(&self, cell: usize, name: &str) -> Result<f64, Problem> {
        let node = &self.network.cells[cell];
        let population = self.populations.named(&node.population)?;
        let row = population.nodes.row(node.node_id).unwrap_or_default();
        let attributes = population.nodes.attributes();
        for name in [format!("@dynamics:{name}"), name.to_owned()] {
            if attributes.has(&name)
                && let Some(current) = attributes.opt_f64(row, &name)?
            {
                return Ok(current);
            }
        }
        let text = format!("node {} of {} has no `{name}` (nA)", node.node_id, node.population);
        let help = format!("give nodes the attribute {name}, as dynamics_params/{name} in their HDF5 file");
        Err(Problem::model(text).in_file(&population.members.file).help(help))
    }

    fn gid_of(&self, cell: usize) -> Result<u32, Problem> {
        let node = &self.network.cells[cell];
        Ok((self.populations.named(&node.population)?.members.gid_offset + node.node_id) as u32)
    }
}

fn mechanism(shape: &Shape) -> &'static str {
    match shape {
        Shape::Linear { .. } | Shape::Pulse { .. } | Shape::Sinusoidal { .. } | Shape::Hyperpolarizing => "IClamp",
        Shape::Noise { .. } => "NoiseClamp",
        Shape::OrnsteinUhlenbeck { .. } => "OUClamp",
        Shape::ShotNoise { .. } => "ShotNoiseClamp",
    }
}

fn named<'a>(parameters: impl IntoIterator<Item = (&'a str, f64)>) -> Parameters {
    parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What the two courses of a shape are multiplied by.
fn factors(shape: &Shape) -> [Level; 2] {
    match *shape {
        Shape::Linear { start, end } => [start, end],
        Shape::Pulse { amp, .. } | Shape::Sinusoidal { amp, .. } => [Level::Absolute(amp), Level::Absolute(0.0)],
        _ => [Level::Absolute(0.0); 2],
    }
}

/// The courses that make up a shape, if it is known: their values in the middle of each step.
fn course(stimulus: &Stimulus, dt: f64, steps: usize) -> Option<[Course; 2]> {
    let Stimulus { delay, duration, ref shape, .. } = *stimulus;
    let at = |value: &dyn Fn(f64) -> f64| -> Course {
        (0..steps).map(|step| value((step as f64 + 0.5) * dt - delay)).collect()
    };
    match *shape {
        Shape::Linear { .. } => {
            let part = |time: f64| if duration > 0.0 { (time / duration).clamp(0.0, 1.0) } else { 0.0 };
            Some([at(&|time| 1.0 - part(time)), at(&part)])
        }
        Shape::Pulse { width, frequency, .. } => {
            let period = 1000.0 / frequency;
            Some([at(&|time| f64::from(time >= 0.0 && time % period < width)), at(&|_| 0.0)])
        }
        Shape::Sinusoidal { frequency, .. } => {
            Some([at(&|time| (2.0 * PI * frequency / 1000.0 * time).sin()), at(&|_| 0.0)])
        }
        Shape::Hyperpolarizing | Shape::Noise { .. } | Shape::OrnsteinUhlenbeck { .. } | Shape::ShotNoise { .. } => {
            None
        }
    }
}
