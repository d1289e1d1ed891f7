//! Spike trains of Poisson processes, as inputs of virtual cells.
//!
//! Each train has a stream of random numbers of its own, [`Stream`]`(seed, train of its population's name and the call,
//! node id)`, so that it depends on nothing else: adding nodes changes no other train. Intervals are `-ln(1 - u) / rate`;
//! where the rate varies, candidates come at the highest rate and are kept with the probability rate / highest rate, the
//! rate being interpolated between its samples (thinning: Lewis and Shedler 1979; Dayan and Abbott 2001, ch. 1).
//!
//! Refractory trains follow BMTK: a candidate at an interval `d` after the one before is kept with the probability
//! `1 - exp(-(d - abs_ref) / tau_ref)`, none within `abs_ref`, and the candidates' rate is raised so that the wanted rate
//! is left. BMTK fits a polynomial to find that rate, here it is found by bisection.

use crate::{Error, Result, Stream};
use sonata::spikes::{self, SortOrder, Spikes};
use std::path::Path;

/// Rates over time.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// The same at all times, Hz.
    Constant {
        /// Hz.
        rate: f64,
        /// Begin, s.
        start: f64,
        /// End, s.
        stop: f64,
    },
    /// Hz at ascending times (s), linear between them.
    Varying {
        /// Hz.
        rates: Vec<f64>,
        /// s.
        times: Vec<f64>,
    },
}

/// Times after a spike in which others are rare, s.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Refractory {
    /// There is no spike within this time of the last candidate.
    pub absolute: f64,
    /// Time constant with which the rate recovers after that.
    pub relative: f64,
}

/// Makes spike trains.
#[derive(Debug, Clone)]
pub struct PoissonSpikes {
    seed: u64,
    calls: u64,
    /// In order of their first spikes; times in ms.
    populations: Vec<Spikes>,
}

fn wrong<T>(argument: &str, message: impl Into<String>) -> Result<T> {
    Err(Error::argument("PoissonSpikeGenerator.add", argument, message))
}

impl PoissonSpikes {
    /// A generator without trains.
    pub fn new(seed: u64) -> PoissonSpikes {
        PoissonSpikes { seed, calls: 0, populations: Vec::new() }
    }

    /// Makes a train for each node of a population; a node that has one already gets more spikes.
    ///
    /// # Errors
    /// When a rate or time is negative or no number, times do not ascend, or no rate is possible with the refractory
    /// times.
    pub fn add(&mut self, population: &str, node_ids: &[u64], rate: &Rate, refractory: Refractory) -> Result<()> {
        let (times, rates) = samples(rate)?;
        let rates = rates.iter().map(|&rate| refractory.candidates(rate)).collect::<Result<Vec<_>>>()?;
        let highest = rates.iter().copied().fold(0.0, f64::max);
        let at = self.populations.iter().position(|p| p.population == population).unwrap_or_else(|| {
            self.populations.push(Spikes { population: population.to_owned(), ..Spikes::default() });
            self.populations.len() - 1
        });
        let purpose = name_number(population).wrapping_add(self.calls);
        self.calls += 1;
        if highest <= 0.0 {
            return Ok(());
        }
        let spikes = &mut self.populations[at];
        for &node in node_ids {
            let mut stream = Stream::new(self.seed, purpose, node);
            let (mut time, mut after) = (times[0], 1);
            loop {
                let interval = -(1.0 - stream.uniform()).ln() / highest;
                time += interval;
                if time > times[times.len() - 1] {
                    break;
                }
                while after + 1 < times.len() && times[after] <= time {
                    after += 1;
                }
                let (t0, t1, r0, r1) = (times[after - 1], times[after], rates[after - 1], rates[after]);
                let probability = (r0 + (r1 - r0) * (time - t0) / (t1 - t0)) / highest * refractory.recovered(interval);
                if probability >= 1.0 || stream.uniform() < probability {
                    spikes.timestamps.push(time * 1000.0);
                    spikes.node_ids.push(node);
                }
            }
        }
        Ok(())
    }

    /// The spikes by population: times in ms.
    pub fn spikes(&self) -> &[Spikes] {
        &self.populations
    }

    /// Writes an HDF5 file of SONATA.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn to_sonata(&self, path: &Path, order: SortOrder) -> Result<()> {
        Ok(spikes::write_h5(path, &self.populations, order, sonata::h5::Compression::Gzip)?)
    }

    /// Writes a text file with a line for each spike.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn to_csv(&self, path: &Path, order: SortOrder) -> Result<()> {
        Ok(spikes::write_csv(path, &self.populations, order)?)
    }
}

