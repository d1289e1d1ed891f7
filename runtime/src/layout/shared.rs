//! Values that groups of the same cells have in common.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A vector that its clones share until one of them is changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared<T>(Arc<Vec<T>>);

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Arc::new(Vec::new()))
    }
}

impl<T> Deref for Shared<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        Arc::make_mut(&mut self.0)
    }
}

impl<T> From<Vec<T>> for Shared<T> {
    fn from(values: Vec<T>) -> Self {
        Self(Arc::new(values))
    }
}

impl<T> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Vec::from_iter(values).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_nobody_elses() {
        let first: Shared<u32> = (0..3).collect();
        let mut second = first.clone();
        assert_eq!(first.as_ptr(), second.as_ptr());
        second[1] = 7;
        assert_eq!((first.as_slice(), second.as_slice()), ([0, 1, 2].as_slice(), [0, 7, 2].as_slice()));
    }
}
