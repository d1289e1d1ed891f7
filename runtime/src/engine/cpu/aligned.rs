//! Arrays that begin where a cache line does, so that no vector of lanes straddles two.

use super::super::Real;
use std::ops::{Deref, DerefMut};

/// Bytes of a cache line, and of the longest vector.
const LINE: usize = 64;

/// An array of fixed length.
pub(super) struct Aligned<R> {
    values: Vec<R>,
    start: usize,
}

impl<R: Real> Aligned<R> {
    /// The values of an iterator that knows how many they are.
    pub(super) fn new(values: impl ExactSizeIterator<Item = R>) -> Self {
        let mut array: Vec<R> = Vec::with_capacity(values.len() + LINE / size_of::<R>());
        let start = array.as_ptr().align_offset(LINE).min(LINE / size_of::<R>());
        array.resize(start, R::new(0.0));
        array.extend(values);
        Self { values: array, start }
    }

    pub(super) fn zeros(count: usize) -> Self {
        Self::new((0..count).map(|_| R::new(0.0)))
    }
}

impl<R> Deref for Aligned<R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        &self.values[self.start..]
    }
}

impl<R> DerefMut for Aligned<R> {
    fn deref_mut(&mut self) -> &mut [R] {
        &mut self.values[self.start..]
    }
}
