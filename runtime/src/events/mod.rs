//! Delivery of spikes to point processes: NetCons, delays, and the queue between windows.

mod queue;
mod router;
mod trains;

pub use queue::EventQueue;
pub use router::Router;
pub use trains::SpikeTrains;

use crate::engine::TimeAxis;

/// NEURON stamps a spike this much after the beginning of its step, ms.
pub const SPIKE_TIME_OFFSET: f64 = 1e-10;

/// A step that no simulation reaches; beyond it, step numbers are no longer exact in an `f64`.
const NEVER: u64 = 1 << 52;

/// The step before whose currents an event at `time` is delivered: the first whose middle is not
/// before it (NEURON delivers events with `te <= t + dt/2`).
pub fn delivery_step(axis: &TimeAxis, time: f64) -> u64 {
    if time / axis.dt() >= NEVER as f64 { NEVER } else { axis.first_middle_from(time) }
}

/// Steps that surely lie between a spike's step and the delivery of an event `delay` ms later.
///
/// Rounded down where round-off could decide.
pub fn steps_of_delay(delay: f64, dt: f64) -> u64 {
    ((delay + SPIKE_TIME_OFFSET) / dt - 0.5 - 1e-6).ceil().clamp(0.0, NEVER as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_delivered_before_the_first_step_whose_middle_is_not_before_them() {
        let axis = TimeAxis::new(0.025);
        let spike = axis.begin(55) + SPIKE_TIME_OFFSET;
        for (delay, steps) in [(0.0, 0), (0.0124, 0), (0.02, 1), (0.025, 1), (0.0374, 1), (0.0375, 2), (1.0, 40)] {
            assert_eq!(delivery_step(&axis, spike + delay), 55 + steps, "delay {delay}");
            assert_eq!(steps_of_delay(delay, 0.025).min(steps), steps_of_delay(delay, 0.025), "delay {delay}");
        }
        assert_eq!(delivery_step(&axis, 0.0), 0);
    }

    #[test]
    fn events_far_in_the_future_are_never_delivered() {
        for time in [1e15, 1e300, f64::MAX, f64::INFINITY] {
            assert_eq!(delivery_step(&TimeAxis::new(0.025), time), NEVER, "{time}");
            assert_eq!(steps_of_delay(time, 0.025), NEVER, "{time}");
        }
    }
}