/// Times and rates, checked.
fn samples(rate: &Rate) -> Result<(Vec<f64>, Vec<f64>)> {
    let (times, rates) = match rate {
        Rate::Constant { rate, start, stop } => (vec![*start, *stop], vec![*rate; 2]),
        Rate::Varying { rates, times } => (times.clone(), rates.clone()),
    };
    if rates.len() != times.len() {
        return wrong("times", format!("{} times for {} rates", times.len(), rates.len()));
    }
    if times.len() < 2 {
        return wrong("times", "at least a start and an end are needed");
    }
    if let Some(bad) = rates.iter().find(|rate| !(rate.is_finite() && **rate >= 0.0)) {
        return wrong("firing_rate", format!("{bad} Hz is no rate"));
    }
    if let Some(pair) = times.windows(2).find(|pair| !(pair[0] < pair[1] && pair[0].is_finite() && pair[1].is_finite()))
    {
        return wrong("times", format!("{} s is not after {} s", pair[1], pair[0]));
    }
    Ok((times, rates))
}

impl Refractory {
    /// The probability that a candidate so long after the one before is a spike.
    fn recovered(self, interval: f64) -> f64 {
        let Refractory { absolute, relative } = self;
        match interval > absolute {
            false if absolute > 0.0 => 0.0,
            _ if relative > 0.0 => (1.0 - (-(interval - absolute) / relative).exp()).max(0.0),
            _ => 1.0,
        }
    }

    /// The rate that is left of candidates at a rate.
    fn left(self, rate: f64) -> f64 {
        let Refractory { absolute, relative } = self;
        if relative > 0.0 {
            // exp(-r a) - r tau / (r tau + 1) exp(a / tau - (r + 1 / tau) a), whose exponent is -r a.
            (-rate * absolute).exp() * rate / (rate * relative + 1.0)
        } else {
            (-rate * absolute).exp() * rate
        }
    }

    /// The rate of candidates of which a rate is left.
    fn candidates(self, rate: f64) -> Result<f64> {
        for (name, time) in [("abs_ref", self.absolute), ("tau_ref", self.relative)] {
            if !(time.is_finite() && time >= 0.0) {
                return wrong(name, format!("{time} s is no refractory time"));
            }
        }
        if self == Refractory::default() || rate == 0.0 {
            return Ok(rate);
        }
        // Where the rate that is left is highest: the derivative of its logarithm, 1 / r - a - tau / (r tau + 1), is 0.
        let Refractory { absolute: a, relative: tau } = self;
        let (mut low, mut high) = match (a > 0.0, tau > 0.0) {
            (false, _) => (0.0, 1e6),
            (true, false) => (0.0, 1.0 / a),
            (true, true) => (0.0, ((1.0 + 4.0 * tau / a).sqrt() - 1.0) / (2.0 * tau)),
        };
        let limit = self.left(high);
        if rate > limit {
            let message = format!("{rate} Hz is impossible with abs_ref={a} s and tau_ref={tau} s, at most {limit:.3}");
            return wrong("firing_rate", message);
        }
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if self.left(middle) < rate { low = middle } else { high = middle }
        }
        Ok(high)
    }
}

