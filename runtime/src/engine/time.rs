//! Time of a step.

/// Maps step numbers to times.
///
/// Time is `step * dt`. For comparison with NEURON it can be accumulated instead, half a step at a
/// time, with NEURON's round-off.
#[derive(Clone, Debug)]
pub struct TimeAxis {
    dt: f64,
    accumulated: Option<Vec<[f64; 2]>>,
}

impl TimeAxis {
    /// Exact multiples of `dt`, ms.
    pub fn exact(dt: f64) -> Self {
        Self { dt, accumulated: None }
    }

    /// NEURON's accumulated time for `steps` steps.
    pub fn accumulated(dt: f64, steps: u64) -> Self {
        let half = 0.5 * dt;
        let mut t = 0.0;
        let times = (0..=steps)
            .map(|_| {
                let begin = t;
                t += half;
                let middle = t;
                t += half;
                [begin, middle]
            })
            .collect();
        Self { dt, accumulated: Some(times) }
    }

    /// Time step, ms.
    pub fn dt(&self) -> f64 {
        self.dt
    }

    /// Time at the beginning of a step, ms.
    pub fn begin(&self, step: u64) -> f64 {
        self.lookup(step, 0).unwrap_or(step as f64 * self.dt)
    }

    /// Time in the middle of a step, ms.
    pub fn middle(&self, step: u64) -> f64 {
        self.lookup(step, 1).unwrap_or((step as f64 + 0.5) * self.dt)
    }

    fn lookup(&self, step: u64, column: usize) -> Option<f64> {
        let times = self.accumulated.as_ref()?;
        times.get(usize::try_from(step).ok()?).map(|pair| pair[column])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accumulated_time_has_neurons_round_off() {
        let axis = TimeAxis::accumulated(0.1, 10_000);
        assert!((axis.begin(10_000) - 1000.0).abs() < 1e-8);
        assert_ne!(axis.begin(10_000), 1000.0);
        assert_eq!(TimeAxis::exact(0.1).begin(10_000), 1000.0);
    }
}
