//! How much memory is allocated, counted as it is asked for and given back.
//!
//! [`Counting`] counts what the program asks for, not what the system rounds it up to, nor what C libraries (HDF5, drivers)
//! ask for. A library cannot know whether its program counts: where none does, all counts are 0.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Bytes that are allocated now.
static NOW: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, with a count of bytes. A program that wants to know makes it its global allocator.
#[derive(Debug, Default)]
pub struct Counting;

// SAFETY: all that is asked for is asked of the system.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        NOW.fetch_add(layout.size(), Relaxed);
        // SAFETY: as for the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        NOW.fetch_add(layout.size(), Relaxed);
        // SAFETY: as for the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as for the caller.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        NOW.fetch_add(size, Relaxed);
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as for the caller.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Bytes that are allocated now; 0 in a program that does not count.
pub fn allocated() -> usize {
    NOW.load(Relaxed)
}

/// Does some work; gives the bytes that it leaves allocated, too. Those of other threads that work meanwhile count as well.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = allocated();
    let value = work();
    (value, allocated().saturating_sub(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_does_not_count() {
        let layout = Layout::from_size_align(1000, 8).unwrap();
        // SAFETY: a layout of some bytes; what is given back has been got here, and nobody reads it.
        let ((), left) = counted(|| unsafe {
            let first = Counting.alloc(layout);
            let second = Counting.alloc_zeroed(layout);
            Counting.dealloc(first, layout);
            let grown = Counting.realloc(second, layout, 3000);
            assert_eq!(allocated(), 3000, "this program does not count anything else");
            Counting.dealloc(grown, Layout::from_size_align(3000, 8).unwrap());
        });
        assert_eq!(left, 0);
    }
}
