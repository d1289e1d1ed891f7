//! Time of a step.

/// Half steps that no run reaches; up to there times grow with every one.
const MOST: f64 = 1e13;

/// Maps step numbers to times, with NEURON's round-off.
///
/// NEURON adds `dt/2` twice a step, and an event belongs to the step whose middle it does not exceed. Where events fall
/// on middles of steps, as those of spike trains in tenths of a millisecond and of spikes with round delays do, the
/// round-off in that sum decides the step; with `step * dt` a synapse would open a step sooner or later than in
/// NEURON.
///
/// Between two powers of two all these sums round alike but for the first, so that a few stretches of equal increments
/// give the same numbers as adding does.
#[derive(Clone, Debug)]
pub struct TimeAxis {
    dt: f64,
    stretches: Vec<Stretch>,
}

/// Half steps with one increment.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    first: u64,
    start: f64,
    increment: f64,
}

impl TimeAxis {
    /// Times for a time step, ms.
    pub fn new(dt: f64) -> Self {
        let half = 0.5 * dt;
        let (mut first, mut start) = (0, 0.0);
        let mut stretches: Vec<Stretch> = Vec::new();
        while start < MOST * half {
            let next: f64 = start + half;
            let increment = next - start;
            if stretches.last().is_none_or(|last| last.increment != increment) {
                stretches.push(Stretch { first, start, increment });
            }
            let count = alike(start, next, half);
            first += count;
            start += count as f64 * increment;
        }
        Self { dt, stretches }
    }

    /// Time step, ms.
    pub fn dt(&self) -> f64 {
        self.dt
    }

    /// Time at the beginning of a step, ms.
    pub fn begin(&self, step: u64) -> f64 {
        self.at(2 * step)
    }

    /// Time in the middle of a step, ms.
    pub fn middle(&self, step: u64) -> f64 {
        self.at(2 * step + 1)
    }

    /// The first step whose middle is not before a time, ms.
    pub fn first_middle_from(&self, time: f64) -> u64 {
        let after = self.stretches.partition_point(|stretch| stretch.start < time);
        let Some(Stretch { first, start, increment }) = after.checked_sub(1).map(|last| self.stretches[last]) else {
            return 0;
        };
        let mut count = ((time - start) / increment).ceil();
        if start + count * increment < time {
            count += 1.0;
        } else if start + (count - 1.0) * increment >= time {
            count -= 1.0;
        }
        (first + count as u64) / 2
    }

    fn at(&self, half_step: u64) -> f64 {
        let after = self.stretches.partition_point(|stretch| stretch.first <= half_step);
        // The first one begins at 0.
        let Stretch { first, start, increment } = self.stretches[after - 1];
        start + (half_step - first) as f64 * increment
    }
}

/// For how many additions, at least, the increment is that of the first, which led from `start` to `next`: up to the next
/// power of two, where numbers get coarser, if the second has it too. (Where sums lie halfway between two numbers they
/// are rounded to the even one; from an even one all are then rounded alike.)
fn alike(start: f64, next: f64, half: f64) -> u64 {
    let power = 2f64.powi(next.log2().floor() as i32);
    if start < power || (next + half) - next != next - start {
        return 1;
    }
    (((2.0 * power - start) / (next - start)).floor() as u64).saturating_sub(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_adding_half_steps() {
        for dt in [0.025, 0.1, 0.05, 0.0125, 0.01, 0.03, 0.1 / 3.0, 0.2, 0.125, 1.0, 0.7, 1e-3] {
            let axis = TimeAxis::new(dt);
            let mut t = 0.0;
            for step in 0..2_000_000 {
                assert_eq!(axis.begin(step).to_bits(), f64::to_bits(t), "begin of step {step} of {dt} ms");
                t += 0.5 * dt;
                assert_eq!(axis.middle(step).to_bits(), f64::to_bits(t), "middle of step {step} of {dt} ms");
                assert_eq!(axis.first_middle_from(t), step, "until the middle of step {step} of {dt} ms");
                assert_eq!(axis.first_middle_from(t.next_up()), step + 1, "after the middle of step {step} of {dt} ms");
                t += 0.5 * dt;
            }
            assert!(axis.stretches.len() < 200);
        }
    }

    #[test]
    fn round_off_is_neurons() {
        // h.t after h.continuerun(1000) with dt = 0.1.
        assert_ne!(TimeAxis::new(0.1).begin(10_000), 1000.0);
        assert!((TimeAxis::new(0.1).begin(10_000) - 1000.0).abs() < 1e-8);
    }
}
