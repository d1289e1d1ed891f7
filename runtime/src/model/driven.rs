//! Variables of point processes that are set from outside, before the currents of each step.

use cell::SectionId;
use std::sync::Arc;

/// A variable that follows the membrane potential of another place, as `vgap` of a gap junction does: NEURON's
/// `ParallelContext.source_var` and `target_var`.
///
/// During a step it has the potential at the beginning of the step; mechanisms advance their states with the potential at
/// its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// Index of the cell whose potential it is.
    pub cell: usize,
    /// The section, by order of creation in the cell (not SONATA's section id).
    pub section: SectionId,
    /// Position in the section, 0 to 1.
    pub x: f64,
    /// Index of the point process.
    pub point: usize,
    /// Its variable.
    pub variable: Arc<str>,
}

/// A course in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Its values, one a step.
    pub values: Arc<[f64]>,
    /// The step of the first of them. It is 0 before.
    pub start: u64,
    /// Whether it begins again after the last one; otherwise that stays.
    pub repeats: bool,
}

impl Course {
    fn at(&self, step: u64) -> f64 {
        let (Some(since), Some(last)) = (step.checked_sub(self.start), self.values.len().checked_sub(1)) else {
            return 0.0;
        };
        let index = if self.repeats { since % self.values.len() as u64 } else { since.min(last as u64) };
        self.values[index as usize]
    }
}

impl FromIterator<f64> for Course {
    /// Values from the first step on.
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self { values: values.into_iter().collect(), start: 0, repeats: false }
    }
}

/// A variable that follows a sum of courses: NEURON's `Vector.play`.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// Index of the point process.
    pub point: usize,
    /// Its variable.
    pub variable: Arc<str>,
    /// What is added up: factor and index of the course.
    pub terms: Arc<[(f64, u32)]>,
}

/// The value of a sum of courses in a step.
pub fn value(terms: &[(f64, u32)], courses: &[Course], step: u64) -> f64 {
    match *terms {
        // Without a round-off of its own.
        [(1.0, course)] => courses[course as usize].at(step),
        _ => terms.iter().map(|&(factor, course)| factor * courses[course as usize].at(step)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_stay_after_their_end() {
        let courses: Vec<Course> = [vec![1.0, 2.0], vec![], vec![10.0]].map(Course::from_iter).into();
        let at = |step| value(&[(1.0, 0), (3.0, 1), (0.5, 2)], &courses, step);
        assert_eq!([0, 1, 7, u64::MAX].map(at), [6.0, 7.0, 7.0, 7.0]);
        assert_eq!(value(&[(1.0, 0)], &courses, 1), 2.0);
        assert_eq!(value(&[], &courses, 1), 0.0);
    }

    #[test]
    fn courses_begin_later_and_repeat() {
        let course = Course { values: Arc::from([1.0, 2.0, 3.0]), start: 2, repeats: true };
        assert_eq!([0, 1, 2, 3, 4, 5, 9].map(|step| course.at(step)), [0.0, 0.0, 1.0, 2.0, 3.0, 1.0, 2.0]);
    }
}
