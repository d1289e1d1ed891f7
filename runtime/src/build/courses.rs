//! Courses in time, one value a step.

use super::csv::Table;
use crate::model::Course;
use crate::problem::Problem;
use std::path::Path;

/// Adds a course to a network's; gives its number.
pub fn add(courses: &mut Vec<Course>, course: Course) -> u32 {
    courses.push(course);
    courses.len() as u32 - 1
}

/// Values that follow each other at an interval from t = 0 on, as NEURON's `Vector.play(variable, interval)` has them
/// follow: each is set by an event, the last one due by the middle of a step counts, and the last value stays. Both times
/// are added up with NEURON's round-off, which decides where an event falls on the middle of a step.
pub fn play(values: &[f64], interval: f64, dt: f64, steps: usize) -> Course {
    let (mut t, mut due, mut index) = (0.0, 0.0, 0);
    let mut current = 0.0;
    let mut course = Vec::with_capacity(steps);
    for _ in 0..steps {
        while index < values.len() && due <= t + 0.5 * dt {
            current = values[index];
            index += 1;
            due += interval;
        }
        course.push(current);
        t += 0.5 * dt;
        t += 0.5 * dt;
    }
    Course::from_iter(course)
}

/// Points of a course, with straight lines between them.
pub struct Points {
    times: Vec<f64>,
    values: Vec<f64>,
}

impl Points {
    /// Reads a table with the columns `time`, ms, and `amplitude`.
    pub fn read(file: &Path) -> Result<Self, Problem> {
        let read = || {
            let table = Table::read(file, " ")?;
            let (times, values) = (table.numbers("time")?, table.numbers("amplitude")?);
            if times.is_empty() {
                return Err(Problem::model("the waveform has no rows"));
            }
            if !times.is_sorted() {
                return Err(Problem::model("the times of the waveform must ascend"));
            }
            Ok(Self { times, values })
        };
        read().map_err(|problem: Problem| problem.in_file(file))
    }

    /// Time from the first to the last, ms.
    pub fn length(&self) -> f64 {
        self.times[self.times.len() - 1] - self.times[0]
    }

    /// The value at a time, ms.
    pub fn at(&self, t: f64) -> f64 {
        interpolate(&self.times, &self.values, t)
    }
}

/// Straight lines between points, of which there is one; before the first and after the last its value.
pub fn interpolate(times: &[f64], values: &[f64], t: f64) -> f64 {
    let after = times.partition_point(|&time| time <= t);
    match (after.checked_sub(1), times.get(after)) {
        (None, _) => values[0],
        (Some(before), None) => values[before],
        (Some(before), Some(end)) => {
            let slope = (values[after] - values[before]) / (end - times[before]);
            slope * (t - times[before]) + values[before]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn values(given: &[f64], interval: f64, dt: f64, steps: usize) -> Arc<[f64]> {
        play(given, interval, dt, steps).values
    }

    #[test]
    fn the_last_value_due_by_the_middle_of_a_step_counts() {
        assert_eq!(*values(&[1.0, 2.0, 3.0], 1.0, 0.5, 6), [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]);
        assert_eq!(*values(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], 0.25, 1.0, 3), [2.0, 5.0, 5.0]);
        assert_eq!(*values(&[], 1.0, 1.0, 2), [0.0, 0.0]);
    }
}
