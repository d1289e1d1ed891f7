//! The reals and indices of one cell group, as `shaders/group.wgsl` describes them.

use std::ops::Range;

/// What a range of an image is for: `CHANGING` and `SCRATCH` of `shaders/group.wgsl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Only initialisation changes it.
    Fixed = 0,
    /// Steps change it.
    Changing = 1,
    /// Nothing in it outlasts a step.
    Scratch = 2,
}

/// Reals and places under construction.
#[derive(Debug, Default)]
pub(super) struct Image {
    pub(super) values: Vec<f64>,
    /// Indices that steps need.
    pub(super) places: Vec<u32>,
    /// The whole of `values`, in order.
    ranges: Vec<(Range<usize>, Use)>,
}

impl Image {
    /// Appends reals; gives where they begin.
    pub(super) fn reals(&mut self, values: impl IntoIterator<Item = f64>, what: Use) -> u32 {
        let at = self.values.len();
        self.values.extend(values);
        let added = at..self.values.len();
        match self.ranges.last_mut() {
            Some((range, of)) if *of == what => range.end = added.end,
            _ if added.is_empty() => {}
            _ => self.ranges.push((added, what)),
        }
        at as u32
    }

    pub(super) fn zeros(&mut self, count: usize, what: Use) -> u32 {
        self.reals(std::iter::repeat_n(0.0, count), what)
    }

    /// Each value once for each lane.
    pub(super) fn spread(&mut self, values: &[f64], lanes: usize, what: Use) -> u32 {
        self.reals(values.iter().flat_map(|&value| std::iter::repeat_n(value, lanes)), what)
    }

    /// Appends places; gives where they begin.
    pub(super) fn table(&mut self, places: &[u32]) -> u32 {
        let at = self.places.len();
        self.places.extend_from_slice(places);
        at as u32
    }

    /// Count of the reals of a use.
    pub(super) fn count(&self, what: Use) -> usize {
        self.ranges.iter().filter(|(_, of)| *of == what).map(|(range, _)| range.len()).sum()
    }

    /// The ranges as `resident.wgsl` reads them: their count, then of each its beginning, its length and its use.
    pub(super) fn ranges(&self) -> Vec<u32> {
        let of_range = |(range, what): &(Range<usize>, Use)| [range.start as u32, range.len() as u32, *what as u32];
        let mut words = vec![self.ranges.len() as u32];
        words.extend(self.ranges.iter().flat_map(of_range));
        words
    }
}

/// A part of a snapshot: some reals of an image, so many times; zeros where they are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where in the image.
    pub(super) range: Range<usize>,
    /// How often.
    pub(super) times: usize,
}

impl Piece {
    /// Reals of an image, so many times.
    pub(super) fn values(range: Range<usize>, times: usize) -> Self {
        let times = if range.is_empty() { 0 } else { times };
        Self { range, times }
    }

    /// What nobody keeps.
    pub(super) fn zeros(times: usize) -> Self {
        Self { range: 0..0, times }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_one_use_are_joined() {
        let mut image = Image::default();
        assert_eq!(image.reals([1.0, 2.0], Use::Changing), 0);
        assert_eq!(image.spread(&[3.0], 2, Use::Changing), 2);
        assert_eq!(image.zeros(0, Use::Fixed), 4);
        assert_eq!(image.zeros(3, Use::Scratch), 4);
        assert_eq!(image.ranges(), [2, 0, 4, 1, 4, 3, 2]);
        assert_eq!((image.count(Use::Changing), image.count(Use::Fixed), image.values.len()), (4, 0, 7));
    }
}