/// A number for a name (FNV-1a).
fn name_number(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constant(rate: f64, stop: f64) -> Rate {
        Rate::Constant { rate, start: 0.0, stop }
    }

    fn made(rate: &Rate, refractory: Refractory) -> Spikes {
        let mut poisson = PoissonSpikes::new(1);
        poisson.add("lgn", &(0..100).collect::<Vec<_>>(), rate, refractory).unwrap();
        poisson.spikes()[0].clone()
    }

    #[test]
    fn counts_and_intervals_are_those_of_a_poisson_process() {
        let spikes = made(&constant(20.0, 10.0), Refractory::default());
        // 20,000 expected, standard deviation 141.
        assert!((19_400..20_600).contains(&spikes.len()), "{}", spikes.len());
        let mut counts = [0.0; 100];
        spikes.node_ids.iter().for_each(|&id| counts[id as usize] += 1.0);
        let mean = counts.iter().sum::<f64>() / 100.0;
        let variance = counts.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / 99.0;
        // The variance of counts equals their mean; its standard error is 14 %.
        assert!((variance / mean - 1.0).abs() < 0.5, "{}", variance / mean);
        assert!(spikes.timestamps.iter().all(|&t| (0.0..=10_000.0).contains(&t)));
    }

    #[test]
    fn a_varying_rate_is_followed() {
        let rate = Rate::Varying { rates: vec![0.0, 40.0, 0.0], times: vec![1.0, 2.0, 5.0] };
        let spikes = made(&rate, Refractory::default());
        let count = |from: f64, to: f64| spikes.timestamps.iter().filter(|&&t| t >= from && t < to).count();
        // 100 trains: 2000 and 6000 expected.
        assert!((1_780..2_220).contains(&count(1000.0, 2000.0)) && (5_610..6_390).contains(&count(2000.0, 5000.0)));
        assert_eq!(spikes.len(), count(1000.0, 5000.0));
        assert!((400..600).contains(&count(1000.0, 1500.0)), "{}", count(1000.0, 1500.0));
    }

    #[test]
    fn refractory_trains_keep_their_rate() {
        let refractory = Refractory { absolute: 0.002, relative: 0.005 };
        let spikes = made(&constant(30.0, 10.0), refractory);
        assert!((29_000..31_000).contains(&spikes.len()), "{}", spikes.len());
        let close = spikes.timestamps.windows(2).zip(spikes.node_ids.windows(2));
        assert!(close.filter(|(_, ids)| ids[0] == ids[1]).all(|(t, _)| t[1] - t[0] > 2.0));
        // Without the correction, closed form and integral agree.
        let left = refractory.left(100.0);
        let sum: f64 = (0..400_000)
            .map(|i| (f64::from(i) + 0.5) * 1e-6)
            .map(|d| 100.0 * (-100.0 * d).exp() * refractory.recovered(d) * 1e-6)
            .sum();
        assert!((left / 100.0 - sum).abs() < 1e-5, "{left} {sum}");
    }

    #[test]
    fn trains_depend_on_seed_population_and_node_alone() {
        let train = |seed, population: &str, nodes: &[u64]| {
            let mut poisson = PoissonSpikes::new(seed);
            poisson.add(population, nodes, &constant(10.0, 5.0), Refractory::default()).unwrap();
            let spikes = poisson.spikes()[0].clone();
            let own = spikes.timestamps.iter().zip(&spikes.node_ids).filter(|(_, id)| **id == 7);
            own.map(|(t, _)| *t).collect::<Vec<_>>()
        };
        assert_eq!(train(3, "a", &[7]), train(3, "a", &[1, 2, 7]));
        assert_ne!(train(3, "a", &[7]), train(4, "a", &[7]));
        assert_ne!(train(3, "a", &[7]), train(3, "b", &[7]));
    }

    #[test]
    fn files_hold_the_spikes() {
        let folder = tempfile::tempdir().unwrap();
        let mut poisson = PoissonSpikes::new(1);
        poisson.add("lgn", &[4, 2], &constant(50.0, 1.0), Refractory::default()).unwrap();
        for name in ["s.h5", "s.csv"] {
            let path = folder.path().join(name);
            match name {
                "s.h5" => poisson.to_sonata(&path, SortOrder::ByTime).unwrap(),
                _ => poisson.to_csv(&path, SortOrder::ByTime).unwrap(),
            }
            let read = spikes::read(&path).unwrap();
            assert_eq!((read.len(), read[0].len()), (1, poisson.spikes()[0].len()));
            assert!(read[0].timestamps.is_sorted());
        }
    }

    #[test]
    fn wrong_arguments_are_named() {
        let fails = |rate: Rate, refractory| {
            let error = PoissonSpikes::new(1).add("lgn", &[0], &rate, refractory).unwrap_err().to_string();
            error.strip_prefix("PoissonSpikeGenerator.add: ").unwrap().to_owned()
        };
        let none = Refractory::default();
        assert_eq!(fails(constant(-1.0, 1.0), none), "firing_rate: -1 Hz is no rate");
        assert_eq!(fails(constant(1.0, 0.0), none), "times: 0 s is not after 0 s");
        let varying = Rate::Varying { rates: vec![1.0; 3], times: vec![0.0; 2] };
        assert_eq!(fails(varying, none), "times: 2 times for 3 rates");
        let negative = Refractory { absolute: -1.0, relative: 0.0 };
        assert_eq!(fails(constant(1.0, 1.0), negative), "abs_ref: -1 s is no refractory time");
        let long = Refractory { absolute: 0.1, relative: 0.0 };
        assert!(fails(constant(50.0, 1.0), long).starts_with("firing_rate: 50 Hz is impossible with abs_ref=0.1 s"));
    }
}
