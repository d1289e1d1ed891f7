//! Values that groups of the same cells have in common: parameters of mechanisms, tables, geometry.

use super::super::Real;
use crate::layout::Shared;
use std::collections::HashMap;
use std::sync::Arc;

/// Arrays that have been made for some groups, by where the layout has their values, and by lanes. Only while the layout
/// lives.
#[derive(Default)]
pub(super) struct Common<R>(HashMap<(*const f64, usize), Arc<[R]>>);

impl<R: Real> Common<R> {
    /// Each of some values as often as there are lanes.
    pub(super) fn spread(&mut self, values: &Shared<f64>, lanes: usize) -> Arc<[R]> {
        let make = || values.iter().flat_map(|&x| std::iter::repeat_n(R::new(x), lanes)).collect();
        self.0.entry((values.as_ptr(), lanes)).or_insert_with(make).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_layout_shares_is_made_once() {
        let values: Shared<f64> = [1.0, 2.0].into_iter().collect();
        let others = values.to_vec().into();
        let mut common = Common::<f32>::default();
        let first = common.spread(&values, 2);
        assert_eq!(*first, [1.0, 1.0, 2.0, 2.0]);
        assert!(Arc::ptr_eq(&first, &common.spread(&values.clone(), 2)));
        assert_eq!(*common.spread(&values, 1), [1.0, 2.0]);
        assert!(!Arc::ptr_eq(&first, &common.spread(&others, 2)));
    }
}
